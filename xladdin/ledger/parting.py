"""A ledger parted by a column of its projects: each part a ledger of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ..domain.naming import name_key
from ..domain.numbers import plain
from ..errors import LedgerError, Place
from ..workbook.names import unique_names
from . import columns as names
from .book import ledger_book
from .carried import Held, carried
from .renumbering import helper_rows, helper_table
from .tables import headers_of, tables_of_rows, with_owner
from .told import Mistake

BLANK, NOBODYS = "未填", "未归属"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the name of its file, what the column says there, its .xlsx bytes, how many projects it has."""

    name: str
    value: str
    data: bytes
    projects: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What a ledger was parted into. stray: rows of no project of it, in a part of their own; told: as of Joined."""

    parts: tuple[Part, ...]
    stray: int
    wrong: tuple[Mistake, ...]
    told: tuple[str, ...]


def part(path: Path, column: str) -> Parts:
    """The parts of a ledger, one for each value of a column of 项目; blank ones in one called 未填.

    Raises RefusedFile, LedgerError where the column is not there or the ledger cannot be taken in.
    """
    source = carried(path)
    known = source.columns[names.PROJECTS]
    wanted = next((name for name in known if name_key(name) == name_key(column)), None)
    if wanted is None:
        what = f"“{names.PROJECTS}”表里没有“{column}”这一列，不能按它拆分"
        raise LedgerError(what, Place(path.name, names.PROJECTS), f"可用的列：{'、'.join(known)}")
    groups: dict[str, tuple[str, dict[str, list[Held]]]] = {}
    whose: dict[int, dict[str, list[Held]]] = {}
    for held in source.rows[names.PROJECTS]:
        said = _text(held.values.get(wanted))
        _, rows = groups.setdefault(name_key(said), (said or BLANK, _empty()))
        rows[names.PROJECTS].append(held)
        whose.setdefault(id(held.project), rows)
    stray = _empty()
    for sheet in (names.EXECUTION, names.INDICATORS):
        for held in source.rows[sheet]:
            rows = whose.get(id(held.project), stray) if held.known else stray
            rows[sheet].append(held)
    with_owner(source.rows)
    columns, questions = helper_rows([source], names.ASKED)
    asked = _asked(questions, [rows for _, rows in groups.values()])
    imported = helper_table(names.IMPORTED, *helper_rows([source], names.IMPORTED))
    nobodys = sum(map(len, stray.values()))
    listed = [(said, rows) for said, rows in groups.values()]
    if nobodys or asked[-1]:
        listed.append((NOBODYS, stray))
    given = unique_names([(path.stem, said) for said, _ in listed])
    parts = []
    for (said, rows), name, own in zip(listed, given, asked, strict=False):
        tables = tables_of_rows(headers_of([source], rows), rows) | helper_table(names.ASKED, columns, own) | imported
        parts.append(Part(f"{name}.xlsx", said, ledger_book(tables), len(rows[names.PROJECTS])))
    return Parts(tuple(parts), nobodys, tuple(source.wrong), tuple(source.told))


def _asked(rows: Sequence[dict], groups: Sequence[dict[str, list[Held]]]) -> list[list[dict]]:
    """The rows of 待核 by the project they name, for each group; those of none last."""
    named = [{name_key(held.project.project) for held in group[names.PROJECTS]} for group in groups]
    found: list[list[dict]] = [[] for _ in (*groups, ())]
    for row in rows:
        project = name_key(_text(row.get("项目") or row.get(names.PROJECT)))
        owners = [at for at, keys in enumerate(named) if project in keys]
        for at in owners or [len(groups)]:
            found[at].append(row)
    return found


def _empty() -> dict[str, list[Held]]:
    return {name: [] for name in names.COLUMNS}


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value).strip()
