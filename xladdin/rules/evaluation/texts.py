"""The texts of a self-evaluation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ...domain.profile import Profile
from ...domain.records import Evaluation
from ...domain.scoring import is_filled
from ..asked import asked
from ..comparing import money
from ..finding import ERROR, INFO, Found, rule
from ..prose import bare
from ..residue import residue

_MONEY = re.compile(r"(?<![\d.])(?P<figure>\d{1,15}(?:\.\d{1,6})?)(?P<unit>万元|亿元)")


@rule(
    "E-28",
    "文字残留",
    INFO,
    basis="文字规范",
    advice="请删去或改正",
    wrong="截止2021年年底",
    right="截至2021年年底",
)
def texts_are_clean(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """网页标签（<p>）、“截止”误作“截至”，一栏只提示一次。"""
    texts = {"annual_goal": form.annual_goal, "actual_result": form.actual_result}
    yield from residue(texts, profile)


@rule(
    "E-35",
    "必填栏空白",
    ERROR,
    basis="自评表内容完整（财预〔2020〕10号，依据待核）",
    advice="请补填",
    wrong="实际完成情况：（空白）",
    right="实际完成情况：完成健康行服务 90 场……",
)
def required_fields(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """主管部门、实施单位、年度总体目标、实际完成情况不能空白。表上没有这一栏的不查。"""
    for field, name in (
        ("department", "主管部门"),
        ("unit", "实施单位"),
        ("annual_goal", "年度总体目标"),
        ("actual_result", "实际完成情况"),
    ):
        if field == "actual_result" and not is_filled(form):
            continue  # E-38
        if not bare(getattr(form, field)) and asked(form, field):
            yield Found(f"{name}空白", (field,), subject=name)


@rule(
    "E-36",
    "正文提到的资金不在资金栏里",
    INFO,
    basis="其他资金应如实填列",
    advice="请核对这笔钱是否应列入“其他资金”",
    wrong="正文“公益项目投入 47.7 万元”，其他资金 0",
    right="其他资金 477,000",
)
def money_in_text_is_in_table(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """正文写了以万元计的投入，资金栏里没有这个数，其他资金又是 0 或空白时，提示核对。"""
    other = form.line("其他资金")
    if other is None or other.budget or other.executed:
        return
    scale = 1 if form.money_unit == "万元" else 10_000
    known = {money(getattr(line, column)) for line in form.budget for column in ("initial", "budget", "executed")}
    for match in _MONEY.finditer(bare(form.actual_result)):
        value = Decimal(match["figure"]) * (10_000 if match["unit"] == "亿元" else 1) * scale
        if money(value) not in known:
            yield Found(
                f"实际完成情况写“{match[0]}”，资金栏里没有这个数，其他资金是 {money(other.budget) or '空白'}",
                ("actual_result",),
                expected=money(value),
                actual=money(other.budget),
                subject="其他资金",
            )
            return
