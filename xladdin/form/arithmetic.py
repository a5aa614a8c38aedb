"""Formulas simple enough to work out exactly: figures with + - * / %, cells, ROUND, and SUM of cells and ranges."""

from __future__ import annotations

import re
from decimal import Context, Decimal, DecimalException, Inexact
from functools import reduce

from ..domain.numbers import decimal_of, round_half_up, sensible
from ..workbook.grid import Grid, Spot, Unread, range_of

_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_TOKEN = re.compile(rf"\d+(?:\.\d*)?|\.\d+|{_CELL}(?::{_CELL})?(?![\w(!])|(?:SUM|ROUND)(?=\()|[-+*/%(),]")
_MAX_LENGTH, _MAX_BRACKETS, _MAX_DEPTH, _MAX_AREA, _MAX_PLACES = 400, 20, 8, 1_000, 10


class _NotSimple(ValueError):
    """The formula is more than this module works out."""


def evaluate(
    grid: Grid, formula: str, known: dict[Spot, Decimal | None] | None = None, depth: int = 0
) -> Decimal | None:
    """The exact value of a simple formula (without "="), or None. known: cells worked out before, filled on."""
    if not formula or len(formula) > _MAX_LENGTH or depth > _MAX_DEPTH or formula.count("(") > _MAX_BRACKETS:
        return None
    try:
        return sensible(_Parser(grid, "".join(formula.split()).upper(), {} if known is None else known, depth).run())
    except (ValueError, DecimalException):
        return None


class _Parser:
    def __init__(self, grid: Grid, formula: str, known: dict[Spot, Decimal | None], depth: int):
        self.grid, self.known, self.depth, self.context = grid, known, depth, Context(prec=60)
        self.tokens = _TOKEN.findall(formula)
        if "".join(self.tokens) != formula:
            raise _NotSimple(formula)
        self.tokens.reverse()

    def run(self) -> Decimal:
        value = self._sum()
        if self.tokens:
            raise _NotSimple
        return Context(prec=15).plus(value) if self.context.flags[Inexact] else value

    def _take(self, wanted: str) -> str:
        return self.tokens.pop() if self.tokens and self.tokens[-1] in wanted else ""

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._take("+-"):
            value = (self.context.add if sign == "+" else self.context.subtract)(value, self._product())
        return value

    def _product(self) -> Decimal:
        value = self._factor()
        while sign := self._take("*/"):
            value = (self.context.multiply if sign == "*" else self.context.divide)(value, self._factor())
        return value

    def _factor(self) -> Decimal:
        negative = False
        while sign := self._take("+-"):
            negative ^= sign == "-"
        value = self._atom()
        while self._take("%"):
            value = value.scaleb(-2, self.context)
        return value.copy_negate() if negative else value

    def _atom(self) -> Decimal:
        if not self.tokens:
            raise _NotSimple
        token = self.tokens.pop()
        if token == "(":
            value = self._sum()
        elif token == "ROUND":
            self.tokens.pop()
            value = self._sum()
            places = self._sum() if self._take(",") else None
            if places is None or places != int(places) or abs(places) > _MAX_PLACES:
                raise _NotSimple
            value = round_half_up(value, int(places))
        elif token == "SUM":
            self.tokens.pop()
            value = self._argument()
            while self._take(","):
                value = self.context.add(value, self._argument())
        elif token[0] == "$" or token[0].isalpha():
            return self._cells(token, strict=True)
        else:
            return Decimal(token)
        if not self._take(")"):
            raise _NotSimple
        return value

    def _argument(self) -> Decimal:
        """An argument of SUM: texts and blanks in cells count nothing, as in Excel."""
        alone = len(self.tokens) > 1 and self.tokens[-2] in ",)"
        if alone and (self.tokens[-1][0] == "$" or self.tokens[-1][0].isalpha()):
            return self._cells(self.tokens.pop(), strict=False)
        return self._sum()

    def _cells(self, text: str, strict: bool) -> Decimal:
        top, left, bottom, right = range_of(text)
        rows, columns = range(top, bottom + 1), range(left, right + 1)
        if len(rows) * len(columns) > _MAX_AREA or (strict and len(rows) * len(columns) != 1):
            raise _NotSimple(text)
        spots = ((row, column) for row in rows for column in columns)
        return reduce(self.context.add, (self._cell(spot, strict) for spot in spots), Decimal(0))

    def _cell(self, spot: Spot, strict: bool) -> Decimal:
        value = self.grid.cells.get(spot, Decimal(0))
        if spot in self.grid.uncomputed:
            if spot not in self.known:
                self.known[spot] = None  # what leads back to itself has no value
                formula = self.grid.formulas.get(spot, "")
                self.known[spot] = evaluate(self.grid, formula, self.known, self.depth + 1)
            value = self.known[spot]
        if isinstance(value, str) and (figure := decimal_of(value)) is not None:
            if not strict:
                raise _NotSimple  # SUM leaves a figure out that was typed as text, and nobody means that
            value = figure
        if isinstance(value, Decimal):
            return value
        if strict or value is None or isinstance(value, Unread):
            raise _NotSimple
        return Decimal(0)
