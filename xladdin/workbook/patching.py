"""A workbook changed in a few places: texts written into cells, rows taken out, properties set; the rest as it was."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from ..errors import Place, RefusedFile
from .formats import DATE, PERCENT, look_of
from .gate import CONTENT_TYPES, Package
from .grid import Spot, address, range_of, spot_of
from .parts import RELATION, by_type, main_part, relations_of
from .shift import RowMap, copied_formula, shift_formula
from .template import ANCHORS, assemble, pack, raw_member, relations_part, without

_PROPERTIES = "docProps/custom.xml"
_PROPERTIES_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTIES_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CODES = {PERCENT: ("10", None), DATE: (None, "yyyy-mm-dd")}
_REFERENCES = frozenset({"ref", "sqref", "topLeftCell", "activeCell"})
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
_LISTS = frozenset({"dataValidations", "conditionalFormattings", "mergeCells", "hyperlinks", "ignoredErrors"})


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to be changed in one sheet.

    texts: what the cells are to hold ("": nothing); looks: cells whose figure is to be seen as a PERCENT or a DATE;
    gone: first and last row of those taken out (none: None); properties: custom properties of the document. All
    addresses are those before the rows are gone.
    """

    sheet: str
    texts: Mapping[Spot, str]
    looks: Mapping[Spot, str] = field(default_factory=dict)
    gone: tuple[int, int] | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


def lacking(gone: tuple[int, int] | None) -> RowMap:
    """Where the rows of a sheet are once these are gone."""
    return RowMap({row: [] for row in range(gone[0], gone[1] + 1)} if gone else {})


def framed(data: bytes, name: str, sheet: str) -> set[Spot]:
    """The cells of a sheet that have a border."""
    package = Package(data, name)
    book = main_part(package)
    styles = by_type(relations_of(package, book)).get("styles")
    if styles is None or styles not in package:
        return set()
    root = package.xml(styles)
    drawn = [
        any(side.get("style", "none") != "none" for side in node) for node in root.iterfind("{*}borders/{*}border")
    ]
    bordered = [drawn[int(xf.get("borderId", 0))] for xf in root.iterfind("{*}cellXfs/{*}xf")]
    cells = package.xml(_sheet_part(package, sheet)).iterfind("{*}sheetData/{*}row/{*}c")
    return {spot_of(cell.get("r")) for cell in cells if cell.get("r") and bordered[int(cell.get("s") or 0)]}


def patched(data: bytes, name: str, patch: Patch) -> bytes:
    """The workbook changed as `patch` says. Raises RefusedFile for what cannot be kept: macros, signatures."""
    package = Package(data, name)
    _refuse(package)
    rows, book = lacking(patch.gone), main_part(package)
    relations = relations_of(package, book)
    part, maps = _sheet_part(package, patch.sheet), {patch.sheet: lacking(patch.gone)}
    made: dict[str, bytes] = {}
    styles = next(target for kind, target in relations.values() if kind == "styles")
    table = package.xml(styles)
    sheet = package.xml(part)
    plain_formulas(sheet)
    _write(sheet, patch, table, Place(name, patch.sheet))
    made[styles] = _bytes(table)
    _cut(sheet, rows, maps, patch.sheet)
    made[part] = _bytes(sheet)
    made[book] = _bytes(_moved_names(package.xml(book), maps))
    for kind, target in relations_of(package, part).values():
        if patch.gone and kind in ANCHORS and target in package:
            text = package.read(target).decode("utf-8")
            made[target] = ANCHORS[kind](_without_notes(kind, text, patch.gone), rows).encode()
    for other in (
        [target for kind, target in relations.values() if kind == "worksheet" and target != part] if rows else ()
    ):
        if patch.sheet in package.read(other).decode("utf-8", "replace"):
            made[other] = _bytes(_elsewhere(package.xml(other), maps))
    dropped = {target for kind, target in relations.values() if kind == "calcChain"}
    for listing in (CONTENT_TYPES, relations_part(book)) if dropped else ():
        made[listing] = without(package, listing, dropped)
    made |= _with_properties(package, patch.properties, made)
    names = [each for each in package.names() if each not in dropped and not each.endswith("/")]
    members = [pack(each, made.pop(each)) if each in made else raw_member(package, each) for each in names]
    return assemble([*members, *(pack(each, data) for each, data in made.items())])


def _refuse(package: Package) -> None:
    """Raise for parts that would not survive, or would do harm, once cells have moved."""
    for part in package.names():
        low = part.casefold()
        if "vbaproject" in low or "macrosheets/" in low:
            what = "空表里有宏，宏按固定的行列改写表格，行数一变就会写错"
            raise RefusedFile(what, Place(file=package.name), "请在 Excel 中另存为“Excel 工作簿（.xlsx）”，再做成模板")
        if low.startswith("_xmlsignatures/"):
            what = "空表有数字签名，改动后签名就失效了"
            raise RefusedFile(what, Place(file=package.name), "请在 Excel 的 文件→信息 里删去签名，再做成模板")


def _sheet_part(package: Package, sheet: str) -> str:
    book = main_part(package)
    relations = relations_of(package, book)
    nodes = package.xml(book).iterfind("{*}sheets/{*}sheet")
    return next(relations[node.get(RELATION)][1] for node in nodes if node.get("name") == sheet)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def plain_formulas(sheet: etree._Element) -> None:
    """Formulas that several cells share, written out in each of them."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in sheet.iterfind("{*}sheetData/{*}row/{*}c"):
        formula = cell.find("{*}f")
        if formula is None or formula.get("t") != "shared":
            continue
        if formula.text:
            masters[formula.get("si", "")] = formula.text, cell.get("r")
        elif formula.get("si", "") in masters:
            text, origin = masters[formula.get("si", "")]
            one, other = spot_of(origin), spot_of(cell.get("r"))
            formula.text = copied_formula(text, other[0] - one[0], other[1] - one[1])
        formula.attrib.clear()


def _write(sheet: etree._Element, patch: Patch, styles: etree._Element, place: Place) -> None:
    """The texts into their cells, and the looks into the table of styles."""
    rows = {int(row.get("r")): row for row in sheet.iterfind("{*}sheetData/{*}row")}
    looks: dict[tuple[str, str], str] = {}
    for spot in sorted({*patch.texts, *patch.looks}):
        cell = _cell(rows, sheet, spot, place)
        if spot in patch.texts:
            _put(cell, patch.texts[spot])
        if look := patch.looks.get(spot):
            style = cell.get("s", "0")
            if (style, look) not in looks:
                looks[style, look] = styled(styles, style, look)
            cell.set("s", looks[style, look])


def _cell(rows: dict[int, etree._Element], sheet: etree._Element, spot: Spot, place: Place) -> etree._Element:
    """The cell at a spot, made in its place where the file has none."""
    number, column = spot
    space = sheet.tag.rpartition("}")[0] + "}"
    if number not in rows:
        rows[number] = row = etree.Element(space + "row", r=str(number))
        data = sheet.find("{*}sheetData")
        data.insert(sum(int(other.get("r")) < number for other in data), row)
    row = rows[number]
    before = 0
    for cell in row:
        if not cell.get("r"):
            what = f"第 {number} 行有个单元格没有写明地址"
            raise RefusedFile(what, place, "请用 Excel 或 WPS 打开空表并另存一次")
        at = spot_of(cell.get("r"))[1]
        if at == column:
            return cell
        before += at < column
    cell = etree.Element(space + "c", r=address(*spot))
    row.insert(before, cell)
    return cell


def _put(cell: etree._Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    if not text:
        cell.attrib.pop("t", None)
        return
    cell.set("t", "inlineStr")
    space = cell.tag.rpartition("}")[0] + "}"
    node = etree.SubElement(etree.SubElement(cell, space + "is"), space + "t")
    node.text = text
    if text != text.strip() or "\n" in text:
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def styled(styles: etree._Element, style: str, look: str) -> str:
    """The style that is `style` but for its number format, unless that shows the look already."""
    table = styles.find("{*}cellXfs")
    base = table[int(style)]
    codes = {node.get("numFmtId"): node.get("formatCode", "") for node in styles.iterfind("{*}numFmts/{*}numFmt")}
    own = base.get("numFmtId", "0")
    if look_of(int(own), codes.get(own, "")) == look:
        return style
    number, code = _CODES[look]
    if code is not None:
        number = next((each for each, written in codes.items() if written == code), None) or _new_format(styles, code)
    made = copy.deepcopy(base)
    made.set("numFmtId", number)
    made.set("applyNumberFormat", "1")
    table.append(made)
    table.set("count", str(len(table)))
    return str(len(table) - 1)


def _new_format(styles: etree._Element, code: str) -> str:
    space = styles.tag.rpartition("}")[0] + "}"
    table = styles.find("{*}numFmts")
    if table is None:
        table = etree.Element(space + "numFmts")
        styles.insert(0, table)
    number = str(max([163, *(int(node.get("numFmtId")) for node in table)]) + 1)
    table.append(etree.Element(space + "numFmt", numFmtId=number, formatCode=code))
    table.set("count", str(len(table)))
    return number


def _cut(sheet: etree._Element, rows: RowMap, maps: Mapping[str, RowMap], home: str) -> None:
    """Take the rows out, and let everything that names a row follow."""
    if not rows:
        return
    data = sheet.find("{*}sheetData")
    for row in list(data):
        number = int(row.get("r"))
        if number in rows.spans:
            data.remove(row)
            continue
        row.set("r", str(rows.first(number)))
        for cell in row:
            line, column = spot_of(cell.get("r"))
            cell.set("r", address(rows.first(line), column))
    for node in list(sheet.iter()):
        name = _local(node)
        if (
            not name
            or name in ("row", "c")
            and node.getparent() is not None
            and _local(node.getparent()) in ("sheetData", "row")
        ):
            continue
        gone = False
        for key in _REFERENCES & set(node.attrib):
            kept = _kept(node.get(key), rows, single=key in ("topLeftCell", "activeCell"))
            gone |= not kept or name == "mergeCell" and ":" not in kept
            node.set(key, kept)
        if name == "sqref" and node.text:
            node.text = _kept(node.text, rows)
        elif name in _FORMULAS and node.text:
            node.text = shift_formula(node.text, maps, home)
        elif name == "row" and node.text and node.text.isdigit():  # of a control's anchor
            node.text = str(rows.first(int(node.text) + 1) - 1)
        elif name == "brk" and _local(node.getparent()) == "rowBreaks":
            node.set("id", str(rows.last(int(node.get("id", "0")))))
        if gone and name not in ("selection", "dimension", "pane"):
            _remove(node)


def _remove(node: etree._Element) -> None:
    """A node out of its list, and the list with its last one."""
    listing = node.getparent()
    listing.remove(node)
    if listing.get("count"):
        listing.set("count", str(len(listing)))
    if not len(listing) and _local(listing) in _LISTS:
        listing.getparent().remove(listing)


def _kept(text: str, rows: RowMap, single: bool = False) -> str:
    """Ranges parted by blanks, those that are gone left out. single: one cell stays one, wherever it was."""
    found = []
    for part in text.split():
        try:
            top, left, bottom, right = range_of(part)
        except ValueError:
            found.append(part)
            continue
        first, last = rows.first(top), rows.last(bottom)
        if single or top == bottom and top not in rows.spans:
            last = first
        if first <= last:
            one, other = address(first, left), address(last, right)
            found.append(one if one == other else f"{one}:{other}")
    return " ".join(found)


def _moved_names(book: etree._Element, maps: Mapping[str, RowMap]) -> etree._Element:
    for node in book.iterfind("{*}definedNames/{*}definedName"):
        node.text = shift_formula(node.text or "", maps, "")
    return book


def _elsewhere(sheet: etree._Element, maps: Mapping[str, RowMap]) -> etree._Element:
    """Another sheet whose formulas look at the one that changed."""
    for node in sheet.iter():
        if _local(node) in _FORMULAS and node.text:
            node.text = shift_formula(node.text, maps, "")
    return sheet


def _without_notes(kind: str, text: str, gone: tuple[int, int]) -> str:
    """Comments on rows that go, left out: two on one cell would break the file."""
    if kind not in ("comments", "vmlDrawing"):
        return text
    root = etree.fromstring(text.encode())
    for node in list(root.iter("{*}comment", "{*}shape")):
        if kind == "comments":
            row = spot_of(node.get("ref", "A1"))[0]
        else:
            row = int(node.findtext(".//{*}Row") or -1) + 1
        if gone[0] <= row <= gone[1]:
            node.getparent().remove(node)
    return etree.tostring(root, encoding="unicode")


def _with_properties(package: Package, values: Mapping[str, str], made: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts in which the document says what it is."""
    if not values:
        return {}
    part = by_type(relations_of(package, "")).get("custom-properties")
    changed: dict[str, bytes] = {}
    if part is not None and part in package:
        root = package.xml(part)
    else:
        part = _PROPERTIES
        root = etree.Element(f"{{{_PROPERTIES_SPACE}}}Properties", nsmap={None: _PROPERTIES_SPACE, "vt": _VALUES_SPACE})
        changed |= _announced(package, part, made)
    for node in list(root):
        if node.get("name") in values:
            root.remove(node)
    following = max([1, *(int(node.get("pid", 1)) for node in root)]) + 1
    for number, (name, value) in enumerate(values.items(), following):
        node = etree.SubElement(root, f"{{{_PROPERTIES_SPACE}}}property", fmtid=_FORMAT_ID, pid=str(number), name=name)
        etree.SubElement(node, f"{{{_VALUES_SPACE}}}lpwstr").text = value
    return changed | {part: _bytes(root)}


def _announced(package: Package, part: str, made: Mapping[str, bytes]) -> dict[str, bytes]:
    """The listings of the package, naming a part that is new."""
    types = etree.fromstring(made[CONTENT_TYPES]) if CONTENT_TYPES in made else package.xml(CONTENT_TYPES)
    space = types.tag.rpartition("}")[0] + "}"
    etree.SubElement(types, space + "Override", PartName="/" + part, ContentType=_PROPERTIES_KIND)
    listing = package.written(posixpath.join("_rels", ".rels"))
    relations = package.xml(listing)
    space = relations.tag.rpartition("}")[0] + "}"
    taken = {node.get("Id") for node in relations}
    name = next(each for number in range(1, len(taken) + 2) if (each := f"rId{number}") not in taken)
    etree.SubElement(relations, space + "Relationship", Id=name, Type=_PROPERTIES_RELATION, Target=part)
    return {package.written(CONTENT_TYPES): _bytes(types), listing: _bytes(relations)}
