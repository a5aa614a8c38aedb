"""Copies kept before a change, 打开备份, 使用说明 and 体检."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from tests.calc import books
from tests.calc.native import ExcelError
from xladdin.cli.main import build_parser
from xladdin.errors import SaveError
from xladdin.excel import snapshots
from xladdin.excel.actions import safety as safety_actions
from xladdin.excel.addin import doctor
from xladdin.excel.addin.commands import COMMANDS, GROUPS, MENUS
from xladdin.log import state_folder

pytest_plugins = ("tests.calc.fixtures",)

NAMES = ["自评 表.xlsx", "=1+1.xlsx", "收支'表 (2).v1.xlsx", "长" * 60 + ".xlsx"]


@pytest.fixture(autouse=True)
def home(app, tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "家"))
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "状态"))
    (tmp_path / "家" / "Documents").mkdir(parents=True)
    app.impl.alerts.clear()
    yield tmp_path / "家"
    app.impl.answer = None
    for book in list(app.books):
        book.close()


def saved(app, folder, name=NAMES[0], value=1):
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.save(folder / name)
    return app.books.open(folder / name)


def a1(path):
    return openpyxl.load_workbook(path).active["A1"].value


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def listing(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".~lock"))


# ---- keep, kept


@pytest.mark.parametrize("name", NAMES)
def test_copy_holds_unsaved_changes_and_leaves_the_book(app, tmp_path, name):
    book = saved(app, tmp_path, name)
    disk = digest(tmp_path / name)
    book.sheets[0]["A1"].value = 2
    first = snapshots.keep(book, "重算得分")
    book.sheets[0]["A1"].value = 3
    second = snapshots.keep(book, "清除标记")
    assert [a1(path) for path in (first, second)] == [2, 3]
    assert snapshots.kept(book) == [second, first]
    assert first.parent.parent == state_folder() / "backups"
    assert re.fullmatch(r"\d{8}-\d{12}-重算得分\.xlsx", first.name)
    assert (book.name, book.api.Saved, digest(tmp_path / name)) == (name, False, disk)


def test_books_of_one_name_do_not_mix(app, tmp_path):
    (tmp_path / "二").mkdir()
    one = saved(app, tmp_path)
    copy = snapshots.keep(one, "重算得分")
    one.close()
    other = saved(app, tmp_path / "二")
    assert snapshots.kept(other) == [] and copy.exists()


def test_new_book_is_kept_too(app, book):
    book.sheets[0]["A1"].value = 7
    assert a1(snapshots.keep(book, "重算得分")) == 7


def test_without_save_copy_as_what_is_on_disk_is_kept(app, book, tmp_path):
    def missing():
        raise AttributeError("SaveCopyAs")

    old = saved(app, tmp_path, value=5)
    for each in (old, book):
        each.impl.state["native"] = {"SaveCopyAs": missing}
    old.sheets[0]["A1"].value = 6
    assert a1(snapshots.keep(old, "重算得分")) == 5
    with pytest.raises(SaveError, match="还没有保存过.*请先保存"):
        snapshots.keep(book, "重算得分")


def test_failing_copy_leaves_no_half(app, tmp_path, monkeypatch):
    book = saved(app, tmp_path)

    def full(self, *_):
        raise ExcelError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(books, "to_url", full)
        with pytest.raises(SaveError, match="备份存不下来，没有做任何改动"):
            snapshots.keep(book, "重算得分")
    assert snapshots.kept(book) == []


def test_old_copies_go_but_never_the_newest_nor_what_is_not_ours(app, tmp_path):
    book = saved(app, tmp_path)
    folder = snapshots.keep(book, "重算得分").parent
    (snapshots.kept(book)[0]).unlink()

    def aged(where, days):
        moment = dt.datetime.now() - dt.timedelta(days=days)
        path = where / f"{moment:%Y%m%d-%H%M%S%f}-重算得分.xlsx"
        path.write_bytes(b"")
        return path

    old, young = aged(folder, 15), aged(folder, 13)
    elsewhere = folder.parent / "别的"
    elsewhere.mkdir()
    older, alone = aged(elsewhere, 40), aged(elsewhere, 30)
    (folder / "20000101 我的.xlsx").write_bytes(b"")
    newest = snapshots.keep(book, "重算得分")
    assert snapshots.kept(book) == [newest, young] and not old.exists()
    assert alone.exists() and not older.exists()
    assert (folder / "20000101 我的.xlsx").exists()


# ---- 打开备份


@pytest.mark.parametrize("name", NAMES)
def test_newest_copy_is_opened_beside(app, tmp_path, name):
    book = saved(app, tmp_path, name)
    for value in (2, 3):
        book.sheets[0]["A1"].value = value
        snapshots.keep(book, "重算得分")
    book.sheets[0]["A1"].value = 4
    disk, copies = digest(tmp_path / name), [digest(path) for path in snapshots.kept(book)]
    message = safety_actions.restore(book)
    new = app.books.active
    assert new.name != name and new.sheets[0]["A1"].value == 3 and Path(new.fullname).parent == tmp_path
    assert "重算得分前" in new.name or len(name) > 40
    assert f"{dt.date.today():%Y-%m-%d}" in message and "“重算得分”之前" in message and "共 2 份" in message
    assert "第 1 个，共 2 个" in app.impl.alerts[0].prompt
    assert (book.sheets[0]["A1"].value, digest(tmp_path / name)) == (4, disk)
    assert [digest(path) for path in snapshots.kept(book)] == copies
    safety_actions.restore(book)
    assert len(listing(tmp_path)) == 3, "opened twice, two files"


def test_older_copy_can_be_chosen_or_none(app, tmp_path):
    book = saved(app, tmp_path)
    for value in (2, 3, 4):
        book.sheets[0]["A1"].value = value
        snapshots.keep(book, "重算得分")
    answers = iter(["no", "yes"])
    app.impl.answer = lambda box: next(answers)
    safety_actions.restore(book)
    assert app.books.active.sheets[0]["A1"].value == 3
    there = listing(tmp_path)
    for answer in ("cancel", "no"):
        app.impl.answer = answer
        assert safety_actions.restore(book) == "没有打开备份。"
    assert listing(tmp_path) == there


def test_copy_of_a_new_book_goes_to_the_documents(app, book, home):
    book.sheets[0]["A1"].value = 7
    snapshots.keep(book, "清除标记")
    safety_actions.restore(book)
    assert not app.impl.alerts, "one copy, nothing to choose"
    (name,) = listing(home / "Documents")
    assert name.startswith("Book1 清除标记前 ") and app.books.active.sheets[0]["A1"].value == 7


def test_no_copies_is_said(app, tmp_path):
    book = saved(app, tmp_path)
    assert f"“{NAMES[0]}”还没有备份" in safety_actions.restore(book)
    assert listing(tmp_path) == [NAMES[0]]


# ---- 使用说明


class Headings(HTMLParser):
    """The texts of headings, and everything that would be fetched."""

    def __init__(self):
        super().__init__()
        self.found, self.fetched, self._inside = {"h2": [], "h3": [], "h4": [], "dt": []}, [], None

    def handle_starttag(self, tag, attributes):
        self._inside = tag if tag in self.found else None
        self.fetched += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        if self._inside:
            self.found[self._inside].append(data)
            self._inside = None


def test_guide_has_a_section_for_every_button():
    text = safety_actions.GUIDE.read_text(encoding="utf-8")
    headings = Headings()
    headings.feed(text)
    assert headings.found["h2"] == ["一年四步", "元和万元", "待核", "每个按钮", "十二个常见问题"]
    assert headings.found["h3"] == list(GROUPS.values())
    assert len(headings.found["dt"]) == 12
    buttons = [row.label for row in (*MENUS, *COMMANDS) if not getattr(row, "menu", None)]
    other = next(command.label for command in COMMANDS if command.id == "new_other")
    assert sorted(headings.found["h4"]) == sorted([*buttons, other])
    assert all(command.label in text for command in COMMANDS if not command.arguments), "the forms come from templates"
    assert all(value.startswith(("data:", "#")) for value in headings.fetched), "nothing is fetched"
    assert "url(" not in text and "<script" not in text


def test_every_command_of_the_guide_is_one():
    text = unescape(safety_actions.GUIDE.read_text(encoding="utf-8"))
    lines = [line for found in re.findall(r"<(?:pre|code)>(.*?)</", text, re.DOTALL) for line in found.splitlines()]
    how = [
        line for line in lines if not line.startswith("xladdin ")
    ]  # a black window is opened, and what stands for xladdin
    assert how == ["cd /d 台账所在的文件夹", "py -m xladdin", '"%LOCALAPPDATA%\\xladdin\\xladdin.cmd"']
    assert len(lines) > 10
    for line in lines:
        if line in how:
            continue
        program, *words = shlex.split(line)
        assert program == "xladdin"
        assert build_parser().parse_args(words).run


def test_guide_is_opened(book):
    shown = []
    assert safety_actions.show_help(book, lambda url: bool(shown.append(url)) or True) is None
    assert shown == [safety_actions.GUIDE.as_uri()] and shown[0].startswith("file:///")


def test_guide_that_cannot_be_opened_is_named(book):
    def broken(url):
        raise OSError

    for opener in (broken, lambda url: False):
        assert str(safety_actions.GUIDE) in safety_actions.show_help(book, opener)


# ---- 体检


def test_doctor_tells_what_is_wrong_and_keeps_the_whole(book, monkeypatch):
    lines = [
        doctor.Line("Excel", "ok", "好"),
        doctor.Line("宏的设置", "bad", "已禁用"),
        doctor.Line("WPS", "warn", "占用"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: lines)
    for _ in range(2):
        message = safety_actions.show_doctor(book)
    path = state_folder() / "体检.txt"
    assert message.splitlines()[1:3] == ["[有问题] 宏的设置：已禁用", "[注意] WPS：占用"]
    assert "1 处有问题，1 处要注意" in message and str(path) in message and "[正常]" not in message
    assert path.read_text(encoding="utf-8-sig").strip() == doctor.report(lines)


def test_doctor_without_a_place_for_its_text_says_it_all(book, tmp_path):
    (tmp_path / "状态").write_text("a file where the folder should be")
    assert "[" in safety_actions.show_doctor(book) and "体检" in safety_actions.show_doctor(book)
