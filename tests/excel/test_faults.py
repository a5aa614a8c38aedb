"""What stands in a button's way: the clerk reads what is wrong and what to do, and every workbook is as it was."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from xladdin.errors import Place, XladdinError
from xladdin.excel.addin.commands import COMMANDS, TEXTS
from xladdin.form import catalogue
from xladdin.log import state_folder

from .pressing import BUG, DECLARED, EVALUATED, ODD, PLAIN, RESULTS, is_plain, ledger_of, replace_function

NOTES = "便 笺=1'.xlsx"
LATER = replace(DECLARED, year=2022)
IN_VBA = {TEXTS[name] for name in ("read_only", "sheet_protected", "no_book", "editing", "protected_view")}


# ---- situations: each puts workbooks on the desk, the one the button is pressed on in front


def without_a_form(desk):
    notes = desk.app.books.add()
    notes.sheets[0]["A1"].value = [["备忘", "=1+1"], ["电话", 12345]]
    notes.save(desk.folder / NOTES)


def read_only(desk):
    desk.open(PLAIN, read_only=True)


def protected_sheet(desk):
    desk.open(PLAIN).sheets[0].api.Protect("密")


def protected_structure(desk):
    desk.open(DECLARED, "申报.xlsx")
    desk.open(EVALUATED).impl.doc.protect("密")


def protected_results(desk):
    """Locked after a check; the form is in front."""
    book = desk.open(DECLARED)
    desk.press("check")
    book.sheets[RESULTS].api.Protect("密")
    book.sheets[0].activate()


def two_declarations(desk):
    desk.open(LATER, "明年.xlsx")
    desk.open(DECLARED)


def plays_dialog(desk, answer):
    """Excel's own dialog for files, answered with a path, or with False: cancelled."""
    desk.app.impl.native["GetOpenFilename"] = lambda: lambda *asked: answer


def one_form_and_cancelled(desk):
    desk.open(DECLARED)
    plays_dialog(desk, False)


def picks_no_form(desk):
    without_a_form(desk)
    desk.app.books.active.close()
    desk.open(DECLARED)
    plays_dialog(desk, str(desk.folder / NOTES))


def picks_another_declaration(desk):
    desk.open(LATER, "明年.xlsx").close()
    desk.open(DECLARED)
    plays_dialog(desk, str(desk.folder / "明年.xlsx"))


def neither_of_two(desk):
    """Both open evaluations are refused, and so is choosing a file."""
    for name in ("甲.xlsx", "乙.xlsx"):
        desk.open(EVALUATED, name)
    one_form_and_cancelled(desk)
    desk.app.impl.answer = "no"


def never_saved_nor_copied(desk):
    """As in a host without SaveCopyAs."""

    def missing():
        raise AttributeError("SaveCopyAs")

    desk.unsaved(PLAIN).impl.state["native"] = {"SaveCopyAs": missing}


def several_declarations(desk):
    book = desk.open(DECLARED)
    book.sheets[0].copy(after=book.sheets[0])
    book.sheets.add("备注")


def empty_ledger(desk):
    desk.open(ledger_of(), "台账.xlsx")


def full_ledger(desk):
    desk.open(ledger_of("甲"), "台账.xlsx")


def broken_ledger(desk):
    book = desk.open(ledger_of("甲"), "台账.xlsx")
    book.sheets["项目"]["K2"].value = "很多"


def report_in_the_way(desk):
    """核对结果 lies open beside the two folders."""
    (desk.folder / "核对结果.xlsx").write_bytes(ledger_of())
    desk.app.books.open(desk.folder / "核对结果.xlsx")


def refusing(desk):
    """A typed-over evaluation, and 取消 to every question."""
    desk.open(PLAIN)
    desk.app.impl.answer = "cancel"


def two_copies_refused(desk):
    book = desk.open(DECLARED)
    for _ in range(2):
        desk.press("check")
    book.sheets[0].activate()
    desk.app.impl.answer = "cancel"


def two_templates_refused(desk):
    desk.open(DECLARED)
    for name in ("2023申报表", "2024申报表"):
        shutil.copy(catalogue.shipped_folder() / f"{name}.xlsx", desk.home)
    desk.app.impl.answer = "cancel"


NO_RESULTS = ("没有“核对结果”", "请先点“检查本表”或“核对两表”")
FAULTS = [  # the situation, the button, what is wrong, what to do
    (without_a_form, "evaluation", "没有读到申报表，没有生成自评表", "请打开填好的绩效目标申报表，再点一次"),
    (without_a_form, "batch", f"{NOTES}：当前工作簿不是台账", "请切换到台账再点；还没有的请点“打开台账”新建"),
    (without_a_form, "rescore", "没有读到自评表，没有改动", "请打开绩效自评表，再点一次"),
    (without_a_form, "reconcile", "没有申报表或自评表", "请"),
    (without_a_form, "check", "没有申报表或自评表", "请"),
    (without_a_form, "next", *NO_RESULTS),
    (without_a_form, "clear_marks", *NO_RESULTS),
    (without_a_form, "restore", f"“{NOTES}”还没有备份，没有打开什么", "点“重算得分”"),
    (read_only, "rescore", "只读的，改了存不回去，没有做任何事", "请另存一份，在新的一份上再点一次"),
    (read_only, "clear_marks", *NO_RESULTS),
    (read_only, "evaluation", "没有读到申报表", "请打开填好的绩效目标申报表"),
    (protected_sheet, "rescore", "这张工作表受保护，不能改写，没有做任何事", "请先撤销工作表保护，再点一次"),
    (protected_sheet, "clear_marks", *NO_RESULTS),
    (protected_structure, "check", f"{ODD}：工作簿的结构受保护，写不了“核对结果”，没有改动", "请先撤销保护，再点一次"),
    (protected_structure, "reconcile", f"{ODD}：工作簿的结构受保护，写不了“核对结果”，没有改动", "请先撤销保护"),
    (protected_results, "check", f"{ODD} 核对结果：这张工作表受保护，写不了“核对结果”，没有改动", "请先撤销保护"),
    (two_declarations, "reconcile", "没有打开的自评表", "请先打开要核对的自评表，再点一次"),
    (picks_no_form, "reconcile", "没有申报表或自评表", "请"),
    (picks_another_declaration, "reconcile", "明年.xlsx：这两个工作簿里没有自评表", "请打开对应的自评表再核对"),
    (one_form_and_cancelled, "reconcile", None, None),
    (neither_of_two, "reconcile", "和“甲.xlsx”核对吗？", "和“乙.xlsx”核对吗？"),
    (never_saved_nor_copied, "check", "还没有保存过，备份不了，没有做任何改动", "请先保存这个工作簿，再点一次"),
    (never_saved_nor_copied, "rescore", "还没有保存过，备份不了，没有做任何改动", "请先保存这个工作簿，再点一次"),
    (several_declarations, "evaluation", "这里有 2 张申报表", "请点到要用的那张申报表的工作表，再点一次"),
    (without_a_form, "resume", "没有可以接着做的", "请打开台账，点“批量生成”"),
    (without_a_form, "results", "还没有结果文件夹", "请打开台账，点“批量生成”"),
    (empty_ledger, "batch", "台账里还没有项目，没有生成", "请在“项目”表里每个项目填一行"),
    (full_ledger, "check", "台账.xlsx：这是台账，不是填好的表", "请点“批量生成”（次年点“批量自评”）先填成表"),
    (full_ledger, "reconcile", "台账.xlsx：这是台账，不是填好的表", "请点“批量生成”"),
    (full_ledger, "export_page", "台账.xlsx：这是台账，不是填好的表", "请点“批量生成”"),
    (full_ledger, "evaluation", "台账.xlsx：这是台账，不是填好的表", "请点“批量自评”"),
    (full_ledger, "rescore", "台账.xlsx：这是台账，不是填好的表", "请点“批量自评”生成"),
    (empty_ledger, "evaluate_many", "台账里没有申报表一类的项目", "请在“项目”表里每个项目填一行"),
    (broken_ledger, "evaluate_many", "台账有 1 处要改，没有生成自评表", "项目!K2"),
    (empty_ledger, "status", "没有读到申报表或自评表", "请"),
    (report_in_the_way, "reconcile_many", "上次的核对结果正开着，没有核对", "请保存并关闭它再点一次"),
    (empty_ledger, "export_pdf", "文件夹里没有申报表或自评表，没有导出", "请换一个文件夹再点一次"),
    (without_a_form, "evaluate_many", "没有读到申报表", "请"),
    (without_a_form, "export_page", "没有申报表或自评表", "请"),
    (two_copies_refused, "rules", "没有换", "吗？"),
    (refusing, "rescore", "没有改动。", "要改写吗？"),
    (two_copies_refused, "restore", "没有打开备份。", "打开"),
    (two_templates_refused, "new_other", "没有新建。", "吗？"),
]


@pytest.mark.parametrize(
    ("situation", "button", "wrong", "todo"), FAULTS, ids=[f"{fault[0].__name__}-{fault[1]}" for fault in FAULTS]
)
def test_fault_is_a_sentence_and_changes_nothing(desk, monkeypatch, situation, button, wrong, todo):
    situation(desk)
    if situation is two_templates_refused:
        monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(desk.home))
    desk.app.calculation, desk.app.enable_events = "manual", False  # not what it is left at by chance
    before, files, state = desk.looks(), desk.files(), desk.state()
    said = desk.press(button)
    if wrong is None:
        assert said == []
    else:
        assert wrong in "\n".join(said) and todo in "\n".join(said)
        assert all(is_plain(text) for text in said)
        assert len(said) == 1 or "吗？" in said[0], "one message, after the questions there were"
    after = desk.looks()
    assert {name: after[name] for name in before} == before
    assert desk.files() == files
    assert desk.state() == state
    assert bool(desk.codes) != (said[0] in IN_VBA if said else False), "what the VBA refuses starts no Python"


def test_another_project_is_told_and_no_figure_changes(desk):
    from .pressing import STRANGER, forms_in

    other, book = desk.open(STRANGER, "别的 =1.xlsx"), desk.open(DECLARED)
    before, disks = [forms_in(each) for each in (other, book)], {name: look[1] for name, look in desk.looks().items()}
    (said,) = desk.press("reconcile")
    assert "无法判定" in said and is_plain(said)
    rows = book.sheets[RESULTS].range("A5").expand().value
    assert any("不像同一个项目" in str(cell) for row in rows for cell in row)
    assert [forms_in(each) for each in (other, book)] == before
    assert {name: look[1] for name, look in desk.looks().items()} == disks


# ---- a command that goes wrong, whichever it is


def disturbs(error):
    """An action that has upset Excel and a sheet of its own before it fails."""

    def broken(book, *arguments):
        app = book.app
        app.screen_updating, app.calculation, app.enable_events, app.status_bar = False, "manual", False, "半途"
        raise error

    return broken


ADVISED = XladdinError("没有读到项目名称", Place(ODD, "申报表", "C3"), "请在 C3 填写项目名称，再点一次")
FAILURES = [  # what is raised, what is said of it
    (ADVISED, f"{ODD} 申报表!C3：没有读到项目名称。请在 C3 填写项目名称，再点一次"),
    (RuntimeError("secret detail of 计生"), f"{BUG}，没有做完；工作簿里没有保存的内容都还在。"),
]


ONE_OF_EACH = {command.needs: command for command in COMMANDS}.values()  # all go through bridge.run


@pytest.mark.parametrize("command", ONE_OF_EACH, ids=lambda command: command.id)
@pytest.mark.parametrize(("error", "words"), FAILURES, ids=["told", "bug"])
def test_command_that_fails_is_told_and_leaves_excel_as_it_was(desk, monkeypatch, command, error, words):
    desk.open(PLAIN)
    replace_function(monkeypatch, command, disturbs(error))
    before, state = desk.looks(), desk.state()
    (said,) = desk.press(command.id, bug=True)
    logs = list(state_folder().glob("*.log"))
    if error is ADVISED:
        assert (said, logs) == (words, [])
    else:
        (log,) = logs
        assert said.startswith(words) and f"详情记在 {log}，请把它发给维护者" in said
        assert "Traceback" in log.read_text("utf-8") and str(error) in log.read_text("utf-8")
    assert is_plain(said) and "secret" not in said
    assert (desk.looks(), desk.state()) == (before, state)
    assert desk.app.status_bar is False and list(desk.files()) == [ODD]
