"""执行率, 得分, 总分. The Excel formulas in form/formulas.py compute the same; tests hold them together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal, InvalidOperation

from ..errors import BadValue
from .actual import comparable, day_of
from .numbers import round_half_up
from .profile import Profile
from .records import BudgetLine, Evaluation, Result
from .target import Target, parse_target

EXACT = Context(prec=40)
SCORE_PLACES, RATE_PLACES = 2, 4


def execution_rate(executed: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """全年执行数 ÷ 全年预算数 as a fraction, ROUND_HALF_UP to 4 places.

    None when either is blank; 0 when the budget is 0, as 预算管理一体化系统 does (依据待核).
    """
    if executed is None or budget is None:
        return None
    executed, budget = Decimal(executed), Decimal(budget)
    if budget == 0:
        return Decimal(0)
    return round_half_up(EXACT.divide(executed, budget), RATE_PLACES)


def execution_score(executed: Decimal | None, budget: Decimal | None, weight: Decimal | None) -> Decimal | None:
    """分值 × 执行率 in points, from the unrounded amounts, between 0 and the weight."""
    if executed is None or budget is None or weight is None:
        return None
    if budget == 0:
        return Decimal(0)
    return _points(weight, executed, budget)


def score(target: str | Target | None, actual: object, weight: object, rules: Profile) -> Decimal | None:
    """得分 of one indicator in points, ROUND_HALF_UP to 2 places, between 0 and `weight`.

    target: the 指标值 as printed, or a Target; actual: what was typed (str, int or Decimal);
    weight: 分值 in points.
    None when the actual is blank or the figure cannot be judged (待核).
    Rules: 财预〔2020〕10号（依据待核）; the reverse formula and the words come from the profile.
    """
    target = target if isinstance(target, Target) else parse_target(target)
    actual = "" if actual is None else str(actual)
    if weight is None or not actual.strip():
        return None
    try:
        weight = Decimal(str(weight))
    except InvalidOperation:
        raise BadValue(f"分值 {weight!r} 不是数", advice="请填数字") from None
    if target.kind in ("number", "percent"):
        value = comparable(target, actual)
        return None if value is None else _quantitative(target, value, weight, rules)
    return round_half_up(weight, SCORE_PLACES) if _achieved(target, actual, rules) else None


def _quantitative(target: Target, value: Decimal, weight: Decimal, rules: Profile) -> Decimal | None:
    """With target A, actual B, weight W: forward B/A·W; reverse (2−B/A)·W or A/B·W; a target of 0 is all or nothing."""
    aim = target.value
    if aim < 0:
        return None
    if aim == 0:
        return round_half_up(weight if value <= 0 else Decimal(0), SCORE_PLACES)
    if not target.reverse:
        return _points(weight, value, aim)
    if rules.reverse == "platform":
        return _points(weight, 2 * aim - value, aim)
    return _points(weight, aim, max(value, aim))


def _points(weight: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """weight × part ÷ whole held between 0 and weight. Multiplied first, so that ties stay ties."""
    points = EXACT.divide(EXACT.multiply(weight, part), whole)
    return round_half_up(max(Decimal(0), min(weight, points)), SCORE_PLACES)


def _achieved(target: Target, actual: str, rules: Profile) -> bool:
    """Whether wording, or a date on time, says that the target was reached in full."""
    if target.kind == "unset":
        return False
    if target.kind == "date" and target.value is not None:
        day = day_of(actual)
        if day is not None:
            return day < target.value if target.op == "<" else day <= target.value
    said = " ".join(part for part in actual.split(" ") if part)
    return said in rules.achieved or (target.kind == "text" and said == target.text.strip(" "))


def scored_result(row: Result, rules: Profile) -> Result:
    """The row with its null score computed."""
    if row.score is not None:
        return row
    return replace(row, score=score(row.target, row.actual, row.weight, rules))


def scored_line(line: BudgetLine) -> BudgetLine:
    """The budget row with null rate and score computed; only a row that carries 分值 has them."""
    if line.weight is None:
        return line
    rate = execution_rate(line.executed, line.budget) if line.rate is None else line.rate
    points = execution_score(line.executed, line.budget, line.weight) if line.score is None else line.score
    return replace(line, rate=rate, score=points)


def scored(evaluation: Evaluation, rules: Profile) -> Evaluation:
    """The evaluation with every null rate, score and total as its live formulas will show them."""
    budget = tuple(scored_line(line) for line in evaluation.budget)
    rows = tuple(scored_result(row, rules) for row in evaluation.indicators)
    full = replace(evaluation, budget=budget, indicators=rows)
    weight, points = totals(full)
    if evaluation.total_weight is not None:
        weight = evaluation.total_weight
    if evaluation.total_score is not None:
        points = evaluation.total_score
    return replace(full, total_weight=weight, total_score=points)


def as_shown(evaluation: Evaluation, rules: Profile) -> Evaluation:
    """What its live formulas show: of a record that never was a sheet computed, of one read a blank stays blank."""
    return evaluation if evaluation.source is not None else scored(evaluation, rules)


def totals(evaluation: Evaluation) -> tuple[Decimal | None, Decimal | None]:
    """总分值 and 总分 of the weights and scores as they stand; 总分 is None while one is undecided."""
    lines = evaluation.budget + evaluation.indicators
    undecided = any(is_undecided(row) for row in evaluation.indicators)
    return total(line.weight for line in lines), None if undecided else total(line.score for line in lines)


def is_undecided(row: Result) -> bool:
    """Whether something was typed that no score could be given for: shown as 待核, never as 0."""
    return row.score is None and bool((row.actual or "").strip())


def total(figures) -> Decimal | None:
    """The sum of what is there, rounded to 2 places; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return round_half_up(sum(known, Decimal(0)), SCORE_PLACES) if known else None
