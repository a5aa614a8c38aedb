"""Projects carried over into the next year where several files tell of one."""

from __future__ import annotations

from dataclasses import replace

import xladdin
from tests.intake_cases import DECLARED, answer, form_file, sheets

from .test_intake import record_in


def test_two_declarations_that_disagree_are_asked_before_they_are_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    changed = replace(DECLARED, indicators=(replace(DECLARED.indicators[0], target="=80场"), *DECLARED.indicators[1:]))
    files = [form_file(tmp_path, one, f"{name}.xlsx") for name, one in (("甲", DECLARED), ("乙", changed))]
    code, out, _ = run("import", *files, "--ledger", path, "--next-year")
    assert code == 1 and "还有待核的，没有结转" in out and "结转成" not in out
    ((row),) = sheets(path)["待核"]
    assert row["读到的"] == "=80场" and DECLARED.indicators[0].target in row["原因"]
    answer(path, lambda row: "=80场")
    assert run("import", *files, "--ledger", path, "--next-year")[0] == 0
    assert record_in(path, year=2025).indicators[0].target == "=80场"


def test_two_declarations_in_forms_of_their_own_are_told(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    other = next(one.name for one in xladdin.forms() if one.kind == "declaration" and one.name != DECLARED.form)
    goal = "另一份申报里写的目标。"
    files = [form_file(tmp_path, DECLARED, "甲.xlsx")]
    files += [form_file(tmp_path, replace(DECLARED, form=other, annual_goal=goal), "乙.xlsx")]
    code, out, _ = run("import", *files, "--ledger", path, "--next-year")
    assert code == 1 and "内容不同的表" in out and "结转成" not in out


def test_what_a_second_declaration_adds_is_carried_over(tmp_path, run):
    path = tmp_path / "台账.xlsx"
    files = [
        form_file(tmp_path, replace(DECLARED, annual_goal=None), "甲.xlsx"),
        form_file(tmp_path, DECLARED, "乙.xlsx"),
    ]
    assert run("import", *files, "--ledger", path, "--next-year")[0] == 0
    assert record_in(path, year=2025).annual_goal == DECLARED.annual_goal
