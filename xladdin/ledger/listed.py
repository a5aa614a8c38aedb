"""The projects a ledger lists and who is in charge of each (经办人), whatever else of their rows is right or wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain import labels
from ..domain.naming import name_key
from ..errors import LedgerError, Place
from . import columns as names
from .finding import sheets_in
from .reading import load
from .row import Row
from .sheet import Sheet

if TYPE_CHECKING:
    from ..workbook.grid import Grid
    from ..workbook.reading import SheetOnDisk


@dataclass(frozen=True, slots=True)
class Listed:
    """A project of a ledger. handler: its 经办人; None where the ledger has no such column, or nothing stands there."""

    year: int | None
    project: str
    unit: str | None = None
    handler: str | None = None


def projects_listed(path: Path) -> list[Listed]:
    """The projects of a ledger (.xlsx, .json), each once, in its order. Raises LedgerError, RefusedFile."""
    from ..workbook.reading import NotInOrder, read_grids, read_sheets

    if path.suffix.lower() == ".json":
        return _once(Listed(record.year, record.project, record.unit) for record in load(path).records)
    try:
        return listed_in(read_sheets(path), path.name)
    except NotInOrder:
        return listed_in(read_grids(path), path.name)


def listed_in(sources: Iterable[Grid | SheetOnDisk], name: str) -> list[Listed]:
    """The same of sheets that are at hand already; name: the workbook's. Raises LedgerError."""
    sheets, *_ = sheets_in(sources, names.known_extras())
    sheet = sheets.get(names.PROJECTS)
    if sheet is None or not sheet.headings.has(names.PROJECT):
        raise LedgerError("这不是台账：没有“项目”工作表，或没有“项目名称”一列", Place(file=name), "请选台账")
    at = _column(sheet)
    return _once(found for row in sheet.rows() if (found := _listed(row, at)))


def _column(sheet: Sheet) -> int | None:
    return next((at for at, text in sheet.headings.texts.items() if labels.normalise(text) == names.HANDLER), None)


def _listed(row: Row, at: int | None) -> Listed | None:
    project = row.text(names.PROJECT) if row.has(names.PROJECT) else None
    if not project:
        return None
    told = None if at is None else row.line.cells.get(at)
    handler = str(told).strip() or None if told is not None else None
    return Listed(row.year(), "".join(project.split("\n")).strip(), row.text(names.UNIT), handler)


def _once(found: Iterable[Listed]) -> list[Listed]:
    """A project that has several rows (its declaration, its evaluation) once, with what either says."""
    kept: dict[tuple[int | None, str, str], Listed] = {}
    for one in found:
        key = one.year, name_key(one.project), name_key(one.unit)
        if key not in kept or kept[key].handler is None:
            kept[key] = one
    return list(kept.values())
