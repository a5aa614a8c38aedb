"""Tables that platforms and other offices export: any with the headings of a ledger is taken in."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.intake_cases import answer, sheets
from xladdin.ledger import read_ledger

INDICATORS = """项目名称,一级指标,二级指标,三级指标,年度指标值,年度
养老服务,产出指标,数量指标,助餐人次,=91场,2024
养老服务,产出指标,质量指标,合格率,≥95%,2024
托育服务,产出指标,数量指标,"托位,个",≥60个,2024
"""
ROWS = [("养老服务", "助餐人次", "=91场"), ("养老服务", "合格率", "≥95%"), ("托育服务", "托位,个", "≥60个")]
FLAT = """项目名称,预算年度,实施单位,项目编码,年度资金总额（万元）,一级指标,二级指标,三级指标,指标值
养老服务,2024,某中心,001234,50,产出指标,数量指标,助餐人次,=91场
养老服务,2024,某中心,001234,50,产出指标,质量指标,合格率,≥95%
托育服务,2024,某中心,001235,60.5,产出指标,数量指标,"托位,个",≥60个
"""
PROJECTS = """项目名称,年度,主管部门,实施单位,年度资金申请总额（元）,年度总体目标
养老服务,2024年,某局,某中心,"500,000.00",好
托育服务,2024年,某局,某中心,600000,更好
"""
MONEY = """年度,项目名称,资金来源,年初预算数,全年预算数,全年执行数,金额单位
2024,养老服务,年度资金总额,50,50,48,万元
"""


def html(text: str, title: str = "") -> str:
    import csv

    rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in csv.reader(text.splitlines())]
    return f"<html><body><p>{title}</p><table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table></body></html>"


def workbook(path, text: str, title: str = "") -> None:
    import csv

    book = openpyxl.Workbook()
    book.active.title = "导出"
    if title:
        book.active.append([title])
    for row in csv.reader(text.splitlines()):
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)


def indicators(path) -> list[tuple]:
    return [(record.project, one.name, one.target) for record in read_ledger(path).records for one in record.indicators]


FILES = {
    "csv": ("a.csv", INDICATORS.encode("utf-8-sig")),
    "csv in gb18030": ("a.csv", INDICATORS.encode("gb18030")),
    "tsv": ("a.tsv", INDICATORS.replace('"托位,个"', "托位，个").replace(",", "\t").replace("，", ",").encode()),
    "a page called xls": ("a.xls", html(INDICATORS).encode()),
    "html": ("a.html", html(INDICATORS).encode()),
    "flat csv": ("a.csv", FLAT.encode()),
    "flat html": ("a.html", html(FLAT).encode()),
}


@pytest.mark.parametrize("name, data", FILES.values(), ids=FILES)
def test_one_row_an_indicator(tmp_path, run, name, data):
    (tmp_path / name).write_bytes(data)
    path = tmp_path / "台账.xlsx"
    code, out, err = run("import", tmp_path / name, "--ledger", path)
    assert code == 0, out + err
    assert indicators(path) == ROWS and not read_ledger(path).mistakes
    assert all(record.year == 2024 for record in read_ledger(path).records)


def test_amounts_are_in_the_unit_of_their_heading(tmp_path, run):
    (tmp_path / "a.csv").write_text(FLAT, encoding="utf-8")
    path = tmp_path / "台账.xlsx"
    run("import", tmp_path / "a.csv", "--ledger", path)
    assert [(one.funds.annual_total, one.money_unit) for one in read_ledger(path).records] == [
        (Decimal(50), "万元"), (Decimal("60.5"), "万元"),
    ]  # fmt: skip


def test_one_row_a_project(tmp_path, run):
    workbook(tmp_path / "a.xlsx", PROJECTS)
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "a.xlsx", "--ledger", path)[0] == 0
    assert [(one.project, one.funds.annual_total, one.money_unit, one.annual_goal) for one in read_ledger(path).records] == [
        ("养老服务", 500000, "元", "好"), ("托育服务", 600000, "元", "更好"),
    ]  # fmt: skip


def test_projects_then_their_indicators_then_their_money(tmp_path, run):
    """Three exports of one platform meet in the ledger."""
    path = tmp_path / "台账.xlsx"
    for name, text in (("甲.csv", PROJECTS), ("乙.csv", INDICATORS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        code, out, err = run("import", tmp_path / name, "--ledger", path)
        assert code == 0, out + err
    assert indicators(path) == ROWS and len(read_ledger(path).records) == 2
    (tmp_path / "丙.csv").write_text(MONEY, encoding="utf-8")
    run("import", tmp_path / "丙.csv", "--ledger", path)
    read = read_ledger(path)
    assert not read.mistakes
    assert [(line.item, line.executed) for one in read.records for line in one.budget if line.executed] == [
        ("年度资金总额", 48)
    ]


def without_year(text: str) -> str:
    return "\n".join(line.rpartition(",")[0] for line in text.splitlines())


def test_the_year_of_a_title(tmp_path, run):
    workbook(tmp_path / "a.xlsx", without_year(INDICATORS), "2023年度绩效目标")
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "a.xlsx", "--ledger", path)[0] == 0
    assert {one.year for one in read_ledger(path).records} == {2023}


def test_the_year_of_the_files_name_is_asked(tmp_path, run):
    (tmp_path / "2023导出.csv").write_text(without_year(INDICATORS), encoding="utf-8")
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "2023导出.csv", "--ledger", path)[0] == 1
    assert [(row["字段"], row["建议"]) for row in sheets(path)["待核"]] == [("年度", "2023")] * 2
    assert read_ledger(path).records == [] and read_ledger(path).mistakes
    answer(path)
    assert indicators(path) == ROWS


def test_no_year_at_all_is_told(tmp_path, run):
    (tmp_path / "导出.csv").write_text(without_year(INDICATORS), encoding="utf-8")
    code, _, err = run("import", tmp_path / "导出.csv", "--ledger", tmp_path / "台账.xlsx")
    assert code == 2 and "年度" in err and not (tmp_path / "台账.xlsx").exists()


PARTED = """项目名称,年度,一级指标,二级指标,三级指标,指标性质,指标值,计量单位
养老服务,2024,产出指标,数量指标,助餐人次,=,91,场
养老服务,2024,产出指标,质量指标,合格率,大于等于,95,%
养老服务,2024,产出指标,时效指标,及时,定性,及时,—
"""


def test_a_target_whose_parts_stand_apart(tmp_path, run):
    (tmp_path / "a.csv").write_text(PARTED, encoding="utf-8")
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "a.csv", "--ledger", path)[0] == 0
    assert [target for _, _, target in indicators(path)] == ["=91场", "≥95%", "及时"]


def test_a_sheet_a_year(tmp_path, run):
    book = openpyxl.Workbook()
    del book["Sheet"]
    for year in (2023, 2024):
        sheet = book.create_sheet(f"{year}年")
        for line in without_year(INDICATORS).splitlines()[:3]:
            sheet.append(line.split(","))
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"
    book.save(tmp_path / "a.xlsx")
    path = tmp_path / "台账.xlsx"
    assert run("import", tmp_path / "a.xlsx", "--ledger", path)[0] == 0
    assert [(one.year, len(one.indicators)) for one in read_ledger(path).records] == [(2023, 2), (2024, 2)]


NO_TABLES = ("姓名,电话,地址\n张三,1,2\n李四,3,4\n", "项目名称\n甲\n", "这是一封信，说的是年度项目名称。\n")


@pytest.mark.parametrize("text", NO_TABLES)
def test_what_is_no_such_table_is_not_taken(tmp_path, run, text):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert run("import", tmp_path / "a.csv", "--ledger", tmp_path / "台账.xlsx")[0] == 2
    assert not (tmp_path / "台账.xlsx").exists()


def test_why_such_a_table_is_not_taken_is_told(tmp_path, run):
    workbook(tmp_path / "a.xlsx", "项目名称,单位,预算金额,负责人\n养老服务,某中心,50,某人\n")
    code, _, wrong = run("import", tmp_path / "a.xlsx", "--ledger", tmp_path / "台账.xlsx")
    assert code == 2 and "别处导出的表，表头要有“项目名称”" in wrong and wrong.startswith("a.xlsx")
