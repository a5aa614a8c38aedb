"""What a package says of itself: which part is the workbook, what parts belong to it, its properties and sheets."""

from __future__ import annotations

import datetime as dt
import posixpath

from lxml import etree

from ..errors import Place, RefusedFile
from .gate import CONTENT_TYPES, Package

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def main_part(package: Package) -> str:
    """The workbook part. Raises RefusedFile for .xlsb and for documents that are no workbook."""
    for kind, part in relations_of(package, "").values():
        if kind == "officeDocument":
            if part.endswith(".bin"):
                raise RefusedFile("这是 .xlsb 二进制格式", Place(file=package.name), "请在 Excel 中另存为 .xlsx")
            says = package.derived(CONTENT_TYPES, _content_type, part)
            if "spreadsheetml" in says or "ms-excel" in says:  # the latter with macros
                return part
    raise RefusedFile("这个文件不是 Excel 工作簿", Place(file=package.name), "请选择 .xlsx 或 .xlsm 文件")


def _content_type(types: etree._Element, part: str) -> str:
    for node in types.iterfind("{*}Override"):
        if _name(node.get("PartName", "")) == part.casefold():
            return node.get("ContentType", "")
    extension = part.rpartition(".")[2].casefold()
    defaults = types.iterfind("{*}Default")
    return next((n.get("ContentType", "") for n in defaults if n.get("Extension", "").casefold() == extension), "")


def _name(written: str) -> str:
    """A part's name as [Content_Types].xml writes it, as names are compared."""
    return written.replace("\\", "/").lstrip("/").casefold()


def relations_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, target part) of a part; external targets are left out."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", name + ".rels")
    if path not in package:
        return {}
    found = package.derived(path, _relations, folder)
    return {name: (kind, package.written(target)) for name, (kind, target) in found.items()}


def _relations(root: etree._Element, folder: str) -> dict[str, tuple[str, str]]:
    found = {}
    for node in root:
        if not isinstance(node.tag, str) or node.get("TargetMode") == "External":
            continue
        target = node.get("Target", "").replace("\\", "/")
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[node.get("Id")] = (node.get("Type", "").rpartition("/")[2], target)
    return found


def by_type(relations: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Last word of a relationship's type → target part."""
    return dict(relations.values())


def custom_properties(package: Package) -> dict[str, str]:
    """The custom document properties, by name."""
    part = by_type(relations_of(package, "")).get("custom-properties")
    return package.derived(part, _properties) if part and part in package else {}


def _properties(root: etree._Element) -> dict[str, str]:
    return {node.get("name", ""): "".join(node.itertext()).strip()[:1000] for node in root if isinstance(node.tag, str)}


def sheets_and_epoch(book: etree._Element) -> tuple[list[tuple[str, str, str | None]], dt.datetime]:
    """Name, state and relationship of every sheet, and the day that dates count from."""
    sheets = [
        (node.get("name", ""), node.get("state", ""), node.get(RELATION) or node.get(_STRICT_RELATION))
        for node in book.iterfind("{*}sheets/{*}sheet")
    ]
    properties = book.find("{*}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return sheets, dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
