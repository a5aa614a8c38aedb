"""Pages without ruled tables: what stands below each other into columns, wrapped lines put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.labels import canonical, money_unit
from .lattice import Sign, lines_of, text_of
from .levels_told import is_level
from .told import Words

_NEAR = 4.0  # points by which beginnings of one column may differ
_WIDE = 1.1  # heights of a sign: a gap that parts two cells
_PADDING = 16.0  # points that may be left free between two cells
_CLOSE = 1.7  # heights of a sign from line to line within a cell
_STACK = 6  # lines a label may be printed over


@dataclass(slots=True)
class Piece:
    """What stands together in a line."""

    text: str
    left: float
    right: float
    top: float
    height: float


def words_of(signs: Sequence[Sign], page: int) -> list[Words]:
    """The lines of a page as rows of cells."""
    lines = [_pieces(line) for line in lines_of(signs)]
    columns = _columns(lines)
    rows: list[dict[int, Piece]] = []
    for line in lines:
        row: dict[int, Piece] = {}
        for piece in line:
            column = min(range(len(columns)), key=lambda at: abs(columns[at] - piece.left))
            if column in row:
                row[column] = _one(row[column], piece, " ")
            else:
                row[column] = piece
        rows.append(row)
    _stack(rows)
    words: list[Words] = []
    last: dict[int, Piece] = {}
    edge = max((piece.right for row in rows for piece in row.values()), default=0.0)
    rights = dict(enumerate([*columns[1:], edge + _PADDING]))
    for number, row in enumerate(rows, start=1):
        if not row:
            continue
        if words and _goes_on(last, row, rights):
            for column, piece in row.items():
                last[column] = _one(last[column], piece)
            words[-1].cells = _cells(last, len(columns))
            continue
        last = dict(row)
        words.append(Words(_cells(row, len(columns)), number, page=page))
    return words


def _pieces(line: Sequence[Sign]) -> list[Piece]:
    parts: list[list[Sign]] = []
    for sign in line:
        if parts and sign.left - parts[-1][-1].right <= _WIDE * sign.height:
            parts[-1].append(sign)
        else:
            parts.append([sign])
    return [Piece(text_of(part, "", 1.0), part[0].left, part[-1].right, part[0].top, part[0].height) for part in parts]


def _columns(lines: list[list[Piece]]) -> list[float]:
    """Where columns begin: the places where pieces of lines of several pieces begin."""
    lefts = sorted(piece.left for line in lines for piece in line)
    columns: list[float] = []
    for left in lefts:
        if not columns or left - columns[-1] > _NEAR:
            columns.append(left)
    held = Counter(min(range(len(columns)), key=lambda at: abs(columns[at] - left)) for left in lefts)
    often = [column for at, column in enumerate(columns) if held[at] > 1]
    return often or columns or [0.0]


def _one(above: Piece, below: Piece, gap: str = "") -> Piece:
    return Piece(above.text + gap + below.text, above.left, below.right, below.top, above.height)


def _stack(rows: list[dict[int, Piece]]) -> None:
    """Put labels that are printed over several lines into the first of these."""
    for at, row in enumerate(rows):
        for column in list(row):
            text = row[column].text
            if canonical(text) and not money_unit(rows[at + 1][column].text if _below(rows, at, column) else ""):
                continue
            end = at
            while end + 1 < min(at + _STACK, len(rows)) and column in rows[end + 1]:
                end += 1
                text += rows[end][column].text
                whole = canonical(text) or is_level(text)
                if whole and (not is_level(rows[end][column].text) or not is_level(row[column].text)):
                    row[column] = Piece(text, row[column].left, row[column].right, row[column].top, row[column].height)
                    for between in range(at + 1, end + 1):
                        del rows[between][column]
                    break


def _below(rows: list[dict[int, Piece]], at: int, column: int) -> bool:
    return at + 1 < len(rows) and column in rows[at + 1]


def _goes_on(last: dict[int, Piece], row: dict[int, Piece], rights: dict[int, float]) -> bool:
    """Whether a line only goes on with what stands above it: each of its pieces close below one that filled its column.

    rights: where the next column begins; no sign more would have fitted before that.
    """
    if any(column not in last or canonical(piece.text) for column, piece in row.items()):
        return False
    if any(piece.top - last[column].top > _CLOSE * piece.height for column, piece in row.items()):
        return False
    return all(rights[column] - last[column].right < piece.height + _PADDING for column, piece in row.items())


def _cells(row: dict[int, Piece], many: int) -> list[str]:
    return [row[column].text if column in row else "" for column in range(many)]
