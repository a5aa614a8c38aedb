"""Texts of OpenDocument: .odt, its paragraphs and tables walked in order; what tracked changes took out is no part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..workbook.grid import Grid
from .opendocument import CELLS, content_of, count, local, rows_of, shown

if TYPE_CHECKING:
    from lxml import etree

    from .paper import Block, Table

_CONTENT = "content.xml"
_KIND = b"application/vnd.oasis.opendocument.text"
_GONE = frozenset({"tracked-changes", "sequence-decls", "variable-decls", "annotation", "note", "forms", "table-column",
                   "soft-page-break", "table-of-content"})  # fmt: skip
_DEEPEST = 8


def takes(source: Any) -> bool:
    """Bytes of a package that says it is a text of OpenDocument."""
    from ..workbook.gate import holds

    return isinstance(source, bytes) and _KIND in source[:300] and holds(source, _CONTENT)


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The document as one sheet. Raises RefusedFile."""
    from ..workbook.gate import Package
    from .paper import grid_of

    root = content_of(Package(source, name or "文档.odt", _CONTENT), name)
    body = root.find("{*}body/{*}text")
    return [grid_of([] if body is None else list(_blocks(body, name, 0)), name, "正文")]


def _blocks(parent: etree._Element, name: str | None, depth: int) -> Iterator[Block]:
    """Paragraphs and tables under an element in order, whatever wraps them."""
    from .paper import Line

    if depth > _DEEPEST:
        return
    for node in parent:
        kind = local(node)
        if kind in ("p", "h"):
            for frame in node.iterfind(".//{*}text-box"):
                yield from _blocks(frame, name, depth + 1)
            if text := shown(node).strip():
                yield from (Line(line) for line in text.split("\n"))
        elif kind == "table":
            yield from _tables(node, name, depth + 1)
        elif kind and kind not in _GONE:
            yield from _blocks(node, name, depth + 1)


def _tables(node: etree._Element, name: str | None, depth: int) -> Iterator[Block]:
    """A table, and behind it those that stand in its cells; of one cell around others, all that is in it."""
    from .paper import MOST_COLUMNS, MOST_ROWS, Cell, Line, Table, check_size

    table, at = Table(), 0
    held: list[Block] = []
    inner: list[Table] = []
    for row in rows_of(node):
        column = 0
        for cell in row:
            if local(cell) not in CELLS:
                continue
            again = count(cell, "number-columns-repeated")
            if local(cell) == "table-cell":
                held = list(_blocks(cell, name, depth))
                text = "\n".join(block.text for block in held if isinstance(block, Line))
                inner += [_moved(block, column) for block in held if isinstance(block, Table)]
                spans = (count(cell, "number-rows-spanned"), count(cell, "number-columns-spanned"))
                check_size(name, at + spans[0], column + again + spans[1] - 1, len(table.cells) + again)
                table.cells += [Cell(at, column + place, text, *spans) for place in range(again)]
            column += again
        at += count(row, "number-rows-repeated")
        check_size(name, min(at, MOST_ROWS + 1), min(column, MOST_COLUMNS), len(table.cells))
    if inner and len(table.cells) == 1:
        yield from held
        return
    yield table
    yield from inner


def _moved(table: Table, column: int) -> Table:
    """A table in a cell stands in the columns of that cell."""
    for cell in table.cells:
        cell.column += column
    return table
