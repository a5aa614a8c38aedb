"""Leftovers in texts that any form may have: tags of a web page, 截止 for 截至."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..domain.labels import wording
from ..domain.profile import Profile
from .finding import Found
from .prose import TAG, bare, visible


def residue(texts: Mapping[str, str | None], profile: Profile) -> Iterator[Found]:
    """One Found for each field that holds tags, and for each that holds a misspelling."""
    for field, text in texts.items():
        tags = TAG.findall(text or "")
        if tags:
            yield Found(
                f"文字里留有网页标签 {'、'.join(dict.fromkeys(tags))}，共 {len(tags)} 处",
                (field,),
                actual="、".join(dict.fromkeys(tags)),
                subject=f"{wording(field)}（标签）",
                advice="请删去标签",
            )
        for pair in profile.words["misspelt"]:
            pattern, _, right = pair.partition("→")
            match = re.search(pattern, bare(text))
            if match:
                around = visible(text)[max(0, match.start() - 4) : match.end() + 8]
                yield Found(
                    f"“…{around}…”的“{match[0]}”应写“{right}”",
                    (field,),
                    expected=right,
                    actual=match[0],
                    subject=f"{wording(field)}（{match[0]}）",
                    advice=f"请改成“{right}”",
                )
