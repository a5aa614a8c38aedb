"""Long texts: compared without white space and markup, and the figures in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..domain.profile import Profile

TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&nbsp;")
_PUNCTUATION = re.compile(r"[\W_]+")
CONTEXT = 6
TAIL = 4


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that differs, with what stands before and behind it in the first text."""

    before: str
    removed: str
    added: str
    after: str

    def __str__(self) -> str:
        if not self.removed:
            return f"“…{self.before}{self.after}…”处多了“{self.added}”"
        if not self.added:
            return f"“…{self.before}{self.removed}{self.after}…”处少了“{self.removed}”"
        return f"“…{self.before}{self.removed}{self.after}…”的“{self.removed}”成了“{self.added}”"


def _kept(text: str) -> tuple[str, list[int]]:
    """The text without white space and tags, full-width forms folded; and where each character stood."""
    gone = {at for match in TAG.finditer(text) for at in range(*match.span())}
    chars, spots = [], []
    for at, char in enumerate(text):
        if at in gone or char.isspace():
            continue
        folded = unicodedata.normalize("NFKC", char)
        chars.append(folded if len(folded) == 1 else char)
        spots.append(at)
    return "".join(chars), spots


@lru_cache(maxsize=2048)
def bare(text: str | None) -> str:
    """The text as it is compared: no white space, no tags, full-width forms folded."""
    return _kept(text or "")[0]


def likeness(one: str | None, other: str | None) -> float:
    """0…100: how much of two texts is the same."""
    from rapidfuzz import fuzz

    return fuzz.ratio(bare(one), bare(other))


def only_punctuation(one: str | None, other: str | None) -> bool:
    """Whether two texts differ in nothing but punctuation."""
    return _PUNCTUATION.sub("", bare(one)) == _PUNCTUATION.sub("", bare(other))


def changes(one: str | None, other: str | None) -> list[Change]:
    """What was changed from one text to the other, white space and markup apart."""
    from rapidfuzz.distance import Levenshtein

    (first, ones), (second, others) = _kept(one or ""), _kept(other or "")
    before, after = (
        "".join(text[spot] for spot in spots) for text, spots in ((one or "", ones), (other or "", others))
    )
    return [
        Change(
            before[max(0, code.src_start - CONTEXT) : code.src_start],
            before[code.src_start : code.src_end],
            after[code.dest_start : code.dest_end],
            before[code.src_end : code.src_end + CONTEXT],
        )
        for code in Levenshtein.opcodes(first, second)
        if code.tag != "equal"
    ]


def says_nothing(reason: str | None, profile: Profile) -> bool:
    """Whether a reason is blank or no more than one of the profile's empty words: 无, 正常, 疫情。"""
    said = _PUNCTUATION.sub("", bare(reason))
    return not said or said in profile.words["empty_reasons"]


Pieces = list[tuple[str, bool]]


def marked(one: str | None, other: str | None) -> tuple[Pieces, Pieces]:
    """Both texts as they stand, cut into (piece, whether it differs); joined, the pieces give the text."""
    from rapidfuzz.distance import Levenshtein

    (first, ones), (second, others) = _kept(one or ""), _kept(other or "")
    codes = Levenshtein.opcodes(first, second)
    left = {spot for code in codes if code.tag != "equal" for spot in ones[code.src_start : code.src_end]}
    right = {spot for code in codes if code.tag != "equal" for spot in others[code.dest_start : code.dest_end]}
    return _pieces(one or "", left), _pieces(other or "", right)


def _pieces(text: str, differing: set[int]) -> Pieces:
    pieces: Pieces = []
    for at, char in enumerate(text):
        odd = at in differing
        if pieces and pieces[-1][1] == odd:
            pieces[-1] = (pieces[-1][0] + char, odd)
        else:
            pieces.append((char, odd))
    return pieces


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text: its value (万 counted in), its unit if a common one, what follows the number,
    whether 近/余/约 stands with it, its clause."""

    value: Decimal
    unit: str
    tail: str
    approximate: bool
    clause: str
    text: str


_CLAUSE = re.compile(r"[，。；;！？!?\n]|,(?!\d)|(?<!\d)[、:]")
_FIGURE = re.compile(
    r"(?P<about>近|约|超过|超|逾|共约|大约|将近)?(?<![\d.])"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<more>[余多几]?)(?P<scale>[百千]?[万亿]|[百千](?!分|米|克))?(?P<more2>[余多几]?)"
    r"(?P<unit>%|‰|百分点|人次|场次|户次|人|场|份|个|户|家|篇|次|件|台|套|册|项|期|组|对|名|辆|处|所|亩|公里|平方米|元|天|年|月|日)?"
)
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@lru_cache(maxsize=2048)
def figures(text: str | None) -> tuple[Figure, ...]:
    """The figures of a text, in order; dates and numbering are left out."""
    found = []
    for clause in _CLAUSE.split(bare(text)):
        for match in _FIGURE.finditer(clause):
            if match["unit"] in ("年", "月", "日"):
                continue
            value = Decimal(match["number"].replace(",", ""))
            for char in match["scale"] or "":
                value *= _SCALES[char]
            about = bool(match["about"] or match["more"] or match["more2"])
            tail = (match["unit"] or "") + clause[match.end() : match.end() + TAIL]
            found.append(Figure(value, match["unit"] or "", tail, about, clause, match[0]))
    return tuple(found)
