"""The 项目资金 rows of a self-evaluation: sums, execution rate and its points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ...domain.judging import EXACT
from ...domain.numbers import amount_of, decimals, plain, round_half_up
from ...domain.profile import Profile
from ...domain.records import BUDGET_ITEMS, TOTAL_LINE, BudgetLine, Evaluation, shortened
from ...domain.scoring import RATE_PLACES, doubted, execution_score, is_filled, uncounted
from ...domain.target import parse_target
from ..asked import asked
from ..comparing import adds_up, amount, money, other_units, percent, rate, signed
from ..declaration.targets import percent_notation
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..prose import bare, mentions, says_nothing

_TEN_THOUSAND, _NEAR = 10_000, Decimal("0.2")
_COLUMNS = (("initial", "年初预算数"), ("budget", "全年预算数"), ("executed", "全年执行数"))


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
    """年初预算数、全年预算数、全年执行数三列，合计行都应等于分项之和；分项下面的“其中”不重复加；分项全空时无法判定。"""
    found = total_line(form)
    if not found or len(form.budget) < 2:
        return
    at, total = found
    named = [(n, line) for n, line in enumerate(form.budget) if line.item in BUDGET_ITEMS and n != at]
    parts = named or [(n, line) for n, line in enumerate(form.budget) if n != at]
    bare_columns = []
    for column, name in _COLUMNS:
        whole, values = getattr(total, column), [getattr(line, column) for _, line in parts]
        cells = tuple(f"budget[{n}].{column}" for n in (at, *(n for n, _ in parts)))
        if all(value is None for value in values):
            if whole and is_filled(form):
                bare_columns.append((name, whole, cells))
            continue
        if whole is None and (not is_filled(form) or cells[0] in doubted(form)):
            continue  # E-38, or what was not understood
        if whole is None:
            yield Found(f"{name}的合计空白，分项有数", cells, subject=name, advice="请填上合计")
            continue
        difference, level = adds_up(whole, values, form.money_unit, profile)
        if level:
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
        yield from _rate(n, line, profile)
        yield from _points(
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
        if field in odd or field in hidden and getattr(line, name) is not None:
            return True
    return _negative(line.executed) or _negative(line.budget)


def _rate(n: int, line: BudgetLine, profile: Profile) -> Iterator[Found]:
    if line.executed is None or not line.budget:
        return
    true = exact_share(line.executed, line.budget)
    cells = (f"budget[{n}].rate", f"budget[{n}].executed", f"budget[{n}].budget")
    if line.rate is None:
        if line.weight is not None:
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


def _points(n: int, line: BudgetLine, profile: Profile) -> Iterator[Found]:
    if line.weight is None:
        return
    due = execution_score(line.executed, line.budget, line.weight)
    if due is None or line.executed is None or not line.budget:
        return
    cells = tuple(f"budget[{n}].{name}" for name in ("score", "weight", "executed", "budget"))
    if line.score is None:
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
        if line.executed is None or line.executed <= 0 or _negative(line.budget) or mixed_up(line):
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
    "E-41",
    "金额是负数",
    ERROR,
    basis="预算数和执行数不小于 0",
    advice="请核对金额，改正符号",
    wrong="上年结转资金的全年预算数 -80,000",
    right="上年结转资金的全年预算数 0",
)
def amounts_are_not_negative(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """年初预算数、全年预算数、全年执行数不应是负数。"""
    for n, line in enumerate(form.budget):
        for column, name in _COLUMNS:
            value = getattr(line, column)
            if _negative(value):
                yield Found(
                    f"“{line.item}”的{name}是负数 {amount(value, form.money_unit)}",
                    (f"budget[{n}].{column}",),
                    expected="≥0",
                    actual=money(value),
                    subject=f"{line.item}{name}",
                )


def _negative(value: Decimal | None) -> bool:
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
    """全年执行数与全年预算数之比在一万或一万分之一上下两成以内的，是单位填混，不当作执行率。"""
    for n, line in enumerate(form.budget):
        if line.executed is not None and line.budget is not None and mixed_up(line):
            more = "万倍" if line.executed > line.budget else "万分之一"
            yield Found(
                f"“{line.item}”的全年执行数 {money(line.executed)}，约是全年预算数 {money(line.budget)} 的{more}，"
                "疑似元、万元填混",
                (f"budget[{n}].executed", f"budget[{n}].budget", "money_unit"),
                expected="两个数用同一单位",
                actual=money(line.executed),
                subject=line.item,
            )


def mixed_up(line: BudgetLine) -> bool:
    """Whether one of a line's two amounts seems to be in 元 and the other in 万元: their ratio is near 10,000."""
    if not line.executed or not line.budget or line.executed < 0 or line.budget < 0:
        return False
    pairs = ((line.executed, line.budget * _TEN_THOUSAND), (line.executed * _TEN_THOUSAND, line.budget))
    return any(abs(one - other) <= other * _NEAR for one, other in pairs)


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
    if line.initial is None or line.budget is None:
        return
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
        for column, _ in _COLUMNS
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
        elif form.money_unit is None:
            yield Found(
                f"项目资金没有印金额单位；最大的数是 {money(most)}",
                ("money_unit", field),
                actual=money(most),
                subject="金额单位",
                advice="请在“项目资金”后注明（元）或（万元）",
            )
    yield from percent_notation([(n, row, parse_target(row.target)) for n, row in enumerate(form.indicators)])
