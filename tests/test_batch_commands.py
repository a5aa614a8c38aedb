"""fill, evaluate, reconcile and summary as a clerk types them: the plan first, a second run, force, dry runs, JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin.batch.journal import NAME
from xladdin.cli.demo import example
from xladdin.files import REPLACED
from xladdin.ledger import write_ledger

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
PROJECTS = ("甲", "乙", "丙")


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def ledger_of(folder: Path, *projects: str, **changes) -> Path:
    path = folder / "台账.xlsx"
    write_ledger(path, [replace(DECLARED, project=name, **changes) for name in projects], replace=True)
    return path


def form(project: str, name: str = "绩效目标申报表") -> str:
    return f"2021 {project} {name}.xlsx"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.xlsx"))


def test_the_plan_comes_first_and_a_dry_run_stops_there(run, tmp_path):
    ledger, out = ledger_of(tmp_path, *PROJECTS), tmp_path / "结果"
    code, said, wrong = run("fill", ledger, "--out", out, "--dry-run")
    assert (code, wrong) == (0, "")
    assert said == f"计划：3 张表（2021申报表 3），放在 {out}\n　新建 3\n"
    assert not out.exists()
    code, said, wrong = run("fill", ledger, "--out", out)
    assert said.startswith(f"计划：3 张表（2021申报表 3），放在 {out}\n　新建 3\n")
    assert said.endswith(f"写好 3 个工作簿，在 {out}\n")


def test_a_file_has_one_year_in_its_name(run, tmp_path):
    run("fill", ledger_of(tmp_path, "2021年度补助", "2020年结转", "甲"), "--out", tmp_path / "结果")
    assert names(tmp_path / "结果") == [
        form("2020年结转"),
        form("甲"),
        "2021年度补助 绩效目标申报表.xlsx",
    ]


def test_a_project_of_several_forms_is_named_once(run, tmp_path):
    path = tmp_path / "台账.xlsx"
    money = replace(DECLARED, project="甲", money_unit="万元")
    write_ledger(path, [money, xladdin.self_evaluation(money)], replace=True)
    _, said, _ = run("fill", path, "--out", tmp_path / "结果")
    assert "金额由万元换算为元：2 个（甲）\n" in said


def test_what_stands_in_the_way_is_told_before_and_after(run, tmp_path):
    out = tmp_path / "结果"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", out)
    (out / form("甲")).write_bytes(b"mine")
    ledger = ledger_of(tmp_path, *PROJECTS, department="另一部门")
    (out / form("乙")).unlink()
    code, said, wrong = run("fill", ledger, "--out", out, "--dry-run")
    assert code == 1
    assert "新建 1；内容改过或程序更新过，重新生成 1；内容改过，但表也有人改过，不覆盖 1" in said
    assert f"{form('甲')}：内容改过，而这个文件也有人改过，没有覆盖" in wrong
    code, said, wrong = run("fill", ledger, "--out", out)
    assert code == 1
    assert "没有填成“甲”" in wrong
    assert "写好 2 个工作簿" in said
    assert (out / form("甲")).read_bytes() == b"mine"
    code, said, _ = run("fill", ledger, "--out", out, "--force", "--dry-run")
    assert code == 0
    assert f"--force 将替换下列文件，原文件留在 {out / REPLACED}：\n　　{form('甲')}\n" in said
    assert (out / form("甲")).read_bytes() == b"mine"
    assert run("fill", ledger, "--out", out, "--force")[0] == 0
    (kept,) = (out / REPLACED).rglob("*.xlsx")
    assert kept.read_bytes() == b"mine"
    assert xladdin.read(out / form("甲"))[0].department == "另一部门"


def test_a_project_taken_out_of_the_ledger_is_told_not_deleted(run, tmp_path):
    out = tmp_path / "结果"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", out)
    _, said, _ = run("fill", ledger_of(tmp_path, "甲", "乙"), "--out", out)
    assert f"以前在这里生成、这次没有的（项目删了、改名或换了表式），请核对要不要留：{form('丙')}" in said
    assert form("丙") in names(out)
    _, said, _ = run("fill", ledger_of(tmp_path, "甲", "乙"), "--out", out, "--project", "甲")
    assert "以前在这里生成" not in said, "a part of the ledger says nothing of the rest"


def test_files_of_a_colleague_s_ledger_are_not_called_left_over(run, tmp_path):
    out, other = tmp_path / "结果", tmp_path / "同事"
    other.mkdir()
    run("fill", ledger_of(other, "甲"), "--out", out)
    assert "请核对要不要留" not in run("fill", ledger_of(tmp_path, "乙", "丙"), "--out", out)[1]
    _, said, _ = run("fill", ledger_of(tmp_path, "乙"), "--out", out)
    assert f"请核对要不要留：{form('丙')}\n" in said
    (other / "台账.xlsx").unlink()
    assert f"请核对要不要留：{form('甲')}、{form('丙')}\n" in run("fill", tmp_path / "台账.xlsx", "--out", out)[1]


def test_what_has_no_place_is_told_once(run, tmp_path):
    _, _, wrong = run("fill", ledger_of(tmp_path, *PROJECTS, nature="其他"), "--out", tmp_path / "结果")
    told = "2021申报表上没有放 项目性质 的地方，这些内容没有写入：甲、乙、丙\n"
    assert wrong == told
    assert told in run("fill", tmp_path / "台账.xlsx", "--out", tmp_path / "一册", "--one-book")[2]


def test_json_tells_the_state_of_every_file(run, tmp_path):
    ledger, out = ledger_of(tmp_path, *PROJECTS), tmp_path / "结果"
    code, said, wrong = run("fill", ledger, "--out", out, "--json", "--dry-run")
    assert [(one["state"], one["written"], one["file"]) for one in json.loads(said)] == [
        ("new", False, str(out / form(name))) for name in PROJECTS
    ]
    assert "计划：3 张表" in wrong
    run("fill", ledger, "--out", out)
    (out / form("甲")).write_bytes(b"mine")
    told = json.loads(run("fill", ledger, "--out", out, "--json")[1])
    assert [one["state"] for one in told] == ["edited", "same", "same"]
    assert {one["file"] for one in told} == {str(out / form(name)) for name in PROJECTS}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_self_evaluations_that_were_filled_in_are_left(run, tmp_path, workers):
    declared, out = tmp_path / "申报", tmp_path / "自评"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", declared)
    code, said, _ = run("evaluate", declared, "--out", out, "--workers", workers)
    assert code == 0
    assert names(out) == sorted(form(name, "绩效自评表") for name in PROJECTS)
    filled = out / form("甲", "绩效自评表")
    book = openpyxl.load_workbook(filled)
    book.active["A1"] = "填过了"
    book.save(filled)
    data = filled.read_bytes()
    code, said, wrong = run("evaluate", declared, "--out", out, "--workers", workers)
    assert (code, wrong) == (0, "")
    assert f"有人填写或改过：{filled.name}" in said
    assert "写好 0 个工作簿" in said and "3 个不用动" in said
    run("fill", ledger_of(tmp_path, *PROJECTS, department="另一部门"), "--out", declared)
    code, said, wrong = run("evaluate", declared, "--out", out, "--workers", workers)
    assert code == 1
    assert "没有填成“甲”" in wrong and "写好 2 个工作簿" in said
    assert filled.read_bytes() == data


def test_a_damaged_declaration_costs_only_itself(run, tmp_path):
    declared, out = tmp_path / "申报", tmp_path / "自评"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", declared)
    (declared / form("甲")).write_bytes((declared / form("甲")).read_bytes()[:2000])
    code, _, wrong = run("evaluate", declared, "--out", out, "--workers", "2")
    assert code == 1
    assert form("甲") in wrong
    assert len(names(out)) == 2
    line = json.loads((out / NAME).read_text("utf-8").splitlines()[-1])
    assert line["from"].endswith(".xlsx") and len(line["from_sha256"]) == 64


def test_one_book_again(run, tmp_path):
    ledger, out = ledger_of(tmp_path, *PROJECTS), tmp_path / "结果"
    one = ("fill", ledger, "--out", out, "--one-book")
    assert run(*one, "--dry-run")[0] == 0
    assert not out.exists()
    assert run(*one)[0] == 0
    assert "已是最新" in run(*one)[1]
    (book,) = out.glob("*.xlsx")
    book.write_bytes(b"mine")
    ledger_of(tmp_path, *PROJECTS[:2])
    code, _, wrong = run(*one)
    assert code == 2
    assert "没有覆盖" in wrong
    assert book.read_bytes() == b"mine"
    assert run(*one, "--force")[0] == 0
    assert len(xladdin.read(book)) == 2


def test_folders_tell_how_they_pair_before_they_are_reconciled(run, tmp_path):
    declared, evaluated, report = tmp_path / "申报", tmp_path / "自评", tmp_path / "核对.xlsx"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", declared)
    run("evaluate", declared, "--out", evaluated)
    (evaluated / form("丙", "绩效自评表")).unlink()
    code, said, _ = run("reconcile", declared, evaluated, "--report", report, "--dry-run")
    assert code == 1, "one has no counterpart"
    assert said.startswith(f"计划：核对 2 个项目，另有 1 处文件的问题，报告写在 {report}\n")
    assert f"2021 甲：{form('甲')} ↔ {form('甲', '绩效自评表')}" in said
    assert "丙" in said
    assert not report.exists()
    _, one, _ = run("reconcile", declared, evaluated, "--report", report)
    _, two, _ = run("reconcile", declared, evaluated, "--report", report, "--workers", "2")
    assert f"，接着填过的报告写：{report}\n" in two
    assert one.splitlines()[1:] == two.splitlines()[1:]


def test_check_with_workers_says_the_same(run, tmp_path):
    declared = tmp_path / "申报"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", declared)
    assert run("check", declared, "--json") == run("check", declared, "--json", "--workers", "2")


def test_summary(run, tmp_path):
    declared, evaluated, out = tmp_path / "申报", tmp_path / "自评", tmp_path / "汇总.xlsx"
    run("fill", ledger_of(tmp_path, *PROJECTS), "--out", declared)
    run("evaluate", declared, "--out", evaluated)
    (declared / "坏的.xlsx").write_bytes(b"not a workbook")
    code, said, wrong = run("summary", declared, evaluated, "--out", out, "--workers", "2")
    assert code == 1
    assert "申报表 3 张、自评表 3 张" in said and said.endswith(f"汇总：{out}\n")
    assert "坏的.xlsx" in wrong
    assert openpyxl.load_workbook(out)["自评情况"].max_row > 3
    out.write_bytes(out.read_bytes() + b" ")
    assert run("summary", declared, "--out", out)[0] == 2, "somebody worked on it"
    assert run("summary", declared, "--out", out, "--force")[0] == 1
    assert run("summary", out, "--out", tmp_path / "再.xlsx")[0] == 2, "a summary is no form"
    assert run("summary", declared, "--out", tmp_path / "再.pdf")[0] == 2


def test_what_cannot_be_filled_is_told_by_the_plan(run, tmp_path):
    path = tmp_path / "a.json"
    records = [replace(DECLARED, project="甲", form="2099申报表"), replace(DECLARED, project="乙")]
    path.write_text(json.dumps([record.to_dict() for record in records]), "utf-8")
    for more in (["--dry-run"], []):
        code, _, wrong = run("fill", path, "--out", tmp_path / "结果", *more)
        assert code == 1
        assert "没有名为“2099申报表”的表式" in wrong


def test_counts_after_force(run, tmp_path):
    ledger, out = ledger_of(tmp_path, *PROJECTS), tmp_path / "结果"
    run("fill", ledger, "--out", out)
    (out / form("甲")).write_bytes(b"mine")
    _, said, _ = run("fill", ledger, "--out", out, "--force")
    assert f"写好 1 个工作簿，在 {out}；2 个不用动\n被替换的原文件在 {out / REPLACED}" in said
    (out / form("甲")).write_bytes(b"mine again")
    told = json.loads(run("fill", ledger, "--out", out, "--force", "--json")[1])
    assert Path(told[0]["kept"]).read_bytes() == b"mine again"
    assert [one["kept"] for one in told[1:]] == [None, None]


def test_one_book_in_the_way(run, tmp_path):
    ledger, out = ledger_of(tmp_path, *PROJECTS), tmp_path / "结果"
    out.mkdir()
    book = out / "绩效表汇总.xlsx"
    book.write_bytes(b"mine")
    one = ("fill", ledger, "--out", out, "--one-book")
    code, said, wrong = run(*one, "--dry-run", "--json")
    assert (code, json.loads(said)[0]["state"]) == (1, "foreign")
    assert "没有覆盖" in wrong
    assert run(*one)[0] == 2
    code, said, _ = run(*one, "--force")
    assert code == 0
    assert "--force 将替换它" in said and f"原文件在 {out / REPLACED}" in said
    _, said, _ = run("fill", ledger, "--out", out)
    assert "以前在这里生成" not in said, "the book is not a project's file"


def test_a_disk_that_is_full_is_told_once(run, tmp_path, monkeypatch):
    import errno

    from xladdin.workbook import saving

    def full(path, data, durable):
        raise OSError(errno.ENOSPC, "No space left on device")

    ledger = ledger_of(tmp_path, *(f"项目{number}" for number in range(30)))
    monkeypatch.setattr(saving, "_write", full)
    code, _, wrong = run("fill", ledger, "--out", tmp_path / "结果")
    assert code == 2
    assert wrong.count("磁盘已满") == 1
    assert "没有填成 30 个" in wrong


@pytest.mark.parametrize("name", ["长" * 300, "a" * 300])
def test_a_path_too_long_is_a_sentence(run, tmp_path, name):
    code, _, wrong = run("fill", ledger_of(tmp_path, "甲"), "--out", tmp_path / name)
    assert code == 2
    assert "路径太长" in wrong
