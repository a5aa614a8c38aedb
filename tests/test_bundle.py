"""The offline installer: what goes into it, what is refused, and what installing and removing do on a pretended Windows."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from xladdin import __version__
from xladdin.errors import XladdinError
from xladdin.excel.addin.bundle import build, launchers, setup, wheels
from xladdin.excel.addin.bundle.interpreter import interpreter

APP = f"app-{__version__}"
CHECKOUT = Path(__file__).parents[1]


def program(machine: int = 0x8664, signer: bytes = b"Python Software Foundation", changed: bool = False) -> bytes:
    """A .exe of the fewest bytes: headers, a version, and what of a signature is looked at."""
    data = bytearray(0x400)
    data[:2], data[0x80:0x84] = b"MZ", b"PE\0\0"
    struct.pack_into("<I", data, 0x3C, 0x80)
    struct.pack_into("<H", data, 0x84, machine)
    struct.pack_into("<H", data, 0x98, 0x20B)
    struct.pack_into("<IIII", data, 0x200, 0xFEEF04BD, 0x10000, 3 << 16 | 13, 2150 << 16 | 1013)
    if not signer:
        return bytes(data)
    entry = 0x98 + 144
    digest = hashlib.sha256(data[:0xD8] + data[0xDC:entry] + data[entry + 8 :]).digest()
    signature = b"0\x82" + signer + b"\x04\x20" + digest
    struct.pack_into("<II", data, entry, len(data), len(signature))
    data[0xD8:0xDC] = b"\x12\x34\x56\x78"  # the checksum, which is not signed
    if changed:
        data[0x300] ^= 1
    return bytes(data) + signature


PYTHON = {
    "python.exe": program(),
    "pythonw.exe": program(),
    "python313.dll": program(signer=b"Microsoft Corporation"),
    "DLLs/_socket.pyd": program(),
    "Lib/os.py": b"os",
    "Lib/tkinter/__init__.py": b"tk",
    "LICENSE.txt": b"PSF",
}
UNUSED = {
    "Lib/site-packages/pip/__init__.py": b"",
    "Lib/site-packages/pip/t64.exe": program(signer=b""),
    "Lib/__pycache__/os.cpython-313.pyc": b"",
    "Lib/test/test_os.py": b"",
    "Lib/venv/scripts/nt/python.exe": program(),
    "Scripts/pip.exe": program(signer=b""),
    "include/Python.h": b"",
    "tcl/tcl8.6/tzdata/UTC": b"",
    "python313._pth": b"theirs",
}


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def sdist(path: Path, inner: bytes) -> Path:
    """A source package that carries the Python as a zip."""
    with tarfile.open(path, "w:gz") as packed:
        for name, data in {"p-1/setup.py": b"", "p-1/src/data.zip": inner}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return path


def test_a_python_is_the_same_however_it_comes(tmp_path):
    whole = PYTHON | UNUSED
    (tmp_path / "embed.zip").write_bytes(zipped(whole))
    below = zipped({f"cp313/{name}": data for name, data in whole.items()})
    found = [
        interpreter(folder(tmp_path / "folder", whole)),
        interpreter(folder(tmp_path / "above" / "cp313", whole).parent),
        interpreter(tmp_path / "embed.zip"),
        interpreter(sdist(tmp_path / "python-1.tar.gz", below)),
    ]
    assert [one.files for one in found] == [PYTHON] * 4
    assert {(one.version, one.tag) for one in found} == {("3.13.2", "313")}
    assert len({one.digest for one in found}) == 1
    assert found[0].paths().decode().split("\r\n") == ["Lib", "DLLs", ".", r"Lib\site-packages", "import site", ""]


REFUSED = [
    ({"python.exe": None}, "没有 Windows 的 Python"),
    ({"python.exe": program(0x14C)}, "不是 64 位"),
    ({"DLLs/_socket.pyd": program(signer=b"")}, r"DLLs/_socket\.pyd 没有签名"),
    ({"DLLs/_socket.pyd": program(signer=b"Somebody Inc")}, "不是 Python 或微软签的名"),
    ({"python313.dll": program(changed=True)}, r"python313\.dll 和签名不符"),
    ({"Lib/helper.dll": program(signer=b"")}, r"Lib/helper\.dll 没有签名"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_pythons_that_are_refused(tmp_path, change, said):
    files = {name: data for name, data in (PYTHON | change).items() if data is not None}
    with pytest.raises(XladdinError, match=said):
        interpreter(folder(tmp_path, files))


@pytest.mark.parametrize("content", [b"", b"no zip", zipped({"a/b.txt": b""})])
def test_what_is_no_package_is_a_sentence(tmp_path, content):
    (tmp_path / "python.zip").write_bytes(content)
    with pytest.raises(XladdinError, match="读不了这个 Python|没有 Windows 的 Python"):
        interpreter(tmp_path / "python.zip")


# ---- the libraries


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """locked(wheels): a lock file that pins them and the Python above, and the folder they lie in."""

    def made(files: dict[str, dict[str, bytes]]) -> Path:
        lies = tmp_path / "wheels"
        lies.mkdir(exist_ok=True)
        given = interpreter(folder(tmp_path / "python", PYTHON))
        rows = ["# told", f"# python {given.version} sha256:{given.digest}"]
        for name, content in files.items():
            (lies / name).write_bytes(data := zipped(content))
            package, version = name.split("-")[:2]
            rows += [f"{package}=={version} \\", f"    --hash=sha256:{hashlib.sha256(data).hexdigest()}"]
        (tmp_path / "bundle.lock").write_text("\n".join(rows), encoding="utf-8")
        monkeypatch.setattr(wheels, "macros_folder", lambda: tmp_path)
        return lies

    return made


LXML = {"lxml/etree.pyd": b"x", "lxml-6.dist-info/METADATA": b"m", "lxml-6.dist-info/RECORD": b"r"}
WIN32 = {
    "win32/win32api.pyd": b"api",
    "win32/service.exe": b"MZ",
    "pythonwin/Pythonwin.exe": b"MZ",
    "pywin32-312.data/purelib/pywin32.pth": b"win32",
    "pywin32-312.data/scripts/run.py": b"",
}
TWO = {"lxml-6-cp313-win_amd64.whl": LXML, "pywin32-312-cp313-win_amd64.whl": WIN32}


def test_what_wheels_put_there(locked):
    lies = locked(TWO)
    (lies / "other-1-none-any.whl").write_bytes(zipped({"other.py": b""}))
    assert wheels.libraries(wheels.read_lock(), lies, "313") == {
        "lxml/etree.pyd": b"x",
        "lxml-6.dist-info/METADATA": b"m",
        "win32/win32api.pyd": b"api",
        "pywin32.pth": b"win32",
    }


def test_a_wheel_of_another_digest_is_not_taken(locked):
    lies = locked(TWO)
    (lies / "lxml-6-cp313-win_amd64.whl").write_bytes(zipped(LXML | {"lxml/etree.pyd": b"y"}))
    with pytest.raises(XladdinError, match="摘要相符的 lxml 6。请按"):
        wheels.libraries(wheels.read_lock(), lies, "313")


OUTSIDE = [
    "../x.py",
    "a/../../x.py",
    "/x.py",
    "C:x.py",
    *([] if os.name == "nt" else ["a\\x.py"]),
]  # there it is a/x.py


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_wheel_puts_nothing_outside(locked, name):
    lies = locked({"odd-1-none-any.whl": {name: b""}})
    with pytest.raises(XladdinError, match="不该有的路径"):
        wheels.libraries(wheels.read_lock(), lies, "313")


def test_the_shipped_lock_pins_all_that_is_needed():
    lock = wheels.read_lock()
    with open(CHECKOUT / "pyproject.toml", "rb") as file:
        wanted = {re.split("[>=<]", line)[0].lower() for line in tomllib.load(file)["project"]["dependencies"]}
    pinned = {pin.name for pin in lock.pins}
    assert wanted - pinned == {"pandas"} and not pinned & set(wheels.LEFT_OUT)
    assert {"pywin32", "markupsafe", "et-xmlfile"} <= pinned, "what those need themselves"
    assert lock.pythons and all(pin.digests for pin in lock.pins)


def test_a_lock_without_a_digest_is_refused(tmp_path, monkeypatch):
    (tmp_path / "bundle.lock").write_text("lxml==6.1\n")
    monkeypatch.setattr(wheels, "macros_folder", lambda: tmp_path)
    with pytest.raises(XladdinError, match=r"没有写明版本和摘要：lxml==6\.1"):
        wheels.read_lock()


# ---- the zip

PRODUCT = {"xladdin/__init__.py": b"v", "xladdin/data/xladdin.xlam": b"addin"}


@pytest.fixture
def bundled(tmp_path, locked, monkeypatch):
    lies = locked(TWO)
    monkeypatch.setattr(build, "own", lambda: dict(PRODUCT))
    return build.build(tmp_path / "绩效报表.zip", tmp_path / "python", lies), lies


def test_the_bundle(bundled, tmp_path):
    made, lies = bundled
    with zipfile.ZipFile(made.path) as packed:
        names = packed.namelist()
        files = {name: packed.read(name) for name in names}
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == {
        "python", "xladdin.xlam", "安装.cmd", "卸载.cmd", "说明.html", "SHA256SUMS",
    }  # fmt: skip
    assert files["python/Lib/site-packages/xladdin/__init__.py"] == b"v"
    assert files["python/python313._pth"].startswith(b"Lib\r\n")
    assert [name for name in names if name.endswith(".exe")] == ["python/python.exe", "python/pythonw.exe"]
    listed = dict(reversed(line.split("  ", 1)) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    page = files["说明.html"].decode()
    assert "lxml 6" in page and "Python 3.13.2" in page and "pandas、numpy" in page and "{{" not in page
    assert (made.python, made.size) == ("3.13.2", made.path.stat().st_size)
    again = build.build(tmp_path / "二.zip", tmp_path / "python", lies)
    assert again.path.read_bytes() == made.path.read_bytes()


def test_a_python_nobody_looked_at_is_refused(tmp_path, locked):
    lies = locked({})
    other = folder(tmp_path / "other", PYTHON | {"Lib/os.py": b"os, changed"})
    with pytest.raises(XladdinError, match=r"不在锁定文件里。.*# python 3\.13\.2 sha256:[0-9a-f]{64}"):
        build.build(tmp_path / "a.zip", other, lies)
    assert not (tmp_path / "a.zip").exists()


def test_from_its_sources_it_says_what_to_do(run, tmp_path, locked):
    lies = locked({})
    code, _, wrong = run("addin", "bundle", tmp_path / "a.zip", "--python", tmp_path / "python", "--wheels", lies)
    assert code == 2 and "pip install（不加 -e）" in wrong


def test_the_launchers_are_ascii_up_to_the_code_page():
    for name in (launchers.INSTALL, launchers.UNINSTALL, launchers.COMMAND):
        for app in ("", APP):
            text = launchers.launcher(name, app)
            before, _, after = text.partition(b"chcp 65001")
            assert before.isascii() and text.count(b"\n") == text.count(b"\r\n") > 0
            assert all(line.isascii() or line.endswith(b"]") for line in after.split(b"\r\n"))
            assert (f'"%~dp0{app}\\python\\python.exe"' if app else '"%~dp0python\\python.exe"').encode() in text
    assert b"rd " not in launchers.launcher(launchers.UNINSTALL), "the folder somebody unpacked is left"


# ---- installing


class Programs:
    """Stands in for starting programs: what was started, and what they answer."""

    def __init__(self, **answers: int):
        self.answers, self.started = answers, []

    def __call__(self, command) -> int:
        word = " ".join(command[command.index("-m") + 1 :][:3])
        self.started.append((Path(command[0]), word))
        return next((code for name, code in self.answers.items() if word.endswith(name)), 0)


@pytest.fixture
def unpacked(bundled, tmp_path):
    with zipfile.ZipFile(bundled[0].path) as packed:
        packed.extractall(tmp_path / "解压 出来")
    return tmp_path / "解压 出来"


def tree(path: Path) -> set[str]:
    return {item.relative_to(path).as_posix() for item in path.rglob("*") if item.is_file()}


def test_install_and_uninstall(unpacked, tmp_path, capsys):
    home, programs = tmp_path / "xladdin", Programs()
    assert setup.install(unpacked, home, programs) == 0
    app = home / APP
    assert tree(home) == {f"{APP}/{name}" for name in tree(unpacked) - {"安装.cmd", "卸载.cmd"}} | {
        "xladdin.cmd",
        "卸载.cmd",
    }
    python = app / "python" / "python.exe"
    assert [place for place, _ in programs.started] == [python] * 3
    assert [word.split()[0] for _, word in programs.started] == ["compileall", "xladdin", "xladdin"]
    assert [word for _, word in programs.started][1:] == ["xladdin addin install", "xladdin addin doctor"]
    python.touch()
    before = python.stat().st_mtime_ns
    assert setup.install(unpacked, home, programs) == 0, "again"
    assert python.stat().st_mtime_ns == before, "what is there and right is left"
    (home / "xladdin-1.log").touch()
    assert setup.uninstall(unpacked, home, programs) == 0
    assert programs.started[-1][1] == "xladdin addin uninstall"
    assert tree(home) == {"xladdin-1.log"}
    assert "卸载完了" in capsys.readouterr().out


def test_the_installed_one_leaves_its_folder_to_its_caller(unpacked, tmp_path):
    home = tmp_path / "xladdin"
    setup.install(unpacked, home, Programs())
    (home / "app-0.0.1").mkdir()
    assert setup.uninstall(home / APP, home, Programs()) == launchers.REST
    assert sorted(item.name for item in home.iterdir()) == sorted([APP, "xladdin.cmd", "卸载.cmd"])


DAMAGES = {
    "changed": lambda path: (path / "python" / "Lib" / "os.py").write_bytes(b"?"),
    "missing": lambda path: (path / "python" / "python313.dll").unlink(),
    "no sums": lambda path: (path / "SHA256SUMS").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_not_unpacked_whole_is_not_installed(unpacked, tmp_path, damage):
    home, programs = tmp_path / "xladdin", Programs()
    DAMAGES[damage](unpacked)
    with pytest.raises(XladdinError, match="请重新解压整个压缩包"):
        setup.install(unpacked, home, programs)
    assert not (home / APP).exists() and not programs.started


def test_a_damaged_installation_is_mended(unpacked, tmp_path):
    home = tmp_path / "xladdin"
    setup.install(unpacked, home, Programs())
    broken = home / APP / "python" / "Lib" / "os.py"
    broken.write_bytes(b"?")
    setup.install(unpacked, home, Programs())
    assert broken.read_bytes() == b"os"
    assert sorted(item.name for item in home.iterdir()) == sorted([APP, "xladdin.cmd", "卸载.cmd"])


@pytest.fixture
def running(monkeypatch):
    """running(folder): its programs run, as Windows shows it; running(): none does."""
    genuine, held = setup.os.open, []

    def opened(path, flags, *more, **named):
        if any(Path(path).is_relative_to(place) for place in held):
            raise PermissionError(errno.EACCES, "used by another process")
        return genuine(path, flags, *more, **named)

    monkeypatch.setattr(setup.os, "open", opened)
    return lambda *places: held.__setitem__(slice(None), places)


def test_an_update_stands_beside_what_runs(unpacked, tmp_path, running, capsys):
    home = tmp_path / "xladdin"
    old = folder(home / "app-0.0.9", {"python/python.exe": b"", "python/pythonw.exe": b""})
    running(old)
    assert setup.install(unpacked, home, Programs()) == 0
    assert old.is_dir() and "还有程序在用，留着不影响：app-0.0.9" in capsys.readouterr().out
    with pytest.raises(XladdinError, match=r"还在用（app-0\.0\.9）"):
        setup.uninstall(unpacked, home, programs := Programs())
    assert not programs.started, "nothing is half removed"
    running()
    assert setup.install(unpacked, home, Programs()) == 0
    assert not old.exists()


def test_an_open_excel_leaves_the_old_version_alone(unpacked, tmp_path):
    home = tmp_path / "xladdin"
    old = folder(home / "app-0.0.9", {"python/python.exe": b""})
    assert setup.install(unpacked, home, programs := Programs(install=2)) == 2
    assert old.is_dir() and programs.started[-1][1] == "xladdin addin install"
    assert setup.uninstall(unpacked, home, Programs(uninstall=2)) == 2
    assert old.is_dir() and (home / APP).is_dir()


def test_the_main_job_needs_no_pandas_and_no_numpy(tmp_path):
    code = (
        "import sys; sys.modules.update(pandas=None, numpy=None)\n"
        "from xladdin.cli.main import main\n"
        f"assert main(['demo', '--out', {str(tmp_path / '示例')!r}]) == 0\n"
        "import xladdin, xlwings\n"
        "xladdin.frames([])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=CHECKOUT)
    assert "这里没有安装 pandas。请运行 pip install pandas" in done.stderr and "示例" in done.stdout, done.stderr
