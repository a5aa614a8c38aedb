"""What a click pays for, and what Python may not do to the clerk's other workbooks."""

from __future__ import annotations

import atexit
import subprocess
import sys
import types
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("xlwings")

ROOT = Path(__file__).resolve().parents[2]


def test_xlwings_still_registers_the_hook_we_take_out():
    """It ends Excel processes it sees no window of; should the name change, ours no longer takes it out."""
    source = Path(find_spec("xlwings").origin).with_name("_xlwindows.py").read_text(encoding="utf-8")
    assert "@atexit.register\ndef cleanup():" in source


def test_the_hook_is_taken_out(monkeypatch):
    from xladdin.excel import bridge

    xlwindows = types.ModuleType("xlwings._xlwindows")
    xlwindows.cleanup = lambda: None
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", xlwindows)
    monkeypatch.setattr(sys.modules["xlwings"], "_xlwindows", xlwindows, raising=False)
    gone = []
    monkeypatch.setattr(atexit, "unregister", gone.append)
    bridge._spare_other_excels()
    assert gone == [xlwindows.cleanup]


def test_a_click_does_not_load_what_it_does_not_need():
    code = (
        "import sys; sys.modules['pandas'] = None\n"  # xlwings takes pandas where it finds it; clerks have none
        "from xladdin.excel import bridge, check_actions\n"
        "print([m for m in ('scipy', 'openpyxl', 'xlsxwriter', 'jinja2', 'tqdm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
