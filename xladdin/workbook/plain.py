"""The cells and merges of a sheet as nearly every program writes them, found without building a tree.

A part that is written in any other way, however slightly, is not taken: the parser reads it. What is taken gives the
cells that the parser gives (tests/test_plain.py holds the two against each other).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from lxml import etree

from .content import SPACES, as_text, text_of, unescape
from .gate import tree
from .grid import LAST_ROW, Value

LARGEST = 1_000_000  # bytes of a part; more marks than the gate lets pass do not fit in
_LONGEST_REST = 20_000  # characters of what stands around the rows
_SHORT = 200  # of a text that is likely to stand in other forms, too
_LONGEST_KEPT = 10_000  # of a text; what came of it is kept for the next form of the same template

Cell = tuple[str, ...]  # letters, style, text, type, number of a shared formula, formula, value: "" where not given

_OPEN, _CLOSE = "<sheetData>", "</sheetData>"
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb"(?=<(?:worksheet|sst)[ >])"
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n"))  # XML forbids them, or reads a line end as another
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos|#10);)")
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos|#10);")
_CHARACTERS = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "#10": "\n", "amp": "&"}
_T = '<t(?: xml:space="preserve")?>'
_SHARED = ' t="shared"(?: ref="[A-Z0-9:]++")?(?: ca="1")? si="([0-9]{1,9})"'
_F = rf'<f(?:{_SHARED}|(?: aca="(?:false|true)"| ca="1")?(?=>))(?:/>|>([^<]++)</f>)'
_CONTENT = rf'(?: t="inlineStr"><is>{_T}([^<]++)</t></is>|(?: t="([a-zA-Z]++)")?>(?:{_F})?(?:<v>([^<]*+)</v>)?)</c>'
_ROW = re.compile(
    r'(<row r="([1-9][0-9]{0,6})"((?: (?!xml)[A-Za-z0-9:]{1,24}="[0-9A-Za-z:. ]{0,48}"){0,16}+)(?:/>|>((?:'
    r'<c r="[A-Z]{1,2}\2"(?: s="[0-9]{1,6}")?(?: ?/>|' + re.sub(r"\((?!\?)", "(?:", _CONTENT) + ")"
    r")*+)</row>))"
)
_CELL = re.compile('<c r="([A-Z]{1,2})[0-9]++"(?: s="([0-9]{1,6})")?' + _CONTENT)
_SST = re.compile(r"(<sst(?: [^<>]*)?>)(.*)</sst>\s*", re.DOTALL)
_STRING = re.compile(
    rf"(<si>(?:{_T}([^<]++)</t>(?:<phoneticPr(?: fontId=\"[0-9]++\")?(?: type=\"[A-Za-z]++\")?/>)?</si>"
    r"|(?:(?!</?si\b).)*+</si>))",
    re.DOTALL,
)
_SAID = re.compile('"[^"]*"')
_MERGES = re.compile(r'<mergeCells(?: count="[0-9]+")?>((?:<mergeCell ref="[A-Z0-9:]+" ?/>)+)</mergeCells>')
_REF = re.compile('ref="([A-Z0-9:]+)"')
_TEXT = re.compile(">[^<]+<")
_ROWS = {space + "sheetData" for space in SPACES}


class Plain(NamedTuple):
    """What a sheet holds: its rows by number, and its merges as they are written."""

    rows: Iterator[tuple[int, list[Cell]]]
    merges: list[str]


def plainly(data: bytes, most: int = LARGEST) -> Plain | None:
    """A worksheet part of so many bytes at most; None where it is not written as nearly every program writes it."""
    text = _text(data, most)
    if text is None:
        return None
    start, end = text.find(_OPEN), text.rfind(_CLOSE)
    if start < 0 or end < start or len(text) - (end - start) > _LONGEST_REST:
        return None
    start += len(_OPEN)
    rows = _rows(text, start, end)
    if rows is None:
        return None
    shapes = sorted({_shape(attributes) for _, _, attributes, _ in rows})
    merges, behind = _merges(text[end:])
    if not _is_sound("".join((_TEXT.sub("><", text[:start]), *shapes, _TEXT.sub("><", behind)))):
        return None
    return Plain(((int(number), _CELL.findall(cells)) for _, number, _, cells in rows), merges)


def strings(data: bytes) -> list[Value] | None:
    """What the part of the shared strings holds; None as above. Strings of several runs are left to the parser."""
    text = _text(data, LARGEST)
    root = text and _SST.fullmatch(text)
    if not root:
        return None
    items = _STRING.findall(root[2])
    if sum([len(item[0]) for item in items]) != len(root[2]):
        return None
    try:
        odd = iter(tree("".join((root[1], *(item for item, said in items if not said), "</sst>")).encode()))
    except etree.XMLSyntaxError:
        return None
    return [text_as_seen(said) if said else as_text(text_of(next(odd))) for _, said in items]


def _text(data: bytes, most: int) -> str | None:
    """A part of so many bytes at most, from its root on, if there is nothing odd in its characters."""
    head = _HEAD.match(data)
    if head is None or len(data) > most:
        return None
    data = data[head.end() :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(data.translate(None, _CONTROLS)) < len(data) or _UNKNOWN.search(text):
        return None
    return None if "\ufffe" in text or "\uffff" in text or "]" in text and "]]>" in text else text


def _rows(text: str, start: int, end: int) -> list[tuple[str, str, str, str]] | None:
    """Each row: the whole of it, its number, its attributes and its cells."""
    rows = _ROW.findall(text, start, end)
    for row in rows:
        start += len(row[0])
        if len(row[1]) > 6 and int(row[1]) > LAST_ROW:
            return None
    return rows if start == end else None


@lru_cache(maxsize=1024)
def _shape(attributes: str) -> str:
    """A row that has these attributes, whatever they say."""
    said = _SAID.sub('""', attributes)
    return f'<row r=""{said}/>'


def _merges(behind: str) -> tuple[list[str], str]:
    """The merges in what stands behind the rows, and that without them."""
    found = _MERGES.search(behind)
    if found is None:
        return [], behind
    return _REF.findall(found[1]), f"{behind[: found.start()]}<mergeCells/>{behind[found.end() :]}"


@lru_cache(maxsize=128)
def _is_sound(sheet: str) -> bool:
    """Whether a sheet is well-formed, and its rows and merges are where they count.

    It comes without its texts, cells and merges, and with each kind of row once: as most forms of a template do.
    """
    if "<!" in sheet or "<?" in sheet:
        return False
    try:
        root = tree(sheet.encode())
    except etree.XMLSyntaxError:
        return False
    held = list(root.iter("{*}sheetData", "{*}mergeCells", "{*}mergeCell"))
    names = [node.tag.rpartition("}")[2] for node in held]
    if names not in (["sheetData"], ["sheetData", "mergeCells"]):
        return False
    return held[0].tag in _ROWS and all(node.getparent() is root for node in held)


def resolved(text: str) -> str:
    """A text with the characters that its references stand for."""
    if "&" not in text:
        return text
    return _kept(text) if len(text) < _LONGEST_KEPT else _resolved(text)


def _resolved(text: str) -> str:
    return _REFERENCE.sub(lambda match: _CHARACTERS[match[1]], text)


_kept = lru_cache(maxsize=256)(_resolved)


def text_as_seen(text: str) -> Value:
    """What a cell shows whose text is written so; the same words, the same object, in thousands of forms."""
    return _known(text) if len(text) < _SHORT else _said(text)


def _said(text: str) -> Value:
    return as_text(unescape(resolved(text)))


@lru_cache(maxsize=4096)
def _known(text: str) -> Value:
    found = _said(text)
    return intern(found) if type(found) is str else found
