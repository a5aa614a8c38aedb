"""Deadlines (11月底前, 2020年五月之前, 第三季度末前) and the days on which something was done (2025年12月15日完成)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .notation import fold

EXCEL_EPOCH = dt.date(1899, 12, 30)

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = re.compile(r"([零〇一二三四五六七八九]{1,4}|[一二三]?十[一二三四五六七八九]?)([年月日号])")
_TELLS_TIME = re.compile(r"[年月季]|\d{4}[-/.]\d")
_DEADLINE = re.compile(
    r"(?:于|在)?(?P<op><=|≤|不晚于|不迟于|截至|<|早于)?(?:(?P<year>\d{4})(?:年度?|[\-/.]))?"
    r"(?:(?P<half>[上下])半年(?:末|底|内)?|第?(?P<quarter>[一二三四1-4])季度(?P<closed>末|底|内)?"
    r"|(?:(?P<month>\d{1,2})(?:月份?|[\-/.]))?(?:(?P<day>\d{1,2})[日号]?)?(?P<end>年?底|年?末|上旬|中旬|下旬)?)"
    r"(?P<before>之?以?前)?(?:完成|完工|竣工|验收)?",
    re.ASCII,
)
_DAY = (
    r"(?:(?P<year{0}>\d{{4}})(?:年度?|[\-/.])|(?P<other{0}>次年|翌年|当年|本年|今年|上年|去年)度?)?"
    r"(?P<month{0}>\d{{1,2}})(?:(?P<cn{0}>月)份?|(?=$|[\-/.完竣验]))[\-/.]?"
    r"(?:(?P<day{0}>\d{{1,2}})[日号]?)?(?P<part{0}>月?初|月?底|月?末|上旬|中旬|下旬)?"
)
_VERBS = "正式|全部|通过|已|并|,|、|完成|完工|竣工|验收|合格|交付|建成|开展|举办|召开|发放|印发|上线|投入使用|组织"
_DONE = re.compile(
    rf"(?:实际)?已?(?:经)?(?:于|在)?{_DAY.format(1)}(?:(?:至|到|~|—+|–|-){_DAY.format(2)})?(?:{_VERBS})*了?。?",
    re.ASCII,
)
_COMPACT = re.compile(r"(20\d\d|19\d\d)(\d\d)(\d\d)", re.ASCII)
_YEARS = {"次年": 1, "翌年": 1, "上年": -1, "去年": -1}
_PARTS = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date-like 指标值. before: whether it says 前; open: whether 6月前 may mean before or within June.

    sure: the last day that is surely in time; late: after it, it is surely late. Both None where no year is known.
    """

    before: bool
    open: bool
    sure: dt.date | None = None
    late: dt.date | None = None


def serial(day: dt.date) -> Decimal:
    """The day as Excel counts it."""
    return Decimal((day - EXCEL_EPOCH).days)


def deadline(text: str, year: int | None = None) -> Deadline | None:
    """The deadline a folded 指标值 sets; `year` is the form's, for one that names none. None where it is none."""
    if not _TELLS_TIME.search(text):
        return None
    match = _DEADLINE.fullmatch(_arabic(text))
    if not match or match["day"] and not match["month"]:
        return None  # 1336.5 is no date
    if not any(match[part] for part in ("year", "month", "half", "quarter")) and match["end"] not in ("年底", "年末"):
        return None
    before = bool(match["before"] or match["op"])
    of = int(match["year"]) if match["year"] else year
    try:
        sure, late = _limits(
            match, of or 2024, bool(match["before"])
        )  # 2024: any leap year, to see whether it is a date
    except ValueError:
        return None
    return Deadline(before, sure != late, *((sure, late) if of else (None, None)))


def _limits(match: re.Match[str], year: int, before: bool) -> tuple[dt.date, dt.date]:
    day, month, end = match["day"], match["month"], match["end"]
    if match["half"]:
        last = dt.date(year, 6, 30) if match["half"] == "上" else dt.date(year, 12, 31)
        return last, last
    if match["quarter"]:
        number = "一二三四".find(match["quarter"]) + 1 or int(match["quarter"])
        last = _month_end(year, 3 * number)
        return (dt.date(year, 3 * number - 2, 1) - dt.timedelta(1) if before and not match["closed"] else last), last
    if month is None:
        last = dt.date(year, 12, 31)
        return (last if end or not before else dt.date(year - 1, 12, 31)), last
    if day:
        last = dt.date(year, int(month), int(day))
        return last, last
    if end in ("上旬", "中旬"):
        last = dt.date(year, int(month), 10 if end == "上旬" else 20)
        return last, last
    last = _month_end(year, int(month))
    return (last.replace(day=1) - dt.timedelta(1) if before and not end else last), last


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, 1).replace(day=calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 1)


@lru_cache(maxsize=4096)
def done(actual: str, year: int | None = None) -> tuple[dt.date, dt.date] | None:
    """The first and last day that an actual may mean: twice the same for a full date, a month's for 11月.

    `year`: the form's, for a date without one. None where it is no date, is invalid, or is only planned.
    """
    text = _arabic(fold(actual))
    compact = _COMPACT.fullmatch(text)
    if compact:
        text = "-".join(compact.groups())
    match = _DONE.fullmatch(text)
    if not match:
        return None
    try:
        first = _span(match, "1", year)
        if match["month2"] is None:
            return first
        last = _span(match, "2", first[0].year)
    except (ValueError, TypeError):  # no such day; no year
        return None
    return (first[0], last[1]) if first[0] <= last[0] else None


def _span(match: re.Match[str], which: str, year: int | None) -> tuple[dt.date, dt.date]:
    month, day, part = (match[name + which] for name in ("month", "day", "part"))
    if match["year" + which]:
        year = int(match["year" + which])
    elif year is None or not match["cn" + which]:
        raise ValueError("no year is known; or 12-15, which may be anything")
    else:
        year += _YEARS.get(match["other" + which], 0)
    last = _month_end(year, int(month))
    if day:
        if part:
            raise ValueError("a day has no 上旬")
        return (dt.date(year, int(month), int(day)),) * 2
    low, high = _PARTS[part.removeprefix("月")] if part else (1, 31)
    return last.replace(day=low), last.replace(day=min(high, last.day))


def _arabic(text: str) -> str:
    """Chinese numerals before 年月日号 as digits: 二〇二一年 → 2021年, 十二月 → 12月."""

    def replace(match: re.Match[str]) -> str:
        word = match[1]
        if "十" not in word:
            return "".join(str(_DIGITS[char]) for char in word) + match[2]
        tens, ones = word.split("十", 1)
        return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)) + match[2]

    return _NUMERAL.sub(replace, text)
