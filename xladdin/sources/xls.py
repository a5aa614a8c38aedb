"""Workbooks as Excel wrote them before 2007: .xls, and .et of WPS, by xlrd."""

from __future__ import annotations

import datetime as dt
import io
import struct
from typing import Any

from ..errors import Place, RefusedFile
from ..workbook.content import put_cell
from ..workbook.formats import look_of
from ..workbook.grid import Grid, Unread

_MOST_BYTES, _MOST_SHEETS, _MOST_CELLS = 16 << 20, 256, 1_000_000
_MOST_MARKS, _UTF16, _NARROW_TEXT, _WIDE_TEXT = 256, 1200, 30, 31
_ADVICE = "请在 Excel 或 WPS 中打开，另存为 .xlsx"
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_FIRST_CUSTOM = 164  # number formats below are built in
_EPOCHS = (dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1))


def takes(source: Any) -> bool:
    """Bytes of a compound file that holds a workbook, and of the bare streams older programs wrote."""
    from .compound import streams

    return isinstance(source, bytes) and not streams(source).isdisjoint({"workbook", "book"})


def grids(source: bytes, name: str | None) -> list[Grid]:
    """Every worksheet. Raises RefusedFile."""
    from .needed import library

    xlrd = library("xlrd", "xlrd", name, ".xls")
    if len(source) > _MOST_BYTES:
        raise _refused(name, f"这个 .xls 有 {len(source) >> 20} MB，超过上限 {_MOST_BYTES >> 20} MB")
    try:
        # it meets bytes nobody checked, and fails in whatever way it happens to: each is a file that cannot be read
        book = xlrd.open_workbook(
            file_contents=source, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        if book.nsheets > _MOST_SHEETS:
            raise _refused(name, f"工作表超过上限 {_MOST_SHEETS} 张")
        marks = _marks(source)
        found, held = [], 0
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            held += sum(map(sheet.row_len, range(sheet.nrows)))
            if held > _MOST_CELLS:
                raise _refused(name, f"单元格超过上限 {_MOST_CELLS} 个")
            grid = _grid(book, sheet, name)
            grid.marks = marks
            found.append(grid)
            book.unload_sheet(number)
    except RefusedFile:
        raise
    except Exception as error:  # noqa: BLE001
        if "encrypted" in str(error).lower():
            raise _refused(name, "文件设有打开密码", "请在 Excel 中去掉密码后另存") from None
        raise _refused(name, "文件不完整或已损坏", "请重新拷贝，或请对方另存为 .xlsx 重发") from None
    return found


def _marks(source: bytes) -> dict[str, str]:
    """The file's own properties by their names ([MS-OLEPS]); {} where there are none, or they are broken."""
    from xlrd.compdoc import CompDoc

    try:
        data = CompDoc(source, logfile=io.StringIO()).get_named_stream("\x05DocumentSummaryInformation") or b""
        if struct.unpack_from("<I", data, 24)[0] < 2:
            return {}
        start = struct.unpack_from("<I", data, 64)[0]
        many = min(struct.unpack_from("<I", data, start + 4)[0], _MOST_MARKS)
        places = dict(struct.unpack_from("<2I", data, start + 8 + 8 * number) for number in range(many))
        page = struct.unpack_from("<H", data, start + places[1] + 4)[0] if 1 in places else 1252
        values = {number: _property(data, start + place, page) for number, place in places.items() if number > 1}
        at, marks = start + places[0] + 4, {}
        for _ in range(min(struct.unpack_from("<I", data, at - 4)[0], _MOST_MARKS)):
            number, size = struct.unpack_from("<2I", data, at)
            size = 2 * size if page == _UTF16 else size
            marks[_decoded(data[at + 8 : at + 8 + size], page)] = values.get(number, "")
            at += 8 + (size + 3 & ~3 if page == _UTF16 else size)
        return marks
    except Exception:  # noqa: BLE001  they are no part of what is read
        return {}


def _property(data: bytes, at: int, page: int) -> str:
    kind, size = struct.unpack_from("<2I", data, at)
    if kind == _WIDE_TEXT:
        return _decoded(data[at + 8 : at + 8 + 2 * size], _UTF16)
    return _decoded(data[at + 8 : at + 8 + size], page) if kind == _NARROW_TEXT else ""


def _decoded(text: bytes, page: int) -> str:
    name = {_UTF16: "utf-16-le", 65001: "utf-8"}.get(page, f"cp{page}")
    return text.decode(name, "replace").rstrip("\0")


def _refused(name: str | None, what: str, advice: str = _ADVICE) -> RefusedFile:
    return RefusedFile(what, Place(file=name), advice)


def _grid(book: Any, sheet: Any, name: str | None) -> Grid:
    grid = Grid(sheet.name, name, hidden=sheet.visibility != 0)
    epoch = _EPOCHS[book.datemode]
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            spot = (row + 1, column + 1)
            if cell.ctype == _TEXT and cell.value:
                put_cell(grid, spot, "s", cell.value, None, None, epoch)
            elif cell.ctype in (_NUMBER, _DATE):
                put_cell(grid, spot, "n", repr(cell.value), None, _look(book, cell.xf_index), epoch)
            elif cell.ctype == _BOOLEAN:
                put_cell(grid, spot, "b", str(int(cell.value)), None, None, epoch)
            elif cell.ctype == _ERROR:
                grid.cells[spot] = Unread(_error(cell.value))
    grid.merges = sorted((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    grid.drop_covered()
    return grid


def _look(book: Any, index: int | None) -> Any:
    if index is None:
        return None
    number = book.xf_list[index].format_key
    custom = number >= _FIRST_CUSTOM and number in book.format_map
    return look_of(number, book.format_map[number].format_str if custom else "")


def _error(code: int) -> str:
    from xlrd.biffh import error_text_from_code

    return error_text_from_code.get(code, "#错误")
