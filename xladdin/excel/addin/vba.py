"""The VBA modules of the add-in: our own from macros/, and as much of xlwings' as starts Python.

xlwings' module is taken from the installed package when the add-in is built: the procedures named here, for Windows
only, with the changes named here. Each change has to fit exactly once, or the build stops: a new xlwings has to be
read before it is used.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from ...errors import Place, XladdinError
from .ribbon import TABLE, macros_folder, table_module

STOCK = "xlwings_custom_addin.bas"
TAKEN = ("RunPython", "ExecuteWindows", "WScript", "FileExists", "FileExistsOnWindows", "ParentFolder", "CreateGUID")
CLASSES = ("XladdinEvents",)

# (why, from, to, what it becomes): the lines from the first mark up to the second, which stays.
_CUTS = (
    (
        "only what is needed is declared",
        "    Dim i As Integer\n    Dim SourcePythonCommand As String",
        '        interpreter = GetConfig("INTERPRETER_WIN", "")',
        "    Dim interpreter As String\n",
    ),
    (
        "no Python guessed from PATH; no workbook's sheet, folder or name looked at; no licence branch; no UDF server",
        '    If interpreter = "" Then\n        \' Legacy',
        "            RunPython = ExecuteWindows(",
        "",
    ),
    (
        "no console to ask for, and no text compared with a truth value",
        '    If GetConfig("SHOW CONSOLE", False) = True Then',
        "    Dim WaitOnReturn As Boolean",
        "    ShowConsole = 0\n\n",
    ),
    (
        "no conda, and no escapes of workbook paths: there are none",
        '    CondaPath = GetConfig("CONDA PATH")',
        "    If IsFrozen = False Then",
        "",
    ),
    (
        "nothing of a workbook on the command line; the add-in's version instead, which bridge.py compares",
        '                       " --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1" & ',
        '" --app="',
        '                       " --addin=" & ADDIN_VERSION & ',
    ),
)
_CHANGES = (
    (
        "isolated from PYTHON* variables and from the current folder; xlwings' own step that puts folders of "
        "workbooks on sys.path is left out",
        'CondaCmd & PythonInterpreter & " -B -c ""import xlwings.utils;xlwings.utils.prepare_sys_path(\\""" '
        '& PYTHONPATH & "\\""); " & PythonCommand & """ "',
        'PythonInterpreter & " -E -P -X utf8 -B -c """ & PythonCommand & """ "',
    ),
    (
        "the system's own cmd.exe, not one lying in the current folder",
        '"cmd.exe /C " & DriveCommand',
        'Environ("SystemRoot") & "\\System32\\cmd.exe /C " & DriveCommand',
    ),
    (
        "a Chinese sentence instead",
        'MsgBox "Could not find Interpreter!", vbCritical\n',
        'ShowError ""\n            ExecuteWindows = -1\n',
    ),
    (
        "the log the clerk is told of is still there afterwards",
        "    On Error Resume Next\n        Kill LOG_FILE",
        "    If ExitCode <> 0 Then Exit Function\n    On Error Resume Next\n        Kill LOG_FILE",
    ),
    ("a name of our own", '"\\xlwings-"', '"\\xladdin-"'),
    (
        "the paths of workbooks are not passed",
        "RunPython = ExecuteWindows(False, PythonCommand, interpreter, PYTHONPATH)\n        End If\n",
        "RunPython = ExecuteWindows(False, PythonCommand, interpreter)\n",
    ),
)
FORBIDDEN = re.compile(
    r"Active(Workbook|Sheet)|\.(Work)?Sheets|\.conf\b|USERPROFILE|LICENSE_KEY|embedded|XLPy|PYTHONPATH\)|prepare_sys_path",
    re.IGNORECASE,
)


def modules() -> dict[str, str]:
    """Every module's source by name, in CRLF and ASCII. Raises XladdinError."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(macros_folder().glob("Xladdin*.[bc][al]s"))}
    found[TABLE] = table_module()
    found["xlwings"] = xlwings_module()
    for name, source in found.items():
        if not source.isascii():
            advice = "请改写在 commands.py 的 TEXTS 里"
            raise XladdinError("宏的源码里有中文，存进加载项会变成问号", Place(file=name), advice)
    return {name: re.sub(r"\r?\n", "\r\n", source) for name, source in found.items()}


def xlwings_version() -> str:
    """The version of the installed xlwings, from its VBA."""
    found = re.search(r'XLWINGS_VERSION As String = "(.+?)"', _stock())
    if found is None:
        raise _unfit("找不到它的版本")
    return found[1]


def xlwings_module() -> str:
    """xlwings' RunPython and what it calls, changed as above. Raises XladdinError."""
    stock = _for_windows(_stock())
    parts = [_procedure(stock, name) for name in TAKEN]
    body = "\n\n".join(parts)
    for why, start, stop, new in _CUTS:
        first, last = _once(body, start, why), _once(body, stop, why)
        body = body[:first] + new + body[last:]
    for why, old, new in _CHANGES:
        first = _once(body, old, why)
        body = body[:first] + new + body[first + len(old) :]
    left = FORBIDDEN.search(body)
    if left:
        raise _unfit(f"还留有 {left[0]}")
    version = f'Public Const XLWINGS_VERSION As String = "{xlwings_version()}"'
    return "\n".join(['Attribute VB_Name = "xlwings"', _licence(stock), version, "", body, ""])


def _stock() -> str:
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise XladdinError("生成加载项要用 xlwings，这里没有装", advice="请运行 pip install xladdin[addin]")
    return Path(found.origin).with_name(STOCK).read_text(encoding="utf-8").replace("\r\n", "\n")


def _for_windows(source: str) -> str:
    """The source with `#If Mac` and `#If App` decided, the declarations of the DLL left out."""
    lines, taken = [], []  # taken: one flag for each open #If
    for line in source.split("\n"):
        word = line.strip()
        if word.startswith("#If"):
            taken.append("Not Mac" in word or "Microsoft Excel" in word or "Mac" not in word)
        elif word.startswith("#ElseIf"):
            taken[-1] = False
        elif word.startswith("#Else"):
            taken[-1] = not taken[-1]
        elif word.startswith("#End If"):
            taken.pop()
        elif all(taken):
            lines.append(line.rstrip())
    return "\n".join(lines)


def _procedure(source: str, name: str) -> str:
    found = re.search(rf"(?ms)^(?:Public |Private )?(Function|Sub) {name}\(.*?^End \1$", source)
    if found is None:
        raise _unfit(f"没有 {name}")
    return found[0]


def _licence(source: str) -> str:
    first, last = (_once(source, mark, "its licence") for mark in ("'Version:", '\'Attribute VB_Name = "Main"'))
    return source[first:last]


def _once(source: str, mark: str, why: str) -> int:
    if source.count(mark) != 1:
        raise _unfit(f"改不了这一处（{why}）")
    return source.index(mark)


def _unfit(what: str) -> XladdinError:
    advice = "请装回 xladdin[addin] 指定的版本，或核对后修改 xladdin/excel/vba.py"
    return XladdinError(f"这个版本的 xlwings 的宏和预期的不一样：{what}", Place(file=STOCK), advice)
