"""Funds of a declaration: what must add up, what may not exceed what, and in which unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...domain.fields import DECLARATION
from ...domain.judging import EXACT
from ...domain.numbers import decimal_of
from ...domain.profile import Profile
from ...domain.records import Declaration, shortened
from ...domain.scoring import doubted
from ..comparing import adds_up, amount, money, other_units, rate, signed
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule

_NAMES = {path: name for name, path in DECLARATION.items()} | {"funds.annual_other": "其他资金"}
_PROJECT = ("funds.fiscal", "funds.other")
_YEAR = ("funds.annual_fiscal", "funds.annual_carryover", "funds.annual_other")


def _get(form: Declaration, path: str) -> Decimal | None:
    value: Decimal | None = getattr(form.funds, path.removeprefix("funds."))
    return value


def _sum(form: Declaration, total: str, parts: tuple[str, ...], profile: Profile) -> Iterator[Found]:
    whole, values = _get(form, total), [_get(form, part) for part in parts]
    odd = doubted(form)
    if "funds" in odd or any(value is None and part in odd for part, value in zip(parts, values, strict=True)):
        return  # what was not understood is no blank
    if whole is None:
        if any(value is not None for value in values):
            yield Found(
                f"{_NAMES[total]}空白，而分项有数，合计无法核对",
                (total, *parts),
                level=UNDECIDED,
                subject=_NAMES[total],
                advice="请填上合计",
            )
        return
    if all(value is None for value in values):
        yield Found(
            f"{_NAMES[total]} {amount(whole, form.money_unit)}，各分项都是空白，无法核对",
            (total, *parts),
            actual=money(whole),
            subject=_NAMES[total],
            level=UNDECIDED,
            advice="请填上各分项，没有的填 0",
        )
        return
    difference, level = adds_up(whole, values, form.money_unit, profile)
    if level is None:
        return
    said = " + ".join(f"{_NAMES[part]} {money(value) or '（空白）'}" for part, value in zip(parts, values, strict=True))
    total_of_parts = whole - difference
    yield Found(
        f"{_NAMES[total]} {amount(whole, form.money_unit)}，分项合计 {money(total_of_parts)}（{said}），"
        f"差 {money(abs(difference))}" + ("，可能是四舍五入" if level == INFO else ""),
        (total, *parts),
        expected=money(total_of_parts),
        actual=money(whole),
        difference=signed(difference),
        subject=_NAMES[total],
        level=level,
    )


@rule(
    "D-F1",
    "项目资金总额与分项不符",
    ERROR,
    basis="项目资金总额＝财政资金＋其他资金；申报表样及填报说明",
    advice="请核对合计与分项，改正填错的一处",
    wrong="总额 110 万元，财政资金 100 万元，其他资金空白",
    right="总额 110 万元，财政资金 100 万元，其他资金 10 万元",
)
def project_funds_add_up(form: Declaration, profile: Profile) -> Iterator[Found]:
    """项目资金总额应等于财政资金与其他资金之和；空白不当作 0，但分项之和与总额不等就要说明。"""
    yield from _sum(form, "funds.total", _PROJECT, profile)


@rule(
    "D-F2",
    "年度资金申请总额与分项不符",
    ERROR,
    basis="年度资金申请总额＝当年财政拨款＋上年结转资金＋其他资金；申报表表式",
    advice="请核对合计与分项，改正填错的一处",
    wrong="年度总额 1,100,000，当年财政拨款 1,154,000",
    right="年度总额 1,154,000，当年财政拨款 1,154,000",
)
def annual_funds_add_up(form: Declaration, profile: Profile) -> Iterator[Found]:
    """年度资金申请总额应等于当年财政拨款、上年结转资金、其他资金之和。"""
    yield from _sum(form, "funds.annual_total", _YEAR, profile)


def _within_one_year(form: Declaration) -> bool | None:
    """Whether the project's total is the year's too; None when a date is missing."""
    if form.start is None or form.end is None:
        return None
    return form.start.year == form.end.year


def _one_off(form: Declaration, profile: Profile) -> bool:
    kind = f"{form.category or ''}{form.nature or ''}"
    return any(word in kind for word in profile.words["one_off"])


@rule(
    "D-F3",
    "年度金额与项目总额不合",
    WARNING,
    basis="起止在同一年的项目，年度金额不超过项目总额；一次性项目两者相等。跨年项目的总额是多年累计，不与年度数比",
    advice="请核对项目资金总额、年度资金申请总额和起止日期",
    wrong="一次性项目，全在 2021 年：总额 110 万元，年度 90 万元",
    right="总额 110 万元，年度 110 万元",
)
def year_fits_project(form: Declaration, profile: Profile) -> Iterator[Found]:
    """起止在同一年时，年度资金申请总额不应超过项目资金总额；一次性项目应相等。"""
    whole, year = form.funds.total, form.funds.annual_total
    if whole is None or year is None or not _within_one_year(form) or whole == year:
        return
    if year > whole or _one_off(form, profile):
        wanted = "不应超过" if year > whole else "（一次性项目）应等于"
        yield Found(
            f"年度资金申请总额 {amount(year, form.money_unit)}，{wanted}项目资金总额 {money(whole)}",
            ("funds.annual_total", "funds.total"),
            expected=money(whole),
            actual=money(year),
            difference=signed(year - whole),
            subject="年度资金申请总额",
        )


@rule(
    "D-F4",
    "当年财政拨款超过财政资金",
    ERROR,
    basis="同一期间内，当年财政拨款不大于项目的财政资金；跨年项目不比",
    advice="请核对当年财政拨款和财政资金",
    wrong="财政资金 1,100,000，当年财政拨款 1,154,000",
    right="财政资金 1,154,000，当年财政拨款 1,154,000",
)
def fiscal_of_year_within_fiscal(form: Declaration, profile: Profile) -> Iterator[Found]:
    """起止在同一年时，当年财政拨款不应大于财政资金；起止日期不全时无法判定。"""
    whole, year = form.funds.fiscal, form.funds.annual_fiscal
    same = _within_one_year(form)
    if whole is None or year is None or year <= whole or same is False:
        return
    yield Found(
        f"当年财政拨款 {amount(year, form.money_unit)}大于财政资金 {money(whole)}，多 {money(year - whole)}"
        + ("" if same else "；起止日期不全，是否跨年不明"),
        ("funds.annual_fiscal", "funds.fiscal"),
        expected=f"≤{money(whole)}",
        actual=money(year),
        difference=signed(year - whole),
        subject="当年财政拨款",
        level=None if same else UNDECIDED,
    )


@rule(
    "D-F6",
    "资金栏空白",
    WARNING,
    basis="空白不等于 0",
    advice="请填上金额，没有的填 0",
    wrong="项目资金总额空白",
    right="项目资金总额 571,000.00",
)
def funds_are_filled(form: Declaration, profile: Profile) -> Iterator[Found]:
    """项目资金总额一侧全空时提醒；年度资金申请总额空白时是错误，因为以后无法与自评表核对。"""
    project, year = ("funds.total", *_PROJECT), ("funds.annual_total", *_YEAR)
    unread = not doubted(form).isdisjoint(("funds", *year))  # what was not understood is no blank
    if form.annual_amount is None and all(_get(form, path) is None for path in year) and not unread:
        yield Found("年度资金申请总额和分项都是空白", year, subject="年度资金申请总额", level=ERROR)
    if form.funds.annual_total is not None and all(_get(form, path) is None for path in project):
        yield Found("项目资金总额、财政资金、其他资金都是空白", project, subject="项目资金总额")


@rule(
    "D-F7",
    "金额单位与大小不合",
    WARNING,
    basis="标“万元”而数达 10 亿元、标“元”而不足千元的整数，多半是单位标错（部门预算核查）",
    advice="请核对表头的单位是元还是万元",
    wrong="（万元）17,594,460",
    right="（元）17,594,460",
    habit=True,
)
def unit_fits_amounts(form: Declaration, profile: Profile) -> Iterator[Found]:
    """金额的大小应与表的单位相称；没有印单位、又不是认得的表式的，金额不能与别的表直接比。"""
    fields = [f"funds.{name}" for name in form.funds.__dataclass_fields__]
    values = {path: value for path in fields if (value := _get(form, path))}
    if not values and form.annual_amount:
        values = {"extra.项目当年预算": form.annual_amount}
    if not values:
        return
    most, unit = max(values.values()), form.money_unit
    cells = ("money_unit", *(path for path in values if values[path] == most))
    unprinted = form.source is not None and "money_unit" in form.source.unprinted
    said = f"{form.form}按" if unprinted else "表上标"
    if unprinted:
        yield Found(
            f"资金栏没有印金额单位，{form.form}按{unit}计；最大的数是 {money(most)} {unit}",
            cells,
            actual=f"{money(most)} {unit}",
            subject="金额单位",
            level=INFO,
            advice=f"确是{unit}的不用改，可在“项目资金”后注明（{unit}）",
        )
    if unit is None and "money_unit" not in doubted(form):
        yield Found(
            f"资金栏没有印金额单位；最大的数是 {money(most)}",
            cells,
            actual=money(most),
            subject="金额单位",
            advice="请在“项目资金”后注明（元）或（万元）",
        )
    elif unit == "万元" and most >= profile.limits["wan_ceiling"]:
        yield Found(
            f"{said}“万元”，数却是 {money(most)}：按万元是 {money(most / 10_000)} 亿元，疑似应为元",
            cells,
            expected="元",
            actual=f"{money(most)} 万元",
            subject="金额单位",
        )
    elif unit == "元" and most < profile.limits["yuan_floor"] and most == most.to_integral_value():
        yield Found(
            f"{said}“元”，最大的数却只有 {money(most)}，疑似应为万元",
            cells,
            expected="万元",
            actual=f"{money(most)} 元",
            subject="金额单位",
        )


@rule(
    "D-F10",
    "金额的单位与表头不同",
    ERROR,
    basis="金额的单位以表头为准；单元格里写的或数字格式显示的单位与它不同，差一万倍",
    advice="请把金额改成表头的单位，去掉单元格里的单位",
    wrong="（元）表的单元格写 119.876万元",
    right="（元）表的单元格写 1198760",
)
def amounts_are_in_the_unit(form: Declaration, profile: Profile) -> Iterator[Found]:
    """单元格里写的、或数字格式显示出来的金额单位，应与表头的单位相同。"""
    for doubt, said in other_units(form):
        yield Found(
            f"“{shortened(doubt.text)}”的单位是{said}，表头的单位是{form.money_unit}",
            (doubt.field, "money_unit"),
            expected=form.money_unit,
            actual=shortened(doubt.text),
            subject=_NAMES.get(doubt.field, "金额"),
        )


@rule(
    "D-F11",
    "金额是负数",
    ERROR,
    basis="申报的资金不小于 0",
    advice="请核对金额，改正符号",
    wrong="上年结转资金 -80,000",
    right="上年结转资金 0",
)
def amounts_are_not_negative(form: Declaration, profile: Profile) -> Iterator[Found]:
    """各项资金不应是负数。"""
    for name in form.funds.__dataclass_fields__:
        path = f"funds.{name}"
        value = _get(form, path)
        if value is not None and value < 0:
            yield Found(
                f"{_NAMES[path]}是负数 {amount(value, form.money_unit)}",
                (path,),
                expected="≥0",
                actual=money(value),
                subject=_NAMES[path],
            )


@rule(
    "D-F9",
    "预算比上年增减较大",
    WARNING,
    basis="目标与预算、与上年相匹配；界线系推定（依据待核）",
    advice="请在立项依据或实施计划中说明增减原因",
    wrong="上年 596,000 元，当年 1,000,000 元，没有说明",
    right="增加 404,000 元，说明新增了哪些工作",
)
def budget_near_last_year(form: Declaration, profile: Profile) -> Iterator[Found]:
    """2020 年的表印有同名项目上年预算额和执行数：增减超过一成提醒；上年恰好执行 100% 提示核对。"""
    now, last, spent = (
        decimal_of(form.extra.get(name) or "")
        for name in ("项目当年预算", "同名项目上年预算额", "同名项目上年预算执行数")
    )
    if now is not None and last and abs(now - last) > last * profile.limits["budget_change"]:
        share = rate(EXACT.divide(now - last, last))
        yield Found(
            f"项目当年预算 {money(now)}，上年预算额 {money(last)}，增减 {signed(now - last)}（{share}）",
            ("extra.项目当年预算", "extra.同名项目上年预算额"),
            expected=money(last),
            actual=money(now),
            difference=signed(now - last),
            subject="项目当年预算",
        )
    if last and last == spent:
        yield Found(
            f"上年预算额与执行数都是 {money(last)}，恰好 100%，请核对是不是照抄",
            level=INFO,
            at=("extra.同名项目上年预算执行数", "extra.同名项目上年预算额"),
            expected="实际执行数",
            actual=money(spent),
            subject="同名项目上年预算执行数",
            advice="请按决算核对上年执行数",
        )
