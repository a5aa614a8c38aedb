"""What a clerk does between marking and clearing, and what is in the way: her cells, notes and colours stay hers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calc import ranges, sheets
from tests.calc.native import Native
from xladdin.errors import XladdinError
from xladdin.excel import check_actions, live, marks, result_sheet
from xladdin.excel.check_actions import check_this, clear_marks, next_finding, reconcile
from xladdin.log import state_folder

from .pressing import DECLARED, EVALUATED, RESULTS, STRANGER

WATCHED = ("D7", "D16", "F14", "F16", "F19", "H16", "A1")  # of the evaluation
OWN = (1, 200, 3)


def evaluation(desk, name="自评.xlsx"):
    """With the clerk's own note and colour on cells that will be marked."""
    book = desk.open(EVALUATED, name)
    book.sheets[0].range("H16").add_note("经办人：\n已问过")
    book.sheets[0].range("F14").color = OWN
    return book


def pair(desk):
    return desk.open(DECLARED, "申报.xlsx"), evaluation(desk)


def look(cell):
    return cell.color, cell.note.text if cell.note else None


def looks(sheet, cells=WATCHED):
    return {cell: look(sheet.range(cell)) for cell in cells}


def column(sheet, heading):
    return sheet.range("A5").expand("right").value.index(heading) + 1


# ---- our part of a note, and the clerk's

PART = marks._part(["X-04 差 54,000 元", "D-F2 合计"], "#ffeeaa")
NOTES = {  # the note as it is found, what is left of it, whether she has written into ours
    "ours alone": (PART, "", False),
    "hers before": ("她的\n二行\n" + PART, "她的\n二行", False),
    "hers after": (PART + "\n已改", "已改", False),
    "hers on the same line": ("她的" + PART + "已改", "她的已改", False),
    "hers around": ("她的\n" + PART + "\n已改", "她的\n已改", False),
    "breaks of another program": ("她的\r\n" + PART.replace("\n", "\r\n") + "\r\n已改", "她的\r\n已改", False),
    "copied together": (PART + "\n" + PART, "", False),
    "hers inside": (PART.replace("差", "已问，差"), "X-04 已问，差 54,000 元\nD-F2 合计", True),
    "our head taken off": (PART.removeprefix(marks.NOTED), "X-04 差 54,000 元\nD-F2 合计", True),
    "her own 【核对】": ("【核对】我的\n" + PART, "【核对】我的", False),
}
HERS = ["", "她的", "【核对】她的", "原底色 无", "〔原底色 无〕"]


@pytest.mark.parametrize("case", NOTES)
def test_what_is_left_of_a_note(case):
    text, rest, edited = NOTES[case]
    ours = marks.ours_in(text)
    assert (marks.Mark(None, None, text, ours).rest, ours.edited, ours.fill) == (rest, edited, "#ffeeaa")


@pytest.mark.parametrize("text", HERS)
def test_a_note_without_our_part_is_none_of_ours(text):
    assert marks.ours_in(text) is None


def test_our_part_is_short_enough_for_excel():
    part = marks._part(["X-09 " + "长" * 900], "主题12 -0.249977111117893 #ffeeaa")
    assert len(part) <= 255 and marks.ours_in(part).fill.endswith("#ffeeaa")


# ---- between marking and clearing


def a_row_is_inserted(desk, book):
    """The cells move; at their old addresses the clerk writes and colours."""
    sheet = book.sheets[0]
    sheet.range("5:5").insert("down")
    sheet.range("D7").add_note("经办人：这里要问财务")
    sheet.range("D7").color = (9, 9, 200)
    hers = (9, 9, 200), "经办人：这里要问财务"
    return lambda: look(sheet.range("D7")) == hers and sheet.range("5:5").delete("up")


def results_are_deleted(desk, book):
    book.sheets[RESULTS].delete()


def results_are_deleted_and_made_again(desk, book):
    book.sheets[RESULTS].delete()
    check_this(book)


def rows_of_results_are_deleted(desk, book):
    book.sheets[RESULTS].range("6:9").delete("up")


def it_is_checked_again(desk, book):
    check_this(book)


def the_other_is_reconciled_with_it(desk, book):
    reconcile(desk.app.books["申报.xlsx"])


def it_is_saved_under_another_name(desk, book):
    book.save(desk.folder / "终稿.xlsx")


def it_is_saved_under_another_name_and_checked(desk, book):
    book.save(desk.folder / "终稿.xlsx")
    check_this(book)


def its_sheet_is_renamed(desk, book):
    book.sheets[0].name = "新名"


def its_sheet_is_hidden(desk, book):
    book.sheets.add("封面")
    book.sheets["2021自评表"].visible = False


def a_marked_cell_is_copied(desk, book):
    sheet = book.sheets[0]
    sheet.range("F16").copy(sheet.range("Z90"))
    return lambda: look(sheet.range("Z90")) == (None, None)


BETWEEN = [
    a_row_is_inserted, results_are_deleted, results_are_deleted_and_made_again, rows_of_results_are_deleted,
    it_is_checked_again, the_other_is_reconciled_with_it, it_is_saved_under_another_name,
    it_is_saved_under_another_name_and_checked, its_sheet_is_renamed, its_sheet_is_hidden, a_marked_cell_is_copied,
]  # fmt: skip


@pytest.mark.parametrize("between", BETWEEN, ids=lambda between: between.__name__)
def test_marks_come_off_exactly(desk, between):
    declared, book = pair(desk)
    sheet = book.sheets["2021自评表"]
    before, other = looks(sheet), looks(declared.sheets[0], ["G6", "G7", "G13"])
    check_this(book)
    marked = looks(sheet)
    assert marked["H16"][1].startswith("经办人：\n已问过\n【核对】") and marked["F14"] != before["F14"]
    stays = between(desk, book)
    assert "已还原" in clear_marks(book)
    sheet = next(each for each in book.sheets if each.name in ("2021自评表", "新名"))
    if stays:
        assert stays() is not False
    assert looks(sheet) == before
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) == other
    assert not marks.marks_on(book) and not marks.marks_on(declared)


def test_marks_survive_saving_and_opening(desk):
    book = evaluation(desk)
    path, before = book.fullname, looks(book.sheets[0])
    check_this(book)
    book.save()
    book.close()
    book = desk.app.books.open(path)
    assert "已还原" in clear_marks(book)
    assert {cell: look[0] for cell, look in looks(book.sheets[0]).items()} == {c: look[0] for c, look in before.items()}
    assert [note.text.rpartition("经办人")[1:] for note in book.sheets[0].notes] == [("经办人", "：\n已问过")]


def test_the_clerks_words_and_colours_on_a_mark_stay(desk):
    book = evaluation(desk)
    sheet = book.sheets[0]
    check_this(book)
    sheet.range("F17").color = OWN
    note = sheet.range("F16").note
    note.text += "\n已改"
    inside = sheet.range("F19").note
    inside.text = inside.text.replace("E-09", "已问财务 E-09")
    told = clear_marks(book)
    assert look(sheet.range("F17")) == (OWN, None)
    assert look(sheet.range("F16")) == (None, "已改")
    assert look(sheet.range("F19"))[0] is None and "已问财务 E-09" in look(sheet.range("F19"))[1]
    assert "其中 1 处您在批注里添了字" in told and "其中 1 处的底色已不是核对时涂的" in told


def test_a_merged_cell_is_marked_once(desk):
    book = evaluation(desk)
    sheet = book.sheets[0]
    area = sheet.range("E13:F13")
    before = look(area)
    area.merge()
    check_this(book)
    assert look(sheet.range("E13")) != before
    clear_marks(book)
    assert look(sheet.range("E13")) == before and not marks.marks_on(book)


# ---- fills Excel knows more of than a colour


class Interior:
    def __init__(self, pattern, theme=-4142, shade=0.0):
        self.Pattern, self.theme, self.TintAndShade, self.set = pattern, theme, shade, []

    @property
    def ThemeColor(self):  # noqa: N802
        if self.theme is None:
            raise RuntimeError("1004")
        return self.theme

    @ThemeColor.setter
    def ThemeColor(self, value):  # noqa: N802
        self.set.append(value)


FILLS = {  # of F14: what Excel says of it, what the note remembers, whether it is coloured
    "solid": (Interior(1), "#01c803", True),
    "refused": (Interior(1, None), "#01c803", True),
    "theme": (Interior(1, 5, 0.799981688894314), "主题5 0.799981688894314 #01c803", True),
    "pattern": (Interior(17), "未动", False),
    "gradient": (Interior(4000), "未动", False),
}


@pytest.mark.parametrize("case", FILLS)
def test_other_fills(desk, monkeypatch, case):
    interior, remembered, coloured = FILLS[case]
    genuine = ranges.Range.api.fget

    def api(self):
        native = genuine(self)
        return Native(native, {"Interior": lambda: interior}) if self.address == "$F$14" else native

    monkeypatch.setattr(ranges.Range, "api", property(api))
    book = evaluation(desk)
    cell = book.sheets[0].range("F14")
    check_this(book)
    assert f"〔原底色 {remembered}·" in cell.note.text and (cell.color != OWN) == coloured
    clear_marks(book)
    assert look(cell) == (OWN, None)
    assert interior.set == ([5] if case == "theme" else [])
    interior.set.clear()


def test_a_discussion_is_left_alone(desk, monkeypatch):
    monkeypatch.setattr(ranges.Range, "comment", property(lambda self: self.address == "$E$13" and self or None))
    declared, book = pair(desk)
    before = look(book.sheets[0].range("E13"))
    assert "这些单元格有讨论批注，没有涂色：自评.xlsx 2021自评表!E13。" in reconcile(book)
    assert look(book.sheets[0].range("E13")) == before


# ---- what is told of marks that stay


def test_marks_on_a_protected_sheet_are_told(desk):
    book = evaluation(desk)
    check_this(book)
    marked = looks(book.sheets[0])
    book.sheets[0].api.Protect("密")
    told = clear_marks(book)
    assert told.startswith("自评.xlsx 2021自评表 受保护，上面的") and "没有打开" not in told
    assert looks(book.sheets[0]) == marked


def test_a_backup_is_kept_before_clearing(desk):
    declared, book = pair(desk)
    reconcile(book)
    clear_marks(book)
    assert len(list(state_folder().rglob("*-清除标记.xlsx"))) == 2


def test_a_closed_workbook_is_told_by_its_name(desk):
    declared, book = pair(desk)
    reconcile(book)
    declared.close()
    book.save(desk.folder / "终稿.xlsx")
    told = clear_marks(book)
    assert "已还原" in told and told.endswith("申报.xlsx 没有打开，里面如有标记，请打开后再点一次。")


def test_checking_one_takes_the_marks_of_its_cross_check_off_both(desk):
    declared, book = pair(desk)
    before = looks(declared.sheets[0], ["G6", "G7", "G13"])
    reconcile(book)
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) != before
    check_this(book)
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) == before and not marks.marks_on(declared)


def test_marks_that_stay_on_a_protected_sheet_are_told_by_the_next_check(desk):
    book = evaluation(desk)
    check_this(book)
    many = len(marks.marks_on(book))
    book.sheets[0].api.Protect("密")
    assert "这些表受保护，上次的标记还在：自评.xlsx 2021自评表。" in check_this(book)
    book.sheets[0].api.Unprotect("密")
    check_this(book)
    assert len(marks.marks_on(book)) == many


def test_other_pairs_keep_their_marks(desk):
    stranger = desk.open(STRANGER, "别的.xlsx")
    check_this(stranger)
    marked = len(marks.marks_on(stranger))
    book = evaluation(desk)
    check_this(book)
    clear_marks(book)
    assert len(marks.marks_on(stranger)) == marked > 0


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


def an_own_column(sheet):
    sheet.range("X7").value = "张三"


def a_note(sheet):
    sheet.range("P8").add_note("已报局长")


def a_doubled_row(sheet):
    sheet.range("6:6").copy(sheet.range("60:60"))


@pytest.mark.parametrize("add", [an_own_row, an_own_column, a_note, a_doubled_row], ids=lambda add: add.__name__)
def test_what_the_clerk_adds_to_the_results_is_set_aside(desk, add):
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    sheet.range((6, column(sheet, "处理结果"))).value = "属实"
    add(sheet)
    before, notes = sheet.used_range.value, [note.text for note in sheet.notes]
    assert "整张留在“核对结果 旧”里" in check_this(book)
    aside = book.sheets["核对结果 旧"]
    assert (aside.used_range.value, [note.text for note in aside.notes]) == (before, notes)
    assert sheet.range((6, column(sheet, "处理结果"))).value == "属实"
    assert len(live.records_of(book)) == 1
    assert "旧" not in check_this(book)


def test_filtered_rows_are_shown_before_anything_is_written(desk):
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    sheet.range("6:7").impl.row_hidden = True
    sheet.visible = False
    check_this(book)
    assert sheet.visible and not sheet.range("6:6").impl.row_hidden and not sheet.range("7:7").impl.row_hidden


def broken(*given, **named):
    raise RuntimeError("1004")


def test_what_stood_there_is_put_back_when_writing_fails(desk, monkeypatch):
    book = evaluation(desk)
    check_this(book)
    sheet = book.sheets[RESULTS]
    sheet.range((6, column(sheet, "处理结果"))).value = "属实"
    sheet.range((6, column(sheet, "说明"))).value = "=见附件三"
    before = sheet.range("B5:T9").value
    for part in ("_table", "_looks", "_head"):
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
    monkeypatch.setattr(result_sheet, "_empty", broken)
    with pytest.raises(XladdinError) as told:
        check_this(book)
    copy = max(state_folder().rglob("*-核对.xlsx"))
    assert f"写之前的备份在 {copy}，可点“恢复”打开" in str(told.value) and "没能放回" in str(told.value)


def test_changes_not_saved_are_told_in_the_head(desk):
    declared, book = desk.open(DECLARED, "申报.xlsx"), desk.open(EVALUATED, "自评.xlsx")
    book.sheets[0].range("A1").value = "改过"
    assert (declared.api.Saved, book.api.Saved) == (True, False)
    reconcile(book)
    said = book.sheets[RESULTS].range("A4").value.split("　")
    assert [text.endswith("（有未保存的改动）") for text in said[1:]] == [False, True]


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


def sheet_hidden(book):
    book.sheets[0].visible = False


def results_hidden(book):
    book.sheets[0].activate()
    book.sheets[RESULTS].visible = False


def column_inserted(book):
    book.sheets[RESULTS].range("C:C").insert("right")


IN_THE_WAY = [
    (sheet_renamed, "自评.xlsx 里没有名为“2021自评表”的工作表"),
    (sheet_hidden, "自评.xlsx 的“2021自评表”隐藏着，请先取消隐藏"),
    (results_hidden, f"自评.xlsx {RESULTS}：这张工作表隐藏着。请先取消隐藏"),
    (column_inserted, "找不到单元格的位置"),
]


@pytest.mark.parametrize(("change", "said"), IN_THE_WAY, ids=[change.__name__ for change, _ in IN_THE_WAY])
def test_what_is_in_the_way_of_next_is_told(desk, change, said):
    book = evaluation(desk)
    check_this(book)
    change(book)
    try:
        told = next_finding(book)
    except XladdinError as error:
        told = str(error)
    assert said in told


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
def test_which_of_several_to_compare_with(desk, answers, chosen):
    desk.open(DECLARED, "丙.xlsx").close()
    for name in ("甲.xlsx", "乙.xlsx"):
        desk.open(DECLARED, name)
    names = [book.name for book in desk.app.books]
    book = desk.open(EVALUATED, "自评.xlsx")
    left = list(answers)
    desk.app.impl.answer = lambda box: left.pop(0)
    desk.app.impl.native["GetOpenFilename"] = lambda: lambda *given: str(desk.folder / "丙.xlsx")
    other, _ = check_actions._other(book, live.records_of(book))
    questions = [alert.prompt for alert in desk.app.impl.alerts]
    assert len(questions) == len(answers)
    assert all(name in text for name, text in zip([*names, FILE], questions, strict=False))
    assert (other and other.name) == (names[chosen] if isinstance(chosen, int) else chosen)


def test_only_workbooks_that_look_like_forms_are_read(desk, monkeypatch):
    figures = desk.app.books.add()
    figures.sheets[0].range("A1").value = [["项目名称", "金额"], ["甲", 1]]
    declared, book = desk.open(DECLARED, "申报.xlsx"), desk.open(EVALUATED, "自评.xlsx")
    read, genuine = [], check_actions.records_of
    monkeypatch.setattr(check_actions, "records_of", lambda each: read.append(each.name) or genuine(each))
    assert check_actions._other(book, genuine(book))[0].name == declared.name
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
        links = [book.sheets[RESULTS].range(cell).hyperlink for cell in ("G6", "I6")]
        assert links == [f"{CLOUD}/申报.xlsx#'2021申报表'!G7", "#'2021自评表'!D7"]
        assert stepped(desk, 1) == [("自评.xlsx", "D7")]
        assert "已还原" in clear_marks(book)


def test_links_have_a_short_tip_and_none_leads_nowhere(desk, monkeypatch):
    links, genuine = [], sheets.Sheet._link
    monkeypatch.setattr(sheets.Sheet, "_link", lambda self, *given: links.append(given[1:4]) or genuine(self, *given))
    desk.open(DECLARED, "申报#1 100%.xlsx")
    book = desk.open(EVALUATED, "自评#2.xlsx")
    reconcile(book)
    assert {address for address, _, _ in links} == {""}
    assert ("", "'2021自评表'!D7", "转到“2021自评表”D7") in links and all(len(tip) < 255 for _, _, tip in links)
    assert book.sheets[RESULTS].range("G6").value == "1,154,000"
    assert stepped(desk, 1) == [("自评#2.xlsx", "D7")], "下一处 goes there all the same"
