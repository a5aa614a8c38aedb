"""check, reconcile and rules as a clerk runs them: files, folders, pairs, exit codes, JSON."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.domain.records import Declaration, Evaluation
from xladdin.files import REPLACED
from xladdin.review.judging import review_pairs
from xladdin.review.pairing import pairs_in
from xladdin.rules import handbook

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")
FIELDS = {"code", "level", "message", "expected", "actual", "where", "basis", "advice"}


def write(folder: Path, name: str, record) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(xladdin.fill(record))
    return path


@pytest.fixture
def pair(tmp_path) -> tuple[str, str]:
    return str(write(tmp_path, "申报 表.xlsx", DECLARED)), str(write(tmp_path, "自评#表.xlsx", EVALUATED))


def clean(project: str, year: int = 2021) -> tuple[Declaration, Evaluation]:
    """A pair without an error: rolled forward, and filled in as planned."""
    funds = replace(DECLARED.funds, annual_fiscal=DECLARED.funds.annual_total)
    rows = tuple(row for row in DECLARED.indicators if "执行率" not in row.name)
    declared = replace(DECLARED, project=project, year=year, funds=funds, indicators=rows)
    blank = xladdin.self_evaluation(declared)
    budget = tuple(replace(line, budget=line.initial, executed=line.initial) for line in blank.budget)
    actuals = ("91", "3000", "100%", "10000", "800", "93%", "95%")
    rows = tuple(replace(row, actual=actual) for row, actual in zip(blank.indicators, actuals, strict=True))
    return declared, replace(blank, budget=budget, indicators=rows, actual_result="都按计划办了。")


def test_check_prints_and_tells_by_its_exit_code(pair, capsys):
    assert main(["check", pair[1]]) == 1
    said = capsys.readouterr().out
    assert "6 处错误" in said
    assert "E-13" in said
    assert "还要人工核对的" in said


def test_reconcile_as_json(pair, capsys):
    assert main(["reconcile", *pair, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    lowered = next(one for one in told if one["code"] == "X-09")
    assert lowered.keys() >= FIELDS
    assert lowered["project"] == DECLARED.project
    assert [Path(spot["file"]).name for spot in lowered["where"][:2]] == ["申报 表.xlsx", "自评#表.xlsx"]
    assert [spot["cell"] for spot in lowered["where"][:2]] == ["G13", "E13"]


def test_nothing_wrong_is_exit_code_0(tmp_path, capsys):
    declared, evaluated = clean("样样都好")
    one, other = write(tmp_path, "a.xlsx", declared), write(tmp_path, "b.xlsx", evaluated)
    assert main(["reconcile", str(one), str(other)]) == 0
    assert "没有发现错误" in capsys.readouterr().out


@pytest.mark.parametrize(("side", "headings"), [(0, "检查项 申报表 差额"), (1, "检查项 自评表 差额")])
def test_a_form_checked_alone_has_no_column_of_the_other_kind(pair, side, headings, capsys):
    assert main(["check", pair[side]]) == 1
    assert headings in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_habit_of_many_projects_is_told_once(count, tmp_path, capsys):
    for number in range(count):
        declared = replace(clean(f"养老服务{number}")[0], department=DECLARED.unit)
        write(tmp_path, f"{number}.xlsx", declared)
    main(["check", str(tmp_path)])
    said = capsys.readouterr().out
    assert said.count("D-C9") == (count if count < 3 else 1)
    assert ("好些项目都有的" in said) is (count > 2)
    assert (f"主管部门与实施单位相同：{count} 个项目（养老服务0、" in said) is (count > 2)


def test_a_unit_that_is_wrong_on_every_form_is_told_once(tmp_path, capsys):
    for number in range(4):
        evaluated = clean(f"养老服务{number}")[1]
        wrong = number < 3  # amounts in 万元 on a form that says 元
        line = replace(evaluated.budget[0], initial=Decimal(35), budget=Decimal(35), executed=Decimal(35))
        write(tmp_path, f"{number}.xlsx", replace(evaluated, budget=(line,)) if wrong else evaluated)
    main(["check", str(tmp_path)])
    said = capsys.readouterr().out
    assert said.count("最大的数却只有 35") == 1 and "金额单位或写法混用：3 个项目（养老服务0、" in said
    assert "如“养老服务0”：表上标“元”，最大的数却只有 35" in said
    assert "没有发现错误" in said and "明细请加 --report" in said, "warnings have details, too"


def test_two_folders_without_a_pair_are_not_called_faultless(tmp_path, capsys):
    declared, evaluated = clean("养老服务")[0], clean("助残服务")[1]
    write(tmp_path / "申报", "a.xlsx", declared)
    write(tmp_path / "自评", "b.xlsx", evaluated)
    assert main(["reconcile", str(tmp_path / "申报"), str(tmp_path / "自评")]) == 1
    said = capsys.readouterr().out
    assert "没有能核对的项目。另有 2 处" in said
    assert "没有发现错误" not in said


WRONG = [  # what was typed → what stderr says
    (["check", "没有.xlsx"], "找不到这个文件"),
    (["reconcile", "没有.xlsx", "也没有.xlsx"], "没有读到申报表"),
    (["check", "{declared}", "--profile", "火星"], "没有名为“火星”的计分规则"),
    (["check", "{declared}", "--profile", "没有.toml"], "计分规则文件打不开"),
    (["check", "{declared}", "--profile", "长" * 300], "没有名为"),
    (["check", "{declared}", "--templates", "长" * 300], "找不到模板文件夹"),
    (["check", "{declared}", "--report", "报告.pdf"], "应以 .xlsx 或 .html 结尾"),
    (["check", "{declared}", "--report", "{declared}"], "不能把报告存在它上面"),
    (["check", "{declared}", "--report", "{declared}", "--force"], "不能把报告存在它上面"),
    (["reconcile", "{declared}", "{declared}"], "没有读到自评表"),
    (["rules", "Q-99"], "没有编号为“Q-99”的规则"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=[" ".join(typed) for typed, _ in WRONG])
def test_a_wrong_call_is_a_sentence_and_exit_code_2(typed, said, pair, capsys):
    before = Path(pair[0]).read_bytes()
    assert main([word.format(declared=pair[0], evaluated=pair[1]) for word in typed]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert Path(pair[0]).read_bytes() == before


def test_two_files_are_a_pair_whatever_they_are_called(tmp_path):
    declared, evaluated = clean("甲项目")
    one = write(tmp_path, "一.xlsx", declared)
    other = write(tmp_path, "二.xlsx", replace(evaluated, project="甲项日"))
    review = review_pairs(pairs_in(one, other))
    assert [(found.code, found.level) for found in review.cases[0].findings if found.level == "error"] == [
        ("X-01", "error")
    ]


def test_folders_pair_by_project_year_and_unit(tmp_path, capsys):
    kept = [clean("养老服务"), clean("养老服务", 2022), clean("助残 服务")]
    for number, (declared, evaluated) in enumerate(kept):
        write(tmp_path / "申报", f"{number}.xlsx", declared)
        if number != 1:
            write(tmp_path / "自评", f"{9 - number}.xlsx", evaluated)
    write(tmp_path / "自评", "多余.xlsx", clean("助残服务中心")[1])
    (tmp_path / "自评" / "坏的.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (tmp_path / "自评" / "~$9.xlsx").write_bytes(b"lock")
    write(tmp_path / "申报", "又一份.xlsx", clean("助残 服务")[0])  # a copy
    review = review_pairs(pairs_in(tmp_path / "申报", tmp_path / "自评"))
    assert sorted((case.record.project, case.record.year) for case in review.cases) == [
        ("养老服务", 2021),
        ("助残 服务", 2021),
    ]
    assert sorted((one.code, one.level, one.subject) for one in review.loose) == [
        ("P-01", "warning", "养老服务"),
        ("P-01", "warning", "助残服务中心"),
        ("P-02", "error", "坏的.xlsx"),
        ("P-03", "info", "助残 服务"),
    ]
    assert main(["reconcile", str(tmp_path / "申报"), str(tmp_path / "自评")]) == 1  # a file could not be read
    said = capsys.readouterr().out
    assert said.startswith("计划：核对 2 个项目，另有 4 处文件的问题\n核对了 2 个项目：没有发现错误")
    assert "坏的.xlsx" in said


def test_a_project_not_looked_at_again_is_not_called_mended(tmp_path):
    kept = [clean("养老服务"), clean("助残服务")]
    for number, (declared, evaluated) in enumerate(kept):
        write(tmp_path / "申报", f"{number}.xlsx", declared)
        write(tmp_path / "自评", f"{number}.xlsx", replace(evaluated, actual_result=None))
    report = tmp_path / "报告.xlsx"
    command = ["reconcile", str(tmp_path / "申报"), str(tmp_path / "自评"), "--report", str(report)]
    main(command)
    (tmp_path / "自评" / "0.xlsx").write_bytes(b"PK")  # cannot be read this time
    write(tmp_path / "自评", "1.xlsx", kept[1][1])  # mended
    main(command)
    sheet = openpyxl.load_workbook(report)["核对结果"]
    header = next(row for row in sheet.iter_rows(values_only=True) if "标识（请勿改动）" in row)
    table = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(values_only=True)]
    blanks = {(row["项目"], row["状态"]) for row in table if row["规则"] == "E-35"}
    assert blanks == {("养老服务", "本次未核对"), ("助残服务", "已消除")}


def test_folders_below_and_other_formats_are_not_passed_over(tmp_path, capsys):
    write(tmp_path / "单位甲" / "二季度", "表.xlsx", clean("养老服务")[0])
    (tmp_path / "旧表.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert main(["check", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["project"] for one in told} == {"养老服务", None}
    assert [one["level"] for one in told if one["code"] == "P-02"] == ["warning"]


def test_a_report_in_the_folder_is_no_form(tmp_path, capsys):
    write(tmp_path, "表.xlsx", clean("养老服务")[0])
    main(["check", str(tmp_path), "--report", str(tmp_path / "核对结果.xlsx")])
    capsys.readouterr()
    main(["check", str(tmp_path), "--json"])
    assert "P-02" not in {one["code"] for one in json.loads(capsys.readouterr().out)}


def test_an_empty_side_is_named(tmp_path, capsys):
    (tmp_path / "空").mkdir()
    write(tmp_path / "自评", "表.xlsx", clean("养老服务")[1])
    assert main(["reconcile", str(tmp_path / "空"), str(tmp_path / "自评")]) == 2
    assert "空：没有读到申报表。" in capsys.readouterr().err


@pytest.mark.parametrize("twice", [("{0}", "{0}/表.xlsx"), ("{0}", "{0}"), ("{0}/../{1}/表.xlsx", "{0}/表.xlsx")])
def test_a_file_given_twice_is_one_file(tmp_path, capsys, twice):
    write(tmp_path, "表.xlsx", clean("养老服务")[0])
    (tmp_path / "旧.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    main(["check", *(path.format(tmp_path, tmp_path.name) for path in twice), "--json"])
    told = [one["code"] for one in json.loads(capsys.readouterr().out)]
    assert "P-03" not in told
    assert told.count("P-02") == (twice[0] == "{0}")


@pytest.fixture
def failing(monkeypatch):
    """failing(path): the drive tells nothing of it but an error."""

    def fail(bad, number=errno.EIO):
        def refused(genuine):
            def call(path=".", *more, **named):
                if str(path) == str(bad):
                    raise OSError(number, "failed", str(bad))
                return genuine(path, *more, **named)

            return call

        monkeypatch.setattr(Path, "stat", refused(Path.stat))
        monkeypatch.setattr(os, "scandir", refused(os.scandir))

    return fail


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_file_the_drive_fails_at_is_told_and_the_rest_checked(tmp_path, capsys, failing, number):
    write(tmp_path, "表.xlsx", clean("养老服务")[0])
    failing(write(tmp_path, "坏.xlsx", clean("助残服务")[0]), number)
    assert main(["check", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {one["project"] for one in told} == {"养老服务", None}
    assert [one["subject"] for one in told if (one["code"], one["level"]) == ("P-02", "error")] == ["坏.xlsx"]


def test_a_folder_that_cannot_be_opened_is_told(tmp_path, capsys, failing):
    write(tmp_path, "表.xlsx", clean("养老服务")[0])
    write(tmp_path / "单位甲", "表.xlsx", clean("助残服务")[0])
    failing(tmp_path / "单位甲")
    assert main(["check", str(tmp_path)]) == 1
    assert "单位甲：这个文件夹打不开" in capsys.readouterr().out


def test_a_path_too_long_is_told_and_the_rest_checked(pair, tmp_path, capsys):
    assert main(["check", pair[1], str(tmp_path / ("长" * 300 + ".xlsx")), "--json"]) == 1
    assert "P-02" in {one["code"] for one in json.loads(capsys.readouterr().out)}
    assert main(["reconcile", "长" * 300, pair[1]]) == 2
    assert "没有读到申报表" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "reconcile", "summary"])
def test_a_crash_while_reading_goes_into_the_log(pair, tmp_path, capsys, monkeypatch, command):
    def crash(path):
        raise ZeroDivisionError("bug in reading")

    monkeypatch.setattr("xladdin.review.reading.reading", crash)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    more = ["--out", str(tmp_path / "汇总.xlsx")] if command == "summary" else []
    assert main([command, *pair, *more]) == 2
    err = capsys.readouterr().err
    (log,) = (tmp_path / "state").rglob("*.log")
    assert "bug in reading" in log.read_text("utf-8")
    assert str(log) in err
    assert "申报 表.xlsx：读取时程序出错" in err


def two_folders(tmp_path: Path) -> tuple[str, str]:
    for project in ("养老服务", "助残服务"):
        declared, evaluated = clean(project)
        write(tmp_path / "申报", f"{project}.xlsx", declared)
        write(tmp_path / "自评", f"{project}.xlsx", evaluated)
    return str(tmp_path / "申报"), str(tmp_path / "自评")


@pytest.mark.parametrize("kind", ["unpaired", "damaged", "no form"])
def test_a_report_never_replaces_a_file_that_was_looked_at(tmp_path, capsys, kind):
    folders = two_folders(tmp_path)
    victim = write(tmp_path / "申报", "还没有自评.xlsx", clean("禁毒宣传")[0])
    if kind == "damaged":
        victim.write_bytes(victim.read_bytes()[:3000])
    elif kind == "no form":
        openpyxl.Workbook().save(victim)
    before = victim.read_bytes()
    command = ["reconcile", *folders, "--report", str(victim), "--force"]
    assert main([*command, "--dry-run"]) == 1
    assert f"{victim} 是要核对的表，要换名" in capsys.readouterr().out
    assert main(command) == 2
    assert "不能把报告存在它上面" in capsys.readouterr().err
    assert victim.read_bytes() == before


def test_force_keeps_the_file_it_replaces(pair, tmp_path, capsys):
    other = tmp_path / "通知.xlsx"
    openpyxl.Workbook().save(other)
    before = other.read_bytes()
    assert main(["reconcile", *pair, "--report", str(other), "--force"]) == 1
    (kept,) = (tmp_path / REPLACED).rglob("*.xlsx")
    assert kept.read_bytes() == before
    assert str(tmp_path / REPLACED) in capsys.readouterr().err
    assert main(["reconcile", *pair, "--report", str(other)]) == 1, "it is a report now"


def test_a_dry_run_as_json(tmp_path, capsys):
    folders = two_folders(tmp_path)
    assert main(["reconcile", *folders, "--dry-run", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)[0] == {
        "project": "养老服务", "year": 2021, "unit": DECLARED.unit,
        "declaration": str(tmp_path / "申报" / "养老服务.xlsx"), "evaluation": str(tmp_path / "自评" / "养老服务.xlsx"),
    }  # fmt: skip
    assert len(json.loads(out)) == 2
    assert "计划：核对 2 个项目" in err


def test_a_dry_run_stops_at_nothing_for_mere_notes(tmp_path, capsys):
    folders = two_folders(tmp_path)
    write(tmp_path / "申报", "又一份.xlsx", clean("助残服务")[0])
    openpyxl.Workbook().save(tmp_path / "申报" / "通知.xlsx")
    assert main(["reconcile", *folders, "--dry-run"]) == 0
    assert capsys.readouterr().out.count("提示") == 2
    write(tmp_path / "申报", "多一个.xlsx", clean("禁毒宣传")[0])
    assert main(["reconcile", *folders, "--dry-run"]) == 1


def test_a_dry_run_says_where_the_report_goes(tmp_path, capsys):
    folders, report = two_folders(tmp_path), tmp_path / "核对.xlsx"
    command = ["reconcile", *folders, "--report", str(report)]

    def plan(*more):
        code = main([*command, "--dry-run", *more])
        return code, capsys.readouterr().out.splitlines()[0].partition("个项目")[2]

    assert plan() == (0, f"，报告写在 {report}")
    openpyxl.Workbook().save(report)
    assert plan() == (1, f"；报告写不成：{report} 已有别的文件，要换名或加 --force")
    assert plan("--force") == (0, f"，报告替换 {report}，原文件留在旁边的“{REPLACED}”里")
    report.unlink()
    main(command)
    capsys.readouterr()
    assert plan() == (0, f"，接着填过的报告写：{report}")


def test_a_dry_run_does_not_take_a_bad_profile(tmp_path, capsys):
    assert main(["reconcile", *two_folders(tmp_path), "--dry-run", "--profile", "火星"]) == 2
    assert "没有名为“火星”的计分规则" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "level", "said", "checked"),
    [({}, "info", "内容相同，只取一份", 1), ({"annual_goal": "别的目标"}, "warning", "内容不同，请核对以哪份为准", 2)],
)
def test_check_tells_of_several_forms_of_one_project(tmp_path, capsys, change, level, said, checked):
    declared = clean("养老服务")[0]
    write(tmp_path, "一稿.xlsx", declared)
    write(tmp_path, "二稿.xlsx", replace(declared, **change))
    main(["check", str(tmp_path), "--json"])
    (told,) = [one for one in json.loads(capsys.readouterr().out) if one["code"] == "P-03"]
    assert (told["level"], told["message"].partition("，")[2]) == (level, said)
    assert "一稿.xlsx、二稿.xlsx" in told["message"]
    main(["check", str(tmp_path)])
    shown = capsys.readouterr().out
    assert ("核对了 2 个项目" in shown) is (checked > 1)
    assert ("养老服务（二稿.xlsx）" in shown) is (checked > 1)


def test_rules_prints_the_handbook(capsys):
    assert main(["rules"]) == 0
    assert "X-09" in (said := capsys.readouterr().out)
    assert "E-30" in said
    assert main(["rules", "x-09"]) == 0
    assert "目标值被下调" in capsys.readouterr().out
    assert main(["rules", "--json"]) == 0
    assert {"code", "title", "basis", "says"} <= json.loads(capsys.readouterr().out)[0].keys()


RULES = [  # words after `rules` → what is said
    (["e-08"], "1.2 倍提醒"),
    (["e-08", "--profile", "广西"], "实际完成超计划较大"),
    (["d-c3", "--year", "2021"], "做多少、做得怎样"),
    (["d-c3", "--year", "2024"], "〔2021〕101号"),
    (["--profile", "湖北"], "按湖北的规则"),
]


@pytest.mark.parametrize(("words", "said"), RULES)
def test_the_handbook_is_that_of_the_profile(words, said, capsys):
    assert main(["rules", *words]) == 0
    assert said in capsys.readouterr().out


def test_a_rule_of_elsewhere_says_so(monkeypatch, capsys):
    (first, *_) = handbook.rules_for("declaration")
    elsewhere = replace(first, profiles=("广西",))
    monkeypatch.setattr(handbook, "rules_for", lambda subject: (elsewhere,) if subject == "declaration" else ())
    assert main(["rules", first.code]) == 2
    assert "不用于这里的表（上海，" in capsys.readouterr().err
    assert main(["rules", first.code, "--profile", "广西"]) == 0


def test_a_report_holds_the_reasons_of_the_rules_it_was_judged_by(pair, tmp_path, capsys):
    path = tmp_path / "报告.xlsx"
    main(["check", pair[1], "--profile", "广西", "--report", str(path)])
    sheet = openpyxl.load_workbook(path)["规则手册"]
    texts = [str(cell) for row in sheet.values for cell in row if cell]
    assert any("（广西，" in text for text in texts)
    assert any("实际完成超计划较大" in text for text in texts) and not any("1.2 倍提醒" in text for text in texts)


@pytest.mark.parametrize("suffix", [".xlsx", ".html"])
def test_report_beside_the_findings(pair, tmp_path, suffix, capsys):
    path = tmp_path / f"报告{suffix}"
    assert main(["reconcile", *pair, "--report", str(path)]) == 1
    assert f"报告：{path}" in capsys.readouterr().out
    assert path.stat().st_size > 1000
