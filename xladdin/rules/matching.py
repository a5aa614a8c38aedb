"""Which indicator of an evaluation is which of the declaration: by name, never by position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..domain.levels import first_level, second_level
from ..domain.records import Indicator
from .assignment import best_pairs
from .prose import bare, name_of, ratio

# How like two names must be to pass for one renamed (of 100), the less else agrees the more.
_SAME_PLACE_AND_TARGET, _SAME_PLACE, _ELSEWHERE = 40, 55, 75
_BONUS_LEVEL2, _BONUS_LEVEL1, _BONUS_TARGET = 12, 6, 10
_MUCH = 10_000  # characters to compare: fewer take less time than loading what compares them fast
_FINE = 10**6  # whole numbers, so that equal sums are equal


@dataclass(frozen=True, slots=True)
class Match:
    """Indexes of one indicator in both forms; None where that form does not have it."""

    declared: int | None
    evaluated: int | None


def name_key(row: Indicator) -> str:
    """An indicator's name as it is compared."""
    return name_of(row.name)


def match(declared: Sequence[Indicator], evaluated: Sequence[Indicator]) -> list[Match]:
    """Pair the indicators: equal names first, then the best assignment of what is left that is like enough.

    In the declaration's order; those only the evaluation has come last.
    """
    found: dict[int, int] = {}
    left, right = list(range(len(declared))), list(range(len(evaluated)))
    for key in _KEYS:
        _pair_equal(declared, evaluated, left, right, key, found)
    if left and right:
        found |= _assigned(declared, evaluated, left, right)
    taken = set(found.values())
    pairs = [Match(index, found.get(index)) for index in range(len(declared))]
    return pairs + [Match(None, index) for index in right if index not in taken]


_KEYS: tuple[Callable[[Indicator], tuple[str, ...]], ...] = (
    lambda row: (name_key(row), first_level(row.level1), second_level(row.level2), bare(row.target)),
    lambda row: (name_key(row), first_level(row.level1), second_level(row.level2)),
    lambda row: (name_key(row), first_level(row.level1)),
    lambda row: (name_key(row),),
)


def _pair_equal(
    declared: Sequence[Indicator],
    evaluated: Sequence[Indicator],
    left: list[int],
    right: list[int],
    key: Callable[[Indicator], tuple[str, ...]],
    found: dict[int, int],
) -> None:
    waiting: dict[tuple[str, ...], list[int]] = {}
    for index in right:
        waiting.setdefault(key(evaluated[index]), []).append(index)
    for index in list(left):
        same = waiting.get(key(declared[index]))
        if same and key(declared[index])[0]:
            found[index] = same.pop(0)
            left.remove(index)
            right.remove(found[index])


def _assigned(
    declared: Sequence[Indicator], evaluated: Sequence[Indicator], left: list[int], right: list[int]
) -> dict[int, int]:
    """The assignment with the greatest likeness in all; pairs that are not like enough are none."""
    near: Callable[[str, str], float] = ratio
    if len(left) * sum(len(name_key(evaluated[other])) for other in right) > _MUCH:
        from rapidfuzz.fuzz import ratio as near
    scores = [[_likeness(declared[one], evaluated[other], near) for other in right] for one in left]
    return {left[row]: right[column] for row, column in best_pairs(scores)}


def _likeness(one: Indicator, other: Indicator, near: Callable[[str, str], float]) -> int:
    """How well two indicators fit, name and all, in millionths of a point; 0 where they are not like enough."""
    bonus, least = _agreement(one, other)
    name = round(near(name_key(one), name_key(other)) * _FINE)
    return name + bonus * _FINE if name >= least * _FINE else 0


def _agreement(one: Indicator, other: Indicator) -> tuple[int, int]:
    """What speaks for two indicators being one apart from the name, and how like the names must then be."""
    level1 = first_level(one.level1) == first_level(other.level1)
    level2 = level1 and second_level(one.level2) == second_level(other.level2)
    target = bool(one.target) and bare(one.target) == bare(other.target)
    bonus = _BONUS_LEVEL1 * level1 + _BONUS_LEVEL2 * level2 + _BONUS_TARGET * target
    if level2:
        return bonus, _SAME_PLACE_AND_TARGET if target else _SAME_PLACE
    return bonus, _ELSEWHERE
