"""What is asked of a record: every doubt that arithmetic does not settle, with what may be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ..domain.kinds import wording
from ..domain.numbers import plain
from ..domain.records import Doubt, Record
from ..errors import Place
from ..ledger.asked import EMPTY
from ..ledger.columns import EXECUTION, INDICATORS, ITEM, MONEY_UNIT, PROJECTS, YEAR
from ..ledger.days import year_of
from .rows import Rows, Slot, is_amount, is_figure, rows_of, slots_of
from .trust import proven

MOST_OFFERED = 5
LOOKED_OVER = "已核对"  # the answer where there is no cell of its own to be decided
_UNREAD = "看不懂"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Question:
    """One row of 待核. slots: the cells of the record's rows it is about; none where there is none to be decided.

    called: the field in the clerk's words. offered: what may be answered, the likeliest first.
    """

    slots: tuple[Slot, ...]
    path: Path
    place: Place
    project: str
    called: str
    read: str
    offered: tuple[str, ...]
    why: str


def questions_of(record: Record, path: Path, named_year: bool = False) -> tuple[Question, ...]:
    """All that is to be asked of a record read from that file. named_year: its year is that in the file's name."""
    settled = proven(record)
    doubts = [doubt for doubt in (record.source.doubts if record.source else ()) if doubt.field not in settled]
    rows = rows_of(record)
    asked = [_question(record, rows, doubt, slots, path) for doubt in doubts for slots in _apart(record, doubt.field)]
    return (*asked, *_missing(record, rows, path, doubts, named_year))


def _apart(record: Record, field: str) -> list[tuple[Slot, ...]]:
    """The cells a doubt is about, those that hold one value together: of a whole row each by itself."""
    slots = slots_of(record, field)
    if len({slot[2] for slot in slots}) > 1:
        return [(slot,) for slot in slots]
    return [tuple(slots)]


def _question(record: Record, rows: Rows, doubt: Doubt, slots: tuple[Slot, ...], path: Path) -> Question:
    called = called_of(rows, slots) if slots else wording(doubt.field)
    why = doubt.note or _UNREAD
    offered = tuple(_offered(rows, doubt, slots)) if slots else (LOOKED_OVER,)
    return Question(slots, path, doubt.where, record.project, called, doubt.text, offered, why)


def called_of(rows: Rows, slots: tuple[Slot, ...]) -> str:
    """A field in the clerk's words: 第 3 个指标“培训场次”的指标值."""
    sheet, at, column = slots[0]
    if sheet == PROJECTS or len({slot[:2] for slot in slots}) > 1:
        return column
    row = rows[sheet][at]
    if sheet == EXECUTION:
        return f"{row.get(ITEM, '')}的{column}"
    name = row.get("三级指标", "")
    named = f"“{name}”" if name else ""
    return f"第 {at + 1} 个指标{named}的{column}"


def _offered(rows: Rows, doubt: Doubt, slots: tuple[Slot, ...]) -> Iterator[str]:
    """What was read, what else it may be, and that nothing is to stand there."""
    sheet, at, column = slots[0]
    found = [shown(rows[sheet][at].get(column))]
    if not found[0]:
        figure = _FIGURE.fullmatch("".join(doubt.text.split()))
        if is_figure(sheet, column):
            found = [figure[0]] if figure else _FIGURE.findall(doubt.text)
        else:
            found = [doubt.text.strip()]
    if column in ("一级指标", "二级指标"):
        found += _levels(rows, at, column)
    yield from dict.fromkeys([text for text in found if text][: MOST_OFFERED - 1])
    yield EMPTY


def _levels(rows: Rows, at: int, column: str) -> list[str]:
    """The levels of the other rows, those nearest first."""
    lines = rows[INDICATORS]
    order = sorted(range(len(lines)), key=lambda other: abs(other - at))
    return [level for other in order if (level := lines[other].get(column))]


def shown(value: object) -> str:
    """A value as a text."""
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def _missing(record: Record, rows: Rows, path: Path, doubts: list[Doubt], named_year: bool) -> Iterator[Question]:
    """A year that nothing says, and amounts in nobody knows which unit: a ledger cannot do without."""
    asked = {doubt.field for doubt in doubts}
    place = _first_place(record, path)
    possible = record.year is None or year_of(str(record.year)) is not None
    if (record.year is None or named_year or not possible) and "year" not in asked:
        years = tuple(dict.fromkeys(_YEAR.findall(f"{record.project} {path.stem}")))[: MOST_OFFERED - 1]
        why = "表里没有写年度，文件名里有" if years else "表里没有写年度"
        read = "" if possible else str(record.year)
        why = why if possible else "年度不在 1900 到 2099 年之间"
        yield Question(tuple(slots_of(record, "year")), path, place, record.project, YEAR, read, years, why)
    amounts = any(is_amount(sheet, column) for sheet, lines in rows.items() for row in lines for column in row)
    if record.money_unit is None and amounts and "money_unit" not in asked:
        slots = tuple(slots_of(record, "money_unit"))
        why = "表里没有写金额单位"
        yield Question(slots, path, place, record.project, MONEY_UNIT, "", ("元", "万元"), why)


def _first_place(record: Record, path: Path) -> Place:
    cells = record.source.cells if record.source else {}
    return cells.get("project") or Place(file=path.name)
