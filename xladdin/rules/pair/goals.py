"""年度总体目标 as approved, word for word (X-13)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...domain.profile import Profile
from ..asked import asked
from ..finding import INFO, UNDECIDED, WARNING, Found, rule
from ..prose import bare, changes, likeness, only_punctuation
from ..two import Two

_COPIED = 60  # of 100: nearer than this to 总目标, and nearer than to 年度目标, it was copied from there
_REWRITTEN = 50
_SHOWN = 5


@rule(
    "X-13",
    "年度目标文字不一致",
    WARNING,
    basis="自评表的年度总体目标抄录批复的年度目标（财预〔2020〕10号，依据待核）",
    advice="请照申报表的年度目标抄录",
    wrong="申报“合法权益”，自评“合法权利”",
    right="逐字一致",
)
def goal_is_kept(two: Two, profile: Profile) -> Iterator[Found]:
    """去掉空格、换行和网页标签后逐字比，指出改动的字；把项目总目标抄到年度目标栏的，另外指出。只有标点不同的作提示。"""
    if not two.same_project:
        return
    declared, written = two.declaration, two.evaluation.annual_goal
    annual, overall = bare(declared.annual_goal), bare(declared.overall_goal)
    if not bare(written):
        return  # E-35 says that it is blank
    unwritten = not annual and asked(declared, "annual_goal") and likeness(written, overall) < _COPIED
    if not annual and not overall or unwritten:
        yield Found(
            "申报表没有写年度目标，自评表的年度目标无法核对",
            ("annual_goal",),
            ("annual_goal", "overall_goal"),
            subject="年度总体目标",
            level=UNDECIDED,
            advice="请对照批复文件核对",
        )
        return
    if bare(written) in (annual, annual or overall):
        return
    field, text = ("annual_goal", declared.annual_goal) if annual else ("overall_goal", declared.overall_goal)
    if annual and overall:
        near, own = likeness(written, overall), likeness(written, annual)
        if near >= _COPIED and near > own:
            yield Found(
                "自评表的年度目标抄的是申报表的项目总目标，不是年度目标",
                ("annual_goal",),
                ("annual_goal", "overall_goal"),
                subject="年度总体目标",
                expected="年度目标",
                actual="项目总目标",
            )
            field, text = "overall_goal", declared.overall_goal
            if bare(written) == overall:
                return
    yield from _changed(text, written, field)


def _changed(text: str | None, written: str | None, field: str) -> Iterator[Found]:
    told = partial(Found, at=("annual_goal",), declared=(field,), subject="年度总体目标（文字）")
    name = "年度目标" if field == "annual_goal" else "项目总目标"
    if likeness(text, written) < _REWRITTEN:
        yield told(f"自评表的年度目标与申报的{name}大不相同，像是重写的")
        return
    found = changes(text, written)
    said = "；".join(str(change) for change in found[:_SHOWN]) + (
        f"；等 {len(found)} 处" if len(found) > _SHOWN else ""
    )
    first = found[0]
    yield told(
        f"与申报的{name}有 {len(found)} 处不同：{said}",
        expected=first.removed or "（无）",
        actual=first.added or "（无）",
        level=INFO if only_punctuation(text, written) else None,
    )
