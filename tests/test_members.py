"""Parts of a template we know nothing about: kept byte for byte, and moved with the rows where they hang on them."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.package_checks import check_package, members
from xladdin import Declaration, Indicator, fill, read
from xladdin.form import catalogue

SHEET, TYPES = "xl/worksheets/sheet1.xml", "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
VBA = bytes(range(256)) * 9

X14 = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="2" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>$A$15:$A$16</xm:f></x14:formula1>'
    "<xm:sqref>G13</xm:sqref></x14:dataValidation>"
    '<x14:dataValidation type="list"><x14:formula1><xm:f>$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>B5 C15:D16</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)
DRAWING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{anchors}</xdr:wsDr>'
)
ANCHOR = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{0}</xdr:row>"
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row>"
    '<xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{2}" name="框{2}"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
    "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>填表说明 A15</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
    "</xdr:twoCellAnchor>"
)


def boxes(*rows: tuple[int, int]) -> bytes:
    anchors = "".join(ANCHOR.format(first, last, number) for number, (first, last) in enumerate(rows, 2))
    return DRAWING.format(anchors=anchors).encode()


def made_by_hand() -> dict[str, bytes]:
    """The 2024 form with macros, custom XML, a text box above and below the table, newer validations, an old chain."""
    parts = members((catalogue.shipped_folder() / "2024申报表.xlsx").read_bytes())
    sheet, types = parts[SHEET].decode(), parts[TYPES].decode()
    if f'xmlns:r="{OFFICE}"' not in sheet:
        sheet = sheet.replace("<worksheet ", f'<worksheet xmlns:r="{OFFICE}" ', 1)
    parts[SHEET] = sheet.replace("</worksheet>", f'<drawing r:id="rIdBox"/>{X14}</worksheet>').encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rIdBox" Type="{OFFICE}/drawing" '
        'Target="../drawings/drawing1.xml"/></Relationships>'
    ).encode()
    parts["xl/drawings/drawing1.xml"] = boxes((0, 2), (14, 16))
    parts["customXml/item1.xml"] = '<单位 xmlns="urn:x">  计生协 </单位>'.encode()
    parts["xl/vbaProject.bin"] = VBA
    parts["xl/calcChain.xml"] = b'<calcChain xmlns="urn:x"><c r="A1"/></calcChain>'
    added = (
        f'<Relationship Id="rIdVba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        f'Target="vbaProject.bin"/><Relationship Id="rIdChain" Type="{OFFICE}/calcChain" Target="calcChain.xml"/>'
        f'<Relationship Id="rIdXml" Type="{OFFICE}/customXml" Target="../customXml/item1.xml"/></Relationships>'
    )
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = parts[name].decode().replace("</Relationships>", added).encode()
    types = types.replace(MAIN, MACROS).replace(
        "</Types>",
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/xl/drawings/drawing1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
        '<Override PartName="/xl/calcChain.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>',
    )
    parts[TYPES] = types.encode()
    name = "docProps/custom.xml"
    parts[name] = parts[name].replace("2024申报表".encode(), "手工申报表".encode())
    return parts


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """The hand-made template's parts, and those of what was filled from it with five indicators."""
    template = made_by_hand()
    with zipfile.ZipFile(tmp_path / "手工.xlsm", "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in template.items():
            package.writestr(name, data)
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(tmp_path))
    rows = tuple(Indicator("产出指标", "数量指标", f"第{n}项", "=1") for n in range(5))
    record = Declaration(form="手工申报表", year=2024, project="甲", money_unit="元", indicators=rows)
    assert catalogue.find_form("手工申报表").suffix == ".xlsm"
    data = fill(record)
    check_package(data)
    assert read(io.BytesIO(data).getvalue())[0] == record
    return template, members(data)


def test_unknown_members_stay_as_they_are(filled):
    template, parts = filled
    assert set(template) - set(parts) == {"xl/calcChain.xml"}
    changed = {name for name in parts if parts[name] != template[name]}
    rewritten = {TYPES, "xl/_rels/workbook.xml.rels"}  # the calc chain is taken out of them
    assert changed == {SHEET, "xl/workbook.xml", "xl/drawings/drawing1.xml"} | rewritten
    assert parts["xl/vbaProject.bin"] == VBA
    assert MACROS.encode() in parts[TYPES]
    assert b"vbaProject.bin" in parts["xl/_rels/workbook.xml.rels"]
    assert not [name for name in rewritten if b"calcChain" in parts[name]]


def test_a_text_box_moves_with_its_rows(filled):
    _, parts = filled
    assert parts["xl/drawings/drawing1.xml"] == boxes((0, 2), (18, 20))


def test_newer_validations_grow_and_move(filled):
    sheet = filled[1][SHEET].decode()
    assert re.findall(r"<xm:sqref>(.*?)</xm:sqref>", sheet) == ["G13:G17", "B5 C19:D20"]
    assert re.findall(r"<xm:f>(.*?)</xm:f>", sheet) == ["$A$19:$A$20", "$A$1:$A$3"]
    assert sheet.index("<drawing ") < sheet.index("<extLst>")
