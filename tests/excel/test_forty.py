"""The year of three colleagues and forty projects: their ledgers joined by command, then all of it by buttons."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl

import xladdin
from tests.test_reviewing import clean
from xladdin.cli.main import main
from xladdin.ledger import write_ledger
from xladdin.report.rows import SHEET

from .test_spring import hand_in

CLERKS = {"王芳": range(15), "李建国": range(14, 28), "赵敏": range(28, 40)}  # 项目14 is in two ledgers
PROJECTS = [f"项目{number:02}" for number in range(40)]
LOWERED, HALF, LATE = PROJECTS[3], PROJECTS[24], PROJECTS[25:]


def ledger_of(clerk: str, folder: Path) -> str:
    """Three indicators a project; 经办人 filled in, so that of 项目14 two ledgers say different things."""
    declared = clean("")[0]
    short = replace(declared, indicators=tuple(declared.indicators[number] for number in (0, 3, 5)))
    path = folder / f"{clerk}.xlsx"
    write_ledger(path, [replace(short, project=PROJECTS[number]) for number in CLERKS[clerk]])
    book = openpyxl.load_workbook(path)
    sheet = book["项目"]
    column = next(cell.column for cell in sheet[1] if cell.value == "经办人")
    for number, _ in enumerate(CLERKS[clerk], start=2):
        sheet.cell(number, column).value = clerk
    book.save(path)
    return str(path)


def answer(report: Path, project: str, desk) -> None:
    """The clerk writes beside the error of a project, saves, closes."""
    book = desk.app.books.open(report)
    sheet = book.sheets[SHEET]
    table = sheet.used_range.value
    at = next(number for number, row in enumerate(table) if "处理结果" in row)
    heads = table[at]
    row = next(
        number
        for number, row in enumerate(table)
        if number > at and (row[heads.index("级别")], row[heads.index("项目")]) == ("错误", project)
    )
    for heading, text in (("处理结果", "属实"), ("说明", "年中批准调减")):
        sheet[row, heads.index(heading)].value = text
    book.save()
    book.close()


def test_three_ledgers_one_year(desk, capsys, monkeypatch):
    joined = desk.folder / "台账.xlsx"
    code = main(["ledger", str(joined), "--merge", *(ledger_of(clerk, desk.folder) for clerk in CLERKS)])
    said = capsys.readouterr()
    assert code == 1 and "40 行项目" in said.out and "“项目14”的经办人" in said.err
    ledger = desk.app.books.open(joined)
    ledger.sheets["冲突"].delete()  # decided: as the first ledger says

    def press(command_id: str) -> str:
        ledger.activate()
        said = desk.press(command_id)[-1]
        for book in [book for book in desk.app.books if book.name != ledger.name]:
            book.close()
        return said

    assert "生成 40 个工作簿" in press("batch")
    assert "生成 40 个工作簿" in press("evaluate_many")
    forms = {xladdin.read(path)[0].project: path for path in (desk.folder / "台账 自评").glob("*.xlsx")}
    assert sorted(forms) == PROJECTS
    full = ("91", "10000", "95%")
    for project in PROJECTS[:24]:
        hand_in(forms[project], full)
    hand_in(forms[HALF], ("91", None, "95%"))
    first, *others = xladdin.read(forms[LOWERED])[0].indicators
    hand_in(forms[LOWERED], full, indicators=(replace(first, target="=90场"), *others))

    assert "40 个项目：未填 15，填了一半 1，已填 23，有错误 1。" in press("status")
    progress = openpyxl.load_workbook(desk.folder / "收表进度.xlsx")["按经办人"]
    due = {row[0]: row[1:3] for row in progress.iter_rows(values_only=True) if row[0] in CLERKS}
    assert due == {"王芳": (15, 15), "李建国": (13, 13), "赵敏": (12, 12)}, "not checked yet: all are due"

    assert "核对了 40 个项目，其中 17 个项目有错误" in press("reconcile_many")
    report = desk.folder / "核对结果.xlsx"
    answer(report, LOWERED, desk)
    for project in (HALF, *LATE):
        hand_in(forms[project], full)
    assert "核对了 40 个项目，其中 1 个项目有错误" in press("reconcile_many")
    (kept,) = (row for row in openpyxl.load_workbook(report)[SHEET].iter_rows(values_only=True) if "属实" in row)
    assert "年中批准调减" in kept and "仍在" in kept and LOWERED in kept
    assert press("status").startswith("40 个项目全部已核对。")

    assert "申报表 40 张、自评表 40 张" in press("summary")
    chosen = desk.folder / "要打印的"
    chosen.mkdir()
    for project in (LOWERED, HALF):
        shutil.copy(forms[project], chosen)
    monkeypatch.setattr("xladdin.excel.host.pick_folder", lambda app, start: chosen)
    desk.app.impl.answer = "no"
    assert f"已导出 2 份 PDF，在 {desk.folder / '要打印的 PDF'}" in press("export_pdf")
