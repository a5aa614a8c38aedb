"""The clerk's side of Excel: messages that fit, a state that is put back, Esc, and files opened without their macros."""

from __future__ import annotations

import contextlib
import types

import pytest

pytest.importorskip("xlwings")

import xlwings as xw  # noqa: E402

from xladdin.errors import XladdinError  # noqa: E402
from xladdin.excel import host  # noqa: E402
from xladdin.excel.actions import filling as filling_actions
from xladdin.progress import Stopped  # noqa: E402

END = "改前会留备份。要改写吗？"
TEXTS = [  # a text, and how it is shown
    ("短", "短"),
    ("长" * host.LONGEST, "长" * host.LONGEST),
    ("长" * (host.LONGEST + 1), "长" * (host.LONGEST - 1) + "…"),
    ("长" * 2000 + "\n" + END, "长" * (host.LONGEST - len(END) - 2) + "…\n" + END),
    ("头\n" + "长" * 2000, "头\n" + "长" * (host.LONGEST - 3) + "…"),
]


@pytest.mark.parametrize(("text", "shown"), TEXTS)
def test_text_too_long_ends_with_dots_and_keeps_its_last_line(text, shown):
    seen = []
    app = types.SimpleNamespace(alert=lambda prompt, *_, **__: seen.append(prompt) or "cancel")
    host.say(app, text)
    host.ask(app, text)
    filling_actions.pick(app, ["一"], lambda _: text)
    assert seen[:2] == [shown] * 2 and len(shown) <= host.LONGEST
    assert len(seen[2]) <= host.LONGEST and seen[2].endswith("取消：不用了。")
    assert len(text) < 900 or "…" in seen[2]


# ---- the state


class App:
    """An Excel that notes what is set; `stuck` cannot be set."""

    def __init__(self, stuck=()):
        self.__dict__.update(screen_updating=True, calculation="manual", enable_events=False, status_bar="旧")
        self.__dict__.update(stuck=stuck, log=[])

    def __setattr__(self, name, value):
        self.log.append((name, value))
        if name in self.stuck and len(self.log) > 1:
            raise RuntimeError(name)
        self.__dict__[name] = value

    def state(self):
        return self.screen_updating, self.calculation, self.enable_events, self.status_bar


UPSETS = [
    {},
    {"calculation": "automatic"},
    {"enable_events": True, "calculation": "automatic", "screen_updating": True},
]


@pytest.mark.parametrize("upset", UPSETS)
@pytest.mark.parametrize("error", [None, XladdinError("坏了"), KeyboardInterrupt()])
def test_state_is_put_back_whatever_happens(upset, error):
    app = App()
    raised = None
    try:
        with host.steady(app):
            assert app.screen_updating is False
            vars(app).update(upset)
            app.log.clear()
            if error:
                raise error
    except BaseException as caught:
        raised = caught
    assert raised is error and app.state() == (True, "manual", False, False)
    names = [name for name, _ in app.log]
    assert ("calculation" in names) == ("calculation" in upset), "setting it ends a copy in progress"


@pytest.mark.parametrize("stuck", ["screen_updating", "calculation", "enable_events"])
def test_one_setting_that_cannot_be_put_back_does_not_hold_up_the_others(stuck):
    app = App(stuck=(stuck,))
    with pytest.raises(RuntimeError, match=stuck), host.steady(app):
        vars(app).update(calculation="automatic", enable_events=True)
    now = dict(zip(("screen_updating", "calculation", "enable_events", "status_bar"), app.state(), strict=True))
    assert {name for name, value in now.items() if value != {"screen_updating": True, "calculation": "manual"}.get(name, False)} == {stuck}  # fmt: skip


# ---- Esc, and what is told meanwhile (how often is in test_status)


@pytest.fixture
def clock(monkeypatch):
    """Moves on only when told to."""
    clock = types.SimpleNamespace(now=1000.0)
    monkeypatch.setattr(host, "time", types.SimpleNamespace(monotonic=lambda: clock.now))
    return clock


class Bar:
    told: list

    def __init__(self):
        self.__dict__["told"] = []

    def __setattr__(self, name, value):
        assert name == "status_bar"
        self.told.append(value)


def go(clock, step: float, presses=()) -> tuple[list[int], list[str]]:
    """Twenty items, each taking `step` seconds; Esc is found pressed at the askings numbered in `presses`."""
    bar, askings, done = Bar(), iter(range(100)), []
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Stopped):
        patch.setattr(host, "stop_asked", lambda app: next(askings) in presses)
        for item in host.Progress(bar).through(range(20), 20, "批量生成"):
            done.append(item)
            clock.now += step
    return done, bar.told


@pytest.mark.parametrize(("step", "texts"), [(0.0, 1), (0.1, 5), (0.5, 20), (60.0, 20)])
def test_through_yields_everything_and_tells_at_most_three_a_second(clock, step, texts):
    done, told = go(clock, step)
    assert done == list(range(20)) and len(told) == texts
    assert told[0].startswith("批量生成 1/20（") and "按住 Esc 停下" in told[0]


STOPS = [  # at which askings Esc was found pressed: 0 is before the first item
    ((), 20),
    ((0,), 20),  # pressed before this began: does not count
    ((1,), 1),
    ((7,), 7),
    ((20,), 20),
    ((0, 3), 3),
]


@pytest.mark.parametrize(("presses", "number"), STOPS)
def test_esc_ends_between_two_items(clock, presses, number):
    assert go(clock, 0.01, presses)[0] == list(range(number))


def test_esc_is_told_and_nothing_is_made_ahead(clock, monkeypatch):
    made = []
    monkeypatch.setattr(host, "stop_asked", lambda app: bool(made))
    items = (made.append(n) or n for n in range(9))
    with pytest.raises(Stopped, match="按了 Esc"):
        list(host.Progress(Bar()).through(items, 9, "检查"))
    assert made == [0]


KEYS = [  # the platform, what GetAsyncKeyState says, the window in front, whether Esc counts
    ("linux", 0x8001, 7, False),
    ("win32", 0x8001, 7, True),
    ("win32", 1, 7, True),
    ("win32", 0, 7, False),
    ("win32", 0x8001, 8, False),
    ("win32", -0x7FFF, 7, True),  # a C short
    ("win32", 0x7A0000, 7, False),  # what stands in the bits above it
    ("win32", 0x8001, 9, True),  # another window of Excel's
]


@pytest.mark.parametrize(("platform", "pressed", "front", "counts"), KEYS)
def test_esc_counts_with_excel_in_front(monkeypatch, platform, pressed, front, counts):
    import ctypes

    def owner(window, at):
        at._obj.value = {7: 70, 9: 70}.get(window, 1)

    keys = types.SimpleNamespace(
        GetAsyncKeyState=lambda key: pressed if key == 0x1B else 0,
        GetForegroundWindow=lambda: front,
        GetWindowThreadProcessId=owner,
    )
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(user32=keys), raising=False)
    monkeypatch.setattr(host.sys, "platform", platform)
    asked = host.stop_asked(types.SimpleNamespace(hwnd=7, pid=70))
    monkeypatch.undo()
    assert asked is counts


# ---- opening


class Excel:
    """Notes at what security a file is opened; fails with `error`."""

    def __init__(self, error=None, security=1):
        self.api = types.SimpleNamespace(**({"AutomationSecurity": security} if security else {}))
        self.opened, self.error, self.books = [], error, self

    def open(self, path):
        self.opened.append((path, getattr(self.api, "AutomationSecurity", None)))
        if self.error:
            raise self.error
        return types.SimpleNamespace(activate=lambda: None, name="开")


@pytest.mark.parametrize(("security", "then"), [(1, 3), (2, 3), (3, 3), (None, None)])
@pytest.mark.parametrize("error", [None, ValueError("same name"), RuntimeError("Excel says no"), FileNotFoundError()])
def test_macros_of_an_opened_file_do_not_run(tmp_path, security, then, error):
    app = Excel(error, security)
    try:
        filling_actions.open_file(app, tmp_path / "收到.xlsm")
    except XladdinError as raised:
        said = (
            "同名"
            if isinstance(error, ValueError)
            else "这个文件没有打开（取消了、有密码或已损坏）。请自行打开它再点一次"
        )
        assert error is not None and said in str(raised)
    assert app.opened == [(str(tmp_path / "收到.xlsm"), then)]
    assert getattr(app.api, "AutomationSecurity", None) == security, "put back"


def test_what_was_made_is_told_when_it_does_not_open(tmp_path):
    with pytest.raises(XladdinError, match="文件已写好，但这个文件没有打开（.*）。请自行打开它$"):
        filling_actions.open_file(Excel(RuntimeError("1004")), tmp_path / "汇总.xlsx", filling_actions.WRITTEN)


def test_workbook_of_that_name_in_the_cloud_is_told(tmp_path):
    error = xw.XlwingsError("Couldn't find your local OneDrive file, see: xlwings.org/error")
    with pytest.raises(XladdinError, match="同名的工作簿.*请先关闭那一个"):
        filling_actions.open_file(Excel(error), tmp_path / "申报.xlsx")
