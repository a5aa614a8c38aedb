"""Sums, ratios and averages over a table, as a formula and its value: both from the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..domain.judging import EXACT
from ..domain.numbers import round_half_up
from ..domain.scoring import RATE_PLACES, SCORE_PLACES
from ..sheets.page import Formula
from ..sheets.table import Table


@dataclass(frozen=True, slots=True)
class Share:
    """Those rows of a table in which each column named holds what stands in a cell of the formula's sheet.

    cells: (column, address) pairs; where: the same, asked of a row.
    """

    table: Table
    cells: tuple[tuple[str, str], ...]
    where: Callable[[Any], bool]

    def count(self) -> Formula:
        """How many rows."""
        return Formula(f"SUMPRODUCT({self._rows()})", sum(map(self.where, self.table.rows)))

    def matching(self, name: str, address: str, is_it: Callable[[Any], bool]) -> Formula:
        """How many rows in which a further column holds what stands in `address`."""
        rows = f"{self._rows()}*({self.table.range(name)}={address})"
        return Formula(f"SUMPRODUCT({rows})", sum(self.where(row) and is_it(row) for row in self.table.rows))

    def positive(self, name: str) -> Formula:
        """How many rows with a figure above 0; nothing where none has a figure."""
        known = [value for value in self._known(name) if value > 0]
        figures = self.table.range(name)
        text = f'IF({self._numbers(name)}=0,"",SUMPRODUCT({self._rows()}*ISNUMBER({figures})*({figures}>0)))'
        return Formula(text, len(known) if self._known(name) else "")

    def lacking(self, name: str, told: str) -> Formula:
        """How many rows without a figure, but for those that say `told` in its place."""
        figures = self.table.range(name)
        rows = [row for row in self.table.rows if self.where(row)]
        empty = self.table.values(name, self.where).count(None) - sum(row.pending == told for row in rows)
        return Formula(f'SUMPRODUCT({self._rows()}*(1-ISNUMBER({figures}))*({figures}<>"{told}"))', empty)

    def total(self, name: str) -> Formula:
        """The sum; nothing where no row has a figure."""
        known = self._known(name)
        figures = self.table.range(name)
        text = f'IF({self._numbers(name)}=0,"",SUMIFS({figures},{self._criteria()}))'
        return Formula(text, sum(known, Decimal(0)) if known else "")

    def average(self, name: str) -> Formula:
        """The mean of the figures there are, to two places."""
        known, counted = self._known(name), self._numbers(name)
        total = f"SUMIFS({self.table.range(name)},{self._criteria()})"
        text = f'IF({counted}=0,"",ROUND({total}/{counted},{SCORE_PLACES}))'
        mean = round_half_up(EXACT.divide(sum(known), Decimal(len(known))), SCORE_PLACES) if known else ""
        return Formula(text, mean)

    def ratio(self, part: str, whole: str) -> Formula:
        """Σ part ÷ Σ whole as a fraction, over the rows that have both; nothing where that cannot be said."""
        parts, wholes = self.table.values(part, self.where), self.table.values(whole, self.where)
        both = [(a, b) for a, b in zip(parts, wholes, strict=True) if a is not None and b is not None]
        above, below = (sum(figures, Decimal(0)) for figures in zip(*both, strict=True)) if both else (0, 0)
        upper, lower = self.table.range(part), self.table.range(whole)
        rows = f"{self._rows()}*ISNUMBER({upper})*ISNUMBER({lower})"
        divisor = f"SUMPRODUCT({rows},{lower})"
        text = f'IF({divisor}=0,"",ROUND(SUMPRODUCT({rows},{upper})/{divisor},{RATE_PLACES}))'
        return Formula(text, round_half_up(EXACT.divide(above, below), RATE_PLACES) if below else "")

    def _known(self, name: str) -> list[Decimal]:
        return [value for value in self.table.values(name, self.where) if value is not None]

    def _rows(self) -> str:
        return "--" + "*".join(f"({self.table.range(name)}={address})" for name, address in self.cells)

    def _numbers(self, name: str) -> str:
        return f"SUMPRODUCT({self._rows()}*ISNUMBER({self.table.range(name)}))"

    def _criteria(self) -> str:
        return ",".join(f"{self.table.range(name)},{address}" for name, address in self.cells)
