"""Sheets read without a tree are the sheets the parser reads, or are left to it."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from xladdin.workbook import reading
from xladdin.workbook.reading import SheetOnDisk, read_grids, read_sheets

TEMPLATES = sorted((Path(__file__).parents[1] / "templates").glob("*.xlsx"))
SHEET = "xl/worksheets/sheet1.xml"
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
    "nested": '<worksheet xmlns="{main}"><sheetData/><extLst><sheetData>{rows}</sheetData></extLst></worksheet>',
}  # fmt: skip


def changed(path: Path, sheet: bytes) -> bytes:
    """A template with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == SHEET else old.read(name))
    return out.getvalue()


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """What reading gives, whole and row by row, and what the parser alone gives."""

    def told() -> list[str]:
        found = []
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
        patch.setattr(reading, "LARGEST", 0)
        patch.setattr(SheetOnDisk, "_plain_rows", lambda sheet: None)
        return quick, told()


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("rows", ROWS)
def test_reads_what_the_parser_reads(rows: str, wrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = WRAPS[wrap].format(main=MAIN, rows=ROWS[rows]).encode()
    quick, slow = both(changed(TEMPLATES[0], sheet), monkeypatch)
    assert quick == slow


@pytest.mark.parametrize("seed", range(12))
def test_reads_what_the_parser_reads_of_a_damaged_sheet(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    path = TEMPLATES[seed % len(TEMPLATES)]
    sheet = zipfile.ZipFile(path).read(SHEET)
    pieces = [
        b"<",
        b">",
        b'"',
        b"/",
        b"&",
        b"c",
        b" ",
        b"<c>",
        b"</c>",
        b"<v>",
        b'r="A1"',
        b"\0",
        "９".encode(),
        b"<!--",
        b"&lt;",
    ]
    for _ in range(40):
        at = chance.randrange(len(sheet))
        cut = at + chance.choice((0, 0, 1, 5, 30))
        damaged = sheet[:at] + chance.choice(pieces) * chance.choice((0, 1, 1, 2)) + sheet[cut:]
        quick, slow = both(changed(path, damaged), monkeypatch)
        assert quick == slow, damaged


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_takes_what_we_write(path: Path) -> None:
    """Else the quick way would be none."""
    from xladdin.workbook.plain import split

    assert split(zipfile.ZipFile(path).read(SHEET)) is not None
