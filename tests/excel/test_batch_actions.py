"""批量生成, 继续上次, 结果文件夹: a ledger into workbooks, and on from where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import xladdin
from xladdin.batch.journal import NAME
from xladdin.cli.main import main
from xladdin.errors import LedgerError, NotAForm, XladdinError
from xladdin.excel import host
from xladdin.excel.actions import batch as batch_actions
from xladdin.excel.actions import summary as summary_actions
from xladdin.ledger import write_ledger
from xladdin.progress import Stopped

from .pressing import contents, ledger_of, names

PROJECTS = ("甲 =1", "乙/二", "丙")


@pytest.fixture
def ledger(desk):
    """Three small projects."""
    return desk.open(ledger_of(*PROJECTS), "2021 台账.xlsx")


@pytest.fixture
def out(desk) -> Path:
    return desk.folder / "2021 台账 结果"


def form(project: str) -> str:
    return f"2021 {project} 绩效目标申报表.xlsx"


def test_ledger_as_it_stands_becomes_workbooks(desk, ledger, out):
    ledger.sheets["项目"]["C2"].value = "甲改"
    ledger.sheets["指标"]["B2:B3"].value = [["甲改"], ["甲改"]]
    before = contents(ledger)
    assert batch_actions.fill_from_ledger(ledger) == f"生成 3 个工作簿，在 {out}。"
    assert names(out) == sorted(map(form, ("甲改", "乙_二", "丙")))
    assert [record.project for record in xladdin.read(out / form("甲改"))] == ["甲改"]
    assert contents(ledger) == before
    assert desk.app.impl.statuses[0].startswith("批量生成")


def test_again_does_only_what_is_missing_and_leaves_what_was_edited(ledger, out):
    batch_actions.fill_from_ledger(ledger)
    (out / form("丙")).write_bytes(b"mine")
    (out / form("乙_二")).unlink()
    message = batch_actions.fill_from_ledger(ledger)
    assert "生成 1 个工作簿" in message
    assert "1 个已是最新，不用动" in message
    assert "1 个有人填写或改过，不动" in message
    assert (out / form("丙")).read_bytes() == b"mine"
    ledger.sheets["项目"]["F2:F4"].value = [["另一部门"]] * 3
    message = batch_actions.fill_from_ledger(ledger)
    assert "生成 2 个工作簿" in message
    assert "丙：" in message
    assert "有人改过，没有覆盖" in message and "请先移走" in message
    assert "--" not in message, "nothing of the command line's"
    assert (out / form("丙")).read_bytes() == b"mine"


def test_mistakes_are_told_with_their_cells_and_stop_nobody_else(ledger, out):
    ledger.sheets["项目"]["A2"].value = "今年"
    ledger.sheets["项目"]["K3"].value = "很多"
    message = batch_actions.fill_from_ledger(ledger)
    assert names(out) == [form("丙")]
    assert "生成 1 个工作簿" in message and "台账有 2 处要改" in message
    assert "“甲 =1”没有填：项目!A2 年度“今年”不是四位年份" in message and "项目!K3 " in message


def test_project_that_cannot_be_filled_stops_nobody_else(ledger, out, monkeypatch):
    from xladdin.form import filling

    genuine = filling.fill_telling

    def fill_telling(record, form, rules):
        if record.project == "乙/二":
            raise ZeroDivisionError
        return genuine(record, form, rules)

    monkeypatch.setattr(filling, "fill_telling", fill_telling)
    message = batch_actions.fill_from_ledger(ledger)
    assert len(names(out)) == 2
    assert "1 个项目没有生成" in message and "乙/二：填写时程序出错" in message and "发给维护者" in message
    assert "Traceback" not in message


def test_nothing_but_mistakes_many_of_them(ledger, out):
    ledger.sheets["项目"]["A2:A4"].value = [["一"], ["二"], ["三"]]
    ledger.sheets["指标"]["F2:F7"].value = [[None]] * 6
    message = batch_actions.fill_from_ledger(ledger)
    assert (
        message.startswith("没有生成新的工作簿。\n")
        and "台账有 9 处要改" in message
        and "有 3 处要改：项目!A2 " in message
    )
    assert names(out) == [], "three lines, a project each, fit into the message"


def test_more_mistakes_than_a_message_holds_are_listed_beside_it(ledger, out):
    ledger.sheets["资金执行"]["A2:C9"].value = [[2021, f"没有的项目{n * 7919}", "年度资金总额"] for n in range(8)]
    message = batch_actions.fill_from_ledger(ledger)
    batch_actions.fill_from_ledger(ledger)
    assert {"台账要改的地方 (2).txt", "台账要改的地方.txt"} <= set(names(out))
    listed = (out / "台账要改的地方.txt").read_text(encoding="utf-8-sig")
    assert str(out / "台账要改的地方.txt") in message and "等共 8 处" in message
    assert len(listed.splitlines()) == 8 and "资金执行!B9：" in listed


def test_empty_ledger_and_no_ledger(desk):
    assert "还没有项目" in batch_actions.fill_from_ledger(desk.open(write_ledger(None), "台账.xlsx"))
    with pytest.raises(LedgerError, match="不是台账.*打开台账"):
        batch_actions.fill_from_ledger(desk.app.books.add())


def test_esc_stops_between_projects_and_resume_goes_on(desk, ledger, out, monkeypatch):
    asked = iter([False, False, True])  # before it begins, after the first, after the second
    monkeypatch.setattr(host, "stop_asked", lambda app: next(asked))
    (said,) = desk.press("batch")
    assert "停下了，还有 1 个没有做" in said and "继续上次" in said
    assert len(names(out)) == 2
    monkeypatch.setattr(host, "stop_asked", lambda app: False)
    desk.app.books.add().activate()
    (said,) = desk.press("resume")
    assert "生成 1 个工作簿" in said and "2 个已是最新" in said
    assert len(names(out)) == 3


@pytest.mark.parametrize("closed", [False, True], ids=["ledger open, unsaved change", "ledger closed"])
def test_resume_reads_the_ledger_as_it_stands(desk, ledger, out, closed):
    desk.press("batch")
    other = desk.app.books.add()
    ledger.sheets["项目"]["F2"].value = "另一部门"
    if closed:
        ledger.save()
        ledger.close()
    other.activate()
    (said,) = desk.press("resume")
    assert "生成 1 个工作簿" in said and "2 个已是最新" in said
    changed = [
        xladdin.read(out / name)[0].project
        for name in names(out)
        if xladdin.read(out / name)[0].department == "另一部门"
    ]
    assert changed == [PROJECTS[0]]


def test_resume_without_anything_to_go_on_with(desk, ledger, out):
    assert "没有可以接着做的" in desk.press("resume")[0]
    desk.press("batch")
    ledger.close()
    (desk.folder / "2021 台账.xlsx").rename(desk.folder / "改名.xlsx")
    desk.app.books.add()
    (said,) = desk.press("resume")
    assert "上次的台账找不到了" in said
    began = json.loads((out / NAME).read_text("utf-8").splitlines()[0])
    (out / NAME).write_text(json.dumps(began | {"options": {"year": 2021}}) + "\n", "utf-8")
    assert "命令行" in desk.press("resume")[0]


def test_summary_of_a_folder_without_workbooks(desk, ledger, out):
    out.mkdir()
    with pytest.raises(NotAForm, match="没有工作簿或文档，没有汇总"):
        summary_actions.summarise_folder(ledger)


def test_summary_of_results_and_esc(desk, ledger, out, monkeypatch):
    batch_actions.fill_from_ledger(ledger)
    monkeypatch.setattr(host, "stop_asked", lambda app: True)
    with pytest.raises(Stopped):
        summary_actions.summarise_folder(ledger)
    assert names(out) == sorted(map(form, ("甲 _1", "乙_二", "丙")))
    monkeypatch.setattr(host, "stop_asked", lambda app: False)
    assert f"已汇总并打开，存在 {desk.folder / '汇总.xlsx'}" in summary_actions.summarise_folder(ledger)


def test_results_folder(desk, ledger, out):
    shown = []
    assert "还没有结果文件夹" in batch_actions.open_results(ledger, shown.append)
    batch_actions.fill_from_ledger(ledger)
    assert batch_actions.open_results(ledger, shown.append) is None
    assert batch_actions.open_results(desk.app.books.add(), shown.append) is None, "of the last batch"
    assert shown == [out, out]

    def broken(folder):
        raise OSError

    with pytest.raises(XladdinError, match="文件夹没有打开"):
        batch_actions.open_results(ledger, broken)


def test_resume_goes_on_where_the_command_line_put_its_files(desk, ledger):
    other = desk.home / "别处"
    assert main(["fill", ledger.fullname, "--out", str(other)]) == 0
    (said,) = desk.press("resume")
    assert "3 个已是最新" in said and str(other) not in names(desk.folder)
    (other / form("丙")).unlink()
    (said,) = desk.press("resume")
    assert f"生成 1 个工作簿，在 {other}" in said
    assert not (desk.folder / "2021 台账 结果").exists()


def test_files_of_projects_no_longer_in_the_ledger_are_told(desk, ledger, out):
    desk.press("batch")
    ledger.sheets["项目"]["C4"].value = "丙改"
    ledger.sheets["指标"]["B6:B7"].value = [["丙改"], ["丙改"]]
    (said,) = desk.press("batch")
    assert f"台账里已没有的 1 个文件还在，请核对要不要留：{form('丙')}" in said
