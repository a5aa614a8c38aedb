"""Cell styles made of others: one thing about them changed, the rest as it was. Each is made once a workbook."""

from __future__ import annotations

import copy

from lxml import etree

from .formats import look_of
from .patching import styled

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TEXT_FORMAT = "49"
# quoted: what is typed stays text. marked: a ground to be seen by. linked, text, answer, head: of sheets of ours
QUOTED, MARKED, LINKED, TEXT, ANSWER, HEAD = "quoted", "marked", "linked", "text", "answer", "head"


class Styles:
    """The table of styles of a workbook that is being changed. root: the part itself."""

    def __init__(self, root: etree._Element):
        self.root = root
        self._made: dict[tuple[str, str], str] = {}

    def with_look(self, base: str, look: str) -> str:
        """The index of the style that is `base` with that look; DATE and PERCENT are of its number format."""
        if (base, look) not in self._made:
            make = _LOOKS.get(look)
            self._made[base, look] = make(self.root, base) if make else styled(self.root, base, look)
        return self._made[base, look]

    def shows(self, style: str, look: str) -> bool:
        """Whether numbers in that style are seen so."""
        number = self._xf(style).get("numFmtId", "0")
        codes = {node.get("numFmtId"): node.get("formatCode", "") for node in self.root.iterfind("{*}numFmts/*")}
        return look_of(int(number), codes.get(number, "")) == look

    def is_text(self, style: str) -> bool:
        """Whether what is typed into a cell in that style stays text."""
        xf = self._xf(style)
        return xf.get("numFmtId", "0") == _TEXT_FORMAT or xf.get("quotePrefix") in ("1", "true")

    def _xf(self, style: str) -> etree._Element:
        return self.root.find("{*}cellXfs")[int(style)]


def _variant(styles: etree._Element, base: str, **changed: str) -> tuple[etree._Element, str]:
    table = styles.find("{*}cellXfs")
    made = copy.deepcopy(table[int(base)])
    for name, value in changed.items():
        made.set(name, value)
    table.append(made)
    table.set("count", str(len(table)))
    return made, str(len(table) - 1)


def _of(styles: etree._Element, table: str, xml: str) -> str:
    """The index of a new font or fill."""
    listed = styles.find(f"{{*}}{table}")
    listed.append(etree.fromstring(xml))
    listed.set("count", str(len(listed)))
    return str(len(listed) - 1)


def _fill(styles: etree._Element, colour: str) -> str:
    xml = f'<fill xmlns="{_MAIN}"><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
    return _of(styles, "fills", xml)


def _quoted(styles: etree._Element, base: str) -> str:
    return _variant(styles, base, quotePrefix="1")[1]


def _marked(styles: etree._Element, base: str) -> str:
    return _variant(styles, base, fillId=_fill(styles, "FFFFE699"), applyFill="1")[1]


def _linked(styles: etree._Element, base: str) -> str:
    font = f'<font xmlns="{_MAIN}"><u/><sz val="11"/><color rgb="FF0563C1"/><name val="宋体"/></font>'
    return _variant(styles, base, fontId=_of(styles, "fonts", font), applyFont="1")[1]


def _text(styles: etree._Element, base: str) -> str:
    made, number = _variant(styles, base, numFmtId=_TEXT_FORMAT, applyNumberFormat="1", applyAlignment="1")
    for child in made.findall("{*}alignment"):
        made.remove(child)
    made.insert(0, etree.Element(f"{{{_MAIN}}}alignment", vertical="top", wrapText="1"))
    return number


def _answer(styles: etree._Element, base: str) -> str:
    number = _text(styles, base)
    return _variant(styles, number, fillId=_fill(styles, "FFFFF2CC"), applyFill="1")[1]


def _head(styles: etree._Element, base: str) -> str:
    font = f'<font xmlns="{_MAIN}"><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="宋体"/></font>'
    number = _text(styles, base)
    fonts, fills = _of(styles, "fonts", font), _fill(styles, "FF4472C4")
    return _variant(styles, number, fontId=fonts, applyFont="1", fillId=fills, applyFill="1")[1]


_LOOKS = {QUOTED: _quoted, MARKED: _marked, LINKED: _linked, TEXT: _text, ANSWER: _answer, HEAD: _head}
