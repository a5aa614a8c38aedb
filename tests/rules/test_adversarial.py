"""Whatever stands in a form: no rule raises, none crashes, and the findings stay readable."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

import xladdin
from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.domain.records import BUDGET_ITEMS
from xladdin.rules import handbook
from xladdin.rules.finding import LEVELS

from .base import amounts, declaration, evaluation, line, of_2020, placed, row

PROFILES = (None, "全国", "全国成本", "广西", "湖北")
LONG = "完成了全部任务" * 1500
TARGETS = [
    None, "", " ", "=", "%", "=91场", ">=0.9百分比", "≥90%", "0起", "0%", "-5个", "≥-3%", "1E5", "按照下发任务", "及时",
    "2020年五月之前", "2021年12月31日", "9月前", "0000年1月", "9999年12月31日", "2021-02-30", "1/2", "85%-90%", "12,34",
    "①", "²场", "０．５％", "≥3天", "24小时", "∞", "=0.000000000001", "=1亿亿", "999999999999999999个", LONG,
]  # fmt: skip
ACTUALS = [
    *TARGETS,
    "100",
    "-1",
    "1.2w",
    "2020-04-20",
    "达成",
    "部分达成",
    "无投诉",
    "44561",
    "99999999",
    "500%",
    "0.0000001",
]
NAMES = [
    "",
    " ",
    "甲",
    "1",
    "预算执行率",
    "居民满意度",
    "成本控制率",
    "投诉率",
    "补贴发放准确率",
    "补助发放准确率",
    "<p></p>",
    "😀",
    LONG,
]
LEVELS_PRINTED = [
    None,
    "",
    "产出指标",
    "效益指标",
    "满意度指标",
    "成本指标",
    "投入与管理",
    "数量指标",
    "质量指标",
    "时效指标",
    "其他",
    LONG,
]
TEXTS = [
    None, "", "1、甲。2、乙。4、丁。", "近12万人，9,9,9场", "截止2021年", "用3到5年时间", "<p>" * 100, "1" * 9000, LONG,
    "2021年13月45日验收", "验收于2021年2月30日", "99.9万元，1亿元", "扣0%", "扣1.2.3分", "百" * 3000, "无",
]  # fmt: skip
MONEY = [None, *map(Decimal, ("0", "1", "-5", "0.01", "1100000", "999999999999.99", "123.456789"))]
POINTS = [None, *map(Decimal, ("0", "1", "-5", "10", "100", "0.001", "1000000"))]
DAYS = [None, dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2021, 1, 1), dt.date(2021, 12, 31)]
YEARS = [None, 0, 2020, 2021, 2024, 9999]


def _declaration(random: Random) -> Declaration:
    some = random.choice
    rows = [
        Indicator(some(LEVELS_PRINTED), some(LEVELS_PRINTED), some(NAMES), some(TARGETS))
        for _ in range(some((0, 1, 3, 8)))
    ]
    texts = {name: some(TEXTS) for name in ("category", "nature", "overall_goal", "annual_goal")}
    extra = dict.fromkeys(some(((), ("项目当年预算", "同名项目上年预算额"))), some(("5", "0", "-3", None, "约五万")))
    return Declaration(
        year=some(YEARS), project=some(NAMES), department=some(NAMES), unit=some(NAMES), start=some(DAYS), end=some(DAYS),
        money_unit=some((None, "元", "万元")), funds=Funds(*(some(MONEY) for _ in range(7))), indicators=tuple(rows),
        extra=extra, **texts,
    )  # fmt: skip


def _evaluation(random: Random) -> Evaluation:
    some = random.choice
    rows = [
        Result(some(LEVELS_PRINTED), some(LEVELS_PRINTED), some(NAMES), some(TARGETS), some(ACTUALS), some(POINTS), some(POINTS), some(TEXTS))
        for _ in range(some((0, 1, 3, 8)))
    ]  # fmt: skip
    lines = [
        BudgetLine(item, some(MONEY), some(MONEY), some(MONEY), some(POINTS), some(POINTS), some(POINTS), some(TEXTS))
        for item in some(((), BUDGET_ITEMS, BUDGET_ITEMS[:1], BUDGET_ITEMS[1:]))
    ]
    return Evaluation(
        year=some(YEARS), project=some(NAMES), department=some(NAMES), unit=some(NAMES), money_unit=some((None, "元", "万元")),
        budget=tuple(lines), indicators=tuple(rows), annual_goal=some(TEXTS), actual_result=some(TEXTS),
        total_weight=some(POINTS), total_score=some(POINTS), extra={"等级": some(TEXTS)},
    )  # fmt: skip


def _sound(findings: list[xladdin.Finding]) -> None:
    for finding in findings:
        assert finding.code != handbook.CRASHED, finding.trace
        assert finding.level in LEVELS
        for text in (finding.message, finding.expected, finding.actual, finding.difference):
            assert text is None or isinstance(text, str)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_raises(seed):
    random = Random(seed)
    for _ in range(5):
        one, other, profile = _declaration(random), _evaluation(random), random.choice(PROFILES)
        for declared, evaluated in ((one, other), (placed(one), placed(other))):
            _sound(xladdin.check(declared, profile))
            _sound(xladdin.check(evaluated, profile))
            _sound(xladdin.reconcile(declared, evaluated, profile))


def test_blank_forms():
    one, other = Declaration(project=""), Evaluation(project="")
    _sound([*xladdin.check(one), *xladdin.check(other), *xladdin.reconcile(one, other)])
    assert xladdin.check(placed(one)) and xladdin.check(placed(other)) and xladdin.reconcile(placed(one), placed(other))


def _unscored(*changes, **fields) -> Evaluation:
    clean = replace(evaluation(), total_weight=None, total_score=None, **fields)
    for change in changes:
        clean = change(clean)
    return clean


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(declaration(funds=Funds(*[Decimal("1E+70")] * 7)), id="funds of 1E+70"),
        pytest.param(of_2020("1E+70", "0.01", "0.01"), id="今年 1E+70、上年 0.01"),
        pytest.param(placed(_unscored(amounts("1", "0.01", "99999999999999999999"))), id="执行数 20 位，预算 0.01"),
        pytest.param(placed(_unscored(amounts("0.01", "1E+60", "1"))), id="全年预算 1E+60，年初 0.01"),
        pytest.param(placed(_unscored(row(1, target="≥0.000000000001场", actual="99999999999"))), id="完成值是目标的 1E+22 倍"),
        pytest.param(_unscored(line(0, weight="1E+70", score=None)), id="分值 1E+70"),
    ],
)  # fmt: skip
def test_huge_figures(record):
    _sound(xladdin.check(record))


def test_a_budget_below_nothing():
    _sound(xladdin.check(placed(evaluation(amounts("0", "-5", "3")))))
