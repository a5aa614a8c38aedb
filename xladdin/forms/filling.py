"""A record into its form: the context of values a template is filled from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..domain import fields
from ..domain.numbers import convert, decimal_of, plain
from ..domain.profile import Profile, profile
from ..domain.records import BUDGET_ITEMS, BudgetLine, Declaration, Evaluation, Record, Result
from ..domain.scoring import is_undecided, scored
from ..domain.actual import UNDECIDED
from ..workbook.expression import Fields, Live
from .catalogue import Form, form_for, user_folder
from .formulas import execution_score_formula, rate_formula, score_formula, total_formula


def fill(record: Record, form: str | None = None) -> bytes:
    """One workbook with the record in it. `form` is a form's name and defaults to record.form.

    Amounts in the other money unit are converted exactly; one with no unit takes the form's as it
    stands. Raises UnknownForm, Unwritable and TemplateError (with sheet and cell).
    """
    chosen = form_for(record, form)
    return chosen.template.fill(context_of(record, chosen))


def context_of(record: Record, form: Form) -> dict[str, Any]:
    """Field name → value, as the template's expressions see them."""
    record = in_unit(record, form.money_unit)
    if isinstance(record, Declaration):
        return _declaration(record)
    return _evaluation(record, rules_of(record, form))


def rules_of(record: Record, form: Form) -> Profile:
    """The scoring profile of a form, as it stood in the record's year."""
    return profile(form.profile, record.year, user_folder())


def in_unit(record: Record, unit: str | None) -> Record:
    """The record with its amounts in `unit`."""
    if unit is None or record.money_unit is None or record.money_unit == unit:
        return record

    def moved(part: Any, names) -> Any:
        values = {name: getattr(part, name) for name in names}
        return replace(part, **{n: convert(v, record.money_unit, unit) for n, v in values.items() if v is not None})

    if isinstance(record, Declaration):
        names = [path.partition(".")[2] for path in fields.MONEY]
        return replace(record, money_unit=unit, funds=moved(record.funds, names))
    budget = tuple(moved(line, fields.MONEY_COLUMNS) for line in record.budget)
    return replace(record, money_unit=unit, budget=budget)


def _declaration(record: Declaration) -> dict[str, Any]:
    context = {name: fields.get(record, path) for name, path in fields.DECLARATION.items()}
    context["指标"] = [Fields({name: getattr(row, path) for name, path in fields.INDICATOR.items()}) for row in record.indicators]
    context[fields.EXTRA] = Fields(record.extra)
    return context


def _evaluation(record: Evaluation, rules: Profile) -> dict[str, Any]:
    full = scored(record, rules)
    context = {item: Fields() for item in BUDGET_ITEMS}
    context |= {name: fields.get(record, path) for name, path in fields.EVALUATION.items()}
    for line, shown in zip(record.budget, full.budget, strict=True):
        context[line.item] = _budget(line, shown)
    context["指标"] = [_result(row, shown, rules) for row, shown in zip(record.indicators, full.indicators, strict=True)]
    if record.total_weight is None:
        context["总分值"] = Live(full.total_weight, lambda at: total_formula(_column(at, "分值")))
    if record.total_score is None:
        doubt = any(is_undecided(row) for row in full.indicators)
        context["总分"] = Live(UNDECIDED if doubt else full.total_score, lambda at: total_formula(_column(at, "得分")))
    context[fields.EXTRA] = Fields(record.extra)
    return context


def _budget(line: BudgetLine, shown: BudgetLine) -> Fields:
    row = Fields({name: getattr(line, path) for name, path in fields.BUDGET.items()})
    if line.weight is None:
        return row
    cells = ("全年执行数", "全年预算数", "分值")
    if line.rate is None:
        row["执行率"] = Live(shown.rate, lambda at: rate_formula(*(at.cell(line.item, name) for name in cells[:2])))
    if line.score is None:
        row["得分"] = Live(shown.score, lambda at: execution_score_formula(*(at.cell(line.item, name) for name in cells)))
    return row


def _result(row: Result, shown: Result, rules: Profile) -> Fields:
    values = Fields({name: getattr(row, path) for name, path in fields.RESULT.items()})
    values["实际完成值"] = _typed(row.actual)
    if row.score is None:
        cached = UNDECIDED if is_undecided(shown) else shown.score
        values["得分"] = Live(
            cached,
            lambda at: score_formula(
                row.target, at.here("指标", "指标值"), at.here("指标", "实际完成值"), at.here("指标", "分值"), rules
            ),
        )
    return values


def _typed(actual: str | None) -> str | Decimal | None:
    """A plain figure goes in as a number, as if typed; anything else, and 007 or 90.0, stays the text it is."""
    number = decimal_of(actual) if actual else None
    return number if number is not None and plain(number) == actual else actual


def _column(at, name: str) -> list[str]:
    cells = [at.column("指标", name)]
    return cells + [at.cell(item, name) for item in BUDGET_ITEMS if at.has(item, name)]


def unplaced(record: Record, form: str | None = None) -> list[str]:
    """Chinese names of the fields that hold a value and have no place on the form."""
    chosen = form_for(record, form)
    paths = {path for sheet in chosen.template.sheets for _, slot in sheet.expressions() for path in slot.expression.paths}
    context = context_of(record, chosen)
    missing = []
    for name, value in context.items():
        if isinstance(value, (dict, list)) or hasattr(value, "keys"):
            rows = value if isinstance(value, list) else [value]
            inner = {key for row in rows for key, held in row.items() if held is not None and not isinstance(held, Live)}
            missing += [f"{name}.{key}" for key in sorted(inner) if (name, key) not in paths]
        elif value is not None and not isinstance(value, Live) and (name,) not in paths and name != "金额单位":
            missing.append(name)
    return missing
