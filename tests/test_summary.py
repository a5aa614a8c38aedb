"""What a summary says of a folder: its rows, its order, its verdict, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import xladdin
from tests.summary_cases import (
    DOUBTFUL,
    case,
    declared,
    errors,
    evaluated,
    of_folder,
    summary,
    write,
)
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.domain.records import Declaration, Evaluation, Funds
from xladdin.errors import NotAForm, OwnWork, SaveError, UnknownForm, XladdinError
from xladdin.files import REPLACED
from xladdin.profiles import profile
from xladdin.report import write_report
from xladdin.review.judging import review_pairs
from xladdin.review.pairing import pairs_in
from xladdin.rules.finding import ERROR, UNDECIDED, Finding
from xladdin.summary import review_all, summarise, write_summary


def test_every_form_of_the_example_has_its_row(tmp_path):
    records = example()
    write(tmp_path, *records)
    made = of_folder(tmp_path)
    told = {(row.year, row.project, row.money_unit, row.amounts[0]) for row in made.declared}
    assert told == {
        (r.year, r.project, r.money_unit or "元", r.annual_amount) for r in records if isinstance(r, Declaration)
    }
    (row,) = made.evaluated
    assert (row.budget, row.executed, row.rate, row.score, row.grade) == (
        Decimal("991403.00"), Decimal("965043.97"), Decimal("0.9734"), Decimal("99.43"), "优",
    )  # fmt: skip
    assert row.counts[ERROR] == 10
    assert made.years == [2020, 2021, 2023, 2024]
    assert not made.problems  # what is only declared so far lacks nothing


@pytest.mark.parametrize(
    "records, told",
    [
        ((declared("甲"), declared("乙")), []),  # nobody has evaluated anything yet
        ((evaluated("甲"), evaluated("乙")), []),
        ((declared("甲", 2023), declared("甲"), evaluated("甲")), []),  # 2023 is not accounted for here
        ((declared("甲"), declared("丙丁"), evaluated("甲")), ["P-01"]),
        ((declared("甲"), evaluated("甲"), evaluated("丙丁")), ["P-01"]),
        ((declared("甲"), declared("甲"), evaluated("甲")), ["P-03"]),  # equal copies count once
        ((declared("甲"), declared("甲", annual="2"), evaluated("甲")), ["P-03"]),
    ],
)
def test_what_has_no_counterpart_is_told_only_where_its_year_has_others(tmp_path, records, told):
    write(tmp_path, *records)
    assert [finding.code for finding in review_all([tmp_path]).loose] == told


def test_copies_that_differ_count_nowhere(tmp_path):
    write(tmp_path, declared("甲"), declared("甲", annual="2"), declared("乙"))
    made = of_folder(tmp_path)
    assert [row.project for row in made.declared] == ["乙"]
    assert [problem.level for problem in made.problems] == ["undecided"]
    assert made.verdict.endswith("1 个项目有内容不同的几份，没有列入。")


def test_the_verdict_is_not_clean_where_copies_were_left_out():
    copies = [Finding("P-03", "同一项目有几张表", UNDECIDED, "内容不同", subject=name) for name in ("甲", "甲", "丙")]
    made = summary(declared("乙"), loose=copies)
    assert made.verdict == "共申报表 1 张；列入的表没有发现错误；2 个项目有内容不同的几份，没有列入。"
    assert not made.clean
    assert summary(declared("乙")).clean


def test_nothing_is_left_but_copies_that_differ(tmp_path, capsys):
    write(tmp_path, declared("甲"), declared("甲", annual="2"))
    with pytest.raises(NotAForm, match="没有可以汇总的表；“甲”.*内容不同"):
        review_all([tmp_path])
    assert main(["summary", str(tmp_path), "--out", str(tmp_path / "汇总.xlsx")]) != 0
    assert not (tmp_path / "汇总.xlsx").exists()


def test_copies_of_a_project_count_as_one(tmp_path):
    copies = (form for make in (declared, evaluated) for form in (make("甲"), make("甲", department="别局")))
    write(tmp_path, *copies, declared("乙"), evaluated("丙"))
    made = of_folder(tmp_path)
    assert "1 个项目有内容不同的几份，没有列入；文件的问题另有 2 处。" in made.verdict


def test_nothing_at_all():
    assert summary().verdict == "没有可以汇总的表。"


def test_a_project_of_many_years_counts_once():
    wrong = [case(declared(name, year), findings=errors(1)) for name in ("甲", "乙丙") for year in range(2018, 2025)]
    undated = [case(declared(name, None), findings=errors(1)) for name in ("甲", "丁戊")]
    made = summary(*wrong, *undated, case(declared("丁戊", 2024), evaluated("丁戊", None), findings=errors(2)))
    assert "3 个项目有错误，共 18 处" in made.verdict


def test_years_in_one_folder_are_paired_each_with_its_own(tmp_path):
    years = 2022, 2023, 2024
    write(tmp_path, *(declared(year=year) for year in years), *(evaluated(year=year) for year in years[:2]))
    review = review_all([tmp_path])
    pairs = [tuple(entry.record.year for entry in one.entries) for one in review.cases]
    assert sorted(pairs) == [(2022, 2022), (2023, 2023), (2024,)]


def test_one_bad_file_does_not_stop_the_rest(tmp_path):
    write(tmp_path, declared("甲"))
    (tmp_path / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a package")
    (tmp_path / "旧的.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    made = of_folder(tmp_path)
    assert [row.project for row in made.declared] == ["甲"]
    assert [(problem.level, problem.file) for problem in made.problems] == [
        ("error", "坏的.xlsx"),
        ("warning", "旧的.xls"),
    ]
    assert "1 个文件读不了" in made.verdict


def test_nothing_to_sum_up(tmp_path):
    with pytest.raises(NotAForm):
        review_all([tmp_path])


def test_a_bad_profile_is_told(tmp_path):
    write(tmp_path, declared("甲"))
    with pytest.raises(UnknownForm):
        review_all([tmp_path], "没有这个")


BLANK = (replace(DOUBTFUL[0], actual=None),)
OF_TEN = (replace(DOUBTFUL[0], actual="90场", weight=Decimal(10), score=Decimal(10)),)


@pytest.mark.parametrize(
    "score, rows, shown, pending, grade",
    [
        ("100", (), Decimal(100), "", "优"),
        ("90", (), Decimal(90), "", "优"),
        ("89.99", (), Decimal("89.99"), "", "良"),
        ("60", (), Decimal(60), "", "中"),
        ("0", (), Decimal(0), "", "差"),
        (None, (), None, "未填完", ""),
        ("10", OF_TEN, Decimal(10), "", ""),  # of 10: no 等级
        ("95", BLANK, None, "未填完", ""),
        (None, DOUBTFUL, None, "待核", ""),
        ("-1", (), Decimal(-1), "", ""),
    ],
)
def test_grades_follow_the_profile(score, rows, shown, pending, grade):
    (row,) = summary(evaluated(score=score, indicators=rows)).evaluated
    assert (row.score, row.pending, row.grade) == (shown, pending, grade)


def test_grades_of_another_profile():
    strict = replace(profile(), grades=(("过", Decimal(99)), ("不过", Decimal(0))))
    made = summarise(summary_review(evaluated(score="98")), strict)
    assert made.evaluated[0].grade == "不过"
    assert made.facts.grades == strict.grades


def summary_review(*records):
    from xladdin.review.cases import Review

    return Review(tuple(case(record) for record in records))


@pytest.mark.parametrize(
    "budget, executed, rate",
    [
        ("1000", "900", "0.9"),
        ("3", "2", "0.6667"),
        ("991403", "965043.97", "0.9734"),
        ("1000", "1200", "1.2"),
        ("0", "0", None),
        ("0", "5", None),
        ("1000", None, None),
        (None, "5", None),
        ("1000", "0", "0"),
    ],
)
def test_a_rate_that_cannot_be_said_is_blank(budget, executed, rate):
    (row,) = summary(evaluated(budget=budget, executed=executed)).evaluated
    assert row.rate == (None if rate is None else Decimal(rate))


def test_what_is_sent_back_first_stands_first():
    made = summary(
        case(evaluated("旧", 2023), findings=errors(9)),
        case(evaluated("好", executed="990")),
        case(evaluated("慢", executed="100")),
        case(evaluated("错", executed="990"), findings=errors(2)),
        case(evaluated("疑", executed="990"), findings=errors(0, 3)),
        case(evaluated("年度不明", None), findings=errors(5)),
    )
    assert [row.project for row in made.evaluated] == ["错", "疑", "慢", "好", "旧", "年度不明"]


def test_the_index_goes_by_year_department_unit_and_cost():
    made = summary(
        declared("旧", 2023),
        declared("便宜", annual="5"),
        declared("贵", annual="1", money_unit="万元"),
        declared("别局", department="丙局"),
        declared("年度不明", None),
    )
    assert [row.project for row in made.declared] == ["别局", "贵", "便宜", "旧", "年度不明"]


def test_findings_of_a_pair_stand_once():
    made = summary(case(declared(), evaluated(), findings=errors(2)), case(declared("乙"), findings=errors(1)))
    assert {row.project: row.counts and row.counts[ERROR] for row in made.declared} == {"甲项目": None, "乙": 1}
    assert made.evaluated[0].told == "第 1 条错误"
    assert "2 个项目有错误，共 3 处" in made.verdict


def test_the_first_levels_of_older_forms_stay_apart(tmp_path):
    write(tmp_path, *(record for record in example() if record.year == 2020))
    levels = [dict(row.levels) for row in of_folder(tmp_path).declared]
    assert sum(one.get("投入与管理", 0) for one in levels) == 19
    assert sum(one.get("影响力", 0) for one in levels) == 1


@pytest.mark.parametrize(
    "cases, said",
    [
        ((declared(),), "共申报表 1 张；没有发现错误。"),
        ((evaluated(),), "共自评表 1 张；自评得分 95 分（优 1 个）；没有发现错误。"),
        ((evaluated(score=None),), "共自评表 1 张；自评还没有得分；没有发现错误。"),
        (
            (evaluated("甲", score="90"), evaluated("乙", score="70.01"), evaluated("丙", score=None)),
            "共自评表 3 张；自评平均 80.01 分（优 1 个、中 1 个），1 个未填完；没有发现错误。",
        ),
    ],
)
def test_the_verdict(cases, said):
    assert summary(*cases).verdict == said


@pytest.mark.parametrize(
    "records, title",
    [
        ((declared(),), "某中心2024年度项目绩效汇总"),
        ((declared(), declared(year=2020)), "某中心2020—2024年度项目绩效汇总"),
        ((declared(), declared("乙", unit="别处")), "2024年度项目绩效汇总"),
        ((declared(year=None, unit=None),), "项目绩效汇总"),
        ((declared(unit="单位1", year=2021),), "单位1 2021年度项目绩效汇总"),
        ((declared(unit="单位1", year=None),), "单位1项目绩效汇总"),
    ],
)
def test_the_title(records, title):
    assert summary(*records).title == title


def save(review, path, force=False):
    return write_summary(summarise(review), review, path, force).path


def test_a_journal_that_cannot_be_written_is_told(tmp_path, capsys):
    write(tmp_path / "表", declared("甲"))
    (tmp_path / "操作日志.jsonl").mkdir()
    assert main(["summary", str(tmp_path / "表"), "--out", str(tmp_path / "汇总.xlsx")]) in (0, 1)
    told = capsys.readouterr()
    assert "分不清这个文件有没有人改过" in told.err and "汇总.xlsx" in told.out and (tmp_path / "汇总.xlsx").exists()


def test_writing_it(tmp_path):
    (source,) = write(tmp_path, declared("甲"))
    review = review_all([tmp_path])
    path = tmp_path / "汇总.xlsx"
    assert save(review, path) == path
    again = review_all([tmp_path])  # a summary lying among the forms is none of them
    assert not again.loose
    assert len(again.cases) == 1
    assert save(again, path) == path, "nobody touched it"
    path.write_bytes(path.read_bytes() + b"a note of the clerk's")
    noted = path.read_bytes()
    with pytest.raises(SaveError, match="有人改过"):
        save(again, path)
    assert path.read_bytes() == noted
    save(again, path, force=True)
    (kept,) = (tmp_path / REPLACED).rglob("*.xlsx")
    assert kept.read_bytes() == noted
    assert not review_all([tmp_path]).loose
    with pytest.raises(SaveError):
        save(review, source, force=True)
    foreign = tmp_path / "别的.xlsx"
    foreign.write_bytes(xladdin.fill(declared("乙")))
    with pytest.raises(SaveError):
        save(review, foreign)
    save(review, foreign, force=True)
    with pytest.raises(OwnWork, match="这是生成的“汇总”"):
        xladdin.read(foreign)
    with pytest.raises(XladdinError):
        save(review, tmp_path / "汇总.pdf")


def test_the_other_commands_pass_a_summary_over(tmp_path, capsys):
    write(tmp_path, declared("甲"))
    save(review_all([tmp_path]), tmp_path / "汇总.xlsx")
    main(["check", str(tmp_path)])
    assert "汇总.xlsx" not in capsys.readouterr().out


def test_reports_among_the_forms_are_no_forms(tmp_path):
    """The 对照 of a report has the labels of both forms."""
    files = write(tmp_path, *(record for record in example() if record.year == 2021))
    write_report(review_pairs(pairs_in(*files)), tmp_path / "核对结果.xlsx")
    review = review_all([tmp_path])
    assert len(review.cases) == 1
    assert not review.loose


def test_a_finding_without_a_place_is_told_by_its_subject():
    made = summary(
        declared(), loose=[Finding("P-02", "文件没有读成", ERROR, "读不了", subject="甲.xlsx", advice="另存")]
    )
    (problem,) = made.problems
    assert (problem.file, problem.message, problem.advice) == ("甲.xlsx", "读不了", "另存")


def test_records_of_either_kind_are_left_as_they_are():
    one, other = declared(funds=Funds()), evaluated(budget=None, executed=None)
    made = summary(one, other)
    assert made.declared[0].amounts == (None, None, None, None)
    assert (made.evaluated[0].initial, made.evaluated[0].budget, made.evaluated[0].executed) == (None, None, None)
    assert isinstance(other, Evaluation)
