"""The cells of a sheet as nearly every program writes them, found without building a tree.

A part that is written in any other way, however slightly, is not taken: the parser reads it. What is taken gives the
cells that the parser gives (tests/test_plain.py holds the two against each other).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .grid import LAST_ROW

LARGEST = 1_000_000  # bytes of a part; more marks than the gate lets pass do not fit in

Cell = tuple[str, ...]  # letters, style, inline text, type, formula, value: "" where not given

_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb"<worksheet[ >]"
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n"))  # XML forbids them, or reads a line end as another
_ODD = ("]]>", "\ufffe", "\uffff")
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos|#10);)")
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos|#10);")
_CHARACTERS = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "#10": "\n", "amp": "&"}
_ATTRIBUTES = "".join(
    f'(?: {name}="[0-9A-Za-z:. ]*")?'
    for name in ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed")
)
_INSIDE = (
    '(?: s="([0-9]{1,6})")?(?: t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]+)</t></is></c>'
    '|(?: t="([a-zA-Z]+)")?>(?:<f>([^<]+)</f>)?(?:<v>([^<]*)</v>)?</c>)'
)
_CELL = re.compile('<c r="([A-Z]{1,2})[0-9]+"' + _INSIDE)
_EMPTY_OR_CELL = '<c r="[A-Z]{1,2}(?P=row)"(?:(?: s="[0-9]{1,6}")?/>|' + re.sub(r"\((?!\?)", "(?:", _INSIDE) + ")"
_ROW = re.compile(f'<row r="(?P<row>[1-9][0-9]{{0,6}})"{_ATTRIBUTES}(?:/>|>(?P<cells>(?:{_EMPTY_OR_CELL})*+)</row>)')


def split(data: bytes, most: int = LARGEST) -> tuple[bytes, Iterator[tuple[int, list[Cell]]]] | None:
    """A worksheet part of so many bytes at most as the part without its rows, and the rows: their numbers and what
    their cells hold.

    None where it is not written as nearly every program writes it. Whether the rest is sound is not looked at.
    """
    start = data.find(_OPEN)
    end = data.find(_CLOSE, start)
    if len(data) > most or start < 0 or end < 0 or data.count(b"sheetData") != 2 or not _HEAD.match(data):
        return None
    start += len(_OPEN)
    body = data[start:end]
    if len(body.translate(None, _CONTROLS)) < len(body):
        return None
    try:
        rows = _rows(body.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return None if rows is None else (data[:start] + data[end:], rows)


def _rows(text: str) -> Iterator[tuple[int, list[Cell]]] | None:
    if any(odd in text for odd in _ODD) or _UNKNOWN.search(text):
        return None
    found: list[tuple[int, int, int]] = []  # number, and where its cells begin and end
    at = 0
    for match in _ROW.finditer(text):
        number = match["row"]
        if match.start() != at or len(number) > 6 and int(number) > LAST_ROW:
            return None
        at = match.end()
        found.append((int(number), *match.span("cells")))
    return ((row, _cells(text, first, end)) for row, first, end in found) if at == len(text) else None


def _cells(text: str, first: int, end: int) -> list[Cell]:
    if first < 0:
        return []
    held = _CELL.findall(text, first, end)
    return [tuple(map(_plain, cell)) for cell in held] if text.find("&", first, end) >= 0 else held


def _plain(text: str) -> str:
    """The text with the characters that its references stand for."""
    return _REFERENCE.sub(lambda match: _CHARACTERS[match[1]], text) if "&" in text else text
