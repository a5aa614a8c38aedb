"""The Calc engine behaves as Excel does where the add-in looks, and a real .xlam reaches Python.

Books, the app, the add-in's callbacks and the harness's own texts have their tests in tests/calc.
"""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import openpyxl
import pytest

pytest_plugins = ("tests.calc.fixtures",)

DAY = dt.datetime(2021, 12, 31)


# values


@pytest.mark.parametrize(
    ("written", "read", "formula", "number_format"),
    [
        (1, 1.0, "1", "General"),
        (0.9734, 0.9734, "0.9734", "General"),
        (Decimal("965043.97"), 965043.97, "965043.97", "General"),
        (-1e-7, -1e-7, "-0.0000001", "General"),
        ("绩效目标", "绩效目标", "绩效目标", "General"),
        ("≥90%", "≥90%", "≥90%", "General"),
        ("多行\n文字", "多行\n文字", "多行\n文字", "General"),
        ("", None, "", "General"),
        (None, None, "", "General"),
        (float("nan"), None, "", "General"),
        (True, True, "TRUE", "General"),
        (False, False, "FALSE", "General"),
        (DAY, DAY, "44561", "yyyy/m/d"),
        (dt.datetime(2021, 12, 31, 18, 30), dt.datetime(2021, 12, 31, 18, 30), "44561.7708333333", "yyyy/m/d h:mm"),
        # what Excel makes of typed text
        ("90", 90.0, "90", "General"),
        ("100%", 1.0, "1", "0.00%"),
        ("1,100,000", 1100000.0, "1100000", "General"),
        ("TRUE", True, "TRUE", "General"),
        ("=90", 90.0, "=90", "General"),
        ("=100%", 1.0, "=100%", "0.00%"),
        ("=1+2", 3.0, "=1+2", "General"),
        ("=TRUE", True, "TRUE", "General"),  # cannot be told from a stored truth value
        ("=1>0", True, "=1>0", "General"),
        ('="=91场"', "=91场", '="=91场"', "General"),
        ("=1/0", None, "=1/0", "General"),
        ("=", "=", "=", "General"),
        ("=_xlfn.CONCAT(1,2)", "12", "=CONCAT(1,2)", "General"),
    ],
)
def test_value_comes_back_as_excel_gives_it(sheet, written, read, formula, number_format):
    cell = sheet["B2"]
    cell.value = written
    found = cell.value
    assert (found, type(found)) == (read, type(read))
    assert cell.formula == formula
    assert cell.number_format == number_format


@pytest.mark.parametrize(
    "text", ["=91场", "=100%", "=1百分比", "=90", "90", "001234", "2021-01-01", "5E3", "TRUE", "=1+"]
)
def test_text_cell_keeps_what_looks_like_something_else(sheet, text):
    for cell in (sheet["A1"], sheet["B1:B2"]):
        cell.number_format = "@"
    sheet["A1"].value = text
    sheet["B1"].value = [[text], [text]]
    assert [sheet["A1"].value, *sheet["B1:B2"].value] == [text] * 3
    assert sheet["A1"].formula == text
    assert sheet["A1:B2"].options(ndim=2).value == [[text, text], [None, text]]


def test_number_in_a_text_cell_becomes_text(sheet):
    sheet["A1"].number_format = "@"
    sheet["A1"].value = 90
    assert sheet["A1"].value == "90"


def test_leading_apostrophe_makes_text(sheet):
    sheet["A1"].value = "'=91场"
    assert sheet["A1"].value == sheet["A1"].formula == "=91场"


@pytest.mark.parametrize("formula", ["=91场", "=1百分比", "=1+", "=A1:::"])
@pytest.mark.parametrize("in_block", [False, True])
def test_formula_excel_cannot_parse_is_refused_and_changes_nothing(sheet, refused, formula, in_block):
    sheet["A1"].value = "原值"
    with refused("cannot parse"):
        sheet["A1"].value = [[formula, 1]] if in_block else formula
    assert in_block or sheet["A1"].value == "原值"


def test_unwritable_values(sheet, refused):
    with refused("32767 characters"):
        sheet["A1"].value = "长" * 32768
    with pytest.raises(TypeError, match="cannot hold"):
        sheet["A1"].value = object()


def test_errors_are_none_or_their_names(sheet):
    names = ["#DIV/0!", "#N/A", "#NAME?", "#REF!", "#VALUE!"]
    sheet["A1"].value = [["=1/0", "=NA()", "=没有这个名字", '=INDIRECT("没有!A1")', '="文"*2']]
    assert sheet["A1:E1"].value == [None] * 5
    assert sheet["A1:E1"].options(err_to_str=True).value == names


def test_block_of_everything_in_one_call(sheet):
    rows = [
        ["项目", 1.5, None, True, DAY],
        ["=91场号", "=B1*2", "≥90%", False, None],
    ]
    sheet["A2"].number_format = "@"
    sheet["A1"].value = rows
    expected = [rows[0], ["=91场号", 3.0, "≥90%", False, None]]
    assert sheet["A1:E2"].value == expected
    assert sheet["A1:E2"].options(ndim=2, empty="").value[0][2] == ""
    assert sheet["A1:B2"].formula == (("项目", "1.5"), ("=91场号", "=B1*2"))


def test_data_frames(sheet):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"类别": ["甲", None], "数": [1.5, float("nan")], "日期": [pandas.Timestamp(DAY), pandas.NaT]}
    )
    sheet["A1"].options(index=False).value = frame
    assert sheet["A1:C3"].value == [["类别", "数", "日期"], ["甲", 1.5, DAY], [None, None, None]]
    assert list(sheet["A1"].expand().options(pandas.DataFrame, index=False).value["数"]) == [1.5]


def test_block_of_ten_thousand_cells_is_quick(sheet):
    rows = [[f"文{i}" if j % 2 else i * j + 0.5 for j in range(10)] for i in range(1000)]
    start = time.monotonic()
    sheet["A1"].value = rows
    assert sheet["A1:J1000"].value == rows
    assert time.monotonic() - start < 5
    assert sheet["A1"].expand().address == sheet.used_range.address == "$A$1:$J$1000"
    whole_column = sheet["A:A"].value
    assert (len(whole_column), whole_column[999:1001]) == (1_048_576, [0.5, None])


@pytest.mark.parametrize(
    ("number_format", "shown"), [("0.00%", "97.34%"), ("#,##0.00", "0.97"), ("yyyy/m/d", "1899/12/30")]
)
def test_number_format(sheet, number_format, shown):
    sheet["A1"].value = 0.9734
    sheet["A1"].number_format = number_format
    assert sheet["A1"].number_format == number_format
    assert sheet["A1"].api.Text == shown
    assert isinstance(sheet["A1"].value, dt.datetime) == ("y" in number_format)


def test_formula_fills_with_moving_references(sheet):
    sheet["A1:A3"].value = [[1], [2], [3]]
    sheet["B1:B3"].formula = "=A1*2"
    assert sheet["B1:B3"].formula == (("=A1*2",), ("=A2*2",), ("=A3*2",))
    assert sheet["B1:B3"].value == [2.0, 4.0, 6.0]


def test_formula_across_sheets_in_excel_grammar(book, sheet):
    other = book.sheets.add("收支 表'1")
    other["A1:A2"].value = [[40], [2]]
    sheet["A1"].formula = "=SUM('收支 表''1'!$A$1:A2)+IF(TRUE,0,1)"
    assert sheet["A1"].value == 42
    assert sheet["A1"].formula == "=SUM('收支 表''1'!$A$1:A2)+IF(TRUE,0,1)"


# ranges


def test_merging(sheet):
    sheet["A1:B2"].value = [["留", "去"], ["去", "去"]]
    sheet["A1:B2"].merge()
    assert sheet["B2"].merge_area.address == "$A$1:$B$2"
    assert [sheet[a].merge_cells for a in ("A1:B2", "C1", "A1:C1")] == [True, False, None]
    assert sheet["A1:B2"].value == [["留", None], [None, None]]
    sheet["B2"].unmerge()
    assert sheet["A1"].merge_area.address == "$A$1"
    sheet["D1:E2"].merge(across=True)
    assert sheet["D2"].merge_area.address == "$D$2:$E$2"


def test_looks_and_their_restoring(sheet):
    cell = sheet["A1"]
    assert (cell.color, cell.font.bold, cell.wrap_text) == (None, False, False)
    before = cell.color, cell.font.color, cell.font.size
    cell.value = "中文"
    cell.color, cell.font.color, cell.font.size, cell.font.bold = "#FFC7CE", (156, 0, 6), 16, True
    cell.wrap_text, sheet["A1"].row_height, sheet["A1"].column_width = True, 30, 20
    assert (cell.color, cell.font.color, cell.font.size, cell.font.bold) == ((255, 199, 206), (156, 0, 6), 16, True)
    assert (cell.wrap_text, cell.row_height, round(cell.column_width, 1)) == (True, 30, 20)
    assert cell.impl.uno.CharHeightAsian == 16
    cell.color, cell.font.color, cell.font.size = before
    assert (cell.color, cell.font.color, cell.font.size) == before
    sheet["A2:B2"].set_colors([[(1, 2, 3), None]])
    assert [sheet[a].color for a in ("A2", "B2")] == [(1, 2, 3), None]


def test_notes(sheet):
    assert sheet["B2"].note is None
    sheet["B2"].add_note("核对：两表不一致")
    assert sheet["B2"].note.text == "核对：两表不一致"
    sheet["B2"].note.text = "改"
    assert [(note.text, note.impl.location.address) for note in sheet.notes] == [("改", "$B$2")]
    sheet["B2"].note.delete()
    assert sheet["B2"].note is None


@pytest.mark.parametrize("address", ["https://example.com/a?b=1#c", "#'收支 表'!E6", "#Sheet1!A1:B2"])
def test_links_come_back_and_survive_saving(book, sheet, tmp_path, address):
    book.sheets.add("收支 表")
    sheet["A1"].add_hyperlink(address, "看这里")
    assert (sheet["A1"].hyperlink, sheet["A1"].value) == (address, "看这里")
    book.save(tmp_path / "链接.xlsx")
    written = openpyxl.load_workbook(tmp_path / "链接.xlsx")["Sheet1"]["A1"].hyperlink
    inside = f"#{written.location}" if written.location else ""
    assert (written.target or "") + inside.replace("'Sheet1'", "Sheet1") == address
    with pytest.raises(Exception, match="hyperlink"):
        sheet["B1"].hyperlink  # noqa: B018 - reading is the test


def test_rows_columns_and_finding_the_way(sheet):
    sheet["A1"].value = [[1, 2], [3, 4], [5, 6]]
    sheet["2:2"].delete()
    assert sheet["A1:B3"].value == [[1, 2], [5, 6], [None, None]]
    sheet["2:3"].insert("down")
    assert sheet["A4:B4"].value == [5, 6]
    sheet["A:A"].delete()
    assert sheet["A1:A4"].value == [2, None, None, 6]
    assert [sheet["A1"].end(d).address for d in ("down", "right", "up")] == ["$A$4", "$XFD$1", "$A$1"]
    assert sheet["A1"].current_region.address == "$A$1"
    assert sheet.range((1, 1), (4, 2)).address == "$A$1:$B$4"
    assert sheet["A1:B2"].get_address(False, False, external=True) == f"'[{sheet.book.name}]Sheet1'!A1:B2"


def test_clearing(sheet):
    cell = sheet["A1"]
    cell.value, cell.color = "文", (1, 2, 3)
    cell.add_note("注")
    cell.clear_contents()
    assert (cell.value, cell.color, cell.note.text) == (None, (1, 2, 3), "注")
    cell.clear()
    assert (cell.color, cell.note) == (None, None)


def test_selecting_and_copying(app, book, sheet):
    sheet["A1"].value = [["文", "=A1&1"]]
    sheet["A1"].color = (1, 2, 3)
    sheet["A1:B1"].select()
    assert app.selection.address == "$A$1:$B$1"
    sheet["A1:B1"].copy(sheet["A3"])
    assert sheet["A3:B3"].formula == (("文", "=A3&1"),)
    other = app.books.add()
    sheet["A1:B1"].copy(other.sheets[0]["C5"])
    assert other.sheets[0]["C5:D5"].value == ["文", "文1"]
    assert other.sheets[0]["C5"].color == (1, 2, 3)
    other.close()


def test_names(book, sheet):
    sheet["C3:D3"].name = "合计数"
    sheet.names.add("本表", "=Sheet1!$A$1")
    assert [(name.name, name.refers_to) for name in book.names] == [
        ("合计数", "=Sheet1!$C$3:$D$3"),
        ("'Sheet1'!本表", "=Sheet1!$A$1"),
    ]
    assert sheet["合计数"].address == "$C$3:$D$3"
    assert book.names["合计数"].refers_to_range == sheet["C3:D3"]
    assert sheet["C3:D3"].name.name == "合计数"
    del book.names["合计数"]
    assert "合计数" not in book.names


# the add-in


def test_button_of_a_real_addin_reaches_python(stock, book, clerk):
    import xlwings as xw

    def main():
        caller = xw.Book.caller()
        caller.sheets[0]["A1"].value = [["从功能区来", "=1+2"]]

    clerk.main = main
    assert stock.dispatch("myButton") == ["import quickstart_clerk;quickstart_clerk.main()"]
    assert book.sheets[0]["A1:B1"].value == ["从功能区来", 3.0]
    assert stock._document.RuntimeUID not in [other.impl.uid for other in book.app.books]
