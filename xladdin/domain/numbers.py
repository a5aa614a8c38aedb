"""Figures and dates as people write them. Money and scores are Decimal, rounded as Excel does."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

EXCEL_DIGITS = 15
LARGEST = 300  # powers of ten: what Excel cannot hold is no figure
_EXCEL = Context(prec=EXCEL_DIGITS, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=700)  # any figure Excel can hold, to the cent

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_BLANK_MARKS = frozenset({"", "—", "-", "－", "–", "——", "--", "/", "／", "无"})
_SCALES = {"": 1, "元": 1, "万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000}
_AMOUNT = re.compile(r"(?P<sign>[￥¥]?)(?P<number>.+?)(?P<scale>(?:万|亿)?元?)$")


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
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if not value or abs(value.adjusted()) < LARGEST else None


def is_blank_mark(text: str) -> bool:
    """Whether a text only says "nothing here" (空白, —, /): blank, which is not 0."""
    return "".join(text.split()) in _BLANK_MARKS


def amount_of(text: str, unit: str | None) -> Decimal | None:
    """An amount typed as text (`1,100,000`, `50万元`, `５`), in the form's `unit` (元, 万元, None).

    A scale written beside the figure is converted exactly when the form's unit is known; with no
    unit known a scaled figure cannot be judged and gives None, as does any other text.
    """
    text = "".join(unicodedata.normalize("NFKC", text).split())
    match = _AMOUNT.fullmatch(text)
    number = decimal_of(match["number"]) if match else None
    if number is None:
        return None
    if not match["scale"]:
        return number
    if unit is None:
        return None
    return exact_division(number * _SCALES[match["scale"]], _SCALES[unit])


def exact_division(value: Decimal, divisor: int) -> Decimal:
    """`value` ÷ a power of ten, exactly."""
    return value.scaleb(-(len(str(divisor)) - 1), _WIDE)


def convert(value: Decimal, source: str | None, target: str | None) -> Decimal:
    """`value` from money unit `source` to `target`, exactly; unknown units leave it as it stands."""
    if source is None or target is None or source == target:
        return value
    return exact_division(value * _SCALES[source], _SCALES[target])


_DATE = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?")


def date_of(text: str) -> dt.date | None:
    """A full date as forms print it: `2021-01-01`, `2023年1月1日`, `2026/1/1`, `2024.5.1`."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    match = _DATE.fullmatch(text.removesuffix("00:00:00"))
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
