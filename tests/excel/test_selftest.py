"""全面自检 in LibreOffice: what differs there by its nature is named; all else is as in Excel, and all is put back."""

from __future__ import annotations

import pytest

from xladdin.excel.addin.commands import find
from xladdin.excel.selftest import run
from xladdin.excel.selftest.probe import NOT_HERE, Probe, told
from xladdin.log import state_folder

from .pressing import DECLARED, is_plain

pytest_plugins = ("tests.calc.fixtures",)

DIFFERENT = {  # what the engine over LibreOffice shows otherwise, and why
    "主题颜色的格子涂色再还原": "no colours of the theme behind .api",
    "在别人的批注后添话再去掉": "no TextFrame of a note's box",
    "数组公式看得出来": "braces around the formula",
    "下拉选项": "an = before the list",
    "清空里面的表格": "no ListObjects",
    "页面设置": "no PrintArea of a PageSetup",
    "选文件的窗口等成员": "no dialogs, no WorksheetFunction",
    "表式的标识读得到": "no CustomDocumentProperties",
}
NOTHING_TO_TRY = {"线程批注看得出来", "图表工作表在最前面", "有图表工作表时加一张表", "Esc 键的开关", "打开时不运行宏"}


@pytest.fixture(scope="module")
def results(living):
    living.ready()
    return {result.name: result for result in run.try_all(living.app, run.PROBES)}


def test_every_probe_is_as_expected_but_for_those_named(results):
    assert len(results) == len(run.PROBES), "every name once"
    assert {name: result.seen for name, result in results.items() if result.ok is False}.keys() == DIFFERENT.keys()
    assert {name for name, result in results.items() if result.seen == NOT_HERE} == NOTHING_TO_TRY
    assert [name for name, result in results.items() if result.ok is None and result.seen != NOT_HERE] == ["快慢"]


def broken(bench):
    bench.sheet()["A1"].value = 1
    raise ZeroDivisionError("坏了")


def hostile(bench):
    """Leaves the settings changed, a sheet protected, and the scratch workbook closed."""
    bench.app.display_alerts = False
    bench.sheet().api.Protect("密")
    bench.book.close()
    return "关了"


def test_one_probe_costs_neither_the_others_nor_the_clerk(desk):
    book = desk.open(DECLARED)
    before, state, alerts = desk.looks(), desk.state(), desk.app.display_alerts
    probes = [
        Probe("坏", "好", broken),
        Probe("好", "好", lambda _: "好"),
        Probe("没有", "好", lambda _: NOT_HERE),
        Probe("关", "", hostile),
        Probe("以后", "", lambda bench: bench.sheet().name),
        Probe("另", "A 1", lambda _: told(A=1.0)),
    ]
    results = run.try_all(desk.app, probes)
    assert [result.ok for result in results] == [False, True, None, None, False, True]
    assert results[0].seen == "出错 ZeroDivisionError：坏了"
    assert (desk.looks(), desk.state(), desk.app.display_alerts) == (before, state, alerts)
    assert desk.app.books.active.name == book.name


def test_the_button_writes_the_report_to_send_in(desk, monkeypatch):
    probes = (Probe("甲", "一", lambda _: "一"), Probe("乙", "一", lambda _: "二"), Probe("丙", "", broken))
    monkeypatch.setattr(run, "PROBES", probes)
    book = desk.open(DECLARED)
    before, state = desk.looks(), desk.state()
    (message,) = desk.press("selftest")
    path = state_folder() / "全面自检.txt"
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0].endswith("全面自检：1 项和预期一样，2 项不同，0 项只作记录")
    assert "Python 3." in lines[1]
    assert lines[2:] == [
        "[不同] 乙：应为“一”，见到“二”",
        "[不同] 丙：见到“出错 ZeroDivisionError：坏了”",
        "[一样] 甲：应为“一”，见到“一”",
    ]
    assert message.splitlines() == [lines[0], "　不同：乙", "　不同：丙", f"全文在 {path}，可以打开复制，发给维护者。"]
    assert is_plain(lines[0] + "。") and (desk.looks(), desk.state()) == (before, state)
    assert book.name in [each.name for each in desk.app.books]


def test_it_needs_no_workbook_of_the_clerks():
    assert find("selftest").needs == "nothing"
