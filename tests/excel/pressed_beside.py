"""What makes new files beside the ledger: 合并台账, 拆分台账, 结转下一年, 打印成册, each end to end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pypdfium2

import xladdin
from xladdin.ledger import read_records
from xladdin.printing import converting

from .pressed_in_spring import chosen, forms_of
from .pressing import DECLARED, PLAIN, contents, digest, is_plain, ledger_of


def press_merge(desk):
    book = desk.open(ledger_of("甲 =1", "乙"), "王芳'.xlsx")
    book.sheets["项目"]["F2"].value = "没存的部门"
    other = desk.folder / "李建国.xlsx"
    other.write_bytes(ledger_of("乙", "丙"))
    before, disk = contents(book), digest(book.fullname)
    assert desk.press("merge") == ["没有合并。"], "no dialog, or nothing chosen"
    chosen(desk, Path(book.fullname))
    (said,) = desk.press("merge")
    assert "只有一份台账" in said and "再点一次" in said and is_plain(said)
    chosen(desk, Path(book.fullname), other)
    (said,) = desk.press("merge")
    path = desk.folder / "总台账.xlsx"
    assert f"已把 2 份台账合成一份并打开，存在 {path}，3 行项目" in said and "“冲突”" not in said and is_plain(said)
    assert {one.project: one.department for one in read_records(path)} == {
        "甲 =1": "没存的部门", "乙": DECLARED.department, "丙": DECLARED.department
    }  # fmt: skip
    assert desk.app.books.active.name == "总台账.xlsx"
    assert (contents(book), digest(book.fullname)) == (before, disk)
    opened = desk.app.books.open(other)
    opened.sheets["项目"]["F2"].value = "另一个部门"  # of 乙, not saved
    book.activate()
    (said,) = desk.press("merge")
    assert "总台账 (2).xlsx" in said and "1 处几份台账说的不一样" in said and "“乙”的主管部门" in said
    assert "冲突" in openpyxl.load_workbook(desk.folder / "总台账 (2).xlsx").sheetnames
    other = desk.folder / "表.xlsx"
    other.write_bytes(xladdin.fill(DECLARED))
    chosen(desk, other)
    book.activate()
    (said,) = desk.press("merge")
    assert "这个文件里没有台账的工作表" in said and "表.xlsx" in said and is_plain(said)
    assert not (desk.folder / "总台账 (3).xlsx").exists()


def press_split(desk):
    book = desk.open(ledger_of("甲 =1", "乙", "丙"), "2021 台账'.xlsx")
    sheet = book.sheets["项目"]
    column = sheet["A1"].expand("right").value.index("经办人")
    for row, text in enumerate(("王芳", "李/建国", "王芳"), start=1):
        sheet[row, column].value = text  # not saved: the open ledger counts
    before, disk = contents(book), digest(book.fullname)
    asked, said = desk.press("split")
    home = desk.folder / "2021 台账' 分发"
    assert "按“经办人”拆分吗？" in asked and f"已按“经办人”拆成 2 份，在 {home}" in said and is_plain(said)
    parts = {path.name: sorted(one.project for one in read_records(path)) for path in home.iterdir()}
    assert parts == {"2021 台账' 王芳.xlsx": ["丙", "甲 =1"], "2021 台账' 李_建国.xlsx": ["乙"]}
    assert (contents(book), digest(book.fullname)) == (before, disk)
    desk.app.impl.answer = lambda alert: "yes" if "实施单位" in alert.prompt else "no"
    *_, said = desk.press("split")
    assert "已按“实施单位”拆成 1 份" in said and f"{home} (2)" in said, "the first parts stay as they are"
    desk.app.impl.answer = "cancel"
    assert desk.press("split")[1:] == ["没有拆分。"]
    desk.app.impl.answer = None
    desk.open(DECLARED).activate()
    (said,) = desk.press("split")
    assert "当前工作簿不是台账，没有拆分" in said and "打开台账" in said and is_plain(said)
    bare = replace(DECLARED, department=None, unit=None)
    desk.open(xladdin.ledger.write_ledger(None, [bare]), "空.xlsx").activate()
    (said,) = desk.press("split")
    assert "没有可以用来拆分的" in said and "请填好其中一列" in said and is_plain(said)


def press_next_year(desk):
    book = desk.open(ledger_of("甲"), "台账 =1.xlsx")
    before, disk = contents(book), digest(book.fullname)
    assert desk.press("next_year") == ["没有结转。"]
    last = forms_of(desk, "去年", DECLARED, replace(PLAIN, year=DECLARED.year, project=DECLARED.project))
    chosen(desk, *last)
    (said,) = desk.press("next_year")
    path = desk.folder / "台账 _1（结转后）.xlsx"
    assert f"存在 {path}" in said and "结转成下一年的申报 1 个" in said and DECLARED.project in said and is_plain(said)
    assert (contents(book), digest(book.fullname)) == (before, disk)
    (rolled,) = (one for one in read_records(path) if one.year == DECLARED.year + 1)
    assert (rolled.kind, rolled.project, rolled.funds) == ("declaration", DECLARED.project, DECLARED.funds)
    heads = [cell.value for cell in openpyxl.load_workbook(path)["指标"][1]]
    assert "上年实际完成值" in heads
    shown = desk.app.books.active
    assert Path(shown.fullname) == path
    (said,) = desk.press("next_year")
    assert "没有改动" in said and "已有，没有再结转" in said and is_plain(said)


def press_print_all(desk):
    forms_of(desk, "自评", PLAIN, replace(PLAIN, project="乙"))
    book = desk.app.books.open(desk.folder / "自评" / "乙 evaluation.xlsx")
    before, disk = contents(book), digest(book.fullname)
    asked, said = desk.press("print_all")
    path = desk.folder / "自评 全部.pdf"
    assert f"把 {desk.folder / '自评'} 里的申报表、自评表" in asked
    assert "已合成一本，2 张表" in said and f"存在 {path}" in said and is_plain(said)
    with pypdfium2.PdfDocument(path) as whole:
        assert f"，{len(whole)} 页" in said and len(whole) >= 4, "cover, contents, forms"
    assert (contents(book), digest(book.fullname)) == (before, disk)
    assert "2 张表" in desk.press("print_all")[-1]
    assert [one.name for one in desk.folder.glob("*.pdf")] == [path.name], "made again, not twice"
    desk.app.impl.answer = "cancel"
    assert desk.press("print_all")[1:] == ["没有打印。"]
    desk.app.impl.answer = None
    genuine = converting.office
    converting.office = lambda: None
    try:
        assert "没有 Excel 和 LibreOffice" in desk.press("print_all")[-1]
    finally:
        converting.office = genuine
