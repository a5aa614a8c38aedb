"""The offline installer, from its zip to nothing left, as a clerk has it: each test goes on from the one before."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.windows.button import pressed
from tests.windows.wine import PYTHON, Wine, missing
from xladdin import __version__
from xladdin.cli.main import main

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

CHECKOUT = Path(__file__).parents[2]
APP = f"app-{__version__}"
RUNNING = "import time; time.sleep(600)"


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    wine = Wine(tmp_path_factory.mktemp("wine"))
    yield wine
    wine.close()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    """The zip, built by xladdin as its wheel installs it."""
    made = tmp_path_factory.mktemp("bundle")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(made / "lib"), str(CHECKOUT)]
    subprocess.run(pip, check=True, capture_output=True)
    command = [sys.executable, "-m", "xladdin", "addin", "bundle", "绩效报表.zip", "--python", os.environ[PYTHON]]
    environment = os.environ | {"PYTHONPATH": str(made / "lib")}
    done = subprocess.run(command, cwd=made, env=environment, capture_output=True, encoding="utf-8")
    if "pip 下载不了库" in done.stderr:
        pytest.skip("the libraries cannot be downloaded")
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    return made / "绩效报表.zip"


@pytest.fixture(scope="module")
def unpacked(wine, bundle) -> Path:
    """Where Explorer would put it, with all that troubles cmd.exe in the name."""
    folder = wine.user / "Desktop" / "绩效 报表(1)&新!"
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def installed(wine, unpacked) -> Path:
    """The program's folder after 安装.cmd was double-clicked."""
    code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "安装.cmd")
    assert code == 0 and "装好了" in said, said
    return wine.local / APP


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def xladdin(wine: Wine, *words: str | Path, cwd: Path | None = None) -> tuple[int, str]:
    """The command line as installed: xladdin.cmd."""
    return wine.run("cmd", "/c", wine.windows(wine.local / "xladdin.cmd"), *words, cwd=cwd or wine.drive)


def python(wine: Wine, code: str, *words: str | Path) -> tuple[int, str]:
    """Code run by the installed Python."""
    return wine.run(wine.local / APP / "python" / "python.exe", "-E", "-P", "-X", "utf8", "-c", code, *words)


def test_it_is_small(bundle):
    assert bundle.stat().st_size < 40e6


def test_installed_as_listed(wine, installed, unpacked):
    listed = (line.split("  ", 1) for line in (unpacked / "SHA256SUMS").read_text("utf-8").splitlines())
    expected = {name: digest for digest, name in listed if not name.endswith(".cmd")}
    there = files(installed)
    assert expected.items() <= there.items()
    assert {Path(name).suffix for name in there.keys() - expected.keys()} == {".pyc", ""}, "compiled, and the list"
    assert (wine.startup / "xladdin.xlam").read_bytes() == (unpacked / "xladdin.xlam").read_bytes()
    assert APP in (wine.startup / "xladdin" / "xladdin.conf").read_bytes().replace(b"\0", b"").decode("latin-1")
    assert not [name for name in files(unpacked) if name.endswith(".pyc")], "what was unpacked stays as it was"


def test_what_is_inside_works(wine, installed):
    code = (
        "import lxml.etree, openpyxl, xlsxwriter, xlrd, rapidfuzz.fuzz, jinja2, tqdm, xlwings, win32com.client, ctypes\n"
        "import sqlite3, ssl, tkinter, pypdfium2, multiprocessing\n"
        "assert rapidfuzz.fuzz.ratio('绩效', '绩效') == 100 and tkinter.Tcl().eval('info patchlevel')\n"
        "assert len(pypdfium2.PdfDocument.new()) == 0\n"
        "import importlib.util as u, sys; print([n for n in ('pandas', 'numpy', 'pip') if u.find_spec(n)], sys.flags.utf8_mode)"
    )
    assert python(wine, code) == (0, "[] 1\n")


def test_pandas_is_asked_for_in_a_sentence(wine, installed):
    code, said = python(wine, "import xladdin; xladdin.frames([])")
    assert code == 1 and "这里没有安装 pandas。请运行 pip install pandas" in said


def test_the_demo_is_the_same_as_elsewhere(wine, installed, tmp_path):
    out = wine.drive / "工作 目录" / "示例（一）"
    code, said = xladdin(wine, "demo", "--out", wine.windows(out))
    assert code == 0 and "核对结果" in said, said
    assert main(["demo", "--out", str(tmp_path / "示例")]) == 0
    here = files(tmp_path / "示例")
    there = files(out)
    assert there.keys() == here.keys()
    forms = {name for name in here if "填好" in name or "自评" in name or "申报" in name} - {
        "核对结果.xlsx",
        "核对结果.html",
    }
    assert forms and [name for name in forms if there[name] != here[name] and name.endswith(".xlsx")] == []


def test_the_doctor_finds_excel_alone_wanting(wine, installed):
    code, said = xladdin(wine, "addin", "doctor")
    assert code == 1
    assert [line.split("：")[0] for line in said.splitlines() if line.startswith("[有问题]")] == ["[有问题] Excel"], (
        said
    )


SAVING = """
import msvcrt, os, sys
from pathlib import Path
from xladdin.workbook.saving import put, save
from xladdin.files import digest_of
path = Path(sys.argv[1]) / "表.xlsx"
path.parent.mkdir(parents=True, exist_ok=True)
save(path, b"old")
held = os.open(path, os.O_RDWR)
msvcrt.locking(held, msvcrt.LK_NBLCK, 3)
for attempt in (lambda: save(path, b"new", seen=digest_of(path)), lambda: put(path, b"new"), lambda: save(path, b"new")):
    try:
        attempt()
        print("written")
    except Exception as error:
        print(type(error).__name__, error)
msvcrt.locking(held, msvcrt.LK_UNLCK, 3) if os.lseek(held, 0, 0) == 0 else None
os.close(held)
print(path.read_bytes(), sorted(os.listdir(path.parent)))
"""


def test_a_file_somebody_has_open_is_left(wine, installed):
    code, said = python(wine, SAVING, r"C:\工作 目录\开着")
    lines = said.splitlines()
    assert code == 0 and "written" not in said and all("Traceback" not in line for line in lines), said
    assert all("表.xlsx" in line and "。" in line for line in lines[:3]), said
    assert lines[-1].startswith("b'old' ['表.xlsx'"), said


HOLDING = """
import sys
from pathlib import Path
from xladdin.batch.lock import FolderLock
FolderLock(Path(sys.argv[1])).take()
print("held", flush=True)
sys.stdin.read()
"""


def test_one_writer_a_folder(wine, installed):
    ledger, out = r"C:\工作 目录\台账.xlsx", r"C:\工作 目录\结果"
    shutil.copy(next((wine.drive / "工作 目录").rglob("*台账*.xlsx")), wine.drive / "工作 目录" / "台账.xlsx")
    first = wine.started(installed / "python" / "python.exe", "-X", "utf8", "-c", HOLDING, out)
    try:
        assert first.stdout.readline().strip() == b"held"
        code, said = xladdin(wine, "fill", ledger, "--out", out)
        assert code == 2 and "正在往这个文件夹里写" in said, said
    finally:
        wine.ended(first)
    code, said = xladdin(wine, "fill", ledger, "--out", out)
    assert code == 0 and "写好" in said, said


@pytest.mark.parametrize("folder", [r"C:\工作 目录" + r"\很长的文件夹名字" * 11, r"C:\工作 目录\😀 é 조선"])
def test_long_and_odd_paths(wine, installed, folder):
    code, said = xladdin(wine, "fill", r"C:\工作 目录\台账.xlsx", "--out", folder)
    assert code == 0 and "写好" in said, said


def test_a_path_too_long_is_a_sentence(wine, installed):
    code, said = xladdin(wine, "fill", r"C:\工作 目录\台账.xlsx", "--out", r"C:\工作 目录" + "\\" + "a" * 300)
    assert code == 2 and "路径太长" in said, said


BUTTONS = [  # what runs, its exit code, what then stands in the log
    ("from xladdin.excel import bridge; bridge.run('help')", 1, "get_xl_app_from_hwnd"),  # as far as the absent Excel
    ("raise SystemError('坏了')", 1, "SystemError: 坏了"),
    ("sys.stderr.write(' '.join(sys.argv[2:]))", 0, f"--addin={__version__} --hwnd=4711"),
]


@pytest.mark.parametrize(("code", "ended", "logged"), BUTTONS, ids=["help", "broken", "words"])
def test_the_command_line_of_a_button(wine, installed, code, ended, logged):
    """The VBA of the installed add-in makes it, of the installed settings."""
    pytest.importorskip("pyopenvba", reason="its interpreter runs the VBA")
    temp = wine.user / "Temp"
    addin = wine.startup / "xladdin.xlam"
    folder, line = pressed(addin, wine.windows(wine.startup), wine.windows(temp), code)
    assert line.startswith(f'"{wine.windows(installed)}\\python\\pythonw.exe" -E -P')
    assert wine.line(installed / "python" / "python.exe", line, folder)[0] == ended
    log = temp / "xladdin-rad1.log"
    assert logged in log.read_text("utf-8")
    log.unlink()


def test_excel_holding_the_add_in_stops_both(wine, installed, unpacked):
    addin = wine.windows(wine.startup / "xladdin.xlam")
    holding = f"import ctypes; h = ctypes.windll.kernel32.CreateFileW({addin!r}, 0x80000000, 1, None, 3, 0, None)\n"
    process = wine.started(
        installed / "python" / "python.exe", "-c", holding + "print(h, flush=True); import sys; sys.stdin.read()"
    )
    try:
        assert int(process.stdout.readline()) > 0
        before = files(wine.startup)
        code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "安装.cmd")
        assert code == 2 and "请关闭所有 Excel 窗口" in said, said
        code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "卸载.cmd")
        assert code == 2 and "卸载完了" not in said, said
        assert files(wine.startup) == before and installed.is_dir()
    finally:
        wine.ended(process)


def test_an_older_version_in_use_stays_until_the_next_time(wine, installed, unpacked):
    old = wine.local / "app-0.0.1"
    shutil.copytree(installed, old)
    process = wine.started(old / "python" / "pythonw.exe", "-c", RUNNING)
    try:
        time.sleep(3)
        code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "安装.cmd")
        assert code == 0 and "还有程序在用，留着不影响：app-0.0.1" in said, said
        code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "卸载.cmd")
        assert code == 2 and "还在用（app-0.0.1）" in said, said
    finally:
        wine.run("taskkill", "/f", "/im", "pythonw.exe")
        wine.ended(process)
    code, said = wine.double_click(unpacked / "python" / "python.exe", unpacked / "安装.cmd")
    assert code == 0 and not old.exists(), said


def test_what_was_not_unpacked_says_so(wine, installed, unpacked):
    alone = wine.user / "Temp" / "安装.cmd"
    shutil.copy(unpacked / "安装.cmd", alone)
    code, said = wine.double_click(unpacked / "python" / "python.exe", alone)
    assert code == 2 and "xladdin]" in said, said


def test_uninstalled_from_where_it_is_installed(wine, installed, unpacked):
    (wine.local / "xladdin-1.log").touch()
    code, said = wine.double_click(unpacked / "python" / "python.exe", wine.local / "卸载.cmd")
    assert code == 0 and "出错的记录还在" in said, said
    assert set(files(wine.local)) == {"xladdin-1.log"}
    assert not wine.startup.is_dir() or not files(wine.startup)
    assert not list(wine.user.rglob("*.lnk")), "nor in the Start menu"
