"""Many filled forms in one book: an index sheet first, then a sheet for each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from .gate import CONTENT_TYPES
from .parts import main_part, relations_of
from .render import render
from .rows import Context, fill_rows
from .sheet import Sheet
from .shift import RowMap, shift_formula
from .styles import Moved, append_styles
from .template import Member, Template, assemble, calculated_book, pack, raw_member

MAX_TITLE = 31
_FORBIDDEN = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RESERVED = "history"  # a sheet Excel keeps for itself
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sheet to be: its template, its name in the book, and the values it is filled from."""

    template: Template
    title: str
    context: Context


def sheet_titles(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names Excel accepts for sheets, all different, in order."""
    used = {name.casefold() for name in taken}
    titles = []
    for name in names:
        base = _cut(_FORBIDDEN.sub(" ", name).strip(" '"), MAX_TITLE) or "项目"
        title, number = base, 1
        while title.casefold() in used or title.casefold() == _RESERVED:
            number += 1
            mark = f"({number})"
            title = _cut(base, MAX_TITLE - len(mark)) + mark
        used.add(title.casefold())
        titles.append(title)
    return titles


def _cut(name: str, longest: int) -> str:
    """A name of so many UTF-16 units at most, as Excel counts, that no apostrophe ends."""
    return name.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore").rstrip(" '")


class _Book:
    """The book in the making, on the index template's package."""

    def __init__(self, index: Template):
        self.index = index
        self.package = index.package
        self.relations = relations_of(self.package, index.book_part)
        self.styles_part = next(part for kind, part in self.relations.values() if kind == "styles")
        self.styles = self.package.xml(self.styles_part)
        self.moved: dict[int, Moved] = {id(index): Moved(0, 0)}
        self.members: list[Member] = []
        self.titles: list[str] = []
        self.names: list[tuple[str, int, str]] = []
        self.types: dict[str, str] = {}
        self.defaults: dict[str, str] = {}

    def add(self, entry: Entry, part: str) -> None:
        template = entry.template
        if id(template) not in self.moved:
            other = next(p for k, p in relations_of(template.package, template.book_part).values() if k == "styles")
            self.moved[id(template)] = append_styles(self.styles, template.package.xml(other))
        sheet = template.sheets[0]
        filled = fill_rows(sheet, entry.context, template.groups)
        maps = {sheet.name: filled.rows}
        xml = render(sheet, filled, maps, template.groups, template.name, entry.title)
        self.members.append(pack(part, self.moved[id(template)].apply(xml).encode()))
        self.types[part] = _SHEET_TYPE
        self._copy_related(template, sheet.part, part, maps, sheet)
        position = len(self.titles)
        self.titles.append(entry.title)
        for name, formula in template.sheet_names(sheet.name):
            moved = shift_formula(formula, maps, sheet.name)
            self.names.append((name, position, _renamed(moved, sheet.name, entry.title)))

    def _copy_related(
        self, template: Template, source: str, target: str, maps: Mapping[str, RowMap], sheet: Sheet
    ) -> None:
        """The parts a sheet needs (images, printer settings …) under names of their own."""
        path = posixpath.join(posixpath.dirname(source), "_rels", posixpath.basename(source) + ".rels")
        if path not in template.package:
            return
        root = template.package.xml(path)
        found = relations_of(template.package, source)
        for node in root:
            if node.get("Id") not in found:
                continue
            kind, part = found[node.get("Id")]
            folder, name = posixpath.split(part)
            stem, dot, extension = name.partition(".")
            copy = f"{folder}/{stem}_{len(self.members)}{dot}{extension}"
            node.set("Target", "/" + copy)
            self.members.append(template.related(part, copy, sheet, maps))
            content = template.content_type(part)
            if content:
                self.types[copy] = content
            self.defaults |= template.default_types()
            self._copy_related(template, part, copy, maps, sheet)
        home = posixpath.join(posixpath.dirname(target), "_rels", posixpath.basename(target) + ".rels")
        self.members.append(pack(home, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)))

    def finish(self) -> bytes:
        own = {self.index.sheets[0].part}
        dropped = own | {part for kind, part in self.relations.values() if kind in ("calcChain", "worksheet")}
        dropped |= {posixpath.join(posixpath.dirname(p), "_rels", posixpath.basename(p) + ".rels") for p in own}
        rels = posixpath.join(
            posixpath.dirname(self.index.book_part), "_rels", posixpath.basename(self.index.book_part) + ".rels"
        )
        made = {
            self.index.book_part: self._book_xml(),
            rels: self._rels_xml(rels),
            CONTENT_TYPES: self._types_xml(dropped),
            self.styles_part: _bytes(self.styles),
        }
        members = []
        for name in self.package.names():
            if name not in dropped:
                members.append(pack(name, made[name]) if name in made else raw_member(self.package, name))
        return assemble(members + self.members)

    def _book_xml(self) -> bytes:
        book = calculated_book(self.package.xml(self.index.book_part))
        sheets = book.find("{*}sheets")
        for node in list(sheets):
            sheets.remove(node)
        for number, title in enumerate(self.titles, 1):
            node = etree.SubElement(sheets, sheets.tag.replace("sheets", "sheet"), name=title, sheetId=str(number))
            node.set(f"{{{_OFFICE_RELATIONS}}}id", f"rIdSheet{number}")
        names = book.find("{*}definedNames")
        if names is None:
            names = etree.Element(sheets.tag.replace("sheets", "definedNames"))
            sheets.addnext(names)
        for node in list(names):
            names.remove(node)
        for name, position, formula in sorted(self.names):
            node = etree.SubElement(names, names.tag.replace("Names", "Name"), name=name, localSheetId=str(position))
            node.text = formula
        if not len(names):
            book.remove(names)
        return _bytes(book)

    def _rels_xml(self, part: str) -> bytes:
        root = self.package.xml(part)
        for node in list(root):
            if node.get("Type", "").rpartition("/")[2] in ("worksheet", "calcChain"):
                root.remove(node)
        for number, name in enumerate(part for part, kind in self.types.items() if kind == _SHEET_TYPE):
            etree.SubElement(
                root, f"{{{_PACKAGE_RELATIONS}}}Relationship", Id=f"rIdSheet{number + 1}",
                Type=f"{_OFFICE_RELATIONS}/worksheet", Target="/" + name,
            )  # fmt: skip
        return _bytes(root)

    def _types_xml(self, dropped: set[str]) -> bytes:
        root = self.package.xml(CONTENT_TYPES)
        space = root.nsmap[None]
        for node in list(root):
            if node.get("PartName", "").lstrip("/") in dropped:
                root.remove(node)
        known = {node.get("Extension") for node in root}
        for extension, kind in self.defaults.items():
            if extension not in known:
                root.insert(0, etree.Element(f"{{{space}}}Default", Extension=extension, ContentType=kind))
        for part, kind in self.types.items():
            etree.SubElement(root, f"{{{space}}}Override", PartName="/" + part, ContentType=kind)
        return _bytes(root)


def compose(index: Entry, entries: Iterable[Entry]) -> bytes:
    """The book's bytes. Raises Unwritable, TemplateError with sheet and cell."""
    book = _Book(index.template)
    folder = posixpath.dirname(main_part(book.package))
    for number, entry in enumerate((index, *entries), 1):
        book.add(entry, f"{folder}/worksheets/form{number}.xml")
    return book.finish()


def quoted(title: str) -> str:
    """A sheet name as formulas write it."""
    return "'" + title.replace("'", "''") + "'"


def _renamed(formula: str, old: str, new: str) -> str:
    for written in (quoted(old) + "!", old + "!"):
        formula = formula.replace(written, "\ue003")
    return formula.replace("\ue003", quoted(new) + "!")


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def link_to(title: str) -> str:
    """Where a link into that sheet points."""
    return f"{quoted(title)}!A1"
