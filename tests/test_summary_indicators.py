"""The sheet 指标明细: what each row says, and that Excel, LibreOffice and pandas can take it for a table."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from tests.office import convert, needs_office
from tests.package_checks import check_workbook, sdk_errors
from tests.summary_cases import INDICATORS, book, case, declared, evaluated, summary
from xladdin.domain.records import Indicator, Result
from xladdin.summary.indicators import COLUMNS, NAME

EVIL = ("=1+1", "'x", "@SUM(A1)", "{=1}", "<r>x</r>", "http://例子", "名" * 400, "甲\n乙", "0012", "1e5", "\x00坏")
RESULTS = (
    Result("产出指标", "数量指标", "活动场次", "=5场", "5", Decimal(20)),
    Result("产出指标", "质量指标", "合格率", "≥90%", "85.5%", Decimal(20), reason="设备陈旧"),
    Result("效益指标", "社会效益", "知晓率", "≥80%", None, Decimal(20)),
    Result("满意度指标", "服务对象满意度", "群众满意度", "≥95%", "约90%", Decimal(10)),
    Result("效益指标", "社会效益指标", "就业人数", "≥25万人次", "26万人次", None, Decimal(7)),
)
DETAILS = [
    # 三级指标, 申报指标值, 自评指标值, 目标数值, 指标单位, 实际完成值, 实际数值, 分值, 得分, 得分情况
    ("活动场次", "=5场", "=5场", 5, "场", "5", 5, 20, 20, "满分"),
    ("合格率", "≥90%", "≥90%", 90, "%", "85.5%", 85.5, 20, 19, "扣分"),
    ("知晓率", "≥80%", "≥80%", 80, "%", None, None, 20, None, "未填"),
    ("群众满意度", "≥90%", "≥95%", 95, "%", "约90%", None, 10, None, "待核"),
    ("就业人数", None, "≥25万人次", 25, "万人次", "26万人次", 26, None, 7, "已评"),
]
HEADINGS = (
    "三级指标",
    "申报指标值",
    "自评指标值",
    "目标数值",
    "指标单位",
    "实际完成值",
    "实际数值",
    "分值",
    "得分",
    "得分情况",
)


def frame(made) -> pd.DataFrame:
    """The sheet as pandas reads it."""
    return pd.read_excel(io.BytesIO(made.data), sheet_name=NAME, engine="openpyxl", dtype=object)


def rows(made, *headings: str) -> list[tuple]:
    told = frame(made)[list(headings)].astype(object)
    return [tuple(row) for row in told.where(told.notna(), None).itertuples(index=False)]


def test_what_a_row_says():
    made = book(summary(case(declared(), evaluated(indicators=RESULTS))))
    assert rows(made, *HEADINGS) == DETAILS
    assert rows(made, "一级指标", "二级指标", "偏差原因")[1] == ("产出", "质量", "设备陈旧")
    assert set(rows(made, "年度", "项目名称", "主管部门", "实施单位", "金额单位")) == {
        (2024, "甲项目", "某局", "某中心", "元")
    }


ALONE = [
    # records, 申报指标值, 自评指标值, 得分情况 of the first row
    ((declared(),), ("=5场", None, "没有自评表")),
    ((declared(), evaluated(indicators=())), ("=5场", None, "自评表里没有")),
    ((evaluated(indicators=RESULTS),), (None, "=5场", "满分")),
]


@pytest.mark.parametrize("records, told", ALONE)
def test_a_form_that_stands_alone(records, told):
    assert rows(book(summary(case(*records))), "申报指标值", "自评指标值", "得分情况")[0] == told


def test_projects_stand_by_year_and_unit():
    order = [declared("丙", 2023), declared("乙", unit="乙局"), declared("甲", None), declared("丁", unit="丁局")]
    made = book(summary(*order))
    assert list(dict.fromkeys(rows(made, "年度", "项目名称"))) == [
        (2024, "丁"),
        (2024, "乙"),
        (2023, "丙"),
        (None, "甲"),
    ]


def test_it_is_a_table_ready_for_a_pivot():
    made = book(summary(case(declared(), evaluated(indicators=RESULTS)), declared("乙", 2023, money_unit=None)))
    sheet = made.formulas[NAME]
    (table,) = sheet.tables.values()
    assert (
        table.displayName == NAME and table.ref == sheet.dimensions == f"A1:{sheet.cell(10, len(COLUMNS)).coordinate}"
    )
    assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[1]]
    assert len(set(table.column_names)) == len(COLUMNS)
    assert not sheet.merged_cells.ranges and sheet.freeze_panes == "A2"
    told = frame(made)
    pivot = told.assign(得分=pd.to_numeric(told["得分"])).pivot_table("得分", "一级指标", "年度", "sum")
    assert pivot.loc["产出", 2024] == 39


def test_text_stays_text_and_figures_are_figures(tmp_path):
    texts = [text for text in EVIL if text.isprintable()]
    actual = tuple(Result("产出指标", "数量指标", text, text, text, reason=text) for text in texts)
    made = book(summary(evaluated("=甲", unit="@乙", indicators=actual)))
    sheet = made.formulas[NAME]
    at = {cell.value: cell.column for cell in sheet[1]}
    for heading in ("三级指标", "自评指标值", "实际完成值", "偏差原因"):
        cells = [sheet.cell(row, at[heading]) for row in range(2, len(texts) + 2)]
        assert [cell.value.rstrip(" ") for cell in cells] == texts, heading
        assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}, heading
    assert sheet.cell(2, at["项目名称"]).value == "=甲" and sheet.cell(2, at["年度"]).data_type == "n"


def test_the_workbook_is_sound(tmp_path):
    wicked = tuple(Indicator("产出指标", "数量指标", text, text) for text in EVIL)
    path = book(summary(declared(indicators=wicked), evaluated("乙", indicators=RESULTS))).save(tmp_path / "汇总.xlsx")
    check_workbook(path)
    assert sdk_errors(path) == []  # last: it skips where there is no validator


def test_no_indicators_no_sheet():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert NAME not in book(summary(declared(indicators=()))).sheets


def test_libreoffice_opens_it(tmp_path):
    needs_office()
    path = book(summary(declared(indicators=INDICATORS))).save(tmp_path / "汇总.xlsx")
    again = openpyxl.load_workbook(convert([path], tmp_path / "out", "xlsx")[0])
    assert again[NAME].max_row == len(INDICATORS) + 1 and len(again[NAME].tables) == 1


# ---- 指标历年对比

AIMS = "指标历年对比"


def test_indicators_year_by_year():
    rows = declared().indicators
    before = [
        replace(rows[0], target="=3场"),
        replace(rows[1], target="≥80%"),
        replace(rows[2], name="知晓率情况"),
        rows[3],
    ]
    now = [*rows[:3], Indicator("成本指标", "经济成本指标", "人均成本", "≤10元")]
    done = (Result("产出指标", "数量指标", "活动场次", "=3场", "4", Decimal(90)),)
    made = book(
        summary(
            case(declared(year=2023, indicators=tuple(before)), evaluated(year=2023, indicators=done)),
            declared(indicators=tuple(now)),
        )
    )
    columns = "三级指标", "指标值", "实际完成值", "指标值增减", "说明"
    assert made.rows(AIMS, *columns) == [
        ("活动场次", "=3场", "4", "+2", None), ("合格率", "≥80%", "（自评表里没有）", "+10", None),
        ("知晓率", "≥80%", "（自评表里没有）", "不变", "2023：知晓率情况 → 2024：知晓率\n（名称不同，推测为同一指标，请核对）"),
        ("人均成本", None, None, None, "2023 没有这条"), ("群众满意度", "≥90%", "（自评表里没有）", None, "2024 没有这条"),
    ]  # fmt: skip
    assert [made.cell(AIMS, "甲项目", "指标值", nth).value for nth in range(2)] == ["=3场", "=5场"]
