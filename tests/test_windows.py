"""What only Windows answers, asked of it (a Windows Python under Wine will do): the calls that the add-in's VBA makes,
made through COM as it makes them; the shortcut, the clipboard, the registry."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xladdin.excel.addin import install, machine, vba

if sys.platform != "win32":
    pytest.skip("Windows alone has these", allow_module_level=True)
import winreg  # noqa: E402


@pytest.fixture
def com():
    return pytest.importorskip("win32com.client").Dispatch


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A user's folder with a name no single code page has."""
    folder = tmp_path / "张三 Ünï 조"
    folder.mkdir()
    return folder


def test_the_settings_are_read_as_the_vba_reads_them(com, home):
    file = home / install.CONFIG
    file.write_bytes(install._settings(machine.Machine(executable=str(home / "python.exe"))))
    opening = re.search(r"OpenTextFile\(path, (\d), (\w+), (-?\d)\)", vba.modules()["XladdinPython"])
    files = com("Scripting.FileSystemObject")
    lines = files.OpenTextFile(str(file), int(opening[1]), opening[2] == "True", int(opening[3]))
    read = []
    while not lines.AtEndOfStream:
        read.append(lines.ReadLine())
    lines.Close()
    assert read[1:] == [f"{install.PYTHON}={home / 'python.exe'}"] and len(read) == 2
    assert install.python_of(file) == str(home / "python.exe")


ENDS = [("raise SystemExit(7)", 7, ""), ("import 没有的", 1, "ModuleNotFoundError"), ("pass", 0, "")]


@pytest.mark.parametrize(("code", "ended", "logged"), ENDS)
def test_python_is_started_as_the_vba_starts_it(com, home, code, ended, logged):
    """By WScript.Shell, in Python's own folder, without a console; it is waited for, and its log is UTF-8."""
    python = Path(sys.executable).with_name("pythonw.exe")
    if not python.is_file():
        pytest.skip("this Python has no pythonw.exe")
    shell, before = com("WScript.Shell"), os.getcwd()
    log, said = home / "日志 1.log", home / "said.txt"
    opened = re.search(r'opened = "(.+)"\s', vba.modules()["XladdinPython"])[1]
    code = f"{opened}import os; open(sys.argv[2], 'w', encoding='utf-8').write(os.getcwd()); {code}"
    shell.CurrentDirectory = str(python.parent)
    try:
        assert shell.Run(f'"{python}" -E -P -X utf8 -B -c "{code}" "{log}" "{said}"', 1, True) == ended
    finally:
        os.chdir(before)
    assert Path(said.read_text(encoding="utf-8")) == python.parent
    assert logged in log.read_text(encoding="utf-8") and bool(logged) == bool(log.read_text(encoding="utf-8"))


def test_the_shortcut_starts_the_panel(home):
    pythoncom = pytest.importorskip("pythoncom")
    from win32com.shell import shell

    path = home / install.ENTRY
    assert machine.make_shortcut(path, sys.executable, install.PANEL)
    kind = shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
    link = pythoncom.CoCreateInstance(*kind)
    link.QueryInterface(pythoncom.IID_IPersistFile).Load(str(path))
    assert link.GetPath(0)[0].lower() == sys.executable.lower()
    assert link.GetArguments() == install.PANEL
    assert not machine.make_shortcut(home / "none" / "a.lnk", sys.executable, "")


def test_text_goes_to_the_clipboard_whole():
    clipboard = pytest.importorskip("win32clipboard")
    assert machine.copy_text("[正常] 体检：Ünï 조 😀")
    clipboard.OpenClipboard()
    try:
        assert clipboard.GetClipboardData(clipboard.CF_UNICODETEXT) == "[正常] 体检：Ünï 조 😀"
    finally:
        clipboard.CloseClipboard()


def test_values_of_the_registry():
    key = r"Software\xladdin-tests"
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
        winreg.SetValueEx(opened, "甲", 0, winreg.REG_BINARY, b"\x01")
        winreg.SetValueEx(opened, "乙", 0, winreg.REG_DWORD, 6)
    try:
        assert machine.read_values(key) == {"甲": b"\x01", "乙": 6}
        assert machine.read_registry("HKCU", key, "乙") == 6
        assert machine.read_registry("HKCU", key, "丙") is None and machine.read_values(rf"{key}\none") == {}
    finally:
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)


WPS = """
import time, winreg
import pythoncom, pywintypes, win32con, win32gui
from win32com.server.util import wrap

CLSID = "{45540001-5750-5300-4B49-4E47534F4655}"
with winreg.CreateKey(winreg.HKEY_CLASSES_ROOT, r"Ket.Application\\CLSID") as key:
    winreg.SetValue(key, "", winreg.REG_SZ, CLSID)

class Book:
    _public_methods_, _public_attrs_ = [], ["Name"]
    Name = "预算 表.et"

class Books:
    _public_methods_, _public_attrs_ = [], ["Count", "Application"]
    Count, Application = 1, None

class Application:  # without Ready, as a host may be
    _public_methods_, _public_attrs_ = [], ["Name", "Hwnd", "Workbooks", "ActiveWorkbook"]
    Name, ActiveWorkbook = "WPS 表格", wrap(Book())
    Hwnd = win32gui.CreateWindow("STATIC", "x", win32con.WS_OVERLAPPED, 0, 0, 9, 9, 0, 0, 0, None)

books = Books()
Application.Workbooks = wrap(books)
books.Application = wrap(Application())
pythoncom.RegisterActiveObject(books.Application, pywintypes.IID(CLSID), 0)
print("ready", flush=True)
end = time.time() + 60
while time.time() < end:
    pythoncom.PumpWaitingMessages()
    time.sleep(0.01)
"""


def test_wps_is_attached_to_by_its_registered_name():
    """A stand-in that is registered as WPS is: the whole way through COM and xlwings' own engine."""
    pytest.importorskip("win32com.client")
    from xladdin.excel.panel import hosts, work

    server = subprocess.Popen([sys.executable, "-X", "utf8", "-c", WPS], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout.readline().strip() == "ready"
        (found,) = (host for host in hosts.running() if host.name == hosts.WPS)
        assert hosts.is_free(found.app) and hosts.front_book(found.app).name == "预算 表.et"
        assert (found.key, "WPS 表格（试用）：预算 表.et") in work.look().hosts
    finally:
        server.kill()
        server.wait()
        for key in (r"Ket.Application\CLSID", "Ket.Application"):
            winreg.DeleteKey(winreg.HKEY_CLASSES_ROOT, key)
