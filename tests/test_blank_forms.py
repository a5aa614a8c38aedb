"""A bureau's blank form becomes a template: every field in its cell, all else as it was, and what is filled reads back."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from copy import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

import xladdin
from tests.blanks import BLANKS, drawn
from tests.office import convert, needs_office, recalculated
from tests.package_checks import check_workbook, members
from tests.seeds import BLANK_FORMS
from xladdin.domain.profile import Profile
from xladdin.domain.scoring import scored
from xladdin.errors import NotAForm, RefusedFile, TemplateError, XladdinError
from xladdin.form import catalogue
from xladdin.form.blank import Made, make_template
from xladdin.form.catalogue import find_form, profile_of
from xladdin.form.proving import differences, sample
from xladdin.workbook.grid import address, range_of

TRUTHS = sorted(BLANK_FORMS.glob("*.json"))
ALL = [*BLANKS, *(path.stem for path in TRUTHS)]
LEVELS = [("产出指标", "数量指标"), ("产出指标", "质量指标"), ("满意度指标", "服务对象满意度指标")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "模板"
    made.mkdir()
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(made))
    return made


def blank_of(name: str) -> bytes:
    return drawn(BLANKS[name]) if name in BLANKS else (BLANK_FORMS / f"{name}.xlsx").read_bytes()


def put(folder: Path, made: Made) -> Made:
    (folder / f"{made.name}.xlsx").write_bytes(made.data)
    return made


def texts(data: bytes, sheet: str | None = None) -> dict[str, object]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = book[sheet or book.sheetnames[0]].iter_rows()
    return {cell.coordinate: cell.value for row in cells for cell in row if cell.value is not None}


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_every_field_stands_where_a_careful_clerk_would_put_it(path):
    truth = json.loads(path.read_text(encoding="utf-8"))
    made = make_template(path.with_suffix(".xlsx"), name="试")
    held = texts(made.data, made.sheet)
    rows = {field: (blank, template) for field, blank, template, _ in made.rows()}
    for item in truth["placed"]:
        assert rows[item["field"]] == (item["blank"], item["template"])
        shown = item.get("text", "{{ … }}").replace("{{ … }}", "{{ " + item["field"] + " }}")
        assert held[item["template"]] == shown
    more = {field.removeprefix("附加.") for field in rows} - {item["field"] for item in truth["placed"]}
    assert more == set(made.placing.extra) == set(truth["no_field"])
    assert made.placing.kind.label == truth["kind"]
    assert made.placing.money_unit == truth["money_unit"]
    assert made.placing.year == truth["year"]
    first, last = (int(number) for number in truth["indicator_rows"].split("–"))
    assert made.placing.block == (first, last)
    below = [text for cell, text in held.items() if cell[1:] == str(truth["signature_row"]["template"])]
    assert below == truth["signature_row"]["texts"]


@pytest.mark.parametrize("name", ALL)
def test_all_else_is_the_blanks(name):
    blank = blank_of(name)
    made = make_template(blank, name="试")
    placed = {blank_cell for _, blank_cell, _, _ in made.rows()} | {address(*spot) for spot in made.placing.texts}
    first, last = made.placing.block
    before, after = (openpyxl.load_workbook(io.BytesIO(data))[made.sheet] for data in (blank, made.data))
    old, new = styles(blank), styles(made.data)
    for row in before.iter_rows():
        gone = first < row[0].row <= last
        moved = row[0].row - (last - first) * (row[0].row > last)
        for cell in () if gone else row:
            other = after.cell(moved, cell.column)
            if cell.coordinate not in placed:
                assert other.value == cell.value or str(cell.value).startswith("=")
            assert new.get(other.coordinate) == old.get(cell.coordinate), cell.coordinate
        if not gone:
            assert after.row_dimensions[moved].height == before.row_dimensions[row[0].row].height
    assert {key: d.width for key, d in before.column_dimensions.items()} == {
        key: d.width for key, d in after.column_dimensions.items()
    }
    assert after.page_setup.orientation == before.page_setup.orientation
    assert after.print_title_rows == before.print_title_rows
    assert after.freeze_panes == before.freeze_panes
    assert after.merged_cells.ranges == {
        kept for kept in map(_moved(first, last), before.merged_cells.ranges) if kept is not None
    }
    _same_parts(blank, made.data)


def styles(data: bytes) -> dict[str, tuple]:
    """What each cell of the first sheet looks like, but for its number format, as the file says."""
    parts = members(data)
    table = etree.fromstring(parts["xl/styles.xml"]).find("{*}cellXfs")
    names = ("fontId", "fillId", "borderId")
    looks = [(*map(xf.get, names), *(etree.tostring(child) for child in xf)) for xf in table]
    cells = etree.fromstring(parts["xl/worksheets/sheet1.xml"]).iterfind("{*}sheetData/{*}row/{*}c")
    return {cell.get("r"): looks[int(cell.get("s", 0))] for cell in cells}


def _moved(first: int, last: int):
    """What becomes of a merge once the rows after `first` up to `last` are gone."""

    def moved(merge):
        top, left, bottom, right = range_of(merge.coord)
        gone = lambda row: min(max(row - first, 0), last - first)  # noqa: E731
        top_gone = gone(top - 1) if top > first else 0
        new = (top - top_gone, bottom - gone(bottom))
        if new[0] > new[1] or new[0] == new[1] and left == right:
            return None
        return openpyxl.worksheet.cell_range.CellRange(f"{address(new[0], left)}:{address(new[1], right)}")

    return moved


def _same_parts(before: bytes, after: bytes) -> None:
    """Parts that nothing is written to are the same bytes."""
    old, new = members(before), members(after)
    may_change = r"xl/workbook\.xml|xl/styles\.xml|\[Content_Types\]\.xml|_rels/\.rels|docProps/custom\.xml"
    touched = re.compile(rf"{may_change}|xl/worksheets/sheet1\.xml|xl/drawings/.*|xl/comments/.*")
    assert set(old) <= set(new)
    assert [name for name in old if not touched.fullmatch(name) and old[name] != new[name]] == []


@pytest.mark.parametrize("name", ALL)
def test_twenty_projects_go_in_and_come_out(name, folder):
    made = put(folder, make_template(blank_of(name), name="试表"))
    form = find_form("试表")
    rules = profile_of(replace(sample(made.placing, form, 1)), form=form)
    for count in range(1, 21):
        record = replace(sample(made.placing, form, count), project=f"第{count}个项目")
        data = xladdin.fill(record, form="试表")
        (read,) = xladdin.read(data)
        assert read.form == "试表"
        assert list(differences(record, read, made.placing, rules)) == []
        if count in (1, 20):
            path = folder.parent / f"{count}.xlsx"
            path.write_bytes(data)
            check_workbook(path, template=folder / "试表.xlsx")


def test_the_blank_of_the_demo_is_what_its_tool_writes(tmp_path):
    tool = Path(__file__).parent / "tools" / "author_blank.py"
    subprocess.run([sys.executable, tool, tmp_path / "blank.xlsx"], check=True, capture_output=True)
    shipped = Path(xladdin.__file__).parent / "data" / "空白自评表.xlsx"
    assert (tmp_path / "blank.xlsx").read_bytes() == shipped.read_bytes()


def test_differences_are_seen(folder):
    """The proof is one: a record that came back otherwise is told field by field."""
    made = put(folder, make_template(blank_of("formulas"), name="试表"))
    form = find_form("试表")
    record = sample(made.placing, form, 3)
    (read,) = xladdin.read(xladdin.fill(record, form="试表"))
    rules: Profile = profile_of(record, form=form)
    for changed, told in [
        (replace(read, project="别的"), ["项目名称"]),
        (replace(read, year=2020), ["年度"]),
        (replace(read, indicators=read.indicators[1:]), ["指标"]),
        (replace(read, indicators=(replace(read.indicators[0], target="=1"), *read.indicators[1:])), ["第 1 个指标的指标值"]),
        (replace(read, budget=(replace(read.budget[0], executed=Decimal(1)), *read.budget[1:])), ["年度资金总额.全年执行数"]),
    ]:  # fmt: skip
        assert [field for field, *_ in differences(record, changed, made.placing, rules)][: len(told)] == told
    full = scored(record, rules)
    assert [row.score for row in read.indicators] == [row.score for row in full.indicators]


REFUSED = [
    ({"split": ("A3 项目名称¦B3:J3", "A3:J3")}, NotAForm, "没有找到“项目名称”"),
    ({"formulas": ("三级指标", "内容")}, XladdinError, "三级指标"),
    ({"cells": ("A9 一级指标¦B9 二级指标¦C9:D9 指标内容¦E9:F9 指标值及单位", "A9:F9")}, XladdinError, "没有找到指标表"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "error", "said"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_is_no_form_is_refused_with_the_reason(change, error, said):
    ((name, (old, new)),) = change.items()
    assert old in BLANKS[name]
    with pytest.raises(error, match=said):
        make_template(drawn(BLANKS[name].replace(old, new)))


def test_two_forms_in_one_sheet_are_refused():
    second = "\n".join(
        re.sub(r"([A-J])(\d+)", lambda m: f"{m[1]}{int(m[2]) + 12}", line) for line in BLANKS["cells"].splitlines()
    )
    with pytest.raises(TemplateError, match="一张工作表里有两张表"):
        make_template(drawn(BLANKS["cells"] + second.lstrip("\n")))


def test_a_list_of_projects_an_empty_book_and_a_text_file_are_refused(tmp_path):
    listed = "A1:E1 项目绩效目标汇总表\nA2 项目名称¦B2 一级指标¦C2 二级指标¦D2 三级指标¦E2 指标值\nA3¦B3¦C3¦D3¦E3"
    with pytest.raises(NotAForm, match="项目清单"):
        make_template(drawn(listed))
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    with pytest.raises(NotAForm, match="空的"):
        make_template(book.getvalue())
    with pytest.raises(RefusedFile):
        make_template("不是工作簿".encode())


def test_two_sheets_with_forms_are_refused_unless_the_kind_tells_them_apart():
    book = openpyxl.load_workbook(io.BytesIO(drawn(BLANKS["under"])))
    other = openpyxl.load_workbook(io.BytesIO(drawn(BLANKS["transfer"])))["Sheet1"]
    sheet = book.create_sheet("自评")
    for row in other.iter_rows():
        for cell in row:
            new = sheet.cell(cell.row, cell.column, cell.value)
            new.border = copy(cell.border)
    for merge in other.merged_cells.ranges:
        sheet.merge_cells(merge.coord)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(TemplateError, match="有 2 张表"):
        make_template(out.getvalue())
    assert make_template(out.getvalue(), kind="自评表").sheet == "自评"
    with pytest.raises(TemplateError, match="这是申报表，不是自评表"):
        make_template(drawn(BLANKS["under"]), kind="自评表")


def test_a_formula_of_the_blanks_own_stays_where_it_can():
    made = make_template(drawn(BLANKS["formulas"]))
    held = texts(made.data)
    assert (held["H7"], held["G14"]) == ("=IF(E7=0,0,F7/E7)", "=SUM(G13:G13)+G7")
    assert held["H14"] == "{{ 总分 }}"
    assert sum("保留了空表自己的公式" in note for note in made.notes()) == 2
    assert any("H15 的公式 =H13+H14+I7" in note for note in made.notes())


NOTED = [  # the blank, what is changed in it, what is said of it
    ("under", ("C3:E3", "C3:E3 甲项目"), "原来有内容，换成了字段：C3“甲项目”、C8“（填写说明"),
    ("formulas", ("C14", "C14 小计"), "去掉了：C14“小计”"),
    ("sides", ("", ""), "中期指标的几栏留空由人填"),
    ("transfer", ("", ""), "留空由人填：中央财政资金"),
    ("transfer", ("资金情况（万元）", "资金情况"), "没有印金额单位"),
    ("under", ("B2:H2 20    年度", "B2:H2"), "没有写年度的地方"),
]


@pytest.mark.parametrize(("name", "change", "said"), NOTED, ids=[row[2][:12] for row in NOTED])
def test_what_a_person_should_know_is_said(name, change, said):
    assert change[0] in BLANKS[name]
    notes = make_template(drawn(BLANKS[name].replace(*change, 1))).notes()
    assert [note for note in notes if said in note], notes


def test_a_template_is_no_blank():
    made = make_template(drawn(BLANKS["under"]))
    with pytest.raises(TemplateError, match="已经是模板"):
        make_template(made.data)


PARTS = [("xl/vbaProject.bin", "宏"), ("xl/macrosheets/sheet1.xml", "宏"), ("_xmlsignatures/sig1.xml", "签名")]


@pytest.mark.parametrize(("part", "said"), PARTS, ids=[part for part, _ in PARTS])
def test_what_would_not_survive_is_refused(part, said):
    data = io.BytesIO(drawn(BLANKS["under"]))
    with zipfile.ZipFile(data, "a") as package:
        package.writestr(part, b"<x/>")
    with pytest.raises(RefusedFile, match=said):
        make_template(data.getvalue())


def test_what_it_is_stands_in_its_properties():
    blank = drawn(BLANKS["cells"])
    made = make_template(blank, name="甲表")
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    properties = {item.name: item.value for item in book.custom_doc_props.props}
    assert properties == {"表式名称": "甲表", "表式类型": "申报表", "适用年度": "2027", "金额单位": "元"}
    assert make_template(drawn(BLANKS["sides"]), years="2026-").years == "2026-"
    assert make_template(drawn(BLANKS["sides"])).years == f"{dt.date.today().year}-"
    for wrong in ("二〇二六", "2026-25", "-2026"):
        with pytest.raises(XladdinError, match="年度"):
            make_template(drawn(BLANKS["sides"]), years=wrong)
    assert xladdin.template(blank, name="甲表") == made.data


def test_an_open_end_of_years_is_in_use(folder):
    put(folder, make_template(drawn(BLANKS["sides"]), name="新表", years="2026-"))
    assert find_form("新表").years == (2026, catalogue.OPEN_END)
    for year, name in ((2025, "2024申报表"), (2026, "新表"), (2041, "新表")):
        record = xladdin.Declaration(project="甲", year=year)
        assert catalogue.form_for(record).name == name, year


def test_a_weight_without_a_cell_counts_all_the_same(folder):
    """The national 自评表 rolled forward gives 10 points; a form may print them in a heading, or not at all."""
    made = put(folder, make_template(blank_of("split"), name="试表"))
    record = sample(made.placing, find_form("试表"), 4)
    line = replace(record.budget[0], weight=Decimal(20))
    data = xladdin.fill(replace(record, budget=(line,)), form="试表")
    (read,) = xladdin.read(data)
    total = sum(row.weight for row in record.indicators)
    assert (read.budget[0].rate, read.budget[0].score) == (Decimal("0.95"), Decimal(19))
    assert read.total_weight == total + 20
    assert "C6" in texts(data)["I6"] and "20" in texts(data)["I6"]


def test_the_command_says_what_was_placed_where(folder, run, tmp_path):
    blank = tmp_path / "空表.xlsx"
    blank.write_bytes(drawn(BLANKS["under"]))
    out = tmp_path / "做好的"
    code, said, _ = run("template", blank, "--out", out, "--name", "批复表", "--years", "2026-2028")
    assert code == 0 and "{{ 项目名称 }}" in said and "[C3 项目名称]" in said and "项目负责人及电话" in said
    assert [path.name for path in out.iterdir()] == ["批复表.xlsx"]
    assert run("template", blank, "--out", out, "--name", "批复表")[0] == 2
    code, said, _ = run("template", blank, "--out", out, "--name", "批复表", "--json", "--force")
    (told,) = json.loads(said)
    assert {"field": "项目名称", "blank": "C3", "template": "C3", "text": "{{ 项目名称 }}"} in told["placed"]
    empty = tmp_path / "空白.xlsx"
    openpyxl.Workbook().save(empty)
    code, _, said = run("template", empty, "--out", tmp_path / "不写")
    assert code == 2 and "空的" in said and not (tmp_path / "不写").exists()


def test_libreoffice_computes_what_is_cached(folder, tmp_path):
    needs_office()
    files, asked = [], []
    for name in ALL:
        made = put(folder, make_template(blank_of(name), name=f"试{name}"))
        form = find_form(made.name)
        record = sample(made.placing, form, 8)
        path = tmp_path / f"{made.name}.xlsx"
        path.write_bytes(xladdin.fill(record, form=made.name))
        files.append(path)
        asked.append((record, made.placing, profile_of(record, form=form)))
    recalculated(files, tmp_path / "out")
    for path, (record, placing, rules) in zip(files, asked, strict=True):
        (read,) = xladdin.read(tmp_path / "out" / path.name)
        assert list(differences(record, read, placing, rules)) == [], path.name


def test_two_can_be_printed(folder, tmp_path):
    needs_office()
    files = []
    for name in ("split", "sides"):
        made = put(folder, make_template(blank_of(name), name=f"试{name}"))
        path = tmp_path / f"{made.name}.xlsx"
        path.write_bytes(xladdin.fill(sample(made.placing, find_form(made.name), 8), form=made.name))
        files.append(path)
    assert all(made.stat().st_size > 5_000 for made in convert(files, tmp_path / "pdf", "pdf"))
