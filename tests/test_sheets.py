"""Sheets of ours: rows written as XML at once are the rows XlsxWriter would have written."""

from __future__ import annotations

import io
import warnings
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xladdin.errors import SaveError
from xladdin.sheets.book import new_book
from xladdin.sheets.looks import BODY, CENTRE, HEAD, MONEY, NOTE, ODD, TITLE, of_level
from xladdin.sheets.page import Book, Cell, Formula, Link

from .package_checks import check_workbook

TEXTS = (
    "文字", "", " 前后 ", "a&b<c>\"d\"'", "=1+1", "_x000D_", "<r>x</r>", "<r>&", "一\n二\r\n三", "\t", "\x0b坏\ud800", "😀" * 9,
    "长" * 300, "　全角空白　", "http://x", "0012",
)  # fmt: skip
FIGURES = (
    0,
    7,
    -3,
    Decimal("0.1"),
    Decimal("1234567890123456.78"),
    Decimal("1E+3"),
    Decimal("-1100000.00"),
    Decimal("1E-9"),
)
FORMULAS = (
    Formula("SUM(A1:A2)", Decimal("2.50")),
    Formula('IF(1>0,"",1)', ""),
    Formula('"<"&"甲"', "<甲"),
    Formula("1/3", 0),
)


def fill(page):
    page.text(0, "标题", 3, **TITLE)
    page.text(4, "右上", **NOTE)
    page.next()
    page.head([f"列{n}" for n in range(5)])
    for text in TEXTS:
        page.next()
        page.text(0, text, **BODY)
        page.text(1, text, 2, **BODY | ODD)
        page.put(3, Cell(text, Link(Path("/家/乙 1.xlsx"), "表 1", "B2")), **BODY)
        page.pieces(4, [("甲", False), (text, True), ("乙", False)], **BODY)
    page.next(3)
    for figure in FIGURES:
        page.put(0, figure, **BODY | MONEY)
        page.put(1, Cell(figure, look=of_level("error")), **CENTRE)
        page.next()
    for formula in FORMULAS:
        page.put(2, formula, **BODY)
        page.put(0, None, **BODY)  # not in the order of the columns
        page.next()
    page.pieces(0, [("整格", True)], 4, **HEAD)
    page.close(1)


def made(charted):
    def write(workbook):
        book = Book(workbook, Path("/家"))
        fill(book.page("甲", (12, 20, 8, 15, 9), charted))
        fill(book.page("乙", (30, 9, 9, 9, 9), charted))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return new_book(write)


def laid_out(data):
    """Every cell with its looks, every height, width, merge and link."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data), rich_text=True):
        yield sheet.title, sheet.dimensions, sorted(map(str, sheet.merged_cells.ranges))
        pixels = {row: size.height * 4 / 3 for row, size in sheet.row_dimensions.items() if size.height}
        yield {
            row: int(height + 0.5) for row, height in pixels.items()
        }  # some versions of XlsxWriter write parts of one
        yield {name: (size.width, size.hidden) for name, size in sheet.column_dimensions.items()}
        for row in sheet.iter_rows():
            for cell in row:
                looks = [repr(part) for part in (cell.font, cell.fill, cell.alignment, cell.border)]
                link = cell.hyperlink and (cell.hyperlink.target, cell.hyperlink.location)
                yield (
                    cell.coordinate,
                    cell.data_type,
                    repr(cell.value),
                    looks,
                    cell.number_format,
                    cell.quotePrefix,
                    link,
                )


def test_rows_written_at_once_are_those_xlsxwriter_writes(tmp_path):
    streamed, kept = made(charted=False), made(charted=True)
    assert list(laid_out(streamed)) == list(laid_out(kept))
    (tmp_path / "表.xlsx").write_bytes(streamed)
    check_workbook(tmp_path / "表.xlsx")


def test_no_room_for_temporary_files_is_an_error_of_ours(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有这个文件夹"))
    with pytest.raises(SaveError, match="临时文件"):
        made(charted=False)
