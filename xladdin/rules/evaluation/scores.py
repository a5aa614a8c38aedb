"""Scores, weights and totals of a self-evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...domain.judging import BAND, UNIT, Judgement
from ...domain.numbers import plain, round_half_up
from ...domain.profile import Profile
from ...domain.quantity import COPIED
from ...domain.records import BudgetLine, Evaluation, Result
from ...domain.rollforward import prescribed
from ...domain.scoring import counted, doubted, is_filled, is_pending, why_pending
from ...domain.target import parse_target
from ..asked import asked
from ..comparing import rate, signed
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..prose import bare, mentions, says_nothing
from .funds import told_elsewhere
from .rows import (
    TENTH,
    as_limit,
    cells,
    due,
    has_figure,
    is_limit_row,
    is_open,
    judged,
    reached,
    rounded_otherwise,
    verdict,
)

_ALL = ("score", "actual", "target", "weight")


@rule(
    "E-04",
    "得分与应得分不符",
    ERROR,
    basis="未完成的按完成值÷指标值×分值，{reverse}；出处：{source}",
    advice="请按指标值和完成值重算得分",
    wrong="指标值 =91场，完成 80，分值 20，得 18.5 分",
    right="指标值 =91场，完成 80，分值 20，得 17.58 分",
)
def scores_follow_the_rule(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """能算的得分应与规则一致；只是按 0.1 分、0.5 分或整分取整的作提示；完成值看不出数的无法判定。

    没有写 ≤ 的成本、投诉、工期，按“=”和按不超过两种算法都认。满分、扣分的另见 E-12、E-13。
    """
    for n, row in judged(form):
        if row.score is None or row.weight is None or not bare(row.actual) or not bare(row.target):
            continue
        right = due(form, row, profile)
        if right is None:
            found = verdict(form, row, profile)
            if parse_target(row.target).kind in ("number", "percent", "unset") and not _told_of_actual(row, found):
                yield _unjudged(n, row, row.score, f"：{found.why}", found.advice)
        elif is_open(row, profile):
            limit = as_limit(form, row, profile)
            if not any(_agree(row.score, points, profile) for points in (right, limit, row.weight)):
                other = "不能判定" if limit is None else f"应得 {plain(limit)} 分"
                said = f"按“=”算应得 {plain(right)} 分，按不超过算{other}"
                yield _unjudged(
                    n, row, row.score, f"的指标值“{row.target}”没有写 ≤ 还是 ≥，{said}，表上", "请写明 ≤ 或 ≥"
                )
        elif not _agree(row.score, right, profile) and 0 <= row.score < row.weight and right != row.weight:
            coarse = rounded_otherwise(form, row, profile)
            yield Found(
                f"“{row.name}”指标值 {row.target}，完成 {row.actual}，分值 {plain(row.weight)}，"
                f"应得 {plain(right)} 分，表上 {plain(row.score)} 分" + ("（取整方法不同）" if coarse else ""),
                cells(n, *_ALL),
                expected=plain(right),
                actual=plain(row.score),
                difference=signed(row.score - right),
                subject=row.name,
                level=INFO if coarse else None,
            )


def _unjudged(n: int, row: Result, score: Decimal, why: str, advice: str) -> Found:
    return Found(
        f"“{row.name}”{why}，{plain(score)} 分对不对无法判定",
        cells(n, *_ALL),
        actual=plain(score),
        subject=row.name,
        level=UNDECIDED,
        advice=advice,
    )


def _agree(given: Decimal, right: Decimal | None, profile: Profile) -> bool:
    return right is not None and abs(given - right) <= profile.limits["score_slip"]


def _told_of_actual(row: Result, found: Judgement) -> bool:
    """Whether E-09, E-10 or E-37 speak of the actual."""
    return found.cause in (COPIED, UNIT) or not has_figure(row.actual)


@rule(
    "E-05",
    "得分或分值越界",
    ERROR,
    basis="0 ≤ 得分 ≤ 分值，分值大于 0（一体化平台）",
    advice="请改正得分或分值",
    wrong="分值 10，得 12 分",
    right="分值 10，得 10 分",
)
def points_within_weight(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """得分不超过分值、不为负；每个指标都有大于 0 的分值；资金行同样。表上没有分值一栏的，得分无法判定。"""
    if form.indicators and not any(asked(form, f"indicators[{n}].weight") for n in range(len(form.indicators))):
        at = tuple(c for n in range(len(form.indicators)) for c in cells(n, "score"))
        yield Found(
            "表上没有分值一栏，各条得分无法判定", at, subject="分值", level=UNDECIDED, advice="请对照批复的分值核对"
        )
        return
    rows = [(f"budget[{n}]", line.item, line.weight, line.score) for n, line in enumerate(form.budget)]
    rows += [(f"indicators[{n}]", row.name, row.weight, row.score) for n, row in enumerate(form.indicators)]
    odd = doubted(form)
    for path, name, weight, points in rows:
        both = (f"{path}.score", f"{path}.weight")
        if path.startswith("indicators") and weight is None and both[1] not in odd:
            yield Found(f"“{name}”没有分值", both[::-1], subject=name)
        elif weight is not None and weight <= 0:
            yield Found(
                f"“{name}”的分值是 {plain(weight)}，应大于 0",
                both[::-1],
                expected=">0",
                actual=plain(weight),
                subject=name,
            )
        if points is not None and (points < 0 or weight is not None and points > max(weight, Decimal(0))):
            limit = plain(weight) if weight is not None else "分值"
            yield Found(
                f"“{name}”得 {plain(points)} 分，应在 0 到 {limit} 之间",
                both,
                expected=f"0—{limit}",
                actual=plain(points),
                subject=name,
            )


@rule(
    "E-06",
    "合计不符",
    ERROR,
    basis="总分＝各行得分之和，分值合计 100（一体化平台）",
    advice="请重算合计，或核对是哪一行填错",
    wrong="各行得分之和 99.43，总分写 99.73",
    right="总分 99.43",
)
def totals_are_sums(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """分值合计应为 100，表上的总分值、总分应等于各行之和；有得分空白时总分无法判定（得分待核的另有一条）。"""
    mine = counted(form.budget)
    rows: list[tuple[str, BudgetLine | Result]] = [
        (f"budget[{n}]", line) for n, line in enumerate(form.budget) if line in mine
    ]
    rows += [(f"indicators[{n}]", row) for n, row in enumerate(form.indicators)]
    weights = [(f"{path}.weight", row.weight) for path, row in rows if row.weight is not None]
    points = [(f"{path}.score", row.score) for path, row in rows if row.score is not None]
    whole = sum((weight for _, weight in weights), Decimal(0))
    at = ("total_weight", *(field for field, _ in weights))
    printed = form.source is None or "indicators[0].weight" in form.source.cells or form.total_weight is not None
    odd = doubted(form)
    sound = not any(row.weight is None and f"{path}.weight" in odd for path, row in rows)
    if sound and weights and whole != 100 and printed:  # 分值 may stand in a heading alone, that of 执行率
        yield Found(
            f"各行分值合计 {plain(whole)}，应为 100",
            at,
            expected="100",
            actual=plain(whole),
            difference=signed(whole - 100),
            subject="分值合计",
        )
    if sound and form.total_weight is not None and form.total_weight != whole:
        yield Found(
            f"表上总分值 {plain(form.total_weight)}，各行分值之和 {plain(whole)}",
            at,
            expected=plain(whole),
            actual=plain(form.total_weight),
            difference=signed(form.total_weight - whole),
            subject="总分值",
        )
    told = {f"budget[{n}]" for n, _ in enumerate(form.budget) if told_elsewhere(form, n)}
    open_rows = [
        (path, row)
        for path, row in rows
        if row.score is None and (row.weight is not None or f"{path}.score" in odd) and path not in told
    ]
    missing = [row.item if isinstance(row, BudgetLine) else row.name for _, row in open_rows]
    gap = tuple(f"{path}.score" for path, _ in open_rows)
    summed = sum((figure for _, figure in points), Decimal(0))
    at = ("total_score", *(field for field, _ in points))
    if form.total_score is None and ("total_score" in odd or not is_filled(form)):
        return  # what was not understood, or E-38
    if form.total_score is None:
        if open_rows and all(_is_told(path, row, form, profile) for path, row in open_rows):
            return  # E-39 and its like say why, row by row
        if points and missing:
            said = f"总分空白，{_some(missing)}没有得分，无法核对"
            at = ("total_score", *gap)
            yield Found(said, at, subject="总分", level=UNDECIDED, advice="请补上得分")
        elif points and not is_pending(form):
            yield Found(f"总分空白，各行得分之和是 {plain(summed)}", at, expected=plain(summed), subject="总分")
    elif missing:
        yield Found(
            f"总分写 {plain(form.total_score)}，但{_some(missing)}没有得分，无法核对",
            ("total_score", *gap),
            actual=plain(form.total_score),
            subject="总分",
            level=UNDECIDED,
            advice="请补上得分",
        )
    elif round_half_up(summed, 2) != form.total_score:
        yield Found(
            f"总分写 {plain(form.total_score)}，各行得分之和是 {plain(summed)}，"
            f"差 {plain(abs(form.total_score - summed))}",
            at,
            expected=plain(summed),
            actual=plain(form.total_score),
            difference=signed(form.total_score - summed),
            subject="总分",
        )


def _is_told(path: str, row: Result | BudgetLine, form: Evaluation, profile: Profile) -> bool:
    """Whether a rule, or what could not be read, says why the row has no points."""
    unread = f"{path}.actual" in doubted(form)
    return unread or isinstance(row, Result) and why_pending(row, profile, form.year) is not None


def _some(names: list[str]) -> str:
    return f"“{names[0]}”" + (f"等 {len(names)} 行" if len(names) > 1 else "")


@rule(
    "X-14",
    "一级指标分值偏离规定",
    WARNING,
    basis="{weights}；特殊情况可调；出处：{source}",
    advice="请核对是否按批复的分值；本地另有规定的，用 --profile 换一套规则",
    wrong="产出多 10 分，效益少 10 分",
    right="{weights}",
)
def weights_follow_the_scheme(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """各一级指标的分值之和、执行率的分值应与规定一致；批复可以另定，所以只是警告。"""
    execution = [(n, line.weight) for n, line in enumerate(form.budget) if line.weight is not None]
    for n, weight in execution:
        if weight != profile.execution:
            yield Found(
                f"预算执行率的分值是 {plain(weight)}，规定是 {plain(profile.execution)}",
                (f"budget[{n}].weight",),
                expected=plain(profile.execution),
                actual=plain(weight),
                difference=signed(weight - profile.execution),
                subject="执行率",
            )
    weights = [row.weight for row in form.indicators if row.weight is not None]
    if not weights or len(weights) < len(form.indicators):
        return
    groups, wanted = prescribed([row.level1 for row in form.indicators], profile)
    for group, points in (wanted or {}).items():
        mine = [n for n, name in enumerate(groups) if name == group]
        given = sum((weights[n] for n in mine), Decimal(0))
        if given != points:
            yield Found(
                f"{group}指标的分值合计 {plain(given)}，规定是 {plain(points)}",
                tuple(f"indicators[{n}].weight" for n in mine),
                expected=plain(points),
                actual=plain(given),
                difference=signed(given - points),
                subject=group,
            )


@rule(
    "E-12",
    "没有完成却得满分",
    ERROR,
    basis="未完成的按比例得分（财预〔2020〕10号，依据待核）",
    advice="请按完成比例改得分，并写明原因",
    wrong="指标值 =91场，完成 80，得满分 20",
    right="完成 80，得 17.58 分，写明原因",
)
def full_marks_need_the_target(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """没有达到指标值、误了时限，不应得满分；只差在取整到 0.1 的作提示。

    得满分而原因栏写着减少、推迟、未完成的，提醒核对。
    """
    for n, row in judged(form):
        if row.score is None or row.score != row.weight:
            continue
        right, found = due(form, row, profile), verdict(form, row, profile)
        short = right is not None and not _agree(row.weight, right, profile) and not is_limit_row(row, profile)
        if short or right is None and found.met is False and found.cause != BAND:
            share = reached(form, row, profile)
            done = f"（完成 {rate(share)}）" if share is not None else ""
            worth = f"应得 {plain(right)} 分，" if right is not None else ""
            yield Found(
                f"“{row.name}”指标值 {row.target}，实际 {row.actual}{done}，{worth}却得满分 {plain(row.score)}",
                cells(n, *_ALL),
                expected=plain(right) if right is not None else f"低于 {plain(row.weight)}",
                actual=plain(row.score),
                difference=signed(row.score - right) if right is not None else None,
                subject=row.name,
                level=INFO if short and rounded_otherwise(form, row, profile, TENTH) else None,
            )
        elif mentions(row.reason, profile.words["unfinished"]):
            yield Found(
                f"“{row.name}”得满分，原因栏却写“{row.reason}”",
                cells(n, "reason", "score"),
                actual=row.reason,
                subject=row.name,
                level=WARNING,
                advice="请核对是否真的完成",
            )


@rule(
    "E-13",
    "已经完成却扣了分",
    ERROR,
    basis="达到指标值得满分（财预〔2020〕10号，依据待核）",
    advice="请核对完成值：真完成的给满分，没完成的改完成值",
    wrong="指标值 100%，完成 100%，分值 10，得 9.7 分",
    right="完成值改为实际的 97.34%，得 9.73 分",
)
def points_lost_need_a_gap(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """完成值达到指标值，得分却不满。超额较多、因目标偏低而调减并写了原因的，严格小于而恰好相等的，作提示。"""
    for n, row in judged(form):
        if row.score is None or row.weight is None or row.score < 0 or due(form, row, profile) != row.weight:
            continue
        target, share = parse_target(row.target), reached(form, row, profile)
        if row.score >= row.weight or _agree(row.score, row.weight, profile) or is_open(row, profile):
            continue
        if target.kind not in ("number", "percent", "date"):
            continue  # 定性指标 may lose points within its 档 (E-11)
        over = share is not None and share >= profile.limits["over_warn"] and not target.reverse
        excused = over and not says_nothing(row.reason, profile) or target.op in ("<", ">") and share == 1
        why = f"，原因栏写“{row.reason}”" if bare(row.reason) else ""
        yield Found(
            f"“{row.name}”指标值 {row.target}，完成 {row.actual}，已达到，"
            f"却只得 {plain(row.score)} 分（分值 {plain(row.weight)}）{why}",
            cells(n, *_ALL, "reason"),
            expected=plain(row.weight),
            actual=plain(row.score),
            difference=signed(row.score - row.weight),
            subject=row.name,
            level=INFO if excused else None,
        )


@rule(
    "E-19",
    "超过控制数仍得满分",
    ERROR,
    basis="成本、投诉、时限越低越好；{reverse}（复核实例：≤160 万元，实际 386 万元）",  # 成都郫都
    advice="请按反向公式重算得分，并写明超出的原因",
    wrong="成本 ≤160万元，实际 386万元，得满分",
    right="成本 ≤160万元，实际 386万元，按公式扣分",
)
def overrun_loses_points(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """成本、投诉、工期一类的实际数大于指标值，得分却是满分。没有写 ≤ 的，平台照“=”给满分，所以只作警告。"""
    for n, row in judged(form):
        if row.score is None or row.score != row.weight or not is_limit_row(row, profile):
            continue
        right = as_limit(form, row, profile)
        if parse_target(row.target).op in (">", "≥") or right is None or _agree(row.weight, right, profile):
            continue
        yield Found(
            f"“{row.name}”控制在 {row.target}，实际 {row.actual}，"
            f"按不超过算应得 {plain(right)} 分，却得满分 {plain(row.score)}",
            cells(n, *_ALL),
            expected=plain(right),
            actual=plain(row.score),
            difference=signed(row.score - right),
            subject=row.name,
            level=WARNING if is_open(row, profile) else None,
        )


@rule(
    "E-27",
    "等级与分数不符",
    ERROR,
    basis="{grades}，含本数（财预〔2020〕10号，依据待核）",
    advice="请按总分改等级",
    wrong="总分 90，等级“良”",
    right="总分 90，等级“优”",
)
def grade_follows_total(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """表上印有等级的，应与总分相符；正好在界上的算上一档。"""
    for name, given in form.extra.items():
        if "等级" not in name or not bare(given) or form.total_score is None:
            continue
        right = next((grade for grade, low in profile.grades if form.total_score >= low), None)
        named = [grade for grade, _ in profile.grades if grade in bare(given)]
        if right and len(named) != 1:
            yield Found(
                f"等级写“{given}”，看不出是哪一档（总分 {plain(form.total_score)}，应是“{right}”）",
                (f"extra.{name}", "total_score"),
                expected=right,
                actual=given,
                subject="等级",
                level=UNDECIDED,
            )
        elif right and named != [right]:
            yield Found(
                f"总分 {plain(form.total_score)} 应是“{right}”，表上写“{given}”",
                (f"extra.{name}", "total_score"),
                expected=right,
                actual=given,
                subject="等级",
            )
