"""What the registry says of Excel, WPS and the policies: each look answers with how it stands and one sentence.

The names of keys and values are Microsoft's (administrative templates of Office 2016 and newer, ASR rules reference).
"""

from __future__ import annotations

from typing import Literal

from .install import places
from .machine import Machine
from .package import NAME

State = Literal["ok", "warn", "bad", "unknown"]
OLDEST = 14  # Excel 2010: earlier ones have no protected view for the VBA to ask about
_EXCEL = "{00024500-0000-0000-C000-000000000046}"  # CLSID of Excel.Application
_SERVERS = (rf"CLSID\{_EXCEL}\LocalServer32", rf"WOW6432Node\CLSID\{_EXCEL}\LocalServer32")  # 64 and 32 bit
_CHOICE = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
_HOST = r"Software\Microsoft\Windows Script Host\Settings"
_GUARD = r"Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_RULES = (rf"SOFTWARE\Policies\Microsoft\{_GUARD}", rf"SOFTWARE\Microsoft\{_GUARD}")  # by group policy, and otherwise
_NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"  # block all Office applications from creating child processes
_PANEL = "请改用开始菜单里的“绩效报表”（xladdin panel），或找管理员"


def excel(machine: Machine) -> tuple[State, str]:
    """Whether there is one, and of which version."""
    found = machine.registry("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "")
    if not found:
        return "bad", "没有找到 Excel。加载项只用于 Excel；用 WPS 的可以试用 xladdin panel，或用命令行 xladdin"
    current = str(machine.registry("HKCR", r"Excel.Application\CurVer", "") or "")
    version = current.rpartition(".")[2]
    if version.isdecimal() and int(version) < OLDEST:
        return "bad", f"{found}（{current}）太旧，加载项要 Excel 2010 或更新的版本"
    return "ok", f"{found}（{current or '版本不明'}）"


def bits(machine: Machine) -> tuple[State, str]:
    """Of Office installed by Click-to-Run, the way of all newer ones."""
    click = machine.registry("HKLM", r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform")
    known = {"x64": "64 位", "x86": "32 位"}.get(str(click))
    return ("ok", f"{known}，两种都可以用") if known else ("unknown", "读不到，两种都可以用")


def wps(machine: Machine) -> tuple[State, str]:
    """Whether WPS stands where Excel is looked for, or opens what the clerk double-clicks."""
    clsid = machine.registry("HKCR", r"Excel.Application\CLSID", "")
    if not clsid:
        return "unknown", "读不到 Excel.Application 的登记"
    servers = [str(machine.registry("HKCR", key, "") or "") for key in _SERVERS]
    taken = next((server for server in servers if _is_wps(server)), None)
    if str(clsid).upper() != _EXCEL or taken:
        way = "请在 WPS 的“配置工具”里取消与 Office 的兼容设置，再修复 Office"
        return "bad", f"WPS 占用了 Excel 的登记（{taken or clsid}）。{way}"
    chosen = machine.registry("HKCU", _CHOICE, "ProgId") or machine.registry("HKCR", ".xlsx", "")
    if str(chosen or "").lower().startswith(("et.", "ket.", "wps")):
        return "warn", "双击 .xlsx 会用 WPS 打开，WPS 里没有“绩效报表”这一栏。请先打开 Excel，再从里面打开文件"
    return "ok", "没有占用"


def _is_wps(server: str) -> bool:
    return any(word in server.lower() for word in ("kingsoft", "wps", r"\et.exe"))


def macros(machine: Machine) -> tuple[State, str]:
    """Whether Excel runs the add-in's VBA: XLSTART has to be trusted where macros are off."""
    office = rf"Microsoft\Office\{_version(machine)}"
    security = rf"{office}\Excel\Security"

    def says(name: str, key: str) -> object | None:
        """What the administrator's policy says, else the user's own setting."""
        roots = ((root, above) for above in (r"Software\Policies", "Software") for root in ("HKCU", "HKLM"))
        found = (machine.registry(root, rf"{above}\{key}", name) for root, above in roots)
        return next((value for value in found if value is not None), None)

    if says("VBAOff", rf"{office}\Common") == 1:
        return "bad", f"VBA 被关闭，加载项不能用。{_PANEL}"
    if says("DisableAllAddins", security) == 1:
        return "bad", f"已禁用所有加载项。请在 Excel 选项→信任中心→加载项 里改，改不了的{_PANEL}"
    if says("RequireAddinSig", security) == 1:
        return "bad", f"只允许有签名的加载项。请在 Excel 选项→信任中心→加载项 里改，改不了的{_PANEL}"
    on_network, untrusted = str(places(machine).addin).startswith("\\\\"), None
    if says("AllLocationsDisabled", rf"{security}\Trusted Locations") == 1:
        untrusted = "受信任位置被关闭"
    elif says("allow user locations", rf"{office}\Common\Security\Trusted Locations") == 0:
        untrusted = "管理员不许用户自己的受信任位置"
    elif on_network and says("AllowNetworkLocations", rf"{security}\Trusted Locations") != 1:
        untrusted = "加载项所在的 XLSTART 在网络上，不是受信任位置"
    if says("VBAWarnings", security) in (3, 4):
        if untrusted:
            return "bad", f"宏被禁用，{untrusted}。请在 Excel 选项→信任中心 里改，改不了的{_PANEL}"
        return "ok", "宏一般被禁用，但加载项所在的 XLSTART 是受信任位置，不受影响"
    if untrusted:
        return "warn", f"{untrusted}，打开 Excel 时可能要点“启用宏”"
    return "ok", "允许"


def disabled(machine: Machine) -> tuple[State, str]:
    """Whether Excel itself has switched the add-in off, as it does after a crash."""
    key = rf"Software\Microsoft\Office\{_version(machine)}\Excel\Resiliency\DisabledItems"
    for value in machine.values(key).values():
        if isinstance(value, bytes) and NAME in value.decode("utf-16-le", "ignore").lower():
            way = "文件→选项→加载项→管理 里选“禁用项目”→转到"
            return "bad", f"Excel 在一次意外之后停用了加载项。请在 {way}，选中它再点“启用”"
    return "ok", "没有"


def children(machine: Machine) -> tuple[State, str]:
    """Whether Excel may start Python: by the script host's object, and not hindered by Defender."""
    for root in ("HKCU", "HKLM"):
        if str(machine.registry(root, _HOST, "Enabled")) == "0":
            return "bad", f"Windows Script Host 被停用，按钮可能启动不了程序。{_PANEL}"
    ruled = {str(machine.registry("HKLM", key, _NO_CHILDREN)) for key in _RULES}
    if "1" in ruled:
        return "bad", f"Defender 不许 Office 启动别的程序。{_PANEL}"
    if "6" in ruled:
        return "warn", "Defender 会在 Office 启动别的程序时先问，请点“解除阻止”"
    return "unknown", "没有发现禁用；安全软件是否拦截，要点一次按钮才知道"


def _version(machine: Machine) -> str:
    """Of Excel, as its keys are named: 16.0."""
    current = str(machine.registry("HKCR", r"Excel.Application\CurVer", "") or "").rpartition(".")[2]
    return f"{current or '16'}.0"
