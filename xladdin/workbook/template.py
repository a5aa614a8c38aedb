"""A template workbook compiled once: filling renders its sheets and copies every other part as it is."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from lxml import etree

from ..errors import Place, TemplateError
from . import heights
from .door import door
from .expression import Vocabulary
from .gate import CONTENT_TYPES, Package
from .markup import proven
from .pages import paper_of
from .parts import RELATION, custom_properties, main_part, relations_of
from .render import render
from .rows import Context, fill_rows
from .sheet import Sheet, compile_sheet, shift_anchor
from .shift import RowMap, shift_formula, shift_range

LEVEL = 6
_QUICK = 1  # of what is made anew for every form: a third of the time, and files a tenth larger
_ENTRY = struct.Struct("<IHHHHHIIIHH")
_DIRECTORY = struct.Struct("<IHHHHHHIIIHHHHHI")
_OFFSET = struct.Struct("<I")
_END = struct.Struct("<IHHHHIIH")
_AFTER_CALC = (
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr",
    "webPublishObjects", "extLst",
)  # fmt: skip
_LOCAL_NAMES = struct.Struct("<HH")
_DAY = 0x21  # 1980-01-01: equal inputs give equal bytes


@dataclass(frozen=True)
class Member:
    """A part ready for the package: its compressed bytes and what the directory says of them."""

    name: str
    method: int
    crc: int
    size: int
    data: bytes

    @cached_property
    def local(self) -> bytes:
        """As it lies in the package."""
        return b"".join((_ENTRY.pack(0x04034B50, 20, *self._fixed), self._name, self.data))

    @cached_property
    def listed(self) -> tuple[bytes, bytes]:
        """What the directory says of it, before and behind where it lies."""
        return _DIRECTORY.pack(0x02014B50, 20, 20, *self._fixed, 0, 0, 0, 0), self._name

    @property
    def _name(self) -> bytes:
        return self.name.encode()

    @property
    def _fixed(self) -> tuple[int, ...]:
        name = self._name
        flags = 0x800 if len(name) != len(self.name) else 0
        return flags, self.method, 0, _DAY, self.crc, len(self.data), self.size, len(name), 0


def pack(name: str, data: bytes, level: int = LEVEL) -> Member:
    """A part compressed, which is well-formed where it is XML. Raises Unwritable."""
    proven(name, data)
    return Member(name, 8, zlib.crc32(data), len(data), zlib.compress(data, level, -15))


def assemble(members: Sequence[Member]) -> bytes:
    """The package's bytes."""
    out: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        before, behind = member.listed
        out.append(member.local)
        directory += (before, _OFFSET.pack(offset), behind)
        offset += len(member.local)
    tail = b"".join(directory)
    end = _END.pack(0x06054B50, 0, 0, len(members), len(members), len(tail), offset, 0)
    return b"".join((*out, tail, end))


def raw_member(package: Package, name: str) -> Member:
    """A part as it lies in the template, its compressed bytes untouched."""
    info = package.info(name)
    start = info.header_offset + 26
    start += 4 + sum(_LOCAL_NAMES.unpack_from(package.data, start))
    return Member(name, info.compress_type, info.CRC, info.file_size, package.data[start : start + info.compress_size])


MAX_SHEETS = 50


def compile_template(
    path: Path, words: Vocabulary, repeats: frozenset[str], groups: Sequence[tuple[str, ...]]
) -> Template:
    """The template at `path`, as Template takes it. Raises TemplateError, with sheet and cell where they are known."""
    with door(path.name):
        return Template(path, words, repeats, groups)


class Template:
    """One template. `fill(context)` gives a workbook; equal contexts give equal bytes.

    words: the names expressions may use; repeats: names whose row repeats; groups: expressions
    whose equal neighbours merge down. Raises RefusedFile, TemplateError.
    """

    def __init__(self, path: Path, words: Vocabulary, repeats: frozenset[str], groups: Sequence[tuple[str, ...]]):
        package = Package(path)
        self.package, self.name, self.groups = package, package.name, tuple(groups)
        self.book_part = main_part(package)
        for part in package.names():
            if part.lower().endswith((".xml", ".rels")):  # Excel itself writes odd .vml
                package.xml(part)  # raises: whatever nobody reads here is copied into every form all the same
        relations = relations_of(package, self.book_part)
        strings = self._parts_of(relations, "sharedStrings")
        styles = self._parts_of(relations, "styles")
        looks = heights.looks(styles) if styles is not None else []
        items = list(strings.iterfind("{*}si")) if strings is not None else []
        book = package.xml(self.book_part)
        self.all_sheets = [(n.get("name"), relations[n.get(RELATION)][1]) for n in book.iterfind("{*}sheets/{*}sheet")]
        worksheets = [(n, p) for n, p in self.all_sheets if p in package and "worksheets/" in p.casefold()]
        if len(worksheets) > MAX_SHEETS:
            raise TemplateError(
                f"模板有 {len(worksheets)} 张工作表，超过上限 {MAX_SHEETS}",
                Place(file=self.name),
                "请删去用不着的工作表",
            )
        self.sheets = [compile_sheet(package, n, p, items, looks, words, repeats) for n, p in worksheets]
        self.sheets = self._rendered(self.sheets)
        for sheet in self.sheets:
            sheet.paper = paper_of(package.xml(sheet.part), self.sheet_names(sheet.name))
        expressions = [expression for sheet in self.sheets for _, _, expression in sheet.expressions()]
        self.paths = frozenset(path for expression in expressions for path in expression.paths)
        single = Counter(next(iter(each.paths)) for each in expressions if len(each.paths) == 1)
        self._alone = frozenset(path for path, count in single.items() if count == 1)
        self._alone |= {expression.path for expression in expressions if expression.path}
        pairs = [path for path in self._alone if len(path) == 2]
        self._columns = {name: frozenset(path[1] for path in pairs if path[0] == name) for name, _ in pairs}
        shifted = _compile_book(book)
        self._book = lru_cache(maxsize=64)(lambda maps: pack(self.book_part, shifted(dict(maps))))
        self._helpers = {part: move for sheet in self.sheets for part, move in self._anchored(sheet)}
        dropped = {part for kind, part in relations.values() if kind == "calcChain"}
        changed = {sheet.part for sheet in self.sheets} | {self.book_part} | set(self._helpers)
        self._members: list[Member | str] = []
        for name in package.names():
            if name in dropped or name.endswith("/"):
                continue
            if name in changed:
                self._members.append(name)
            elif dropped and (name == CONTENT_TYPES or name == relations_part(self.book_part)):
                self._members.append(pack(name, without(package, name, dropped)))
            else:
                self._members.append(raw_member(package, name))

    def columns(self, name: str) -> frozenset[str]:
        """What of a name's attributes has one cell: 分值 for {{ 年度资金总额.分值 }}, not what several share."""
        return self._columns.get(name, frozenset())

    def _parts_of(self, relations: dict[str, tuple[str, str]], kind: str) -> etree._Element | None:
        part = next((part for found, part in relations.values() if found == kind), None)
        return self.package.xml(part) if part is not None and part in self.package else None

    def _rendered(self, sheets: list[Sheet]) -> list[Sheet]:
        """The sheets that hold expressions, and those whose formulas look at them."""
        main = [sheet for sheet in sheets if sheet.expressions()]
        if not main:
            raise TemplateError(
                "模板里没有任何 {{ 字段 }}", Place(file=self.name), "请在要填写的格子里写上 {{ 项目名称 }} 等"
            )
        names = [sheet.name for sheet in main]
        for sheet in sheets:
            formulas = [slot.formula for row in sheet.rows for slot in row.slots] + [text for _, text in sheet.moves]
            if sheet not in main and any(name in formula for formula in formulas for name in names):
                main.append(sheet)
        return main

    def _anchored(self, sheet: Sheet):
        """Drawings, comments and tables of a sheet: their rows move with the cells."""
        if not sheet.repeated and all(not s.look.wrap for _, s, _ in sheet.expressions()):
            return
        for kind, part in relations_of(self.package, sheet.part).values():
            cut = ANCHORS.get(kind)
            if cut and part in self.package:
                yield part, (sheet.name, cut)

    def sheet_names(self, sheet: str) -> list[tuple[str, str]]:
        """Name and formula of the defined names that belong to one sheet (print area, print titles)."""
        book = self.package.xml(self.book_part)
        position = [node.get("name") for node in book.iterfind("{*}sheets/{*}sheet")].index(sheet)
        names = book.iterfind("{*}definedNames/{*}definedName")
        return [(n.get("name"), n.text or "") for n in names if n.get("localSheetId") == str(position)]

    def related(self, part: str, name: str, sheet: Sheet, maps: Mapping[str, RowMap]) -> Member:
        """A copy of a part a sheet needs, its rows moved with the sheet's."""
        if part in self._helpers:
            text = self._helpers[part][1](self.package.read(part).decode("utf-8"), maps[sheet.name])
            return pack(name, text.encode())
        return replace(raw_member(self.package, part), name=name)

    def content_type(self, part: str) -> str | None:
        """The content type stated for that part alone."""
        types = self.package.xml(CONTENT_TYPES).iterfind("{*}Override")
        return next((n.get("ContentType") for n in types if n.get("PartName") == "/" + part), None)

    def default_types(self) -> dict[str, str]:
        """Content types by extension."""
        types = self.package.xml(CONTENT_TYPES).iterfind("{*}Default")
        return {node.get("Extension"): node.get("ContentType") for node in types}

    @property
    def properties(self) -> dict[str, str]:
        """The custom document properties in which a template says what it is."""
        return custom_properties(self.package)

    def fill(self, context: Context) -> bytes:
        """The filled workbook's bytes. Raises Unwritable, TemplateError with sheet and cell."""
        with door(self.name):
            return self._fill(context)

    def _fill(self, context: Context) -> bytes:
        sheets = {sheet.part: (sheet, fill_rows(sheet, context, self.groups)) for sheet in self.sheets}
        maps = {sheet.name: filled.rows for sheet, filled in sheets.values()}
        members = []
        for member in self._members:
            if isinstance(member, Member):
                members.append(member)
            elif member in sheets:
                sheet, filled = sheets[member]
                xml = render(sheet, filled, maps, self.groups, self.name)
                members.append(pack(member, xml.encode(), _QUICK))
            elif member == self.book_part:
                members.append(self._book(tuple(maps.items())))
            else:
                name, cut = self._helpers[member]
                text = self.package.read(member).decode("utf-8")
                members.append(pack(member, cut(text, maps[name]).encode()))
        return assemble(members)


def relations_part(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def without(package: Package, name: str, dropped: set[str]) -> bytes:
    """A content-types or relationships part without the dropped parts (Excel rebuilds the calc chain)."""
    root = package.xml(name)
    for node in list(root):
        target = node.get("PartName", "") + node.get("Target", "")
        if any(part.endswith(target.lstrip("/")) and target for part in dropped):
            root.remove(node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def calculated_book(book: etree._Element) -> etree._Element:
    """workbook.xml told to recalculate everything when it is opened."""
    calc = book.find("{*}calcPr")
    if calc is None:
        calc = etree.SubElement(book, f"{{{etree.QName(book).namespace}}}calcPr")
        later = [node for node in book if isinstance(node.tag, str) and etree.QName(node).localname in _AFTER_CALC]
        if later:
            later[0].addprevious(calc)
    calc.set("fullCalcOnLoad", "1")
    return book


def _compile_book(book: etree._Element) -> Callable[[Mapping[str, RowMap]], bytes]:
    """workbook.xml with fullCalcOnLoad; its defined names follow the rows."""
    book = calculated_book(book)
    names = book.findall("{*}definedNames/{*}definedName")
    sheets = [node.get("name") for node in book.iterfind("{*}sheets/{*}sheet")]
    homes = [sheets[int(node.get("localSheetId"))] if node.get("localSheetId") else "" for node in names]
    originals = [(node, node.text or "", home) for node, home in zip(names, homes, strict=True)]

    def text(maps: Mapping[str, RowMap]) -> bytes:
        for node, formula, home in originals:
            node.text = shift_formula(formula, maps, home)
        return etree.tostring(book, xml_declaration=True, encoding="UTF-8", standalone=True)

    return text


def _cut_drawing(text: str, rows: RowMap) -> str:
    return re.sub(r"(<(?:\w+:)?row>)(\d+)(</)", lambda m: m[1] + shift_anchor(m[2], rows) + m[3], text)


def _cut_refs(text: str, rows: RowMap) -> str:
    return re.sub(r'(\bref=")([^"]+)(")', lambda m: m[1] + shift_range(m[2], rows) + m[3], text)


def _cut_vml(text: str, rows: RowMap) -> str:
    text = re.sub(r"(<x:Row>)(\d+)(</)", lambda m: m[1] + shift_anchor(m[2], rows) + m[3], text)

    def anchor(match: re.Match) -> str:
        numbers = [int(n) for n in match[2].split(",")]
        for index in (2, 6):
            numbers[index] = int(shift_anchor(str(numbers[index]), rows))
        return match[1] + ", ".join(map(str, numbers)) + match[3]

    return re.sub(r"(<x:Anchor>)\s*([\d,\s]+?)\s*(</)", anchor, text)


ANCHORS = {"drawing": _cut_drawing, "comments": _cut_refs, "table": _cut_refs, "vmlDrawing": _cut_vml}
