"""The handbook is whole: every rule is listed, explained, exampled and tried; its messages are for people."""

from __future__ import annotations

import io
import pkgutil
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib import import_module

import openpyxl
import pytest

import xladdin
from xladdin import rules
from xladdin.domain.kinds import KINDS, wording
from xladdin.domain.records import Doubt, Source
from xladdin.errors import Place
from xladdin.profiles import names, profile
from xladdin.rules import handbook
from xladdin.rules.finding import LEVELS, Rule
from xladdin.rules.finding import rule as made_rule

from .base import SATISFIED, declaration, evaluation, row
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
    for rule in (rule.under(profile(name)) for name in names()):
        assert all(text.strip() for text in (rule.title, rule.basis, rule.advice, rule.says, rule.wrong, rule.right))
        assert rule.wrong != rule.right
        assert not _INWARD.search(rule.says + rule.title + rule.basis + rule.advice + rule.wrong + rule.right)


# a region, and whose forms may read of it
_REGIONS = {
    "上海": "上海", "普陀": "上海", "广西": "广西", "湖北": "湖北", "郫都": "四川", "成都": "四川", "天津": "天津", "河北": "河北"
}  # fmt: skip


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("year", [2020, 2021, 2024])
def test_nobody_reads_the_reason_of_another_region_or_of_a_later_year(name, year):
    for _, rule in handbook.rules_under(profile(name, year), year):
        said = rule.says + rule.title + rule.basis + rule.advice + rule.wrong + rule.right
        assert [region for region, whose in _REGIONS.items() if region in said and whose != name] == [], rule.code
        cited = [int(found) for found in re.findall(r"〔(\d{4})〕", rule.basis)]
        assert all(cite <= (year if name != "全国成本" else 2021) for cite in cited), (rule.code, rule.basis)


def test_a_finding_gives_the_reason_of_its_own_region():
    rules = {rule.code: rule for rule in RULES}
    for case in CASES:
        used = [profile(getattr(case, "profile", None), year) for year in (2020, 2021, 2024)]
        for finding in found(case):
            if finding.code in rules:
                assert finding.basis in {rules[finding.code].under(one).basis for one in used}, case.title


# what the basis of one rule has to say under one profile
_SAID = [
    ("E-08", "上海", 2021, "1.2 倍提醒"), ("E-08", "广西", 2021, "1.3 倍（指标值为 0 的达到 30）"),
    ("X-14", "上海", 2021, "执行率 10、产出 50、效益 30、满意度 10；特殊"), ("X-14", "上海", 2024, "设成本的 执行率 10、成本 20、产出 40"),
    ("X-14", "湖北", 2021, "执行率 20、产出 40"), ("E-11", "湖北", 2021, "80%—50%"), ("E-11", "全国", 2021, "80%—60%"),
    ("E-04", "湖北", 2021, "指标值÷完成值"), ("E-04", "上海", 2021, "一体化平台"), ("E-16", "湖北", 2021, "20 分"),
    ("D-C2", "上海", 2021, "产出、效益、满意度必设；"), ("D-C2", "上海", 2022, "产出、效益必设，成本、满意度应设；"),
    ("D-C3", "上海", 2022, "〔2021〕101号"), ("D-Q4", "上海", 2021, "2021 年的表"), ("D-Q4", "全国", 2021, "混用会差一百倍"),
    ("E-27", "上海", 2021, "90 优、80 良、60 中、以下差"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "year", "said"), _SAID)
def test_the_basis_depends_on_the_profile(code, name, year, said):
    (rule,) = [rule for rule in RULES if rule.code == code]
    assert said in rule.under(profile(name, year)).basis


WHERE = [  # profiles and years of a rule, profile and year of a form, whether it is judged
    ({}, "上海", 2021, True), ({"profiles": ("广西",)}, "广西", 2021, True), ({"profiles": ("广西",)}, "上海", 2021, False),
    ({"profiles": ("全国",)}, "上海", 2021, True), ({"profiles": ("上海",)}, "全国", 2021, False),
    ({"years": (2021, 2022)}, "上海", 2021, True), ({"years": (2022, None)}, "上海", 2021, False),
    ({"years": (None, 2021)}, "上海", 2021, True), ({"years": (None, 2020)}, "上海", 2021, False),
    ({"years": (2022, None)}, "上海", None, True), ({"profiles": ("广西",), "years": (2022, None)}, "广西", 2021, False),
]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "year", "judged"), WHERE)
def test_a_rule_is_run_where_it_says(where, name, year, judged, monkeypatch):
    @made_rule("D-X1", "试一试", "info", basis="{over_must}", advice="无", wrong="甲", right="乙", **where)
    def tried(form, rules):
        """说明。"""
        yield handbook.Found("查到")

    monkeypatch.setattr(handbook, "rules_for", lambda subject: (tried,) if subject == "declaration" else ())
    findings = xladdin.check(replace(declaration(), year=year), name)
    assert [finding.basis for finding in findings] == ["1.3"] * judged
    assert [one.code for _, one in handbook.rules_under(profile(name, year), year)] == ["D-X1"] * judged


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


def test_one_thing_nobody_can_read_is_one_finding():
    at = ("budget[0].rate", "budget[0].score", "total_score", "indicators[1].actual")
    doubts = (*(Doubt(field, "#VALUE!", Place("表.xlsx", "表", field)) for field in at), Doubt("year", "甲年", Place()))
    form = replace(evaluation(), source=Source({}, doubts))
    told = [finding for finding in xladdin.check(form) if finding.code == "Z-02"]
    assert [(finding.actual, len(finding.cells)) for finding in told] == [("#VALUE!", 4), ("甲年", 1)]
    assert told[0].subject == "年度资金总额（执行率）、年度资金总额（得分）、总分 等 4 处" and told[1].subject == "年度"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.label)
def test_every_field_has_a_chinese_name(kind):
    assert [path for path in kind.words.values() if wording(path).isascii()] == []


def test_findings_are_plain_json():
    for name, finding in told():
        plain = finding.to_dict()
        assert set(plain) >= {"code", "level", "message", "expected", "actual", "where", "basis", "advice"}, name
        assert all(set(place) == {"file", "sheet", "cell"} for place in plain["where"]), name


def _read_back(record):
    """The record as it comes back out of a workbook, with its cells."""
    if record.form == "2024申报表" and record.money_unit == "万元":
        record = replace(record, form="2023申报表")
    if record.form == "2021自评表" and record.money_unit == "万元":
        record = replace(record, form="全国自评表")
    data = xladdin.fill(replace(record, money_unit=record.money_unit or _UNITS[record.form]))
    (read,) = xladdin.read(_without_unit(data) if record.money_unit is None else data)
    assert read.money_unit == record.money_unit
    return read


def _without_unit(data: bytes) -> bytes:
    """The form as somebody prints it who leaves out what its amounts are in."""
    book, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    for cell in (cell for line in book.active for cell in line if str(cell.value).startswith("项目资金\n")):
        cell.value = "项目资金"
    book.save(out)
    return out.getvalue()


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
