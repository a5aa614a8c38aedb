"""Colours and notes on the cells of findings, put on and taken off exactly: what mark_values says, through xlwings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import xlwings as xw

from ..report.rows import Report, Row
from . import mark_values as values
from .mark_values import AS_IT_IS, UNKNOWN, Cleared, Fill, Names, Ours
from .members import member
from .result_sheet import in_excel
from .result_values import Fills, rgb


class Mark(NamedTuple):
    """note: None where the clerk has deleted it; the colour alone is left."""

    cell: xw.Range
    note: xw.Note | None
    text: str
    ours: Ours


def put_on(report: Report, books: Sequence[xw.Book], left: Fills) -> tuple[list[str], list[str], Fills]:
    """Mark the first cell of every finding but notes (提示); the protected sheets, and the cells with a discussion
    (threaded comment), that were left as they are; and the fills there were.

    left: fills not put back, as take_off gives them: what is seen there is our own colour.
    """
    sheets = {(book.name, sheet.name): sheet for book in books for sheet in book.sheets}
    locked = {names for names, sheet in sheets.items() if is_locked(sheet)}
    refused: list[str] = []
    discussed: list[str] = []
    fills = dict(left)

    def first(names: Names) -> str:
        return sheets[names[:2]].range(names[2]).merge_area[0, 0].get_address(False, False)

    for (name, tab, cell), (meant, rows) in values.wanted(report, sheets.keys(), first).items():
        if (name, tab) in locked:
            refused.append(f"{name} {tab}")
        elif is_discussed(spot := sheets[name, tab].range(cell)):
            discussed.append(f"{name} {tab}!{cell}")
        else:
            if fill := left.get((name, tab, cell)):
                _cut_old(spot)
            else:
                fill = fill_of(spot)
            _mark(spot, rows, fill)
            if fill != AS_IT_IS:
                fills |= dict.fromkeys(((name, tab, each) for each in meant), fill)
    return list(dict.fromkeys(refused)), discussed, fills


def marks_on(book: xw.Book, fills: Fills | None = None) -> list[Mark]:
    """Every mark in a workbook, wherever it has got to, and what the clerk has left of one: our words without their
    last line, or our colour alone where 核对结果 knows of one (fills)."""
    known = _firsts(book, fills or {})
    found: list[Mark] = []
    seen: set[Names] = set()
    for sheet in book.sheets:
        for note in sheet.notes:
            text = note.text or ""
            if values.NOTED not in text and not values.ours_in(text):
                continue
            cell = note.location
            names = _names(cell)
            if ours := values.mark_in(text, sheet.name, partial(_colour, cell), known.get(names, UNKNOWN)):
                seen.add(names)
                found.append(Mark(cell, note, text, ours))
    for names in known.keys() - seen:
        cell = book.sheets[names[1]].range(names[2])
        if values.is_ours(cell.color):
            found.append(Mark(cell, None, "", Ours((), known[names], False)))
    return found


def _firsts(book: xw.Book, fills: Fills) -> Fills:
    """Of this workbook's cells, merged ones by their first."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    here = [
        (sheets[name].range(cell), fill)
        for (of, name, cell), fill in fills.items()
        if of == book.name and name in sheets
    ]
    return {_names(cell.merge_area[0, 0]): fill for cell, fill in here}


def _names(cell: xw.Range) -> Names:
    return cell.sheet.book.name, cell.sheet.name, cell.get_address(False, False)


def take_off(marks: Iterable[Mark]) -> Cleared:
    """Cut our part out of every note, and put the fill back where it is still ours."""
    cleared = Cleared()
    locked: dict[tuple[str, str], bool] = {}
    for mark in marks:
        sheet, fill, names = mark.cell.sheet, mark.ours.fill, _names(mark.cell)
        if names[:2] not in locked:
            locked[names[:2]] = is_locked(sheet)
        if locked[names[:2]]:
            told = " ".join(names[:2])
            cleared.locked[told] = cleared.locked.get(told, 0) + 1
            cleared.left[names] = fill
            continue
        colour = mark.cell.color
        if fill == UNKNOWN and values.is_ours(colour):
            cleared.left[names] = fill
            continue
        if mark.note:
            _cut(mark)
        cleared.done += 1
        cleared.edited += mark.ours.edited
        if values.is_recoloured(fill, colour):
            cleared.recoloured += 1
        elif (before := values.fill_of(fill)) is not None:
            refill(mark.cell, before)
    return cleared


def is_locked(sheet: xw.Sheet) -> bool:
    """Whether cells or notes are protected: such a sheet is left as it is, never unlocked."""
    return bool(sheet.api.ProtectContents or member(sheet.api, "ProtectDrawingObjects"))


def _mark(cell: xw.Range, rows: Sequence[Row], fill: str) -> None:
    """The note first: it says what the colour is to be taken off to."""
    append(cell, values.part(rows, fill, cell.note is not None))
    if fill != AS_IT_IS:
        cell.color = values.paper(rows)


# ---- notes


def is_discussed(cell: xw.Range) -> bool:
    """Whether a threaded comment is there, which notes do not go with; Excel before 2019 has none."""
    with suppress(Exception):
        return cell.comment is not None
    return False


def append(cell: xw.Range, part: str) -> None:
    """Under what the clerk wrote, in its own fonts and box."""
    note = cell.note
    if note is None:
        in_excel(partial(_fit, cell.add_note(part), part))
        return
    text = note.text or ""
    whole = f"{text}\n{part}" if text else part
    in_excel(lambda: note.api.Text(whole[len(text) :], values.units(text) + 1, False))
    if note.text != whole:
        note.text = whole


def _cut(mark: Mark) -> None:
    """Only our characters go, so that the clerk's keep their fonts; the note goes when it is ours and nothing of
    theirs is in it. One of theirs may hold a picture and no words."""
    note, rest = mark.note, mark.ours.rest(mark.text)
    if note is None:
        return
    if not rest.strip() and not mark.ours.had_note:
        note.delete()
        return
    in_excel(partial(_delete, note, mark))
    if note.text != rest:
        note.text = rest


def _cut_old(cell: xw.Range) -> None:
    """Our part of a mark that could not be taken off, to be said anew."""
    if (note := cell.note) and (ours := values.ours_in(note.text or "")):
        _cut(Mark(cell, note, note.text, ours))


def _delete(note: xw.Note, mark: Mark) -> None:
    frame = note.api.Shape.TextFrame
    for first, last in reversed(mark.ours.cuts):
        frame.Characters(values.units(mark.text[:first]) + 1, values.units(mark.text[first:last])).Delete()


def _fit(note: xw.Note, text: str) -> None:
    box = note.api.Shape
    box.Width, box.Height = values.box(text)


# ---- fills


def _colour(cell: xw.Range) -> Any:
    return cell.color


def fill_of(cell: xw.Range) -> str:
    """The fill in words; a host without Excel's Interior has plain colours only."""
    colour = cell.color
    interior = member(cell.api, "Interior")
    pattern = interior and member(interior, "Pattern")
    if pattern is None:
        return values.fill_told(colour)
    return values.fill_told(colour, pattern, None if colour is None else _theme(interior))


def _theme(interior) -> tuple[int, float] | None:
    with suppress(Exception):  # Excel may refuse to tell of a colour that is none of the theme's
        return int(interior.ThemeColor), float(interior.TintAndShade)
    return None


def refill(cell: xw.Range, fill: Fill) -> None:
    if fill.theme:
        in_excel(partial(_set_theme, cell, fill))
        if fill.colour and cell.color == rgb(fill.colour):
            return
    cell.color = fill.colour


def _set_theme(cell: xw.Range, fill: Fill) -> None:
    interior = cell.api.Interior
    interior.ThemeColor, interior.TintAndShade = fill.theme, fill.shade
