"""Realistic pairs of 申报表 and 自评表 in which an honest reviewer finds no error.

Everything is drawn from one seeded Random. Scores are those of the handbook's formulas; lost points, large
surpluses and adjusted budgets carry a cause and a measure. Some pairs differ between their sides in
ways that mean nothing: brackets, blanks, another notation of the same target, a fuller name of the
department, 0 for an empty fund line, 万元 rounded to its decimals, the order of indicators.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

import xladdin
from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.domain.records import BUDGET_ITEMS
from xladdin.domain.scoring import scored
from xladdin.profiles import profile

from .notation import FIGURE, WAN, Notation, about, mark, notation, plain, restated, rounded, unmarked
from .themes import COSTS, GROUPS, LEVELS, THEMES, Kind, Theme

FORMS = {2021: "2021申报表", 2022: "2021申报表", 2023: "2023申报表", 2024: "2024申报表", 2025: "2024申报表"}
UNITS = {"2021申报表": "元", "2023申报表": "万元", "2024申报表": "元", "2021自评表": "元", "全国自评表": "万元"}
PLAIN_WEIGHTS = {"产出": 50, "效益": 30, "满意度": 10}
COST_WEIGHTS = {"成本": 20, "产出": 40, "效益": 20, "满意度": 10}
SURPLUS = "街镇新增服务需求较多，经批准扩大了覆盖面，实际完成超计划较大；下年度据此合理提高指标值。"
SURPLUS_FROM = Decimal("1.2")  # of the target: from here on a reason is due
CAUSES = {
    "数量": "因部分场地档期变动，实际完成量略低于计划；下年度提前落实场地与人员，按季度跟踪进度。",
    "质量": "少数新参与单位对标准掌握不够，质量略低于目标；下一步加强业务培训，完善过程检查。",
    "时效": "个别环节流转时间较长，进度略有滞后；下一步优化流程，明确各环节办理时限。",
    "满意": "部分受访者反映服务时段选择偏少；下年度增加服务时段，完善意见反馈机制。",
    "成本": "主要材料价格上涨，实际成本略高于目标；下年度加强询价比选，严格控制支出。",
    "效益": "项目启动时间偏晚，效果显现不足；下一步加强宣传推广，持续跟踪服务成效。",
}


BLANK = (None, "无", "/", "—", "无偏差")  # what stands in 偏差原因 where there is nothing to explain
ADJUSTED = "adjusted"  # the mark of what explains an adjusted budget


@dataclass(frozen=True, slots=True)
class Pair:
    """The two records; `rows[n]` is the evaluation's row of the declaration's indicator n.

    marks: (key, start, end) of what 实际完成情况 tells: a figure of the declaration's indicator n under the
    key "n" (a count) or "n%" (a rate), what explains an adjusted budget under ADJUSTED.
    """

    declaration: Declaration
    evaluation: Evaluation
    rows: tuple[int, ...]
    marks: tuple[tuple[str, int, int], ...] = ()

    def record(self, side: str) -> Declaration | Evaluation:
        """The record of a side, `declaration` or `evaluation`."""
        return getattr(self, side)


class Money:
    """The amounts of a project in 元, and as its forms show them."""

    def __init__(self, random: Random, form: str, evaluated_on: str):
        self.random = random
        self.shown = {side: UNITS[name] or "元" for side, name in (("declaration", form), ("evaluation", evaluated_on))}
        total = Decimal(random.randrange(2_000, 60_000)) * 100
        if random.random() < 0.2:
            total += Decimal(random.randrange(10_000)) / 100
        self.several_years = random.random() < 0.2
        carried = random.random() < 0.25
        other = random.random() < 0.2
        carry = rounded(total * random.randrange(3, 15) / 100, -2) if carried else Decimal(0)
        extra = rounded(total * random.randrange(3, 20) / 100, -2) if other else Decimal(0)
        self.carried = carried
        self.initial = (total - carry - extra, carry, extra)
        change = random.choice([0, 0, 0, -random.randrange(2, 15), random.randrange(2, 10)])
        self.change = rounded(self.initial[0] * change / 100, -2)
        self.budget = (self.initial[0] + self.change, carry, extra)
        spans = [(8600, 9990)] * 8 + [(9400, 9999)] * 8 + [(6500, 8000)]
        share = Decimal(random.randrange(*random.choice(spans))) / 10_000
        self.executed = (rounded(self.budget[0] * share, 2), carry, rounded(extra * share, 2))
        if random.random() < 0.1:
            self.executed = self.budget

    def figures(self, side: str, amounts: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        """Total and parts as that side shows them; 万元 on an evaluation are rounded to its two decimals."""
        if self.shown[side] == "万元":
            amounts = tuple(amount / WAN for amount in amounts)
            if side == "evaluation":
                amounts = tuple(rounded(amount, 2) for amount in amounts)
        return (sum(amounts), *amounts)

    def lines(self) -> tuple[BudgetLine, ...]:
        """项目资金 of the evaluation, rate and scores still to be computed."""
        columns = (self.figures("evaluation", part) for part in (self.initial, self.budget, self.executed))
        rows = zip(BUDGET_ITEMS, zip(*columns, strict=True), strict=True)
        blank = self.random.random() < 0.3
        lines = [
            BudgetLine(item, *(None if blank and not any(cells) else cell for cell in cells)) for item, cells in rows
        ]
        return (replace(lines[0], weight=Decimal(10)), *lines[1:])

    def funds(self, form: str) -> Funds:
        """The amounts of the declaration; empty lines are blank or 0, and 2024 forms may leave the project's out."""
        total, fiscal, carry, other = self.figures("declaration", self.initial)
        zero = self.random.choice([None, Decimal(0)])
        annual = (total, fiscal, carry or zero, other or zero)
        if form == "2024申报表" and not self.several_years and self.random.random() < 0.5:
            return Funds(None, None, None, *annual)
        times = self.random.choice([2, 3]) if self.several_years else 1
        return Funds(total * times, (total - other) * times, other * times or zero, *annual)


class Row:
    """Target and actual of one indicator. done: reached, surplus, missed or partly."""

    def __init__(self, random: Random, hand: Notation, kind: Kind, year: int, money: Money):
        self.random, self.hand, self.kind, self.year, self.money = random, hand, kind, year, money
        self.done = "missed" if random.random() < 0.18 else "reached"
        self.aim = self.value = Decimal(0)
        self.less_is_better = False
        self.target, self.actual = getattr(self, kind.style)()

    def count(self) -> tuple[str, str]:
        low, high = self.kind.low, self.kind.high
        step = 10 ** max(0, len(str(low)) - 2)
        aim = Decimal(self.random.randrange(low, high, step))
        op = self.random.choice("=≥≥")
        value = aim
        if self.done == "missed":
            value = rounded(aim * self.random.randrange(85, 99) / 100)
        elif op == "≥":
            much = self.random.random() < 0.12
            percent = self.random.randrange(122, 150) if much else self.random.randrange(100, 116)
            value = rounded(aim * percent / 100)
        if value >= aim and self.done == "missed":
            self.done = "reached"
        if self.done != "missed":
            self.done = "surplus" if value >= aim * SURPLUS_FROM else "reached"
        self.aim, self.value = aim, value
        return self.hand.figure(op, aim, self.kind.unit), self.hand.actual(value, self.kind.unit)

    def rate(self) -> tuple[str, str]:
        aim = Decimal(self.random.randint(self.kind.low, self.kind.high))
        op = "=" if aim == 100 else "≥"
        if self.done == "missed":
            value = aim - Decimal(self.random.randrange(10, 60)) / 10
        else:
            value = aim + (100 - aim) * Decimal(self.random.randrange(1, 9)) / 10
        self.aim, self.value = aim, rounded(value, 1)
        if self.value >= aim * SURPLUS_FROM:
            self.done = "surplus"
        return self.hand.figure(op, aim, "%"), self.hand.actual(self.value, "%")

    def points(self) -> tuple[str, str]:
        aim = Decimal(self.random.randint(self.kind.low, self.kind.high))
        tenths = self.random.randrange(-50, -5) if self.done == "missed" else self.random.randrange(1, 60)
        self.aim, self.value = aim, aim + Decimal(tenths) / 10
        return self.hand.figure("≥", aim, "分"), self.hand.actual(self.value, "分")

    def days(self) -> tuple[str, str]:
        aim = self.random.randint(self.kind.low, self.kind.high)
        value = aim + 1 if self.done == "missed" else aim - self.random.randrange(1, 3)
        self.aim, self.value, self.less_is_better = Decimal(aim), Decimal(value), True
        unit = self.kind.unit
        return self.hand.figure("≤", Decimal(aim), unit), f"{value}{unit}"

    def price(self) -> tuple[str, str]:
        low = self.kind.low
        aim = Decimal(self.random.randrange(low, self.kind.high, 10 ** max(0, len(str(low)) - 2)))
        percent = self.random.randrange(102, 112) if self.done == "missed" else self.random.randrange(85, 100)
        self.aim, self.value, self.less_is_better = aim, rounded(aim * percent / 100, 2), True
        return self.hand.figure("≤", aim, self.kind.unit), self.hand.actual(self.value, self.kind.unit)

    def zero(self) -> tuple[str, str]:
        self.done = "reached"
        if self.kind.unit == "%":
            return ("=" if self.hand.ascii else "") + "0%", "0%"
        return self.random.choice(["0", "=0", "≤0"]) + self.kind.unit, f"0{self.kind.unit}"

    def words(self) -> tuple[str, str]:
        if self.done == "missed":
            self.done = "partly"
            return self.kind.unit, "部分达成"
        return self.kind.unit, self.random.choice(["达成", "达成预期指标", self.kind.unit])

    def date(self) -> tuple[str, str]:
        self.done = "reached"
        month = self.random.randint(9, 12)
        day = dt.date(self.year, month - self.random.randint(0, 2), self.random.randint(1, 28))
        written = self.random.choice([f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日"])
        due = [f"{self.year}年{month}月底前", f"{self.year}年{month}月30日前", f"{self.year}-{month:02}-30前"]
        return self.random.choice(due), written

    def total(self) -> tuple[str, str]:
        aim, value = (rounded(sum(part) / WAN, 2) for part in (self.money.initial, self.money.executed))
        self.aim, self.value, self.less_is_better = aim, value, True
        self.done = "missed" if value > aim else "reached"
        return self.hand.figure("≤", aim, "万元"), f"{plain(value)}万元"

    def spent(self) -> tuple[str, str]:
        self.done = "reached"
        rate = rounded(sum(self.money.executed) / sum(self.money.budget) * 100, 2)
        return self.hand.figure("≤", Decimal(100), "%"), self.hand.actual(rate, "%")

    def due(self, weight: Decimal) -> Decimal:
        """The points by the formulas of 预算管理一体化系统, from the figures drawn and not from what is typed."""
        if self.done == "partly":
            return rounded(weight * self.random.choice([Decimal("0.6"), Decimal("0.7"), Decimal("0.75")]), 2)
        if self.done != "missed":
            return rounded(weight, 2)
        part = 2 * self.aim - self.value if self.less_is_better else self.value
        return rounded(weight * part / self.aim, 2)


class Clerk:
    """Who fills in the two forms of one project. Another hand (second.py) writes the same forms in other words."""

    themes: tuple[Theme, ...] = THEMES
    nearly: tuple[str, ...] = ("补贴发放准确率", "补助发放准确率", "补贴发放准确性")  # told apart by a character
    rows: type[Row] = Row
    amounts: type[Money] = Money

    def __init__(self, random: Random):
        self.random = random

    def pair(self) -> Pair:
        """Both forms."""
        random = self.random
        year = random.choice(list(FORMS))
        form = FORMS[year]
        evaluated_on = "2021自评表" if form == "2021申报表" or random.random() < 0.5 else "全国自评表"
        theme = random.choice(self.themes)
        self.hand = self.notation(form)
        self.money = money = self.amounts(random, form, evaluated_on)
        kinds = self.kinds(theme, with_cost=form == "2024申报表" and random.random() < 0.8 or year == 2023)
        self.made, indicators, results = [], [], []
        for kind, weight in zip(kinds, _weights(random, kinds), strict=True):
            row = self.rows(random, self.hand, kind, year, money)
            self.made.append(row)
            level1, level2 = LEVELS[kind.level]
            indicators.append(Indicator(level1, level2, kind.name, row.target))
            aim = self.restated(row.target) if random.random() < 0.1 else row.target
            typed = Result(level1, level2, self.named(kind.name), aim, row.actual, weight)
            score = row.due(weight)
            results.append(replace(typed, score=score, reason=self.reason(kind.level, score < weight, row.done)))
        order = _order(random, kinds)
        declaration = self.declaration(year, form, theme, tuple(indicators))
        evaluation = Evaluation(
            form=evaluated_on,
            year=year,
            project=self.same_project(declaration.project),
            department=_fuller(random, theme.department),
            unit=theme.unit,
            money_unit=UNITS[evaluated_on],
            budget=money.lines(),
            annual_goal=self.copied(declaration.annual_goal),
            actual_result=None,
            indicators=tuple(results[n] for n in order),
        )
        text, marks = unmarked(self.told(results))
        evaluation = _shown_up(random, scored(replace(evaluation, actual_result=text), profile(None, year)))
        return Pair(declaration, evaluation, tuple(order.index(n) for n in range(len(order))), marks)

    def notation(self, form: str) -> Notation:
        """How the figures are written."""
        return notation(form, self.random)

    def restated(self, target: str) -> str:
        """The same target in another notation."""
        return restated(target, self.random)

    def named(self, name: str) -> str:
        """An indicator's name on the evaluation, now and then broken by a blank as a narrow column breaks it."""
        return f"{name[:-2]} {name[-2:]}" if self.random.random() < 0.04 else name

    def same_project(self, name: str) -> str:
        """The project's name, in some pairs with the other kind of brackets."""
        return name.replace("（", "(").replace("）", ")") if self.random.random() < 0.3 else name

    def copied(self, goal: str) -> str:
        """年度总体目标 on the evaluation."""
        return goal

    def reason(self, level: str, short: bool, done: str) -> str | None:
        """偏差原因分析及改进措施, where points are lost or the surplus is large."""
        blank = self.random.choice([None] * 9 + ["无"])
        return CAUSES.get(level, CAUSES["效益"]) if short else SURPLUS if done == "surplus" else blank

    def kinds(self, theme: Theme, with_cost: bool) -> list[Kind]:
        """5 to 14 of a theme's indicators, in the order of the form."""
        random = self.random
        by_level: dict[str, list[Kind]] = {}
        for kind in (*COSTS, *theme.kinds):
            by_level.setdefault(kind.level, []).append(kind)
        chosen = [random.choice(by_level[level]) for level in ("数量", "质量", "社会", "满意")]
        chosen += [random.choice(by_level["成本"])] if with_cost else []
        rest = [kind for kind in theme.kinds if kind not in chosen and (with_cost or kind.level != "成本")]
        random.shuffle(rest)
        if random.random() < 0.5:
            rest.sort(key=lambda kind: kind.name not in self.nearly)
        chosen += rest[: random.randint(1, 10)]
        order = list(LEVELS)
        first = ("成本",) if with_cost else ()
        return sorted(chosen[:14], key=lambda kind: (kind.level not in first, order.index(kind.level), kind.name))

    def declaration(self, year: int, form: str, theme: Theme, indicators: tuple[Indicator, ...]) -> Declaration:
        """The declaration."""
        random, money = self.random, self.money
        term = "阶段性项目" if money.several_years else "经常性项目" if money.carried else None
        term = term or random.choice(["经常性项目", "一次性项目"])
        category = "特定目标类" if form == "2024申报表" else term
        if form == "2023申报表" and money.several_years:
            category = "专项资金"
        overall = theme.goals[-1] + random.choice(["不断提高财政资金使用效益。", "切实增强群众获得感。"])
        return Declaration(
            form=form,
            year=year,
            project=random.choice(theme.projects),
            category=category,
            nature=term if form == "2024申报表" else None,
            department=theme.department,
            unit=theme.unit,
            start=dt.date(year - (1 if money.several_years else 0), 1, 1),
            end=dt.date(year + (1 if money.several_years else 0), 12, 31),
            money_unit=UNITS[form],
            funds=money.funds(form),
            overall_goal=None if form == "2024申报表" and random.random() < 0.5 else overall,
            annual_goal=self.goal(theme, indicators),
            indicators=indicators,
        )

    def goal(self, theme: Theme, indicators: tuple[Indicator, ...]) -> str:
        """年度总体目标: what the theme is after and, in some pairs, what its counts are to be."""
        text = "".join(theme.goals[:-1])
        counts = [row for row in indicators if row.level2 == "数量指标"]
        if self.random.random() < 0.6:
            aims = [(row.name, xladdin.parse_target(row.target)) for row in counts[:2]]
            text += f"全年计划{'，'.join(f'{name}{plain(aim.number)}{aim.unit}' for name, aim in aims)}。"
        return text + "加强过程管理和监督检查，确保各项任务按期完成、资金使用安全规范。"

    def told(self, results: list[Result]) -> str:
        """实际完成情况, its figures those of the table and of 项目资金; an adjusted budget is explained here.

        Marked as `unmarked` reads it.
        """
        random, money = self.random, self.money
        parts = []
        for number, row in enumerate(results):
            aim = xladdin.parse_target(row.target)
            found, name = FIGURE.search(row.actual), row.name.replace(" ", "")
            if row.level2 == "数量指标" and found and len(parts) < 3:
                count = about(Decimal(found[0]), aim.unit.removeprefix("万"), random)
                parts.append(f"{name}达{mark(number, count)}")
            elif row.level2 == "服务对象满意度指标" and aim.kind == "percent" and random.random() < 0.5:
                value = Decimal(found[0])
                parts.append(f"{name}为{mark(f'{number}%', plain(value * 100 if value <= 1 else value))}%")
        text = "按计划推进各项工作，" + "，".join(parts) + "。" if parts else "按计划推进各项工作。"
        if random.random() < 0.5:
            text += f"全年执行{rounded(sum(money.executed) / WAN, 2)}万元。"
        if money.change:
            way = "调减" if money.change < 0 else "追加"
            why = f"年中因部门预算统筹安排，{way}预算{plain(rounded(abs(money.change) / WAN, 2))}万元。"
            text += mark(ADJUSTED, why)
        if sum(money.executed) < sum(money.budget) * Decimal("0.8"):
            text += "因部分合同跨年结算，预算执行率偏低；下年度提前组织采购，加快支付进度。"
        extra = "截至年底，共召开工作例会12次，另组织志愿者活动3次，覆盖16个街镇。"
        return text + (extra if random.random() < 0.3 else "") + "各项制度执行到位，资金使用规范。"


def clean_pair(random: Random, clerk: type[Clerk] = Clerk) -> Pair:
    """One clean pair."""
    return clerk(random).pair()


def pairs(count: int, seed: int, clerk: type[Clerk] = Clerk) -> Iterator[Pair]:
    """`count` clean pairs; the n-th depends on seed and n alone."""
    return (clean_pair(Random(f"{seed}/{number}"), clerk) for number in range(count))


def _weights(random: Random, kinds: list[Kind]) -> list[Decimal]:
    """Points for each, by the usual scheme: 50/30/10, or 20/40/20/10 with cost indicators."""
    scheme = COST_WEIGHTS if any(kind.level == "成本" for kind in kinds) else PLAIN_WEIGHTS
    weights = {}
    for group, points in scheme.items():
        names = [kind.name for kind in kinds if kind.level in GROUPS[group].split()]
        step = 5 if points >= 5 * len(names) else 1
        shares = dict.fromkeys(names, step)
        for _ in range(points // step - len(names)):
            shares[random.choice(names)] += step
        weights |= shares
    return [Decimal(weights[kind.name]) for kind in kinds]


def _order(random: Random, kinds: list[Kind]) -> list[int]:
    """The evaluation's order: as declared, or in some pairs shuffled within each 二级指标."""
    numbers = list(range(len(kinds)))
    if random.random() < 0.85:
        return numbers
    lots = {number: random.random() for number in numbers}
    start = {level: n for n, level in reversed(list(enumerate(kind.level for kind in kinds)))}
    return sorted(numbers, key=lambda n: (start[kinds[n].level], lots[n]))


def _shown_up(random: Random, evaluation: Evaluation) -> Evaluation:
    """Some forms show 执行率 rounded up, a hundredth of a point too high (97.35% for 97.341%)."""
    line = evaluation.budget[0]
    true = line.executed / line.budget
    if random.random() < 0.15 and line.rate < true:
        line = replace(line, rate=line.rate + Decimal("0.0001"))
    return replace(evaluation, budget=(line, *evaluation.budget[1:]))


def _fuller(random: Random, department: str) -> str:
    """A department, in some pairs with the name of its place before it."""
    return f"东海{department}" if random.random() < 0.1 and department[0] in "市区" else department
