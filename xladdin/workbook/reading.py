"""A workbook on disk as Grids: values, formulas, percent formats and merges in one pass.

Own code because the job needs formula text and number formats at the speed of a value reader:
`=100%` typed as a target is a formula worth 1, and 95% typed as an actual is 0.95 with a format.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from ..errors import Place, RefusedFile
from .gate import CONTENT_TYPES, SMALL, NotInOrder, Package
from .grid import Grid, Row, Value, column_letters, column_number, range_of

MAX_CELLS = 2_000_000
DATE, PERCENT = "date", "percent"  # what the number in a cell is shown as
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_MAIN = ("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}", _STRICT, "")
_TEXT = _MAIN[0] + "t"
_VALUE, _INLINE, _FORMULA = ({space + name for space in _MAIN} for name in ("v", "is", "f"))
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_COLUMNS = {column_letters(number): number for number in range(1, 703)}
_DATE_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|\*.')


class _Book:
    """An opened .xlsx/.xlsm: its worksheets, visible or hidden, and what their cells need to be understood."""

    def __init__(self, source: Path | bytes, name: str | None):
        self.package = package = Package(source, name)
        book_part = main_part(package)
        listed, self.epoch = package.derived(book_part, _sheets_and_epoch)
        relations = relations_of(package, book_part)
        self.marks = custom_properties(package)
        parts = _by_type(relations)
        self.strings = _strings(package, parts.get("sharedStrings", ""))
        styles = parts.get("styles")
        self.shown: dict[int, str] = package.derived(styles, _formats) if styles in package else {}
        found = [(title, *relations.get(relation, ("", ""))) for title, relation in listed]
        self.sheets = [(title, part) for title, kind, part in found if kind == "worksheet"]
        if not self.sheets:
            raise RefusedFile("工作簿里没有可读的工作表", Place(file=package.name), "请用 Excel 或 WPS 打开并另存一次")


@dataclass(frozen=True, slots=True)
class SheetOnDisk:
    """A worksheet whose rows are read as they are asked for: the whole tree of a large one takes gigabytes."""

    sheet: str
    file: str
    book: _Book
    part: str

    def rows(self) -> Iterator[Row]:
        """Its rows in order. Raises RefusedFile, NotInOrder."""
        shared: dict[str, str] = {}
        number = count = 0
        for node in self.book.package.elements(self.part, "sheetData", "row"):
            row = Row(int(node.get("r") or number + 1))
            if row.number <= number:
                raise NotInOrder
            number = row.number
            for column, cell in _cells(node):
                _read_cell(cell, column, row, self.book, shared)
            count += len(row.cells)
            _check_size(count, self)
            yield row


def read_sheets(source: Path | bytes, name: str | None = None) -> list[SheetOnDisk]:
    """Every worksheet, in sheet order, to be read row by row. Raises RefusedFile."""
    book = _Book(source, name)
    return [SheetOnDisk(title, book.package.name, book, part) for title, part in book.sheets]


def read_grids(source: Path | bytes, name: str | None = None) -> list[Grid]:
    """Every worksheet as a Grid, in sheet order. Raises RefusedFile."""
    book = _Book(source, name)
    return [_read_grid(book, title, part) for title, part in book.sheets]


def main_part(package: Package) -> str:
    """The workbook part. Raises RefusedFile for .xlsb and for documents that are no workbook."""
    for kind, part in relations_of(package, "").values():
        if kind == "officeDocument":
            if part.endswith(".bin"):
                raise RefusedFile("这是 .xlsb 二进制格式", Place(file=package.name), "请在 Excel 中另存为 .xlsx")
            says = package.derived(CONTENT_TYPES, _content_type, part)
            if "spreadsheetml" in says or "ms-excel" in says:  # the latter with macros
                return part
    raise RefusedFile("这个文件不是 Excel 工作簿", Place(file=package.name), "请选择 .xlsx 或 .xlsm 文件")


def _content_type(types: etree._Element, part: str) -> str:
    for node in types.iterfind("{*}Override"):
        if node.get("PartName", "").lstrip("/") == part:
            return node.get("ContentType", "")
    extension = part.rpartition(".")[2]
    return next((n.get("ContentType", "") for n in types.iterfind("{*}Default") if n.get("Extension") == extension), "")


def relations_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, target part) of a part; external targets are left out."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", name + ".rels")
    return package.derived(path, _relations, folder) if path in package else {}


def _relations(root: etree._Element, folder: str) -> dict[str, tuple[str, str]]:
    found = {}
    for node in root:
        if not isinstance(node.tag, str) or node.get("TargetMode") == "External":
            continue
        target = node.get("Target", "")
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[node.get("Id")] = (node.get("Type", "").rpartition("/")[2], target)
    return found


def _by_type(relations: dict[str, tuple[str, str]]) -> dict[str, str]:
    return dict(relations.values())


def custom_properties(package: Package) -> dict[str, str]:
    """The custom document properties, by name."""
    part = _by_type(relations_of(package, "")).get("custom-properties")
    return package.derived(part, _properties) if part in package else {}


def _properties(root: etree._Element) -> dict[str, str]:
    return {node.get("name", ""): "".join(node.itertext()).strip() for node in root}


def _sheets_and_epoch(book: etree._Element) -> tuple[list[tuple[str, str | None]], dt.datetime]:
    """Name and relationship of every sheet, and the day that dates count from."""
    nodes = book.iterfind("{*}sheets/{*}sheet")
    sheets = [(node.get("name", ""), node.get(RELATION) or node.get(_STRICT_RELATION)) for node in nodes]
    properties = book.find("{*}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return sheets, dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)


def _strings(package: Package, part: str) -> list[str]:
    if part not in package:
        return []
    if package.info(part).file_size > SMALL:
        with suppress(NotInOrder):
            return [text_of(item) for item in package.elements(part, "sst", "si")]
    return package.derived(part, _shared_strings)


def _shared_strings(root: etree._Element) -> list[str]:
    return [text_of(item) for item in root.iterfind("{*}si")]


def text_of(item: etree._Element) -> str:
    """The text of an <si> or <is>, runs joined, phonetic hints left out, _x000D_ escapes resolved."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return unescape(item[0].text or "")
    parts = []
    for node in item:
        name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if name == "t":
            parts.append(node.text or "")
        elif name == "r":
            parts.extend(t.text or "" for t in node.iterfind("{*}t"))
    return unescape("".join(parts))


def unescape(text: str) -> str:
    """_x000D_ → the character it stands for."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formats(root: etree._Element) -> dict[int, str]:
    """Style index → how its numbers are shown, where that is as a date or a percentage."""
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    numbers = (xf.get("numFmtId", "0") for xf in root.iterfind("{*}cellXfs/{*}xf"))
    shown = {index: shown_as(int(number), codes.get(number, "")) for index, number in enumerate(numbers)}
    return {index: how for index, how in shown.items() if how}


def shown_as(number: int, code: str) -> str:
    """How a number format shows its numbers: DATE, PERCENT or "". number: its id; code: "" for a built-in one."""
    code = _NOT_CODE.sub("", code).lower()
    if number in _PERCENT_IDS or "%" in code:
        return PERCENT
    return DATE if number in _DATE_IDS or re.search(r"[yd]|m.*[hs]", code) else ""


def _read_grid(book: _Book, title: str, part: str) -> Grid:
    grid = Grid(title, book.package.name, marks=book.marks)
    root = book.package.xml(part)
    shared: dict[str, str] = {}
    data = root.find("{*}sheetData")
    row = 0
    for node in data if data is not None else ():
        row = int(node.get("r") or row + 1)
        for column, cell in _cells(node):
            _read_cell(cell, (row, column), grid, book, shared)
        _check_size(len(grid.cells), grid)
    for node in root.iterfind("{*}mergeCells/{*}mergeCell"):
        try:
            grid.merges.append(range_of(node.get("ref", "")))
        except ValueError:
            continue
    return grid


def _check_size(cells: int, sheet: Grid | SheetOnDisk) -> None:
    if cells > MAX_CELLS:
        where = Place(file=sheet.file)
        raise RefusedFile(f"工作表“{sheet.sheet}”超过 {MAX_CELLS} 个单元格", where, "请删去多余内容后另存")


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row that hold something, with their columns."""
    column, number = 0, row.get("r", "")
    for node in row:
        ref = node.get("r", "")
        column = _COLUMNS.get(ref.removesuffix(number)) or _column_of(ref) or column + 1
        if len(node):
            yield column, node


def _column_of(ref: str) -> int:
    """C12 → 3; 0 when a cell does not say where it is."""
    match = _CELL.fullmatch(ref)
    return column_number(match[1]) if match else 0


def _read_cell(node: etree._Element, at: Any, into: Grid | Row, book: _Book, shared: dict[str, str]) -> None:
    """at: the cell's spot in a Grid, its column in a Row."""
    kind = node.get("t", "n")
    raw = formula = None
    for child in node:
        tag = child.tag
        if tag in _VALUE:
            raw = child.text
        elif tag in _INLINE:
            raw = text_of(child)
        elif tag in _FORMULA:
            formula = _formula(child, shared)
    shown = ""
    if kind == "s":
        raw = book.strings[int(raw)] if raw and raw.isdigit() and int(raw) < len(book.strings) else None
    else:
        shown = book.shown.get(int(node.get("s") or 0), "")
    put_cell(into, at, kind, raw, formula, shown, book.epoch)


def put_cell(
    into: Grid | Row, at: Any, kind: str, raw: str | None, formula: str | None, shown: str, epoch: dt.datetime
) -> None:
    """A cell as a file has it: its type `t`, the text of its value (a shared string's own), its formula without "=".

    at: its spot in a Grid, its column in a Row; shown: as shown_as tells; epoch: the day dates count from.
    """
    if formula is not None:
        into.formulas[at] = formula
        if kind == "e" or raw is None or raw == "" and kind != "str":
            into.uncomputed.add(at)
            return
    if raw is None:
        return
    value = raw if kind == "s" else _value(kind, raw, shown == DATE, epoch)
    if shown == PERCENT and isinstance(value, Decimal):
        into.percents.add(at)
    if value is not None and value != "":
        into.cells[at] = value


def _formula(node: etree._Element, shared: dict[str, str]) -> str:
    """The formula's text; followers of a shared formula get the master's, which is all a reader needs."""
    text = node.text or ""
    if node.get("t") == "shared":
        return shared.setdefault(node.get("si", ""), text)
    return text


def _value(kind: str, raw: str, is_date: bool, epoch: dt.datetime) -> Value:
    if kind == "inlineStr":
        return raw
    if kind == "str":
        return unescape(raw)
    if kind == "b":
        return raw == "1"
    if kind == "e":
        return None
    if kind == "d":
        return dt.date.fromisoformat(raw[:10])
    number = _number(raw)
    if is_date and number is not None and 0 < number < 2_958_466:
        moment = epoch + dt.timedelta(days=int(number))
        return moment.date()
    return number


@lru_cache(maxsize=4096)
def _number(raw: str) -> Decimal | None:
    """A stored double as the decimal a person typed: 17 digits of noise fall back to 15."""
    try:
        if len(raw) <= 15:
            return Decimal(raw)
        return Decimal(format(float(raw), ".15g"))
    except (ArithmeticError, ValueError):
        return None
