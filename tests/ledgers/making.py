"""A seeded ledger, spoilt in two to four ways, and what is true of it."""

from __future__ import annotations

import random

from openpyxl.utils import get_column_letter

from . import amounts, headings, indicators, naming, rows, values  # noqa: F401  each adds its kinds to SLOPPY
from .books import layout, make_base
from .kinds import SLOPPY


def choose(rng: random.Random, only=None) -> list[str]:
    if only:
        return sorted(only, key=lambda n: SLOPPY[n]["phase"])
    picked: list[str] = []
    for name in rng.sample(sorted(SLOPPY), len(SLOPPY)):
        s = SLOPPY[name]
        have = [SLOPPY[x] for x in picked]
        needs = set().union(s["needs"], *(x["needs"] for x in have))
        if s["group"] in {x["group"] for x in have}:
            continue
        if {"yuan", "wan"} <= needs or ("decl_only" in needs and "eval" in needs):
            continue
        if any(x["group"] == "flat" for x in have) and not s["flat_ok"]:
            continue
        if s["group"] == "flat" and not all(x["flat_ok"] for x in have):
            continue
        unit_kinds = [x for x in [*have, s] if x["group"] == "unit"]
        money_kinds = [x for x in [*have, s] if x["name"].startswith(("amount_", "o_amount_", "o_float", "o_negative"))]
        if unit_kinds and money_kinds:          # a unit and a way of writing amounts at once have no single truth
            continue
        picked.append(name)
        if len(picked) == rng.want:
            break
    return sorted(picked, key=lambda n: SLOPPY[n]["phase"])


class Rng(random.Random):
    want = 2


def ledger(seed: int, only: list[str] | None = None) -> tuple[bytes, dict]:
    for attempt in range(20):
        rng = Rng(f"ledger-{seed}-{attempt}-{only or ''}")
        rng.want = rng.randint(2, 4)
        names = choose(rng, only)
        needs = set().union(*(SLOPPY[n]["needs"] for n in names)) if names else set()
        b = make_base(rng, needs)
        applied = []
        b.names = names
        for name in names:
            b.current = name
            if SLOPPY[name]["fn"](b, rng):
                applied.append(name)
        if len(applied) >= (len(only) if only else 2):
            break
    data = layout(b)

    def place(c):
        t, row, h = c
        if t is None or row is None or row.at is None or h not in t.cols:
            return None
        return (t.title.strip(), f"{get_column_letter(t.cols[h])}{row.at}")
    for p in b.projects:
        p["cells"] = sorted({x for x in map(place, p["cells"]) if x})
        p["rows"] = sorted({(t.title.strip(), r.at) for t in b.tables for r in t.rows if r.p == p["id"] and r.at})
    say = [(what, [x if isinstance(x, str) else place(x) for x in options]) for what, options in b.must_say]
    reported = any(p["must"] == "reported" for p in b.projects) or not b.notes_only
    either = any(p["must"] == "either" for p in b.projects)
    truth = {"seed": seed, "sloppy": applied, "projects": b.projects, "must_say": say, "blanket": b.blanket,
             "unit": b.unit, "exit": "nonzero" if reported else None if either else 0,
             "sheets": [t.title.strip() for t in b.tables]}
    return data, truth
