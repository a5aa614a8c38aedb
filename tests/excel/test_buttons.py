"""Every button up to Python's door: the built add-in's own VBA, what it greys, what it refuses, what it hands on.

What happens behind the door is in test_every_button and test_every_check; what may stand in its way, in test_faults.
"""

from __future__ import annotations

import pytest

from xladdin.excel import bridge
from xladdin.excel.addin.commands import COMMANDS, TEXTS

from .pressing import DECLARED


@pytest.fixture
def handed_on(monkeypatch):
    """The ids that reach Python; nothing is done with them."""
    called = []
    monkeypatch.setattr(bridge, "run", called.append)
    return called


def test_the_vba_compiles(desk):
    assert desk.addin.compile_errors() == []


def test_the_module_that_starts_python_compiles(desk):
    """The harness puts a stub in its place, so it is tried alone."""
    from tests.calc.modules import Module, compile_errors

    source = desk.addin.modules["XladdinPython"].source
    broken = source.replace("\n    Loop\n", "\n")
    assert compile_errors({"Python": Module(source), "Broken": Module(broken)}) == ["Broken"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_only_the_id_crosses_to_python(desk, handed_on, command):
    desk.open(DECLARED)
    assert desk.press(command.id) == []
    assert desk.codes == (f"from xladdin.excel import bridge; bridge.run('{command.id}')",)
    assert handed_on == [command.id]


# ---- situations


def no_workbook(desk):
    assert len(desk.app.books) == 0


def open_workbook(desk):
    desk.open(DECLARED)


def new_workbook(desk):
    desk.app.books.add()


def protected_view(desk):
    open_workbook(desk)
    desk.app.impl.native["ActiveProtectedViewWindow"] = lambda: 1


def only_protected_view(desk):
    """A file from the mail, and nothing else."""
    desk.app.impl.native["ActiveProtectedViewWindow"] = lambda: 1


def read_only(desk):
    desk.open(DECLARED, read_only=True)


def protected_sheet(desk):
    desk.open(DECLARED).sheets[0].api.Protect("密")


def editing(desk):
    open_workbook(desk)
    desk.app.impl.native["Ready"] = lambda: False


def dialog_open(desk):
    open_workbook(desk)
    desk.app.impl.interactive = False


def config_sheet(desk):
    desk.open(DECLARED).sheets.add("XLADDIN.conf")


def stock_config_sheet(desk):
    desk.open(DECLARED).sheets.add("xlwings.conf")


ALL = {"nothing", "book", "editable"}
ENABLED = [  # the situation, and the needs it meets; where only a click can tell, the button stays on
    (no_workbook, {"nothing"}),
    (open_workbook, ALL),
    (new_workbook, ALL),
    (protected_view, {"nothing"}),
    (only_protected_view, {"nothing"}),
    (read_only, {"nothing", "book"}),
    (protected_sheet, ALL),
    (editing, ALL),
]


@pytest.mark.parametrize(("situation", "met"), ENABLED, ids=[row[0].__name__ for row in ENABLED])
def test_buttons_are_greyed_by_what_they_need(desk, situation, met):
    situation(desk)
    asked = len(desk.addin.codes)
    enabled = {command.id: desk.addin.callback(command.id, "getEnabled") for command in COMMANDS}
    assert enabled == {command.id: command.needs in met for command in COMMANDS}
    assert {type(value) for value in enabled.values()} == {bool}
    assert len(desk.addin.codes) == asked, "asking starts nothing"


REFUSED = [  # the situation, the needs that are refused, the message's name in TEXTS
    (no_workbook, {"book", "editable"}, "no_book"),
    (open_workbook, set(), None),
    (editing, ALL, "editing"),
    (dialog_open, ALL, "editing"),
    (protected_view, {"book", "editable"}, "protected_view"),
    (only_protected_view, {"book", "editable"}, "protected_view"),
    (read_only, {"editable"}, "read_only"),
    (protected_sheet, {"editable"}, "sheet_protected"),
    (config_sheet, ALL, "config_sheet"),
    (stock_config_sheet, ALL, "config_sheet"),
]


@pytest.mark.parametrize(("situation", "refused", "text"), REFUSED, ids=[row[0].__name__ for row in REFUSED])
def test_what_cannot_run_is_refused_in_vba(desk, handed_on, monkeypatch, situation, refused, text):
    monkeypatch.setattr(desk.app.impl, "interactive", True)
    situation(desk)
    before, state = desk.looks(), desk.state()
    for command in COMMANDS:
        handed_on.clear()
        said = desk.press(command.id)
        if command.needs in refused:
            assert (said, desk.codes, handed_on) == ([TEXTS[text]], (), []), command.id
        else:
            assert (said, handed_on) == ([], [command.id]), command.id
            if situation in (no_workbook, only_protected_view):  # Python finds Excel by a workbook's window
                assert [book.name for book in desk.app.books] == ["Book1"]
                desk.app.books.active.close()
        assert (desk.looks(), desk.state()) == (before, state)


def test_after_a_click_the_ribbon_is_asked_to_look_again(desk, handed_on):
    open_workbook(desk)
    _ = desk.addin.invalidated  # what was asked for so far
    desk.press("check")
    assert desk.addin.invalidated == ["*"]
    assert desk.addin.invalidated == []
