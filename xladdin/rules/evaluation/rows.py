"""What the rules ask of one indicator's row: is it judged, reached, late, a limit, copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ...domain.judging import EXACT, Judgement, judge
from ...domain.levels import first_level
from ...domain.profile import Profile
from ...domain.quantity import COPIED
from ...domain.records import Evaluation, Indicator, Result
from ...domain.scoring import points_of
from ...domain.target import parse_target
from ..comparing import is_limit, is_share
from ..prose import bare

_SIGN = re.compile(r"[<>=≥≤]+(?=[0-9.])")
_NUMERAL = re.compile(r"[0-9零〇一二三四五六七八九十百千万两]")
TENTH = (Decimal("0.1"),)
COARSE = (*TENTH, Decimal("0.5"), Decimal("1"))  # real forms also round to these


def cells(n: int, *names: str) -> tuple[str, ...]:
    """Field paths of one indicator."""
    return tuple(f"indicators[{n}].{name}" for name in names)


def level_of(row: Indicator) -> str:
    """成本 wherever the form's generation puts it, else the 一级指标."""
    first, second = first_level(row.level1), first_level(row.level2)
    return "成本" if "成本" in (first, second) else first


def is_limit_row(row: Result, profile: Profile) -> bool:
    """Whether an indicator's target is a limit: costs, complaints, waiting times."""
    return is_limit(row.name, level_of(row), profile)


def judged(form: Evaluation) -> Iterator[tuple[int, Result]]:
    """The rows whose target is plain: ≤1百分比 beside 95百分比 may be 1 % or 100 %, and E-26 says so."""
    targets = [parse_target(row.target) for row in form.indicators]
    mixed = any(target.kind == "percent" and target.figure > 1 for target in targets)
    for n, row in enumerate(form.indicators):
        if not (mixed and targets[n].reverse and is_share(targets[n])):
            yield n, row


def verdict(form: Evaluation, row: Result, profile: Profile) -> Judgement:
    """What the actual amounts to beside its target, in the form's year."""
    return judge(row.target, row.actual, profile, form.year)


def due(form: Evaluation, row: Result, profile: Profile) -> Decimal | None:
    """The points the rules give; None when that cannot be judged."""
    if row.weight is None or row.weight < 0:
        return None
    return points_of(verdict(form, row, profile).share, row.weight)


def is_open(row: Result, profile: Profile) -> bool:
    """Whether a limit is set without ≤: the platform scores = as ≥, a reviewer reads it as a limit."""
    target = parse_target(row.target)
    return target.op in (None, "=") and bool(target.value) and is_limit_row(row, profile)


def as_limit(form: Evaluation, row: Result, profile: Profile) -> Decimal | None:
    """The points of a target read as a limit."""
    if row.weight is None:
        return None
    limit = replace(parse_target(row.target), op="≤")
    return points_of(judge(limit, row.actual, profile, form.year).share, row.weight)


def copied(row: Result, profile: Profile) -> bool:
    """Whether an actual carries a target's sign, or repeats its wording: nobody measures “≥0.9”."""
    return judge(row.target, row.actual, profile).cause == COPIED or bool(_SIGN.match(bare(row.actual)))


def figure_of(form: Evaluation, row: Result, profile: Profile) -> Decimal | None:
    """An actual as a figure comparable with its target's value; None when it is none."""
    return verdict(form, row, profile).value


def has_figure(text: str | None) -> bool:
    """Whether a text holds any numeral, Arabic or Chinese."""
    return bool(_NUMERAL.search(bare(text)))


def reached(form: Evaluation, row: Result, profile: Profile) -> Decimal | None:
    """Actual ÷ target; None when either is no figure or the target is 0."""
    value, target = figure_of(form, row, profile), parse_target(row.target)
    return None if value is None or not target.value else EXACT.divide(value, target.value)


def rounded_otherwise(form: Evaluation, row: Result, profile: Profile, steps: tuple[Decimal, ...] = COARSE) -> bool:
    """Whether the score is what the rules give, rounded to one of the steps, and near it."""
    share = verdict(form, row, profile).share
    if share is None or row.score is None or row.weight is None:
        return False
    exact = share * row.weight
    if abs(row.score - exact) > row.weight * profile.limits["coarse"]:
        return False
    return any((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == row.score for step in steps)


def says_none(row: Result, profile: Profile) -> bool:
    """Whether 无 or 未发生 answers a target of 0."""
    return parse_target(row.target).value == 0 and not has_figure(row.actual) and judge(
        row.target, row.actual, profile
    ).met is True  # fmt: skip
