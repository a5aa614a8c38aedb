"""A workbook as one sheet of it is to be printed: the others hidden, everything else as it was."""

from __future__ import annotations

from lxml import etree

from ..domain.scoring import UNFILLED
from .gate import Package
from .parts import RELATION, main_part, relations_of
from .template import assemble, pack, raw_member


def printable(data: bytes, name: str, sheet: str) -> bytes:
    """The workbook with only that sheet visible. Raises RefusedFile for bytes that are no workbook.

    A sheet that is to be printed in black and white loses the colours of its conditional formats: LibreOffice does not
    know of that choice, and would print the tints of cells still to be filled. A form of ours that it saved, and that
    lost the choice by that, is known by what those formats ask.
    """
    package = Package(data, name)
    part = main_part(package)
    book = package.xml(part)
    sheets = {node.get("name"): node for node in book.iterfind("{*}sheets/{*}sheet")}
    if sheet not in sheets:
        return data
    made = {}
    if len(sheets) > 1:
        for node in sheets.values():
            node.set("state", "hidden")
        sheets[sheet].attrib.pop("state")
        for view in book.iterfind("{*}bookViews/{*}workbookView"):
            view.set("activeTab", str(list(sheets).index(sheet)))
            view.attrib.pop("firstSheet", None)
        made[part] = _bytes(book)
    home = relations_of(package, part)[sheets[sheet].get(RELATION)][1]
    root = package.xml(home)
    if _is_without_colour(root):
        for node in root.findall("{*}conditionalFormatting"):
            root.remove(node)
        made[home] = _bytes(root)
    listed = [each for each in package.names() if not each.endswith("/")]
    return assemble([pack(each, made[each]) if each in made else raw_member(package, each) for each in listed])


def _is_without_colour(root: etree._Element) -> bool:
    setup = root.find("{*}pageSetup")
    if setup is not None and setup.get("blackAndWhite") in ("1", "true"):
        return True
    return any(f'"{UNFILLED}"' in (node.text or "") for node in root.iterfind("{*}conditionalFormatting//{*}formula"))


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
