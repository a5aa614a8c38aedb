"""The figures in a text: 近12万人次, 5万余份, 97.2%."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .prose import bare

TAIL = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text.

    value: with 万 and 亿 counted in; unit: a common one, or ""; tail: what follows the number;
    approximate: 近, 余, 约 stands with it; change: it says by how much, not how much (增加10场).
    """

    value: Decimal
    unit: str
    tail: str
    approximate: bool
    change: bool
    clause: str
    text: str


_CLAUSE = re.compile(r"[，。；;！？!?\n]|,(?!\d)|(?<!\d)[、:]")
_FIGURE = re.compile(
    r"(?P<about>近|约|超过|超|逾|共约|大约|将近)?(?<![\d.])"
    r"(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,10})?|\d{1,15}(?:\.\d{1,10})?)"
    r"(?P<more>[余多几]?)(?P<scale>[百千]?[万亿]|[百千](?!分|米|克))?(?P<more2>[余多几]?)"
    r"(?P<unit>%|‰|个?百分点|人次|场次|户次|人|场|份|个|户|家|篇|次|件|台|套|册|项|期|组|对|名|辆|处|所|亩|公里|平方米"
    r"|元|天|年|月|日)?"
)
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CHANGE = re.compile(
    r"(?:增加|增长|新增|减少|下降|提高|提升|上升|多出?|少)(?:了|约|近|为)?$|第$"
    r"|计划|目标|应|拟|累计|现有|共有|总数|历年|上年|去年|同比|半年|季度|\d月"
)
_NUMBERING = ("、", ".", ")", "）")


@lru_cache(maxsize=256)
def figures(text: str | None) -> tuple[Figure, ...]:
    """The figures of a text, in order; dates and numbering are left out."""
    found = []
    for clause in _CLAUSE.split(bare(text)):
        for match in _FIGURE.finditer(clause):
            tail = (match["unit"] or "") + clause[match.end() : match.end() + TAIL]
            before = clause[: match.start()]
            if match["unit"] in ("年", "月", "日") or before in ("", "(") and tail.startswith(_NUMBERING):
                continue
            value = Decimal(match["number"].replace(",", ""))
            for char in match["scale"] or "":
                value *= _SCALES[char]
            about = bool(match["about"] or match["more"] or match["more2"])
            change = bool(_CHANGE.search(before)) or "百分点" in tail
            found.append(Figure(value, match["unit"] or "", tail, about, change, clause, match[0]))
    return tuple(found)
