"""The judgement of pairs nobody wrote for this code: never wrong, mostly decided, always with a reason.

More rows: JUDGING_EACH=100 python -m pytest tests/judging.
"""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal

import pytest

from tests.office import convert
from xladdin import Evaluation, Result, fill
from xladdin.domain.judging import judge
from xladdin.domain.scoring import points_of, scored, shown_score
from xladdin.profiles import profile
from xladdin.workbook.reading import read_grids

from . import days, figures, named, siblings, units, wordings  # noqa: F401  each enters its kinds
from .base import KINDS, SIBLINGS, rows

EACH = int(os.environ.get("JUDGING_EACH", "15"))
IN_SHEETS = int(os.environ.get("JUDGING_EACH", "4"))
SEED = 20200225
DECIDED = 0.85
RULES = profile()
TABLES = pytest.mark.parametrize("kinds", [KINDS, SIBLINGS], ids=["kinds", "siblings"])


def judged(kinds):
    """Every row with its judgement and points."""
    for row in rows(kinds, SEED, EACH):
        found = judge(row.target, row.actual, RULES, row.year)
        yield row, found, points_of(found.share, row.weight)


@TABLES
def test_no_pair_is_judged_wrong(kinds):
    wrong = [
        (row, points)
        for row, _, points in judged(kinds)
        if points is not None and row.expected != ("score", points)
    ]
    assert not wrong, wrong[:10]


@TABLES
def test_reached_or_not_is_never_said_wrong(kinds):
    wrong = [(row, found.met) for row, found, _ in judged(kinds) if None not in (row.met, found.met) and row.met != found.met]
    assert not wrong, wrong[:10]


@TABLES
def test_what_a_person_would_decide_is_decided(kinds):
    left = Counter(row.kind for row, _, points in judged(kinds) if row.human_decides and points is None)
    asked = sum(row.human_decides for row in rows(kinds, SEED, EACH))
    assert sum(left.values()) <= (1 - DECIDED) * asked, left
    assert asked > 10 * EACH


@TABLES
def test_every_undecided_pair_has_a_reason_and_advice(kinds):
    mute = [row for row, found, points in judged(kinds) if points is None and not (found.why and found.advice.startswith("请"))]
    assert not mute, mute[:10]


def test_sheets_decide_nothing_else(tmp_path):
    """Cached = LibreOffice's value = what `scored` says; and points, where there are any, are those of `judge`."""
    pairs = {(row.year, row.target, row.actual): row for kinds in (KINDS, SIBLINGS) for row in rows(kinds, SEED, IN_SHEETS)}
    by_year: dict = {}
    for row in pairs.values():
        by_year.setdefault(row.year, []).append(row)
    records, paths = [], []
    for year, mine in by_year.items():
        table = tuple(
            Result("产出指标", "数量指标", f"{n}", row.target, row.actual, row.weight) for n, row in enumerate(mine)
        )
        records.append(Evaluation(form="2021自评表", year=year, project="公式", indicators=table))
        paths.append(tmp_path / f"{year}.xlsx")
        paths[-1].write_bytes(fill(records[-1]))
    wrong, decided = [], 0
    for record, path, live in zip(records, paths, convert(paths, tmp_path / "out", "xlsx"), strict=True):
        (ours,), (theirs,) = read_grids(path), read_grids(live)
        for n, row in enumerate(scored(record, RULES).indicators):
            cached, shown = ours.cells.get((13 + n, 8)), theirs.cells.get((13 + n, 8))
            due = points_of(judge(row.target, row.actual, RULES, record.year).share, row.weight)
            decided += isinstance(cached, Decimal)
            if not cached == shown == shown_score(row) or isinstance(cached, Decimal) and cached != due:
                wrong.append((row.target, row.actual, row.weight, cached, shown, shown_score(row), due))
    assert not wrong, wrong[:10]
    assert decided > len(pairs) / 4
