"""A workbook of which one sheet is to be seen: the others hidden, everything else as it was."""

from __future__ import annotations

from lxml import etree

from .gate import Package
from .parts import main_part
from .template import assemble, pack, raw_member


def alone(data: bytes, name: str, sheet: str) -> bytes:
    """The workbook with only that sheet visible. Raises RefusedFile for bytes that are no workbook."""
    package = Package(data, name)
    part = main_part(package)
    book = package.xml(part)
    sheets = book.findall("{*}sheets/{*}sheet")
    names = [node.get("name") for node in sheets]
    if len(sheets) < 2 or sheet not in names:
        return data
    for node in sheets:
        if node.get("name") == sheet:
            node.attrib.pop("state", None)
        else:
            node.set("state", "hidden")
    for view in book.iterfind("{*}bookViews/{*}workbookView"):
        view.set("activeTab", str(names.index(sheet)))
        view.attrib.pop("firstSheet", None)
    made = etree.tostring(book, xml_declaration=True, encoding="UTF-8", standalone=True)
    listed = [each for each in package.names() if not each.endswith("/")]
    return assemble([pack(each, made) if each == part else raw_member(package, each) for each in listed])
