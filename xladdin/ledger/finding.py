"""Which sheets of a workbook are those of a ledger: by their names, else by what their headings say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..errors import Place
from ..workbook.grid import Grid
from . import asked
from . import columns as names
from .headings import Headings, headings_in, sheet_named
from .sheet import Peeked, Sheet
from .told import Mistake

if TYPE_CHECKING:
    from ..workbook.reading import SheetOnDisk

FLAT = (names.PROJECTS, names.INDICATORS)
_OF_INDICATORS = (names.INDICATOR, names.TARGET)
# at least one of these stands beside 年度 and 项目名称 in a table of projects
_OF_PROJECTS = frozenset(names.COLUMNS[names.PROJECTS]) - {names.YEAR, names.FORM, names.PROJECT, names.UNIT}
_OF_EXECUTION = ("年初预算数", "全年预算数", "全年执行数")
_FLAT_COLUMNS = 1  # columns of 项目 that a flat sheet has besides at least


def sheets_in(
    sources: Iterable[Grid | SheetOnDisk], extras: set[str]
) -> tuple[dict[str, Sheet], asked.Questions, list[Mistake], list[Mistake]]:
    """The sheets by what they hold (a flat one stands under two names), 待核, what is wrong with them, and notes."""
    peeked = [Peeked(source) for source in sources]
    found: dict[str, Peeked] = {}
    wrong, notes = [], []
    unclear: set[int] = set()
    for role in names.COLUMNS:
        fitting = [sheet for sheet in peeked if sheet_named(sheet.source.sheet) == role] or [
            sheet for sheet in peeked if _may_be(sheet, role, extras)
        ]
        if len(fitting) > 1:
            unclear |= {id(sheet.source) for sheet in fitting}
            wrong.append(_several(fitting, role))
        elif fitting:
            found[role] = fitting[0]
    flat = _flat(found, extras)
    questions = next((sheet for sheet in peeked if sheet_named(sheet.source.sheet) == asked.SHEET), None)
    answers = asked.questions_in(questions.rows()) if questions else asked.Questions()
    if flat:
        found = {role: sheet for role, sheet in found.items() if sheet is not flat}
        one = Sheet(flat, FLAT, extras, answers)
        sheets = dict.fromkeys(FLAT, one)
    else:
        sheets = {}
    sheets |= {role: Sheet(sheet, (role,), extras, answers) for role, sheet in found.items()}
    known = unclear | {id(sheet.source) for sheet in sheets.values()}
    rest = [sheet for sheet in peeked if id(sheet.source) not in known and sheet.first]
    for sheet in rest:
        if sheet_named(sheet.source.sheet) not in names.HELPERS:
            place = Place(sheet.source.file, sheet.source.sheet)
            what = f"“{sheet.source.sheet}”不是台账的工作表，没有读"
            notes.append(Mistake(place, what, "如属台账，请改名为项目、资金执行或指标"))
    return sheets, answers, wrong, notes


def is_ledger(grids: Iterable[Grid | SheetOnDisk]) -> bool:
    """Whether these are the sheets of a ledger: one of the projects, and one of their indicators or funds."""
    sheets, _, wrong, _ = sheets_in(grids, set())
    found = {role for role, sheet in sheets.items() if sheet.headings.has(names.PROJECT, names.YEAR)}
    return bool(wrong) or names.PROJECTS in found and len(found) > 1


def _may_be(sheet: Peeked, role: str, extras: set[str]) -> bool:
    """Whether the headings of a sheet whose name says nothing are those of that sheet of the ledger."""
    title = sheet_named(sheet.source.sheet)
    if title in names.HELPERS or title in names.COLUMNS:
        return False
    headings = _headings(sheet, (role,), extras)
    if role == names.EXECUTION:
        return headings.has(names.PROJECT, names.ITEM) and any(map(headings.has, _OF_EXECUTION))
    if role == names.INDICATORS:
        return headings.has(names.PROJECT, *_OF_INDICATORS)
    other = _headings(sheet, FLAT, extras).has(*_OF_INDICATORS) or _may_be(sheet, names.EXECUTION, extras)
    return headings.has(names.PROJECT, names.YEAR) and any(map(headings.has, _OF_PROJECTS)) and not other


def _flat(found: dict[str, Peeked], extras: set[str]) -> Peeked | None:
    """The sheet that holds both the projects and their indicators, where the ledger has no other of one of them."""
    missing = [role for role in FLAT if role not in found]
    if len(missing) != 1:
        return None
    sheet = found[FLAT[1] if missing[0] == FLAT[0] else FLAT[0]]
    headings = _headings(sheet, FLAT, extras)
    of_projects = [name for name in _OF_PROJECTS if headings.has(name)]
    return sheet if headings.has(*_OF_INDICATORS) and len(of_projects) >= _FLAT_COLUMNS else None


def _headings(sheet: Peeked, roles: Sequence[str], extras: set[str]) -> Headings:
    return headings_in(sheet.first, roles, extras)


def _several(sheets: Sequence[Peeked], role: str) -> Mistake:
    listed = "、".join(f"“{sheet.source.sheet}”" for sheet in sheets)
    what = f"有几张工作表都像“{role}”表（{listed}），不知道用哪一张，没有读"
    return Mistake(Place(sheets[0].source.file, sheets[0].source.sheet), what, f"请把要用的一张改名为“{role}”")
