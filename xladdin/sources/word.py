"""Word, or WPS, asked over COM to save a document as .docx; only Windows has it, and only where one is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

_SECONDS = 90
_DOCX, _NO_ALERTS, _NO_MACROS = 12, 0, 3  # wdFormatXMLDocument, wdAlertsNone, msoAutomationSecurityForceDisable
_PROGRAMS = ("Word.Application", "KWPS.Application", "WPS.Application")
_RUN = "from xladdin.sources.word import main; main()"


def convert(path: Path, made: Path) -> bool:
    """Whether a document was converted, by a process of its own: a dialog nobody sees must not stop this one."""
    if sys.platform != "win32":
        return False
    command = [sys.executable, "-P", "-c", _RUN, str(path), str(made)]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, creationflags=hidden)
    except subprocess.TimeoutExpired:
        return False
    return made.is_file()


def save_as_docx(path: Path, made: Path, dispatch: Callable[[str], Any]) -> bool:
    """In that process. dispatch: makes the program of a name, and raises where there is none."""
    for name in _PROGRAMS:
        try:
            program = dispatch(name)
        except Exception:  # noqa: BLE001  com_error, whose library need not be there
            continue
        try:
            program.Visible, program.DisplayAlerts = False, _NO_ALERTS
            program.AutomationSecurity = _NO_MACROS
            document = program.Documents.Open(
                str(path), ConfirmConversions=False, ReadOnly=True, AddToRecentFiles=False
            )
            try:
                document.SaveAs2(str(made), FileFormat=_DOCX)
            finally:
                document.Close(SaveChanges=0)
            return True
        except Exception:  # noqa: BLE001  the next one may do better
            continue
        finally:
            with suppress(Exception):
                program.Quit()
    return False


def main() -> None:
    """A program of our own is begun, never one in which somebody works."""
    save_as_docx(Path(sys.argv[1]), Path(sys.argv[2]), import_module("win32com.client").DispatchEx)
