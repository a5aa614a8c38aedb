"""年初预算数 against the declared funds of the year (X-03, X-04)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from ...domain.profile import Profile
from ...domain.records import TOTAL_LINE
from ...domain.scoring import doubted
from ..asked import asked
from ..comparing import amount, money, signed
from ..finding import ERROR, INFO, UNDECIDED, Found, rule
from ..two import Line, Two

_SLIP = 10_000


def _line(two: Two, line: Line) -> Iterator[Found]:
    item, field, declared, n, initial = line
    if not (asked(two.declaration, field) and asked(two.evaluation, f"budget[{n}].initial")):
        return
    if declared is None and initial is None:
        return
    name = "年度资金申请总额" if item == TOTAL_LINE else item
    told = partial(
        Found,
        at=(f"budget[{n}].initial",),
        declared=(field,),
        subject=name,
        expected=money(declared),
        actual=money(initial),
    )
    if declared is None or initial is None:
        filled, value = ("自评表", initial) if declared is None else ("申报表", declared)
        blank = "申报表" if declared is None else "自评表"
        if value == 0:
            yield told(f"{name}：{blank}空白，{filled}写 0", level=INFO, advice="没有的也请写 0")
        elif two.units is None:
            yield told(f"{name}：{blank}空白，{filled} {money(value)}，无法核对", level=UNDECIDED, advice="请补填")
        else:
            yield told(f"{name}：{blank}空白，{filled} {money(value)}", advice="请补填空白的一处，或核对另一处")
        return
    if (units := two.units) is None:
        return
    gap, rounded = two.differ(declared, initial, units)
    if not gap:
        return
    ratio = initial / declared if declared else Decimal(0)
    printed = two.declaration.money_unit, two.evaluation.money_unit
    slip = (
        declared
        and initial
        and (ratio in (_SLIP, Decimal(1) / _SLIP) or declared == initial and printed[0] != printed[1])
    )
    note = "" if two.declaration.money_unit else "（申报表没有印单位，按" + units[0] + "比）"
    extra = "，正好差一万倍，疑似元、万元写错" if slip else "，可能是四舍五入到万元" if rounded else ""
    shown = ("money_unit",) if slip else ()  # the unit is then what is wrong
    yield told(
        f"{name}：申报表 {amount(declared, two.declaration.money_unit)}，"
        f"自评表年初预算数 {amount(initial, two.evaluation.money_unit)}{note}，差 {money(abs(gap))} 元{extra}",
        at=(f"budget[{n}].initial", *shown),
        declared=(field, *shown),
        difference=signed(gap),
        level=INFO if rounded and not slip else None,
    )


@rule(
    "X-03",
    "年初预算数与申报的年度总额不符",
    ERROR,
    basis="年初预算数就是批复的年度资金申请总额，归一到元后比",
    advice="请核对是申报表还是自评表填错；批复后调整的填在全年预算数",
    wrong="申报 1,154,000，自评年初预算数 1,100,000",
    right="两处都是 1,100,000",
)
def initial_total_is_declared(two: Two, profile: Profile) -> Iterator[Found]:
    """自评表年度资金总额的年初预算数应等于申报的年度资金申请总额；单位不明、又无从推断的无法判定。"""
    if not two.same_project:
        return
    for line in two.lines:
        if line[0] == TOTAL_LINE:
            yield from _line(two, line)
    if two.lines and not asked(two.evaluation, f"budget[{two.lines[0][3]}].initial"):
        yield Found(
            "自评表没有年初预算数一栏，与申报金额无法核对",
            (f"budget[{two.lines[0][3]}].budget",),
            (two.lines[0][1],),
            expected=money(two.lines[0][2]),
            subject="年初预算数",
            level=UNDECIDED,
            advice="请对照批复文件核对",
        )
    elif two.units is None and any(a is not None and b is not None for _, _, a, _, b in two.lines):
        form = two.declaration if two.declaration.money_unit is None else two.evaluation
        why = "的金额单位看不懂" if "money_unit" in doubted(form) else "没有印金额单位，也推断不出"
        yield Found(
            f"{'申报表' if form is two.declaration else '自评表'}{why}，金额无法核对",
            ("money_unit", "budget[0].initial"),
            ("money_unit", "funds.annual_total"),
            subject="金额单位",
            level=UNDECIDED,
            advice="请注明是元还是万元后再核对",
        )


@rule(
    "X-04",
    "年初预算的分项与申报不符",
    ERROR,
    basis="当年财政拨款、上年结转资金、其他资金逐行一致，归一到元后比",
    advice="请核对是申报表还是自评表填错",
    wrong="申报当年财政拨款 1,154,000，自评 1,100,000",
    right="两处都是 1,100,000",
)
def initial_lines_are_declared(two: Two, profile: Profile) -> Iterator[Found]:
    """当年财政拨款、上年结转资金、其他资金的年初预算数应与申报逐行相等。

    一方空白、另一方 0 只作提示；没有分项的表不比。
    """
    if not two.same_project or all(amount is None for item, _, amount, _, _ in two.lines if item != TOTAL_LINE):
        return
    for line in two.lines:
        if line[0] != TOTAL_LINE:
            yield from _line(two, line)
