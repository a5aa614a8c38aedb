"""The package of somebody's workbook that is being changed: which parts are, and which sheets are added to it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from ..errors import Place, RefusedFile
from .gate import CONTENT_TYPES, Package
from .grid import address
from .markup import text_xml
from .parts import RELATION, main_part, relations_of, sheets_and_epoch
from .template import assemble, calculated_book, pack, raw_member, relations_part
from .variants import ANSWER, HEAD, TEXT, Styles

MOST_MARKS = 4_000_000  # of a sheet that is changed: some 50,000 rows of indicators
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet of headings in row 1, added behind the others. hidden: columns nobody need see; unseen: the whole sheet.

    answers: columns that are to be filled in, and look so.
    """

    title: str
    columns: Sequence[tuple[str, float]]
    hidden: frozenset[int] = frozenset()
    unseen: bool = False
    answers: frozenset[int] = frozenset()


class Book:
    """The package in the making: parts that are changed are held as trees, the others stay as they lie in the file."""

    def __init__(self, package: Package):
        if any(part.casefold().startswith("_xmlsignatures/") for part in package.names()):
            what = "台账有数字签名，改动后签名就失效了，没有写"
            raise RefusedFile(what, Place(file=package.name), "请在 Excel 的 文件→信息 里删去签名，再导入")
        self.package = package
        self.part = main_part(package)
        self.relations = relations_of(package, self.part)
        self.roots: dict[str, etree._Element] = {}
        self.made: dict[str, bytes] = {}
        self.root = self.xml(self.part)
        if etree.QName(self.root).namespace != _MAIN:
            what = "台账存成了“Strict Open XML”格式，不能改写"
            raise RefusedFile(what, Place(file=package.name), "请在 Excel 中另存为“Excel 工作簿（.xlsx）”，再导入")
        self.epoch = sheets_and_epoch(self.root)[1].date()  # day 0 of dates; 1904 in books made on old Macs
        styles = next((part for kind, part in self.relations.values() if kind == "styles"), None)
        if styles is None or styles not in package:
            what = "台账里没有样式表，是别的程序生成的，不能改写"
            raise RefusedFile(what, Place(file=package.name), "请用 Excel 或 WPS 打开并另存一次，再导入")
        self.styles = Styles(self.xml(styles))
        self._sheets: dict[str, str] = {}  # relation → part, of those added

    def xml(self, part: str) -> etree._Element:
        """A part that is to be changed."""
        if part not in self.roots:
            self.roots[part] = self.package.xml(part, MOST_MARKS)
        return self.roots[part]

    def listing(self, part: str) -> etree._Element:
        """The relations of a part, an empty list where it has none."""
        path = self.package.written(relations_part(part))
        if path not in self.roots and path not in self.package:
            self.roots[path] = etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})
        return self.xml(path)

    def relate(self, part: str, kind: str, target: str, external: bool = False) -> str:
        """The id of a new relation of a part."""
        listing = self.listing(part)
        taken = {node.get("Id") for node in listing}
        name = next(each for number in range(1, len(taken) + 2) if (each := f"rIdX{number}") not in taken)
        node = etree.SubElement(
            listing, f"{{{_PACKAGE}}}Relationship", Id=name, Type=f"{_OFFICE}/{kind}", Target=target
        )
        if external:
            node.set("TargetMode", "External")
        return name

    def announce(self, part: str, kind: str) -> None:
        """A part of that content type is one of the package."""
        types = self.xml(self.package.written(CONTENT_TYPES))
        etree.SubElement(types, f"{{{etree.QName(types).namespace}}}Override", PartName="/" + part, ContentType=kind)

    def announce_all(self, extension: str, kind: str) -> None:
        """Parts so called are of that content type."""
        types = self.xml(self.package.written(CONTENT_TYPES))
        if all(node.get("Extension", "").casefold() != extension for node in types):
            name = f"{{{etree.QName(types).namespace}}}Default"
            types.insert(0, etree.Element(name, Extension=extension, ContentType=kind))

    def free(self, pattern: str) -> str:
        """A part's name that nothing has: xl/media/picture{}.png."""
        number = 1
        while (name := pattern.format(number)) in self.package or name in self.roots or name in self.made:
            number += 1
        return name

    def part_of(self, title: str) -> str:
        """The part of a sheet."""
        nodes = self.root.iterfind("{*}sheets/{*}sheet")
        name = next(node.get(RELATION) for node in nodes if node.get("name") == title)
        return self._sheets.get(name) or self.relations[name][1]

    def add_sheet(self, sheet: NewSheet) -> None:
        """A sheet behind the others."""
        part = self.free(f"{posixpath.dirname(self.part)}/worksheets/sheet{{}}.xml")
        self.roots[part] = etree.fromstring(_blank_sheet(sheet, self).encode())
        name = self.relate(self.part, "worksheet", "/" + part)
        self._sheets[name] = part
        self.announce(part, _SHEET_TYPE)
        listed = self.root.find("{*}sheets")
        number = max((int(node.get("sheetId", 0)) for node in listed), default=0) + 1
        node = etree.SubElement(listed, listed.tag.removesuffix("s"), name=sheet.title, sheetId=str(number))
        if sheet.unseen:
            node.set("state", "hidden")
        node.set(f"{{{_OFFICE}}}id", name)

    def bytes(self) -> bytes:
        """The package."""
        calculated_book(self.root)
        made = {part: _bytes(root) for part, root in self.roots.items()} | self.made
        names = [name for name in self.package.names() if not name.endswith("/")]
        members = [pack(name, made.pop(name)) if name in made else raw_member(self.package, name) for name in names]
        return assemble([*members, *(pack(name, data) for name, data in made.items())])


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _blank_sheet(sheet: NewSheet, book: Book) -> str:
    """The XML of a sheet that holds its headings."""
    text, head, answer = (book.styles.with_look("0", look) for look in (TEXT, HEAD, ANSWER))
    place = Place(book.package.name, sheet.title)
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width:g}" customWidth="1"'
        f' style="{answer if at in sheet.answers else text}"' + (' hidden="1"/>' if at in sheet.hidden else "/>")
        for at, (_, width) in enumerate(sheet.columns, 1)
    )
    cells = "".join(
        f'<c r="{address(1, at)}" s="{head}" t="inlineStr"><is><t>{text_xml(name, place)}</t></is></c>'
        for at, (name, _) in enumerate(sheet.columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView>'
        f'</sheetViews><cols>{widths}</cols><sheetData><row r="1" ht="24" customHeight="1">{cells}</row></sheetData>'
        f'<autoFilter ref="A1:{address(1, len(sheet.columns))}"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )
