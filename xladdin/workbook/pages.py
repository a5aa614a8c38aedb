"""Where the printed pages of a filled sheet begin: rows that belong together stay together, as far as a page allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from .grid import spot_of
from .heights import DEFAULT_WIDTH, column_widths

_INCH = 72.0
_PAPER = {  # points, upright, by the number Excel gives a paper
    "1": (612.0, 792.0), "5": (612.0, 1008.0), "8": (841.9, 1190.6), "9": (595.3, 841.9), "11": (419.5, 595.3),
    "12": (728.5, 1031.8), "13": (515.9, 728.5),
}  # fmt: skip
_USED = 0.98  # of a page: printers make rows a little taller than the file says
_FULL = 0.3  # of a page: a last page with less on it is done without, where print a little smaller does it
_SMALLER = (0.98, 0.96, 0.94, 0.92)
_DIGIT, _EDGE = 7, 5  # pixels of a column's width unit, and of its edges, with the narrower of the usual fonts
_TITLES = re.compile(r"\$([1-9][0-9]*):\$([1-9][0-9]*)$")


@dataclass(frozen=True, slots=True)
class Paper:
    """A page of a sheet: how many points of rows it takes, and which template rows are printed again on each.

    fitted: it is made as small as its width asks for, whatever scale it says.
    """

    room: float
    titles: tuple[int, int] | None = None
    fitted: bool = False


def paper_of(sheet: etree._Element, names: Iterable[tuple[str, str]]) -> Paper | None:
    """The page of a sheet; names: the defined names that belong to it, with their formulas.

    None where a sheet leaves it to the printer (no paper named), breaks by itself or is fitted to a number of pages in
    height: programs that do that pay no heed to breaks.
    """
    setup, margins = sheet.find("{*}pageSetup"), sheet.find("{*}pageMargins")
    if setup is None or margins is None or sheet.find("{*}rowBreaks") is not None:
        return None
    fit = sheet.find("{*}sheetPr/{*}pageSetUpPr")
    fitted = fit is not None and fit.get("fitToPage") in ("1", "true")
    if fitted and (setup.get("fitToHeight"), setup.get("fitToWidth", "1")) != ("0", "1"):
        return None
    try:
        size = _PAPER[setup.get("paperSize", "")]
        width, height = size[::-1] if setup.get("orientation") == "landscape" else size
        left, right, top, bottom = (float(margins.get(side, 0)) * _INCH for side in ("left", "right", "top", "bottom"))
        scale = min((width - left - right) / _width(sheet), 1.0) if fitted else int(setup.get("scale", 100)) / 100
        room = (height - top - bottom) / scale * _USED
    except (KeyError, ValueError, ZeroDivisionError):
        return None
    again = (_TITLES.search(text) for name, text in names if name == "_xlnm.Print_Titles")
    titles = next(filter(None, again), None)
    return Paper(room, (int(titles[1]), int(titles[2])) if titles else None, fitted) if room > 0 else None


def _width(sheet: etree._Element) -> float:
    """Points all columns take, at the least: of a page that is fitted to them, fewer rows go on it than may."""
    widths = column_widths(sheet)
    cells = (cell.get("r", "A1") for cell in sheet.iterfind("{*}sheetData/{*}row/{*}c"))
    last = max((spot_of(ref)[1] for ref in cells), default=1)
    return sum(widths.get(column, DEFAULT_WIDTH) * _DIGIT + _EDGE for column in range(1, last + 1)) * 0.75


def paged(
    heights: Sequence[float], glued: Sequence[bool], room: float, titles: range = range(0)
) -> tuple[list[int], float]:
    """Which rows begin a page, but the first, as page_starts says; and how much smaller the print is made for it, 1
    where it is not: a last page with a few rows only goes where it can."""
    starts = page_starts(heights, glued, room, titles)
    if starts and sum(heights[starts[-1] :]) < _FULL * room:
        for factor in _SMALLER:
            fewer = page_starts(heights, glued, room / factor, titles)
            if len(fewer) < len(starts):
                return fewer, factor
    return starts, 1.0


def page_starts(heights: Sequence[float], glued: Sequence[bool], room: float, titles: range = range(0)) -> list[int]:
    """Which rows begin a page, but the first.

    heights: of each row, in points; glued: whether it stays on the page of the row below it; room: points a page
    takes; titles: the rows printed once more at the head of each page that begins below them. Rows that stay together
    and are higher than a page are parted wherever it is full.
    """
    if sum(heights) <= room:
        return []
    again = sum(heights[at] for at in titles)
    starts, used, left, at = [], 0.0, room, 0

    def begin(row: int) -> None:
        nonlocal used, left
        starts.append(row)
        used, left = 0.0, room - (again if titles and row > titles[-1] and 2 * again < room else 0.0)

    while at < len(heights):
        end = at
        while end < len(heights) - 1 and glued[end]:
            end += 1
        block = sum(heights[at : end + 1])
        if used and used + block > left:
            begin(at)
        for row in range(at, end + 1):
            if used and used + heights[row] > left:
                begin(row)
            used += heights[row]
        at = end + 1
    return starts
