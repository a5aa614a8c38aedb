"""A ledger back into records. Every mistake is collected, with its cell; a project that has one is not produced."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain import fields, labels
from ..domain.naming import name_key
from ..domain.records import BUDGET_ITEMS, Record
from ..domain.serial import from_dict
from ..errors import BadValue, BrokenPart, LedgerError, Place, RefusedFile, XladdinError
from ..files import read_bytes
from . import columns as names
from .decided import decide
from .finding import sheets_in
from .headings import sheet_named
from .levels import Levels
from .projects import Owners, Project
from .records import record_of
from .row import Money, Row
from .settling import settle, with_unit
from .sheet import Sheet
from .told import Mistake, Told
from .units import known_forms, money_unit, wanted_form

if TYPE_CHECKING:
    from ..workbook.grid import Grid
    from ..workbook.reading import SheetOnDisk

MAX_JSON = 24 << 20
MAX_RECORDS = 200_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was understood: the records, the mistakes to put right, notes, and the projects that were left out."""

    records: list[Record]
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()
    left_out: tuple[str, ...] = ()


def load(path: str | Path, form: str | None = None, money_unit: str | None = None) -> Ledger:
    """The ledger of an .xlsx, or the records of a .json file (a list). Raises when the file cannot be opened.

    form: the form they are to go into, where not the ledger but the call says so. money_unit: what amounts
    are in where nothing says it; else a blank cell of a ledger means the unit of the form.
    """
    path = Path(path)
    read = _load_json(path) if path.suffix.lower() == ".json" else read_ledger(path, form, money_unit)
    return replace(read, records=[with_unit(record, money_unit) for record in read.records])


def read_records(path: str | Path) -> list[Record]:
    """The records of a ledger that is free of mistakes. Raises LedgerError carrying all of them otherwise."""
    ledger = load(path)
    if ledger.mistakes:
        place = Place(file=Path(path).name)
        raise LedgerError(f"有 {len(ledger.mistakes)} 处要改", place, "请逐处改正后重试", ledger.mistakes)
    return ledger.records


def read_ledger(path: str | Path, form: str | None = None, money_unit: str | None = None) -> Ledger:
    """The records of a ledger workbook, its mistakes and its notes, all at once. Parameters as of load.

    A sheet that cannot be read is a mistake, and costs what stands in it; raises RefusedFile when that is all there is.
    """
    from ..workbook.reading import NotInOrder, read_grids, read_sheets

    path = Path(path)
    try:
        read = _Reader(path.name, read_sheets(path)).ledger()
    except (NotInOrder, BrokenPart):
        grids = read_grids(path)
        broken = [grid.broken for grid in grids if grid.broken]
        if len(broken) == len(grids):
            raise broken[0] from None
        read = _Reader(path.name, grids).ledger()
    return _settled(read, path.name, form, money_unit)


def read_grids_as_ledger(grids: Iterable[Grid], name: str) -> Ledger:
    """The same of sheets that are at hand already. name: the workbook's, for the messages."""
    return _settled(_Reader(name, grids).ledger(), name)


@dataclass(frozen=True, slots=True)
class Placed:
    """A ledger with where everything stands: its sheets by role, its projects with the numbers of their rows.

    Blank cells are still blank: nothing was settled, and nothing decided but what waits in cells.
    """

    ledger: Ledger
    sheets: Mapping[str, Sheet]
    projects: Sequence[Project]


def placed(grids: Iterable[Grid], name: str) -> Placed:
    """The same, for whoever writes into it."""
    reader = _Reader(name, grids, deciding=False)
    return Placed(reader.ledger(), reader.sheets, reader.owners.projects)


def _settled(read: Ledger, file: str, form: str | None = None, money_unit: str | None = None) -> Ledger:
    settled, said = settle(read.records, form, money_unit)
    notes = (Mistake(Place(file=file), what, "请核对", project) for what, project in said)
    return replace(read, records=settled, notes=(*read.notes, *notes))


class _Reader:
    """Reads each sheet once, row by row; only what a project comes to is kept."""

    def __init__(self, file: str, sources: Iterable[Grid | SheetOnDisk], deciding: bool = True):
        self.file, self._deciding = file, deciding
        self.mistakes, self.notes = Told(), Told()
        self.forms = known_forms()
        self.owners = Owners(self.forms)
        self.paths = {name: names.all_paths(name) for name in names.COLUMNS}
        self.amounts = {name for sheet in self.paths for name in self.paths[sheet] if _is_amount(sheet, name)}
        sources = list(sources)
        wrong = [error for source in sources if (error := getattr(source, "broken", None))]
        self.broken = self._broken_sheets(wrong)
        whole = (source for source in sources if getattr(source, "broken", None) is None)
        self.sheets, self._questions, several, passed_over = sheets_in(whole, names.known_extras())
        self._columns = {
            name: {column: path for column, path in self.paths[name].items() if column in sheet.columns}
            for name, sheet in self.sheets.items()
        }
        self.mistakes.extend(several)
        self.notes.extend(passed_over)
        for name in names.COLUMNS:
            if name not in self.sheets and name != names.EXECUTION and not several:
                self._missing_sheet(name)

    def _broken_sheets(self, wrong: Iterable[XladdinError]) -> bool:
        """Whether a sheet that may be the ledger's cannot be read, which is told."""
        for error in wrong:
            place = error.where or Place(file=self.file)
            if sheet_named(place.sheet or "") not in names.HELPERS:
                self.mistakes.append(Mistake(place, error.what, error.advice))
        return bool(self.mistakes)

    def _missing_sheet(self, name: str) -> None:
        if self.broken:
            return  # it may be the one that cannot be read
        advice = "请用 xladdin ledger 生成的台账，三张表都要保留"
        self.mistakes.append(Mistake(Place(file=self.file), f"缺少“{name}”工作表", advice))

    def ledger(self) -> Ledger:
        """The whole reading."""
        projects = self.owners.projects
        if self._usable(names.PROJECTS):
            flat = self.sheets[names.PROJECTS] is self.sheets.get(names.INDICATORS)
            self._read_projects(flat)
            if self._usable(names.EXECUTION):
                self._read_execution()
            elif any(project.kind and project.kind.budget for project in projects):
                self._spoil_budgets()
            if not self._usable(names.INDICATORS):
                _spoil(projects)
            elif not flat:
                self._read_indicators()
        if self._deciding:
            self.notes.extend(decide(projects, self._questions, self.file))
        return self._produced()

    def _usable(self, name: str) -> bool:
        return name in self.sheets and not self.sheets[name].missing

    def _spoil_budgets(self) -> None:
        if names.EXECUTION not in self.sheets:
            self._missing_sheet(names.EXECUTION)
        _spoil(project for project in self.owners.projects if project.kind and project.kind.budget)

    # ---- 项目

    def _read_projects(self, flat: bool) -> None:
        above = None
        levels = Levels()
        for row in self.sheets[names.PROJECTS].rows():
            if not flat:
                self._read_project(row)
                continue
            if row.has(names.PROJECT):
                above = above if above and _goes_on(row, above) else self._read_project(row, flat=True)
                if above and row.has(names.INDICATOR):
                    self._take_indicator(above, row, levels)
            else:
                self.owners.nameless(row, above)
                self.mistakes.extend(row.mistakes)
        self.notes.extend(levels.told())

    def _read_project(self, row: Row, flat: bool = False) -> Project | None:
        """The project of a row, a new one or one that is there."""
        year, name = row.year(), row.needed(names.PROJECT)
        if year is None and not row.broken:
            row.mistake(names.YEAR, "“年度”没有填", "请填四位年份，如 2024")
        if year is None or name is None:
            if name:
                self.owners.lost[name_key(name)] = name
            self.mistakes.extend(row.told(name))
            return None
        wanted = wanted_form(row, self.forms)
        if wanted.form and wanted.kind is None:
            row.mistake(names.FORM, f"没有叫“{wanted.form}”的表", "请从下拉中选；运行 xladdin forms 可看全部表名")
        unit = row.text(names.UNIT)
        project = Project(row, year, _on_one_line(name), wanted.form, wanted.kind, unit, money_unit(row, self.sheets))
        twin = self.owners.add(project)
        if twin is None:
            return project
        self._twice(twin, row, flat)
        return twin

    def _twice(self, twin: Project, row: Row, flat: bool) -> None:
        """One project in two rows: said, and if they contradict each other it is broken."""
        first, second = dict(twin.row.filled()), dict(row.filled())
        at = twin.row.line.number
        differing = [name for name in row.sheet.columns if first.get(name) != second.get(name)]
        if flat:
            differing = [name for name in differing if name in second and name in names.columns(names.PROJECTS)]
            if not differing:
                return
        if not differing:
            what = f"与第 {at} 行完全相同，只算一次"
            self.notes.append(Mistake(row.place(names.PROJECT), what, "请删去一行", twin.project))
            return
        twin.broken = True
        told = "、".join(differing[:3]) + ("等" if differing[3:] else "")
        what = f"与第 {at} 行是同一个项目（年度、项目名称、表式、实施单位都相同），但{told}不同"
        twin.mistakes.append(Mistake(row.place(differing[0]), what, "请只留正确的一行", twin.project))

    # ---- 资金执行, 指标

    def _read_execution(self) -> None:
        above = None
        for row in self.sheets[names.EXECUTION].rows():
            owner = self.owners.of(row, above, with_budget=True)
            if owner:
                self._take_budget(owner, row)
            above = owner or self._nobodys(row, above)

    def _take_budget(self, project: Project, row: Row) -> None:
        item = _item(row.needed(names.ITEM))
        values = row.values(self._columns[names.EXECUTION], project.money)
        if item and any(name_key(item) == name_key(known["item"]) for known in project.budget):
            row.mistake(names.ITEM, f"资金项目“{item}”在这个项目里重复了", "请只留一行")
        project.budget.append({"item": item or ""} | values)
        project.budget_at.append(row.line.number)
        self._done(project, row)

    def _read_indicators(self) -> None:
        above = None
        levels = Levels()
        for row in self.sheets[names.INDICATORS].rows():
            owner = self.owners.of(row, above, with_budget=False)
            if owner:
                self._take_indicator(owner, row, levels)
            above = owner or self._nobodys(row, above)
        self.notes.extend(levels.told())

    def _nobodys(self, row: Row, above: Project | None) -> Project | None:
        """Whose the row after one that is nobody's is, should it name nobody; what is wrong with that one is kept."""
        lost = self.owners.lost.get(name_key(row.text(names.PROJECT)))
        if lost:  # its mistakes are told all the same, amounts apart: nobody knows their unit
            for name in row.sheet.columns.keys() - self.amounts:
                row.value(name, Money())
            for name in row.sheet.required:
                row.needed(name)
        self.mistakes.extend(row.told(lost))
        return None if row.has(names.PROJECT) else above

    def _take_indicator(self, project: Project, row: Row, levels: Levels) -> None:
        values = row.values(self._columns[names.INDICATORS], project.money)
        if "name" not in values:
            if not row.waits(names.INDICATOR):
                row.needed(names.INDICATOR)
            values["name"] = ""
        values |= levels.of(project, row, values)
        project.indicators.append(values)
        project.indicators_at.append(row.line.number)
        self._done(project, row)

    def _done(self, project: Project, row: Row) -> None:
        project.take(row)
        if row.notes:
            self.notes.extend(replace(note, whose=project.project) for note in row.notes)

    # ---- what comes of it

    def _produced(self) -> Ledger:
        records: list[Record] = []
        mistakes = Told()
        order = {self.sheets[name].source.sheet: at for at, name in enumerate(names.COLUMNS) if name in self.sheets}
        budgets = any(project.kind and project.kind.budget for project in self.owners.projects)
        for sheet in dict.fromkeys(self.sheets.values()):
            wrong, remarks = sheet.told_of_columns(needed=budgets or sheet is not self.sheets.get(names.EXECUTION))
            mistakes.extend(wrong)
            self.notes.extend(remarks)
        mistakes.extend(mistake for mistake in self.mistakes if mistake.where.cell is None)
        for project in self.owners.projects:
            unused: list[Mistake] = []
            record = record_of(project, unused, self.paths)
            mistakes.extend(sorted(project.mistakes, key=lambda mistake: order.get(mistake.where.sheet or "", 0)))
            mistakes.more += project.mistakes.more
            if not project.broken:
                project.record = record
                records.append(record)
                self.notes.extend(unused)
        mistakes.extend(mistake for mistake in self.mistakes if mistake.where.cell is not None)
        mistakes.more += self.mistakes.more
        place = Place(file=self.file)
        return Ledger(records, mistakes.listed(place), self.notes.listed(place), self._left_out())

    def _left_out(self) -> tuple[str, ...]:
        """The projects that were not produced, with their form where the name alone does not tell."""
        projects = self.owners.projects
        count = Counter(name_key(project.project) for project in projects)
        broken = [
            f"{project.project}（{project.year} 年{'，' + project.form if project.form else ''}）"
            if count[name_key(project.project)] > 1
            else project.project
            for project in projects
            if project.broken
        ]
        return (*broken, *self.owners.lost.values())


def _goes_on(row: Row, above: Project) -> bool:
    """Whether a row of a flat sheet is of the project above: its name is one merged cell, the rest of it blank."""
    told = (row.is_own(name) for name in names.columns(names.PROJECTS) if name != names.YEAR)
    return not any(told) and row.year() == above.year


def _item(text: str | None) -> str | None:
    """A 资金项目 as it is called here, whatever forms call it."""
    key = name_key(text)
    known = next((item for item in BUDGET_ITEMS if name_key(item) == key), None)
    return known or names.ITEMS.get(labels.canonical(text or "") or "", text)


def _is_amount(sheet: str, name: str) -> bool:
    return names.type_of(sheet, name) == fields.AMOUNT


_BREAKS = re.compile(r"[ \t\u3000\xa0]*[\r\n]+[ \t\u3000\xa0]*")


def _on_one_line(name: str) -> str:
    return _BREAKS.sub("", name)


def _spoil(projects: Iterable[Project]) -> None:
    for project in projects:
        project.broken = True


def _load_json(path: Path) -> Ledger:
    place = Place(file=path.name)
    try:
        text = read_bytes(path, MAX_JSON).decode("utf-8-sig")
        listed = json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise RefusedFile(f"文件打不开（{error.strerror or error}）", place, "请检查路径") from None
    except UnicodeDecodeError:
        raise BadValue("不是 UTF-8 编码的 JSON", place, "请另存为 UTF-8 编码") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        spot = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else "内容"
        raise BadValue(f"{spot}不是合法的 JSON", place, "请检查括号、引号和逗号") from None
    listed = listed if isinstance(listed, list) else [listed]
    if len(listed) > MAX_RECORDS:
        raise BadValue(f"有 {len(listed)} 条记录，超过上限 {MAX_RECORDS}", place, "请分成几个文件")
    records, mistakes = [], Told()
    for number, item in enumerate(listed, start=1):
        try:
            records.append(from_dict(item))
        except BadValue as error:
            mistakes.append(Mistake(place, f"第 {number} 条记录：{error.what}", error.advice))
    return Ledger(records, mistakes.listed(place))
