"""Texts compared without white space and markup, and what they say or leave unsaid."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix

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


def ratio(one: str, other: str) -> float:
    """0…100: how much of two short texts is the same, by their longest common subsequence, as rapidfuzz has it.

    To load that for a few names takes longer than to compare them.
    """
    spots: dict[str, int] = {}
    for at, char in enumerate(one):
        spots[char] = spots.get(char, 0) | 1 << at
    left = every = (1 << len(one)) - 1  # a bit for each character that is not in common yet
    for char in other:
        met = left & spots.get(char, 0)
        left = (left + met | left - met) & every
    whole = len(one) + len(other)
    differing = whole - 2 * (len(one) - left.bit_count())
    return (1 - differing / whole) * 100 if whole else 100.0


def only_punctuation(one: str | None, other: str | None) -> bool:
    """Whether two texts differ in nothing but punctuation."""
    return _PUNCTUATION.sub("", bare(one)) == _PUNCTUATION.sub("", bare(other))


def changes(one: str | None, other: str | None) -> list[Change]:
    """What was changed from one text to the other, white space and markup apart."""
    before, after = visible(one), visible(other)
    return [
        Change(
            before[max(0, removed.start - CONTEXT) : removed.start],
            before[removed.start : removed.stop],
            after[added.start : added.stop],
            before[removed.stop : removed.stop + CONTEXT],
        )
        for removed, added in _stretches(bare(one), bare(other))
    ]


def _stretches(one: str, other: str) -> list[tuple[range, range]]:
    """Where two texts differ, in the one and in the other. Words that only one of them has need no rapidfuzz."""
    first = len(commonprefix((one, other)))
    alike = len(commonprefix((one[first:][::-1], other[first:][::-1])))
    removed, added = range(first, len(one) - alike), range(first, len(other) - alike)
    if not removed or not added:
        return [(removed, added)] if removed or added else []
    from rapidfuzz.distance import Levenshtein

    codes = (code for code in Levenshtein.opcodes(one, other) if code.tag != "equal")
    return [(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end)) for code in codes]


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
        if word not in said:
            continue
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
    (first, ones), (second, others) = _kept(one or ""), _kept(other or "")
    differing = _stretches(first, second)
    left = {ones[at] for removed, _ in differing for at in removed}
    right = {others[at] for _, added in differing for at in added}
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
