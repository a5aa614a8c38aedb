"""The indicators of an evaluation are those approved, with their targets (X-05 … X-12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TypedDict

from ...domain.levels import first_level, second_level
from ...domain.numbers import plain
from ...domain.profile import Profile
from ...domain.records import Indicator, Result
from ...domain.scoring import score
from ...domain.target import Target, parse_target
from ..comparing import lower_is_better, signed, unit_base, unit_key, values
from ..evaluation.rows import level_of
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..matching import name_key
from ..prose import bare, changes
from ..two import Two

_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_BASIS = "自评指标就是批复的绩效指标，不得换指标、换目标（财预〔2020〕10号，依据待核）"


class Sides(TypedDict):
    """Fields of the declaration and of the evaluation."""

    declared: tuple[str, ...]
    at: tuple[str, ...]


def _pairs(two: Two) -> Iterator[tuple[int, Indicator, int, Result]]:
    if two.same_project:
        for match in two.matches:
            if match.declared is not None and match.evaluated is not None:
                yield (
                    match.declared,
                    two.declaration.indicators[match.declared],
                    match.evaluated,
                    two.evaluation.indicators[match.evaluated],
                )


def _sides(n: int, m: int, *names: str) -> Sides:
    return {
        "declared": tuple(f"indicators[{n}].{name}" for name in names),
        "at": tuple(f"indicators[{m}].{name}" for name in names),
    }


@rule(
    "X-05",
    "指标漏填",
    ERROR,
    basis=_BASIS,
    advice="请在自评表补上这条指标",
    wrong="申报有“普法活动覆盖人数”，自评没有",
    right="自评逐条对应申报",
)
def nothing_is_missing(two: Two, profile: Profile) -> Iterator[Found]:
    """申报的指标自评表里都要有；按名称找，不按位置。"""
    for match in two.matches if two.same_project else ():
        if match.declared is not None and match.evaluated is None:
            row = two.declaration.indicators[match.declared]
            cells = tuple(f"indicators[{match.declared}].{name}" for name in ("name", "target"))
            yield Found(
                f"申报的“{row.name}”（{row.target or '指标值空白'}）在自评表里没有",
                declared=cells,
                expected=row.target,
                subject=row.name,
            )


@rule(
    "X-06",
    "指标新增",
    ERROR,
    basis=_BASIS,
    advice="请删去，或补办目标调整手续",
    wrong="自评多出“举办培训班”，申报没有",
    right="自评逐条对应申报",
)
def nothing_is_added(two: Two, profile: Profile) -> Iterator[Found]:
    """自评表里不应有申报没有的指标。"""
    for match in two.matches if two.same_project else ():
        if match.evaluated is not None and match.declared is None:
            row = two.evaluation.indicators[match.evaluated]
            cells = tuple(f"indicators[{match.evaluated}].{name}" for name in ("name", "target"))
            yield Found(
                f"自评的“{row.name}”（{row.target or '指标值空白'}）申报表里没有",
                at=cells,
                actual=row.target,
                subject=row.name,
            )


@rule(
    "X-07",
    "指标改名",
    WARNING,
    basis=_BASIS,
    advice="请用申报时的名称",
    wrong="申报“补贴发放准确率”，自评“补助发放准确率”",
    right="两处名称一致",
)
def names_are_kept(two: Two, profile: Profile) -> Iterator[Found]:
    """名称相近、位置和目标相合的认作同一条，名称不同就提醒；空格、换行和全半角不计。"""
    for n, one, m, other in _pairs(two):
        if name_key(one) != name_key(other):
            said = "；".join(str(change) for change in changes(one.name, other.name)[:2])
            yield Found(
                f"指标改名：申报“{one.name}”，自评“{other.name}”（{said}）",
                **_sides(n, m, "name"),
                expected=one.name,
                actual=other.name,
                subject=one.name,
            )


@rule(
    "X-08",
    "指标换了层级",
    WARNING,
    basis=_BASIS,
    advice="请放回申报时的一级、二级指标",
    wrong="申报在质量指标，自评在数量指标",
    right="两处层级一致",
)
def levels_are_kept(two: Two, profile: Profile) -> Iterator[Found]:
    """一级、二级指标应与申报一致；产出目标与产出指标、环境效益与生态效益这样的异写不算。"""
    for n, one, m, other in _pairs(two):
        moved = [
            name
            for name, key in (("level1", first_level), ("level2", second_level))
            if key(getattr(one, name)) != key(getattr(other, name))
        ]
        if moved:
            before, after = (f"{row.level1 or '—'}/{row.level2 or '—'}" for row in (one, other))
            yield Found(
                f"“{one.name}”：申报在 {before}，自评在 {after}",
                **_sides(n, m, *moved),
                expected=before,
                actual=after,
                subject=one.name,
            )


def _shift(one: Indicator, other: Result, profile: Profile) -> tuple[Target, Target, int | None]:
    """Both targets, and −1 lowered, 0 equal, 1 raised, None not comparable."""
    before, after = parse_target(one.target), parse_target(other.target)
    pair = values(before, after)
    if pair is None:
        return before, after, None
    if pair[0] == pair[1]:
        return before, after, 0
    less = before.kind == "date" or lower_is_better(before, one.name, level_of(one), profile)
    return before, after, 1 if (pair[1] < pair[0]) == less else -1


@rule(
    "X-09",
    "目标值被下调",
    ERROR,
    basis=_BASIS,
    advice="请改回申报的指标值并重算得分；经批准调整的，附批复",
    wrong="申报 =91场，自评 =90，实际 90 得满分",
    right="自评仍写 =91场，实际 90，得 19.78 分",
)
def targets_are_not_lowered(two: Two, profile: Profile) -> Iterator[Found]:
    """越多越好的指标变小、越少越好的变大、时限推后，都是下调；按申报值应得多少分一并算出。"""
    for n, one, m, other in _pairs(two):
        before, after, moved = _shift(one, other, profile)
        if moved != -1:
            continue
        right = score(before, other.actual, other.weight, profile, two.evaluation.year)
        lost = ""
        if right is not None and other.score is not None and right != other.score:
            lost = f"；实际 {other.actual}，按申报值应得 {plain(right)} 分，自评 {plain(other.score)} 分"
        yield Found(
            f"“{one.name}”的目标由 {one.target} 改成 {other.target}{lost}",
            declared=_sides(n, m, "target")["declared"],
            at=_sides(n, m, "target", "score")["at"],
            expected=one.target,
            actual=other.target,
            difference=_gap(before, after),
            subject=one.name,
        )


def _gap(before: Target, after: Target) -> str | None:
    """The difference of two targets of one kind; of rates in percentage points."""
    both = values(before, after)
    if both is None or before.kind == "date":
        return None
    one, other = both
    if before.kind == "percent":
        return f"{signed((other - one) * 100)} 个百分点"
    return signed(other - one)


@rule(
    "X-10",
    "目标值上调或符号变了",
    WARNING,
    basis=_BASIS,
    advice="请用申报的写法；经批准调整的，附批复",
    wrong="申报 =91场，自评 ≥100场",
    right="自评 =91场",
)
def targets_keep_their_sign(two: Two, profile: Profile) -> Iterator[Found]:
    """目标比申报高，或 =、≥、> 之间互换（没有符号的当作 =）。"""
    for n, one, m, other in _pairs(two):
        before, after, moved = _shift(one, other, profile)
        sign = before.value is not None and after.value is not None and (before.op or "=") != (after.op or "=")
        if before.kind == "date" or after.kind == "date":
            sign = False
        if moved == 1 or sign and moved != -1:
            said = "提高了" if moved == 1 else "换了符号"
            yield Found(
                f"“{one.name}”的目标{said}：申报 {one.target}，自评 {other.target}",
                **_sides(n, m, "target"),
                expected=one.target,
                actual=other.target,
                subject=one.name,
            )
        elif (
            moved is None
            and {before.kind, after.kind} & {"number", "percent"}
            and before.value is not None is not after.value
        ):
            yield Found(
                f"“{one.name}”的目标申报 {one.target}，自评 {other.target}，单位不同，高低无法判定",
                **_sides(n, m, "target"),
                expected=one.target,
                actual=other.target,
                subject=one.name,
                level=UNDECIDED,
            )


@rule(
    "X-11",
    "单位变了或丢了",
    WARNING,
    basis=_BASIS,
    advice="请用申报的单位",
    wrong="申报 =91场，自评 =90",
    right="自评 =91场",
)
def units_are_kept(two: Two, profile: Profile) -> Iterator[Found]:
    """指标值的单位应与申报一致：场与场次、% 与百分比算一样，人与人次、场与个不一样。"""
    for n, one, m, other in _pairs(two):
        before, after = parse_target(one.target), parse_target(other.target)
        kinds = {before.kind, after.kind}
        if not kinds <= {"number", "percent"} or unit_key(before.unit) == unit_key(after.unit):
            continue
        rescaled = before.value == after.value and unit_base(before.unit) == unit_base(after.unit)
        if before.unit and after.unit and rescaled:
            continue
        said = f"丢了单位“{before.unit}”" if not after.unit else f"单位由“{before.unit or '无'}”变成“{after.unit}”"
        yield Found(
            f"“{one.name}”的指标值{said}：申报 {one.target}，自评 {other.target}",
            **_sides(n, m, "target"),
            expected=one.target,
            actual=other.target,
            subject=one.name,
            level=None if before.unit else INFO,
        )


@rule(
    "X-12",
    "定性目标改写",
    WARNING,
    basis=_BASIS,
    advice="请用申报的指标值",
    wrong="申报“管理良好”，自评“管理到位”",
    right="自评“管理良好”",
)
def wording_is_kept(two: Two, profile: Profile) -> Iterator[Found]:
    """定性的指标值应逐字一致；文字改成数也在此列，数改成文字、指标值空白是错误（文字里还有那个数的无法判定）；申报没有定指标值的无法判定。"""
    for n, one, m, other in _pairs(two):
        if bare(one.target) == bare(other.target):
            continue
        before, after = parse_target(one.target), parse_target(other.target)
        told = partial(Found, expected=one.target, actual=other.target, subject=one.name, **_sides(n, m, "target"))
        if before.kind == "unset":
            yield told(
                f"“{one.name}”申报时没有定指标值（{one.target or '空白'}），自评写 {other.target or '空白'}，无法核对",
                level=UNDECIDED,
            )
        elif not bare(other.target):
            yield told(f"“{one.name}”的指标值在自评表里空白，申报是 {one.target}", level=ERROR)
        elif before.value is None or after.value is None:
            vague = before.value is not None
            same = before.number is not None and plain(before.number) in _FIGURES.findall(bare(other.target))
            was = "目标换了写法，数还在，改没改无法判定" if same else "定量目标改成了文字" if vague else "目标改写"
            said = f"“{one.name}”的{was}：申报“{one.target}”，自评“{other.target}”"
            yield told(said, level=UNDECIDED if same else ERROR if vague else None)
