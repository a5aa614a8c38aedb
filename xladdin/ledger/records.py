"""What a project of the ledger comes to: its record, and notes on values that had no use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..domain.kinds import Kind, Table, in_order
from ..domain.records import Record
from ..domain.serial import slots
from . import columns as names
from .projects import Project
from .told import Mistake

_OWN = ("year", "project", "unit", "money_unit")  # read first, to know whose row it is
Paths = Mapping[str, Mapping[str, str]]  # sheet → column → field, of all that a sheet may have


def record_of(project: Project, notes: list[Mistake], paths: Paths) -> Record:
    """The record of a project. What cannot be read breaks it; what no form of its kind has is noted."""
    row = project.row
    kind = project.kind or _kind_by_content(project)
    own = frozenset(kind.words.values())
    values: dict[str, Any] = {
        "form": project.form,
        "year": project.year,
        "project": project.project,
        "unit": project.unit,
        "money_unit": project.money.unit,
    }
    values["extra"] = {name: text for name in row.sheet.extras if (text := row.text(name)) is not None}
    fitting = {name: path for name, path in paths[names.PROJECTS].items() if path in own and path not in _OWN}
    values |= dict.fromkeys(fitting.values())
    values |= row.values({name: path for name, path in fitting.items() if name in row.sheet.columns}, project.money)
    odd = [name for name, path in paths[names.PROJECTS].items() if path not in own and row.has(name)]
    unused = [name for name in odd if name not in _in_rows(row.sheet.roles)]
    values |= _parts(kind, values)
    if kind.budget:
        values["budget"], more = _table(project.budget, kind.budget, paths[names.EXECUTION])
        unused += more
    values["indicators"], more = _table(project.indicators, kind.indicators, paths[names.INDICATORS])
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


def _table(rows: Sequence[dict[str, Any]], table: Table, paths: Mapping[str, str]) -> tuple[tuple[Any, ...], list[str]]:
    """The rows of a table, and the columns that hold something the kind has no use for."""
    own = {"item", *table.columns.values()}
    blank = {path: None for path in paths.values() if path in own}
    seen = {path for row in rows for path in row.keys() - own if row[path] is not None}
    made = (table.row(**blank | {path: value for path, value in row.items() if path in own}) for row in rows)
    return tuple(made), [name for name, path in paths.items() if path in seen]


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
