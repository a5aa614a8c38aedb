"""Styles of several templates in one book: each template's are appended and its indexes moved."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from lxml import etree

_CELL_STYLE = re.compile(r'(<(?:c|row)\b[^>]*? s=")(\d+)(")')
_COLUMN_STYLE = re.compile(r'(<col\b[^>]*? style=")(\d+)(")')
_DIFFERENTIAL = re.compile(r'(\bdxfId=")(\d+)(")')
_FIRST_CUSTOM = 164


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a template's style indexes moved."""

    cells: int
    differentials: int

    def apply(self, xml: str) -> str:
        """The sheet's XML with its style indexes in the common table."""
        if self.cells:
            xml = _CELL_STYLE.sub(lambda m: f"{m[1]}{int(m[2]) + self.cells}{m[3]}", xml)
            xml = _COLUMN_STYLE.sub(lambda m: f"{m[1]}{int(m[2]) + self.cells}{m[3]}", xml)
        if self.differentials:
            xml = _DIFFERENTIAL.sub(lambda m: f"{m[1]}{int(m[2]) + self.differentials}{m[3]}", xml)
        return xml


def append_styles(base: etree._Element, other: etree._Element) -> Moved:
    """Append the styles of `other` to `base`, in place."""
    offsets = {name: _append(base, other, name) for name in ("fonts", "fills", "borders", "dxfs")}
    numbers = _append_formats(base, other)
    table = base.find("{*}cellXfs")
    start = len(table)
    for xf in other.iterfind("{*}cellXfs/{*}xf"):
        xf = copy.deepcopy(xf)
        for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            xf.set(key, str(int(xf.get(key, 0)) + offsets[name]))
        xf.set("numFmtId", numbers.get(xf.get("numFmtId", "0"), xf.get("numFmtId", "0")))
        xf.set("xfId", "0")
        table.append(xf)
    table.set("count", str(len(table)))
    return Moved(start, offsets["dxfs"])


def _append(base: etree._Element, other: etree._Element, name: str) -> int:
    source, table = other.find(f"{{*}}{name}"), base.find(f"{{*}}{name}")
    if table is None or source is None:
        return 0
    start = len(table)
    for node in source:
        table.append(copy.deepcopy(node))
    table.set("count", str(len(table)))
    return start


def _append_formats(base: etree._Element, other: etree._Element) -> dict[str, str]:
    """Old custom number format id → new one."""
    source = other.findall("{*}numFmts/{*}numFmt")
    if not source:
        return {}
    table = base.find("{*}numFmts")
    if table is None:
        table = etree.Element(etree.QName(base.tag).namespace.join("{}") + "numFmts")
        base.insert(0, table)
    known = {node.get("formatCode"): node.get("numFmtId") for node in table}
    following = max([_FIRST_CUSTOM - 1, *(int(node.get("numFmtId")) for node in table)]) + 1
    moved = {}
    for node in source:
        code = node.get("formatCode")
        if code not in known:
            known[code] = str(following)
            table.append(etree.Element(node.tag, numFmtId=str(following), formatCode=code))
            following += 1
        moved[node.get("numFmtId")] = known[code]
    table.set("count", str(len(table)))
    return moved
