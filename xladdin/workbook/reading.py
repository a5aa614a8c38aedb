"""A workbook on disk as Grids: values, formulas, percent formats and merges in one pass.

Own code because the job needs formula text and number formats at the speed of a value reader:
`=100%` typed as a target is a formula worth 1, and 95% typed as an actual is 0.95 with a format.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ..errors import Place, RefusedFile
from .gate import CONTENT_TYPES, Package
from .grid import Grid, Spot, Value, column_number, range_of

MAX_CELLS = 2_000_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_MAIN = ("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}", _STRICT, "")
_TEXT = _MAIN[0] + "t"
_VALUE, _INLINE, _FORMULA = ({space + name for space in _MAIN} for name in ("v", "is", "f"))
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DATE_IDS = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_NO_FORMATS = (frozenset(), frozenset())
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|\*.')


def read_grids(source: Path | bytes, name: str | None = None) -> list[Grid]:
    """Every visible or hidden worksheet of an .xlsx/.xlsm as a Grid, in sheet order. Raises RefusedFile."""
    package = Package(source, name)
    book_part = main_part(package)
    sheets, epoch = package.derived(book_part, _sheets_and_epoch)
    relations = relations_of(package, book_part)
    marks = custom_properties(package)
    kinds = _by_type(relations)
    strings = package.derived(kinds["sharedStrings"], _shared_strings) if kinds.get("sharedStrings") in package else []
    dates, percents = package.derived(kinds["styles"], _formats) if kinds.get("styles") in package else _NO_FORMATS
    grids = []
    for name, relation in sheets:
        kind, part = relations.get(relation, ("", ""))
        if kind != "worksheet":
            continue
        grid = Grid(name, package.name, marks=marks)
        _read_sheet(package, part, grid, strings, dates, percents, epoch)
        grids.append(grid)
    if not grids:
        raise RefusedFile("工作簿里没有可读的工作表", Place(file=package.name), "请用 Excel 或 WPS 打开并另存一次")
    return grids


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
    sheets = [(node.get("name", ""), node.get(_RELATION) or node.get(_STRICT_RELATION)) for node in nodes]
    properties = book.find("{*}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return sheets, dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)


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


def _formats(root: etree._Element) -> tuple[frozenset[int], frozenset[int]]:
    """Style indexes shown as dates, and as percentages."""
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    dates, percents = set(), set()
    for index, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = xf.get("numFmtId", "0")
        code = _NOT_CODE.sub("", codes.get(number, "")).lower()
        if int(number) in _PERCENT_IDS or "%" in code:
            percents.add(index)
        elif int(number) in _DATE_IDS or re.search(r"[yd]|m.*[hs]", code):
            dates.add(index)
    return frozenset(dates), frozenset(percents)


def _read_sheet(
    package: Package,
    part: str,
    grid: Grid,
    strings: list[str],
    dates: frozenset[int],
    percents: frozenset[int],
    epoch: dt.datetime,
) -> None:
    root = package.xml(part)
    shared: dict[str, str] = {}
    data = root.find("{*}sheetData")
    row = 0
    for row_node in data if data is not None else ():
        row = int(row_node.get("r") or row + 1)
        column = 0
        for node in row_node:
            column = _column_of(node.get("r", "")) or column + 1
            if len(node):
                _read_cell(node, (row, column), grid, strings, dates, percents, epoch, shared)
        if len(grid.cells) > MAX_CELLS:
            raise RefusedFile(
                f"工作表“{grid.sheet}”超过 {MAX_CELLS} 个单元格", Place(file=grid.file), "请删去多余内容后另存"
            )
    for node in root.iterfind("{*}mergeCells/{*}mergeCell"):
        try:
            grid.merges.append(range_of(node.get("ref", "")))
        except ValueError:
            continue


@lru_cache(maxsize=4096)
def _column_of(ref: str) -> int:
    """C12 → 3; 0 when a cell does not say where it is."""
    match = _CELL.fullmatch(ref)
    return column_number(match[1]) if match else 0


def _read_cell(node, spot: Spot, grid: Grid, strings, dates, percents, epoch, shared) -> None:
    kind = node.get("t", "n")
    raw = None
    for child in node:
        tag = child.tag
        if tag in _VALUE:
            raw = child.text
        elif tag in _INLINE:
            raw = text_of(child)
        elif tag in _FORMULA:
            grid.formulas[spot] = _formula(child, shared)
    if spot in grid.formulas and (kind == "e" or raw is None or raw == "" and kind != "str"):
        grid.uncomputed.add(spot)
        return
    if raw is None:
        return
    style = int(node.get("s") or 0)
    value = _value(kind, raw, strings, style in dates, epoch)
    if value is None or value == "":
        return
    grid.cells[spot] = value
    if style in percents and isinstance(value, Decimal):
        grid.percents.add(spot)


def _formula(node: etree._Element, shared: dict[str, str]) -> str:
    """The formula's text; followers of a shared formula get the master's, which is all a reader needs."""
    text = node.text or ""
    if node.get("t") == "shared":
        return shared.setdefault(node.get("si", ""), text)
    return text


def _value(kind: str, raw: str, strings: list[str], is_date: bool, epoch: dt.datetime) -> Value:
    if kind == "s":
        return strings[int(raw)] if raw.isdigit() and int(raw) < len(strings) else None
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


def _number(raw: str) -> Decimal | None:
    """A stored double as the decimal a person typed: 17 digits of noise fall back to 15."""
    try:
        if len(raw) <= 15:
            return Decimal(raw)
        return Decimal(format(float(raw), ".15g"))
    except (ArithmeticError, ValueError):
        return None
