"""Figures and dates as people write them. Money and scores are Decimal, rounded as Excel does."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

EXCEL_DIGITS = 15
SENSIBLE = 20  # powers of ten: a figure beyond is a slip
MOST_DIGITS = 200  # of a figure as it is written
_EXCEL = Context(prec=EXCEL_DIGITS, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=700)  # any figure Excel can hold, to the cent

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
BLANK_MARKS = ("", "—", "-", "－", "–", "——", "--", "/", "／", "无")
_BLANK = frozenset(BLANK_MARKS)
_SCALES = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
_AMOUNT = re.compile(r"(?:人民币|RMB)?[￥¥]?(?P<number>.+?)[(\[]?(?P<scale>(?:万|亿)?元?)[)\]]?[整正]?")
_MONEY_UNITS = {"元": "元", "万": "万元", "万元": "万元", "亿": "亿元", "亿元": "亿元"}
_UNIT_SAID = re.compile(r"([万亿]?元|[万亿])[整正]?$")


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` rounded as Excel's ROUND: half away from zero, on its 15 significant digits."""
    return _EXCEL.plus(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def plain(value: Decimal) -> str:
    """The shortest ordinary writing of a Decimal: `1100000`, `0.9735`, never `1.1E+6`."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimal_of(text: str) -> Decimal | None:
    """A plain or thousands-grouped figure; None when the text is anything else."""
    text = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    text = "".join(text.split())
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return sensible(Decimal(text)) if len(text) <= 2 * MOST_DIGITS and _NUMBER.fullmatch(text) else None


def sensible(value: Decimal, power: int = SENSIBLE) -> Decimal | None:
    """A figure of a size that money, counts and rates can have (below 10 to `power`); None for NaN, 1E999 and the like.

    What is beyond costs gigabytes when it is written out, and is a slip wherever it stands.
    """
    if not value.is_finite() or len(value.as_tuple().digits) > MOST_DIGITS:
        return None
    if not value:
        exponent = value.as_tuple().exponent
        return Decimal(0) if isinstance(exponent, int) and abs(exponent) > MOST_DIGITS else value
    return value if abs(value.adjusted()) <= power else None


def is_blank_mark(text: str) -> bool:
    """Whether a text only says "nothing here" (空白, —, /): blank, which is not 0."""
    return "".join(text.split()) in _BLANK


def amount_of(text: str, unit: str | None) -> Decimal | None:
    """An amount typed as text (`1,100,000`, `50万元`, `５`), in the form's `unit` (元, 万元, None).

    A scale written beside the figure is converted exactly when the form's unit is known; with no
    unit known a scaled figure cannot be judged and gives None, as does any other text.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())
    match = _AMOUNT.fullmatch(text)
    number = decimal_of(match["number"]) if match else None
    if match is None or number is None:
        return None
    if not match["scale"]:
        return number
    if unit is None:
        return None
    return exact_division(number * _SCALES[match["scale"]], _SCALES[unit])


def unit_said(text: str) -> str | None:
    """The money unit a figure carries, typed or by its number format: 万元 for 119.876万元, 119.876万 or 万元."""
    match = _UNIT_SAID.search("".join(unicodedata.normalize("NFKC", text).split()).rstrip(")]"))
    return match and _MONEY_UNITS[match[1]]


def exact_division(value: Decimal, divisor: int) -> Decimal:
    """`value` ÷ a power of ten, exactly."""
    return value.scaleb(-(len(str(divisor)) - 1), _WIDE)


def convert(value: Decimal, source: str | None, target: str | None) -> Decimal:
    """`value` from money unit `source` to `target`, exactly; unknown units leave it as it stands."""
    if source is None or target is None or source == target:
        return value
    return exact_division(value * _SCALES[source], _SCALES[target])


_LONGEST_DAY = 40  # characters of a text worth keeping
_DATE = re.compile(r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?")
_EIGHT_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")


def date_of(text: str) -> dt.date | None:
    """A full date as forms print it: `2021-01-01`, `2023年1月1日`, `2026/1/1`, `2024.5.1`, `20240501`."""
    return _day(text) if len(text) <= _LONGEST_DAY else _day.__wrapped__(text)


@lru_cache(maxsize=1024)
def _day(text: str) -> dt.date | None:
    text = "".join(unicodedata.normalize("NFKC", text).split())
    match = _DATE.fullmatch(text.removesuffix("00:00:00")) or _EIGHT_DIGITS.fullmatch(text)
    if not match:
        return None
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        return None


def number_in_excel(value: Decimal) -> str | None:
    """The `<v>` of a number cell; None when 15 significant digits cannot hold it."""
    if not value.is_finite() or (value and not -300 < value.adjusted() < 300):
        return None
    if value and _EXCEL.plus(value) != value:
        return None
    return plain(value)


def decimals(value: Decimal) -> int:
    """How many decimals a finite number has, noughts at its end not counted: 2 of 0.150."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
