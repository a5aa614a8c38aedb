"""xladdin import --next-year: projects carried over, with last year's results beside their targets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import openpyxl

import xladdin
from tests.intake_cases import DECLARED, EVALUATED, UNSURE, answer, form_file, record_in, sheets
from xladdin.ledger import write_ledger


def test_projects_are_carried_over(tmp_path, run):
    leap = replace(DECLARED, start=dt.date(2024, 2, 29))
    for record in (leap, EVALUATED):
        form_file(tmp_path / "表", record)
    path = tmp_path / "台账.xlsx"
    code, out, _ = run("import", tmp_path / "表", "--ledger", path, "--next-year")
    assert code == 0 and "2 个指标值比上年实际完成的要求低" in out
    now = record_in(path, year=2025)
    assert (now.start, now.end, now.funds, now.indicators) == (
        dt.date(2025, 2, 28), dt.date(2025, 12, 31), DECLARED.funds, DECLARED.indicators,
    )  # fmt: skip
    newest = max(
        (one for one in xladdin.forms() if one.kind == "declaration" and one.years[0] <= 2025 <= one.years[1]),
        key=lambda one: one.years,
    )
    assert now.form == newest.name
    rows = [row for row in sheets(path)["指标"] if row["年度"] == 2025]
    assert [row["上年实际完成值"] for row in rows] == ["95", "95%", "97%"]
    book = openpyxl.load_workbook(path)["指标"]
    lower = {book.cell(number, 6).value for number in range(2, book.max_row + 1) if book.cell(number, 7).fill.fill_type}
    assert lower == {"助餐人次", "满意度"}
    before = path.read_bytes()
    code, out, _ = run("import", tmp_path / "表", "--ledger", path, "--next-year")
    assert code == 0 and path.read_bytes() == before


def test_results_are_carried_over_whichever_file_told_them(tmp_path, run):
    """The blank that was sent out lies beside the filled one; and 经办人 stays with the project."""
    path = tmp_path / "台账.xlsx"
    write_ledger(path, [DECLARED])
    book = openpyxl.load_workbook(path)
    sheet = book["项目"]
    handler = next(cell.column for cell in sheet[1] if cell.value == "经办人")
    sheet.cell(2, handler).value = "张三"
    book.save(path)
    blank = replace(
        EVALUATED,
        actual_result=None,
        budget=tuple(replace(line, budget=None, executed=None) for line in EVALUATED.budget),
        indicators=tuple(replace(row, actual=None) for row in EVALUATED.indicators),
    )
    form_file(tmp_path / "表", blank, "1.xlsx")
    form_file(tmp_path / "表", EVALUATED, "2 张三改.xlsx")
    assert run("import", tmp_path / "表", "--ledger", path, "--next-year")[0] == 0
    rows = [row for row in sheets(path)["指标"] if row["年度"] == 2025]
    assert [row["上年实际完成值"] for row in rows] == ["95", "95%", "97%"]
    assert {row.get("经办人") for row in sheets(path)["项目"] if row.get("项目名称")} == {"张三"}


def test_an_evaluation_alone_is_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    run("import", form_file(tmp_path, EVALUATED), "--ledger", path, "--next-year")
    now = record_in(path, year=2025)
    assert now.funds.annual_total == 500000 and [one.target for one in now.indicators] == ["=91场", "≥95%", "≥90%"]


def test_what_waits_is_not_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    source = form_file(tmp_path, DECLARED, changed=UNSURE)
    code, out, _ = run("import", source, "--ledger", path, "--next-year")
    assert code == 1 and "没有结转" in out
    answer(path, lambda row: "600000")
    assert run("import", source, "--ledger", path, "--next-year")[0] == 0
    assert record_in(path, year=2025).funds.annual_total == 600000


def test_two_declarations_that_disagree_are_asked_before_they_are_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    changed = replace(DECLARED, indicators=(replace(DECLARED.indicators[0], target="=80场"), *DECLARED.indicators[1:]))
    files = [form_file(tmp_path, one, f"{name}.xlsx") for name, one in (("甲", DECLARED), ("乙", changed))]
    code, out, _ = run("import", *files, "--ledger", path, "--next-year")
    assert code == 1 and "还有待核的，没有结转" in out and "结转成" not in out
    ((row),) = sheets(path)["待核"]
    assert row["读到的"] == "=80场" and DECLARED.indicators[0].target in row["原因"]
    answer(path, lambda row: "=80场")
    assert run("import", *files, "--ledger", path, "--next-year")[0] == 0
    assert record_in(path, year=2025).indicators[0].target == "=80场"


def test_two_declarations_in_forms_of_their_own_are_told(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    other = next(one.name for one in xladdin.forms() if one.kind == "declaration" and one.name != DECLARED.form)
    goal = "另一份申报里写的目标。"
    files = [form_file(tmp_path, DECLARED, "甲.xlsx")]
    files += [form_file(tmp_path, replace(DECLARED, form=other, annual_goal=goal), "乙.xlsx")]
    code, out, _ = run("import", *files, "--ledger", path, "--next-year")
    assert code == 1 and "内容不同的表" in out and "结转成" not in out


def test_what_a_second_declaration_adds_is_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    files = [
        form_file(tmp_path, replace(DECLARED, annual_goal=None), "甲.xlsx"),
        form_file(tmp_path, DECLARED, "乙.xlsx"),
    ]
    assert run("import", *files, "--ledger", path, "--next-year")[0] == 0
    assert record_in(path, year=2025).annual_goal == DECLARED.annual_goal
