"""新建申报表, 生成自评表, 打开台账: new files on disk, opened; what was open stays as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.errors import NotAForm, UnknownForm, XladdinError
from xladdin.excel.actions import filling
from xladdin.excel.settings import chosen_templates
from xladdin.form import catalogue
from xladdin.ledger import write_ledger

pytest_plugins = ("tests.calc.fixtures",)

LONG = next(r for r in example() if r.year == 2021 and r.kind == "declaration")
DECLARED = replace(LONG, indicators=LONG.indicators[:2])  # a short form is read sooner
EVALUATED = next(r for r in example() if r.kind == "evaluation")
ODD = "申报 =表'1.xlsx"


@pytest.fixture(autouse=True)
def home(app, tmp_path, monkeypatch):
    """The user's own folders inside the test's; every book opened meanwhile is closed."""
    monkeypatch.setenv("HOME", str(tmp_path / "家"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "家"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "状态"))
    monkeypatch.delenv(catalogue.FOLDER_VARIABLE, raising=False)
    (tmp_path / "家" / "Documents").mkdir(parents=True)
    app.impl.alerts.clear()
    yield tmp_path / "家"
    app.impl.answer = None
    for book in list(app.books):
        book.close()


@pytest.fixture
def desk(tmp_path) -> Path:
    """Where the calling workbook lies."""
    (tmp_path / "桌面 =1").mkdir()
    return tmp_path / "桌面 =1"


def opened(app, folder, data, name=ODD, **options):
    (folder / name).write_bytes(data)
    return app.books.open(folder / name, **options)


def contents(book) -> list:
    return [(sheet.name, sheet.used_range.formula) for sheet in book.sheets]


def names(folder) -> list[str]:
    """Its files, but for the office's own lock files and the journal."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith((".~lock", "操作日志")))


def digest(path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


# ---- 新建申报表


@pytest.mark.parametrize("form", ["2020目标表", "2024申报表"])
def test_blank_form_is_saved_beside_and_opened(app, desk, form):
    caller = opened(app, desk, xladdin.fill(EVALUATED))
    before, disk = contents(caller), digest(desk / ODD)
    messages = [filling.new_declaration(caller, form) for _ in range(2)]
    assert names(desk) == sorted([ODD, f"{form}.xlsx", f"{form} (2).xlsx"])
    new = app.books.active
    assert new.name == f"{form} (2).xlsx" and str(desk / new.name) in messages[1]
    assert contents(caller) == before and digest(desk / ODD) == disk
    assert "指标目标值" in str(contents(new)) or "年度(/项目)指标值" in str(contents(new))
    assert "{{" not in str(contents(new)) and "12 行" in messages[0]


def test_filled_in_blank_form_reads_back(app, book):
    filling.new_declaration(book, "2024申报表")
    sheet = app.books.active.sheets[0]
    sheet["B3"].value = "试点"
    for row in range(13, 16):
        sheet[f"B{row}:D{row}"].value = ["产出指标", "数量指标", f"场次{row}"]
        sheet[f"G{row}"].number_format, sheet[f"G{row}"].value = "@", "≥90场"
    (record,) = filling._declarations([filling.active_grid(app.books.active)])
    assert (record.project, record.form, len(record.indicators)) == ("试点", "2024申报表", 3)
    assert record.indicators[2].name == "场次15" and record.indicators[2].target == "≥90场"


def test_new_form_of_an_unsaved_book_goes_to_the_documents(app, book, home):
    message = filling.new_declaration(book, "2021申报表")
    assert names(home / "Documents") == ["2021申报表.xlsx"]
    assert str(home / "Documents") in message


def test_unwritable_folder_is_left_for_the_documents(app, desk, home, monkeypatch):
    from xladdin.errors import SaveError
    from xladdin.workbook import saving

    genuine = saving.save

    def save(path, data, seen=None):
        if Path(path).parent == desk:
            raise SaveError("没有写入这个文件夹的权限")
        return genuine(path, data, seen)

    monkeypatch.setattr(saving, "save", save)
    caller = opened(app, desk, xladdin.fill(DECLARED))
    filling.new_declaration(caller, "2021申报表")
    assert names(desk) == [ODD] and names(home / "Documents") == ["2021申报表.xlsx"]
    for said in ("已新建一份空白的", "已打开台账"):
        assert said in filling.open_ledger(caller)
        assert names(home / "Documents") == ["2021申报表.xlsx", "台账.xlsx"]


def test_unknown_form_makes_nothing(book, home):
    with pytest.raises(UnknownForm, match="没有名为“2099申报表”"):
        filling.new_declaration(book, "2099申报表")
    assert names(home / "Documents") == []


def test_a_folder_of_templates_is_picked_once(app, book, home, tmp_path, monkeypatch):
    picked = tmp_path / "自备 模板"
    picked.mkdir()
    monkeypatch.setattr(filling.host, "pick_folder", lambda app, start: picked)
    assert "没有申报表的模板，没有新建" in filling.new_from_own_template(book)
    shutil.copy(catalogue.shipped_folder() / "2023申报表.xlsx", picked)
    os.utime(picked, (1, 1))  # another time than before
    assert "已新建空白的2023申报表" in filling.new_from_own_template(book)
    assert chosen_templates() == picked
    assert catalogue.FOLDER_VARIABLE not in os.environ


def test_own_templates(app, book, home, tmp_path, monkeypatch):
    assert filling.new_from_own_template(book).startswith("还没有选自备的模板文件夹，没有新建。")
    own = tmp_path / "自备 模板"
    own.mkdir()
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(own))
    assert "没有申报表的模板" in filling.new_from_own_template(book)
    assert names(home / "Documents") == []
    for name in ("2023申报表", "2024申报表", "2021自评表"):
        shutil.copy(catalogue.shipped_folder() / f"{name}.xlsx", own)
    (own / "later").mkdir()  # the folder's time moves on
    answers = iter(["no", "yes"])
    app.impl.answer = lambda box: next(answers)
    assert "已新建空白的2024申报表" in filling.new_from_own_template(book)
    assert [box.prompt.partition("\n")[0] for box in app.impl.alerts] == [
        "新建自备的“2023申报表”吗？（第 1 个，共 2 个）",
        "新建自备的“2024申报表”吗？（第 2 个，共 2 个）",
    ]
    app.impl.answer = "cancel"
    assert filling.new_from_own_template(book) == "没有新建。"
    assert names(home / "Documents") == ["2024申报表.xlsx"]


# ---- 生成自评表


def test_evaluation_of_the_open_declaration_unsaved_changes_included(app, desk):
    book = opened(app, desk, xladdin.fill(DECLARED))
    cells = xladdin.read(desk / ODD)[0].source.cells
    sheet = book.sheets[0]
    sheet[cells["funds.annual_total"].cell].value = 1234567.89
    before = contents(book)
    message = filling.make_evaluation(book)
    name = "2021 计生特殊家庭帮扶及权益维护 绩效自评表.xlsx"
    assert names(desk) == sorted([ODD, name]) and app.books.active.name == name
    (made,) = xladdin.read(desk / name)
    assert made.line("年度资金总额").initial == Decimal("1234567.89")
    assert [row.target for row in made.indicators] == [row.target for row in DECLARED.indicators]
    assert "照抄 2 个指标" in message and "执行率 10 分共 100 分" in message and str(desk / name) in message
    assert contents(book) == before and xladdin.read(desk / ODD)[0].funds == DECLARED.funds
    assert "(2)" in filling.make_evaluation(book), "nothing is overwritten"


def test_doubts_of_the_declaration_are_told(app, desk):
    book = opened(app, desk, xladdin.fill(DECLARED))
    cell = xladdin.read(desk / ODD)[0].source.cells["funds.annual_total"].cell
    book.sheets[0][cell].value = "一百多万"
    message = filling.make_evaluation(book)
    assert "1 处看不懂" in message and f"!{cell}“一百多万”" in message


def test_declaration_is_found_on_another_sheet_but_not_guessed_among_two(app, desk):
    book = opened(app, desk, xladdin.fill(DECLARED))
    book.sheets.add("备注", before=book.sheets[0])
    assert book.sheets.active.name == "备注"
    assert "已按“计生特殊家庭帮扶及权益维护”的申报表" in filling.make_evaluation(book)
    for other in list(app.books):
        if other.name != ODD:
            other.close()
    book = next(iter(app.books))
    book.sheets[1].copy(after=book.sheets[1])
    book.sheets["备注"].activate()
    there = names(desk)
    with pytest.raises(NotAForm, match="有 2 张申报表.*请点到要用的那张"):
        filling.make_evaluation(book)
    assert names(desk) == there
    book.sheets[2].activate()
    assert "已按" in filling.make_evaluation(book)


def test_no_declaration_makes_nothing(app, desk, book):
    with pytest.raises(NotAForm, match="没有读到申报表.*请打开填好的"):
        filling.make_evaluation(book)
    with pytest.raises(NotAForm, match="没有读到申报表"):
        filling.make_evaluation(opened(app, desk, xladdin.fill(EVALUATED)))
    assert names(desk) == [ODD]


def test_declaration_protected_and_read_only_will_do(app, desk):
    book = opened(app, desk, xladdin.fill(DECLARED), read_only=True)
    book.sheets[0].api.Protect("密")
    assert "照抄 2 个指标" in filling.make_evaluation(book)


# ---- 打开台账


def test_ledger_is_made_once_and_then_opened(app, desk):
    caller = opened(app, desk, xladdin.fill(DECLARED))
    assert "已新建一份空白的" in filling.open_ledger(caller)
    assert [sheet.name for sheet in app.books.active.sheets] == ["填写说明", "项目", "资金执行", "指标", "选项"]
    disk = digest(desk / "台账.xlsx")
    caller.activate()
    assert "已打开台账" in filling.open_ledger(caller)
    assert app.books.active.name == "台账.xlsx"
    assert digest(desk / "台账.xlsx") == disk and names(desk) == sorted([ODD, "台账.xlsx"])


def test_another_ledger_of_that_name_is_in_the_way(app, desk, tmp_path):
    caller = opened(app, desk, xladdin.fill(DECLARED))
    write_ledger(desk / "台账.xlsx")
    opened(app, tmp_path, write_ledger(None), "台账.xlsx")
    with pytest.raises(XladdinError, match="同名的工作簿.*请先关闭"):
        filling.open_ledger(caller)
