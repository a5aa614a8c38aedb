"""Workbooks of LibreOffice: .ods, its XML walked cell by cell, what repeats counted."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import Place, RefusedFile
from ..workbook.content import put_cell
from ..workbook.grid import LAST_COLUMN, LAST_ROW, Grid, Shown, Unread

if TYPE_CHECKING:
    from lxml import etree

    from ..workbook.gate import Package

_CONTENT, _META, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_MOST_CELLS = 1_000_000
_EPOCH = dt.datetime(1899, 12, 30)
_REFERENCE = re.compile(r"\[([^\]]*)\]")
_FIGURE = re.compile(r"([^\d.+-]*)([+-]?[\d,]*\.?\d+)(.*)", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]|‰")
_ROWS = ("table-row-group", "table-rows", "table-header-rows")
CELLS = ("table-cell", "covered-table-cell")


def takes(source: Any) -> bool:
    """Bytes of a package that says it is a spreadsheet of OpenDocument."""
    from ..workbook.gate import holds

    return isinstance(source, bytes) and _KIND in source[:300] and holds(source, _CONTENT)


def grids(source: bytes, name: str | None) -> list[Grid]:
    """Every worksheet. Raises RefusedFile."""
    from ..workbook.gate import Package

    package = Package(source, name or "工作簿.ods", _CONTENT)
    root = content_of(package, name)
    unseen = {
        attribute(style, "name")
        for style in root.iterfind("{*}automatic-styles/{*}style")
        if attribute(style.find("{*}table-properties"), "display") == "false"
    }
    marks = _marks(package)
    found: list[Grid] = []
    for table in root.iterfind("{*}body/{*}spreadsheet/{*}table"):
        grid = Grid(
            attribute(table, "name") or f"Sheet{len(found) + 1}", name, hidden=attribute(table, "style-name") in unseen
        )
        grid.marks = marks
        _fill(grid, table, sum(len(one.cells) for one in found))
        found.append(grid)
    return found


def content_of(package: Package, name: str | None) -> etree._Element:
    """The main part of a package. Raises RefusedFile where it has a password."""
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise RefusedFile("文件设有打开密码", Place(file=name), "请去掉密码后另存")
    return package.xml(_CONTENT)


def _marks(package: Package) -> dict[str, str]:
    """The file's own properties by their names."""
    if _META not in package:
        return {}
    found = package.xml(_META).iterfind("{*}meta/{*}user-defined")
    return {attribute(node, "name") or "": (node.text or "").strip() for node in found}


def attribute(node: etree._Element | None, name: str) -> str | None:
    """An attribute, whatever its name space."""
    if node is None:
        return None
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), None)


def count(node: etree._Element, name: str) -> int:
    """How often something stands there, or how far it reaches: a number of 1 or more."""
    text = attribute(node, name)
    return max(int(text), 1) if text and text.isdecimal() and len(text) < 9 else 1


def local(node: etree._Element) -> str:
    """The name of an element without its name space; "" for a remark of XML."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def rows_of(parent: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, those in groups too."""
    for node in parent:
        if local(node) == "table-row":
            yield node
        elif local(node) in _ROWS:
            yield from rows_of(node)


def _fill(grid: Grid, table: etree._Element, held: int) -> None:
    at = 1
    for row in rows_of(table):
        again = count(row, "number-rows-repeated")
        for column, wide, node in _cells(row):
            if held + len(grid.cells) + len(grid.formulas) + again * wide > _MOST_CELLS:
                raise RefusedFile(f"单元格超过上限 {_MOST_CELLS} 个", Place(file=grid.file), "请删去多余内容后另存")
            for line in range(at, at + again):
                for place in range(column, column + wide):
                    _put(grid, (line, place), node)
        at += again
        if at > LAST_ROW:
            break
    grid.merges.sort()
    try:
        grid.drop_covered()
    except ValueError:
        raise RefusedFile("合并单元格互相重叠，太多", Place(grid.file, grid.sheet), "请重新整理后另存") from None


def _cells(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """The cells of a row that hold anything: first column, how many alike, the cell."""
    column = 1
    for node in row:
        if local(node) not in CELLS:
            continue
        wide = count(node, "number-columns-repeated")
        if local(node) == "table-cell" and (
            len(node) or attribute(node, "value-type") or attribute(node, "number-rows-spanned")
        ):
            yield column, wide, node
        column += wide
        if column > LAST_COLUMN:
            break


def _put(grid: Grid, spot: tuple[int, int], node: etree._Element) -> None:
    high, wide = count(node, "number-rows-spanned"), count(node, "number-columns-spanned")
    if high > 1 or wide > 1:
        bottom, right = min(spot[0] + high - 1, LAST_ROW), min(spot[1] + wide - 1, LAST_COLUMN)
        grid.merges.append((*spot, bottom, right))
    text = "\n".join(shown(line) for line in node if local(line) == "p")
    kind = node.get("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type") or attribute(node, "value-type")
    formula = attribute(node, "formula")
    if formula is not None:
        grid.formulas[spot] = _REFERENCE.sub(lambda match: match[1].replace(".", ""), formula.partition("=")[2])
        if kind is None and not text:
            grid.uncomputed.add(spot)
            return
    if text.startswith("#") and "error" in (node.get(_CALC_KIND), kind) or text.startswith("Err:"):
        grid.cells[spot] = Unread(text)
    elif kind in ("float", "currency", "percentage"):
        put_cell(grid, spot, "n", attribute(node, "value") or "", None, None, _EPOCH)
        value = grid.cells.get(spot)
        if isinstance(value, Decimal):
            _look(grid, spot, value, text, kind == "percentage")
    elif kind == "date":
        put_cell(grid, spot, "d", (attribute(node, "date-value") or "")[:10], None, None, _EPOCH)
    elif kind == "boolean":
        put_cell(grid, spot, "b", attribute(node, "boolean-value") or "", None, None, _EPOCH)
    elif kind == "time":
        grid.cells[spot] = Unread(text)
    elif text:
        put_cell(grid, spot, "s", text, None, None, _EPOCH)


_CALC_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def shown(node: etree._Element) -> str:
    """A paragraph: its spaces, tabs and line ends are elements; a remark is no part of it."""
    parts = [node.text or ""]
    for child in node:
        kind = local(child)
        if kind == "s":
            parts.append(" " * min(count(child, "c"), 1000))
        elif kind in ("tab", "line-break"):
            parts.append("\t" if kind == "tab" else "\n")
        elif kind and kind not in ("annotation", "note", "ruby-text"):
            parts.append(shown(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _look(grid: Grid, spot: tuple[int, int], value: Decimal, text: str, percent: bool) -> None:
    """What the format adds to a number, from the text it is shown as."""
    if percent:
        grid.percents.add(spot)
        return
    match = _FIGURE.fullmatch(text.strip())
    if not match:
        return
    before, after = (part.strip() if _LETTER.search(part) else "" for part in (match[1], match[3]))
    seen = Decimal(match[2].replace(",", ""))
    power = round(math.log10(abs(seen / value))) if seen and value else 0
    if before or after or power:
        grid.shown[spot] = Shown(before, after, power)
