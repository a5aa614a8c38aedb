"""The handbook is whole: every rule is listed, explained, exampled and tried; its messages are for people."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

import xladdin
from xladdin import rules
from xladdin.rules import handbook
from xladdin.rules.finding import LEVELS, Rule

from .base import SATISFIED, evaluation, row
from .test_cases import PAIRS, SINGLE, found

RULES = [rule for _, rule in handbook.all_rules()]
CASES = [*SINGLE, *PAIRS]
# what only a programmer would write
_INWARD = re.compile(r"None|Decimal|True|False|\w+\[\d|funds\.|extra\.|\d[Ee][+-]?\d|[{}]|nan|annual_|level\d")
_UNITS = {"2021自评表": "元", "2024申报表": "元", "2020目标表": "元"}


@cache
def told() -> list[tuple[str, xladdin.Finding]]:
    """Every finding of every case, with the case's name."""
    return [(f"{case.code} {case.title}", finding) for case in CASES for finding in found(case)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_explains_itself(rule):
    assert re.fullmatch(r"[DEX]-[FCQT]?\d{1,2}", rule.code)
    assert rule.level in LEVELS
    assert all(text.strip() for text in (rule.title, rule.basis, rule.advice, rule.says, rule.wrong, rule.right))
    assert rule.wrong != rule.right
    assert not _INWARD.search(rule.says + rule.title + rule.basis + rule.advice + rule.wrong + rule.right)


def test_codes_are_unique():
    assert [code for code, count in Counter(rule.code for rule in RULES).items() if count > 1] == []
    assert [title for (_, title), count in Counter((r.code[0], r.title) for r in RULES).items() if count > 1] == []
    assert not {handbook.CRASHED, handbook.UNREAD} & {rule.code for rule in RULES}


@pytest.mark.parametrize("subject", handbook.subjects())
def test_every_module_is_listed(subject):
    package = import_module(f"{rules.__name__}.{subject}")
    there = {f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)}
    holding = {name for name in there if any(isinstance(value, Rule) for value in vars(import_module(name)).values())}
    assert {module.__name__ for module in handbook.modules(subject)} == holding
    in_modules = [
        value for name in sorted(there) for value in vars(import_module(name)).values() if isinstance(value, Rule)
    ]
    assert {rule.code for rule in in_modules} == {rule.code for rule in handbook.rules_for(subject)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_tried_both_ways(rule):
    mine = [case for case in CASES if case.code == rule.code]
    assert any(case.expected for case in mine), "no failing case"
    assert any(not case.expected for case in mine), "no passing case"


def test_every_case_names_a_rule():
    assert {case.code for case in CASES} == {rule.code for rule in RULES}
    assert [name for name, count in Counter((case.code, case.title) for case in CASES).items() if count > 1] == []


def test_the_level_of_a_rule_is_its_worst():
    known = {rule.code: rule.level for rule in RULES}
    levels = {code: [f.level for _, f in told() if f.code == code] for code in known}
    assert [code for code, level in known.items() if level not in levels[code]] == []


def test_no_rule_crashed():
    assert [(name, finding.message) for name, finding in told() if finding.code == handbook.CRASHED] == []


def test_findings_are_for_people():
    for name, finding in told():
        texts = (finding.message, finding.expected, finding.actual, finding.difference, finding.subject, finding.advice)
        assert all(text is None or isinstance(text, str) for text in texts), name
        assert not any(_INWARD.search(text or "") for text in texts), (name, texts)
        assert finding.message and finding.subject and finding.advice and finding.basis, (name, finding)
        assert not re.search(r"。$|，$|；$|  |（）|“”", finding.message), (name, finding.message)
        assert finding.level in LEVELS and finding.where, name


def test_a_blank_target_is_called_blank():
    form = evaluation(row(SATISFIED, target=None, actual=">=0.9"))
    assert not any(_INWARD.search(finding.message) for finding in xladdin.check(form))


def test_findings_are_plain_json():
    for name, finding in told():
        plain = finding.to_dict()
        assert set(plain) >= {"code", "level", "message", "expected", "actual", "where", "basis", "advice"}, name
        assert all(set(place) == {"file", "sheet", "cell"} for place in plain["where"]), name


def _read_back(record):
    """The record as it comes back out of a workbook, with its cells."""
    if record.form == "2024申报表" and record.money_unit != _UNITS[record.form]:
        record = replace(record, form="2021申报表" if record.money_unit is None else "2023申报表")
    if record.form == "2021自评表" and record.money_unit == "万元":
        record = replace(record, form="全国自评表")
    (read,) = xladdin.read(xladdin.fill(record))
    return read


@pytest.mark.parametrize("case", SINGLE, ids=lambda case: f"{case.code} {case.title}")
def test_findings_name_cells_of_the_workbook(case):
    if not case.record.project:
        pytest.skip("a form without a project name is not read")
    read = _read_back(case.record)
    cells = {str(place) for place in read.source.cells.values()}
    for finding in xladdin.check(read, case.profile):
        assert finding.code != handbook.CRASHED
        assert finding.where, finding.message
        assert {str(place) for place in finding.cells} <= cells


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: f"{case.code} {case.title}")
def test_findings_of_a_pair_name_cells_on_the_right_side(case):
    declared, evaluated = _read_back(case.declaration), _read_back(case.evaluation)
    ours = [{str(place) for place in record.source.cells.values()} for record in (declared, evaluated)]
    for finding in xladdin.reconcile(declared, evaluated, case.profile):
        assert finding.code != handbook.CRASHED
        assert finding.where, finding.message
        assert {str(place) for place in finding.places.get("declaration", ())} <= ours[0]
        assert {str(place) for place in finding.places.get("evaluation", ())} <= ours[1]
