"""What a mark on a cell says, whose words are whose, and what comes off: texts and colours as values, no Excel.

A mark describes itself: our part stands under what the clerk has written in the cell's note, and its last line says
what fill was there before. Notes move with their cells, whatever becomes of 核对结果 and of the workbook's name. Where
the clerk has deleted that line, or the whole note, 核对结果 knows the fill too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..report.rows import SHEET, Report, Row
from ..rules.finding import INFO
from ..sheets.looks import PAPER
from ..sheets.page import clean
from ..workbook.heights import Look, height_of, lines_of
from .result_values import Fills, Rgb, rgb

NOTED = "【核对】"  # how our part of a note begins
LONGEST = 190  # characters of what it says: a box shows no more, and Excel may cut what is handed over at 255
NO_FILL, AS_IT_IS, UNKNOWN = "无", "未动", "不明"
_HAD_NOTE = "原有批注，"
_FOOT = re.compile(rf"〔((?:{_HAD_NOTE})?)原底色 ([^·〕]+)·([0-9a-f]{{6}})〕")  # how it ends: whether there was a note,
# the fill before, and a sum of what it says
_THEME = re.compile(r"主题(\d+) (\S+) (#[0-9a-f]{6})")
_FILL = re.compile(rf"{NO_FILL}|{AS_IT_IS}|#[0-9a-f]{{6}}|{_THEME.pattern}")
_PLAIN = (-4142, 1)  # xlPatternNone, xlPatternSolid: every other fill is more than a colour
_NOTE_FONT = Look(9, True)
_BOX, _BOX_COLUMNS, _MARGIN = 220, 37, 8  # points wide, its text as a column of 37 is

Names = tuple[str, str, str]  # workbook, sheet, cell
_OURS = {rgb(paper) for paper in PAPER.values()}


class Ours(NamedTuple):
    """Our part of a note: which characters, the fill before, whether the clerk has written into it, and whether the
    note was there before."""

    cuts: tuple[tuple[int, int], ...]
    fill: str
    edited: bool
    had_note: bool = False

    def rest(self, text: str) -> str:
        """What the clerk has written."""
        ends = (0, *(last for _, last in self.cuts))
        starts = (*(first for first, _ in self.cuts), len(text))
        return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


@dataclass
class Cleared:
    """done: cells put back; edited, recoloured: those of them in which the clerk's own words or colour were left;
    locked: how many marks stay on protected sheets; left: what is known of the fills of these and of cells that could
    not be put back, which are lost."""

    done: int = 0
    edited: int = 0
    recoloured: int = 0
    locked: dict[str, int] = field(default_factory=dict)
    left: Fills = field(default_factory=dict)

    @property
    def lost(self) -> list[str]:
        return [f"{book} {sheet}!{cell}" for (book, sheet, cell), fill in self.left.items() if fill == UNKNOWN]


# ---- words


def wanted(
    report: Report, there: Collection[tuple[str, str]], first: Callable[[Names], str]
) -> dict[Names, tuple[list[str], list[Row]]]:
    """What is said of each cell, and the cells meant: the first ones of every finding but notes (提示).

    there: workbooks and sheets that are open; first: the first cell of those merged with one.
    """
    said: dict[Names, list[Row]] = {}
    for row in report.rows:
        for link in (row.expected_link, row.actual_link):
            if not (link and link.file and link.sheet and link.cell) or row.level == INFO:
                continue
            if (link.file.name, link.sheet) in there:
                said.setdefault((link.file.name, link.sheet, link.cell), []).append(row)
    merged: dict[Names, tuple[list[str], list[Row]]] = {}
    for names, rows in said.items():
        meant, all_rows = merged.setdefault((*names[:2], first(names)), ([], []))
        meant.append(names[2])
        all_rows += rows
    return merged


def part(rows: Sequence[Row], fill: str, had_note: bool = False) -> str:
    """Our part of the note of a cell of which these findings speak."""
    said = clean("\n".join(dict.fromkeys(f"{row.code} {row.message}" for row in rows)))
    if len(said) > LONGEST:
        said = said[: LONGEST - 1] + "…"
    return f"{NOTED}{said}\n〔{_HAD_NOTE if had_note else ''}原底色 {fill}·{_sum(said)}〕"


def paper(rows: Sequence[Row]) -> str:
    """The colour of a cell of which these findings speak, the worst first."""
    return PAPER[rows[0].level]


def ours_in(text: str) -> Ours | None:
    """Our part of a note. Where the clerk has written into it only its frame is ours: their words stay."""
    cuts, fill, edited, had_note, start = [], None, False, False, 0
    for foot in _FOOT.finditer(text):
        head = text.rfind(NOTED, start, foot.start())
        said = text[head + len(NOTED) : foot.start()] if head >= 0 else ""
        if head >= 0 and _sum(said) == foot[3]:
            cuts.append((_line_end(text, head), foot.end()))
        else:
            edited = True
            cuts += [(head, head + len(NOTED))] if head >= 0 else []
            cuts.append((_line_end(text, foot.start()), foot.end()))
        fill, had_note, start = fill or foot[2], had_note or bool(foot[1]), foot.end()
    if fill is None:
        return None
    if cuts[0][0] == 0:  # what follows was begun on a line of its own
        rest = text[cuts[0][1] :]
        cuts[0] = 0, cuts[0][1] + len(rest) - len(rest.removeprefix("\r").removeprefix("\n"))
    return Ours(tuple(cuts), fill, edited, had_note)


def mark_in(text: str, sheet: str, colour: Callable[[], Rgb | None], known: str = UNKNOWN) -> Ours | None:
    """The mark a note is, or what the clerk has left of one: our words without their last line.

    sheet: the name of the one it is on; colour: of its cell, asked for where it matters; known: the fill of before as
    核对结果 has it.
    """
    ours = ours_in(text)
    if ours:
        return ours if _FILL.fullmatch(ours.fill) else ours._replace(fill=known)
    if NOTED in text and not sheet.startswith(SHEET) and is_ours(colour()):
        at = text.rfind(NOTED)
        return Ours(((at, at + len(NOTED)),), known, True)
    return None


def _sum(said: str) -> str:
    return hashlib.blake2b("".join(said.split()).encode("utf-8", "replace"), digest_size=3).hexdigest()


def _line_end(text: str, at: int) -> int:
    """Where the line before begins to end: its break goes too."""
    return len(text[:at].removesuffix("\n").removesuffix("\r"))


def units(text: str) -> int:
    """How Excel counts characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def box(text: str) -> tuple[float, float]:
    """Width and height in points of a box that shows all of a note: Excel's own is small, whatever the note says."""
    return _BOX, height_of(lines_of(text, _BOX_COLUMNS, _NOTE_FONT), _NOTE_FONT) + _MARGIN


# ---- colours


class Fill(NamedTuple):
    """A fill to be put back; colour: None for none; theme: 1 to 12 where it is a colour of the theme's."""

    colour: str | None
    theme: int = 0
    shade: float = 0.0


def fill_told(colour: Rgb | None, pattern: int = 1, theme: tuple[int, float] | None = None) -> str:
    """A fill in words: none, a colour, or a colour of the theme; 未动 for patterns and gradients.

    pattern: Excel's number; theme: which of its colours, and how much it is tinted.
    """
    if pattern not in _PLAIN:
        return AS_IT_IS
    told = NO_FILL if colour is None else "#{:02x}{:02x}{:02x}".format(*colour)
    if colour is not None and theme and 1 <= theme[0] <= 12:
        return f"主题{theme[0]} {theme[1]:.15g} {told}"
    return told


def fill_of(told: str) -> Fill | None:
    """The fill to be put back; None where it was left as it was, or the clerk has written there."""
    if not _FILL.fullmatch(told) or told == AS_IT_IS:
        return None
    if theme := _THEME.fullmatch(told):
        return Fill(theme[3], int(theme[1]), float(theme[2]))
    return Fill(None if told == NO_FILL else told)


def is_ours(colour: Rgb | None) -> bool:
    """Whether a cell has a colour of ours; another one is the clerk's, and stays."""
    return colour in _OURS


def is_recoloured(told: str, colour: Rgb | None) -> bool:
    """Whether the colour of a mark is not to be taken off: the clerk has given the cell another one since."""
    return told != AS_IT_IS and (fill_of(told) is None or not is_ours(colour))
