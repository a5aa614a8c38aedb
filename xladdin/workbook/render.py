"""The XML of a sheet from its filled rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from ..errors import Place, TemplateError
from .cells import cell, formula_cell
from .expression import Link, Live
from .grid import Range, address, column_letters
from .markup import attribute_xml, formula_xml, text_xml
from .rows import Filled, Rows
from .sheet import BREAKS, HEADER, LINKS, MERGES, OWN_ROW, ROWS, SCALE, Row, Sheet, Slot
from .shift import RowMap, shift_formula


class Addresses:
    """Where expressions came to stand, for formulas that need one another's cells."""

    def __init__(self, sheet: Sheet, rows: RowMap, place: Place):
        self._spots = {
            expression.path: (row, slot.column) for row, slot, expression in sheet.expressions() if expression.path
        }
        self._parts: dict[tuple[str, ...], list[int]] = {}
        filtered: dict[tuple[str, ...], list[tuple[Row, int]]] = {}
        for row, slot, expression in sheet.expressions():
            if expression.path is None and len(expression.paths) == 1:
                filtered.setdefault(next(iter(expression.paths)), []).append((row, slot.column))
        for path, spots in filtered.items():
            if len(spots) == 1:  # a value with a filter, such as 缺省('—')
                self._spots.setdefault(path, spots[0])
            else:
                self._parts[path] = [column for _, column in spots]
        self._rows, self._place, self._here = rows, place, 0

    def at_row(self, number: int) -> Addresses:
        """The same, standing on sheet row `number`."""
        self._here = number
        return self

    def here(self, *path: str) -> str:
        """The cell of a repeated expression on the row being filled."""
        return address(self._here, self._spot(path)[1])

    def joined(self, *path: str) -> str:
        """The cells of a repeated expression on that row, joined where its parts stand in several."""
        if path in self._spots or path not in self._parts:
            return self.here(*path)
        return "&".join(address(self._here, column) for column in sorted(self._parts[path]))

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
    rows, starts = filled.rows, filled.starts
    title = title or sheet.name
    addresses = Addresses(sheet, rows, Place(file, title))
    links: list[str] = []
    spanning = _spanning(sheet) if starts else {}
    body = "".join(
        _row_xml(
            copy, addresses, maps, sheet.name, Place(file, title), links, spanning if copy.first in starts else None
        )
        for copy in filled.copies
    )
    merges = _merges(sheet, filled, groups)
    listed = "".join(f'<mergeCell ref="{address(a, b)}:{address(c, d)}"/>' for a, b, c, d in merges)
    linked = "".join(links)
    special = {
        ROWS: body,
        MERGES: f'<mergeCells count="{len(merges)}">{listed}</mergeCells>' if merges else "",
        LINKS: linked if sheet.links or not linked else f"<hyperlinks>{linked}</hyperlinks>",
        BREAKS: _breaks_xml(starts),
    }
    out = [sheet.text[0]]
    for (move, text), fixed in zip(sheet.moves, sheet.text[1:], strict=True):
        if move in special:
            out.append(special[move])
        elif move is SCALE:
            out.append(str(int(int(text) * filled.smaller)))
        elif move is HEADER:
            out.append(text_xml(filled.headers[text], Place(file, title)))
        elif move is shift_formula:
            out.append(_formula_text(shift_formula(text, maps, sheet.name), Place(file, title)))
        else:
            out.append(move(text, rows))
        out.append(fixed)
    return "".join(out)


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
    maps,
    home: str,
    place: Place,
    links: list[str],
    again: Mapping[int, str] | None = None,
) -> str:
    """A row's XML. again: where it begins a page, the labels merged down past it, which are printed once more."""
    row, number = copy.row, copy.first
    cells = []
    for column, piece in zip(row.styles, row.pieces, strict=True):
        if again and copy.later and column in again:
            cells.append(again[column].replace(OWN_ROW, str(number)))
        elif isinstance(piece, str) and copy.later and column in row.held and again is None:
            cells.append(f'<c r="{column_letters(column)}{number}"{row.styles[column]}/>')
        elif isinstance(piece, str):
            cells.append(piece.replace(OWN_ROW, str(number)))
        else:
            cells.append(_cell_xml(piece, copy, addresses, maps, home, place, links))
    tall = f' ht="{copy.height:g}" customHeight="1"' if row.fixed or copy.height > row.height else ""
    attributes = row.attributes + tall
    out = [f'<row r="{number}"{attributes}>{"".join(cells)}</row>']
    for extra in range(number + 1, number + copy.span):
        blanks = "".join(f'<c r="{column_letters(column)}{extra}"{style}/>' for column, style in row.styles.items())
        out.append(f'<row r="{extra}"{attributes}>{blanks}</row>')
    return "".join(out)


def _cell_xml(slot: Slot, copy: Filled, addresses: Addresses, maps, home: str, place: Place, links: list[str]) -> str:
    ref = f"{column_letters(slot.column)}{copy.first}"
    spot = Place(place.file, place.sheet, ref)
    if slot.expression is None:
        moved = shift_formula(slot.formula, maps, home, (copy.row.number, copy.first) if copy.row.repeat else None)
        return f'<c r="{ref}"{slot.style}><f>{_formula_text(moved, spot)}</f></c>'
    value = copy.values[slot.column]
    if isinstance(value, Live):
        return formula_cell(ref, slot.style, value.build(addresses.at_row(copy.first)), value.value, spot)
    if isinstance(value, Link):
        links.append(
            f'<hyperlink ref="{ref}" location={attribute_xml(value.location, spot)} '
            f"display={attribute_xml(value.text, spot)}/>"
        )
        value = value.text
    return cell(ref, slot.style, value, spot)


def _merges(sheet: Sheet, filled: Rows, groups: Sequence[tuple[str, ...]]) -> list[Range]:
    """The merged ranges; those of labels are parted where a page begins."""
    repeated = {row.number for row in sheet.repeated}
    rows, copies, found = filled.rows, filled.copies, []
    starts = filled.starts & {copy.first for copy in copies}
    for r1, c1, r2, c2 in sheet.merges:
        if r1 == r2 and r1 in repeated:
            continue
        moved = rows.first(r1), c1, rows.last(r2), c2
        found += _parted(moved, starts) if any(r1 <= number <= r2 for number in repeated) else [moved]
    tall = {copy.row.number for copy in copies if copy.span > 1} - repeated
    covered = {
        (row, column) for r1, c1, r2, c2 in sheet.merges for row in range(r1, r2 + 1) for column in range(c1, c2 + 1)
    }
    for row in sheet.rows:
        if row.number in tall:
            found += [
                (rows.first(row.number), column, rows.last(row.number), column)
                for column in row.styles
                if (row.number, column) not in covered
            ]
    for row in sheet.repeated:
        own = [copy for copy in copies if copy.row is row]
        for merge in _copied_merges(sheet, row, own, groups):
            found += _parted(merge, starts)
    return found


def _parted(merge: Range, starts: frozenset[int]) -> list[Range]:
    """A merged range in as many as there are pages it stands on; single cells are none."""
    top, left, bottom, right = merge
    tops = [top, *sorted(row for row in starts if top < row <= bottom)]
    pieces = [(first, left, last - 1, right) for first, last in zip(tops, [*tops[1:], bottom + 1], strict=True)]
    return [piece for piece in pieces if piece[:2] != piece[2:]]


def _copied_merges(sheet: Sheet, row: Row, copies: list[Filled], groups: Sequence[tuple[str, ...]]) -> list[Range]:
    """Each copy's own merges, and the labels that merge down over equal neighbours."""
    spanning = {
        column
        for r1, c1, r2, c2 in sheet.merges
        if r1 < row.number <= r2 or r1 <= row.number < r2
        for column in range(c1, c2 + 1)
    }
    across = {c1: c2 for r1, c1, r2, c2 in sheet.merges if r1 == r2 == row.number}
    inside = {column for c1, c2 in across.items() for column in range(c1 + 1, c2 + 1)}
    grouped = {
        slot.expression.path: slot.column for slot in row.slots() if slot.expression and slot.expression.path in groups
    }
    found = []
    for column in row.styles:
        if column in spanning or column in inside:
            continue
        last = across.get(column, column)
        if column in row.held:
            end = copies[-1].first + copies[-1].span - 1
            found += [(copies[0].first, column, end, last)] if (copies[0].first, column) != (end, last) else []
            continue
        keys = [grouped[path] for path in groups if path in grouped]
        if column in keys:
            keys = keys[: keys.index(column) + 1]
            runs = groupby(copies, key=lambda copy: tuple(copy.values[key] for key in keys))  # noqa: B023
            blocks = [list(members) for key, members in runs if key[-1] not in (None, "")] or []
            blocks += [[copy] for copy in copies if copy.values[column] in (None, "")]
        else:
            blocks = [[copy] for copy in copies]
        for block in blocks:
            first, end = block[0].first, block[-1].first + block[-1].span - 1
            if (first, column) != (end, last):
                found.append((first, column, end, last))
    return found
