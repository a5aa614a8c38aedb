"""What offices send in: layouts that no maker of forms thought of, read as they were meant, or asked about."""

from __future__ import annotations

import io
from decimal import Decimal as D

import openpyxl
import pytest

import xladdin
from tests.test_headings import EVALUATION, HEAD, TABLE, one, read
from tests.test_recognise import grid_of
from xladdin.errors import PassedOver, UnreadableForm
from xladdin.form.reading import reading_of

RESULTS = EVALUATION[-2:]

GOALS = {  # rows → 年度目标, 实际完成情况
    "in cells side by side": (
        ["年度总体目标|预期目标|实际完成情况", "|目标1：修路|修了", "|目标2：架桥|架了", "||路灯也装了"],
        "目标1：修路\n目标2：架桥", "修了\n架了\n路灯也装了",
    ),
    "beside their labels": (["预期目标|修路", "|架桥", "实际完成情况|修了", "|架了"], "修路\n架桥", "修了\n架了"),
    "a label nobody knows below": (["预期目标|修路", "别的要求|架桥", "实际完成情况|修了"], "修路", "修了"),
    "a label nobody knows below both": (
        ["年度总体目标|预期目标|实际完成情况", "|修路|修了", "别的要求|架桥|架了"], "修路", "修了",
    ),
    "every cell of a merge filled": (
        ["年度总体目标|年度总体目标|预期目标|预期目标|完成情况|完成情况", "年度总体目标|年度总体目标|修路|修路|修了|修了", "年度总体目标|年度总体目标|架桥|架桥|架了|架了"],
        "修路\n架桥", "修了\n架了",
    ),
    "labels repeated on every row": (
        ["目标|预期目标|实际完成情况", "年度总体目标|修路|修了", "年度总体目标|架桥|架了"], "修路\n架桥", "修了\n架了",
    ),
    "目标完成情况 as a heading": (["年度总体目标|预期目标|目标完成情况", "|修路|修了"], "修路", "修了"),
    "目标完成情况 over both": (["目标完成情况|总体目标|全年实际完成情况", "|修路|修了"], "修路", "修了"),
    "目标完成情况 beside its text": (["年度目标|修路", "目标完成情况|修了"], "修路", "修了"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOALS)
def test_goals(name):
    rows, goal, result = GOALS[name]
    record = one(*EVALUATION[:5], *rows, *RESULTS)
    assert (record.annual_goal, record.actual_result, record.source.doubts) == (goal, result, ())


UNITS = {  # what stands above the money, its heading, two amounts → money_unit, amount, fields in doubt
    "a line in 千元": ("单位：千元", "项目资金", "10", "10", None, D(10), ["money_unit"]),
    "a heading in 千元": ("", "项目资金（千元）", "10", "10", None, D(10), ["money_unit"]),
    "both, said once": ("金额单位：亿元", "项目资金（亿元）", "10", "10", None, D(10), ["money_unit"]),
    "a line in 万元": ("单位：万元", "项目资金", "10", "10", "万元", D(10), []),
    "beside every amount": ("", "项目资金", "10万元", "9万元", "万元", D(10), []),
    "beside one amount only": ("", "项目资金", "10", "9万元", None, D(10), ["funds.annual_fiscal"]),
    "beside amounts that differ": (
        "", "项目资金", "10万元", "90000元", None, None, ["funds.annual_total", "funds.annual_fiscal"],
    ),
    "in a heading nobody knows": ("", "资金的申请（万元）", "10", "10", "万元", D(10), []),
}  # fmt: skip


@pytest.mark.parametrize("name", UNITS)
def test_units_of_money(name):
    line, heading, total, part, unit, amount, doubts = UNITS[name]
    money = [f"{heading}|年度资金总额|{total}", f"|其中：当年财政拨款|{part}", "年度目标|修路"]
    record = one(HEAD[0], line, *HEAD[1:3], *money, *TABLE)
    assert (record.unit, record.money_unit, record.funds.annual_total) == ("中心", unit, amount)
    assert [doubt.field for doubt in record.source.doubts] == doubts


def test_amounts_of_a_unit_nobody_has_are_compared_with_nothing():
    thousands = one(
        HEAD[0], *HEAD[1:3], "项目资金（千元）|年度资金总额|100", "|当年财政拨款|100", "年度目标|修路", *TABLE
    )
    wan = one(*EVALUATION)
    assert [f.level for f in xladdin.reconcile(thousands, wan) if f.code in ("X-03", "X-04")] == ["undecided"]
    assert not [f for f in xladdin.check(thousands) if "没有印金额单位" in f.message]


FUNDS = {  # rows below 年度资金总额 100 → 其他资金, texts in doubt
    "a name nobody knows": (["|其中：财政拨款|90", "|彩票公益金|10"], None, ["彩票公益金"]),
    "a name nobody knows between": (["|彩票公益金|10", "|其中：财政拨款|90"], None, ["彩票公益金"]),
    "其他": (["|其中：财政拨款|90", "|其它资金|10"], D(10), []),
    "every cell of a merge filled": (["|其中：财政拨款|90.0|90.0|90.0", "|其它资金|10|10|10"], D(10), []),
}


@pytest.mark.parametrize("name", FUNDS)
def test_lines_of_a_declaration(name):
    rows, other, doubts = FUNDS[name]
    record = one(*HEAD[:3], "项目资金（万元）|年度资金总额|100", *rows, "年度目标|修路", *TABLE)
    other = record.funds.annual_other if other is None else other
    assert (record.funds.annual_other, [doubt.text for doubt in record.source.doubts]) == (other, doubts)
    assert not [f for f in xladdin.check(record) if f.code in ("D-F1", "D-F2")]


def test_lines_of_an_evaluation():
    lines = ["|年度资金总额|100|100|90|10|90%|9", "|中央资金|90|90|80", "|其他|10|10|10"]
    record = one(*EVALUATION[:4], *lines, *EVALUATION[5:])
    assert [line.item for line in record.budget] == ["年度资金总额", "中央资金", "其他资金"]
    assert not [f for f in xladdin.check(record) if f.code == "E-01"]


def test_a_form_without_points_is_not_asked_for_them():
    money = ["资金情况（万元）||全年预算数|全年执行数|执行率", "|年度资金总额|100|90|90%"]
    record = one(
        *EVALUATION[:3],
        *money,
        "预期目标|修路",
        "一级指标|二级指标|三级指标|指标值|完成值",
        "产出|数量|路|≥5公里|5公里",
    )
    assert not [f for f in xladdin.check(record) if f.code == "E-02"]


ROWS = {  # heading, rows → level1, level2, name, and target of those that are indicators
    "一级 and 二级": ("一级|二级|三级指标|指标值", ["产出|数量|路|5公里"], [("产出", "数量", "路", "5公里")]),
    "both levels in one cell": (
        "一级指标|三级指标|指标值", ["产出指标-数量指标|路|5公里"], [("产出指标", "数量指标", "路", "5公里")],
    ),
    "nothing under a level": (
        "一级指标|二级指标|三级指标|指标值", ["产出|数量|路|5公里", "效益|生态|无|无", "|经济|/|—"], [("产出", "数量", "路", "5公里")],
    ),
    "小计 of a level": (
        "一级指标|二级指标|三级指标|指标值|完成值|分值", ["产出|数量|路|5公里|5|9", "产出指标小计|||||9"], [("产出", "数量", "路", "5公里")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_rows(name):
    heading, rows, found = ROWS[name]
    record = one(*(EVALUATION[:6] if "完成值" in heading else HEAD), heading, *rows)
    assert [(i.level1, i.level2, i.name, i.target) for i in record.indicators] == found
    assert record.source.doubts == ()


def test_a_merge_taken_apart_and_filled():
    record = one(*EVALUATION, "总分|总分|总分|总分|总分|100|95")
    assert ([i.name for i in record.indicators], record.total_score) == (["里程"], D(95))


@pytest.mark.parametrize(("heading", "reason"), [("备注", "下雨"), ("备注（偏差原因）", "下雨"), ("说明", "下雨")])
def test_reasons_under_remarks(heading, reason):
    record = one(
        *EVALUATION[:6],
        f"一级指标|二级指标|三级指标|指标值|实际完成值|分值|得分|{heading}",
        "产出|数量|路|≥5公里|4公里|90|72|下雨",
    )
    assert record.indicators[0].reason == reason


def test_remarks_beside_reasons_are_no_reasons():
    heading = "一级指标|二级指标|三级指标|指标值|实际完成值|分值|得分|偏差原因|备注"
    record = one(*EVALUATION[:6], heading, "产出|数量|路|≥5公里|4公里|90|72||见附件")
    assert record.indicators[0].reason is None


def test_forms_side_by_side_are_not_mixed():
    rows = [f"{left}|{right.replace('甲', '乙')}" for left, right in zip(_wide(HEAD), _wide(HEAD), strict=True)]
    with pytest.raises(UnreadableForm, match="左右并排"):
        read(*rows, "|".join([TABLE[0]] * 2), "产出|数量|a|1|效益|社会|b|2")
    twice = [f"{row}|{row}" for row in _wide(HEAD)]
    assert one(*twice, *TABLE).project == "甲"  # a merge taken apart and filled is no second form


def _wide(rows):
    return ["|".join((row.split("|") + [""] * 5)[:5]) for row in rows]


def test_who_budgets_is_the_department_where_another_does_the_work():
    both = one(HEAD[0], HEAD[1], "预算部门|局||实施单位|中心", HEAD[3], *TABLE)
    alone = one(HEAD[0], HEAD[1], "预算部门|局", HEAD[3], *TABLE)
    assert (both.department, both.unit, alone.department) == ("局", "中心", "局")


def test_a_list_is_said_to_be_for_the_ledger():
    with pytest.raises(xladdin.XladdinError, match="导入台账"):
        read("序号|项目名称|实施单位|金额", "1|甲|中心|10")


@pytest.mark.parametrize(
    ("written", "day"), [("20230301", "2023-03-01"), (20230301, "2023-03-01"), ("20231301", None), (44986, None)]
)
def test_days_in_eight_digits(written, day):
    record = one(*HEAD[:3], ["计划开始日期", written, None, "计划完成日期", "2023-12-31"], HEAD[3], *TABLE)
    assert str(record.start or "") == (day or "") and len(record.source.doubts) == (day is None)


TOTALS = {  # rows above the money, rows below the indicators → 总分
    "above": (["自评总分|95|自评等级|优"], [], D(95)),
    "above, in its label's cell": (["自评总分：95分（优）"], [], D(95)),
    "below, in its label's cell": ([], ["自评得分：95.5分"], D("95.5")),
    "in the table": (["自评总分|94"], ["总分||||||95"], D(95)),
    "headings are none": ([], [], None),
}


@pytest.mark.parametrize("name", TOTALS)
def test_totals_apart_from_the_table(name):
    above, below, total = TOTALS[name]
    assert one(*EVALUATION[:3], *above, *EVALUATION[3:], *below).total_score == total


MONEY = {  # headings and figures → 年初, 全年, 执行, headings that are said not to be read
    "the change beside the whole": (
        "年初预算数|预算调整数|全年预算数|全年执行数",
        "90|-3|87|80",
        (90, 87, 80),
        ["预算调整数"],
    ),
    "the change behind the whole": (
        "年初预算数|全年预算数|预算调整数|全年执行数",
        "90|87|-3|80",
        (90, 87, 80),
        ["预算调整数"],
    ),
    "another word, alone": ("年初预算数|预算调整数|全年执行数", "90|87|80", (90, 87, 80), []),
    "the field's own word second": ("预算数|年初预算数|全年预算数|执行数", "99|90|87|80", (90, 87, 80), ["预算数"]),
}


@pytest.mark.parametrize("name", MONEY)
def test_two_columns_of_one_field(name):
    heads, figures, amounts, unread = MONEY[name]
    record = one(*EVALUATION[:3], f"项目资金（万元）||{heads}", f"|年度资金总额|{figures}", *EVALUATION[5:])
    line = record.budget[0]
    assert (line.initial, line.budget, line.executed) == tuple(map(D, amounts))
    assert [doubt.text for doubt in record.source.doubts] == unread


def test_points_of_the_levels_are_not_the_indicators():
    heading = "一级指标|分值|二级指标|分值|三级指标|分值|指标值|实际完成值|得分"
    record = one(*EVALUATION[:6], heading, "产出|50|数量|30|路|20|≥5公里|5公里|20")
    assert record.indicators[0].weight == D(20)


@pytest.mark.parametrize(
    ("sheet", "title", "passed"),
    [
        ("样例", "", True),
        ("填写示例", "", True),
        ("1", "项目支出绩效自评表（样例）", True),
        ("消防示例点建设", "", False),
    ],
)
def test_a_sheet_that_shows_how(sheet, title, passed):
    shown = grid_of([title or EVALUATION[0], "（2023年度）", "项目名称|乙", *EVALUATION[2:]], sheet=sheet)
    found = reading_of([shown, grid_of(EVALUATION, sheet="自评")])
    assert [record.project for record in found.records] == (["甲"] if passed else ["乙", "甲"])
    assert [type(note) for note in found.notes] == [PassedOver] * passed
    assert [record.project for record in reading_of([shown]).records] == ["乙"]


def test_a_unit_in_the_title_leaves_it_a_title():
    record = one(
        "2023年度项目支出绩效自评表（单位：万元）", *EVALUATION[1:3], "项目资金" + EVALUATION[3][8:], *EVALUATION[4:]
    )
    assert (record.year, record.money_unit) == (2023, "万元")


def test_points_shared_by_several_indicators():
    rows = ["产出|数量|路|≥5公里|5公里|30|29", "||桥|≥2座|1座||", "效益|社会|人|≥9人|9人|60|60", "总分|||||100|99"]
    record = one(*EVALUATION[:7], *rows, merges="F8:F9 G8:G9")
    assert [(i.weight, i.score) for i in record.indicators] == [(None, None), (None, None), (D(60), D(60))]
    assert [d.field for d in record.source.doubts] == [
        f"indicators[{n}].{c}" for n in (0, 1) for c in ("weight", "score")
    ]
    assert not [f for f in xladdin.check(record) if f.code in ("E-05", "E-06") and f.level == "error"]


def test_points_of_one_indicator_in_two_rows():
    record = one(*EVALUATION[:7], "产出|数量|路|≥5公里|5公里|30|29", "||||或≥2座||", merges="C8:C9 F8:F9 G8:G9")
    assert (record.indicators[0].weight, record.indicators[0].score) == (D(30), D(29))


HEADING, FIRST = EVALUATION[-2:]
SECOND = "效益指标|社会效益指标|人|≥9人|9人|0|0"
BETWEEN = {  # rows between two indicators → what is in doubt
    "a remark": (["备注：以下为效益指标"], []),
    "who signed, at the foot of a page": (["填报人：甲|联系电话：1", HEADING], []),
    "a reason": (["||偏差原因：|下雨"], ["indicators[0].reason"]),
    "several": (["备注：见附件", "填报人：甲"], []),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_what_stands_between_indicators_does_not_end_them(name):
    rows, doubts = BETWEEN[name]
    record = one(*EVALUATION[:-2], HEADING, FIRST, *rows, SECOND, "得分合计|||||100|95")
    assert ([row.name for row in record.indicators], record.total_score) == (["里程", "人"], D(95))
    assert [doubt.field for doubt in record.source.doubts] == doubts


def test_a_table_of_its_own_below_a_remark_is_not_read_on():
    rows = ["备注：见附件", "部门整体支出绩效目标申报表", HEADING, SECOND]
    assert [row.name for row in read(*EVALUATION, *rows).records[0].indicators] == ["里程"]


def test_levels_named_as_funds_are_levels():
    record = one(*HEAD, *TABLE, "资金情况|年度资金总额|人均补助|≤89元/人")
    assert [row.name for row in record.indicators] == ["里程", "人均补助"] and not record.source.doubts


MONEY_AMISS = {  # rows of a declaration whose money cannot be read → the text in doubt
    "below the indicators": [*HEAD[:3], *TABLE, "项目资金（万元）|年度资金总额|10", "|其中：财政拨款|10"],
    "in a sentence": [*HEAD[:3], "项目资金|年度资金总额10万元，其中：财政拨款8万元", *TABLE],
}


@pytest.mark.parametrize("name", MONEY_AMISS)
def test_money_that_is_not_read_is_no_blank(name):
    record = one(*MONEY_AMISS[name])
    assert [row.name for row in record.indicators] == ["里程"]
    assert [doubt.field for doubt in record.source.doubts] == ["funds"]
    assert "D-F6" not in {finding.code for finding in xladdin.check(record)}


def test_rows_nobody_sees_are_told():
    book = openpyxl.Workbook()
    for row in [*EVALUATION, "", SECOND]:
        book.active.append([float(cell) if cell.isdigit() else cell or None for cell in row.split("|")])
    for row in (4, 7, 9, 10):  # that of the money and its unit, of the indicators; nothing; an indicator
        book.active.row_dimensions[row].hidden = True
    file = io.BytesIO()
    book.save(file)
    found = xladdin.reading(file.getvalue())
    assert [str(note.what) for note in found.notes] == ["第 4、10 行是隐藏的，也读了"] and not found.failed
