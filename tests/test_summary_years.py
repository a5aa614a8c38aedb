"""The same project over the years: what is joined, what stays apart, in which unit it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.summary_cases import case, declared, evaluated, of_folder, summary, write
from xladdin.cli.demo import example

NAME = "计生特殊家庭帮扶及权益维护"


def joined(*projects) -> set[tuple[str, ...]]:
    """The lines of projects given as (name, year) or (name, year, changes): each as its names, oldest first."""
    forms = [declared(name, year, **(more[0] if more else {})) for name, year, *more in projects]
    return {tuple(facts.project for facts in line.facts) for line in summary(*forms).lines}


def test_the_line_of_the_published_forms(tmp_path):
    write(tmp_path, *example())
    line = of_folder(tmp_path).lines[0]
    assert [(facts.year, line.amount(facts)) for facts in line.facts] == [
        (2020, Decimal(1231000)), (2021, Decimal(1100000)), (2024, Decimal(820000)),
    ]  # fmt: skip
    assert line.money_unit == "元"
    assert [facts.rate for facts in line.facts] == [None, Decimal("0.9734"), None]
    assert list(map(str, line.renames)) == [f"2020：计生特殊家庭帮扶 → 2021：{NAME}"]
    assert all(len(other.facts) == 1 for other in of_folder(tmp_path).lines[1:])


@pytest.mark.parametrize(
    "one, other",
    [
        ("甲项目", "甲 项目"),
        ("宣传（一期）项目", "宣传(一期)项目"),
        ("规划编制2023—2025", "规划编制2023—2025"),
    ],
)
def test_names_that_are_the_same(one, other):
    (line,) = summary(declared(one, 2023), declared(other, 2024)).lines
    assert not line.renames


@pytest.mark.parametrize(
    "one, other, guessed",
    [
        ("2023年度慰问活动", "2024年慰问活动", False),
        ("2023慰问活动", "慰问活动", False),
        ("慰问活动（2023）", "慰问活动（2024）", False),
        ("2022年慰问活动", "慰问活动", True),  # not the form's own year
        ("2025年规划编制", "2035年规划编制", True),
        ("1.慰问活动", "2.慰问活动", True),
        ("“慰问”活动", "慰问活动", True),
    ],
)
def test_no_change_of_a_name_goes_unshown(one, other, guessed):
    (line,) = summary(declared(one, 2023), declared(other, 2024)).lines
    assert list(map(str, line.renames)) == [f"2023：{one} → 2024：{other}"]
    assert line.guessed is guessed


def test_every_change_of_a_name_is_shown():
    names = "道路养护", "道路养护及绿化", "道路养护"
    (line,) = summary(*(declared(name, year) for year, name in enumerate(names, start=2022))).lines
    assert [(rename.name, rename.new_name) for rename in line.renames] == [names[:2], names[1:]]


@pytest.mark.parametrize(
    "one, other",
    [
        ("计生特殊家庭帮扶", NAME),
        (NAME, "计生特殊家庭帮扶"),
        ("老旧小区综合改造及配套工程", "老旧小区改造及配套工程"),
        ("2023年慰问活动经费", "慰问活动经费及物资"),
    ],
)
def test_names_that_may_be_one_project_are_joined_and_said_so(one, other):
    (line,) = summary(declared(one, 2023), declared(other, 2024)).lines
    (rename,) = line.renames
    assert (rename.year, rename.name, rename.later, rename.new_name) == (2023, one, 2024, other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("信息化建设一期", "信息化建设二期"),
        ("信息化建设", "信息化建设二期"),
        ("智慧城管平台3标段", "智慧城管平台4标段"),
        ("东城区道路养护工程", "西城区道路养护工程"),
        ("区属小学教育经费补助", "区属中学教育经费补助"),
        ("科技园2010号楼改造", "科技园2011号楼改造"),
        ("补贴2000元", "补贴1999元"),
        ("120001型设备", "119991型设备"),
        ("十四五2025规划编制", "十四五2035规划编制"),
        ("120231型设备", "120241型设备"),
        ("培训", "培训基地建设"),
        ("宣传倡导活动", "宣传教育及基层能力建设"),
        ("甲项目", "乙项目"),
    ],
)
def test_two_projects_alike_stay_two(one, other):
    assert joined((one, 2023), (other, 2024)) == {(one,), (other,)}


@pytest.mark.parametrize(
    "projects, lines",
    [
        # both are there in the year before: the equal name wins, the other stays alone
        ([("道路养护", 2023), ("道路养护", 2024), ("道路养护及绿化", 2024)], {("道路养护", "道路养护"), ("道路养护及绿化",)}),
        # two candidates for one name: neither
        ([("道路养护", 2023), ("道路养护及绿化", 2024), ("道路养护及排水", 2024)], {("道路养护",), ("道路养护及绿化",), ("道路养护及排水",)}),
        ([("道路养护及绿化", 2023), ("道路养护及排水", 2023), ("道路养护", 2024)], {("道路养护",), ("道路养护及绿化",), ("道路养护及排水",)}),
        # over a year in which it does not stand
        ([("道路养护", 2020), ("道路养护", 2024)], {("道路养护", "道路养护")}),
        # renamed, then as before
        ([("道路养护", 2022), ("道路养护及绿化", 2023), ("道路养护及绿化", 2024)], {("道路养护", "道路养护及绿化", "道路养护及绿化")}),
        ([("道路养护", 2022), ("道路养护及绿化", 2023), ("道路养护", 2024)], {("道路养护", "道路养护及绿化", "道路养护")}),
        # of two units
        ([("道路养护", 2023), ("道路养护", 2024, {"unit": "别处"})], {("道路养护",)}),
        ([("道路养护", 2023), ("道路养护及绿化", 2024, {"unit": "别处"})], {("道路养护",), ("道路养护及绿化",)}),
        # the unit is not printed: the department may say it, or nothing contradicts
        ([("道路养护", 2023), ("道路养护", 2024, {"unit": None})], {("道路养护", "道路养护")}),
        ([("道路养护", 2023), ("道路养护", 2024, {"unit": None, "department": "别局"})], {("道路养护",)}),
        ([("道路养护", 2023), ("道路养护及绿化", 2024, {"unit": None})], {("道路养护", "道路养护及绿化")}),
        ([("道路养护", 2023, {"unit": None, "department": None}), ("道路养护及绿化", 2024)], {("道路养护",), ("道路养护及绿化",)}),
        # two of one year and name, of two units, and a third that does not say which it is
        (
            [("道路养护", 2023), ("道路养护", 2023, {"unit": "别处"}), ("道路养护", 2024, {"unit": None})],
            {("道路养护",)},
        ),
        # whole names first: each goes on from its own, not from what differs in a year only
        ([("2025年规划", 2023), ("2035年规划", 2023), ("2025年规划", 2024), ("2035年规划", 2024)], {("2025年规划", "2025年规划"), ("2035年规划", "2035年规划")}),
        # without a year there is nothing to lay side by side
        ([("道路养护", None), ("道路养护", 2024)], {("道路养护",)}),
    ],
)  # fmt: skip
def test_what_is_joined(projects, lines):
    assert joined(*projects) == lines


def test_nobody_is_lost_or_joined_to_one_of_its_own_year():
    names = ("道路养护", "道路养护及绿化", "道路养护绿化", "道路养护管理", "道路养护及绿化管理")
    forms = [declared(f"{name}{'' if year % 2 else '工作'}", year) for year in (2021, 2022, 2023) for name in names]
    lines = summary(*forms).lines
    assert sum(len(line.facts) for line in lines) == len(forms)
    assert all(len({facts.year for facts in line.facts}) == len(line.facts) for line in lines)


@pytest.mark.parametrize(
    "units, amounts, unit, shown",
    [
        (("元", "元"), ("1000", "900"), "元", ["1000", "900"]),
        (("万元", "元"), ("110.5", "1200000"), "元", ["1105000", "1200000"]),
        (("万元", "万元"), ("110.5", "99"), "万元", ["110.5", "99"]),
        (("元", None), ("1000", "90"), "元", ["1000", "90"]),  # 90 of what nobody knows: as it stands
        (("元", None), ("1000", "100000"), "元", ["1000", "100000"]),  # 10 亿元 were it 万元
        ((None, None), ("10", "9"), None, ["10", "9"]),
        (("万元", "元"), ("110.5", None), "元", ["1105000", None]),
    ],
)
def test_one_unit_a_line(units, amounts, unit, shown):
    forms = [declared(year=2023 + n, annual=amounts[n], money_unit=units[n]) for n in range(2)]
    (line,) = summary(*forms).lines
    assert line.money_unit == unit
    assert [line.amount(facts) for facts in line.facts] == [None if one is None else Decimal(one) for one in shown]


@pytest.mark.parametrize(
    "annual, unit",
    [("1000", "元"), ("90", None)],  # the same amount stands in the evaluation, or nothing shows what it is
)
def test_a_unit_that_is_not_printed_is_taken_from_the_evaluation(annual, unit):
    pair = case(declared(annual=annual, money_unit=None), evaluated())
    (line,) = summary(pair, declared(year=2023)).lines
    facts = line.facts[-1]
    assert (facts.money_unit, bool(facts.assumed)) == (unit, unit is not None)


@pytest.mark.parametrize(
    "declared_in, evaluated_in, shown",
    [
        ((None, "1000"), (None, "1000"), ("未注明", "未注明")),  # equal, but in what?
        ((None, "1000"), ("万元", "1000"), ("万元", "万元")),
        (("万元", "1000"), (None, "1000"), ("万元", "万元")),
        ((None, "1100000"), ("万元", "110"), ("元", "万元")),
        ((None, "7"), ("元", "9"), ("未注明", "元")),
        ((None, "7"), (None, "1100000"), ("未注明", "元")),
    ],
)
def test_both_forms_of_a_pair_have_their_unit(declared_in, evaluated_in, shown):
    unit, annual = declared_in
    other, budget = evaluated_in
    made = summary(case(declared(annual=annual, money_unit=unit), evaluated(budget=budget, money_unit=other)))
    rows = made.declared[0], made.evaluated[0]
    assert tuple(row.money_unit for row in rows) == shown
    assert [bool(row.assumed) for row in rows] == [
        printed is None and told != "未注明" for printed, told in zip((unit, other), shown, strict=True)
    ]
    (facts,) = made.facts.by_year
    assert (facts.money_unit or "未注明") == shown[0]


def test_without_a_declaration_the_budget_stands():
    (line,) = summary(declared(year=2023), evaluated(budget="800")).lines
    assert [(facts.year, line.amount(facts), facts.initial) for facts in line.facts] == [
        (2023, Decimal(1000), False), (2024, Decimal(800), True),
    ]  # fmt: skip
