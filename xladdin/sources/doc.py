"""Word documents of before 2007, and .wps: the text with its table rows out of the binary file ([MS-DOC]).

Only what a form needs: characters, the ends of paragraphs, cells and rows, the widths and merges of cells.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import Place, RefusedFile
from ..workbook.grid import Grid
from .paper import Block, Cell, Line, Table

_MOST_BYTES, _MOST_SIGNS = 32 << 20, 2_000_000
_ADVICE = "请在 Word 或 WPS 中打开，另存为 .docx"
_PAGE = 512
_FIELDS = 154  # where the list of places begins in the file's head
_CHPX, _PAPX, _CLX = 12, 13, 33
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_IN_TABLE, _ROW_END, _DEPTH, _HUGE = 0x2416, 0x2417, 0x6649, (0x6645, 0x6646)
_CELLS, _UPRIGHT = 0xD608, 0xD62B
_DELETED, _HIDDEN = 0x0800, 0x083C
_NEAR = 40  # twentieths of a point by which the edges of cells may miss each other


def takes(source: Any) -> bool:
    """Bytes of a compound file that holds a text of Word."""
    from .compound import streams

    return isinstance(source, bytes) and "worddocument" in streams(source)


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The document as one sheet. Raises RefusedFile."""
    from .needed import library
    from .paper import grid_of

    if len(source) > _MOST_BYTES:
        raise RefusedFile(f"文件 {len(source) >> 20} MB，超过上限 {_MOST_BYTES >> 20} MB", Place(file=name), _ADVICE)
    compdoc = library("xlrd.compdoc", "xlrd", name, ".doc")
    try:
        # bytes nobody checked fail in whatever way they happen to: each is a file that cannot be read
        holder = compdoc.CompDoc(source, logfile=_Silent())
        main = holder.get_named_stream("WordDocument")
        flags = struct.unpack_from("<H", main, 10)[0]
        if flags & 0x0100:
            raise RefusedFile("文件设有打开密码", Place(file=name), "请去掉密码后另存")
        table = holder.get_named_stream("1Table" if flags & 0x0200 else "0Table")
        text = _Text(main, table, holder.get_named_stream("Data") or b"")
        blocks = list(_blocks(text))
    except RefusedFile:
        raise
    except Exception:  # noqa: BLE001
        from . import office

        return office.grids(source, name)
    return [grid_of(blocks, name, "正文")]


class _Silent:
    """Takes what a library has to say, and keeps it to itself."""

    def write(self, text: str) -> None:
        """Nothing."""


@dataclass(slots=True)
class _Runs:
    """Properties of stretches of the file: where each begins, where it ends, its changes."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    changes: list[bytes] = field(default_factory=list)

    def at(self, place: int) -> bytes:
        index = bisect_right(self.starts, place) - 1
        return self.changes[index] if index >= 0 and place < self.ends[index] else b""


class _Text:
    """The characters of a document, and the properties of those that end something."""

    def __init__(self, main: bytes, table: bytes, data: bytes):
        self.main, self.table, self.data = main, table, data
        self.paragraphs = self._runs(_PAPX, 13)
        self.signs = self._runs(_CHPX, 1)
        self.length = struct.unpack_from("<I", main, 76)[0]

    def _place(self, index: int) -> tuple[int, int]:
        return struct.unpack_from("<2I", self.main, _FIELDS + 8 * index)

    def _runs(self, index: int, step: int) -> _Runs:
        start, size = self._place(index)
        many = (size - 4) // 8
        runs = []
        for page in struct.unpack_from(f"<{many}I", self.table, start + 4 * (many + 1)):
            at = (page & 0x3FFFFF) * _PAGE
            held = self.main[at + _PAGE - 1]
            places = struct.unpack_from(f"<{held + 1}I", self.main, at)
            for number in range(held):
                offset = 2 * self.main[at + 4 * (held + 1) + step * number]
                changes = b""
                if offset:
                    size, begin = self.main[at + offset], at + offset + 1
                    if step == 1:
                        changes = self.main[begin : begin + size]
                    elif size:
                        changes = self.main[begin : begin + 2 * size - 1][2:]
                    else:
                        changes = self.main[begin + 1 : begin + 1 + 2 * self.main[begin]][2:]
                runs.append((places[number], places[number + 1], changes))
        runs.sort(key=lambda run: run[0])
        return _Runs(*map(list, zip(*runs, strict=True))) if runs else _Runs()

    def pieces(self) -> Iterator[tuple[int, int, int, bool]]:
        """The stretches of the text in order: characters, place in the file, whether two bytes each."""
        start, size = self._place(_CLX)
        at, end = start, start + size
        while at < end and self.table[at] == 1:
            at += 3 + struct.unpack_from("<H", self.table, at + 1)[0]
        many = (struct.unpack_from("<I", self.table, at + 1)[0] - 4) // 12
        bounds = struct.unpack_from(f"<{many + 1}I", self.table, at + 5)
        for number in range(many):
            place = struct.unpack_from("<I", self.table, at + 5 + 4 * (many + 1) + 8 * number + 2)[0]
            wide = not place & 0x40000000
            yield bounds[number], bounds[number + 1], place if wide else (place & 0x3FFFFFFF) // 2, wide

    def characters(self) -> Iterator[tuple[str, int]]:
        """Each character of the main text, and where in the file it stands."""
        for first, last, place, wide in self.pieces():
            last = min(last, self.length, first + _MOST_SIGNS)
            step = 2 if wide else 1
            text = self.main[place : place + step * max(last - first, 0)].decode(
                "utf-16-le" if wide else "cp1252", "replace"
            )
            yield from ((sign, place + step * number) for number, sign in enumerate(text))

    def changes(self, found: bytes) -> dict[int, bytes]:
        """Code → operand of the changes of a paragraph or of characters."""
        read: dict[int, bytes] = {}
        for code, operand in _changes(found):
            read[code] = read.get(code, b"") + operand if code == _UPRIGHT else operand  # one for each cell
            if code in _HUGE and len(operand) == 4:
                at = struct.unpack("<I", operand)[0]
                size = struct.unpack_from("<H", self.data, at)[0]
                read |= dict(_changes(self.data[at + 2 : at + 2 + size]))
        return read


def _changes(found: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(found):
        code = struct.unpack_from("<H", found, at)[0]
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            if code == _CELLS:
                size, at = struct.unpack_from("<H", found, at)[0] - 1, at + 2
            else:
                size, at = found[at], at + 1
        yield code, found[at : at + size]
        at += size


@dataclass(slots=True)
class _Row:
    texts: list[str]
    changes: dict[int, bytes]


def _blocks(text: _Text) -> Iterator[Block]:
    """Lines and tables in order."""
    rows: list[_Row] = []
    cells: list[str] = []
    parts: list[str] = []
    field_depth, unseen = 0, 0
    for sign, place in text.characters():
        if sign == "\x13":
            field_depth += 1
            unseen = field_depth
        elif sign == "\x14":
            unseen = 0
        elif sign == "\x15":
            field_depth, unseen = max(field_depth - 1, 0), 0
        elif sign in "\r\x07\x0c":
            changes = text.changes(text.paragraphs.at(place))
            inside = changes.get(_IN_TABLE, b"\0")[:1] == b"\1" or changes.get(_DEPTH, b"\0")[:1] not in (b"", b"\0")
            if sign == "\x07" and changes.get(_ROW_END, b"\0")[:1] == b"\1":
                rows.append(_Row(cells, changes))
                cells, parts = [], []
            elif sign == "\x07":
                cells.append("".join(parts))
                parts = []
            elif inside:
                parts.append("\n")
            else:
                if rows:
                    yield _table(rows)
                    rows = []
                yield from (Line(line) for line in "".join(parts).split("\n") if line.strip())
                parts = []
        elif not unseen and not _is_gone(text, place):
            parts.append({"\x0b": "\n", "\x1e": "-"}.get(sign, sign if sign >= " " or sign == "\t" else ""))
    if rows:
        yield _table(rows)
    yield from (Line(line) for line in "".join(parts).split("\n") if line.strip())


def _is_gone(text: _Text, place: int) -> bool:
    """Whether a character was deleted with changes tracked, or is hidden."""
    found = text.signs.at(place)
    if not found:
        return False
    changes = text.changes(found)
    return changes.get(_DELETED, b"\0")[:1] == b"\1" or changes.get(_HIDDEN, b"\0")[:1] == b"\1"


def _table(rows: list[_Row]) -> Table:
    """Rows whose cells have widths in twentieths of a point: their edges are the columns."""
    edges = [_edges(row) for row in rows]
    columns: list[int] = []
    for edge in sorted(edge for row in edges for edge in row):
        if not columns or edge - columns[-1] > _NEAR:
            columns.append(edge)
    table = Table()
    above: dict[int, Cell] = {}
    for number, (row, places) in enumerate(zip(rows, edges, strict=True)):
        merged = _merges(row)
        last: Cell | None = None
        for index, text in enumerate(row.texts[: max(len(places) - 1, 0)]):
            start = bisect_right(columns, places[index]) - 1
            end = bisect_right(columns, places[index + 1]) - 1
            level, upright = merged.get(index, ("", ""))
            if level == "on" and last is not None:
                last.columns = max(end - last.column, 1)
                continue
            upper = above.get(start)
            if upright == "on" and upper is not None and upper.row + upper.rows == number:
                upper.rows += 1
                last = upper
                continue
            last = Cell(number, start, text, 1, max(end - start, 1))
            table.cells.append(last)
            above.pop(start, None)
            if upright:
                above[start] = last
    return table


def _edges(row: _Row) -> list[int]:
    definition = row.changes.get(_CELLS, b"")
    many = definition[0] if definition else len(row.texts)
    if len(definition) < 1 + 2 * (many + 1):
        return [1000 * number for number in range(len(row.texts) + 1)]
    return list(struct.unpack_from(f"<{many + 1}h", definition, 1))


def _merges(row: _Row) -> dict[int, tuple[str, str]]:
    """Cell → how it is merged with those left of it, and above it: "on" where it goes on, "new" where it begins."""
    found: dict[int, tuple[str, str]] = {}
    definition = row.changes.get(_CELLS, b"")
    many = definition[0] if definition else 0
    start = 1 + 2 * (many + 1)
    for index in range(many):
        if start + 20 * index + 2 > len(definition):
            break
        flags = struct.unpack_from("<H", definition, start + 20 * index)[0]
        level = "on" if flags & 2 else "new" if flags & 1 else ""
        found[index] = (level, "new" if flags & 0x40 else "on" if flags & 0x20 else "")
    own = row.changes.get(_UPRIGHT, b"")
    for cell, flags in zip(own[::2], own[1::2], strict=False):
        found[cell] = (found.get(cell, ("", ""))[0], ("", "on", "", "new")[flags & 3])
    return found
