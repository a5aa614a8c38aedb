"""Formulas into cells of an open sheet that held something else, each cell as it was where that fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlwings as xw

from ..live import value_of, values_in

if TYPE_CHECKING:
    from ...workbook.grid import Grid, Spot

PERCENT, TEXT, GENERAL = "0.00%", "@", "General"
RATE, SCORE, TOTAL = "执行率", "得分", "总分"
Figure = Decimal | str | None  # as the cell shows it: a number, 待核, blank
# of a number format: texts and colours, then what only dates and times have
_NO_CODES = re.compile(r'"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_CODES = re.compile(r"[ymdhs]|aaa|am/pm", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not our formula yet: what it shows, and what it will show."""

    spot: Spot
    column: str
    formula: str
    old: Figure
    new: Figure
    held: str = ""  # the formula there was, without its =; "" for a figure typed in

    @property
    def cell(self) -> str:
        """H20."""
        from ...workbook.grid import address

        return address(*self.spot)

    def __str__(self) -> str:
        return f"{self.cell} {self.column} {shown_as(self.old, self.column)} → {shown_as(self.new, self.column)}"


class Writer:
    """Writes formulas, and can put cells back as they were."""

    def __init__(self, sheet: xw.Sheet, grid: Grid):
        self.sheet, self.grid = sheet, grid
        self.before: dict[Spot, tuple[str, str]] = {}  # what each cell held, its number format

    def write(self, changes: list[Change]) -> dict[Spot, str]:
        """The formulas into their cells; those that were put back because they do not do there, each with why."""
        spots = [change.spot for change in changes]
        held = _block(self.sheet, spots, lambda block: block.formula)
        try:
            for change in changes:
                self._write(change, held[change.spot])
            self.sheet.book.app.calculate()
            now = _block(self.sheet, spots, lambda block: block.formula)
            shown = values_of(self.sheet, spots)
        except Exception:
            self._put_back(self.before)
            raise
        wrong = {}
        for change in changes:
            got = shown[change.spot]
            if not str(now[change.spot]).startswith("=") or now[change.spot] in (held[change.spot], got):
                wrong[change.spot] = "写不进公式，请看工作表是否在筛选"
            elif change.column != TOTAL and differ(got, change.new):
                told = f"的公式算不出 {shown_as(change.new, change.column)}（显示 {shown_as(got, change.column)}）"
                wrong[change.spot] = f"{told}，已还原"
        self._put_back(wrong)
        return wrong

    def _write(self, change: Change, held: str) -> None:
        """Cell by cell: of a block Excel leaves out the rows that a filter hides."""
        cell = self.sheet.range(change.spot)
        current = cell.number_format
        is_text = isinstance(self.grid.cells.get(change.spot), str) and not change.held
        if is_text and current != TEXT and held:
            held = f"'{held}"  # typed again without it, a text such as 007, 1-2 or =10 becomes something else
        self.before[change.spot] = held, current
        _enter(cell, "=" + change.formula, self._format(change, current) or current)

    def _format(self, change: Change, current: str) -> str | None:
        """The number format the cell needs: a rate is a percentage, no figure a date, and a text would stay one."""
        percent = change.spot in self.grid.percents or "%" in current
        if change.column == RATE:
            return None if percent else PERCENT
        return GENERAL if percent or current == TEXT or is_date_format(current) else None

    def _put_back(self, spots: Iterable[Spot]) -> None:
        for spot in spots:
            _enter(self.sheet.range(spot), *self.before[spot])


def _enter(cell: xw.Range, content: str, number_format: str) -> None:
    """Content into a cell of that number format; before, for the format decides what a text is taken for, and after,
    for Excel may take over the format of the cells a formula refers to."""
    if cell.number_format != number_format:
        cell.number_format = number_format
    cell.formula = content
    if cell.number_format != number_format:
        cell.number_format = number_format


def is_date_format(number_format: str) -> bool:
    """Whether a figure would be shown as a date or a time."""
    return bool(_DATE_CODES.search(_NO_CODES.sub("", number_format)))


def differ(one: Figure, other: Figure) -> bool:
    """Whether two cells show different things; 0 is not blank."""
    return (None if one == "" else one) != (None if other == "" else other)


def _block(sheet: xw.Sheet, spots: Iterable[Spot], ask: Callable[[xw.Range], Any]) -> dict[Spot, Any]:
    """What a block around the cells answers, by cell: one call."""
    spots = list(spots)
    top, left = (min(part) for part in zip(*spots, strict=True))
    bottom, right = (max(part) for part in zip(*spots, strict=True))
    found = ask(sheet.range((top, left), (bottom, right)))
    if (top, left) == (bottom, right) and not isinstance(found, (list, tuple)):
        found = [[found]]
    return {(row, column): found[row - top][column - left] for row, column in spots}


def values_of(sheet: xw.Sheet, spots: Iterable[Spot]) -> dict[Spot, Figure]:
    """What cells show now."""
    found = _block(sheet, spots, values_in)
    return {spot: _told_by(value) for spot, value in found.items()}


def _told_by(value: Any) -> Figure:
    value = value_of(value)
    return value if value is None or isinstance(value, Decimal) else str(value) or None


def shown_as(figure: Figure, column: str) -> str:
    """A figure of that column in words."""
    from ...domain.numbers import plain

    if isinstance(figure, Decimal):
        return f"{figure * 100:.2f}%" if column == RATE else plain(figure)
    return figure or "空"
