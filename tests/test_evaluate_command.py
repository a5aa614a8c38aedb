"""evaluate as a clerk types it: copies, files and cells that cannot be read, declarations that cannot be rolled on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.errors import UnknownForm

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
LEFT = "以前在这里生成、这次没有的"


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three declarations in a folder."""
    (tmp_path / "申报").mkdir()
    for project in "甲乙丙":
        put(tmp_path / "申报" / f"{project}.xlsx", project=project)
    return tmp_path / "申报"


@pytest.fixture
def evaluate(tmp_path, capsys):
    """evaluate(paths…) -> exit code, names of the self-evaluations there are, everything said."""

    def call(*arguments):
        code = main(["evaluate", *map(str, arguments), "--out", str(tmp_path / "自评")])
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said
        return code, sorted(path.name for path in (tmp_path / "自评").glob("*.xlsx")), said

    return call


def put(path: Path, **changes) -> Path:
    path.write_bytes(xladdin.fill(replace(DECLARED, **changes)))
    return path


def names(projects: str) -> list[str]:
    return sorted(f"2021 {project} 绩效自评表.xlsx" for project in projects)


def test_self_evaluations_are_told_for_what_they_are(evaluate, folder, tmp_path):
    evaluate(folder)
    code, _, said = evaluate(tmp_path / "自评")
    assert (code, "没有读到一张申报表，读到的 3 张都是自评表。请选择申报表" in said) == (2, True)


def test_equal_copies_count_once(evaluate, folder):
    (folder / "甲 - 副本.xlsx").write_bytes((folder / "甲.xlsx").read_bytes())
    code, made, said = evaluate(folder, folder)
    assert (code, made) == (0, names("甲乙丙"))
    assert "提示  “甲”（2021）有 2 张同类的表" in said and "只取一份" in said


def test_all_in_one_book_beside_the_single_workbooks(evaluate, folder, tmp_path):
    from xladdin.ledger import write_ledger

    write_ledger(tmp_path / "台账.xlsx", [replace(DECLARED, project=project) for project in "甲乙丙"])
    assert main(["fill", str(tmp_path / "台账.xlsx"), "--out", str(folder), "--one-book"]) == 0
    code, made, said = evaluate(folder)
    assert (code, made) == (0, names("甲乙丙"))
    assert said.count("只取一份") == 3


def test_copies_that_differ_are_refused(evaluate, folder):
    put(folder / "甲 改.xlsx", project="甲", annual_goal="另一个目标")
    code, made, said = evaluate(folder)
    assert (code, made) == (1, names("乙丙"))
    assert "甲 改.xlsx、甲.xlsx" in said and "不知以哪份为准，都没有采用" in said


@pytest.mark.parametrize("suffix", [".xls", ".et"])
def test_other_formats_are_told(evaluate, folder, suffix):
    (folder / f"旧表{suffix}").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    code, made, said = evaluate(folder)
    assert (code, made) == (1, names("甲乙丙"))
    assert f"旧表{suffix}：这是旧版 .xls 格式" in said


@pytest.mark.parametrize("bad", ["甲", "甲乙丙"])
def test_a_crash_names_its_file_and_goes_into_the_log(evaluate, folder, tmp_path, monkeypatch, bad):
    def reading(path):
        if path.stem in bad:
            raise ZeroDivisionError("bug in reading")
        return xladdin.reading(path)

    monkeypatch.setattr("xladdin.review.reading.reading", reading)
    code, made, said = evaluate(folder)
    assert made == names(set("甲乙丙") - set(bad))
    assert code == (1 if made else 2)
    assert ".xlsx：读取时程序出错（ZeroDivisionError）" in said
    (log,) = (tmp_path / "state").rglob("*.log")
    assert log.read_text("utf-8").count("bug in reading") >= len(bad)
    assert str(log) in said


@pytest.mark.parametrize("bad", ["甲", "甲乙丙"])
def test_one_that_cannot_be_rolled_on_costs_only_itself(evaluate, folder, monkeypatch, bad):
    genuine = xladdin.self_evaluation

    def refusing(record, form=None):
        if record.project in bad:
            raise UnknownForm("没有名为“2099自评表”的表", advice="请检查模板")
        return genuine(record, form)

    monkeypatch.setattr("xladdin.api.self_evaluation", refusing)
    code, made, said = evaluate(folder)
    assert made == names(set("甲乙丙") - set(bad))
    assert code == (1 if made else 2)
    assert "没有生成“甲”的自评表（甲.xlsx）：没有名为“2099自评表”的表。请检查模板" in said


def test_cells_not_understood_are_no_success(evaluate, folder):
    spot = xladdin.read(folder / "甲.xlsx")[0].source.cells["funds.annual_total"]
    book = openpyxl.load_workbook(folder / "甲.xlsx")
    book[spot.sheet][spot.cell] = "大约一百万"
    book.save(folder / "甲.xlsx")
    code, made, said = evaluate(folder)
    assert (code, made) == (1, names("甲乙丙"))
    assert "“大约一百万”看不懂" in said


def test_only_who_saw_all_says_what_is_gone(evaluate, folder):
    evaluate(folder)
    assert LEFT not in evaluate(folder / "甲.xlsx")[2]
    assert LEFT not in evaluate(folder, folder / "甲.xlsx")[2]
    whole = (folder / "丙.xlsx").read_bytes()
    (folder / "丙.xlsx").write_bytes(whole[:2000])
    assert LEFT not in evaluate(folder)[2]
    (folder / "丙.xlsx").unlink()
    assert LEFT in evaluate(folder)[2]


def test_a_file_without_a_declaration_is_told(evaluate, folder, tmp_path):
    other = tmp_path / "自评表.xlsx"
    other.write_bytes(xladdin.fill(xladdin.self_evaluation(DECLARED)))
    code, made, said = evaluate(folder, other)
    assert (code, made) == (1, names("甲乙丙"))
    assert "自评表.xlsx：里面没有申报表，已跳过" in said


def test_self_evaluations_given_for_declarations_are_named(evaluate, tmp_path):
    given = tmp_path / "自评给错了.xlsx"
    given.write_bytes(xladdin.fill(xladdin.self_evaluation(DECLARED)))
    code, made, said = evaluate(given)
    assert (code, made) == (2, [])
    assert "自评给错了.xlsx：里面没有申报表" in said
