"""实际完成值 written like its target: the one notation that the formula of 得分 reads as well (form/formulas.py).

What Python and the spreadsheet make of it never differs, so it is narrow: a figure, well grouped by commas or not at
all, and behind it nothing, 万 or 亿, or the target's own unit. Everything else shows 待核 in the sheet, though
domain/judging.py may know more.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .days import serial
from .numbers import decimal_of, plain
from .target import Target
from .units import ALIKE, COUNTING, PERIODS, SHARE_WORDS, Unit, measured, spellings, unit_of

DIGITS_READ = 16  # characters of a figure
BLANKS = ("\xa0", "\u3000", "\n")  # besides the ordinary one
LIKE_A_DATE = (Decimal("19000101"), Decimal("21001232"))  # 20250101 beside a count
CENTURIES = ("19", "20")  # 2025.3 beside a count may be a month
NEAR = 20  # as many times more, or less, a figure without unit is still taken for one of the target's writing
_MIXED = 5  # times a share (=0.9) from which on a plain figure may be a percentage
_LEAST_PERCENT = Decimal("1.01")  # 1 beside 90% may be 1 % or 100 %
_FIRST_YEAR = Decimal(1900)  # 2025年 is no number of years
_ABOVE_ZERO = Decimal("1E-9")
_LARGE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_FIGURE = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)}

Factor = Decimal | None  # None: undecided
Steps = tuple[tuple[Decimal | None, Factor], ...]  # from which figure on (None: any) it is to be taken times what


@dataclass(frozen=True, slots=True)
class Notation:
    """How a figure beside one target is read.

    aim: the target; one: what 1 is worth beside it (0.01 beside 90%); suffixes: what may stand behind a figure, each
    with its factor, None where that hangs on the figure as it does with nothing behind it; bare: the factor then;
    dated: whether a plain 2025.3 may be a month; percent: the factor of a cell formatted as a percentage.
    """

    aim: Decimal
    one: Decimal
    suffixes: tuple[tuple[str, Factor], ...]
    bare: Steps
    dated: bool = False
    percent: Factor = None


@lru_cache(maxsize=1024)
def notation(target: Target) -> Notation | None:
    """The Notation beside a target of kind number or percent; None beside any other."""
    if target.kind == "percent":
        return _rate(target)
    return _count(target) if target.kind == "number" else None


_ANY: Steps = ((None, Decimal(1)),)
_NONE_BUT_ZERO: Steps = ((None, Decimal(1)), (_ABOVE_ZERO, None))


def _only(*ranges: tuple[Decimal, Decimal, Decimal]) -> Steps:
    """Steps that decide zero, and figures from … up to … by a factor."""
    steps = [*_NONE_BUT_ZERO]
    for low, high, factor in ranges:
        steps += [(low, factor), (high, None)]
    return tuple(steps)


@lru_cache(maxsize=64)
def _without_dates(steps: Steps) -> Steps:
    """Steps that leave a figure such as 20250101 undecided."""
    low, high = LIKE_A_DATE
    before = [step for step in steps if step[0] is None or step[0] < low]
    after = [step for step in steps if step[0] is not None and step[0] > high]
    last = [factor for start, factor in steps if start is None or start <= high][-1]
    return (*before, (low, None), (high, last), *after)


def _share(printed: Decimal) -> Steps:
    """Beside a rate written as a fraction: a figure much greater may be a percentage."""
    return ((None, Decimal(1)), (_MIXED * printed, None))


def _rate(target: Target) -> Notation:
    printed, unit = target.figure, target.unit or ""
    if unit.startswith("‰"):  # 3 beside 5‰ may be 3‰ or 3 %
        return Notation(printed, Decimal("0.001"), (("", None), ("‰", Decimal(1))), _NONE_BUT_ZERO if printed else _ANY)
    share = unit in SHARE_WORDS and abs(printed) <= 1  # =1百分比: 1 is 100 %
    one = Decimal(1) if share else Decimal("0.01")
    words = ("", unit, f"({unit})") if unit in SHARE_WORDS else ("",)
    if printed <= 0:
        bare = _ANY
    elif share:
        bare = _share(printed)
    else:
        bare = _only((max(_LEAST_PERCENT, printed / _MIXED), NEAR * printed, Decimal(1)))
    suffixes = (*((word, None) for word in words), ("%", Decimal("0.01") / one))
    return Notation(printed, one, suffixes, bare, percent=1 / one)


def _count(target: Target) -> Notation:
    printed, unit = target.figure, unit_of(target.unit)
    share = target.unit is None and 0 < printed <= 1  # =1, >0.9, =0.30 of 2020: a rate without its unit
    suffixes = _suffixes(target.unit, share, not share or printed == 1)
    counts = not measured(unit.word) and unit.word != "元"
    bare = _bare(target, unit)
    bare = _without_dates(bare) if counts else bare
    return Notation(target.measure, Decimal(1), suffixes, bare, counts, Decimal(1) if share else None)


@lru_cache(maxsize=1024)
def _suffixes(printed: str | None, share: bool, whole: bool) -> tuple[tuple[str, Factor], ...]:
    """What may stand behind a figure beside a target of that unit, whatever its own figure: kept once for them all."""
    unit = unit_of(printed)
    suffixes: dict[str, Factor] = {"": None}
    if not unit.per:
        suffixes |= _LARGE
    words = _words(printed, unit)
    if share:
        suffixes["%"] = Decimal("0.01")
    if unit.word == "年":
        suffixes |= dict.fromkeys(words)
    elif unit.scale == 1 and whole:
        suffixes |= dict.fromkeys(words, Decimal(1))
    for large, factor in _LARGE.items() if not unit.per and unit.word != "年" else ():
        suffixes |= {large + word: factor for word in words}
    if printed and unit.scale != 1:
        suffixes |= {printed: unit.scale, f"({printed})": unit.scale}
    return tuple(suffixes.items())


def _words(printed: str | None, unit: Unit) -> tuple[str, ...]:
    """The spellings of the target's unit, and the counting words that mean the same; any where it has none."""
    if printed is None or not unit.word:
        return tuple(sorted(COUNTING)) if unit.scale == 1 else ()
    if unit.per:
        return printed, f"({printed})"
    own = printed if unit.scale == 1 else unit.word
    group = next((words for words in ALIKE if unit.word in words), ())
    return tuple(dict.fromkeys((own, f"({own})", *spellings(own), *group)))


def _bare(target: Target, unit: Unit) -> Steps:
    """How a figure with nothing behind it is taken."""
    printed, value = target.figure, target.measure
    if printed <= 0:
        return _ANY
    if unit.per in PERIODS:  # 20 beside 2次/月: a month's or a year's
        return _NONE_BUT_ZERO
    if unit.word == "年":
        return ((None, Decimal(1)), (_FIRST_YEAR, None))
    if unit.scale != 1:  # 26 beside 25万人次 is 26万, 260000 is itself
        small, large = (printed / NEAR, printed * NEAR), (value / NEAR, value * NEAR)
        if small[1] <= large[0]:
            return _only((*small, unit.scale), (*large, Decimal(1)))
        return _only((small[0], large[0], unit.scale), (small[1], large[1], Decimal(1)))
    return _share(printed) if target.unit is None and printed <= 1 else _ANY


def tidy(text: str) -> str:
    """The text as the formula sees it: full-width signs narrow, blanks outside off, those inside marked |."""
    text = text.translate(_NARROW)
    for blank in BLANKS:
        text = text.replace(blank, " ")
    return "|".join(part for part in text.split(" ") if part)


def plain_value(target: Target, actual: str) -> Decimal | None:
    """An actual written like its target, comparable with `target.value`; None for any other."""
    note, text = notation(target), tidy(actual)
    closed = text.replace(",", "")
    match = _FIGURE.match(closed[:DIGITS_READ])
    if note is None or not match:
        return None
    figure, whole = Decimal(match[0]), int(Decimal(match[0]))
    if text.replace(f"{whole:,}", str(whole), 1) != closed:
        return None
    suffix = closed[match.end() :].replace("|", "")
    factors = dict(note.suffixes)
    if suffix not in factors:
        return None
    factor = factors[suffix]
    if factor is None:
        factor = None if note.dated and like_a_month(text) else bare_factor(note, figure)
    return None if factor is None else figure * factor * note.one


def like_a_month(text: str) -> bool:
    """Whether a figure may be meant as one: 2025.3."""
    return text[4:5] == "." and text[:2] in CENTURIES


_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def plain_day(actual: str, year: int, own: int | None = None) -> Decimal | None:
    """The Excel day of a date (2020-04-20, 2020年4月20日, 2020/4/20, 2020.4.20), or a number if of `year`.

    own: the year of the form; where it is `year` too, 4月20日 needs none.
    """
    text = tidy(actual)
    if own == year and "月" in text and "年" not in text:
        text = f"{year}年{text}"
    number = decimal_of(text)
    if number is not None:
        of_year = serial(dt.date(year, 1, 1)) <= number <= serial(dt.date(year, 12, 31)) and plain(number) == text
        return number if of_year else None
    for mark in "年月/.":
        text = text.replace(mark, "-")
    match = _DAY.fullmatch(text.replace("日", ""))
    try:
        return serial(dt.date(*map(int, match.groups()))) if match else None
    except ValueError:
        return None


def bare_factor(note: Notation, figure: Decimal) -> Factor:
    """What a figure with nothing behind it is to be taken times; None where it can be read in two ways."""
    return [factor for low, factor in note.bare if low is None or figure >= low][-1]
