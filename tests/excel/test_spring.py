"""Spring by buttons alone: declarations and evaluations from the open ledger, chased, cross-checked, answered, done."""

from __future__ import annotations

from dataclasses import replace

import openpyxl

import xladdin
from tests.test_reviewing import clean
from xladdin.ledger import write_ledger

PROJECTS = ("甲 =1", "乙/二", "丙")
PLANNED = ("91", "3000", "100%", "10000", "800", "93%", "95%")


def hand_in(path, actuals=PLANNED, **change) -> None:
    """A form filled in, as planned unless told otherwise, and saved where it lies."""
    (blank,) = xladdin.read(path)
    budget = tuple(replace(line, budget=line.initial, executed=line.initial) for line in blank.budget)
    rows = tuple(replace(row, actual=actual) for row, actual in zip(blank.indicators, actuals, strict=True))
    done = replace(blank, budget=budget, indicators=rows, actual_result="都按计划办了。", source=None)
    path.write_bytes(xladdin.fill(replace(done, **change)))


def test_from_the_ledger_to_all_checked(desk):
    ledger = desk.open(write_ledger(None, [clean(project)[0] for project in PROJECTS]), "台账.xlsx")

    def press(command_id: str) -> str:
        ledger.activate()
        said = desk.press(command_id)[-1]
        for book in [book for book in desk.app.books if book.name != ledger.name]:
            book.close()
        return said

    assert "生成 3 个工作簿" in press("batch")
    assert "3 个项目：未交 3。" in press("status")
    assert "生成 3 个工作簿" in press("evaluate_many")
    forms = {xladdin.read(path)[0].project: path for path in (desk.folder / "台账 自评").glob("*.xlsx")}
    assert forms.keys() == set(PROJECTS)
    assert "3 个项目：未填 3。" in press("status")
    hand_in(forms["甲 =1"])
    (blank,) = xladdin.read(forms["丙"])
    hand_in(forms["丙"], indicators=blank.indicators)
    assert "3 个项目：未填 1，填了一半 1，已填 1。" in press("status")
    assert "其中 2 个项目有错误" in press("reconcile_many")
    assert "3 个项目：未填 1，填了一半 1，已核对 1。" in press("status")
    for project in ("乙/二", "丙"):
        hand_in(forms[project])
    assert "3 个项目：已核对 1，需重新核对 2。" in press("status")
    assert "没有发现错误" in press("reconcile_many")
    said = press("status")
    assert said.startswith("3 个项目全部已核对。") and "台账里有 3 个项目" in said
    shown = openpyxl.load_workbook(desk.folder / "收表进度.xlsx").worksheets[0]
    assert "3 个项目全部已核对。" in [row[0].value for row in shown]
    assert "没有生成新的工作簿" in press("evaluate_many"), "what was filled in stays"
    assert [xladdin.read(path)[0].actual_result for path in forms.values()] == ["都按计划办了。"] * 3
    said = press("summary")
    assert f"已汇总并打开，存在 {desk.folder / '汇总.xlsx'}" in said
    assert "申报表 3 张、自评表 3 张" in said, "of the ledger both folders are summed up"
    assert f"已导出 6 份 PDF，在 {desk.folder / '台账 PDF'}" in press("export_pdf")
