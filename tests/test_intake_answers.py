"""Answers in 待核 that cannot be carried out are told and stay; questions of a known project are asked in its unit."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.intake_cases import DECLARED, answer, form_file, sheets
from xladdin import Funds
from xladdin.intake import import_files
from xladdin.ledger import read_ledger

OTHER = {"某区民政局": "某区卫健委", "≥95%": "≥97%", "助餐人次": "配餐人次"}  # told by the second file
ANSWERS = ("某区卫健委", "≥97%", "加入台账")


@pytest.fixture
def asked(tmp_path) -> Path:
    """A ledger whose 待核 asks for a department, a target and an indicator to be added, each answered."""
    path = tmp_path / "台账.xlsx"
    for folder, changed in (("甲", {}), ("乙", OTHER)):
        import_files([form_file(tmp_path / folder, DECLARED, changed=changed)], path)
    answers = iter(ANSWERS)
    answer(path, lambda row: next(answers))
    return path


def changed(path: Path, change) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def column(sheet, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def renamed(book) -> None:
    for name in ("项目", "指标"):
        for (cell,) in book[name].iter_rows(
            2, min_col=column(book[name], "项目名称"), max_col=column(book[name], "项目名称")
        ):
            cell.value = cell.value and "改了名的项目"


def in_error(book) -> None:
    book["项目"].cell(2, column(book["项目"], "年度资金申请总额")).value = "五十万"


def without_the_row(book) -> None:
    sheet = book["指标"]
    at = next(row for row in range(2, 9) if sheet.cell(row, column(sheet, "三级指标")).value == "合格率")
    sheet.delete_rows(at)


def misspelt(book) -> None:
    book["待核"].cell(4, column(book["待核"], "采用")).value = "加"


def twice_and_apart(book) -> None:
    sheet = book["待核"]
    sheet.append([cell.value for cell in sheet[2]])
    sheet.cell(5, column(sheet, "采用")).value = "某区教育局"


def tampered(book) -> None:
    of = json.loads(book["待核"].cell(2, column(book["待核"], "去处")).value)["of"]
    book["待核"].cell(2, column(book["待核"], "去处")).value = json.dumps({"of": of, "sheet": "指标", "add": [1]})


STUCK = {
    renamed: (2, 3, 4), in_error: (2, 3, 4), without_the_row: (3,), misspelt: (4,), twice_and_apart: (2, 5), tampered: (),
}  # fmt: skip


@pytest.mark.parametrize("change, stuck", STUCK.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_what_cannot_be_carried_out_is_not_called_done(asked, run, change, stuck):
    changed(asked, change)
    source = form_file(asked.parent / "丙", replace(DECLARED, project="不相干", year=2023))
    before = {name: rows for name, rows in sheets(asked).items() if name == "待核"}["待核"]
    code, out, err = run("import", source, "--ledger", asked)
    assert "意外" not in err
    assert code == (1 if stuck else 0) and all(str(row) in out for row in stuck)
    assert bool(stuck) == ("没有用上" in out)
    for number, (was, row) in enumerate(zip(before, sheets(asked)["待核"], strict=True), 2):
        left = number in stuck or change is tampered and number == 2
        assert row["去处"] == (was["去处"] if left else "done " + was["去处"])


def test_a_row_copied_is_carried_out_once(asked, tmp_path):
    def copied(book) -> None:
        book["待核"].append([cell.value for cell in book["待核"][4]])

    changed(asked, copied)
    done = import_files([tmp_path / "甲"], asked)
    assert (done.answered, done.stuck) == (3, ())
    (record,) = read_ledger(asked).records
    assert [row.name for row in record.indicators].count("配餐人次") == 1


def test_what_a_known_project_lacks_is_asked_in_the_unit_of_the_ledger(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    import_files([form_file(tmp_path / "甲", replace(DECLARED, funds=Funds()))], path)

    def without_form(book) -> None:
        for name in ("项目", "指标"):
            for row in range(2, book[name].max_row + 1):
                book[name].cell(row, column(book[name], "表式")).value = None

    changed(path, without_form)
    funds = Funds(annual_total=Decimal(50), annual_fiscal=Decimal(50))
    told = replace(DECLARED, form="2023申报表", money_unit="万元", funds=funds)
    source = form_file(tmp_path / "乙", told, changed={50: "约50"})
    code, out, _ = run("import", source, "--ledger", path)
    assert code == 1 and "2 处" in out
    rows = sheets(path)["待核"]
    assert [(row["字段"], row["读到的"], row["建议"]) for row in rows] == [
        ("年度资金申请总额", "约50", "500000"),
        ("当年财政拨款", "约50", "500000"),
    ]
    assert all("万元" in row["原因"] and "台账的元" in row["原因"] for row in rows)
    answer(path)
    import_files([source], path)
    (record,) = read_ledger(path).records
    assert (record.money_unit, record.funds.annual_total) == ("元", 500000)


@pytest.mark.parametrize("year, said", [(2099, "没有结转"), (2100, "“待核”表里有 1 处"), (9999, "“待核”表里有 1 处")])
def test_years_that_no_ledger_takes(tmp_path, run, year, said):
    path = tmp_path / "台账.xlsx"
    code, out, err = run(
        "import", form_file(tmp_path / "表", replace(DECLARED, year=year)), "--ledger", path, "--next-year"
    )
    assert (code, "意外" in err) == (1, False) and said in out
    read = read_ledger(path)
    assert all("待核" in one.what for one in read.mistakes) and [record.year for record in read.records] == [2099] * (
        year == 2099
    )
