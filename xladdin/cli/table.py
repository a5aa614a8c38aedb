"""Tables for the terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

GAP = "  "


def width(text: str) -> int:
    """Columns a text takes on a terminal."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, limit: int) -> str:
    """The text on one line, cut with … where it is wider than `limit`."""
    text = " ".join(text.split())
    if width(text) <= limit:
        return text
    kept, used = [], 0
    for char in text:
        used += _width(char)
        if used > limit - 2:
            break
        kept.append(char)
    return "".join(kept) + "…"


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[str] = (), limit: int = 44) -> str:
    """Headers and rows as aligned lines; the columns named in `right` stand to the right."""
    cells = [[fit("" if value is None else str(value), limit) for value in row] for row in [headers, *rows]]
    widths = [max(width(row[index]) for row in cells) for index in range(len(headers))]
    lines = [_line(row, widths, [name in right for name in headers]) for row in cells]
    return "\n".join([lines[0], _line(["-" * size for size in widths], widths, [False] * len(widths)), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, size, to_right in zip(cells, widths, right, strict=True):
        blank = " " * (size - width(text))
        padded.append(blank + text if to_right else text + blank)
    return GAP.join(padded).rstrip()
