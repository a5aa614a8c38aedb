"""Installing the add-in for one user, without administrator rights and without touching the registry.

Excel opens every workbook in the user's XLSTART folder when it starts and trusts that folder from the outset, so
copying the file there is all there is to it; the AddIns folder would need an entry in the registry. Excel would open
a text file lying there too: the settings have a folder of their own beside the add-in.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...errors import Place, SaveError, XladdinError
from . import package as addin
from .machine import Machine

CONFIG = "xladdin.conf"
ENTRY = "绩效报表.lnk"  # in the Start menu
PANEL = "-E -P -X utf8 -B -m xladdin panel"  # what it runs, isolated as the buttons' Python is
PYTHON = "PYTHON"  # name of the only setting


@dataclass(frozen=True, slots=True)
class Places:
    """Where the add-in, its settings and the Start menu's entry for the panel lie; entry: None where none can."""

    addin: Path
    config: Path
    entry: Path | None


def places(machine: Machine) -> Places:
    """Raises XladdinError on a system without an Excel that can take the add-in."""
    if not machine.is_windows:
        raise XladdinError(
            "Excel 加载项只能装在 Windows 上，这里是 Linux 或 macOS，没有做任何事",
            advice="这里请用命令行：xladdin fill、check、reconcile 等，结果用 Excel、WPS 或 LibreOffice 打开",
        )
    folder = machine.startup_folder()
    if folder is None:
        raise XladdinError("Windows 没有说明用户文件夹在哪里（APPDATA 是空的）", advice="请重新登录 Windows 后再试")
    programs = machine.programs_folder()
    return Places(folder / addin.NAME, folder / "xladdin" / CONFIG, programs and programs / ENTRY)


def install(machine: Machine | None = None, built: Path | None = None) -> Places:
    """Copy the add-in into XLSTART, write its settings (this interpreter) and make the Start menu's entry, which is not
    there afterwards where Windows does not let it be made. Installing again updates.

    built: the add-in to install, else the one this package carries.
    Raises XladdinError where something is missing, SaveError where Excel holds the file.
    """
    machine = machine or Machine()
    to = places(machine)
    _need_modules(machine)
    settings = _settings(machine)
    content = _carried() if built is None else built.read_bytes()
    with _explained(to.addin):
        to.config.parent.mkdir(parents=True, exist_ok=True)
        _write(to.addin, content, to.config.parent)
        _write(to.config, settings, to.config.parent)
    if to.entry is not None:
        machine.shortcut(to.entry, _python(machine), PANEL)
    return to


def uninstall(machine: Machine | None = None) -> list[Path]:
    """Remove what install wrote; what there was of it. Raises XladdinError, SaveError where Excel holds the file."""
    there = places(machine or Machine())
    removed = [path for path in (there.addin, there.config, there.entry) if path and path.exists()]
    with _explained(there.addin):
        for path in removed:
            path.unlink()
        if there.config.parent.is_dir() and not any(there.config.parent.iterdir()):
            there.config.parent.rmdir()
    return removed


def python_of(path: Path) -> str:
    """The Python named in a settings file; empty where there is none. Raises OSError, UnicodeError."""
    lines = (line.partition("=") for line in path.read_text(encoding="utf-16").splitlines())
    return next((value for name, _, value in lines if name == PYTHON), "")


def _need_modules(machine: Machine) -> None:
    missing = [name for name in ("xlwings", "pywin32") if machine.version_of(name) is None]
    if missing:
        advice = "请先运行 pip install xladdin，再重新安装"
        raise XladdinError(f"这个 Python 里没有 {'、'.join(missing)}", advice=advice)


def _settings(machine: Machine) -> bytes:
    """The settings as the VBA reads them: UTF-16, whatever the system's code page. The first line is for people."""
    said = "绩效报表的按钮用这里写的 Python。换一个请用它运行 xladdin addin install"
    return f"{said}\r\n{PYTHON}={_python(machine)}\r\n".encode("utf-16")


def _python(machine: Machine) -> str:
    """pythonw.exe, which opens no console; where there is none, this interpreter."""
    python = Path(machine.executable)
    windowless = python.with_name("pythonw.exe")
    return str(windowless if windowless.is_file() else python)


def _carried() -> bytes:
    """The add-in in the wheel; in a checkout, one built now."""
    inside = Path(__file__).parents[2] / "data" / addin.NAME
    return inside.read_bytes() if inside.is_file() else addin.package()


def _write(path: Path, content: bytes, scratch: Path) -> None:
    """All or nothing: Excel would stumble over half an add-in at every start, or over a scratch file in XLSTART."""
    handle, made = tempfile.mkstemp(dir=scratch)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(made, path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        advice = "请关闭所有 Excel 窗口后再运行一次"
        raise SaveError("Excel 正开着加载项，换不了也删不掉", Place(file=str(path)), advice) from error
    except OSError as error:
        advice = "请检查磁盘空间和文件夹权限"
        raise SaveError(f"写不了这个位置（{error.strerror}）", Place(file=str(path)), advice) from error
