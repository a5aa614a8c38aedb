"""What the judgement says of single pairs: reached or not, the share, and why not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xladdin import Result
from xladdin.domain.judging import judge, plain_share
from xladdin.domain.scoring import why_pending
from xladdin.domain.target import parse_target
from xladdin.profiles import profile

YEAR = 2025
DATES = [
    # target, actual, reached, cause of what is open
    ("11月底前", "2025年11月30日", True, ""),
    ("11月底前", "2025年12月1日", False, "late"),
    ("11月底前", "12月15日", False, "late"),
    ("11月底前", "次年1月3日", False, "late"),
    ("11月底前", "2024年12月20日", True, ""),
    ("2024年6月前", "2024-05-31", True, ""),
    ("2024年6月前", "2024-06-01", None, "date"),  # before June, or by its end?
    ("2024年6月前", "2024-06-30", None, "date"),
    ("2024年6月前", "2024-07-01", False, "late"),
    ("9月前", "2025-08-31", True, ""),
    ("9月前", "2025-09-01", None, "date"),
    ("11月15日前", "11月", None, "date"),
    ("11月15日前", "10月", True, ""),
    ("11月15日前", "12月", False, "late"),
    ("11月底前", "45991", True, ""),  # 2025-11-30 as Excel counts days
    ("11月底前", "45992", None, "date"),
    ("11月底前", "45657", None, "date"),  # the last day of 2024: as likely a count
    ("11月底前", "45658", True, ""),
    ("11月底前", "90", None, "date"),
    ("11月底前", "已完成", None, "date"),
    ("11月底前", "预计10月完成", None, "date"),
]


@pytest.mark.parametrize("target, actual, met, cause", DATES)
def test_deadlines(target, actual, met, cause):
    found = judge(target, actual, profile(), YEAR)
    assert (found.met, found.cause) == (met, cause)
    assert found.share == (1 if met else None)


def test_a_deadline_needs_a_year():
    found = judge("9月前", "2025-08-31", profile())
    assert (found.met, found.share, found.cause) == (None, None, "date") and "年份" in found.why
    assert judge("2025年9月前", "2025-08-31", profile()).share == 1


FIGURES = [
    # target, actual, reached, share, cause
    (">90", "90", False, "1", ""),
    (">90", "超过90", True, "1", ""),
    ("<90", "90", False, "1", ""),
    ("<90", "不足90", True, "1", ""),
    ("≥90", "不足90", False, None, "qualified"),
    ("≥90", "不足91", None, None, "qualified"),
    ("≤90", "超过90", False, None, "qualified"),
    ("≤90", "90以内", True, "1", ""),
    ("≤90", "180以上", False, "0", ""),
    ("≤90", "135", False, "0.5", ""),
    ("≥90", "45-90", None, None, "qualified"),
    ("≥90", "45-89", False, None, "qualified"),
    ("=91场", "=91场", None, None, "copied"),
    ("≥90场", "90场以上", True, "1", ""),
    ("90场以上", "90场以上", None, None, "copied"),
    ("0起", "0", True, "1", ""),
    ("0起", "未发生", True, "1", ""),
    ("0起", "零投诉", True, "1", ""),
    ("0起", "基本无", None, None, "words"),
    ("0起", "1-2起", False, "0", ""),
    ("0起", "超过0起", False, None, "qualified"),
    ("≥0起", "3起", None, "0", ""),
    ("≥-3%", "1%", None, None, "unset"),
    ("按照下发任务", "3", None, None, "unset"),
    ("≥90", "", None, None, "blank"),
    ("≥2公里", "900米", False, "0.45", ""),
    ("≥10亩", "2公顷", True, "1", ""),
    ("≤12个月", "2年", False, "0", ""),
    ("≤14天", "3周", False, "0.5", ""),
    ("≥5‰", "0.4%", False, "0.8", ""),
    ("≥5‰", "3", None, None, "unread"),
    ("≥2公里/天", "900米/天", False, "0.45", ""),
    ("≥2公里/天", "900米", None, None, "unit"),
    ("≥2次/月", "2万", None, None, "unit"),
    ("≤500元/人", "0.05万", True, "1", ""),
    ("≥20人", "10名", False, "0.5", ""),
    ("≥20人", "10户", None, None, "unit"),
    ("=90", "45场", False, "0.5", ""),
    ("=90", "45天", None, None, "unit"),
    (">0.8", "40%", False, "0.5", ""),
    (">0.8", "40场", None, None, "unit"),
    ("=1", "1场", True, "1", ""),
    ("≤90万", "45万元", True, "1", ""),
    ("≤90", "45元", None, None, "unit"),
    ("≥90%", "完成45%", None, None, "unread"),
    ("≥90%", "达到45%", False, "0.5", ""),
    ("≥90%", "45分", None, None, "unit"),
    ("≥90%", "40-45", False, None, "qualified"),
    ("≥90%", "95-98", True, "1", ""),
    ("≥10", "7-17", None, None, "sum"),
    ("≥10场", "12-15场", True, "1", ""),
    ("≥10", "九十五", True, "1", ""),
    ("≥100", "一百零五", True, "1", ""),
    ("≥10", "三万五", None, None, "words"),
    ("≥10", "一二三", None, None, "words"),
    ("≥3000份", "3千份", True, "1", ""),
    ("≥90", "9²", None, None, "odd"),
    ("≥90", "45×2", None, None, "sum"),
    ("≥90", "90、91", None, None, "several"),
    ("≥90", "约90", None, None, "qualified"),
    ("及时", " 及时 ", True, "1", ""),
    ("及时", "达成", True, None, "band"),
    ("及时", "部分达成", False, None, "band"),
    ("及时", "已明显改善", None, None, "words"),
]


@pytest.mark.parametrize("target, actual, met, share, cause", FIGURES)
def test_figures_and_words(target, actual, met, share, cause):
    found = judge(target, actual, profile(), YEAR)
    assert (found.met, found.share, found.cause) == (met, share and Decimal(share), cause)
    assert (found.reason == "") == (share is not None)


def test_the_reverse_formula_is_the_profile_s():
    assert judge("≤90", "180", profile("湖北")).share == Decimal("0.5")
    assert judge("≤90", "180以上", profile("湖北")).share is None, "the more, the fewer"
    assert judge("≤90", "45", profile("湖北")).share == 1


@pytest.mark.parametrize(
    "target, actual, why, advice",
    [
        ("≥2公里", "900米", "完成值“900米”程序算得 4.5 分，表上的公式读不了这样的写法", "请照指标值的单位写，即“0.9公里”"),
        ("≥5‰", "0.4%", "完成值“0.4%”程序算得 8 分，表上的公式读不了这样的写法", "请照指标值的单位写，即“4‰”"),
        ("≥25万人次", "260000人次", "完成值“260000人次”程序算得 10 分，表上的公式读不了这样的写法", "请照指标值的单位写，即“26万人次”"),
        ("≥90", "95以上", "完成值“95以上”程序算得 10 分，表上的公式读不了这样的写法", "请写确切的数，照指标值的写法，或在得分栏直接填分"),
        ("11月底前", "已于11月20日完成", "完成值“已于11月20日完成”程序算得 10 分，表上的公式读不了这样的写法", "请写全年月日，即“2025年11月20日”"),
        ("11月底前", "10月", "完成值“10月”程序算得 10 分，表上的公式读不了这样的写法", "请写哪一天完成，写全年月日"),
        ("≥90场", "90人", "指标值的单位是“场”，完成值写的是“人”，不是一个单位", "请照指标值的写法，如“90场”"),
        ("≥90", "90人；91人", "完成值“90人；91人”里有几个数，不知以哪个为准", "请只写一个实际完成的数，照指标值的写法，如“90”"),
        (
            "11月底前",
            "12月15日",
            "期限是 2025-11-30，2025-12-15 完成，迟了，时效按定性计分，程序不定几分",
            "请在得分栏直接填分，并写明原因",
        ),
    ],
)
def test_why_a_score_is_open(target, actual, why, advice):
    row = Result("产出指标", "数量指标", "里程", target, actual, Decimal(10))
    assert why_pending(row, profile(), YEAR) == (why, advice)


@pytest.mark.parametrize(
    "target, actual, weight", [("≥90场", "85场", Decimal(10)), ("≥90场", "约90场", None), ("≥90场", None, Decimal(10))]
)
def test_nothing_is_open(target, actual, weight):
    assert why_pending(Result("产出指标", "数量指标", "场次", target, actual, weight), profile(), YEAR) is None


@pytest.mark.parametrize(
    "target, actual, share",
    [
        ("=91场", "91 场", "1"),
        ("=91场", "（场）", None),
        ("=91场", "91（场）", "1"),
        ("=10000个", "5,000个", "0.5"),
        ("=10000个", "50,00个", None),
        ("=10000个", "0.5万", "0.5"),
        ("=10000个", "0.5万个", "0.5"),
        ("=1亿元", "5000万元", "0.5"),
        ("=100000000个", "0.5亿个", "0.5"),
        ("≥90%", "４５％", "0.5"),
        ("≥90%", "45 %", "0.5"),
        ("≥90%", "4 5%", None),
        ("≥90百分比", "45百分比", "0.5"),
        ("≥90.00(百分比)", "45(百分比)", "0.5"),
        ("≥3年", "3年", "1"),
        ("0起", "无", "1"),
        ("≥2公里", "900米", None),
        ("11月底前", "2025年11月30日", "1"),
        ("11月底前", "2025.11.30", "1"),
        ("11月底前", "11月30日", "1"),
        ("11月底前", "１１月３０日 ", "1"),
        ("2025年11月底前", "11月30日", "1"),
        ("2024年11月底前", "11月30日", None),  # of the form's year, or of the target's?
        ("11月底前", "12月1日", None),
        ("11月底前", "11月31日", None),
        ("11月底前", "11月", None),
        ("11月底前", "2025-11月30日", None),
        ("11月底前", "2025年11月31日", None),
    ],
)
def test_what_the_formula_decides(target, actual, share):
    assert plain_share(parse_target(target), actual, profile(), YEAR) == (share and Decimal(share))
