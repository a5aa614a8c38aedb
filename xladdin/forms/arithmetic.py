"""Formulas simple enough to work out exactly: figures with + - * / %, cells, and SUM of cells and ranges."""

from __future__ import annotations

import re
from decimal import Context, Decimal, DecimalException, Inexact

from ..workbook.grid import Grid, Spot, range_of, spot_of

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|(\$?[A-Z]{1,3}\$?\d{1,7}(?![\w(]))|(SUM)(?=\s*\()|([-+*/%(),:]))", re.IGNORECASE)
_MAX_LENGTH, _MAX_DEPTH, _MAX_AREA = 400, 8, 10_000


class NotSimple(ValueError):
    """The formula is more than this module works out."""


def evaluate(grid: Grid, formula: str, depth: int = 0) -> Decimal | None:
    """The exact value of a simple formula (without "="), or None."""
    try:
        return _Parser(grid, formula, depth).run()
    except (NotSimple, DecimalException):
        return None


class _Parser:
    def __init__(self, grid: Grid, formula: str, depth: int):
        if len(formula) > _MAX_LENGTH or depth > _MAX_DEPTH or formula.count("(") > 20:
            raise NotSimple(formula)
        self.grid, self.depth, self.at, self.signs = grid, depth, 0, 0
        self.context = Context(prec=60)
        self.tokens = _tokens(formula)

    def run(self) -> Decimal:
        value = self._sum()
        if self.at != len(self.tokens):
            raise NotSimple
        return Context(prec=15).plus(value) if self.context.flags[Inexact] else value

    def _take(self, *wanted: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            value = self.context.add(value, other) if sign == "+" else self.context.subtract(value, other)
        return value

    def _product(self) -> Decimal:
        value = self._factor()
        while sign := self._take("*", "/"):
            other = self._factor()
            value = self.context.multiply(value, other) if sign == "*" else self.context.divide(value, other)
        return value

    def _factor(self) -> Decimal:
        negative = False
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value = self._atom()
        while self._take("%"):
            value = value.scaleb(-2, self.context)
        return -value if negative else value

    def _atom(self) -> Decimal:
        if self._take("("):
            value = self._sum()
            return self._close(value)
        if self._take("SUM"):
            self._take("(")
            value = self._term_of_sum()
            while self._take(","):
                value = self.context.add(value, self._term_of_sum())
            return self._close(value)
        token = self._next()
        return self._cell(spot_of(token), strict=True) if token[0] == "$" or token[0].isalpha() else _number(token)

    def _close(self, value: Decimal) -> Decimal:
        if not self._take(")"):
            raise NotSimple
        return value

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise NotSimple
        self.at += 1
        return self.tokens[self.at - 1]

    def _term_of_sum(self) -> Decimal:
        """One argument of SUM: a range or a cell (texts and blanks count nothing, as in Excel), or an expression."""
        here = self.tokens[self.at : self.at + 3]
        if len(here) == 3 and here[1] == ":" and all(t[0] == "$" or t[0].isalpha() for t in here[::2]):
            self.at += 3
            return self._range(f"{here[0]}:{here[2]}")
        if len(here) > 1 and here[1] in ",)" and (here[0][0] == "$" or here[0][0].isalpha()):
            self.at += 1
            return self._cell(spot_of(here[0]), strict=False)
        return self._sum()

    def _range(self, text: str) -> Decimal:
        top, left, bottom, right = range_of(text)
        if bottom < top or right < left or (bottom - top + 1) * (right - left + 1) > _MAX_AREA:
            raise NotSimple(text)
        value = Decimal(0)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                value = self.context.add(value, self._cell((row, column), strict=False))
        return value

    def _cell(self, spot: Spot, strict: bool) -> Decimal:
        if spot in self.grid.uncomputed:
            value = evaluate(self.grid, self.grid.formulas.get(spot, ""), self.depth + 1)
        else:
            value = self.grid.cells.get(spot, Decimal(0))
        if isinstance(value, Decimal):
            return value
        if strict or value is None:
            raise NotSimple(str(spot))
        return Decimal(0)


def _tokens(formula: str) -> list[str]:
    tokens, at, end = [], 0, len(formula.rstrip())
    while at < end:
        match = _TOKEN.match(formula, at)
        if not match:
            raise NotSimple(formula)
        tokens.append(match[0].strip().upper())
        at = match.end()
    return tokens


def _number(token: str) -> Decimal:
    if not (token[0].isdigit() or token[0] == "."):
        raise NotSimple(token)
    return Decimal(token)
