"""An openpyxl.Workbook somebody holds in memory, read as the file it would be saved to; it is not changed by that.

Saving it to read it is no way: that may spoil it (its pictures can be written once), and needs a visible sheet.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..errors import Place, RefusedFile
from ..workbook.content import put_cell, unescape
from ..workbook.formats import look_of
from ..workbook.grid import Grid

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

_NAME = "工作簿"
_FIRST_CUSTOM = 164  # number formats below are built in


def takes(source: Any) -> bool:
    """Whether it is an openpyxl.Workbook."""
    openpyxl = sys.modules.get("openpyxl")
    return openpyxl is not None and isinstance(source, openpyxl.Workbook)


def grids(source: Workbook, name: str | None) -> list[Grid]:
    """Every worksheet. Raises RefusedFile for one opened to be read or written row by row: it holds no merges."""
    name = name or _NAME
    if source.read_only or source.write_only:
        advice = "请用 openpyxl.load_workbook(文件) 打开，不加 read_only；或把文件路径直接交给 xladdin"
        raise RefusedFile("这个 openpyxl.Workbook 是逐行读写的，看不到合并单元格", Place(file=name), advice)
    marks = {item.name: str(item.value).strip() for item in source.custom_doc_props.props}
    found = []
    for sheet in source.worksheets:
        grid = Grid(sheet.title, name, marks=marks, hidden=sheet.sheet_state != "visible")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.value != "":
                    _put(cell, grid, source)
        grid.merges = sorted(
            (area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells.ranges
        )
        grid.drop_covered()
        found.append(grid)
    return found


def _put(cell: Cell, grid: Grid, book: Workbook) -> None:
    # openpyxl says the format's code only, and not that of every built-in one
    number = cell._style.numFmtId if cell.has_style else 0
    look = look_of(number, cell.number_format if number >= _FIRST_CUSTOM else "")
    put_cell(grid, (cell.row, cell.column), *_written(cell, book), look, book.epoch)


def _written(cell: Cell, book: Workbook) -> tuple[str, str | None, str | None]:
    """Type, value and formula of a cell as openpyxl writes them into a file."""
    from openpyxl.compat import safe_string
    from openpyxl.utils.datetime import to_excel

    value: Any = cell.value
    if cell.data_type == "f":  # an array formula is an object that holds its text, a data table one that has none
        text = value if isinstance(value, str) else getattr(value, "text", None)
        return "n", None, (text or "")[1:]
    if cell.data_type == "s":
        return "inlineStr", unescape(str(value)), None
    if cell.data_type == "d":
        return "n", safe_string(to_excel(value, book.epoch)), None
    return cell.data_type, safe_string(value), None
