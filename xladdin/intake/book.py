"""The ledger that is imported into: what stands where, which rows are free, and what is to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..domain.kinds import Kind, kind_of
from ..domain.naming import name_key
from ..domain.records import Record
from ..errors import LedgerError, Place
from ..ledger.asked import SHEET as ASKED
from ..ledger.asked import Questions, marked, questions_in
from ..ledger.columns import (
    EXECUTION,
    FORM,
    HANDLER,
    INDICATORS,
    MONEY_UNIT,
    PROJECT,
    PROJECTS,
    SAMPLE,
    UNIT,
    YEAR,
)
from ..ledger.headings import Headings, sheet_named
from ..ledger.projects import Project
from ..ledger.reading import placed
from ..workbook.appending import Addition, Value
from ..workbook.grid import Grid, Spot, address
from ..workbook.reading import read_grids
from .rows import Row, Rows, rows_of

ROLES = (PROJECTS, EXECUTION, INDICATORS)
KEYS = frozenset({YEAR, PROJECT, UNIT, FORM, MONEY_UNIT})  # tell whose a row is, or what its amounts are in
_SHEETS = "请用 xladdin ledger 生成的台账（项目、资金执行、指标三张表）"


@dataclass(slots=True, eq=False)
class There:
    """A project of the ledger, or one just put there. rows and at: what its rows hold, and their numbers, by sheet.

    kind: None where it is not known. broken: its rows cannot be understood, and are left alone.
    """

    year: int | None
    project: str
    unit: str
    kind: Kind | None
    form: str | None
    money_unit: str | None
    rows: dict[str, list[Row]]
    at: dict[str, list[int]]
    record: Record | None = None
    broken: bool = False


@dataclass(slots=True)
class Sheet:
    """One sheet. columns: name → number; following: the first row nothing stands in; values: what is to be written."""

    title: str
    heading: int
    last: int
    following: int
    width: int
    columns: dict[str, int]
    values: dict[Spot, Value] = field(default_factory=dict)
    marked: set[Spot] = field(default_factory=set)
    copied: Mapping[int, int] = field(default_factory=dict)  # columns of formulas → the last row that has one
    written: int = 0  # how many values were put

    def column(self, name: str) -> int:
        """The number of a column; one more on the right where there is none."""
        if name not in self.columns:
            self.width += 1
            self.columns[name] = self.width
            self.values[self.heading, self.width] = name
        return self.columns[name]

    def put(self, row: int, name: str, value: Value) -> None:
        """Write a value."""
        self.values[row, self.column(name)] = value
        self.written += 1

    def take_row(self) -> int:
        """A free row."""
        self.following += 1
        return self.following - 1

    def addition(self) -> Addition:
        """What is to be written, for the workbook."""
        return Addition(self.values, self.heading, self.last, self.copied, frozenset(self.marked))


class Book:
    """A ledger opened to be written into. Raises RefusedFile, LedgerError."""

    def __init__(self, data: bytes, name: str, new: bool = False):
        self.data, self.name = data, name
        self.grids = read_grids(data, name)
        for grid in self.grids:
            if grid.broken:
                raise grid.broken
        found = placed(self.grids, name)
        self.mistakes = found.ledger.mistakes
        for role in ROLES:
            if role not in found.sheets or found.sheets[role].missing:
                raise self._lacking(role, found.sheets[role].missing if role in found.sheets else ())
        self.sheets: dict[str, Sheet] = {}
        self.waiting: dict[tuple[str, int, int], int] = {}  # role, row, column → question
        made: dict[str, Sheet] = {}
        by_title = {grid.sheet: grid for grid in self.grids}
        for role in ROLES:
            source = found.sheets[role]
            own = by_title[source.source.sheet]
            if own.sheet not in made:
                made[own.sheet] = _sheet(own, source.headings, new)
            self.sheets[role] = made[own.sheet]
            for (row, column), value in own.cells.items():
                if (number := marked(value)) is not None:
                    self.waiting[role, row, column] = number
        self.flat = self.sheets[PROJECTS] is self.sheets[INDICATORS]
        self.there = [_there(project) for project in found.projects]
        self.asked_grid = next((grid for grid in self.grids if sheet_named(grid.sheet) == ASKED), None)
        self.questions = questions_in(self.asked_grid.rows()) if self.asked_grid else Questions()

    def _lacking(self, role: str, columns: Sequence[str]) -> LedgerError:
        """Why a ledger cannot be written into."""
        several = next((one for one in self.mistakes if not columns and one.where.sheet and not one.where.cell), None)
        if several:
            return LedgerError(several.what, several.where, several.advice)
        what = f"台账的“{role}”表缺少{'、'.join(columns)}列" if columns else f"台账里没有“{role}”表"
        return LedgerError(f"{what}，没有导入", Place(file=self.name), _SHEETS)

    def cell(self, role: str, row: int, name: str) -> tuple[str, int, int]:
        """Of a column, as `waiting` has it."""
        return role, row, self.sheets[role].columns.get(name, 0)

    def waits(self, role: str, row: int, name: str) -> bool:
        """Whether a cell still waits for an answer."""
        return self.cell(role, row, name) in self.waiting

    def unanswered(self) -> set[int]:
        """The numbers of the questions nobody has answered, in 待核 or by typing over the cell."""
        aimed = {row.number for row in self.questions.rows if row.number is not None and row.aim and not row.answered}
        return aimed | set(self.waiting.values())

    def lost(self) -> set[int]:
        """Those of them that cells wait for, and 待核 no longer asks."""
        return set(self.waiting.values()) - {row.number for row in self.questions.rows}

    def find(self, record: Record) -> list[There]:
        """The project of the ledger that a record is another account of; several where that cannot be told."""
        key, unit, kind = name_key(record.project), name_key(record.unit), kind_of(record)
        found = [
            there
            for there in self.there
            if (there.year, there.project) == (record.year, key)
            and there.kind in (None, kind)
            and (not unit or not there.unit or unit == there.unit)
            and (not record.form or not there.form or record.form == there.form)
        ]
        exact = [there for there in found if (there.unit, there.form) == (unit, record.form)]
        return exact if len(exact) == 1 else found

    def hand_on(self, new: There) -> None:
        """Put beside a project's new rows the 经办人 that stands beside the latest of its others."""
        sheet = self.sheets[PROJECTS]
        if HANDLER not in sheet.columns:
            return
        grid = next(grid for grid in self.grids if grid.sheet == sheet.title)
        own = [one for one in self.there if one.project == new.project and (one.unit == new.unit or not one.unit)]
        rows = [at for one in sorted(own, key=lambda one: one.year or 0) for at in one.at[PROJECTS]]
        said = [value for at in rows if isinstance(value := grid.cells.get((at, sheet.columns[HANDLER])), str)]
        for at in new.at[PROJECTS] if said else ():
            sheet.put(at, HANDLER, said[-1])

    def additions(self) -> dict[str, Addition]:
        """All that is to be written into the three sheets."""
        sheets = {sheet.title: sheet for sheet in self.sheets.values()}
        return {title: sheet.addition() for title, sheet in sheets.items() if sheet.values or sheet.marked}


def _sheet(grid: Grid, headings: Headings, new: bool) -> Sheet:
    """new: a ledger nobody has filled in yet, whose sample rows make room."""
    heading, columns = headings.row, headings.columns
    known = set(columns.values())
    held = {row for row, column in (*grid.cells, *grid.formulas) if column in known}
    held |= {bottom for top, left, bottom, right in grid.merges if any(left <= at <= right for at in known)}
    last = max({heading, *held})
    values: dict[Spot, Value] = {}
    if new and _is_sample(grid, columns):
        values = {spot: None for spot in grid.cells if spot[0] > heading and spot not in grid.formulas}
        last = heading
    width = max((column for _, column in (*grid.cells, *grid.formulas)), default=0)
    copied = {column: row for row, column in sorted(grid.formulas) if column not in known and row > heading}
    called = {"".join(text.split()): at for at, text in headings.texts.items()}  # helper columns, too
    return Sheet(grid.sheet, heading, last, last + 1, width, called | columns, values, copied=copied)


def _is_sample(grid: Grid, columns: Mapping[str, int]) -> bool:
    at = columns.get(PROJECT)
    return any(
        SAMPLE in name_key(value) for (_, column), value in grid.cells.items() if column == at and type(value) is str
    )


def _there(project: Project) -> There:
    record = project.record
    kind = kind_of(record) if record else project.kind
    rows: Rows = rows_of(record) if record else {role: [] for role in ROLES}
    at = {
        PROJECTS: [project.row.line.number],
        EXECUTION: project.budget_at,
        INDICATORS: project.indicators_at,
    }
    return There(
        project.year,
        name_key(project.project),
        name_key(project.unit),
        kind,
        project.form,
        project.money.unit,
        {role: list(lines) for role, lines in rows.items()},
        {role: list(numbers) for role, numbers in at.items()},
        record,
        record is None,
    )


def where(sheet: Sheet, row: int, name: str) -> str:
    """A cell of the ledger, in words."""
    return f"{sheet.title}!{address(row, sheet.columns.get(name, 1))}"
