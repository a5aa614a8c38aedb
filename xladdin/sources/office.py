"""Documents only an office program opens: .doc, .wps, .rtf, converted to .docx and read as that.

On Windows Word or WPS converts, where there is one (`word`); else LibreOffice, in a profile of its own, with macros and
links off, and for so long only: a document somebody sent is hostile.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Place, RefusedFile
from ..workbook.grid import Grid

if TYPE_CHECKING:
    import subprocess
    import tempfile

_SECONDS = 60
_MOST_BYTES = 32 << 20
_ADVICE = "请在 Word 或 WPS 中打开，另存为 .docx"
_USUAL = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Office.Common/Misc", "UseLocking", "false"),
)


def takes(source: Any) -> bool:
    """Bytes of a compound file that holds a text of Word, or of RTF."""
    return isinstance(source, bytes) and _suffix(source) is not None


def _suffix(source: bytes) -> str | None:
    from .compound import streams

    if "worddocument" in streams(source):
        return ".doc"
    return ".rtf" if source.lstrip()[:5] == b"{\\rtf" else None


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The document as one sheet. Raises RefusedFile where it cannot be converted."""
    import tempfile

    from . import docx, word

    suffix = _suffix(source) or ".doc"
    if len(source) > _MOST_BYTES:
        raise RefusedFile(f"文件 {len(source) >> 20} MB，超过上限 {_MOST_BYTES >> 20} MB", Place(file=name), _ADVICE)
    with tempfile.TemporaryDirectory(prefix="xladdin-") as folder:
        path = Path(folder, "in" + suffix)
        path.write_bytes(source)
        made = Path(folder, "out", "in.docx")
        made.parent.mkdir()
        program = None
        if not word.convert(path, made):
            program = office()
            if program is None:
                what = f"{suffix} 要用 Word、WPS 或 LibreOffice 转换，这台机器上没有"
                raise RefusedFile(what, Place(file=name), _ADVICE)
            if not convert(program, [path], "docx:MS Word 2007 XML", made.parent, _SECONDS):
                raise RefusedFile(f"LibreOffice 转换超过 {_SECONDS} 秒", Place(file=name), _ADVICE)
        if not made.is_file():
            what = "LibreOffice 转换不了：文件已损坏，或没有装 Writer"
            if program and _lacks_writer(program):
                what = f"{suffix} 要用 LibreOffice 的 Writer 转换，这台机器上的 LibreOffice 没有装 Writer"
            raise RefusedFile(what, Place(file=name), _ADVICE)
        return docx.grids(made.read_bytes(), name)


def office() -> str | None:
    """The program, None where there is none."""
    import shutil

    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _USUAL if os.path.isfile(path)), None)


def _lacks_writer(program: str) -> bool:
    """Whether the part of LibreOffice that opens texts is missing, where its folder is laid out as usual."""
    folder = Path(os.path.realpath(program)).parent
    return folder.name == "program" and not any(folder.glob("*swlo*"))


def convert(program: str, paths: Sequence[Path], kind: str, folder: Path, seconds: float) -> bool:
    """Files into another format (what --convert-to takes), under their own names in `folder`; False: not in time.

    Of those that cannot be converted there is nothing.
    """
    import subprocess

    command = [program, f"-env:UserInstallation={_profile().as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, paths)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=sys.platform != "win32")  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        _stop(process)
        return False
    except BaseException:
        _stop(process)
        raise
    return True


def _stop(process: subprocess.Popen) -> None:
    """End it and what it began: the program is a script around another."""
    import signal

    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@cache
def _held() -> tempfile.TemporaryDirectory:
    """A folder that goes when the process ends."""
    import tempfile

    return tempfile.TemporaryDirectory(prefix="xladdin-profile-", ignore_cleanup_errors=True)


@cache
def _profile() -> Path:
    """A profile of this process alone."""
    profile = Path(_held().name)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{key}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, key, value in _SETTINGS
    )
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
    return profile
