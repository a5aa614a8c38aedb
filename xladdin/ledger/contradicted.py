"""The sheet 冲突 of a joined ledger, and the red of the cells it lists, which goes as they are settled.

A cell is red as long as a row of 冲突 names its row and column, what stands in it is what was taken over, and nothing
stands under 处理. Rows may be sorted and inserted meanwhile, and 冲突 deleted: then nothing is red any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..domain.numbers import plain
from ..sheets import looks
from ..workbook.grid import column_letters
from . import columns as names
from .dress import Styles
from .helping import MOST
from .page import Row, Table

SHEET, CELL, PROJECT, COLUMN, KEPT, KEPT_AT = "工作表", "单元格", names.PROJECT, "栏目", "采用的", "采自"
OTHER, OTHER_AT, WHY, HANDLED, KEY = "另一个", "出自", "说明", "处理", "标识（请勿改动）"
DONE = ("已核对", "已改正")
_WIDTHS = {
    SHEET: 11, CELL: 9, PROJECT: 28, COLUMN: 18, KEPT: 30, KEPT_AT: 26, OTHER: 30, OTHER_AT: 26, WHY: 30, HANDLED: 10,
    KEY: 10,
}  # fmt: skip
_NAMED = {"冲突标识": KEY, "冲突栏目": COLUMN, "冲突采用": KEPT, "冲突处理": HANDLED}  # defined names: their columns
_TELLING = (names.YEAR, names.PROJECT, names.FORM, names.UNIT, names.ITEM, names.LEVEL1, names.LEVEL2, names.INDICATOR)


def table_of(rows: list[Row]) -> Table:
    """The sheet, of rows by its columns."""
    return Table(tuple(_WIDTHS), rows, widths=_WIDTHS, hidden=frozenset({KEY}), offered={HANDLED: DONE})


def key_of(sheet: str, headers: Sequence[str], values: Mapping[str, Any]) -> str:
    """What tells a row of one of the three sheets from others, as the formula joins it."""
    return "|".join([sheet, *(_text(values.get(column)) for column in _telling(headers))])


def _telling(headers: Sequence[str]) -> list[str]:
    return [column for column in _TELLING if column in headers]


def _text(value: Any) -> str:
    return "" if value is None else plain(Decimal(value)) if isinstance(value, (int, Decimal)) else str(value)


def define_names(book: Any, rows: int) -> None:
    """The names by which formulas find the columns of the sheet."""
    columns = list(_WIDTHS)
    for name, column in _NAMED.items():
        letter = column_letters(columns.index(column) + 1)
        book.define_name(name, f"={names.CONTRADICTIONS}!${letter}$2:${letter}${rows + 1}")


def colour(sheet: Any, name: str, headers: Sequence[str], contradicted: Table, styles: Styles) -> None:
    """The rule of colour in one of the three sheets."""
    letter = {column: column_letters(at) for at, column in enumerate(headers, start=1)}
    key = '&"|"&'.join([f'"{name}"', *(f"${letter[column]}2" for column in _telling(headers))])
    red = styles.rule(border=1, border_color=looks.LINES, bg_color=looks.PAPER["error"], font_color=looks.INK["error"])
    for column in dict.fromkeys(row[COLUMN] for row in contradicted.rows if row.get(KEY) and row[SHEET] == name):
        at = headers.index(column)
        same = f'(冲突标识={key})*(冲突栏目=${letter[column]}$1)*(冲突采用=${letter[column]}2)*(冲突处理="")'
        rule = {"type": "formula", "criteria": f"=SUMPRODUCT({same})>0", "format": red}
        sheet.conditional_format(1, at, MOST, at, rule)
