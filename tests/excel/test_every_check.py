"""核对两表, 批量核对, 检查本表, 下一处, 清除标记: end to end, as in test_every_button."""

from __future__ import annotations

import openpyxl
import pytest

import xladdin
from xladdin.log import state_folder

from .pressing import DECLARED, EVALUATED, ODD, RESULTS, contents, digest, forms_in, is_plain

RULES = {"D7": "X-04", "E13": "X-09"}  # cells of the evaluation and what is found there


def pair(desk):
    """The declaration and, in front, the evaluation."""
    return desk.open(DECLARED, "申报 表'.xlsx"), desk.open(EVALUATED)


def coloured(sheet) -> dict:
    return {cell: (sheet[cell].color, sheet[cell].note.text if sheet[cell].note else None) for cell in (*RULES, "A1")}


def press_reconcile(desk):
    declared, evaluated = pair(desk)
    before, disks = (
        [forms_in(book) for book in (declared, evaluated)],
        [digest(b.fullname) for b in (declared, evaluated)],
    )
    (said,) = desk.press("reconcile")
    assert "10 处错误" in said and "下一处" in said and is_plain(said)
    assert evaluated.sheets.active.name == RESULTS and RESULTS not in [sheet.name for sheet in declared.sheets]
    assert [forms_in(book) for book in (declared, evaluated)] == before
    assert [digest(book.fullname) for book in (declared, evaluated)] == disks
    live = evaluated.sheets[RESULTS].range("A5").expand().value
    evaluated.save()
    assert [record.project for record in xladdin.read(evaluated.fullname)] == [EVALUATED.project]
    saved = openpyxl.load_workbook(evaluated.fullname)
    rows = [[cell or None for cell in row] for row in saved[RESULTS].iter_rows(min_row=5, values_only=True)]
    assert [row[: len(live[0])] for row in rows[: len(live)]] == [[cell or None for cell in row] for row in live]
    for cell, code in RULES.items():
        found = saved.worksheets[0][cell]
        assert code in found.comment.text and found.fill.fgColor.rgb[-6:] not in ("000000", "FFFFFF")
    assert saved[RESULTS]["H6"].hyperlink.location.replace("$", "") in ("'2021自评表'!D7", "'2021自评表'.D7")


def press_check(desk):
    book = desk.open(DECLARED)
    before, disk = contents(book), digest(book.fullname)
    (said,) = desk.press("check")
    assert "2 处错误" in said and is_plain(said)
    assert book.sheets.active.name == RESULTS and forms_in(book) == before and digest(book.fullname) == disk
    book.save()
    saved = openpyxl.load_workbook(book.fullname)[RESULTS]
    header = next(row for row in saved.iter_rows(values_only=True) if row[0] == "序号")
    level, code = header.index("级别"), header.index("规则")
    errors = {row[code] for row in saved.iter_rows(values_only=True) if row[level] == "错误"}
    assert errors == {"D-F2", "D-F4"}
    assert [record.project for record in xladdin.read(book.fullname)] == [DECLARED.project]


def press_next(desk):
    declared, evaluated = pair(desk)
    desk.press("reconcile")
    forms, disk = forms_in(evaluated), digest(evaluated.fullname)
    seen = []
    for _ in range(2):
        evaluated.activate()
        assert desk.press("next") == []
        seen.append((desk.app.books.active.name, desk.app.selection.address))
    assert seen == [(ODD, "$D$7"), (ODD, "$E$13")]
    assert (forms_in(evaluated), digest(evaluated.fullname)) == (forms, disk)
    name = declared.name
    declared.close()
    said = {text for _ in range(12) for text in desk.press("next")}
    assert said == {f"请先打开 {name}，再点“下一处”。"}
    evaluated.save()
    assert xladdin.read(evaluated.fullname)[0].project == EVALUATED.project


def press_clear_marks(desk):
    declared, evaluated = pair(desk)
    sheet = evaluated.sheets[0]
    sheet["D7"].color = (1, 200, 3)
    sheet["E13"].add_note("经办人：已问过")
    before, forms = coloured(sheet), forms_in(evaluated)
    for _ in range(2):  # marks of marks would be kept as what stood there before
        desk.press("reconcile")
    marked = coloured(sheet)
    assert all(marked[cell] != before[cell] for cell in RULES) and marked["A1"] == before["A1"]
    evaluated.activate()
    (said,) = desk.press("clear_marks")
    assert "已还原" in said and is_plain(said)
    assert (coloured(sheet), forms_in(evaluated)) == (before, forms)
    copies = [openpyxl.load_workbook(path).worksheets[0] for path in state_folder().rglob("*-清除标记.xlsx")]
    notes = {sheet.title: getattr(sheet["D7"].comment, "text", "") for sheet in copies}
    assert set(notes) == {"2021申报表", "2021自评表"} and "X-04" in notes["2021自评表"], (
        "kept, as the button's tip says"
    )
    evaluated.save()
    saved = openpyxl.load_workbook(evaluated.fullname).worksheets[0]
    assert saved["D7"].fill.fgColor.rgb[-6:] == "01C803" and saved["D7"].comment is None
    assert "已问过" in saved["E13"].comment.text and "核对" not in saved["E13"].comment.text
    assert desk.press("clear_marks") == ["没有需要清除的标记。"]


def press_reconcile_many(desk):
    for name, record in (("申报", DECLARED), ("自评", EVALUATED)):
        (desk.folder / name).mkdir()
        (desk.folder / name / f"{record.project}.xlsx").write_bytes(xladdin.fill(record))
    book = desk.open(EVALUATED)
    before, disks = contents(book), {path: digest(path) for path in desk.folder.rglob("*.xlsx")}
    asked, said = desk.press("reconcile_many")
    path = desk.folder / "核对结果.xlsx"
    assert f"申报表在 {desk.folder / '申报'}，" in asked and f"自评表在 {desk.folder / '自评'}，对吗？" in asked
    assert "10 处错误" in said and str(path) in said and "用的规则：上海" in said and is_plain(said)
    report = desk.app.books.active
    assert report.fullname == str(path) and "核对结果" in [sheet.name for sheet in report.sheets]
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "10 处错误" in page and EVALUATED.project in page
    assert contents(book) == before and {each: digest(each) for each in disks} == disks
    book.activate()
    assert "上次的核对结果正开着，没有核对" in desk.press("reconcile_many")[-1]
    report.close()
    answered = openpyxl.load_workbook(path)
    sheet = answered["核对结果"]
    heads = next({cell.value: cell.column for cell in row} for row in sheet if row[0].value == "序号")
    first_row = next(n for n in range(1, sheet.max_row + 1) if sheet.cell(n, heads["级别"]).value == "错误")
    sheet.cell(first_row, heads["处理结果"]).value = "属实"
    answered.save(path)
    book.activate()
    desk.press("reconcile_many")
    again = openpyxl.load_workbook(path)["核对结果"]
    assert "属实" in [cell.value for row in again for cell in row]
    desk.app.impl.answer = "cancel"
    book.activate()
    assert desk.press("reconcile_many")[1:] == ["没有核对。"]


CASES = {
    "reconcile_many": press_reconcile_many,
    "reconcile": press_reconcile,
    "check": press_check,
    "next": press_next,
    "clear_marks": press_clear_marks,
}


@pytest.mark.parametrize("command_id", CASES)
def test_button_end_to_end(desk, command_id):
    before = desk.state()
    CASES[command_id](desk)
    assert desk.state() == before
    assert desk.codes == (f"from xladdin.excel import bridge; bridge.run('{command_id}')",)


def test_marks_follow_a_workbook_saved_under_another_name(desk):
    """As at the end of many a day: check, save as, and go on in the new file."""
    declared, evaluated = pair(desk)
    sheet = evaluated.sheets[0]
    before = coloured(sheet)
    desk.press("reconcile")
    evaluated.save(desk.folder / "改 =2'.xlsx")
    assert desk.press("next") == []
    assert (desk.app.books.active.name, desk.app.selection.address) == ("改 =2'.xlsx", "$D$7")
    (said,) = desk.press("clear_marks")
    assert "已还原" in said and "没有打开" not in said
    assert coloured(sheet) == before
