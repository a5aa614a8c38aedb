"""The XML of a sheet from its filled rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from ..errors import Place, TemplateError, Unwritable
from .cells import constant, live
from .expression import Link, Live
from .grid import OWN_ROW, Range, address, column_letters
from .markup import attribute_xml, formula_xml, text_xml
from .rows import Filled, Rows
from .sheet import BREAKS, HEADER, LINKS, MERGES, ROWS, SCALE, Row, Sheet, Slot
from .shift import RowMap, shift_formula

_CONSTANTS = frozenset({str, Decimal, dt.date})


class Addresses:
    """Where expressions came to stand, for formulas that need one another's cells."""

    def __init__(self, sheet: Sheet, rows: RowMap, place: Place):
        self._spots, self._parts = sheet.spots
        self._rows, self._place, self.row = rows, place, 0

    def at_row(self, number: int) -> Addresses:
        """The same, standing on sheet row `number`."""
        self.row = number
        return self

    def here(self, *path: str) -> str:
        """The cell of a repeated expression on the row being filled, OWN_ROW in place of the row's number."""
        return column_letters(self._spot(path)[1]) + OWN_ROW

    def joined(self, *path: str) -> str:
        """The cells of a repeated expression on that row, joined where its parts stand in several."""
        if path in self._spots or path not in self._parts:
            return self.here(*path)
        return "&".join(column_letters(column) + OWN_ROW for column in sorted(self._parts[path]))

    def cell(self, *path: str) -> str:
        """The cell of an expression that stands once."""
        row, column = self._spot(path)
        return address(self._rows.first(row.number), column)

    def column(self, *path: str) -> str:
        """All cells of a repeated expression, as a range."""
        row, column = self._spot(path)
        first, last = self._rows.first(row.number), self._rows.last(row.number)
        return f"{address(first, column)}:{address(last, column)}"

    def has(self, *path: str) -> bool:
        """Whether the template holds that expression by itself in a cell."""
        return path in self._spots

    def _spot(self, path: tuple[str, ...]):
        if path not in self._spots:
            raise TemplateError(f"公式要用到“{'.'.join(path)}”，表式里没有这一格", self._place, "请在模板中补上这一格")
        return self._spots[path]


def render(
    sheet: Sheet,
    filled: Rows,
    maps: Mapping[str, RowMap],
    groups: Sequence[tuple[str, ...]],
    file: str | None = None,
    title: str | None = None,
) -> str:
    """The sheet's XML. `groups`: expressions whose equal neighbours merge down, outermost first."""
    rows, starts, place = filled.rows, filled.starts, Place(file, title or sheet.name)
    addresses = Addresses(sheet, rows, place)
    links: list[str] = []
    spanning = _spanning(sheet) if starts else {}
    body = "".join(
        _row_xml(copy, addresses, maps, sheet.name, place, links, spanning if copy.first in starts else None)
        for copy in filled.copies
    )
    linked = "".join(links)
    labels = tuple(_labels(row, [copy for copy in filled.copies if copy.row is row], groups) for row in sheet.repeated)
    special = {
        ROWS: body,
        MERGES: _merges_xml(sheet, rows, starts, labels),
        LINKS: linked if sheet.links or not linked else f"<hyperlinks>{linked}</hyperlinks>",
        BREAKS: _breaks_xml(starts),
    }
    out = []
    for fixed, move, text in _around(sheet, tuple(maps.items()), rows, place):
        out.append(fixed)
        if move is SCALE:
            out.append(str(int(int(text) * filled.smaller)))
        elif move is HEADER:
            out.append(text_xml(filled.headers[text], place))
        elif move:
            out.append(special[move])
    return "".join(out)


@lru_cache(maxsize=256)
def _around(
    sheet: Sheet, maps: tuple[tuple[str, RowMap], ...], rows: RowMap, place: Place
) -> list[tuple[str, Callable[..., str] | None, str]]:
    """What stands around the rows, its references moved: fixed texts, and behind each what is filled in there.

    The same for all forms that grew alike. Behind the last is nothing (None).
    """
    found: list[tuple[str, Callable[..., str] | None, str]] = []
    fixed = sheet.text[0]
    for (move, text), following in zip(sheet.moves, sheet.text[1:], strict=True):
        if move in (ROWS, MERGES, LINKS, BREAKS, SCALE, HEADER):
            found.append((fixed, move, text))
            fixed = following
        elif move is shift_formula:
            fixed += _formula_text(shift_formula(text, dict(maps), sheet.name), place) + following
        else:
            fixed += move(text, rows) + following
    return [*found, (fixed, None, "")]


def _formula_text(text: str, place: Place) -> str:
    return formula_xml(text, place).replace('"', "&quot;")  # some of these stand in attributes


def _breaks_xml(starts: frozenset[int]) -> str:
    if not starts:
        return ""
    breaks = "".join(f'<brk id="{row - 1}" max="16383" man="1"/>' for row in sorted(starts))
    return f'<rowBreaks count="{len(starts)}" manualBreakCount="{len(starts)}">{breaks}</rowBreaks>'


def _spanning(sheet: Sheet) -> dict[int, str]:
    """Printed labels merged down into the repeating rows from above, by column: the cell's text, its row left open."""
    repeated = [row.number for row in sheet.repeated]
    found = {}
    for top, left, bottom, _ in sheet.merges:
        if any(top < number <= bottom for number in repeated):
            row = next((row for row in sheet.rows if row.number == top), None)
            piece = row.pieces[list(row.styles).index(left)] if row and left in row.styles else None
            if isinstance(piece, str):
                found[left] = piece
    return found


def _row_xml(
    copy: Filled,
    addresses: Addresses,
    maps: Mapping[str, RowMap],
    home: str,
    place: Place,
    links: list[str],
    again: Mapping[int, str] | None = None,
) -> str:
    """A row's XML. again: where it begins a page, the labels merged down past it, which are printed once more."""
    row, number, values = copy.row, copy.first, copy.values
    if again and copy.later:
        pieces, end = _row_pieces(row, number, again=again)
    else:
        pieces, end = _known_pieces(row, number, copy.later and again is None)
    tall = _tall(copy.height) if row.fixed or copy.height > row.height else ""
    attributes = row.attributes + tall
    out = [f'<row r="{number}"{attributes}>']
    for text, slot in pieces:
        out.append(text)
        try:
            value = values.get(slot.column)
            plain = type(value) in _CONSTANTS or value is None and slot.expression
            out.append(constant(value) if plain else _content(slot, copy, addresses, maps, home, place, links))
        except Unwritable as error:
            raise Unwritable(error.what, replace(place, cell=address(number, slot.column)), error.advice) from None
    out.append(end)
    for extra in range(number + 1, number + copy.span):
        blanks = "".join(f'<c r="{column_letters(column)}{extra}"{style}/>' for column, style in row.styles.items())
        out.append(f'<row r="{extra}"{attributes}>{blanks}</row>')
    return "".join(out)


@lru_cache(maxsize=1024)
def _tall(height: float) -> str:
    return f' ht="{height:g}" customHeight="1"'


def _row_pieces(
    row: Row, number: int, held: bool = False, again: Mapping[int, str] | None = None
) -> tuple[list[tuple[str, Slot]], str]:
    """A row's cells as fixed texts, each up to the style of the slot that follows it, and the text behind the last.

    held: a later copy, in which printed labels that stand once are left out; again: as above.
    """
    found: list[tuple[str, Slot]] = []
    fixed = ""
    for (column, style), piece in zip(row.styles.items(), row.pieces, strict=True):
        if again and column in again:
            fixed += again[column].replace(OWN_ROW, str(number))
        elif isinstance(piece, Slot):
            found.append((f'{fixed}<c r="{address(number, column)}"{style}', piece))
            fixed = ""
        elif held and column in row.held:
            fixed += f'<c r="{address(number, column)}"{style}/>'
        else:
            fixed += piece.replace(OWN_ROW, str(number))
    return found, fixed + "</row>"


_known_pieces = lru_cache(maxsize=4096)(_row_pieces)


def _content(
    slot: Slot,
    copy: Filled,
    addresses: Addresses,
    maps: Mapping[str, RowMap],
    home: str,
    place: Place,
    links: list[str],
) -> str:
    """What a cell holds, and its end. Raises Unwritable, without the cell."""
    if slot.expression is None:
        moved = shift_formula(slot.formula, maps, home, (copy.row.number, copy.first) if copy.row.repeat else None)
        return f"><f>{_formula_text(moved, place)}</f></c>"
    value = copy.values[slot.column]
    if isinstance(value, Live):
        return live(value.build(addresses.at_row(copy.first)), value.value, copy.first if value.alike else None)
    if isinstance(value, Link):
        links.append(
            f'<hyperlink ref="{address(copy.first, slot.column)}" location={attribute_xml(value.location, place)} '
            f"display={attribute_xml(value.text, place)}/>"
        )
        value = value.text
    return constant(value)


Labels = tuple[tuple[int, tuple[int | None, ...]], ...]  # column → a number for each copy, None for a blank one


def _labels(row: Row, copies: Sequence[Filled], groups: Sequence[tuple[str, ...]]) -> Labels:
    """The groups' columns of a repeated row, outermost first: which copies say the same there, whatever it is."""
    columns = {expression.path: slot.column for slot, expression in row.asked}
    found = []
    for column in (columns[path] for path in groups if path in columns):
        numbers: dict[Any, int] = {}
        values = [copy.values[column] for copy in copies]
        found.append((column, tuple(None if v in (None, "") else numbers.setdefault(v, len(numbers)) for v in values)))
    return tuple(found)


@lru_cache(maxsize=512)
def _merges_xml(sheet: Sheet, rows: RowMap, starts: frozenset[int], labels: tuple[Labels, ...]) -> str:
    """The merged ranges: the same for all forms that grew alike, begin pages alike and repeat labels alike."""
    merges = _merges(sheet, rows, starts, labels)
    listed = "".join(f'<mergeCell ref="{address(a, b)}:{address(c, d)}"/>' for a, b, c, d in merges)
    return f'<mergeCells count="{len(merges)}">{listed}</mergeCells>' if merges else ""


def _merges(sheet: Sheet, rows: RowMap, starts: frozenset[int], labels: tuple[Labels, ...]) -> list[Range]:
    """The merged ranges; those of labels are parted where a page begins. labels: of each repeated row."""
    repeated = {row.number for row in sheet.repeated}
    copies = {row.number: rows.copies(row.number) for row in sheet.rows}
    found = []
    starts &= {first for spans in copies.values() for first, _ in spans}
    for r1, c1, r2, c2 in sheet.merges:
        if r1 == r2 and r1 in repeated:
            continue
        moved = rows.first(r1), c1, rows.last(r2), c2
        found += _parted(moved, starts) if any(r1 <= number <= r2 for number in repeated) else [moved]
    covered = {
        (row, column) for r1, c1, r2, c2 in sheet.merges for row in range(r1, r2 + 1) for column in range(c1, c2 + 1)
    }
    for row in sheet.rows:
        first, last = copies[row.number][0]
        if last > first and row.number not in repeated:
            found += [(first, column, last, column) for column in row.styles if (row.number, column) not in covered]
    for row, own in zip(sheet.repeated, labels, strict=True):
        for merge in _copied_merges(sheet, row, copies[row.number], own):
            found += _parted(merge, starts)
    return found


def _parted(merge: Range, starts: frozenset[int]) -> list[Range]:
    """A merged range in as many as there are pages it stands on; single cells are none."""
    top, left, bottom, right = merge
    tops = [top, *sorted(row for row in starts if top < row <= bottom)]
    pieces = [(first, left, last - 1, right) for first, last in zip(tops, [*tops[1:], bottom + 1], strict=True)]
    return [piece for piece in pieces if piece[:2] != piece[2:]]


def _copied_merges(sheet: Sheet, row: Row, copies: list[tuple[int, int]], labels: Labels) -> list[Range]:
    """Each copy's own merges, and the labels that merge down over equal neighbours.

    copies: first and last sheet row of each.
    """
    spanning = {
        column
        for r1, c1, r2, c2 in sheet.merges
        if r1 < row.number <= r2 or r1 <= row.number < r2
        for column in range(c1, c2 + 1)
    }
    across = {c1: c2 for r1, c1, r2, c2 in sheet.merges if r1 == r2 == row.number}
    inside = {column for c1, c2 in across.items() for column in range(c1 + 1, c2 + 1)}
    grouped = dict(labels)
    found = []
    for column in row.styles:
        if column in spanning or column in inside:
            continue
        last = across.get(column, column)
        if column in row.held:
            blocks = [copies]
        elif column in grouped:
            keys = [grouped[key] for key in [*grouped][: [*grouped].index(column) + 1]]
            runs = groupby(range(len(copies)), key=lambda at: tuple(key[at] for key in keys))  # noqa: B023
            blocks = [[copies[at] for at in members] for key, members in runs if key[-1] is not None]
            blocks += [[copy] for copy, label in zip(copies, grouped[column], strict=True) if label is None]
        else:
            blocks = [[copy] for copy in copies]
        for block in blocks:
            first, end = block[0][0], block[-1][1]
            if (first, column) != (end, last):
                found.append((first, column, end, last))
    return found
