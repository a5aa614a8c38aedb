"""What is pressed in spring: 导入…, 批量自评, 收表进度, 导出…, 规则…, each end to end (test_every_button has the rest)."""

from __future__ import annotations

import webbrowser
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import xladdin
from xladdin.ledger import read_records

from .pressing import DECLARED, ODD, PLAIN, cells_of, contents, digest, is_plain, ledger_of


class Browser:
    def __init__(self, works):
        self.shown, self.works = [], works

    def open(self, url, *more):
        self.shown.append(url)
        return self.works


def forms_of(desk, folder: str, *records) -> list[Path]:
    """Forms in a folder beside the workbooks."""
    home = desk.folder / folder
    home.mkdir(exist_ok=True)
    paths = [home / f"{record.project} {record.kind}.xlsx" for record in records]
    for path, record in zip(paths, records, strict=True):
        path.write_bytes(xladdin.fill(record))
    return paths


def press_evaluate_many(desk):
    ledger = desk.open(ledger_of("甲 =1", "乙/二"), "2021 台账'.xlsx")
    ledger.sheets["项目"]["F2"].value = "没存的部门"
    before, disk = contents(ledger), digest(ledger.fullname)
    (said,) = desk.press("evaluate_many")
    folder = desk.folder / "2021 台账' 自评"
    assert f"生成 2 个工作簿，在 {folder}" in said and "收表进度" in said and is_plain(said)
    saved = {record.project: record for path in folder.glob("*.xlsx") for record in xladdin.read(path)}
    assert saved.keys() == {"甲 =1", "乙/二"} and saved["甲 =1"].department == "没存的部门"
    assert all(row.actual is None for row in saved["甲 =1"].indicators)
    assert (contents(ledger), digest(ledger.fullname)) == (before, disk)
    ledger.close()
    declared = forms_of(desk, "申报", DECLARED)
    book = desk.app.books.open(declared[0])
    before, disk = contents(book), digest(book.fullname)
    asked, said = desk.press("evaluate_many")
    assert (
        f"由 {desk.folder / '申报'} 里的申报表" in asked and f"生成 1 个工作簿，在 {desk.folder / '申报 自评'}" in said
    )
    assert (contents(book), digest(book.fullname)) == (before, disk)
    (made,) = (desk.folder / "申报 自评").glob("*.xlsx")
    assert xladdin.read(made)[0].project == DECLARED.project
    _, said = desk.press("evaluate_many")
    assert "没有生成新的工作簿" in said and "1 个已是最新" in said
    desk.app.impl.answer = "cancel"
    assert desk.press("evaluate_many")[1:] == ["没有生成。"]


def press_status(desk):
    declared = forms_of(desk, "申报", DECLARED, replace(DECLARED, project="乙"))
    handed_in = forms_of(desk, "自评", xladdin.self_evaluation(DECLARED))
    ledger = desk.open(ledger_of(DECLARED.project, "乙", "丙"), "台账 =1.xlsx")
    heads = ledger.sheets["项目"]["A1"].expand("right").value
    column = heads.index("经办人") if "经办人" in heads else len(heads)
    for row, text in enumerate(("经办人", "王芳", "李建国", "王芳")):
        ledger.sheets["项目"][row, column].value = text  # not saved: the open ledger counts
    before, files = contents(ledger), {path: digest(path) for path in (*declared, *handed_in)}
    desk.app.impl.statuses.clear()
    asked, said = desk.press("status")
    assert f"申报表在 {desk.folder / '申报'}，" in asked and f"自评表在 {desk.folder / '自评'}，对吗？" in asked
    path = desk.folder / "收表进度.xlsx"
    verdict = "3 个项目：未交 2，未填 1。"
    assert said.startswith(verdict) and "台账里有 3 个项目" in said and str(path) in said and is_plain(said)
    assert f"收表进度：{verdict}" in desk.app.impl.statuses
    shown = desk.app.books.active
    assert Path(shown.fullname) == path and [sheet.name for sheet in shown.sheets] == ["收表进度", "按经办人"]
    rows = [row[:3] for row in shown.sheets[0].used_range.value if row[0] in ("未交", "未填")]
    assert sorted(rows) == [["未交", "丙", "王芳"], ["未交", "乙", "李建国"], ["未填", DECLARED.project, "王芳"]]
    assert verdict in path.with_suffix(".html").read_text(encoding="utf-8")
    assert contents(ledger) == before and {path: digest(path) for path in files} == files
    ledger.activate()
    assert "收表进度 (2).xlsx" in desk.press("status")[-1], "the first is open: it stays as it is"
    desk.app.impl.answer = "cancel"
    ledger.activate()
    assert desk.press("status")[1:] == ["没有看收表进度。"]


def press_export_pdf(desk):
    forms_of(desk, "自评", PLAIN, replace(PLAIN, project="乙"))
    book = desk.app.books.open(desk.folder / "自评" / "乙 evaluation.xlsx")
    (desk.folder / "自评" / "通知.xlsx").write_bytes(b"PK")
    before, disk = contents(book), digest(book.fullname)
    asked, said = desk.press("export_pdf")
    home = desk.folder / "自评 PDF"
    assert f"把 {desk.folder / '自评'} 里的申报表、自评表" in asked
    assert f"已导出 2 份 PDF，在 {home}" in said and is_plain(said)
    assert sorted(path.name for path in home.iterdir()) == sorted(
        [f"{PLAIN.project} evaluation.pdf", "乙 evaluation.pdf"]
    )
    assert all(path.read_bytes()[:5] == b"%PDF-" for path in home.iterdir())
    assert [each.name for each in desk.app.books] == [book.name], "what was opened for it is closed again"
    assert (contents(book), digest(book.fullname)) == (before, disk)
    desk.app.impl.answer = "cancel"
    assert desk.press("export_pdf")[1:] == ["没有导出。"]


def press_export_page(desk):
    desk.open(DECLARED, "申报 =1.xlsx")
    book = desk.open(PLAIN)
    book.sheets[0][cells_of(PLAIN)["actual_result"]].value = "没有存盘的一句"
    before, disk = desk.looks(), digest(book.fullname)
    browser = Browser(True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webbrowser, "_tryorder", ["clerk's"])
        patch.setitem(webbrowser._browsers, "clerk's", [None, browser])
        (said,) = desk.press("export_page")
        (url,) = browser.shown
        page = Path(unquote(urlsplit(url).path))
        assert page == desk.folder / f"{Path(ODD).stem} 核对结果.html" and str(page) in said and is_plain(said)
        alone = page.read_text(encoding="utf-8")
        assert "没有存盘的一句" not in alone and PLAIN.project in alone and "申报表与自评表对照" not in alone
        assert desk.looks() == before and digest(book.fullname) == disk
        desk.press("reconcile")
        book.activate()
        before = desk.looks()
        desk.press("export_page")
    both = page.read_text(encoding="utf-8")
    assert "申报表与自评表对照" in both and "没有存盘的一句" not in both.partition("申报表与自评表对照")[0]
    assert desk.looks() == before


def press_rules(desk):
    book = desk.open(PLAIN)
    before = desk.looks()
    desk.app.impl.answer = "cancel"
    asked, said = desk.press("rules")
    assert "现在用的是每张表自己的规则" in asked and said == "没有换，还是用每张表自己的规则。"
    desk.app.impl.answer = lambda alert: "yes" if "换成“湖北" in alert.prompt else "no"
    *_, said = desk.press("rules")
    assert "以后检查、核对、重算得分、汇总和收表进度都用“湖北，2020-02-25 起”" in said and is_plain(said)
    assert desk.looks() == before
    desk.app.impl.answer = None
    assert "用的是您选的规则：湖北，2020-02-25 起。" in desk.press("check")[-1]
    book.activate()
    first, said = desk.press("rules")
    assert "现在用的是“湖北" in first and "换成每张表自己的规则吗？" in first and "都用每张表自己的规则" in said
    book.activate()
    assert "用的是您选的规则" not in desk.press("check")[-1]
    book.activate()
    desk.press("rules")


def press_import(desk):
    """Word and text beside an open ledger, which stays as it is; then the same beside another workbook."""
    book = desk.open(ledger_of("甲"), "台账 =1.xlsx")
    before, disk = contents(book), digest(book.fullname)
    assert desk.press("import") == ["没有导入。"], "no dialog, or nothing chosen"
    (desk.folder / "去年.xlsx").write_bytes(xladdin.fill(DECLARED))
    chosen(desk, desk.folder / "去年.xlsx")
    (said,) = desk.press("import")
    path = desk.folder / "台账 _1（导入后）.xlsx"
    assert "新加 1 张" in said and f"存在 {path}" in said and "没有改动" in said and is_plain(said)
    assert (contents(book), digest(book.fullname)) == (before, disk)
    assert {one.project for one in read_records(path)} == {"甲", DECLARED.project}
    desk.open(DECLARED).activate()
    (said,) = desk.press("import")
    assert f"存在 {desk.folder / '台账.xlsx'}" in said
    desk.app.books["台账.xlsx"].close()
    (said,) = desk.press("import")
    assert "没有改动" in said
    (desk.folder / "去年.xlsx").write_text("一封信", encoding="utf-8")
    (said,) = desk.press("import")
    assert "没有" in said and is_plain(said)


def chosen(desk, *files):
    """What the clerk picks in the dialog."""

    class Dialog:
        InitialFileName = Title = AllowMultiSelect = None

        def Show(self):
            return True

        @property
        def SelectedItems(self):
            class Items:
                Count = len(files)

                def __call__(self, number):
                    return str(files[number - 1])

            return Items()

    desk.app.impl.native["FileDialog"] = lambda: lambda kind: Dialog()
