"""Every button on a workbook with a name to trip over, never saved, read-only or protected, where it can do its work.

Buttons that do the same with another argument are pressed once; a name that is a formula is test_every_button's.
"""

from __future__ import annotations

import shutil

import pytest

from xladdin.excel.actions.exporting import export_page
from xladdin.excel.actions.safety import show_help
from xladdin.excel.addin.commands import COMMANDS
from xladdin.form import catalogue

from .pressing import DECLARED, EVALUATED, PLAIN, RESULTS, digest, forms_in, is_plain, ledger_of, names

WORKBOOKS = {  # how the workbook the button is pressed on came about; the last two may not be changed
    "name of signs": lambda desk, what: desk.open(what, "'申报'&(2) #%.xlsx"),
    "never saved": lambda desk, what: desk.unsaved(what),
    "read-only": lambda desk, what: desk.open(what, read_only=True),
    "protected": lambda desk, what: protected(desk.open(what)),
}


def protected(book):
    for sheet in book.sheets:
        sheet.api.Protect("密")
    return book


def checked(desk, book):
    """One more step before the button: there are findings, and copies."""
    desk.press("check")
    book.sheets[0].activate()


def with_the_other(desk, book):
    desk.open(DECLARED, "另一张 =表'.xlsx")
    book.activate()


def own_template(desk, book):
    shutil.copy(catalogue.shipped_folder() / "2024申报表.xlsx", desk.home)


LEDGER = ledger_of("甲", "乙")
WORKS = {  # what stands in the workbook, what is done before, what is said
    "new_2020": (DECLARED, None, "已新建空白的2020目标表"),
    "new_2021": (DECLARED, None, "已新建空白的2021申报表"),
    "new_2023": (DECLARED, None, "已新建空白的2023申报表"),
    "new_2024": (DECLARED, None, "已新建空白的2024申报表"),
    "new_other": (DECLARED, own_template, "已新建空白的2024申报表"),
    "evaluation": (DECLARED, None, "照抄 8 个指标"),
    "ledger": (DECLARED, None, "已新建一份空白的"),
    "import": (DECLARED, None, "没有导入"),
    "merge": (DECLARED, None, "没有合并"),
    "split": (LEDGER, None, "已按“实施单位”拆成 1 份"),
    "next_year": (DECLARED, None, "没有结转"),
    "batch": (LEDGER, None, "生成 2 个工作簿"),
    "resume": (DECLARED, None, "没有可以接着做的"),
    "results": (DECLARED, None, "还没有结果文件夹"),
    "evaluate_many": (LEDGER, None, "生成 2 个工作簿"),
    "reconcile_many": (DECLARED, None, "没有读到自评表"),
    "status": (DECLARED, None, "1 个项目：未交 1。"),
    "export_pdf": (DECLARED, None, "已导出 1 份 PDF"),
    "print_all": (DECLARED, None, "已合成一本，1 张表"),
    "export_page": (DECLARED, None, "2 处错误"),
    "rules": (DECLARED, None, "以后检查、核对"),
    "summary": (DECLARED, None, "已汇总并打开"),
    "rescore": (PLAIN, None, "总分：99.73"),
    "reconcile": (EVALUATED, with_the_other, "10 处错误"),
    "check": (DECLARED, None, "2 处错误"),
    "next": (DECLARED, checked, None),
    "clear_marks": (DECLARED, checked, "已还原"),
    "restore": (DECLARED, checked, "“核对”之前"),
    "template": (DECLARED, None, "已把空表做成申报表的模板"),
    "help": (DECLARED, None, None),
    "doctor": (DECLARED, None, "体检："),
    "selftest": (DECLARED, None, "项和预期一样"),
}
# how many files or folders each makes beside the workbook
MADE = dict.fromkeys(
    ("new_2020", "new_2021", "new_2023", "new_2024", "new_other", "evaluation", "ledger", "batch", "evaluate_many",
     "summary", "restore", "export_page", "split"),
    1,
) | {"status": 2}  # fmt: skip


def test_every_button_is_here():
    assert sorted(WORKS) == sorted(command.id for command in COMMANDS)


ONCE = {(command.function, bool(command.arguments)): command for command in COMMANDS}.values()
AMONG_OTHERS = ("summary", "status", "reconcile_many", "export_pdf", "print_all")  # what looks at a folder
CASES = [
    (how, command.id)
    for command in ONCE
    for how in WORKBOOKS
    if command.id not in ("rescore", "clear_marks") or how not in ("read-only", "protected")  # see test_faults
    if command.id not in AMONG_OTHERS or how != "never saved"  # nothing lies among the documents
]


@pytest.mark.parametrize(("how", "command_id"), CASES)
def test_button_works_on_whatever_workbook(desk, monkeypatch, how, command_id):
    for opens in (show_help, export_page):
        monkeypatch.setattr(opens, "__defaults__", (lambda url: True,))
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(desk.home))
    what, first, told = WORKS[command_id]
    book = WORKBOOKS[how](desk, what)
    called = book.name
    if first:
        first(desk, book)
    before, disk, there = forms_in(book), digest(book.fullname), set(desk.files())
    said = desk.press(command_id)
    if told is None:
        assert said == []
    else:
        assert told in said[-1] and all(is_plain(text) for text in said)
    if command_id == "rescore":
        assert forms_in(book) != before
    else:
        assert forms_in(book) == before
    assert (book.name, digest(book.fullname)) == (called, disk)
    new = set(desk.files()) - there if disk else set(names(desk.home / "Documents"))
    assert len(new) == MADE.get(command_id, 0), "beside the workbook, or among the documents"
    if command_id in ("check", "reconcile"):
        assert RESULTS in [sheet.name for sheet in book.sheets]
        assert (f"这些表受保护，没有涂色：{called}" in said[-1]) == (how == "protected")
        assert (f"{called} 是只读的，核对结果和标记要留下请另存。" in said[-1]) == (how == "read-only")
    if command_id == "next":
        assert (desk.app.books.active.name, desk.app.selection.sheet.name) == (called, book.sheets[0].name)
