"""Word documents: .docx and .docm, walked as they are drawn: what content controls hold, what tracked changes leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..workbook.grid import Grid

if TYPE_CHECKING:
    from lxml import etree

    from .paper import Block, Table

_DOCUMENT = "word/document.xml"
_GONE = frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "Fallback", "sdtPr", "pPr", "rPr",
                   "tblPr", "tcPr", "trPr", "sectPr", "tblGrid"})  # fmt: skip
_MOST_SPAN, _DEEPEST = 100, 8
_TICKED, _OPEN = "☑", "□"


def takes(source: Any) -> bool:
    """Bytes of a package that has Word's main part."""
    from ..workbook.gate import holds

    return isinstance(source, bytes) and holds(source, _DOCUMENT)


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The document as one sheet. Raises RefusedFile."""
    from ..workbook.gate import Package
    from .paper import grid_of

    root = Package(source, name or "文档.docx").xml(_DOCUMENT)
    body = root.find("{*}body")
    blocks = [] if body is None else list(_blocks(body, 0))
    return [grid_of(blocks, name, "正文")]


def _local(node: etree._Element) -> str:
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(node: etree._Element | None, path: str, name: str = "val") -> str | None:
    """An attribute of a descendant, whichever of Word's two name spaces it is in."""
    found = None if node is None else node.find(path)
    if found is None:
        return None
    return next((value for key, value in found.attrib.items() if key.rpartition("}")[2] == name), "")


def _on(node: etree._Element | None, path: str) -> bool:
    """Whether a switch stands there and is on."""
    value = _value(node, path)
    return value is not None and value not in ("0", "false", "off", "none")


def _blocks(parent: etree._Element, depth: int) -> Iterator[Block]:
    """Paragraphs and tables under an element in order, whatever wraps them."""
    from .paper import Line

    if depth > _DEEPEST:
        return
    for node in parent:
        kind = _local(node)
        if kind == "p":
            text = _text(node)
            if text.strip():
                yield from (Line(line) for line in text.split("\n"))
            for frame in _frames(node):
                yield from _blocks(frame, depth + 1)
        elif kind == "tbl":
            yield from _tables(node, depth + 1)
        elif kind and kind not in _GONE:
            yield from _blocks(node, depth + 1)


def _frames(node: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph, each once."""
    for child in node:
        kind = _local(child)
        if kind == "txbxContent":
            yield child
        elif kind and kind not in _GONE:
            yield from _frames(child)


def _text(node: etree._Element) -> str:
    """What one sees of a paragraph."""
    parts: list[str] = []
    _gather(node, parts)
    return "".join(parts)


def _gather(node: etree._Element, parts: list[str]) -> None:
    for child in node:
        kind = _local(child)
        if kind == "t":
            parts.append(child.text or "")
        elif kind in ("tab", "ptab"):
            parts.append("\t")
        elif kind in ("br", "cr"):
            parts.append("\n")
        elif kind == "noBreakHyphen":
            parts.append("-")
        elif kind == "sym":
            parts.append(_symbol(child))
        elif kind == "fldChar":
            parts.append(_box(child))
        elif kind == "r":
            if not _on(child.find("{*}rPr"), "{*}vanish"):
                _gather(child, parts)
        elif kind and kind not in _GONE and kind not in ("txbxContent", "tbl"):
            _gather(child, parts)


def _symbol(node: etree._Element) -> str:
    """A sign of Wingdings as the one everybody has: the boxes and ticks forms use."""
    code = (_value_of(node, "char") or "").upper()[-2:]
    return {"FE": _TICKED, "FC": "√", "52": _TICKED, "A8": _OPEN, "6F": _OPEN, "FD": "☒", "54": "☒"}.get(code, "")


def _value_of(node: etree._Element, name: str) -> str | None:
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), None)


def _box(node: etree._Element) -> str:
    """The box of an old form field."""
    box = node.find("{*}ffData/{*}checkBox")
    if box is None:
        return ""
    checked = _on(box, "{*}checked") if box.find("{*}checked") is not None else _on(box, "{*}default")
    return _TICKED if checked else _OPEN


def _inside(parent: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The rows of a table, or the cells of a row, those in content controls and changes too."""
    for node in parent:
        name = _local(node)
        if name == kind:
            yield node
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _inside(node, kind)


def _tables(node: etree._Element, depth: int) -> Iterator[Block]:
    """A table; one that frames others gives them in their place: its rows above, the inner table, its rows below."""
    from .paper import Table

    rows = [row for row in _inside(node, "tr") if not _dropped(row)]
    cells = [list(_inside(row, "tc")) for row in rows]
    if len(rows) == 1 and len(cells[0]) == 1 and cells[0][0].find(".//{*}tbl") is not None:
        yield from _blocks(cells[0][0], depth)  # a frame around a form
        return
    open_cells: dict[int, Any] = {}
    table, at = Table(), 0
    for row, found in zip(rows, cells, strict=True):
        inner: list[tuple[int, Block]] = []
        column = _number(_value(row.find("{*}trPr"), "{*}gridBefore"), 0)
        for cell in found:
            column += _put(table, cell, at, column, open_cells, inner, depth)
        at += 1
        if inner:
            yield table
            yield from (_moved(block, column) for column, block in inner)
            table, at, open_cells = Table(), 0, {}
    if table.cells:
        yield table


def _dropped(row: etree._Element) -> bool:
    """Whether a row was deleted with changes tracked, or is hidden."""
    properties = row.find("{*}trPr")
    return properties is not None and (properties.find("{*}del") is not None or _on(properties, "{*}hidden"))


def _number(text: str | None, default: int) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdecimal() else default


def _put(
    table: Table,
    node: etree._Element,
    row: int,
    column: int,
    open_cells: dict[int, Any],
    inner: list[tuple[int, Block]],
    depth: int,
) -> int:
    """Add a cell; gives how many columns it takes."""
    from .paper import Cell, Line, Table

    properties = node.find("{*}tcPr")
    span = max(_number(_value(properties, "{*}gridSpan"), 1), 1)
    merge = _value(properties, "{*}vMerge")
    above = open_cells.get(column)
    if merge is not None and merge != "restart" and above is not None and above.row + above.rows == row:
        above.rows += 1
        return span
    lines: list[str] = []
    for block in _blocks(node, depth):
        if isinstance(block, Line):
            lines.append(block.text)
        elif isinstance(block, Table):
            inner.append((column, block))
    cell = Cell(row, column, "\n".join(lines), 1, span)
    table.cells.append(cell)
    if merge is not None:
        open_cells[column] = cell
    else:
        open_cells.pop(column, None)
    return span


def _moved(block: Block, column: int) -> Block:
    """An inner table stands in the columns of the cell around it."""
    for cell in getattr(block, "cells", ()):
        cell.column += column
    return block
