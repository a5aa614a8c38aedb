"""Sheets, books and the app: naming, protecting, opening, saving, and leaving nothing behind."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill, Protection

from tests import calc

pytest_plugins = ("tests.calc.fixtures",)

DAY = dt.datetime(2021, 12, 31)


@pytest.mark.parametrize("name", ["收支汇总 表1", "=1+1", "表'1", "2023年", "a.py", "A1"])
def test_sheet_names(book, name):
    sheet = book.sheets.add(name, after=book.sheets[-1])
    sheet["A1"].value = 7
    book.sheets[0]["A1"].formula = f"='{name.replace(chr(39), chr(39) * 2)}'!A1"
    assert book.sheets[0]["A1"].value == 7
    assert book.sheets.active.name == name
    assert sheet.range("A1").get_address(external=True).endswith(f"{name.replace(chr(39), chr(39) * 2)}'!$A$1")


def test_sheets_are_added_moved_hidden_and_deleted(book, refused):
    first = book.sheets[0]
    first.name = "封面"
    book.sheets.add("核对结果", after=first)
    book.sheets.add("最前")
    assert [sheet.name for sheet in book.sheets] == ["封面", "最前", "核对结果"]
    copied = first.copy(name="副本")
    copied.move(before=first)
    assert [sheet.name for sheet in book.sheets] == ["副本", "封面", "最前", "核对结果"]
    book.sheets["最前"].visible = False
    assert not book.sheets["最前"].visible
    for name in ("副本", "最前", "核对结果"):
        book.sheets[name].delete()
    with refused("at least one visible"):
        first.delete()
    with refused("does not allow"):
        book.sheets.add("表" * 32)
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("封面")


def test_protected_sheet_refuses_changes(sheet, refused):
    sheet["A1"].value = "原值"
    sheet["B1"].impl.uno.CellProtection = _unlocked(sheet)
    assert not sheet.api.ProtectContents
    sheet.api.Protect("密")
    assert sheet.api.ProtectContents
    with refused("protected"):
        sheet["A1"].value = 1
    with refused("protected"):
        sheet["A1:B1"].clear_contents()
    with refused("protected"):
        sheet["A1"].color = (1, 2, 3)
    with refused("protected"):
        sheet["B1"].add_note("注")
    with refused("protected"):
        sheet["1:1"].delete()
    sheet["B1"].value = 2
    assert sheet["A1:B1"].value == ["原值", 2]
    sheet.api.Unprotect("密")
    sheet["A1"].value = "新值"


def _unlocked(sheet):
    protection = sheet["B1"].impl.uno.CellProtection
    protection.IsLocked = False
    return protection


def given_book(folder: Path, name: str = "收到的 =表'1.xlsx") -> Path:
    """A workbook as somebody else's program writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "申报表"
    sheet.merge_cells("A1:C1")
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["C2"] = "标题", "=91场", 0.9735, dt.datetime(2021, 12, 31)
    sheet["A2"].data_type = "s"
    sheet["B2"].number_format = "0.00%"
    sheet["A3"], sheet["B3"], sheet["C3"] = True, "=B2*2", "注"
    sheet["A1"].font, sheet["A1"].fill = Font(name="仿宋", bold=True, size=16), PatternFill("solid", fgColor="FFC7CE")
    sheet["C3"].comment = Comment("请核对", "审核")
    locked = book.create_sheet("锁")
    locked["A2"].protection = Protection(locked=False)
    locked.protection.sheet = True
    book.save(folder / name)
    return folder / name


def test_opening_a_received_book(app, tmp_path):
    path = given_book(tmp_path)
    book = app.books.open(path)
    sheet = book.sheets["申报表"]
    assert (book.name, Path(book.fullname), app.books.active) == (path.name, path, book)
    assert sheet["A1:C3"].value == [["标题", None, None], ["=91场", 0.9735, DAY], [True, 1.947, "注"]]
    assert (sheet["A2"].formula, sheet["A3"].formula, sheet["B3"].formula) == ("=91场", "TRUE", "=B2*2")
    assert (sheet["A1"].color, sheet["A1"].font.name, sheet["A1"].font.size) == ((255, 199, 206), "仿宋", 16)
    assert sheet["C3"].note.text.endswith("请核对")
    assert book.sheets["锁"].api.ProtectContents
    book.sheets["锁"]["A2"].value = 1
    assert app.books.open(path) == book
    book.close()
    assert path.name not in [other.name for other in app.books]


def test_saving(app, tmp_path, refused):
    path = given_book(tmp_path)
    book = app.books.open(path)
    book.sheets[0]["B2"].value = 0.5
    assert not book.api.Saved
    book.save()
    assert book.api.Saved
    book.sheets[0]["B2"].value = 0.6
    book.save(tmp_path / "另存 为.xlsx")
    assert book.name == "另存 为.xlsx"
    values = [openpyxl.load_workbook(file)["申报表"]["B2"].value for file in (path, tmp_path / "另存 为.xlsx")]
    assert values == [0.5, 0.6]
    assert openpyxl.load_workbook(path)["申报表"]["A2"].data_type == "s"
    assert openpyxl.load_workbook(path)["申报表"]["A1"].font.name == "仿宋"
    book.close()


def test_read_only_book_can_be_changed_but_not_saved_in_place(app, tmp_path, refused):
    path = given_book(tmp_path)
    book = app.books.open(path, read_only=True)
    assert book.api.ReadOnly
    book.sheets[0]["B2"].value = 0.5
    book.sheets[0]["B2"].color = (1, 2, 3)
    with refused("read-only"):
        book.save()
    book.save(tmp_path / "副本.xlsx")
    assert not book.api.ReadOnly
    book.close()
    assert openpyxl.load_workbook(path)["申报表"]["B2"].value == 0.9735


def test_copy_of_a_book_leaves_the_book(app, book, tmp_path, refused):
    path = given_book(tmp_path)
    received = app.books.open(path, read_only=True)
    received.sheets[0]["B2"].value = book.sheets[0]["A1"].value = 0.5
    copies = [tmp_path / "副本 1.xlsx", tmp_path / "副本'2.xlsx"]
    for each, copy in zip((received, book), copies, strict=True):
        copy.write_bytes(b"older")
        each.api.SaveCopyAs(str(copy))
    read = [openpyxl.load_workbook(file).worksheets[0] for file in (path, *copies)]
    assert (read[0]["B2"].value, read[1]["B2"].value, read[2]["A1"].value) == (0.9735, 0.5, 0.5)
    assert (received.name, received.api.Saved, received.api.ReadOnly) == (path.name, False, True)
    assert (book.name, book.api.Saved) == ("Book1", False)
    with refused("no such folder"):
        book.api.SaveCopyAs(str(tmp_path / "没有" / "副本.xlsx"))
    received.close()


def test_two_books_of_one_name(app, tmp_path):
    (tmp_path / "二").mkdir()
    book = app.books.open(given_book(tmp_path))
    with pytest.raises(ValueError, match="Cannot open two workbooks"):
        app.books.open(given_book(tmp_path / "二"))
    book.close()


def test_active_and_calling_book(app, book):
    import xlwings as xw

    other = app.books.add()
    assert app.books.active == xw.books.active == other
    assert (book.name, other.name) == ("Book1", "Book2")
    book.activate()
    assert app.books.active == book
    other.set_mock_caller()
    assert xw.Book.caller() == other
    assert xw.Book("Book2") == other
    other.close()


# the app


def test_properties_are_restored_even_after_an_error(app, book):
    before = (
        app.screen_updating,
        app.calculation,
        app.display_alerts,
        app.status_bar,
        app.enable_events,
        app.interactive,
    )
    wanted = {
        "screen_updating": False,
        "calculation": "manual",
        "display_alerts": False,
        "status_bar": "核对中…",
        "enable_events": False,
        "interactive": False,
    }
    with pytest.raises(ZeroDivisionError), app.properties(**wanted):
        assert {name: getattr(app, name) for name in wanted} == wanted
        1 / 0  # noqa: B018
    now = app.screen_updating, app.calculation, app.display_alerts, app.status_bar, app.enable_events, app.interactive
    assert now == before == (True, "automatic", True, False, True, True)
    assert app.impl.statuses[-2:] == ["核对中…", False]


@pytest.mark.parametrize(
    ("answer", "buttons", "clicked"),
    [
        (None, "ok", "ok"),
        (None, "yes_no", "yes"),
        ("no", "yes_no", "no"),
        ("no", "ok", "ok"),
        (lambda box: "cancel", "ok_cancel", "cancel"),
    ],
)
def test_alerts_are_recorded_and_answered(app, answer, buttons, clicked):
    app.impl.alerts.clear()
    app.impl.answer = answer
    try:
        assert app.alert("要恢复吗？", "绩效报表", buttons, "info") == clicked
    finally:
        app.impl.answer = None
    box = app.impl.alerts[0]
    assert (box.prompt, box.title, box.buttons, box.mode) == ("要恢复吗？", "绩效报表", buttons, "info")


def test_com_members_can_be_played(app):
    assert app.api.Ready
    app.impl.native["Ready"] = lambda: False
    assert not app.api.Ready
    app.impl.native["Ready"] = lambda: True


def test_no_office_outlives_its_parent():
    """Whoever starts an office may die without a word; shown with a process that leaves no files."""
    calc.needs_calc()
    script = textwrap.dedent("""
        import os
        from tests.calc.office import start_bound
        print(start_bound(["sleep", "60"]).pid, flush=True)
        os._exit(1)
    """)
    root = Path(calc.__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60)
    pid, limit = int(told.stdout), time.monotonic() + 5
    while _alive(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_quitting_leaves_nothing():
    with calc.running() as running:
        office = running.impl.office
        running.books.add().sheets[0]["A1"].value = "没保存"
    assert not office.running
    assert not office.profile.exists()


def test_an_office_that_died_is_cleared_up():
    import xlwings

    with calc.running() as running:
        office, pid = running.impl.office, running.pid
        running.books.add()
        office._process.kill()
        office._process.wait()
    assert not office.profile.exists()
    assert pid not in [app.pid for app in xlwings.apps]


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_missing_bridge_skips_but_fails_in_ci(app, monkeypatch, ci, outcome):
    monkeypatch.setitem(sys.modules, "tests.calc.bridge", None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="python3-uno"):
        calc.needs_calc()
