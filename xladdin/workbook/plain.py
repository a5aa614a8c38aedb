"""The cells of a sheet as nearly every program writes them, found without building a tree.

A part that is written in any other way, however slightly, is not taken: the parser reads it. What is taken gives the
cells that the parser gives (tests/test_plain.py holds the two against each other).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .grid import LAST_ROW, Spot, column_letters

LARGEST = 1_000_000  # bytes of a part; more marks than the gate lets pass do not fit in

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb"<worksheet[ >]"
)
# what XML forbids or changes, remarks, sections and references to anything but a character that had to be escaped
_ODD = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|<[!?]|]]>|&(?!(?:amp|lt|gt|quot|apos|#10);)")
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos|#10);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#10": "\n"}
_COLUMNS = {column_letters(number): number for number in range(1, 703)}
_ATTRIBUTES = "".join(
    f'(?: {name}="[0-9A-Za-z:. ]*")?'
    for name in ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed")
)
_TOKEN = re.compile(
    '<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]+)")?'
    "(?:/>|>(?:<f>([^<]*)</f>)?"
    '(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
    f'|<row r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}(/?)>'
    "|</row>"
)


class Cell(NamedTuple):
    """A cell that holds something: what its element says, nothing of it understood yet."""

    spot: Spot
    style: str | None
    kind: str
    formula: str | None
    value: str | None
    inline: str | None


def split(data: bytes) -> tuple[bytes, list[Cell]] | None:
    """A worksheet part as the part without its rows, and the cells of its rows in order.

    None where it is not written as nearly every program writes it. Whether the rest is sound is not looked at.
    """
    start = data.find(_OPEN)
    end = data.find(_CLOSE, start)
    if len(data) > LARGEST or start < 0 or end < 0 or data.count(b"sheetData") != 2 or not _HEAD.match(data):
        return None
    try:
        text = data[start + len(_OPEN) : end].decode("utf-8")
    except UnicodeDecodeError:
        return None
    cells = _cells(text)
    return None if cells is None else (data[: start + len(_OPEN)] + data[end:], cells)


def _cells(text: str) -> list[Cell] | None:
    if _ODD.search(text):
        return None
    found: list[Cell] = []
    at, number, shown = 0, 0, ""  # number: of the row that is open
    for token in _TOKEN.finditer(text):
        if token.start() != at:
            return None
        at = token.end()
        letters, digits, style, kind, formula, value, inline, row, closed = token.groups()
        if letters:
            if not number or digits != shown or letters not in _COLUMNS:
                return None
            if formula is not None or value or inline is not None:
                spot = number, _COLUMNS[letters]
                found.append(Cell(spot, style, kind or "n", _plain(formula), _plain(value) or None, _plain(inline)))
        elif row:
            if number or int(row) > LAST_ROW:
                return None
            number, shown = (0 if closed else int(row)), row
        elif number:
            number = 0
        else:
            return None
    return found if at == len(text) and not number else None


def _plain(text: str | None) -> str | None:
    return _REFERENCE.sub(lambda match: _CHARACTERS[match[1]], text) if text and "&" in text else text
