"""指标值 as printed, understood: operator, figure, unit, kind, and a figure that can be compared."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST_TARGET = 200  # longer is a text, whatever figures it holds
EXCEL_EPOCH = dt.date(1899, 12, 30)


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

    @property
    def reverse(self) -> bool:
        """Whether less is better (≤, <)."""
        return self.op in ("≤", "<")


_OPERATORS = {
    "≥": (">=", "=>", "≥", "≧", "⩾", "大于或等于", "大于等于", "不低于", "不少于", "不小于", "至少", "达到"),
    "≤": (
        "<=",
        "=<",
        "≤",
        "≦",
        "⩽",
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
    r"(?P<suffix>" + "|".join(_SUFFIX) + r")?(?:\(含\))?"
)
_APPROXIMATE = re.compile(r"^[余多几来约近]|左右|上下")
_SCALE = re.compile(r"(?P<scale>[十百千]?[万亿]|百(?!分)|千(?![克米瓦伏卡帕赫]))")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_RATES = {"%": 100, "‰": 1000}
SHARE_WORDS = ("百分比", "百分率")
_UNSET = re.compile(
    r"(?:按照?|根据|依据|依照|以).*(?:任务|标准|要求|文件|通知|规定|下达|为准)|待定|未定|[*/\-—]+|\.{2,}|…+|无|另行.*"
)
_PLACEHOLDER = re.compile(r"[*×xX]{2,}")

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DATE = re.compile(
    r"(?P<op><=|≤|不晚于|截至|<|早于)?(?:(?P<year>\d{4})[年\-/.])?"
    r"(?:(?P<month>\d{1,2})(?:月份?|[\-/.]))?(?:(?P<day>\d{1,2})[日号]?)?(?P<end>年?底|年?末|上旬|中旬|下旬)?(?P<before>之?以?前)?"
    r"(?:完成)?"
)


def parse_target(text: object) -> Target:
    """Understand a 指标值 (a number counts as its text). What is no figure or date is `text`, a placeholder `unset`."""
    return _parse("" if text is None else str(text))


@lru_cache(maxsize=8192)
def _parse(printed: str) -> Target:
    bare = (
        "".join(unicodedata.normalize("NFKC", printed).split()).replace("−", "-").replace("—", "-").replace("﹪", "%")
    )
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
    if _APPROXIMATE.search(unit):
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
    scale = _SCALE.match(unit)
    for char in scale["scale"] if scale else "":
        number *= _SCALES[char]
    return "number", number


def _date(printed: str, bare: str) -> Target | None:
    if not re.search(r"年|月|\d{4}[-/.]\d", bare):
        return None
    match = _DATE.fullmatch(_arabic(bare))
    if not match or not (match["month"] or match["year"]) or match["day"] and not match["month"]:
        return None  # 1336.5 is no date
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    before = bool(match["before"] or match["op"])
    if not year:  # 9月前: which year is not said
        return Target(printed, ("≤" if day or match["end"] else "<") if before else None, kind="date")
    try:
        value, strict = _deadline(year, month, day, match["end"], before)
    except ValueError:
        return None
    op = ("<" if strict else "≤") if before else None
    return Target(printed, op, kind="date", value=Decimal((value - EXCEL_EPOCH).days))


def _deadline(year: int, month: int | None, day: int | None, end: str | None, before: bool) -> tuple[dt.date, bool]:
    """The last day allowed, or with `strict` the first day that is too late."""
    if day:
        return dt.date(year, month, day), False
    if month is None:
        return dt.date(year, 12, 31), False
    if end in ("上旬", "中旬"):
        return dt.date(year, month, 10 if end == "上旬" else 20), False
    if before and not end:
        return dt.date(year, month, 1), True
    return dt.date(year, month, calendar.monthrange(year, month)[1]), False


def _arabic(text: str) -> str:
    """Chinese numerals before 年月日号 as digits: 二〇二一年 → 2021年, 十二月 → 12月."""

    def replace(match: re.Match) -> str:
        word = match[1]
        if "十" not in word:
            return "".join(str(_DIGITS[char]) for char in word) + match[2]
        tens, ones = word.split("十", 1)
        return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)) + match[2]

    return re.sub(r"([零〇一二三四五六七八九]{1,4}|[一二三]?十[一二三四五六七八九]?)([年月日号])", replace, text)
