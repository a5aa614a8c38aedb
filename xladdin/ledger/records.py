"""What a project of the ledger comes to: its record, and notes on values that had no use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..domain.kinds import Kind, Table, in_order
from ..domain.records import Record
from ..domain.serial import slots
from . import columns as names
from .projects import Project
from .told import Mistake

_OWN = ("year", "project", "unit", "money_unit")  # read first, to know whose row it is


def record_of(project: Project, notes: list[Mistake]) -> Record:
    """The record of a project. What cannot be read breaks it; what no form of its kind has is noted."""
    row = project.row
    kind = project.kind or _kind_by_content(project)
    values: dict[str, Any] = {
        "form": project.form,
        "year": project.year,
        "project": project.project,
        "unit": project.unit,
        "money_unit": project.money.unit,
    }
    values["extra"] = {name: text for name in row.sheet.extras if (text := row.text(name)) is not None}
    unused = []
    for name, path in names.all_paths(names.PROJECTS).items():
        if path in kind.words.values():
            values |= {} if path in _OWN else {path: row.value(name, project.money)}
        elif row.has(name) and name not in _in_rows(row.sheet.roles):
            unused.append(name)
    values |= _parts(kind, values)
    if kind.budget:
        values["budget"], more = _table(project.budget, kind.budget, names.EXECUTION)
        unused += more
    values["indicators"], more = _table(project.indicators, kind.indicators, names.INDICATORS)
    place = row.place(names.PROJECT)
    if unused := unused + more:
        what = f"{kind.label}没有{'、'.join(unused)}，填的这些内容没有用上"
        notes.append(Mistake(place, what, "如表式选错了，请改正", project.project))
    if not project.indicators and not project.broken:
        what = "“指标”表里没有它的指标，表上的指标是空的"
        notes.append(Mistake(place, what, "请核对是不是漏填了", project.project))
    project.take(row)
    notes += (replace(note, whose=project.project) for note in row.notes)
    made: Callable[..., Record] = kind.record
    return made(**values)


def _in_rows(roles: Sequence[str]) -> set[str]:
    """Columns that on a flat sheet are those of the rows."""
    return {name for role in roles if role != names.PROJECTS for name in names.columns(role)}


def _table(rows: Sequence[dict[str, Any]], table: Table, sheet: str) -> tuple[tuple[Any, ...], list[str]]:
    """The rows of a table, and the columns that hold something the kind has no use for."""
    own = {"item", *table.columns.values()}
    unused = [
        name
        for name, path in names.all_paths(sheet).items()
        if path not in own and any(row.get(path) is not None for row in rows)
    ]
    return tuple(table.row(**{path: row[path] for path in row if path in own}) for row in rows), unused


def _parts(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """Values at a path inside a part of the record (funds.total), taken out of `values` and put into that part."""
    parts: dict[str, dict[str, Any]] = {}
    for path in [path for path in values if "." in path]:
        part, _, name = path.partition(".")
        parts.setdefault(part, {})[name] = values.pop(path)
    cls: type = kind.record
    return {part: slots(cls)[part].holds(**inside) for part, inside in parts.items()}


def _kind_by_content(project: Project) -> Kind:
    """The kind of form that has what was filled in."""
    seen = {path for name, path in names.paths(names.PROJECTS).items() if path not in _OWN and project.row.has(name)}
    seen |= {path for row in project.indicators for path, value in row.items() if value is not None}
    seen |= {path for row in project.budget for path, value in row.items() if value is not None}
    seen |= {"budget"} if project.budget else set()
    return next(kind for kind in in_order() if kind.shown_by(seen))
