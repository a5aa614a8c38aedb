"""What a clerk does between marking and clearing, and what is in the way: her cells, notes and colours stay hers."""

from __future__ import annotations

import pytest

from tests.calc import ranges
from tests.calc.native import Native
from xladdin.excel import marks
from xladdin.excel.actions.checking import check_this, clear_marks, reconcile
from xladdin.log import state_folder

from .marked import OWN, evaluation, look, looks, pair
from .pressing import RESULTS, STRANGER

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


# ---- marks of which the clerk has left less


def without_foot(sheet):
    note = sheet.range("F14").note
    note.text = note.text[: note.text.index("\n〔")]


def without_note(sheet):
    sheet.range("F14").note.delete()


def with_another_fill_told(sheet):
    note = sheet.range("F14").note
    note.text = note.text.replace("#01c803", "绿色")


LESS = [without_foot, without_note, with_another_fill_told]


@pytest.mark.parametrize("again", [False, True], ids=["", "checked again"])
@pytest.mark.parametrize("less", LESS, ids=lambda less: less.__name__)
def test_the_fill_comes_back_without_its_note(desk, less, again):
    book = evaluation(desk)
    cell = book.sheets[0].range("F14")
    check_this(book)
    less(book.sheets[0])
    if again:
        assert "未能还原" not in check_this(book)
        assert "原底色 #01c803·" in cell.note.text
    assert "未能还原" not in clear_marks(book)
    assert cell.color == OWN and not marks.marks_on(book)
    assert (cell.note is not None) == (less is without_foot)


@pytest.mark.parametrize("less", [without_foot, with_another_fill_told], ids=lambda less: less.__name__)
def test_what_cannot_be_put_back_is_told_and_never_taken_for_hers(desk, less):
    book = evaluation(desk)
    cell = book.sheets[0].range("F14")
    check_this(book)
    ours = cell.color
    less(book.sheets[0])
    book.sheets[RESULTS].delete()
    told = "1 处标记的批注被删改，底色未能还原：自评.xlsx 2021自评表!F14。"
    assert told in clear_marks(book) and cell.color == ours
    for _ in range(2):
        assert told in check_this(book)
        assert "原底色 不明·" in cell.note.text and cell.note.text.count("〔") == 1
        length = len(cell.note.text)
    assert told in check_this(book) and len(cell.note.text) == length
    assert told in clear_marks(book) and cell.color == ours
    cell.color = OWN
    assert "未能还原" not in clear_marks(book) and cell.color == OWN


def test_our_paper_of_her_own_comes_back_after_clearing(desk):
    book = evaluation(desk)
    cell = book.sheets[0].range("F14")
    check_this(book)
    paper = cell.color
    clear_marks(book)
    cell.color = paper
    assert "没有需要清除的标记" in clear_marks(book) and cell.color == paper
    check_this(book)
    assert "已还原" in clear_marks(book) and cell.color == paper


def test_a_note_without_words_stays(desk):
    """It may hold a picture; LibreOffice keeps none without a character."""
    book = evaluation(desk)
    sheet = book.sheets[0]
    sheet.range("F16").add_note(" ")
    check_this(book)
    assert "〔原有批注，原底色 无·" in sheet.range("F16").note.text
    clear_marks(book)
    assert look(sheet.range("F16")) == (None, " ")


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
