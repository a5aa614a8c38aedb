"""核对结果 as values: what is written where and how it looks, and what is read back of it. Nothing here asks Excel."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Literal

from ..report.columns import AT_SIDE, FIELDS, LAST_PRINTED, SMALL_ONES, quarters
from ..report.previous import added, rows_before, sums, texts_of
from ..report.rows import GONE, MEANINGS, NEW, NOTHING, SHEET, UNSEEN, Report, Row
from ..rules.finding import LEVELS
from ..sheets import looks
from ..sheets.page import Link, inner
from ..workbook.grid import Grid, Spot, column_letters
from ..workbook.heights import MAX_ROW, Look, height_of, lines_of

HEADER = 5  # row of the headings; the findings follow
TARGETS = ("declared", "evaluated")  # hidden columns behind the key: where each side's first cell is
FIRST_TARGET = len(FIELDS) + 1
MADE = FIRST_TARGET + len(TARGETS)  # hidden: when it was made, in the row of the headings; and sums of what we wrote
AT = {field: column for column, field in enumerate(FIELDS, start=1)}
LAST = AT["basis"]  # the last column a person sees
OURS, THEIRS = (AT["check"], AT["advice"]), (AT["handled"], AT["note"])  # columns we write and the clerk does
MOST_SUMS = 3000  # as many as a cell can hold
HEAD_ROWS = {30: (1,), 21: (2, 3, HEADER), 15: (4,)}  # heights
PRINTED = f"$A:${column_letters(AT[LAST_PRINTED])}"
LONGEST_ADDRESS = 250  # characters of an address of several areas; Excel refuses more than 255
LONGEST_TIP = 200  # Excel refuses more than 255
UNSAVED = "（有未保存的改动）"
_MADE = re.compile(r"\d{4}-\d\d-\d\dT")
_BETWEEN = "*/"  # no name of a workbook or sheet holds either; other programs save no tab
_NO_LINK = "#%"  # Excel takes them in a file's name for something else

Fills = dict[tuple[str, str, str], str]  # what was there before the mark, by workbook, sheet and cell
Rgb = tuple[int, int, int]
Block = Sequence[Sequence[Any]]  # values by row


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of an open workbook, by names; as text in a hidden cell.

    book: "" is the one 核对结果 stands in; fill: what was there before, as long as the cell is marked.
    """

    book: str
    sheet: str
    cell: str
    fill: str = ""

    def __str__(self) -> str:
        parts = (self.sheet, self.book, self.cell, *([self.fill] if self.fill else []))
        return _BETWEEN.join(parts)  # no sheet begins with ', which a cell swallows

    def names(self, home: str) -> tuple[str, str, str]:
        """Workbook, sheet and cell; home: the workbook 核对结果 stands in."""
        return self.book or home, self.sheet, self.cell


def target_of(text: object) -> Target | None:
    """A target read back."""
    parts = (text if isinstance(text, str) else "").split(_BETWEEN)
    return Target(parts[1], parts[0], *parts[2:]) if len(parts) in (3, 4) else None


# ---- what is read back


@dataclass(frozen=True, slots=True)
class Left:
    """核对结果 as the clerk has left it: its rows by key, all of it as text, and whether they have added or changed
    what the rows of the next one have no place for."""

    rows: Mapping[str, Row]
    texts: list[list[str]]
    added: bool


def left_in(grid: Grid) -> Left | None:
    """What stands in the sheet; None where it is none of ours."""
    rows = rows_before([grid])
    if rows is None:
        return None
    texts = texts_of(grid)
    own = (texts[row - 1][column - 1] for row, column in added(grid))
    more = any(text != NOTHING and target_of(text) is None for text in own)
    return Left(rows, texts, more or not sums(grid, MADE) <= _sums_in(grid))


def _sums_in(grid: Grid) -> set[str]:
    """What we wrote, kept beside when it was made; none in a sheet of an earlier version."""
    kept = (str(text) for (_, column), text in grid.cells.items() if column == MADE)
    return set(next((text for text in kept if _MADE.match(text)), "").split()[1:])


def stamp(report: Report, grid: Grid) -> str:
    """When the sheet was made, and sums of what stands in it: what the clerk changes is told by them."""
    return " ".join([report.made.isoformat(), *sorted(sums(grid, MADE))[:MOST_SUMS]])


def made_in(texts: Iterable[object]) -> str:
    """When a button made the sheet, from the cells of its column, to be compared; "" for a sheet no button made."""
    return next((str(text).split()[0] for text in texts if _MADE.match(str(text))), "")


def standing_in(texts: Block) -> list[tuple[int, list[Target]]]:
    """(row, cells) of every finding that names a cell, in order; texts: of the hidden columns, from row 1 on."""
    rows = ((number, [t for text in cells if (t := target_of(text))]) for number, cells in enumerate(texts, start=1))
    return [(number, targets) for number, targets in rows if targets]


def fills_in(texts: Block, home: str) -> Fills:
    """The fills of before of the cells marked."""
    targets = (target for _, targets in standing_in(texts) for target in targets)
    return {target.names(home): target.fill for target in targets if target.fill}


def books_in(texts: Block, home: str) -> set[str]:
    """The names of the workbooks the sheet speaks of."""
    return {home} | {target.book for _, targets in standing_in(texts) for target in targets} - {""}


def remembered(texts: Block, home: str, fills: Fills) -> dict[Spot, str]:
    """The hidden cells that change once these cells, and no others, are marked."""
    changed = {}
    for row, cells in enumerate(texts, start=1):
        for column, text in enumerate(cells, start=FIRST_TARGET):
            if target := target_of(text):
                new = str(replace(target, fill=fills.get(target.names(home), "")))
                if new != text:
                    changed[row, column] = new
    return changed


def aside(taken: Collection[str]) -> str:
    """A name for the sheet as the clerk has left it, none of those taken."""
    return next(name for n in count(1) if (name := f"{SHEET} 旧{n if n > 1 else ''}") not in taken)


def is_coloured(papers: Iterable[tuple[Rgb | None, Rgb | None]]) -> bool:
    """Whether a row has a colour that is none of ours, by the papers of what we wrote and of what the clerk writes."""
    return any(ours is not None or theirs not in (None, rgb(looks.WRITABLE_PAPER)) for ours, theirs in papers)


def rgb(colour: str) -> Rgb:
    """#FADBD8 → (250, 219, 216)."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


# ---- what is written


@dataclass(frozen=True, slots=True)
class Jump:
    """A link on a cell: to a cell of a file, "" for the same workbook."""

    at: str
    file: str
    inside: str
    tip: str


@dataclass(frozen=True, slots=True)
class Paint:
    """How cells are to look; None leaves as it is. address: one Excel takes, perhaps of several areas."""

    address: str
    paper: str | None = None
    ink: str | None = None
    bold: bool | None = None
    size: float | None = None
    align: Literal["center", "right"] | None = None


def table(report: Report) -> list[list[Any]]:
    """The rows under the headings: texts, and numbers to sort by."""
    texts = [row.texts(number) | {"number": number} for number, row in enumerate(report.rows, start=1)]
    return [[row[field] for field in FIELDS] for row in texts]


def head(report: Report, unsaved: Collection[Path]) -> list[list[str | None]]:
    """Title, verdict, how many of each level with what that means, sources; texts run on over the empty cells."""
    counts = report.review.counts
    texts: list[list[str | None]] = [[None] * LAST for _ in range(HEADER - 1)]
    texts[0][0], texts[1][0] = SHEET, report.review.verdict
    files = zip(report.files, report.sources, strict=True)
    texts[3][0] = "　".join([report.stamp, *(f"{told}{UNSAVED if path in unsaved else ''}" for path, told in files)])
    for (level, name), (first, _) in zip(LEVELS.items(), _bands(report), strict=True):
        texts[2][first - 1] = f"{name} {counts[level]} 处 · {MEANINGS[level]}"
    return texts


def _bands(report: Report) -> list[tuple[int, int]]:
    """The columns over which the count of each level stands."""
    shown = widths(report)
    spans = quarters([shown.get(field, 0) for field in FIELDS[: AT[LAST_PRINTED]]])
    return [(first + 1, last + 1) for first, last in spans]


def targets(report: Report, home: str) -> list[list[str]]:
    """The hidden columns, a row for each finding; home: the workbook 核对结果 stands in."""
    return [[str(side or "") for side in sides] for sides in _sides(report, home)]


def jumps(report: Report, home: str, files: Mapping[str, str]) -> Iterator[Jump]:
    """Links from both values of every row, or from a blank one's position; files: the address of each open workbook.
    None to a workbook never saved, nor to an address Excel would take for another."""
    for number, (row, sides) in enumerate(zip(report.rows, _sides(report, home), strict=True), start=HEADER + 1):
        for (value, position), side in zip(AT_SIDE.items(), sides, strict=True):
            if side is None:
                continue
            file = files.get(side.book, "") if side.book else ""
            if side.book and not set(file) & set("/\\") or set(file) & set(_NO_LINK):
                continue
            tip = f"转到{f'“{side.book}”的' if side.book else ''}“{side.sheet}”{side.cell}"
            at = f"{column_letters(AT[value if getattr(row, value) else position])}{number}"
            yield Jump(at, file, inner(side.sheet, side.cell), tip[:LONGEST_TIP])


def _sides(report: Report, home: str) -> list[list[Target | None]]:
    return [[_target(link, home) for link in (row.expected_link, row.actual_link)] for row in report.rows]


def _target(link: Link | None, home: str) -> Target | None:
    if not (link and link.sheet and link.cell):
        return None
    book = link.file.name if link.file else home
    return Target("" if book == home else book, link.sheet, link.cell)


def last_row(report: Report) -> int:
    """Of the table; one row says so where nothing was found."""
    return HEADER + max(len(report.rows), 1)


def paints(report: Report) -> Iterator[Paint]:
    """The looks of the table and the head, over the font all cells share; later ones lie over earlier ones."""
    last = last_row(report)
    yield Paint(columns([1, AT["status"]], HEADER + 1, last), align="center")
    yield Paint(columns([AT["difference"]], HEADER + 1, last), align="right")
    small = (columns([AT[field]], HEADER + 1, last) for field in sorted(SMALL_ONES))
    yield Paint(",".join(small), size=looks.SMALL, ink=looks.GREY)
    yield Paint(columns(THEIRS, HEADER + 1, last), paper=looks.WRITABLE_PAPER)
    by_level: dict[str, list[int]] = {}
    for number, row in enumerate(report.rows, start=HEADER + 1):
        by_level.setdefault("" if row.status in (GONE, UNSEEN) else row.level, []).append(number)
    for level, numbers in by_level.items():
        if level:
            yield from _level(level, _cells(numbers, "level"))
        else:  # what is no longer there steps back
            for block in areas(columns([1, LAST], *run) for run in runs(numbers)):
                yield Paint(block, ink=looks.GONE_INK)
    for block in areas(_cells([n for n, row in enumerate(report.rows, HEADER + 1) if row.status == NEW], "status")):
        yield Paint(block, bold=True)
    yield Paint(columns([1, LAST], HEADER, HEADER), looks.BAND_PAPER, looks.BAND_INK, bold=True, align="center")
    yield Paint("A1", ink=looks.TITLE_INK, bold=True, size=16)
    yield Paint("A2", ink=looks.CLEAN_INK if report.review.clean else looks.INK["error"], bold=True, size=12)
    yield Paint("A4", ink=looks.GREY, size=looks.SMALL)
    for level, band in zip(LEVELS, _bands(report), strict=True):
        yield from _level(level, [columns(band, 3, 3)])


def _level(level: str, addresses: Iterable[str]) -> Iterator[Paint]:
    return (Paint(address, looks.PAPER[level], looks.INK[level], bold=True) for address in areas(addresses))


def widths(report: Report) -> dict[str, float]:
    """The file report's, of the columns that say something here. Two headings would lie behind the arrow of the
    filter."""
    return report.widths | {"number": 7, "handled": 11}


def columns_by_width(report: Report) -> dict[float, list[int]]:
    """Which columns get which width; 0 hides those nobody reads here and those for the program."""
    shown = widths(report)
    by_width: dict[float, list[int]] = {0: list(range(FIRST_TARGET, MADE + 1))}
    for field in reversed(FIELDS):
        by_width.setdefault(shown.get(field, 0), []).insert(0, AT[field])
    return by_width


def rows_by_height(report: Report) -> dict[float, list[int]]:
    """Which rows get which height in points, so that all of their texts is seen."""
    shown = widths(report)
    by_height: dict[float, list[int]] = {height: list(rows) for height, rows in HEAD_ROWS.items()}
    for number, row in enumerate(report.rows, start=HEADER + 1):
        by_height.setdefault(_height(row, shown), []).append(number)
    return by_height


def wrapped(report: Report) -> Iterator[str]:
    """The cells in which texts are broken; a hidden column would make its rows tall."""
    last = last_row(report)
    return areas(columns(run, HEADER, last) for run in runs(AT[field] for field in widths(report)))


def _height(row: Row, shown: dict[str, float]) -> float:
    heights = []
    for field, text in row.texts(1).items():
        if text and field in shown:
            look = Look(looks.SMALL if field in SMALL_ONES else looks.SIZE, True)
            heights.append(height_of(lines_of(text, shown[field], look), look))
    return min(max(heights), MAX_ROW)


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, last] of every unbroken run."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def columns(columns: Sequence[int], first: int, last: int) -> str:
    """The address of whole columns' cells in these rows."""
    return f"{column_letters(columns[0])}{first}:{column_letters(columns[-1])}{last}"


def whole_columns(run: Sequence[int]) -> str:
    """The address of columns from the first to the last of a run."""
    return f"{column_letters(run[0])}:{column_letters(run[-1])}"


def _cells(numbers: Iterable[int], field: str) -> list[str]:
    return [columns([AT[field]], *run) for run in runs(numbers)]


def areas(addresses: Iterable[str]) -> Iterator[str]:
    """The addresses joined into as few as Excel can take."""
    joined = ""
    for address in addresses:
        if len(joined) + len(address) >= LONGEST_ADDRESS:
            yield joined
            joined = ""
        joined += f",{address}" if joined else address
    if joined:
        yield joined
