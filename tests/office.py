"""LibreOffice as a second opinion: recalculate, convert, render. Skips without it, except in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

from xladdin.workbook.grid import Grid
from xladdin.workbook.reading import read_grids

_SETTINGS = (
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("/org.openoffice.Office.Common/Misc", "UseLocking", "false"),
)


def needs_office() -> str:
    """The program's path; skips the test where it is missing, fails it in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("LibreOffice is not installed")
    return program


@cache
def _profile() -> Path:
    profile = Path(tempfile.mkdtemp(prefix="xladdin-office-"))
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir()
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )
    return profile


def convert(files: list[Path], out: Path, kind: str) -> list[Path]:
    """The files converted by LibreOffice, after it has recalculated every formula."""
    out.mkdir(exist_ok=True, parents=True)
    command = [needs_office(), f"-env:UserInstallation=file://{_profile()}", "--headless", "--convert-to", kind]
    done = subprocess.run([*command, "--outdir", out, *files], capture_output=True, timeout=300, check=False)
    made = [out / (file.stem + "." + kind.partition(":")[0]) for file in files]
    missing = [file.name for file in made if not file.exists()]
    assert not missing, f"LibreOffice made no {missing}: {done.stderr.decode()}"
    return made


def recalculated(files: list[Path], out: Path) -> list[list[Grid]]:
    """The sheets of each workbook as LibreOffice computes them, which is begun once for all."""
    return [read_grids(made) for made in convert(files, out, "xlsx")]
