"""The amounts of a self-evaluation one by one: their sign, their unit, how they are written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...domain.numbers import amount_of, plain
from ...domain.profile import Profile
from ...domain.records import BudgetLine, Evaluation, shortened
from ...domain.scoring import doubted
from ...domain.target import parse_target
from ..comparing import amount, money, other_units
from ..declaration.targets import percent_notation
from ..finding import ERROR, WARNING, Found, rule

COLUMNS = (("initial", "年初预算数"), ("budget", "全年预算数"), ("executed", "全年执行数"))
_TEN_THOUSAND, _NEAR = 10_000, Decimal("0.2")


@rule(
    "E-41",
    "金额是负数",
    ERROR,
    basis="预算数和执行数不小于 0",
    advice="请核对金额，改正符号",
    wrong="上年结转资金的全年预算数 -80,000",
    right="上年结转资金的全年预算数 0",
)
def amounts_are_notnegative(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """年初预算数、全年预算数、全年执行数不应是负数。"""
    for n, line in enumerate(form.budget):
        for column, name in COLUMNS:
            value = getattr(line, column)
            if negative(value):
                yield Found(
                    f"“{line.item}”的{name}是负数 {amount(value, form.money_unit)}",
                    (f"budget[{n}].{column}",),
                    expected="≥0",
                    actual=money(value),
                    subject=f"{line.item}{name}",
                )


def negative(value: Decimal | None) -> bool:
    """Whether an amount is below 0."""
    return value is not None and value < 0


@rule(
    "E-42",
    "疑似元、万元填混",
    ERROR,
    basis="同一行的全年执行数与全年预算数差一万倍上下（两成以内），多半一个填的是元、一个填的是万元",
    advice="请核对两个数各是元还是万元，统一成表头的单位",
    wrong="（元）全年预算数 450,000，全年执行数 45",
    right="（元）全年预算数 450,000，全年执行数 450,000",
)
def executed_in_the_unit_of_the_budget(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """全年执行数（或年初预算数）与全年预算数之比在一万或一万分之一上下两成以内的，是单位填混，不当作执行率或预算调整。"""
    for n, line in enumerate(form.budget):
        for column, called in (COLUMNS[0], COLUMNS[2]):
            figure = getattr(line, column)
            if figure is None or line.budget is None or not far_apart(figure, line.budget):
                continue
            more = "万倍" if figure > line.budget else "万分之一"
            yield Found(
                f"“{line.item}”的{called} {money(figure)}，约是全年预算数 {money(line.budget)} 的{more}，"
                "疑似元、万元填混",
                (f"budget[{n}].{column}", f"budget[{n}].budget", "money_unit"),
                expected="两个数用同一单位",
                actual=money(figure),
                subject=line.item,
            )


def mixed_up(line: BudgetLine) -> bool:
    """Whether one of the amounts of a line's 执行率 seems to be in 元 and the other in 万元."""
    return far_apart(line.executed, line.budget)


def far_apart(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether of two amounts one seems to be in 元 and the other in 万元: their ratio is near 10,000."""
    if not one or not other or one < 0 or other < 0:
        return False
    pairs = ((one, other * _TEN_THOUSAND), (one * _TEN_THOUSAND, other))
    return any(abs(left - right) <= right * _NEAR for left, right in pairs)


@rule(
    "E-40",
    "金额的单位与表头不同",
    ERROR,
    basis="金额的单位以表头为准；单元格里写的或数字格式显示的单位与它不同，差一万倍",
    advice="请把金额改成表头的单位，去掉单元格里的单位",
    wrong="（元）表的单元格写 119.876万元",
    right="（元）表的单元格写 1198760",
)
def amounts_are_in_the_unit(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """单元格里写的、或数字格式显示出来的金额单位，应与表头的单位相同。"""
    for doubt, said in other_units(form):
        right = amount_of(doubt.text, form.money_unit)
        yield Found(
            f"“{shortened(doubt.text)}”的单位是{said}，表头的单位是{form.money_unit}",
            (doubt.field, "money_unit"),
            expected=form.money_unit,
            actual=shortened(doubt.text),
            subject="金额单位",
            advice=f"请核对后改成 {plain(right)}：只填数字，不写单位，也不用带单位的数字格式" if right else None,
        )


@rule(
    "E-26",
    "金额单位或写法混用",
    WARNING,
    basis="元、万元和 1、100% 混用会差一万倍、一百倍",
    advice="请核对单位，统一写法",
    wrong="（元）全年预算数 35",
    right="（万元）全年预算数 35",
    habit=True,
)
def one_way_of_writing(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """金额大小与表头单位应相称；分项之间不应差一万倍；百分比不应小数与 100 制混用。"""
    values = [
        (f"budget[{n}].{column}", value)
        for n, line in enumerate(form.budget)
        for column, _ in COLUMNS
        if (value := getattr(line, column))
    ]
    if values:
        field, most = max(values, key=lambda item: item[1])
        if form.money_unit == "万元" and most >= profile.limits["wan_ceiling"]:
            yield Found(
                f"表上标“万元”，数却是 {money(most)}，疑似应为元",
                ("money_unit", field),
                expected="元",
                actual=f"{money(most)} 万元",
                subject="金额单位",
            )
        elif form.money_unit == "元" and most < profile.limits["yuan_floor"] and most == most.to_integral_value():
            yield Found(
                f"表上标“元”，最大的数却只有 {money(most)}，疑似应为万元",
                ("money_unit", field),
                expected="万元",
                actual=f"{money(most)} 元",
                subject="金额单位",
            )
        elif form.money_unit is None and "money_unit" not in doubted(form):
            yield Found(
                f"项目资金没有印金额单位；最大的数是 {money(most)}",
                ("money_unit", field),
                actual=money(most),
                subject="金额单位",
                advice="请在“项目资金”后注明（元）或（万元）",
            )
    yield from percent_notation([(n, row, parse_target(row.target)) for n, row in enumerate(form.indicators)])
