"""Colours and notes on the cells of findings, put on and taken off exactly.

A mark describes itself: our part stands under what the clerk has written in the cell's note, and its last line says
what fill was there before. Notes move with their cells, whatever becomes of 核对结果 and of the workbook's name. Where
the clerk has deleted that line, or the whole note, 核对结果 knows the fill too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import xlwings as xw
from xlwings.utils import hex_to_rgb

from ..report.rows import SHEET, Report, Row
from ..rules.finding import INFO
from ..sheets.looks import PAPER
from ..sheets.page import clean
from ..workbook.heights import Look, height_of, lines_of
from .result_sheet import Fills, in_excel

NOTED = "【核对】"  # how our part of a note begins
LONGEST = 190  # characters of what it says: a box shows no more, and Excel may cut what is handed over at 255
_HAD_NOTE = "原有批注，"
_FOOT = re.compile(rf"〔((?:{_HAD_NOTE})?)原底色 ([^·〕]+)·([0-9a-f]{{6}})〕")  # how it ends: whether there was a note,
# the fill before, and a sum of what it says
_NO_FILL, _AS_IT_IS, _UNKNOWN = "无", "未动", "不明"
_THEME = re.compile(r"主题(\d+) (\S+) (#[0-9a-f]{6})")
_FILL = re.compile(rf"{_NO_FILL}|{_AS_IT_IS}|#[0-9a-f]{{6}}|{_THEME.pattern}")
_PLAIN = (-4142, 1)  # xlPatternNone, xlPatternSolid: every other fill is more than a colour
_NOTE_FONT = Look(9, True)
_BOX, _BOX_COLUMNS, _MARGIN = 220, 37, 8  # points wide, its text as a column of 37 is
_OURS = {hex_to_rgb(paper) for paper in PAPER.values()}


class Ours(NamedTuple):
    """Our part of a note: which characters, the fill before, whether the clerk has written into it, and whether the
    note was there before."""

    cuts: tuple[tuple[int, int], ...]
    fill: str
    edited: bool
    had_note: bool = False


class Mark(NamedTuple):
    """note: None where the clerk has deleted it; the colour alone is left."""

    cell: xw.Range | None
    note: xw.Note | None
    text: str
    ours: Ours

    @property
    def rest(self) -> str:
        """What the clerk has written."""
        ends = (0, *(last for _, last in self.ours.cuts))
        starts = (*(first for first, _ in self.ours.cuts), len(self.text))
        return "".join(self.text[end:start] for end, start in zip(ends, starts, strict=True))


@dataclass
class Cleared:
    """done: cells put back; edited, recoloured: those of them in which the clerk's own words or colour were left;
    locked: how many marks stay on protected sheets; left: what is known of the fills of these and of cells that could
    not be put back, which are lost."""

    done: int = 0
    edited: int = 0
    recoloured: int = 0
    locked: dict[str, int] = field(default_factory=dict)
    left: Fills = field(default_factory=dict)

    @property
    def lost(self) -> list[str]:
        return [f"{book} {sheet}!{cell}" for (book, sheet, cell), fill in self.left.items() if fill == _UNKNOWN]


def put_on(report: Report, books: Sequence[xw.Book], left: Fills) -> tuple[list[str], list[str], Fills]:
    """Mark the first cell of every finding but notes (提示); the protected sheets, and the cells with a discussion
    (threaded comment), that were left as they are; and the fills there were.

    left: fills not put back, as take_off gives them: what is seen there is our own colour.
    """
    sheets = {(book.name, sheet.name): sheet for book in books for sheet in book.sheets}
    locked = {names for names, sheet in sheets.items() if is_locked(sheet)}
    refused, discussed, fills = [], [], dict(left)
    for (*names, cell), (aims, rows) in _wanted(report, sheets).items():
        if tuple(names) in locked:
            refused.append(" ".join(names))
        elif _is_discussed(spot := sheets[tuple(names)].range(cell)):
            discussed.append(f"{' '.join(names)}!{cell}")
        else:
            if fill := left.get((*names, cell)):
                _cut_old(spot)
            else:
                fill = _fill_of(spot)
            _mark(spot, rows, fill)
            if fill != _AS_IT_IS:
                fills |= dict.fromkeys(((*names, each) for each in aims), fill)
    return list(dict.fromkeys(refused)), discussed, fills


def marks_on(book: xw.Book, fills: Fills | None = None) -> list[Mark]:
    """Every mark in a workbook, wherever it has got to, and what the clerk has left of one: our words without their
    last line, or our colour alone where 核对结果 knows of one (fills)."""
    known = _firsts(book, fills or {})
    found, seen = [], set()
    for sheet in book.sheets:
        for note in sheet.notes:
            text = note.text or ""
            ours = ours_in(text)
            if not ours and NOTED not in text:
                continue
            cell = note.location
            names = _names(cell)
            if ours and not _FILL.fullmatch(ours.fill):
                ours = ours._replace(fill=known.get(names, _UNKNOWN))
            elif not ours and not sheet.name.startswith(SHEET) and cell.color in _OURS:
                at = text.rfind(NOTED)
                ours = Ours(((at, at + len(NOTED)),), known.get(names, _UNKNOWN), True)
            if ours:
                seen.add(names)
                found.append(Mark(cell, note, text, ours))
    for names in known.keys() - seen:
        cell = book.sheets[names[1]].range(names[2])
        if cell.color in _OURS:
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


def _names(cell: xw.Range) -> tuple[str, str, str]:
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
        if fill == _UNKNOWN and mark.cell.color in _OURS:
            cleared.left[names] = fill
            continue
        if mark.note:
            _cut(mark)
        cleared.done += 1
        cleared.edited += mark.ours.edited
        cleared.recoloured += not _refill(mark.cell, fill)
    return cleared


def ours_in(text: str) -> Ours | None:
    """Our part of a note. Where the clerk has written into it only its frame is ours: her words stay."""
    cuts, fill, edited, had_note, start = [], None, False, False, 0
    for foot in _FOOT.finditer(text):
        head = text.rfind(NOTED, start, foot.start())
        said = text[head + len(NOTED) : foot.start()] if head >= 0 else ""
        if head >= 0 and _sum(said) == foot[3]:
            cuts.append((_line_end(text, head), foot.end()))
        else:
            edited = True
            cuts += [(head, head + len(NOTED))] if head >= 0 else []
            cuts.append((_line_end(text, foot.start()), foot.end()))
        fill, had_note, start = fill or foot[2], had_note or bool(foot[1]), foot.end()
    if fill is None:
        return None
    if cuts[0][0] == 0:  # what follows was begun on a line of its own
        rest = text[cuts[0][1] :]
        cuts[0] = 0, cuts[0][1] + len(rest) - len(rest.removeprefix("\r").removeprefix("\n"))
    return Ours(tuple(cuts), fill, edited, had_note)


def is_locked(sheet: xw.Sheet) -> bool:
    """Whether cells or notes are protected: such a sheet is left as it is, never unlocked."""
    return bool(sheet.api.ProtectContents or getattr(sheet.api, "ProtectDrawingObjects", False))


def _wanted(
    report: Report, sheets: dict[tuple[str, str], xw.Sheet]
) -> dict[tuple[str, str, str], tuple[list[str], list[Row]]]:
    """What is said of each cell; of merged ones, of the first, with the cells meant."""
    wanted: dict[tuple[str, str, str], list[Row]] = {}
    for row in report.rows:
        for link in (row.expected_link, row.actual_link):
            if link and link.sheet and link.cell and row.level != INFO and (link.file.name, link.sheet) in sheets:
                wanted.setdefault((link.file.name, link.sheet, link.cell), []).append(row)
    merged: dict[tuple[str, str, str], tuple[list[str], list[Row]]] = {}
    for (book, name, cell), rows in wanted.items():
        first = sheets[book, name].range(cell).merge_area[0, 0].get_address(False, False)
        aims, all_rows = merged.setdefault((book, name, first), ([], []))
        aims.append(cell)
        all_rows += rows
    return merged


def _mark(cell: xw.Range, rows: Sequence[Row], fill: str) -> None:
    """The note first: it says what the colour is to be taken off to."""
    _append(cell, _part(dict.fromkeys(f"{row.code} {row.message}" for row in rows), fill, cell.note is not None))
    if fill != _AS_IT_IS:
        cell.color = PAPER[rows[0].level]


def _part(lines: Iterable[str], fill: str, had_note: bool = False) -> str:
    said = clean("\n".join(lines))
    if len(said) > LONGEST:
        said = said[: LONGEST - 1] + "…"
    return f"{NOTED}{said}\n〔{_HAD_NOTE if had_note else ''}原底色 {fill}·{_sum(said)}〕"


def _sum(said: str) -> str:
    return hashlib.blake2b("".join(said.split()).encode("utf-8", "replace"), digest_size=3).hexdigest()


def _line_end(text: str, at: int) -> int:
    """Where the line before begins to end: its break goes too."""
    return len(text[:at].removesuffix("\n").removesuffix("\r"))


# ---- notes


def _is_discussed(cell: xw.Range) -> bool:
    """Whether a threaded comment is there, which notes do not go with; Excel before 2019 has none."""
    with suppress(Exception):
        return cell.comment is not None
    return False


def _append(cell: xw.Range, part: str) -> None:
    """Under what the clerk wrote, in its own fonts and box."""
    note = cell.note
    if note is None:
        in_excel(partial(_fit, cell.add_note(part), part))
        return
    text = note.text or ""
    whole = f"{text}\n{part}" if text else part
    in_excel(lambda: note.api.Text(whole[len(text) :], _units(text) + 1, False))
    if note.text != whole:
        note.text = whole


def _cut(mark: Mark) -> None:
    """Only our characters go, so that the clerk's keep their fonts; the note goes when it is ours and nothing of hers
    is in it. One of hers may hold a picture and no words."""
    rest = mark.rest
    if not rest.strip() and not mark.ours.had_note:
        mark.note.delete()
        return
    in_excel(partial(_delete, mark))
    if mark.note.text != rest:
        mark.note.text = rest


def _cut_old(cell: xw.Range) -> None:
    """Our part of a mark that could not be taken off, to be said anew."""
    if (note := cell.note) and (ours := ours_in(note.text or "")):
        _cut(Mark(cell, note, note.text, ours))


def _delete(mark: Mark) -> None:
    frame = mark.note.api.Shape.TextFrame
    for first, last in reversed(mark.ours.cuts):
        frame.Characters(_units(mark.text[:first]) + 1, _units(mark.text[first:last])).Delete()


def _units(text: str) -> int:
    """How Excel counts characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fit(note: xw.Note, text: str) -> None:
    """Excel's box for a note is small, whatever the note says."""
    box = note.api.Shape
    box.Width, box.Height = _BOX, height_of(lines_of(text, _BOX_COLUMNS, _NOTE_FONT), _NOTE_FONT) + _MARGIN


# ---- fills


def _fill_of(cell: xw.Range) -> str:
    """The fill in words: none, a colour, or a colour of the theme; 未动 for patterns and gradients."""
    rgb = cell.color
    told = _NO_FILL if rgb is None else "#{:02x}{:02x}{:02x}".format(*rgb)
    with suppress(AttributeError):  # a host without Excel's Interior has none of these
        interior = cell.api.Interior
        if interior.Pattern not in _PLAIN:
            return _AS_IT_IS
        if rgb is not None and (theme := _theme(interior)):
            return f"{theme} {told}"
    return told


def _theme(interior) -> str:
    with suppress(Exception):  # Excel may refuse to tell of a colour that is none of the theme's
        number = int(interior.ThemeColor)
        if 1 <= number <= 12:
            return f"主题{number} {float(interior.TintAndShade):.15g}"
    return ""


def _refill(cell: xw.Range, fill: str) -> bool:
    """The fill of before; False where the clerk has given the cell another one since, which stays."""
    if fill == _AS_IT_IS:
        return True
    if cell.color not in _OURS:
        return False
    theme = _THEME.fullmatch(fill)
    if theme:
        in_excel(partial(_set_theme, cell, int(theme[1]), float(theme[2])))
        if cell.color != hex_to_rgb(theme[3]):
            cell.color = theme[3]
    elif fill == _NO_FILL:
        cell.color = None
    elif re.fullmatch("#[0-9a-f]{6}", fill):
        cell.color = fill
    else:  # somebody has written there
        return False
    return True


def _set_theme(cell: xw.Range, number: int, shade: float) -> None:
    interior = cell.api.Interior
    interior.ThemeColor, interior.TintAndShade = number, shade
