"""执行率, 得分, 总分. The Excel formulas in form/formulas.py compute the same; tests hold them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from ..errors import BadValue
from .days import done
from .judging import EXACT, as_printed, judge, plain_share
from .numbers import plain, round_half_up
from .profile import Profile
from .records import TOTAL_LINE, BudgetLine, Evaluation, Result
from .target import Target, parse_target

UNDECIDED, UNFILLED = "待核", "未填完"
SCORE_PLACES, RATE_PLACES = 2, 4
_FINE = 6  # places of a converted figure


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


def score(
    target: str | Target | None, actual: object, weight: object, rules: Profile, year: int | None = None
) -> Decimal | None:
    """得分 of one indicator in points, ROUND_HALF_UP to 2 places, between 0 and `weight`.

    target: the 指标值 as printed, or a Target; actual: what was typed (str, int or Decimal);
    weight: 分值 in points; year: the form's, for deadlines that name none.
    None when the actual is blank or cannot be judged (domain/judging.py says why).
    Rules: 财预〔2020〕10号（依据待核）; the reverse formula and the words come from the profile.
    """
    if weight is None:
        return None
    try:
        weight = Decimal(str(weight))
    except InvalidOperation:
        raise BadValue(f"分值 {weight!r} 不是数", advice="请填数字") from None
    return points_of(judge(target, actual, rules, year).share, weight)


def why_pending(row: Result, rules: Profile, year: int | None = None) -> tuple[str, str] | None:
    """Why the formula of 得分 shows 待核 for a row, and what to write instead; None where it shows points."""
    target = parse_target(row.target)
    if row.weight is None or not is_undecided(replace(row, score=None)):
        return None
    if plain_share(target, row.actual or "", rules, year) is not None:
        return None
    found = judge(target, row.actual, rules, year)
    points = points_of(found.share, row.weight)
    if points is None:
        return found.why, found.advice
    advice = "请照指标值的写法填，或在得分栏直接填分"
    if target.kind == "date":
        span = done(row.actual or "", year)
        day = span[1] if span and span[0] == span[1] else None
        advice = f"请写全年月日，即“{day.year}年{day.month}月{day.day}日”" if day else "请写哪一天完成，写全年月日"
    elif found.value is None:
        advice = "请写确切的数，照指标值的写法，或在得分栏直接填分"
    elif target.value:
        figure = plain(round_half_up(as_printed(target, found.value), _FINE))
        advice = f"请照指标值的单位写，即“{figure}{target.unit or ''}”"
    return f"完成值“{row.actual}”程序算得 {plain(points)} 分，表上的公式读不了这样的写法", advice


def points_of(share: Decimal | None, weight: Decimal) -> Decimal | None:
    """A share of a weight in points, rounded half up."""
    return None if share is None else round_half_up(EXACT.multiply(weight, share), SCORE_PLACES)


def _points(weight: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """weight × part ÷ whole held between 0 and weight. Multiplied first, so that ties stay ties."""
    points = EXACT.divide(EXACT.multiply(weight, part), whole)
    return round_half_up(max(Decimal(0), min(weight, points)), SCORE_PLACES)


def scored_result(row: Result, rules: Profile, year: int | None = None) -> Result:
    """The row with its null score as the formula in a sheet gives it, which decides less than `score`."""
    actual = row.actual or ""
    if row.score is not None or row.weight is None or not actual.strip():
        return row
    share = plain_share(parse_target(row.target), actual, rules, year)
    return replace(row, score=points_of(share, row.weight))


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
    rows = tuple(scored_result(row, rules, evaluation.year) for row in evaluation.indicators)
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
    """总分值 and 总分 of the weights and scores as they stand.

    总分 is None while the form is not filled in, or one score is undecided: `shown_total` says which.
    """
    lines = counted(evaluation.budget) + evaluation.indicators
    known = is_filled(evaluation) and not any(is_undecided(row) for row in evaluation.indicators)
    return total(line.weight for line in lines), total(line.score for line in lines) if known else None


def is_filled(evaluation: Evaluation) -> bool:
    """Whether 全年执行数, indicators, and an actual for every one that carries points, were filled in."""
    return not blanks(evaluation)


def blanks(evaluation: Evaluation) -> tuple[str, ...]:
    """The fields that are still blank without which there is no 总分: 全年执行数, 实际完成值 of rows with 分值.

    Where there is no indicator at all, and no 总分 printed, `indicators`.
    """
    whole = [n for n, line in enumerate(evaluation.budget) if line.item == TOTAL_LINE]
    lines = whole or list(range(len(evaluation.budget))) or [0]
    spent = any(evaluation.budget[n].executed is not None for n in lines if evaluation.budget)
    executed = () if spent else (f"budget[{lines[0]}].executed",)
    printed = evaluation.total_score is not None
    rows = () if evaluation.indicators or printed else ("indicators",)
    actuals = (
        f"indicators[{n}].actual"
        for n, row in enumerate(evaluation.indicators)
        if row.weight is not None and not (row.actual or "").strip()
    )
    return (*executed, *rows, *actuals)


def counted(budget: tuple[BudgetLine, ...]) -> tuple[BudgetLine, ...]:
    """The 项目资金 rows whose points count: the total's alone; the others' only where that has none.

    Forms that print the same points beside every row mean them once.
    """
    whole = tuple(line for line in budget if line.item == TOTAL_LINE and (line.weight, line.score) != (None, None))
    return whole or budget


def is_undecided(row: Result) -> bool:
    """Whether something was typed that no score could be given for: shown as 待核, never as 0."""
    return row.score is None and row.weight is not None and bool((row.actual or "").strip())


def shown_score(row: Result) -> Decimal | str | None:
    """What the cell of 得分 shows."""
    return UNDECIDED if is_undecided(row) else row.score


def shown_total(evaluation: Evaluation) -> Decimal | str | None:
    """What the cell of 总分 shows."""
    if evaluation.total_score is not None:
        return evaluation.total_score
    if not is_filled(evaluation):
        return UNFILLED
    return UNDECIDED if any(map(is_undecided, evaluation.indicators)) else None


def total(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there, rounded to 2 places; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return round_half_up(sum(known, Decimal(0)), SCORE_PLACES) if known else None
