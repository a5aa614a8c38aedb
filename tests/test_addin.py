"""The add-in: built without Excel, the same every time, and nothing in it that a received workbook could steer."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from tests.package_checks import check_audit, check_package, members
from xladdin import __version__
from xladdin.errors import XladdinError
from xladdin.excel.addin import package as addin
from xladdin.excel.addin import vba
from xladdin.excel.addin.commands import COMMANDS, TEXTS
from xladdin.excel.addin.ribbon import PART, ribbon_xml

pytest.importorskip("pyopenvba", reason="pyOpenVBA builds the add-in")
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return addin.build(tmp_path_factory.mktemp("addin") / "xladdin.xlam")


@pytest.fixture(scope="module")
def sources(built) -> dict[str, str]:
    """The modules as olevba reads them back."""
    olevba = pytest.importorskip("oletools.olevba")
    parser = olevba.VBA_Parser(str(built))
    try:
        return {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def plain(source: str) -> str:
    """Without the attribute lines that olevba hides or the container adds."""
    lines = source.replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not line.startswith("Attribute VB_")).strip()


# ---- the package


def test_built_twice_is_the_same_bytes(built, tmp_path):
    assert addin.build(tmp_path / "again.xlam").read_bytes() == built.read_bytes()
    with zipfile.ZipFile(built) as packed:
        assert {item.date_time[0] for item in packed.infolist()} == {1980}


def test_another_module_reads_the_same_sources(sources):
    wanted = vba.modules()
    assert set(wanted) == set(sources) - {"ThisWorkbook", "Sheet1"}
    for name, source in wanted.items():
        assert plain(sources[name]) == plain(source), name
    assert plain(sources["ThisWorkbook"]) == plain(sources["Sheet1"]) == ""


def test_excel_would_open_it(built):
    check_package(built.read_bytes())
    check_audit(built)


def test_it_is_an_addin_with_one_ribbon(built):
    """Of Excel 2010 and newer: a twin for 2007, which cannot compile the VBA, would show it dead buttons."""
    parts = members(built.read_bytes())
    relations = {node.get("Type"): node.get("Target") for node in etree.fromstring(parts["_rels/.rels"])}
    kinds = {kind: target for kind, target in relations.items() if kind.endswith("/ui/extensibility")}
    assert kinds == {"http://schemas.microsoft.com/office/2007/relationships/ui/extensibility": PART}
    assert [name for name in parts if name.startswith("customUI")] == [PART]
    assert parts[PART].decode() == ribbon_xml()
    types = etree.fromstring(parts["[Content_Types].xml"])
    book = types.find("{*}Override[@PartName='/xl/workbook.xml']").get("ContentType")
    assert book == "application/vnd.ms-excel.addin.macroEnabled.main+xml"


def test_no_compiled_code_is_left_for_excel_to_believe(built):
    """MS-OVBA 2.3.4.1: a project without a cache; every module is source from its first byte on."""
    olefile = pytest.importorskip("olefile")
    from oletools.olevba import decompress_stream

    project = olefile.OleFileIO(members(built.read_bytes())["xl/vbaProject.bin"])
    assert project.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000000")
    directory = decompress_stream(bytearray(project.openstream("VBA/dir").read()))
    offsets = re.findall(rb"\x31\x00\x04\x00\x00\x00(.{4})\x1e\x00", directory, re.DOTALL)
    assert len(offsets) == len(vba.modules()) + 2 and set(offsets) == {bytes(4)}
    for name in (*vba.modules(), "ThisWorkbook", "Sheet1"):
        source = decompress_stream(bytearray(project.openstream(f"VBA/{name}").read()))
        assert source.startswith(b"Attribute VB_Name"), name
    assert not [name for name in project.listdir() if "SRP" in name[-1]], "a cache of another kind"


def test_the_version_is_stamped_where_both_sides_find_it(built, sources):
    assert addin.version_of(built) == __version__
    assert f'ADDIN_VERSION As String = "{__version__}"' in sources["XladdinTable"]


def test_nobody_else_is_named_as_its_author(built):
    assert b"<dc:creator>xladdin</dc:creator>" in members(built.read_bytes())["docProps/core.xml"]


# ---- the VBA


def test_no_workbook_has_a_say_in_what_runs(sources):
    python, everything = sources["XladdinPython"], "\n".join(sources.values())
    assert not re.search(r"Active|Workbooks|Sheets|Environ|PYTHONPATH", python)
    assert re.findall(r'\S*\.conf"', python) == ['"\\xladdin\\xladdin.conf"'] and "ThisWorkbook.Path" in python
    assert '" -E -P -X utf8 -B -c " & Quoted(opened & code)' in python
    assert everything.count(".Run(") == 1 and not re.search(r"\b(Shell|RunFrozenPython|Declare)\b *[( ]", everything)
    assert "Auto_Open" not in everything and "Workbook_Open" not in everything
    assert everything.isascii()


def code_of(source: str) -> str:
    """Without comments and without what stands between quotes."""
    return "\n".join(re.sub(r'"[^"]*"', '""', line).partition("'")[0] for line in source.splitlines())


def test_cmd_is_not_passed_and_no_code_page_matters(sources):
    """Neither the command processor nor VBA's own file and environment functions, which speak in the code page."""
    for name, source in sources.items():
        assert not re.search(r"cmd|%COMSPEC%|2>|/C ", re.sub(r"(?m)'.*$", "", source), re.IGNORECASE), name
        ansi = r"\b(Open|Input|Print|GetAttr|Dir|Kill|Environ|FileCopy|ChDir|CurDir)\b(?! Then)"
        assert not re.search(ansi, code_of(source).replace("OpenTextFile", "")), name
    boxes = [
        (name, line.strip()) for name, source in sources.items() for line in source.splitlines() if "MsgBox" in line
    ]
    assert boxes == [("XladdinGuard", 'MsgBox message, vbInformation, TextOf("title")')], "only where Popup is denied"


def test_one_switch_of_windows_asks_the_ribbon_no_more_than_it_must(sources):
    watched = re.findall(r"Private Sub App_(\w+)\(", sources["XladdinEvents"])
    assert watched == ["WindowActivate", "WindowDeactivate"]


def test_blocks_are_balanced(sources):
    for name, source in sources.items():
        for word in ("Sub", "Function"):
            opened = re.findall(rf"(?m)^\s*(?:Public |Private )?{word} \w+", source)
            assert len(opened) == len(re.findall(rf"(?m)^End {word}\b", source)), name
        ifs = re.findall(r"(?m)^\s*If .* Then\s*(?:'.*)?$", source)
        assert len(ifs) == len(re.findall(r"(?m)^\s*End If", source)), name
        assert not re.search(r"(?m)^\s*#", source), f"{name}: a branch left undecided"


def test_chinese_in_a_module_stops_the_build(monkeypatch):
    monkeypatch.setattr(vba, "table_module", lambda: "' 中文")
    with pytest.raises(XladdinError, match="问号"):
        vba.modules()


def test_without_the_builder_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyopenvba", None)
    with pytest.raises(XladdinError, match=r"pip install xladdin\[addin\]"):
        addin.package()


FAKES = """
Public TheApp As New FakeApp
Public TheBook As Object
Public TheSheet As New FakeSheet
Public Said As String
Public Ran As String
Public Added As Object
Public Puts As String
Public KeyThen As Variant
Public InputThen As Variant
Public NoPopup As Boolean
Public Sub Reset()
    NoPopup = False: InputThen = "not run"
    Set Added = Nothing
    Puts = "": KeyThen = "not run"
    Set TheApp = New FakeApp
    Set TheSheet = New FakeSheet
    Set TheBook = New FakeBook
    Said = "": Ran = ""
    TheApp.Ready = True: TheApp.Interactive = True: TheApp.EnableCancelKey = 1
    TheBook.Sheets.Add TheSheet
    TheSheet.Name = "Sheet1"
End Sub
Public Sub NoBook()
    Set TheBook = Nothing
End Sub
Public Sub Protected()
    Set TheApp.ActiveProtectedViewWindow = New FakeSheet
End Sub
Public Sub Editing()
    TheApp.Ready = False
End Sub
Public Sub Frozen()
    TheApp.Interactive = False
End Sub
Public Sub ReadOnlyBook()
    TheBook.ReadOnly = True
End Sub
Public Sub ProtectedSheet()
    TheSheet.ProtectContents = True
End Sub
Public Sub ConfigSheet()
    TheSheet.Name = "XLADDIN.conf"
End Sub
Public Sub CodeSheet()
    TheSheet.Name = "evil.py"
End Sub
Public Sub Addbook()
    Set TheBook = New FakeBook
    TheBook.Saved = True
    Set Added = TheBook
End Sub
Public Function RunPython(PythonCommand As String)
    Ran = Ran & PythonCommand
    KeyThen = TheApp.EnableCancelKey
    InputThen = TheApp.Interactive
    If Not Added Is Nothing Then
        If Puts = "cell" Then Added.Saved = False
        If Puts = "file" Then Added.Path = "C:\"
    End If
    If Puts = "error" Then Err.Raise 513, "here", "blocked"
End Function
Public Sub WillPut(what As String)
    Puts = what
End Sub
Public Function Key() As Variant
    Key = TheApp.EnableCancelKey
End Function
Public Function InputOn() As Variant
    InputOn = TheApp.Interactive
End Function
Public Function InputWhileItRan() As Variant
    InputWhileItRan = InputThen
End Function
Public Sub DenyPopup()
    NoPopup = True
End Sub
Public Sub Popup(message, seconds, title, kind)
    If NoPopup Then Err.Raise 429, "here", "ActiveX component can't create object"
    Said = Said & message
End Sub
Public Sub OldBox(message, kind, title)
    Said = Said & "old box: " & message
End Sub
Public Function KeyWhileItRan() As Variant
    KeyWhileItRan = KeyThen
End Function
Public Function Left() As String
    If Added Is Nothing Then
        Left = "none made"
    ElseIf Added.Closed Then
        Left = "closed"
    Else
        Left = "open"
    End If
End Function
Public Function WhatWasSaid() As String
    WhatWasSaid = Said
End Function
Public Function WhatRan() As String
    WhatRan = Ran
End Function
Public Sub Press(id As String)
    Dim control As New FakeSheet
    control.Id = id
    OnAction control
End Sub
Public Function IsEnabled(id As String) As Boolean
    Dim control As New FakeSheet, answer
    control.Id = id
    GetEnabled control, answer
    IsEnabled = answer
End Function
"""
FAKE_CLASSES = {
    "FakeApp": "Public Ready As Boolean\nPublic Interactive As Boolean\nPublic ActiveProtectedViewWindow As Object\n"
    "Public StatusBar As Variant\nPublic EnableCancelKey As Variant\n",
    "FakeBook": "Public ReadOnly As Boolean\nPublic Sheets As New Collection\nPublic Saved As Boolean\n"
    "Public Path As String\nPublic Closed As Boolean\nPublic Sub Close(save)\nClosed = True\nEnd Sub\n",
    "FakeSheet": "Public Id As String\nPublic Name As String\nPublic ProtectContents As Boolean\n",
}


@pytest.fixture(scope="module")
def excel():
    """Our modules in pyOpenVBA's interpreter, with stand-ins for what is Excel's."""
    from pyopenvba.apps.excel import ExcelApplication

    app = ExcelApplication()
    for name, source in FAKE_CLASSES.items():
        app.add_module(source, name=name, kind="class")
    app.add_module(FAKES, name="Fakes")
    for name in ("XladdinTable", "XladdinGuard", "XladdinRibbon"):
        source = vba.modules()[name].replace("Private watcher As XladdinEvents", "Private watcher As Object")
        source = source.replace("Set watcher = New XladdinEvents", "").replace("Workbooks.Add", "Addbook")
        source = source.replace("Host.Popup ", "Popup ").replace("MsgBox ", "OldBox ")
        for real, fake in (("ActiveWorkbook", "TheBook"), ("ActiveSheet", "TheSheet"), ("Application.", "TheApp.")):
            source = source.replace(real, fake)
        app.add_module(source, name=name)
    return app


CALL = "from xladdin.excel import bridge; bridge.run('{}')"
STATES = [
    # what is the matter, and what a command that needs nothing, a book, an editable book then does
    ("Reset", [None, None, None]),
    ("NoBook", [None, "no_book", "no_book"]),
    ("Protected", [None, "protected_view", "protected_view"]),
    ("Editing", ["editing"] * 3),
    ("Frozen", ["editing"] * 3),
    ("ReadOnlyBook", [None, None, "read_only"]),
    ("ProtectedSheet", [None, None, "sheet_protected"]),
    ("ConfigSheet", ["config_sheet"] * 3),
    ("CodeSheet", [None, None, None]),
]


@pytest.mark.parametrize(("state", "refusals"), STATES, ids=[state for state, _ in STATES])
def test_guards(excel, state, refusals):
    for command, refusal in zip(("help", "check", "rescore"), refusals, strict=True):
        excel.run("Reset")
        excel.run(state)
        excel.run("Press", command)
        assert excel.run("WhatWasSaid") == (TEXTS[refusal] if refusal else "")
        assert excel.run("WhatRan") == ("" if refusal else CALL.format(command))


@pytest.mark.parametrize(
    ("state", "greyed"),
    [("Reset", ""), ("NoBook", "check rescore"), ("Protected", "check rescore"), ("ReadOnlyBook", "rescore")],
)
def test_buttons_are_grey_when_they_cannot_run(excel, state, greyed):
    excel.run("Reset")
    excel.run(state)
    assert [item for item in ("help", "check", "rescore") if not excel.run("IsEnabled", item)] == greyed.split()


LEFT = [  # whether there was a workbook, what the command did, what became of the one made for its window
    ("Reset", "", "none made"),
    ("NoBook", "", "closed"),
    ("NoBook", "error", "closed"),
    ("NoBook", "cell", "open"),
    ("NoBook", "file", "open"),
]


@pytest.mark.parametrize(("state", "puts", "left"), LEFT, ids=[f"{row[0]}-{row[1]}" for row in LEFT])
def test_a_workbook_made_for_its_window_goes_again(excel, state, puts, left):
    for _ in range(2):  # the second click begins afresh
        excel.run("Reset")
        excel.run(state)
        excel.run("WillPut", puts)
        excel.run("Press", "help")
        assert excel.run("Left") == left
        assert excel.run("WhatWasSaid") == (TEXTS["failed"] if puts == "error" else "")


@pytest.mark.parametrize("puts", ["", "error"])
def test_esc_does_not_break_off_the_waiting(excel, puts):
    excel.run("Reset")
    excel.run("WillPut", puts)
    excel.run("Press", "check")
    assert (excel.run("KeyWhileItRan"), excel.run("Key")) == (0, 1)


@pytest.mark.parametrize("puts", ["", "error"])
def test_nothing_can_be_clicked_while_python_works_and_everything_afterwards(excel, puts):
    excel.run("Reset")
    excel.run("WillPut", puts)
    excel.run("Press", "check")
    assert (excel.run("InputWhileItRan"), excel.run("InputOn")) == (False, True)
    excel.run("Frozen")  # what another program has switched off is not switched on by a click that is refused
    excel.run("Press", "check")
    assert excel.run("InputOn") is False


def test_where_windows_denies_its_box_vba_shows_its_own(excel):
    excel.run("Reset")
    excel.run("NoBook")
    excel.run("DenyPopup")
    excel.run("Press", "check")
    assert excel.run("WhatWasSaid") == "old box: " + TEXTS["no_book"]


@pytest.mark.parametrize("text", ["", "Check", "check ", "x'); import os; os.system('calc", "new"])
def test_no_other_text_gets_through(excel, text):
    excel.run("Reset")
    excel.run("Press", text)
    assert (excel.run("WhatRan"), excel.run("WhatWasSaid")) == ("", TEXTS["unknown"])


def test_every_button_and_every_message_arrives(excel):
    for command in COMMANDS:
        excel.run("Reset")
        excel.run("Press", command.id)
        assert excel.run("WhatRan") == CALL.format(command.id)
    for key, text in TEXTS.items():
        assert excel.run("TextOf", key) == text


# ---- the wheel


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="needs the build backend")
def test_the_wheel_carries_the_addin(tmp_path, built):
    code = f"import hatchling.build as b; print(b.build_wheel({str(tmp_path)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(tmp_path / done.stdout.strip().splitlines()[-1]) as wheel:
        assert wheel.read("xladdin/data/xladdin.xlam") == built.read_bytes()
        names = set(wheel.namelist())
        assert {f"xladdin/macros/{path.name}" for path in (ROOT / "macros").glob("*.bas")} <= names
        assert not [name for name in names if "hatch_build" in name]


def test_the_build_takes_what_the_extra_names():
    says = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hook = says["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
    extras = says["project"]["optional-dependencies"]
    assert hook["dependencies"] == extras["addin"]
    assert set(extras["addin"]) <= set(extras["test"])
    assert extras["excel"] == [], "kept for the install lines of earlier versions"
