"""实际完成值: filled in, and measured."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.judging import UNIT
from ...domain.levels import first_level, second_level
from ...domain.numbers import plain
from ...domain.profile import Band, Profile
from ...domain.records import Evaluation, Result
from ...domain.target import parse_target
from ..comparing import name_prefers
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..matching import name_key
from ..prose import bare, mentions
from .rows import cells, copied, figure_of, has_figure, reached, says_none, verdict


def _satisfaction(row: Result) -> bool:
    return "满意" in f"{first_level(row.level1)}{second_level(row.level2)}{row.name}"


@rule(
    "E-09",
    "完成值照抄目标值",
    ERROR,
    basis="实际完成值应是实测的数，不会带 ≥、= 这样的符号",
    advice="请填实测的数",
    wrong="指标值 >=0.9，完成值 >=0.9",
    right="指标值 >=0.9，完成值 0.943",
)
def actual_is_measured(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """实际完成值不应带 ≥、=、< 等符号。"""
    for n, row in enumerate(form.indicators):
        if copied(row, profile):
            points = f"，得 {plain(row.score)} 分" if row.score is not None else ""
            one, other = parse_target(row.target), parse_target(row.actual)
            same = one.op == other.op and one.number is not None and one.number == other.number
            said = f"是照抄指标值“{row.target}”" if same else "不是实测的数"
            yield Found(
                f"“{row.name}”的完成值“{row.actual}”带着符号，{said}{points}",
                cells(n, "actual", "target", "score"),
                expected="实测的数",
                actual=row.actual,
                subject=row.name,
            )


@rule(
    "E-10",
    "完成值空白或不是数",
    ERROR,
    basis="定量指标填实际完成的数，定性指标也要写完成情况（一体化平台）",
    advice="请填实际完成的数",
    wrong="指标值 ≥120人，完成值“已完成”",
    right="指标值 ≥120人，完成值 126",
)
def actual_is_filled(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """实际完成值不能空；指标值是数的，完成值不能只写“已完成”“达标”这样没有数的话。"""
    for n, row in enumerate(form.indicators):
        at = cells(n, "actual", "target")
        target = parse_target(row.target)
        if not bare(row.actual) and row.weight is not None:
            continue  # E-38
        if not bare(row.actual):
            yield Found(f"“{row.name}”的实际完成值空白（指标值 {row.target or '空白'}）", at, subject=row.name)
        elif target.kind in ("number", "percent") and not (has_figure(row.actual) or says_none(row, profile)):
            yield Found(
                f"“{row.name}”的指标值是 {row.target}，完成值只写“{row.actual}”",
                at,
                expected="一个数",
                actual=row.actual,
                subject=row.name,
            )


@rule(
    "E-11",
    "定性得分与档位不符",
    ERROR,
    basis="{bands}；出处：{source}",
    advice="请先选档位（达成、部分达成、未达成），再在档内打分",
    wrong="部分达成，分值 10，得 10 分",
    right="部分达成，分值 10，得 7 分",
)
def qualitative_points_in_band(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """定性指标的得分应落在所选档内，看不出选了哪一档的无法判定。"""
    for n, row in enumerate(form.indicators):
        target = parse_target(row.target)
        if target.kind not in ("text", "date") or row.score is None or not row.weight or not bare(row.actual):
            continue
        if copied(row, profile) or target.kind == "date" and verdict(form, row, profile).met is not None:
            continue
        at = cells(n, "score", "actual", "weight", "target")
        band = _band(row, profile)
        if band is None:
            yield Found(
                f"“{row.name}”的指标值是“{row.target}”，完成值“{row.actual}”看不出达成的档位，"
                f"{plain(row.score)} 分对不对无法判定",
                at,
                actual=plain(row.score),
                subject=row.name,
                level=UNDECIDED,
                advice="请写明达成、部分达成或未达成",
            )
            continue
        low, high = band.low * row.weight, band.high * row.weight
        top = band is profile.bands[0]
        if row.score < low or row.score > high or row.score == high and not top:
            span = f"{plain(low)}—{plain(high)} 分" if top else f"{plain(low)} 分以上、不满 {plain(high)} 分"
            yield Found(
                f"“{row.name}”选“{row.actual}”，应得 {span}，表上 {plain(row.score)} 分",
                at,
                expected=span,
                actual=plain(row.score),
                subject=row.name,
            )


def _band(row: Result, profile: Profile) -> Band | None:
    """The 档 an actual chooses: by how it begins, the longest wording first; what the target says is the first 档."""
    said = bare(row.actual)
    words = sorted(((word, band) for band in profile.bands for word in band.words), key=lambda pair: -len(pair[0]))
    chosen = next((band for word, band in words if said.startswith(word)), None)
    if chosen is None and mentions(row.actual, [bare(row.target)]):
        return profile.bands[0]
    return chosen


@rule(
    "E-14",
    "全是满分或恰好完成",
    WARNING,
    basis="项目个个满分，多半是走形式（复核问题清单）",  # 成都郫都
    advice="请核对完成值是不是实测的",
    wrong="12 条指标全是满分，完成值全等于指标值",
    right="完成值如实填写，有超有欠",
    habit=True,
)
def not_everything_is_perfect(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """所有指标都得满分，或所有定量指标的完成值都恰好等于指标值。"""
    rows = form.indicators
    if len(rows) < profile.limits["fewest"]:
        return
    if all(row.score is not None and row.score == row.weight for row in rows):
        yield Found(
            f"{len(rows)} 条指标全部满分",
            tuple(c for n in range(len(rows)) for c in cells(n, "score")),
            actual="全部满分",
            subject="得分",
        )
    shares = [
        (n, reached(form, row, profile))
        for n, row in enumerate(rows)
        if parse_target(row.target).kind in ("number", "percent")
    ]
    if len(shares) >= profile.limits["fewest"] and all(share == 1 for _, share in shares):
        yield Found(
            f"{len(shares)} 条定量指标的完成值全都恰好等于指标值",
            tuple(c for n, _ in shares for c in cells(n, "actual")),
            actual="全部相等",
            subject="实际完成值",
        )


@rule(
    "E-22",
    "满意度可疑",
    WARNING,
    basis="满意度要有调查；以“无投诉”代替的复核不认（复核实例）",  # 成都郫都
    advice="请备好问卷样本数和统计结果，填实测的数",
    wrong="满意度 100%；或目标 90%，完成值恰好 90%",
    right="满意度 94.3%（问卷 212 份）",
)
def satisfaction_is_surveyed(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """满意度 100%、恰好等于目标，或以“无投诉”代替。"""
    for n, row in enumerate(form.indicators):
        if not _satisfaction(row) or name_prefers(row.name, profile) == "less":
            continue
        at = cells(n, "actual", "target")
        target = parse_target(row.target)
        value = figure_of(form, row, profile)
        words = f"{bare(row.actual)}{bare(row.reason)}"
        if value is None and any(word in words for word in profile.words["no_survey"]):
            yield Found(
                f"“{row.name}”以“{row.actual}”代替满意度调查",
                at,
                expected="调查结果",
                actual=row.actual,
                subject=row.name,
            )
            continue
        if value is None or target.kind != "percent" and not (target.value and target.value <= 1):
            continue
        if value == target.value or value == 1:
            said = "是 100%" if value == 1 else f"{row.actual} 恰好等于目标 {row.target}"
            yield Found(f"“{row.name}”的完成值{said}，请核对有没有调查", at, actual=row.actual, subject=row.name)


@rule(
    "E-23",
    "效益一律写同一个百分比",
    WARNING,
    basis="没有计算口径的百分比不具考核性（复核问题清单）；条数系推定",  # 成都郫都
    advice="请写明每个百分比怎样算出",
    wrong="三条效益指标都是 ≥95%",
    right="各按自己的口径设定",
)
def benefits_are_measured(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """三条以上效益指标的目标是同一个百分比，完成值也一样。"""
    rows = [
        (n, row, parse_target(row.target)) for n, row in enumerate(form.indicators) if first_level(row.level1) == "效益"
    ]
    rates = [(n, row, target) for n, row, target in rows if target.kind == "percent"]
    if len(rates) < profile.limits["same_rates"] or len(rates) < len(rows):
        return
    if len({target.value for _, _, target in rates}) == 1 and len({bare(row.actual) for _, row, _ in rates}) == 1:
        yield Found(
            f"{len(rates)} 条效益指标的目标都是 {rates[0][1].target}，完成值也都是 {rates[0][1].actual}",
            tuple(c for n, _, _ in rates for c in cells(n, "target")),
            actual=rates[0][1].target,
            subject="效益",
        )


@rule(
    "E-29",
    "指标重复",
    WARNING,
    basis="一条指标只计一次分",
    advice="请删去重复的一行，或改名区分",
    wrong="“补助发放足额率”出现两行",
    right="一行，或两个不同的名称",
)
def rows_are_not_repeated(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """同一张自评表里三级指标不应重名。"""
    seen: dict[str, list[int]] = {}
    for n, row in enumerate(form.indicators):
        seen.setdefault(name_key(row), []).append(n)
    for key, rows in seen.items():
        if key and len(rows) > 1:
            name = form.indicators[rows[0]].name
            yield Found(
                f"“{name}”出现了 {len(rows)} 行",
                tuple(c for n in reversed(rows) for c in cells(n, "name")),
                expected="1 行",
                actual=f"{len(rows)} 行",
                subject=name,
            )


@rule(
    "E-33",
    "完成值没有写单位",
    INFO,
    basis="完成值与指标值用同一单位（样表实例）",
    advice="可补上单位，避免看错",
    wrong="指标值 =3000份，完成值 50000",
    right="指标值 =3000份，完成值 50000份",
)
def actuals_have_units(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """指标值有单位而完成值全都没有单位时，合并提示一次。"""
    rows = [
        n
        for n, row in enumerate(form.indicators)
        if parse_target(row.target).unit and figure_of(form, row, profile) is not None
    ]
    bare_ones = [n for n in rows if parse_target(form.indicators[n].actual).unit is None]
    if rows and bare_ones == rows:
        yield Found(
            f"{len(rows)} 条完成值都没有写单位",
            tuple(c for n in rows for c in cells(n, "actual")),
            actual=f"{len(rows)} 条",
            subject="实际完成值",
        )


@rule(
    "E-37",
    "完成值与指标值单位不同",
    WARNING,
    basis="完成值与指标值用同一单位，人与人次、份与个差别很大（样表实例）",
    advice="请核对单位，改成与指标值一样",
    wrong="指标值 ≥73件，完成值 73人",
    right="指标值 ≥73件，完成值 73件",
)
def actuals_keep_the_unit(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """完成值的单位与指标值的不同、换算不了的，不能判分；场与次、人次与人、% 与百分比算一样，能确切换算的换算了再比。"""
    for n, row in enumerate(form.indicators):
        found = verdict(form, row, profile)
        if found.cause == UNIT:
            yield Found(
                f"“{row.name}”：{found.why}",
                cells(n, "actual", "target"),
                expected=parse_target(row.target).unit,
                actual=row.actual,
                subject=row.name,
                advice=found.advice,
            )
