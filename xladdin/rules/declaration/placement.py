"""Indicators under the wrong 一级/二级指标, or set twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...domain.levels import first_level, second_level
from ...domain.profile import Profile
from ...domain.records import Declaration, Indicator
from ...domain.target import parse_target
from ..figures import figures
from ..finding import INFO, WARNING, Found, rule
from ..matching import name_key

_OUTPUT_LEVELS = ("数量", "质量", "时效")
_COUNTS = ("个", "场", "场次", "份", "套", "册", "篇", "期")


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def is_execution(row: Indicator, profile: Profile) -> bool:
    """Whether an indicator is the execution of the budget under another name; 2020 sets it on purpose."""
    return _has(row.name, profile.words["execution"]) and first_level(row.level1) in ("产出", "效益")


@rule(
    "D-Q10",
    "指标放错了层级",
    WARNING,
    basis="二级指标的定义；数量、质量、时效不放资金支付（复核标准：直接 0 分）",  # 成都郫都，标准 10
    advice="请移到合适的二级指标，或换成反映产出质量、时效的指标",
    wrong="质量指标：项目支出符合财务制度规定",
    right="质量指标：宣传品验收合格率",
)
def in_the_right_place(form: Declaration, profile: Profile) -> Iterator[Found]:
    """数量、质量、时效里不放资金和财务；效益里不放发放、建成等产出量；质量里不放个数；时效里不放长效管理；经济效益要有经济内容。"""
    for n, row in enumerate(form.indicators):
        said = _misplaced(row, profile)
        if said:
            at = (f"indicators[{n}].level2", f"indicators[{n}].name")
            yield Found(
                f"“{row.name}”列在“{row.level2 or row.level1}”下，{said}", at, actual=row.level2, subject=row.name
            )


def _misplaced(row: Indicator, profile: Profile) -> str | None:
    first, second, words = first_level(row.level1), second_level(row.level2), profile.words
    target = parse_target(row.target)
    figure = target.kind == "number"
    if first == "产出" and second in _OUTPUT_LEVELS and not is_execution(row, profile):
        counted = second == "数量" and figure and target.unit and "元" not in target.unit
        counted = counted or _has(row.name, words["benefits"])  # paying them out is the service itself
        if _has(row.name, words["money_work"]) and not counted:
            return "说的却是资金和财务管理"
        if second == "时效" and _has(row.name, words["lasting"]):
            return "说的却是长效管理，应属可持续影响"
        if second == "质量" and figure and target.value and target.unit in _COUNTS and not target.reverse:
            return f"指标值“{row.target}”却是个数，应属数量"
    if first == "效益" and second != "服务对象满意度" and _has(row.name, words["outputs"]) and figure:
        return "说的却是做了多少，应属产出"
    if first in ("产出", "效益") and second != "时效" and row.name.endswith(("及时性", "及时率")):
        return "说的却是及不及时，应属时效"
    if first == "满意度" and not _has(row.name, words["satisfied"]):
        return "说的却不是满意度"
    if second == "经济效益" and "社会" in f"{row.name}{row.target}" and not _has(row.name, words["economic"]):
        return "说的却是社会效益"
    return None


@rule(
    "D-Q11",
    "时效或质量用了预算执行率",
    WARNING,
    basis="自评时另有 {execution} 分的预算执行率，重复计分",
    advice="请换成完成时间、合格率一类的指标",
    wrong="时效指标：年底之前预算执行率 =100%",
    right="时效指标：活动按期完成率 ≥95%",
)
def execution_counts_once(form: Declaration, profile: Profile) -> Iterator[Found]:
    """产出、效益指标不应再设预算执行率。"""
    for n, row in enumerate(form.indicators):
        if is_execution(row, profile):
            at = (f"indicators[{n}].name", f"indicators[{n}].level2")
            yield Found(f"“{row.name}”与自评表的预算执行率重复", at, actual=row.target, subject=row.name)


@rule(
    "D-Q12",
    "指标近义",
    WARNING,
    basis="产出与效益重复设置，复核只计一处（复核标准）",  # 成都郫都，标准 9
    advice="请合并，或改名说清区别",
    wrong="“补贴发放准确率”和“补助发放准确率”",
    right="“补贴发放准确率”和“补贴发放及时率”",
)
def names_differ_enough(form: Declaration, profile: Profile) -> Iterator[Found]:
    """三级指标名称换成同一种说法（补助＝补贴，准确性＝准确率）后相同的，提醒合并。"""
    groups: dict[str, list[int]] = {}
    for n, row in enumerate(form.indicators):
        groups.setdefault(_meaning(name_key(row), profile), []).append(n)
    for rows in groups.values():
        if len({name_key(form.indicators[n]) for n in rows}) > 1:
            names = "、".join(dict.fromkeys(f"“{form.indicators[n].name}”" for n in rows))
            yield Found(
                f"{names}意思几乎一样",
                tuple(f"indicators[{n}].name" for n in rows),
                actual=f"{len(rows)} 条",
                subject=form.indicators[rows[0]].name,
            )


def _meaning(name: str, profile: Profile) -> str:
    """A name with its synonyms under one wording: 补贴发放准确率 for 补助发放准确性."""
    for pair in profile.words["same"]:
        word, _, wording = pair.partition("→")
        name = name.replace(word, wording)
    return name


@rule(
    "D-Q13",
    "目标里的数没有对应指标",
    INFO,
    basis="目标文字承诺的工作要有指标考核（某审核产品口径）",
    advice="请为这些工作设指标，或在目标里删去",
    wrong="目标写“培训骨干 150 人”，指标里没有",
    right="数量指标：培训骨干人数 =150人",
)
def goal_figures_have_indicators(form: Declaration, profile: Profile) -> Iterator[Found]:
    """年度目标里带单位的数，指标值里一个也找不到的，合并提示一次。"""
    targets = {parse_target(row.target).value for row in form.indicators} - {None}
    named = "".join(name_key(row) for row in form.indicators)
    loose = [
        figure
        for figure in figures(form.annual_goal)
        if figure.unit
        and figure.unit not in ("天", "元", "项", "百分点", "个百分点")
        and figure.value not in targets
        and figure.value / 100 not in targets
        and figure.text not in named
    ]
    if loose:
        said = "、".join(dict.fromkeys(figure.text for figure in loose[:6]))
        yield Found(f"年度目标里的 {said} 没有对应的指标值", ("annual_goal",), actual=said, subject="年度总体目标")
