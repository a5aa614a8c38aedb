"""核对结果 never costs the clerk her work; 下一处 and the choice of the other workbook say what is true."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from tests.calc import sheets
from tests.calc.native import Native
from xladdin.domain.kinds import DECLARATION
from xladdin.errors import XladdinError
from xladdin.excel import live, result_sheet
from xladdin.excel.actions import checking as check_actions
from xladdin.excel.actions import filling
from xladdin.excel.actions.checking import check_this, clear_marks, next_finding, reconcile
from xladdin.log import state_folder

from .marked import column, evaluation, pair
from .pressing import DECLARED, EVALUATED, RESULTS

# ---- 核对结果 that is in the way


def test_the_clerks_own_sheet_of_that_name_is_not_written_over(desk):
    book = evaluation(desk)
    own = book.sheets.add(RESULTS, after=book.sheets[0])
    own.range("A1").value = [["我的台账", "说明"], ["一", "手写的结论"]]
    before = desk.looks()
    with pytest.raises(XladdinError, match=f"自评.xlsx {RESULTS}：已有一张同名的工作表.*没有改动。请把它改个名字"):
        check_this(book)
    assert desk.looks() == before


def an_own_row(sheet):
    sheet.range((40, column(sheet, "说明"))).value = "经办人自己加的一行"


def a_note(sheet):
    sheet.range("N8").add_note("已报局长")


def a_coloured_row(sheet):
    sheet.range("A8:P8").color = (0, 255, 0)


def test_what_the_clerk_adds_to_the_results_is_set_aside(desk, monkeypatch):
    """Which texts are hers is decided without Excel: test_result_decisions. Discussions are played: Calc has none."""
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    sheet.range((6, column(sheet, "处理结果"))).value = "属实"
    genuine, one = sheets.Sheet.api.fget, types.SimpleNamespace(Count=1)
    discussed = property(lambda self: Native(genuine(self), {"CommentsThreaded": lambda: one}))
    asides = []
    for add in (an_own_row, a_note, a_coloured_row, None):
        if add:
            add(sheet)
        before, notes = sheet.used_range.value, [note.text for note in sheet.notes]
        with monkeypatch.context() as patch:
            if add is None:
                patch.setattr(sheets.Sheet, "api", discussed)
            told = check_this(book)
        asides.append(f"核对结果 旧{len(asides) + 1 if asides else ''}")
        assert f"整张留在“{asides[-1]}”里" in told
        aside = book.sheets[asides[-1]]
        assert (aside.used_range.value, [note.text for note in aside.notes]) == (before, notes)
        assert sheet.range((6, column(sheet, "处理结果"))).value == "属实"
    assert len(live.records_of(book)) == 1
    assert "旧" not in check_this(book)


def test_what_is_sorted_deleted_or_filled_in_is_not_set_aside(desk):
    """And a block is not written over rows that are filtered out, nor left on a hidden sheet."""
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    block = sheet.range("A7:S8")
    block.value = list(reversed(block.value))
    sheet.range("10:11").delete("up")
    sheet.range((7, column(sheet, "说明"))).value = "见附件"
    clear_marks(book)
    path = book.fullname
    book.save()
    book.close()
    book = desk.app.books.open(path)
    sheet = book.sheets[RESULTS]
    sheet.range("6:7").impl.row_hidden = True
    sheet.visible = False
    assert "旧" not in check_this(book)
    assert [sheet.name for sheet in book.sheets] == ["2021自评表", RESULTS]
    assert sheet.visible and not sheet.range("6:6").impl.row_hidden and not sheet.range("7:7").impl.row_hidden


def test_results_come_behind_the_last_sheet_to_be_seen(desk, monkeypatch):
    """And of sheets selected together one stays."""
    book, done, add = evaluation(desk), [], sheets.Sheets.add
    book.sheets.add("底稿", after=book.sheets[-1]).visible = False
    book.sheets[0].activate()
    monkeypatch.setattr(sheets.Sheet, "select", lambda self: done.append(self.name))
    monkeypatch.setattr(sheets.Sheets, "add", lambda self, *given, **named: done.append("add") or add(self, *given, **named))  # fmt: skip
    check_this(book)
    assert [sheet.name for sheet in book.sheets] == ["2021自评表", RESULTS, "底稿"]
    assert done[:2] == ["2021自评表", "add"]


def test_a_sheet_added_under_another_name_goes_again(desk, monkeypatch):
    book, add = evaluation(desk), sheets.Sheets.add

    def refused(self, *given, **named):
        add(self, None, None, "Sheet1")
        raise RuntimeError("1004")

    monkeypatch.setattr(sheets.Sheets, "add", refused)
    with pytest.raises(RuntimeError):
        check_this(book)
    assert [sheet.name for sheet in book.sheets] == ["2021自评表"]


def test_the_printer_is_asked_once(monkeypatch):
    said = []

    class Noted:
        def __setattr__(self, name, value):
            said.append((name, value))

    api = types.SimpleNamespace(PageSetup=Noted())
    book = types.SimpleNamespace(app=types.SimpleNamespace(api=Noted()))
    result_sheet.set_page(types.SimpleNamespace(api=api, book=book))
    assert said[0] == ("PrintCommunication", False) and said[-1] == ("PrintCommunication", True) and len(said) > 6


def broken(*given, **named):
    raise RuntimeError("1004")


def test_what_stood_there_is_put_back_when_writing_fails(desk, monkeypatch):
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    sheet.range((6, column(sheet, "处理结果"))).value = "属实"
    sheet.range((6, column(sheet, "说明"))).value = "=见附件三"
    before = sheet.range("B5:T9").value
    for part in ("_table", "_looks"):
        with monkeypatch.context() as patch:
            patch.setattr(result_sheet, part, broken)
            with pytest.raises(RuntimeError):
                check_this(book)
        assert sheet.range("B5:T9").value == before
    check_this(book)
    assert sheet.range((6, column(sheet, "说明"))).value == "=见附件三"


def test_a_sheet_half_made_goes_again(desk, monkeypatch):
    book = evaluation(desk)
    monkeypatch.setattr(result_sheet, "_head", broken)
    with pytest.raises(RuntimeError):
        check_this(book)
    assert [sheet.name for sheet in book.sheets] == ["2021自评表"]


def test_where_the_backup_is_when_nothing_can_be_put_back(desk, monkeypatch):
    book = evaluation(desk)
    check_this(book)
    monkeypatch.setattr(result_sheet, "empty", broken)
    with pytest.raises(XladdinError) as told:
        check_this(book)
    copy = max(state_folder().rglob("*-核对.xlsx"))
    assert f"写之前的备份在 {copy}，可点“打开备份”打开" in str(told.value) and "没能放回" in str(told.value)


# ---- 下一处


def stepped(desk, times):
    seen = []
    for _ in range(times):
        assert next_finding(desk.app.books.active) is None
        chosen = desk.app.selection
        seen.append((chosen.sheet.book.name, chosen[0, 0].address.replace("$", "")))
    return seen


def test_next_writes_nothing_and_misses_nothing(desk):
    declared, book = pair(desk)
    reconcile(book)
    for each in (declared, book):
        each.save()
    rows = result_sheet.standing(book.sheets[RESULTS])
    aims = [(targets[-1].book or book.name, targets[-1].cell) for _, targets in rows]
    assert [cell for _, cell in aims[:3]] == ["D7", "E13", "H16"]
    assert stepped(desk, len(aims) + 1) == [*aims, aims[0]]
    assert declared.api.Saved and book.api.Saved
    sheet = book.sheets[RESULTS]
    sheet.activate()
    sheet.range((rows[4][0], 16)).select()  # where the clerk has put herself is where it goes on
    assert stepped(desk, 2) == aims[4:6]


def test_next_works_on_protected_results(desk):
    book = evaluation(desk)
    check_this(book)
    book.sheets[RESULTS].api.Protect("密")
    assert stepped(desk, 2)[0][0] == book.name
    assert "已还原" in clear_marks(book)


def test_next_goes_by_the_results_made_last(desk):
    declared, book = pair(desk)
    check_this(declared)
    book.activate()
    reconcile(book)
    aims = [targets for _, targets in result_sheet.standing(book.sheets[RESULTS])]
    assert stepped(desk, 8) == [(t[-1].book or book.name, t[-1].cell) for t in aims[:8]]


def sheet_renamed(book):
    book.sheets[0].name = "新名"
    return lambda: setattr(book.sheets[0], "name", "2021自评表")


def sheet_hidden(book):
    book.sheets[0].visible = False
    return lambda: setattr(book.sheets[0], "visible", True)


def results_hidden(book):
    book.sheets[0].activate()
    book.sheets[RESULTS].visible = False
    return lambda: setattr(book.sheets[RESULTS], "visible", True)


def column_inserted(book):
    book.sheets[RESULTS].range("C:C").insert("right")
    return lambda: book.sheets[RESULTS].range("C:C").delete("left")


IN_THE_WAY = [
    (sheet_renamed, "自评.xlsx 里没有名为“2021自评表”的工作表"),
    (sheet_hidden, "自评.xlsx 的“2021自评表”隐藏着，请先取消隐藏"),
    (results_hidden, f"自评.xlsx {RESULTS}：这张工作表隐藏着。请先取消隐藏"),
    (column_inserted, "找不到单元格的位置"),
]


def test_what_is_in_the_way_of_next_is_told(desk):
    book = evaluation(desk)
    check_this(book)
    for change, said in IN_THE_WAY:
        undo = change(book)
        try:
            told = next_finding(book)
        except XladdinError as error:
            told = str(error)
        assert said in told, change.__name__
        undo()
        assert next_finding(book) is None, change.__name__


# ---- the other workbook


def test_a_picked_file_with_an_open_ones_name(desk):
    book = desk.open(EVALUATED, "自评.xlsx")
    (desk.folder / "上级").mkdir()
    other = desk.folder / "上级" / "自评.xlsx"
    other.write_bytes(Path(desk.open(DECLARED, "申报.xlsx").fullname).read_bytes())
    desk.app.books["申报.xlsx"].close()
    desk.app.impl.native["GetOpenFilename"] = lambda: lambda *asked: str(other)
    with pytest.raises(XladdinError, match="已打开另一个同名的工作簿"):
        reconcile(book)


FILE = "另外选一个申报表文件"
ANSWERS = [  # to the questions one after the other; the number of the open workbook compared with, or the file picked
    (["yes"], 0),
    (["no", "yes"], 1),
    (["cancel"], None),
    (["no", "cancel"], None),
    (["no", "no", "yes"], "丙.xlsx"),
    (["no", "no", "no"], None),
]


@pytest.mark.parametrize(("answers", "chosen"), ANSWERS)
def test_which_of_several_to_compare_with(monkeypatch, answers, chosen):
    names, questions, left, app = ["甲.xlsx", "乙.xlsx"], [], list(answers), types.SimpleNamespace()
    app.books = [types.SimpleNamespace(name=name, app=app) for name in (*names, "自评.xlsx")]
    app.alert = lambda prompt, *_, **__: questions.append(prompt) or left.pop(0)
    app.api = types.SimpleNamespace(GetOpenFilename=lambda *given: "丙.xlsx")
    monkeypatch.setattr(check_actions, "_forms", lambda book: [DECLARED])
    monkeypatch.setattr(check_actions, "records_of", lambda book: [DECLARED])
    monkeypatch.setattr(filling, "open_file", lambda app, path: types.SimpleNamespace(name=path.name))
    other, forms = check_actions._other(app.books[-1], DECLARATION)
    assert len(questions) == len(answers)
    assert all(name in text for name, text in zip([*names, FILE], questions, strict=False))
    assert (other and other.name) == (names[chosen] if isinstance(chosen, int) else chosen)
    assert forms == ([DECLARED] if other else [])


def test_a_picked_file_is_opened(desk):
    desk.open(DECLARED, "丙.xlsx").close()
    desk.open(DECLARED, "甲.xlsx")
    desk.open(DECLARED, "乙.xlsx")
    book, left = desk.open(EVALUATED, "自评.xlsx"), ["no", "no", "yes"]
    desk.app.impl.answer = lambda box: left.pop(0)
    desk.app.impl.native["GetOpenFilename"] = lambda: lambda *given: str(desk.folder / "丙.xlsx")
    other, forms = check_actions._other(book, DECLARATION)
    assert (other.name, [form.project for form in forms]) == ("丙.xlsx", [DECLARED.project])


def test_only_workbooks_that_look_like_forms_are_read(desk, monkeypatch):
    figures = desk.app.books.add()
    figures.sheets[0].range("A1").value = [["项目名称", "金额"], ["甲", 1]]
    declared, book = desk.open(DECLARED, "申报.xlsx"), desk.open(EVALUATED, "自评.xlsx")
    read, genuine = [], check_actions.records_of
    monkeypatch.setattr(check_actions, "records_of", lambda each: read.append(each.name) or genuine(each))
    assert check_actions._other(book, DECLARATION)[0].name == declared.name
    assert read == [declared.name]


# ---- names and links

CLOUD = "https://contoso.sharepoint.cn/teams/a b"


def test_workbooks_in_the_cloud(desk, monkeypatch):
    declared, book = pair(desk)
    for each in (declared, book):
        each.impl.state["native"] = {"FullName": lambda name=each.name: f"{CLOUD}/{name}"}
    genuine = type(book.impl).fullname.fget

    def fullname(self):
        raise RuntimeError("Couldn't find your local OneDrive file")

    with monkeypatch.context() as patch:
        patch.setattr(type(book.impl), "fullname", property(fullname))
        patch.setattr(type(book.impl), "name", property(lambda self: Path(genuine(self)).name))
        assert "10 处错误" in reconcile(book)
        links = [book.sheets[RESULTS].range(cell).hyperlink for cell in ("F6", "H6")]
        assert links == [f"{CLOUD}/申报.xlsx#'2021申报表'!G7", "#'2021自评表'!D7"]
        assert stepped(desk, 1) == [("自评.xlsx", "D7")]
        assert "已还原" in clear_marks(book)


def test_old_and_binary_workbooks_can_be_picked(desk):
    book, asked = desk.open(EVALUATED, "自评.xlsx"), []
    desk.app.impl.native["GetOpenFilename"] = lambda: lambda *given: asked.append(given[0]) or False
    assert reconcile(book) is None and asked[0].endswith(",*.xlsx;*.xlsm;*.xls;*.xlsb")
