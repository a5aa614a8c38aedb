"""xladdin import: forms into a ledger; what is not certain is asked in 待核, answered there, and used."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xladdin
from tests.intake_cases import DECLARED, EVALUATED, answer, form_file, named, sheets
from tests.package_checks import check_workbook, members
from tests.seeds import SHARED
from tests.test_documents import expected, facts, shown
from tests.test_traps import FULL, HEAD, NAMES, grid, pdf, titled
from xladdin import read
from xladdin.domain.numbers import convert
from xladdin.intake import import_files
from xladdin.ledger import read_ledger, write_ledger

UNSURE = {500000: "约五十万"}  # what two cells of the declaration say: nobody can know how much that is
HEADINGS = ("文件", "位置", "项目", "字段", "读到的", "建议", "采用", "原件")


def record_in(path: Path, kind: str = "declaration", **wanted):
    (found,) = [
        one
        for one in read_ledger(path).records
        if one.kind == kind and all(getattr(one, name) == value for name, value in wanted.items())
    ]
    return found


def test_forms_become_a_ledger_and_forms_again(tmp_path, run):
    for record in (DECLARED, EVALUATED):
        form_file(tmp_path / "表", record)
    path = tmp_path / "台账.xlsx"
    code, out, _ = run("import", tmp_path / "表", "--ledger", path)
    assert code == 0 and "待核" not in out
    check_workbook(path)
    assert "待核" not in openpyxl.load_workbook(path).sheetnames
    code, *_ = run("fill", path, "--out", tmp_path / "再填")
    assert code == 0
    again = sorted(
        (record for file in (tmp_path / "再填").glob("*.xlsx") for record in read(file)), key=lambda one: one.kind
    )
    first = sorted(
        (record for file in (tmp_path / "表").glob("*.xlsx") for record in read(file)), key=lambda one: one.kind
    )
    assert again == first


@pytest.mark.parametrize("start", ["empty", "filled"])
def test_imported_rows_are_as_tall_as_their_texts(tmp_path, run, start):
    long = "改造排水管网，完成检查井维修，保障汛期排水通畅，群众满意。" * 6
    path = tmp_path / "台账.xlsx"
    if start == "filled":
        write_ledger(path, [replace(DECLARED, project="早先的项目")])
    for number, goal in enumerate((long, "短")):
        form_file(tmp_path / "表", replace(DECLARED, project=f"项目{number}", annual_goal=goal))
    run("import", tmp_path / "表", "--ledger", path)
    sheet = openpyxl.load_workbook(path)["项目"]
    tall = {row[2].value: sheet.row_dimensions[row[2].row].height or 15 for row in sheet.iter_rows(min_row=2)}
    assert tall["项目0"] > 80 and tall["项目1"] < 40


def test_what_is_not_certain_is_asked_and_stays_blank(tmp_path, run):
    source = form_file(tmp_path / "表", DECLARED, changed=UNSURE)
    path = tmp_path / "台账.xlsx"
    code, out, _ = run("import", source, "--ledger", path)
    assert code == 1 and "2 处" in out
    check_workbook(path)
    rows = sheets(path)["待核"]
    assert [head.value for head in openpyxl.load_workbook(path)["待核"][1]][:8] == list(HEADINGS)
    assert [(row["文件"], row["项目"], row["字段"], row["读到的"], row.get("采用")) for row in rows] == [
        (source.name, "社区养老服务", "年度资金申请总额", "约五十万", None),
        (source.name, "社区养老服务", "当年财政拨款", "约五十万", None),
    ]
    assert all(row["位置"].partition("!")[2] and "看不懂" in row["原因"] for row in rows)
    read_back = read_ledger(path)
    assert not read_back.mistakes and len(read_back.notes) == 2
    assert record_in(path).funds.annual_total is None
    code, _, err = run("fill", path, "--out", tmp_path / "出")
    assert code == 0 and "待核" in err
    (form,) = read(next((tmp_path / "出").glob("*.xlsx")))
    assert form.funds.annual_total is None and form.indicators == DECLARED.indicators


ANSWERS = {
    "a figure typed": ("500000", Decimal(500000)),
    "grouped": ("500,000", Decimal(500000)),
    "with its unit": ("50万元", Decimal(500000)),
    "nothing": ("（空着）", None),
}


@pytest.mark.parametrize("typed, wanted", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_takes_effect_at_once_and_is_carried_out(tmp_path, run, typed, wanted):
    form_file(tmp_path / "表", DECLARED, changed=UNSURE)
    path = tmp_path / "台账.xlsx"
    run("import", tmp_path / "表", "--ledger", path)
    answer(path, lambda row: typed)
    assert record_in(path).funds.annual_total == wanted
    assert not [note for note in read_ledger(path).notes if "待核" in note.what]
    code, out, _ = run("import", tmp_path / "表", "--ledger", path)
    assert code == 0 and "2 处" in out
    assert sheets(path)["项目"][0].get("年度资金申请总额") not in ("待核1",)
    assert record_in(path).funds.annual_total == wanted
    before = path.read_bytes()
    assert run("import", tmp_path / "表", "--ledger", path)[0] == 0
    assert path.read_bytes() == before


def test_typing_over_the_cell_answers_too(tmp_path, run):
    form_file(tmp_path / "表", DECLARED, changed=UNSURE)
    path = tmp_path / "台账.xlsx"
    run("import", tmp_path / "表", "--ledger", path)
    book = openpyxl.load_workbook(path)
    for row in book["项目"].iter_rows(min_row=2):
        for cell in row:
            if str(cell.value).startswith("待核"):
                cell.value = 7
    book.save(path)
    code, *_ = run("import", tmp_path / "表", "--ledger", path)
    assert code == 0 and record_in(path).funds.annual_total == 7


def test_sorting_the_ledger_loses_no_answer(tmp_path, run):
    """A cell waits by its number, wherever it stands and whatever stands beside it."""
    form_file(tmp_path / "表", DECLARED, changed={"助餐人次": "=NA()", "≥95%": "#N/A"})
    path = tmp_path / "台账.xlsx"
    run("import", tmp_path / "表", "--ledger", path)
    answer(path, lambda row: {"三级指标": "就餐人次", "指标值": "≥96%"}[row["字段"].rpartition("的")[2]])
    book = openpyxl.load_workbook(path)
    for name in ("指标", "待核"):
        sheet = book[name]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(rows[::-1], 2):
            for at, value in enumerate(row, 1):
                sheet.cell(number, at).value = value
                if isinstance(value, str):
                    sheet.cell(number, at).data_type = "s"
    book.save(path)
    found = {(one.name, one.target) for one in record_in(path).indicators}
    assert found == {("就餐人次", "=91场"), ("合格率", "≥96%"), ("满意度", "≥90%")}


# ---- a project that is there already


def test_another_file_adds_what_is_missing_and_asks_where_it_differs(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    run("import", form_file(tmp_path, DECLARED, "一.xlsx"), "--ledger", path)
    lines = (
        replace(DECLARED.indicators[0], target="=100场"),
        *DECLARED.indicators[1:],
        replace(DECLARED.indicators[2], name="投诉率"),
    )
    other = replace(DECLARED, overall_goal="三年目标", annual_goal="别的目标", indicators=lines, form="2023申报表")
    other = replace(other, form="2024申报表")
    before = record_in(path)
    code, out, _ = run("import", form_file(tmp_path, other, "二.xlsx"), "--ledger", path)
    assert code == 1
    rows = sheets(path)["待核"]
    assert [(row["字段"], row["读到的"], row["建议"]) for row in rows] == [
        ("年度总体目标", "别的目标", "为老年人提供助餐服务"),
        ("第 1 个指标“助餐人次”的指标值", "=100场", "=91场"),
        ("第 4 个指标", "满意度指标／服务对象满意度指标／投诉率／≥90%", "加入台账"),
    ]
    assert record_in(path) == replace(before, overall_goal=record_in(path).overall_goal)
    assert len([note for note in read_ledger(path).notes if "没有采用" in note.what]) == 3
    answer(path, lambda row: {"年度总体目标": "别的目标", "第 4 个指标": "加入台账"}.get(row["字段"], row["建议"]))
    for _ in range(2):  # as it is answered, and when the next import has carried it out
        now = record_in(path)
        assert now.annual_goal == "别的目标" and now.indicators[0].target == "=91场"
        assert [one.name for one in now.indicators] == ["助餐人次", "合格率", "满意度", "投诉率"]
        assert run("import", tmp_path / "二.xlsx", "--ledger", path)[0] == 0
    book = openpyxl.load_workbook(path)
    book["指标"]["G2"].value, book["指标"]["G2"].data_type = "=88场", "s"
    book.save(path)
    assert run("import", tmp_path, "--ledger", path)[0] == 0
    assert record_in(path).indicators[0].target == "=88场"


def test_what_the_clerk_typed_is_never_overwritten(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    source = form_file(tmp_path / "表", DECLARED)
    run("import", source, "--ledger", path)
    book = openpyxl.load_workbook(path)
    book["项目"]["F2"] = "改过的主管部门"
    book["指标"].delete_rows(3)
    book.save(path)
    before = path.read_bytes()
    code, out, _ = run("import", source, "--ledger", path)
    assert code == 0 and "没有改动" in out and path.read_bytes() == before


def test_a_deleted_project_comes_back(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    source = form_file(tmp_path / "表", DECLARED)
    run("import", source, "--ledger", path)
    book = openpyxl.load_workbook(path)
    for name in ("项目", "指标"):
        book[name].delete_rows(2, 9)
    book.save(path)
    run("import", source, "--ledger", path)
    assert record_in(path).indicators == DECLARED.indicators


def test_amounts_in_another_unit_are_no_difference(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    run("import", form_file(tmp_path, DECLARED, "一.xlsx"), "--ledger", path)
    funds = replace(DECLARED.funds, annual_total=Decimal(50), annual_fiscal=Decimal(50))
    other = replace(DECLARED, money_unit="万元", funds=funds, form="2023申报表")
    code, out, _ = run("import", form_file(tmp_path, other, "二.xlsx"), "--ledger", path)
    assert code == 0, out


def test_a_unit_nobody_wrote_is_asked_and_the_amounts_wait(tmp_path, run):
    body = pdf(titled(grid([*HEAD, ["年度资金总额", "50", "其中：财政拨款", "50"], NAMES, *FULL])))
    (tmp_path / "表.pdf").write_bytes(body)
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "表.pdf", "--ledger", path)[0] == 1
    (row,) = sheets(path)["待核"]
    assert (row["字段"], row["建议1"], row["建议2"]) == ("金额单位", "元", "万元")
    assert record_in(path).funds.annual_total is None
    answer(path, lambda row: "万元")
    found = record_in(path)
    assert (found.funds.annual_total, found.money_unit) == (50, "万元")


def test_a_pdf_is_shown_where_it_is_asked(tmp_path, run):
    body = pdf(titled(grid([*HEAD, ["年度资金总额", "约五十万元", "其中：财政拨款", "50"], NAMES, *FULL])))
    (tmp_path / "表 一.pdf").write_bytes(body)
    path = tmp_path / "账" / "台账.xlsx"
    run("import", tmp_path / "表 一.pdf", "--ledger", path)
    check_workbook(path)
    parts = members(path.read_bytes())
    pictures = [name for name, data in parts.items() if data[:8] == b"\x89PNG\r\n\x1a\n"]
    sheet = openpyxl.load_workbook(path)["待核"]
    row = sheets(path)["待核"][0]
    assert pictures and len(sheet._images) == len(pictures)
    assert row["位置"] == "第 1 页第 5 行" and sheet.row_dimensions[2].height > 30
    assert sheet["H2"].hyperlink.target == "../%E8%A1%A8%20%E4%B8%80.pdf"


def test_a_cell_of_a_workbook_is_linked(tmp_path, run):
    source = form_file(tmp_path, DECLARED, changed=UNSURE)
    path = tmp_path / "台账.xlsx"
    run("import", source, "--ledger", path)
    link = openpyxl.load_workbook(path)["待核"]["H2"].hyperlink
    assert link.location == sheets(path)["待核"][0]["位置"].replace("2024", "'2024").replace("!", "'!") or link.location


# ---- next year


def test_projects_are_carried_over(tmp_path, run):
    leap = replace(DECLARED, start=dt.date(2024, 2, 29))
    for record in (leap, EVALUATED):
        form_file(tmp_path / "表", record)
    path = tmp_path / "台账.xlsx"
    code, out, _ = run("import", tmp_path / "表", "--ledger", path, "--next-year")
    assert code == 0 and "1 个指标值低于" not in out and "2 个指标值低于上年实际完成值" in out
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


# ---- what cannot be read, what is no ledger


def test_exit_codes_and_what_is_told(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "空").mkdir()
    assert run("import", tmp_path / "坏.xlsx", "--ledger", path)[0] == 2 and not path.exists()
    assert run("import", tmp_path / "空", "--ledger", path)[0] == 2 and not path.exists()
    assert run("import", tmp_path / "坏.xlsx", "--ledger", tmp_path / "台账.doc")[0] == 2
    assert run("import", form_file(tmp_path / "甲", DECLARED), "--ledger", tmp_path / "台账.xlsm")[0] == 2, (
        "none is made"
    )
    good = form_file(tmp_path / "表", DECLARED)
    code, out, err = run("import", good, tmp_path / "坏.xlsx", "--ledger", path)
    assert code == 1 and "坏.xlsx" in err and record_in(path)
    assert run("import", tmp_path, "--ledger", path)[0] == 1, "the ledger itself lies in the folder, and is no form"


def test_a_ledger_of_a_colleague_is_taken_in(tmp_path, run):
    write_ledger(tmp_path / "同事.xlsx", [named(DECLARED, "同事的项目"), named(EVALUATED, "同事的项目")])
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "同事.xlsx", "--ledger", path)[0] == 0
    assert record_in(path).indicators == DECLARED.indicators
    assert record_in(path, "evaluation").budget[:2] == EVALUATED.budget


# ---- the shared documents


def cases() -> list[dict]:
    return [*expected("expected.json"), *expected("seeds-expected.json")]


@pytest.mark.parametrize("document", cases(), ids=lambda one: one["file"][-24:])
def test_every_document_comes_through_the_ledger(tmp_path, document):
    """Read, imported, filled and read again a form is the same, but for what is asked."""
    source = SHARED / "documents" / document["file"]
    path = tmp_path / "台账.xlsx"
    done = import_files([source], path)
    ledger = read_ledger(path)
    assert not ledger.mistakes
    assert done.open == sum(len(record.source.doubts) for record in read(source))
    again = [read(xladdin.fill(record))[0] for record in ledger.records]
    for one, other in zip(read(source), again, strict=True):
        doubts = [doubt.field for doubt in one.source.doubts]
        first, second = flat(one), flat(other)
        for field, value in first.items():
            if value is None or any(field == each or field.startswith((each + ".", each + "[")) for each in doubts):
                continue
            assert shown(field, second.get(field)) == shown(field, value), field
        told = [field for field in doubts if second.get(field) and "level" not in field]
        assert not told, "what nobody answered is blank (a blank level is read as the one above it)"


def in_yuan(record):
    """The record with its amounts in 元: it may have gone into a form of the other unit."""

    def amounts(part, names):
        return replace(
            part,
            **{
                name: value and convert(value, record.money_unit, "元")
                for name in names
                if (value := getattr(part, name)) is not None
            },
        )

    if record.kind == "declaration":
        funds = amounts(record.funds, record.funds.__dataclass_fields__)
        return replace(record, funds=funds, money_unit="元")
    budget = tuple(amounts(line, ("initial", "budget", "executed")) for line in record.budget)
    return replace(record, budget=budget, money_unit="元")


def flat(record) -> dict[str, object]:
    """Its fields; a line of the budget by what it is called, for a form prints them all, in its order."""
    told = in_yuan(record).to_dict()
    lines = {line["item"]: line for line in told.pop("budget", [])}
    told.pop("form")
    return dict(facts(told | {"budget": lines}))


def test_a_folder_of_ten_documents_becomes_next_years_forms(tmp_path, run):
    documents = SHARED / "documents"
    names = (
        "00_decl_word.docx", "05_eval_word.pdf", "08_decl_drawn.pdf", "18_decl_fill.xls", "20_eval_fill.ods",
        "10_eval_gbk.html", "11_decl_own.md", "16_decl_own.txt", "14_decl_shift.tsv", "../seeds/000_5396bb86b78b17c5.txt",
    )  # fmt: skip
    if not (documents / names[0]).exists():
        pytest.skip("the shared documents are not here")
    (tmp_path / "去年").mkdir()
    for name in names:
        shutil.copy(documents / name, tmp_path / "去年")
    form_file(tmp_path / "去年", DECLARED)
    path = tmp_path / "台账.xlsx"
    code, *_ = run("import", tmp_path / "去年", "--ledger", path)
    assert code == 1
    check_workbook(path)
    answer(path)
    code, *_ = run("import", tmp_path / "去年", "--ledger", path, "--next-year")
    assert code == 0 and not read_ledger(path).mistakes and not read_ledger(path).notes
    wanted = {one.project for one in read_ledger(path).records if one.year == 2025 and one.kind == "declaration"}
    code, *_ = run("fill", path, "--out", tmp_path / "今年", "--year", 2025)
    assert code == 0
    made = {
        record.project
        for file in (tmp_path / "今年").glob("*.xlsx")
        for record in read(file)
        if record.kind == "declaration"
    }
    assert made == wanted and len(made) > 3


def test_a_file_that_is_sure_settles_what_another_was_not(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    form_file(tmp_path / "表", DECLARED, "甲.xlsx", changed=UNSURE)
    form_file(tmp_path / "表", DECLARED, "乙.xlsx")
    code, out, _ = run("import", tmp_path / "表", "--ledger", path)
    assert code == 0, out
    assert record_in(path).funds == DECLARED.funds and "待核" not in openpyxl.load_workbook(path).sheetnames


def test_questions_and_pictures_are_added_to_those_there_are(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    for number, name in enumerate(("养老服务", "托育服务")):
        head = [[name if text == "养老服务" else text for text in row] for row in HEAD]
        body = pdf(titled(grid([*head, ["年度资金总额", f"约{number}十万元", "其中：财政拨款", "50"], NAMES, *FULL])))
        (tmp_path / f"{number}.pdf").write_bytes(body)
        assert run("import", tmp_path / f"{number}.pdf", "--ledger", path)[0] == 1
        check_workbook(path)
    rows = sheets(path)["待核"]
    assert [(row["项目"], row["编号"]) for row in rows] == [
        ("养老服务", "待核1"),
        ("养老服务", "待核2"),
        ("托育服务", "待核3"),
        ("托育服务", "待核4"),
    ]
    sheet = openpyxl.load_workbook(path)["待核"]
    assert len(sheet._images) == 4 and sheet.auto_filter.ref == "A1:P5"
    assert [rule.sqref for rule in sheet.data_validations.dataValidation] and len(
        sheet.data_validations.dataValidation
    ) == 1


def test_json_says_the_same(tmp_path, run):
    source = form_file(tmp_path, DECLARED, changed=UNSURE)
    code, out, _ = run("import", source, "--ledger", tmp_path / "台账.xlsx", "--json")
    (told,) = json.loads(out)
    assert code == 1 and told["added"] == ["社区养老服务"] and told["open"] == 2
    assert [(one["field"], one["read"]) for one in told["asked"]] == [
        ("年度资金申请总额", "约五十万"),
        ("当年财政拨款", "约五十万"),
    ]
    assert told["asked"][0]["where"]["cell"] and told["failed"] == []


def test_a_helper_column_of_the_clerk_is_used(tmp_path, run):
    """上年实际完成值 stands where they have put it."""
    path = tmp_path / "台账.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(write_ledger(None, [named(DECLARED, "旧")])))
    sheet = book["指标"]
    sheet.insert_cols(8)
    sheet.cell(1, 8, "上年 实际完成值")
    book.save(path)
    run("import", *(form_file(tmp_path / "表", one) for one in (DECLARED, EVALUATED)), "--ledger", path, "--next-year")
    sheet = openpyxl.load_workbook(path)["指标"]
    assert [cell.value for cell in sheet[1]].count("上年实际完成值") == 0
    assert [
        sheet.cell(number, 8).value for number in range(2, sheet.max_row + 1) if sheet.cell(number, 1).value == 2025
    ] == ["95", "95%", "97%"]


def test_which_of_two_units_is_meant_is_not_guessed(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    units = [replace(DECLARED, unit=unit) for unit in ("甲中心", "乙中心")]
    run("import", *(form_file(tmp_path, one, f"{one.unit}.xlsx") for one in units), "--ledger", path)
    before = path.read_bytes()
    code, out, _ = run("import", form_file(tmp_path, replace(DECLARED, unit=None), "丙.xlsx"), "--ledger", path)
    assert code == 1 and "不知道是哪一个" in out
    assert [one.unit for one in read_ledger(path).records] == ["甲中心", "乙中心"] and before


def test_questions_whose_rows_are_gone_are_told(tmp_path, run):
    source = form_file(tmp_path, DECLARED, changed=UNSURE)
    path = tmp_path / "台账.xlsx"
    run("import", source, "--ledger", path)
    book = openpyxl.load_workbook(path)
    del book["待核"]
    book.save(path)
    code, out, _ = run("import", source, "--ledger", path)
    assert code == 1 and "2 处写着“待核”" in out
    assert record_in(path).funds.annual_total is None and read_ledger(path).notes
