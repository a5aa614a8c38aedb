"""read and self_evaluation: where the rooms of reading, recognising and the forms meet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .domain import rollforward
from .domain.records import Declaration, Doubt, Evaluation, Record, Source
from .domain.scoring import scored, totals
from .errors import OwnWork, Place, UnknownForm
from .form.catalogue import Form, extra_labels, find_form, forms
from .form.filling import rules_of
from .form.formulas import is_ours
from .form.identify import identify
from .form.recognise import read_book
from .workbook.grid import OURS, Grid
from .workbook.reading import read_grids

_TOTALS = ("total_weight", "total_score")


def read(path: str | Path | bytes, name: str | None = None) -> list[Record]:
    """Every form found in a workbook (.xlsx, .xlsm), in sheet order.

    Amounts are Decimal in the form's own unit, rates fractions, scores points; a blank cell is None.
    Each record's `source` names the cell of every field and what stayed in doubt.
    Raises RefusedFile, NotAForm, UnreadableForm: each says the file, sheet and cell.
    """
    grids = read_grids(path if isinstance(path, bytes) else Path(path), name)
    return read_grids_as_records(grids)


def read_grids_as_records(grids: list[Grid]) -> list[Record]:
    """The forms in sheets already at hand (a live workbook, say). Raises as read does."""
    for made in (grid.marks[OURS] for grid in grids if OURS in grid.marks):
        what = f"这是生成的“{made}”，不是申报表或自评表"
        raise OwnWork(what, Place(file=grids[0].file), "请选择填好的表；抄在里面的表请另存成单独的工作簿")
    by_sheet = {grid.sheet: grid for grid in grids}
    return [_finish(record, by_sheet) for record in read_book(grids, extra_labels())]


def _finish(record: Record, grids: dict[str, Grid]) -> Record:
    form = identify(record, grids, forms())
    record = replace(record, form=form.name if form else None)
    if isinstance(record, Evaluation):
        return _recomputed(record, grids, form)
    return record


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
    full = scored(record, rules_of(record, form))

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


def self_evaluation(declaration: Declaration, form: str | None = None) -> Evaluation:
    """Roll a declaration forward into the self-evaluation of its year, ready for a clerk to fill in.

    `form` defaults to the 自评表 that the declaration's form names, else the newest for its year and unit.
    Weights in points sum, with the execution's, to exactly 100. Raises UnknownForm.
    """
    chosen = find_form(form or _successor(declaration))
    if chosen.kind != "evaluation":
        raise UnknownForm(f"{chosen.name}不是自评表", advice="请选择自评表")
    blank = Evaluation(project=declaration.project, year=declaration.year)
    return rollforward.self_evaluation(declaration, chosen.name, rules_of(blank, chosen))


def _successor(declaration: Declaration) -> str:
    known = {form.name: form for form in forms()}
    named = known[declaration.form].successor if declaration.form in known else None
    if named:
        return named
    fitting = [form for form in known.values() if form.kind == "evaluation"]
    same = [form for form in fitting if form.money_unit == declaration.money_unit]
    if not fitting:
        raise UnknownForm("没有自评表的模板", advice="请检查模板文件夹")
    return (same or fitting)[-1].name
