"""What the VBA of an installed add-in starts when a button is pressed: its own code, run with stand-ins for Windows."""

from __future__ import annotations

from pathlib import Path

WINDOWS = """
Public CurrentDirectory As String
Public Told As String
Private at As Long
Public Function Run(line, style, wait)
    Told = CurrentDirectory & vbTab & line
End Function
Public Function FileExists(path)
    FileExists = True
End Function
Public Function GetSpecialFolder(kind)
    GetSpecialFolder = "{temp}"
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
End Sub
Public Function OpenTextFile(path, mode, create, unicode)
    at = 0
    If path = "{settings}" Then Set OpenTextFile = Me
End Function
Public Function AtEndOfStream()
    AtEndOfStream = at = {count}
End Function
Public Function ReadLine()
    at = at + 1
    ReadLine = Array({lines})(at - 1)
End Function
Public Sub Close()
End Sub
"""
PRESS = """
Public Made As New Windows
Public Function TheHost() As Object
    Set TheHost = Made
End Function
Public Sub Say(message As String)
    Made.Told = message
End Sub
Public Function Pressed(code As String) As String
    Made.CurrentDirectory = "C:\\"
    RunPython code
    Pressed = Made.Told
End Function
"""


def pressed(addin: Path, startup: str, temp: str, code: str) -> tuple[str, str]:
    """The folder and the command line for a piece of code. startup: XLSTART as Windows knows it, where the add-in lies."""
    from pyopenvba import ExcelFile
    from pyopenvba.apps.excel import ExcelApplication

    with ExcelFile(addin) as book:
        source, table = (book.get_module(name) for name in ("XladdinPython", "XladdinTable"))
    source = source.replace('CreateObject("Scripting.FileSystemObject")', "TheHost").replace("Host.", "TheHost.")
    source = source.replace("ThisWorkbook.Path", f'"{startup}"').replace("Application.Hwnd", "4711")
    settings = (addin.parent / "xladdin" / "xladdin.conf").read_text(encoding="utf-16").splitlines()
    values = {
        "{temp}": temp,
        "{settings}": rf"{startup}\xladdin\xladdin.conf",
        "{count}": str(len(settings)),
        "{lines}": ", ".join(f'"{line}"' for line in settings),
    }
    windows = WINDOWS
    for name, value in values.items():
        windows = windows.replace(name, value)
    app = ExcelApplication()
    app.add_module(windows, name="Windows", kind="class")
    for name, text in {"Press": PRESS, "XladdinTable": table, "XladdinPython": source}.items():
        app.add_module(text, name=name)
    folder, line = app.run("Pressed", code).split("\t")
    return folder, line
