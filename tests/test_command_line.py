"""The command line by which the add-in's VBA starts Python: made by its own code, and taken by Python as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from xladdin import __version__
from xladdin.excel.addin import vba
from xladdin.excel.addin.commands import TEXTS

pytest.importorskip("pyopenvba", reason="its interpreter runs the VBA")
ROOT = Path(__file__).parents[1]

STANDINS = """
Public Told As String
Public Shown As String
Public Left_ As String
Public Where As String
Public Made As New FakeWindows
Public Function TheHost() As Object
    Set TheHost = Made
End Function
Public Sub Say(message As String)
    Shown = Shown & message
End Sub
Public Function Started(exitCode As Long, missing As String) As String
    Set Made = New FakeWindows
    Made.Code = exitCode: Made.Missing = missing: Made.CurrentDirectory = "D:\\mine"
    Shown = ""
    RunPython "from xladdin.excel import bridge; bridge.run('check')"
    Started = Made.Told & "|" & Made.Where & "|" & Made.CurrentDirectory & "|" & Made.Deleted & "|" & Shown
End Function
"""
# One stand-in for WScript.Shell, FileSystemObject and the settings file as that reads it.
WINDOWS = """
Public CurrentDirectory As String
Public Code As Long
Public Missing As String
Public Told As String
Public Where As String
Public Deleted As String
Private at As Long
Public Function Run(line, style, wait)
    Told = style & wait & line
    Where = CurrentDirectory
    Run = Code
End Function
Public Function FileExists(path)
    FileExists = path <> "" And (Missing = "" Or InStr(path, Missing) = 0)
End Function
Public Function GetSpecialFolder(kind)
    GetSpecialFolder = "C:\\Temp"
End Function
Public Function GetTempName()
    GetTempName = "rad1.tmp"
End Function
Public Function BuildPath(folder, name)
    BuildPath = folder & "\\" & name
End Function
Public Function GetParentFolderName(path)
    GetParentFolderName = Left(path, InStrRev(path, "\\") - 1)
End Function
Public Sub DeleteFile(path)
    If Not FileExists(path) Then Err.Raise 53, "here", "File not found"
    Deleted = path
End Sub
Public Function OpenTextFile(path, mode, create, unicode)
    at = 0
    If path = "C:\\start\\xladdin\\xladdin.conf" And mode = 1 And unicode = -1 Then Set OpenTextFile = Me
End Function
Public Function AtEndOfStream()
    AtEndOfStream = at = 2
End Function
Public Function ReadLine()
    at = at + 1
    ReadLine = Array("PYTHON of this add-in", "PYTHON=D:\\Program Files\\a=b & c\\pythonw.exe")(at - 1)
End Function
Public Sub Close()
End Sub
"""
LINE = (
    r'1True"D:\Program Files\a=b & c\pythonw.exe" -E -P -X utf8 -B -c '
    "\"import sys; sys.stderr = open(sys.argv[1], 'w', 1, 'utf-8'); from xladdin.excel import bridge; bridge.run('check')\""
    rf' "C:\Temp\xladdin-rad1.log" --addin={__version__} --hwnd=4711'
)
FOLDER, LOG = r"D:\Program Files\a=b & c", r"C:\Temp\xladdin-rad1.log"
ENDS = [  # the exit code, the file that is missing, the line that was run and where, the log deleted, what is said
    (0, "", LINE, FOLDER, LOG, ""),
    (0, ".log", LINE, FOLDER, "", ""),
    (1, "", LINE, FOLDER, "", TEXTS["not_started"] + "\r\n" + LOG),
    (1, ".log", LINE, FOLDER, "", TEXTS["not_run"]),
    (0, "pythonw.exe", "", "", "", TEXTS["not_installed"]),
    (0, ".conf", "", "", "", TEXTS["not_installed"]),
]


@pytest.mark.parametrize("end", ENDS, ids=[f"{end[0]}-{end[1]}" for end in ENDS])
def test_the_command_line(end):
    """Excel starts Python itself, in its own folder, and is put back where it was."""
    from pyopenvba.apps.excel import ExcelApplication

    code, missing, line, folder, deleted, said = end
    app = ExcelApplication()
    source = vba.modules()["XladdinPython"].replace('CreateObject("Scripting.FileSystemObject")', "TheHost")
    source = source.replace("Host.", "TheHost.").replace("ThisWorkbook.Path", '"C:\\start"')
    source = source.replace("Application.Hwnd", "4711")
    app.add_module(WINDOWS, name="FakeWindows", kind="class")
    app.add_module(STANDINS, name="Standins")
    app.add_module(vba.modules()["XladdinTable"], name="XladdinTable")
    app.add_module(source, name="XladdinPython")
    told = app.run("Started", code, missing).split("|")
    assert told == [line, folder, r"D:\mine", deleted, said]


def test_python_takes_the_command_line_as_it_is(tmp_path):
    """The log is open before anything can go wrong, and what goes wrong stands in it, in UTF-8."""
    line = LINE.partition('"D:')[2].partition('" ')[2].replace(r"C:\Temp\xladdin-rad1.log", "LOG")
    words = re.findall(r'"([^"]*)"|(\S+)', line.replace("bridge.run('check')", "raise SystemError('坏了')"))
    log = tmp_path / "日 志.log"
    words = [(quoted or plain).replace("LOG", str(log)) for quoted, plain in words]
    done = subprocess.run([sys.executable, *words], capture_output=True, cwd=ROOT, env={"SYSTEMROOT": ""})
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert "坏了" in log.read_text(encoding="utf-8") and "xlwings" not in log.read_text(encoding="utf-8")
