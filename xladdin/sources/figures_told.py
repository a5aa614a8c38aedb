"""Targets, points and scores among the words of a line."""

from __future__ import annotations

import re

from ..domain.numbers import decimal_of, is_blank_mark

SIGN = re.compile(r"[=≥≤<>＜＞＝≧≦]")
POINTS = re.compile(r"\d{1,3}(?:\.\d{1,4})?")
FIGURE = re.compile(r"[=≥≤<>＜＞＝]{0,2}\d[\d,.]*%?")


def with_units(words: list[str]) -> list[str]:
    """Words, a figure and the unit that stands apart from it as one."""
    kept: list[str] = []
    for number, word in enumerate(words):
        before = kept[-1] if kept else ""
        unit = not word[0].isdigit() and len(word) <= 3 and not SIGN.match(word) and not is_blank_mark(word)
        more = any(POINTS.fullmatch(one) for one in words[number + 1 :]) or SIGN.match(before)
        if kept and unit and more and FIGURE.fullmatch(before) and not before.endswith("%"):
            kept[-1] = before + word
        else:
            kept.append(word)
    return kept


def figures(words: list[str]) -> int | None:
    """Where points and score stand among the words: two plain figures, the second not above the first."""
    for place in range(len(words) - 2, 0, -1):
        one, other = words[place], words[place + 1]
        if (
            POINTS.fullmatch(one)
            and POINTS.fullmatch(other)
            and (decimal_of(other) or 0) <= (decimal_of(one) or 0) <= 100
        ):
            return place
    return None


def alike(words: list[str]) -> bool:
    """Whether two words can be what was to be reached and what was: the same, or figures of one unit."""
    if len(words) < 2:
        return False
    return words[0] == words[1] or re.sub(r"[\d.,=≥≤<>]+", "", words[0]) == re.sub(r"[\d.,=≥≤<>]+", "", words[1])
