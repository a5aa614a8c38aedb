"""The texts of a declaration: residue, contradictions a machine can see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...domain.labels import wording
from ...domain.profile import Profile
from ...domain.records import Declaration
from ..finding import INFO, WARNING, Found, rule
from ..prose import bare
from ..residue import residue


@rule(
    "D-T1",
    "文字残留",
    INFO,
    basis="文字规范",
    advice="请删去或改正",
    wrong="<p>1、提供关怀服务。</p>",
    right="1、提供关怀服务。",
)
def texts_are_clean(form: Declaration, profile: Profile) -> Iterator[Found]:
    """网页标签（<p>）、“截止”误作“截至”，一栏只提示一次。"""
    texts = {"overall_goal": form.overall_goal, "annual_goal": form.annual_goal}
    texts |= {f"extra.{name}": text for name, text in form.extra.items()}
    yield from residue(texts, profile)


@rule(
    "D-T2",
    "一次性项目写了多年目标",
    WARNING,
    basis="项目类别与目标应一致（样表实例）",
    advice="请改目标，或改项目类别和起止日期",
    wrong="一次性项目，目标“用3到5年时间”",
    right="阶段性项目，起止三年",
)
def one_off_goal_is_one_year(form: Declaration, profile: Profile) -> Iterator[Found]:
    """项目类别是一次性、起止在一年内，目标或依据里却写几年的规划。"""
    kind = f"{form.category or ''}{form.nature or ''}"
    if not any(word in kind for word in profile.words["one_off"]):
        return
    if form.start and form.end and form.end.year > form.start.year:
        return
    texts = {"overall_goal": form.overall_goal, "annual_goal": form.annual_goal}
    texts |= {f"extra.{name}": text for name, text in form.extra.items()}
    for field, text in texts.items():
        for pattern in profile.words["years_long"]:
            match = re.search(pattern, bare(text))
            if match:
                yield Found(
                    f"项目类别是“{form.category or form.nature}”，文字里却写“{match[0]}”",
                    (field, "category"),
                    actual=match[0],
                    subject="项目类别",
                )
                return


_NUMBERING = re.compile(r"(?:^|[\s。；;：:>])(?P<number>\d{1,2})[、.．](?!\d)")


@rule(
    "D-T3",
    "编号缺号",
    INFO,
    basis="缺号多半是漏了一段（样表实例：1、2、3、4、6）",
    advice="请核对是不是漏了内容",
    wrong="1、… 2、… 3、… 4、… 6、…",
    right="1、… 2、… 3、… 4、… 5、…",
)
def numbering_has_no_gap(form: Declaration, profile: Profile) -> Iterator[Found]:
    """一栏里从 1 编起的序号不应跳过一个。"""
    texts = {"overall_goal": form.overall_goal, "annual_goal": form.annual_goal}
    texts |= {f"extra.{name}": text for name, text in form.extra.items()}
    for field, text in texts.items():
        seen = [int(match["number"]) for match in _NUMBERING.finditer(text or "")]
        if len(seen) < 3 or seen[0] != 1:
            continue
        gap = next((one + 1 for one, other in zip(seen, seen[1:], strict=False) if other == one + 2), None)
        if gap:
            yield Found(
                f"编号 {'、'.join(map(str, seen))} 缺 {gap}", (field,), expected=str(gap), subject=wording(field)
            )
