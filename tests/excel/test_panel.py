"""The panel: its logic without a window, on live workbooks; the window itself on a virtual screen."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import types
from importlib.util import find_spec
from pathlib import Path

import pytest
import xlwings as xw

from xladdin.cli.main import main
from xladdin.excel.addin.commands import COMMANDS, GROUPS, MENUS, TEXTS, find
from xladdin.excel.panel import hosts, work

from . import test_buttons
from .pressing import BUG, DECLARED, EVALUATED, is_plain
from .test_real_excel import ComError

pytest_plugins = ("tests.calc.fixtures",)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def key(desk):
    return next(hosts.running()).key


def test_it_acts_on_the_workbook_in_front_as_the_button_does(desk, key):
    book = desk.open(EVALUATED)
    assert work.look() == work.Looked(((key, f"Excel：{book.name}"),))
    done = work.press(key, "check")
    assert done.command_id == "check" and "核对结果" in done.text and is_plain(done.text)
    assert [sheet.name for sheet in book.sheets][-1] == "核对结果"
    assert desk.app.interactive is True and desk.app.status_bar is False
    assert not desk.app.impl.alerts, "what came of it is told in the panel"
    assert work.press(key, "next").text == "下一处：做好了。" or is_plain(work.press(key, "next").text)


@pytest.mark.parametrize(
    ("situation", "refused", "text"), test_buttons.REFUSED, ids=[r[0].__name__ for r in test_buttons.REFUSED]
)
def test_what_the_vba_refuses_the_panel_refuses(desk, key, monkeypatch, situation, refused, text):
    monkeypatch.setattr(desk.app.impl, "interactive", True)
    monkeypatch.setattr(work, "outcome", lambda book, command_id: f"did {command_id}")
    situation(desk)
    before = desk.looks()
    for command in COMMANDS:
        expected = TEXTS[text] if command.needs in refused else f"did {command.id}"
        assert work.press(key, command.id).text == expected, command.id
    assert desk.looks() == before, "a workbook made for a command goes again"


def test_what_goes_wrong_is_told_and_leaves_excel_usable(desk, key, monkeypatch):
    desk.open(DECLARED)
    monkeypatch.setattr(work, "refusal", lambda *_: 1 / 0)
    assert work.press(key, "check").text.startswith(BUG)
    monkeypatch.undo()
    assert work.press(f"{key}9", "check").text == work.GONE
    assert "版本不一致" in work.press(key, "no_such").text
    assert desk.app.interactive is True


# ---- which applications there are


def app_of(pid: int):
    return types.SimpleNamespace(pid=pid, interactive=True)


NAMED = [  # what WPS has registered, and what is found besides Excel
    ({}, []),
    ({"Ket.Application": 7}, [7]),
    ({"ET.Application": 8}, [8]),
    ({"Ket.Application": 7, "ET.Application": 7}, [7]),
    ({"Ket.Application": 7, "ET.Application": 8}, [7, 8]),
]


@pytest.mark.parametrize(("registered", "found"), NAMED)
def test_wps_is_found_under_either_name_and_once(desk, registered, found):
    def named(name):
        return app_of(registered[name]) if name in registered else None

    seen = list(hosts.running(named))
    assert [host.name for host in seen] == ["Excel", *["WPS 表格（试用）"] * len(found)]
    assert [host.app.pid for host in seen[1:]] == found
    assert len({host.key for host in seen}) == len(seen)


def test_without_an_engine_only_wps_is_asked_for(monkeypatch):
    monkeypatch.setattr(xw.engines, "active", None)
    assert list(hosts.running(lambda name: None)) == []
    assert work.look() == work.Looked((), work.NOBODY)


class Wrapped:
    """xlwings' wrapper of a COM object, which asks again for ever where Excel is busy."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        raise AssertionError("this would not come back")


def bare(**members):
    """A COM object with these members; others are not there."""

    class Bare:
        def __getattr__(self, name):
            if name not in members:
                raise ComError(-2147352570, name, None, None)
            return members[name]

    return Bare()


FREE = [  # the application's members, whether it takes a command
    ({"Ready": True, "Name": "Microsoft Excel"}, True),
    ({"Ready": False, "Name": "Microsoft Excel"}, False),
    ({}, False),  # a cell is edited: every call is rejected
    ({"Name": "WPS 表格"}, True),  # no Ready there
]


@pytest.mark.parametrize(("there", "free"), FREE)
def test_a_busy_excel_is_asked_once(monkeypatch, there, free):
    monkeypatch.setitem(sys.modules, "pywintypes", types.SimpleNamespace(com_error=ComError))
    assert hosts.is_free(types.SimpleNamespace(api=Wrapped(bare(**there)), interactive=True)) is free


@pytest.mark.parametrize("refuses", [ComError(-2147418111, "rejected", None, None), RuntimeError("ExcelBusyError")])
def test_an_excel_that_refuses_to_be_attached_to_is_busy(monkeypatch, refuses):
    """And xlwings, which would try for ever, is told to try a few times, and to be patient again afterwards."""
    windows = types.SimpleNamespace(N_COM_ATTEMPTS=0)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)

    class Busy:
        @property
        def api(self):
            assert 0 < windows.N_COM_ATTEMPTS < 10
            raise refuses

    assert hosts.is_free(Busy()) is False
    assert windows.N_COM_ATTEMPTS == 0


def test_xlwings_still_has_the_number_of_attempts_we_change():
    source = Path(find_spec("xlwings").origin).with_name("_xlwindows.py").read_text(encoding="utf-8")
    assert "\nN_COM_ATTEMPTS = 0 " in source


# ---- the thread


def test_the_worker_does_one_thing_after_the_other(monkeypatch):
    began = queue.Queue()
    go_on = queue.Queue()

    def slow(key, command_id):
        began.put(command_id)
        go_on.get(timeout=10)
        return work.Done(command_id, "好")

    monkeypatch.setattr(work, "press", slow)
    monkeypatch.setattr(work, "look", lambda: work.Looked((), "无"))
    worker = work.Worker()
    worker.press("k", "check")
    worker.look()
    assert began.get(timeout=10) == "check"
    assert worker.answer() is None, "whoever asks does not wait"
    go_on.put(None)
    told = []
    while len(told) < 2:
        if (answer := worker.answer()) is not None:
            told.append(answer)
    assert told == [work.Done("check", "好"), work.Looked((), "无")]


# ---- the command


def test_where_nothing_can_be_reached_it_is_a_sentence(capsys, monkeypatch):
    monkeypatch.setattr(xw.engines, "active", None)
    assert main(["panel"]) == 2
    assert "没有能连接 Excel 的部件" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tkinter", None)
    assert main(["panel"]) == 2
    assert "没有 tkinter" in capsys.readouterr().err


def test_without_a_screen_it_is_a_sentence(capsys, monkeypatch, app):
    pytest.importorskip("tkinter")
    monkeypatch.setenv("DISPLAY", "")
    assert main(["panel"]) == 2
    assert "开不了窗口" in capsys.readouterr().err


# ---- the window


WINDOW = """
import sys, time, tkinter as tk
from xladdin.excel.panel import work, window

class Slow(work.Worker):
    pass

seen = []
def slow(key, command_id):
    time.sleep(0.6)
    return work.Done(command_id, f"{key} {command_id} 好了。")

work.press = slow
hosts = [work.Looked((), work.NOBODY), work.Looked((("a", "Excel：甲.xlsx"), ("b", "WPS 表格（试用）：乙.et")))]
work.look = lambda: hosts.pop(0) if len(hosts) > 1 else hosts[0]
root = tk.Tk()
panel = window.Panel(root, work.Worker())
def text(): return panel.said.get("1.0", "end").strip()
def on(): return {"disabled" in button.state() for button in panel.buttons.values()}
beats = []
def beat():
    beats.append(time.monotonic())
    root.after(20, beat)
def until(what):
    end = time.monotonic() + 10
    while not what():
        root.update()
        time.sleep(0.005)
        assert time.monotonic() < end, text()
until(lambda: text() == work.NOBODY)
assert on() == {True}
panel.again.invoke()
until(lambda: panel.keys == ["a", "b"])
assert on() == {False} and panel.chosen.get() == "Excel：甲.xlsx"
panel.chosen.current(1)
beat()
panel.buttons["check"].invoke()
assert "检查本表" in text() and on() == {True}
panel.buttons["rescore"].invoke()  # one at a time
until(lambda: text() == "b check 好了。")
until(lambda: on() == {False})
longest = max(later - earlier for earlier, later in zip(beats, beats[1:]))
assert longest < 0.4, longest  # the window lives while the worker sleeps
assert panel.chosen.get() == "WPS 表格（试用）：乙.et"
menu = root.nametowidget(panel.buttons["new"]["menu"])
menu.invoke(0)
until(lambda: text().startswith("b new_"))
print("\\n".join([*panel.buttons, root.title(), str(root.winfo_reqheight())]))
panel._close()
"""


@pytest.fixture
def screen():
    pytest.importorskip("tkinter")
    from tests.calc import display

    if not display.has_xvfb():
        pytest.skip("Xvfb is not installed")
    shown = display.Display()
    yield shown
    shown.stop()


def test_the_window_offers_the_ribbons_table_and_never_freezes(screen):
    done = subprocess.run(
        [sys.executable, "-c", WINDOW], capture_output=True, text=True, cwd=ROOT, timeout=60,
        env={**os.environ, "DISPLAY": screen.name, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stderr == ""
    *buttons, title, height = done.stdout.split()
    menus = [menu.id for menu in MENUS]
    assert sorted(buttons) == sorted([*menus, *(command.id for command in COMMANDS if command.menu is None)])
    assert title == "绩效报表" and int(height) < 720, "it fits on a small screen"
    assert {find(button).group for button in buttons if button not in menus} == set(GROUPS)
