"""A declaration rolled forward into the self-evaluation of the same year."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from .levels import first_level
from .profile import Profile
from .records import TOTAL_LINE, BudgetLine, Declaration, Evaluation, Result


def self_evaluation(declaration: Declaration, form: str | None, rules: Profile) -> Evaluation:
    """The 自评表 to be filled in: indicators and targets carried over, 年初预算数 from the year's funds.

    Weights in points are dealt out by the profile (execution apart) and sum, with it, to exactly 100;
    budget, executed, actuals and scores stay blank for the clerk. 财预〔2020〕10号（依据待核）: the
    indicators and targets of an evaluation are those approved.
    """
    weights = distribute([row.level1 for row in declaration.indicators], rules)
    rows = tuple(
        Result(row.level1, row.level2, row.name, row.target, weight=weight)
        for row, weight in zip(declaration.indicators, weights, strict=True)
    )
    funds = declaration.funds
    return Evaluation(
        form=form,
        year=declaration.year,
        project=declaration.project,
        department=declaration.department,
        unit=declaration.unit,
        money_unit=declaration.money_unit,
        budget=(
            BudgetLine(TOTAL_LINE, initial=declaration.annual_amount, weight=rules.execution),
            BudgetLine("当年财政拨款", initial=funds.annual_fiscal),
            BudgetLine("上年结转资金", initial=funds.annual_carryover),
            BudgetLine("其他资金", initial=funds.annual_other),
        ),
        annual_goal=declaration.annual_goal or declaration.overall_goal,
        indicators=rows,
    )


def distribute(levels: list[str | None], rules: Profile) -> list[Decimal]:
    """Points for each indicator by its 一级指标; all of them sum to 100 − execution exactly.

    A group with no indicator gives its points to 效益 (101号: 满意度 not set) or, failing that, to the
    groups there are in proportion; an unknown 一级指标 counts as 产出.
    """
    if not levels:
        return []
    known, points = shares(levels, rules)
    dealt = {group: iter(_deal(points[group], known.count(group), rules.steps)) for group in points}
    return [next(dealt[group]) for group in known]


def group_of(level: str | None, rules: Profile) -> str:
    """The group of points a 一级指标 counts with; 产出 when the profile does not know it."""
    return rules.groups.get(first_level(level), "产出")


def prescribed(levels: list[str | None], rules: Profile) -> tuple[list[str], dict[str, Decimal] | None]:
    """The group of each 一级指标, and the points the regulation gives each group there is.

    None where it says nothing: only for a missing 满意度 does it say who gets the points (效益, 101号).
    """
    groups = [group_of(level, rules) for level in levels]
    scheme = rules.weights["成本"] if "成本" in groups and "成本" in rules.weights else rules.weights["无成本"]
    known = [group if group in scheme else "产出" for group in groups]
    points = {group: value for group, value in scheme.items() if group in known}
    absent = Decimal(100) - rules.execution - sum(points.values(), Decimal(0))
    if not absent:
        return known, points
    if "效益" in points and absent == scheme.get("满意度"):
        return known, points | {"效益": points["效益"] + absent}
    return known, None


def shares(levels: list[str | None], rules: Profile) -> tuple[list[str], dict[str, Decimal]]:
    """As prescribed, else in proportion; they sum to 100 − execution."""
    known, points = prescribed(levels, rules)
    if points is not None:
        return known, points
    scheme = rules.weights["成本"] if "成本" in known else rules.weights["无成本"]
    present = {group: value for group, value in scheme.items() if group in known}
    whole, base = Decimal(100) - rules.execution, sum(present.values(), Decimal(0))
    parts = [(value * whole / base).quantize(Decimal(1)) for value in present.values()]
    parts[0] += whole - sum(parts)
    return known, dict(zip(present, parts, strict=True))


@lru_cache(maxsize=256)
def _deal(points: Decimal, count: int, steps: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """`points` in `count` nearly equal parts, whole steps each, the first ones taking what is left over."""
    step = next((step for step in steps if points // step >= count and points % step == 0), steps[-1])
    least, over = divmod(int(points / step), count)
    return (step * (least + 1),) * over + (step * least,) * (count - over)
