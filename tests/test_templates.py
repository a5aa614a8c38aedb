"""A template is a workbook people edit in Excel: what they put in it survives, grows and moves as in Excel."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from tests.package_checks import check_workbook, members, sheet_parts
from xladdin import Declaration, Funds, Indicator, fill, forms, from_dict, read
from xladdin.errors import TemplateError
from xladdin.form import catalogue

NAME = "2027申报表"
VERBATIM = ("{{ 7*7 }}", "名：{{ 7*7 }}。", "{{ 7*7 }}（2027）")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "我的模板"
    made.mkdir()
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(made))
    return made


def next_year():
    """The 2024 form, renamed as a person would in Excel."""
    book = openpyxl.load_workbook(catalogue.shipped_folder() / "2024申报表.xlsx")
    properties = {item.name: item for item in book.custom_doc_props.props}
    properties["表式名称"].value, properties["适用年度"].value = NAME, "2027"
    book.active.title = NAME
    return book, book.active


def declaration(count: int = 5, **more) -> Declaration:
    values = {
        "form": NAME,
        "year": 2027,
        "project": "{{ 7*7 }}",
        "category": "特定目标类",
        "nature": "一次性",
        "department": "某委",
        "unit": "某会",
        "start": dt.date(2027, 1, 1),
        "end": dt.date(2027, 12, 31),
        "money_unit": "元",
        "funds": Funds(annual_total=Decimal("571000"), annual_fiscal=Decimal("571000.5")),
        "annual_goal": "做好各项工作。",
        "indicators": tuple(Indicator("产出指标", "数量指标", f"第{n}项", f"={n + 1}场") for n in range(count)),
    }
    return Declaration(**values | more)


def insert_column(sheet, at: int) -> None:
    """A column inserted as Excel does it, merges and widths moved."""
    merges = [CellRange(m.coord) for m in sheet.merged_cells.ranges]
    widths = {openpyxl.utils.column_index_from_string(k): d.width for k, d in sheet.column_dimensions.items()}
    for merge in merges:
        sheet.unmerge_cells(merge.coord)
    sheet.insert_cols(at)
    for merge in merges:
        merge.expand(right=1) if merge.min_col < at <= merge.max_col else None
        merge.shift(col_shift=1) if merge.min_col >= at else None
        sheet.merge_cells(merge.coord)
    for column, width in widths.items():
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column + (column >= at))].width = width


def filled_book(data: bytes, folder):
    path = folder.parent / "filled.xlsx"
    path.write_bytes(data)
    (template,) = folder.iterdir()
    check_workbook(path, VERBATIM, template)  # openpyxl itself writes styles that validators find fault with
    return openpyxl.load_workbook(path)


def test_next_year_s_form_without_python(folder):
    book, sheet = next_year()
    sheet["A1"], sheet["G12"], sheet["E10"] = "2027年项目支出绩效目标申报表", "2027年度指标值", "年度目标"
    sheet["B12"], sheet["C12"] = "二级指标", "一级指标"
    sheet["B13"], sheet["C13"] = "{{ 指标.二级指标 }}", "{{ 指标.一级指标 }}"
    insert_column(sheet, 2)
    sheet["I4"], sheet["J4"] = "绩效负责人", "{{ 附加.绩效负责人 }}"
    picture = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(picture, "PNG")
    sheet.add_image(Image(io.BytesIO(picture.getvalue())), "A16")
    check = DataValidation(type="textLength", operator="lessThan", formula1="200", sqref="H13 H15")
    sheet.add_data_validation(check)
    sheet.conditional_formatting.add("C13:H13", FormulaRule(formula=['$H13=""'], fill=PatternFill("solid", "FFFF00")))
    sheet.print_area = "A1:J16"
    book.defined_names["指标区"] = DefinedName("指标区", attr_text=f"'{NAME}'!$C$13:$H$13")
    sheet["C15"], sheet["C16"] = "=COUNTA(H13:H13)", "制表人"
    sheet.row_dimensions[15].height, sheet.row_dimensions[16].height = 33, 44
    book.save(folder / "明年.xlsx")

    assert NAME in [form.name for form in forms()]
    record = declaration(extra={"绩效负责人": "张三"})
    data = fill(record)
    (again,) = read(data)
    assert again == record
    result = filled_book(data, folder)
    shown = result.active
    assert [m.coord for m in shown.merged_cells.ranges if m.coord.startswith("C13")] == ["C13:C17"]
    assert shown["C19"].value == "=COUNTA(H13:H17)" and shown["C20"].value == "制表人"
    assert (shown.row_dimensions[19].height, shown.row_dimensions[20].height) == (33, 44)
    *amounts, added = shown.data_validations.dataValidation
    assert str(added.sqref) == "H13:H17 H19" and [v.promptTitle for v in amounts] == ["金额（元）"]
    assert [str(c.sqref) for c in shown.conditional_formatting] == ["C13:H17"]
    assert shown.print_area == f"'{NAME}'!$A$1:$J$20"
    assert result.defined_names["指标区"].attr_text == f"'{NAME}'!$C$13:$H$17"
    (image,) = shown._images
    assert image.anchor._from.row == 19
    assert [part for part in members(data).values() if part.startswith(b"\x89PNG")] == [picture.getvalue()]


def test_the_user_s_form_wins_over_the_shipped_one(folder):
    book, sheet = next_year()
    next(p for p in book.custom_doc_props.props if p.name == "表式名称").value = "2024申报表"
    sheet["A1"] = "本单位用表"
    book.save(folder / "自备.xlsx")
    shown = openpyxl.load_workbook(io.BytesIO(fill(declaration(form="2024申报表")))).active
    assert shown["A1"].value == "本单位用表"


FORMULAS = {  # cell → (written in the template, found after filling five indicators), rows 14 and on move down four
    "I13": ("=LEN(G13)+$A$1+G$12", [f"=LEN(G{row})+$A$1+G$12" for row in range(13, 18)]),
    "I15": ("=SUM(H13:H13)", "=SUM(H13:H17)"),
    "I16": ("=SUM($H$13:$H$13)*2", "=SUM($H$13:$H$17)*2"),
    "I17": ("=I15+G7-$C$6", "=I19+G7-$C$6"),
    "I18": ('=IF(I15>1,"A15 与 A13:A13","")', '=IF(I19>1,"A15 与 A13:A13","")'),
    "I19": ("=COUNTA(A12:H14)", "=COUNTA(A12:H18)"),
    "I20": ("=LOG10(100)+I16", "=LOG10(100)+I20"),
    "I21": ("=SUM(15:16)", "=SUM(19:20)"),
    "I22": (f"='{NAME}'!I15", f"='{NAME}'!I19"),
    "I23": ("=其他!I15+SUM(其他!A13:A13)", "=其他!I15+SUM(其他!A13:A13)"),
    "I5": ("=I15", "=I19"),
}


def test_ordinary_formulas_go_with_the_rows(folder):
    book, sheet = next_year()
    other = book.create_sheet("其他")
    other["A1"], other["A2"] = f"='{NAME}'!I15", f"=SUM('{NAME}'!H13:H13)&\"{NAME}!A15\""
    for row in range(15, 24):
        sheet.row_dimensions[row].height = row + 10
    for cell, (written, _) in FORMULAS.items():
        sheet[cell] = written
    sheet.print_title_rows = "1:2"
    sheet.row_breaks.append(openpyxl.worksheet.pagebreak.Break(id=15))
    sheet["I24"].hyperlink = openpyxl.worksheet.hyperlink.Hyperlink(ref="I24", location=f"'{NAME}'!I15", display="x")
    sheet["I24"].value = "去"
    book.defined_names["合计格"] = DefinedName("合计格", attr_text=f"'{NAME}'!$I$15")
    book.save(folder / "公式.xlsx")
    result = filled_book(fill(declaration()), folder)
    shown = result[NAME]
    for cell, (_, expected) in FORMULAS.items():
        row = int(cell[1:])
        if isinstance(expected, list):
            assert [shown.cell(13 + n, 9).value for n in range(5)] == expected
        else:
            assert shown.cell(row + 4 * (row > 13), 9).value == expected, cell
    assert [result["其他"]["A1"].value, result["其他"]["A2"].value] == [
        f"='{NAME}'!I19", f"=SUM('{NAME}'!H13:H17)&\"{NAME}!A15\""
    ]  # fmt: skip
    assert [shown.row_dimensions[row + 4].height for row in range(15, 24)] == [row + 10 for row in range(15, 24)]
    assert result.defined_names["合计格"].attr_text == f"'{NAME}'!$I$19"
    assert shown.print_title_rows == "$1:$2"
    assert [item.id for item in shown.row_breaks.brk] == [19]
    assert shown["I28"].hyperlink.location == f"'{NAME}'!I19"


HOSTILE = {
    "unknown field": "{{ 项目名 }}",
    "unknown column": "{{ 指标.不存在 }}",
    "dunder": "{{ 项目名称.__class__ }}",
    "dunder of a group": "{{ 附加.__class__ }}",
    "dunder by key": "{{ 附加['__class__'] }}",
    "deep": "{{ 附加.a.b }}",
    "call": "{{ 项目名称.upper() }}",
    "global": "{{ range(9) }}",
    "multiplied text": "{{ 7*'a' }}",
    "power": "{{ 9**9**9 }}",
    "loop": "{% for a in 指标 %}x{% endfor %}",
    "set": "{% set a = 1 %}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as o %}",
    "unknown filter": "{{ 项目名称 | 没有 }}",
    "jinja's own filter": "{{ 项目名称 | attr('x') }}",
    "test": "{{ 项目名称 is defined }}",
    "unclosed": "{{ 项目名称",
    "empty": "{{ }}",
    "unclosed text": "{{ '项目 }}",
    "subscript by number": "{{ 项目名称[0] }}",
    "group by itself": "{{ 指标 }}",
    "list": "{{ [1, 2] }}",
    "too long": "{{ 项目名称 }}" + "长" * 2000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_mistaken_expressions_name_their_cell(text, folder):
    book, sheet = next_year()
    sheet["J9"] = text
    book.save(folder / "错.xlsx")
    with pytest.raises(TemplateError) as caught:
        fill(declaration())
    where = caught.value.where
    assert (where.file, where.sheet, where.cell) == ("错.xlsx", NAME, "J9")
    assert caught.value.advice


EXPRESSIONS = {
    "{{ 项目名称 }}": "{{ 7*7 }}",
    "名：{{ 项目名称 }}。": "名：{{ 7*7 }}。",
    "{{ 项目名称 ~ '（' ~ 年度 ~ '）' }}": "{{ 7*7 }}（2027）",
    "{{ 上年结转资金 | 缺省('无') }}": "无",
    "{{ '有' if 当年财政拨款 else '无' }}": "有",
    "{{ 计划开始日期 | 年 }}年": "2027年",
    "{{ 项目类别 | 勾选('甲类', '特定目标类') }}": "甲类□ 特定目标类√",
    "{{ 年度资金申请总额 - 当年财政拨款 }}": -0.5,
    "{{ 年度资金申请总额 }}": 571000,
    "{{ 其他资金 }}": None,
}


def test_expressions_of_the_allowed_kind(folder):
    book, sheet = next_year()
    for number, text in enumerate(EXPRESSIONS):
        sheet.cell(20 + number, 9).value = text
    book.save(folder / "式.xlsx")
    shown = filled_book(fill(declaration(1)), folder).active
    assert {text: shown.cell(20 + n, 9).value for n, text in enumerate(EXPRESSIONS)} == EXPRESSIONS


def test_members_that_hold_no_rows_are_copied_byte_for_byte():
    for form in forms():
        data = members(fill(from_dict({"kind": form.kind, "form": form.name, "year": form.years[0], "project": "甲"})))
        template = members(form.path.read_bytes())
        changed = {"xl/workbook.xml", *sheet_parts(template)}
        assert list(data) == list(template)
        assert {name for name in data if data[name] != template[name]} == changed
