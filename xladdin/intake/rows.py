"""What a record is in a ledger: the rows of its sheets, and in which of their cells a field stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..domain import fields
from ..domain.kinds import is_scored, kind_of
from ..domain.records import Evaluation, Record
from ..domain.scoring import scored, totals
from ..form.catalogue import profile_of
from ..ledger.columns import (
    EXECUTION,
    FORM,
    INDICATORS,
    ITEM,
    PROJECT,
    PROJECTS,
    UNIT,
    YEAR,
    all_paths,
    known_extras,
    paths,
    type_of,
)

Row = dict[str, Any]  # column → value; no column stands for a blank cell
Rows = Mapping[str, list[Row]]  # by sheet; one row of 项目
Slot = tuple[str, int, str]  # sheet, which of its rows, column
_TABLES = {EXECUTION: "budget", INDICATORS: "indicators"}
_ROW = re.compile(r"(budget|indicators)\[(\d+)\](?:\.(\w+))?")


def rows_of(record: Record) -> Rows:
    """The rows of a record. Figures that the formulas of its form give as they are printed are left to these."""
    record = _without_computed(record)
    kind = kind_of(record)
    key = {YEAR: record.year, PROJECT: record.project, FORM: record.form or kind.label}
    known = known_extras()
    single = {name: fields.get(record, path) for name, path in kind.words.items()}
    single |= {name: text for name, text in record.extra.items() if name in known}
    found = {PROJECTS: [_filled({**single, **key})]}
    for sheet, attribute in _TABLES.items():
        columns = all_paths(sheet) if sheet == EXECUTION else paths(sheet)
        lines = getattr(record, attribute)
        found[sheet] = [
            _filled(
                {name: getattr(line, path, None) for name, path in columns.items()}
                | key
                | {UNIT: record.unit, ITEM: getattr(line, "item", None)}
            )
            for line in lines
        ]
    return found


def _filled(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None and value != ""}


def _without_computed(record: Record) -> Record:
    """The record without the rates, scores and totals that the formulas of its form give just so."""
    if not is_scored(record):
        return record
    blank = replace(
        record,
        budget=tuple(replace(line, rate=None, score=None) for line in record.budget),
        indicators=tuple(replace(row, score=None) for row in record.indicators),
        total_weight=None,
        total_score=None,
    )
    rules = profile_of(record)
    full: Evaluation = scored(blank, rules)
    weight, points = totals(scored(record, rules))
    budget = tuple(
        replace(
            line,
            rate=None if line.rate == own.rate else line.rate,
            score=None if line.score == own.score else line.score,
        )
        for line, own in zip(record.budget, full.budget, strict=True)
    )
    rows = tuple(
        replace(row, score=None if row.score == own.score else row.score)
        for row, own in zip(record.indicators, full.indicators, strict=True)
    )
    return replace(
        record,
        budget=budget,
        indicators=rows,
        total_weight=None if record.total_weight == weight else record.total_weight,
        total_score=None if record.total_score == points else record.total_score,
    )


def slots_of(record: Record, field: str) -> list[Slot]:
    """The cells of its rows that a field of a record is told in; none for what a ledger has no column for.

    Of a whole row (indicators[3]) all that are filled; of a whole table, or of a heading, none.
    """
    rows = rows_of(record)
    if field in ("project", "year"):
        column = PROJECT if field == "project" else YEAR
        return [(sheet, at, column) for sheet, lines in rows.items() for at in range(len(lines))]
    if match := _ROW.fullmatch(field):
        sheet = next(sheet for sheet, attribute in _TABLES.items() if attribute == match[1])
        at = int(match[2])
        columns = {path: name for name, path in all_paths(sheet).items()}
        if at >= len(rows[sheet]):
            return []
        if match[3]:
            return [(sheet, at, columns[match[3]])] if match[3] in columns else []
        return [(sheet, at, name) for name in columns.values() if name in rows[sheet][at]]
    if field.startswith("extra."):
        name = field.removeprefix("extra.")
        return [(PROJECTS, 0, name)] if name in known_extras() else []
    names = {path: name for name, path in kind_of(record).words.items()}
    return [(PROJECTS, 0, names[field])] if field in names else []


def is_figure(sheet: str, column: str) -> bool:
    """Whether money, points or a rate stand in a column."""
    return column in all_paths(sheet) and type_of(sheet, column) in fields.FIGURES


def is_amount(sheet: str, column: str) -> bool:
    """Whether money stands in a column."""
    return column in all_paths(sheet) and type_of(sheet, column) == fields.AMOUNT


def is_day(sheet: str, column: str) -> bool:
    """Whether a date stands in a column."""
    return column in all_paths(sheet) and type_of(sheet, column) == fields.DATE
