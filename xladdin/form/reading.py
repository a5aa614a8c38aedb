"""A source into the records of its forms: recognised, identified, uncomputed scores computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..domain.kinds import called, is_scored
from ..domain.records import Doubt, Evaluation, Record
from ..domain.scoring import scored, totals
from ..errors import NotAForm, OwnWork, PassedOver, Place, RefusedFile, UnreadableForm, XladdinError
from ..sources import open_grids
from ..workbook.grid import OURS, Grid, Undated
from .catalogue import INDEX, Form, known_labels, off_year, printed_forms, profile_of, silent_unit
from .formulas import is_ours
from .identify import identify
from .inferred import inferred
from .layout import Layout
from .recognise import read_book
from .values import NO_RESULT, cells_of

if TYPE_CHECKING:
    from .printed import Printed


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave: its forms in sheet order, and an error for each sheet or file passed over or not read.

    A note that is NotAForm was passed over on purpose; what any other speaks of should have been read.
    """

    records: tuple[Record, ...] = ()
    notes: tuple[XladdinError, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether something was not read that should have been."""
        return not all(isinstance(note, NotAForm) for note in self.notes)


MOST_NOTES = 50
MOST_ROWS = 10  # that a note names


def read(source: Any, name: str | None = None) -> list[Record]:
    """Every form found in a source, in sheet order: a path, bytes, a binary file or an openpyxl.Workbook.

    Amounts are Decimal in the form's own unit, rates fractions, scores points; a blank cell is None.
    Each record's `source` names the cell of every field and what stayed in doubt. A hidden sheet is read only
    where no other holds a form. name: the file's, for messages.
    Raises RefusedFile, NotAForm, UnreadableForm: each says the file, sheet and cell.
    """
    found = reading(source, name)
    if not found.records:
        raise found.notes[0]
    return list(found.records)


def reading(source: Any, name: str | None = None) -> Reading:
    """The same without raising: what cannot be read is a note, and so is a sheet without a form; none costs another.

    Raises BadValue for what is no source.
    """
    try:
        return _read(open_grids(source, name))
    except (RefusedFile, NotAForm, UnreadableForm) as error:
        return Reading(notes=(error.with_traceback(None),))


def _without_form(grid: Grid) -> NotAForm:
    what = f"这张工作表里没有{called()}" if grid.cells or grid.formulas else "这张工作表是空的"
    return NotAForm(what, Place(grid.file, grid.sheet), "如果应当有，请核对表格的标题和表头")


def records_in(grids: list[Grid]) -> list[Record]:
    """The forms in sheets already at hand (a live workbook, say). Raises as read does."""
    return list(reading_of(grids).records)


def reading_of(grids: list[Grid]) -> Reading:
    """The forms in sheets at hand, and the notes. Raises as read does where there is no form."""
    found = _read(grids)
    if not found.records:
        raise found.notes[0]
    return found


def _read(grids: list[Grid]) -> Reading:
    """The same; where there is no form, the first note says why."""
    for made in (grid.marks[OURS] for grid in grids if OURS in grid.marks):
        what = f"这是生成的“{made}”，不是{called()}"
        raise OwnWork(what, Place(file=grids[0].file), "请选择填好的表；抄在里面的表请另存成单独的工作簿")
    forms = printed_forms()
    extras = known_labels()
    finish = partial(_finish, forms=forms)
    hidden = [grid for grid in grids if grid.hidden]
    notes: list[XladdinError] = []
    try:
        found = read_book([grid for grid in grids if not grid.hidden], extras, notes, finish)
        notes += [_passed_over(grid) for grid in hidden if _holds_a_form(grid, extras)]
    except XladdinError as error:
        try:
            found = read_book(hidden, extras, finish=finish)
        except XladdinError:
            return Reading(notes=(error.with_traceback(None), *(note for note in notes if note is not error)))
        where = Place(grids[0].file, cells_of(found[0]).sheet)
        notes.append(PassedOver("表在隐藏的工作表里", where, "请确认这就是要用的表"))
    told = {one.where.sheet for one in notes if one.where} | {cells_of(record).sheet for record in found}
    notes += [_without_form(grid) for grid in grids if grid.sheet not in told]
    if len(notes) > MOST_NOTES:
        left = notes[MOST_NOTES:]
        kind = NotAForm if all(isinstance(note, NotAForm) for note in left) else UnreadableForm
        notes = [*notes[:MOST_NOTES], kind(f"另有 {len(left)} 张工作表没有读", Place(file=grids[0].file))]
    return Reading(tuple(found), (*notes, *islice(_folded(found, grids), MOST_NOTES)))


def _passed_over(grid: Grid) -> PassedOver:
    return PassedOver("这张工作表是隐藏的，没有读", Place(grid.file, grid.sheet), "要读它请先取消隐藏")


def _folded(records: Sequence[Record], grids: list[Grid]) -> Iterator[PassedOver]:
    """A note for each record that took values from rows nobody sees."""
    folded = {grid.sheet: grid for grid in grids if grid.folded}
    for record in records if folded else ():
        cells = cells_of(record)
        if (grid := folded.get(cells.sheet)) is None:
            continue
        rows = sorted({spot[0] for spot in map(cells.spot, cells) if spot[0] in grid.folded and spot in grid.cells})
        if rows:
            said = "、".join(map(str, rows[:MOST_ROWS])) + (" 等" if rows[MOST_ROWS:] else "")
            what = f"第 {said} 行是隐藏的，也读了"
            yield PassedOver(what, Place(grid.file, grid.sheet), "请取消隐藏核对，不要的请删去")


def _holds_a_form(grid: Grid, extras: Mapping[str, str]) -> bool:
    try:
        return bool(read_book([grid], extras))
    except NotAForm:
        return False
    except XladdinError:
        return True


def _finish(record: Record, layout: Layout, forms: Sequence[tuple[Form, Printed]]) -> Record:
    grid, form = layout.grid, identify(record, layout, forms)
    source, unit = record.source, record.money_unit
    odd = source is not None and any(doubt.field == "money_unit" for doubt in source.doubts)
    if source and form and unit is None and not odd and _surely(form, record, grid) and (unit := silent_unit(form)):
        source = replace(source, unprinted=("money_unit",))
    record = replace(record, form=form.name if form else None, money_unit=unit, source=source)
    doubts = [*inferred(record, grid), *(_other_years(record, grid) if is_scored(record) else ())]
    if source and doubts:
        record = replace(record, source=replace(source, doubts=(*source.doubts, *doubts)))
    return _recomputed(record, grid, form) if is_scored(record) else record


def _other_years(record: Evaluation, grid: Grid) -> Iterator[Doubt]:
    """A doubt for each 实际完成值 seen as 11月28日 that Excel gave another year than the form's when it was typed."""
    cells = cells_of(record)
    for n, row in enumerate(record.indicators):
        field = f"indicators[{n}].actual"
        day = grid.cells.get(cells.spot(field)) if "月" in (row.actual or "") and field in cells else None
        if isinstance(day, Undated) and day.year != record.year:
            note = f"是单元格格式显示的，存的是 {day.isoformat()}（键入时自动补的年份），请写全年月日"
            yield Doubt(field, day.seen, cells[field], note)


def _surely(form: Form, record: Record, grid: Grid) -> bool:
    """Whether it is that form beyond what its labels show: by what the file says of itself, else by the year."""
    stamp = grid.marks.get("表式名称")
    if stamp and stamp != INDEX:  # a book of many projects says nothing of each
        return stamp == form.name
    return record.year is not None and not off_year(form, record.year)


def _recomputed(record: Evaluation, grid: Grid, form: Form | None) -> Evaluation:
    """Scores whose formulas carry no stored value (the file never passed through Excel) are computed here.

    Only where the formula is ours, on a form we know; any other is a Doubt, never our figure in its place.
    """
    source = record.source
    if not grid.uncomputed or source is None:
        return record
    cells = cells_of(record)
    empty = {
        field
        for field in cells
        if field.endswith(("score", "rate", "total_weight"))
        and cells.spot(field) in grid.uncomputed
        and _value(record, field) is None
    }
    foreign = {f for f in empty if form is None or not is_ours(grid.formulas.get(cells.spot(f), ""))}
    if foreign:
        doubts = [Doubt(field, _seen(grid, cells.spot(field)), cells[field], NO_RESULT) for field in sorted(foreign)]
        record = replace(record, source=replace(source, doubts=(*source.doubts, *doubts)))
        empty -= foreign
    empty -= {doubt.field.replace(".actual", ".score") for doubt in source.doubts}  # the formula shows 待核
    if not empty:
        return record
    full = scored(record, profile_of(record, form=form))

    def kept(old: Any, new: Any, path: str) -> Any:
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
        return read
    weight, points = totals(read)
    return replace(
        read,
        total_weight=weight if "total_weight" in empty else read.total_weight,
        total_score=points if "total_score" in empty else read.total_score,
    )


def _value(record: Record, field: str) -> Any:
    """The value of budget[0].rate or total_score; None where a record has no such field."""
    table, _, rest = field.partition("[")
    if not rest:
        return getattr(record, field, None)
    number, _, name = rest.partition("].")
    return getattr(getattr(record, table)[int(number)], name, None)


def _seen(grid: Grid, spot: tuple[int, int]) -> str:
    return "=" + grid.formulas.get(spot, "")
