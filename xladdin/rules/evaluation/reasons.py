"""偏差原因分析及改进措施: there where it must be, and saying something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ...domain.days import done
from ...domain.levels import second_level
from ...domain.numbers import plain, round_half_up
from ...domain.profile import Profile
from ...domain.records import Evaluation, Result
from ...domain.target import parse_target
from ..comparing import rate
from ..finding import ERROR, WARNING, Found, rule
from ..prose import bare, says_nothing
from .rows import cells, figure_of, is_limit_row, judged, reached


@rule(
    "E-07",
    "扣了分没有写原因",
    ERROR,
    basis="得分低于分值必须写偏差原因和改进措施（一体化平台保存时拦截）",
    advice="请写明原因和改进措施两部分",
    wrong="分值 10，得 8 分，原因栏空白",
    right="“雨天取消 3 场；下年提前排期，增加室内场次。”",
)
def lost_points_are_explained(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """得分低于分值的指标要写原因；只写“无”“正常”“疫情”的等于没写；没写改进措施的提醒。"""
    for n, row in enumerate(form.indicators):
        if row.score is None or row.weight is None or row.score >= row.weight:
            continue
        lost = plain(row.weight - row.score)
        at = cells(n, "reason", "score", "weight")
        if says_nothing(row.reason, profile):
            said = f"原因栏只写“{row.reason}”" if bare(row.reason) else "原因栏空白"
            yield Found(
                f"“{row.name}”扣了 {lost} 分（分值 {plain(row.weight)}，得 {plain(row.score)}），{said}",
                at,
                expected="原因和改进措施",
                actual=row.reason,
                subject=row.name,
            )
        elif not any(word in bare(row.reason) for word in profile.words["measures"]):
            yield Found(
                f"“{row.name}”扣了 {lost} 分，原因栏“{row.reason}”没有写改进措施",
                at,
                expected="原因和改进措施",
                actual=row.reason,
                subject=row.name,
                level=WARNING,
            )


@rule(
    "E-08",
    "超额完成没有写原因",
    ERROR,
    basis="高于指标值较多的要分析原因，因目标偏低的调减得分（财预〔2020〕10号，依据待核）；"
    "{over_warn} 倍提醒（一体化平台），{over_must} 倍必填（复核口径）",
    advice="请写明为什么超出；年初目标明显偏低的，按偏离度调减得分",
    wrong="指标值 =800人，完成 120000，没有写原因",
    right="写明“线上宣传首次计入；下年目标按 10 万人设定”",
)
def overfulfilment_is_explained(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """完成值达到指标值的 {over_warn} 倍起要写原因，{over_must} 倍起没写是错误；反向指标和成本不在此列。"""
    warn, must = profile.limits["over_warn"], profile.limits["over_must"]
    for n, row in judged(form):
        if not says_nothing(row.reason, profile) or parse_target(row.target).reverse or is_limit_row(row, profile):
            continue
        at = cells(n, "actual", "target", "reason")
        share = reached(form, row, profile)
        if share is None:
            yield from _from_zero(form, n, row, profile)
        elif share >= warn:
            done = rate(share)
            yield Found(
                f"“{row.name}”指标值 {row.target}，完成 {row.actual}，是目标的 {done}，没有写原因",
                at,
                expected=row.target,
                actual=row.actual,
                difference=f"+{rate(share - 1)}",
                subject=row.name,
                level=None if share >= must else WARNING,
            )


def _from_zero(form: Evaluation, n: int, row: Result, profile: Profile) -> Iterator[Found]:
    """A target of 0 with ≥ and much done, where a region has a limit for it (广西)."""
    limit, target = profile.limits.get("over_zero"), parse_target(row.target)
    if limit is None or target.value != 0 or target.op not in ("≥", ">") or not bare(row.actual):
        return
    value = figure_of(form, row, profile)
    if value is not None and value >= limit:
        yield Found(
            f"“{row.name}”指标值 {row.target}，完成 {row.actual}，没有写原因",
            cells(n, "actual", "target", "reason"),
            expected=row.target,
            actual=row.actual,
            subject=row.name,
        )


_CUT = re.compile(r"扣(?:除|减|分)?(?P<figure>\d+(?:\.\d+)?)(?P<unit>%|分)")


@rule(
    "E-25",
    "原因与扣分比例不符",
    WARNING,
    basis="扣分与写明的口径、比例一致（复核标准）",  # 成都郫都，标准 14
    advice="请核对扣分",
    wrong="写“扣30%”，实际扣 60%",
    right="写“扣30%”，实际扣 30%",
)
def cut_is_as_written(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """原因栏写了扣几分或百分之几，应与分值减得分一致。"""
    for n, row in enumerate(form.indicators):
        match = _CUT.search(bare(row.reason))
        if not match or row.score is None or not row.weight:
            continue
        lost = row.weight - row.score
        told = Decimal(match["figure"]) * (row.weight / 100 if match["unit"] == "%" else 1)
        if abs(told - lost) > profile.limits["cents"]:
            yield Found(
                f"“{row.name}”的原因栏写“{match[0]}”（{plain(round_half_up(told, 2))} 分），实际扣了 {plain(lost)} 分",
                cells(n, "reason", "score", "weight"),
                expected=plain(round_half_up(told, 2)),
                actual=plain(lost),
                subject=row.name,
            )


_ACCEPTED = re.compile(
    r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?[^，。；]{0,6}验收|验收[^，。；]{0,8}?(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?"
)


@rule(
    "E-21",
    "完成日期早于验收日期",
    WARNING,
    basis="验收在后的，完成日不会更早（复核实例：早 5 个月）",  # 成都郫都
    advice="请核对完成日期和验收日期",
    wrong="完成日 2021-06-30，正文写 2021年11月验收",
    right="完成日按验收日填",
)
def finished_after_acceptance(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """正文或原因里写了验收的年月，时效指标填的完成日更早。"""
    accepted = _ACCEPTED.search(bare(form.actual_result))
    if not accepted:
        return
    year, month, day = (accepted[1] or accepted[4], accepted[2] or accepted[5], accepted[3] or accepted[6] or "1")
    first = done(f"{year}-{month}-{day}")
    for n, row in enumerate(form.indicators):
        days = done(row.actual or "", form.year) if second_level(row.level2) == "时效" else None
        if first and days and days[1] < first[0]:
            yield Found(
                f"“{row.name}”填 {row.actual} 完成，正文写“{accepted[0]}”",
                (*cells(n, "actual"), "actual_result"),
                expected=accepted[0],
                actual=row.actual,
                subject=row.name,
            )
