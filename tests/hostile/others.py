"""Templates, ledgers and JSON files that are not what they should be."""

from __future__ import annotations

import json
import re
from xml.sax.saxutils import escape

from tests.package_checks import members
from xladdin.form.catalogue import shipped_folder

from .making import OTHER, Kind, book, zipped

_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def template(name: str, change, *says: str) -> Kind:
    """A template in the user's folder that cannot be used: told, and reading goes on without it."""
    argv = ("--templates", "{模板/}", "read", "{表.xlsx}")
    files = {"模板/坏模板.xlsx": change, "表.xlsx": lambda: book({"B3": OTHER})}
    return Kind(f"template: {name}", files, (OTHER, "坏模板", *says), (0,), argv=argv)


def _changed(part: str, change):
    def make() -> bytes:
        found = members((shipped_folder() / "2024申报表.xlsx").read_bytes())
        found["docProps/custom.xml"] = found["docProps/custom.xml"].replace("2024申报表".encode(), "坏模板".encode())
        before = found[part]
        found[part] = change(before)
        assert found[part] != before
        return zipped(found)

    return make


def _sheet(change) -> object:
    return _changed(_SHEET, lambda data: change(data.decode()).encode())


def _again(pattern: str, new: str) -> object:
    """The first match replaced."""
    return _sheet(lambda xml: re.sub(pattern, new, xml, count=1))


def _expression(text: str) -> object:
    """项目名称 with that for its expression."""
    return _changed(_STRINGS, lambda data: data.replace("{{ 项目名称 }}".encode(), escape(text).encode(), 1))


def _merge(ref: str):
    return _sheet(lambda xml: xml.replace("<mergeCell ", f'<mergeCell ref="{ref}"/><mergeCell ', 1))


_EXPRESSIONS = {
    "a call": "{{ 项目名称.__class__.__mro__() }}", "a loop": "{% for a in [1] %}{{ a }}{% endfor %}",
    "a range": "{{ range(999999999) }}", "a power": "{{ 9**9**9 }}", "a product": "{{ 'a' * 999999999 }}",
    "brackets": "{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "a long sum": "{{ " + " ~ ".join(["项目名称"] * 330) + " }}",
    "an unknown name": "{{ 没有这个 }}", "an unknown filter": "{{ 项目名称|upper }}", "a wrong end": "{{ 项目名称 }",
    "a statement": "{% include 'x' %}", "too long": "{{ '" + "长" * 2_100 + "' }}", "a macro": "{% macro a() %}{% endmacro %}",
    "nested conditions": "{{ " + "1 if 1 else (" * 60 + "1" + ")" * 60 + " }}", "a slice": "{{ 项目名称[0:9] }}",
}  # fmt: skip

TEMPLATES = [
    *(template(name, _expression(text), "!B3") for name, text in _EXPRESSIONS.items()),
    *(template(f"merge {ref}", _merge(ref), "合并") for ref in ("A1:XFD1048576", "3A", "B5:A1", "A1:ZZZ9")),
    template("cell 3A", _again('r="A1"', 'r="3A"'), "地址"),
    template("cell XFD1", _again('r="B1"', 'r="XFD1"'), "地址"),
    template("cell of another row", _again('r="B1"', 'r="B7"'), "地址"),
    template("row 9999999", _again('<row r="2"', '<row r="9999999"'), "行号|地址"),
    template("row x", _again('<row r="2"', '<row r="x"'), "行号"),
    template("rows out of order", _again("(<row .*?</row>)(<row .*?</row>)", r"\2\1"), "顺序"),
    template("style x", _again('<c r="A1" s="', '<c r="A1" s="x'), "!A1"),
    template("type zz", _again('(<c r="A1" s="1") t="s"', r'\1 t="zz"'), "!A1"),
    template("text out of range", _again("<v>0</v>", "<v>9999</v>"), "!A1"),
    template("height nan", _again(' ht="36"', ' ht="nan"'), "行高"),
    template("width x", _again('<col min="1" max="1"', '<col min="1" max="x"')),
    template("fifty thousand cells", _sheet(lambda xml: xml.replace("</sheetData>", "".join(f'<row r="{n}">' + "".join(f'<c r="{c}{n}"/>' for c in "ABCDEFGHIJKLMNOPQRST") + "</row>" for n in range(100, 3_000)) + "</sheetData>")), "超过"),
    template("formula without end", _again("(<c r=\"A2\"[^>]*>)", r"\1<f>" + "A1+" * 9_000 + "A1</f>")),
    template("columns the other way round", _again('<col min="1" max="1"', '<col min="5" max="1"'), "列"),
    template("a thousand million columns", _again('<col min="1" max="1"', '<col min="1" max="999999999"'), "列"),
    template("a choice for cell 3A", _sheet(lambda xml: re.sub("</mergeCells>", '</mergeCells><dataValidations count="1"><dataValidation sqref="A1 3A"/></dataValidations>', xml, count=1)), "3A"),
    template("a part nobody reads is broken", _changed("xl/theme/theme1.xml", lambda data: data[:200]), "theme1.xml"),
    template("not a zip", lambda: b"PK\x03\x04abc"),
    template("empty", lambda: b""),
    template("cut", lambda: (shipped_folder() / "2024申报表.xlsx").read_bytes()[:5_000]),
    template("doctype", _changed(_SHEET, lambda data: data.replace(b"?>", b"?><!DOCTYPE a>", 1)), "文档类型"),
    template("styles that are none", _changed("xl/styles.xml", lambda data: data[:300])),
    template("no properties", _changed("docProps/custom.xml", lambda data: b"<Properties/>"), "没有说清"),
    template("no sheets", _changed("xl/workbook.xml", lambda data: data.replace(b"<sheet ", b"<nothing "))),
    Kind("template: another is asked for by name", {"模板/坏模板.xlsx": _expression("{{ 没有 }}"), "账.json": lambda: _json()}, ("坏模板", "没有"), (1, 2), argv=("--templates", "{模板/}", "fill", "{账.json}", "--out", "{=出}", "--form", "坏模板")),
]  # fmt: skip


def _json(**changes) -> bytes:
    record = {"kind": "declaration", "form": "2024申报表", "year": 2024, "project": "甲", "money_unit": "元",
              "funds": {"total": "1"}, "indicators": []}  # fmt: skip
    return json.dumps([record | changes], ensure_ascii=False).encode()


def records(name: str, data, *says: str, codes=(2,)) -> Kind:
    """A JSON file nothing can be filled from."""
    argv = ("fill", "{账.json}", "--out", "{=出}")
    return Kind(f"json: {name}", {"账.json": data}, ("账.json", *says), codes, argv=argv)


_FIGURES = (
    "NaN",
    "Infinity",
    "1E999",
    "1e999999999",
    "1_000",
    "１２",
    "",
    " ",
    "1,000",
    "0x1",
    "9" * 250,
    "abc",
    "+-1",
)
JSON = [
    *(records(f"amount {text[:12]!r}", _json(funds={"total": text}), "funds.total") for text in _FIGURES),
    *(records(f"amount {text}", _json().replace(b'"total": "1"', b'"total": ' + text.encode()), "JSON|funds.total") for text in ("NaN", "Infinity", "-Infinity", "1E999999999", "1e99999999999999999999", "1e400", "9" * 5_000, "true", "[1]", '{"a":1}', "1" + "0" * 160)),
    records("year", _json(year="二〇二四"), "year"),
    records("year 0", _json(year=0), "year"),
    records("day", _json(start="2021-13-41"), "start"),
    records("kind", _json(kind=["x"]), "kind"),
    records("kind that is long", _json(kind="长" * 100_000), "kind"),
    records("unknown field", _json(**{"字" * 50_000: 1}), "不认识"),
    records("no list", b'"x"', "JSON 对象"),
    records("null", b"null", "JSON 对象"),
    records("number", b"1", "JSON 对象"),
    records("cut", _json()[:50], "不是合法的 JSON"),
    records("nested", b"[" * 100_000, "不是合法的 JSON"),
    records("empty", b"", "不是合法的 JSON"),
    records("gb18030", json.dumps([{"project": "甲"}], ensure_ascii=False).encode("gb18030"), "UTF-8"),
    records("utf-16", _json().decode().encode("utf-16"), "UTF-8"),
    records("indicators", _json(indicators={"a": 1}), "indicators"),
    records("an indicator", _json(indicators=[7]), "indicators[0]"),
    records("thirty thousand bad records", b"[" + b",".join([b"7"] * 30_000) + b"]", "等 30000 处"),
    records("ten million numbers", lambda: b"[" + b"1," * 10_000_000 + b"1]", "超过上限"),
    Kind("json: a form's name without end", {"账.json": _json(form="表" * 200_000)}, ("没有名为",), (2,), argv=("fill", "{账.json}", "--out", "{=出}")),
    Kind("json: two hundred thousand fields of its own", {"账.json": _json(extra={str(n): "x" for n in range(200_000)})}, ("等 200000 个",), (0,), argv=("fill", "{账.json}", "--out", "{=出}")),
    Kind("json: the same into one book", {"账.json": _json(extra={str(n): "x" for n in range(200_000)})}, ("等 200000 个",), (0,), argv=("fill", "{账.json}", "--out", "{=出}", "--one-book")),
    records("30 MB", lambda: b'["' + b"x" * (30 << 20) + b'"]', "上限"),
]  # fmt: skip

_PROJECTS = ("年度", "项目名称", "表式", "主管部门", "实施单位", "金额单位", "项目资金总额")
_INDICATORS = ("年度", "项目名称", "一级指标", "二级指标", "三级指标", "指标值")
_GOOD = (2024, "甲", "2024申报表", "局", "处", "元", 100)


def _table(*rows) -> dict[str, object]:
    return {
        f"{'ABCDEFGHIJ'[c]}{r}": value for r, row in enumerate(rows, 1) for c, value in enumerate(row) if value != ""
    }


def ledger_book(projects, indicators=(), after: str = "", rows: str = "") -> bytes:
    """A ledger of these rows; after, rows: XML behind and among those of 项目."""
    from .making import BOOK, parts, sheet

    found = parts(None, b"", b"")
    found[_SHEET] = sheet(_table(_PROJECTS, *projects), after, rows)
    found["xl/worksheets/sheet2.xml"] = sheet(_table(_INDICATORS, *indicators))
    found["xl/worksheets/sheet3.xml"] = sheet(_table(("年度", "项目名称", "资金项目")))
    names = zip(("表1", "表2", "表3"), ("项目", "指标", "资金执行"), strict=True)
    for old, new in names:
        found[BOOK] = found[BOOK].replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
    return zipped(found)


def ledger(name: str, data, *says: str, codes=(2,)) -> Kind:
    """A ledger in which something must be told."""
    argv = ("fill", "{台账.xlsx}", "--out", "{=出}")
    return Kind(f"ledger: {name}", {"台账.xlsx": data}, ("台账.xlsx", *says), codes, argv=argv)


def _money(xml: str):
    return lambda: ledger_book([(*_GOOD[:6], f'<c r="G2"{xml}</c>')])


LEDGERS = [
    *(ledger(f"amount {text[:12]!r}", _money(f"><v>{text}</v>"), "G2") for text in ("NaN", "1E999", "1E999999999", "1_000", "INF", "abc", "9" * 400)),
    ledger("amount #N/A", _money(' t="e"><v>#N/A</v>'), "G2", "#N/A"),
    ledger("amount in percent", _money(' s="1"><v>0.5</v>'), "G2"),
    ledger("amount shown in 万元", _money(' s="3"><v>5</v>'), "G2"),
    ledger("amount shown with a point", _money(' s="4"><v>50000</v>'), "G2"),
    ledger("shared string out of range", _money(' t="s"><v>99</v>'), "G2"),
    ledger("a comment in an amount", _money("><v>1<!-- x -->2</v>"), "G2"),
    ledger("unknown type", _money(' t="zz"><v>1</v>'), "G2"),
    ledger("year of many characters", lambda: ledger_book([("年" * 30_000, *_GOOD[1:])]), "A2"),
    ledger("row number x", lambda: ledger_book([_GOOD], rows='<row r="x"/>'), "行号"),
    ledger("cell 3A", lambda: ledger_book([(*_GOOD[:6], '<c r="3A"><v>1</v></c>')]), "地址"),
    ledger("merge 3A", lambda: ledger_book([_GOOD], after='<mergeCells><mergeCell ref="3A"/></mergeCells>'), "合并区域"),
    ledger("sheet cut", lambda: ledger_book([_GOOD])[:2_000], "不完整"),
    ledger("rows out of order", lambda: ledger_book([_GOOD, (2024, "乙", *_GOOD[2:6], "多少")], rows='<row r="1"/>'), "G3", codes=(1, 2)),
    ledger("forty thousand mistakes", lambda: ledger_book([_GOOD, *[(2024, f"项目{n}", *_GOOD[2:6], "多少") for n in range(40_000)]]), "G3", "等 ", codes=(1, 2)),
    ledger("forty thousand strangers", lambda: ledger_book([_GOOD], [(2024, f"没有{n}", "产出指标", "数量指标", "x", "1") for n in range(40_000)]), "等 ", codes=(1, 2)),
    ledger("twelve thousand columns", lambda: ledger_book([_GOOD], rows=f'<row r="3">{"<c><v>1</v></c>" * 12_000}</row>'), "列", codes=(1, 2)),
    ledger("a form", lambda: book(), "项目"),
]  # fmt: skip
