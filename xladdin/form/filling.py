"""A record into its form: the context of values a template is filled from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from ..domain import fields
from ..domain.kinds import Kind, is_scored, kind_of
from ..domain.labels import LONGEST_LABEL
from ..domain.numbers import decimal_of, plain
from ..domain.profile import Profile
from ..domain.records import BUDGET_ITEMS, TOTAL_LINE, BudgetLine, Evaluation, Record, Result
from ..domain.scoring import counted, execution_rate, scored, shown_line, shown_score, shown_total, shown_weight
from ..domain.target import apart
from ..workbook.book import Entry, compose, link_to, sheet_titles
from ..workbook.expression import Fields, Link, Live
from ..workbook.grid import OWN_ROW
from ..workbook.render import Addresses
from ..workbook.template import Template
from .catalogue import INDEX, INDEX_COLUMNS, NO_UNIT, TOTALS, Form, find_form, form_for, profile_of
from .formulas import (
    execution_score_formula,
    funds_formula,
    index_formula,
    rate_formula,
    score_formula,
    total_formula,
)
from .layout import year_in
from .units import in_unit

_FUNDS = {"年初预算数": "initial", "全年预算数": "budget", "全年执行数": "executed"}
_AMOUNTS = {"全年执行数", "全年预算数"}  # that 执行率 is worked out of


def fill(record: Record, form: str | None = None) -> bytes:
    """One workbook with the record in it. `form` is a form's name and defaults to record.form.

    Amounts in the other money unit are converted exactly. Raises UnknownForm, BadValue (amounts of no known
    unit), Unwritable and TemplateError (with sheet and cell).
    """
    chosen = form_for(record, form)
    return fill_form(record, chosen, profile_of(record, form=chosen))


def fill_form(record: Record, form: Form, rules: Profile) -> bytes:
    """The same with everything at hand as values, wherever this runs."""
    return form.template.fill(context_of(record, form, rules))


def fill_telling(record: Record, form: Form, rules: Profile) -> tuple[bytes, list[str]]:
    """What fill_form and unplaced give, at the price of one."""
    context, template = context_of(record, form, rules), form.template
    return template.fill(context), _unplaced(context, form, template)


def context_of(record: Record, form: Form, rules: Profile) -> dict[str, Any]:
    """Field name → value, as the template's expressions see them."""
    record = _clean(record, form)
    kind = kind_of(record)
    template = form.template
    counting = _counting(record, template)
    full: Record = scored(counting, rules) if is_scored(counting) else record
    context: dict[str, Any] = {item: Fields() for item in BUDGET_ITEMS} if kind.budget else {}
    context |= {name: fields.get(record, path) for name, path in kind.words.items()}
    for n, line in enumerate(record.budget):
        printed = template.columns(line.item)
        context[line.item] = _budget(kind, line, shown_line(full, n) if is_scored(full) else (None, None), printed)
    if kind.scored:
        context[TOTAL_LINE] |= _sums(record, template)
    rows = zip(record.indicators, full.indicators, strict=True)
    printed = template.columns("指标")
    actuals = {path for path in kind.indicators.columns.values() if kind.type_of(path) == fields.ACTUAL}
    context["指标"] = [_indicator(kind, row, shown, rules, record.year, printed, actuals) for row, shown in rows]
    if is_scored(record) and is_scored(full):
        context |= _totals(record, full)
    context[fields.EXTRA] = Fields(record.extra)
    return context


def _clean(record: Record, form: Form) -> Record:
    """The record as it will stand on the form: in its money unit, and every figure a number."""
    return replace(in_unit(record, form.money_unit), source=None)


def _counting(record: Record, template: Template) -> Record:
    """The record without the points of 项目资金 that the form prints nowhere: its totals cannot show them."""
    if not is_scored(record):
        return record
    hidden = [not template.columns(line.item) & {"分值", "得分"} for line in record.budget]
    if not any(hidden):
        return record
    lines = zip(record.budget, hidden, strict=True)
    return replace(
        record, budget=tuple(replace(line, weight=None, score=None) if gone else line for line, gone in lines)
    )


def _budget(kind: Kind, line: BudgetLine, shown: tuple[Any, Any], printed: Set[str]) -> Fields:
    columns = kind.budget.columns if kind.budget else {}
    row = Fields({name: getattr(line, path) for name, path in columns.items()})
    if not kind.scored or not printed >= _AMOUNTS:
        return row
    if line.rate is None and line.weight is not None:
        row["执行率"] = Live(shown[0], lambda at: rate_formula(*_cells(at, line)[:2]))
    elif line.rate is None and line.item == TOTAL_LINE and "分值" not in printed:
        row["执行率"] = Live(execution_rate(line.executed, line.budget), lambda at: rate_formula(*_cells(at, line)[:2]))
    if line.score is None and line.weight is not None:
        row["得分"] = Live(shown[1], lambda at: execution_score_formula(*_cells(at, line)))
    return row


def _sums(record: Record, template: Template) -> dict[str, Live]:
    """The amounts of 年度资金总额 that are blank as all their parts are: they add up as the parts are typed in."""
    held: dict[str, Set[str]] = {item: template.columns(item) for item in BUDGET_ITEMS}
    sums = {}
    for name, path in _FUNDS.items():
        parts = [item for item in BUDGET_ITEMS if item != TOTAL_LINE and name in held[item]]
        if parts and name in held[TOTAL_LINE] and all(getattr(line, path) is None for line in record.budget):
            sums[name] = Live(None, partial(_sum, parts, name))
    return sums


def _sum(parts: Sequence[str], name: str, at: Addresses) -> str:
    return funds_formula([at.cell(part, name) for part in parts])


def _cells(at: Addresses, line: BudgetLine) -> list[str]:
    """执行数, 预算数 and 分值 of a row of 项目资金: their cells, or the points themselves where the form has none."""
    weight = at.cell(line.item, "分值") if at.has(line.item, "分值") else plain(line.weight or Decimal(0))
    return [at.cell(line.item, "全年执行数"), at.cell(line.item, "全年预算数"), weight]


def _indicator(
    kind: Kind,
    row: Result,
    shown: Result,
    rules: Profile,
    year: int | None,
    printed: Set[str],
    actuals: Set[str],
) -> Fields:
    """printed: the columns that have cells; actuals: the fields that hold what was done."""
    values = Fields({name: getattr(row, path) for name, path in kind.indicators.columns.items()})
    for name, path in kind.indicators.columns.items():
        if path in actuals:
            values[name] = _typed(values[name])
    if kind.scored and row.score is None and printed >= {"实际完成值", "分值"}:
        target = row.target if "指标值" in printed else "".join(apart(row.target or ""))

        alike = OWN_ROW not in (target or "")

        def build(at: Addresses) -> str:
            number = OWN_ROW if alike else str(at.row)
            cells = at.joined("指标", "指标值"), at.here("指标", "实际完成值"), at.here("指标", "分值")
            aim, actual, weight = (cell.replace(OWN_ROW, number) for cell in cells)
            return score_formula(target, aim, actual, weight, rules, year)

        values["得分"] = Live(shown_score(shown), build, alike)
    return values


def _totals(record: Evaluation, full: Evaluation) -> dict[str, Live]:
    """The formulas of the sums that nobody gave."""
    totals = {}
    if record.total_weight is None:
        totals["总分值"] = Live(shown_weight(full), lambda at: total_formula(_column(at, "分值", full)))
    if record.total_score is None:
        totals["总分"] = Live(shown_total(full), lambda at: _total(at, full))
    return totals


@lru_cache(maxsize=1024)
def _typed(actual: str | None) -> str | Decimal | None:
    """A plain figure goes in as a number, as if typed; anything else, and 007 or 90.0, stays the text it is."""
    number = decimal_of(actual) if actual else None
    return number if number is not None and plain(number) == actual else actual


def _total(at: Addresses, record: Evaluation) -> str:
    executed = at.cell(TOTAL_LINE, "全年执行数") if at.has(TOTAL_LINE, "全年执行数") else None

    def beside(*names: str) -> list[tuple[str, str]]:
        placed = all(at.has("指标", name) for name in names)
        return [(at.column("指标", names[0]), at.column("指标", names[1]))] if placed else []

    pairs = [
        (at.cell(item, "分值"), at.cell(item, "得分"))
        for item in _pointed(record)
        if at.has(item, "分值") and at.has(item, "得分")
    ]
    pairs += beside("分值", "得分")
    rows = beside("分值", "实际完成值")
    empty = () if record.indicators else tuple(weights for weights, _ in rows)
    return total_formula(_column(at, "得分", record), executed, rows, pairs, empty)


def _column(at: Addresses, name: str, record: Evaluation) -> list[str]:
    """The cells a total sums: the indicators', and those of the 项目资金 rows that count."""
    cells = [at.column("指标", name)] if at.has("指标", name) else []
    cells += [at.cell(item, name) for item in _pointed(record) if at.has(item, name)]
    if name == "分值":  # on a form that prints 得分 and no 分值 the points themselves
        lines = [line for line in counted(record.budget) if line.weight is not None and not at.has(line.item, name)]
        cells += [plain(line.weight) for line in lines if line.weight is not None]
    return cells


def _pointed(record: Evaluation) -> Sequence[str]:
    """The 项目资金 rows whose points count."""
    return [line.item for line in counted(record.budget) if (line.weight, line.score) != (None, None)] or (TOTAL_LINE,)


def unplaced(record: Record, form: Form, rules: Profile) -> list[str]:
    """Chinese names of the fields that hold a value and have no place on the form."""
    return _unplaced(context_of(record, form, rules), form, form.template)


@lru_cache(maxsize=64)
def _years_printed(template: Template) -> frozenset[int | None]:
    labels = (text for sheet in template.sheets for text in sheet.labels.values() if len(text) <= LONGEST_LABEL)
    return frozenset(year_in(text) for text in labels)


def _unplaced(context: Mapping[str, Any], form: Form, template: Template) -> list[str]:
    paths, missing = template.paths, []
    for name, value in context.items():
        if isinstance(value, (dict, list)) or hasattr(value, "keys"):
            rows = value if isinstance(value, list) else [value]
            inner = {
                key for row in rows for key, held in row.items() if held is not None and not isinstance(held, Live)
            }
            missing += [f"{name}.{key}" for key in sorted(inner) if (name, key) not in paths]
        elif name == "金额单位":
            missing += [name] if value and form.money_unit is None else []
        elif name == "年度" and value in _years_printed(template):
            continue
        elif value is not None and not isinstance(value, Live) and (name,) not in paths:
            missing.append(name)
    return missing


def fill_book(records: Sequence[Record], form: str | None = None) -> bytes:
    """One book: a 汇总表 that links every project and totals its amounts, then a sheet for each record.

    Amounts are totalled by the unit each sheet prints; those without a unit apart. Raises as fill does.
    """
    chosen = [form_for(record, form) for record in records]
    shown = [_clean(record, use) for record, use in zip(records, chosen, strict=True)]
    titles = sheet_titles([f"{record.year or ''}{record.project}" for record in records], taken=(INDEX,))
    entries = [
        Entry(use.template, title, context_of(record, use, profile_of(record, form=use)))
        for record, use, title in zip(shown, chosen, titles, strict=True)
    ]
    rows = [_index_row(*item) for item in zip(range(1, len(records) + 1), shown, chosen, titles, strict=True)]
    context: dict[str, Any] = {"项目": rows}
    for name, unit in TOTALS.items():
        context[name] = Fields({column: _index_total(rows, column, unit) for column in INDEX_COLUMNS})
    return compose(Entry(find_form(INDEX).template, INDEX, context), entries)


def _index_row(number: int, record: Record, form: Form, title: str) -> Fields:
    row = Fields(
        序号=Decimal(number), 年度=record.year, 主管部门=record.department, 实施单位=record.unit, 表式=form.name
    )
    row["项目名称"] = Link(record.project, link_to(title))
    row["金额单位"] = form.money_unit or record.money_unit or NO_UNIT
    row |= dict(zip(INDEX_COLUMNS, (*record.amounts, record.spent), strict=True))
    if is_scored(record):
        row["总分"] = scored(record, profile_of(record, form=form)).total_score
    return row


def _index_total(rows: list[Fields], column: str, unit: str) -> Live:
    amounts = [row[column] for row in rows if row["金额单位"] == unit and row[column] is not None]

    def build(at: Addresses) -> str:
        return index_formula(at.column("项目", column), at.column("项目", "金额单位"), unit, tuple(TOTALS.values()))

    return Live(sum(amounts, Decimal(0)) if amounts else None, build)
