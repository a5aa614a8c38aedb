"""The computer as installing and examining see it: every answer can be replaced in a test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def read_registry(root: str, key: str, name: str = "") -> object | None:
    """A value of the Windows registry (read only); None where there is none. root: HKCU, HKLM or HKCR."""
    if sys.platform != "win32":
        return None
    import winreg

    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE, "HKCR": winreg.HKEY_CLASSES_ROOT}
    try:
        with winreg.OpenKey(roots[root], key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None


def read_values(key: str) -> dict[str, object]:
    """Every value of a key of this user (read only), by name; none where there is no such key."""
    if sys.platform != "win32":
        return {}
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            found = [winreg.EnumValue(opened, number) for number in range(winreg.QueryInfoKey(opened)[1])]
    except OSError:
        return {}
    return {name: value for name, value, _ in found}


def copy_text(text: str) -> bool:
    """Put text on the clipboard, as Unicode; False where there is none to put it on."""
    if sys.platform != "win32":
        return False
    import win32clipboard

    try:
        win32clipboard.OpenClipboard()
    except win32clipboard.error:  # another program holds it
        return False
    try:
        win32clipboard.EmptyClipboard()
        win32clipboard.SetClipboardText(text, win32clipboard.CF_UNICODETEXT)
    finally:
        win32clipboard.CloseClipboard()
    return True


def make_shortcut(path: Path, program: str, arguments: str) -> bool:
    """A Windows shortcut (.lnk) that starts a program; whether it could be made."""
    if sys.platform != "win32":
        return False
    import pythoncom
    import pywintypes
    from win32com.shell import shell

    kind = shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
    try:
        link = pythoncom.CoCreateInstance(*kind)
        link.SetPath(program)
        link.SetArguments(arguments)
        link.SetWorkingDirectory(str(Path(program).parent))
        link.QueryInterface(pythoncom.IID_IPersistFile).Save(str(path), True)
    except pywintypes.com_error:
        return False
    return True


def package_version(name: str) -> str | None:
    """The version of an installed distribution; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Machine:
    """platform: as sys.platform."""

    platform: str = sys.platform
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    executable: str = sys.executable
    registry: Callable[[str, str, str], object | None] = read_registry
    values: Callable[[str], Mapping[str, object]] = read_values
    shortcut: Callable[[Path, str, str], bool] = make_shortcut
    copy: Callable[[str], bool] = copy_text
    version_of: Callable[[str], str | None] = package_version

    @property
    def is_windows(self) -> bool:
        """Whether the add-in can be installed here."""
        return self.platform == "win32"

    def programs_folder(self) -> Path | None:
        """The Start menu's programs of this user; None where Windows does not say, or has no such folder."""
        roaming = self.environ.get("APPDATA")
        folder = Path(roaming) / "Microsoft" / "Windows" / "Start Menu" / "Programs" if roaming else None
        return folder if folder and folder.is_dir() else None

    def startup_folder(self) -> Path | None:
        """Excel's XLSTART of this user; None where Windows does not say."""
        roaming = self.environ.get("APPDATA")
        return Path(roaming) / "Microsoft" / "Excel" / "XLSTART" if roaming else None
