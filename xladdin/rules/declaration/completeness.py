"""What a declaration must hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from ...domain.days import EXCEL_EPOCH
from ...domain.levels import first_level, second_level
from ...domain.profile import Profile
from ...domain.records import Declaration
from ...domain.target import parse_target
from ..asked import asked
from ..finding import ERROR, INFO, WARNING, Found, rule
from ..matching import name_key
from ..prose import bare

_BASIS = "申报内容完整（财预〔2015〕88号审核四性，依据待核）"


@rule(
    "D-C1",
    "必填栏空白",
    ERROR,
    basis=_BASIS,
    advice="请补填",
    wrong="主管部门：（空白）",
    right="主管部门：某市卫生健康委员会",
)
def required_fields(form: Declaration, profile: Profile) -> Iterator[Found]:
    """项目名称、主管部门、年度目标不能空；实施单位空白只作提示。表上没有这一栏的不查。"""
    for field, name, level in (
        ("project", "项目名称", ERROR),
        ("department", "主管部门", ERROR),
        ("unit", "实施单位", INFO),
    ):
        if not (getattr(form, field) or "").strip() and asked(form, field):
            yield Found(f"{name}空白", (field,), subject=name, level=level)
    if not (form.annual_goal or "").strip() and asked(form, "annual_goal"):
        yield Found("年度总体目标空白", ("annual_goal",), subject="年度总体目标")
    elif not asked(form, "annual_goal") and not (form.overall_goal or "").strip():
        yield Found("总目标空白", ("overall_goal",), subject="总目标")


@rule(
    "D-C2",
    "缺一级指标",
    ERROR,
    basis="{groups}；出处：{source}",
    advice="请补设这一类指标，确实不适用的写明原因",
    wrong="只有产出指标和效益指标",
    right="产出指标、效益指标、满意度指标各至少一条",
)
def required_groups(form: Declaration, profile: Profile) -> Iterator[Found]:
    """必设的一级指标缺了是错误，应设的缺了是警告；满意度、成本设在二级上也算。"""
    there = {profile.groups.get(first_level(row.level1), first_level(row.level1)) for row in form.indicators}
    seconds = {second_level(row.level2) for row in form.indicators}
    there |= {group for group in ("满意度", "成本") if any(group in second for second in seconds)}
    at = ("indicators[0].level1",) if form.indicators else ("project",)
    for groups, level in ((profile.required, ERROR), (profile.expected, WARNING)):
        for group in groups:
            if group not in there:
                word = "没有" if level == ERROR else "没有设"
                yield Found(f"{word}{group}指标", at, expected=f"至少一条{group}指标", subject=group, level=level)


@rule(
    "D-C3",
    "缺数量或质量指标",
    WARNING,
    basis="产出指标要说明做多少、做得怎样（财预〔2020〕10号，依据待核）",
    advice="请补设，说明做多少、做得怎样",
    wrong="产出只有时效指标",
    right="产出有数量、质量、时效指标",
)
def quantity_and_quality(form: Declaration, profile: Profile) -> Iterator[Found]:
    """产出指标里数量、质量至少各一条。"""
    outputs = [(n, row) for n, row in enumerate(form.indicators) if first_level(row.level1) == "产出"]
    there = {second_level(row.level2) for _, row in outputs}
    for wanted in ("数量", "质量"):
        if outputs and wanted not in there:
            at = f"indicators[{outputs[0][0]}].level2"
            yield Found(f"产出指标里没有{wanted}指标", (at,), expected=f"至少一条{wanted}指标", subject=wanted)


@rule(
    "D-C4",
    "指标值没有定",
    ERROR,
    basis="每个三级指标有且只有一个指标值，不能是占位写法（某审核产品口径）",
    advice="请写出能考核的数值，或好/较好/一般/差这样能衡量的定性值",
    wrong="按照下发任务",
    right="≥120人",
)
def targets_are_set(form: Declaration, profile: Profile) -> Iterator[Found]:
    """指标值不能空白，不能是 *、/、“按照下发任务”“按文件标准”这样的占位；也不能把名称再抄一遍。"""
    for n, row in enumerate(form.indicators):
        at = (f"indicators[{n}].target", f"indicators[{n}].name")
        target = parse_target(row.target)
        if not (row.target or "").strip():
            yield Found(f"“{row.name}”的指标值空白", at, subject=row.name)
        elif target.kind == "unset":
            yield Found(f"“{row.name}”的指标值是“{row.target}”，等于没有定", at, actual=row.target, subject=row.name)
        elif target.kind == "text" and _repeats(row.target, row.name):
            yield Found(
                f"“{row.name}”的指标值把名称又抄了一遍：“{row.target}”", at, actual=row.target, subject=row.name
            )


def _repeats(target: str | None, name: str) -> bool:
    return bare(target) == bare(name)


@rule(
    "D-C5",
    "三级指标重名",
    ERROR,
    basis="三级指标名称全表唯一（一体化平台默认查重）",
    advice="请改名区分，或删去重复的一条",
    wrong="两条都叫“补助发放足额率”",
    right="“补助发放足额率”“救助金发放足额率”",
)
def names_are_unique(form: Declaration, profile: Profile) -> Iterator[Found]:
    """一张表里三级指标不能重名。"""
    keys = [name_key(row) for row in form.indicators]
    for key, count in Counter(keys).items():
        if key and count > 1:
            same = [n for n, other in enumerate(keys) if other == key]
            yield Found(
                f"“{form.indicators[same[0]].name}”出现了 {count} 次",
                tuple(f"indicators[{n}].name" for n in reversed(same)),
                expected="1 次",
                actual=f"{count} 次",
                subject=form.indicators[same[0]].name,
            )


@rule(
    "D-C6",
    "指标太少或太多",
    WARNING,
    basis="各地要求不少于 3 条；过多则重点不突出（推定）",
    advice="请保留能反映核心产出和效益的指标",
    wrong="62 条三级指标",
    right="8—15 条三级指标",
)
def number_of_indicators(form: Declaration, profile: Profile) -> Iterator[Found]:
    """三级指标的条数应适当。"""
    count = len(form.indicators)
    few, many = profile.limits["fewest"], profile.limits["most"]
    if count < few or count > many:
        said = f"少于 {few} 条" if count < few else f"多于 {many} 条，重点不突出"
        yield Found(
            f"共 {count} 条三级指标，{said}",
            ("indicators[0].name",) if count else ("project",),
            expected=f"{few}—{many} 条",
            actual=f"{count} 条",
            subject="三级指标",
            advice="请补设指标" if count < few else None,
        )


@rule(
    "D-C7",
    "起止日期有误",
    ERROR,
    basis="开始不晚于完成，年度在起止之内，时效不晚于完成（某审核产品口径）",
    advice="请核对日期",
    wrong="2021-12-31 至 2021-01-01",
    right="2021-01-01 至 2021-12-31",
)
def dates_are_in_order(form: Declaration, profile: Profile) -> Iterator[Found]:
    """开始日期不晚于完成日期；表头年度落在起止之内；时效指标的日期不晚于完成日期。"""
    start, end = form.start, form.end
    missing = [("start", "计划开始日期", start), ("end", "计划完成日期", end)]
    for field, name, day in missing:
        if day is None and asked(form, field):
            yield Found(f"{name}空白", (field,), subject=name, level=WARNING, advice="请补填日期")
    if start and end and start > end:
        yield Found(
            f"开始日期 {start} 晚于完成日期 {end}",
            ("start", "end"),
            expected=f"不晚于 {end}",
            actual=str(start),
            subject="起止日期",
        )
    elif form.year and (start and start.year > form.year or end and end.year < form.year):
        yield Found(
            f"表头是 {form.year} 年度，起止是 {start or '（空白）'} 至 {end or '（空白）'}，不含这一年",
            ("start", "end", "year"),
            expected=f"含 {form.year} 年",
            actual=f"{start or '（空白）'}—{end or '（空白）'}",
            subject="年度",
        )
    for n, row in enumerate(form.indicators):
        target = parse_target(row.target)
        if end and target.kind == "date" and target.value is not None:
            last = _serial(end)
            if target.value - (target.op == "<") > last:
                yield Found(
                    f"“{row.name}”的时限“{row.target}”晚于项目完成日期 {end}",
                    (f"indicators[{n}].target", "end"),
                    expected=f"不晚于 {end}",
                    actual=row.target,
                    subject=row.name,
                )


def _serial(day: dt.date) -> int:
    return (day - EXCEL_EPOCH).days


@rule(
    "D-C8",
    "项目类别不在常用范围",
    WARNING,
    basis="项目类别按表上的选项填；这里认得的是各地常用的几种（实务）",
    advice="请按表上的选项填写；本地另有类别的可忽略",
    wrong="项目类别：其它",
    right="项目类别：一次性项目",
)
def known_category(form: Declaration, profile: Profile) -> Iterator[Found]:
    """项目类别、项目性质应是常用的几种之一。"""
    for field, name in (("category", "项目类别"), ("nature", "项目性质")):
        value = (getattr(form, field) or "").strip()
        if value and not any(word in value for word in profile.words["categories"]):
            yield Found(f"{name}“{value}”不是常用的类别", (field,), actual=value, subject=name)


@rule(
    "D-C9",
    "主管部门与实施单位相同",
    WARNING,
    basis="主管部门应是预算主管部门，不是承办的内设机构（实务）",
    advice="请核对主管部门",
    wrong="主管部门：服务办；实施单位：服务办",
    right="主管部门：某区民政局；实施单位：某街道服务办",
    habit=True,
)
def department_is_not_unit(form: Declaration, profile: Profile) -> Iterator[Found]:
    """主管部门与实施单位写成同一个时提醒核对。"""
    if form.department and form.unit and form.department.strip() == form.unit.strip():
        yield Found(
            f"主管部门和实施单位都是“{form.unit}”", ("department", "unit"), actual=form.unit, subject="主管部门"
        )
