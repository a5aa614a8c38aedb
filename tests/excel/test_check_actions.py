"""检查本表, 核对两表, 下一处, 清除标记 on live workbooks."""

from __future__ import annotations

from dataclasses import replace

import pytest

import xladdin
from tests import calc
from xladdin.cli.demo import example
from xladdin.errors import XladdinError

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")
RED, YELLOW, PURPLE, BLUE = (250, 219, 216), (255, 240, 194), (230, 224, 243), (221, 235, 247)
PALE = (255, 253, 242)
WATCHED = ("D7", "E13", "F16", "F19", "G7", "G13", "H16", "A1")


@pytest.fixture
def app():
    with calc.running() as app:
        yield app


def opened(app, folder, name, record):
    path = folder / name
    path.write_bytes(xladdin.fill(record))
    return app.books.open(str(path))


@pytest.fixture
def pair(app, tmp_path):
    return opened(app, tmp_path, "申报 表.xlsx", DECLARED), opened(app, tmp_path, "自评=表#1.xlsx", EVALUATED)


def looks(*books):
    cells = [book.sheets[0].range(cell) for book in books for cell in WATCHED]
    return [(cell.color, cell.note.text if cell.note else None, cell.value) for cell in cells]


def table(book):
    """The rows of 核对结果 as mappings of their headings."""
    sheet = book.sheets["核对结果"]
    header, *rows = sheet.range((5, 1), sheet.used_range.last_cell).options(ndim=2).value
    return [dict(zip(header, row, strict=True)) for row in rows if row[3]]


def test_the_pair_is_reconciled_into_a_sheet(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    told = reconcile(evaluated)
    assert "10 处错误" in told
    rows = table(evaluated)
    assert [row["规则"] for row in rows if row["级别"] == "错误"][:2] == ["X-04", "X-09"]
    assert (rows[0]["应为／申报表"], rows[0]["表上／自评表"], rows[1]["应为／申报表"]) == (
        "1,154,000",
        "1,100,000",
        "=91场",
    )
    sheet = evaluated.sheets["核对结果"]
    assert sheet.range("I6").hyperlink == "#'2021自评表'!D7"
    assert sheet.range("G6").hyperlink.endswith("申报 表.xlsx#'2021申报表'!G7")
    assert "核对结果" not in [one.name for one in declared.sheets]


def seen(sheet):
    """What a clerk sees of 核对结果, by name; asked for under Excel's own names where xlwings has none."""
    window, page = sheet.api.Application.ActiveWindow, sheet.api.PageSetup
    choices = sheet.range("O6").impl.uno.Validation
    widths = {name: sheet.range(f"{name}5").column_width for name in "ABCDEFGHIJKLMNOPQRSTU"}
    return {
        "frozen": (window.FreezePanes, window.SplitRow, window.SplitColumn),
        "lines": window.DisplayGridlines,
        "page": (page.Orientation, page.PaperSize, page.Zoom, page.FitToPagesWide, page.FitToPagesTall),
        "repeated": page.PrintTitleRows,
        "filter": sheet.api.AutoFilterMode,
        "choices": (choices.Type.value, choices.getFormula1(), choices.ErrorAlertStyle.value, choices.ErrorTitle),
        "hidden": "".join(name for name, width in widths.items() if not width),
        "wide": sheet.range("A1:P1").width > 1850 * 0.75,
        "chosen": sheet.book.app.selection.address,
        "wrapped": [sheet.range(cell).wrap_text for cell in ("E6", "L6", "Q6")],
        "centred": [sheet.range(cell).horizontal_alignment for cell in ("A6", "B6", "D6", "L5", "L6")],
        "papers": [sheet.range(cell).color for cell in ("A3", "G3", "J3", "M3", "B6", "L6", "O6", "P6")],
        "sizes": [sheet.range(cell).font.size for cell in ("A1", "A2", "A4", "F6", "H6", "J6")],
        "borders": sheet.range("L6").impl.uno.LeftBorder.Color,
    }


SEEN = {
    "frozen": (True, 5, 0),
    "lines": False,
    "page": (2, 9, False, 1, False),
    "repeated": "$5:$5",
    "filter": True,
    "choices": ("LIST", "已改,属实,待查", "WARNING", "处理结果"),
    "hidden": "CEQRST",
    "wide": False,
    "chosen": "$A$6",
    "wrapped": [False, True, False],
    "centred": ["center", "center", "center", "center", "general"],
    "papers": [RED, YELLOW, PURPLE, BLUE, RED, None, PALE, PALE],
    "sizes": [16, 12, 8, 10, 8, 8],
    "borders": 0xD0D5DB,
}


def test_the_sheet_looks_like_the_report(pair):
    from xladdin.excel.actions.checking import reconcile

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
    assert seen(sheet) == SEEN | {"hidden": "EQRST", "page": (1, 9, False, 1, False)}
    assert not sheet.range("6:6").impl.row_hidden
    declared.activate()
    window, chosen = sheet.api.Application.ActiveWindow, declared.app.selection
    assert (window.FreezePanes, window.DisplayGridlines, chosen.address) == (False, True, "$B$3")


def test_a_blank_value_is_not_its_address(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    reconcile(evaluated)
    number, row = next((n, row) for n, row in enumerate(table(evaluated), 6) if "申报表空白" in row["问题"])
    assert (row["应为／申报表"], row["应为的位置"]) == (None, "2021申报表!G8")
    assert evaluated.sheets["核对结果"].range((number, 8)).hyperlink.endswith("#'2021申报表'!G8")


def test_the_box_of_a_note_holds_its_text(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    reconcile(evaluated)
    notes = sorted(evaluated.sheets[0].notes, key=lambda note: len(note.text))
    boxes = [note.api.Shape for note in (notes[0], notes[-1])]
    assert [round(box.Width) for box in boxes] == [220, 220]
    assert 30 < boxes[0].Height < boxes[1].Height < 250


def test_a_form_without_mistakes(app, tmp_path):
    from xladdin.excel import result_sheet
    from xladdin.review.cases import Review

    book = opened(app, tmp_path, "表.xlsx", DECLARED)
    result_sheet.write(book, Review(()), [book], None)
    sheet = result_sheet.find(book)
    assert sheet.range("L6").value == "没有需要处理的问题"
    assert not sheet.api.AutoFilterMode
    assert result_sheet.standing(sheet) == []


def test_addresses_of_several_areas_are_short_enough():
    from xladdin.excel.result_sheet import _areas, _runs

    assert _runs([6, 7, 8, 10, 12, 13]) == [[6, 8], [10, 10], [12, 13]]
    addresses = [f"{row}:{row}" for row in range(10, 400, 2)]
    joined = list(_areas(addresses))
    assert ",".join(joined).split(",") == addresses
    assert len(joined) > 1 and max(map(len, joined)) <= 250


def test_unsaved_changes_are_what_is_checked(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    evaluated.sheets[0].range("D7").value = 1154000
    reconcile(evaluated)
    assert "X-04" not in [row["规则"] for row in table(evaluated) if row["级别"] == "错误"]
    assert "E-01" in [row["规则"] for row in table(evaluated)]


def test_marks_come_off_exactly(pair):
    from xladdin.excel.actions.checking import clear_marks, reconcile

    declared, evaluated = pair
    evaluated.sheets[0].range("H16").color = (1, 200, 3)
    evaluated.sheets[0].range("D7").add_note("经办人：已问过")
    before = looks(*pair)
    reconcile(evaluated)
    marked = looks(*pair)
    assert marked != before
    assert [value for _, _, value in marked] == [value for _, _, value in before]
    assert "X-04" in evaluated.sheets[0].range("D7").note.text
    reconcile(evaluated)  # marks of marks would be kept as what stood there before
    assert "已还原" in clear_marks(evaluated)
    assert looks(*pair) == before
    assert clear_marks(evaluated) == "没有需要清除的标记。"


def test_marks_on_a_closed_book_wait_for_it(pair, app):
    from xladdin.excel.actions.checking import clear_marks, reconcile

    declared, evaluated = pair
    before = looks(declared)
    reconcile(evaluated)
    path = declared.fullname
    declared.save()
    declared.close()
    assert "请打开后再点一次" in clear_marks(evaluated)
    again = app.books.open(path)
    clear_marks(evaluated)
    assert looks(again) == before


def test_next_steps_through_both_books(pair, app):
    from xladdin.excel.actions.checking import next_finding, reconcile

    declared, evaluated = pair
    reconcile(evaluated)
    seen = []
    for _ in range(3):
        assert next_finding(evaluated) is None
        seen.append((app.books.active.name, app.selection.address))
    assert seen == [("自评=表#1.xlsx", "$D$7"), ("自评=表#1.xlsx", "$E$13"), ("自评=表#1.xlsx", "$H$16")]


def test_what_the_clerk_wrote_is_kept(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    reconcile(evaluated)
    sheet = evaluated.sheets["核对结果"]
    column = sheet.range("A5").expand("right").value.index("处理结果") + 1
    sheet.range((6, column)).value = "属实"
    evaluated.sheets[0].range("E13").value = "'=91场"
    reconcile(evaluated)
    rows = table(evaluated)
    assert (rows[0]["规则"], rows[0]["状态"], rows[0]["处理结果"]) == ("X-04", "仍在", "属实")
    assert {row["规则"] for row in rows if row["状态"] == "已消除"} >= {"X-09", "X-11"}


def test_the_active_form_is_checked_alone(app, tmp_path):
    from xladdin.excel.actions.checking import check_this

    book = opened(app, tmp_path, "表.xlsx", DECLARED)
    assert "2 处错误" in check_this(book)
    assert {row["规则"] for row in table(book) if row["级别"] == "错误"} == {"D-F2", "D-F4"}


def test_protected_sheets_are_checked_but_not_marked(pair):
    from xladdin.excel.actions.checking import reconcile

    declared, evaluated = pair
    declared.sheets[0].api.Protect("x")
    before = looks(declared)
    assert "受保护，没有涂色：申报 表.xlsx" in reconcile(evaluated)
    assert looks(declared) == before


WRONG = [  # the workbooks open, what is done, what is said
    ([None], "check_this", "没有申报表或自评表"),
    ([None], "next_finding", "没有“核对结果”"),
    ([None], "clear_marks", "没有“核对结果”"),
    ([DECLARED], "reconcile", "没有打开的自评表"),
]


@pytest.mark.parametrize(("records", "action", "said"), WRONG)
def test_what_cannot_be_done_is_said_and_changes_nothing(app, tmp_path, records, action, said):
    from xladdin.excel.actions import checking as check_actions

    book = opened(app, tmp_path, "表.xlsx", records[0]) if records[0] else app.books.add()
    sheets = [sheet.name for sheet in book.sheets]
    with pytest.raises(XladdinError, match=said):
        getattr(check_actions, action)(book)
    assert [sheet.name for sheet in book.sheets] == sheets


def test_another_project_is_not_compared(app, tmp_path):
    from xladdin.excel.actions.checking import reconcile

    other = replace(EVALUATED, project="道路养护", indicators=EVALUATED.indicators[:1])
    opened(app, tmp_path, "申报.xlsx", DECLARED)
    book = opened(app, tmp_path, "自评.xlsx", replace(other, indicators=(replace(other.indicators[0], name="里程"),)))
    reconcile(book)
    assert any("不像同一个项目" in row["问题"] for row in table(book))
