"""填报, 批量, 计算, 全年, 备份, 帮助: every button end to end, from the built add-in's own VBA to the saved file.

The control's id goes in as the ribbon would give it; what comes out is looked at in the open workbook, in the
message the clerk sees, and in the file. 核对 has a file of its own.
"""

from __future__ import annotations

import shutil
import webbrowser
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

import openpyxl
import pytest

import xladdin
from tests.blanks import BLANKS, drawn
from xladdin.excel.actions import batch as batch_actions
from xladdin.excel.addin.commands import COMMANDS, find
from xladdin.excel.settings import chosen_templates
from xladdin.form import catalogue
from xladdin.ledger import read_records
from xladdin.log import state_folder

from . import test_every_check
from .pressed_beside import press_merge, press_next_year, press_print_all, press_split
from .pressed_in_spring import (
    Browser,
    press_evaluate_many,
    press_export_page,
    press_export_pdf,
    press_import,
    press_rules,
    press_status,
)
from .pressing import (
    DECLARED,
    ODD,
    PLAIN,
    cells_of,
    contents,
    digest,
    is_plain,
    ledger_of,
    names,
)


def typed_in(book, form: str) -> None:
    """The clerk fills in a name and an indicator, and saves."""
    at = cells_of(replace(DECLARED, form=form, indicators=DECLARED.indicators[:1]))
    sheet = book.sheets.active
    for field, text in {
        "project": "=试点 1",
        "indicators[0].level1": "产出指标",
        "indicators[0].level2": "数量指标",
        "indicators[0].name": "场次",
        "indicators[0].target": "=91场",
    }.items():
        sheet[at[field]].number_format, sheet[at[field]].value = "@", text
    book.save()


def press_new(desk, command_id, form):
    """A blank form beside the calling workbook, then one without any workbook open."""
    caller = desk.open(ledger_of(), "别的 =1.xlsx")
    before, disk = contents(caller), digest(caller.fullname)
    (said,) = desk.press(command_id)
    new, path = desk.app.books.active, desk.folder / f"{form}.xlsx"
    assert f"已新建空白的{form}并打开，存在 {path}" in said and "生成自评表" in said and is_plain(said)
    assert Path(new.fullname) == path
    shown = str(contents(new))
    assert "项目名称" in shown and "{{" not in shown and "指标." not in shown
    assert (contents(caller), digest(caller.fullname)) == (before, disk)
    typed_in(new, form)
    (saved,) = xladdin.read(path)
    assert (saved.kind, saved.form, saved.project) == ("declaration", form, "=试点 1")
    assert [(row.name, row.target) for row in saved.indicators] == [("场次", "=91场")]
    for book in list(desk.app.books):
        book.close()
    (said,) = desk.press(command_id)
    assert names(desk.home / "Documents") == [f"{form}.xlsx"] and "已新建" in said


def press_new_other(desk):
    (said,) = desk.press("new_other")
    assert "还没有选自备的模板文件夹，没有新建" in said and "再点一次" in said
    own = desk.folder / "自备 模板"
    own.mkdir()
    shutil.copy(catalogue.shipped_folder() / "2023申报表.xlsx", own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(catalogue.FOLDER_VARIABLE, str(own))
        press_new(desk, "new_other", "2023申报表")


def press_ledger(desk):
    caller = desk.open(DECLARED)
    before, disk = contents(caller), digest(caller.fullname)
    (said,) = desk.press("ledger")
    path = desk.folder / "台账.xlsx"
    ledger = desk.app.books.active
    assert "已新建一份空白的" in said and str(path) in said and "批量生成" in said and is_plain(said)
    assert [sheet.name for sheet in ledger.sheets] == ["填写说明", "项目", "资金执行", "指标", "选项"]
    heads = ledger.sheets["项目"]["A1"].expand("right").value
    assert {"年度", "项目名称", "实施单位"} <= set(heads)
    for column, text in (("年度", 2021), ("项目名称", "=试点"), ("实施单位", "某'协会")):
        cell = ledger.sheets["项目"][1, heads.index(column)]
        cell.number_format, cell.value = "@", text
    ledger.save()
    (record,) = read_records(path)
    assert (record.year, record.project, record.unit) == (2021, "=试点", "某'协会")
    caller.activate()
    (said,) = desk.press("ledger")
    assert "已打开台账" in said and desk.app.books.active.name == "台账.xlsx" and len(desk.app.books) == 2
    ledger.save(desk.folder / "总台账.xlsx")
    path.unlink()
    (said,) = desk.press("ledger")
    assert "眼前的 总台账.xlsx 就是台账" in said and not path.exists() and is_plain(said)
    caller.activate()
    assert (contents(caller), digest(caller.fullname)) == (before, disk)


def press_evaluation(desk):
    declared = desk.open(DECLARED)
    total = declared.sheets[0][cells_of(DECLARED)["funds.annual_total"]]
    total.value = 1234567.89  # not saved: the sheet counts, not the file
    before, disk = contents(declared), digest(declared.fullname)
    (said,) = desk.press("evaluation")
    path = desk.folder / f"2021 {DECLARED.project} 绩效自评表.xlsx"
    made = desk.app.books.active
    assert Path(made.fullname) == path and str(path) in said and is_plain(said)
    assert "照抄 8 个指标" in said and "共 100 分" in said and "请填全年预算数" in said
    at = cells_of(path)
    sheet = made.sheets[0]
    assert sheet[at["project"]].value == DECLARED.project
    assert [sheet[at[f"indicators[{n}].target"]].value for n in range(8)] == [row.target for row in DECLARED.indicators]
    assert (contents(declared), digest(declared.fullname)) == (before, disk)
    (blank,) = xladdin.read(path)
    assert blank.line("年度资金总额").initial == Decimal("1234567.89")
    assert sum(row.weight for row in blank.indicators) + blank.line("年度资金总额").weight == 100
    sheet[at["indicators[0].actual"]].value = 90  # of 91
    made.save()
    (saved,) = xladdin.read(path)
    assert saved.indicators[0].score == xladdin.score("=91场", "90", blank.indicators[0].weight)


def press_batch(desk):
    ledger = desk.open(ledger_of("甲 =1", "乙/二"), "2021 台账'.xlsx")
    ledger.sheets["项目"]["K3"].value = "很多"  # a mistake, not saved
    before, disk = contents(ledger), digest(ledger.fullname)
    (said,) = desk.press("batch")
    folder = desk.folder / "2021 台账' 结果"
    assert (
        f"生成 1 个工作簿，在 {folder}" in said and "台账有 1 处要改" in said and "项目!K3 " in said and is_plain(said)
    )
    made = sorted(folder.glob("*.xlsx"))
    assert [path.name for path in made] == ["2021 甲 _1 绩效目标申报表.xlsx"]
    (saved,) = xladdin.read(made[0])
    assert (saved.project, saved.unit, saved.funds) == ("甲 =1", DECLARED.unit, DECLARED.funds)
    assert [row.target for row in saved.indicators] == [row.target for row in DECLARED.indicators[:2]]
    assert (contents(ledger), digest(ledger.fullname)) == (before, disk)
    assert desk.app.books.active.name == ledger.name and len(desk.app.books) == 1


def press_resume(desk):
    (said,) = desk.press("resume")
    assert "没有可以接着做的" in said and "请打开台账，点“批量生成”" in said
    ledger = desk.open(ledger_of("甲", "乙"), "2021 台账'.xlsx")
    desk.press("batch")
    lost = desk.folder / "2021 台账' 结果" / "2021 乙 绩效目标申报表.xlsx"
    lost.unlink()
    ledger.sheets["项目"]["F2"].value = "改过的部门"  # not saved: the open ledger counts
    before, disk = contents(ledger), digest(ledger.fullname)
    (said,) = desk.press("resume")
    assert f"生成 2 个工作簿，在 {lost.parent}" in said and is_plain(said)
    saved = [xladdin.read(path)[0].project for path in sorted(lost.parent.glob("*.xlsx"))]
    assert sorted(saved) == ["乙", "甲"]
    assert (contents(ledger), digest(ledger.fullname)) == (before, disk)
    (said,) = desk.press("resume")
    assert "没有生成新的工作簿" in said and "2 个已是最新" in said


def press_results(desk):
    shown = []
    with pytest.MonkeyPatch.context() as patch:  # no file manager is begun
        patch.setattr(batch_actions.open_results, "__defaults__", (shown.append,))
        assert desk.press("results") == ["还没有结果文件夹。请打开台账，点“批量生成”。"]
        ledger = desk.open(ledger_of("甲"), "台账 =1.xlsx")
        desk.press("batch")
        before = desk.looks()
        assert desk.press("results") == [] and desk.looks() == before
        ledger.close()
        assert desk.press("results") == []
    assert shown == [desk.folder / "台账 =1 结果"] * 2
    assert len(list(shown[0].glob("*.xlsx"))) == 1


def press_summary(desk):
    desk.open(DECLARED, "申报 =1.xlsx")
    book = desk.open(PLAIN)
    book.sheets[0][cells_of(PLAIN)["actual_result"]].value = "没有存盘的一句"
    before, disk = contents(book), desk.files()
    asked, said = desk.press("summary")
    path = desk.folder / "汇总.xlsx"
    assert f"汇总 {desk.folder} 里的" in asked and is_plain(asked)
    assert f"已汇总并打开，存在 {path}" in said and "申报表 1 张、自评表 1 张" in said and is_plain(said)
    assert f"还没有保存的改动没有算进去：{ODD}" in said
    shown = desk.app.books.active
    assert Path(shown.fullname) == path and shown.sheets.active.name == "总览"
    saved = openpyxl.load_workbook(path)
    assert {"总览", "绩效目标汇总", "自评情况", "图表数据"} <= set(saved.sheetnames)
    assert DECLARED.project in {cell.value for row in saved["自评情况"] for cell in row}
    assert contents(book) == before and desk.files().items() >= disk.items()
    book.activate()
    _, said = desk.press("summary")
    assert "汇总 (2).xlsx" in said, "the first is open: it stays as it is"
    desk.app.impl.answer = "cancel"
    book.activate()
    assert desk.press("summary")[1:] == ["没有汇总。"]


def press_rescore(desk):
    book = desk.open(PLAIN)
    sheet, at = book.sheets.active, cells_of(PLAIN)
    late, total = at["indicators[3].score"], at["total_score"]
    assert (sheet[late].value, sheet[total].value) == (9.7, 99.43)
    disk = digest(book.fullname)
    asked, said = desk.press("rescore")
    assert f"{late} 得分 9.7 → 10" in asked and "要改写吗？" in asked
    assert "已改写 11 格" in said and "总分：99.73（原来 99.43）" in said and "打开备份" in said and is_plain(said)
    assert (sheet[late].value, sheet[total].value) == (10, 99.73)
    assert sheet[late].formula.startswith("=IF(") and sheet[total].formula.startswith("=IF(")
    assert digest(book.fullname) == disk, "saving is the clerk's"
    book.save()
    (saved,) = xladdin.read(book.fullname)
    assert (saved.indicators[3].score, saved.total_score) == (10, Decimal("99.73"))
    assert openpyxl.load_workbook(book.fullname).active[late].value.startswith("=")
    (copy,) = state_folder().rglob("*-重算得分.xlsx")
    assert xladdin.read(copy)[0].total_score == Decimal("99.43")


def press_restore(desk):
    book = desk.open(PLAIN)
    sheet, at = book.sheets.active, cells_of(PLAIN)
    sheet[at["actual_result"]].value = "没有存盘的一句"
    desk.press("rescore")
    before, disk = contents(book), digest(book.fullname)
    (said,) = desk.press("restore")
    old = desk.app.books.active
    assert old.name != book.name and "重算得分前" in old.name and Path(old.fullname).parent == desk.folder
    assert old.fullname in said and f"当前的“{ODD}”没有动" in said and "共 1 份" in said and is_plain(said)
    assert old.sheets[0][at["total_score"]].value == 99.43
    (saved,) = xladdin.read(old.fullname)
    assert (saved.total_score, saved.actual_result) == (Decimal("99.43"), "没有存盘的一句")
    assert (contents(book), digest(book.fullname)) == (before, disk)


def press_help(desk):
    book = desk.open(DECLARED)
    before = desk.looks()
    for works in (True, False):
        browser = Browser(works)
        with pytest.MonkeyPatch.context() as patch:  # where webbrowser.open looks for browsers
            patch.setattr(webbrowser, "_tryorder", ["clerk's"])
            patch.setitem(webbrowser._browsers, "clerk's", [None, browser])
            said = desk.press("help")
        (url,) = browser.shown
        guide = Path(unquote(urlsplit(url).path))
        assert urlsplit(url).scheme == "file" and "使用说明" in guide.read_text(encoding="utf-8")
        assert said == ([] if works else [f"浏览器没有打开。请自行打开使用说明：{guide}"])
    assert desk.looks() == before and desk.app.books.active == book


def press_doctor(desk):
    desk.open(DECLARED)
    before = desk.looks()
    (said,) = desk.press("doctor")
    path = state_folder() / "体检.txt"
    text = path.read_text(encoding="utf-8-sig")
    assert str(path) in said and "可以打开复制" in said and is_plain(said)
    assert said.splitlines()[0] == text.splitlines()[0] and "体检：" in said.splitlines()[0]
    assert [line.partition("] ")[2].partition("：")[0] for line in text.splitlines()[1:]] == [
        "Excel", "Excel 位数", "WPS 是否占用", "加载项文件", "加载项版本", "xlwings 版本", "Python", "宏的设置",
        "被 Excel 停用", "启动程序", "日志文件夹",
    ]  # fmt: skip
    assert desk.looks() == before and list(desk.files()) == [ODD]


def press_selftest(desk):
    desk.open(DECLARED)
    before = desk.looks()
    (said,) = desk.press("selftest")
    text = (state_folder() / "全面自检.txt").read_text(encoding="utf-8-sig")
    assert said.splitlines()[0] == text.splitlines()[0] and "项和预期一样" in said and is_plain(said)
    assert desk.looks() == before and list(desk.files()) == [ODD]


def press_template(desk):
    book = desk.open(drawn(BLANKS["under"]), "空表 =1.xlsx")
    before, disk = contents(book), digest(book.fullname)
    (said,) = desk.press("template")
    path = desk.folder / "模板" / "市级项目支出绩效目标批复表.xlsx"
    assert f"已把空表做成申报表的模板“{path.stem}”并打开，存在 {path}" in said and "项目负责人及电话" in said
    assert "以后填表、建表都认这个文件夹里的模板" in said and is_plain(said)
    assert chosen_templates() == path.parent
    assert desk.app.books.active.name == path.name and "{{ 项目名称 }}" in str(contents(desk.app.books.active))
    assert (contents(book), digest(book.fullname)) == (before, disk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(catalogue.FOLDER_VARIABLE, str(path.parent))
        form = catalogue.find_form(path.stem)
        assert (form.kind, form.money_unit, form.years[1]) == ("declaration", "万元", catalogue.OPEN_END)
    desk.open(ledger_of(), "台账 =2.xlsx").activate()
    (said,) = desk.press("template")
    assert "没有找到指标表" in said and names(path.parent) == [path.name]


CASES = {
    "import": press_import,
    "new_2020": lambda desk: press_new(desk, "new_2020", "2020目标表"),
    "new_2021": lambda desk: press_new(desk, "new_2021", "2021申报表"),
    "new_2023": lambda desk: press_new(desk, "new_2023", "2023申报表"),
    "new_2024": lambda desk: press_new(desk, "new_2024", "2024申报表"),
    "new_other": press_new_other,
    "ledger": press_ledger,
    "evaluation": press_evaluation,
    "template": press_template,
    "batch": press_batch,
    "resume": press_resume,
    "results": press_results,
    "summary": press_summary,
    "rescore": press_rescore,
    "restore": press_restore,
    "help": press_help,
    "doctor": press_doctor,
    "evaluate_many": press_evaluate_many,
    "status": press_status,
    "export_pdf": press_export_pdf,
    "export_page": press_export_page,
    "merge": press_merge,
    "split": press_split,
    "next_year": press_next_year,
    "print_all": press_print_all,
    "rules": press_rules,
    "selftest": press_selftest,
}


def test_every_button_has_its_case():
    assert sorted([*CASES, *test_every_check.CASES]) == sorted(command.id for command in COMMANDS)


@pytest.mark.parametrize("command_id", CASES)
def test_button_end_to_end(desk, command_id):
    before = desk.state()
    CASES[command_id](desk)
    assert desk.state() == before
    assert desk.codes == (f"from xladdin.excel import bridge; bridge.run('{find(command_id).id}')",)
