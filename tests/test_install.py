"""Installing, removing and examining the add-in, on a Windows that is only pretended."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from xladdin import __version__
from xladdin.cli import addin as addin_commands
from xladdin.cli.main import main
from xladdin.errors import SaveError, XladdinError
from xladdin.excel.addin import doctor, install, surroundings, vba
from xladdin.excel.addin import machine as machine_room
from xladdin.excel.addin import package as addin
from xladdin.excel.addin.machine import Machine

pytest.importorskip("pyopenvba", reason="pyOpenVBA builds the add-in")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return addin.build(tmp_path_factory.mktemp("addin") / "xladdin.xlam")


def windows(tmp_path: Path, registry: dict | None = None, **more) -> Machine:
    """A fake Windows: its folders below tmp_path, its registry a dict; a key of HKCU is listed by what it has in it."""
    home = tmp_path / "张三"
    python = home / "Python" / "python.exe"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    known = {(root, key, name): value for (root, key, name), value in (registry or {}).items()}
    values = {
        "platform": "win32",
        "environ": {"APPDATA": str(home / "Roaming"), "LOCALAPPDATA": str(home / "Local")},
        "executable": str(python),
        "registry": lambda root, key, name: known.get((root, key, name)),
        "values": lambda key: {at[2]: value for at, value in known.items() if at[:2] == ("HKCU", key)},
        "version_of": {"xlwings": "0.37.8", "pywin32": "311"}.get,
        "shortcut": lambda path, program, arguments: bool(path.write_text(f"{program}|{arguments}", encoding="utf-8")),
    } | more
    return Machine(**values)


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def test_install_and_uninstall_leave_nothing(tmp_path, built):
    machine = windows(tmp_path)
    startup = machine.startup_folder()
    startup.mkdir(parents=True)
    programs = tmp_path / "张三" / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs"
    programs.mkdir(parents=True)
    (startup / "PERSONAL.XLSB").write_bytes(b"theirs")
    before = tree(tmp_path)
    there = install.install(machine, built)
    assert there.addin.read_bytes() == built.read_bytes()
    assert [item.name for item in startup.iterdir() if item.is_file()].count("xladdin.conf") == 0, "Excel would open it"
    assert there.config == startup / "xladdin" / "xladdin.conf"
    assert install.python_of(there.config) == machine.executable
    assert there.entry == programs / "绩效报表.lnk"
    assert there.entry.read_text("utf-8") == f"{machine.executable}|-E -P -X utf8 -B -m xladdin panel"
    install.install(machine, built)  # again: an update
    assert install.uninstall(machine) == [there.addin, there.config, there.entry]
    assert tree(tmp_path) == before
    assert install.uninstall(machine) == []


def test_the_settings_are_read_where_they_are_written(tmp_path):
    source = vba.modules()["XladdinPython"]
    config = install.places(windows(tmp_path)).config
    folder, name = config.parent.name, config.name
    assert f'ThisWorkbook.Path & "\\{folder}\\{name}"' in source
    assert re.findall(r'Setting\("([^"]+)"', source) == [install.PYTHON]


@pytest.mark.parametrize("folder", ["Python", "软件 😀", "Ünïcode・조선"])
def test_no_code_page_has_a_say_in_the_settings(tmp_path, built, folder):
    """UTF-16 with its mark, as FileSystemObject reads it; the line with the mark in it names nothing."""
    python = tmp_path / folder / "python.exe"
    python.parent.mkdir()
    for name in ("python.exe", "pythonw.exe"):
        (python.parent / name).touch()
    there = install.install(windows(tmp_path, executable=str(python)), built)
    assert there.config.read_bytes().startswith(b"\xff\xfe")
    told = there.config.read_text(encoding="utf-16").splitlines()
    assert "=" not in told[0] and told[1:] == [f"PYTHON={python.with_name('pythonw.exe')}"]
    assert install.python_of(there.config) == str(python.with_name("pythonw.exe"))


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_it_says_what_is_supported(tmp_path, platform):
    machine = windows(tmp_path, platform=platform)
    before = tree(tmp_path)
    for run in (install.install, install.uninstall):
        with pytest.raises(XladdinError, match=r"只能装在 Windows 上.*命令行"):
            run(machine)
    assert tree(tmp_path) == before


def test_missing_modules_are_named(tmp_path):
    with pytest.raises(XladdinError, match=r"没有 xlwings、pywin32。请先运行 pip install xladdin，"):
        install.install(windows(tmp_path, version_of=lambda name: None))


def test_an_open_excel_is_explained(tmp_path, built, monkeypatch):
    machine = windows(tmp_path)
    there = install.install(machine, built)

    def held(*_):
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(install.os, "replace", held)
    with pytest.raises(SaveError, match="请关闭所有 Excel 窗口"):
        install.install(machine, built)
    assert sorted(tree(there.addin.parent)) == ["xladdin", "xladdin.xlam", "xladdin/xladdin.conf"], (
        "no scratch file left"
    )


def test_without_a_start_menu_it_is_installed_all_the_same(tmp_path, built):
    refused = windows(tmp_path, shortcut=lambda *_: False)
    assert install.install(refused, built).entry is None
    (tmp_path / "张三/Roaming/Microsoft/Windows/Start Menu/Programs").mkdir(parents=True)
    there = install.install(refused, built)
    assert not there.entry.exists() and there.addin.is_file()
    assert install.uninstall(refused) == [there.addin, there.config]


def test_a_checkout_builds_what_a_wheel_carries(tmp_path, built):
    assert install.install(windows(tmp_path)).addin.read_bytes() == built.read_bytes()


# ---- 体检

SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
HEALTHY = {
    ("HKLM", r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", ""): r"C:\Office\EXCEL.EXE",
    ("HKCR", r"Excel.Application\CurVer", ""): "Excel.Application.16",
    ("HKLM", r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"): "x64",
    ("HKCR", r"Excel.Application\CLSID", ""): "{00024500-0000-0000-C000-000000000046}",
    ("HKCR", r"CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32", ""): r"C:\Office\EXCEL.EXE /automation",
    ("HKCR", ".xlsx", ""): "Excel.Sheet.12",
}


def states(machine: Machine) -> dict[str, str]:
    return {line.name: line.state for line in doctor.examine(machine)}


def test_a_healthy_machine(tmp_path, built, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    machine = windows(tmp_path, HEALTHY)
    install.install(machine, built)
    lines = doctor.examine(machine)
    assert {line.name: line.state for line in lines if line.state != "ok"} == {"启动程序": "unknown"}, lines
    text = doctor.report(lines)
    assert text.splitlines()[0] == f"xladdin {__version__} 体检：看得到的 10 处都正常，1 处不明"
    assert r"[正常] Excel：C:\Office\EXCEL.EXE（Excel.Application.16）" in text


SERVER = r"CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32"
CHOICE = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.xlsx\UserChoice"
HOST = r"Software\Microsoft\Windows Script Host\Settings"
GUARD = r"Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
COMMON, COMMON_POLICY = (rf"{start}\Microsoft\Office\16.0\Common" for start in ("Software", r"Software\Policies"))
SWITCHED_OFF = r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
NAMED = bytes(12) + "C:\\Users\\张三\\XLSTART\\XLADDIN.XLAM\0绩效报表\0".encode("utf-16-le")
OTHER = bytes(12) + "C:\\other.xlam\0".encode("utf-16-le")
AILMENTS = [
    # what the registry says, the line it shows on, how bad, a word of the advice
    ({("HKCR", SERVER, ""): r"C:\Kingsoft\WPS Office\et.exe"}, "WPS 是否占用", "bad", "配置工具"),
    ({("HKCR", rf"WOW6432Node\{SERVER}", ""): r"D:\WPS\office6\et.exe"}, "WPS 是否占用", "bad", "配置工具"),
    (
        {("HKCR", r"Excel.Application\CLSID", ""): "{45540001-5750-5300-4B49-4E47534F4654}"},
        "WPS 是否占用",
        "bad",
        "4554",
    ),
    ({("HKCR", ".xlsx", ""): "ET.Xlsx.6"}, "WPS 是否占用", "warn", "先打开 Excel"),
    ({("HKCU", CHOICE, "ProgId"): "KET.Sheet.12"}, "WPS 是否占用", "warn", "先打开 Excel"),
    ({("HKCU", CHOICE, "ProgId"): "Excel.Sheet.12", ("HKCR", ".xlsx", ""): "ET.Xlsx.6"}, "WPS 是否占用", "ok", ""),
    ({("HKCR", r"Excel.Application\CLSID", ""): None}, "WPS 是否占用", "unknown", "读不到"),
    (dict.fromkeys(HEALTHY), "Excel", "bad", "没有找到 Excel"),
    ({("HKCR", r"Excel.Application\CurVer", ""): "Excel.Application.12"}, "Excel", "bad", "2010"),
    ({("HKCR", r"Excel.Application\CurVer", ""): "Excel.Application.14"}, "Excel", "ok", ""),
    ({("HKCU", SECURITY, "VBAWarnings"): 4}, "宏的设置", "ok", "受信任位置"),
    ({("HKCU", SECURITY, "VBAWarnings"): 1}, "宏的设置", "ok", "允许"),
    (
        {("HKCU", POLICY, "VBAWarnings"): 3, ("HKCU", rf"{POLICY}\Trusted Locations", "AllLocationsDisabled"): 1},
        "宏的设置",
        "bad",
        "管理员",
    ),
    ({("HKCU", rf"{SECURITY}\Trusted Locations", "AllLocationsDisabled"): 1}, "宏的设置", "warn", "启用宏"),
    (
        {("HKCU", rf"{COMMON_POLICY}\Security\Trusted Locations", "allow user locations"): 0},
        "宏的设置",
        "warn",
        "管理员不许",
    ),
    (
        {
            ("HKCU", rf"{COMMON_POLICY}\Security\Trusted Locations", "allow user locations"): 0,
            ("HKLM", POLICY, "VBAWarnings"): 4,
        },
        "宏的设置",
        "bad",
        "xladdin panel",
    ),
    ({("HKCU", POLICY, "RequireAddinSig"): 1}, "宏的设置", "bad", "签名"),
    ({("HKCU", SECURITY, "DisableAllAddins"): 1}, "宏的设置", "bad", "禁用所有加载项"),
    ({("HKCU", COMMON_POLICY, "VBAOff"): 1}, "宏的设置", "bad", "VBA 被关闭"),
    ({("HKLM", COMMON, "VBAOff"): 1}, "宏的设置", "bad", "VBA 被关闭"),
    ({("HKCU", SWITCHED_OFF, "7B1E3A"): NAMED}, "被 Excel 停用", "bad", "禁用项目"),
    ({("HKCU", SWITCHED_OFF, "7B1E3A"): OTHER}, "被 Excel 停用", "ok", "没有"),
    ({("HKLM", HOST, "Enabled"): "0"}, "启动程序", "bad", "Script Host"),
    ({("HKLM", rf"SOFTWARE\Policies\Microsoft\{GUARD}", NO_CHILDREN): "1"}, "启动程序", "bad", "Defender"),
    ({("HKLM", rf"SOFTWARE\Microsoft\{GUARD}", NO_CHILDREN): 1}, "启动程序", "bad", "xladdin panel"),
    ({("HKLM", rf"SOFTWARE\Microsoft\{GUARD}", NO_CHILDREN): 6}, "启动程序", "warn", "先问"),
    ({("HKLM", rf"SOFTWARE\Microsoft\{GUARD}", NO_CHILDREN): 2}, "启动程序", "unknown", "点一次"),
    # the command processor is not on the way any more
    ({("HKCU", r"Software\Policies\Microsoft\Windows\System", "DisableCMD"): 2}, "启动程序", "unknown", "点一次"),
]


@pytest.mark.parametrize(("registry", "name", "state", "word"), AILMENTS, ids=[f"{a[1]}-{a[3]}" for a in AILMENTS])
def test_ailments_of_the_registry(tmp_path, registry, name, state, word):
    line = {line.name: line for line in doctor.examine(windows(tmp_path, HEALTHY | registry))}[name]
    assert line.state == state and word in line.text


@pytest.mark.parametrize(("allowed", "state"), [(None, "warn"), (1, "ok")])
def test_an_xlstart_on_the_network_is_not_trusted(tmp_path, allowed, state):
    registry = HEALTHY | {("HKCU", rf"{SECURITY}\Trusted Locations", "AllowNetworkLocations"): allowed}
    machine = windows(tmp_path, registry, environ={"APPDATA": r"\\server\home$\张三"})
    assert surroundings.macros(machine)[0] == state


LINES = [  # what was found, the verdict above it
    ("ok ok ok", "没有发现问题"),
    ("ok unknown", "看得到的 1 处都正常，1 处不明"),
    ("unknown " * 8, "8 处不明"),
    ("ok bad warn unknown", "1 处有问题，1 处要注意，1 处不明"),
    ("warn", "0 处有问题，1 处要注意"),
]


@pytest.mark.parametrize(("found", "verdict"), LINES)
def test_the_verdict_claims_no_more_than_was_seen(found, verdict):
    text = doctor.report([doctor.Line("", state, "") for state in found.split()])
    assert text.splitlines()[0] == f"xladdin {__version__} 体检：{verdict}"


def test_what_is_wrong_with_the_installation(tmp_path, built):
    machine = windows(tmp_path, HEALTHY)
    found = states(machine)
    assert (found["加载项文件"], found["加载项版本"], found["Python"]) == ("bad", "bad", "bad")
    there = install.install(machine, built)
    Path(f"{there.addin}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")
    assert states(machine)["加载项文件"] == "bad"
    assert states(windows(tmp_path, HEALTHY, version_of=lambda name: None))["xlwings 版本"] == "bad"
    other = tmp_path / "另一个" / "python.exe"
    assert states(windows(tmp_path, HEALTHY, executable=str(other)))["Python"] == "warn"
    Path(machine.executable).unlink()
    assert states(machine)["Python"] == "bad"
    there.addin.write_bytes(b"not a package")
    assert states(machine)["加载项版本"] == "bad"
    there.config.write_bytes(b"\xff\xfe\x00")
    assert states(machine)["Python"] == "bad"


def test_an_addin_of_another_version_is_told(tmp_path, built):
    machine = windows(tmp_path, HEALTHY)
    content = io.BytesIO()
    with zipfile.ZipFile(built) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(__version__.encode(), b"0.0.9") if name == addin.PROPERTIES else data)
    stale = tmp_path / "stale.xlam"
    stale.write_bytes(content.getvalue())
    install.install(machine, stale)
    line = {line.name: line for line in doctor.examine(machine)}["加载项版本"]
    assert line.state == "bad" and "0.0.9" in line.text and "addin install" in line.text


def test_elsewhere_most_of_it_does_not_apply(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    lines = doctor.examine(windows(tmp_path, platform="linux"))
    assert {line.name for line in lines if "不适用" not in line.text} == {"xlwings 版本", "日志文件夹"}
    assert not [line for line in lines if line.state == "bad"]


def test_a_log_folder_that_cannot_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.touch()
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(blocked))
    assert states(windows(tmp_path))["日志文件夹"] == "warn"


# ---- the commands


def test_commands_print_what_was_done(tmp_path, capsys, monkeypatch):
    machine = windows(tmp_path, HEALTHY)
    monkeypatch.setattr(install, "Machine", lambda: machine)
    monkeypatch.setattr(doctor, "Machine", lambda: machine)
    assert addin_commands.build(tmp_path / "新" / "xladdin.xlam") == 0
    assert addin_commands.install() == 0
    assert addin_commands.doctor() == 0
    assert addin_commands.uninstall() == addin_commands.uninstall() == 0
    assert addin_commands.doctor() == 1
    said = capsys.readouterr().out
    for words in ("已生成加载项", "已安装到", "都正常", "已删除", "没有安装过", "3 处有问题"):
        assert words in said
    with pytest.raises(SaveError, match="写不了加载项"):
        addin_commands.build(tmp_path)


@pytest.mark.parametrize(("there", "words"), [(True, "已放进剪贴板"), (False, "没有放进剪贴板")])
def test_the_examination_on_the_clipboard(tmp_path, capsys, monkeypatch, there, words):
    """A pipe to clip.exe would carry UTF-8 where it expects the code page."""
    copied = []
    machine = windows(tmp_path, HEALTHY, copy=lambda text: there and not copied.append(text))
    monkeypatch.setattr(machine_room, "Machine", lambda: machine)
    monkeypatch.setattr(doctor, "Machine", lambda: machine)
    main(["addin", "doctor", "--clip"])
    said = capsys.readouterr().out
    assert words in said
    assert not there or (copied[0] in said and "宏的设置" in copied[0])
