"""Projects carried over: the declarations of the next year, as last year's were, beside what came of those."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..domain.judging import judge
from ..domain.kinds import DECLARATION
from ..domain.naming import name_key
from ..domain.profile import Profile
from ..domain.records import TOTAL_LINE, Declaration, Evaluation, Funds, Indicator, Record, Result
from ..domain.target import parse_target
from ..form.catalogue import profile_of, usual_form
from ..ledger.columns import INDICATORS, PROJECTS
from ..ledger.days import year_of
from ..ledger.decided import aim_of
from .book import ROLES, Book, There
from .gathering import Gathered
from .merging import key_of
from .rows import rows_of

LAST_RESULT = "上年实际完成值"
_OF_LAST_YEAR = ("同名项目上年预算额", "同名项目上年预算执行数")  # they would be of the year before last


@dataclass(frozen=True, slots=True)
class Lower:
    """A target that asks for less than last year's result."""

    project: str
    indicator: str
    target: str
    actual: str

    def __str__(self) -> str:
        return f"“{self.project}”{self.indicator}：{self.target}，上年实际 {self.actual}"


@dataclass(slots=True)
class Rolled:
    """What was carried over: projects, those there already, targets below last year's result, texts that name a year.

    waiting: projects left out because 待核 still asks for something of them; several: because the ledger has forms of
    one year that say different things; beyond: because no ledger takes that year.
    """

    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    lower: list[Lower] = field(default_factory=list)
    dated: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)

    def told(self) -> list[tuple[str, list[str]]]:
        """What there is to say of projects, each with those it is said of."""
        said = (
            (f"结转成下一年的申报 {len(self.added)} 个", self.added),
            ("下一年的申报台账里已有，没有再结转", self.there),
            ("还有待核的，没有结转", self.waiting),
            ("上年有几张内容不同的表，不知道照哪一张，没有结转，请在台账里只留一张再运行一次", self.several),
            ("下一年超出台账能填的年份，没有结转", self.beyond),
            ("文字里还写着上年的年份，请改", self.dated),
        )
        return [(words, names) for words, names in said if names]

    def told_lower(self) -> list[str]:
        """What there is to say of targets, a line each below the first; none where there is nothing."""
        head = f"{len(self.lower)} 个指标值比上年实际完成的要求低，请核对（台账里涂了色）："
        return [head, *map(str, self.lower)] if self.lower else []


def roll(book: Book, gathered: Gathered) -> Rolled:
    """Put the next year's declaration of every project of the files into the ledger that has none of it yet."""
    found = Rolled()
    wanted: dict[tuple[str, str], int] = {}
    for source in gathered.sources:
        for taken in source.taken:
            key = name_key(taken.record.project), name_key(taken.record.unit)
            if taken.record.year and taken.record.project:
                wanted[key] = max(wanted.get(key, 0), taken.record.year)
    for (project, unit), year in wanted.items():
        own = [one for one in book.there if one.project == project and (one.unit == unit or not one.unit or not unit)]
        last = [one for one in own if one.year == year and one.record is not None]
        if not last:
            found.waiting.append(next((one.project for one in own), project))
        elif any(one.year == year + 1 and one.kind in (None, DECLARATION) for one in own):
            found.there.append(_name(last))
        elif any(_waits(book, one) for one in last):
            found.waiting.append(_name(last))
        elif year_of(str(year + 1)) is None:
            found.beyond.append(_name(last))
        else:
            _carry(book, last, year, found)
    return found


def _name(last: Iterable[There]) -> str:
    return next((one.record.project for one in last if one.record), "")


def _waits(book: Book, there: There) -> bool:
    """Whether something is asked of it: in a cell, or of the file and the ledger, which say different things."""
    rows = {(role, at) for role in ROLES for at in there.at[role]}
    if any((role, at) in rows for role, at, _ in book.waiting):
        return True
    open_aims = (aim_of(row) for row in book.questions.rows if not row.answered)
    return any(aim is not None and aim["of"][:4] == key_of(there)[:4] for aim in open_aims)


def _alike(records: Iterable[Record]) -> bool:
    """Whether records say the same, each in its own form."""
    told = [replace(record, form=None, source=None) for record in records]
    return all(one == told[0] for one in told)


def _carry(book: Book, last: list[There], year: int, found: Rolled) -> None:
    declarations = [one.record for one in last if isinstance(one.record, Declaration)]
    evaluations = [one.record for one in last if isinstance(one.record, Evaluation)]
    if not declarations and not evaluations:
        return
    if not _alike(declarations) or not _alike(evaluations):
        found.several.append(_name(last))
        return
    evaluated = evaluations[0] if evaluations else None
    declared = declarations[0] if declarations else declared_from(evaluations[0])
    record = of_next_year(declared, year + 1)
    there = There(
        record.year, name_key(record.project), name_key(record.unit), DECLARATION, record.form, record.money_unit,
        {role: [dict(row) for row in rows] for role, rows in rows_of(record).items()}, {role: [] for role in ROLES},
        record,
    )  # fmt: skip
    results = evaluated.indicators if evaluated else ()
    _write(book, there, record, results, found)
    book.hand_on(there)
    book.there.append(there)
    found.added.append(record.project)
    texts = (record.project, record.overall_goal, record.annual_goal, *(row.target for row in record.indicators))
    if any(re.search(rf"(?<!\d){year}(?!\d)", text or "") for text in texts):
        found.dated.append(record.project)


def _write(book: Book, there: There, record: Declaration, results: tuple[Result, ...], found: Rolled) -> None:
    sheet, lines = book.sheets[INDICATORS], book.sheets[PROJECTS]
    rules = profile_of(record)
    if not book.flat:
        at = lines.take_row()
        there.at[PROJECTS].append(at)
        for name, value in there.rows[PROJECTS][0].items():
            lines.put(at, name, value)
    for number, row in enumerate(there.rows[INDICATORS]):
        at = sheet.take_row()
        there.at[INDICATORS].append(at)
        if book.flat:
            there.at[PROJECTS].append(at)
            for name, value in there.rows[PROJECTS][0].items():
                sheet.put(at, name, value)
        for name, value in row.items():
            if name in sheet.columns:
                sheet.put(at, name, value)
        result = _result_of(record.indicators[number], results)
        if result is None or not result.actual:
            continue
        sheet.put(at, LAST_RESULT, result.actual)
        if is_lower(record.indicators[number].target, result.actual, rules, record.year):
            sheet.marked.add((at, sheet.column("指标值")))
            told = record.indicators[number]
            found.lower.append(Lower(record.project, told.name, told.target or "", result.actual))


def _result_of(row: Indicator, results: tuple[Result, ...]) -> Result | None:
    """The result of an indicator in last year's evaluation: that of its name, of its levels where there are more."""
    named = [one for one in results if name_key(one.name) == name_key(row.name)]
    if len(named) > 1:
        named = [one for one in named if name_key(one.level2) == name_key(row.level2)] or named
    return named[0] if len(named) == 1 else None


def is_lower(target: str | None, actual: str, rules: Profile, year: int | None) -> bool:
    """Whether a target asks for less than what was reached; False where that cannot be told."""
    aim = parse_target(target)
    if aim.kind not in ("number", "percent") or aim.value is None:
        return False
    reached = judge(aim, actual, rules, year).value
    if reached is None:
        return False
    return reached < aim.value if aim.reverse else reached > aim.value


def of_next_year(record: Declaration, year: int) -> Declaration:
    """A declaration as that of another year: dates moved, amounts and targets as they were, its form the newest."""
    return replace(
        record,
        year=year,
        start=_moved(record.start, year - (record.year or year)),
        end=_moved(record.end, year - (record.year or year)),
        form=usual_form(DECLARATION.name, year, profile_of(record)).name,
        extra={name: text for name, text in record.extra.items() if name not in _OF_LAST_YEAR},
        source=None,
    )


def _moved(day: dt.date | None, years: int) -> dt.date | None:
    """The same day of another year; the last of February where there is no 29th."""
    if day is None:
        return None
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def declared_from(record: Evaluation) -> Declaration:
    """What an evaluation tells of its declaration: 年初预算数 (or 全年预算数) for the year's funds, the targets."""

    def amount(item: str) -> Decimal | None:
        line = record.line(item)
        return None if line is None else line.budget if line.initial is None else line.initial

    funds = Funds(
        annual_total=amount(TOTAL_LINE),
        annual_fiscal=amount("当年财政拨款"),
        annual_carryover=amount("上年结转资金"),
        annual_other=amount("其他资金"),
    )
    return Declaration(
        year=record.year,
        project=record.project,
        department=record.department,
        unit=record.unit,
        money_unit=record.money_unit,
        funds=funds,
        annual_goal=record.annual_goal,
        indicators=tuple(Indicator(row.level1, row.level2, row.name, row.target) for row in record.indicators),
    )
