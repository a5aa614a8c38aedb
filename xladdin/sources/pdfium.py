"""PDF by pdfium: the signs and the lines of every page as it draws them."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from typing import Any

from ..errors import Place, RefusedFile
from .lattice import Page, Sign, Stroke

_MOST_PAGES, _MOST_SIGNS, _MOST_STROKES = 300, 400_000, 60_000
_SECONDS, _DEEPEST = 60, 6
_THIN = 3.0
_BLANK = frozenset({0xA0, 0x3000, 0xFFFE, 0xAD})
_ADVICE = "请只留下要读的几页，或请对方发 Word、Excel 文件"


def pages_of(source: bytes, name: str | None) -> list[Page]:
    """Every page. Raises RefusedFile for what is locked, broken, scanned, or more than a form can be."""
    from .needed import library

    pdfium = library("pypdfium2", "pypdfium2", name, "PDF")
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise _refused(name, "文件设有打开密码", "请去掉密码后另存") from None
        raise _refused(name, "文件不完整或已损坏", "请重新拷贝或请对方重发") from None
    try:
        if len(document) > _MOST_PAGES:
            raise _refused(name, f"PDF 有 {len(document)} 页，超过上限 {_MOST_PAGES} 页", _ADVICE)
        pages = list(_pages(document, name, pdfium))
    except pdfium.PdfiumError:
        raise _refused(name, "PDF 有读不出的页", "请用 PDF 阅读器打开后另存，或请对方重发") from None
    finally:
        document.close()
    held = sum(len(page.signs) for page in pages)
    if held < 20 and any(page.pictures for page in pages):
        raise _refused(name, "这是扫描件，只有图片，没有文字", "请找原来的 Word 或 Excel 文件，或识别成文字后再读")
    if not held:
        raise _refused(name, "PDF 里没有文字", "请找原来的 Word 或 Excel 文件")
    unknown = sum(sign.text == "\ufffd" for page in pages for sign in page.signs)
    if unknown > held // 3:
        raise _refused(name, "PDF 的字体没有对应的文字，读出来是乱码", "请找原来的 Word 或 Excel 文件，或重新导出 PDF")
    return pages


def _refused(name: str | None, what: str, advice: str) -> RefusedFile:
    return RefusedFile(what, Place(file=name), advice)


def _pages(document: Any, name: str | None, pdfium: Any) -> Iterator[Page]:
    deadline = time.monotonic() + _SECONDS
    signs = strokes = 0
    for number in range(len(document)):
        page = document[number]
        try:
            width, height = page.get_size()
            turn = _turned(page.get_rotation(), width, height, page.get_bbox())
            read = Page(number + 1, width, height)
            text = page.get_textpage()
            signs += text.count_chars()
            if signs > _MOST_SIGNS:
                raise _refused(name, f"PDF 的文字超过上限 {_MOST_SIGNS} 个", _ADVICE)
            _signs(text, read, turn, pdfium.raw)
            text.close()
            for stroke in _strokes(page, read, turn, pdfium.raw, 0):
                read.strokes.append(stroke)
                strokes += 1
                if strokes > _MOST_STROKES:
                    raise _refused(name, f"PDF 的线条超过上限 {_MOST_STROKES} 条", _ADVICE)
                if strokes % 1000 == 0 and time.monotonic() > deadline:
                    break
        finally:
            page.close()
        if time.monotonic() > deadline:
            raise _refused(name, f"读 PDF 超过 {_SECONDS} 秒", _ADVICE)
        yield read


def _turned(rotation: int, width: float, height: float, box: tuple[float, float, float, float]) -> Any:
    """Points of the page as it is stored → as it is seen, from the top left corner. width, height: as it is seen."""
    left, bottom, right, top = box
    return {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }[rotation]


def _signs(text: Any, page: Page, turn: Any, raw: Any) -> None:
    """The signs one sees: what is cut off where it is drawn belongs to a cell on another page."""
    box = raw.FS_RECTF()
    windows: dict[int, tuple[float, float, float, float] | None] = {}
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if code <= 32 or code in _BLANK or raw.FPDFText_IsGenerated(text, index):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        thing = raw.FPDFText_GetTextObject(text, index)
        if thing:
            key = ctypes.addressof(thing.contents)
            if key not in windows:
                windows[key] = _window(thing, raw)
            window = windows[key]
            x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            if window and not (window[0] <= x <= window[2] and window[1] <= y <= window[3]):
                continue
        (x0, y0), (x1, y1) = turn(box.left, box.top), turn(box.right, box.bottom)
        sign = "\ufffd" if code >= 0xFFF0 or 0xE000 <= code < 0xF900 else chr(code)
        page.signs.append(Sign(sign, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _window(thing: Any, raw: Any) -> tuple[float, float, float, float] | None:
    """What is seen of a text: left, bottom, right, top; None where nothing cuts it."""
    clip = raw.FPDFPageObj_GetClipPath(thing)
    x, y = ctypes.c_float(), ctypes.c_float()
    seen: tuple[float, float, float, float] | None = None
    for number in range(max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
        xs, ys = [], []
        for index in range(min(raw.FPDFClipPath_CountPathSegments(clip, number), 1000)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, number, index), x, y)
            xs.append(x.value)
            ys.append(y.value)
        if xs:
            one = (min(xs), min(ys), max(xs), max(ys))
            old = seen or one
            seen = (max(old[0], one[0]), max(old[1], one[1]), min(old[2], one[2]), min(old[3], one[3]))
    return seen


def _strokes(holder: Any, page: Page, turn: Any, raw: Any, depth: int) -> Iterator[Stroke]:
    """The lines drawn on a page, and in what is drawn inside it."""
    for thing in holder.get_objects(max_depth=1) if depth == 0 else ():
        yield from _drawn(thing.raw, page, turn, raw, (1, 0, 0, 1, 0, 0), 0)


def _drawn(thing: Any, page: Page, turn: Any, raw: Any, matrix: tuple, depth: int) -> Iterator[Stroke]:
    kind = raw.FPDFPageObj_GetType(thing)
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        page.pictures += 1
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = _times(_matrix(thing, raw), matrix)
        for index in range(raw.FPDFFormObj_CountObjects(thing)):
            yield from _drawn(raw.FPDFFormObj_GetObject(thing, index), page, turn, raw, inner, depth + 1)
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        filled, stroked = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(thing, filled, stroked)
        if filled.value or stroked.value:
            outlines = _outlines(thing, raw, _times(_matrix(thing, raw), matrix))
            shapes = [[turn(*point) for point in points] for points in outlines]
            if len(shapes) == 2 and not stroked.value:
                yield from _frame(*(_extent(points) for points in shapes))
            for points in shapes:
                yield from _lines(points, bool(stroked.value))


def _matrix(thing: Any, raw: Any) -> tuple:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(one: tuple, other: tuple) -> tuple:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _outlines(path: Any, raw: Any, matrix: tuple) -> Iterator[list[tuple[float, float]]]:
    """The outlines a path is made of; curves end one."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_STROKES)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind != raw.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment) and len(points) > 2:
            points.append(points[0])
            yield points
            points = [point]
    if len(points) > 1:
        yield points


def _extent(points: list[tuple[float, float]]) -> Stroke:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _frame(one: Stroke, other: Stroke) -> Iterator[Stroke]:
    """The edges of a box drawn as what is filled between two rectangles: browsers draw the borders of a cell so."""
    if other[2] - other[0] + other[3] - other[1] > one[2] - one[0] + one[3] - one[1]:
        one, other = other, one
    (left, top, right, bottom), (inner_left, inner_top, inner_right, inner_bottom) = one, other
    if not (left <= inner_left <= inner_right <= right and top <= inner_top <= inner_bottom <= bottom):
        return
    for drawn, line in (
        (inner_top - top, (left, (top + inner_top) / 2, right, (top + inner_top) / 2)),
        (bottom - inner_bottom, (left, (bottom + inner_bottom) / 2, right, (bottom + inner_bottom) / 2)),
        (inner_left - left, ((left + inner_left) / 2, top, (left + inner_left) / 2, bottom)),
        (right - inner_right, ((right + inner_right) / 2, top, (right + inner_right) / 2, bottom)),
    ):
        if 0.01 < drawn <= _THIN:
            yield line


def _lines(points: list[tuple[float, float]], stroked: bool) -> Iterator[Stroke]:
    """The level and upright lines of an outline; a thin filled one is a line itself."""
    left, top, right, bottom = _extent(points)
    if min(right - left, bottom - top) <= _THIN:
        if right - left > bottom - top:
            yield left, (top + bottom) / 2, right, (top + bottom) / 2
        else:
            yield (left + right) / 2, top, (left + right) / 2, bottom
    elif stroked:
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
