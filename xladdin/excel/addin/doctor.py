"""体检: what stands between the clerk and a working button, one line each, as text that can be sent on."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from zipfile import BadZipFile

from ... import __version__
from ...errors import XladdinError
from . import package as addin
from . import surroundings
from .install import Places, places, python_of
from .machine import Machine
from .surroundings import State

WORDS: dict[State, str] = {"ok": "正常", "warn": "注意", "bad": "有问题", "unknown": "不明"}
REINSTALL = "请关闭 Excel，运行 xladdin addin install"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    name: str
    state: State
    text: str

    def __str__(self) -> str:
        return f"[{WORDS[self.state]}] {self.name}：{self.text}"


def examine(machine: Machine | None = None) -> list[Line]:
    """Every line, whatever is found; on Linux and macOS those about Excel say 不适用. Writes nothing that stays."""
    machine = machine or Machine()
    lines = []
    for name, look in _EXAMINED.items():
        if machine.is_windows or look in _EVERYWHERE:
            try:
                lines.append(Line(name, *look(machine)))
            except (OSError, XladdinError) as error:
                lines.append(Line(name, "unknown", f"看不了（{error}）"))
        else:
            lines.append(Line(name, "unknown", "不适用（不是 Windows）"))
    return lines


def report(lines: list[Line]) -> str:
    """The lines as text to be copied, with a verdict first."""
    count = Counter(line.state for line in lines)
    if count["bad"] or count["warn"]:
        said = [f"{count['bad']} 处有问题", f"{count['warn']} 处要注意"]
    elif count["unknown"]:  # never more than was seen
        said = [f"看得到的 {count['ok']} 处都正常"] if count["ok"] else []
    else:
        said = ["没有发现问题"]
    if count["unknown"]:
        said.append(f"{count['unknown']} 处不明")
    verdict = "，".join(said)
    return "\n".join([f"xladdin {__version__} 体检：{verdict}", *map(str, lines)])


def _file(machine: Machine) -> tuple[State, str]:
    file = places(machine).addin
    if not file.is_file():
        return "bad", f"还没有安装。{REINSTALL}"
    if Path(f"{file}:Zone.Identifier").exists():
        return "bad", f"{file} 被标记为来自网络，Excel 会拦住它。请在文件的“属性”里勾选“解除锁定”"
    return "ok", str(file)


def _version(machine: Machine) -> tuple[State, str]:
    stamped = _stamped(places(machine))
    if stamped == __version__:
        return "ok", __version__
    return "bad", f"加载项是 {stamped or '不明版本'}，程序是 {__version__}。{REINSTALL}"


def _xlwings(machine: Machine) -> tuple[State, str]:
    installed = machine.version_of("xlwings")
    if installed is None:
        return ("bad" if machine.is_windows else "unknown"), "没有安装。请运行 pip install xladdin"
    return "ok", installed


def _interpreter(machine: Machine) -> tuple[State, str]:
    try:
        path = python_of(places(machine).config)
    except FileNotFoundError:
        return "bad", f"没有设置文件。{REINSTALL}"
    except UnicodeError:
        return "bad", f"设置文件读不懂。{REINSTALL}"
    if not path or not Path(path).is_file():
        return "bad", f"设置里的 Python 不在了（{path or '空'}）。{REINSTALL}"
    if PureWindowsPath(path).parent != PureWindowsPath(machine.executable).parent:
        return "warn", f"按钮用的是 {path}，这里运行的是 {machine.executable}。想用这里的，{REINSTALL}"
    return "ok", path


def _log(machine: Machine) -> tuple[State, str]:
    from ...log import state_folder

    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return "ok", str(folder)
    except OSError as error:
        return "warn", f"{folder} 写不进去（{error.strerror}），日志会写到 {tempfile.gettempdir()}"


def _stamped(where: Places) -> str | None:
    try:
        return addin.version_of(where.addin)
    except (OSError, KeyError, BadZipFile):
        return None


_EXAMINED: dict[str, Callable[[Machine], tuple[State, str]]] = {
    "Excel": surroundings.excel,
    "Excel 位数": surroundings.bits,
    "WPS 是否占用": surroundings.wps,
    "加载项文件": _file,
    "加载项版本": _version,
    "xlwings 版本": _xlwings,
    "Python": _interpreter,
    "宏的设置": surroundings.macros,
    "被 Excel 停用": surroundings.disabled,
    "启动程序": surroundings.children,
    "日志文件夹": _log,
}
_EVERYWHERE = (_xlwings, _log)
