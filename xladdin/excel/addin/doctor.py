"""体检: what stands between the clerk and a working button, one line each, as text that can be sent on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Literal
from zipfile import BadZipFile

from ... import __version__
from ...errors import XladdinError
from . import package as addin
from .install import Places, expanded, places, settings_of
from .machine import Machine

State = Literal["ok", "warn", "bad", "unknown"]
WORDS: dict[State, str] = {"ok": "正常", "warn": "注意", "bad": "有问题", "unknown": "不明"}
REINSTALL = "请关闭 Excel，运行 xladdin addin install"
_HOST = r"Software\Microsoft\Windows Script Host\Settings"
_DEFENDER = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"  # block all Office applications from creating child processes


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
    bad, warn = (sum(line.state == state for line in lines) for state in ("bad", "warn"))
    verdict = f"{bad} 处有问题，{warn} 处要注意" if bad or warn else "没有发现问题"
    return "\n".join([f"xladdin {__version__} 体检：{verdict}", *map(str, lines)])


def _excel(machine: Machine) -> tuple[State, str]:
    found = machine.registry("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "")
    if not found:
        return "bad", "没有找到 Excel。加载项只用于 Excel；用 WPS 的请用命令行 xladdin"
    current = machine.registry("HKCR", r"Excel.Application\CurVer", "")
    return "ok", f"{found}（{current or '版本不明'}）"


def _bits(machine: Machine) -> tuple[State, str]:
    click = machine.registry("HKLM", r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform")
    bits = {"x64": "64 位", "x86": "32 位"}.get(str(click))
    return ("ok", f"{bits}，两种都可以用") if bits else ("unknown", "读不到，两种都可以用")


def _wps(machine: Machine) -> tuple[State, str]:
    clsid = machine.registry("HKCR", r"Excel.Application\CLSID", "")
    if not clsid:
        return "unknown", "读不到 Excel.Application 的登记"
    server = str(machine.registry("HKCR", rf"CLSID\{clsid}\LocalServer32", "") or "").lower()
    if any(word in server for word in ("kingsoft", "wps", r"\et.exe")):
        way = "请在 WPS 的“配置工具”里取消与 Office 的兼容设置，再修复 Office"
        return "bad", f"WPS 占用了 Excel 的登记（{server}）。{way}"
    opens = str(machine.registry("HKCR", ".xlsx", "") or "")
    if opens.lower().startswith(("et.", "ket.", "wps")):
        return "warn", "双击 .xlsx 会用 WPS 打开，WPS 里没有“绩效报表”这一栏。请先打开 Excel，再从里面打开文件"
    return "ok", "没有占用"


def _macros(machine: Machine) -> tuple[State, str]:
    current = str(machine.registry("HKCR", r"Excel.Application\CurVer", "") or "").rpartition(".")[2]
    office = f"Microsoft\\Office\\{current or '16'}.0\\Excel\\Security"

    def says(name: str, below: str = "") -> object | None:
        """What the administrator's policy says, else the user's own setting."""
        keys = (rf"Software\Policies\{office}{below}", rf"Software\{office}{below}")
        found = (machine.registry("HKCU", key, name) for key in keys)
        return next((value for value in found if value is not None), None)

    if says("DisableAllAddins") == 1:
        return "bad", "已禁用所有加载项。请在 Excel 选项→信任中心→加载项 里改，改不了的请找管理员"
    if says("RequireAddinSig") == 1:
        return "bad", "只允许有签名的加载项。请在 Excel 选项→信任中心→加载项 里改，改不了的请找管理员"
    closed = says("AllLocationsDisabled", r"\Trusted Locations") == 1
    if says("VBAWarnings") in (3, 4):
        if closed:
            return "bad", "宏被禁用，受信任位置也被关闭。请在 Excel 选项→信任中心 里打开受信任位置，或找管理员"
        return "ok", "宏一般被禁用，但加载项所在的 XLSTART 是受信任位置，不受影响"
    if closed:
        return "warn", "受信任位置被关闭，打开 Excel 时可能要点“启用宏”"
    return "ok", "允许"


def _children(machine: Machine) -> tuple[State, str]:
    """Whether Excel may start Python: through the script host and cmd.exe."""
    for root in ("HKCU", "HKLM"):
        if str(machine.registry(root, _HOST, "Enabled")) == "0":
            return "bad", "Windows Script Host 被停用，按钮启动不了程序。请找管理员，或改用命令行 xladdin"
    if machine.registry("HKCU", r"Software\Policies\Microsoft\Windows\System", "DisableCMD") in (1, 2):
        return "bad", "命令提示符被停用，按钮启动不了程序。请找管理员"
    if str(machine.registry("HKLM", _DEFENDER, _NO_CHILDREN)) == "1":
        return "bad", "Defender 不许 Office 启动别的程序。请找管理员放行，或改用命令行 xladdin"
    return "unknown", "没有发现禁用；安全软件是否拦截，要点一次按钮才知道"


def _file(machine: Machine) -> tuple[State, str]:
    file = places(machine).addin
    if not file.is_file():
        return "bad", f"还没有安装。{REINSTALL}"
    if Path(f"{file}:Zone.Identifier").exists():
        return "bad", f"{file} 被标记为来自网络，Excel 会拦住它。请在文件的“属性”里勾选“解除锁定”"
    return "ok", str(file)


def _version(machine: Machine) -> tuple[State, str]:
    stamped = _stamped(places(machine)).get(addin.VERSION)
    if stamped == __version__:
        return "ok", __version__
    return "bad", f"加载项是 {stamped or '不明版本'}，程序是 {__version__}。{REINSTALL}"


def _xlwings(machine: Machine) -> tuple[State, str]:
    installed = machine.version_of("xlwings")
    if installed is None:
        return ("bad" if machine.is_windows else "unknown"), "没有安装。请运行 pip install xladdin"
    stamped = _stamped(places(machine)).get(addin.XLWINGS) if machine.is_windows else installed
    if stamped == installed:
        return "ok", installed
    return "warn", f"加载项用的是 {stamped or '不明版本'}，装的是 {installed}。{REINSTALL}"


def _interpreter(machine: Machine) -> tuple[State, str]:
    try:
        said = settings_of(places(machine).config, machine.encoding).get("INTERPRETER_WIN", "")
    except FileNotFoundError:
        return "bad", f"没有设置文件。{REINSTALL}"
    except UnicodeDecodeError:
        return "bad", f"设置文件读不懂。{REINSTALL}"
    path = expanded(said, machine)
    if not said or not Path(path).is_file():
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


def _stamped(where: Places) -> dict[str, str]:
    try:
        return addin.versions(where.addin)
    except (OSError, KeyError, BadZipFile):
        return {}


_EXAMINED: dict[str, Callable[[Machine], tuple[State, str]]] = {
    "Excel": _excel,
    "Excel 位数": _bits,
    "WPS 是否占用": _wps,
    "加载项文件": _file,
    "加载项版本": _version,
    "xlwings 版本": _xlwings,
    "Python": _interpreter,
    "宏的设置": _macros,
    "启动程序": _children,
    "日志文件夹": _log,
}
_EVERYWHERE = (_xlwings, _log)
