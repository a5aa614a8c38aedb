"""Ribbon callbacks as real VBA: what they are given, what they give back, what they say."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests import calc

pytest_plugins = ("tests.calc.fixtures",)


def test_error_in_python_comes_to_the_test(stock, book, clerk):
    def main():
        raise ValueError("坏了")

    clerk.main = main
    with pytest.raises(ValueError, match="坏了"):
        stock.dispatch("myButton")


def test_modules_compile(stock):
    from .modules import Module, compile_errors

    assert stock.compile_errors() == []
    head = "Rem Attribute VBA_ModuleType=VBAModule\nOption VBASupport 1\n"
    bad = Module(head + "Sub A()\n  For i =\n  Next\nEnd Sub\n")
    assert compile_errors({"Good": Module(head), "Bad": bad, "Stock": stock.modules["xlwings"]}) == ["Bad", "Stock"]


CALLBACKS = """Rem Attribute VBA_ModuleType=VBAModule
Option VBASupport 1
Sub OnButton(control As IRibbonControl)
    RunPython "import quickstart_clerk; quickstart_clerk.seen('" & control.Id & "', '" & control.Tag & "')"
End Sub
Sub OnToggle(control As IRibbonControl, pressed As Boolean)
    If MsgBox("MsgBox " & pressed, vbYesNo, "Title: 1") = vbNo Then OnButton control
End Sub
Sub OnItem(control As IRibbonControl, id As String, index As Integer)
    RunPython "import quickstart_clerk; quickstart_clerk.seen('" & id & "', " & index & ")"
End Sub
Sub GetEnabled(control As IRibbonControl, ByRef returnedVal)
    returnedVal = Not ActiveWorkbook Is Nothing
End Sub
Sub GetLabel(control As IRibbonControl, ByRef returnedVal)
    returnedVal = ActiveWorkbook.Name & "!" & ActiveSheet.Name
End Sub
Sub GetContent(control As IRibbonControl, ByRef returnedVal)
    returnedVal = "<menu xmlns='http://schemas.microsoft.com/office/2009/07/customui'>" & _
        "<button id='form1' tag='T1' label='1' onAction='Calls.OnButton'/></menu>"
End Sub
Sub OnState(control As IRibbonControl)
    Dim state As String
    state = Application.Ready & Application.Interactive & (Application.ActiveProtectedViewWindow Is Nothing)
    If ActiveWorkbook Is Nothing Then Workbooks.Add Else state = state & ActiveWorkbook.ReadOnly & ActiveSheet.ProtectContents
    Application.StatusBar = state
    RunPython "import xlwings; xlwings.Book.caller().sheets[0]['A1'].value = 1"
    Application.StatusBar = False
End Sub
Sub Stops(control As IRibbonControl)
    Err.Raise 513, "here", "told so"
End Sub
"""
UI = """<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs><tab id="t"><group id="g">
<button id="check" tag="核对" onAction="Calls.OnButton" getEnabled="Calls.GetEnabled" getLabel="Calls.GetLabel"/>
<toggleButton id="toggle" onAction="Calls.OnToggle"/>
<dropDown id="choose" onAction="Calls.OnItem"/>
<dynamicMenu id="forms" getContent="Calls.GetContent"/>
<button id="state" onAction="Calls.OnState"/><button id="stops" onAction="Calls.Stops"/><button id="nowhere" onAction="Calls.NoSuch"/>
</group></tab></tabs></ribbon></customUI>"""


@pytest.fixture
def callbacks(stock, clerk, monkeypatch):
    """The stock add-in with more callbacks, put in as its own modules are; `clerk.told` is what they say."""
    from . import basic, ribbon

    if not stock._library.hasByName("Calls"):
        stock._library.insertByName("Calls", basic.adapted(CALLBACKS))
    monkeypatch.setattr(stock, "controls", ribbon.controls(ElementTree.fromstring(UI)))
    clerk.told = []
    clerk.seen = lambda *words: clerk.told.append(words)
    return stock


def test_control_objects_and_arguments(callbacks, clerk, app, book):
    callbacks.dispatch("check")
    callbacks.dispatch("choose", "2021申报表", 3)
    assert callbacks.open_menu("forms") == ["form1"]
    callbacks.dispatch("form1")
    assert clerk.told == [("check", "核对"), ("2021申报表", 3), ("form1", "T1")]


def test_message_boxes_of_vba(callbacks, clerk, app, book, monkeypatch):
    monkeypatch.setattr(app.impl, "alerts", [])
    monkeypatch.setattr(app.impl, "answer", "no")
    callbacks.dispatch("toggle", True)
    assert [(box.prompt, box.title, box.buttons) for box in app.impl.alerts] == [("MsgBox True", "Title: 1", "yes_no")]
    monkeypatch.setattr(app.impl, "answer", "yes")
    callbacks.dispatch("toggle", False)
    assert clerk.told == [("toggle", "")]


def test_values_of_callbacks_and_the_active_book(callbacks, app, book):
    sheet = book.sheets.add("乙")
    assert callbacks.callback("check", "getLabel") == f"{book.name}!{sheet.name}"
    assert callbacks.callback("check", "getEnabled") is True
    book.close()
    assert len(app.books) == 0
    assert callbacks.callback("check", "getEnabled") is False


def test_state_the_vba_sees(callbacks, app, book, monkeypatch):
    monkeypatch.setattr(app.impl, "statuses", [])
    callbacks.dispatch("state")
    monkeypatch.setitem(app.impl.native, "Ready", lambda: False)
    monkeypatch.setitem(app.impl.native, "ActiveProtectedViewWindow", lambda: "a window")
    book.impl.state["read_only"] = True
    book.sheets[0].api.Protect()
    with pytest.raises(Exception, match="protected"):
        callbacks.dispatch("state")
    book.close()
    callbacks.dispatch("state")
    shown = [text for text in app.impl.statuses if text]
    assert shown == ["TrueTrueTrueFalseFalse", "FalseTrueFalseTrueTrue", "FalseTrueFalse"]
    assert app.status_bar is False
    assert app.books.active.sheets[0]["A1"].value == 1
    app.books.active.close()


@pytest.mark.parametrize(("control", "words"), [("stops", "513: .*told so"), ("nowhere", "Calls.NoSuch")])
def test_vba_errors(callbacks, book, control, words):
    from .addin import VbaError

    with pytest.raises(VbaError, match=words):
        callbacks.dispatch(control)


def test_ribbon_object_notes_what_is_invalidated(callbacks, book):
    from . import basic

    library = callbacks._library
    head = "Rem Attribute VBA_ModuleType=VBAModule\nOption VBASupport 1\n"
    if not library.hasByName("Loading"):
        library.insertByName(
            "Loading", head + 'Sub OnLoad(r As IRibbonUI)\nr.InvalidateControl "undo"\nr.Invalidate\nEnd Sub\n'
        )
        library.insertByName("XlLoader", basic.loader("Loading.OnLoad"))
    callbacks._invoke("XlLoader.XlLoad")
    assert callbacks.invalidated == ["undo", "*"]
    assert callbacks.invalidated == []


# pictures


def test_pages_of_a_sheet(sheet, tmp_path):
    from PIL import Image

    from . import shot

    shot.needs_shots()
    sheet["A1:B1"].value, sheet["A1:B1"].color = ["项目", "金额"], (31, 78, 121)
    (page,) = shot.pages(sheet, tmp_path)
    assert (31, 78, 121) in {colour for _, colour in Image.open(page).convert("RGB").getcolors(1_000_000)}


def test_window_of_a_visible_app(app, tmp_path):
    from PIL import Image

    from . import display, shot

    if not display.has_xvfb():
        pytest.skip("Xvfb is not installed")
    with calc.running(visible=True) as shown:
        sheet = shown.books.add().sheets[0]
        sheet["A1:C9"].color = (31, 78, 121)
        file = shot.window(sheet, tmp_path / "窗口.png")
    assert (31, 78, 121) in {colour for _, colour in Image.open(file).getcolors(2_000_000)}
