"""Reading forms out of Grids: layouts, disturbed labels, values, doubts and errors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from xladdin.domain.fields import EXTRA_2020
from xladdin.domain.labels import canonical, money_unit, normalise
from xladdin.errors import NotAForm, UnreadableForm
from xladdin.form.arithmetic import evaluate
from xladdin.form.recognise import read_book, recognise
from xladdin.form.values import ticked
from xladdin.workbook.grid import Grid, range_of, spot_of

EXTRAS = {normalise(name): f"extra.{name}" for name in EXTRA_2020}


def grid_of(rows, merges="", formulas=None, percents=(), sheet="表"):
    """A Grid from rows of values: | splits cells in a text row; None and "" are blank. Formulas are uncomputed."""
    grid = Grid(sheet, "f.xlsx", merges=[range_of(m) for m in merges.split()])
    for row, line in enumerate(rows, 1):
        cells = [part.strip(" ") for part in line.split("|")] if isinstance(line, str) else line
        for column, value in enumerate(cells, 1):
            if value not in (None, ""):
                grid.cells[row, column] = D(value) if isinstance(value, int) else value
    for cell, formula in (formulas or {}).items():
        spot = spot_of(cell)
        grid.formulas[spot] = formula
        if spot not in grid.cells:
            grid.uncomputed.add(spot)
    grid.percents.update(spot_of(cell) for cell in percents)
    return grid


D2021 = [
    "财政项目支出绩效目标申报表",
    "（2021年度）",
    "项目名称|甲项目||项目类别|一次性项目",
    "主管部门|卫健委||实施单位|计生协会",
    "计划开始日期|2021-01-01||计划完成日期|2021年12月31日",
    "项目资金|项目资金总额|1,100,000||年度资金申请总额||1,100,000",
    "|其中：财政资金|1,100,000||其中：当年财政拨款||1,154,000",
    "||||上年结转资金",
    "|其他资金|||其他资金||7",
    "项目绩效目标|项目总目标\n（2021年－2021年）|||年度总目标",
    "|总的目标|||今年目标",
    "绩效指标|一级指标|二级指标|三级指标|||指标目标值",
    "|产出指标|数量指标|服务场次|||=91场",
    "|||发放  册数\n（册）|||=3000份",
    "|效益指标|社会效益\n指标|覆盖人数|||=800人",
]
M2021 = "A1:G1 A2:G2 B3:C3 E3:G3 A6:A9 C6:D6 E6:F6 A10:A11 B10:D10 E10:G10 B11:D11 E11:G11 A12:A15 D12:F12 B13:B14"


def one(rows, merges="", extras=EXTRAS, **more):
    (record,) = recognise(grid_of(rows, merges, **more), extras)
    return record


def test_2021_declaration():
    r = one(D2021, M2021)
    assert (r.kind, r.form, r.year, r.project, r.category) == ("declaration", None, 2021, "甲项目", "一次性项目")
    assert (r.department, r.unit, r.money_unit) == ("卫健委", "计生协会", None)
    assert (r.start, r.end) == (dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    f = r.funds
    assert (f.total, f.fiscal, f.other) == (D(1100000), D(1100000), None)
    assert (f.annual_total, f.annual_fiscal, f.annual_carryover, f.annual_other) == (D(1100000), D(1154000), None, D(7))
    assert (r.overall_goal, r.annual_goal) == ("总的目标", "今年目标")
    assert [(i.level1, i.level2, i.name, i.target) for i in r.indicators] == [
        ("产出指标", "数量指标", "服务场次", "=91场"),
        ("产出指标", "数量指标", "发放  册数（册）", "=3000份"),
        ("效益指标", "社会效益指标", "覆盖人数", "=800人"),
    ]
    cells = r.source.cells
    spots = ("project", "funds.total", "funds.annual_carryover", "annual_goal", "indicators[1].target",
             "indicators[1].level1")  # fmt: skip
    assert [cells[s].cell for s in spots] == ["B3", "C6", "F8", "E11", "G14", "B13"]
    assert r.source.doubts == ()


def test_2024_nature_unit_and_blank_overall_goal():
    rows = list(D2021)
    rows[2] = "项目名称|甲||项目性质|其他一次性项目|项目类别|特定目标类"
    rows[5] = "项目资金\n(元)|项目资金总额|||年度资金申请总额||571,000.00"
    rows[9] = "项目绩效目标|项目总目标|||年度总体目标"
    rows[10] = "||||今年"
    rows[11] = "绩效指标|一级指标|二级指标|三级指标|||年度(/项目)指标值"
    r = one(rows, M2021.replace(" B3:C3 E3:G3", ""))
    assert (r.nature, r.category, r.money_unit) == ("其他一次性项目", "特定目标类", "元")
    assert (r.funds.total, r.funds.annual_total) == (None, D("571000.00"))
    assert (r.overall_goal, r.annual_goal) == (None, "今年")


def test_2020_fields_below_their_labels():
    r = one(
        [
            "财政项目支出绩效目标表", "（2020年度）", "申报单位名称：||计生协会", "项目名称：||乙项目|项目类别：|其他",
            "计划开始日期：||2020-01-01|计划完成日期：|2020-12-31", "是否含有政府购买服务：||否|绩效类型：|",
            "项目概况：", "概况：一\n二", "立项依据：", "", "总目标及阶段性目标：", "目标文字",
            "本项目上年度市级财政资金使用情况", "项目总预算（元）：||1,231,000.00|项目当年预算（元）：|5",
            "2020年绩效目标", "一级目标|二级目标|三级目标||指标目标值", "投入与管理|投入管理|预算执行率||=100%",
        ],
        "A3:B3 C3:E3 A4:B4 A5:B5 A6:B6 A7:E7 A8:E8 A9:E9 A11:E11 A12:E12 A13:E13 A14:B14 A15:E15 C16:D16 C17:D17",
    )  # fmt: skip
    assert (r.year, r.unit, r.project, r.overall_goal, r.money_unit) == (2020, "计生协会", "乙项目", "目标文字", "元")
    assert r.extra["项目概况"] == "概况：一\n二"
    assert r.extra["立项依据"] is None and r.extra["绩效类型"] is None
    assert (r.extra["项目总预算"], r.extra["项目当年预算"]) == ("1,231,000.00", "5")
    assert r.indicators[0].name == "预算执行率"


EVAL = [
    "财政项目支出绩效自评表",
    "（2021年度）",
    "项目名称|甲项目",
    "主管部门|卫健委|||实施单位|计生协会",
    "项目资金\n（元）|||年初预算数|全年预算数|全年执行数|分值|执行率|得分",
    "|年度资金总额||1100000.00|991403.00|965,043.97|10|97.35%|9.73",
    "|其中：当年财政拨款||1100000|991403|965043.97|—",
    "|上年结转资金||0|0",
    "年度\n总体\n目标|预算目标||||实际完成情况",
    "|目标文字||||完成文字",
    "绩效指标|一级指标|二级指标|三级指标|年度\n指标值|实际\n完成值|分值|得分|偏差原因分析及\n改进措施",
    "|产出指标|数量指标|服务场次|=90|90|20|20|",
    "|||及时性|1|1|10|待核|疫情原因",
    "总分||||||100|99.43",
    "注：说明文字",
]


def test_evaluation():
    r = one(EVAL)
    assert (r.kind, r.year, r.unit, r.money_unit) == ("evaluation", 2021, "计生协会", "元")
    total, fiscal, carry = r.budget
    assert (total.item, total.initial, total.executed) == ("年度资金总额", D("1100000.00"), D("965043.97"))
    assert (total.weight, total.rate, total.score) == (D(10), D("0.9735"), D("9.73"))
    assert (fiscal.item, fiscal.weight, fiscal.rate, carry.item, carry.initial) == (
        "当年财政拨款", None, None, "上年结转资金", D(0),
    )  # fmt: skip
    assert (r.annual_goal, r.actual_result) == ("目标文字", "完成文字")
    first, second = r.indicators
    assert (first.target, first.actual, first.weight, first.score, first.reason) == ("=90", "90", D(20), D(20), None)
    assert (second.level2, second.score, second.reason) == ("数量指标", None, "疫情原因")
    assert (r.total_weight, r.total_score, r.source.doubts) == (D(100), D("99.43"), ())
    assert r.source.cells["budget[0].executed"].cell == "F6" and r.source.cells["total_score"].cell == "H14"


def test_hubei():
    r = one(
        [
            "2020年度项目自评表", "单位：万元", "项目名称|丙||项目实施单位|局",
            "预算执行情况（20分）||预算数（A）|执行数（B）|执行率（B/A）|得分（20分×执行率）",
            "|年度财政资金总额|200|195.5|97.75%|19.55",
            "年度绩效目标1（80分）|一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分",
            "|产出指标|数量指标|道路|≥5公里|5公里|40", "总分||||||59.55", "偏差大或目标未完成原因分析|无",
        ]
    )  # fmt: skip
    assert (r.project, r.unit, r.year, r.money_unit) == ("丙", "局", 2020, "万元")
    line = r.line("年度资金总额")
    assert (line.initial, line.budget, line.executed, line.rate) == (None, D(200), D("195.5"), D("0.9775"))
    assert (r.indicators[0].target, r.indicators[0].score, r.total_score) == ("≥5公里", D(40), D("59.55"))
    assert len(r.indicators) == 1


def test_two_forms_in_one_sheet():
    second = [line.replace("甲项目", "乙项目").replace("2021年度", "2022年度") for line in D2021]
    a, b = recognise(grid_of([*D2021, "备注：无", "", *second]), EXTRAS)
    assert [(r.project, r.year, len(r.indicators)) for r in (a, b)] == [("甲项目", 2021, 3), ("乙项目", 2022, 3)]
    a, b = recognise(grid_of([*D2021, *second]), EXTRAS)
    assert [len(r.indicators) for r in (a, b)] == [3, 3]
    assert len(recognise(grid_of([*EVAL, *D2021]), EXTRAS)) == 2


@pytest.mark.parametrize("at", range(1, 9))
def test_an_inserted_column_changes_nothing(at):
    plain, base = one(EVAL), grid_of(EVAL)
    base.cells = {(r, c + (c >= at)): v for (r, c), v in base.cells.items()}
    assert recognise(base, EXTRAS) == [plain]


@pytest.mark.parametrize("rows", [D2021, EVAL])
def test_inserted_rows_change_nothing(rows):
    spaced = [line for row in rows for line in (row, "")]
    assert one(spaced) == one(rows)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("项 目 名 称", "project"), ("项目名称：", "project"), ("项目\r\n名称", "project"), ("　项目名称:", "project"),
        ("其中：当年财政拨款", "funds.annual_fiscal"), ("其中:财政资金（万元）", "funds.fiscal"),
        ("年初目标值（A）", "target"), ("年度(/项目)指标值", "target"), ("业绩值", "actual"), ("权重", "weight"),
        ("评分说明", "reason"), ("预算目标", "annual_goal"), ("年初设定目标", "annual_goal"),
        ("得分（20分*执行率）", "score"), ("一、项目名称", "project"), ("项目总目标\n（2021年－2021年）", "overall_goal"),
        ("产出指标", None), ("数量指标", None), ("甲" * 61, None), ("", None), ("2020年绩效目标", "goal_block"),
    ],
)  # fmt: skip
def test_labels(text, name):
    assert canonical(text) == name


@pytest.mark.parametrize(
    ("text", "unit"),
    [("项目资金(万元)", "万元"), ("单位：万元", "万元"), ("项目总预算（元）：", "元"), ("项目资金\n（元）", "元"),
     ("项目资金", None), ("（单位：人民币万元）", "万元"), ("≥5万元", None)],
)  # fmt: skip
def test_money_unit(text, unit):
    assert money_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "choice"),
    [("专项资金□ 经常性项目√ 一次性项目□", "经常性项目"), ("☑专项资金 □经常性项目", "专项资金"), ("一次性项目", "一次性项目"),
     ("专项资金☐ 经常性项目☐", None), ("1、部门预算项目 ■ 2、专项 □", "部门预算项目")],
)  # fmt: skip
def test_ticked(text, choice):
    assert ticked(text) == choice


def with_cell(rows, cell, value):
    row, column = spot_of(cell)
    rows = [[p.strip(" ") for p in line.split("|")] if isinstance(line, str) else list(line) for line in rows]
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = value
    return rows


@pytest.mark.parametrize(
    ("value", "unit", "amount", "doubts"),
    [("50万元", "（元）", D(500000), 1), ("8,523,411.20元", "（元）", D("8523411.20"), 0), ("５", "（元）", D(5), 0), ("50万元", "", None, 1), ("约五十万", "", None, 1),
     ("—", "", None, 0), (D("1.5"), "", D("1.5"), 0), ("110万元", "（万元）", D(110), 0)],
)  # fmt: skip
def test_amounts(value, unit, amount, doubts):
    r = one(with_cell(with_cell(D2021, "A6", "项目资金" + unit), "C6", value))
    assert r.funds.total == amount and len(r.source.doubts) == doubts
    assert r.source.cells["funds.total"].cell == "C6"


def test_doubts_say_field_text_and_place():
    (doubt,) = one(with_cell(D2021, "B5", "2021年春")).source.doubts
    assert (doubt.field, doubt.text, str(doubt.where)) == ("start", "2021年春", "f.xlsx 表!B5")
    (doubt,) = one(with_cell(EVAL, "H12", "满分")).source.doubts
    assert (doubt.field, doubt.text) == ("indicators[0].score", "满分")


def test_a_target_in_three_cells():
    rows = [
        "绩效目标申报表",
        "项目名称|甲",
        "一级指标|二级指标|三级指标|指标值||",
        ["产出", "质量", "合格率", "≥", 95, "%"],
    ]
    r = one(rows, "D3:F3")
    assert r.indicators[0].target == "≥ 95 %" and r.source.cells["indicators[0].target"].cell == "D4"


@pytest.mark.parametrize(
    ("cell", "formula", "text"), [("E12", "100%", "=100%"), ("E12", "91场", "=91场"), ("F12", "100%", "100%")]
)
def test_typed_formulas_are_text(cell, formula, text):
    r = one(with_cell(EVAL, cell, None), formulas={cell: formula})
    assert (r.indicators[0].target if cell[0] == "E" else r.indicators[0].actual) == text


def test_numbers_as_text():
    rows = with_cell(with_cell(EVAL, "E12", D("0.95")), "F12", D("9.50E+1"))
    r = one(rows, percents=["E12"])
    assert (r.indicators[0].target, r.indicators[0].actual) == ("95%", "95")


@pytest.mark.parametrize("value", ["97.35%", "97.35％", D("97.35"), "97.35", D("0.9735")])
def test_rates(value):
    assert one(with_cell(EVAL, "H6", value)).budget[0].rate == D("0.9735")


@pytest.mark.parametrize("formula", ["SUM(C7,C9)", "SUM(C7:C9)", "550000*2", "C7", "11000000*10%"])
def test_simple_amount_formulas_are_worked_out(formula):
    assert one(with_cell(with_cell(D2021, "C6", None), "C7", 1100000), formulas={"C6": formula}).funds.total == 1100000


def test_other_uncomputed_amounts_are_in_doubt():
    r = one(with_cell(D2021, "C6", None), formulas={"C6": "VLOOKUP(A1,B:C,2)"})
    (doubt,) = r.source.doubts
    assert (r.funds.total, doubt.field, doubt.where.cell) == (None, "funds.total", "C6")
    assert "没有计算结果" in str(doubt) and "保存一次" in str(doubt)


def test_points_of_no_indicator_are_in_doubt_as_they_stand():
    rows = [*EVAL[:13], "|效益指标|社会效益|||", *EVAL[13:]]
    (doubt,) = one(rows, formulas={"G14": "VLOOKUP(A1,B:C,2)"}).source.doubts
    assert (doubt.field, doubt.text, doubt.where.cell) == ("分值", "=VLOOKUP(A1,B:C,2)", "G14")


def test_a_heading_that_lacks_columns_ends_the_table():
    rows = [*D2021, "绩效指标|一级指标|二级指标||||指标目标值", "|产出指标|数量指标|丙|||=3"]
    r = one(rows, M2021)
    (doubt,) = r.source.doubts
    assert (len(r.indicators), doubt.where.cell) == (3, "A16") and "没有读" in str(doubt)


def test_a_name_nobody_knows_heads_the_indicators_of_both_terms():
    rows = [
        "绩效目标申报表",
        "项目名称|甲",
        "一级指标|二级指标|三级的指标|中期指标值|年度指标值",
        "产出|数量|里程|=5|=3",
    ]
    r = one(rows)
    assert (r.indicators[0].name, r.indicators[0].target, r.extra) == ("里程", "=3", {"中期指标": "产出/数量/里程：=5"})


@pytest.mark.parametrize("wide", [False, True])
def test_forms_under_one_heading_have_nothing_else_in_common(wide):
    """A heading is read once for forms that share it, unless it is wide; what was carried down one stays there."""
    head = EVAL[10] + "|" * 60 + "其他" if wide else EVAL[10]
    rows = [*EVAL[:10], head.replace("得分", "自评查核"), *EVAL[11:]]
    blank = [*rows[:11], rows[11].replace("产出指标|数量指标", "|"), *rows[12:]]
    first, other, again = one(rows), one(blank), one(rows)
    assert first.source.doubts and (again, again.source.doubts) == (first, first.source.doubts)
    assert [(row.level1, row.level2) for row in other.indicators] == [(None, None)] * 2
    assert first.indicators[1].level1 == "产出指标"


def test_labels_of_one_form_are_none_of_another():
    rows = [*D2021[:5], "项目概况|概况", *D2021[5:]]
    found = [one(rows, extras=extras).extra for extras in (EXTRAS, {}, EXTRAS)]
    assert found == [{"项目概况": "概况"}, {}, {"项目概况": "概况"}]


def test_uncomputed_scores_are_left_to_the_caller():
    rows = EVAL
    for cell in ("H6", "I6", "H12", "G14", "H14"):
        rows = with_cell(rows, cell, None)
    r = one(rows, formulas=dict.fromkeys(("H6", "I6", "H12", "G14", "H14"), "ROUND(A1,2)"))
    assert (r.budget[0].rate, r.budget[0].score, r.indicators[0].score) == (None, None, None)
    assert (r.total_weight, r.total_score, r.source.doubts) == (None, None, ())


@pytest.mark.parametrize(
    ("formula", "value"),
    [("1+2*3", D(7)), ("-(1.5-2)%", D("0.005")), ("10/4", D("2.5")), ("1/3", D("0.333333333333333")), ("1+", None),
     ("A1", D(0)), ("SUM(A1:A2)+X", None), ("", None), ("ROUND(5/3,2)", D("1.67")), ("ROUND(1)", None), ("ROUND(1,99)", None), ("SUM()", None), ("SUM", None), ("((1)", None), ("1/0", None)],
)  # fmt: skip
def test_arithmetic(formula, value):
    assert evaluate(Grid("表"), formula) == value


def test_arithmetic_survives_circles():
    grid = grid_of([[None]], formulas={"A1": "B1", "B1": "A1"})
    assert evaluate(grid, "A1") is None


def test_label_and_value_in_one_cell():
    r = one(
        ["绩效目标申报表", "项目名称：甲|主管部门：乙局", "年度总目标：做好", "一级指标|三级指标|指标值", "产出|丁|1"]
    )
    assert (r.project, r.department, r.annual_goal) == ("甲", "乙局", "做好")


def test_indicator_rows():
    head = ["绩效目标申报表", "项目名称|甲", "一级指标|二级指标|三级指标|指标值"]
    r = one(
        [*head, "产出|数量|绩效报表|1", "", "||说明书份数|2", "||联系群众次数|3", "效益||满意|好", "合计|||", "||x|y"]
    )
    assert [(i.level1, i.level2, i.name) for i in r.indicators] == [
        ("产出", "数量", "绩效报表"), ("产出", "数量", "说明书份数"), ("产出", "数量", "联系群众次数"), ("效益", None, "满意"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (D2021[:11], ["缺指标表头", "项目名称", "三级指标"]),
        ([*D2021[:2], *D2021[3:]], ["没找到“项目名称”"]),
        (with_cell(D2021, "B3", None), ["项目名称", "空白"]),
        ([*EVAL[:4], *EVAL[8:]], ["缺项目资金表头", "主管部门", "没找到全年预算数、全年执行数"]),
        (with_cell(D2021, "G12", None), ["缺指标列", "没找到指标值"]),
    ],
)
def test_missing_parts_are_named(rows, words):
    with pytest.raises(UnreadableForm) as error:
        read_book([grid_of(rows)], EXTRAS)
    assert error.value.where.file == "f.xlsx" and error.value.where.sheet == "表" and error.value.where.cell
    assert all(word in str(error.value) for word in words), str(error.value)


@pytest.mark.parametrize(
    "rows",
    [["花名册", "姓名|电话"], ["项目绩效自评结果汇总表", "序号|项目名称|主管部门|得分", "1|甲|乙|90"], [],
     ["项目名称|一级指标|二级指标|三级指标|指标值", "甲|产出|数量|x|1"]],
)  # fmt: skip
def test_no_form(rows):
    with pytest.raises(NotAForm, match="没找到"):
        read_book([grid_of(rows)], EXTRAS)


def test_other_sheets_beside_forms_are_passed_over():
    assert len(read_book([grid_of(["花名册"]), grid_of(D2021)], EXTRAS)) == 1


GRADES = [  # rows after the indicators → what is read as the grade
    (["总分||||||100|99.43", "等级|优"], "优"),
    (["总分||||||100|99.43|自评等级：良"], "良"),
    (["总分||||||100|99.43", "评价等级：||中"], "中"),
    (["总分||||||100|99.43", "注：等级按总分划分"], None),
]


@pytest.mark.parametrize(("rows", "grade"), GRADES)
def test_grade_beside_or_below_the_total(rows, grade):
    record = one([*EVAL[:13], *rows])
    assert record.extra.get("自评等级") == grade
    assert len(record.indicators) == 2
    assert ("extra.自评等级" in record.source.cells) == bool(grade)


def test_headings_name_their_cells():
    """A wrong year or unit can be pointed at."""
    cells = one(EVAL).source.cells
    assert (cells["year"].cell, cells["money_unit"].cell) == ("A2", "A5")
