"""The log a clerk can send on: tracebacks go here, never to the screen."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from . import __version__


def write_log(trace: str) -> Path | str:
    """Keep a traceback in the user's state folder; where it is."""
    import tempfile

    text = f"xladdin {__version__}, Python {sys.version}, {_system()}\n\n{trace}"
    name = f"xladdin-{dt.datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for folder in (state_folder(), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
            return path
    return "（详情也写不进去）" + trace.strip().rpartition("\n")[2]


def crashes_logged(traces: Iterable[str]) -> str:
    """Keep the traces of bugs that cost one file or project each; what to say of it, "" where there are none."""
    said = "\n\n".join(filter(None, traces))
    return f"程序出错的详情记在 {write_log(said)}，请把它发给维护者" if said else ""


def _system() -> str:
    """What runs here; not by `platform`, which asks the WMI of a Windows, and waits where that is broken."""
    if sys.platform == "win32":
        return "Windows {}.{}.{}".format(*sys.getwindowsversion()[:3])
    return " ".join(os.uname()[::2])


def state_folder() -> Path:
    """The folder of this user where logs and backups are kept."""
    if os.name == "nt":
        import tempfile

        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir()) / "xladdin"
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path(os.path.expanduser("~")) / ".local" / "state") / "xladdin"
