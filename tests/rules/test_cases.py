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
from .base import TALKS, Case, Pair, declaration, evaluation, placed, row

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
    told = [finding for finding in found(case) if finding.code == case.code]
    assert sorted((f.level, first_cell(f)) for f in told) == sorted(case.expected), [f.message for f in told]


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
