"""指标值 as printed, understood: operator, figure, unit, kind, and a figure that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .days import deadline, serial
from .notation import fold, is_odd
from .units import SHARE_WORDS, split_scale

LONGEST_TARGET = 200  # longer is a text, whatever figures it holds


@dataclass(frozen=True, slots=True)
class Target:
    """One 指标值.

    text: as printed; op: = ≥ > ≤ < or None (nothing printed); number: the figure as printed;
    unit: without brackets; kind: number, percent, date, text or unset; value: the comparable
    Decimal (percent as a fraction, 25万人次 as 250000, a date as its Excel serial day).
    """

    text: str
    op: str | None = None
    number: Decimal | None = None
    unit: str | None = None
    kind: str = "text"
    value: Decimal | None = None

    def __hash__(self) -> int:
        return hash(self.text)  # what is known of a target is looked up by it all the time

    @property
    def figure(self) -> Decimal:
        """`number` of a target of kind number or percent. Raises ValueError for another."""
        return _there(self.number, self.text)

    @property
    def measure(self) -> Decimal:
        """`value` of a target of kind number or percent. Raises ValueError for another."""
        return _there(self.value, self.text)

    @property
    def reverse(self) -> bool:
        """Whether less is better (≤, <)."""
        return self.op in ("≤", "<")


def _there(figure: Decimal | None, text: str) -> Decimal:
    if figure is None:
        raise ValueError(f"no figure in {text!r}")
    return figure


_OPERATORS = {
    "≥": (">=", "=>", "≥", "≧", "⩾", "≮", "大于或等于", "大于等于", "不低于", "不少于", "不小于", "至少", "达到"),
    "≤": (
        "<=",
        "=<",
        "≤",
        "≦",
        "⩽",
        "≯",
        "小于或等于",
        "小于等于",
        "不超过",
        "不高于",
        "不大于",
        "不多于",
        "至多",
        "控制在",
    ),
    ">": (">", "大于", "超过", "高于", "多于"),
    "<": ("<", "小于", "低于", "少于", "不足"),
    "=": ("=", "等于"),
}
_PREFIX = {word: op for op, words in _OPERATORS.items() for word in words}
_SUFFIX = {"及以上": "≥", "以上": "≥", "及以下": "≤", "以下": "≤", "以内": "≤", "之内": "≤", "内": "≤"}
_FIGURE = re.compile(
    "(?P<op>" + "|".join(sorted(map(re.escape, _PREFIX), key=len, reverse=True)) + ")?"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    r"(?P<unit>[^\d+\-~<>=≥≤]*?(?:/[^\d~<>=≥≤]*?)?)"
    r"(?:\(含\))?(?P<suffix>" + "|".join(_SUFFIX) + r")?(?:\(含\))?",
    re.ASCII,
)
_APPROXIMATE = re.compile(r"^[余多几来约近]|左右|上下")
_RATES = {"%": 100, "‰": 1000}
_UNSET = re.compile(
    r"(?:按照?|根据|依据|依照|以).*(?:任务|标准|要求|文件|通知|规定|下达|为准)|待定|未定|[*/\-—]+|\.{2,}|…+|无|另行.*"
)
_PLACEHOLDER = re.compile(r"[*×xX]{2,}")
_APART = re.compile(r"([<>=≥≤＝＞＜≧≦⩾⩽]{0,2})\s*(\d[\d,]*(?:\.\d+)?)\s*([^\d\s<>=≥≤][^\d<>=≥≤]{0,9})?")


def apart(text: str) -> tuple[str, str, str]:
    """Sign, figure and unit of a 指标值, for forms with a column for each; one without these is a figure as a whole."""
    match = _APART.fullmatch(text.strip())
    return (match[1], match[2], match[3] or "") if match else ("", text.strip(), "")


def parse_target(text: object) -> Target:
    """Understand a 指标值 (a number counts as its text). What is no figure or date is `text`, a placeholder `unset`."""
    return _parse("" if text is None else str(text))


@lru_cache(maxsize=2048)
def _parse(printed: str) -> Target:
    bare = fold(printed).replace("—", "-")
    if len(bare) > LONGEST_TARGET:
        return Target(printed)
    if not bare or _UNSET.fullmatch(bare) or _PLACEHOLDER.search(bare):
        return Target(printed, kind="unset")
    return _date(printed, bare) or _figure(printed, bare) or Target(printed)


def _figure(printed: str, bare: str) -> Target | None:
    match = _FIGURE.fullmatch(bare)
    if not match:
        return None
    unit = match["unit"]
    if unit.startswith("(") and unit.endswith(")"):
        unit = unit[1:-1]
    if _APPROXIMATE.search(unit) or is_odd(unit):
        return None
    op = _PREFIX.get(match["op"]) if match["op"] else None
    if match["suffix"]:
        if op not in (None, _SUFFIX[match["suffix"]]):
            return None
        op = _SUFFIX[match["suffix"]]
    number = Decimal(match["number"].replace(",", ""))
    kind, value = _comparable(number, unit)
    return Target(printed, op, number, unit or None, kind, value)


def _comparable(number: Decimal, unit: str) -> tuple[str, Decimal]:
    if unit[:1] in _RATES:
        return "percent", number / _RATES[unit[0]]
    if unit in SHARE_WORDS:  # 2021 上海 prints 100% as 1百分比, 2024 as 100.00(百分比)
        return "percent", number if abs(number) <= 1 else number / 100
    return "number", number * split_scale(unit)[0]


def _date(printed: str, bare: str) -> Target | None:
    due = deadline(bare)
    if due is None:
        return None
    op = ("<" if due.open else "≤") if due.before else None
    if due.sure is None:  # 9月前: which year is not said
        return Target(printed, op, kind="date")
    return Target(printed, op, kind="date", value=serial(due.sure) + due.open)
