"""A workbook on disk as Grids: values, formulas, number formats and merges in one pass.

Own code because the job needs formula text and number formats at the speed of a value reader:
`=100%` typed as a target is a formula worth 1, and 95% typed as an actual is 0.95 with a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from ..errors import BrokenPart, Place, RefusedFile, XladdinError
from .content import SPACES, as_text, figure, keep, put_cell, text_of, whole
from .formats import Look, look_of
from .gate import SMALL, NotInOrder, Package
from .grid import (
    LAST_COLUMN,
    LAST_ROW,
    PICTURE,
    Grid,
    Range,
    Row,
    Unread,
    Value,
    address,
    column_letters,
    column_number,
    range_of,
)
from .parts import by_type, custom_properties, main_part, relations_of, sheets_and_epoch
from .plain import LARGEST, SHOWN, Cell, Otherwise, plain_rows, plainly, resolved, strings

MAX_CELLS = 1_000_000  # of a book whose sheets are held at once
MAX_STREAMED = 2_000_000  # of a book that is read row by row
MAX_MERGES = 200_000
MAX_STRINGS = 1_000_000
MAX_TEXT = 30_000_000  # characters in all cells
MAX_SHEETS = 20_000
_VALUE, _INLINE, _FORMULA = ({space + name for space in SPACES} for name in ("v", "is", "f"))
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_COLUMNS = {column_letters(number): number for number in range(1, 703)}
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["\']([^"\']*)["\']')  # to its end: a piece may end in it
_ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
_NO_STYLE = "0"
_SAVE = "请用 Excel 或 WPS 打开并另存一次"
_CLEAR = "请删去多余内容后另存"


class _Book:
    """An opened .xlsx/.xlsm: its worksheets, visible or hidden, and what their cells need to be understood."""

    def __init__(self, source: Path | bytes, name: str | None):
        self.package = package = Package(source, name)
        book_part = main_part(package)
        listed, self.epoch = package.derived(book_part, sheets_and_epoch)
        relations = relations_of(package, book_part)
        self.marks = custom_properties(package)
        parts = by_type(relations)
        self.strings = _strings(package, parts.get("sharedStrings"))
        self.looks: dict[str, Look] = {}
        self.plain: frozenset[str] | None = None  # the styles without a look; None in a book without any styles
        if parts.get("styles") in package:
            self.looks, self.plain = package.derived(parts["styles"], _formats)
        found = [(title, state, *relations.get(relation, ("", ""))) for title, state, relation in listed]
        self.sheets = [(title, state, part) for title, state, kind, part in found if kind == "worksheet"]
        where = Place(file=package.name)
        if not self.sheets:
            raise RefusedFile("工作簿里没有可读的工作表", where, _SAVE)
        if len(self.sheets) > MAX_SHEETS:
            raise RefusedFile(f"工作簿有 {len(self.sheets)} 张工作表，超过上限 {MAX_SHEETS}", where, _CLEAR)
        if len({part.casefold() for _, _, part in self.sheets}) < len(self.sheets):
            raise RefusedFile("工作簿把同一张工作表列了几次，可能是恶意文件", where, "请不要使用这个文件")
        self.cells = self.merges = self.text = 0  # so far

    def string(self, index: Value) -> Value:
        """A shared string by its index as a cell gives it."""
        at = int(index) if type(index) is str and index.isascii() and index.isdigit() and len(index) < 9 else -1
        if 0 <= at < len(self.strings):
            return self.strings[at]
        return Unread(f"第 {str(index)[:20]} 号共享文字（文件里没有）")

    def count(self, cells: int = 0, merges: int = 0, most: int = MAX_CELLS, values: Iterable[Value] = ()) -> None:
        """Raises RefusedFile when the book holds more than can be read."""
        self.cells += cells
        self.merges += merges
        self.text += sum([len(value) for value in values if type(value) is str])
        where = Place(file=self.package.name)
        if self.cells > most:
            raise RefusedFile(f"工作簿超过 {most} 个单元格", where, _CLEAR)
        if self.text > MAX_TEXT:  # one long text can stand in every cell, and takes no room in the file
            raise RefusedFile(f"工作簿的文字超过 {MAX_TEXT} 个", where, _CLEAR)
        if self.merges > MAX_MERGES:
            raise RefusedFile(f"工作簿超过 {MAX_MERGES} 处合并单元格", where, _CLEAR)


@dataclass(frozen=True, slots=True)
class SheetOnDisk:
    """A worksheet whose rows are read as they are asked for: the whole tree of a large one takes gigabytes."""

    sheet: str
    file: str
    book: _Book
    part: str

    def rows(self) -> Iterator[Row]:
        """Its rows in order, without what lies under merges. Raises RefusedFile, NotInOrder."""
        try:
            covers = _Covers(self.merges())
            number = 0
            for row in self._all_rows():
                if row.number <= number:
                    raise NotInOrder
                number = row.number
                self.book.count(len(row.cells), most=MAX_STREAMED, values=row.cells.values())
                for column in covers.of(row):
                    row.drop(column)
                yield row
        except _BadSheet as error:
            raise _bad_sheet(self.file, self.sheet, error) from None
        except BrokenPart as error:
            raise _located(error, self.sheet) from None

    def _all_rows(self) -> Iterator[Row]:
        """Its rows as they stand there: without a tree as long as they are plain."""
        given = 0
        shared: dict[str, str] = {}
        try:
            for number, cells in plain_rows(self.book.package.pieces(self.part)):
                row = Row(number)
                _take(row, None, cells, self.book, shared)
                given += 1
                yield row
        except Otherwise:
            yield from islice(self._any_rows(), given, None)

    def _any_rows(self) -> Iterator[Row]:
        """The same of any sheet."""
        shared: dict[str, str] = {}
        number = 0
        for node in self.book.package.elements(self.part, "sheetData", "row"):
            row = Row(_row_number(node, number))
            number = row.number
            for column, cell in _cells(node, number):
                _read_cell(cell, column, row, self.book, shared)
            yield row

    def merges(self) -> list[Range]:
        """Its merged ranges, top first: they are written behind the rows, so the part is gone through for them."""
        found: list[bytes] = []
        rest, seen = b"", False
        for piece in self.book.package.pieces(self.part):
            if b"\0" in piece:
                raise NotInOrder  # in two bytes a character: only a parser can tell
            rest += piece
            if not seen and (end := _ROWS_END.search(rest)):
                seen, rest = True, rest[end.end() :]
            if seen:
                matches = list(_MERGE.finditer(rest))
                found += (match[1] for match in matches)
                rest = rest[matches[-1].end() :][-200:] if matches else rest[-200:]
                self.book.count(merges=len(matches))
            else:
                rest = rest[-200:]
        return sorted(_merge(ref.decode("utf-8", "replace")) for ref in found)


class _BadSheet(Exception):
    """A sheet that is not what the format says; its argument tells what and, if known, the cell."""


class _Covers:
    """Which cells of a row lie under merges, asked for rows in order."""

    def __init__(self, merges: list[Range]):
        self.merges, self.at = merges, 0
        self.active: list[Range] = []

    def of(self, row: Row) -> list[int]:
        """The columns of what the row holds that nobody sees."""
        merges = self.merges
        if self.at == len(merges) and not self.active:
            return []
        self.active = [merge for merge in self.active if merge[2] >= row.number]
        while self.at < len(merges) and merges[self.at][0] <= row.number:
            if merges[self.at][2] >= row.number:
                self.active.append(merges[self.at])
            self.at += 1
        if len(self.active) > LAST_COLUMN:
            raise _BadSheet("合并单元格互相重叠")
        held = row.cells.keys() | row.formulas.keys()
        return [
            column
            for top, left, _, right in self.active
            for column in held
            if left <= column <= right and (row.number, column) != (top, left)
        ]


def read_sheets(source: Path | bytes, name: str | None = None) -> list[SheetOnDisk]:
    """Every worksheet, in sheet order, to be read row by row. Raises RefusedFile."""
    book = _Book(source, name)
    return [SheetOnDisk(title, book.package.name, book, part) for title, _, part in book.sheets]


def read_grids(source: Path | bytes, name: str | None = None) -> list[Grid]:
    """Every worksheet as a Grid, in sheet order; one that cannot be read says why. Raises RefusedFile."""
    book = _Book(source, name)
    return [_grid_of(book, *sheet) for sheet in book.sheets]


def _grid_of(book: _Book, title: str, state: str, part: str) -> Grid:
    """A sheet that is damaged costs no other."""
    grid = Grid(title, book.package.name, marks=book.marks, hidden=state in ("hidden", "veryHidden"))
    try:
        _read_grid(book, grid, part)
    except BrokenPart as error:
        return Grid(title, grid.file, marks=book.marks, hidden=grid.hidden, broken=_located(error, title))
    except _BadSheet as error:
        broken = _bad_sheet(grid.file, title, error)
        return Grid(title, grid.file, marks=book.marks, hidden=grid.hidden, broken=broken)
    return grid


def _located(error: BrokenPart, title: str) -> XladdinError:
    return BrokenPart(error.what, Place(error.where.file if error.where else None, title), error.advice)


def _bad_sheet(file: str | None, title: str, error: _BadSheet) -> XladdinError:
    what, *cell = error.args
    return BrokenPart(f"这张工作表读不了：{what}", Place(file, title, *cell), _SAVE)


def _strings(package: Package, part: str | None) -> list[Value]:
    """The shared strings; none where the table is missing or damaged: cells that need it then say so."""
    if part is None or part not in package:
        return []
    try:
        if package.info(part).file_size <= SMALL:
            return package.kept(part, lambda: _shared_strings(package, part), _shared_strings)
        found: list[Value] = []
        for item in package.elements(part, "sst", "si"):
            found.append(as_text(text_of(item)))
            if len(found) > MAX_STRINGS:
                raise RefusedFile(f"工作簿超过 {MAX_STRINGS} 条共享文字", Place(file=package.name), _CLEAR)
        return found
    except BrokenPart:
        return []


def _shared_strings(package: Package, part: str) -> list[Value]:
    data = package.read(part)
    try:
        return strings(data)
    except Otherwise:
        return [as_text(text_of(item)) for item in package.parsed(data, part).iterfind("{*}si")]


def _formats(root: etree._Element) -> tuple[dict[str, Look], frozenset[str]]:
    """How numbers of a style are seen, where not plainly, by the style's index; and the indexes of the other styles."""
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in root.iterfind("{*}numFmts/{*}numFmt")}
    looks, plain = {}, {"", _NO_STYLE}
    for index, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number = xf.get("numFmtId", "0")
        look = look_of(int(number) if number.isascii() and number.isdigit() else 0, codes.get(number, ""))
        if look is None:
            plain.add(str(index))
        else:
            looks[str(index)] = look
    return looks, frozenset(plain)


def _read_grid(book: _Book, grid: Grid, part: str) -> None:
    """Raises BrokenPart, _BadSheet for a sheet that cannot be read, RefusedFile for a book that is too large."""
    merges = _read_plain(book, grid, part)
    if merges is None:
        merges = _read_rows(book, grid, part)
    grid.merges += map(_merge, merges)
    book.count(merges=len(grid.merges), values=grid.cells.values())
    try:
        grid.drop_covered()
    except ValueError:
        raise _BadSheet("合并单元格互相重叠") from None


def _read_plain(book: _Book, grid: Grid, part: str) -> list[str] | None:
    """The cells of a sheet written as most are; its merges, None where it is written otherwise."""
    if part not in book.package or book.package.info(part).file_size > LARGEST:
        return None
    try:
        found = plainly(book.package.read(part))
    except Otherwise:
        return None
    grid.folded = found.folded
    shared: dict[str, str] = {}
    for number, cells in found.rows:
        _take(grid, number, cells, book, shared)
    book.count(len(grid.cells))
    return found.merges


def _take(into: Grid | Row, row: int | None, cells: list[Cell], book: _Book, shared: dict[str, str]) -> None:
    """The cells of a row; row: its number in a Grid, None in a Row."""
    put, shown, plain = into.cells.setdefault, SHOWN, book.plain or ()
    for letters, style, text, kind, number, formula, value in cells:
        at: Any = _COLUMNS[letters] if row is None else (row, _COLUMNS[letters])
        if text:
            said = shown[text]
        elif kind == "s" and not formula and not number:
            said = book.string(resolved(value)) if value else None
        elif not kind and not formula and not number and style in plain:
            said = figure(resolved(value)) if value else None
        else:
            formula = resolved(formula)
            found = shared.setdefault(number, formula) if number else formula or None
            _put(into, at, kind or "n", resolved(value) or None, style, found, book)
            continue
        if not said or put(at, said) is not said:
            keep(into, at, said)


def _read_rows(book: _Book, grid: Grid, part: str) -> list[str]:
    """The same of any sheet; its merges."""
    shared: dict[str, str] = {}
    rows, rest = _rows_of(book.package, part)
    number = 0
    for node in rows:
        if node.get("r") is None and not isinstance(node.tag, str):
            continue
        number = _row_number(node, number)
        if node.get("hidden") in ("1", "true"):
            grid.folded.add(number)
        before = len(grid.cells)
        for column, cell in _cells(node, number):
            _read_cell(cell, (number, column), grid, book, shared)
        book.count(len(grid.cells) - before)
    return [node.get("ref", "") for node in rest().iterfind("{*}mergeCells/{*}mergeCell")]


def _rows_of(package: Package, part: str) -> tuple[Any, Any]:
    """The rows of a sheet, and what gives the root without them once they are read."""
    if part in package and package.info(part).file_size > SMALL:
        rows = package.elements(part, "sheetData", "row")
        return rows, lambda: rows.root
    root = package.xml(part)
    data = root.find("{*}sheetData")
    return data if data is not None else (), lambda: root


@lru_cache(maxsize=2048)
def _merge(ref: str) -> Range:
    try:
        top, left, bottom, right = found = range_of(ref)
    except ValueError:
        raise _BadSheet(f"合并区域“{ref[:30]}”写得不对") from None
    if top > bottom or left > right:
        raise _BadSheet(f"合并区域“{ref}”写得不对")
    return found


def _row_number(node: etree._Element, before: int) -> int:
    """The number of a row: as it says, else the next one."""
    written = node.get("r")
    number = before + 1 if not written else int(written) if written.isascii() and written.isdigit() else 0
    if not 0 < number <= LAST_ROW:
        raise _BadSheet(f"行号“{(written or str(number))[:20]}”不对")
    return number


def _cells(row: etree._Element, number: int) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row that hold something, with their columns."""
    column, shown = 0, str(number)
    for node in row:
        ref = node.get("r")
        if ref:
            column = ref.endswith(shown) and _COLUMNS.get(ref.removesuffix(shown)) or _column_of(ref, number)
        elif isinstance(node.tag, str):
            column += 1
        else:
            continue  # a remark between cells
        if len(node):
            if column > LAST_COLUMN:
                raise _BadSheet("单元格太多", address(number, LAST_COLUMN))
            yield column, node


def _column_of(ref: str, number: int) -> int:
    """C12 in row 12 → 3."""
    match = _CELL.fullmatch(ref.upper())
    column = column_number(match[1]) if match and int(match[2]) == number else 0
    if not 0 < column <= LAST_COLUMN:
        raise _BadSheet(f"第 {number} 行有个单元格的地址“{ref[:20]}”不对")
    return column


def _read_cell(node: etree._Element, at: Any, into: Grid | Row, book: _Book, shared: dict[str, str]) -> None:
    """at: the cell's spot in a Grid, its column in a Row."""
    kind = node.get("t", "n")
    raw: Value = None
    formula = None
    for child in node:
        tag = child.tag
        if tag in _VALUE:
            raw = child.text if not len(child) else Unread(whole(child))
        elif tag in _INLINE:
            raw = text_of(child)
        elif tag in _FORMULA:
            formula = _formula(child, shared)
    if kind == "e" and node.get("vm"):
        raw = Unread(PICTURE)  # as Excel keeps a picture in a cell
    _put(into, at, kind, raw, node.get("s"), formula, book)


def _put(into: Grid | Row, at: Any, kind: str, raw: Value, style: str | None, formula: str | None, book: _Book) -> None:
    """A cell as its element says it; style: the index of how it looks."""
    look = None
    if kind == "s":
        if raw is not None:
            raw = book.string(raw)
    elif style and style != _NO_STYLE:
        look = book.looks.get(style)
        if look is None and book.plain is not None and style not in book.plain and kind == "n" and type(raw) is str:
            raw = Unread(raw)  # it may be a date or a percentage
    put_cell(into, at, kind, raw, formula, look, book.epoch)


def _formula(node: etree._Element, shared: dict[str, str]) -> str:
    """The formula's text; followers of a shared formula get the master's, which is all a reader needs."""
    text = whole(node)
    if node.get("t") == "shared":
        return shared.setdefault(node.get("si", ""), text)
    return text
