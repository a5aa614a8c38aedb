"""What an 实际完成值 amounts to beside its 指标值: reached or not, what share of the points, and if not known, why.

One judgement for the score, the rules and the report. The formula of 得分 decides less (domain/actual.py) and never
otherwise. Source: 财预〔2020〕10号（依据待核） and the formulas of 一体化平台.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

from .actual import NEAR, Notation, bare_factor, like_a_month, notation, plain_day, plain_value
from .days import deadline, done, serial
from .notation import fold
from .numbers import plain
from .profile import Band, Profile
from .quantity import COPIED, ODD, QUALIFIED, RECKONED, SEVERAL, UNREAD, WORDS, Quantity, quantity
from .target import Target, parse_target
from .units import COUNTING, PERIODS, conversion, measured, unit_of

EXACT = Context(prec=40)
BLANK, UNIT, DATE, LATE, BAND, UNSET = "blank", "unit", "date", "late", "band", "unset"


@dataclass(frozen=True, slots=True)
class Judgement:
    """met: whether the target was reached; share: of the points, 0 … 1; each None where that cannot be said.

    why, advice: in Chinese, why share is not known and what to write instead, together `reason`; cause: why in a word,
    one of those above or of domain/quantity.py; value: the actual comparable with `Target.value`, where it is a figure.
    """

    met: bool | None = None
    share: Decimal | None = None
    why: str = ""
    advice: str = ""
    cause: str = ""
    value: Decimal | None = None

    @property
    def reason(self) -> str:
        """Why, and what to write instead."""
        return f"{self.why}；{self.advice}" if self.why else ""


_ZERO, _ONE = Decimal(0), Decimal(1)
_NONE_HAPPENED = re.compile(
    r"(?:无|没有|未|零)(?:发生|出现|接到|收到|产生|发现)?过?(?:任何|一[起例件次])?(?:生产|安全|质量|责任|有责|重大|群众|有效)*"
    r"(?:投诉|事故|事件|信访|上访|案件|差错|违规|违纪|[起次例件宗个])?(?:发生|情况|现象)?"
)
_MENTIONED = 16  # characters of an actual that a reason repeats


def judge(target: str | Target | None, actual: object, rules: Profile, year: int | None = None) -> Judgement:
    """Judge an actual as typed (str, int or Decimal) beside its 指标值 as printed, or a Target.

    year: the form's, for dates that name none.
    """
    target = target if isinstance(target, Target) else parse_target(target)
    text = "" if actual is None else str(actual)
    if not text.strip():
        return Judgement(why="实际完成值空白", advice="请填实际完成的情况", cause=BLANK)
    if target.kind in ("number", "percent"):
        return _figure(target, text, rules.reverse, rules.words["nothing"])
    if target.kind == "date":
        return _date(target, text, rules.bands, year)
    if target.kind == "unset":
        return Judgement(why="指标值没有定下来，无从比较", advice="请补上批复的指标值", cause=UNSET)
    return _words(target, text, rules.bands)


def plain_share(target: Target, actual: str, rules: Profile, year: int | None = None) -> Decimal | None:
    """The share of the points that the formula of 得分 in a sheet gives; None where it shows 待核."""
    if target.kind in ("number", "percent"):
        value = plain_value(target, actual)
        if value is not None:
            return share_of(target, value, rules.reverse)
        return _ONE if target.value == 0 and said(actual) in rules.words["nothing"] else None
    if target.kind == "text":
        return _ONE if said(actual) and said(actual) == said(target.text) else None
    due = deadline(fold(target.text), year) if target.kind == "date" else None
    if due is None or due.sure is None:
        return None
    day = plain_day(actual, due.sure.year, year)
    return _ONE if day is not None and day <= serial(due.sure) else None


def said(text: str) -> str:
    """A wording without the blanks around it and doubled ones inside, as TRIM has it."""
    return " ".join(part for part in text.split(" ") if part)


# ---- figures

Factor = tuple[Decimal, Decimal] | Judgement  # what to multiply with and divide by, or why that is not known


def share_of(target: Target, value: Decimal, reverse: str) -> Decimal | None:
    """Forward B/A; reverse (≤, <) 2−B/A (platform) or A/B (ratio); a target of 0 is all or nothing; within 0 … 1."""
    aim = target.measure
    if aim < 0:
        return None
    if aim == 0:
        return _ONE if value <= 0 else _ZERO
    if not target.reverse:
        return min(_ONE, max(_ZERO, EXACT.divide(value, aim)))
    if reverse == "platform":
        return min(_ONE, max(_ZERO, EXACT.divide(2 * aim - value, aim)))
    return EXACT.divide(aim, max(value, aim))


def as_printed(target: Target, value: Decimal) -> Decimal:
    """A comparable value in the unit the target prints: 0.9 beside ≥85% is 90, 260000 beside ≥25万人次 is 26."""
    return EXACT.divide(EXACT.multiply(value, target.figure), target.measure) if target.value else value


@lru_cache(maxsize=2048)
def _figure(target: Target, actual: str, reverse: str, nothing: tuple[str, ...]) -> Judgement:
    if target.measure < 0:
        return Judgement(why="指标值是负数，计分公式不适用", advice="请在得分栏直接填分", cause=UNSET)
    value = plain_value(target, actual)
    if value is not None:
        return Judgement(_met(target, value, value), share_of(target, value, reverse), value=value)
    text = fold(actual)
    if target.value == 0 and (said(actual) in nothing or _NONE_HAPPENED.fullmatch(text)):
        return Judgement(True, _ONE, value=_ZERO)
    if target.op is not None and text == fold(target.text):
        return _undecided(target, actual, COPIED)
    found = quantity(actual)
    if isinstance(found, str):
        return _undecided(target, actual, found)
    factor = _factor(target, found)
    if isinstance(factor, Judgement):
        return factor
    times, over = factor
    low, high = (limit and EXACT.divide(EXACT.multiply(limit, times), over) for limit in (found.low, found.high))
    met = _met(target, low, high, found.open)
    worst, best = share_of(target, low or _ZERO, reverse), _at_most(target, high, reverse)
    if worst != best:
        why = f"完成值“{_short(actual)}”不是一个确定的数，{'没有达到指标值，但' if met is False else ''}得几分不能确定"
        return Judgement(met, why=why, advice=f"请写确切的数，{_like(target)}", cause=QUALIFIED)
    return Judgement(met, worst, value=low if low == high else None)


def _at_most(target: Target, high: Decimal | None, reverse: str) -> Decimal | None:
    if high is not None:
        return share_of(target, high, reverse)
    return _ZERO if target.reverse or target.value == 0 else _ONE


def _met(target: Target, low: Decimal | None, high: Decimal | None, is_open: bool = False) -> bool | None:
    """Whether every figure from low to high reaches the target, or none does."""
    aim = target.measure
    if target.reverse or aim == 0 and target.op in (None, "="):
        strict = target.op == "<"
        if high is not None and (high < aim or high == aim and (not strict or is_open)):
            return True
        missed = low is not None and (low > aim or low == aim and (strict or is_open and low != high))
        return False if missed else None
    if aim == 0:  # ≥0: by its sign always reached, by the platform's formula never
        return None
    strict = target.op == ">"
    if low is not None and (low > aim or low == aim and (not strict or is_open)):
        return True
    missed = high is not None and (high < aim or high == aim and (strict or is_open))
    return False if missed else None


def _factor(target: Target, found: Quantity) -> Factor:
    """How a quantity is made comparable with the target."""
    figures = [figure for figure in (found.low, found.high) if figure is not None]
    note, given = notation(target), unit_of(found.unit)
    if note is None:
        return _clash(target, found, "指标值不是数")
    if not found.unit and not found.scaled:
        return _bare(target, note, figures, found)
    if target.kind == "percent":
        return _beside_rate(target, note, figures, found)
    if not found.unit:
        if unit_of(target.unit).per in PERIODS:
            return _clash(target, found, "没有写是多长时间的")
        return _ONE, _ONE
    wanted = unit_of(target.unit)
    if given.per != wanted.per:
        return _clash(target, found, "口径不同")
    if not wanted.word:
        return _without_unit(target, found, given.word, wanted.scale)
    times = conversion(given.word, wanted.word)
    if times is None:
        exact = measured(given.word) and measured(wanted.word)
        return _clash(target, found, "没有确切的换算" if exact else "不是一个单位")
    if given.word == "年" and max(figures) >= 1900:
        return _undecided(target, found.text, DATE)
    if (
        wanted.scale != 1
        and not found.scaled
        and max(figures) * NEAR < target.measure
        and min(figures) * NEAR >= target.figure
    ):
        return _undecided(target, found.text, UNREAD)  # 26人次 beside 25万人次
    return times


def _without_unit(target: Target, found: Quantity, word: str, scale: Decimal) -> Factor:
    share = 0 < target.measure <= 1
    if word == "%" and share:
        return _ONE, Decimal(100)
    if word in COUNTING and (not share or target.value == 1) or word == "元" and scale != 1:
        return _ONE, _ONE
    return _clash(target, found, "指标值没有写单位" if not target.unit else "不是一个单位")


def _bare(target: Target, note: Notation, figures: Sequence[Decimal], found: Quantity) -> Factor:
    factors = {bare_factor(note, figure) for figure in figures}
    if note.dated and any(like_a_month(plain(figure)) for figure in figures):
        return _undecided(target, found.text, DATE)
    factor = factors.pop() if len(factors) == 1 else None
    if factor is None or found.done and target.kind == "percent":
        return _undecided(target, found.text, UNREAD)
    return factor * note.one, _ONE


def _beside_rate(target: Target, note: Notation, figures: Sequence[Decimal], found: Quantity) -> Factor:
    rates = {"%": Decimal(100), "‰": Decimal(1000)}
    if found.unit not in rates and unit_of(found.unit).word != "%" or found.scaled:
        return _clash(target, found, "一个是比率，一个不是")
    if found.done:  # 完成90%: of the work, or the rate itself
        return _undecided(target, found.text, UNREAD)
    if found.unit in rates:
        return _ONE, rates[found.unit]
    return _bare(target, note, figures, found)


# ---- words and days


def _words(target: Target, actual: str, bands: tuple[Band, ...]) -> Judgement:
    if said(actual) == said(target.text):
        return Judgement(True, _ONE)
    band = band_of(actual, bands)
    if band is None:
        options = "、".join(f"“{one.words[0]}”" for one in bands)
        why = f"指标值“{_short(target.text)}”是定性的，从完成值“{_short(actual)}”看不出达成的档位"
        return Judgement(why=why, advice=f"请从{options}中选一个写，并在得分栏直接填档内的分", cause=WORDS)
    return _in_band(band, bands)


def _in_band(band: Band, bands: tuple[Band, ...]) -> Judgement:
    low, high = (f"{plain(part * 100)}%" for part in (band.low, band.high))
    why = f"选的是“{band.name}”，得分在分值的 {low}—{high} 之间，由单位打分"
    return Judgement(band is bands[0], why=why, advice="请在得分栏直接填分", cause=BAND)


def band_of(actual: str, bands: tuple[Band, ...]) -> Band | None:
    """The 档 an actual names, word for word."""
    word = said(actual)
    return next((band for band in bands if word in band.words), None)


def _date(target: Target, actual: str, bands: tuple[Band, ...], year: int | None) -> Judgement:
    due = deadline(fold(target.text), year)
    if due is None or due.sure is None or due.late is None:
        why = (
            f"指标值“{_short(target.text)}”没有写年份，表上也没有年度"
            if due
            else f"指标值“{_short(target.text)}”不成日期"
        )
        return Judgement(why=f"{why}，迟没迟不能判定", advice="请写上年份", cause=DATE)
    day = plain_day(actual, due.sure.year, year)
    if day is not None and day <= serial(due.sure):
        return Judgement(True, _ONE)
    span = done(actual, year)
    if span is None:
        why = f"指标值“{_short(target.text)}”是期限，从完成值“{_short(actual)}”看不出哪一天完成"
        advice = f"请写完成的日期，如“{due.sure.year}年{due.sure.month}月{due.sure.day}日”"
        return Judgement(why=why, advice=advice, cause=DATE)
    first, last = span
    if last <= due.sure:
        return Judgement(True, _ONE)
    if first > due.late:
        on = first.isoformat() if first == last else _short(actual)
        why = f"期限是 {due.late.isoformat()}，{on} 完成，迟了，时效按定性计分，程序不定几分"
        return Judgement(False, why=why, advice="请在得分栏直接填分，并写明原因", cause=LATE)
    why = f"指标值“{_short(target.text)}”、完成值“{_short(actual)}”，看不出是不是按期"
    return Judgement(why=why, advice="请写到哪一天完成", cause=DATE)


# ---- saying why


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MENTIONED else text[: _MENTIONED - 1] + "…"


def _like(target: Target) -> str:
    """How a figure beside the target is best written."""
    return f"照指标值的写法，如“{plain(target.figure)}{target.unit or ''}”"


_WHY = {
    COPIED: ("完成值“{}”是照抄指标值的符号，不是实测的数", "请填实际完成的数"),
    ODD: ("完成值“{}”里有上标、分数或带圈的数字，看不准是多少", "请用普通数字写"),
    SEVERAL: ("完成值“{}”里有几个数，不知以哪个为准", "请只写一个实际完成的数"),
    RECKONED: ("完成值“{}”是算式或分数，没有算", "请写算好的数"),
    QUALIFIED: ("完成值“{}”带着限定的词，不是确切完成的数", "请只写实际完成的数"),
    WORDS: ("完成值“{}”里没有数，指标值是数", "请写实际完成的数"),
    DATE: ("完成值“{}”像是日期，指标值是数", "请写实际完成的数"),
    UNREAD: ("完成值“{}”可以读成不止一个数，或不是规范的数", "请写清楚"),
}


def _undecided(target: Target, actual: str, cause: str) -> Judgement:
    why, advice = _WHY[cause]
    return Judgement(why=why.format(_short(actual)), advice=f"{advice}，{_like(target)}", cause=cause)


def _clash(target: Target, found: Quantity, why: str) -> Judgement:
    wanted = f"单位是“{target.unit}”" if target.unit else "没有单位"
    given = f"写的是“{found.unit}”" if found.unit else "没有单位"
    return Judgement(why=f"指标值的{wanted}，完成值{given}，{why}", advice=f"请{_like(target)}", cause=UNIT)
