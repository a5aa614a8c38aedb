"""The .cmd files: a double-click starts the bundle's Python, which says and does the rest.

A Chinese Windows reads .cmd files in its own code page, others in theirs: all is ASCII but for the few lines that are
reached when there is no Python to speak, which change to UTF-8 first and end in ASCII.
"""

from __future__ import annotations

INSTALL, UNINSTALL, COMMAND = "安装.cmd", "卸载.cmd", "xladdin.cmd"
SUMS = "SHA256SUMS"
REST = 3  # exit code of uninstalling: this Python is in the folder that is to go
_START = r'"%~dp0{python}\python.exe" -E -P -X utf8'
_ACTION = rf"""@echo off
setlocal
if not exist "%~dp0{{python}}\python.exe" goto packed
{_START} -B -m xladdin.excel.addin.bundle.setup {{action}}
set "code=%errorlevel%"
if "%code%"=="{REST}" goto rest
echo.
pause
exit /b %code%
:rest
cd /d "%TEMP%"
echo.
(
pause
for /d %%a in ("%~dp0app-*") do rd /s /q "%%a"
del /q "%~dp0{COMMAND}"
del /q "%~f0"
rd "%~dp0." 2>nul
exit /b 0
)
:packed
chcp 65001 >nul
echo.
echo  {{missing}} [xladdin]
echo.
pause
exit /b 2
"""
_MISSING = {
    INSTALL: "没有找到 python 文件夹。请先把压缩包全部解压出来（右键，全部解压缩），再双击解压出来的“安装.cmd”。",
    UNINSTALL: "没有找到 python 文件夹。请在解压出来的文件夹里双击“卸载.cmd”。",
}
_ACTIONS = {INSTALL: "install", UNINSTALL: "uninstall"}


def launcher(name: str, python: str = "python") -> bytes:
    """One of the three files. python: the folder of python.exe, from where the file lies."""
    if name == COMMAND:
        text = f"@{_START} -m xladdin %*\n"
    else:
        text = _ACTION.replace("{action}", _ACTIONS[name]).replace("{missing}", _MISSING[name])
    return text.replace("{python}", python).replace("\n", "\r\n").encode()
