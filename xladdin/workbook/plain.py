"""The cells of a sheet as nearly every program writes them, found without building a tree.

A part that is written in any other way, however slightly, is not taken: the parser reads it. What is taken gives the
cells that the parser gives (tests/test_plain.py holds the two against each other). A part of any size comes in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .grid import LAST_ROW

LARGEST = 1_000_000  # bytes of a part; more marks than the gate lets pass do not fit in

Cell = tuple[str, ...]  # letters, style, inline text, type, formula, value: "" where not given

_OPEN, _CLOSE, _END_OF_ROW = b"<sheetData>", b"</sheetData>", b"</row>"
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb"<worksheet[ >]"
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n"))  # XML forbids them, or reads a line end as another
_ODD = ("]]>", "\ufffe", "\uffff")
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos|#10);)")
_CHARACTERS = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&amp;": "&"}  # the & last
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


def split(data: bytes) -> tuple[bytes, Iterator[tuple[int, list[Cell]]]] | None:
    """A worksheet part as the part without its rows, and the rows: their numbers and what their cells hold.

    None where it is not written as nearly every program writes it. Whether the rest is sound is not looked at.
    """
    start = data.find(_OPEN)
    end = data.find(_CLOSE, start)
    if len(data) > LARGEST or start < 0 or end < 0 or data.count(b"sheetData") != 2 or not _HEAD.match(data):
        return None
    start += len(_OPEN)
    rows = _rows(data[start:end])
    return None if rows is None else (data[:start] + data[end:], rows)


class NotPlain(Exception):
    """A part that is not written as nearly every program writes it."""


class Streamed:
    """The rows of a worksheet part that comes in pieces, one after the other; no more than a piece is held at once.

    `head` is what stands before them, with the tag that opens them; `tail` is what stands behind, known once they were
    gone through. NotPlain is raised as soon as the part is written otherwise: the parser gives what was given by then.
    """

    def __init__(self, pieces: Iterable[bytes]):
        self._pieces = iter(pieces)
        self.head, self.tail, data = b"", b"", b""
        while _OPEN not in data:
            data += self._next(data)
        self.head, _, self._data = data.partition(_OPEN)
        self.head += _OPEN
        if self.head.count(b"sheetData") != 1 or not _HEAD.match(self.head):
            raise NotPlain

    @property
    def around(self) -> bytes:
        """The part without its rows."""
        return self.head + (self.tail or _CLOSE + b"</worksheet>")

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        data = self._data
        while (end := data.find(_CLOSE)) < 0:
            if cut := data.rfind(_END_OF_ROW) + 1:
                cut += len(_END_OF_ROW) - 1
                yield from self._rows(data[:cut])
                data = data[cut:]
            data += self._next(data)
        yield from self._rows(data[:end])
        self.tail = data[end:] + b"".join(self._pieces)
        if self.tail.count(b"sheetData") != 1:
            raise NotPlain

    def _next(self, held: bytes) -> bytes:
        piece = next(self._pieces, b"")
        if not piece or len(held) > LARGEST:
            raise NotPlain
        return piece

    @staticmethod
    def _rows(body: bytes) -> Iterator[tuple[int, list[Cell]]]:
        rows = _rows(body)
        if rows is None:
            raise NotPlain
        return rows


def _rows(body: bytes) -> Iterator[tuple[int, list[Cell]]] | None:
    if len(body.translate(None, _CONTROLS)) < len(body):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
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
    if "&" in text:
        for reference, character in _CHARACTERS.items():
            text = text.replace(reference, character)
    return text
