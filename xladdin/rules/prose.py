"""Texts compared without white space and markup, and what they say or leave unsaid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..domain.profile import Profile

TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&nbsp;")
_PUNCTUATION = re.compile(r"[\W_]+")
CONTEXT = 6


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
        folded = char if unicodedata.category(char) == "No" else unicodedata.normalize("NFKC", char)
        chars.append(folded if len(folded) == 1 else char)
        spots.append(at)
    return "".join(chars), spots


@lru_cache(maxsize=2048)
def bare(text: str | None) -> str:
    """The text as it is compared: no white space, no tags, full-width forms folded."""
    return _kept(text or "")[0]


_BRACKETS = str.maketrans("【】[]〔〕{}", "()()()()", "\"'“”‘’「」")
_HEAD = re.compile(r"^(?:指标\d{1,2}[:：.、]?|\d{1,2}[.、)](?!\d))")
_POINTS = re.compile(r"\(\d+(?:\.\d+)?分\)$")


@lru_cache(maxsize=4096)
def name_of(text: str | None) -> str:
    """A name as it is compared: brackets alike, quotes, numbering and a trailing （20分） out."""
    name = bare(text).translate(_BRACKETS)
    return _POINTS.sub("", _HEAD.sub("", name)) or name


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

    before, after = visible(one), visible(other)
    return [
        Change(
            before[max(0, code.src_start - CONTEXT) : code.src_start],
            before[code.src_start : code.src_end],
            after[code.dest_start : code.dest_end],
            before[code.src_end : code.src_end + CONTEXT],
        )
        for code in Levenshtein.opcodes(bare(one), bare(other))
        if code.tag != "equal"
    ]


def says_nothing(reason: str | None, profile: Profile) -> bool:
    """Whether a reason is blank or no more than one of the profile's empty words: 无, 正常, 疫情。"""
    said = _PUNCTUATION.sub("", bare(reason))
    return not said or said in profile.words["empty_reasons"]


_DENIALS = ("未", "没", "无", "不")
_BREAK = re.compile(r"[，。；;！？!?、]")


def mentions(text: str | None, words: Iterable[str]) -> bool:
    """Whether a text speaks of one of the words and does not deny it: 未受疫情影响, 无预算调整 do not count."""
    said = bare(text)
    for word in words:
        for match in re.finditer(re.escape(word), said):
            before = _BREAK.split(said[: match.start()])[-1][-4:]
            if not any(denial in before for denial in _DENIALS):
                return True
    return False


def visible(text: str | None) -> str:
    """The text without white space and tags, otherwise as written; as long as `bare`, character for character."""
    return "".join((text or "")[spot] for spot in _kept(text or "")[1])


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
