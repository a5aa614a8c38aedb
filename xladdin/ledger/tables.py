"""Carried rows as the sheets of a new ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..domain.naming import name_key
from ..workbook.grid import address
from . import columns as names
from .carried import Carried, Held
from .page import Table
from .projects import Project

Rows = Mapping[str, Sequence[Held]]


def headers_of(sources: Iterable[Carried], rows: Rows) -> dict[str, tuple[str, ...]]:
    """The columns of the three sheets: the ledger's own, then those that the sources have besides, then helpers."""
    sources = list(sources)
    found = {}
    for sheet in names.COLUMNS:
        known = list(names.columns(sheet))
        own = [column for source in sources for column in source.columns[sheet]]
        needed = [column for column in names.OPTIONAL[sheet] if any(column in held.values for held in rows[sheet])]
        helpers = names.OWN[sheet]
        others = [column for column in dict.fromkeys([*needed, *own]) if column not in known and column not in helpers]
        found[sheet] = (*known, *others, *helpers)
    return found


def with_owner(rows: Rows) -> None:
    """Rows that would no longer say for themselves whose they are get form and unit of their project."""
    groups: dict[tuple[int, str], list[Project]] = {}
    for held in rows[names.PROJECTS]:
        groups.setdefault(_key(held), []).append(held.project)
    for sheet in (names.EXECUTION, names.INDICATORS):
        for held in rows[sheet]:
            project = held.project
            same = groups.get(_key(held), []) if held.known else []
            if sheet == names.EXECUTION:
                same = [other for other in same if other.may_have_budget]
            several = {name_key(other.form) for other in same}, {name_key(other.unit) for other in same}
            for column, value, said in zip(
                (names.FORM, names.UNIT), (project.form, project.unit), several, strict=True
            ):
                if value and len(said) > 1 and not held.values.get(column):
                    held.values[column] = value


def _key(held: Held) -> tuple[int, str]:
    return held.project.year, name_key(held.project.project)


def tables_of_rows(
    headers: Mapping[str, tuple[str, ...]], rows: Rows, marks: Mapping[tuple[Held, str], str] | None = None
) -> dict[str, Table]:
    """The three sheets. marks: a row and column → the remark on that cell."""
    found = {}
    for sheet in names.COLUMNS:
        at = {held: number for number, held in enumerate(rows[sheet])}
        marked = {(at[held], column): said for (held, column), said in (marks or {}).items() if held in at}
        found[sheet] = Table(headers[sheet], [held.values for held in rows[sheet]], marked)
    return found


def cell_of(headers: Sequence[str], row: int, column: str) -> str:
    """The address of a cell of a new ledger; row from 0."""
    return address(row + 2, headers.index(column) + 1)
