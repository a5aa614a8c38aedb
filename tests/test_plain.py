"""Sheets read without a tree are the sheets the parser reads, or are left to it."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from xladdin.workbook import gate, reading
from xladdin.workbook.plain import Otherwise, plain_rows, plainly, strings
from xladdin.workbook.reading import read_grids, read_sheets

TEMPLATES = sorted((Path(__file__).parents[1] / "templates").glob("*.xlsx"))
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

# what stands in a sheet's rows, or in place of them: as others write it, broken, or meant to look plain
ROWS = {
    "plain": '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="C1"><v>1.5</v></c></row>',
    "reference": '<row r="1"><c r="A1" t="str"><f>B1&amp;"a"</f><v>&lt;b&gt; &#10;c</v></c></row>',
    "escape": '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c></row>',
    "hex reference": '<row r="1"><c r="A1" t="str"><v>&#x4e2d;</v></c></row>',
    "unknown reference": '<row r="1"><c r="A1" t="str"><v>&copy;</v></c></row>',
    "bare ampersand": '<row r="1"><c r="A1" t="str"><v>a & b</v></c></row>',
    "remark": '<row r="1"><!-- <c r="A1"><v>1</v></c> --><c r="B1"><v>2</v></c></row>',
    "section": '<row r="1"><c r="A1" t="str"><v><![CDATA[<c>]]></v></c></row>',
    "end of section": '<row r="1"><c r="A1" t="str"><v>a]]>b</v></c></row>',
    "instruction": '<row r="1"><?go on?><c r="A1"><v>1</v></c></row>',
    "shared formula": '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1+1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>',
    "shared formula without a master": '<row r="1"><c r="A1"><f t="shared" si="0"/><v>1</v></c><c r="B1"><f t="shared" si="0">A1</f></c></row>',
    "shared formulas, two": '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" ca="1" si="0">B1&amp;"a"</f><v>1</v></c>'
    '<c r="B1" t="str"><f t="shared" ref="B1:B2" si="1">C1</f><v>&lt;</v></c></row><row r="2">'
    '<c r="A2"><f t="shared" si="0"/></c><c r="B2"><f t="shared" ca="1" si="1">other</f></c></row>',
    "array formula": '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>',
    "formula marked": '<row r="1"><c r="A1"><f ca="1">NOW()</f><v>1</v></c><c r="B1"><f aca="false">B1</f><v>1</v></c></row>',
    "formula marked and empty": '<row r="1"><c r="A1"><f ca="1"/><v>1</v></c><c r="B1"><f/><v>1</v></c></row>',
    "formula without text": '<row r="1"><c r="A1"><f t="shared" si="3"/></c><c r="B1" t="s"><f>A1</f><v>0</v></c></row>',
    "attributes": '<row r="1" ht="3" spans="1:3" s="2" customFormat="1" thickBot="1"><c r="A1" s="1"/><c r="B1" s="1" /><c r="C1" t="n"></c></row>',
    "hidden": '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" ht="3" hidden="true"/>'
    '<row r="3" hidden="0"><c r="A3"><v>1</v></c></row><row r="4" hidden="false" a:hidden="1"/>',
    "attribute of another program": '<row r="1" x14ac:dyDescent="0.2"><c r="A1"><v>1</v></c></row><row r="2" a:b="1"/>',
    "attribute of XML": '<row r="1" xml:space="preserve"><c r="A1"><v>1</v></c></row>',
    "number twice": '<row r="1" r="2"><c r="A1"><v>1</v></c></row>',
    "space of its own": '<row r="1" xmlns="a"><c r="A1"><v>1</v></c></row>',
    "no space": '<row r="1" xmlns=""><c r="A1"><v>1</v></c></row>',
    "prefix of its own": '<row r="1" xmlns:a="b" a:c="d"><c r="A1"><v>1</v></c></row>',
    "style in another writing": '<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" s="00"><v>1</v></c><c r="C1" s="007"><v>1</v></c></row>',
    "covered": '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><f>A1</f></c></row>',
    "reference in a number": '<row r="1"><c r="A1"><v>&lt;1</v></c><c r="B1" t="s"><v>&#10;</v></c><c r="C1" t="e"><v>&amp;</v></c></row>',
    "zero and false": '<row r="1"><c r="A1"><v>0</v></c><c r="A1"><v>0</v></c><c r="B1" t="b"><v>0</v></c><c r="B1" t="b"><v>1</v></c></row>',
    "runs": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>',
    "no addresses": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "wrong row": '<row r="1"><c r="A2"><v>1</v></c></row>',
    "beyond the sheet": '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    "far column": '<row r="1"><c r="XFD1"><v>1</v></c><c r="AAB1"><v>2</v></c></row>',
    "no such column": '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    "twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "not closed": '<row r="1"><c r="A1"><v>1</v></c>',
    "closed twice": '<row r="1"></row></row>',
    "row in row": '<row r="1"><row r="2"></row></row>',
    "cell outside": '<c r="A1"><v>1</v></c>',
    "attribute twice": '<row r="1" ht="3" ht="4"><c r="A1"><v>1</v></c></row>',
    "unknown prefix": '<row r="1" y:z="1"><c r="A1"><v>1</v></c></row>',
    "text between": '<row r="1">abc<c r="A1"><v>1</v></c></row>',
    "blanks between": '<row r="1">\n  <c r="A1"><v>1</v></c>\n</row>',
    "carriage return": '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    "control character": '<row r="1"><c r="A1" t="str"><v>a\x0bb</v></c></row>',
    "empty value": '<row r="1"><c r="A1"><v></v></c><c r="B1" t="s"><v></v></c><c r="C1"><f></f><v></v></c></row>',
    "empty text": '<row r="1"><c r="A1" t="inlineStr"><is><t></t></is></c></row>',
    "no such string": '<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="B1" t="s"><v>x</v></c></row>',
    "no such style": '<row r="1"><c r="A1" s="99999"><v>1</v></c></row>',
    "error": '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="q"><v>1</v></c></row>',
    "picture": '<row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c></row>',
    "picture formula": '<row r="1"><c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c></row>',
    "odd number": '<row r="1"><c r="A1"><v>1_000</v></c><c r="B1"><v>NaN</v></c><c r="C1"><v>1E999</v></c></row>',
    "wide digits": '<row r="１"><c r="A１"><v>1</v></c></row>',
    "small letters": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "rows again": '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData><row r="2"><c r="A2"><v>2</v></c></row>',
    "rows further in": '<row r="1"/></sheetData><extLst><ext><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    "</sheetData></ext></extLst><sheetData>",
}  # fmt: skip
# what stands around the rows
WRAPS = {
    "plain": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>',
    "declared": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    "prefixed": '<x:worksheet xmlns:x="{main}" xmlns="{main}"><sheetData>{rows}</sheetData></x:worksheet>',
    "another space": '<worksheet xmlns="http://example.org/other"><sheetData>{rows}</sheetData></worksheet>',
    "strict": '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>{rows}</sheetData></worksheet>',
    "wrong encoding": '<?xml version="1.0" encoding="gb2312"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    "broken behind": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells></worksheet>',
    "overlapping": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="B1:A1"/></mergeCells></worksheet>',
    "prefix bound": '<worksheet xmlns="{main}" xmlns:x14ac="urn:a" xmlns:a="urn:a"><sheetData>{rows}</sheetData></worksheet>',
    "merged twice": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    '<mergeCells><mergeCell ref="B1:C1" /></mergeCells></worksheet>',
    "merged elsewhere": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><extLst><mergeCells><mergeCell ref="A1:B1"/></mergeCells></extLst></worksheet>',
    "merged in another space": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><a:mergeCells xmlns:a="urn:a"><mergeCell ref="A1:B1"/></a:mergeCells></worksheet>',
    "merged in a remark": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><!--<mergeCells><mergeCell ref="A1:B1"/></mergeCells>--></worksheet>',
    "merged in a text": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><a b="&lt;mergeCells>&lt;mergeCell ref=&quot;A1:B1&quot;/>"/></worksheet>',
    "merged before": '<worksheet xmlns="{main}"><mergeCells><mergeCell ref="A1:B1"/></mergeCells><sheetData>{rows}</sheetData></worksheet>',
    "merged on blanks": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells> <mergeCell ref="A1:B1"/> </mergeCells></worksheet>',
    "merged wide": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="B1:XFD1"/><mergeCell ref="A2:A9"/></mergeCells></worksheet>',
    "merged to nowhere": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A1:XFE9"/></mergeCells></worksheet>',
    "larger than in an attribute": '<worksheet xmlns="{main}"><a b="x>y" c="1"/><sheetData>{rows}</sheetData><d e="1>2">f > g</d></worksheet>',
    "attribute not closed": '<worksheet xmlns="{main}"><a b="x>y/><sheetData>{rows}</sheetData><d e="1"/></worksheet>',
    "text behind": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>a',
    "rows closed in a text": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><a>&lt;/sheetData></a></worksheet>',
    "reference around": '<worksheet xmlns="{main}"><sheetData>{rows}</sheetData><a b="&copy;">&#x4e2d;</a></worksheet>',
    "of another program": '<worksheet xmlns="{main}" xmlns:mc="urn:m" mc:Ignorable="x" xmlns:x="urn:x"><sheetData>{rows}</sheetData><x:a><x:sheetData/></x:a></worksheet>',
    "nested": '<worksheet xmlns="{main}"><sheetData/><extLst><sheetData>{rows}</sheetData></extLst></worksheet>',
}  # fmt: skip


_WRAPS_OF_ALL = ("plain", "declared", "prefixed", "another space", "strict", "prefix bound", "nested", "broken behind")
_ROWS_IN_ALL = ("plain", "covered", "rows again", "attribute of another program")
# the shared strings, as others write them, broken, or meant to look plain
STRINGS = {
    "plain": '<sst xmlns="{main}" count="2"><si><t>甲</t></si><si><t xml:space="preserve"> 乙&amp;_x000D_</t></si></sst>',
    "Excel": '<sst xmlns="{main}"><si><t>甲</t><phoneticPr fontId="1" type="noConversion"/></si></sst>\n',
    "runs": '<sst xmlns="{main}"><si><t>甲</t></si><si><r><rPr><b/></rPr><t>乙</t></r><r><t> 丙</t></r></si><si><t>丁</t></si></sst>',
    "runs not closed": '<sst xmlns="{main}"><si><t>甲</t></si><si><r><rPr><b></rPr><t>乙</t></r></si></sst>',
    "hints": '<sst xmlns="{main}"><si><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></si></sst>',
    "empty ones": '<sst xmlns="{main}"><si/><si><t/></si><si></si><si><t></t></si><si><t>甲</t></si></sst>',
    "none": '<sst xmlns="{main}" count="0"/>',
    "prefixed": '<x:sst xmlns:x="{main}"><x:si><x:t>甲</x:t></x:si></x:sst>',
    "another space": '<sst xmlns="urn:a"><si><t>甲</t></si><si><r><t>乙</t></r></si></sst>',
    "prefix unbound": '<sst xmlns="{main}" a:b="1"><si><t>甲</t></si></sst>',
    "attribute twice": '<sst xmlns="{main}" a="1" a="2"><si><t>甲</t></si></sst>',
    "remark": '<sst xmlns="{main}"><si><t>甲</t></si><!-- <si><t>乙</t></si> --><si><t><!-- a -->丙</t></si></sst>',
    "section": '<sst xmlns="{main}"><si><t><![CDATA[</si>]]></t></si><si><t>甲</t></si></sst>',
    "instruction": '<sst xmlns="{main}"><si><?a <si>?><t>甲</t></si></sst>',
    "two in one": '<sst xmlns="{main}"><si><t>甲</t></si ><si ><t>乙</t></si><si><t>丙</t></si></sst>',
    "one in another": '<sst xmlns="{main}"><si><si><t>甲</t></si></si><si><a><si><t>乙</t></si></a></si></sst>',
    "further in": '<sst xmlns="{main}"><a><si><t>甲</t></si></a><si><t>乙</t></si></sst>',
    "two roots": '<sst xmlns="{main}"><si><t>甲</t></si></sst><sst xmlns="{main}"><si><t>乙</t></si></sst>',
    "roots across": '<sst xmlns="{main}"><si></sst><sst></si><si><t>乙</t></si></sst>',
    "not closed": '<sst xmlns="{main}"><si><t>甲</t></si>',
    "text between": '<sst xmlns="{main}">a<si><t>甲</t></si></sst>',
    "text behind": '<sst xmlns="{main}"><si><t>甲</t></si></sst>a',
    "blanks": '<sst xmlns="{main}">\n  <si>\n <t>甲</t>\n </si>\n</sst>',
    "references": '<sst xmlns="{main}"><si><t>&#x7532;&#30002;</t></si><si><t>&lt;&copy;</t></si></sst>',
    "picture": '<sst xmlns="{main}"><si><t>=DISPIMG("ID_1",1)</t></si></sst>',
    "another encoding": '<?xml version="1.0" encoding="gb2312"?><sst xmlns="{main}"><si><t>甲</t></si></sst>',
    "marked": '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<sst xmlns="{main}"><si><t>甲</t></si></sst>',
    "carriage return": '<sst xmlns="{main}"><si><t>a\r\nb</t></si></sst>',
    "long": '<sst xmlns="{main}"><si><t>{long}&gt;</t></si><si><t>{long}&gt;</t></si></sst>',
}  # fmt: skip
ALL = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(7))
ALL = f'<worksheet xmlns="{MAIN}"><sheetData>{ALL}</sheetData></worksheet>'.encode()


def changed(path: Path, sheet: bytes, shared: bytes | None = None) -> bytes:
    """A template with another first sheet, and other strings."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            other = {SHEET: sheet, SHARED: shared}.get(name)
            new.writestr(name, old.read(name) if other is None else other)
    return out.getvalue()


def otherwise(part: object) -> None:
    raise Otherwise


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """What reading gives, whole and row by row, and what the parser alone gives."""

    def told() -> list[str]:
        found = []
        monkeypatch.setattr(gate, "_known", {})
        for read in (
            lambda: [repr(grid) + str(grid.broken) for grid in read_grids(data, "表.xlsx")],
            lambda: [repr(row) for sheet in read_sheets(data, "表.xlsx") for row in sheet.rows()],
        ):
            try:
                found += read()
            except Exception as error:  # noqa: BLE001  whatever one raises the other must raise
                found += [repr(error), str(error)]
        return found

    quick = told()
    with monkeypatch.context() as patch:
        for name in ("plainly", "plain_rows", "strings"):
            patch.setattr(reading, name, otherwise)
        return quick, told()


@pytest.mark.parametrize(
    ("rows", "wrap"),
    [(rows, wrap) for rows in ROWS for wrap in WRAPS if wrap in _WRAPS_OF_ALL or rows in _ROWS_IN_ALL],
)
def test_reads_what_the_parser_reads(rows: str, wrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = WRAPS[wrap].format(main=MAIN, rows=ROWS[rows]).encode()
    quick, slow = both(changed(TEMPLATES[0], sheet), monkeypatch)
    assert quick == slow


@pytest.mark.parametrize("name", STRINGS)
def test_reads_the_strings_the_parser_reads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = STRINGS[name].format(main=MAIN, long="长" * 900).encode()
    quick, slow = both(changed(TEMPLATES[0], ALL, shared), monkeypatch)
    assert quick == slow


PIECES = [
    b"<", b">", b'"', b"/", b"&", b"c", b" ", b"<c>", b"</c>", b"<v>", b'r="A1"', b"\0", "９".encode(), b"<!--", b"&lt;",
    b"<si>", b"</si>", b"<t/>", b"<r>", b"]]>", b"</sheetData>", b' t="s"', b"<mergeCells>", b'<mergeCell ref="A1:C3"/>',
]  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    cut = at + chance.choice((0, 0, 1, 5, 30))
    return data[:at] + chance.choice(PIECES) * chance.choice((0, 1, 1, 2)) + data[cut:]


@pytest.mark.parametrize("seed", range(12))
def test_reads_what_the_parser_reads_of_damaged_parts(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    path = TEMPLATES[seed % len(TEMPLATES)]
    sheet, shared = (zipfile.ZipFile(path).read(name) for name in (SHEET, SHARED))
    for turn in range(40):
        data = changed(path, damaged(sheet, chance)) if turn % 3 else changed(path, sheet, damaged(shared, chance))
        quick, slow = both(data, monkeypatch)
        assert quick == slow, data


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_takes_what_we_write(path: Path) -> None:
    """Else the quick way would be none."""
    package = zipfile.ZipFile(path)
    assert list(plainly(package.read(SHEET)).rows) == list(plain_rows([package.read(SHEET)]))
    assert strings(package.read(SHARED))


@pytest.mark.parametrize(
    ("rows", "wrap"),
    [("shared formulas, two", "declared"), ("formula marked", "plain"), ("attributes", "plain"), ("covered", "merged wide"),
     ("attribute of another program", "prefix bound")],
)  # fmt: skip
def test_takes_what_excel_and_others_write(rows: str, wrap: str) -> None:
    assert plainly(WRAPS[wrap].format(main=MAIN, rows=ROWS[rows]).encode())


@pytest.mark.parametrize("name", ["plain", "Excel", "runs", "marked"])
def test_takes_strings_as_excel_writes_them(name: str) -> None:
    assert strings(STRINGS[name].format(main=MAIN).encode())
