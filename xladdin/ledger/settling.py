"""What blank cells of a ledger mean: the usual form, the form's money unit, points dealt out."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..domain.kinds import kind_of
from ..domain.numbers import plain
from ..domain.profile import Profile
from ..domain.records import TOTAL_LINE, Record
from ..domain.rollforward import distribute
from ..errors import UnknownForm


def settle(
    records: Sequence[Record], form: str | None = None, money_unit: str | None = None
) -> tuple[list[Record], list[tuple[str, str]]]:
    """The records with what blank cells mean, and what is to be said of it and of which project.

    form: the one they are to go into, where the call says so; else 表式 is what the ledger uses for that year and
    kind. money_unit: what amounts are in where nothing says it; else in the unit of the form.
    """
    from ..form.catalogue import form_for, profile_of

    named: dict[tuple[int | None, str], set[str]] = {}
    for record in records:
        if record.form:
            named.setdefault((record.year, record.kind), set()).add(record.form)
    settled: list[Record] = []
    said: list[tuple[str, str]] = []
    for record in records:
        usual = named.get((record.year, record.kind), set())
        if record.form is None and len(usual) == 1:
            record = replace(record, form=next(iter(usual)))
        with contextlib.suppress(UnknownForm):  # filling says which
            if record.money_unit is None:
                record = with_unit(record, money_unit or form_for(record, form).money_unit)
            if _lacks_points(record):
                chosen = form_for(record, form)
                record, what = _with_points(record, profile_of(record, form=chosen))
                said.append((what, record.project))
        settled.append(record)
    return settled, said


def with_unit(record: Record, unit: str | None) -> Record:
    """The record with its amounts in that unit, where nothing says what they are in."""
    return replace(record, money_unit=unit) if unit and record.money_unit is None else record


def _lacks_points(record: Record) -> bool:
    """Whether it is an evaluation with actuals and no points at all."""
    rows = record.indicators
    return kind_of(record).scored and any(row.actual for row in rows) and all(row.weight is None for row in rows)


def _with_points(record: Record, rules: Profile) -> tuple[Record, str]:
    """Points dealt out as an evaluation rolled forward has them, where the execution's are the rules' own."""
    total: Any = next((line for line in record.budget if line.item == TOTAL_LINE), None)
    execution = rules.execution if total is None or total.weight is None else total.weight
    if execution != rules.execution:
        return (
            record,
            f"没有填分值；执行率填的是 {plain(execution)} 分，按规则是 {plain(rules.execution)} 分，分值没有替它分",
        )
    points = distribute([row.level1 for row in record.indicators], rules)
    budget = tuple(replace(line, weight=execution) if line is total else line for line in record.budget)
    indicators = tuple(replace(row, weight=weight) for row, weight in zip(record.indicators, points, strict=True))
    said = f"没有填分值，按规则分好了：执行率 {plain(execution)} 分，各指标合计 {plain(sum(points, Decimal(0)))} 分"
    return replace(record, budget=budget, indicators=indicators), said
