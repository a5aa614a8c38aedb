"""How long forms are printed: what stands on which page, and that it reads back the same."""

import io
import json
import re
from dataclasses import replace
from importlib import resources

import openpyxl
import pytest
from lxml import etree

import xladdin
from xladdin.form import catalogue
from xladdin.workbook.grid import range_of, spot_of
from xladdin.workbook.pages import page_starts, paged

from .office import needs_office, recalculated
from .package_checks import check_package, members, sheet_parts
from .seeds import EXAMPLE

RECORDS = [xladdin.from_dict(one) for one in json.loads(EXAMPLE.read_text(encoding="utf-8"))]
DECLARED = next(one for one in RECORDS if one.kind == "declaration" and one.year == 2021)
EVALUATED = next(one for one in RECORDS if one.kind == "evaluation")
LONG = "完成全区12个街镇公共绿地的日常养护、修剪、浇灌、病虫害防治及补植补种工作，确保绿地完好率和植被成活率。"

STARTS = {  # heights, rows that stay with the next, titles → rows that begin a page of 100
    "all fits": ([50, 50], [], range(0), []),
    "the next does not": ([60, 50], [], range(0), [1]),
    "two that belong together": ([60, 30, 30], [1], range(0), [1]),
    "higher than a page together": ([60, 60, 60, 60], [0, 1, 2], range(0), [1, 2, 3]),
    "higher than a page alone": ([20, 150, 20], [], range(0), [1, 2]),
    "titles take room again": ([20, 30, 40, 50, 50], [], range(1, 2), [3, 4]),
    "titles below take none": ([60, 60, 10, 30], [], range(2, 3), [1]),
}


@pytest.mark.parametrize(("heights", "stay", "titles", "starts"), STARTS.values(), ids=STARTS)
def test_where_pages_begin(heights, stay, titles, starts):
    assert page_starts(heights, [at in stay for at in range(len(heights))], 100, titles) == starts


@pytest.mark.parametrize(
    ("last", "starts", "factor"), [(5, [], 0.96), (25, [10], 1.0), (60, [10], 1.0)], ids=["little", "more", "much"]
)
def test_a_last_page_with_little_on_it_goes(last, starts, factor):
    assert paged([10.0] * 10 + [last - 1.0], [False] * 11, 100) == (starts, factor)


def rows(record, count):
    """The record with so many indicators, in five groups."""
    levels = [("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"),
              ("满意度指标", "服务对象满意度指标")]  # fmt: skip
    made = []
    for number in range(count):
        level1, level2 = levels[number * len(levels) // count]
        one = replace(
            record.indicators[0], level1=level1, level2=level2, name=f"第{number}项" + LONG[: number % 4 * 12]
        )
        made.append(one)
    return replace(record, indicators=tuple(made))


def cases():
    for form in catalogue.forms():
        record = DECLARED if form.kind == "declaration" else EVALUATED
        record = replace(record, form=form.name, project="甲&乙（A&B）" * 9, annual_goal=LONG * 6)
        yield form, rows(replace(record, extra={"项目概况": LONG * 9} if form.name == "2020目标表" else {}), 40)


@pytest.mark.parametrize(("form", "record"), list(cases()), ids=[form.name for form in catalogue.forms()])
def test_a_form_of_several_pages(form, record):
    data = xladdin.fill(record)
    check_package(data)
    parts = members(data)
    (sheet,) = sheet_parts(parts).values()
    starts = [int(node.get("id")) + 1 for node in sheet.iterfind("{*}rowBreaks/{*}brk")]
    assert starts, "it goes over a page"
    merges = [range_of(node.get("ref")) for node in sheet.iterfind("{*}mergeCells/{*}mergeCell")]
    assert not [merge for merge in merges for row in starts if merge[0] < row <= merge[2]], (
        "none goes over a page's end"
    )
    (back,) = xladdin.read(data)
    level1 = [one.level1 for one in back.indicators]
    assert level1 == [one.level1 for one in record.indicators]
    assert [one.level2 for one in back.indicators] == [one.level2 for one in record.indicators]
    assert [one.name for one in back.indicators] == [one.name for one in record.indicators]

    cells = {spot_of(cell.get("r")): "".join(cell.itertext()) for cell in sheet.iter("{*}c")}
    first = min(row for (row, _), text in cells.items() if text.startswith("第0项"))
    last = max(row for (row, _), text in cells.items() if text.startswith("第39项"))
    titles = re.search(r"\$(\d+):\$(\d+)", parts["xl/workbook.xml"].decode().split("Print_Titles")[1])
    assert [int(titles[1]), int(titles[2])] == [first - 1, first - 1], "the heading of the table is printed again"
    levels = min(column for (row, column), text in cells.items() if row == first and text == "产出指标")
    inside = [row for row in starts if row > first]
    assert all(cells[row, levels] and cells[row, levels + 1] for row in inside), "labels stand on each page"
    assert all(row > first + 1 and row < last for row in inside), "two rows begin the table, two end it"
    if levels > 1:
        assert {cells[row, 1] for row in inside} == {"绩效指标"}
    (header,) = sheet.iterfind("{*}headerFooter/{*}oddHeader")
    assert "（续）" in header.text and "甲&&乙（A&&B）" in header.text and len(header.text) <= 255
    assert sheet.find("{*}headerFooter").get("differentFirst") == "1"
    assert not re.search('[^&]&[^&CPN"\\d]', header.text)


def test_a_short_form_has_no_breaks():
    data = xladdin.fill(rows(replace(DECLARED, form="2024申报表"), 5))
    (sheet,) = sheet_parts(members(data)).values()
    (blank,) = sheet_parts(members(catalogue.find_form("2024申报表").path.read_bytes())).values()
    assert sheet.find("{*}rowBreaks") is None
    assert sheet.find("{*}pageSetup").get("scale") == blank.find("{*}pageSetup").get("scale")


def test_columns_stay_within_the_paper():
    """At the scale the template says, in digits 8 pixels wide and a little more, A4 less its margins."""
    for form in catalogue.forms():
        (sheet,) = sheet_parts(members(form.path.read_bytes())).values()
        width = sum(
            (float(node.get("width")) * 8) * (int(node.get("max")) - int(node.get("min")) + 1)
            for node in sheet.iterfind("{*}cols/{*}col")
        )
        margins, scale = sheet.find("{*}pageMargins"), int(sheet.find("{*}pageSetup").get("scale")) / 100
        room = 595.3 - 72 * (float(margins.get("left")) + float(margins.get("right")))
        assert 0.9 * room < width * 0.75 * scale < 0.95 * room, form.name
        assert sheet.find("{*}sheetPr/{*}pageSetUpPr") is None, "programs that fit pay no heed to breaks"


def test_the_sum_of_the_funds_is_live():
    """While all its parts are blank; a total or a part somebody gave stays what it is."""
    blank = replace(EVALUATED, budget=tuple(replace(line, budget=None, executed=None) for line in EVALUATED.budget))
    data = xladdin.fill(replace(blank, form="2021自评表"))
    (sheet,) = sheet_parts(members(data)).values()
    formulas = {cell.get("r"): cell.findtext("{*}f") for cell in sheet.iter("{*}c") if cell.find("{*}f") is not None}
    assert "SUM(E7,E8,E9)" in formulas["E6"] and "SUM(F7,F8,F9)" in formulas["F6"] and "D6" not in formulas
    assert [line.budget for line in xladdin.read(data)[0].budget] == [None] * len(blank.budget)
    assert etree.tostring(sheet).count(b"SUM(E7,E8,E9)") == 1


SUMS = {"figures": ((100, 20.5, None), "120.5"), "one": ((7, "—", None), "7"), "none": ((None,) * 3, None)}


@pytest.mark.parametrize(("typed", "total"), SUMS.values(), ids=SUMS)
def test_the_sum_is_worked_out_where_no_program_did(typed, total):
    blank = replace(EVALUATED, form="2021自评表", budget=EVALUATED.budget[:0])
    book = openpyxl.load_workbook(io.BytesIO(xladdin.fill(blank)))
    for row, value in zip((7, 8, 9), typed, strict=True):
        book.active.cell(row, 5).value = value
    (back,) = xladdin.read(book)
    line = next((line for line in back.budget if line.item == "年度资金总额"), None)
    got = line.budget if line else None
    assert (str(got) if got is not None else None) == total
    assert not [doubt for doubt in back.source.doubts if doubt.field == "budget[0].budget"]


def test_the_sum_as_libreoffice_works_it_out(tmp_path):
    """待核 where a part is a text that is no sign for nothing; the rate and the score follow the sum."""
    needs_office()
    typed = [(100, 20.5, None), (None, None, None), (7, "约5万", 1), (0.1, 0.2, "—")]
    blank = replace(EVALUATED, form="2021自评表", budget=EVALUATED.budget[:1])
    line = replace(blank.budget[0], budget=None, executed=None, rate=None, score=None)
    data = xladdin.fill(replace(blank, budget=(line,)))
    files = []
    for number, values in enumerate(typed):
        book = openpyxl.load_workbook(io.BytesIO(data))
        for row, value in zip((7, 8, 9), values, strict=True):
            book.active.cell(row, 5).value = book.active.cell(row, 6).value = value
        files.append(tmp_path / f"{number}.xlsx")
        book.save(files[-1])
    shown = []
    for (grid,) in recalculated(files, tmp_path / "out"):
        shown.append([str(grid.cells.get((6, column)) or "") for column in (5, 6, 8, 9)])
    assert shown == [
        ["120.5", "120.5", "1", "10"], ["", "", "", ""], ["待核"] * 4, ["0.3", "0.3", "1", "10"],
    ]  # fmt: skip


SIGNED = {
    "in the label's cell": ("填报人：{{ 附加.填报人 }}", "审核人：{{ 附加.审核人 }}", "单位（盖章）："),
    "beside it": ("填报人", "{{ 附加.填报人 }}", "审核人", "{{ 附加.审核人 }}"),
}


@pytest.mark.parametrize("cells", SIGNED.values(), ids=SIGNED)
@pytest.mark.parametrize("extra", [{"填报人": "张三", "审核人": "李四"}, {"审核人": "李四"}, {}])
def test_who_signed_by_a_template_that_asks(cells, extra, tmp_path, monkeypatch):
    """A row below 总分 of somebody's own template: a column of the ledger for each, filled, and read back."""
    book = openpyxl.load_workbook(catalogue.find_form("2021自评表").path)
    for column, text in enumerate(cells, 1):
        book.active.cell(15, column).value = text
    next(one for one in book.custom_doc_props.props if one.name == "表式名称").value = "签字自评表"
    book.save(tmp_path / "签字自评表.xlsx")
    monkeypatch.setenv("XLADDIN_TEMPLATES", str(tmp_path))
    record = replace(EVALUATED, form="签字自评表", extra=extra)
    (back,) = xladdin.read(xladdin.fill(record))
    assert {name: value for name, value in back.extra.items() if value} == extra
    assert {"填报人", "审核人"} <= catalogue.extra_names()
    assert [one.name for one in back.indicators] == [one.name for one in record.indicators]


def test_a_form_fitted_to_the_width_of_its_page(tmp_path, monkeypatch):
    """A bureau's blank made a template, as most of theirs are set up: breaks, and labels on each page."""
    blank = resources.files("xladdin") / "data" / "空白自评表.xlsx"
    (tmp_path / "省级自评表.xlsx").write_bytes(xladdin.template(blank.read_bytes(), "省级自评表", years="2020-"))
    monkeypatch.setenv("XLADDIN_TEMPLATES", str(tmp_path))
    record = rows(replace(EVALUATED, form="省级自评表", extra={}), 30)
    data = xladdin.fill(record)
    check_package(data)
    (sheet,) = sheet_parts(members(data)).values()
    assert sheet.find("{*}sheetPr/{*}pageSetUpPr").get("fitToPage") == "1"
    starts = [int(node.get("id")) + 1 for node in sheet.iterfind("{*}rowBreaks/{*}brk")]
    cells = {spot_of(cell.get("r")): "".join(cell.itertext()) for cell in sheet.iter("{*}c")}
    inside = [row for row in starts if cells.get((row, 4), "").startswith("第")]
    assert inside and all([*map(bool, (cells[row, 1], cells[row, 2], cells[row, 3]))] == [True] * 3 for row in inside)
    (back,) = xladdin.read(data)
    want = [(one.level1, one.level2, one.name) for one in record.indicators]
    assert [(one.level1, one.level2, one.name) for one in back.indicators] == want
