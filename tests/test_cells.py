"""Cells as they are seen: number formats, money in another unit, what lies under merges, points printed twice."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal as D

import openpyxl
import pytest

from tests.hostile.making import book, parts, zipped
from xladdin import BudgetLine, Evaluation, Result, check, fill, read, reading
from xladdin.domain.numbers import amount_of, sensible, unit_said
from xladdin.domain.scoring import totals
from xladdin.errors import NotAForm
from xladdin.workbook.formats import DATE, PERCENT, TIME, UNDATED, look_of
from xladdin.workbook.grid import Grid, Shown, range_of
from xladdin.workbook.reading import read_grids, read_sheets

FORMATS = [
    (0, "", None), (9, "", PERCENT), (14, "", DATE), (20, "", TIME), (31, "", DATE), (46, "", TIME), (49, "", None),
    (200, "0.00%", PERCENT), (200, "yyyy/m/d;@", DATE), (200, '[$-804]yyyy"年"m"月"', DATE), (200, 'm"月"', DATE),
    (16, "", UNDATED), (58, "", UNDATED), (200, 'm"月"d"日"', UNDATED), (200, "[$-804]m/d;@", UNDATED),
    (200, "h:mm", TIME), (200, "[h]:mm", TIME), (200, "mm:ss", TIME), (200, "@", None), (200, "0.00E+00", None),
    (200, "General", None), (200, "G/通用格式", None), (200, r"#,##0.00_);[Red]\(#,##0.00\)", None),
    (200, '_ * #,##0.00_ ;_ * "-"??_ ;_ @_ ', None), (200, '"¥"#,##0.00', None), (200, "[$¥-804]#,##0.00", None),
    (200, '0.00"万元"', Shown(after="万元")), (200, "0.00万元", Shown(after="万元")), (200, '"约"0', Shown("约")), (200, '"≥"0"户"', Shown("≥", "户")),
    (200, 'G/通用格式"场"', Shown(after="场")), (200, '0"%"', Shown(after="%")), (200, "0!.0000", Shown(power=-4)),
    (200, '0!.0,"万"', Shown("", "万", -4)), (200, r"0\.0,", Shown(power=-4)), (200, "0.00,,", Shown(power=-6)),
    (200, '[Red]0.0"元";0.0"万元"', Shown(after="元")), (200, ";;;", None),
]  # fmt: skip


@pytest.mark.parametrize(("number", "code", "look"), FORMATS)
def test_number_formats(number, code, look):
    assert look_of(number, code) == look


MONEY = [  # the form's unit, the cell, what is read, how its doubt is told (none: certain)
    ("元", '<c r="F6" s="3"><v>95</v></c>', None, "95万元"),
    ("万元", '<c r="F6" s="3"><v>95</v></c>', D(95), ""),
    ("元", '<c r="F6" s="4"><v>950000</v></c>', None, "95"),
    ("元", '<c r="F6" s="1"><v>0.95</v></c>', None, "95%"),
    ("元", "95万元", D(950_000), "95万元"),
    ("元", "8,523,411.20元", D("8523411.20"), ""),
    ("元", "人民币8,523,411.20元整", D("8523411.20"), ""),
    ("万元", "8,523,411.20元", D("852.341120"), "8,523,411.20元"),
    ("万元", "119.876万元", D("119.876"), ""),
    ("元", "约95万元", None, "约95万元"),
    ("元", "-", None, ""),
    ("元", '<c r="F6"><f>ROUND(D6*0.95,2)</f></c>', D(950_000), ""),
    ("元", '<c r="F6"><f>SUM(D6,-E7,1)</f></c>', D(1), ""),
]


@pytest.mark.parametrize(("unit", "cell", "amount", "told"), MONEY)
def test_money_is_read_with_its_unit(unit, cell, amount, told):
    (record,) = read(book({"A5": f"项目资金（{unit}）", "F6": cell}))
    assert record.line("年度资金总额").executed == amount
    assert [(doubt.where.cell, doubt.text) for doubt in record.source.doubts] == [("F6", told)] * bool(told)


def test_a_format_tells_the_unit_where_nothing_else_does():
    changed = {f"{c}6": f'<c r="{c}6" s="3"><v>95</v></c>' for c in "DEF"}
    (record,) = read(book({"A5": "项目资金", **changed}))
    assert (record.money_unit, record.line("年度资金总额").executed, record.source.doubts) == ("万元", D(95), ())


def test_an_actual_is_what_is_shown():
    (record,) = read(book({"F12": '<c r="F12" s="1"><v>0.93</v></c>', "F11": '<c r="F11" s="3"><v>120</v></c>'}))
    assert [row.actual for row in record.indicators] == ["120万元", "93%"]


@pytest.mark.parametrize(
    ("look", "day", "actual", "score", "told"),
    [
        ('m"月"d"日"', dt.date(2023, 11, 28), "11月28日", D(90), ""),
        ('m"月"d"日"', dt.date(2024, 11, 28), "11月28日", None, "存的是 2024-11-28"),  # typed in the spring after
        ("m/d", dt.date(2024, 11, 28), "11月28日", None, "存的是 2024-11-28"),
        ("yyyy/m/d", dt.date(2024, 11, 28), "2024-11-28", None, ""),
    ],
)
def test_a_day_seen_without_its_year_is_of_the_form_s(look, day, actual, score, told):
    row = Result("产出指标", "时效指标", "完工", "11月底前", None, D(90))
    workbook = openpyxl.load_workbook(
        io.BytesIO(fill(replace(_pointed(("年度资金总额", "10", None)), indicators=(row,))))
    )
    sheet, out = workbook.active, io.BytesIO()
    (at,) = [cell for line in sheet for cell in line if cell.value == "11月底前"]
    cell = at.offset(column=1)
    cell.value, cell.number_format = day, look
    workbook.save(out)
    (record,) = read(out.getvalue())
    assert (record.indicators[0].actual, record.indicators[0].score) == (actual, score)
    assert [told in doubt.note for doubt in record.source.doubts] == [True] * bool(told)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1E21", "-1E21", "1E-21", "9" * 201])
def test_no_figure_is_beyond_sense(text):
    assert sensible(D(text)) is None


@pytest.mark.parametrize("text", ["0", "0E-99", "1E20", "-0.00000001", "123456789.12"])
def test_figures_of_sense_stay(text):
    assert sensible(D(text)) == D(text)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [("119.876万", D("1198760.000"), "万元"), ("1亿元", D(100_000_000), "亿元"), ("￥5", D(5), None), ("5(万元)", D(50_000), "万元"),
     ("1_000", None, None), ("1E999", None, None), ("五元", None, "元"), ("", None, None)],
)  # fmt: skip
def test_amounts_with_units(text, amount, unit):
    assert (amount_of(text, "元"), unit_said(text)) == (amount, unit)


def _grid(*merges: str) -> Grid:
    grid = Grid("表", merges=[range_of(merge) for merge in merges])
    for spot in ((r, c) for r in range(1, 4) for c in range(1, 4)):
        grid.cells[spot] = D(spot[0] * 10 + spot[1])
        grid.formulas[spot] = "1"
        grid.percents.add(spot)
    return grid


@pytest.mark.parametrize(
    ("merges", "left"),
    [((), 9), (("A1:A1",), 9), (("A1:B2",), 6), (("A1:C1", "A2:A3"), 6), (("B2:XFD1048576",), 6), (("C3:Z99",), 9),
     (("Z1:Z9",), 9), (("A1:B2", "B2:C3"), 3)],
)  # fmt: skip
def test_what_lies_under_merges_is_dropped(merges, left):
    grid = _grid(*merges)
    grid.drop_covered()
    assert len(grid.cells) == len(grid.formulas) == len(grid.percents) == left
    assert (1, 1) in grid.cells


MERGED = ["A3:B3", "C11:C12", "A20:C22", "E20:E1048576"]


def test_rows_read_one_by_one_drop_the_same():
    inside = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{c}{r}"><v>{r}</v></c>' for c in "ABCDE") + "</row>" for r in range(20, 25)
    )
    after = "<mergeCells>" + "".join(f'<mergeCell ref="{merge}"/>' for merge in MERGED) + "</mergeCells>"
    data = book({"B3": "盖住", "C12": "盖住"}, rows=inside, after=after)
    (grid,), (streamed,) = read_grids(data), read_sheets(data)
    rows = {row.number: row.cells for row in streamed.rows()}
    assert {(r, c): value for r, cells in rows.items() for c, value in cells.items()} == grid.cells
    assert (
        (12, 3) not in grid.cells and (20, 1) in grid.cells and (21, 1) not in grid.cells and (21, 5) not in grid.cells
    )


def test_a_hidden_form_is_passed_over_and_told():
    found = parts()
    sheet = found["xl/worksheets/sheet1.xml"]
    found = parts(None, sheet.replace("甲项目".encode(), "旧项目".encode()))
    hidden = found["xl/workbook.xml"].replace(b'sheetId="2"', b'sheetId="2" state="hidden"')
    given = reading(zipped(found | {"xl/workbook.xml": hidden}))
    assert [record.project for record in given.records] == ["甲项目"] and not given.failed
    (note,) = given.notes
    assert isinstance(note, NotAForm) and "隐藏" in note.what and note.where.sheet == "表2"
    only = found["xl/workbook.xml"].replace(b"sheetId=", b'state="veryHidden" sheetId=')
    assert len(read(zipped(found | {"xl/workbook.xml": only}))) == 2


def _pointed(*points: tuple[str, str | None, str | None]) -> Evaluation:
    lines = tuple(
        BudgetLine(item, D(1), D(1), D(1), weight and D(weight), None, score and D(score))
        for item, weight, score in points
    )
    row = Result("产出指标", "数量指标", "甲", "=1", "1", D(90), D(90))
    return Evaluation(form="全国自评表", year=2023, project="甲", money_unit="万元", budget=lines, indicators=(row,))


def test_a_form_without_indicators_has_no_total():
    filled = fill(replace(_pointed(("年度资金总额", "10", None)), indicators=()))
    (record,) = read(filled)
    assert (record.line("年度资金总额").score, record.total_score) == (D(10), None)
    assert "未填完" in {
        cell.value for line in openpyxl.load_workbook(io.BytesIO(filled), data_only=True).active for cell in line
    }
    assert [finding.code for finding in check(record) if "指标（一条也没有）" in finding.message] == ["E-38"]


@pytest.mark.parametrize(
    ("points", "weight", "score"),
    [
        ([("年度资金总额", "10", "10"), ("当年财政拨款", "10", "10")], D(100), D(100)),
        ([("年度资金总额", None, None), ("当年财政拨款", "6", "6"), ("其他资金", "4", "3")], D(100), D(99)),
        ([("年度资金总额", "10", "10")], D(100), D(100)),
        ([("年度资金总额", None, None)], D(90), D(90)),
    ],
)  # fmt: skip
def test_points_of_fund_lines_count_once(points, weight, score):
    record = _pointed(*points)
    assert totals(record) == (weight, score)
    (back,) = read(fill(replace(record, total_weight=None, total_score=None)))
    assert (back.total_weight, back.total_score) == (weight, score)
