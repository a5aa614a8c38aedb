"""Targets, points and scores among the words of a line; which amounts arithmetic proves."""

from __future__ import annotations

import re

from ..domain.numbers import amount_of, decimal_of, is_blank_mark

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


def sums(lines: list[list[str]], names: list[str | None]) -> set[tuple[int, str]]:
    """The figures of 项目资金 that arithmetic proves: line and column."""
    proven: set[tuple[int, str]] = set()
    if not lines:
        return proven
    figures = [dict(zip(names, values, strict=False)) for values in lines]
    for name in ("initial", "budget", "executed"):
        column = [amount_of(line.get(name) or "", None) for line in figures]
        parts = [figure for figure in column[1:] if figure is not None]
        if column[0] is not None and parts and sum(parts) == column[0]:
            proven |= {(number, name) for number in range(len(lines))}
    total = figures[0]
    budget, executed, weight, score = (decimal_of((total.get(name) or "").replace(",", "")) for name in
                                       ("budget", "executed", "weight", "score"))  # fmt: skip
    rate = decimal_of((total.get("rate") or "").rstrip("%％"))
    if budget and executed is not None and rate is not None and abs(executed / budget * 100 - rate) <= 1:
        proven |= {(0, "budget"), (0, "executed"), (0, "rate")}
        if weight is not None and score is not None and abs(weight * rate / 100 - score) <= 1:
            proven |= {(0, "weight"), (0, "score")}
    if (0, "budget") in proven and (0, "executed") in proven:
        proven.add((0, "initial"))
    proven |= {(number, name) for number in range(1, len(lines)) for name in ("weight", "rate", "score", "reason")}
    return proven
