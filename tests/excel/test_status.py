"""The status bar: something to read before the work begins, no flicker while it lasts, nothing after it."""

from __future__ import annotations

import re
import types

import pytest

from xladdin.excel import host
from xladdin.excel.addin.commands import TEXTS, find

from .pressing import DECLARED, EVALUATED, function_of, ledger_of, replace_function


def a_ledger(desk):
    desk.open(ledger_of("甲", "乙", "丙"), "台账.xlsx")


def a_pair(desk):
    desk.open(DECLARED, "申报.xlsx")
    desk.open(EVALUATED)


def a_form(desk):
    desk.open(DECLARED)


LASTING = {"batch": a_ledger, "reconcile": a_pair, "check": a_form}


@pytest.mark.parametrize("command_id", LASTING)
def test_status_bar_tells_what_is_done(desk, monkeypatch, command_id):
    LASTING[command_id](desk)
    command = find(command_id)
    genuine, statuses, at_first = function_of(command), desk.app.impl.statuses, []

    def watched(book):
        at_first.extend(statuses)
        message = genuine(book)
        assert desk.app.status_bar, "still told while it works"
        return message

    replace_function(monkeypatch, command, watched)
    statuses.clear()
    desk.press(command_id)
    assert at_first == [TEXTS["working"], f"{command.label}……"], "both before the work"
    shown = [text for text in statuses if text]
    assert len(shown) > len(at_first)
    assert all(re.search(r"[一-鿿]", text) and len(text) < 200 for text in shown)
    assert statuses[-1] is False and False not in statuses[: len(shown)]
    assert desk.app.status_bar is False


@pytest.mark.parametrize("command_id", LASTING)
def test_status_bar_is_given_back_when_the_work_fails(desk, monkeypatch, command_id):
    LASTING[command_id](desk)

    def broken(book):
        host.Progress(book.app)("正在读取…")
        raise RuntimeError

    replace_function(monkeypatch, find(command_id), broken)
    desk.app.impl.statuses.clear()
    desk.press(command_id, bug=True)
    assert desk.app.impl.statuses[-2:] == [False, False] and "正在读取…" in desk.app.impl.statuses


# ---- Progress, with a clock of our own


class Clock:
    def __init__(self, now):
        self.now = now

    def monotonic(self):
        return self.now


class Bar:
    """An app with nothing but a status bar: every text, and when it came."""

    def __init__(self, clock):
        object.__setattr__(self, "clock", clock)
        object.__setattr__(self, "told", [])

    def __setattr__(self, name, value):
        assert name == "status_bar"
        self.told.append((self.clock.now, value))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(1000.0)
    monkeypatch.setattr(host, "time", types.SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.mark.parametrize("start", [0.0, 0.001, 1000.0, 1e9])  # a computer just started, or long ago
@pytest.mark.parametrize("step", [0.0, 0.001, 0.05, 0.125, 0.25])
def test_at_most_three_texts_a_second(clock, start, step):
    clock.now = start
    bar = Bar(clock)
    progress = host.Progress(bar)
    for number in range(200):
        progress(f"正在核对 {number}/200")
        clock.now += step
    moments = [moment for moment, _ in bar.told]
    assert bar.told[0] == (start, "正在核对 0/200"), "the first at once"
    for moment in moments:
        assert sum(moment <= other < moment + 1 - 1e-6 for other in moments) <= 3
    lasted = 199 * step
    assert len(moments) >= 1 + int(lasted / (host.STEADY + step)), "and it does go on"


@pytest.mark.parametrize(("wait", "shown"), [(0.0, ["一"]), (0.33, ["一"]), (0.34, ["一", "二"]), (60.0, ["一", "二"])])
def test_a_text_too_soon_is_left_out(clock, wait, shown):
    bar = Bar(clock)
    progress = host.Progress(bar)
    progress("一")
    clock.now += wait
    progress("二")
    assert [text for _, text in bar.told] == shown


def test_two_commands_do_not_wait_for_each_other(clock):
    bar = Bar(clock)
    for text in ("检查", "核对"):
        host.Progress(bar)(text)
    assert [text for _, text in bar.told] == ["检查", "核对"]
