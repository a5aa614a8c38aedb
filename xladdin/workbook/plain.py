"""The cells and merges of a sheet as nearly every program writes them, found without building a tree.

A part that is written in any other way, however slightly, is not taken: the parser reads it. What is taken gives the
cells that the parser gives (tests/test_plain.py holds the two against each other).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from sys import intern
from typing import NamedTuple

from lxml import etree

from .content import SPACES, as_text, text_of, unescape
from .gate import tree
from .grid import LAST_ROW, Value

LARGEST = 1_000_000  # bytes of a part that is read as a whole; more marks than the gate lets pass do not fit in
_LONGEST = 1_000_000  # characters of a row, and of what stands behind the rows
_SHORT = 200  # characters of a text that is likely to stand in other forms, too
_MOST_KEPT = 4096
_LONGEST_KEPT = 20_000  # characters of what is kept, with what came of it, for the next form of the same template

Cell = tuple[str, ...]  # letters, style, text, type, number of a shared formula, formula, value: "" where not given
_Row = tuple[str, str, str, str]  # the whole of it, its number, attributes and cells

_OPEN, _CLOSE, _ROW_AT, _NOTHING = "<sheetData>", "</sheetData>", "<row ", "</sheetData></worksheet>"
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
_FOLDED = re.compile(' hidden="(?:1|true)"')
_SAID = re.compile('"[^"]*"')
_MERGES = re.compile(r'<mergeCells(?: count="[0-9]+")?>((?:<mergeCell ref="[A-Z0-9:]+" ?/>)+)</mergeCells>')
_REF = re.compile('ref="([A-Z0-9:]+)"')
_TEXT = re.compile(">[^<]+<")
_ROWS = {space + "sheetData" for space in SPACES}


class Otherwise(Exception):
    """Not written as nearly every program writes it: only a parser can tell."""


class Plain(NamedTuple):
    """What a sheet holds: its rows by number, its merges as they are written, and the rows nobody sees."""

    rows: Iterator[tuple[int, list[Cell]]]
    merges: list[str]
    folded: set[int]


def plainly(data: bytes) -> Plain:
    """A worksheet part. Raises Otherwise, also where it is large."""
    text = _whole(data)
    start, end = text.find(_OPEN), text.rfind(_CLOSE)
    if start < 0 or end < start:
        raise Otherwise
    start += len(_OPEN)
    rows = _rows(text, start, end)
    merges = _merges(text[:start], rows, text[end:])
    folded = {int(number) for _, number, said, _ in rows if ' hidden="' in said and _FOLDED.search(said)}
    return Plain(((int(number), _CELL.findall(cells)) for _, number, _, cells in rows), merges, folded)


def plain_rows(pieces: Iterable[bytes]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a worksheet part of any size, as its pieces come.

    Raises Otherwise behind those that are plain, and in the end where what stands around them is not.
    """
    texts = _texts(pieces)
    text = next(texts, "")
    start = text.find(_OPEN)
    if start < 0:
        raise Otherwise
    start += len(_OPEN)
    front, text = _checked(text[:start]), text[start:]
    _merges(front, (), _NOTHING)
    kinds: dict[str, _Row] = {}  # a row of each kind of attributes
    closed = False
    while not closed:
        end = text.find(_CLOSE)
        closed = end >= 0
        whole = _checked(text[: end if closed else max(text.rfind(_ROW_AT), 0)])  # the last row may go on
        for row in _rows(whole, 0, len(whole)):
            kinds[row[2]] = row
            yield int(row[1]), _CELL.findall(row[3])
        text = text[len(whole) :]
        if not closed:
            more = next(texts, None)
            if more is None or len(text) > _LONGEST:
                raise Otherwise
            text += more
    for piece in texts:
        text += piece
        if len(text) > _LONGEST:
            raise Otherwise
    _merges(front, kinds.values(), _checked(text))


def strings(data: bytes) -> list[Value]:
    """What the part of the shared strings holds. Raises Otherwise. Strings of several runs are left to the parser."""
    root = _SST.fullmatch(_whole(data))
    if root is None:
        raise Otherwise
    items = _STRING.findall(root[2])
    if sum([len(item[0]) for item in items]) != len(root[2]):
        raise Otherwise
    odd = iter(_root("".join((root[1], *(item for item, said in items if not said), "</sst>"))))
    return [SHOWN[said] if said else as_text(text_of(next(odd))) for _, said in items]


def _whole(data: bytes) -> str:
    """A part from its root on."""
    if len(data) > LARGEST:
        raise Otherwise
    return _checked(_decoded(_from_root(data), bytes.decode))


def _texts(pieces: Iterable[bytes]) -> Iterator[str]:
    """A part from its root on, as its pieces come."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    given = iter(pieces)
    for piece in chain((_from_root(next(given, b"")),), given):
        yield _decoded(piece, decoder.decode)
    yield _decoded(b"", lambda piece: decoder.decode(piece, final=True))


def _from_root(begin: bytes) -> bytes:
    head = _HEAD.match(begin)
    if head is None:
        raise Otherwise
    return begin[head.end() :]


def _decoded(piece: bytes, decode: Callable[[bytes], str]) -> str:
    if len(piece.translate(None, _CONTROLS)) < len(piece):
        raise Otherwise
    try:
        return decode(piece)
    except UnicodeDecodeError:
        raise Otherwise from None


def _checked(text: str) -> str:
    """A text if it has no odd characters or references."""
    if _UNKNOWN.search(text) or "\ufffe" in text or "\uffff" in text or "]" in text and "]]>" in text:
        raise Otherwise
    return text


def _rows(text: str, start: int, end: int) -> list[_Row]:
    rows = _ROW.findall(text, start, end)
    for row in rows:
        start += len(row[0])
        if len(row[1]) > 6 and int(row[1]) > LAST_ROW:
            raise Otherwise
    if start != end:
        raise Otherwise
    return rows


def _merges(front: str, rows: Iterable[_Row], behind: str) -> list[str]:
    """The merges of a sheet of which that stands in front of its rows and behind them, if all of it is sound."""
    found = _MERGES.search(behind)
    if found:
        behind = f"{behind[: found.start()]}<mergeCells/>{behind[found.end() :]}"
    kinds = sorted({_kind(attributes) for _, _, attributes, _ in rows})
    sheet = "".join((_TEXT.sub("><", front), *kinds, _TEXT.sub("><", behind)))
    if not (_is_sound if len(sheet) < _LONGEST_KEPT else _is_sound.__wrapped__)(sheet):
        raise Otherwise
    return _REF.findall(found[1]) if found else []


@lru_cache(maxsize=1024)
def _kind(attributes: str) -> str:
    """A row that has these attributes, whatever they say."""
    said = _SAID.sub('""', attributes)
    return f'<row r=""{said}/>'


@lru_cache(maxsize=128)
def _is_sound(sheet: str) -> bool:
    """Whether a sheet is well-formed, and its rows and merges are where they count.

    It comes without its texts, cells and merges, and with each kind of row once: as most forms of a template do.
    """
    if "<!" in sheet or "<?" in sheet:
        return False
    try:
        root = _root(sheet)
    except Otherwise:
        return False
    held = list(root.iter("{*}sheetData", "{*}mergeCells", "{*}mergeCell"))
    names = [node.tag.rpartition("}")[2] for node in held]
    if names not in (["sheetData"], ["sheetData", "mergeCells"]):
        return False
    return held[0].tag in _ROWS and all(node.getparent() is root for node in held)


def _root(text: str) -> etree._Element:
    try:
        return tree(text.encode())
    except etree.XMLSyntaxError:
        raise Otherwise from None


def resolved(text: str) -> str:
    """A text with the characters that its references stand for."""
    if "&" not in text:
        return text
    return _kept(text) if len(text) < _LONGEST_KEPT else _resolved(text)


def _resolved(text: str) -> str:
    return _REFERENCE.sub(lambda match: _CHARACTERS[match[1]], text)


_kept = lru_cache(maxsize=256)(_resolved)


class _Shown(dict[str, Value]):
    """What a cell shows whose text is written so: the same words, the same object, in thousands of forms."""

    def __missing__(self, text: str) -> Value:
        found = as_text(unescape(resolved(text)))
        if type(found) is str:
            found = intern(found)
        if len(text) < _SHORT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[text] = found
        return found


SHOWN = _Shown()
