"""Open workbooks read as they stand: what Excel gives that no file gives, played where LibreOffice does not give it."""

from __future__ import annotations

import datetime as dt
import types
from decimal import Decimal

import pytest

from xladdin.errors import RefusedFile
from xladdin.excel import live
from xladdin.excel.actions.filling import active_grid
from xladdin.workbook.grid import Shown, Undated, Unread
from xladdin.workbook.reading import MAX_CELLS

pytest_plugins = ("tests.calc.fixtures",)

_CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: VALUE DATETIME STRING FORMULA
SPILL, CALC, FIELD = -2146826243, -2146826238, -2146826239
VALUES = [  # as Excel's COM gives a cell, as a Grid holds it
    (90.0, Decimal(90)),
    (0.1 + 0.2, Decimal("0.3")),
    (Decimal("12.5"), Decimal("12.5")),  # a cell formatted as currency
    (True, True),
    ("90场", "90场"),
    (None, None),
    (dt.datetime(2026, 9, 5, 8, 30), dt.date(2026, 9, 5)),
    (SPILL, "#错误"),
    (CALC, "#错误"),
    (FIELD, "#错误"),
]


@pytest.mark.parametrize(("given", "held"), VALUES)
def test_values_as_excel_gives_them(given, held):
    value = live.value_of(given)
    assert (value, type(value)) == (held, type(held))


@pytest.mark.parametrize("number", [SPILL, CALC, FIELD])
@pytest.mark.parametrize("formula", ["=A1:A3", "#SPILL!"])
def test_error_is_no_figure(number, formula):
    grid = live.Grid("表", "簿.xlsx")
    live._put(grid, (1, 1), number, formula)
    assert grid.cells == ({} if formula.startswith("=") else {(1, 1): Unread("#错误")})
    assert grid.uncomputed == ({(1, 1)} if formula.startswith("=") else set())


SHOWN = [(True, True), (-1, True), (False, False), (0, False), (2, False)]  # 2: hidden so that only a macro shows it


@pytest.mark.parametrize(("visible", "read"), SHOWN)
def test_sheets_hidden_in_any_way_are_not_read(app, book, monkeypatch, visible, read):
    book.sheets[0]["A1"].value = "甲"
    monkeypatch.setattr(type(book.sheets[0].impl), "visible", visible)
    assert bool(live.grids_of(book)) is read


def test_what_is_read_is_computed_first(app, book):
    sheet = book.sheets[0]
    sheet["A1"].value, sheet["B1"].formula = 1, "=A1*2"
    app.calculation = "manual"
    try:
        sheet["A1"].value = 5
        (grid,) = live.grids_of(book)
        assert grid.cells[1, 2] == 10 and app.calculation == "manual"
        sheet["A1"].value = 6
        assert active_grid(book).cells[1, 2] == 12 and app.calculation == "manual"
    finally:
        app.calculation = "automatic"


FORMATS = [  # number format, value, what is read beside it
    ('0.00"万元"', 119.876, Shown(after="万元")),
    ("0!.0000", 12345, Shown(power=-4)),
    ("0.00%", 0.95, "percent"),
    ("#,##0.00", 12345.6, None),
    ("General", 3, None),
    ("@", 3, None),
]


@pytest.mark.parametrize(("number_format", "value", "seen"), FORMATS, ids=[row[0] for row in FORMATS])
def test_what_a_number_format_adds_is_seen_as_in_a_file(book, number_format, value, seen):
    cell = book.sheets[0]["B2"]
    cell.value, cell.number_format = value, number_format
    grid = live.grid_of(book.sheets[0])
    assert grid.percents == ({(2, 2)} if seen == "percent" else set())
    assert grid.shown == ({(2, 2): seen} if isinstance(seen, Shown) else {})


def test_a_day_shown_without_its_year_has_none(book):
    cell = book.sheets[0]["B2"]
    cell.value = dt.date(2026, 11, 28)
    cell.number_format = 'm"月"d"日"'
    held = live.grid_of(book.sheets[0]).cells[2, 2]
    assert isinstance(held, Undated) and held.seen == "11月28日"


# ---- Excel's used range, which counts formats too


@pytest.fixture
def excel_like(app, book, monkeypatch):
    """A used range that reaches as far as told, and COUNTA; what was counted is noted."""
    sheet, counted = book.sheets[0], []
    engine = type(sheet.impl)

    def count_a(cells):
        """LibreOffice's own COUNTA goes through every cell there could be; what it is asked here, it also answers with
        cells of the columns before."""
        here = cells.CellRange.RangeAddress
        counted.append(here)
        areas = cells.CellRange.queryContentCells(_CONTENT).RangeAddresses
        widths = [a.EndColumn - max(a.StartColumn, here.StartColumn) + 1 for a in areas]
        return sum((a.EndRow - a.StartRow + 1) * max(w, 0) for a, w in zip(areas, widths, strict=True))

    def reach(address, counts=True):
        used = sheet[address].impl
        monkeypatch.setattr(engine, "used_range", property(lambda self: used))
        if counts:
            excel = types.SimpleNamespace(CountA=count_a)
            monkeypatch.setitem(app.impl.native, "WorksheetFunction", lambda: excel)
        return sheet, counted

    return reach


REACHES = [  # where something stands, how far the used range goes, what is read of it
    (["A1", "C9"], "A1:C1048576", "A1:C9"),
    (["A1", "C9"], "A1:XFD1048576", "A1:C9"),
    (["B2", "D40"], "B2:ZZ30000", "B2:D40"),
    (["C1048576"], "A1:C1048576", None),  # 3 145 728 cells, the last of them filled
    (["B1", "ZZ1"], "B1:ZZ1000", "B1:ZZ1"),
    ([], "A1:C1048576", "A1"),
    (["A1", "C9"], "A1:C400", "A1:C400"),  # nothing to gain
]


@pytest.mark.parametrize(("filled", "reaches", "kept"), REACHES)
def test_formats_far_below_do_not_count(excel_like, filled, reaches, kept):
    sheet, counted = excel_like(reaches)
    for address in filled:
        sheet[address].value = "甲"
    if kept is None:
        with pytest.raises(RefusedFile, match=f"超过 {MAX_CELLS} 个单元格"):
            live.grid_of(sheet)
        return
    assert live._filled(sheet.used_range).get_address(False, False) == kept
    assert len(counted) <= 36, "a few dozen questions at most"
    assert set(live.grid_of(sheet).cells) == {(sheet[address].row, sheet[address].column) for address in filled}


def test_formulas_and_hidden_rows_count(excel_like):
    sheet, _ = excel_like("A1:C1048576")
    sheet["A1"].value = "甲"
    sheet["B5000"].formula = "=1+1"
    sheet.impl.uno.Rows.getByIndex(4999).IsVisible = False
    assert live._filled(sheet.used_range).get_address(False, False) == "A1:B5000"


def test_without_counta_it_is_refused_as_before(excel_like):
    sheet, _ = excel_like("A1:C1048576", counts=False)
    with pytest.raises(RefusedFile):
        live.grid_of(sheet)
