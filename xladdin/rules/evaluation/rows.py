"""What the rules ask of one indicator's row: is it judged, reached, late, a limit, copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ...domain.actual import comparable, day_of
from ...domain.levels import first_level
from ...domain.profile import Profile
from ...domain.records import Evaluation, Indicator, Result
from ...domain.scoring import EXACT, score
from ...domain.target import Target, parse_target
from ..comparing import is_limit, is_share
from ..prose import bare

_SIGN = re.compile(r"^(?:[<>=≥≤＜＞]|不低于|不少于|不超过|大于|小于)|(?:以上|以下|以内|之内)$")
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
    mixed = any(target.kind == "percent" and target.number > 1 for target in targets)
    for n, row in enumerate(form.indicators):
        if not (mixed and targets[n].reverse and is_share(targets[n])):
            yield n, row


def due(row: Result, profile: Profile) -> Decimal | None:
    """The points the rules give, as the form's own formula does; None when that cannot be judged."""
    if row.weight is None or row.weight < 0:
        return None
    return score(row.target, row.actual, row.weight, profile)


def is_open(row: Result, profile: Profile) -> bool:
    """Whether a limit is set without ≤: the platform scores = as ≥, a reviewer reads it as a limit."""
    target = parse_target(row.target)
    return target.op in (None, "=") and bool(target.value) and is_limit_row(row, profile)


def as_limit(row: Result, profile: Profile) -> Decimal | None:
    """The points of a target read as a limit."""
    target = parse_target(row.target)
    limit = Target(target.text, "≤", target.number, target.unit, target.kind, target.value)
    return None if row.weight is None else score(limit, row.actual, row.weight, profile)


_DAY = re.compile(r"(?<!\d)\d{4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}(?!\d)")


def done_on(row: Result) -> Decimal | None:
    """The day an actual names, also in words around it (2021年12月6日完成); None for none or several."""
    days = _DAY.findall(bare(row.actual))
    return day_of(row.actual or "") or (day_of(days[0]) if len(days) == 1 else None)


def is_late(row: Result) -> bool:
    """Whether a deadline was missed, both days known."""
    target, day = parse_target(row.target), done_on(row)
    if target.kind != "date" or target.value is None or day is None:
        return False
    return day >= target.value if target.op == "<" else day > target.value


def copied(row: Result) -> bool:
    """Whether an actual carries a target's sign: nobody measures “≥0.9”."""
    actual = bare(row.actual)
    return bool(_SIGN.search(actual)) and parse_target(actual).kind in ("number", "percent", "unset")


def figure_of(row: Result) -> Decimal | None:
    """An actual as a figure comparable with its target's value; None when it is none."""
    target = parse_target(row.target)
    if target.kind not in ("number", "percent") or not bare(row.actual) or copied(row):
        return None
    return comparable(target, row.actual)


def has_figure(text: str | None) -> bool:
    """Whether a text holds any numeral, Arabic or Chinese."""
    return bool(_NUMERAL.search(bare(text)))


def reached(row: Result) -> Decimal | None:
    """Actual ÷ target; None when either is no figure or the target is 0."""
    value, target = figure_of(row), parse_target(row.target)
    return None if value is None or not target.value else EXACT.divide(value, target.value)


def rounded_otherwise(row: Result, profile: Profile, steps: tuple[Decimal, ...] = COARSE) -> bool:
    """Whether the score is what the rules give, rounded to one of the steps, and near it."""
    exact = _exact(row, profile)
    if exact is None or abs(row.score - exact) > row.weight * profile.limits["coarse"]:
        return False
    return any((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == row.score for step in steps)


def _exact(row: Result, profile: Profile) -> Decimal | None:
    """The points before rounding, as near as a thousandfold weight shows them."""
    fine = due(replace(row, weight=row.weight * 1000), profile)
    return None if fine is None else fine / 1000


def says_none(row: Result, profile: Profile) -> bool:
    """Whether 无 or 未发生 answers a target of 0."""
    return parse_target(row.target).value == 0 and bare(row.actual) in profile.words["nothing"]
