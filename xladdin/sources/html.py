"""Web pages, and the tables that platforms call .xls and are pages: what one sees of them, spans mapped to cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..errors import Place, RefusedFile
from ..workbook.grid import OURS, Grid

if TYPE_CHECKING:
    from lxml import etree

    from .paper import Block, Table

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p|meta|h[1-6]|center|span|font)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template", "del", "select", "object", "svg",
                     "comment"})  # fmt: skip
_INLINE = frozenset({"span", "a", "b", "i", "u", "em", "strong", "font", "sub", "sup", "small", "big", "label", "ins",
                     "mark", "code", "abbr", "cite", "s", "q", "nobr", "bdo", "time", "o:p", "p:p", "img", "wbr",
                     "st1:chsdate", "input"})  # fmt: skip
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_OURS = re.compile(rb"<meta name=\"generator\" content=\"xladdin ")
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HEAD = 4096
_WIDEST = 1000


def takes(source: Any) -> bool:
    """Bytes that begin as a page does."""
    if not isinstance(source, bytes):
        return False
    head = source[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        start[:1] == b"<" and _PAGE.search(head) is not None and b'office:spreadsheet"' not in head.split(b"<html")[0]
    )


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The page as one sheet. Raises RefusedFile."""
    from lxml import etree

    from ..workbook.gate import MAX_MARKS
    from .paper import grid_of

    if _OURS.search(source[:_HEAD]):
        grid = Grid("网页", name, marks={OURS: "核对结果"})
        return [grid]
    if source.count(b"<") > MAX_MARKS:
        raise RefusedFile("网页的内容太多", Place(file=name), "请只留下要读的表")
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(_decoded(source), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        root = None
    if root is None:
        raise RefusedFile("网页的内容已损坏", Place(file=name), "请重新下载，或复制到 Excel 里另存为 .xlsx")
    flow = _Flow()
    try:
        flow.walk(root)
    except RefusedFile as error:
        raise RefusedFile(error.what, Place(file=name), error.advice) from None
    flow.end()
    return [grid_of(flow.blocks, name, "网页")]


def _decoded(data: bytes) -> str:
    """A page's text: as UTF-8 where it is that, else as it says; what is called gb2312 is its superset."""
    from .encoding import decoded

    match = _CHARSET.search(data[:_HEAD])
    text = decoded(data, match[1].decode("ascii").lower() if match else None)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


class _Flow:
    """What one sees from top to bottom: lines of text, tables."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.line: list[str] = []

    def end(self) -> None:
        """A line ends."""
        from .paper import Line

        text = _SPACES.sub(" ", "".join(self.line)).replace("\xa0", " ").strip()
        self.line = []
        if text:
            self.blocks.append(Line(text))

    def walk(self, node: etree._Element) -> None:
        """Take an element's text and what is in it."""
        kind = node.tag.lower() if isinstance(node.tag, str) else ""
        if not kind or kind in _UNSEEN or _is_hidden(node):
            return
        if kind == "table":
            self.end()
            self.blocks += _tables(node)
            return
        if kind == "input":
            self.line.append(_input(node))
        apart = kind not in _INLINE
        if apart:
            self.end()
        self.line.append(node.text or "")
        for child in node:
            self.walk(child)
            self.line.append(child.tail or "")
        if apart:
            self.end()


def _is_hidden(node: etree._Element) -> bool:
    return "hidden" in node.attrib or bool(_HIDDEN.search(node.get("style") or ""))


def _input(node: etree._Element) -> str:
    """A box as it stands; a field as what is written in it."""
    kind = (node.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if "checked" in node.attrib else "□"
    return node.get("value") or "" if kind == "text" else ""


def _rows(table: etree._Element) -> list[etree._Element]:
    rows = []
    for node in table:
        kind = node.tag if isinstance(node.tag, str) else ""
        if kind == "tr" and not _is_hidden(node):
            rows.append(node)
        elif kind in ("thead", "tbody", "tfoot", "form", "div") and not _is_hidden(node):
            rows += _rows(node)
    return rows


def _span(node: etree._Element, name: str, most: int) -> int:
    text = (node.get(name) or "1").strip()
    number = int(text) if text.isdecimal() and len(text) < 9 else _WIDEST if text.isdecimal() else 1
    return min(number or most, most)


def _exact(cell: etree._Element) -> str:
    """The number a spreadsheet wrote into a page beside the rounded one that is shown."""
    number = cell.get("sdval") or cell.get("{urn:schemas-microsoft-com:office:excel}num") or cell.get("x:num") or ""
    return number if _FIGURE.fullmatch(number) else ""


def _tables(node: etree._Element) -> list[Block]:
    """A table, its spans laid out; one that only arranges a page gives what stands in it, in order."""
    from .paper import Cell, Line, Table, check_size

    rows = _rows(node)
    blocks: list[Block] = []
    taken: dict[int, int] = {}  # column → the row down to which a cell above reaches
    table, at = Table(), 0
    for number, row in enumerate(rows):
        column, inner = 0, []
        for cell in row:
            if cell.tag not in ("td", "th") or _is_hidden(cell):
                continue
            while taken.get(column, 0) > at:
                column += 1
            high = _span(cell, "rowspan", len(rows) - number)
            wide = _span(cell, "colspan", _WIDEST)
            flow = _Flow()
            flow.line.append(cell.text or "")
            for child in cell:
                flow.walk(child)
                flow.line.append(child.tail or "")
            flow.end()
            text = "\n".join(block.text for block in flow.blocks if isinstance(block, Line))
            if (exact := _exact(cell)) and _FIGURE.fullmatch(text):
                text = exact
            inner.append((column, flow.blocks) if len(flow.blocks) > text.count("\n") + bool(text) else (column, []))
            table.cells.append(Cell(at, column, text, high, wide))
            for place in range(column, column + wide):
                taken[place] = at + high
            column += wide
            if column > _WIDEST:  # spans of rows that push the cells below them on and on
                check_size(None, at, column, len(table.cells))
        at += 1
        if any(found for _, found in inner):
            lone = len(inner) == 1
            if lone:
                table.cells.pop()
            if table.cells:
                blocks.append(_clipped(table, at))
            for column, found in inner:
                blocks += found if lone else [_moved(one, column) for one in found if isinstance(one, Table)]
            table, taken, at = Table(), {}, 0
    if table.cells:
        blocks.append(table)
    return blocks


def _clipped(table: Table, height: int) -> Table:
    for cell in table.cells:
        cell.rows = min(cell.rows, height - cell.row)
    return table


def _moved(table: Table, column: int) -> Table:
    """An inner table stands in the columns of the cell around it."""
    for cell in table.cells:
        cell.column += column
    return table
