"""Headings of several rows, split targets, two sets side by side, words nobody listed, forms that are passed over."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

import xladdin
from tests.test_recognise import grid_of
from xladdin.domain import wordings
from xladdin.domain.labels import normalise
from xladdin.errors import NotAForm, PassedOver, UnreadableForm
from xladdin.form.reading import reading_of

HEAD = ["项目支出绩效目标申报表（2023年度）", "项目名称|甲", "主管部门|局||实施单位|中心", "项目资金（万元）|年度资金总额|10"]
TABLE = ["一级指标|二级指标|三级指标|指标值", "产出指标|数量指标|里程|≥5公里"]
EVALUATION = [
    "项目支出绩效自评表（2023年度）", "项目名称|甲", "主管部门|局||实施单位|中心",
    "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分", "|年度资金总额|10|10|5|10|50%|5",
    "预期目标|做好", "一级指标|二级指标|三级指标|指标值|实际完成值|分值|得分|偏差原因", "产出指标|数量指标|里程|≥5公里|5公里|90|90",
]  # fmt: skip


def read(*rows, merges="", **more):
    return reading_of([grid_of(list(rows), merges, **more)])


def one(*rows, **more):
    (record,) = read(*rows, **more).records
    return record


TARGETS = {  # heading rows, merges, a row of the table → 指标值
    "three columns": (["一级指标|二级指标|三级指标|指标性质|指标值|度量单位"], "", "产出|数量|x|≥|95|%", "≥95%"),
    "two columns": (["一级指标|二级指标|三级指标|数值|单位"], "", "产出|数量|x|95|%", "95%"),
    "unit before the value": (["一级指标|二级指标|三级指标|计量单位|指标值"], "", "产出|数量|x|公里|≥5", "≥5公里"),
    "merged across, three below": (
        ["一级指标|二级指标|三级指标|年度指标值", "|||符号|数值|单位"], "A5:A6 B5:B6 C5:C6 D5:F5", "产出|数量|x|≥|95|%", "≥95%",
    ),
    "below without a merge": (
        ["一级指标|二级指标|三级指标|年度指标值", "|||符号|数值|单位"], "", "产出|数量|x|≥|95|%", "≥95%",
    ),
    "levels below": (["绩效指标|||年度指标值", "一级指标|二级指标|三级指标|符号|值|单位"], "A5:C5 D5:F5", "产出|数量|x|≥|95|%", "≥95%"),
    "sign said twice": (["一级指标|二级指标|三级指标|符号|指标值|单位"], "", "产出|数量|x|≥|≥95|%", "≥95%"),
    "a text has no unit": (["一级指标|二级指标|三级指标|指标性质|指标值|单位"], "", "产出|质量|x|定性|良好|无", "良好"),
    "a sign and no value": (["一级指标|二级指标|三级指标|符号|指标值|单位"], "", "产出|质量|x|≥||%", None),
    "another word for the value": (["一级指标|二级指标|指标内容|预期指标值"], "", "产出|数量|x|95%", "95%"),
    "points in the heading": (["一级指标(100分)|二级指标|三级指标|指标值（A）"], "", "产出|数量|x|95%", "95%"),
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_targets(name):
    heads, merges, row, target = TARGETS[name]
    record = one(*HEAD, *heads, row, merges=merges)
    assert [(i.level1, i.name, i.target) for i in record.indicators] == [("产出", "x", target)]
    assert record.source.doubts == ()


def test_an_unknown_column_beside_a_target():
    """What stands there may be half of the target: it is said, and the rest is not taken for the whole."""
    rows = ("一级指标|二级指标|三级指标|指标值|奇怪栏", "产出|数量|x|95|%", "产出|数量|y|3个|很好", "产出|数量|z|4个")
    record = one(*HEAD, *rows)
    assert [i.target for i in record.indicators] == [None, "3个", "4个"]
    assert [(d.field, d.where.cell) for d in record.source.doubts] == [("栏名", "E5"), ("indicators[0].target", "D6")]


SETS = {  # 中期 and 年度 side by side: heading rows, rows → the year's, and the other
    "by the goals": (
        ["总体目标|中期目标（2021—2023年）||年度目标", "|三年||今年", "绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值"],
        ["|产出|数量|a|1|数量|b|2", "||质量|c|3||d|4"],
        [("产出", "数量", "b", "2"), ("产出", "数量", "d", "4")], "产出/数量/a：1\n产出/质量/c：3",
    ),
    "by the headings": (
        ["一级指标|二级指标|三级指标|年度指标值|中期指标值"], ["产出|数量|x|5|6"], [("产出", "数量", "x", "5")], "产出/数量/x：6",
    ),
    "by the row above": (
        ["一级指标|二级指标|三级指标|指标值", "|||中期|年度"], ["产出|数量|x|5|6"], [("产出", "数量", "x", "6")], "产出/数量/x：5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_the_year_answers_and_the_whole_term_is_kept(name):
    heads, rows, year, term = SETS[name]
    record = one(*HEAD, *heads, *rows, merges="D5:E5" if name == "by the row above" else "")
    assert [(i.level1, i.level2, i.name, i.target) for i in record.indicators] == year
    assert (record.extra["中期指标"], record.source.doubts) == (term, ())


def test_amounts_of_the_whole_term_and_of_the_year():
    rows = ["项目资金（万元）|中期资金总额|30|年度资金总额|10", "|其中：财政拨款|28|其中：财政拨款|9", "|其他资金|2|其他资金|1"]
    funds = one(*HEAD[:3], *rows, *TABLE).funds
    assert (funds.total, funds.fiscal, funds.other) == (D(30), D(28), D(2))
    assert (funds.annual_total, funds.annual_fiscal, funds.annual_other) == (D(10), D(9), D(1))


FUNDS = {
    "in the label's cell": ["项目资金（万元）|年度资金总额：203", "|其中：财政拨款 200", "|其他资金：3"],
    "below their labels": ["项目资金（万元）|年度资金总额|其中：财政拨款|其他资金", "|203|200|3"],
    "合计": ["项目资金（万元）|合计|203", "|财政拨款|200", "|其他资金|3"],
    "under other words": ["资金情况（万元）|年度金额|203", "|本年财政拨款|200", "|其他资金|3"],
}


@pytest.mark.parametrize("rows", FUNDS.values(), ids=FUNDS)
def test_amounts(rows):
    record = one(*HEAD[:3], *rows, *TABLE)
    assert (record.funds.annual_total, record.funds.annual_other, record.money_unit) == (D(203), D(3), "万元")
    assert D(200) in (record.funds.annual_fiscal, record.funds.fiscal) and not record.source.doubts


def test_a_column_of_another_money_unit_is_converted_and_said():
    rows = list(EVALUATION)
    rows[3] = rows[3].replace("全年执行数", "全年执行数（元）")
    rows[4] = "|年度资金总额|10|10|50000|10|50%|5"
    record = one(*rows)
    assert record.budget[0].executed == D(5)
    assert [(d.field, d.where.cell) for d in record.source.doubts] == [("budget[0].executed", "E5")]


@pytest.mark.parametrize(
    ("heading", "shown", "rate"),
    [("执行率(%)", "50", "0.5"), ("执行率(%)", "0.5", "0.5"), ("执行率（B/A）", "50", "0.5"), ("执行率(%)", "50%", "0.5")],
)
def test_a_rate_whose_unit_stands_in_the_heading(heading, shown, rate):
    rows = [row.replace("执行率", heading).replace("50%", shown) for row in EVALUATION]
    assert one(*rows).budget[0].rate == D(rate)


@pytest.mark.parametrize(
    "head",
    ["预算执行情况（万元）（20分）||年初预算数|全年预算数|全年执行数|执行率|得分",
     "项目资金（万元）||年初预算数|全年预算数|全年执行数|执行率|得分（20分×执行率）"],
)  # fmt: skip
def test_the_points_of_execution_in_a_heading(head):
    record = one(*EVALUATION[:3], head, "|年度资金总额|10|10|5|50%|10", "|其中：财政拨款|10|10|5|50%", *EVALUATION[5:])
    assert [line.weight for line in record.budget] == [D(20), None]
    assert [line.item for line in record.budget] == ["年度资金总额", "当年财政拨款"]
    assert "E-02" not in {one.code for one in xladdin.check(record) if one.level == "error"}


def test_words_nobody_listed_are_taken_for_what_they_are_like_and_said():
    record = one(
        "项目支出绩效目标申报表（2023年度）", "工程项目名称|甲", "业务主管部门名称|局|项目具体实施单位|中心",
        "年度资金总额度（万元）|10", "一级指标|二级指标|三级指标|年度指标参考值", "产出|数量|x|5",
    )  # fmt: skip
    assert (record.project, record.department, record.unit, record.funds.annual_total) == ("甲", "局", "中心", D(10))
    assert record.indicators[0].target == "5"
    assert [d.where.cell for d in record.source.doubts] == ["A2", "A3", "C3", "A4", "D5"]


CLOSING = ["填报人：张三|||填报日期：2023年1月1日", "审核人：|||2023.1.1", "注：以上属实", "备注：|||无", "项目负责人：  财务负责人："]


@pytest.mark.parametrize("row", CLOSING)
def test_who_signed_is_no_indicator(row):
    assert len(one(*HEAD, *TABLE, row).indicators) == 1
    assert len(one(*EVALUATION, row).indicators) == 1


def test_the_total_below_a_remark_with_its_grade():
    record = one(*EVALUATION, "其他需要说明的问题|||无", "总分|||||100|95|优")
    assert (len(record.indicators), record.total_weight, record.total_score) == (1, D(100), D(95))
    assert record.extra["自评等级"] == "优" and record.source.cells["total_score"].cell == "G10"


FIELDS = {
    "one cell each": ["项目名称：甲", "主管部门：局|||实施单位：中心"],
    "two in a cell": ["项目名称：甲", "主管部门：局    实施单位：中心"],
    "a line break in the label": ["项目\n名称：甲", "主管部门|局||实 施\n单 位：中心"],
    "who files gives way": ["填报单位：某处 填报日期：2023年1月1日", "项目名称|甲|主管部门|局|项目实施单位|中心"],
    "单位 alone": ["单位：某处    单位：万元", "项目名称|甲|主管部门|局|项目实施单位|中心"],
    "单位 and no other": ["单位：中心", "项目名称|甲|主管部门|局"],
    "中央 and 地方": ["项目名称|甲", "中央主管部门|局||地方主管部门|中心"],
    "地方 and who spends": ["转移支付（项目）名称|甲", "地方主管部门|局||资金使用单位|中心"],
}


@pytest.mark.parametrize("rows", FIELDS.values(), ids=FIELDS)
def test_names(rows):
    record = one(HEAD[0], *rows, HEAD[3], *TABLE)
    assert (record.project, record.department, record.unit) == ("甲", "局", "中心")


@pytest.mark.parametrize("length", ["1年", "长期", "2021—2023年"])
def test_a_period_is_kept_as_it_stands(length):
    record = one(*HEAD, f"项目期|{length}", *TABLE)
    assert (record.extra["项目期"], record.start, record.source.doubts) == (length, None, ())


PASSED = {
    "部门整体支出": ["部门整体支出绩效自评表", "单位名称|局", *TABLE],
    "运行监控": ["项目支出绩效运行监控表", "项目名称|甲", "项目资金|年初预算数|1—6月执行数", *TABLE],
    "优良中差": [*HEAD, "一级指标|二级指标|三级指标|优|良|中|差", "产出|数量|x|5|4|3|2"],
    "分乡镇": [*HEAD, "一级指标|二级指标|三级指标|指标值", "|||甲镇|乙镇|丙镇", "产出|数量|x|5|6|7"],
    "空白表": ["项目支出绩效目标申报表", "项目名称|", "项目资金（万元）|年度资金总额|", *TABLE],
}


@pytest.mark.parametrize("name", PASSED)
def test_what_is_passed_over_costs_nothing_else(name):
    merges = "A5:A6 B5:B6 C5:C6 D5:F5" if name == "分乡镇" else ""
    strange = grid_of(PASSED[name], merges, sheet="别的")
    found = reading_of([strange, grid_of([*HEAD, *TABLE])])
    assert [record.project for record in found.records] == ["甲"] and not found.failed
    (note,) = found.notes
    assert type(note) is PassedOver and name in note.what and note.where.sheet == "别的"
    with pytest.raises(NotAForm, match=name):
        reading_of([strange])


def test_a_project_that_watches_is_no_monitoring():
    assert one("视频监控系统建设项目支出绩效目标申报表（2023年度）", *HEAD[1:], *TABLE).project == "甲"


def test_three_forms_in_one_sheet_and_one_that_cannot_be_read():
    form = [*HEAD, *TABLE]
    nameless = [HEAD[0], *HEAD[2:], *TABLE]
    unnamed = [HEAD[0], "项目名称|", *HEAD[2:], *TABLE]
    third = [row.replace("甲", "丙") for row in form]
    found = read(*nameless, "", *form, "", *unnamed, "", *third)
    assert [record.project for record in found.records] == ["甲", "丙"]
    assert [type(note) for note in found.notes] == [UnreadableForm] * 2 and found.failed
    assert [note.where.cell for note in found.notes] == ["A4", "A15"]


def test_a_form_without_a_title():
    assert one(*HEAD[1:], *TABLE).project == "甲"


@pytest.mark.parametrize(
    ("rows", "year", "cell"),
    [(["2020年绩效目标"], 2020, "A5"), (["预算年度|2022"], 2022, "B5"), (["预算年度|明年"], None, None), ([], None, None)],
)
def test_the_year_where_no_title_names_it(rows, year, cell):
    record = one("项目支出绩效目标申报表", *HEAD[1:], *rows, *TABLE)
    assert record.year == year
    assert cell is None or record.source.cells["year"].cell == cell


def test_a_name_merged_over_rows_is_that_of_each():
    record = one(*HEAD, *TABLE, "|||6公里", "|||7公里", "产出指标|质量指标||好", merges="C6:C7")
    assert [row.name for row in record.indicators] == ["里程", "里程", "", ""]
    cells = record.source.cells
    assert [cells[f"indicators[{n}].name"].cell for n in (0, 1)] == ["C6", "C6"]
    assert [doubt.where.cell for doubt in record.source.doubts] == ["C8", "C9"]


def test_cells_of_what_is_blank():
    """A finding about a blank names the cell in which something ought to stand."""
    record = one(*EVALUATION[:4], "|年度资金总额|10|10||10||", *EVALUATION[5:7], "产出指标|数量指标|里程|≥5公里||90", "总分|||||100|")
    cells = record.source.cells
    wanted = {"budget[0].executed": "E5", "budget[0].item": "B5", "budget[0].score": "H5", "indicators[0].actual": "E8",
              "indicators[0].level1": "A8", "total_weight": "F9", "total_score": "G9"}  # fmt: skip
    assert {field: cells[field].cell for field in wanted} == wanted


FORMULAS = {"G5": "E5/D5", "H5": "ROUND(F5*G5,2)", "F9": "SUM(F8,F5)", "G9": "G8+H5"}


def test_formulas_without_a_stored_value():
    rows = [*EVALUATION[:4], ["", "年度资金总额", 10, 10, 5, 10], *EVALUATION[5:7], ["产出指标", "数量指标", "里程", "≥5公里", "5公里", 90, 90], "总分"]
    record = one(*rows, formulas=FORMULAS)
    line = record.budget[0]
    assert (line.rate, line.score, record.total_weight, record.total_score) == (D("0.5"), D(5), D(100), D(95))
    assert record.source.doubts == ()
    record = one(*rows, formulas=FORMULAS | {"H5": "VLOOKUP(F5,A:B,2)"})
    assert (record.budget[0].score, record.total_score) == (None, None)
    assert {doubt.where.cell for doubt in record.source.doubts} == {"H5", "G9"}


def test_labels_used_and_not_used():
    rows = [*HEAD, "是否涉密|否|建设地点|城东", *TABLE]
    source = one(*rows).source
    assert (source.labels, [str(label) for label in source.unused]) == (9, ["A5“是否涉密”", "C5“建设地点”"])
    assert source.to_dict()["labels"]["unused"][0] == {"text": "是否涉密", "where": {"sheet": "表", "cell": "A5"}}


def test_every_wording_stands_once_and_says_where_it_was_seen():
    for table in (wordings.LABELS, *wordings.HEADINGS.values(), wordings.ITEMS):
        words = [normalise(word) for sources in table.values() for text in sources.values() for word in text.split()]
        assert len(words) == len(set(words)) and all(words)
        assert {source for sources in table.values() for source in sources} <= wordings.SEEN.keys()
    assert all(word in {w for s in wordings.LABELS["unit"].values() for w in s.split()} | {
        w for s in wordings.LABELS["department"].values() for w in s.split()} for word in wordings.LESSER.split())  # fmt: skip


def test_every_sheet_that_gave_nothing_is_told_the_worst_first():
    blank, broken = grid_of(PASSED["空白表"], sheet="空白"), grid_of([HEAD[0], *HEAD[2:], *TABLE], sheet="缺名")
    with pytest.raises(UnreadableForm):
        reading_of([blank, broken])


@pytest.mark.parametrize(("sheets", "code"), [(("空白表",), 2), (("空白表", "好"), 0), (("缺名", "好"), 1)])
def test_exit_codes(run, tmp_path, sheets, code):
    import openpyxl

    rows = {"空白表": PASSED["空白表"], "好": [*HEAD, *TABLE], "缺名": [HEAD[0], *HEAD[2:], *TABLE]}
    book = openpyxl.Workbook()
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in rows[name]:
            sheet.append([cell or None for cell in row.split("|")])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "表.xlsx")
    for command in ("read", "check"):
        found = run(command, tmp_path / "表.xlsx")
        assert found[0] in (code, 1 if command == "check" and code == 0 else code), found  # a check may find mistakes
        assert sheets[0] in found[1] + found[2]
