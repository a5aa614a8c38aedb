"""The 项目资金 rows of a self-evaluation: sums, execution rate and its points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ...domain.judging import EXACT
from ...domain.numbers import decimals, plain, round_half_up
from ...domain.profile import Profile
from ...domain.records import BUDGET_ITEMS, TOTAL_LINE, BudgetLine, Evaluation
from ...domain.scoring import RATE_PLACES, doubted, execution_score, is_filled, uncounted
from ..asked import asked
from ..comparing import adds_up, amount, money, percent, rate, signed
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..prose import bare, mentions, says_nothing
from .amounts import COLUMNS, far_apart, mixed_up, negative


def total_line(form: Evaluation) -> tuple[int, BudgetLine] | None:
    """The 年度资金总额 row and its index."""
    return next(((n, line) for n, line in enumerate(form.budget) if line.item == TOTAL_LINE), None)


def execution(form: Evaluation) -> tuple[int, BudgetLine, Decimal] | None:
    """The 年度资金总额 row, its index and its exact 执行率; None where that cannot be reckoned, or 元 met 万元."""
    found = total_line(form)
    if not found or found[1].executed is None or not found[1].budget or mixed_up(found[1]):
        return None
    return *found, exact_share(found[1].executed, found[1].budget)


def exact_share(part: Decimal, whole: Decimal) -> Decimal:
    """part ÷ whole with more digits than anything printed."""
    return EXACT.divide(part, whole)


@rule(
    "E-01",
    "资金合计与分项不符",
    ERROR,
    basis="年度资金总额＝当年财政拨款＋上年结转资金＋其他资金；自评表表式",
    advice="请核对合计与分项，改正填错的一处",
    wrong="合计 0，当年财政拨款 90",
    right="合计 90，当年财政拨款 90",
)
def totals_add_up(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """年初预算数、全年预算数、全年执行数三列，合计行都应等于分项之和；分项下面的“其中”不重复加，表式自有的分项要加；分项全空时无法判定，看不懂的不算空。"""
    found = total_line(form)
    if not found or len(form.budget) < 2:
        return
    at, total = found
    every = [(n, line) for n, line in enumerate(form.budget) if n != at]
    named = [(n, line) for n, line in every if line.item in BUDGET_ITEMS]
    odd = doubted(form)
    bare_columns = []
    for column, name in COLUMNS:
        whole, parts = getattr(total, column), named
        if all(getattr(line, column) is None for _, line in named):
            parts = every  # 中央财政资金, 地方财政资金: lines of a form of its own
        values = [getattr(line, column) for _, line in parts]
        if any(value is None and f"budget[{n}].{column}" in odd for (n, _), value in zip(parts, values, strict=True)):
            continue  # what was not understood is no blank
        cells = tuple(f"budget[{n}].{column}" for n in (at, *(n for n, _ in parts)))
        if all(value is None for value in values):
            if whole and is_filled(form):
                bare_columns.append((name, whole, cells))
            continue
        if whole is None and (not is_filled(form) or cells[0] in odd):
            continue  # E-38, or what was not understood
        if whole is None:
            yield Found(f"{name}的合计空白，分项有数", cells, subject=name, advice="请填上合计")
            continue
        difference, level = adds_up(whole, values, form.money_unit, profile)
        if level and adds_up(whole, [getattr(line, column) for _, line in every], form.money_unit, profile)[1]:
            said = " + ".join(
                f"{line.item} {money(value) or '（空白）'}" for (_, line), value in zip(parts, values, strict=True)
            )
            yield Found(
                f"{name}的合计 {amount(whole, form.money_unit)}，分项之和 {money(whole - difference)}（{said}），"
                f"差 {money(abs(difference))}" + ("，可能是四舍五入" if level == INFO else ""),
                cells,
                expected=money(whole - difference),
                actual=money(whole),
                difference=signed(difference),
                subject=name,
                level=level,
            )
    if bare_columns:
        names = "、".join(name for name, _, _ in bare_columns)
        sums = "、".join(dict.fromkeys(str(amount(whole, form.money_unit)) for _, whole, _ in bare_columns))
        yield Found(
            f"{names}的合计 {sums}，各分项都是空白，无法核对",
            tuple(cell for _, _, cells in bare_columns for cell in cells),
            actual=sums,
            subject=names,
            level=UNDECIDED,
            advice="请填上各分项，没有的填 0",
        )


@rule(
    "E-02",
    "执行率或执行得分与金额不符",
    ERROR,
    basis="执行率＝全年执行数÷全年预算数；得分＝分值×执行率，由金额算、四舍五入到 0.01（财预〔2020〕10号，依据待核）",
    advice="请按金额重算执行率和得分",
    wrong="37.24÷43.2＝86.20%，分值 10，得 9 分",
    right="37.24÷43.2＝86.20%，分值 10，得 8.62 分",
)
def execution_matches_amounts(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """执行率应等于全年执行数÷全年预算数；得分从金额重算，不从执行率倒推。

    差 0.01 个百分点以内（有的平台显示值会进位）、或只是位数取得少的，作提示。
    """
    for n, line in enumerate(form.budget):
        if line.weight is None and line.rate is None and line.score is None:
            continue
        if line.rate is None and line.score is None and told_elsewhere(form, n):
            continue
        cells = tuple(f"budget[{n}].{name}" for name in ("rate", "score", "executed", "budget"))
        if line.weight is None and not line.budget:
            continue
        if (line.executed is None or line.budget is None) and not is_filled(form):
            continue  # E-38
        if line.executed is None or line.budget is None:
            column, missing = ("executed", "全年执行数") if line.executed is None else ("budget", "全年预算数")
            state = "看不懂" if f"budget[{n}].{column}" in doubted(form) else "空白"
            yield Found(
                f"“{line.item}”的{missing}{state}，执行率和得分无法判定",
                cells,
                subject=line.item,
                level=UNDECIDED,
                advice=f"请填上{missing}，没有的填 0",
            )
            continue
        if line.budget == 0:
            if line.executed == 0:
                yield Found(
                    f"“{line.item}”的全年预算数是 0，执行率没有意义",
                    cells,
                    subject=line.item,
                    level=UNDECIDED,
                    advice="请核对全年预算数；确无预算的，执行率得分由人工定",
                )
            continue
        yield from _rate(form, n, line, profile)
        yield from _points(
            form,
            n,
            line
            if line.weight is not None
            or asked(form, f"budget[{n}].weight")
            or line.score is None
            and line.item != TOTAL_LINE
            else replace(line, weight=profile.execution),
            profile,
        )


def told_elsewhere(form: Evaluation, n: int) -> bool:
    """Whether a line has no 执行率 for a reason that E-40, E-41, E-43 or what was not understood speak of."""
    line = form.budget[n]
    hidden, odd = uncounted(form), doubted(form)
    for name in ("executed", "budget", "weight"):
        field = f"budget[{n}].{name}"
        if field in odd or form.form and field in hidden and getattr(line, name) is not None:
            return True
    return negative(line.executed) or negative(line.budget)


def _rate(form: Evaluation, n: int, line: BudgetLine, profile: Profile) -> Iterator[Found]:
    if line.executed is None or not line.budget:
        return
    true = exact_share(line.executed, line.budget)
    cells = (f"budget[{n}].rate", f"budget[{n}].executed", f"budget[{n}].budget")
    if line.rate is None:
        if line.weight is not None and _blank(form, cells[0]):
            yield Found(
                f"“{line.item}”的执行率空白，应为 {percent(true)}", cells, expected=percent(true), subject="执行率"
            )
        return
    rounded = round_half_up(true, RATE_PLACES)
    places = min(max(2, decimals(line.rate)), 10)
    coarse = round_half_up(true, places) == line.rate
    if line.rate == rounded or abs(line.rate - true) < Decimal("1E-9") or coarse and places > RATE_PLACES:
        return
    slip = abs(line.rate - true) <= profile.limits["rate_slip"]
    more = ""
    if slip and line.weight is not None:
        by_rate = round_half_up(line.weight * line.rate, 2)
        if line.score is not None and by_rate != line.score:
            more = f"；若按表上的执行率算得 {plain(by_rate)} 分，与表上 {plain(line.score)} 分也不一致"
    yield Found(
        f"执行率：{money(line.executed)}÷{money(line.budget)}＝{percent(true)}，应写 {percent(rounded)}，"
        f"表上 {percent(line.rate)}{'，只是位数取得少' if coarse else '，多半是平台进位' if slip else ''}{more}",
        cells,
        expected=percent(rounded),
        actual=percent(line.rate),
        difference=f"{'+' if line.rate > rounded else ''}{plain((line.rate - rounded) * 100)} 个百分点",
        subject="执行率",
        level=INFO if slip or coarse else None,
        advice="可不改；得分按金额算" if slip or coarse else None,
    )


def _blank(form: Evaluation, field: str) -> bool:
    """Whether a field without a value was left blank: the form asks for it, and nothing unreadable stands there."""
    return asked(form, field) and field not in doubted(form)


def _points(form: Evaluation, n: int, line: BudgetLine, profile: Profile) -> Iterator[Found]:
    if line.weight is None:
        return
    due = execution_score(line.executed, line.budget, line.weight)
    if due is None or line.executed is None or not line.budget:
        return
    cells = tuple(f"budget[{n}].{name}" for name in ("score", "weight", "executed", "budget"))
    if line.score is None:
        if _blank(form, cells[0]):
            yield Found(f"预算执行率的得分空白，应得 {plain(due)} 分", cells, expected=plain(due), subject="执行率得分")
    elif line.score != due:
        tenth = round_half_up(EXACT.divide(line.weight * line.executed, line.budget), 1)
        near = line.score == tenth or abs(line.score - due) <= profile.limits["score_slip"]
        near &= line.score <= line.weight
        yield Found(
            f"执行率得分：{plain(line.weight)} 分×{money(line.executed)}÷{money(line.budget)}＝{plain(due)} 分，"
            f"表上 {plain(line.score)} 分" + ("（取整方法不同）" if near else ""),
            cells,
            expected=plain(due),
            actual=plain(line.score),
            difference=signed(line.score - due),
            subject="执行率得分",
            level=INFO if near else None,
        )


@rule(
    "E-03",
    "执行数超过全年预算数",
    ERROR,
    basis="执行率不超过 100%，超出的要先调整预算（一体化平台）",
    advice="请核对执行数；确有超支的，补办预算调整",
    wrong="全年预算 991,403，全年执行 1,065,043.97",
    right="全年预算 1,100,000，全年执行 1,065,043.97",
)
def executed_within_budget(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """各行全年执行数不大于全年预算数；疑似元、万元填混的和负数另有规则。"""
    for n, line in enumerate(form.budget):
        cells = (f"budget[{n}].executed", f"budget[{n}].budget")
        if line.executed is None or line.executed <= 0 or negative(line.budget) or mixed_up(line):
            continue
        if line.budget is None:
            yield Found(
                f"“{line.item}”有执行数 {money(line.executed)}，全年预算数空白",
                cells,
                actual=money(line.executed),
                subject=line.item,
                level=UNDECIDED,
                advice="请填上全年预算数",
            )
        elif line.executed > line.budget:
            yield Found(
                f"“{line.item}”的全年执行数 {amount(line.executed, form.money_unit)}"
                f"超过全年预算数 {money(line.budget)}，多 {money(line.executed - line.budget)}",
                cells,
                expected=f"≤{money(line.budget)}",
                actual=money(line.executed),
                difference=signed(line.executed - line.budget),
                subject=line.item,
            )


@rule(
    "X-15",
    "预算调整没有说明",
    WARNING,
    basis="年初预算与全年预算不同的，要说明并相应调整指标值（财预〔2020〕10号，依据待核）",
    advice="请在偏差原因或实际完成情况里写明调整的依据和对指标的影响",
    wrong="年初 1,100,000，全年 991,403，没有说明",
    right="年初 1,100,000，全年 991,403，写明“培训减少，区财政核减 108,597 元”",
)
def adjustment_is_explained(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """全年预算数与年初预算数不同（合计不变、只在分项之间挪动的也算），没有说明预算调整。提到了的只作提示。"""
    found = total_line(form)
    if not found:
        return
    n, line = found
    if line.initial is None or line.budget is None or far_apart(line.initial, line.budget):
        return  # the last is E-42's
    if line.initial == line.budget:
        yield from _moved(form, profile)
        return
    explained = _adjustment_told(form, profile)
    change = line.budget - line.initial
    share = f"（{rate(change / line.initial)}）" if line.initial else ""
    more = ""
    if line.executed is not None and line.initial > max(line.budget, Decimal(0)):
        more = f"；按年初数算执行率只有 {rate(exact_share(line.executed, line.initial))}"
    yield Found(
        f"年初预算 {amount(line.initial, form.money_unit)}，全年预算 {money(line.budget)}，"
        f"调{'减' if change < 0 else '增'} {money(abs(change))}{share}，"
        f"{'已有说明，请核对' if explained else '没有说明'}{more}",
        (f"budget[{n}].budget", f"budget[{n}].initial", f"budget[{n}].reason"),
        expected=money(line.initial),
        actual=money(line.budget),
        difference=signed(change),
        subject="全年预算数",
        level=INFO if explained else None,
    )


def _moved(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """Money moved between the lines while the total stayed."""
    moved = [
        (n, line, line.budget - line.initial)
        for n, line in enumerate(form.budget)
        if line.item != TOTAL_LINE and line.budget is not None and line.initial not in (None, line.budget)
    ]
    if not moved:
        return
    explained = _adjustment_told(form, profile)
    said = "，".join(f"{line.item} {signed(change)}" for _, line, change in moved)
    cells = tuple(f"budget[{n}].{column}" for n, _, _ in moved for column in ("budget", "initial"))
    yield Found(
        f"年度资金总额没有变，分项之间挪动了：{said}，{'已有说明，请核对' if explained else '没有说明'}",
        (*cells, f"budget[{moved[0][0]}].reason"),
        expected=money(moved[0][1].initial),
        actual=money(moved[0][1].budget),
        difference=signed(moved[0][2]),
        subject="全年预算数分项",
        level=INFO if explained else None,
    )


def _adjustment_told(form: Evaluation, profile: Profile) -> bool:
    """Whether a reason is given beside the money, or the text speaks of the adjustment."""
    if any(not says_nothing(line.reason, profile) for line in form.budget):
        return True
    written = [bare(form.actual_result), *(bare(line.reason) for line in form.budget)]
    return any(_explains(text, profile) for text in written)


def _explains(text: str, profile: Profile) -> bool:
    """Whether a sentence speaks of money and of its being changed."""
    sentences = re.split(r"[。；;！!?？]", text)
    money = profile.words["money_work"]
    return any(any(word in one for word in money) and mentions(one, profile.words["adjusted"]) for one in sentences)


@rule(
    "E-31",
    "执行率偏低没有说明",
    WARNING,
    basis="执行率偏低的项目要单独说明（财预〔2020〕10号，依据待核）；界线取执行进度灯绿线",
    advice="请说明没有用完的原因和改进措施",
    wrong="执行率 45.17%，没有说明",
    right="执行率 45.17%，写明采购推迟到下年",
)
def low_execution_is_explained(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """预算执行率低于 {low_execution:.0%}，资金行和实际完成情况都没有说明。"""
    found = execution(form)
    if not found:
        return
    n, line, share = found
    told = not says_nothing(line.reason, profile)
    told = told or any(word in bare(form.actual_result) for word in profile.words["unspent"])
    if share < profile.limits["low_execution"] and not told:
        yield Found(
            f"执行率只有 {rate(share)}，没有写原因",
            (f"budget[{n}].executed", f"budget[{n}].budget"),
            expected=f"≥{percent(profile.limits['low_execution'])}，或写明原因",
            actual=rate(share),
            subject="执行率",
        )
