"""The .cmd files: a double-click starts the bundle's Python, which says and does the rest.

A Chinese Windows reads .cmd files in its own code page, others in theirs: all is ASCII but for the line that is reached
when there is no Python to speak; before it the code page is UTF-8, and it ends in ASCII.
"""

from __future__ import annotations

INSTALL, UNINSTALL, COMMAND = "安装.cmd", "卸载.cmd", "xladdin.cmd"
SUMS = "SHA256SUMS"
REST = 3  # exit code of uninstalling: this Python is in the folder that is to go
_START = r'"%~dp0{folder}python\python.exe" -E -P -X utf8'
_ACTION = rf"""@echo off
setlocal
if not exist "%~dp0{{folder}}python\python.exe" goto packed
{_START} -B -m xladdin.excel.addin.bundle.setup {{action}}
set "code=%errorlevel%"
if "%code%"=="{REST}" goto rest
echo.
pause
exit /b %code%
:rest
echo.
cd /d "%TEMP%"
{{rest}}
:packed
chcp 65001 >nul
echo.
echo  {{missing}} [xladdin]
echo.
pause
exit /b 2
"""
# In one line: cmd.exe reads the next one from the file, which is gone by then.
_REST = (
    rf'pause & rd /s /q "%~dp0{{folder}}." & del /q "%~dp0{COMMAND}" & del /q "%~f0" & rd "%~dp0." 2>nul & exit /b 0'
)
_MISSING = {
    INSTALL: "没有找到 python 文件夹。请先把压缩包全部解压出来（右键，全部解压缩），再双击解压出来的“安装.cmd”。",
    UNINSTALL: "没有找到 python 文件夹。请在解压出来的文件夹里双击“卸载.cmd”。",
}
_ACTIONS = {INSTALL: "install", UNINSTALL: "uninstall"}


def launcher(name: str, app: str = "") -> bytes:
    """One of the three files. app: the folder of the version, from where the file lies; "" in the bundle itself."""
    if name == COMMAND:
        text = f"@{_START} -m xladdin %*\n"
    else:
        text = _ACTION.replace("{action}", _ACTIONS[name]).replace("{missing}", _MISSING[name])
        text = text.replace("{rest}", _REST if app else "exit /b 0")
    return text.replace("{folder}", f"{app}\\" if app else "").replace("\n", "\r\n").encode()
