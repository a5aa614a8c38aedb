"""A small picture of a spot in a PDF, so that whoever is asked need not open it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..workbook.pictures import png_of
from .needed import library

_WIDEST = 380  # pixels, as it is shown; it holds twice as many
_AROUND = 26.0  # points above and below the spot
_SOUGHT = 12  # signs that are looked for


def picture(source: bytes, page: int, texts: Iterable[str]) -> tuple[bytes, int, int] | None:
    """The strip of a page on which the first of some texts stands: PNG, width and height in pixels as it is shown.

    None where none of them is found, or the page cannot be drawn.
    """
    pdfium = library("pypdfium2", "pypdfium2", None, "PDF")
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError:
        return None
    try:
        if not 1 <= page <= len(document):
            return None
        return _strip(document[page - 1], texts)
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _strip(page: Any, texts: Iterable[str]) -> tuple[bytes, int, int] | None:
    width, height = page.get_size()
    found = _spot(page.get_textpage(), texts)
    if found is None or not width or not height:
        return None
    bottom, top = found
    low, high = max(bottom - _AROUND, 0), max(height - top - _AROUND, 0)
    if low + high >= height:
        low, high = 0, 0
    scale = 2 * _WIDEST / width
    bitmap = page.render(scale=scale, crop=(0, low, 0, high), grayscale=True)
    wide, tall, stride = bitmap.width, bitmap.height, bitmap.stride
    data = bytes(bitmap.buffer)
    if bitmap.n_channels != 1:
        return None
    rows = [data[at * stride : at * stride + wide] for at in range(tall)]
    return png_of(wide, tall, rows), wide // 2, tall // 2


def _spot(text: Any, texts: Iterable[str]) -> tuple[float, float] | None:
    """Bottom and top of the first of some texts on a page, in points from its lower edge; blanks do not count."""
    signs = [(text.get_text_range(at, 1), at) for at in range(min(text.count_chars(), 20_000))]
    kept = [(sign, at) for sign, at in signs if sign.strip()]
    line = "".join(sign[0] for sign, _ in kept)
    for wanted in texts:
        sought = "".join(wanted.split())[:_SOUGHT]
        where = line.find(sought) if len(sought) > 1 else -1
        if where >= 0:
            boxes = [text.get_charbox(kept[at][1]) for at in range(where, where + len(sought))]
            return min(box[1] for box in boxes), max(box[3] for box in boxes)
    return None
