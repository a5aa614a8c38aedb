"""Tables that a page's end, a low row or a text's columns take apart: put together where certain, else in doubt."""

from __future__ import annotations

import pytest

import xladdin
from xladdin.form.formulas import execution_score_formula

from .test_traps import FIRST, FULL, HEAD, NAMES, ROWS, TITLE, XS, YEAR, cell, docx, grid, head, levels, line, merged

from .test_traps import pdf, table, titled  # isort: skip

PLAIN = [[*row] for row in ROWS]
FUNDS = [["项目资金（万元）", "全年预算数", "全年执行数", "执行率"], ["年度资金总额", "100", "90", "90%"]]


def down(text, x, top, step):
    """Signs, or pieces, one below the other, the first on a line so far from the top."""

    def draw(canvas):
        for number, piece in enumerate(text):
            canvas.drawString(x, 800 - top - step * number, piece)

    return draw


def open_at(rows, top=100, above=False, below=False, closed=()):
    """Rows whose table has no line at its upper or lower end, but in some columns: a page's end cut it there."""

    def draw(canvas):
        bottom = top + 30 * len(rows)
        for x in XS:
            canvas.line(x, 800 - top, x, 800 - bottom)
        for number, row in enumerate([*rows, [""] * 4]):
            drawn = not (above if not number else below and number == len(rows))
            for column, text in enumerate(row):
                if drawn or column in closed:
                    canvas.line(XS[column], 800 - top - 30 * number, XS[column + 1], 800 - top - 30 * number)
                canvas.drawString(XS[column] + 4, 800 - top - 30 * number - 20, text)

    return draw


def both(*draws):
    def draw(canvas):
        for one in draws:
            one(canvas)

    return draw


STACKED = titled(both(grid([*FIRST, ["", *ROWS[0][1:]]]), down("产出指", 70, 198, 13)))
CUT = {
    "the heading": (
        [titled(grid([*HEAD, ["一级", "二级指标", "三级指", "年度"]])), grid([["指标", "", "标", "指标值"], *FULL])],
        ROWS,
    ),
    "a row whose pieces look whole, but for their brackets": (
        [
            titled(grid([*FIRST, [*ROWS[0][:2], "服务人数（含", "≥100"]])),
            grid([["", "", "）新增", "人"], *PLAIN[1:]]),
        ],
        [(*ROWS[0][:2], "服务人数（含）新增", "≥100人"), *ROWS[1:]],
    ),
    "a stacked label, a sign of it under the table": (
        [STACKED, both(grid([[("", 1, 0), *ROWS[1][1:]], *PLAIN[2:]]), down("标", 70, 120, 13))],
        ROWS,
    ),
    "a row whose pieces look whole, but for the lines": (
        [titled(open_at([*FIRST, [*ROWS[0][:2], "服务人数", "≥100人"]], below=True)),
         open_at([["", "", "及其家属", "次"], *PLAIN[1:]], above=True)],
        [(*ROWS[0][:2], "服务人数及其家属", "≥100人次"), *ROWS[1:]],
    ),
    "a label that goes on beside rows that do not": (
        [titled(open_at([*FIRST, ["产出", *ROWS[0][1:]]], below=True, closed=(1, 2, 3))),
         open_at([["指标", *ROWS[1][1:]], *PLAIN[2:]], above=True, closed=(1, 2, 3))],
        ROWS,
    ),
    "a label printed on both pages": (
        [titled(open_at([*FIRST, [*ROWS[0][:2], "服务", "≥100人"]], below=True)),
         open_at([[*ROWS[0][:2], "人数", ""], *PLAIN[1:]], above=True)],
        ROWS,
    ),
    "a foot on each page": (
        [both(titled(grid([*FIRST, [*ROWS[0][:2], "服务", "≥100人"]])), down(["绩效平台导出 2024-03-01"], 60, 780, 1)),
         both(grid([["", "", "人数", ""], *PLAIN[1:]]), down(["绩效平台导出 2024-03-01"], 60, 780, 1))],
        ROWS,
    ),
    "a repeated heading without its merged labels": (
        [titled(grid([*FIRST, *PLAIN[:1]])), grid([["", "", "", NAMES[3]], *PLAIN[1:]])],
        ROWS,
    ),
    "a heading too low for its text": (
        [titled(both(grid([*HEAD, [*NAMES[:3], ""], *FULL]), down(("年度", "指标", "值"), 470, 163, 16)))],
        ROWS,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("pages", "read"), CUT.values(), ids=CUT)
def test_what_belongs_together_is_put_together(pages, read):
    records = xladdin.read(pdf(*pages))
    assert levels(records) == read
    assert records[0].source.doubts == ()


TORN = {
    "two pieces that do not join": (
        [titled(grid([*FIRST, ["效益指标", "社会效", *ROWS[0][2:]]])), grid([["效益指标", "效益指标", *ROWS[1][2:]]])],
        {"indicators[0].level2", "indicators[1].level2"},
    ),
    "a piece of a word": (
        [titled(grid([*FIRST, ["产出指", *ROWS[0][1:]], ["标效益指标", *ROWS[1][1:]]]))],
        {"indicators[0].level1", "indicators[1].level1"},
    ),
    "labels stuck in one cell": (
        [titled(grid([["项目名称：养老", "", "主管部门：某局实施单位：某中心", ""], NAMES, *PLAIN]))],
        {"department", "unit"},
    ),
}  # fmt: skip


WIDE = "完成全区主要道路两侧公共绿地养护面积"  # as wide as its column
LONG = "按照本年度的工作计划要求"
FILLED = {
    "a target that is none for itself": (
        [titled(grid([*FIRST, [*ROWS[0][:2], WIDE, LONG]])), grid([["", "", "和补种数量", "完成"], *PLAIN[1:]])],
        [(*ROWS[0][:2], WIDE + "和补种数量", LONG + "完成"), *ROWS[1:]],
    ),
    "a target that may be one": (
        [titled(grid([*FIRST, [*ROWS[0][:2], WIDE, LONG]])), grid([["", "", *ROWS[1][2:]], *PLAIN[2:]])],
        [(*ROWS[0][:2], WIDE, LONG), *ROWS[1:]],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("pages", "read"), FILLED.values(), ids=FILLED)
def test_rows_that_may_be_one_are_in_doubt(pages, read):
    (record,) = xladdin.read(pdf(*pages))
    assert levels([record]) == read
    doubted = {doubt.field for doubt in record.source.doubts}
    assert {"indicators[0].name", "indicators[0].target"} <= doubted


@pytest.mark.parametrize(("pages", "doubted"), TORN.values(), ids=TORN)
def test_what_may_not_belong_together_is_in_doubt(pages, doubted):
    (record,) = xladdin.read(pdf(*pages))
    assert doubted <= {doubt.field for doubt in record.source.doubts}


SPAN, DOWN, ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
ACTUAL = [(*row, "100人", "10", "9") for row in ROWS]


def evaluated(rows) -> list[list[str]]:
    return [[*row, *map(cell, tail[4:])] for row, tail in zip(merged([row[:4] for row in rows]), rows, strict=True)]


def test_of_a_heading_of_two_rows_one_is_printed_again():
    upper = [*(cell(name, DOWN) for name in NAMES[:3]), cell("指标值", SPAN), cell("评分", SPAN)]
    lower = [*(cell("", ON) for _ in range(3)), *map(cell, ("年度指标值", "实际完成值", "分值", "得分"))]
    again = [*map(cell, NAMES[:3]), cell("指标值", SPAN), cell("评分", SPAN)]
    funds = [[*map(cell, row)] for row in FUNDS]
    first = table([*head(), *funds, upper, lower, *evaluated(ACTUAL[:2])])
    (record,) = xladdin.read(
        docx(line("自评表") + line(YEAR) + first + line("（续表）") + table([again, *evaluated(ACTUAL[2:])]))
    )
    read = [
        (one.level1, one.name, one.target, one.actual, str(one.weight), str(one.score)) for one in record.indicators
    ]
    assert read == [(row[0], *row[2:]) for row in ACTUAL]


TABLES = {
    "a heading of two rows": (
        [*HEAD, *FUNDS, ["一级指标", "二级指标", "三级指标", "指标值", ""], ["", "", "", "年度指标值", "实际完成值"],
         *([*row, "100人"] for row in ROWS)],
        {"project": "养老服务", "indicators[3].actual": "100人"},
    ),
    "the names in its upper row": (
        [*HEAD, *FUNDS, ["绩效指标", "", "三级指标", "指标完成情况", ""], ["一级指标", "二级指标", "", "年度指标值", "实际完成值"],
         *([*row, "100人"] for row in ROWS)],
        {"project": "养老服务", "indicators[3].actual": "100人"},
    ),
    "several names in one cell": (
        [["项目名称：养老服务　主管部门：某局　实施单位：某中心", "", "", ""], NAMES, *ROWS],
        {"project": "养老服务", "department": "某局", "unit": "某中心"},
    ),
    "amounts under their labels": (
        [*HEAD, ["资金情况（万元）", "年度金额", "财政拨款", "其他资金"], ["", "120", "100", "20"], NAMES, *ROWS],
        {"funds.annual_total": "120", "funds.annual_fiscal": "100", "funds.annual_other": "20"},
    ),
    "merged cells repeated": (
        [["项目名称", "养老服务", "养老服务", "养老服务"], HEAD[1], ["年度目标", "服务百人", "服务百人", "服务百人"], NAMES, *ROWS],
        {"project": "养老服务", "annual_goal": "服务百人"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "fields"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("gap", ["\t", "|"])
def test_tables_in_text(rows, fields, gap):
    wide = max(map(len, rows))
    rows = [[*row, *[""] * (wide - len(row))] for row in rows]
    title = "项目支出绩效自评表" if any("实际完成值" in row for row in rows) else TITLE
    edge = gap if gap == "|" else ""
    text = "\n".join([title, YEAR, "", *(edge + gap.join(row) + edge for row in rows)])
    (record,) = xladdin.read(text.encode())
    found = record.to_dict()
    for field, value in fields.items():
        got = found
        for step in field.replace("[", ".").replace("]", "").split("."):
            got = got[int(step)] if step.isdigit() else got[step]
        assert got == value, field
        assert field not in {doubt.field for doubt in record.source.doubts}
    assert [one.name for one in record.indicators] == [row[2] for row in ROWS]


@pytest.mark.parametrize(("weight", "asked"), [("G9", True), ("10", False), ("12.5", False)])
def test_only_a_cell_is_asked_for_its_format(weight, asked):
    """CELL takes a reference: Excel calls a workbook damaged that has CELL("format",10), LibreOffice shows 待核."""
    assert (f'CELL("format",{weight})' in execution_score_formula("F9", "E9", weight)) is asked


def test_a_line_under_a_name_outside_the_lines_is_in_doubt():
    def above(canvas):
        canvas.drawString(XS[0], 712, "项目名称：养老服务")
        canvas.drawString(XS[3], 712, "实施单位：某县某")
        canvas.drawString(XS[3], 700, "服务中心")

    (record,) = xladdin.read(pdf(titled(both(above, grid([NAMES, *PLAIN], top=110)))))
    assert record.unit == "某县某服务中心" or "unit" in {doubt.field for doubt in record.source.doubts}
