"""The sheet 待核 written: a row a question, with its place, a link to the original and a picture of the spot."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from ..domain.naming import name_key
from ..errors import XladdinError
from ..ledger import asked
from ..ledger.asked import mark
from ..sheets.page import fitting
from ..sources.picture import picture
from ..workbook.appending import Addition, Value
from ..workbook.editing import NewSheet
from ..workbook.gate import read_bytes
from ..workbook.grid import Spot, column_letters
from ..workbook.heights import Look, height_of, lines_of
from ..workbook.pictures import Picture
from .book import Book
from .merging import Put
from .questions import MOST_OFFERED

OFFERED = tuple(f"建议{number}" for number in range(1, MOST_OFFERED + 1))
_WIDTHS = {
    asked.FILE: 24, asked.SPOT: 16, asked.PROJECT: 24, asked.FIELD: 30, asked.READ: 32, asked.OFFERED: 24,
    asked.TAKEN: 24, asked.ORIGINAL: 56, asked.WHY: 40,
}  # fmt: skip
_MOST_PICTURES = 300  # of one import
_ABOVE = 22  # pixels of a row that a picture leaves free for the link
_TALLEST = 120.0  # points of a row without a picture
_TO_POINTS = 0.75


def new_sheet() -> NewSheet:
    """待核, empty."""
    columns = [(name, _WIDTHS.get(name, 12.0)) for name in (*asked.COLUMNS, *OFFERED)]
    hidden = frozenset(at for at, (name, _) in enumerate(columns, 1) if name not in _WIDTHS)
    return NewSheet(asked.SHEET, columns, hidden, answers=frozenset({asked.COLUMNS.index(asked.TAKEN) + 1}))


def rows_added(book: Book, puts: Sequence[Put], folder: Path, aims: Mapping[int, str]) -> Addition:
    """The rows of these questions below those there are. folder: of the ledger; aims: 去处 of rows that have one."""
    grid = book.asked_grid
    columns = {name: at for at, name in enumerate((*asked.COLUMNS, *OFFERED), 1)}
    heading, last, values = 1, 1, dict[Spot, Value]()
    if grid is not None:
        heading = book.questions.heading or 1
        texts = {name_key(str(value)): at for (row, at), value in grid.cells.items() if row == heading}
        columns = {name: texts[name] for name in columns if name in texts}
        width = max((at for _, at in grid.cells), default=0)
        for name in (*asked.COLUMNS, *OFFERED):
            if name not in columns:
                width += 1
                columns[name], values[heading, width] = width, name
        last = max((row for row, _ in grid.cells), default=heading)
    values |= {(row, columns[asked.AIM]): aim for row, aim in aims.items()}
    links: dict[Spot, tuple[str, str]] = {}
    pictures: list[Picture] = []
    heights: dict[int, float] = {}
    opened: dict[Path, bytes] = {}
    for row, put in enumerate(puts, max(last, heading) + 1):
        values |= {(row, columns[name]): fitting(text) for name, text in _texts(put).items() if text}
        spot = (row, columns[asked.ORIGINAL])
        links[spot] = _link(put, folder)
        heights[row] = _height(_texts(put))
        found = _picture(put, opened) if len(pictures) < _MOST_PICTURES else None
        if found:
            pictures.append(replace(found, spot=spot))
            heights[row] = max(heights[row], (found.height + _ABOVE + 6) * _TO_POINTS)
    first, until = column_letters(columns[OFFERED[0]]), column_letters(columns[OFFERED[-1]])
    line = f"${first}{heading + 1}"
    choices = f"OFFSET({line},0,0,1,MAX(1,COUNTA({line}:${until}{heading + 1})))"
    offered = {columns[asked.TAKEN]: choices}
    return Addition(
        values, heading, max(last, heading), links=links, pictures=pictures, heights=heights, offered=offered
    )


def _texts(put: Put) -> Mapping[str, str]:
    question = put.question
    offered = question.offered[:MOST_OFFERED]
    return {
        asked.FILE: question.path.name,
        asked.SPOT: str(replace(question.place, file=None)),
        asked.PROJECT: question.project,
        asked.FIELD: question.called,
        asked.READ: question.read,
        asked.OFFERED: offered[0] if offered and offered[0] != asked.EMPTY else "",
        asked.ORIGINAL: question.path.name,
        asked.WHY: question.why,
        asked.NUMBER: mark(put.number),
        asked.AIM: put.aim,
        **dict(zip(OFFERED, offered, strict=False)),
    }


def _height(texts: Mapping[str, str]) -> float:
    """Of a row in which all of it can be read, in points."""
    font = Look(11, True)
    lines = max(lines_of(texts[name], width, font) for name, width in _WIDTHS.items() if name in texts)
    return min(height_of(lines, font), _TALLEST)


def _link(put: Put, folder: Path) -> tuple[str, str]:
    """Where a link to the original points: a path from the ledger's folder, and the cell of a workbook."""
    path, place = put.question.path, put.question.place
    try:
        target = os.path.relpath(path, folder)
    except ValueError:  # on another drive
        target = path.resolve().as_uri()
    else:
        target = quote(target.replace(os.sep, "/"), safe="/")
    inside = f"'{place.sheet.replace(chr(39), chr(39) * 2)}'!{place.cell}" if place.sheet and place.cell else ""
    return target, inside


def _picture(put: Put, opened: dict[Path, bytes]) -> Picture | None:
    """The spot in a PDF, as it is printed there."""
    question = put.question
    if question.path.suffix.lower() != ".pdf" or not question.place.page:
        return None
    try:
        if question.path not in opened:
            opened.clear()
            opened[question.path] = read_bytes(question.path, question.path.name)
        found = picture(opened[question.path], question.place.page, (question.read, question.project))
    except XladdinError:
        return None
    return Picture((1, 1), *found) if found else None
