"""A ledger back into records. Every mistake is collected, with its cell; a project that has one is not produced."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.kinds import KINDS, Kind, Table, in_order
from ..domain.records import Record
from ..domain.serial import from_dict, slots
from ..errors import BadValue, LedgerError, Place, RefusedFile, UnknownForm
from ..files import read_bytes
from . import columns as names
from .sheet import Mistake, Row, Sheet, Told

if TYPE_CHECKING:
    from ..workbook.grid import Grid
    from ..workbook.reading import SheetOnDisk

MAX_JSON = 24 << 20
_MONEY_UNITS = ("元", "万元")
_OWN = ("year", "project", "unit", "money_unit")  # read first, to know whose row it is


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was understood: the records, the mistakes to put right, and notes on values that had no use."""

    records: list[Record]
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()


@dataclass(slots=True, eq=False)
class _Project:
    """A row of 项目 with what the other two sheets say of it."""

    row: Row
    year: int
    project: str
    form: str | None
    kind: Kind | None
    unit: str | None
    money_unit: str | None
    broken: bool = False
    budget: list[dict[str, Any]] = field(default_factory=list)  # attribute → value
    indicators: list[dict[str, Any]] = field(default_factory=list)

    @property
    def may_have_budget(self) -> bool:
        """Whether rows of 资金执行 can be its, as far as its form says."""
        return self.kind is None or self.kind.budget is not None


def load(path: str | Path, form: str | None = None, money_unit: str | None = None) -> Ledger:
    """The ledger of an .xlsx, or the records of a .json file (a list). Raises when the file cannot be opened.

    form: the form they are to go into, where not the ledger but the call says so. money_unit: what amounts
    are in where nothing says it; else a blank cell of a ledger means the unit of the form.
    """
    path = Path(path)
    read = _load_json(path) if path.suffix.lower() == ".json" else read_ledger(path, form, money_unit)
    return replace(read, records=[_with_unit(record, money_unit) for record in read.records])


def _with_unit(record: Record, unit: str | None) -> Record:
    return replace(record, money_unit=unit) if unit and record.money_unit is None else record


def read_records(path: str | Path) -> list[Record]:
    """The records of a ledger that is free of mistakes. Raises LedgerError carrying all of them otherwise."""
    ledger = load(path)
    if ledger.mistakes:
        place = Place(file=Path(path).name)
        raise LedgerError(f"有 {len(ledger.mistakes)} 处要改", place, "请逐处改正后重试", ledger.mistakes)
    return ledger.records


def read_ledger(path: str | Path, form: str | None = None, money_unit: str | None = None) -> Ledger:
    """The records of a ledger workbook, its mistakes and its notes, all at once. Parameters as of load."""
    from ..workbook.reading import NotInOrder, read_grids, read_sheets

    path = Path(path)
    try:
        read = _Reader(path.name, read_sheets(path)).ledger()
    except NotInOrder:
        grids = read_grids(path)
        if broken := next((grid.broken for grid in grids if grid.broken), None):
            raise broken from None
        read = _Reader(path.name, grids).ledger()
    return replace(read, records=_settled(read.records, form, money_unit))


def read_grids_as_ledger(grids: Iterable[Grid], name: str) -> Ledger:
    """The same of sheets that are at hand already. name: the workbook's, for the messages."""
    read = _Reader(name, grids).ledger()
    return replace(read, records=_settled(read.records))


def _settled(records: list[Record], form: str | None = None, money_unit: str | None = None) -> list[Record]:
    """With what blank cells mean: the 表式 the ledger uses for that year and kind, and the unit of the form."""
    from ..form.catalogue import form_for

    named: dict[tuple[int | None, str], set[str]] = {}
    for record in records:
        if record.form:
            named.setdefault((record.year, record.kind), set()).add(record.form)
    settled = []
    for record in records:
        usual = named.get((record.year, record.kind), set())
        if record.form is None and len(usual) == 1:
            record = replace(record, form=next(iter(usual)))
        if record.money_unit is None:
            with contextlib.suppress(UnknownForm):  # filling says which
                record = _with_unit(record, money_unit or form_for(record, form).money_unit)
        settled.append(record)
    return settled


class _Reader:
    """Reads each sheet once, row by row; only what a project comes to is kept."""

    def __init__(self, file: str, sources: Iterable[Grid | SheetOnDisk]):
        self.file = file
        self.mistakes, self.notes = Told(), Told()
        self.found: list[Sheet] = []
        self.projects: list[_Project] = []
        self.index: dict[tuple[int, str], list[_Project]] = {}
        self.lost: set[str] = set()  # names of projects whose own row could not be placed
        self.kinds: dict[str, Kind | None] = {}
        self.paths = {name: names.paths(name) for name in names.COLUMNS}
        self._open(sources)
        self.sheets = {sheet.name: sheet for sheet in self.found}
        for name in names.COLUMNS:
            if name not in self.sheets and name != names.EXECUTION:
                self._missing_sheet(name)

    def _open(self, sources: Iterable[Grid | SheetOnDisk]) -> None:
        """Find the three sheets and their columns."""
        extras = names.known_extras()
        for source in sources:
            name = source.sheet.strip()
            if name in names.COLUMNS:
                self.found.append(Sheet(source, name, extras, self.mistakes))
            elif sum(len(row.cells) for row in source.rows()):
                place = Place(self.file, source.sheet)
                self.notes.append(Mistake(place, "不是台账的工作表，没有读", "如属台账，请改名为项目、资金执行或指标"))

    def _missing_sheet(self, name: str) -> None:
        place = Place(file=self.file)
        self.mistakes.append(Mistake(place, f"缺少“{name}”工作表", "请用 xladdin ledger 生成的台账，三张表都要保留"))

    def ledger(self) -> Ledger:
        """The whole reading."""
        if self._usable(names.PROJECTS):
            self._read_projects()
            if self._usable(names.EXECUTION):
                self._read_execution()
            elif any(project.kind and project.kind.budget for project in self.projects):
                self._spoil_budgets()
            if self._usable(names.INDICATORS):
                self._read_indicators()
            else:
                self._spoil(self.projects)
        records = [self._record(project) for project in self.projects]
        kept = [record for record, project in zip(records, self.projects, strict=True) if not project.broken]
        of_columns = [mistake for sheet in self.found for mistake in sheet.mistakes_of_columns()]
        place = Place(file=self.file)
        return Ledger(kept, (*of_columns, *self.mistakes.listed(place)), self.notes.listed(place))

    def _usable(self, name: str) -> bool:
        return name in self.sheets and not self.sheets[name].missing

    def _spoil_budgets(self) -> None:
        if names.EXECUTION not in self.sheets:
            self._missing_sheet(names.EXECUTION)
        self._spoil(project for project in self.projects if project.kind and project.kind.budget)

    # ---- 项目

    def _read_projects(self) -> None:
        for row in self.sheets[names.PROJECTS].rows():
            year, name = row.year(), row.needed(names.PROJECT)
            if year is None or name is None:
                self.lost.add(_key(name))
                continue
            self._add(self._project(row, year, name))

    def _project(self, row: Row, year: int, name: str) -> _Project:
        form, money_unit = _stripped(row.text(names.FORM)), _stripped(row.text(names.MONEY_UNIT))
        if money_unit is not None and money_unit not in _MONEY_UNITS:
            row.mistake(names.MONEY_UNIT, f"金额单位“{money_unit}”不对", "请填 元 或 万元，或空着按表上的单位")
            money_unit = None
        kind = self._kind(form)
        if form is not None and kind is None:
            row.mistake(names.FORM, f"没有叫“{form}”的表", "请从下拉中选；运行 xladdin forms 可看全部表名")
        return _Project(row, year, name, form, kind, row.text(names.UNIT), money_unit)

    def _kind(self, form: str | None) -> Kind | None:
        """The kind of a form; None for one nobody knows."""
        if form is None:
            return None
        if form not in self.kinds:
            from ..form.catalogue import find_form

            try:
                kind = KINDS.get(find_form(form).kind)
            except UnknownForm:
                kind = None
            self.kinds[form] = kind
        return self.kinds[form]

    def _add(self, project: _Project) -> None:
        twins = self.index.setdefault((project.year, _key(project.project)), [])
        for twin in twins:
            if (twin.form, _key(twin.unit)) == (project.form, _key(project.unit)):
                what = f"与第 {twin.row.line.number} 行是同一个项目（年度、项目名称、表式、实施单位都相同）"
                project.row.mistake(names.PROJECT, what, "请删去一行，或改正其中一行")
                twin.row.broken = True
                break
        twins.append(project)
        self.projects.append(project)

    # ---- 资金执行, 指标

    def _read_execution(self) -> None:
        for row in self.sheets[names.EXECUTION].rows():
            project = self._owner(row, _stripped(row.text(names.FORM)), with_budget=True)
            item = row.needed(names.ITEM)
            unit = project.money_unit if project else None
            values = {path: row.value(name, unit) for name, path in self.paths[names.EXECUTION].items()}
            if project and item and any(_key(item) == _key(known["item"]) for known in project.budget):
                row.mistake(names.ITEM, f"资金项目“{item}”在这个项目里重复了", "请只留一行")
            if project:
                project.budget.append({"item": item or ""} | values)
                project.broken |= row.broken

    def _read_indicators(self) -> None:
        for row in self.sheets[names.INDICATORS].rows():
            project = self._owner(row, _stripped(row.text(names.FORM)), with_budget=False)
            unit = project.money_unit if project else None
            values = {path: row.value(name, unit) for name, path in self.paths[names.INDICATORS].items()}
            if values["name"] is None:
                row.needed("三级指标")
            if project:
                project.indicators.append(values | {"name": values["name"] or ""})
                project.broken |= row.broken

    def _owner(self, row: Row, form: str | None, with_budget: bool) -> _Project | None:
        """The project a row belongs to. Where that cannot be told, none it may belong to is produced."""
        year, name = row.year(), row.needed(names.PROJECT)
        if name is None:
            return None
        if year is None:
            self._spoil(project for project in self.projects if _key(project.project) == _key(name))
            return None
        candidates = self.index.get((year, _key(name)), [])
        if not candidates:
            if _key(name) not in self.lost:
                row.mistake(
                    names.PROJECT,
                    f"“项目”表里没有 {year} 年的“{name}”",
                    "请核对年度和名称，或在“项目”表里补上",
                )
            return None
        fitting = _fitting(candidates, form, _key(row.text(names.UNIT)), with_budget)
        if len(fitting) == 1 or fitting and all(project.row.broken for project in fitting):
            return fitting[0]
        self._spoil(candidates)
        self._explain(row, candidates, fitting, form, with_budget)
        return None

    def _explain(self, row: Row, candidates: list, fitting: list, form: str | None, with_budget: bool) -> None:
        forms = "、".join(dict.fromkeys(project.form or "（空白）" for project in candidates))
        if fitting and len({project.form for project in fitting}) > 1 and not with_budget:
            row.mistake(names.FORM, f"这个项目当年有几张表（{forms}），看不出这一行属于哪张", "请填写表式")
        elif len({project.form for project in fitting}) > 1:
            what = f"这个项目当年有几张表（{forms}）可放资金执行，看不出这一行属于哪张"
            row.mistake(names.PROJECT, what, "请在这张表里加一列“表式”并填写")
        elif fitting:
            what = "当年有几个同名项目，看不出这一行属于哪个"
            row.mistake(names.PROJECT, what, "请在这张表里加一列“实施单位”并填写，或把项目名称改得不同")
        elif form is not None and all(project.form != form for project in candidates):
            row.mistake(names.FORM, f"这个项目在“项目”表里的表式是 {forms}，不是“{form}”", "请改成一致的表式")
        elif with_budget and not any(project.may_have_budget for project in candidates):
            there = "、".join(dict.fromkeys(project.kind.label for project in candidates))
            wanted = "或".join(kind.label for kind in KINDS.values() if kind.budget)
            what = f"这个项目只有{there}（{forms}），没有{wanted}可放资金执行"
            row.mistake(names.PROJECT, what, f"请在“项目”表里补上{wanted}一行，或删去这一行")
        else:
            row.mistake(names.UNIT, "“项目”表里没有这个实施单位的同名项目", "请核对实施单位")

    @staticmethod
    def _spoil(projects: Iterable[_Project]) -> None:
        for project in projects:
            project.broken = True

    # ---- records

    def _record(self, project: _Project) -> Record:
        row = project.row
        kind = project.kind or _kind_by_content(project)
        values = {"form": project.form, "year": project.year, "project": project.project, "unit": project.unit}
        values["money_unit"] = project.money_unit
        values["extra"] = {name: text for name in row.sheet.extras if (text := row.text(name)) is not None}
        unused = []
        for name, path in self.paths[names.PROJECTS].items():
            if path in kind.words.values():
                values |= {} if path in _OWN else {path: row.value(name, project.money_unit)}
            elif row.text(name):
                unused.append(name)
        values |= _parts(kind, values)
        if kind.budget:
            values["budget"], more = self._table(project.budget, kind.budget, names.EXECUTION)
            unused += more
        values["indicators"], more = self._table(project.indicators, kind.indicators, names.INDICATORS)
        self._note_unused(project, unused + more, kind.label)
        project.broken |= row.broken
        return kind.record(**values)

    def _table(self, rows: Sequence[dict[str, Any]], table: Table, sheet: str) -> tuple[tuple[Any, ...], list[str]]:
        """The rows of a table, and the columns that hold something the kind has no use for."""
        own = {"item", *table.columns.values()}
        unused = [
            name
            for name, path in self.paths[sheet].items()
            if path not in own and any(row[path] is not None for row in rows)
        ]
        return tuple(table.row(**{path: row[path] for path in row if path in own}) for row in rows), unused

    def _note_unused(self, project: _Project, columns: list[str], form: str) -> None:
        if columns:
            place = project.row.place(names.PROJECT)
            what = f"{form}没有{'、'.join(columns)}，“{project.project}”填的这些内容没有用上"
            self.notes.append(Mistake(place, what, "如表式选错了，请改正"))


def _parts(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """Values at a path inside a part of the record (funds.total), taken out of `values` and put into that part."""
    parts: dict[str, dict[str, Any]] = {}
    for path in [path for path in values if "." in path]:
        part, _, name = path.partition(".")
        parts.setdefault(part, {})[name] = values.pop(path)
    return {part: slots(kind.record)[part].holds(**inside) for part, inside in parts.items()}


def _fitting(candidates: list[_Project], form: str | None, unit: str, with_budget: bool) -> list[_Project]:
    fitting = [p for p in candidates if (form is None or p.form == form) and (not unit or _key(p.unit) == unit)]
    if not with_budget:
        return fitting
    fitting = [p for p in fitting if p.may_have_budget]
    return [p for p in fitting if p.kind] or fitting


def _kind_by_content(project: _Project) -> Kind:
    """The kind of form that has what was filled in."""
    paths = names.paths(names.PROJECTS)
    seen = {path for name, path in paths.items() if path not in _OWN and project.row.text(name)}
    seen |= {path for row in project.indicators for path, value in row.items() if value is not None}
    seen |= {path for row in project.budget for path, value in row.items() if value is not None}
    seen |= {"budget"} if project.budget else set()
    return next(kind for kind in in_order() if kind.shown_by(seen))


@lru_cache(maxsize=1024)
def _key(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").strip()


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else None


def _load_json(path: Path) -> Ledger:
    place = Place(file=path.name)
    try:
        text = read_bytes(path, MAX_JSON).decode("utf-8-sig")
        listed = json.loads(text, parse_float=Decimal)
    except OSError as error:
        raise RefusedFile(f"文件打不开（{error.strerror or error}）", place, "请检查路径") from None
    except UnicodeDecodeError:
        raise BadValue("不是 UTF-8 编码的 JSON", place, "请另存为 UTF-8 编码") from None
    except (ValueError, RecursionError) as error:
        spot = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else "内容"
        raise BadValue(f"{spot}不是合法的 JSON", place, "请检查括号、引号和逗号") from None
    records, mistakes = [], Told()
    for number, item in enumerate(listed if isinstance(listed, list) else [listed], start=1):
        try:
            records.append(from_dict(item))
        except BadValue as error:
            mistakes.append(Mistake(place, f"第 {number} 条记录：{error.what}", error.advice))
    return Ledger(records, mistakes.listed(place))
