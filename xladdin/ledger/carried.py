"""A ledger's cells as they stand, to be carried into another one: what is typed, not what it is understood as.

Texts, figures, days and columns nobody knows are carried; of a formula its value. A merged cell stands in every row it
covers, and so do the year, form and levels that a row takes from the one above or from its project: in another ledger
its neighbours may be others. What is not carried is told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..domain import fields, labels, numbers
from ..domain.naming import name_key
from ..errors import LedgerError, Place
from ..workbook.grid import Grid, Undated, Unread, column_letters
from ..workbook.reading import read_grids
from ..workbook.remarks import commented_cells
from . import columns as names
from .days import day_of, year_of
from .finding import sheets_in
from .headings import sheet_named
from .levels import Levels
from .projects import Owners, Project
from .row import Money, Row, is_blank
from .sheet import Sheet
from .told import Mistake
from .units import known_forms, money_unit, wanted_form

_HELPERS = {names.ASKED: ("字段", "采用"), names.IMPORTED: ("文件",)}  # and headings that they have
_WAITING = re.compile(rf"{names.ASKED}\s*\d{{1,7}}")  # a cell whose question is still asked
_SHOWN = 5  # cells or rows that one sentence lists


@dataclass(slots=True, eq=False)
class Held:
    """A row: column → what stands there; project: whose it is.

    known: whether that stands in 项目 of the same ledger. unit: the money unit its headings say. filled: columns that
    got what they hold from elsewhere, and from where.
    """

    row: Row
    values: dict[str, Any]
    project: Project
    known: bool = True
    unit: str | None = None
    filled: dict[str, Place] = field(default_factory=dict)

    def place(self, column: str) -> Place:
        """Where that cell is."""
        return self.filled.get(column) or self.row.place(column)


@dataclass(slots=True)
class Carried:
    """What there is to carry of one ledger.

    rows, columns: by sheet, in their order. helpers: the columns and rows of the sheets 待核 and 导入记录.
    told: what is not carried, or otherwise than it stands. wrong: cells whose content cannot be carried.
    """

    file: str
    rows: dict[str, list[Held]]
    columns: dict[str, list[str]]
    helpers: dict[str, tuple[list[str], list[dict[str, Any]]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    wrong: list[Mistake] = field(default_factory=list)


def carried(path: Path) -> Carried:
    """The cells of a ledger. Raises RefusedFile, or LedgerError where it is none or its money units disagree."""
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path):
        self.path, self.file = path, path.name
        grids = read_grids(path)
        self.found = Carried(self.file, {name: [] for name in names.COLUMNS}, {name: [] for name in names.COLUMNS})
        self.grids = {grid.sheet: grid for grid in grids if not grid.broken}
        for error in (grid.broken for grid in grids if grid.broken):
            self.found.wrong.append(Mistake(error.where or Place(self.file), error.what, error.advice))
        self.extras = names.known_extras()
        self.sheets, *_, several, passed_over = sheets_in(self.grids.values(), self.extras)
        self.found.wrong += several
        self.found.told += [f"{note.where}：{note.what}" for note in passed_over]
        if not self.sheets:
            advice = "请检查文件；台账要有“项目”“资金执行”“指标”工作表"
            raise LedgerError("这个文件里没有台账的工作表", Place(file=self.file), advice)
        self.forms = known_forms()
        self.owners = Owners(self.forms)
        self.strangers: dict[tuple[int | None, str], Project] = {}
        self.formulas = self.merged = 0

    def read(self) -> Carried:
        """All its sheets."""
        flat = self.sheets.get(names.PROJECTS) is self.sheets.get(names.INDICATORS, self)
        if flat:
            what = "项目和指标在同一张表里，这样的台账不能合并或拆分"
            raise LedgerError(what, Place(self.file), "请用 xladdin ledger 新建一份台账，把内容分填到三张表里")
        if self.sheets.get(names.PROJECTS):
            for row in self._rows(names.PROJECTS):
                self._project(row)
        for name in (names.EXECUTION, names.INDICATORS):
            if self.sheets.get(name):
                self._of_projects(name)
        self._tell()
        for title, grid in self.grids.items():
            if sheet_named(title) in _HELPERS:
                self.found.helpers[sheet_named(title)] = _plain_table(grid)
        if names.ASKED in self.found.helpers:
            self.found.told.append(f"{self.file} “{names.ASKED}”里的图片和链接没有带过来，文字都带过来了")
        return self.found

    def _rows(self, name: str) -> Iterator[Row]:
        """The rows of a sheet; columns that are none of the ledger's are columns too."""
        sheet = self.sheets[name]
        self._name_others(sheet)
        self.found.columns[name] = list(sheet.columns)
        seen = set()
        for row in sheet.rows():
            seen.add(row.line.number)
            yield row
        self._not_carried(sheet, seen)

    def _name_others(self, sheet: Sheet) -> None:
        named = set(sheet.columns.values())
        grid = self.grids[sheet.source.sheet]
        live = {at for at, text in sheet.headings.texts.items() if labels.normalise(text) in names.LIVE}
        for at in sorted({column for row, column in grid.cells if row > sheet.headings.row} - named - live):
            text = " ".join(sheet.headings.texts.get(at, "").split())
            title = text or f"无列名{column_letters(at)}"
            sheet.columns[title if title not in sheet.columns else f"{title}（{column_letters(at)}列）"] = at
        for at, text in sorted(sheet.headings.texts.items()):
            if at not in live and at not in sheet.columns.values() and text.strip() not in sheet.columns:
                sheet.columns[" ".join(text.split())] = at

    def _not_carried(self, sheet: Sheet, seen: set[int]) -> None:
        at, rest = sheet.columns.get(names.PROJECT, 0), []
        live = {at for at, text in sheet.headings.texts.items() if labels.normalise(text) in names.LIVE}
        for line in self.grids[sheet.source.sheet].rows():
            own = [value for column, value in line.cells.items() if column not in live and not is_blank(value)]
            if line.number in seen or line.number == sheet.headings.row or not own:
                continue
            typed = line.cells.get(at)
            if not (isinstance(typed, str) and names.SAMPLE in name_key(typed)) and not set(line.cells) <= live:
                rest.append(line.number)
        rest = [number for number in rest if not self._is_heading(sheet, number)]
        if rest:
            said = "、".join(map(str, rest[:_SHOWN])) + ("等" if rest[_SHOWN:] else "")
            self.found.told.append(f"{self.file} {sheet.source.sheet} 第 {said} 行是标题、合计或说明，没有带过来")

    @staticmethod
    def _is_heading(sheet: Sheet, number: int) -> bool:
        """Whether it is the other row of headings that stand in two."""
        return number == sheet.headings.row - 1 and len(sheet.headings.texts) > 1 and number > 1

    def _project(self, row: Row) -> None:
        year, name = row.year(), row.text(names.PROJECT) or ""
        wanted, unit = wanted_form(row, self.forms), row.text(names.UNIT)
        project = Project(row, year or 0, name, wanted.form, wanted.kind, unit, Money())
        if year is not None and name.strip():
            project = self.owners.add(project) or project
        held = Held(row, self._values(row, names.PROJECTS), project)
        self._settle_unit(held)
        self.found.rows[names.PROJECTS].append(held)

    def _settle_unit(self, held: Held) -> None:
        """A unit that only headings say goes with the row. Raises LedgerError where it is not one and the same."""
        row = held.row
        money = money_unit(row, self.sheets)
        said = {unit for sheet in self.sheets.values() for unit in sheet.units.values()}
        unsaid = any(
            name not in sheet.units
            for sheet in self.sheets.values()
            if sheet.units
            for name in sheet.columns
            if sheet.types.get(name) == fields.AMOUNT
        )
        if said and (said != {money.unit} or (money.from_headings and unsaid)):
            what = "列名（或表头）写的金额单位不一样，或与这一行的金额单位不同，不知道是元还是万元"
            raise LedgerError(what, row.place(names.MONEY_UNIT), "请先在这份台账里改成一致")
        if money.unit and is_blank(held.values.get(names.MONEY_UNIT)):
            held.values[names.MONEY_UNIT] = money.unit

    def _of_projects(self, name: str) -> None:
        above, levels = None, Levels()
        sheet = self.sheets[name]
        said = set(sheet.units.values())
        unit = said.pop() if len(said) == 1 else None
        for row in self._rows(name):
            budget = name == names.EXECUTION
            owner = self.owners.of(row, above, with_budget=budget) if self.owners.projects else None
            project = owner or self._stranger(row)
            values = self._values(row, name)
            if owner and is_blank(values.get(names.YEAR)):
                values[names.YEAR] = Decimal(owner.year)
            if name == names.INDICATORS:
                own = {"level1": row.text(names.LEVEL1), "level2": row.text(names.LEVEL2)}
                filled = levels.of(project, row, own)
                values |= {
                    column: filled[path]
                    for column, path in ((names.LEVEL1, "level1"), (names.LEVEL2, "level2"))
                    if path in filled
                }
            self.found.rows[name].append(Held(row, values, project, owner is not None, unit))
            above = owner if row.has(names.PROJECT) else above
        list(levels.told())
        mixed = [
            mistake for held in self.found.rows[name] for mistake in held.project.mistakes if "打乱" in mistake.what
        ]
        if mixed:
            raise LedgerError(mixed[0].what, mixed[0].where, mixed[0].advice)

    def _stranger(self, row: Row) -> Project:
        year, name = row.year(), row.text(names.PROJECT) or ""
        key = (year, name_key(name))
        if key not in self.strangers:
            self.strangers[key] = Project(row, year or 0, name, None, None, row.text(names.UNIT), Money())
        return self.strangers[key]

    # ---- cells

    def _values(self, row: Row, sheet: str) -> dict[str, Any]:
        found = {
            column: self._value(row, column, self.grids[self.sheets[sheet].source.sheet])
            for column in row.sheet.columns
        }
        return {column: value for column, value in found.items() if value is not None}

    def _value(self, row: Row, column: str, grid: Grid) -> Any:
        line, at = row.line, row.sheet.columns[column]
        value = line.cells.get(at)
        how = row.sheet.types.get(column)
        waiting = grid.cells.get((line.number, at))
        if isinstance(waiting, str) and _WAITING.fullmatch(waiting.strip()) and value in (None, waiting):
            return waiting.strip()
        if at in row.covered and column in row.sheet.single:
            if row.has(column):
                self._wrong(row, column, "是几行合并的一格，只带到了第一行", "请核对各行的数")
            return None
        self.merged += at in row.covered and value is not None
        if at in line.formulas:
            if value is None and row.text(column) is None:
                row.mistakes.clear()
                self._wrong(row, column, f"的公式“={line.formulas[at][:40]}”没有算出值，没有带过来", "请补填")
                return None
            self.formulas += at not in row.covered
        if isinstance(value, Unread):
            self._wrong(row, column, f"“{value}”看不懂，没有带过来", "请补填")
            return None
        if value is None and at not in line.formulas:
            return None
        if column == names.YEAR and not isinstance(value, bool) and value is not None:
            year = year_of(value)
            return Decimal(year) if year else row.text(column)
        if isinstance(value, dt.date) and not isinstance(value, Undated) and how in (fields.DATE, None):
            return value
        if isinstance(value, Decimal) and (how in fields.FIGURES or how in (fields.DATE, None)):
            seen = at in line.percents and how != fields.RATE or at in line.shown
            return row.text(column) if seen else value
        return row.text(column)

    def _wrong(self, row: Row, column: str, what: str, advice: str) -> None:
        whose = row.text(names.PROJECT)
        self.found.wrong.append(Mistake(row.place(column), f"{column}{what}", advice, whose))

    def _tell(self) -> None:
        if self.formulas:
            self.found.told.append(f"{self.file} 有 {self.formulas} 个公式，带过来的是算出的值")
        if self.merged:
            self.found.told.append(f"{self.file} 有合并单元格，值写到了它盖住的 {self.merged} 行里")
        for title, cells in commented_cells(self.path).items():
            sheet = next((one for one in self.sheets.values() if one.source.sheet == title), None)
            ours = {f"{column_letters(at)}{sheet.headings.row}" for at in sheet.headings.texts} if sheet else set()
            if rest := [cell for cell in cells if cell not in ours] if sheet else []:
                said = "、".join(rest[:_SHOWN]) + (f" 等 {len(rest)} 处" if rest[_SHOWN:] else "")
                self.found.told.append(f"{self.file} {title} {said} 的批注没有带过来")


def _plain_table(grid: Grid) -> tuple[list[str], list[dict[str, Any]]]:
    """A helper sheet: its headings, and what stands below them."""
    lines = list(grid.rows())
    wanted = _HELPERS[sheet_named(grid.sheet)]
    start = next((at for at, line in enumerate(lines) if {*wanted} <= {*map(str, line.cells.values())}), None)
    if start is None:
        return [], []
    heads = {at: " ".join(text.split()) for at, text in sorted(lines[start].cells.items()) if isinstance(text, str)}
    rows = [
        {heads[at]: str(value) if isinstance(value, Unread) else value for at, value in sorted(line.cells.items())
         if at in heads and not is_blank(value)}
        for line in lines[start + 1 :]
    ]  # fmt: skip
    return list(heads.values()), [row for row in rows if row]


def meaning(column: str, value: Any, how: str | None) -> object:
    """What a cell says, as two of them are compared: 100 and 100.00, or 2024-01-01 and 2024年1月1日, are the same.

    how: the type of the column (fields.TYPES), None of one nobody knows.
    """
    text = value.strip() if isinstance(value, str) else value
    if column == names.YEAR and not isinstance(value, bool):
        return year_of(value) or str(text)
    if how in fields.FIGURES and isinstance(text, str):
        return numbers.decimal_of(text) if numbers.decimal_of(text) is not None else text
    if how == fields.DATE and isinstance(text, (str, Decimal)):
        return day_of(text, column == names.END) or str(text)
    if how == fields.NAME and isinstance(text, str):
        return name_key(text)
    return "\n".join(text.splitlines()) if isinstance(text, str) else text
