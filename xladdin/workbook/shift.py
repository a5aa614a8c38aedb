"""Where rows go when a template row is repeated, and references that go with them, as in Excel."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache

from .grid import address, column_letters, column_number, range_of

_REFERENCE = re.compile(
    r"""(?P<skip>"(?:[^"]|"")*"|\[\d+\][\w.]+!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?|\[[^\]]*\])
    |(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?
     (?:(?<![\w.$])(?P<c1>\$?[A-Z]{1,3})(?P<r1>\$?[1-9]\d{0,6})(?::(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?[1-9]\d{0,6}))?(?![\w.(!])
       |(?<![\w.$:])(?P<w1>\$?[1-9]\d{0,6}):(?P<w2>\$?[1-9]\d{0,6})(?![\w.]))""",
    re.VERBOSE,
)


class RowMap:
    """New row numbers once some rows have become several.

    spans: template row → how many rows each of its copies takes, in order; a row that is not
    named stays one row.
    """

    def __init__(self, spans: Mapping[int, list[int]]):
        self.spans = {row: counts for row, counts in sorted(spans.items()) if counts != [1]}
        self._rows, self._grown = [*self.spans], [0]  # the rows that grew; by how much all before each, and all, did
        for counts in self.spans.values():
            self._grown.append(self._grown[-1] + sum(counts) - 1)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def first(self, row: int) -> int:
        """The new number of a row, or of its first copy."""
        return row + self._grown[bisect_left(self._rows, row)]

    def last(self, row: int) -> int:
        """The new number of the last row that came out of a row."""
        return row + self._grown[bisect_right(self._rows, row)]

    def copies(self, row: int) -> list[tuple[int, int]]:
        """First and last new row of each copy of a row."""
        at, found = self.first(row), []
        for count in self.spans.get(row, [1]):
            found.append((at, at + count - 1))
            at += count
        return found


@lru_cache(maxsize=1024)
def row_map(spans: tuple[tuple[int, tuple[int, ...]], ...]) -> RowMap:
    """The RowMap of (row, spans of its copies): one for all forms that grew alike, which share what follows from it."""
    return RowMap({row: list(counts) for row, counts in spans})


def shift_range(text: str, rows: RowMap) -> str:
    """A1:C3 with its rows moved and grown; a text that is no range stays as it is."""
    try:
        r1, c1, r2, c2 = range_of(text)
    except ValueError:
        return text
    first, last = address(rows.first(r1), c1), address(rows.last(r2), c2)
    return first if first == last else f"{first}:{last}"


def shift_cell(text: str, rows: RowMap) -> str:
    """One cell that stays one, the first of its copies: where frozen panes begin, what is selected."""
    return shift_range(text, rows).partition(":")[0]


def shift_ranges(text: str, rows: RowMap) -> str:
    """A sqref: ranges parted by blanks."""
    return " ".join(shift_range(part, rows) for part in text.split())


def shift_formula(text: str, maps: Mapping[str, RowMap], home: str, copy: tuple[int, int] | None = None) -> str:
    """A formula with every reference moved as Excel would move it.

    maps: sheet name → its RowMap; home: the sheet of unqualified references; copy: for a formula
    in a repeating row, (template row, new row): relative references to that row follow the copy.
    """

    def replace(match: re.Match) -> str:
        if match["skip"]:
            return match[0]
        sheet = match["sheet"] or ""
        rows = maps.get(sheet[:-1].strip("'").replace("''", "'") if sheet else home)
        if rows is None:
            return match[0]
        if match["w1"]:
            return f"{sheet}{_row(match['w1'], rows.first)}:{_row(match['w2'], rows.last)}"
        own = None if sheet and rows is not maps.get(home) else copy
        if not match["c2"]:
            return f"{sheet}{match['c1']}{_row(match['r1'], rows.first, own)}"
        return (
            f"{sheet}{match['c1']}{_row(match['r1'], rows.first, own)}:{match['c2']}{_row(match['r2'], rows.last, own)}"
        )

    return _REFERENCE.sub(replace, text)


def copied_formula(text: str, down: int, right: int) -> str:
    """A formula as Excel copies it so many rows down and columns to the right: what is not fixed by $ moves along."""

    def row(text: str) -> str:
        return text if text[0] == "$" else str(int(text) + down)

    def column(text: str) -> str:
        return text if text[0] == "$" else column_letters(column_number(text) + right)

    def replace(match: re.Match) -> str:
        if match["skip"]:
            return match[0]
        sheet = match["sheet"] or ""
        if match["w1"]:
            return f"{sheet}{row(match['w1'])}:{row(match['w2'])}"
        first = sheet + column(match["c1"]) + row(match["r1"])
        return f"{first}:{column(match['c2'])}{row(match['r2'])}" if match["c2"] else first

    return _REFERENCE.sub(replace, text)


def _row(text: str, move, copy: tuple[int, int] | None = None) -> str:
    dollar, number = ("$", int(text[1:])) if text[0] == "$" else ("", int(text))
    if copy and not dollar and number == copy[0]:
        return str(copy[1])
    return f"{dollar}{move(number)}"
