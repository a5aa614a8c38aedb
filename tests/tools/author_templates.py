"""Author the form templates that ship with xladdin, from the layouts of form_layouts.py.

Run:  python tests/tools/author_templates.py [OUTPUT_FOLDER]

The output is the same to the byte run after run.
"""

import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from string import Template

import xlsxwriter
from form_layouts import BOOK_OPTIONS, DIGIT, EDGE, FORMS, FUNDS_PARTS, STYLES, Cell, Form, read_layout
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "templates"
CREATED = datetime(2024, 1, 1)
A4 = 9
# Points of a page's width, less its side margins, that the columns of a form may take.
SIDE_MARGIN, PAPER_WIDTH = 0.4, 595.3
WIDTH_USED = 0.93  # LibreOffice makes columns a little wider than Excel


def write(sheet: Worksheet, cell: Cell, style: Format) -> None:
    if len(cell.squares()) > 1:
        sheet.merge_range(cell.top, cell.left, cell.bottom, cell.right, "", style)
    if cell.text:
        sheet.write_string(cell.top, cell.left, cell.text, style)
    else:
        sheet.write_blank(cell.top, cell.left, None, style)


def draw(sheet: Worksheet, form: Form, formats: dict[str, Format]) -> None:
    """Write every cell; the cells must tile the grid."""
    heights, cells = read_layout(form.layout)
    squares = [square for cell in cells for square in cell.squares()]
    if sorted(squares) != [(r, c) for r in range(len(heights)) for c in range(len(form.widths))]:
        raise ValueError(f"{form.name}: cells overlap or leave a square of the grid out")
    for column, width in enumerate(form.widths):
        sheet.set_column(column, column, width)
    for top, height in enumerate(heights):
        sheet.set_row(top, height)
    for cell in cells:
        write(sheet, cell, formats[cell.style])


def ask_for_numbers(sheet: Worksheet, form: Form) -> None:
    """Amounts ask for a figure and say in which unit; what is typed against that is warned of, never refused."""
    unit = form.money_unit
    if unit not in ("元", "万元"):
        return
    shows = "执行率和得分就算不出来，显示“待核”。" if form.kind == "自评表" else "就不能自动核对。"
    amounts = [cell for cell in read_layout(form.layout)[1] if cell.style == "amount" and cell.text]
    sums = [cell for cell in amounts if form.kind == "自评表" and "年度资金总额" in cell.text]
    for cells, message in (
        (
            [cell for cell in amounts if cell not in sums],
            f"请只填数字，单位是{unit}；不要写“元”“万元”“-”，没有的填 0。",
        ),
        (sums, f"下面三项填了就自动合计；只有总数的，直接填数字。单位是{unit}。"),
    ):
        areas = [[cell.top, cell.left, cell.bottom, cell.right] for cell in cells]
        options = {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "ignore_blank": True,
            "input_title": f"金额（{unit}）",
            "input_message": message,
            "error_type": "warning",
            "error_title": "金额请只填数字",
            "error_message": f"这里要填不小于 0 的数字，单位是{unit}。写成文字，{shows}点“否”重新填，点“是”保留写的内容。",
            "other_cells": areas[1:],
        }
        if areas and sheet.data_validation(*areas[0], options) != 0:
            raise ValueError(f"{form.name}: the hint for amounts is too long")


PARTS_RATES = tuple(f"{item}.{name}" for item in FUNDS_PARTS for name in ("执行率", "得分"))
TINT, AMBER = "#FFFBE6", "#FFE0A3"
UNJUDGED = (
    "显示“待核”是程序判断不了：完成值与指标值的写法或单位不一样、带“约”“左右”等字，或是文字、迟到的日期。"
    "请照指标值的写法改完成值，或评定后直接填得分。"
)
HINTS = {  # by field: title, text
    "实际完成值": ("实际完成值", "照指标值的写法和单位填：≥95% 填 96%，=91场 填 91场，日期写全年月日。文字指标填与指标值相同的话，才自动得满分。"),
    "指标.得分": ("得分（自动算）", "分值×完成程度，最多得满分，没填完成值时空白。" + UNJUDGED),
    "总分": ("总分（自动算）", "各指标得分加执行率得分。“未填完”：还有分值没有对应的完成值，或没有全年执行数。“待核”：有一项得分待核。"),
    "执行率": ("执行率（自动算）", "全年执行数÷全年预算数。没填时空白；金额不是数字时显示“待核”。"),
    "年度资金总额.得分": ("执行率得分（自动算）", "分值×执行率，最多得满分，最少 0 分。金额不是数字时显示“待核”。"),
    "实际完成情况": ("实际完成情况", "对照左边的目标写完成了什么、完成到什么程度，没完成的写原因。"),
    "偏差原因": ("偏差原因及改进措施", "没有得满分的要写：为什么没有完成，打算怎样改。"),
}  # fmt: skip


def help_filling(book: Workbook, sheet: Worksheet, form: Form) -> None:
    """Cells still to be filled are tinted until they are, 待核 and 未填完 are amber; none of it is printed."""
    tint, amber = book.add_format({"bg_color": TINT}), book.add_format({"bg_color": AMBER})
    sheet.print_black_and_white()
    areas: dict[str, list[Cell]] = {}  # one rule for each: a workbook with fewer is filled faster
    for cell in read_layout(form.layout)[1]:
        if not cell.text.startswith("{{"):
            continue
        name = cell.text.strip("{ }").partition(" |")[0]
        hint = next((hint for field, hint in HINTS.items() if name == field or name.endswith("." + field)), None)
        if hint and name not in PARTS_RATES:
            options = {"validate": "any", "input_title": hint[0], "input_message": hint[1]}
            if sheet.data_validation(cell.top, cell.left, cell.bottom, cell.right, options) != 0:
                raise ValueError(f"{form.name}: the hint for {name} is too long")
        if cell.style == "amount" and "年度资金总额" not in name:
            areas.setdefault("amounts", []).append(cell)
        elif name in ("指标.实际完成值", "指标.分值"):
            areas.setdefault("done", []).append(cell)
        elif name == "实际完成情况":
            areas.setdefault("result", []).append(cell)
        elif name in ("年度资金总额.执行率", "年度资金总额.得分"):
            areas.setdefault("rates", []).append(cell)
        elif name in ("指标.得分", "总分"):
            areas.setdefault("scores", []).append(cell)
        if name == "指标.实际完成值":
            sheet.ignore_errors({"number_stored_as_text": xl_rowcol_to_cell(cell.top, cell.left)})
    for group, cells in areas.items():
        top, left = cells[0].top, cells[0].left
        first = xl_rowcol_to_cell(top, left, row_abs=group == "result", col_abs=group == "result")
        unsure = group in ("rates", "scores")
        shown = f'OR({first}="待核",{first}="未填完")' if unsure else f"LEN({first})=0"
        rule = {"type": "formula", "criteria": shown, "format": amber if unsure else tint}
        sheet.conditional_format(top, left, cells[-1].bottom, cells[-1].right, rule)


def set_up_page(sheet: Worksheet, form: Form) -> None:
    """A4. The headings of the table are printed again on each page, under the title and year in the page header.

    A form has a scale rather than a number of pages to fit: programs that fit pay no heed to the breaks the engine sets.
    """
    heights, cells = read_layout(form.layout)
    sheet.set_paper(A4)
    sheet.center_horizontally()
    sheet.set_footer(FOOTER)
    sheet.print_area(0, 0, len(heights) - 1, len(form.widths) - 1)
    sheet.hide_gridlines(2)
    if form.landscape:
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        sheet.repeat_rows(0, 1)
        if form.frozen_rows:
            sheet.freeze_panes(form.frozen_rows, 0)
        return
    sheet.set_portrait()
    sheet.set_start_page(1)
    sheet.set_margins(left=SIDE_MARGIN, right=SIDE_MARGIN, top=0.7, bottom=0.6)
    width = sum(width * DIGIT + EDGE for width in form.widths) * 0.75
    room = (PAPER_WIDTH - 2 * SIDE_MARGIN * 72) * WIDTH_USED
    sheet.set_print_scale(min(100, int(100 * room / width)))
    table = next(cell.top for cell in cells if "指标." in cell.text)
    sheet.repeat_rows(table - 1)
    sheet.set_header(HEADER.substitute(title=cells[0].text))


FOOTER = '&C&"宋体,Regular"&9第 &P 页 共 &N 页'
HEADER = Template(
    '&C&"黑体,Bold"&12$title（续）\n&"宋体,Regular"&10（{{ 年度 | 缺省(\'    \') }}年度）　{{ 项目名称 }}'
)


def head_later_pages(path: Path) -> None:
    """The header for all pages but the first, which bears the title: XlsxWriter knows no first page of its own."""
    with zipfile.ZipFile(path) as package:
        parts = {info: package.read(info) for info in package.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts.items():
            if info.filename == "xl/worksheets/sheet1.xml":
                footer = re.search(r"<oddFooter>(.*?)</oddFooter>", data.decode())[1]
                text = data.decode().replace("<headerFooter>", '<headerFooter differentFirst="1">')
                data = text.replace("</oddFooter>", f"</oddFooter><firstFooter>{footer}</firstFooter>").encode()
            package.writestr(info, data)


def describe(book: Workbook, form: Form) -> None:
    book.set_properties({"title": form.name, "created": CREATED})
    for name, value in form.properties().items():
        book.set_custom_property(name, value, "text")


def author(form: Form, folder: Path) -> Path:
    path = folder / f"{form.name}.xlsx"
    with xlsxwriter.Workbook(path, BOOK_OPTIONS) as book:
        describe(book, form)
        formats = {name: book.add_format(style) for name, style in STYLES.items()}
        sheet = book.add_worksheet(form.name)
        draw(sheet, form, formats)
        set_up_page(sheet, form)
        ask_for_numbers(sheet, form)
        if form.kind == "自评表":
            help_filling(book, sheet, form)
    if not form.landscape:
        head_later_pages(path)
    return path


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for form in FORMS:
        print(author(form, folder))


if __name__ == "__main__":
    main()
