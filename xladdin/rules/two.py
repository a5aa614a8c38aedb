"""A declaration and an evaluation put side by side: what the rules of a pair ask about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ..domain.numbers import decimals
from ..domain.profile import Profile
from ..domain.records import TOTAL_LINE, Declaration, Evaluation
from ..domain.scoring import doubted
from .comparing import in_yuan
from .matching import Match, match
from .prose import likeness, name_of

_TWO_PLACES = Decimal(50)  # 元: half of 0.01 万元
_SAME_PROJECT = 60  # of 100: names this like may be one project mistyped
_LINES = (("当年财政拨款", "annual_fiscal"), ("上年结转资金", "annual_carryover"), ("其他资金", "annual_other"))

Line = tuple[str, str, Decimal | None, int, Decimal | None]  # item, declared field and amount, index, 年初预算数


@dataclass(frozen=True)
class Two:
    """The two forms of one project and year; `profile` says what counts as too large an amount."""

    declaration: Declaration
    evaluation: Evaluation
    profile: Profile

    @cached_property
    def matches(self) -> list[Match]:
        """Their indicators, paired by name."""
        return match(self.declaration.indicators, self.evaluation.indicators)

    @cached_property
    def same_project(self) -> bool:
        """Whether the two can be about one project: by name, or by most of the indicators."""
        one, other = name_of(self.declaration.project), name_of(self.evaluation.project)
        if one in other or other in one or likeness(one, other) >= _SAME_PROJECT:
            return True
        paired = sum(m.declared is not None and m.evaluated is not None for m in self.matches)
        return paired * 2 > max(len(self.declaration.indicators), len(self.evaluation.indicators))

    @cached_property
    def lines(self) -> list[Line]:
        """Every fund row both forms have."""
        at = {line.item: n for n, line in enumerate(self.evaluation.budget)}
        declared = [(TOTAL_LINE, self._total_field, self.declaration.annual_amount)]
        declared += [(item, f"funds.{name}", getattr(self.declaration.funds, name)) for item, name in _LINES]
        return [
            (item, field, amount, at[item], self.evaluation.budget[at[item]].initial)
            for item, field, amount in declared
            if item in at
        ]

    @property
    def _total_field(self) -> str:
        blank = self.declaration.funds.annual_total is None and "项目当年预算" in self.declaration.extra
        return "extra.项目当年预算" if blank else "funds.annual_total"

    @cached_property
    def units(self) -> tuple[str, str] | None:
        """The money units to compare in; None when one is unknown and nothing shows what it is.

        A form without a unit is read in the other's if one of its amounts is found there unchanged, or if
        an amount is too large for 万元.
        """
        one, other = self.declaration.money_unit, self.evaluation.money_unit
        if one and other:
            return one, other
        if "money_unit" in doubted(self.declaration) | doubted(self.evaluation):
            return None
        pairs = [(a, b) for _, _, a, _, b in self.lines if a and b]
        if any(a == b for a, b in pairs):
            known = one or other or "元"
            return known, known
        limit = self.profile.limits["wan_ceiling"]
        one = one or self._by_size([a for a, _ in pairs], limit)
        other = other or self._by_size([b for _, b in pairs], limit)
        return (one, other) if one and other else None

    @staticmethod
    def _by_size(amounts: list[Decimal], limit: Decimal) -> str | None:
        return "元" if amounts and max(amounts) >= limit else None

    def differ(self, one: Decimal, other: Decimal, units: tuple[str, str]) -> tuple[Decimal, bool]:
        """evaluation − declaration, in 元, and whether rounding to 万元 may explain it. units: what they are in.

        What rounding surely explains is 0. How finely a form rounds is seen from all its amounts; one that
        prints whole 万元 only, or one decimal, may have rounded: that is said, not taken for an error.
        """
        gap = in_yuan(other, units[1]) - in_yuan(one, units[0])
        halves = [
            in_yuan(Decimal(1).scaleb(-places), unit) / 2
            for places, unit in zip(self._places, units, strict=True)
            if unit == "万元"
        ]
        sure = [min(half, _TWO_PLACES) for half in halves]
        if abs(gap) <= max([self.profile.limits["cents"], *sure]):
            return Decimal(0), False
        return gap, abs(gap) <= max(halves, default=Decimal(0))

    @cached_property
    def _places(self) -> tuple[int, int]:
        """The most decimals an amount of either form has."""
        funds = self.declaration.funds
        declared = [getattr(funds, name) for name in funds.__dataclass_fields__]
        evaluated = [a for line in self.evaluation.budget for a in (line.initial, line.budget, line.executed)]
        return _decimals(declared), _decimals(evaluated)


def _decimals(amounts: list[Decimal | None]) -> int:
    """The most decimals one of the amounts has."""
    return max((decimals(amount) for amount in amounts if amount is not None), default=0)
