"""Pairs of 指标值 and 实际完成值 by kind, each with what a correct scorer may say.

Written from the rules of scoring by somebody who had not read the code; the formula here is their own, in fractions.
A kind is a generator of (target, actual, weight, year, expected, met, human decides):

expected        ("score", points): what must be given if anything is; ("undecided",): any points would be wrong
met             whether the target was reached; None: not asserted
human decides   whether somebody would decide it without asking; undecided then counts against the decided share
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Row(NamedTuple):
    """One pair."""

    kind: str
    target: str
    actual: str | None
    weight: Decimal
    year: int | None
    expected: tuple
    met: bool | None
    human_decides: bool


class Kind(NamedTuple):
    """One way of writing. tags: fixed (a list, not drawn), convert, date, lenient (may stay undecided)."""

    name: str
    description: str
    generate: Callable
    tags: tuple[str, ...]


KINDS: list[Kind] = []
SIBLINGS: list[Kind] = []


def kind(name: str, description: str, *tags: str, among: list[Kind] = KINDS) -> Callable:
    """Enter the generator below as a kind."""

    def put(generate: Callable) -> Callable:
        among.append(Kind(name, description, generate, tags))
        return generate

    return put


def sibling(name: str, description: str, *tags: str) -> Callable:
    """The same, of the second table."""
    return kind(name, description, *tags, among=SIBLINGS)


def rows(kinds: list[Kind], seed: int, each: int) -> Iterator[Row]:
    """`each` distinct pairs of every kind (all of a fixed one), alike for equal seeds."""
    for one in kinds:
        chance = random.Random(f"{seed}:{one.name}")
        if "fixed" in one.tags:
            yield from (Row(one.name, *made) for made in one.generate(chance))
            continue
        seen: set = set()
        for _ in range(each * 60):
            if len(seen) == each:
                break
            made = one.generate(chance)
            if made[:4] not in seen:
                seen.add(made[:4])
                yield Row(one.name, *made[:6], made[6] and made[4] != UND)


# ---- what the kinds share


def _dec(x):
    return Fraction(x) if not isinstance(x, str) else Fraction(Decimal(x))


def points(op, a, b, w) -> Decimal:
    a, b, w = _dec(a), _dec(b), _dec(w)
    if a == 0:
        p = w if b <= 0 else Fraction(0)
    elif op in "≥>=":
        p = w if b >= a else b / a * w
    else:
        p = w if b <= a else (Fraction(0) if b >= 2 * a else (1 - (b - a) / a) * w)
    p = min(max(p, Fraction(0)), w)
    cents = (p * 100 + Fraction(1, 2)).__floor__()          # half up, exact
    return Decimal(cents).scaleb(-2)


def reached(op, a, b):
    a, b = _dec(a), _dec(b)
    if a == 0:
        return b <= 0
    if op == "≥":
        return b >= a
    if op == ">":
        return b > a
    if op == "≤":
        return b <= a
    if op == "<":
        return b < a
    return True if b == a else (False if b < a else None)     # "=" over-fulfilled: full points, reached not asserted


UND = ("undecided",)


def sc(op, a, b, w):
    return ("score", points(op, a, b, w))


WEIGHTS = [Decimal(x) for x in "1 2 3 4 5 6 7 8 9 10 12 15 18 20 25 30 2.5 7.5 12.5 3.75 6.25 8.33".split()]


def W(r):
    return r.choice(WEIGHTS)


def Y(r):
    return r.choice([2021, 2022, 2023, 2024, 2025, 2026])


def p(d) -> str:
    """plain text of a Decimal/int, no exponent, no trailing zeros"""
    s = format(Decimal(d), "f")
    return s.rstrip("0").rstrip(".") if "." in s else s


def thou(d):
    s = p(d)
    i, _, f = s.partition(".")
    return f"{int(i):,}" + ("." + f if f else "")


def big(r, lo=3, hi=500000):
    """integer, log-uniform"""
    return int(round(math.exp(r.uniform(math.log(lo), math.log(hi)))))


def dec(r, lo, hi, places=None):
    k = r.choice([0, 1, 2]) if places is None else places
    return Decimal(r.randint(int(lo * 10 ** k), int(hi * 10 ** k))).scaleb(-k)


def near(r, a, lo=0.3, hi=1.6):
    """integer around a"""
    return max(1, int(round(a * r.uniform(lo, hi))))


def up(r, a):      # an integer a bit above
    return a + max(1, int(a * r.uniform(0.02, 0.6)))


def down(r, a):    # an integer a bit below
    return max(1, min(a - 1, int(a * r.uniform(0.5, 0.97))))


def full(target, actual, w, y, met=True, human=True):
    return (target, actual, w, y, ("score", points("≥", 1, 1, w)), met, human)


def und(target, actual, w, y, met=None):
    return (target, actual, w, y, UND, met, False)


def cnt(r, lo=20, hi=60000):
    return big(r, lo, hi), r.choice(["场", "份", "户", "人", "人次", "次", ""])


def qual(r, forms, lo=.95, hi=1.05, pct=True, ops="≥=≤"):
    """a qualified figure close to the target, for either direction"""
    op = r.choice(ops)
    if pct and r.random() < .25:
        a = r.randint(60, 97)
        b, u = near(r, a, lo, hi), "%"
    else:
        a, u = cnt(r)
        b = near(r, a, lo, hi)
    return und(f"{op}{a}{u}", r.choice(forms).format(b=b, u=u), W(r), Y(r))


def last(y, m):
    return dt.date(y, m, calendar.monthrange(y, m)[1])


def dtext(r, d, noyear=True):
    f = [f"{d.year}年{d.month}月{d.day}日", f"{d.year}-{d.month:02d}-{d.day:02d}", f"{d.year}/{d.month}/{d.day}", f"{d.year}.{d.month}.{d.day}", f"{d.year}年{d.month:02d}月{d.day:02d}日"]
    if noyear:
        f += [f"{d.month}月{d.day}日"] * 2
    return r.choice(f)


def month_end(r, y, m):
    return r.choice([f"{m}月底前", f"{m}月底之前", f"{m}月末前", f"{m}月底前完成", f"{y}年{m}月底前", f"{y}年{m}月底之前"])


def early(r, y, limit):
    lo = dt.date(y, 1, 5)
    return lo + dt.timedelta(r.randint(0, (limit - lo).days))
