"""The VBA put beside the add-in's own: a stub RunPython, what Excel would answer, and one caller a callback."""

from __future__ import annotations

import re

_HEAD = "Rem Attribute VBA_ModuleType=VBAModule\nOption VBASupport 1\n"
_CLASS = "Rem Attribute VBA_ModuleType=VBAClassModule\nOption VBASupport 1\nOption ClassModule\n"

_TEXT_OR_COMMENT = re.compile(r'("[^"]*"|\'.*$)')
_OURS = {  # what the stub answers in LibreOffice's place; the longest names first
    r"(?:Application\.)?(?:ActiveWorkbook\.)?ActiveSheet": "XlActiveSheet",
    r"(?:Application\.)?ActiveWorkbook": "XlActiveWorkbook",
    r"(?:Application\.)?Workbooks\.Add": "XlAddBook",
    r"Application(?=\.(?:Ready|Interactive|ActiveProtectedViewWindow|StatusBar)\b)": "XlApplication",
    r"(?:VBA\.)?MsgBox": "XlMsgBox",
    r"Host\.Popup": "XlPopup",  # of WScript.Shell, which the runner's module hands out
}
_REPLACED = [(re.compile(rf"(?<![\w.]){theirs}\b", re.I), ours) for theirs, ours in _OURS.items()]

RUNNER = (
    _HEAD
    + """
Global XlHook As Object
Global XlBook As Object
Global XlExcel As Object
Sub XlSetHook(hook)
    Set XlHook = hook
    Set XlExcel = New XlExcelClass
End Sub
Sub XlSetState(ready, interactive, shielded)
    XlExcel.Ready = ready
    XlExcel.Begin interactive
    Set XlExcel.ActiveProtectedViewWindow = Nothing
    If shielded Then Set XlExcel.ActiveProtectedViewWindow = New XlControl
End Sub
Sub XlSetBook(book, name, fullName, path, isReadOnly, sheetName)
    Set XlBook = New XlBookClass
    Set XlBook.Sheets = book.Sheets
    Set XlBook.Worksheets = book.Worksheets
    Set XlBook.ActiveSheet = book.Worksheets(sheetName)
    XlBook.Name = name
    XlBook.FullName = fullName
    XlBook.Path = path
    XlBook.ReadOnly = isReadOnly
    XlBook.ProtectStructure = book.ProtectStructure
    XlBook.Saved = book.Saved
End Sub
Sub XlSetNoBook()
    Set XlBook = Nothing
End Sub
Public Function XlApplication()
    Set XlApplication = XlExcel
End Function
Public Function XlActiveWorkbook()
    Set XlActiveWorkbook = XlBook
End Function
Public Function XlActiveSheet()
    Set XlActiveSheet = XlBook.ActiveSheet
End Function
Public Sub XlAddBook()
    XlHook.expandMacros "book:"
End Sub
Public Function RunPython(PythonCommand As String)
    RunPython = XlHook.expandMacros("python:" & PythonCommand)
End Function
Public Sub XlPopup(text, seconds, title, kind)
    XlMsgBox text, kind, title
End Sub
Public Function XlMsgBox(Prompt, Optional Buttons, Optional Title)
    Dim number, heading
    number = 0
    heading = ""
    If Not IsMissing(Buttons) Then number = Buttons
    If Not IsMissing(Title) Then heading = Title
    XlMsgBox = CInt(XlHook.expandMacros("message:" & number & ":" & Len(heading) & ":" & heading & Prompt))
End Function
"""
)

_EXCEL = (
    _CLASS
    + """
Public Ready As Boolean
Public ActiveProtectedViewWindow As Object
Private shown
Private takesInput As Boolean
Public Sub Begin(interactive)
    takesInput = interactive
End Sub
Public Property Get Interactive()
    Interactive = takesInput
End Property
Public Property Let Interactive(value)
    takesInput = value
    XlHook.expandMacros "interactive:" & CInt(CBool(value))
End Property
Public Property Get StatusBar()
    StatusBar = shown
End Property
Public Property Let StatusBar(value)
    shown = value
    XlHook.expandMacros "status:" & value
End Property
"""
)

_BOOK = (
    _CLASS
    + """
Public Name As String
Public FullName As String
Public Path As String
Public ReadOnly As Boolean
Public ProtectStructure As Boolean
Public Saved As Boolean
Public Sheets As Object
Public Worksheets As Object
Public ActiveSheet As Object
"""
)

_CONTROL = _CLASS + "Public Id As String\nPublic Tag As String\nPublic Context As Object\n"

_RIBBON = (
    _CLASS
    + """
Public Calls As String
Public Sub Invalidate()
    Calls = Calls & "*" & Chr(10)
End Sub
Public Sub InvalidateControl(ControlID)
    Calls = Calls & ControlID & Chr(10)
End Sub
Public Sub ActivateTab(ControlID)
End Sub
"""
)

CLASSES = {"XlControl": _CONTROL, "XlRibbon": _RIBBON, "XlExcelClass": _EXCEL, "XlBookClass": _BOOK}

_CALLER = """
Function {name}(id, tag, given, index)
    On Error GoTo failed
    Dim c As New XlControl
    Dim result
    c.Id = id
    c.Tag = tag
    {procedure} c{arguments}
    {name} = Array("done", result)
    Exit Function
failed:
    {name} = Array("failed", Err.Number, Err.Description)
End Function
"""

_LOADER = """
Public XlTheRibbon As XlRibbon
Function XlLoad()
    On Error GoTo failed
    Set XlTheRibbon = New XlRibbon
    {procedure} XlTheRibbon
    XlLoad = Array("done", "")
    Exit Function
failed:
    XlLoad = Array("failed", Err.Number, Err.Description)
End Function
Function XlInvalidated()
    XlInvalidated = XlTheRibbon.Calls
    XlTheRibbon.Calls = ""
End Function
"""

_ARGUMENTS = {"": "", "result": ", result", "pressed": ", given", "text": ", given", "item": ", given, index"}


def caller(name: str, procedure: str, arguments: str) -> str:
    """A function that calls one ribbon callback as Excel does and tells how it went."""
    return _CALLER.format(name=name, procedure=procedure, arguments=_ARGUMENTS[arguments])


def module(*functions: str) -> str:
    return _HEAD + "\n".join(functions)


def loader(procedure: str) -> str:
    """Calls the ribbon's onLoad with a ribbon object that notes what is invalidated."""
    return module(_LOADER.format(procedure=procedure))


def adapted(source: str) -> str:
    """A module with what LibreOffice does its own way led to the stub; comments and texts are left alone.

    A message box would wait for a click or vanish, the active workbook would be the add-in itself, and
    some members of Excel's Application and Workbook are not there.
    """
    lines = []
    for line in source.split("\n"):
        parts = _TEXT_OR_COMMENT.split(line)
        for pattern, ours in _REPLACED:
            parts[::2] = [pattern.sub(ours, part) for part in parts[::2]]
        lines.append("".join(parts))
    return "\n".join(lines)


def probe(source: str) -> str:
    """The module with one more function, which answers only if the module compiles."""
    return source + "\nPublic Function XlProbe()\n    XlProbe = 1\nEnd Function\n"


def class_probe(name: str) -> str:
    """A module that asks a class for its probe."""
    return _HEAD + f"Function XlProbe()\n    Dim o As New {name}\n    XlProbe = o.XlProbe()\nEnd Function\n"
