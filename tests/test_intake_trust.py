"""What arithmetic proves is not asked, and what it does not prove is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from tests.intake_cases import DECLARED, EVALUATED
from xladdin import BudgetLine, Funds
from xladdin.domain.records import Doubt, Source
from xladdin.errors import Place
from xladdin.intake.questions import questions_of
from xladdin.intake.trust import proven

SCORED = replace(
    EVALUATED,
    budget=(
        BudgetLine("年度资金总额", D(100), D(100), D(96), D(10), D("0.96"), D("9.6")),
        BudgetLine("当年财政拨款", D(80), D(80), D(80)),
        BudgetLine("上年结转资金", D(20), D(20), D(16)),
    ),
    indicators=tuple(replace(row, score=row.weight) for row in EVALUATED.indicators),
    total_weight=D(100),
    total_score=D("99.6"),
)


def line(at: int, **more):
    return replace(
        SCORED, budget=tuple(replace(one, **more) if number == at else one for number, one in enumerate(SCORED.budget))
    )


def row(at: int, **more):
    return replace(
        SCORED,
        indicators=tuple(replace(one, **more) if number == at else one for number, one in enumerate(SCORED.indicators)),
    )


def funds(**more):
    return replace(DECLARED, funds=Funds(**{name: D(value) for name, value in more.items()}))


CASES = {  # a record, the fields that are proven, those that are not
    "parts make the total": (funds(total=100, fiscal=70, other=30), ["funds.total", "funds.fiscal", "funds.other"], ["funds.annual_total"]),
    "one part that is all": (funds(annual_total=50, annual_fiscal=50), ["funds.annual_total", "funds.annual_fiscal"], []),
    "parts that do not": (funds(total=100, fiscal=70, other=20), [], ["funds.total", "funds.fiscal", "funds.other"]),
    "a total alone": (funds(total=100), [], ["funds.total"]),
    "nothing of nothing": (funds(total=0, fiscal=0), [], ["funds.total", "funds.fiscal"]),
    "all of an evaluation": (SCORED, ["budget[0].initial", "budget[1].executed", "budget[0].rate", "budget[0].weight", "budget[0].score", "indicators[2].weight", "indicators[0].score", "total_score"], ["budget[1].rate"]),
    "the rate": (line(0, executed=D(97)), [], ["budget[0].executed", "budget[0].rate"]),
    "a part": (line(1, executed=D(81)), ["budget[0].executed", "budget[1].initial"], ["budget[1].executed", "budget[2].executed"]),
    "points that miss 100": (row(0, weight=D(49)), ["indicators[0].score"], ["indicators[0].weight", "indicators[1].weight"]),
    "a score that misses the sum": (row(0, score=D(49)), ["indicators[0].weight"], ["indicators[0].score", "total_score"]),
    "a point that is blank": (row(0, weight=None), [], ["indicators[1].weight"]),
}  # fmt: skip


@pytest.mark.parametrize("record, sure, unsure", CASES.values(), ids=CASES)
def test_what_is_proven(record, sure, unsure):
    found = proven(record)
    assert [field for field in sure if field not in found] == []
    assert [field for field in unsure if field in found] == []


def test_only_what_is_not_proven_is_asked(tmp_path):
    place = Place("a.txt", row=3)
    doubts = tuple(
        Doubt(field, "?", place, "断开")
        for field in ("budget[0].executed", "indicators[0].weight", "indicators[1].name", "unit")
    )
    record = replace(SCORED, source=Source({}, doubts))
    assert [one.called for one in questions_of(record, tmp_path / "a.txt")] == [
        "第 2 个指标“合格率”的三级指标",
        "实施单位",
    ]


WHOLE = {
    "a row": ("indicators[1]", ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值"]),
    "a heading": ("栏名", []),
    "the table": ("indicators", []),
}


@pytest.mark.parametrize("field, columns", WHOLE.values(), ids=WHOLE)
def test_a_doubt_of_more_than_one_cell(tmp_path, field, columns):
    record = replace(EVALUATED, source=Source({}, (Doubt(field, "x", Place("a.txt", row=3), "看不清"),)))
    asked = questions_of(record, tmp_path / "a.txt")
    assert [slot[2] for one in asked for slot in one.slots] == columns
    assert columns or [one.offered for one in asked] == [("已核对",)]
