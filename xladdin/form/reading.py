"""A source into the records of its forms: recognised, identified, uncomputed scores computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..domain.kinds import called, kind_of
from ..domain.records import Doubt, Evaluation, Record, Source
from ..domain.scoring import scored, totals
from ..errors import NotAForm, OwnWork, Place, RefusedFile, UnreadableForm, XladdinError
from ..sources import open_grids
from ..workbook.grid import OURS, Grid
from .catalogue import INDEX, Form, forms, known_labels, off_year, profile_of, silent_unit
from .formulas import is_ours
from .identify import identify
from .recognise import read_book

_TOTALS = ("total_weight", "total_score")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave: its forms in sheet order, and an error for each sheet or file passed over or not read."""

    records: tuple[Record, ...] = ()
    notes: tuple[XladdinError, ...] = ()


def read(source: Any, name: str | None = None) -> list[Record]:
    """Every form found in a source, in sheet order: a path, bytes, a binary file or an openpyxl.Workbook.

    Amounts are Decimal in the form's own unit, rates fractions, scores points; a blank cell is None.
    Each record's `source` names the cell of every field and what stayed in doubt. name: the file's, for messages.
    Raises RefusedFile, NotAForm, UnreadableForm: each says the file, sheet and cell.
    """
    found = reading(source, name)
    if not found.records:
        raise found.notes[0]
    return list(found.records)


def reading(source: Any, name: str | None = None) -> Reading:
    """The same without raising: what cannot be read is a note, and so is a sheet without a form.

    A form that cannot be understood costs the others of its workbook, too. Raises BadValue for what is no source.
    """
    try:
        grids = open_grids(source, name)
        records = records_in(grids)
    except (RefusedFile, NotAForm, UnreadableForm) as error:
        return Reading(notes=(error.with_traceback(None),))
    with_form = {place.sheet for record in records for place in record.source.cells.values()}
    return Reading(tuple(records), tuple(_without_form(grid) for grid in grids if grid.sheet not in with_form))


def _without_form(grid: Grid) -> NotAForm:
    what = f"这张工作表里没有{called()}" if grid.cells or grid.formulas else "这张工作表是空的"
    return NotAForm(what, Place(grid.file, grid.sheet), "如果应当有，请核对表格的标题和表头")


def records_in(grids: list[Grid]) -> list[Record]:
    """The forms in sheets already at hand (a live workbook, say). Raises as read does."""
    for made in (grid.marks[OURS] for grid in grids if OURS in grid.marks):
        what = f"这是生成的“{made}”，不是{called()}"
        raise OwnWork(what, Place(file=grids[0].file), "请选择填好的表；抄在里面的表请另存成单独的工作簿")
    by_sheet = {grid.sheet: grid for grid in grids}
    return [_finish(record, by_sheet) for record in read_book(grids, known_labels())]


def _finish(record: Record, grids: dict[str, Grid]) -> Record:
    form = identify(record, grids, forms())
    record = replace(record, form=form.name if form else None)
    if form and record.money_unit is None and _surely(form, record, grids) and (unit := silent_unit(form)):
        record = replace(record, money_unit=unit, source=replace(record.source, unprinted=("money_unit",)))
    return _recomputed(record, grids, form) if kind_of(record).scored else record


def _surely(form: Form, record: Record, grids: dict[str, Grid]) -> bool:
    """Whether it is that form beyond what its labels show: by what the file says of itself, else by the year."""
    stamp = grids[next(iter(record.source.cells.values())).sheet].marks.get("表式名称")
    if stamp and stamp != INDEX:  # a book of many projects says nothing of each
        return stamp == form.name
    return record.year is not None and not off_year(form, record.year)


def _recomputed(record: Evaluation, grids: dict[str, Grid], form: Form | None) -> Evaluation:
    """Scores whose formulas carry no stored value (the file never passed through Excel) are computed here.

    Only where the formula is ours, on a form we know; any other is a Doubt, never our figure in its place.
    """
    source: Source = record.source
    grid = grids[next(iter(source.cells.values())).sheet]
    empty = {
        field
        for field, spot in source.cells.spots.items()
        if field.endswith(("score", "rate", "total_weight")) and spot in grid.uncomputed
    }
    foreign = {f for f in empty if form is None or not is_ours(grid.formulas.get(source.cells.spots[f], ""))}
    if foreign:
        doubts = [
            Doubt(field, _seen(grid, source.cells.spots[field]), source.cells[field]) for field in sorted(foreign)
        ]
        record = replace(record, source=replace(source, doubts=(*source.doubts, *doubts)))
        empty -= foreign
    if not empty:
        return record
    full = scored(record, profile_of(record, form=form))

    def kept(old, new, path: str):
        names = [name for name in ("rate", "score") if hasattr(old, name) and f"{path}.{name}" in empty]
        return replace(old, **{name: getattr(new, name) for name in names}) if names else old

    read = replace(
        record,
        budget=tuple(
            kept(a, b, f"budget[{n}]") for n, (a, b) in enumerate(zip(record.budget, full.budget, strict=True))
        ),
        indicators=tuple(
            kept(a, b, f"indicators[{n}]")
            for n, (a, b) in enumerate(zip(record.indicators, full.indicators, strict=True))
        ),
    )
    if foreign:
        empty -= {"total_score", "total_weight"}
    return replace(read, **{name: figure for name, figure in zip(_TOTALS, totals(read), strict=True) if name in empty})


def _seen(grid: Grid, spot: tuple[int, int]) -> str:
    return "=" + grid.formulas.get(spot, "")
