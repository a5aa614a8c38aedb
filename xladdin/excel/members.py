"""What may be missing from the objects of the host: members of an older Excel, of WPS, of the tests' engine."""

from __future__ import annotations

import sys
from typing import Any

import xlwings as xw

from ..errors import NotAForm, Place


def member(owner: Any, name: str) -> Any | None:
    """A member of a COM object; None where it has none of that name.

    xlwings passes on what COM says of it, a com_error; other engines raise AttributeError.
    """
    try:
        return getattr(owner, name)
    except com_errors():
        return None


def com_errors() -> tuple[type[Exception], ...]:
    """What a COM object raises where it refuses, or has not what is asked for."""
    types = sys.modules.get("pywintypes")  # there where xlwings has reached a COM object
    return (AttributeError, types.com_error) if types else (AttributeError,)


def front_sheet(book: xw.Book) -> xw.Sheet:
    """The sheet in front. Raises NotAForm for a chart sheet, which xlwings takes for one with cells."""
    sheet = book.sheets.active
    if sheet.name in {each.name for each in book.sheets}:
        return sheet
    where = Place(file=book.name, sheet=sheet.name)
    raise NotAForm("这是一张图表工作表，没有单元格，没有做任何事", where, "请点到要处理的那张表，再点一次")


def add_sheet(book: xw.Book, name: str, after: xw.Sheet) -> xw.Sheet:
    """A new sheet behind another. By Excel's own call: xlwings counts the worksheets alone where Excel counts the chart
    sheets too, and puts it elsewhere."""
    book.api.Sheets.Add(After=after.api).Name = name
    return book.sheets[name]
