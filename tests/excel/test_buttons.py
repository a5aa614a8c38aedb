"""Every button end to end: the built add-in in a live spreadsheet, its own VBA, the bridge, the command.

The control's id goes in as the ribbon would give it; what comes out is looked at in the open workbook, in the
message the clerk sees, and in the saved file.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

import xladdin
from tests import calc
from xladdin.demo import example
from xladdin.excel.commands import COMMANDS, TEXTS

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")


@pytest.fixture(scope="module")
def app():
    with calc.running() as app:
        yield app


@pytest.fixture(scope="module")
def addin(app, tmp_path_factory):
    from xladdin.excel.addin import build

    with calc.load_addin(app, build(tmp_path_factory.mktemp("addin") / "xladdin.xlam")) as addin:
        yield addin


@pytest.fixture(autouse=True)
def alone(app):
    """Every test begins and ends without an open book, and with Excel as it usually stands."""
    app.impl.alerts.clear()
    usual = dict(app.impl.native)
    yield
    app.impl.native.clear()
    app.impl.native.update(usual)
    for book in list(app.books):
        book.close()


def opened(app, folder, name, record):
    path = folder / name
    path.write_bytes(xladdin.fill(record))
    return app.books.open(str(path))


@pytest.fixture
def pair(app, tmp_path):
    return opened(app, tmp_path, "申报 表.xlsx", DECLARED), opened(app, tmp_path, "自评=表 1.xlsx", EVALUATED)


def pressed(addin, command_id):
    """Press a button; the messages shown, and the Python the VBA asked for."""
    addin.app.impl.alerts.clear()
    codes = addin.dispatch(command_id)
    return [alert.prompt if hasattr(alert, "prompt") else alert[0] for alert in addin.app.impl.alerts], codes


def state(app):
    return app.screen_updating, app.calculation, app.enable_events, app.status_bar


def test_the_vba_compiles(addin):
    assert addin.compile_errors() == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_only_the_id_crosses_to_python(addin, app, pair, monkeypatch, command):
    from xladdin.excel import bridge

    called = []
    monkeypatch.setattr(bridge, "run", called.append)
    _, codes = pressed(addin, command.id)
    assert codes == [f"from xladdin.excel import bridge; bridge.run('{command.id}')"]
    assert called == [command.id]


def test_reconcile_next_clear(addin, app, pair):
    declared, evaluated = pair
    before = state(app)
    said, _ = pressed(addin, "reconcile")
    assert len(said) == 1
    assert "10 处错误" in said[0]
    assert "核对结果" in [sheet.name for sheet in evaluated.sheets]
    evaluated.activate()
    assert pressed(addin, "next")[0] == []
    assert (app.books.active.name, app.selection.address) == ("自评=表 1.xlsx", "$D$7")
    assert "已还原" in pressed(addin, "clear_marks")[0][0]
    assert state(app) == before
    evaluated.save()
    saved = xladdin.read(evaluated.fullname)
    assert [record.project for record in saved] == [EVALUATED.project]


def test_check_this(addin, app, tmp_path):
    book = opened(app, tmp_path, "申报.xlsx", DECLARED)
    said, _ = pressed(addin, "check")
    assert "2 处错误" in said[0]
    assert book.sheets.active.name == "核对结果"


REFUSED = [  # the situation, the button, the message's name in TEXTS
    ("no book", "check", "no_book"),
    ("editing", "reconcile", "editing"),
    ("protected view", "check", "protected_view"),
    ("read only", "clear_marks", "read_only"),
    ("protected sheet", "clear_marks", "sheet_protected"),
    ("config sheet", "check", "config_sheet"),
]


@pytest.mark.parametrize(("situation", "button", "text"), REFUSED)
def test_what_cannot_run_is_refused_in_vba(addin, app, tmp_path, situation, button, text):
    if situation != "no book":
        book = opened(app, tmp_path, "表.xlsx", DECLARED)
    if situation == "editing":
        app.impl.native["Ready"] = lambda: False
    elif situation == "protected view":
        app.impl.native["ActiveProtectedViewWindow"] = lambda: 1
    elif situation == "read only":
        book.impl.state["read_only"] = True
    elif situation == "protected sheet":
        book.sheets[0].api.Protect("x")
    elif situation == "config sheet":
        book.sheets.add("xladdin.conf")
    said, codes = pressed(addin, button)
    assert (said, codes) == ([TEXTS[text]], [])


def test_an_error_is_a_sentence_and_nothing_changes(addin, app, tmp_path):
    book = app.books.add()
    before = [sheet.name for sheet in book.sheets], state(app)
    said, _ = pressed(addin, "check")
    assert "没有申报表或自评表" in said[0]
    assert ([sheet.name for sheet in book.sheets], state(app)) == before


def test_a_bug_is_a_sentence_and_a_log(addin, app, pair, monkeypatch, tmp_path):
    from xladdin.excel import actions

    def broken(book):
        raise RuntimeError("secret detail")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(actions, "check_this", broken)
    before = state(app)
    said, _ = pressed(addin, "check")
    assert "程序出了意外" in said[0]
    assert "secret" not in said[0]
    assert "secret detail" in next(tmp_path.rglob("*.log")).read_text("utf-8")
    assert state(app) == before


def test_the_wrong_other_book(addin, app, tmp_path):
    opened(app, tmp_path, "申报.xlsx", DECLARED)
    other = replace(EVALUATED, project="道路养护", indicators=(replace(EVALUATED.indicators[0], name="里程"),))
    opened(app, tmp_path, "自评.xlsx", other)
    said, _ = pressed(addin, "reconcile")
    assert "无法判定" in said[0]
