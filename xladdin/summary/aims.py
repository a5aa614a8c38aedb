"""The same indicator over the years: by equal names first, then by those alike enough to be worth a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..domain.numbers import plain
from ..domain.records import Indicator
from ..rules.comparing import unit_key
from ..rules.matching import match
from ..rules.prose import bare
from .indicators import Detail
from .years import Line

MOST = 4  # years side by side, the newest
Key = tuple[int | None, str, str | None]


@dataclass(frozen=True, slots=True)
class Aim:
    """One indicator of a project over the years: what it is called last, and its row of each year that has it."""

    project: str
    by_year: dict[int, Detail]
    missing: tuple[int, ...]  # years of the project without it

    @property
    def last(self) -> Detail:
        """Its newest row."""
        return self.by_year[max(self.by_year)]

    @property
    def renames(self) -> list[str]:
        """Every change of its name."""
        years = sorted(self.by_year)
        pairs = zip(years, years[1:], strict=False)
        named = [(one, other, self.by_year[one].name, self.by_year[other].name) for one, other in pairs]
        return [f"{one}：{a} → {other}：{b}" for one, other, a, b in named if bare(a) != bare(b)]

    @property
    def change(self) -> str:
        """The newest target less the one before it, where both are figures of one unit; else that it was reworded."""
        years = sorted(self.by_year)
        if len(years) < 2:
            return ""
        one, other = self.by_year[years[-2]], self.by_year[years[-1]]
        if one.aim is not None and other.aim is not None and unit_key(one.measure) == unit_key(other.measure):
            return _signed(other.aim - one.aim)
        return "" if bare(target_of(one)) == bare(target_of(other)) else "改了写法"


def target_of(detail: Detail) -> str | None:
    """指标值 as declared, or as the evaluation has it where there is no declaration."""
    return detail.declared or detail.evaluated


def aims_of(lines: Iterable[Line], details: Iterable[Detail]) -> Iterator[Aim]:
    """Every indicator of the projects that have more than one year, as the newest form has them."""
    by_form: defaultdict[Key, list[Detail]] = defaultdict(list)
    for detail in details:
        by_form[detail.year, detail.project, detail.unit].append(detail)
    for line in lines:
        forms = {facts.year: by_form[facts.year, facts.project, facts.unit] for facts in line.facts[-MOST:]}
        told = {year: rows for year, rows in forms.items() if rows}
        if len(told) > 1:
            for chain in _chains(told):
                yield Aim(line.project, chain, tuple(year for year in told if year not in chain))


def _chains(forms: dict[int, list[Detail]]) -> list[dict[int, Detail]]:
    """The rows that are one indicator: each year's are matched with the last row of every indicator met before."""
    chains: list[dict[int, Detail]] = []
    for year in sorted(forms, reverse=True):
        known = [_as_declared(chain[min(chain)]) for chain in chains]
        own = forms[year]
        for pair in match(known, [_as_declared(row) for row in own]):
            if pair.evaluated is not None:
                if pair.declared is None:
                    chains.append({})
                chain = chains[-1] if pair.declared is None else chains[pair.declared]
                chain[year] = own[pair.evaluated]
    return chains


def _as_declared(detail: Detail) -> Indicator:
    return Indicator(detail.level1, detail.level2, detail.name, target_of(detail))


def _signed(change: Decimal) -> str:
    return f"{'+' if change > 0 else ''}{plain(change)}" if change else "不变"
