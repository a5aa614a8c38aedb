"""PDF with a text layer: read by pdfium, in a process of its own where the file holds more than forms do."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..errors import Place, RefusedFile
from ..workbook.grid import OURS, Grid
from .lattice import Page

PRINTED = b"%xladdin print"  # behind the end of a PDF that is a collection of forms, read one by one already
_START = 1024
_MOST_BYTES, _MOST_STREAM = 48 << 20, 48 << 20
_DICTIONARY, _PLAIN, _MOST_DRAWN, _LIGHT = 600, 1 << 20, 10_000, 4 << 20
_STREAM = re.compile(rb"stream\r?\n")
_PACKED = re.compile(rb"/(?:LZW|LZWDecode|RL|RunLengthDecode|AHx|ASCIIHexDecode)\b")  # in ways that are not looked into
_NOT = "请不要使用这个文件"
_ADVICE = "请只留下要读的几页，或请对方发 Word、Excel 文件"


def takes(source: Any) -> bool:
    """Bytes that begin as PDF, rubbish before it allowed as readers allow it."""
    return isinstance(source, bytes) and b"%PDF-" in source[:_START] and source[:2] != b"PK"


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The document as one sheet. Raises RefusedFile."""
    from .pages import blocks_of
    from .paper import grid_of

    if PRINTED in source[-len(PRINTED) - 2 :]:
        return [Grid("正文", name, marks={OURS: "全部表的合订本"})]
    return [grid_of(blocks_of(read_pages(source, name)), name, "正文")]


def read_pages(source: bytes, name: str | None) -> list[Page]:
    """Every page. Raises RefusedFile for what is locked, broken, scanned, or more than a form can be."""
    if len(source) > _MOST_BYTES:
        what = f"PDF 有 {len(source) >> 20} MB，超过上限 {_MOST_BYTES >> 20} MB"
        raise RefusedFile(what, Place(file=name), _ADVICE)
    if _is_heavy(source, name):
        from .apart import pages_apart

        return pages_apart(source, name)
    from .pdfium import pages_of

    return pages_of(source, name)


def _is_heavy(source: bytes, name: str | None) -> bool:
    """Whether pdfium may need long for a page, in which nothing here can stop it.

    Raises RefusedFile for a stream that swells beyond what a page can hold, and for drawings drawn too often.
    """
    left, drawn, calls, largest = 4 * _MOST_STREAM, 1, 0, 0
    packed = b"/Encrypt" in source
    for match in _STREAM.finditer(source):
        dictionary = source[max(match.start() - _DICTIONARY, 0) : match.start()].rpartition(b" obj")[2]
        size = own = 0
        for piece in _unpacked(source, match.end(), dictionary):
            size += len(piece)
            own += piece.count(b"Do")
            if size > min(_MOST_STREAM, left):
                what = f"PDF 的内容解压后超过 {_MOST_STREAM >> 20} MB，可能是压缩炸弹"
                raise RefusedFile(what, Place(file=name), _NOT)
        left -= size
        calls += own
        packed = packed or bool(_PACKED.search(dictionary))
        if b"/Form" in dictionary:
            largest = max(largest, size)
            drawn *= max(own, 1)
        if drawn > _MOST_DRAWN:
            raise RefusedFile("PDF 里的图形互相套用，次数太多，可能是恶意文件", Place(file=name), _NOT)
    return packed or 4 * _MOST_STREAM - left + calls * largest > _LIGHT


def _unpacked(source: bytes, at: int, dictionary: bytes) -> Iterator[bytes]:
    """What a stream holds, a piece at a time: unpacked where it is packed as most are, else as it stands."""
    if b"ASCII85Decode" in dictionary or b"/A85" in dictionary:
        with suppress(ValueError):
            source, at = base64.a85decode(b"<~" + source[at : source.find(b"~>", at) + 2], adobe=True), 0
    if source[at : at + 1] not in (b"\x78", b"\x48", b"\x58", b"\x68", b"\x08"):
        end = source.find(b"endstream", at)
        yield source[at : end if 0 <= end < at + _PLAIN else at + _PLAIN]
        return
    squeezer = zlib.decompressobj()
    try:
        while not squeezer.eof:
            data = squeezer.unconsumed_tail
            if not data:
                data, at = source[at : at + 65536], at + 65536
                if not data:
                    return
            yield squeezer.decompress(data, 1 << 20)
    except zlib.error:
        return
