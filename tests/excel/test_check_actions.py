"""检查本表, 核对两表, 下一处, 清除标记 on live workbooks: what is written into 核对结果, and how it looks.

What is written where is decided without Excel: test_result_decisions.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report_cases import PAIR, finding, laid_out, review, spots
from xladdin.excel import live, result_sheet
from xladdin.excel.actions.checking import reconcile

from .pressing import DECLARED, EVALUATED

RED, YELLOW, PURPLE, BLUE = (250, 219, 216), (255, 240, 194), (230, 224, 243), (221, 235, 247)
PALE = (255, 253, 242)


@pytest.fixture
def pair(desk):
    return desk.open(DECLARED, "申报 表.xlsx"), desk.open(EVALUATED, "自评=表#1.xlsx")


def table(book):
    """The rows of 核对结果 as mappings of their headings."""
    sheet = book.sheets["核对结果"]
    header, *rows = sheet.range((5, 1), sheet.used_range.last_cell).options(ndim=2).value
    return [dict(zip(header, row, strict=True)) for row in rows if row[1]]


def test_the_pair_is_reconciled_into_a_sheet(pair):
    declared, evaluated = pair
    assert "10 处错误" in reconcile(evaluated)
    rows = table(evaluated)
    assert [row["规则"] for row in rows if row["级别"] == "错误"][:2] == ["X-04", "X-09"]
    assert (rows[0]["应为／申报表"], rows[0]["表上／自评表"], rows[1]["应为／申报表"]) == (
        "1,154,000",
        "1,100,000",
        "=91场",
    )
    sheet = evaluated.sheets["核对结果"]
    assert sheet.range("H6").hyperlink == "#'2021自评表'!D7"
    assert sheet.range("F6").hyperlink.endswith("申报 表.xlsx#'2021申报表'!G7")
    assert "核对结果" not in [one.name for one in declared.sheets]

    # a blank value is not its address
    number, row = next((n, row) for n, row in enumerate(rows, 6) if "申报表空白" in row["问题"])
    assert (row["应为／申报表"], row["应为的位置"]) == (None, "2021申报表!G8")
    assert sheet.range((number, 7)).hyperlink.endswith("#'2021申报表'!G8")

    # the boxes of the notes hold their texts
    notes = sorted(evaluated.sheets[0].notes, key=lambda note: len(note.text))
    boxes = [note.api.Shape for note in (notes[0], notes[-1])]
    assert [round(box.Width) for box in boxes] == [220, 220]
    assert 30 < boxes[0].Height < boxes[1].Height < 250


def seen(sheet):
    """What a clerk sees of 核对结果, by name; asked for under Excel's own names where xlwings has none."""
    window, page = sheet.api.Application.ActiveWindow, sheet.api.PageSetup
    choices = sheet.range("M6").impl.uno.Validation
    widths = {name: sheet.range(f"{name}5").column_width for name in "ABCDEFGHIJKLMNOPQRSTU"}
    return {
        "frozen": (window.FreezePanes, window.SplitRow, window.SplitColumn),
        "lines": window.DisplayGridlines,
        "page": (page.Orientation, page.PaperSize, page.Zoom, page.FitToPagesWide, page.FitToPagesTall),
        "repeated": page.PrintTitleRows,
        "filter": sheet.api.AutoFilterMode,
        "choices": (choices.Type.value, choices.getFormula1(), choices.ErrorAlertStyle.value, choices.ErrorTitle),
        "hidden": "".join(name for name, width in widths.items() if not width),
        "wide": sheet.range("A1:O1").width > 1850 * 0.75,
        "chosen": sheet.book.app.selection.address,
        "wrapped": [sheet.range(cell).wrap_text for cell in ("D6", "K6", "Q6")],
        "centred": [sheet.range(cell).horizontal_alignment for cell in ("A6", "B6", "J6", "K5", "K6")],
        "papers": [sheet.range(cell).color for cell in ("A3", "G3", "K3", "L3", "B6", "K6", "M6", "N6")],
        "sizes": [sheet.range(cell).font.size for cell in ("A1", "A2", "A4", "F6", "G6", "I6")],
        "borders": sheet.range("K6").impl.uno.LeftBorder.Color,
    }


SEEN = {
    "frozen": (True, 5, 0),
    "lines": False,
    "page": (2, 9, False, 1, False),
    "repeated": "$5:$5",
    "filter": True,
    "choices": ("LIST", "已改,属实,待查", "WARNING", "处理结果"),
    "hidden": "CDPQRST",
    "wide": False,
    "chosen": "$A$6",
    "wrapped": [False, True, False],
    "centred": ["center", "center", "right", "center", "general"],
    "papers": [RED, YELLOW, PURPLE, BLUE, RED, None, PALE, PALE],
    "sizes": [16, 12, 8, 10, 8, 8],
    "borders": 0xD0D5DB,
}


def test_the_sheet_looks_like_the_report(pair):
    declared, evaluated = pair
    declared.sheets[0].range("B3").select()
    reconcile(evaluated)
    sheet = evaluated.sheets["核对结果"]
    assert seen(sheet) == SEEN
    heights = [sheet.range((row, 1)).row_height for row in range(6, sheet.used_range.last_cell.row + 1)]
    assert min(heights) > 20 and max(heights) < 110
    assert sheet.range("A3").value.startswith("错误 10 处 · ")
    sheet.range("A5:S29").api.AutoFilter(Field=2, Criteria1="提示")
    assert sheet.range("6:6").impl.row_hidden
    sheet.api.PageSetup.Orientation = 1  # the clerk's, which stays
    evaluated.sheets[0].activate()
    reconcile(evaluated)
    assert seen(sheet) == SEEN | {"hidden": "DPQRST", "page": (1, 9, False, 1, False)}
    assert not sheet.range("6:6").impl.row_hidden
    declared.activate()
    window, chosen = sheet.api.Application.ActiveWindow, declared.app.selection
    assert (window.FreezePanes, window.DisplayGridlines, chosen.address) == (False, True, "$B$3")


def test_what_is_laid_out_is_what_stands_there(pair):
    """The decisions about what the clerk has changed go by this: test_result_decisions."""
    declared, evaluated = pair
    found = [
        finding(PAIR, subject="年度资金总额", expected="1,154,000", actual="=91场", difference="-1", message="差'\n二行",
                declared=spots(None, "2021申报表", "G7"), evaluated=spots(None, "2021自评表", "D7")),
        finding("Z-01", message="0012"),
    ]  # fmt: skip
    files = [Path(book.fullname) for book in pair]
    sheet, report = result_sheet.write(evaluated, review(*found, files=files), pair)
    assert live.grid_of(sheet).cells == laid_out(report, evaluated.name).cells
    left = result_sheet.before(evaluated).left
    assert not left.added and list(left.rows) == [row.key for row in report.rows]
    assert result_sheet.made_at(sheet) == report.made.isoformat()


def test_a_form_without_mistakes(desk):
    book = desk.open(DECLARED, "表.xlsx")
    sheet, report = result_sheet.write(book, review(), [book])
    assert live.grid_of(sheet).cells == laid_out(report, book.name).cells
    assert sheet == result_sheet.find(book) and sheet.range("K6").value == "没有需要处理的问题"
    assert not sheet.api.AutoFilterMode
    assert result_sheet.standing(sheet) == []


def test_what_the_clerk_wrote_is_kept_and_what_is_not_saved_is_checked(pair):
    declared, evaluated = pair
    reconcile(evaluated)
    declared.save()
    sheet = evaluated.sheets["核对结果"]
    column = sheet.range("A5").expand("right").value.index("处理结果") + 1
    sheet.range((6, column)).value = "属实"
    evaluated.sheets[0].range("E13").value = "'=91场"
    assert (declared.api.Saved, evaluated.api.Saved) == (True, False)
    reconcile(evaluated)
    rows = table(evaluated)
    assert (rows[0]["规则"], rows[0]["状态"], rows[0]["处理结果"]) == ("X-04", "仍在", "属实")
    assert {row["规则"] for row in rows if row["状态"] == "已消除"} >= {"X-09", "X-11"}
    said = sheet.range("A4").value.split("　")
    assert [text.endswith("（有未保存的改动）") for text in said[1:]] == [False, True]
