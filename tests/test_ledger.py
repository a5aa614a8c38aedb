"""The ledger: what is written comes back; what is wrong is reported with its cell, all at once."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from xladdin.cli.demo import example
from xladdin.domain.records import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.errors import BadValue, LedgerError, Place, SaveError, Unwritable
from xladdin.ledger import Ledger, load, read_ledger, read_records, write_ledger
from xladdin.ledger.columns import COLUMNS, OWN
from xladdin.ledger.told import Mistake, told_together

PLAIN = Declaration(
    form="2021申报表",
    year=2021,
    project="甲",
    unit="某协会",
    money_unit="元",
    start=dt.date(2021, 1, 1),
    end=dt.date(2021, 12, 31),
    funds=Funds(annual_total=Decimal("965043.97"), annual_carryover=Decimal(0)),
    indicators=(Indicator("产出指标", "数量指标", "场次", "=91场"),),
)
RESULT = Evaluation(
    form="2021自评表",
    year=2021,
    project="甲",
    unit="某协会",
    money_unit="元",
    budget=(BudgetLine("年度资金总额", Decimal(100), Decimal(90), Decimal("80.5"), Decimal(10), reason="疫情"),),
    indicators=(
        Result("产出指标", "数量指标", "场次", "=90", "90", Decimal(20), None, None),
        Result("产出指标", "质量指标", "合格率", "≥90%", "95%", Decimal("12.5"), Decimal("9.7"), "改进"),
    ),
)


@pytest.fixture
def book(tmp_path):
    """Write records, change the workbook by hand, read it: book(records, {"项目!A2": value}) -> Ledger."""

    def change(records, cells=None, edit=None):
        path = tmp_path / "台账.xlsx"
        write_ledger(path, records, replace=True)
        work = openpyxl.load_workbook(path)
        for spot, value in (cells or {}).items():
            sheet, _, cell = spot.partition("!")
            work[sheet][cell] = value
        if edit:
            edit(work)
        work.save(path)
        return read_ledger(path)

    return change


def said(ledger):
    return [(f"{m.where.sheet}!{m.where.cell}", m.what) for m in ledger.mistakes]


def column(sheet: str, name: str) -> str:
    return openpyxl.utils.get_column_letter(COLUMNS[sheet].index(name) + 1)


def test_empty_ledger_has_the_columns_of_the_interface(tmp_path):
    data = write_ledger(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == data
    work = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert work.sheetnames == ["填写说明", "项目", "资金执行", "指标", "选项"]
    assert work["选项"].sheet_state == "hidden"
    for sheet in (work[name] for name in COLUMNS):
        assert tuple(cell.value for cell in sheet[1]) == (*COLUMNS[sheet.title], *OWN[sheet.title])
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes
        assert all(cell.comment for cell in sheet[1])
    assert read_ledger(tmp_path / "a.xlsx") == Ledger([]), "nothing is said of the sample and of helper columns"
    with pytest.raises(SaveError):
        write_ledger(tmp_path / "a.xlsx")


def test_example_comes_back(tmp_path):
    records = example()
    write_ledger(tmp_path / "a.xlsx", records)
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert not ledger.mistakes
    assert not ledger.notes
    assert [r for r in ledger.records if r.kind == "declaration"] == [r for r in records if r.kind == "declaration"]
    (record,), (back,) = ([r for r in found if r.kind == "evaluation"] for found in (records, ledger.records))
    assert back.indicators == record.indicators
    assert back.budget == tuple(replace(line, rate=None, score=None) for line in record.budget)


def test_small_records_come_back(book):
    assert book([PLAIN, RESULT]).records == [PLAIN, RESULT]


def test_two_units_of_one_project_name(book):
    other = replace(RESULT, unit="另一单位", budget=(BudgetLine("年度资金总额", Decimal(1)),))
    ledger = book([RESULT, other])
    assert said(ledger) == []
    assert ledger.records == [RESULT, other]


@pytest.mark.parametrize("text", ["=91场", "=100%", "007", "1e5", "_x000D_", "a\r\nb\tc", " 空 ", "'x", "{=1}", "+1"])
def test_text_stays_text(tmp_path, text):
    record = replace(PLAIN, overall_goal=text, indicators=(Indicator("产出", None, "n", text),))
    write_ledger(tmp_path / "a.xlsx", [record])
    assert read_records(tmp_path / "a.xlsx") == [record]


def test_amount_of_too_many_digits_comes_back(book):
    record = replace(PLAIN, funds=Funds(total=Decimal("1234567890123456.78")))
    assert book([record]).records == [record]


@pytest.mark.parametrize("text", ["x" * 32768, "a\x00b", "\ud800"])
def test_what_excel_cannot_keep_is_refused(text):
    with pytest.raises(Unwritable, match=r"项目!R2"):
        write_ledger(None, [replace(PLAIN, overall_goal=text)])


TARGET = "指标!" + column("指标", "指标值") + "2"
ACTUAL = "指标!" + column("指标", "实际完成值") + "2"


@pytest.mark.parametrize(
    ("spot", "value", "style", "path", "wanted"),
    [
        (TARGET, 0.95, "0%", "target", "95%"),
        (TARGET, 0.955, "0.0%", "target", "95.5%"),
        (TARGET, 91, "General", "target", "91"),
        (TARGET, 0.9, "General", "target", "0.9"),
        (TARGET, "=100%", "0%", "target", "=100%"),
        (TARGET, "=90", "General", "target", "=90"),
        (TARGET, dt.date(2021, 6, 30), "yyyy-mm-dd", "target", "2021-06-30"),
        (TARGET, "  ", "@", "target", None),
        (ACTUAL, 0.95, "0%", "actual", "95%"),
        (ACTUAL, 0, "General", "actual", "0"),
        (ACTUAL, "=100%", "0%", "actual", "100%"),
        (ACTUAL, None, "@", "actual", None),
        (ACTUAL, True, "General", "actual", "TRUE"),
    ],
)
def test_cells_of_targets_and_actuals(book, spot, value, style, path, wanted):
    def edit(work):
        sheet, _, cell = spot.partition("!")
        work[sheet][cell].value = value
        work[sheet][cell].number_format = style

    ledger = book([RESULT], edit=edit)
    assert said(ledger) == []
    assert getattr(ledger.records[0].indicators[0], path) == wanted


@pytest.mark.parametrize(
    ("column_name", "value", "path", "wanted"),
    [
        ("年度资金申请总额", "1,100,000", "annual_total", "1100000"),
        ("年度资金申请总额", "—", "annual_total", None),
        ("年度资金申请总额", 0, "annual_total", "0"),
        ("年度资金申请总额", 1100000.1, "annual_total", "1100000.1"),
    ],
)
def test_amounts_as_people_type_them(book, column_name, value, path, wanted):
    ledger = book([PLAIN], {f"项目!{column('项目', column_name)}2": value})
    assert said(ledger) == []
    assert getattr(ledger.records[0].funds, path) == (None if wanted is None else Decimal(wanted))


def test_what_is_noted_of_one_project_is_one_line():
    notes = [Mistake(Place(cell=f"K{n}"), f"金额{n}换算成了 1 元", "请核对", "甲") for n in range(5)]
    others = [Mistake(Place(), "没有指标", "请核对", whose) for whose in "甲乙"] + [Mistake(Place(), "少一列", "请补")]
    assert told_together([*notes, *others]) == [
        "“甲”：金额0换算成了 1 元；金额1换算成了 1 元；金额2换算成了 1 元；等 5 处。请核对。",
        "“甲”、“乙”：没有指标。请核对。",
        "少一列。请补",
    ]


@pytest.mark.parametrize(("value", "wanted"), [("2021", 2021), ("2021年", 2021), (2021, 2021), ("2021年度", 2021)])
def test_years(book, value, wanted):
    cells = {"项目!A2": value, "指标!A2": value}
    assert [r.year for r in book([PLAIN], cells).records] == [wanted]


@pytest.mark.parametrize(
    "value", ["2021年3月1日", "2021-3-1", "2021/3/1", dt.date(2021, 3, 1), dt.datetime(2021, 3, 1)]
)
def test_dates(book, value):
    ledger = book([PLAIN], {f"项目!{column('项目', '计划开始日期')}2": value})
    assert [r.start for r in ledger.records] == [dt.date(2021, 3, 1)]


OTHER = replace(PLAIN, project="乙")


@pytest.mark.parametrize(
    ("cells", "where", "what"),
    [
        ({"项目!H2": "明年"}, "项目!H2", "不是日期"),
        ({"项目!H2": 2021}, "项目!H2", "不是日期"),
        ({"项目!K2": "约一百万"}, "项目!K2", "不是数"),
        ({"项目!K2": True}, "项目!K2", "不是数"),
        ({"项目!K2": "=1/0+A9"}, "项目!K2", "公式"),
        ({"项目!A2": "去年"}, "项目!A2", "不是四位年份"),
        ({"项目!A2": 2207}, "项目!A2", "“2207”不在 1900 到 2099 年之间"),
        ({"项目!A2": 21}, "项目!A2", "不是四位年份"),
        ({"项目!A2": None}, "项目!A2", "没有填"),
        ({"项目!J2": "美元"}, "项目!J2", "金额单位"),
        ({"项目!B2": "2099申报表", "指标!C2": "2099申报表"}, "项目!B2", "没有叫"),
        ({"项目!B2": "汇总表", "指标!C2": "汇总表"}, "项目!B2", "没有叫"),
        ({"指标!C2": "2023申报表"}, "指标!C2", "不是“2023申报表”"),
        ({"指标!A2": "x"}, "指标!A2", "不是四位年份"),
        ({"指标!F2": None}, "指标!F2", "没有填"),
        ({"指标!I2": "很多"}, "指标!I2", "不是数"),
    ],
)
def test_one_mistake_costs_one_project(book, cells, where, what):
    ledger = book([PLAIN, OTHER], cells)
    assert [place for place, _ in said(ledger)] == [where]
    assert what in said(ledger)[0][1]
    assert ledger.records == [OTHER]


def test_rows_of_unknown_projects_cost_nobody_but_of_another_year_their_namesake(book):
    cells = {
        "指标!A9": 2021,
        "指标!B9": "丙",
        "指标!F9": "x",
        "资金执行!A5": 2020,
        "资金执行!B5": "甲",
        "资金执行!C5": "x",
    }
    ledger = book([PLAIN, OTHER], cells)
    assert [place for place, _ in said(ledger)] == ["资金执行!A5", "指标!B9"]
    assert ledger.records == [OTHER]
    assert ledger.left_out == ("甲",)


def test_all_mistakes_at_once(book):
    ledger = book([PLAIN, OTHER], {"项目!H2": "x", "项目!I2": "y", "项目!K3": "z"})
    assert [place for place, _ in said(ledger)] == ["项目!H2", "项目!I2", "项目!K3"]
    assert ledger.records == []


def test_project_in_two_rows(book):
    equal = book([PLAIN, OTHER], {"项目!C3": "甲", "指标!B3": "甲"})
    assert [record.project for record in equal.records] == ["甲"]
    assert "第 2 行完全相同" in equal.notes[0].what
    differing = book([PLAIN, OTHER], {"项目!C3": "甲", "项目!N3": 5, "项目!F3": "某局"})
    assert "项目!F3" in dict(said(differing))
    assert "第 2 行" in dict(said(differing))["项目!F3"] and "主管部门、年度资金申请总额不同" in said(differing)[0][1]
    assert differing.records == []


def test_blank_form_of_an_indicator(book):
    one = book([PLAIN], {"指标!C2": None})
    assert one.records == [PLAIN]
    several = book([PLAIN, RESULT, OTHER], {"指标!C2": None})
    assert [place for place, _ in said(several)] == ["指标!C2"]
    assert "几张表" in said(several)[0][1]
    assert several.records == [OTHER]


def test_execution_of_a_project_that_only_declares(book):
    ledger = book([PLAIN, OTHER], {"资金执行!A2": 2021, "资金执行!B2": "甲", "资金执行!C2": "年度资金总额"})
    assert "只有申报表" in said(ledger)[0][1]
    assert ledger.records == [OTHER]


@pytest.mark.parametrize(
    ("records", "kind"),
    [
        ([RESULT], "evaluation"),
        ([replace(RESULT, indicators=())], "evaluation"),
        ([replace(RESULT, budget=())], "evaluation"),
        ([replace(RESULT, budget=(), indicators=(), actual_result="完成")], "evaluation"),
        ([PLAIN], "declaration"),
    ],
)
def test_kind_where_the_form_is_blank(book, records, kind):
    cells = {"项目!B2": None, "指标!C2": None, "指标!C3": None}
    assert [(r.kind, r.form) for r in book(records, cells).records] == [(kind, None)]


def test_unknown_and_known_extra_columns(book):
    cells = {"项目!Z1": "项目概况", "项目!Z2": "很好", "项目!AA1": "心情", "项目!AA2": "不错", "项目!AB2": "无头"}
    cells |= {"资金执行!I1": "项目概况", "指标!L1": "备注"}
    ledger = book([PLAIN], cells)
    assert not ledger.mistakes
    assert [f"{m.where.sheet}!{m.where.cell}" for m in ledger.notes] == ["项目!AA1", "项目!AB2", "资金执行!I1"]
    assert [r.extra for r in ledger.records] == [{"项目概况": "很好"}]


def test_numbers_in_extra_columns_are_plain_text(book):
    ledger = book([PLAIN], {"项目!U1": "项目总预算", "项目!U2": 1231000})
    assert ledger.records[0].extra == {"项目总预算": "1231000"}


def test_columns_in_any_order(book):
    def turn(work):
        for sheet in (work[name] for name in COLUMNS):
            rows = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
            for number, row in enumerate(rows, start=1):
                for index, value in enumerate(row, start=1):
                    cell = sheet.cell(number, index)
                    cell.value, cell.number_format = value, "@" if isinstance(value, str) else "General"
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
                    if isinstance(value, dt.datetime):
                        cell.number_format = "yyyy-mm-dd"

    assert book([PLAIN, RESULT], edit=turn).records == [PLAIN, RESULT]


@pytest.mark.parametrize("more", [["主管部门"], ["年度资金总额（元）"], ["主管部门", "年度总体目标"]])
def test_few_columns_of_projects_make_a_flat_sheet(tmp_path, more):
    work = openpyxl.Workbook()
    work.active.append(["年度", "项目名称", "实施单位", "三级指标", "指标值", *more])
    work.active.append([2021, "甲", "某中心", "场次", "≥90场", *[100] * len(more)])
    work.save(tmp_path / "台账.xlsx")
    ledger = read_ledger(tmp_path / "台账.xlsx")
    assert ([record.project for record in ledger.records], ledger.mistakes) == (["甲"], ())


@pytest.mark.parametrize("merged", ["B", "AB", "ABC"])
@pytest.mark.parametrize("unit", [None, "另一中心"])
def test_rows_under_a_merged_name_are_of_that_project(tmp_path, merged, unit):
    work = openpyxl.Workbook()
    work.active.append(["年度", "项目名称", "主管部门", "实施单位", "三级指标", "指标值"])
    work.active.append([2021, "甲", "某局", "某中心", "场次", "≥90场"])
    work.active.append([2021, None, None, unit, "合格率", "≥95%"])
    work.active.append([2021, "乙", "某局", "某中心", "次数", "≥9次"])
    for column in merged:
        work.active.merge_cells(f"{column}2:{column}3")
    work.save(tmp_path / "台账.xlsx")
    ledger = read_ledger(tmp_path / "台账.xlsx")
    found = [(record.project, record.unit, len(record.indicators)) for record in ledger.records]
    several = [("甲", "某中心", 1), ("甲", unit, 1)] if unit else [("甲", "某中心", 2)]
    assert (found, ledger.mistakes) == ([*several, ("乙", "某中心", 1)], ())


WHOLE, YEAR_S = "项目资金总额", "年度资金总额"


@pytest.mark.parametrize(
    ("headings", "funds", "asked"),
    [
        ((YEAR_S, "其中：财政拨款", "上年结转", "其他资金"), Funds(None, None, None, *map(Decimal, (1, 2, 3, 4))), 0),
        ((YEAR_S, "财政资金", "当年财政拨款"), Funds(fiscal=Decimal(2), annual_total=Decimal(1), annual_fiscal=Decimal(3)), 0),
        ((WHOLE, "财政拨款", YEAR_S, "其中：财政拨款"), Funds(*map(Decimal, (1, 2)), None, *map(Decimal, (3, 4))), 0),
        ((WHOLE, "其他资金", YEAR_S, "其他资金"), Funds(Decimal(1), None, Decimal(2), Decimal(3), None, None, Decimal(4)), 0),
        (("财政资金", YEAR_S), Funds(fiscal=Decimal(1), annual_total=Decimal(2)), 0),
        ((WHOLE, "财政资金", YEAR_S), Funds(Decimal(1), Decimal(2), None, Decimal(3)), 0),
        ((WHOLE, YEAR_S, "其中：财政拨款", "上年结转"), None, 1),  # the project's, or the year's?
    ],
)  # fmt: skip
def test_funds_behind_the_year_s_total_are_the_year_s(tmp_path, headings, funds, asked):
    work = openpyxl.Workbook()
    work.active.append(["年度", "项目名称", "主管部门", "实施单位", "三级指标", "指标值", *headings])
    work.active.append([2021, "甲", "某局", "某中心", "场次", "≥90场", *range(1, len(headings) + 1)])
    work.save(tmp_path / "台账.xlsx")
    ledger = read_ledger(tmp_path / "台账.xlsx")
    assert [record.funds for record in ledger.records] == ([] if funds is None else [funds])
    assert len(ledger.mistakes) == asked and all("当年财政拨款”或“财政资金" in m.what for m in ledger.mistakes)


@pytest.mark.parametrize(
    ("sheet", "left"),
    [("项目", 0), ("指标", 0), ("资金执行", 1)],
)
def test_missing_sheet(book, sheet, left):
    ledger = book([PLAIN, replace(RESULT, project="丁")], edit=lambda work: work.remove(work[sheet]))
    assert [m.what for m in ledger.mistakes] == [f"缺少“{sheet}”工作表"]
    assert len(ledger.records) == left


@pytest.mark.parametrize("spot", ["项目!C1", "指标!F1", "指标!B1", "资金执行!C1"])
def test_missing_required_column(book, spot):
    ledger = book([replace(RESULT, project="丁")], {spot: None})
    assert any("缺少" in what for _, what in said(ledger))
    assert ledger.records == []


def test_unused_values_are_noted_but_no_mistake(book):
    ledger = book([PLAIN, replace(RESULT, project="丁")], {"项目!D3": "一次性", "指标!H2": "91"})
    assert not ledger.mistakes
    assert ["项目类别" in ledger.notes[1].what, "实际完成值" in ledger.notes[0].what] == [True, True]


def test_strict_reading_carries_the_mistakes(book, tmp_path):
    book([PLAIN], {"项目!H2": "x"})
    with pytest.raises(LedgerError) as caught:
        read_records(tmp_path / "台账.xlsx")
    assert len(caught.value.mistakes) == 1


def test_json(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([PLAIN.to_dict(), RESULT.to_dict()]), encoding="utf-8-sig")
    assert read_records(path) == [PLAIN, RESULT]
    path.write_text(json.dumps([PLAIN.to_dict(), {"kind": "x"}, 1]), encoding="utf-8")
    ledger = load(path)
    assert ledger.records == [PLAIN]
    assert [m.what[:5] for m in ledger.mistakes] == ["第 2 条", "第 3 条"]


def test_json_figures_are_exact(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"kind": "declaration", "project": "x", "funds": {"total": 0.1}}]', encoding="utf-8")
    assert read_records(path)[0].funds.total == Decimal("0.1")


@pytest.mark.parametrize("data", [b"[", b"\xff\xfe", b""])
def test_bad_json(tmp_path, data):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(BadValue):
        load(path)


def test_a_budget_line_given_twice_is_a_mistake(tmp_path):
    path = tmp_path / "台账.xlsx"
    records = example()
    path.write_bytes(write_ledger(None, records))
    book = openpyxl.load_workbook(path)
    sheet = book["资金执行"]
    sheet.append([cell.value for cell in sheet[2]])
    row = sheet.max_row
    book.save(path)
    got = read_ledger(path)
    assert [(mistake.where.sheet, mistake.where.cell) for mistake in got.mistakes] == [("资金执行", f"C{row}")]
    assert len(got.records) == len(records) - 1
