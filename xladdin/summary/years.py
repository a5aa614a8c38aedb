"""The same project over the years: equal names first, then names alike enough to be worth a look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from ..domain.numbers import convert
from ..rules.prose import bare, name_of
from .facts import UNITS, YearFacts

_LIKE = 80  # of 100: a name this like may be the project renamed
_CONTAINED = 4  # characters a name must have to count where another holds it whole
_APART = 6  # a second candidate closer than this leaves both undecided
_KEPT = 65_536  # names held ready
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年度?")
_FIGURES = re.compile(r"\d+|[一二三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class Rename:
    """A project's name in one year and in the next it was met. sure: but for the form's own year they are equal."""

    year: int
    name: str
    later: int
    new_name: str
    sure: bool

    def __str__(self) -> str:
        return f"{self.year}：{self.name} → {self.later}：{self.new_name}"


@dataclass(frozen=True, slots=True)
class Line:
    """One project over the years, oldest first. `money_unit`: the one its known amounts are converted to.

    renames: every change of its name but in white space.
    """

    facts: tuple[YearFacts, ...]
    money_unit: str | None
    renames: tuple[Rename, ...]

    @property
    def guessed(self) -> bool:
        """Whether some names are only taken to be the same project's, which a reader has to confirm."""
        return any(not rename.sure for rename in self.renames)

    @property
    def project(self) -> str:
        """The latest name."""
        return self.facts[-1].project

    @property
    def unit(self) -> str | None:
        """The latest unit that is printed."""
        return next((facts.unit for facts in reversed(self.facts) if facts.unit), None)

    def amount(self, facts: YearFacts) -> Decimal | None:
        """A year's amount in the line's unit, exactly; as it stands where its own unit is unknown."""
        if facts.amount is None:
            return None
        return convert(facts.amount, facts.money_unit, self.money_unit)


def lines_of(facts: Iterable[YearFacts]) -> tuple[Line, ...]:
    """Every project once, those met in most years first, then by amount, the largest first.

    Projects of one year are never joined, nor those of different units; where a name has two candidates equally
    likely they stay apart.
    """
    chains = _same_names(facts)
    for year in sorted({chain[0].year for chain in chains}):
        chains = _join_alike(chains, year)
    return tuple(sorted(map(_line, chains), key=_rank))


Chain = list[YearFacts]


def _rank(line: Line) -> tuple:
    last = line.amount(line.facts[-1]) or Decimal(0)
    return -len(line.facts), -line.facts[-1].year, -convert(last, line.money_unit, "元"), line.project


def _line(chain: Chain) -> Line:
    known = {facts.money_unit for facts in chain}
    unit = next((unit for unit in UNITS if unit in known), None)
    renames = (_rename(one, other) for one, other in pairwise(chain) if bare(one.project) != bare(other.project))
    return Line(tuple(chain), unit, tuple(renames))


def _rename(one: YearFacts, other: YearFacts) -> Rename:
    sure = _without(bare(one.project), one.year) == _without(bare(other.project), other.year)
    return Rename(one.year, one.project, other.year, other.project, sure)


def _without(name: str, year: int) -> str:
    """A name without that year, be it 2021年度, 2021年 or 2021."""
    return re.sub(rf"(?<!\d){year}(?:年度?|(?!\d))", "", name) or name


@lru_cache(maxsize=_KEPT)
def _names(project: str, year: int) -> tuple[str, str, str]:
    """A project's name as it is compared: whole, without the form's own year, and without any year (2021年度…)."""
    name = name_of(project)
    own = _without(name, year)
    return name, own, _YEAR.sub("", own) or own


def _name(facts: YearFacts) -> str:
    """The name without any year: two so alike may be one project."""
    return _names(facts.project, facts.year)[-1]


def _key(which: int, with_unit: bool) -> Callable[[YearFacts], object]:
    def key(facts: YearFacts) -> object:
        return _names(facts.project, facts.year)[which], name_of(facts.unit) if with_unit else None

    return key


_KEYS = [_key(which, with_unit) for with_unit in (True, False) for which in range(3)]


def _same_names(facts: Iterable[YearFacts]) -> list[Chain]:
    """Chains of equal names: units equal first, then one of them blank; whole names before those without years.

    Two of one year stay apart.
    """
    by_year: dict[int, Chain] = {}
    for one in facts:
        by_year.setdefault(one.year, []).append(one)
    chains: list[Chain] = []
    for year in sorted(by_year):
        left = by_year[year]
        for key in _KEYS:
            left = _attach(chains, left, key, year)
        chains += [[one] for one in left]
    return chains


def _attach(chains: list[Chain], left: Chain, key: Callable[[YearFacts], object], year: int) -> Chain:
    """Hang each of `left` onto the one chain of its key; what has none, or several, is given back."""
    open_chains: dict[object, list[Chain]] = {}
    for chain in chains:
        if chain[-1].year != year:
            open_chains.setdefault(key(chain[-1]), []).append(chain)
    waiting: dict[object, Chain] = {}
    for one in left:
        waiting.setdefault(key(one), []).append(one)
    kept = []
    for value, group in waiting.items():
        found = open_chains.get(value, [])
        if len(group) == len(found) == 1 and _may_be_one(found[0][-1], group[0]):
            found[0].append(group[0])
        else:
            kept += group
    return kept


def _may_be_one(one: YearFacts, other: YearFacts) -> bool:
    """Whether nothing printed contradicts that two forms are of one unit."""
    if one.unit and other.unit:
        return name_of(one.unit) == name_of(other.unit)
    if one.department and other.department:
        return name_of(one.department) == name_of(other.department)
    return True


def _of_one(one: YearFacts, other: YearFacts) -> bool:
    """Whether what is printed shows that two forms are of one unit."""
    if one.unit and other.unit:
        return name_of(one.unit) == name_of(other.unit)
    return bool(one.department and other.department) and _may_be_one(one, other)


def _join_alike(chains: list[Chain], year: int) -> list[Chain]:
    """Join the chains that begin in `year` to earlier ones whose name is alike, one to one."""
    begun = [chain for chain in chains if chain[0].year == year]
    earlier = [chain for chain in chains if chain[0].year < year]
    joined: dict[int, Chain] = {}
    for before, after in _pairs(earlier, begun, year):
        joined[id(after)] = before
    for chain in begun:
        if id(chain) in joined:
            joined[id(chain)].extend(chain)
            joined[id(chain)].sort(key=lambda facts: facts.year)
    return [chain for chain in chains if id(chain) not in joined]


def _before(chain: Chain, year: int) -> YearFacts:
    """The chain's latest form before a year."""
    return max((facts for facts in chain if facts.year < year), key=lambda facts: facts.year)


def _pairs(earlier: Sequence[Chain], begun: Sequence[Chain], year: int) -> list[tuple[Chain, Chain]]:
    """Which of `begun` goes on from which of `earlier`: each the best for the other, by far."""
    groups: dict[tuple, tuple[list[Chain], list[Chain]]] = {}
    for side, chains in enumerate((earlier, begun)):
        for chain in chains:
            name = _name(chain[0] if side else _before(chain, year))
            groups.setdefault(_figures(name), ([], []))[side].append(chain)
    return [pair for before, after in groups.values() if before and after for pair in _best(before, after, year)]


def _best(before: Sequence[Chain], after: Sequence[Chain], year: int) -> list[tuple[Chain, Chain]]:
    """The pairs that may be one project, without those of which either has a rival nearly as like."""
    ends = [_before(chain, year) for chain in before]
    scores: dict[tuple[int, int], float] = {}
    for row, column in _worth_a_look(ends, [chain[0] for chain in after]):
        years = {facts.year for facts in before[row]}
        if years.isdisjoint(facts.year for facts in after[column]) and _of_one(ends[row], after[column][0]):
            score = _alike(_name(ends[row]), _name(after[column][0]))
            scores |= {(row, column): score} if score else {}
    rivals: list[dict[int, list[float]]] = [{}, {}]
    for spot, score in scores.items():
        for side in (0, 1):
            rivals[side].setdefault(spot[side], []).append(score)
    return [
        (before[row], after[column])
        for (row, column), score in scores.items()
        if all(_stands_out(score, rivals[side][at]) for side, at in enumerate((row, column)))
    ]


def _stands_out(score: float, rivals: Sequence[float]) -> bool:
    """Whether only itself comes near; `rivals` holds it too."""
    return sum(rival > score - _APART for rival in rivals) == 1


def _worth_a_look(ones: Sequence[YearFacts], others: Sequence[YearFacts]) -> set[tuple[int, int]]:
    """Pairs of which one name holds the other's beginning, or nearly all is the same: few of all there are."""
    from rapidfuzz import fuzz, process

    left, right = ([_name(one) for one in side] for side in (ones, others))
    found = {
        (row, column)
        for row, name in enumerate(left)
        for _, _, column in process.extract(name, right, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None)
    }
    found |= {(row, column) for column, row in _holding(right, left)}
    return found | set(_holding(left, right))


def _holding(short: Sequence[str], long: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(of short, of long) where the long name holds the first characters of the short one."""
    at: dict[str, set[int]] = {}
    for number, name in enumerate(long):
        for start in range(len(name) - _CONTAINED + 1):
            at.setdefault(name[start : start + _CONTAINED], set()).add(number)
    for number, name in enumerate(short):
        if len(name) >= _CONTAINED:
            yield from ((number, other) for other in at.get(name[:_CONTAINED], ()))


def _figures(name: str) -> tuple[str, ...]:
    """The numbers in a name: 一期 and 二期 are two projects however alike the rest."""
    return tuple(_FIGURES.findall(name))


def _alike(one: str, other: str) -> float:
    """0 where two names are not taken for one project's, else how like they are (of 100).

    One holds the other whole, or nearly all is the same; never where numbers differ (一期, 二期) or one
    character stands for another (东路, 西路).
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    if _figures(one) != _figures(other):
        return 0
    like = fuzz.ratio(one, other)
    shorter = min(one, other, key=len)
    if len(shorter) >= _CONTAINED and (one in other or other in one):
        return like
    swapped = any(code.tag == "replace" for code in Levenshtein.opcodes(one, other))
    return like if like >= _LIKE and not swapped else 0
