"""Single faults in amounts, points, actuals and reasons; see faults.py."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from xladdin import Result, execution_rate, parse_target
from xladdin.domain.numbers import decimal_of

from .faults import DECLARED, EVALUATED, Mutation, changed, edit, fault, forward, is_figure, put, reverse, rows
from .notation import WAN, plain, rounded, with_figure
from .pairs import ADJUSTED, BLANK, UNITS, Pair

AMOUNTS = ("initial", "budget", "executed")
FUNDS = ("total", "fiscal", "other", "annual_total", "annual_fiscal", "annual_carryover", "annual_other")


def _yuan(pair: Pair, side: str, yuan: int) -> Decimal:
    """An amount of 元 in the unit of a side."""
    unit = UNITS[pair.record(side).form]
    return Decimal(yuan) / WAN if unit == "万元" else Decimal(yuan)


def _shifted(pair: Pair, side: str, field: str, yuan: int) -> Mutation | None:
    """An amount off by so many 元."""
    value = pair.record(side)
    for name in re.findall(r"\w+", field):
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return None if value is None else changed(pair, side, field, value + _yuan(pair, side, yuan))


# ---------------------------------------------------------------- amounts


@fault("X-03", "E-01")
def initial_total_changed(pair, random):
    return _shifted(pair, EVALUATED, "budget[0].initial", random.choice([-54_000, 30_000, 120_000]))


@fault("X-04", "E-01")
def fund_line_changed(pair, random):
    return _shifted(pair, EVALUATED, "budget[1].initial", random.choice([-54_000, 54_000]))


@fault("E-01")
def budget_line_changed(pair, random):
    return _shifted(pair, EVALUATED, "budget[1].budget", random.choice([-54_000, 54_000]))


@fault("E-01")
def executed_line_changed(pair, random):
    return _shifted(pair, EVALUATED, "budget[1].executed", -30_000)


@fault("E-01", "X-04")
def line_in_the_wrong_unit(pair, random):
    """元 typed for 万元 or the other way, in one cell."""
    factor = WAN if UNITS[pair.evaluation.form] == "万元" else 1 / WAN
    column = random.choice(AMOUNTS)
    value = getattr(pair.evaluation.budget[1], column) * factor
    return changed(pair, EVALUATED, f"budget[1].{column}", rounded(value, 4))


@fault("D-F2", "X-04")
def declared_line_in_the_wrong_unit(pair, random):
    factor = WAN if UNITS[pair.declaration.form] == "万元" else 1 / WAN
    return changed(pair, DECLARED, "funds.annual_fiscal", rounded(pair.declaration.funds.annual_fiscal * factor, 4))


@fault("D-F7", "X-03")
def sheet_in_the_wrong_unit(pair, random):
    """The evaluation's heading says 元 and its amounts are 万元, or the other way round."""
    factor = WAN if UNITS[pair.evaluation.form] == "万元" else 1 / WAN

    def moved(line):
        given = {name: getattr(line, name) for name in AMOUNTS}
        return replace(line, **{name: value * factor for name, value in given.items() if value is not None})

    budget = tuple(moved(line) for line in pair.evaluation.budget)
    also = tuple((EVALUATED, f"budget[{n}].{name}") for n in range(len(budget)) for name in AMOUNTS)
    return Mutation(replace(pair, evaluation=replace(pair.evaluation, budget=budget)), "money_unit", EVALUATED, also)


@fault("D-F7", "X-03")
def declaration_in_the_wrong_unit(pair, random):
    factor = WAN if UNITS[pair.declaration.form] == "万元" else 1 / WAN
    given = {name: getattr(pair.declaration.funds, name) for name in FUNDS}
    funds = replace(
        pair.declaration.funds, **{name: value * factor for name, value in given.items() if value is not None}
    )
    also = tuple((DECLARED, f"funds.{name}") for name in FUNDS)
    return Mutation(replace(pair, declaration=replace(pair.declaration, funds=funds)), "money_unit", DECLARED, also)


@fault("E-03")
def executed_over_budget(pair, random):
    line = pair.evaluation.budget[0]
    return changed(pair, EVALUATED, "budget[0].executed", rounded(line.budget * Decimal("1.04"), 2))


@fault("D-F2")
def declared_total_broken(pair, random):
    return _shifted(pair, DECLARED, "funds.annual_total", random.choice([-54_000, 54_000]))


@fault("D-F2", "X-04")
def declared_line_broken(pair, random):
    return _shifted(pair, DECLARED, "funds.annual_fiscal", random.choice([-54_000, 54_000]))


@fault("D-F1")
def declared_project_total_broken(pair, random):
    return _shifted(pair, DECLARED, "funds.total", 54_000)


@fault("D-F4", "D-F1")
def annual_fiscal_over_the_project_s(pair, random):
    funds = pair.declaration.funds
    if funds.fiscal is None:
        return None
    lower = rounded(funds.annual_fiscal * Decimal("0.9"), 4)
    return changed(pair, DECLARED, "funds.fiscal", lower, ((DECLARED, "funds.annual_fiscal"),))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these stretches of it cut out."""
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


@fault("X-15")
def adjustment_left_unexplained(pair, random):
    """全年预算 differs from 年初 and the sentence that says why is deleted; the unexplained figure tells of it too."""
    text = pair.evaluation.actual_result
    cut = _without(text, [(start, end) for key, start, end in pair.marks if key == ADJUSTED])
    also = tuple((EVALUATED, f"budget[{n}].{name}") for n in (0, 1) for name in ("budget", "initial"))
    return changed(pair, EVALUATED, "actual_result", cut, also) if cut != text else None


# ---------------------------------------------------------------- execution and totals


@fault("E-02")
def rate_wrong(pair, random):
    return changed(pair, EVALUATED, "budget[0].rate", pair.evaluation.budget[0].rate - Decimal("0.005"))


@fault("E-02")
def rate_of_the_initial_budget(pair, random):
    line = pair.evaluation.budget[0]
    rate = execution_rate(line.executed, line.initial)
    return changed(pair, EVALUATED, "budget[0].rate", rate) if abs(rate - line.rate) > Decimal("0.001") else None


@fault("E-02", "E-06")
def execution_score_wrong(pair, random):
    score = pair.evaluation.budget[0].score
    return changed(pair, EVALUATED, "budget[0].score", score - Decimal("0.3") if score > 9 else score + 1)


@fault("E-06")
def total_score_off_by_one(pair, random):
    return changed(pair, EVALUATED, "total_score", pair.evaluation.total_score + random.choice([-1, 1]))


@fault("E-06")
def total_weight_wrong(pair, random):
    return changed(pair, EVALUATED, "total_weight", Decimal(random.choice([90, 99, 105])))


@fault("E-06", "X-14")
def weight_changed(pair, random):
    return edit(pair, random, lambda row, _: True, "weight", lambda row, _: row.weight + random.choice([2, 5]))


@fault("E-05")
def weight_zero(pair, random):
    return edit(pair, random, lambda row, _: row.weight > 0, "weight", lambda row, _: Decimal(0))


@fault("X-14")
def weights_shifted(pair, random):
    """Five points moved, with their scores, from outputs to benefits: still 100, no longer the scheme."""
    full = list(rows(pair, random, lambda row, _: row.score == row.weight and row.weight > 5))
    giver = next((item for item in full if item[1].level1 == "产出指标"), None)
    taker = next((item for item in full if item[1].level1 == "效益指标"), None)
    if not giver or not taker:
        return None
    for (number, row, _), points in ((giver, -5), (taker, 5)):
        more = row.weight + points
        pair = put(pair, EVALUATED, f"indicators[{number}]", replace(row, weight=more, score=more))
    at = [(EVALUATED, f"indicators[{number}].weight") for number, *_ in (giver, taker)]
    return Mutation(pair, at[0][1], EVALUATED, (at[1],))


# ---------------------------------------------------------------- scores


@fault("E-05", "E-04")
def score_over_weight(pair, random):
    return edit(pair, random, lambda row, _: True, "score", lambda row, _: row.weight + 1)


@fault("E-05", "E-04")
def score_negative(pair, random):
    return edit(pair, random, lambda row, _: True, "score", lambda row, _: Decimal(-2))


@fault("E-12", "E-04")
def score_full_though_short(pair, random):
    def short(row, target):
        return is_figure(row, target) and row.score < row.weight

    return edit(pair, random, short, "score", lambda row, _: row.weight)


@fault("E-04")
def score_a_little_off(pair, random):
    def short(row, target):
        return is_figure(row, target) and row.score < row.weight - Decimal("0.5")

    return edit(pair, random, short, "score", lambda row, _: row.score + Decimal("0.3"))


@fault("E-04", "E-07", "E-13")
def score_lowered_though_reached(pair, random):
    def full(row, target):
        return is_figure(row, target) and row.score == row.weight

    return edit(pair, random, full, "score", lambda row, _: row.score - 1)


@fault("E-11")
def words_outside_their_band(pair, random):
    """部分达成 with all the points."""
    return edit(pair, random, lambda row, _: row.actual.startswith("部分达成"), "score", lambda row, _: row.weight)


# ---------------------------------------------------------------- actuals


@fault("E-09")
def actual_copied_with_operator(pair, random):
    def printed(row, target):
        return is_figure(row, target) and target.op is not None

    return edit(pair, random, printed, "actual", lambda row, _: row.target)


@fault("E-41")
def actual_blank(pair, random):
    return edit(pair, random, lambda row, _: True, "actual", lambda row, _: "")


@fault("E-10")
def actual_says_done(pair, random):
    return edit(pair, random, is_figure, "actual", lambda row, _: random.choice(["已完成", "达标"]))


@fault("E-08")
def actual_doubled(pair, random):
    return _overdone(pair, random, Decimal("2.1"))


@fault("E-08")
def actual_a_quarter_over(pair, random):
    """1.25 of the target: above the line of a warning, below that of an error."""
    return _overdone(pair, random, Decimal("1.25"))


def _overdone(pair: Pair, random, factor: Decimal) -> Mutation | None:
    def counts(row, target):
        return forward(row, target) and target.kind == "number" and row.score == row.weight and row.reason is None

    def over(row, target):
        return with_figure(row.actual, lambda _: rounded(target.value * factor))

    return edit(pair, random, counts, "actual", over)


@fault("E-19", "E-12", "E-04")
def reverse_target_exceeded(pair, random):
    def kept(row, target):
        return reverse(row, target) and row.score == row.weight

    def over(row, target):
        if target.kind == "percent":
            return f"{plain(rounded(target.value * 120, 1))}%"
        return with_figure(row.actual, lambda _: rounded(target.number * Decimal("1.4"), 2))

    return edit(pair, random, kept, "actual", over)


@fault("E-12", "E-04")
def actual_short_of_full_score(pair, random):
    def full(row, target):
        return forward(row, target) and row.score == row.weight and row.reason is None

    def short(row, target):
        return with_figure(row.actual, lambda _: target.value * Decimal("0.8"))

    def counts(row, target):
        return full(row, target) and target.kind == "number"

    return edit(pair, random, counts, "actual", short)


@fault("E-12", "E-04")
def zero_exceeded(pair, random):
    def is_zero(_row, target):
        return target.kind in ("number", "percent") and target.value == 0

    return edit(pair, random, is_zero, "actual", lambda row, _: row.actual.replace("0", "3", 1))


@fault("E-26", "E-04", "E-12")
def actual_percent_mixed_up(pair, random):
    """93% typed as 0.93%."""

    def slipped(row, _):
        return f"{plain(Decimal(row.actual.removesuffix('%')) / 100)}%"

    def is_rate(row, target):
        return forward(row, target) and target.kind == "percent" and row.actual.endswith("%")

    return edit(pair, random, is_rate, "actual", slipped)


@fault("E-37", "E-12")
def actual_in_another_unit(pair, random):
    others = {"场": "人", "人次": "元", "户": "元", "份": "场", "公里": "米", "次": "人", "件": "人"}

    def swapped(row, target):
        return row.actual.replace(target.unit, others[target.unit])

    def has_unit(row, target):
        return target.unit in others and row.actual.endswith(target.unit)

    return edit(pair, random, has_unit, "actual", swapped)


@fault("E-14")
def every_actual_is_its_target(pair, random):
    """All figures exactly as planned and every point given, where some had been lost."""
    if all(row.score == row.weight for row in pair.evaluation.indicators):
        return None
    results = [replace(row, actual=_planned(row), score=row.weight, reason=None) for row in pair.evaluation.indicators]
    total = sum(row.score for row in results) + pair.evaluation.budget[0].score
    evaluation = replace(pair.evaluation, indicators=tuple(results), total_score=total)
    also = tuple((EVALUATED, f"indicators[{n}].{name}") for n in range(len(results)) for name in ("actual", "score"))
    text = "按计划推进各项工作。" + _explained(pair)
    evaluation = replace(evaluation, actual_result=text)
    return Mutation(replace(pair, evaluation=evaluation), also[0][1], EVALUATED, also)


def _explained(pair: Pair) -> str:
    """What 实际完成情况 says of an adjusted budget."""
    text = pair.evaluation.actual_result
    return "".join(text[start:end] for key, start, end in pair.marks if key == ADJUSTED)


def _planned(row: Result) -> str:
    """The actual that says no more than the target."""
    target = parse_target(row.target)
    if not is_figure(row, target):
        return "达成" if row.actual.startswith("部分达成") else row.actual
    return f"{plain(target.value * 100)}%" if target.kind == "percent" else plain(target.value)


# ---------------------------------------------------------------- reasons


@fault("E-07")
def reason_deleted(pair, random):
    return edit(pair, random, lambda row, _: row.score < row.weight, "reason", lambda row, _: "")


@fault("E-07")
def reason_says_nothing(pair, random):
    words = random.choice(["无", "正常", "疫情原因"])
    return edit(pair, random, lambda row, _: row.score < row.weight, "reason", lambda row, _: words)


@fault("E-08")
def surplus_left_unexplained(pair, random):
    def surplus(row, _target):
        return row.score == row.weight and row.reason not in BLANK

    return edit(pair, random, surplus, "reason", lambda row, _: "")


@fault("E-12")
def reason_contradicts_full_score(pair, random):
    def full(row, target):
        return forward(row, target) and row.score == row.weight and row.reason is None

    return edit(pair, random, full, "reason", lambda row, _: "因疫情推迟，部分活动未开展。")


@fault("E-26", "E-10")
def actual_is_a_range(pair, random):
    """大于目标 typed for a figure that was not counted."""

    def vague(row, target):
        return forward(row, target) and target.kind == "number" and decimal_of(row.actual) is None

    return edit(pair, random, vague, "actual", lambda row, _: "大于目标值")
