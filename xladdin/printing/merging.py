"""PDFs put together into one, each page with its number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import XladdinError
from ..sources.needed import library
from ..sources.pdf import PRINTED

_SIZE, _EDGE = 8.0, 24.0  # points: of the page numbers, and how far they stand from the edges
_MOST = 5_000  # pages


def pages_in(path: Path) -> int:
    """How many pages a PDF has; 0 for what is none."""
    pdfium = library("pypdfium2", "pypdfium2", path.name, "PDF")
    try:
        with pdfium.PdfDocument(path) as document:
            return len(document)
    except pdfium.PdfiumError:
        return 0


def merged(files: Sequence[Path], unnumbered: int = 1) -> bytes:
    """All pages in order, numbered in the lower right corner but for the first ones. Raises XladdinError."""
    import io

    pdfium = library("pypdfium2", "pypdfium2", None, "PDF")
    whole = pdfium.PdfDocument.new()
    try:
        for file in files:
            with pdfium.PdfDocument(file) as part:
                if len(whole) + len(part) > _MOST:
                    raise XladdinError(f"合起来超过 {_MOST} 页", advice="请分几次打印，每次少选一些")
                whole.import_pages(part)
        for number in range(unnumbered, len(whole)):
            _number(whole, number, pdfium.raw)
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue() + b"\n" + PRINTED + b"\n"
    finally:
        whole.close()


def _number(document: Any, at: int, raw: Any) -> None:
    """Write its number on a page that stands upright; on a turned one it would lie across the table."""
    page = document[at]
    try:
        if page.get_rotation():
            return
        left, bottom, right, _ = page.get_bbox()
        text = f"- {at + 1} -"
        thing = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", _SIZE)
        raw.FPDFText_SetText(thing, _wide(text, raw))
        raw.FPDFPageObj_Transform(thing, 1, 0, 0, 1, right - _EDGE - 0.5 * _SIZE * len(text), bottom + _EDGE / 2)
        raw.FPDFPage_InsertObject(page.raw, thing)
        raw.FPDFPage_GenerateContent(page.raw)
    finally:
        page.close()


def _wide(text: str, raw: Any) -> Any:
    """A text as pdfium takes it: UTF-16, with a zero at its end."""
    import ctypes

    data = (text + "\0").encode("utf-16-le")
    return ctypes.cast(ctypes.create_string_buffer(data), raw.FPDF_WIDESTRING)
