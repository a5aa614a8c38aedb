"""How tall a row must be for its text to print in full: Excel does not auto-fit merged cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lxml import etree

MAX_ROW = 400.0  # points; Excel allows 409.5
DEFAULT_ROW = 15.0
DEFAULT_WIDTH = 8.43
_PIXELS_PER_WIDTH, _PADDING = 7.6, 8.0  # of a column's width unit; lost at the cell's edges
_POINT = 96 / 72
_LATIN = 0.58  # width of a latin character in ems, on the wide side
_WIDEST = 1.25  # ems lines_of takes a character for, at the most
_INDENT = 0.8  # ems one step of indent takes, on the wide side
_NARROW = 15.0  # ems up to which a line holds whole Chinese characters and hardly ever a word of latin ones
_AIR = 5  # points above and below the lines of a cell
_LEADING = 1.45  # line height in ems: the tallest of the usual Chinese fonts


@dataclass(frozen=True, slots=True)
class Look:
    """What of a cell's style decides the room its text takes: font size in points, wrapping, indent."""

    size: float = 11.0
    wrap: bool = False
    indent: int = 0


def looks(styles: etree._Element) -> list[Look]:
    """The Look of every cell style."""
    sizes = [float(node.get("val")) for font in styles.iterfind("{*}fonts/{*}font") for node in font.iterfind("{*}sz")]
    found = []
    for xf in styles.iterfind("{*}cellXfs/{*}xf"):
        font = int(xf.get("fontId", 0))
        alignment = xf.find("{*}alignment")
        wrap = alignment is not None and alignment.get("wrapText") in ("1", "true")
        indent = int(alignment.get("indent", 0)) if alignment is not None else 0
        found.append(Look(sizes[font] if font < len(sizes) else 11.0, wrap, indent))
    return found


def column_widths(sheet: etree._Element) -> dict[int, float]:
    """Width of every column that states one; hidden columns are 0."""
    widths: dict[int, float] = {}
    for node in sheet.iterfind("{*}cols/{*}col"):
        width = 0.0 if node.get("hidden") in ("1", "true") else float(node.get("width", DEFAULT_WIDTH))
        for column in range(max(int(node.get("min")), 1), min(int(node.get("max")), 1024) + 1):
            widths[column] = width
    return widths


def lines_of(text: str, width: float, look: Look) -> int:
    """How many lines `text` takes in a cell `width` column units wide. On the generous side."""
    room = _room(width, look)
    held = _held(room)
    lines = 0
    for paragraph in text.split("\n"):
        wide = (len(paragraph.encode("utf-8", "surrogatepass")) - len(paragraph)) / 2
        ems = wide + (len(paragraph) - wide) * _LATIN
        lines += 1 if ems <= room else math.ceil(ems / held)
    return lines


def surely_held(height: float, width: float, look: Look) -> float:
    """How many characters, whichever they are, stand in a row of that height without a break; -1: not even one line."""
    lines = int((height - _AIR) // line_height(look)) if height <= MAX_ROW else 1
    if lines < 1 or height_of(lines, look) > height:
        return -1.0
    room = _room(width, look)
    return max(room, lines * _held(room) - _WIDEST) / _WIDEST


def _room(width: float, look: Look) -> float:
    """How many ems stand on a line."""
    return max((width * _PIXELS_PER_WIDTH - _PADDING) / _POINT / look.size - look.indent * _INDENT, 1.0)


def _held(room: float) -> float:
    """How many of them on a line that goes on in the next one."""
    return math.floor(room) if room < _NARROW else room - 0.9


def line_height(look: Look) -> float:
    """Points one line of text takes."""
    return look.size * _LEADING


def height_of(lines: int, look: Look) -> float:
    """Points `lines` of text take, with a little air above and below."""
    return lines * line_height(look) + _AIR


def rows_needed(text: str, width: float, look: Look) -> tuple[int, float]:
    """How many sheet rows a text needs below Excel's limit, and the height of each in points."""
    lines = lines_of(text, width, look)
    if height_of(lines, look) <= MAX_ROW:
        return 1, height_of(lines, look)
    most = int((MAX_ROW - _AIR) // line_height(look))
    count = math.ceil(lines / most)
    return count, height_of(math.ceil(lines / count), look)
