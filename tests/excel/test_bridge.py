"""What a click pays for, and what Python may not do to the clerk's other workbooks."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import types
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from xladdin import __version__
from xladdin.errors import XladdinError
from xladdin.excel import bridge
from xladdin.excel.addin.commands import find

from .pressing import DECLARED, replace_function

ROOT = Path(__file__).resolve().parents[2]


def test_xlwings_still_registers_the_hook_we_take_out():
    """It ends Excel processes it sees no window of; should the name change, ours no longer takes it out."""
    source = Path(find_spec("xlwings").origin).with_name("_xlwindows.py").read_text(encoding="utf-8")
    assert "@atexit.register\ndef cleanup():" in source


def test_the_hook_is_taken_out(monkeypatch):
    xlwindows = types.ModuleType("xlwings._xlwindows")
    xlwindows.cleanup = lambda: None
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", xlwindows)
    monkeypatch.setattr(sys.modules["xlwings"], "_xlwindows", xlwindows, raising=False)
    gone = []
    monkeypatch.setattr(atexit, "unregister", gone.append)
    bridge.tame_xlwings()
    assert gone == [xlwindows.cleanup]
    assert xlwindows.N_COM_ATTEMPTS == bridge.ATTEMPTS > 1000, "refused calls are made again, and not for ever"


def test_a_click_does_not_load_what_it_does_not_need():
    code = (
        "import sys; sys.argv.append('--hwnd=1'); from xladdin.excel import bridge\n"
        "from xladdin.excel.actions import checking\n"
        "heavy = ('scipy', 'numpy', 'pandas', 'openpyxl', 'xlsxwriter', 'jinja2', 'tqdm')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


CLICK = """
import sys
sys.argv[1:] = ["--addin=ADDIN", "--app=x", "--hwnd=4711"]  # the command line the add-in's VBA makes
from xladdin.excel import bridge

HEAVY = ("pandas", "numpy", "scipy", "openpyxl", "matplotlib", "PIL", "xlsxwriter", "jinja2", "lxml", "tqdm")

class App:
    screen_updating = calculation = enable_events = True
    api = type("Api", (), {"Interactive": True})

    def __setattr__(self, name, value):
        print(name, value, [module for module in HEAVY if module in sys.modules])
        if name == "status_bar":
            sys.exit()

    def alert(self, text, *_, **__):
        print(text)

class Book:
    app = App()

bridge._caller = Book
bridge.run("ID")
"""


def click(command_id: str, addin: str = __version__) -> str:
    """What a click's process says: the first status text and the heavy modules loaded by then, or a message."""
    code = CLICK.replace("ADDIN", addin).replace("ID", command_id)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, encoding="utf-8",
                          env={**os.environ, "PYTHONIOENCODING": "utf-8"})  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("command_id", ["check", "rescore", "batch", "help"])
def test_nothing_heavy_stands_before_the_first_status_text(command_id):
    said = ["interactive False []", f"status_bar {find(command_id).label}…… []", "interactive True []"]
    assert click(command_id).splitlines() == said


VERSIONS = [  # the add-in's version, the button, whether it is refused
    (__version__, "check", False),
    ("0.0.9", "check", True),
    ("0.0.9", "rescore", True),
    ("0.0.9", "doctor", False),  # it says more of it
    ("0.0.9", "help", False),
]


@pytest.mark.parametrize(("addin", "command_id", "refused"), VERSIONS)
def test_addin_and_package_of_two_versions_are_told(addin, command_id, refused):
    first, said, last = click(command_id, addin).splitlines()
    assert (first, last) == ("interactive False []", "interactive True []")
    if refused:
        assert said == (
            f"加载项是 {addin}，程序是 {__version__}，两者版本不一致，没有做任何事。"
            "请关闭 Excel，运行 xladdin addin install 重新安装"
        )
    else:
        assert said.startswith("status_bar ")


def test_what_is_spared_can_be_imported_afterwards():
    code = (
        "import sys; sys.argv.append('--hwnd=1'); from xladdin.excel import bridge\n"
        "import numpy, xlwings; print(numpy.ones(2).sum(), 'numpy' in sys.modules, xlwings.utils.np)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("2.0 True None", "")


def test_elsewhere_xlwings_takes_what_it_finds():
    """Only a click is spared; a program that imports the package keeps xlwings' own conversions."""
    pytest.importorskip("numpy")
    code = "from xladdin.excel import bridge; import xlwings; print(xlwings.utils.np.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("numpy", "")


# ---- Esc


def test_esc_is_off_while_python_works(desk, monkeypatch):
    """In LibreOffice, which keeps the setting as Excel does: off meanwhile, on afterwards, whatever happens."""
    from tests.calc import basic

    library = desk.addin._library
    if not library.hasByName("XlKeys"):
        source = "Function XlKey()\nXlKey = Application.EnableCancelKey\nEnd Function\n"
        library.insertByName("XlKeys", basic.module(source))
    seen = []
    monkeypatch.setattr(bridge, "run", lambda _: seen.append(desk.addin._invoke("XlKeys.XlKey")))
    desk.open(DECLARED)
    for _ in range(2):
        desk.press("check")
        seen.append(desk.addin._invoke("XlKeys.XlKey"))
    assert list(map(bool, seen)) == [False, True] * 2


# ---- input


@pytest.mark.parametrize("ends", [None, XladdinError("做不了"), ValueError("bug"), SystemExit(1)], ids=str)
def test_excel_takes_no_input_while_python_works(desk, monkeypatch, ends):
    """Off by the VBA and by Python, on again by both: either alone would do."""
    app, seen = desk.app, []

    def work(book):
        seen.append(app.interactive)
        if ends:
            raise ends

    replace_function(monkeypatch, find("check"), work)
    desk.open(DECLARED)
    with suppress(SystemExit):
        desk.press("check", bug=True)
    assert (seen, app.interactive) == ([False], True)


@pytest.mark.parametrize("ends", [None, SystemExit(1)], ids=str)
def test_the_vba_gives_input_back_where_python_does_not(desk, monkeypatch, ends):
    """A Python that is ended by force comes to no finally."""
    seen = []

    def die(_):
        seen.append(desk.app.interactive)
        if ends:
            raise ends

    monkeypatch.setattr(bridge, "run", die)
    desk.open(DECLARED)
    with suppress(SystemExit):
        desk.press("check")
    assert (seen, desk.app.interactive) == ([False], True)
