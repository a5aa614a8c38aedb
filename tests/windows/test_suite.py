"""The tests that concern Windows, run by a Windows Python: files and their locks, saving, installing, the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

import pytest

from tests.windows.wine import BROKEN_OFF, PYTHON, Wine, missing
from xladdin.excel.addin.bundle.interpreter import interpreter
from xladdin.excel.addin.bundle.wheels import LEFT_OUT

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

CHECKOUT = Path(__file__).parents[2]
THEMES = ("saving", "lock", "install", "bundle", "addin", "ribbon", "cli", "batch", "batch_commands", "names")
PYTEST = "-X utf8 -B -m pytest -q -p no:cacheprovider -p no:faulthandler --tb=short".split()
FOR_WINDOWS = ("pywin32", "colorama")  # which pip here leaves out
NOT_THERE = {*LEFT_OUT, "ruff", "mypy", "oletools", "distributed"}  # not asked for by these tests, or not for Windows


@pytest.fixture
def python(tmp_path) -> Path:
    """The Python, with what the tests need beside it."""
    given = interpreter(Path(os.environ[PYTHON]))
    home = tmp_path / "python"
    for name, data in given.files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    lines = [line for line in wanted if re.split(r"[>=<]", line)[0] not in NOT_THERE]
    how = f"--platform win_amd64 --implementation cp --python-version {given.tag} --only-binary=:all: --quiet --target"
    pip = [sys.executable, "-m", "pip", "install", *how.split(), str(home / "Lib" / "site-packages")]
    if subprocess.run([*pip, *lines, *FOR_WINDOWS], capture_output=True).returncode:
        pytest.skip("what the tests need cannot be downloaded")
    return home / "python.exe"


def test_what_concerns_windows_passes_there(tmp_path, python):
    wine = Wine(tmp_path / "prefix")
    try:
        run = partial(wine.run, python, *PYTEST, cwd=CHECKOUT, timeout=600)
        alone = run("tests/test_windows.py", "-k", "not wps")  # Wine does not always have the service WPS needs
        many = run("-n", "2", "--dist", "loadfile", *(f"tests/test_{theme}.py" for theme in THEMES))
    finally:
        wine.close()
    for (code, said), least in ((alone, 7), (many, 450)):
        print(said.strip().rpartition("\n")[2])
        if said.endswith(BROKEN_OFF) and not re.search(r"(?m)^[.sx]*F", said):
            pytest.skip("too slow here: " + said[-300:])
        assert code == 0, said[-20_000:]
        assert int(re.search(r"(\d+) passed", said)[1]) >= least
