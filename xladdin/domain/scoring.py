"""执行率, 得分, 总分. The Excel formulas in form/formulas.py compute the same; tests hold them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from ..errors import BadValue
from .days import done
from .judging import EXACT, as_printed, judge, plain_share
from .numbers import plain, round_half_up
from .profile import Profile
from .records import TOTAL_LINE, BudgetLine, Evaluation, Record, Result
from .target import Target, parse_target

UNDECIDED, UNFILLED = "待核", "未填完"
SCORE_PLACES, RATE_PLACES = 2, 4
MOST_POINTS = Decimal(1000)  # a 分值 or 得分 beyond is a day (9-5 typed into Excel) or a slip
_FINE = 6  # places of a converted figure
_FILLED = (".actual", ".score", ".reason", "actual_result", "total_score")  # ends of fields that are filled in


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


def _is_points(figure: Decimal | None) -> bool:
    return figure is not None and 0 <= figure <= MOST_POINTS


def _points(weight: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """weight × part ÷ whole held between 0 and weight. Multiplied first, so that ties stay ties."""
    points = EXACT.divide(EXACT.multiply(weight, part), whole)
    return round_half_up(max(Decimal(0), min(weight, points)), SCORE_PLACES)


def scored_result(row: Result, rules: Profile, year: int | None = None) -> Result:
    """The row with its null score as the formula in a sheet gives it, which decides less than `score`."""
    actual = row.actual or ""
    if row.score is not None or row.weight is None or not _is_points(row.weight) or not actual.strip():
        return row
    share = plain_share(parse_target(row.target), actual, rules, year)
    return replace(row, score=points_of(share, row.weight))


def scored_line(line: BudgetLine) -> BudgetLine:
    """The budget row with null rate and score computed; only a row that carries 分值 has them.

    An amount below 0 gives none: it is a mistake, or nothing that a rate can be taken of.
    """
    if line.weight is None or any(amount is not None and amount < 0 for amount in (line.executed, line.budget)):
        return line
    rate = execution_rate(line.executed, line.budget) if line.rate is None else line.rate
    points = line.score
    if points is None and _is_points(line.weight):
        points = execution_score(line.executed, line.budget, line.weight)
    return replace(line, rate=rate, score=points)


def scored(evaluation: Evaluation, rules: Profile) -> Evaluation:
    """The evaluation with every null rate, score and total as its live formulas show them; None for 待核."""
    hidden = uncounted(evaluation)

    def line_of(line: BudgetLine, at: str) -> BudgetLine:
        if hidden and {f"{at}.executed", f"{at}.budget"} & hidden:
            return line
        if hidden and f"{at}.weight" in hidden:  # the rate needs none
            return replace(line, rate=scored_line(replace(line, weight=Decimal(0))).rate)
        return scored_line(line)

    def row_of(row: Result, at: str) -> Result:
        return row if hidden and f"{at}.weight" in hidden else scored_result(row, rules, evaluation.year)

    budget = tuple(line_of(line, f"budget[{n}]") for n, line in enumerate(evaluation.budget))
    rows = tuple(row_of(row, f"indicators[{n}]") for n, row in enumerate(evaluation.indicators))
    full = _settled(evaluation, replace(evaluation, budget=budget, indicators=rows))
    weight, points = totals(full)
    if evaluation.total_weight is not None:
        weight = evaluation.total_weight
    if evaluation.total_score is not None:
        points = evaluation.total_score
    return replace(full, total_weight=weight, total_score=points)


def _settled(before: Evaluation, after: Evaluation) -> Evaluation:
    """The evaluation without what stood in the cells of scores that a formula now fills."""
    if before.source is None or not (before.source.texts or before.source.doubts):
        return after
    pairs = zip(_paths(before), _paths(after), strict=True)
    filled = {f"{at}.score" for (at, old), (_, new) in pairs if old.score is None and new.score is not None}
    doubts = tuple(doubt for doubt in before.source.doubts if doubt.field not in filled)
    texts = {field: text for field, text in before.source.texts.items() if field not in filled}
    return replace(after, source=replace(before.source, doubts=doubts, texts=texts))


def as_shown(evaluation: Evaluation, rules: Profile) -> Evaluation:
    """What its live formulas show: of a record that never was a sheet computed, of one read a blank stays blank."""
    return evaluation if evaluation.source is not None else scored(evaluation, rules)


def totals(evaluation: Evaluation) -> tuple[Decimal | None, Decimal | None]:
    """总分值 and 总分 of the weights and scores as they stand.

    总分 is None while the form is not filled in, or one score is undecided: `shown_total` says which. 总分值 is None
    while one weight is no figure of points.
    """
    hidden = uncounted(evaluation)
    lines = list(_counting(evaluation))
    odd = any(f"{at}.weight" in hidden or line.weight is not None and not _is_points(line.weight) for at, line in lines)
    known = is_filled(evaluation) and not is_pending(evaluation)
    points = total(line.score for _, line in lines) if known else None
    return None if odd else total(line.weight for _, line in lines), points


def is_pending(evaluation: Evaluation) -> bool:
    """Whether a score that 总分 counts is not known: none beside a 分值, or a text or a figure no score can be."""
    hidden = uncounted(evaluation)
    return any(
        line.weight is not None and line.score is None
        or line.score is not None and not _is_points(line.score)
        or bool(hidden) and not hidden.isdisjoint((f"{at}.weight", f"{at}.score"))
        for at, line in _counting(evaluation)
    )  # fmt: skip


def _counting(evaluation: Evaluation) -> Iterator[tuple[str, BudgetLine | Result]]:
    """The rows that 总分值 and 总分 count, and where each is."""
    mine = counted(evaluation.budget)
    yield from ((at, line) for at, line in _paths(evaluation) if isinstance(line, Result) or line in mine)


def _paths(evaluation: Evaluation) -> Iterator[tuple[str, BudgetLine | Result]]:
    yield from ((f"budget[{n}]", line) for n, line in enumerate(evaluation.budget))
    yield from ((f"indicators[{n}]", row) for n, row in enumerate(evaluation.indicators))


def uncounted(evaluation: Evaluation) -> frozenset[str]:
    """The fields whose cells hold what no formula counts: a text, an error, what was not understood."""
    source = evaluation.source
    return doubted(evaluation) | source.texts.keys() if source else frozenset()


def doubted(record: Record) -> frozenset[str]:
    """The fields of which something was seen and not understood."""
    source = record.source
    return frozenset(doubt.field for doubt in source.doubts) if source else frozenset()


def is_filled(evaluation: Evaluation) -> bool:
    """Whether 全年执行数, indicators, and an actual for every one that carries points, were filled in."""
    return not blanks(evaluation)


def blanks(evaluation: Evaluation) -> tuple[str, ...]:
    """The fields that are still blank without which there is no 总分: 全年执行数, 实际完成值 of rows with 分值.

    What was typed and not understood is not blank. Where there is no indicator at all, and no 总分 printed:
    `indicators`.
    """
    odd = doubted(evaluation)
    whole = [n for n, line in enumerate(evaluation.budget) if line.item == TOTAL_LINE]
    lines = whole or list(range(len(evaluation.budget))) or [0]
    spent = any(evaluation.budget[n].executed is not None for n in lines if evaluation.budget)
    spent = spent or any(f"budget[{n}].executed" in odd for n in lines)
    executed = () if spent else (f"budget[{lines[0]}].executed",)
    printed = evaluation.total_score is not None
    rows = () if evaluation.indicators or printed else ("indicators",)
    actuals = (
        f"indicators[{n}].actual"
        for n, row in enumerate(evaluation.indicators)
        if row.weight is not None and not (row.actual or "").strip() and f"indicators[{n}].actual" not in odd
    )
    return (*executed, *rows, *actuals)


def is_untouched(evaluation: Evaluation) -> bool:
    """Whether nothing was filled in beyond what the declaration gives: no figures, no actuals, no texts, no doubts."""
    amounts = (amount for line in evaluation.budget for amount in (line.budget, line.executed, line.rate, line.score))
    texts = [evaluation.actual_result, *(line.reason for line in evaluation.budget)]
    texts += [text for row in evaluation.indicators for text in (row.actual, row.reason)]
    scores = (row.score for row in evaluation.indicators)
    filled = any((text or "").strip() for text in texts) or any(each is not None for each in (*amounts, *scores))
    odd = any(field.startswith("budget[") or field.endswith(_FILLED) for field in doubted(evaluation))
    return not filled and not odd and evaluation.total_score is None


def counted(budget: tuple[BudgetLine, ...]) -> tuple[BudgetLine, ...]:
    """The 项目资金 rows whose points count: the total's alone; the others' only where that has none.

    Forms that print the same points beside every row mean them once.
    """
    whole = tuple(line for line in budget if line.item == TOTAL_LINE and not _is_bare(line))
    return whole or budget


def _is_bare(line: BudgetLine) -> bool:
    """Whether it has neither 分值 nor 得分."""
    return line.weight is None and line.score is None


def is_undecided(row: Result) -> bool:
    """Whether something was typed that no score could be given for: shown as 待核, never as 0."""
    return row.score is None and row.weight is not None and bool((row.actual or "").strip())


def shown_score(row: Result) -> Decimal | str | None:
    """What the cell of 得分 shows."""
    return UNDECIDED if is_undecided(row) else row.score


def shown_line(evaluation: Evaluation, n: int) -> tuple[Decimal | str | None, Decimal | str | None]:
    """What the cells of 执行率 and 得分 of a scored budget row show."""
    line, hidden = evaluation.budget[n], uncounted(evaluation)
    amounts = ((line.executed, f"budget[{n}].executed"), (line.budget, f"budget[{n}].budget"))
    blank = any(amount is None and field not in hidden for amount, field in amounts) or line.weight is None
    pending = None if blank else UNDECIDED
    rate, points = (pending if figure is None else figure for figure in (line.rate, line.score))
    return rate, points


def shown_total(evaluation: Evaluation) -> Decimal | str | None:
    """What the cell of 总分 shows."""
    if evaluation.total_score is not None:
        return evaluation.total_score
    if not is_filled(evaluation):
        return UNFILLED
    return UNDECIDED if is_pending(evaluation) else None


def shown_weight(evaluation: Evaluation) -> Decimal | str | None:
    """What the cell of 总分值 shows."""
    if evaluation.total_weight is not None:
        return evaluation.total_weight
    return UNDECIDED if any(line.weight is not None for _, line in _counting(evaluation)) else None


def total(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there, rounded to 2 places; None when nothing is."""
    known = [figure for figure in figures if figure is not None]
    return round_half_up(sum(known, Decimal(0)), SCORE_PLACES) if known else None
