"""检查本表, 核对两表, 下一处, 清除标记 on live workbooks."""

from __future__ import annotations

from dataclasses import replace

import pytest

import xladdin
from tests import calc
from xladdin.demo import example
from xladdin.errors import XladdinError

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")
WATCHED = ("D7", "E13", "F16", "F19", "G7", "G13", "H16", "A1")


# LibreOffice 7.4 now and then dies of a fault of its own (libuno_cppu) under so many calls: then, and only then, the
# test begins again with a new one. A test that fails otherwise fails.
pytestmark = pytest.mark.flaky(reruns=3, only_rerun=["disposed during call", "already disposed", "cannot get value"])


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
    from xladdin.excel.check_actions import reconcile

    declared, evaluated = pair
    told = reconcile(evaluated)
    assert "10 处错误" in told
    rows = table(evaluated)
    assert [row["规则"] for row in rows if row["级别"] == "错误"][:2] == ["X-04", "X-09"]
    assert (rows[0]["应为／申报表"], rows[0]["表上／自评表"], rows[1]["应为／申报表"]) == ("1,154,000", "1,100,000", "=91场")
    sheet = evaluated.sheets["核对结果"]
    assert sheet.range("I6").hyperlink == "#'2021自评表'!D7"
    assert sheet.range("G6").hyperlink.endswith("申报 表.xlsx#'2021申报表'!G7")
    assert "核对结果" not in [one.name for one in declared.sheets]


def test_unsaved_changes_are_what_is_checked(pair):
    from xladdin.excel.check_actions import reconcile

    declared, evaluated = pair
    evaluated.sheets[0].range("D7").value = 1154000
    reconcile(evaluated)
    assert "X-04" not in [row["规则"] for row in table(evaluated) if row["级别"] == "错误"]
    assert "E-01" in [row["规则"] for row in table(evaluated)]


def test_marks_come_off_exactly(pair):
    from xladdin.excel.check_actions import clear_marks, reconcile

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
    from xladdin.excel.check_actions import clear_marks, reconcile

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
    from xladdin.excel.check_actions import next_finding, reconcile

    declared, evaluated = pair
    reconcile(evaluated)
    seen = []
    for _ in range(3):
        assert next_finding(evaluated) is None
        seen.append((app.books.active.name, app.selection.address))
    assert seen == [("自评=表#1.xlsx", "$D$7"), ("自评=表#1.xlsx", "$E$13"), ("自评=表#1.xlsx", "$H$16")]


def test_what_the_clerk_wrote_is_kept(pair):
    from xladdin.excel.check_actions import reconcile

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
    from xladdin.excel.check_actions import check_this

    book = opened(app, tmp_path, "表.xlsx", DECLARED)
    assert "2 处错误" in check_this(book)
    assert {row["规则"] for row in table(book) if row["级别"] == "错误"} == {"D-F2", "D-F4"}


def test_protected_sheets_are_checked_but_not_marked(pair):
    from xladdin.excel.check_actions import reconcile

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
    from xladdin.excel import check_actions

    book = opened(app, tmp_path, "表.xlsx", records[0]) if records[0] else app.books.add()
    sheets = [sheet.name for sheet in book.sheets]
    with pytest.raises(XladdinError, match=said):
        getattr(check_actions, action)(book)
    assert [sheet.name for sheet in book.sheets] == sheets


def test_another_project_is_not_compared(app, tmp_path):
    from xladdin.excel.check_actions import reconcile

    other = replace(EVALUATED, project="道路养护", indicators=EVALUATED.indicators[:1])
    opened(app, tmp_path, "申报.xlsx", DECLARED)
    book = opened(app, tmp_path, "自评.xlsx", replace(other, indicators=(replace(other.indicators[0], name="里程"),)))
    reconcile(book)
    assert any("不像同一个项目" in row["问题"] for row in table(book))
