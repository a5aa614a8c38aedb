"""What a report takes over from the one before it, of whatever layout; and what it says only once for a folder."""

from __future__ import annotations

import openpyxl

from xladdin.review.cases import Review
from xladdin.rules.finding import WARNING
from xladdin.rules.handbook import habits

from .report_cases import A, B, C, D, Table, case, finding, handled, report, review, spots

__all__ = ["report"]  # a fixture

EARLIER = (  # the columns reports had before 技术信息
    "序号", "级别", "状态", "规则", "项目", "检查项", "应为／申报表", "应为的位置", "表上／自评表", "表上的位置", "差额",
    "问题", "依据", "建议", "处理结果", "说明", "标识（请勿改动）",
)  # fmt: skip


def earlier(table, path, head):
    """The report as an earlier version laid it out: other columns, hashes in the head, no 技术信息."""
    rows = table.rows(*EARLIER)
    book = openpyxl.Workbook()
    book.active.title = "汇总"
    book.active.append(["", "", "", "乙.xlsx\nSHA-256 0123456789ab"])
    sheet = book.create_sheet("核对结果")
    for row in (["核对结果"], ["核对了…"], ["错误 2 处"], [head], EARLIER, *rows):
        sheet.append(list(row))
    book.save(path)


def test_a_report_of_the_earlier_layout_is_taken_up(report, tmp_path):
    path = tmp_path / "报告.xlsx"
    table = report(review(A, B, C))
    handled(table, path, {"E-01": ("属实", "已请示"), "E-03": ("已改", "改了")})
    earlier(Table(path), path, "来源文件：甲 1.xlsx（SHA-256 ba9876543210）　丙.xlsx（SHA-256 读不到）")
    assert report(review(A, B, D)).rows("状态", "规则", "处理结果", "说明") == [
        ("仍在", "E-01", "属实", "已请示"), ("仍在", "E-02", None, None), ("新增", "E-04", None, None),
        ("已消除", "E-03", "已改", "改了"),
    ]  # fmt: skip


# ---- habits ----------------------------------------------------------------------------------------------------

HABIT = next(iter(sorted(habits())))


def habitual(*projects, wrong=()):
    told = {
        name: finding(HABIT, WARNING, "主管部门", evaluated=spots(None, "评", f"B{n}"))
        for n, name in enumerate(projects, 2)
    }
    return Review(
        tuple(
            case(*([told[name]] if name in told else []), *([A] if name in wrong else []), project=name)
            for name in {*projects, *wrong, "净"}
        )
    )


def test_a_habit_is_told_once_for_a_folder(report):
    table = report(habitual(*"甲乙丙丁", wrong="甲"))
    assert table.rows("级别", "项目", "规则", "检查项", "问题") == [
        ("错误", "甲", "E-01", "检查E-01：总分", "第 1 条"),
        ("警告", "共 4 个项目", HABIT, f"检查{HABIT}", table.cell(2, "问题").value),
    ]
    assert set(table.cell(2, "问题").value) >= set("甲乙丙丁") and "警告 4 处" in str(list(table.sheet.values))
    technical = [row[:2] for row in table.book["技术信息"].values if row[0] and row[0] in "甲乙丙丁"]
    assert {("甲", "评!B2"), ("丁", "评!B5")} <= set(technical), "each has its place"


def test_what_has_another_cause_is_no_part_of_the_habit(report):
    """Amounts in 万元 on forms that say 元, and one the other way round: one row for the former, with an example."""
    cases = [
        case(
            finding("E-26", WARNING, "金额单位", expected=wanted, message=f"最大的数是 {project}", evaluated=spots(None, "评", "B2")),
            project=project,
        )
        for project, wanted in (("甲", "万元"), ("乙", "万元"), ("丙", "万元"), ("丁", "元"))
    ]  # fmt: skip
    rows = report(Review(tuple(cases))).rows("项目", "规则", "问题")
    assert rows == [
        ("丁", "E-26", "最大的数是 丁"),
        ("共 3 个项目", "E-26", "甲、乙、丙都有这一条，多半是同一个原因。如“甲”：最大的数是 甲"),
    ]


def test_the_clerks_words_about_a_habit_hold_for_all_it_was_told_of(report, tmp_path):
    path = tmp_path / "报告.xlsx"
    handled(report(habitual(*"甲乙丙丁")), path, {HABIT: ("属实", "就是这样")})
    assert report(habitual(*"甲乙丙", "戊")).rows("项目", "状态", "处理结果", "说明") == [
        ("戊", "新增", None, None), ("丁", "本次未核对", "属实", "就是这样"), ("共 3 个项目", "仍在", "属实", "就是这样"),
    ]  # fmt: skip
    few = report(habitual("甲", "乙")).rows("项目", "状态", "说明")
    assert {("甲", "仍在", "就是这样"), ("乙", "仍在", "就是这样")} <= set(few)
    assert sum(row[2] == "就是这样" for row in few) == 4
