"""Targets, amounts and names of two forms compared: what is the same, what moved, what cannot be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from ..domain.actual import bare_factor, notation
from ..domain.fields import AMOUNT, TYPES
from ..domain.judging import EXACT
from ..domain.kinds import kind_of
from ..domain.numbers import amount_of, convert, decimals, plain, round_half_up, unit_said
from ..domain.profile import Profile
from ..domain.records import Doubt, Record
from ..domain.target import Target
from ..domain.units import SHARE_WORDS, conversion, measured, split_scale, unit_of
from .finding import ERROR, INFO
from .prose import bare

_SIMILAR_UNITS = {
    "场次": "场",
    "人数": "人",
    "份数": "份",
    "百分比": "%",
    "百分率": "%",
    "件数": "件",
    "户数": "户",
    "批次": "批",
}
_ROW = re.compile(r"^(?:budget|indicators)\[\d+\]\.")  # before the column in the path of a field
_LESS_IS_BETTER = ("≤", "<")


@lru_cache(maxsize=1024)
def unit_key(unit: str | None) -> str:
    """A unit under one spelling: 场 for 场次, % for 百分比; 人次 stays apart from 人."""
    unit = bare(unit).partition("/")[0].removeprefix("个") or bare(unit)
    return _SIMILAR_UNITS.get(unit, unit)


def is_share(target: Target) -> bool:
    """Whether a percentage is printed as a fraction: =1百分比; with a % it is plain what 0.5% means."""
    return target.kind == "percent" and target.unit in SHARE_WORDS and 0 < abs(target.figure) <= 1


def unit_base(unit: str | None) -> str:
    """A unit without its scale: 人次 for 万人次."""
    return split_scale(unit_key(unit))[1]


_PREFERENCES = {"denied": "less", "durations": "less", "dealt_with": "more", "bad_things": "less", "good_rates": "more"}


def name_prefers(name: str, profile: Profile) -> str | None:
    """What the name of an indicator says is better: "less" (投诉件数), "more" (投诉办结率), or nothing.

    The word nearest the end decides, the longer of two that end together: 不合格产品处置率 is more, 处置时限 less.
    """
    ends = (
        (name.rfind(word) + len(word), len(word), better)
        for words, better in _PREFERENCES.items()
        for word in profile.words[words]
        if word in name
    )
    return max(ends, default=(0, 0, None))[2]


def lower_is_better(target: Target, name: str, level: str, profile: Profile) -> bool:
    """Whether a smaller figure is the better one: by its sign, or by what a target without sign counts."""
    if target.op and target.op != "=":
        return target.op in _LESS_IS_BETTER
    if target.value == 0:
        return True
    return is_limit(name, level, profile)


def is_limit(name: str, level: str, profile: Profile) -> bool:
    """Whether a target is a limit by what it counts (costs, complaints, waiting times), whatever its sign."""
    said = name_prefers(name, profile)
    return said == "less" or said is None and level == "成本"


def values(one: Target, other: Target) -> tuple[Decimal, Decimal] | None:
    """Both targets as figures that can be compared; None when they cannot."""
    if one.value is None or other.value is None:
        return None
    if one.kind == other.kind:
        return _same_kind(one, other)
    if {one.kind, other.kind} != {"number", "percent"}:
        return None
    if one.number == other.number:  # =1百分比 against =1: only the unit was lost
        return one.value, one.value
    if one.kind == "percent":
        return _beside(one, other)
    swapped = _beside(other, one)
    return swapped and (swapped[1], swapped[0])


def _same_kind(one: Target, other: Target) -> tuple[Decimal, Decimal] | None:
    if one.kind == "number" and one.unit and other.unit:
        mine, theirs = unit_of(one.unit), unit_of(other.unit)
        if measured(mine.word) or measured(theirs.word):
            times = conversion(theirs.word, mine.word) if mine.per == theirs.per else None
            return times and (one.measure, EXACT.divide(EXACT.multiply(other.measure, times[0]), times[1]))
    return one.measure, other.measure


def _beside(rate: Target, figure: Target) -> tuple[Decimal, Decimal] | None:
    note = notation(rate)
    if note is None or figure.unit:
        return None
    factor = bare_factor(note, figure.figure)
    return None if factor is None else (rate.measure, figure.figure * factor * note.one)


def money(value: Decimal | None) -> str | None:
    """An amount as people read it: 1,100,000 or 965,043.97."""
    return None if value is None else _grouped(value)


def _grouped(value: Decimal) -> str:
    return f"{Decimal(plain(value)):,f}"


def amount(value: Decimal | None, unit: str | None) -> str | None:
    """An amount with its unit where that is known."""
    return value if value is None else f"{money(value)}{' ' + unit if unit else ''}"


def signed(value: Decimal) -> str:
    """A difference with its sign: +54,000."""
    return ("+" if value > 0 else "") + _grouped(value)


def percent(fraction: Decimal) -> str:
    """A fraction as a percentage with up to four decimals: 97.3412%."""
    return plain(Decimal(f"{fraction * 100:.4f}")) + "%"


def rate(fraction: Decimal) -> str:
    """A fraction as a percentage with two decimals, half up: 97.34%."""
    return percent(round_half_up(fraction, 4))


def other_units(form: Record) -> Iterator[tuple[Doubt, str]]:
    """Amounts that carry a money unit other than the form's, typed or by their number format, and that unit."""
    types = TYPES | dict(kind_of(form).types)
    for doubt in form.source.doubts if form.source else ():
        path = _ROW.sub("", doubt.field)
        said = unit_said(doubt.text) if types.get(path) == AMOUNT else None
        known = form.money_unit and amount_of(doubt.text, form.money_unit) is not None
        if said and known and said != form.money_unit:
            yield doubt, said


def in_yuan(value: Decimal, unit: str | None) -> Decimal:
    """An amount in 元; an unknown unit leaves it as it stands."""
    return convert(value, unit, "元")


def adds_up(
    total: Decimal, parts: Iterable[Decimal | None], unit: str | None, profile: Profile
) -> tuple[Decimal, str | None]:
    """A total less its parts (blanks count nothing), and how bad that is: None, INFO within rounding, ERROR."""
    known = [part for part in parts if part is not None]
    difference = total - sum(known, Decimal(0))
    if not difference:
        return difference, None
    within = abs(difference) <= rounding([total, *known], unit, profile)
    return difference, INFO if within else ERROR


def rounding(figures: Iterable[Decimal], unit: str | None, profile: Profile) -> Decimal:
    """The most that rounding of what is printed can put between a total and its parts, in `unit`.

    Whole figures are exact; in 万元 with decimals each may be off by half its last place.
    """
    if unit != "万元":
        return profile.limits["cents"]
    figures = list(figures)
    places = max(map(decimals, figures), default=0)
    if not places:
        return Decimal(0)
    return min(profile.limits["wan_rounding"], Decimal(len(figures)) / 2 * Decimal(1).scaleb(-places))
