"""Sheets, cells, figures and merges that are not what they should be."""

from __future__ import annotations

import re

from .making import FORM, MAIN, OTHER, PROJECT, SHEET, Kind, book, cell, parts, sheet, with_part, zipped
from .packages import bad, fine

DOUBTED = "疑.xlsx"


def doubt(name: str, cells: dict, ref: str, *says: str, **more) -> Kind:
    """A form that is read, with one cell that must be named."""
    return Kind(name, {DOUBTED: lambda: book(cells, **more)}, (PROJECT, DOUBTED, f"!{ref}", *says), (0,), reads=True)


def raw(ref: str, inside: str, attributes: str = "") -> dict:
    """A cell with that inside it."""
    return {ref: f'<c r="{ref}"{attributes}>{inside}</c>'}


def figure(text: str) -> dict:
    """全年执行数 with that for its figure."""
    return raw("F6", f"<v>{text}</v>")


FIGURES = ("NaN", "nan", "INF", "Infinity", "-Infinity", "1E999", "1E999999999", "-1E999999999", "1E-999999999", "1_000",
           "１２", "٣٤", "²", "0x10", "1,000", "1e", "--1", "1.2.3", "abc", "99 1403", "1E+", "#N/A", "TRUE", "9" * 350,
           "1e21", "." , "+", "1E309", "0,5", "50%")  # fmt: skip
ROWS = ("0", "-1", "abc", "1.5", "99999999", "１２", "1e3", "1048577", " 7")
REFS = ("3A", "A", "99", "F0", "ZZZZ7", "F7:G8", "XFE6", "F99", "$F$6", "Ｆ6", "F６", "F6 ", "../F6")

SHEETS = [
    *(bad(f"row number {n!r}", lambda n=n: book(rows=f'<row r="{n}"><c r="A14"><v>1</v></c></row>'), "表1", "行号") for n in ROWS),
    *(bad(f"cell address {ref!r}", lambda ref=ref: book({"F6": f'<c r="{ref}"><v>1</v></c>'}), "表1", "地址") for ref in REFS),
    *(bad(f"merge {ref!r}", lambda ref=ref: book(after=f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'), "表1", "合并区域")
      for ref in ("3A", "", "A1:", "B5:A1", "A5:B2", "XFE1:XFF2", "A0:B1", "A1:XFD9999999", "A1:B2:C3", "A:B")),
    fine("merge of the whole sheet below", lambda: book(after='<mergeCells><mergeCell ref="A20:XFD1048576"/></mergeCells>')),
    fine("merge given twice", lambda: book(after="<mergeCells>" + '<mergeCell ref="B3:C3"/>' * 2 + "</mergeCells>")),
    bad("thirty thousand merges that overlap", lambda: book({f"K{n}": n for n in range(20, 2_020)}, after="<mergeCells>" + "".join(f'<mergeCell ref="A15:XFD{1_000_000 + n}"/>' for n in range(30_000)) + "</mergeCells>"), "重叠"),
    bad("a million merges", lambda: book(after="<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(20, 600_000)) + "</mergeCells>"), "太多|合并单元格"),
    fine("comments between rows and cells", lambda: with_part(SHEET, lambda d: d.replace(b"<row", b"<!-- x --><row").replace(b"<c ", b"<?x y?><c "))),
    fine("rows and cells without addresses", lambda: with_part(SHEET, lambda d: _bare())),
    fine("rows out of order", lambda: with_part(SHEET, lambda d: re.sub(rb'(<row r="4".*?</row>)(.*)(</sheetData>)', rb"\2\1\3", d))),
    fine("addresses in lower case", lambda: book({"F6": '<c r="f6"><v>950000</v></c>'})),
    fine("no sheet data in another sheet", lambda: book(None, b"<worksheet/>")),
    bad("no sheet data at all", lambda: with_part(SHEET, b"<worksheet/>"), "没有申报表"),
    bad("a chart instead of a sheet", lambda: with_part("xl/_rels/workbook.xml.rels", lambda d: d.replace(b"/worksheet\"", b'/chartsheet"')), "没有可读的工作表"),
    Kind("one form of two has no name", {"两张.xlsx": lambda: book(None, sheet(FORM | {"B3": ""}))}, (PROJECT, "两张.xlsx", "表2", "项目名称"), (1,), reads=True),
    Kind("a hidden sheet is damaged", {"藏.xlsx": lambda: _hidden()}, (PROJECT,), (0, 1), reads=True),
    Kind("values under merges", {"盖.xlsx": lambda: book({"C3": "盖住的", "C12": "盖住的", "B14": "盖住的项目"}, after='<mergeCells><mergeCell ref="B3:C3"/><mergeCell ref="C11:C12"/><mergeCell ref="A14:C14"/></mergeCells>')}, (PROJECT,), (0,), reads=True, never=("盖住的",)),
]  # fmt: skip


def _bare() -> bytes:
    return re.sub(rb' r="[A-Z]*\d+"', b"", _dense())


def _dense() -> bytes:
    """The form with every cell of its rows written, so that no address is needed."""
    columns = "ABCDEFGHI"
    cells = {f"{c}{n}": FORM.get(f"{c}{n}", f'<c r="{c}{n}"/>') for n in range(1, 14) for c in columns}
    return sheet(cells)


def _hidden() -> bytes:
    found = parts(None, b"<worksheet")
    name = "xl/workbook.xml"
    return zipped(found | {name: found[name].replace(b'sheetId="2"', b'sheetId="2" state="veryHidden"')})


CELLS = [
    *(doubt(f"figure {text[:20]!r}", figure(text), "F6") for text in FIGURES),
    fine("figure in blanks", lambda: book(figure(" 950000 "))),
    fine("figure with an exponent", lambda: book(figure("9.5E5"))),
    fine("zero with a huge exponent", lambda: book({"I12": '<c r="I12"><v>0E99</v></c>'})),
    doubt("a comment in a figure", raw("F6", "<v>95<!-- x -->0000</v>"), "F6", "950000"),
    doubt("an instruction in a figure", raw("F6", "<v>95<?x y?>0000</v>"), "F6", "950000"),
    doubt("an element in a figure", raw("F6", "<v>95<b/>0000</v>"), "F6", "950000"),
    *(doubt(f"error {text}", raw("F6", f"<v>{text}</v>", ' t="e"'), "F6", text) for text in ("#DIV/0!", "#N/A", "#REF!", "#SPILL!")),
    doubt("error of a formula", raw("F6", "<f>A1/0</f><v>#DIV/0!</v>", ' t="e"'), "F6", "#DIV/0!"),
    doubt("error in a reason", raw("I11", "<v>#REF!</v>", ' t="e"'), "I11", "#REF!"),
    doubt("error in a level", raw("B11", "<v>#REF!</v>", ' t="e"'), "B11", "#REF!"),
    doubt("picture in a reason", raw("I11", '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', ' t="str"'), "I11", "图片"),
    doubt("picture as a text", {"I11": '=DISPIMG("ID_1",1)'}, "I11", "图片"),
    doubt("picture in a cell", raw("I11", "<v>#VALUE!</v>", ' t="e" vm="1"'), "I11", "图片"),
    *(doubt(f"shared string {index!r}", raw("I11", f"<v>{index}</v>", ' t="s"'), "I11", "共享文字") for index in ("99", "-1", "abc", "²", "1.5", "9" * 99)),
    doubt("unknown type", raw("F6", "<v>950000</v>", ' t="zz"'), "F6"),
    *(doubt(f"style {style!r}", raw("F6", "<v>950000</v>", f' s="{style}"'), "F6") for style in ("99", "-1", "abc", "²")),
    *(doubt(f"boolean {text!r}", raw("F6", f"<v>{text}</v>", ' t="b"'), "F6") for text in ("1", "7", "maybe")),
    *(doubt(f"day {text!r}", raw("F6", f"<v>{text}</v>", ' t="d"'), "F6") for text in ("2021-12-31", "10:10:10", "2021-99-99", "20211231", "x")),
    doubt("percent of money", raw("F6", "<v>0.95</v>", ' s="1"'), "F6", "95%", "百分比"),
    doubt("a day for money", raw("F6", "<v>44000</v>", ' s="2"'), "F6", "2020-06-18"),
    doubt("a time for money", raw("F6", "<v>0.5</v>", ' s="5"'), "F6", "12:00"),
    doubt("万元 by its format among 元", raw("F6", "<v>95</v>", ' s="3"'), "F6", "95万元"),
    doubt("a point by its format", raw("F6", "<v>950000</v>", ' s="4"'), "F6", "95", "950000"),
    doubt("万元 typed among 元", {"F6": "95万元"}, "F6", "万元", "950000"),
    doubt("a formula without value", raw("F6", "<f>VLOOKUP(A1,B:C,2)</f>"), "F6", "没有计算结果"),
    doubt("a formula that leads to itself", raw("F6", "<f>F6+1</f>"), "F6", "没有计算结果"),
    doubt("formulas that lead to one another", raw("D6", "<f>E6+1</f>") | raw("E6", "<f>D6+1</f>"), "E6", "没有计算结果"),
    doubt("a formula of many sums", {"F6": '<c r="F6"><f>' + "+".join(["SUM(K1:K900)"] * 25) + "</f></c>"} | {f"K{n}": f'<c r="K{n}"><f>{"+".join(["SUM(K1:K900)"] * 25)}</f></c>' for n in range(20, 320)}, "F6"),
    doubt("two cells of one address", {"F6": '<c r="F6"><v>1</v></c><c r="F6"><v>2</v></c>'}, "F6"),
    fine("a text in runs with a phonetic hint", lambda: book(raw("B3", f"<is><r><t>{PROJECT[:1]}</t></r><r><t>{PROJECT[1:]}</t></r><rPh sb=\"0\" eb=\"1\"><t>jia</t></rPh></is>", ' t="inlineStr"'))),
    fine("a remark in a text", lambda: book(raw("B3", f"<is><t>{PROJECT[:1]}<!-- x -->{PROJECT[1:]}</t></is>", ' t="inlineStr"'))),
    fine("half a character", lambda: book({"I11": "_xD800_"})),
    fine("control characters", lambda: book({"I11": "a_x0001__x001B_[31m_x0000_b"})),
    fine("the longest text", lambda: book({"I11": "字" * 32_767})),
    Kind("figures out of range in a summary", {"甲.xlsx": lambda: book(figure("NaN")), "乙.xlsx": lambda: book({"B3": OTHER} | figure("1E999"))}, ("汇总",), (0, 1), argv=("summary", "{甲.xlsx}", "{乙.xlsx}", "--out", "{=汇总.xlsx}")),
    Kind("figures out of range in a check", {"甲.xlsx": lambda: book(figure("NaN"))}, ("F6", "NaN"), (0, 1), argv=("check", "{甲.xlsx}")),
    Kind("money in another unit in a check", {"甲.xlsx": lambda: book(raw("F6", "<v>95</v>", ' s="3"'))}, ("E-40", "F6", "万元"), (1,), argv=("check", "{甲.xlsx}")),
]  # fmt: skip


def _many(count: int, row: int, make) -> str:
    return "".join(f'<row r="{row + n}">{make(row + n)}</row>' for n in range(count))


def _text(ref: str, text: str) -> str:
    return cell(ref, text)


SIZES = [
    bad("a million and more cells", lambda: book(rows=_many(120_000, 20, lambda r: "<c><v>1</v></c>" * 10)), "单元格|太多"),
    bad("a row of twenty thousand cells", lambda: book(rows=f'<row r="20">{"<c><v>1</v></c>" * 20_000}</row>'), "表1"),
    bad("thousands of indicators", lambda: book({"A13": ""}, rows=_many(3_000, 14, lambda r: _text(f"D{r}", f"指标{r}") + _text(f"E{r}", "≥1"))), "指标超过"),
    bad("thousands of budget lines", lambda: zipped(_lines(500)), "项目资金超过"),
    bad("one long text in every cell", lambda: zipped(parts(rows=_many(2_000, 20, lambda r: f'<c r="K{r}" t="s"><v>0</v></c>')) | {"xl/sharedStrings.xml": f"<sst xmlns=\"{MAIN}\"><si><t>{'字' * 32_000}</t></si></sst>".encode()}), "文字超过"),
    Kind("a check of two thousand rows", {"行.xlsx": lambda: book({"A13": ""}, rows=_many(1_900, 14, lambda r: _text(f"D{r}", f"指标{r}") + _text(f"E{r}", "≥9场") + _text(f"F{r}", "1场") + _text(f"I{r}", "因" * 200)))}, ("等 ",), (1,), argv=("check", "{行.xlsx}")),
    Kind("a form five hundred times in a sheet", {"多.xlsx": lambda: zipped(parts() | {SHEET: _repeated(500)})}, (PROJECT,), (0, 1), reads=True),
    Kind("thousands of doubts", {"疑.xlsx": lambda: book({"A13": ""}, rows=_many(1_500, 14, lambda r: _text(f"D{r}", f"指标{r}") + _text(f"G{r}", "多少")))}, (PROJECT, "等 "), (0,), reads=True),
    Kind("labels without end", {"签.xlsx": lambda: book(rows=_many(20_000, 20, lambda r: _text(f"A{r}", "主管部门")))}, (PROJECT,), (0, 1), reads=True),
    Kind("a wide row of labels", {"签.xlsx": lambda: book(rows='<row r="9">' + '<c t="inlineStr"><is><t>主管部门</t></is></c>' * 3_000 + "</row>")}, (), (0, 1)),
    Kind("titles without end", {"题.xlsx": lambda: book(rows=_many(20_000, 20, lambda r: _text(f"A{r}", "绩效自评表")))}, (PROJECT,), (0, 1), reads=True),
    Kind("headers without end", {"头.xlsx": lambda: book(rows=_many(10_000, 20, lambda r: _text(f"A{r}", "一级指标") + _text(f"B{r}", "二级指标") + _text(f"C{r}", "三级指标") + _text(f"D{r}", "指标值")))}, (PROJECT,), (0, 1), reads=True),
    Kind("three hundred thousand texts", {"文.xlsx": lambda: book(rows=_many(100_000, 20, lambda r: "".join(_text(f"{c}{r}", f"{c}项目{r}") for c in "KLM")))}, (PROJECT,), (0, 1), reads=True),
]  # fmt: skip


def _lines(count: int) -> dict:
    head = {ref: value for ref, value in FORM.items() if int(ref[1:]) < 7}
    body = {f"B{7 + n}": f"其他资金{n}" for n in range(count)} | {f"F{7 + n}": 1 for n in range(count)}
    tail = {f"{ref[0]}{int(ref[1:]) + count}": value for ref, value in FORM.items() if int(ref[1:]) > 7}
    return parts() | {SHEET: sheet(head | body | tail)}


def _repeated(count: int) -> bytes:
    many: dict[str, object] = {}
    for n in range(count):
        many |= {f"{ref[0]}{int(ref[1:]) + 15 * n}": value for ref, value in FORM.items()}
    return sheet(many)
