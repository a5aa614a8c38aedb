"""Every rule over its table of cases; what stays silent on clean forms; a rule that crashes, a cell not understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

import xladdin
from xladdin.domain.records import Doubt, Source
from xladdin.errors import Place
from xladdin.rules import handbook
from xladdin.rules.finding import ERROR, UNDECIDED

from . import cases_declaration, cases_evaluation, cases_pair, cases_scores
from .base import COST, PEOPLE, TALKS, TOTAL, Case, Pair, declaration, evaluation, line, placed, row

SINGLE = [*cases_declaration.CASES, *cases_evaluation.CASES, *cases_scores.CASES]
PAIRS = cases_pair.CASES


def found(case: Case | Pair) -> list[xladdin.Finding]:
    """What the rules say of a case, every cell called by its field."""
    if isinstance(case, Case):
        return xladdin.check(placed(case.record), case.profile)
    return xladdin.reconcile(placed(case.declaration), placed(case.evaluation), case.profile)


def first_cell(finding: xladdin.Finding) -> str:
    """The telling cell of a finding."""
    return finding.where[0]["cell"]


def params(cases) -> list:
    """The cases for pytest, each named by code and title."""
    return [pytest.param(case, id=f"{case.code} {case.title}") for case in cases]


@pytest.mark.parametrize("case", params([*SINGLE, *PAIRS]))
def test_case(case):
    told = [finding for finding in found(case) if finding.code in (case.code, handbook.CRASHED)]
    assert sorted((f.level, first_cell(f)) for f in told) == sorted(case.expected), [f.message for f in told]


@pytest.mark.parametrize(
    "code, record, cells",
    [
        ("E-06", evaluation(blank=("indicators[1].score", "total_score")), ["total_score", "indicators[1].score"]),
        ("E-06", evaluation(blank=("indicators[1].score",)), ["total_score", "indicators[1].score"]),
        (
            "E-38",
            evaluation(line(TOTAL, executed=None), row(TALKS, actual=None)),
            ["budget[0].executed", "indicators[1].actual"],
        ),
        (
            "E-39",
            evaluation(row(TALKS, actual="约90场")),
            ["indicators[1].score", "indicators[1].actual", "indicators[1].target"],
        ),
        ("E-37", evaluation(row(TALKS, actual="90人")), ["indicators[1].actual", "indicators[1].target"]),
    ],
)
def test_the_cells_a_finding_names(code, record, cells):
    (finding,) = [one for one in xladdin.check(placed(record)) if one.code == code]
    assert [place["cell"] for place in finding.where] == cells


@pytest.mark.parametrize(
    "code, record, expected, difference",
    [
        ("E-04", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="18.5")), "17.58", "+0.92"),
        ("E-12", evaluation(row(TALKS, target="=91场", actual="80场", score="10")), "8.79", "+1.21"),
        ("E-12", evaluation(row(TALKS, actual="85场以下", score="10")), "低于 10", None),
        ("E-13", evaluation(row(TALKS, actual="92场", score="8")), "10", "-2"),
        ("E-19", evaluation(row(COST, actual="5500元", score="20")), "18", "+2"),
        ("E-06", evaluation(total_score="90"), "99.3", "-9.3"),
        ("E-06", evaluation(row(TALKS, weight="5")), "100", "-5"),
    ],
)
def test_what_a_score_should_be(code, record, expected, difference):
    (finding,) = [one for one in xladdin.check(record) if one.code == code]
    assert (finding.expected, finding.difference) == (expected, difference)


def test_a_blank_form_is_one_finding():
    blank = {"budget": None, "executed": None}
    form = evaluation(
        *(line(n, **blank, rate=None, score=None) for n in range(4)),
        *(row(n, actual=None, score=None, reason=None) for n in range(7)),
        actual_result=None,
    )
    (finding,) = xladdin.check(placed(form))
    assert finding.message == "还没有填：全年执行数，全年预算数，实际完成情况，全部 7 条指标的实际完成值"


def test_what_is_filled_in_is_checked_though_the_rest_is_blank():
    form = evaluation(row(PEOPLE, actual=None, reason=None), row(TALKS, actual="45场", score="10"))
    assert [(f.code, f.subject) for f in xladdin.check(placed(form)) if f.level == ERROR] == [
        ("E-38", "自评表"), ("E-12", "健康讲座场次")
    ]  # fmt: skip


def test_clean_forms_are_clean():
    assert [f.message for f in xladdin.check(declaration())] == []
    assert [f.message for f in xladdin.check(evaluation())] == []
    assert [f.message for f in xladdin.reconcile(declaration(), evaluation())] == []


@pytest.mark.parametrize("profile", ["上海", "全国", "全国成本", "广西"])
def test_clean_forms_have_no_error_elsewhere(profile):
    assert [f.message for f in xladdin.reconcile(declaration(), evaluation(), profile) if f.level == ERROR] == []


def test_a_crashing_rule_costs_no_other(monkeypatch):
    wrong = placed(declaration(project="", department=None))
    before = xladdin.check(wrong)
    rules = handbook.rules_for("declaration")

    def crashes(form, profile):
        raise ZeroDivisionError

    broken = tuple(replace(one, check=crashes) if one.code == "D-F7" else one for one in rules)
    monkeypatch.setattr(handbook, "rules_for", lambda subject: broken)
    after = xladdin.check(wrong)
    (crash,) = [finding for finding in after if finding.code == handbook.CRASHED]
    assert crash.level == UNDECIDED and "D-F7" in crash.message and "ZeroDivisionError" in crash.trace
    assert [finding for finding in after if finding.code != handbook.CRASHED] == before


def test_a_rule_that_crashes_half_way_keeps_what_it_found(monkeypatch):
    one = handbook.rules_for("declaration")[0]

    def crashes(form, profile):
        yield handbook.Found("先查到的一处", ("project",))
        raise KeyError("坏了")

    monkeypatch.setattr(handbook, "rules_for", lambda subject: (replace(one, check=crashes),))
    assert [finding.code for finding in xladdin.check(declaration())] == [one.code, handbook.CRASHED]


def test_what_was_not_understood_is_undecided():
    place = Place("申报表.xlsx", "申报", "C7")
    doubt = Doubt("funds.total", "约110万", place)
    record = placed(declaration())
    doubted = replace(record, source=Source(record.source.cells, (doubt,)))
    (finding,) = [f for f in xladdin.check(doubted) if f.code == handbook.UNREAD]
    assert finding.level == UNDECIDED and finding.actual == "约110万" and finding.where == [place.to_dict()]
    assert [f.code for f in xladdin.reconcile(doubted, evaluation())] == [handbook.UNREAD]


@pytest.mark.parametrize(
    "before, after, difference",
    [
        ("=91场", "=90场", "-1"),
        ("≥1.2万人次", "≥11000人次", "-1,000"),  # not +10998.8
        ("≥0.9百分比", "≥85%", "-5 个百分点"),  # not +84.1
    ],
)
def test_how_far_a_target_was_lowered(before, after, difference):
    one, other = (form(row(TALKS, target=target)) for form, target in ((declaration, before), (evaluation, after)))
    (finding,) = [f for f in xladdin.reconcile(one, other) if f.code == "X-09"]
    assert finding.difference == difference
