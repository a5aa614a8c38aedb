"""Two forms, findings made by hand and a report read back, for the tests of reports."""

from __future__ import annotations

import warnings
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from xladdin.domain.records import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.errors import Place
from xladdin.excel import result_values
from xladdin.report import write_report
from xladdin.report.columns import HEADINGS
from xladdin.review.cases import Case, Entry, Review, worst_first
from xladdin.rules.finding import ERROR, Finding
from xladdin.rules.handbook import rules_for
from xladdin.workbook.grid import Grid

PAIR = rules_for("pair")[0].code
DECLARED = Declaration(
    project="甲项目", year=2021, unit="某协会", money_unit="万元", annual_goal="举办宣传活动五场",
    funds=Funds(annual_total=Decimal("110"), annual_fiscal=Decimal("100")),
    indicators=(
        Indicator("产出指标", "数量指标", "宣传活动场次", "=5场"),
        Indicator("产出指标", "数量指标", "印发手册份数", "=100份"),
        Indicator("产出指标", "质量指标", "合格率", "=1百分比"),
        Indicator("满意度指标", "服务对象满意度", "群众满意度", "≥90%"),
    ),
)  # fmt: skip
EVALUATED = Evaluation(
    project="甲项目", year=2021, unit="某协会", money_unit="元", annual_goal="举办宣教活动五场", total_score=Decimal("96.5"),
    budget=(
        BudgetLine("年度资金总额", Decimal(1100000), Decimal(1100000), Decimal("965043.97")),
        BudgetLine("当年财政拨款", Decimal(900000)),
    ),
    indicators=(
        Result("产出指标", "数量指标", "宣传活动场数", "=5场", "5", Decimal(20), Decimal("19.5")),
        Result("效益指标", "质量指标", "合格率", "100%", "1", Decimal(20), Decimal(20)),
        Result("满意度指标", "服务对象满意度", "群众满意度", "≥95%", "96%", Decimal(10), Decimal(10)),
        Result("效益指标", "社会效益", "知晓率明显上升", "好", "好", Decimal(30), Decimal(30)),
    ),
)  # fmt: skip


def spots(file, sheet, *cells):
    return tuple(Place(file, sheet, cell) for cell in cells)


def finding(code="E-05", level=ERROR, subject="", **more):
    """A finding; its cells on the declaration (declared), on the evaluation (evaluated), or on both."""
    sides = {"declaration": more.pop("declared", ()), "evaluation": more.pop("evaluated", ())}
    more["places"] = {kind: cells for kind, cells in sides.items() if cells}
    return Finding(code, f"检查{code}", level, more.pop("message", f"{code}{subject}不符"), subject=subject, **more)


def pair(declared, evaluated, findings=(), files=(None, None)):
    """A declaration and its evaluation, or one of them, with what was found."""
    entries = [Entry(record, file) for record, file in zip((declared, evaluated), files, strict=True) if record]
    return Case(tuple(entries), worst_first(findings))


def case(*findings, project="甲项目", year=2021, unit="某协会", files=(None, None)):
    own = {"project": project, "year": year, "unit": unit}
    return pair(replace(DECLARED, **own), replace(EVALUATED, **own), findings, files)


def review(*findings, **more):
    return Review((case(*findings, **more),))


class Table:
    """The sheet 核对结果 of a report read back."""

    def __init__(self, path):
        self.path = path
        self.book = openpyxl.load_workbook(path, rich_text=True)
        self.sheet = self.book["核对结果"]
        self.header = next(row for row in range(1, 20) if self.sheet.cell(row, 1).value == "序号")
        self.columns = {c.value: c.column for c in self.sheet[self.header] if c.value}

    def cell(self, number, heading):
        return self.sheet.cell(self.header + number, self.columns[heading])

    def column(self, heading):
        rows = range(self.header + 1, self.sheet.max_row + 1)
        return [self.sheet.cell(row, self.columns[heading]).value for row in rows]

    def rows(self, *headings):
        return list(zip(*map(self.column, headings), strict=True))


def handled(table, path, words):
    """The clerk writes 处理结果 and 说明 by rule."""
    for number, code in enumerate(table.column("规则"), start=1):
        if code in words:
            table.cell(number, "处理结果").value, table.cell(number, "说明").value = words[code]
    table.book.save(path)


A, B, C, D = (finding(f"E-{number:02}", subject="总分", message=f"第 {number} 条") for number in range(1, 5))


@pytest.fixture
def report(tmp_path):
    """Write a review as 报告.xlsx and read it back."""

    def write(made, **more):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # XlsxWriter only warns of what it leaves out
            return Table(write_report(made, tmp_path / "报告.xlsx", **more))

    return write


def laid_out(made, home):
    """What a live 核对结果 of a report holds, read back: the workbook `home` has it."""
    grid = Grid("核对结果", home)
    blocks = {
        (1, 1): result_values.head(made, ()),
        (result_values.HEADER, 1): [list(HEADINGS.values()), *result_values.table(made)],
        (result_values.HEADER + 1, result_values.FIRST_TARGET): result_values.targets(made, home),
        (result_values.HEADER, result_values.MADE): [[made.made.isoformat()]],
    }
    for (top, left), block in blocks.items():
        for row, values in enumerate(block, top):
            put = {column: value for column, value in enumerate(values, left) if value not in (None, "")}
            grid.cells |= {(row, c): Decimal(v) if isinstance(v, int) else v for c, v in put.items()}
    if not made.rows:
        grid.cells[result_values.HEADER + 1, result_values.AT["message"]] = result_values.NOTHING
    grid.cells[result_values.HEADER, result_values.MADE] = result_values.stamp(made, grid)
    return grid
