"""The summary as a workbook: 总览, 绩效目标汇总, 自评情况, 历年对比, 指标历年对比, 指标明细, 文件问题, 图表数据."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

from .. import __version__
from ..sheets.book import new_book
from ..sheets.page import Book
from ..workbook.grid import OURS
from .charts import write_data
from .compared import write_years
from .compared_aims import write_aims
from .declared import write_declared
from .evaluated import write_evaluated
from .indicators import write_details
from .overview import NAME, widths_of, write_overview
from .problems import write_problems
from .summary import Summary


def workbook_of(summary: Summary, folder: Path, made: dt.datetime | None = None) -> bytes:
    """The summary as .xlsx bytes; its links start from `folder`, where it is to lie. made: now by default."""
    made = made or dt.datetime.now()
    return new_book(partial(_write, summary, folder, made), title=summary.title, author="xladdin", created=made)


def _write(summary: Summary, folder: Path, made: dt.datetime, workbook: Any) -> None:
    workbook.set_custom_property(OURS, "汇总")
    book = Book(workbook, folder)
    first = book.page(NAME, widths_of(summary))
    declared = write_declared(book, summary.declared)
    evaluated = write_evaluated(book, summary.evaluated)
    write_years(book, summary.lines, summary.undated)
    write_aims(book, summary.aims)
    write_details(book, summary.details)
    write_problems(book, summary.problems)
    blocks = write_data(book, summary, declared, evaluated)
    stamp = f"{made:%Y-%m-%d %H:%M} 由 xladdin {__version__} 生成"
    write_overview(first, summary, declared, evaluated, blocks, stamp)
