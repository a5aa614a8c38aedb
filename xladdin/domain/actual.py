"""实际完成值 as a clerk types it, read against its target.

The same reading is written into the Excel formula of 得分 (form/formulas.py): what Python and
the spreadsheet understand must never differ, so the notation here is only what both can read:
a leading figure, then optionally 万, 亿, % or ‰, then any unit.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from .numbers import decimal_of
from .target import EXCEL_EPOCH, Target

SPACES = (" ", "　", "\xa0", "\n")
COMMAS = (",", "，")
DIGITS_READ = 16
DOUBTFUL = "0123456789.千百十余多-~～—–至到:：/／*×eE+wWkK"  # a character after the figure that changes its meaning
UNDECIDED = "待核"
FIRST_DAY = 36526  # 2000-01-01: a smaller number in a date's place is no date

_FIGURE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")

# How far a plain figure may lie from a rate before it is taken for the other notation:
# beside a target of 90 %, 2.5 is still a fraction (250 %), 27 is surely 27 %, 9 could be either.
_SAME, _HUNDREDFOLD = 3, 30
_FLOOR = Decimal("0.03")
_ABOVE_ONE = Decimal("1.01")  # 1 beside ≤3% may be 1 % or, as 2021 writes it, 100 %
_TIMES = "秒分小时天日周月年个"  # how units of time begin (个月)
_NOT_RATES = "分个人次场件"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a figure beside one target is to be taken.

    below `floor` (but not 0), or from `ceiling` up to `hundredfold`: undecided; from `hundredfold`
    on: a percentage without its sign. `signs` maps the character after the figure to its factor;
    one of `clashes` begins a unit that contradicts the target's (3天 beside 24小时).
    """

    signs: tuple[tuple[str, Decimal], ...]
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    hundredfold: Decimal | None = None
    clashes: str = ""

    def value(self, figure: Decimal, sign: str) -> Decimal | None:
        """The comparable value of a figure and the character behind it; None when undecided."""
        factor = dict(self.signs).get(sign)
        if factor is not None:
            return figure * factor
        if sign and sign in DOUBTFUL + self.clashes + "万亿%％‰":
            return None
        if self.floor is not None and 0 < figure < self.floor:
            return None
        if self.ceiling is None or figure < self.ceiling:
            return figure
        if self.hundredfold is not None and figure >= self.hundredfold:
            return figure / 100
        return None


_RATES = (("%", Decimal("0.01")), ("％", Decimal("0.01")), ("‰", Decimal("0.001")))
_COUNTS = (("万", Decimal(10_000)), ("亿", Decimal(100_000_000)))


def scale_of(target: Target) -> Scale:
    """The Scale for a target of kind number or percent."""
    value = target.value
    if target.kind == "percent":
        if value == 0:
            return Scale(_RATES)
        beyond = max(_HUNDREDFOLD * value, _ABOVE_ONE)
        return Scale(_RATES, ceiling=_SAME * value, hundredfold=beyond, clashes=_NOT_RATES)
    if target.unit is None and 0 < value <= 1:  # =1, >0.9, =0.30 of 2020: a rate without its unit
        return Scale(_RATES, ceiling=_SAME * value, hundredfold=_HUNDREDFOLD * value if value < 1 else None)
    if target.number and value != target.number:  # 25万人次: a bare 26 may mean 26万
        return Scale(_COUNTS, floor=_FLOOR * value)
    unit = (target.unit or "")[:1]
    return Scale(_COUNTS, clashes=_TIMES.replace(unit, "") if unit and unit in _TIMES else "")


def squeeze(text: str) -> str:
    """The text without the blanks and thousands separators that do not matter."""
    for char in SPACES + COMMAS:
        text = text.replace(char, "")
    return text


def figure_of(text: str) -> tuple[Decimal, str] | None:
    """The leading figure of an actual and the character after it ("" at the end); None if there is none."""
    text = squeeze(text)
    match = _FIGURE.match(text[:DIGITS_READ])
    if not match:
        return None
    return Decimal(match[0]), text[match.end() : match.end() + 1]


def comparable(target: Target, actual: str) -> Decimal | None:
    """`actual` as a value comparable with `target.value`; None when it cannot be judged."""
    found = figure_of(actual)
    return scale_of(target).value(*found) if found else None


def day_of(actual: str) -> Decimal | None:
    """The Excel serial day of a full date (2020-04-20, 2020年4月20日, 2020/4/20, 2020.4.20, or the serial)."""
    text = squeeze(actual)
    number = decimal_of(text)
    if number is not None:
        return number if number >= FIRST_DAY else None
    for mark in "年月/.":
        text = text.replace(mark, "-")
    match = _DAY.fullmatch(text.replace("日", ""))
    if not match:
        return None
    try:
        return Decimal((dt.date(*map(int, match.groups())) - EXCEL_EPOCH).days)
    except ValueError:
        return None
