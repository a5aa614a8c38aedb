"""Ledgers of several people made one: equal rows once, blanks filled from the others, contradictions listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.naming import name_key
from ..domain.numbers import plain
from ..errors import LedgerError, Place
from ..form.catalogue import form_named
from . import columns as names
from . import contradicted as listed
from .book import ledger_book
from .carried import Carried, Held, carried, meaning
from .page import Table
from .projects import Owners, Project
from .renumbering import helper_rows, helper_table, renumber
from .tables import cell_of, headers_of, tables_of_rows, with_owner
from .told import Mistake
from .units import known_forms


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two ledgers that say different things of one cell, or something else that needs a decision.

    kept, other: the two texts, and where they stand (None: there is only one).
    """

    sheet: str
    project: str
    column: str
    kept: str
    kept_at: Place
    other: str = ""
    other_at: Place | None = None
    why: str = "两本台账里不一样，采用了前一个"

    def __str__(self) -> str:
        kept, other = (f"是“{said}”" if said else "空着" for said in (self.kept, self.other))
        at = f"；{self.other_at} {other}" if self.other_at else ""
        return f"“{self.project}”的{self.column}：{self.kept_at} {kept}{at}。{self.why}"


@dataclass(frozen=True, slots=True)
class Joined:
    """The ledger made of several. data: .xlsx bytes. projects: how many; same: rows that stood in several ledgers;
    filled: blank cells that got the value of another ledger; told: what was not carried."""

    data: bytes
    projects: int
    same: int
    filled: int
    contradictions: tuple[Contradiction, ...]
    wrong: tuple[Mistake, ...]
    told: tuple[str, ...]


def join(paths: Sequence[Path]) -> Joined:
    """One ledger of several, in the order given. Raises RefusedFile, LedgerError for one that cannot be taken in."""
    sources = [carried(path) for path in paths]
    return _Join(sources).joined()


class _Join:
    def __init__(self, sources: Sequence[Carried]):
        self.sources = sources
        self.rows: dict[str, list[Held]] = {name: [] for name in names.COLUMNS}
        self.contradictions: list[Contradiction] = []
        self.marks: dict[tuple[Held, str], list[str]] = {}
        self.spots: list[tuple[Held, Contradiction]] = []
        self.same = self.filled = 0

    def joined(self) -> Joined:
        """The whole."""
        renumber(self.sources)
        for source in self.sources:
            self._take(names.PROJECTS, source.rows[names.PROJECTS])
        self._perhaps_the_same()
        self._find_owners()
        self._units_agree()
        for sheet in (names.EXECUTION, names.INDICATORS):
            for source in self.sources:
                self._take(sheet, source.rows[sheet])
            self._in_order(sheet)
        with_owner(self.rows)
        headers = headers_of(self.sources, self.rows)
        marks = {spot: "\n".join(said) for spot, said in self.marks.items()}
        tables = tables_of_rows(headers, self.rows, marks)
        for title in (names.ASKED, names.IMPORTED):
            tables |= helper_table(title, *helper_rows(self.sources, title))
        tables |= self._listed(headers)
        wrong = [mistake for source in self.sources for mistake in source.wrong]
        told = [said for source in self.sources for said in source.told]
        count = len(self.rows[names.PROJECTS])
        found = tuple(self.contradictions)
        return Joined(ledger_book(tables), count, self.same, self.filled, found, tuple(wrong), tuple(told))

    # ---- rows

    def _take(self, sheet: str, rows: Sequence[Held]) -> None:
        """Add the rows of one more ledger; the nth row of a key there is the nth of that key here."""
        there = _numbered(sheet, self.rows[sheet])
        new = _numbered(sheet, rows)
        pairs = {new[key]: there[key] for key in new if key in there}
        pairs |= _moved(sheet, [held for held in rows if held not in pairs], self.rows[sheet], set(pairs.values()))
        for held in rows:
            if held in pairs:
                self.same += 1
                self._lay_over(sheet, pairs[held], held)
            else:
                self.rows[sheet].append(held)

    def _lay_over(self, sheet: str, kept: Held, other: Held) -> None:
        apart = sheet == names.PROJECTS and _unit(kept) != _unit(other)
        if apart:
            why = "金额单位不一样（空着的按表上的单位），采用了前一个"
            self._contradict(sheet, kept, names.MONEY_UNIT, other, why)
        for column, value in other.values.items():
            if apart and column == names.MONEY_UNIT:
                continue
            if column not in kept.values:
                kept.values[column] = value
                kept.filled[column] = other.place(column)
                self.filled += 1
                continue
            how = kept.row.sheet.types.get(column, other.row.sheet.types.get(column))
            if meaning(column, kept.values[column], how) != meaning(column, value, how):
                self._contradict(sheet, kept, column, other)

    def _contradict(self, sheet: str, kept: Held, column: str, other: Held, why: str = "") -> None:
        found = Contradiction(
            sheet,
            kept.project.project,
            column,
            _said(kept.values.get(column)),
            kept.place(column),
            _said(other.values.get(column)),
            other.place(column),
            *([why] if why else []),
        )
        self.contradictions.append(found)
        self.spots.append((kept, found))
        remark = f"采用 {found.kept_at}：{found.kept[:80]}\n另一个 {found.other_at}：{found.other[:80]}"
        self.marks.setdefault((kept, column), []).append(remark)

    def _perhaps_the_same(self) -> None:
        """Projects that differ only in that one says its form or unit and the other does not: both stay."""
        by_name: dict[tuple[int, str], list[Held]] = {}
        for held in self.rows[names.PROJECTS]:
            by_name.setdefault((held.project.year, name_key(held.project.project)), []).append(held)
        for group in by_name.values():
            for number, first in enumerate(group):
                for other in group[number + 1 :]:
                    column = _blank_difference(first, other)
                    if column and first.row.sheet is not other.row.sheet:
                        why = f"{column}一处空着、一处填了，不知道是不是同一个项目，两行都留着"
                        self._contradict(names.PROJECTS, first, column, other, why)

    def _find_owners(self) -> None:
        """Rows whose project stands in another ledger."""
        owners = Owners(known_forms())
        same: dict[Hashable, Project] = {}
        for held in self.rows[names.PROJECTS]:
            owners.add(held.project)
            same.setdefault(_identity(held), held.project)
        for source in self.sources:
            known = {id(held.project): _identity(held) for held in source.rows[names.PROJECTS]}
            for sheet in (names.EXECUTION, names.INDICATORS):
                for held in source.rows[sheet]:
                    if held.known:
                        held.project = same.get(known.get(id(held.project)), held.project)
                    elif owners.projects and held.row.has(names.PROJECT):
                        budget = sheet == names.EXECUTION
                        owner = owners.of(held.row, None, with_budget=budget)
                        if owner:
                            held.project, held.known = owner, True

    def _in_order(self, sheet: str) -> None:
        """The rows of a project together, in the order of the projects; those of none at the end."""
        order = {id(held.project): at for at, held in reversed(list(enumerate(self.rows[names.PROJECTS])))}
        strangers: dict[object, int] = {}
        for held in self.rows[sheet]:
            strangers.setdefault(_whose(held), len(order) + len(strangers))
        self.rows[sheet].sort(key=lambda held: order.get(id(held.project), strangers[_whose(held)]))

    def _units_agree(self) -> None:
        """A unit that the headings of 资金执行 say is that of the project, which may stand in another ledger."""
        of = {id(held.project): held for held in reversed(self.rows[names.PROJECTS])}
        for held in (held for source in self.sources for held in source.rows[names.EXECUTION]):
            project = of.get(id(held.project))
            unit = _said(project.values.get(names.MONEY_UNIT)) if project else None
            if held.unit and unit != held.unit:
                there = f"“{held.project.project}”的金额单位是“{unit}”" if unit else "金额单位空着"
                what = f"列名写的单位是{held.unit}，“项目”表里{there}"
                raise LedgerError(what, held.place(names.ITEM), "请先在各份台账里改成一致，再合并")

    # ---- other sheets

    def _listed(self, headers: dict[str, tuple[str, ...]]) -> dict[str, Table]:
        """The sheet 冲突."""
        at = {held: number for sheet in names.COLUMNS for number, held in enumerate(self.rows[sheet])}
        rows: list[dict[str, Any]] = [
            {
                listed.SHEET: found.sheet,
                listed.CELL: cell_of(headers[found.sheet], at[held], found.column),
                listed.PROJECT: found.project,
                listed.COLUMN: found.column,
                listed.KEPT: held.values.get(found.column),
                listed.KEPT_AT: str(found.kept_at),
                listed.OTHER: found.other,
                listed.OTHER_AT: str(found.other_at or ""),
                listed.WHY: found.why,
                listed.KEY: listed.key_of(found.sheet, headers[found.sheet], held.values),
            }
            for held, found in self.spots
        ]
        rows += [
            {
                listed.SHEET: wrong.where.sheet,
                listed.PROJECT: wrong.whose,
                listed.KEPT_AT: str(wrong.where),
                listed.WHY: f"{wrong.what}，{wrong.advice}",
            }
            for source in self.sources
            for wrong in source.wrong
        ]
        return {names.CONTRADICTIONS: listed.table_of(rows)} if rows else {}


def _identity(held: Held) -> Hashable:
    """What makes a row of 项目 the same project in another ledger."""
    project = held.project
    form = project.form or (project.kind.label if project.kind else None)
    return project.year, name_key(project.project), name_key(form), name_key(project.unit)


def _whose(held: Held) -> Hashable:
    return id(held.project) if held.known else (held.project.year, name_key(held.project.project))


def _key(sheet: str, held: Held) -> Hashable:
    if sheet == names.PROJECTS:
        return _identity(held)
    own = (names.ITEM,) if sheet == names.EXECUTION else (names.LEVEL1, names.LEVEL2, names.INDICATOR)
    return _whose(held), tuple(name_key(_said(held.values.get(column))) for column in own)


def _numbered(sheet: str, rows: Iterable[Held]) -> dict[tuple[Hashable, int], Held]:
    """The rows by their key and how many of that key came before."""
    seen: Counter[Hashable] = Counter()
    found = {}
    for held in rows:
        key = _key(sheet, held)
        found[key, seen[key]] = held
        seen[key] += 1
    return found


def _moved(sheet: str, rest: Sequence[Held], there: Sequence[Held], taken: set[Held]) -> dict[Held, Held]:
    """An indicator under another level in the other ledger: where its name is the only one left on both sides."""
    if sheet != names.INDICATORS:
        return {}
    sides: list[dict[Hashable, list[Held]]] = [{}, {}]
    for side, rows in zip(sides, (rest, [held for held in there if held not in taken]), strict=True):
        for held in rows:
            key = (_whose(held), name_key(_said(held.values.get(names.INDICATOR))))
            side.setdefault(key, []).append(held)
    new, old = sides
    return {rows[0]: old[key][0] for key, rows in new.items() if len(rows) == len(old.get(key, ())) == 1}


def _blank_difference(one: Held, other: Held) -> str | None:
    """The column that alone tells two projects apart, being blank in one of them."""
    first, second = one.project, other.project
    forms, units = (first.form, second.form), (name_key(first.unit), name_key(second.unit))
    kinds = None in (first.kind, second.kind) or first.kind is second.kind
    if units[0] == units[1] and forms[0] != forms[1] and None in forms and kinds:
        return names.FORM
    return names.UNIT if forms[0] == forms[1] and units[0] != units[1] and "" in units else None


def _unit(held: Held) -> str | None:
    """The money unit of a project: as it says, else its form's."""
    form = form_named(held.project.form)
    return _said(held.values.get(names.MONEY_UNIT)).strip() or (form.money_unit if form else None)


def _said(value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) or not hasattr(value, "as_tuple") else plain(value)
