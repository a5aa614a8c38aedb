"""The sheet 指标明细: a row for each indicator of every project and year, as an Excel table ready for a pivot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..domain.judging import as_printed, judge
from ..domain.levels import first_level, second_level
from ..domain.profile import Profile
from ..domain.records import Declaration, Evaluation, Indicator, Record, Result
from ..domain.scoring import UNDECIDED, as_shown, is_undecided
from ..domain.target import Target, parse_target
from ..form.catalogue import NO_UNIT, profile_of
from ..review.cases import Case
from ..rules.matching import match
from ..sheets.looks import BODY, CENTRE, HEAD, SCORE
from ..sheets.page import Book
from ..sheets.table import Column
from .facts import NO_LEVEL

NAME = "指标明细"
ALONE, LACKING, BLANK, SCORED, FULL, SHORT = "没有自评表", "自评表里没有", "未填", "已评", "满分", "扣分"
_STYLE = "Table Style Medium 2"
_PLAIN = {"num_format": "General"}
_LAST_PRINTED = "reason"
COLUMNS = (  # what is printed first
    Column("year", "年度", 7, _PLAIN | CENTRE),
    Column("project", "项目名称", 26),
    Column("level1", "一级指标", 9),
    Column("level2", "二级指标", 13),
    Column("name", "三级指标", 26),
    Column("declared", "申报指标值", 14),
    Column("evaluated", "自评指标值", 14),
    Column("actual", "实际完成值", 14),
    Column("weight", "分值", 7, SCORE),
    Column("score", "得分", 7, SCORE),
    Column("state", "得分情况", 11),
    Column("reason", "偏差原因", 34),
    Column("department", "主管部门", 20),
    Column("unit", "实施单位", 20),
    Column("money_unit", "金额单位", 10),
    Column("aim", "目标数值", 12, _PLAIN),
    Column("measure", "指标单位", 10),
    Column("reached", "实际数值", 12, _PLAIN),
    Column("declared_form", "申报表式", 14),
    Column("evaluated_form", "自评表式", 14),
)


@dataclass(frozen=True, slots=True)
class Detail:
    """One indicator of a project in a year, declared, evaluated or both.

    level1, level2: without 指标, as all forms call them; declared, evaluated, actual: as printed; aim, reached: the
    figures of target and actual, both in `measure` as the target prints it, None where there is none or it cannot be
    compared; weight, score: points; state: what became of the score.
    """

    year: int | None
    project: str
    department: str | None
    unit: str | None
    money_unit: str
    level1: str
    level2: str
    name: str
    declared: str | None
    evaluated: str | None
    aim: Decimal | None
    measure: str | None
    actual: str | None
    reached: Decimal | None
    weight: Decimal | None
    score: Decimal | None
    state: str
    reason: str | None
    declared_form: str | None
    evaluated_form: str | None


def details_of(cases: Iterable[Case], profile: Profile | str | None = None) -> Iterator[Detail]:
    """Every indicator: the newest year first, then by department, unit and project, as the forms have them."""
    for case in sorted(cases, key=_in_order):
        declaration, evaluation = case.form(Declaration.kind), case.form(Evaluation.kind)
        record = declaration or evaluation
        rules = profile_of(evaluation or declaration, override=profile)
        if evaluation:
            evaluation = as_shown(evaluation, rules)
        sides = [form.indicators if form else () for form in (declaration, evaluation)]
        for pair in match(*sides):
            one = sides[0][pair.declared] if pair.declared is not None else None
            other = sides[1][pair.evaluated] if pair.evaluated is not None else None
            if row := one or other:
                yield _detail(record, declaration, evaluation, row, one, other, rules)


def _in_order(case: Case) -> tuple:
    record = case.record
    years = (entry.record.year for entry in case.entries)
    return -next(filter(None, years), 0), record.department or "", record.unit or "", record.project


def _detail(
    record: Record,
    declaration: Declaration | None,
    evaluation: Evaluation | None,
    row: Indicator,
    one: Indicator | None,
    other: Result | None,
    rules: Profile,
) -> Detail:
    """One indicator of one project: as declared, and as evaluated with its score as it is shown."""
    target = parse_target(other.target if other and other.target else row.target)
    return Detail(
        record.year or (evaluation.year if evaluation else None),
        record.project, record.department, record.unit, record.money_unit or NO_UNIT,
        first_level(row.level1) or NO_LEVEL, second_level(row.level2) or NO_LEVEL, row.name,
        one.target if one else None, other.target if other else None,
        target.number, target.unit,
        other.actual if other else None, _reached(target, other, rules),
        other.weight if other else None, other.score if other else None,
        _state(evaluation, other), other.reason if other else None,
        declaration.form if declaration else None, evaluation.form if evaluation else None,
    )  # fmt: skip


def _reached(target: Target, row: Result | None, rules: Profile) -> Decimal | None:
    """The figure of 实际完成值 in the target's unit: 95 beside ≥90%, whether typed as 95% or 95."""
    value = judge(target, row.actual, rules).value if row else None
    return None if value is None else as_printed(target, value)


def _state(evaluation: Evaluation | None, row: Result | None) -> str:
    if row is None:
        return LACKING if evaluation else ALONE
    if is_undecided(row):
        return UNDECIDED
    if row.score is None:
        return BLANK
    return SCORED if row.weight is None else FULL if row.score >= row.weight else SHORT


def write_details(book: Book, details: Iterable[Detail]) -> None:
    """Add the sheet, if there are indicators. Each is written as it comes; figures are numbers, text is text."""
    page = None
    for detail in details:
        if page is None:
            page = book.page(NAME, [column.width for column in COLUMNS])
            for at, column in enumerate(COLUMNS):
                page.text(at, column.heading, **HEAD)
            looks = [{**BODY, **column.look} for column in COLUMNS]
        page.next()
        for at, column in enumerate(COLUMNS):
            page.put(at, column.cell(detail, page.row), **looks[at])
    if page is None:
        return
    headings = [{"header": column.heading} for column in COLUMNS]
    page.cells.table(page.row, len(COLUMNS) - 1, {"name": NAME, "columns": headings, "style": _STYLE})
    printed = [column.field for column in COLUMNS].index(_LAST_PRINTED)
    page.sheet.print_area(0, 0, page.row, printed)
    page.close(0)
