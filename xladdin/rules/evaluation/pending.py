"""What is not there yet: a form that is not filled in, and scores that stand at 待核."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...domain import scoring
from ...domain.judging import UNIT
from ...domain.numbers import plain
from ...domain.profile import Profile
from ...domain.quantity import COPIED, WORDS
from ...domain.records import Evaluation, Result, shortened
from ...domain.scoring import blanks, is_undecided, why_pending
from ...domain.target import parse_target
from ..asked import asked
from ..comparing import other_units
from ..finding import ERROR, UNDECIDED, Found, rule
from ..prose import bare
from .funds import total_line
from .rows import cells, has_figure, verdict

_NAMED = 3


@rule(
    "E-38",
    "还没有填完",
    ERROR,
    basis="自评表内容完整（财预〔2020〕10号，依据待核）；没有填完的不算总分，不评等级",
    advice="请把空白处填上，没有的填 0；填完再检查一次",
    wrong="全年执行数空白，三条指标没有实际完成值",
    right="全年执行数 1,056,000，每条指标都有实际完成值",
)
def form_is_filled_in(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """没有全年执行数，或有分值的指标没有实际完成值，就是没有填完：空白处合成一条，填了的行照样检查。"""
    blank = blanks(form)
    if not blank:
        return
    rows = [n for n, _ in enumerate(form.indicators) if f"indicators[{n}].actual" in blank]
    missing = ["全年执行数" + _sign(form, blank[0])] if blank[0].startswith("budget") else []
    if "indicators" in blank:
        missing.append("指标（一条也没有）")
        blank = (*(field for field in blank if field != "indicators"), "project")
    found = total_line(form)
    if found and found[1].budget is None:
        field = f"budget[{found[0]}].budget"
        missing.append("全年预算数" + _sign(form, field))
        blank += (field,)
    if not bare(form.actual_result) and asked(form, "actual_result"):
        missing.append("实际完成情况")
        blank += ("actual_result",)
    if rows:
        names = "、".join(f"“{form.indicators[n].name}”" for n in rows[:_NAMED])
        several = "等" if len(rows) > _NAMED else ""
        whole = len(rows) == len(form.indicators) > 1
        missing.append(
            f"全部 {len(rows)} 条指标的实际完成值" if whole else f"{names}{several} {len(rows)} 条指标的实际完成值"
        )
    yield Found(f"还没有填：{'，'.join(missing)}", blank, subject="自评表", expected="填完")


@rule(
    "E-39",
    "得分待核",
    UNDECIDED,
    basis="表上的公式只认与指标值同样写法的数，看不准的不给分；表上的值算数",
    advice="请照指标值的写法填实际完成值，或在得分栏直接填分",
    wrong="指标值 ≥2公里，完成值 900米",
    right="指标值 ≥2公里，完成值 0.9公里",
)
def scores_are_settled(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """得分显示待核的，说明为什么、可以怎样写；程序换算得出的，说换算后是多少分。照抄、没有数、单位不同的另有一条。"""
    for n, row in enumerate(form.indicators):
        if not is_undecided(row):
            continue
        said = why_pending(row, profile, form.year)
        cause = verdict(form, row, profile).cause
        if said and cause not in (COPIED, UNIT) and not (cause == WORDS and _is_told(row)):
            why, advice = said
            at = cells(n, "score", "actual", "target")
            yield Found(f"“{row.name}”的得分待核：{why}", at, actual=row.actual, subject=row.name, advice=advice)


def _sign(form: Evaluation, field: str) -> str:
    """What stands in a cell that is taken for blank: —."""
    text = form.source.texts.get(field) if form.source else None
    return f"（写的是“{text}”）" if text else ""


@rule(
    "E-43",
    "数写成了文字",
    ERROR,
    basis="表上的公式只算数字，文字算不进去；表上的值算数",
    advice="请只填数字，不写单位",
    wrong="全年执行数写“8,523,411.20元”，执行率和得分显示待核",
    right="全年执行数填 8523411.2",
)
def figures_are_numbers(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """金额、分值、得分写成了文字，靠它算的执行率、得分、总分显示待核：说出该填的数。表上已有得数的不提，单位不同的另有一条；文档和别的表式没有这些公式，不提。"""
    written = form.source.texts if form.source and form.form else {}
    texts = {field: text for field, text in written.items() if _on_a_sheet(form, field)}
    told = {doubt.field for doubt, _ in other_units(form)} if texts else ()
    for field, name, value, shown in _needed(form) if texts else ():
        if field in texts and field not in told and value is not None:
            yield Found(
                f"{name}是文字“{shortened(texts[field])}”，表上的公式算不了，{shown}显示“{scoring.UNDECIDED}”",
                (field,),
                expected=plain(value),
                actual=shortened(texts[field]),
                subject=name,
                advice=f"请只填数字 {plain(value)}；单元格是文本格式的，先改成数值格式再填",
            )


def _on_a_sheet(form: Evaluation, field: str) -> bool:
    place = form.source.cells.get(field) if form.source else None
    return place is None or place.row is None


def _needed(form: Evaluation) -> Iterator[tuple[str, str, Decimal | None, str]]:
    """The figures for want of which a formula shows 待核: field, name, value, and what shows it."""
    weights, points = (getattr(form, name) is None and asked(form, name) for name in ("total_weight", "total_score"))
    for n, line in enumerate(form.budget):
        at, item = f"budget[{n}]", line.item
        if line.weight is not None and None in (line.rate, line.score):
            lacking = "和".join(name for name, value in (("执行率", line.rate), ("得分", line.score)) if value is None)
            yield f"{at}.budget", f"“{item}”的全年预算数", line.budget, lacking
            yield f"{at}.executed", f"“{item}”的全年执行数", line.executed, lacking
    rows = [(f"budget[{n}]", line.item, line.weight, line.score) for n, line in enumerate(form.budget)]
    rows += [(f"indicators[{n}]", row.name, row.weight, row.score) for n, row in enumerate(form.indicators)]
    for at, item, weight, score in rows:
        if weights or score is None:
            yield f"{at}.weight", f"“{item}”的分值", weight, "得分和合计"
        if points:
            yield f"{at}.score", f"“{item}”的得分", score, "总分"


def _is_told(row: Result) -> bool:
    """Whether E-10 speaks of a wording where a figure should be."""
    return parse_target(row.target).kind in ("number", "percent") and not has_figure(row.actual)
