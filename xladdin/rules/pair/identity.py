"""Whether the two forms speak of one project, unit and year (X-01, X-02)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...domain.profile import Profile
from ..asked import asked
from ..finding import ERROR, INFO, UNDECIDED, WARNING, Found, rule
from ..prose import changes, likeness, name_of
from ..two import Two

_NEAR = 60  # of 100: less like than this, a list of changes is noise
_FIELDS = (("project", "项目名称"), ("department", "主管部门"), ("unit", "实施单位"))


@rule(
    "X-01",
    "项目名称、主管部门或实施单位不一致",
    ERROR,
    basis="自评的就是申报的项目（财预〔2020〕10号，依据待核）",
    advice="请核对是不是同一个项目，改正写错的一处",
    wrong="申报“计生特殊家庭帮扶”，自评“计生家庭帮扶”",
    right="两表名称一致",
)
def same_names(two: Two, profile: Profile) -> Iterator[Found]:
    """去掉空格、全半角和括号写法的差别后比；一方包含另一方、或是简称的只提醒；一方空白的无法判定。不像同一个项目时，其余各项不比。"""
    for field, name in _FIELDS:
        one, other = getattr(two.declaration, field), getattr(two.evaluation, field)
        first, second = name_of(one), name_of(other)
        if first == second or not (asked(two.declaration, field) and asked(two.evaluation, field)):
            continue
        told = partial(Found, at=(field,), declared=(field,), expected=one, actual=other, subject=name)
        if not first or not second:
            blank = "申报表" if not first else "自评表"
            yield told(f"{blank}的{name}空白，无法核对", level=UNDECIDED, advice="请补填")
        elif first in second or second in first or field != "project" and _abbreviates(first, second):
            level = WARNING if field == "project" else INFO
            yield told(f"{name}：申报表“{one}”，自评表“{other}”，一个是另一个的简称或一部分", level=level)
        else:
            near = likeness(one, other) >= _NEAR
            said = "；".join(str(change) for change in changes(one, other)[:2]) if near else "完全不同"
            yield told(f"{name}不一致：申报表“{one}”，自评表“{other}”（{said}）")
    if not two.same_project:
        yield Found(
            "两张表的项目名称和指标都对不上，不像同一个项目，其余各项没有比",
            ("project",),
            ("project",),
            level=UNDECIDED,
            subject="项目",
            expected=two.declaration.project,
            actual=two.evaluation.project,
            advice="请选对两张表再核对",
        )


def _abbreviates(one: str, other: str) -> bool:
    """Whether the shorter name is made of characters of the longer, in order: 市卫健委 of 上海市卫生健康委员会."""
    short, long = sorted((one, other), key=len)
    left = iter(long)
    return 2 < len(short) <= len(long) - 3 and all(char in left for char in short)


@rule(
    "X-02",
    "年度不一致",
    ERROR,
    basis="自评的年度就是申报的年度",
    advice="请核对两张表的年度",
    wrong="申报 2021 年度，自评 2022 年度",
    right="两表都是 2021 年度",
)
def same_year(two: Two, profile: Profile) -> Iterator[Found]:
    """表头年度应一致；申报表没印年度的，自评年度应在起止日期之内；看不出年度的无法判定。"""
    one, other = two.declaration.year, two.evaluation.year
    told = partial(Found, at=("year",), subject="年度", actual=f"{other}" if other else None)
    if one and other:
        if one != other:
            yield told(f"年度不一致：申报表 {one}，自评表 {other}", declared=("year",), expected=str(one))
        return
    start, end = two.declaration.start, two.declaration.end
    if other and start and end:
        if not start.year <= other <= end.year:
            yield told(
                f"自评表是 {other} 年度，申报的起止是 {start} 至 {end}",
                declared=("start", "end"),
                expected=f"{start.year}—{end.year}",
            )
        return
    yield told(
        f"{'自评表' if one else '申报表'}看不出年度，无法核对",
        declared=("year",),
        expected=str(one) if one else None,
        level=UNDECIDED,
        advice="请在标题下写明年度",
    )
