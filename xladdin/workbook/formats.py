"""Number formats: which show a date, a time or a percentage, and what others add to the number one sees."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from ..domain.numbers import convert, plain, unit_said
from .grid import Shown

DATE, UNDATED, TIME, PERCENT = "date", "undated", "time", "percent"
Look = str | Shown  # DATE, one that shows no year, TIME, PERCENT, or what is shown around the number

_DATE_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_UNDATED_IDS = frozenset({16, 28, 29, 51, 53, 54, 58})  # d-mmm, m"月"d"日"
_TIME_IDS = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56})
_PERCENT_IDS = frozenset({9, 10})
# a format in its parts: a literal (in quotes, or behind \ or !), a bracket, a filler, or one character of code
_PART = re.compile(r'"([^"]*)"|[\\!](.)|(\[[^\]]*\])|[_*].|(.)', re.DOTALL)
_GENERAL = re.compile(r"General|G/通用格式", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = "0#?"
_SAYS = re.compile(r"[^\W\d_]|[%‰≥≤＞＜≧≦]")  # what is more than a sign of money, a space or a bracket


@lru_cache(maxsize=1024)
def look_of(number: int, code: str) -> Look | None:
    """How a number of that format is seen: a date, a percentage, with something around it; None when plain."""
    if not code:
        kinds = ((_PERCENT_IDS, PERCENT), (_UNDATED_IDS, UNDATED), (_DATE_IDS, DATE), (_TIME_IDS, TIME))
        return next((kind for numbers, kind in kinds if number in numbers), None)
    parts = _parts(_GENERAL.sub("0", code[:500]))
    bare = "".join(char for char, is_code in parts if is_code).lower()
    if "%" in bare:
        return PERCENT
    if _ELAPSED.search(code):
        return TIME
    if re.search("[yd]", bare) or "m" in bare and not re.search("[hs0#?]", bare):
        return DATE if "y" in bare or not ("m" in bare and "d" in bare) else UNDATED
    if re.search("[hs]", bare):
        return TIME
    return _shown(parts)


def _parts(code: str) -> list[tuple[str, bool]]:
    """The first section of a format as texts: a literal, or code."""
    parts: list[tuple[str, bool]] = []
    for match in _PART.finditer(code):
        if match[4] == ";":
            break
        if match[4] is not None:
            parts.append((match[4], match[4].isascii()))
        elif match[3] is None and (literal := match[1] or match[2]):
            parts.append((literal, False))
    return parts


def _shown(parts: list[tuple[str, bool]]) -> Shown | None:
    """What stands before and after the figure, and a point that is only painted into it (0!.0000)."""
    at = [index for index, (text, is_code) in enumerate(parts) if is_code and text in _DIGITS]
    if not at:
        return None
    first, last = at[0], at[-1]
    inside = parts[first : last + 1]
    power = 0
    painted = next((n for n, (text, is_code) in enumerate(inside) if not is_code and text in (".", "．")), None)
    if painted is not None and (".", True) not in inside[:painted]:
        behind = inside[painted:]
        stop = behind.index((".", True)) if (".", True) in behind else len(behind)
        power -= sum(is_code and text in _DIGITS for text, is_code in behind[:stop])
    for text, is_code in parts[last + 1 :]:
        if not (is_code and text == ","):
            break
        power -= 3
    before, after = (_said(part) for part in (parts[:first], parts[last + 1 :]))
    return Shown(before, after, power) if before or after or power else None


def _said(parts: list[tuple[str, bool]]) -> str:
    text = "".join(text for text, is_code in parts if not is_code).strip()
    return text if _SAYS.search(text) else ""


def written(number: Decimal, look: Shown) -> str:
    """A number as its format shows it, but for its rounding: 119.876万元."""
    return f"{look.before}{plain(number.scaleb(look.power))}{look.after}"


def contradicts(number: Decimal, look: Shown, unit: str | None) -> bool:
    """Whether an amount is shown as another than it counts for in `unit`: 119.876 as 119.876万元 among 元.

    1198760 shown as 119.876万元 is the same amount in 元; with no unit known, any scale or unit shown is in doubt.
    """
    said = unit_said(look.after)
    if look.before or (look.after and said is None):
        return True
    return convert(number.scaleb(look.power), said, unit or said) != number or (unit is None and said is not None)
