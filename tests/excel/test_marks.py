"""What a clerk does between marking and clearing, and what is in the way: her cells, notes and colours stay hers.

Which words of a note are ours, and which fill comes back, is decided without Excel: test_mark_decisions.
"""

from __future__ import annotations

import pytest

from tests.calc import ranges
from tests.calc.native import Native
from xladdin.excel import marks
from xladdin.excel.actions.checking import check_this, clear_marks, reconcile

from .marked import OWN, evaluation, look, looks, pair
from .pressing import RESULTS, STRANGER

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


def its_sheet_is_renamed(desk, book):
    book.sheets[0].name = "新名"


def its_sheet_is_hidden(desk, book):
    book.sheets.add("封面")
    book.sheets["2021自评表"].visible = False


def a_marked_cell_is_copied(desk, book):
    sheet = book.sheets[0]
    sheet.range("F16").copy(sheet.range("Z90"))
    return lambda: look(sheet.range("Z90")) == (None, None)


BETWEEN = [  # one after the other
    (a_marked_cell_is_copied, a_row_is_inserted, results_are_deleted),
    (rows_of_results_are_deleted, its_sheet_is_renamed, it_is_saved_under_another_name),
    (it_is_saved_under_another_name, it_is_checked_again, its_sheet_is_hidden),
    (the_other_is_reconciled_with_it, results_are_deleted_and_made_again),
]


@pytest.mark.parametrize("between", BETWEEN, ids=lambda between: "-".join(each.__name__ for each in between))
def test_marks_come_off_exactly(desk, between):
    declared, book = pair(desk)
    sheet = book.sheets["2021自评表"]
    before, other = looks(sheet), looks(declared.sheets[0], ["G6", "G7", "G13"])
    check_this(book)
    marked = looks(sheet)
    assert marked["H16"][1].startswith("经办人：\n已问过\n【核对】") and marked["F14"] != before["F14"]
    stays = [still for each in between if (still := each(desk, book))]
    assert "已还原" in clear_marks(book)
    sheet = next(each for each in book.sheets if each.name in ("2021自评表", "新名"))
    for still in reversed(stays):
        assert still() is not False
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
    """A note without words may hold a picture; LibreOffice keeps none without a character. A merged cell is one."""
    book = evaluation(desk)
    sheet = book.sheets[0]
    area = sheet.range("E13:F13")
    unmerged = look(area)
    area.merge()
    sheet.range("D16").add_note(" ")
    check_this(book)
    sheet.range("F17").color = OWN
    note = sheet.range("F16").note
    note.text += "\n已改"
    inside = sheet.range("F19").note
    inside.text = inside.text.replace("E-09", "已问财务 E-09")
    assert look(sheet.range("E13")) != unmerged
    assert "〔原有批注，原底色 无·" in sheet.range("D16").note.text
    told = clear_marks(book)
    assert look(sheet.range("D16")) == (None, " ")
    assert look(sheet.range("E13")) == unmerged
    assert look(sheet.range("F17")) == (OWN, None)
    assert look(sheet.range("F16")) == (None, "已改")
    assert look(sheet.range("F19"))[0] is None and "已问财务 E-09" in look(sheet.range("F19"))[1]
    assert "其中 1 处您在批注里添了字" in told and "其中 1 处的底色已不是核对时涂的" in told
    assert not marks.marks_on(book)


# ---- marks of which the clerk has left less


def without_foot(cell):
    cell.note.text = cell.note.text[: cell.note.text.index("\n〔")]


def without_note(cell):
    cell.note.delete()


def with_another_fill_told(cell):
    cell.note.text = cell.note.text.replace("#01c803", "绿色")


LESS = {"F14": without_foot, "F16": without_note, "F19": with_another_fill_told}


def coloured(desk):
    """An evaluation whose cells of LESS the clerk has coloured."""
    book = evaluation(desk)
    cells = {name: book.sheets[0].range(name) for name in LESS}
    for cell in cells.values():
        cell.color = OWN
    return book, cells


def test_the_fill_comes_back_without_its_note(desk):
    book, cells = coloured(desk)
    check_this(book)
    for name, less in LESS.items():
        less(cells[name])
    assert "未能还原" not in check_this(book)
    for name, less in LESS.items():
        assert "原底色 #01c803·" in cells[name].note.text
        less(cells[name])
    assert "未能还原" not in clear_marks(book)
    assert {name: cell.color for name, cell in cells.items()} == dict.fromkeys(LESS, OWN)
    assert not marks.marks_on(book)
    assert [name for name, cell in cells.items() if cell.note is not None] == ["F14"]


def test_what_cannot_be_put_back_is_told_and_never_taken_for_hers(desk):
    book, cells = coloured(desk)
    check_this(book)
    lost = [cells["F14"], cells["F19"]]
    ours = [cell.color for cell in lost]
    for name in ("F14", "F19"):
        LESS[name](cells[name])
    book.sheets[RESULTS].delete()
    told = "2 处标记的批注被删改，底色未能还原：自评.xlsx 2021自评表!F14、自评.xlsx 2021自评表!F19。"
    assert told in clear_marks(book) and [cell.color for cell in lost] == ours
    lengths = []
    for _ in range(2):
        assert told in check_this(book)
        assert all("原底色 不明·" in cell.note.text and cell.note.text.count("〔") == 1 for cell in lost)
        lengths.append([len(cell.note.text) for cell in lost])
    assert lengths[0] == lengths[1]
    assert told in clear_marks(book) and [cell.color for cell in lost] == ours
    for cell in lost:
        cell.color = OWN
    assert "未能还原" not in clear_marks(book) and [cell.color for cell in lost] == [OWN, OWN]


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


def test_other_fills(desk, monkeypatch):
    """What the notes remember of each, whether it is coloured, and what is put back."""
    fills = {
        "F14": (Interior(1), "#01c803", True),
        "F16": (Interior(1, None), "#01c803", True),  # Excel refuses to tell
        "F19": (Interior(1, 5, 0.799981688894314), "主题5 0.799981688894314 #01c803", True),
        "H16": (Interior(17), "未动", False),
        "D16": (Interior(4000), "未动", False),
    }
    genuine = ranges.Range.api.fget

    def api(self):
        native, name = genuine(self), self.address.replace("$", "")
        return Native(native, {"Interior": lambda: fills[name][0]}) if name in fills else native

    monkeypatch.setattr(ranges.Range, "api", property(api))
    book = evaluation(desk)
    cells = {name: book.sheets[0].range(name) for name in fills}
    for cell in cells.values():
        cell.color = OWN
    notes = {name: look(cell)[1] for name, cell in cells.items()}
    check_this(book)
    for name, (_, remembered, is_coloured) in fills.items():
        assert f"原底色 {remembered}·" in cells[name].note.text and (cells[name].color != OWN) == is_coloured, name
    clear_marks(book)
    assert {name: look(cell) for name, cell in cells.items()} == {name: (OWN, note) for name, note in notes.items()}
    assert {name: interior.set for name, (interior, *_) in fills.items() if interior.set} == {"F19": [5]}


def test_a_discussion_is_left_alone(desk, monkeypatch):
    monkeypatch.setattr(ranges.Range, "comment", property(lambda self: self.address == "$F$16" and self or None))
    book = evaluation(desk)
    before = look(book.sheets[0].range("F16"))
    assert "这些单元格有讨论批注，没有涂色：自评.xlsx 2021自评表!F16。" in check_this(book)
    assert look(book.sheets[0].range("F16")) == before


# ---- what is told of marks that stay


def test_a_protected_sheet_is_left_as_it_is_and_told(desk):
    declared, book = pair(desk)
    declared.sheets[0].api.Protect("x")
    before = looks(declared.sheets[0], ["G6", "G7", "G13"])
    assert "受保护，没有涂色：申报.xlsx 2021申报表" in reconcile(book)
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) == before
    marked, many = looks(book.sheets[0]), len(marks.marks_on(book))
    book.sheets[0].api.Protect("密")
    told = clear_marks(book)
    assert told.startswith("自评.xlsx 2021自评表 受保护，上面的") and "没有打开" not in told
    assert looks(book.sheets[0]) == marked
    assert "这些表受保护，上次的标记还在：自评.xlsx 2021自评表。" in reconcile(book)
    book.sheets[0].api.Unprotect("密")
    reconcile(book)
    assert len(marks.marks_on(book)) == many


def test_a_closed_workbook_is_told_by_its_name_and_waited_for(desk):
    declared, book = pair(desk)
    before, path = looks(declared.sheets[0], ["G6", "G7", "G13"]), declared.fullname
    reconcile(book)
    declared.save()
    declared.close()
    book.save(desk.folder / "终稿.xlsx")
    told = clear_marks(book)
    assert "已还原" in told and told.endswith("申报.xlsx 没有打开，里面如有标记，请打开后再点一次。")
    again = desk.app.books.open(path)
    clear_marks(book)
    assert looks(again.sheets[0], ["G6", "G7", "G13"]) == before


def test_checking_one_takes_the_marks_of_its_cross_check_off_both(desk):
    declared, book = pair(desk)
    before = looks(declared.sheets[0], ["G6", "G7", "G13"])
    reconcile(book)
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) != before
    check_this(book)
    assert looks(declared.sheets[0], ["G6", "G7", "G13"]) == before and not marks.marks_on(declared)


def test_other_pairs_keep_their_marks(desk):
    stranger = desk.open(STRANGER, "别的.xlsx")
    check_this(stranger)
    marked = len(marks.marks_on(stranger))
    book = evaluation(desk)
    check_this(book)
    clear_marks(book)
    assert len(marks.marks_on(stranger)) == marked > 0
