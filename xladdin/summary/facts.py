"""A review as the facts of a year: what was asked for, what was spent and scored, what could not be read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from ..domain import scoring
from ..domain.kinds import DECLARATION, EVALUATION
from ..domain.levels import first_level
from ..domain.numbers import convert
from ..domain.profile import Profile
from ..domain.records import TOTAL_LINE, Amounts, Declaration, Evaluation, Record
from ..domain.scoring import as_shown, execution_rate, is_filled, is_pending
from ..form.catalogue import NO_UNIT, profile_of
from ..review.cases import Case, Review, rank_of, told_of
from ..rules.finding import ERROR, UNDECIDED, Finding, severity
from ..rules.prose import name_of
from ..rules.two import Two
from ..sheets.page import Link

KNOWN = ("元", "万元")
UNITS = (*KNOWN, NO_UNIT)  # in the order their totals stand
_WHOLE = Decimal(100)  # points of a form
_COPIES = "P-03"  # undecided: the copies differ
NO_LEVEL = "未注明"
FIRST_LEVELS = ("成本", "产出", "效益", "满意度")  # always shown; the others of older forms where they occur


@dataclass(frozen=True, slots=True)
class Declared:
    """One 申报表. `amounts`: 年度资金总额 and its sources as printed, in `money_unit`; blanks are None.

    money_unit: 未注明 where nothing shows what it is; assumed: why it is taken to be that, "" where printed;
    levels: how many indicators of each 一级指标; counts: findings by level, None where they stand with the
    evaluation; told: the first error; link: where the project's name stands.
    """

    year: int | None
    project: str
    department: str | None
    unit: str | None
    category: str | None
    nature: str | None
    start: dt.date | None
    end: dt.date | None
    money_unit: str
    assumed: str
    amounts: Amounts
    levels: Mapping[str, int]
    form: str | None
    link: Link | None
    counts: Mapping[str, int] | None
    told: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One 自评表: amounts as printed, in `money_unit`, `rate` a fraction, `score` points; blanks are None.

    money_unit, assumed: as of a declaration;
    pending: what stands where no score can be given (待核, 未填完), else ""; grade: 等级 by the profile, "" while there
    is no score; low: the 执行率 below which the profile wants a word; told: the first error; unsure: whether that is
    that its amounts may be in 元 or in 万元, which leaves 执行率 and score open.
    """

    year: int | None
    project: str
    unit: str | None
    money_unit: str
    assumed: str
    initial: Decimal | None
    budget: Decimal | None
    executed: Decimal | None
    rate: Decimal | None
    score: Decimal | None
    pending: str
    grade: str
    low: Decimal
    counts: Mapping[str, int]
    told: str
    link: Link | None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A project in one year, to be laid beside its other years.

    amount: what was asked for, or with `initial` the 年初预算数 where there is no declaration; in
    `money_unit`, None if nothing shows what it is in; assumed: why it is taken to be that, "" where printed;
    errors: how many were found.
    """

    year: int
    project: str
    department: str | None
    unit: str | None
    amount: Decimal | None
    money_unit: str | None
    assumed: str
    initial: bool
    rate: Decimal | None
    score: Decimal | None
    pending: str
    errors: int
    link: Link | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file: what it is, and what to do."""

    level: str
    file: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the review says. grades: 等级 and its lowest score, best first (None where the rules differ).

    undated_wrong: name and unit of the projects of no year that have errors; unclear: how many projects have
    copies that differ, which are left out.
    """

    declared: tuple[Declared, ...]
    evaluated: tuple[Evaluated, ...]
    by_year: tuple[YearFacts, ...]
    problems: tuple[Problem, ...]
    grades: tuple[tuple[str, Decimal | None], ...]
    undated_wrong: frozenset[tuple[str, str]]
    unclear: int


def facts_of(review: Review, profile: Profile | str | None = None) -> Facts:
    """The facts of a review. profile: as for check; by default each form's own, as it stood in its year.

    Declarations and evaluations are what is summed up; forms of other kinds have no part in it.
    """
    rules = partial(profile_of, override=profile)
    cases = [case for case in review.cases if _declaration(case) or _evaluation(case)]
    declared = [_declared(case, form, rules(form)) for case in cases if (form := _declaration(case))]
    told = [_evaluated(case, done, rules(done)) if (done := _evaluation(case)) else None for case in cases]
    by_year = [_of_year(case, one, rules(case.record)) for case, one in zip(cases, told, strict=True)]
    undated = (case for case, facts in zip(cases, by_year, strict=True) if facts is None)
    used = (rules(done) for case in cases if (done := _evaluation(case)))
    return Facts(
        tuple(sorted(declared, key=_in_order)),
        tuple(sorted(filter(None, told), key=_worst_first)),
        tuple(facts for facts in by_year if facts),
        tuple(sorted(map(_problem, review.loose), key=lambda problem: severity(problem.level))),
        _grades(used),
        frozenset(key_of(case.record) for case in undated if case.counts[ERROR]),
        len({name_of(one.subject) for one in review.loose if (one.code, one.level) == (_COPIES, UNDECIDED)}),
    )


def _declaration(case: Case) -> Declaration | None:
    return case.form(DECLARATION.name)


def _evaluation(case: Case) -> Evaluation | None:
    return case.form(EVALUATION.name)


def key_of(form: Record | YearFacts) -> tuple[str, str]:
    """Name and unit as they are compared."""
    return name_of(form.project), name_of(form.unit)


def _newest(year: int | None) -> int:
    """Sort key: the newest year first, forms without a year last."""
    return -(year or 0)


def _in_order(row: Declared) -> tuple:
    """The index goes by year, newest first, by department and unit, as a chief looks it up; then by what it costs."""
    amount = row.amounts[0]
    cost = (
        -convert(amount, row.money_unit, "元") if amount is not None and row.money_unit != NO_UNIT else -(amount or 0)
    )
    return _newest(row.year), row.department or "", row.unit or "", cost, row.project


def _worst_first(row: Evaluated) -> tuple:
    """The newest year first, for that is what is being accounted for; in it what has to be sent back first.

    That is: most errors, then most warnings, then the lowest 执行率 (blank ones before any).
    """
    return (
        _newest(row.year),
        *rank_of(row.counts)[:2],
        row.rate if row.rate is not None else Decimal(-1),
        row.unit or "",
        row.project,
    )


def _link(record: Record, file: Path | None) -> Link | None:
    """The cell that holds the project's name."""
    if file is None:
        return None
    place = record.source.cells.get("project") if record.source else None
    return Link(file, place.sheet, place.cell) if place else Link(file)


def _declared(case: Case, form: Declaration, rules: Profile) -> Declared:
    unit, assumed = _unit(case, form, rules)
    return Declared(
        form.year, form.project, form.department, form.unit, form.category, form.nature, form.start, form.end,
        unit or NO_UNIT, assumed, form.amounts,
        Counter(first_level(row.level1) or NO_LEVEL for row in form.indicators),
        form.form,
        _link(form, case.file(DECLARATION.name)),
        None if _evaluation(case) else case.counts,
        _first_error(case),
    )  # fmt: skip


def _first_error(case: Case) -> str:
    return next((finding.message for finding in case.findings if finding.level == ERROR), "")


def _evaluated(case: Case, evaluation: Evaluation, rules: Profile) -> Evaluated:
    form = as_shown(evaluation, rules)
    line = form.line(TOTAL_LINE)
    initial, budget, executed = (line.initial, line.budget, line.executed) if line else (None, None, None)
    score, pending = (None, scoring.UNDECIDED) if case.unsure else _score(form)
    unit, assumed = _unit(case, evaluation, rules)
    return Evaluated(
        form.year, form.project, form.unit, unit or NO_UNIT, assumed, initial, budget, executed,
        execution_rate(executed, budget) if budget and not case.unsure else None,
        score, pending, _grade(score, form, rules), rules.limits["low_execution"], case.counts,
        case.unsure.message if case.unsure else _first_error(case),
        _link(form, case.file(EVALUATION.name)),
        case.unsure is not None,
    )  # fmt: skip


def _score(form: Evaluation) -> tuple[Decimal | None, str]:
    """总分, and what stands in its place where the form is not filled in, or a score cannot be given (待核)."""
    if not is_filled(form):
        return None, scoring.UNFILLED
    doubts = form.source.doubts if form.source else ()
    doubtful = any(doubt.field == "total_score" for doubt in doubts) or is_pending(form)
    return form.total_score, scoring.UNDECIDED if form.total_score is None and doubtful else ""


def _grade(score: Decimal | None, form: Evaluation, rules: Profile) -> str:
    """等级 of a score out of 100; "" where the points of the form come to something else."""
    if score is None or scoring.totals(form)[0] not in (None, _WHOLE):
        return ""
    return next((name for name, low in rules.grades if score >= low), "")


def _grades(used: Iterable[Profile]) -> tuple[tuple[str, Decimal | None], ...]:
    """Every grade of the profiles that were used, best first."""
    lows: dict[str, set[Decimal]] = {}
    for rules in dict.fromkeys(rules.grades for rules in used):
        for name, low in rules:
            lows.setdefault(name, set()).add(low)
    ranked = sorted(lows.items(), key=lambda item: -max(item[1]))
    return tuple((name, min(found) if len(found) == 1 else None) for name, found in ranked)


def _of_year(case: Case, told: Evaluated | None, rules: Profile) -> YearFacts | None:
    form, declaration, evaluation = case.record, _declaration(case), _evaluation(case)
    year = form.year or (evaluation.year if evaluation else None)
    if year is None:
        return None
    amount = declaration.annual_amount if declaration else told.initial if told else None
    unit, assumed = _unit(case, form, rules)
    return YearFacts(
        year, form.project, form.department, form.unit, amount, unit, assumed, declaration is None,
        told.rate if told else None, told.score if told else None, told.pending if told else "",
        case.counts[ERROR],
        _link(form, next(iter(case.files), None)),
    )  # fmt: skip


def _unit(case: Case, form: Record, rules: Profile) -> tuple[str | None, str]:
    """What a form's amounts are in, and what shows that where the form does not print it."""
    if form.money_unit in KNOWN:
        return form.money_unit, ""
    declared, evaluated = _declaration(case), _evaluation(case)
    if declared and evaluated:
        own, other = (0, evaluated) if form is declared else (1, declared)
        units = Two(declared, evaluated, rules).units
        if units and units[own] == other.money_unit:
            names = ("申报表", "自评表") if form is declared else ("自评表", "申报表")
            return units[own], f"{names[0]}未注明单位，对照{names[1]}当作{units[own]}"
    if any(amount >= rules.limits["wan_ceiling"] for amount in _amounts(form) if amount is not None):
        return "元", "表上未注明单位，按金额大小当作元"
    return None, ""


def _amounts(form: Record) -> Sequence[Decimal | None]:
    """Every amount of a form."""
    if form.budget:
        return [amount for line in form.budget for amount in (line.initial, line.budget, line.executed)]
    return form.amounts


def _problem(finding: Finding) -> Problem:
    return Problem(finding.level, told_of(finding), finding.message, finding.advice)
