"""A ledger while it is filled in: what its formulas say, what its drop-downs offer, how it prints."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

import xladdin
from tests.office import convert, recalculated
from tests.package_checks import check_audit, check_package
from xladdin.cli.demo import example
from xladdin.domain.records import Declaration, Indicator
from xladdin.ledger import EXECUTION, INDICATORS, PROJECTS, Ledger, read_ledger, read_records, write_ledger
from xladdin.ledger.book import ledger_book
from xladdin.ledger.columns import COLUMNS, OWN, SAMPLE_MARK
from xladdin.ledger.page import Table
from xladdin.workbook.reading import read_grids

BASE = {
    "年度": 2024,
    "表式": "2024申报表",
    "主管部门": "某局",
    "实施单位": "某中心",
    "年度资金申请总额": Decimal(100),
    "年度总体目标": "办好",
}
DONE = BASE | {"表式": "2021自评表", "实际完成情况": "办好了"}
ONE = {"一级指标": "产出指标", "三级指标": "场次", "指标值": "=91场"}
SCORED = ONE | {"实际完成值": "91场", "分值": Decimal(90)}
WHOLE = {
    "资金项目": "年度资金总额",
    "年初预算数": Decimal(100),
    "全年预算数": Decimal(90),
    "全年执行数": Decimal("80.5"),
    "分值": Decimal(10),
}
PART = {
    "资金项目": "当年财政拨款",
    "年初预算数": Decimal(100),
    "全年预算数": Decimal(90),
    "全年执行数": Decimal("80.5"),
}

# what is said → the project, its lines of money, its indicators
SAID = [
    ("齐", BASE, [], [ONE]),
    ("缺：年度、主管部门、实施单位、年度资金申请总额、年度总体目标、指标", {"表式": "2024申报表"}, [], []),
    ("缺：主管部门、指标 3 条未填指标值", BASE | {"主管部门": None}, [], [ONE, *[ONE | {"指标值": None}] * 3]),
    ("缺：指标（指标表里的年度或表式对不上）", BASE, [], [ONE | {"年度": 2023}]),
    ("年度资金申请总额与分项差 -50", BASE | {"当年财政拨款": Decimal(100), "上年结转资金": Decimal(50)}, [], [ONE]),
    ("项目资金总额与分项差 0.01", BASE | {"项目资金总额": Decimal("300.01"), "财政资金": Decimal(300)}, [], [ONE]),
    ("齐", BASE | {"项目资金总额": Decimal(300), "财政资金": "300元"}, [], [ONE]),  # of texts nothing is said
    ("齐", BASE | {"项目资金总额": Decimal("0.3"), "财政资金": Decimal("0.1"), "其他资金": Decimal("0.2")}, [], [ONE]),
    ("齐", BASE | {"表式": "2020目标表", "主管部门": None, "年度资金申请总额": None, "年度总体目标": None, "项目总目标": "x"}, [], [ONE]),
    ("齐", DONE, [WHOLE, PART], [SCORED]),
    ("缺：资金执行", DONE, [], [SCORED | {"分值": Decimal(100)}]),
    ("缺：资金执行；分值合计 90", DONE, [], [SCORED]),
    ("缺：主管部门、指标 3 条未填指标值；分值合计 90", DONE | {"主管部门": None}, [WHOLE | {"分值": None}],
     [SCORED, *[ONE | {"指标值": None}] * 3]),
    ("缺：全年执行数、实际完成情况、指标 1 条未填实际完成值；分值合计 99.5", DONE | {"实际完成情况": None},
     [WHOLE | {"全年执行数": None}], [SCORED | {"实际完成值": None, "分值": Decimal("89.5")}, ONE]),
    ("全年执行数与分项差 10.5", DONE, [WHOLE, PART | {"全年执行数": Decimal(70)}], [SCORED]),
    ("齐", DONE, [WHOLE, PART | {"全年执行数": "70万元"}], [SCORED]),
    ("齐", DONE, [WHOLE], [SCORED | {"分值": "90分"}]),
    ("缺：指标 2 条未填实际完成值", DONE, [WHOLE | {"分值": None}], [ONE, ONE]),
    ("齐", DONE | {"表式": None}, [WHOLE], [SCORED]),
    ("缺：年度资金申请总额", BASE | {"表式": None, "年度资金申请总额": None}, [], [ONE]),
    ("齐", BASE | {"表式": "某县的表", "年度资金申请总额": None}, [], [ONE]),
    ("", {**BASE, "项目名称": f"城市绿化{SAMPLE_MARK}"}, [], []),
    ("项目名称里有 * ? ~ 或太长，没有查", {**BASE, "项目名称": "绿化*"}, [], [ONE]),
    ("齐", {**BASE, "项目名称": "=1+1"}, [], [ONE]),
    ("齐", {**BASE, "项目名称": ">0"}, [], [ONE]),
]  # fmt: skip


def tables() -> dict[str, Table]:
    """All cases in one ledger, each a project; and one with a declaration and an evaluation of one name."""
    rows = {name: [] for name in COLUMNS}
    for number, (_, project, lines, indicators) in enumerate(SAID):
        key = {"年度": 2024, "项目名称": project.get("项目名称", f"项目{number}")}
        rows[PROJECTS].append({"项目名称": key["项目名称"]} | project)
        rows[EXECUTION] += [key | line for line in lines]
        rows[INDICATORS] += [key | row for row in indicators]
    rows[PROJECTS] += [BASE | {"项目名称": "两张表"}, DONE | {"项目名称": "两张表"}]
    key = {"年度": 2024, "项目名称": "两张表"}
    rows[INDICATORS] += [key | ONE | {"表式": "2024申报表"}, key | SCORED | {"表式": "2021自评表", "实际完成值": None}]
    rows[EXECUTION].append(key | WHOLE)
    return {name: Table((*COLUMNS[name], *OWN[name]), rows[name]) for name in COLUMNS}


EXPECTED = [*(said for said, *_ in SAID), "齐", "缺：指标 1 条未填实际完成值"]


def lacking(grids) -> list[str]:
    grid = next(grid for grid in grids if grid.sheet == PROJECTS)
    column = next(at for (row, at), value in grid.cells.items() if row == 1 and value == "还缺什么")
    return [grid.cells.get((row, column)) or "" for row in range(2, len(EXPECTED) + 2)]


def test_what_is_missing_is_said_beside_the_formulas():
    assert lacking(read_grids(ledger_book(tables()))) == EXPECTED


def test_libreoffice_comes_to_the_same(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_book(tables()))
    (grids,) = recalculated([path], tmp_path / "computed")
    assert lacking(grids) == EXPECTED


def test_the_empty_ledger_prints_a_page_a_sheet(tmp_path):
    import pypdfium2

    empty, filled = tmp_path / "空.xlsx", tmp_path / "满.xlsx"
    write_ledger(empty)
    write_ledger(filled, [record for record in example() if record.form != "2020目标表"])
    counts = [len(pypdfium2.PdfDocument(path)) for path in convert([empty, filled], tmp_path / "pdf", "pdf")]
    assert counts[0] == 4 and counts[1] <= 7


@pytest.mark.parametrize("records", [[], example()], ids=["empty", "example"])
def test_excel_would_open_it(tmp_path, records):
    path = tmp_path / "台账.xlsx"
    check_package(write_ledger(path, records))
    check_audit(path)


def test_the_sample_and_helpers_are_nothing(tmp_path):
    path = tmp_path / "台账.xlsx"
    write_ledger(path)
    assert read_ledger(path) == Ledger([])
    grid = next(grid for grid in read_grids(path) if grid.sheet == PROJECTS)
    assert SAMPLE_MARK in grid.cells[2, 3]
    assert {row for row, _ in grid.formulas} == set(range(2, 302))


def test_a_row_below_the_records_is_read_though_formulas_stand_there(tmp_path):
    path = tmp_path / "台账.xlsx"
    write_ledger(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl knows no print area of whole columns
        work = openpyxl.load_workbook(path)
    for sheet, cells in {"项目": {"A3": 2024, "C3": "甲", "A301": "注：以上为初稿"},
                         "指标": {"A3": 2024, "B3": "甲", "F3": "场次", "G3": "=1"}}.items():  # fmt: skip
        for cell, value in cells.items():
            work[sheet][cell] = value
    work["指标"]["G3"].data_type = "s"
    work.save(path)
    ledger = read_ledger(path)
    assert [(record.project, len(record.indicators)) for record in ledger.records] == [("甲", 1)]
    assert not ledger.mistakes


def test_drop_downs_offer_and_never_force():
    work = openpyxl.load_workbook(io.BytesIO(write_ledger(None, example())))
    rules = {
        (sheet.title, sheet[f"{str(rule.sqref).rstrip('0123456789').split(':')[0].rstrip('0123456789')}1"].value): rule
        for sheet in (work[name] for name in COLUMNS)
        for rule in sheet.data_validations.dataValidation
    }
    assert {rule.errorStyle or "stop" for rule in rules.values() if rule.type} == {"warning"}
    assert rules["指标", "指标值"].type is None and rules["指标", "指标值"].promptTitle == "指标值"
    assert rules["项目", "表式"].formula1.startswith('"2024申报表,2023申报表,')
    assert rules["指标", "项目名称"].formula1 == rules["资金执行", "项目名称"].formula1 == "台账项目名单"
    assert all(len(rule.formula1 or "") < 256 for rule in rules.values())
    assert {key for key, rule in rules.items() if rule.type == "date"} == {
        ("项目", "计划开始日期"),
        ("项目", "计划完成日期"),
    }


def test_a_blank_level_is_the_one_above_it_in_the_form_too(tmp_path):
    rows = [
        ("产出指标", "数量指标", "场次"),
        ("产出指标", "数量指标", "人次"),
        ("产出指标", "质量指标", "合格率"),
        ("效益指标", "社会效益指标", "知晓率"),
    ]
    record = Declaration(
        form="2024申报表", year=2024, project="甲", department="某局", unit="某中心", money_unit="元",
        start=dt.date(2024, 1, 1), indicators=tuple(Indicator(*row, "≥90%") for row in rows),
    )  # fmt: skip
    blank = (record.indicators[0], replace(record.indicators[1], level1=None, level2=None),
             replace(record.indicators[2], level1=None), record.indicators[3])  # fmt: skip
    path = tmp_path / "台账.xlsx"
    write_ledger(path, [replace(record, indicators=blank)])
    (read,) = read_records(path)
    assert read == record
    data = xladdin.fill(read)
    (back,) = xladdin.read(data)
    assert back.indicators == record.indicators
    grid = read_grids(data)[0]
    spots = {value: spot for spot, value in grid.cells.items() if value in ("产出指标", "数量指标")}
    heights = {spot[:2]: spot[2] - spot[0] + 1 for spot in grid.merges}
    assert [heights[spots[level]] for level in ("产出指标", "数量指标")] == [3, 2]
