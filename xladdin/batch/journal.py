"""The journal of an output folder: from what every file was made, line by line, so that any run can be continued.

A line is written before a file is saved and another after it: whenever the process dies, what lies on disk is
either known by its SHA-256 or is not ours.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

from ..errors import Place, SaveError
from ..files import descriptor, linked, open_regular
from ..log import state_folder

NAME = "操作日志.jsonl"
LAST = "last-batch.txt"  # in the user's state folder: where the last ledger's files were put
SAVING, DONE, FAILED, REFUSED = "saving", "done", "failed", "refused"
Identity = tuple[str, str, str, str]
_LONGEST, _MOST_LINES, _LARGEST = 1 << 20, 1_000_000, 512 << 20  # bytes of a line, lines, bytes
_MOST_BYTES = 255  # of a file's name


def identity(told: Mapping[str, Any]) -> Identity:
    """Whose form a file is: year, project, unit, form, as a line of the journal tells them."""
    year, project, unit, form = (str(told.get(name) or "").strip() for name in ("year", "project", "unit", "form"))
    return year, project, unit, form


def _may_name(file: str) -> bool:
    """Whether it can be the name of a file of ours: nothing outside the folder, nothing no file system takes."""
    odd = any(char in "/\\:" or unicodedata.category(char) in ("Cc", "Cs") for char in file)
    return file not in ("", ".", "..") and not odd and len(file.encode("utf-8", "replace")) <= _MOST_BYTES


def _too_large(path: Path) -> SaveError:
    return SaveError("这份运行记录大得不像是 xladdin 写的", Place(file=str(path)), "请把它移走，再运行一次")


@dataclass(slots=True)
class _File:
    """What is known of a file: whose it is, which command made it last from which ledger, by which filling, from what.

    made: SHA-256 of a content we wrote → digest of its input. latest: that of its last input.
    """

    whose: Identity
    by: str
    ledger: str
    filling: str
    latest: str
    made: dict[str, str]


class Journal:
    """What earlier runs wrote into a folder, and where this one adds to it.

    A line that cannot be read (torn by a full disk, edited) is passed over: its file then counts as not ours.
    `broken` is the error that kept a line from being written. Raises SaveError for one no run can have written.
    """

    def __init__(self, folder: Path):
        self.path = folder / NAME
        self.broken: OSError | None = None
        self.began: dict[str, Mapping[str, Any]] = {}  # how each command was called last
        self._files: dict[str, _File] = {}  # by name
        self._file: FileIO | None = None
        self._whole = True
        self._read()

    def _read(self) -> None:
        try:
            with open_regular(self.path) as file:
                for number, line in enumerate(iter(partial(file.readline, _LONGEST), b""), 1):
                    self._whole = line.endswith(b"\n")
                    if number > _MOST_LINES or file.tell() > _LARGEST:
                        raise _too_large(self.path)
                    if line.startswith(b"{"):
                        self._take_line(line)
        except OSError:
            return

    def _take_line(self, line: bytes) -> None:
        with contextlib.suppress(ValueError, RecursionError):
            entry = json.loads(line)
            file = entry.get("file")
            if not isinstance(file, str) or _may_name(file):
                self._take(entry)

    def _take(self, entry: Mapping[str, Any]) -> None:
        command, state = entry.get("command"), entry.get("state")
        if isinstance(command, str):
            self.began[command] = entry
        values = [entry.get(name) for name in ("file", "input", "output", "by")]
        told = [value for value in values if isinstance(value, str)]
        if state not in (SAVING, DONE) or len(told) < len(values):
            return
        file, source, output, by = told
        before = self._files.get(file)
        made = (before.made if before else {}) | {output: source}
        # killed before it could say that it was done, it keeps what it was before
        latest = before.latest if before and state == SAVING else source
        ledger = str(self.began.get(by, {}).get("source") or "")
        self._files[file] = _File(identity(entry), by, ledger, str(entry.get("filling") or ""), latest, made)

    def source_of(self, file: str, output: str) -> str | None:
        """The digest of the input that file was made from, None where its content is not what we wrote."""
        return self._files[file].made.get(output) if file in self._files else None

    def latest(self, file: str) -> str | None:
        """The digest of the input the file was last made from, whatever became of it since."""
        return self._files[file].latest if file in self._files else None

    def filling_of(self, file: str) -> str:
        """Which version of the filling made the file last; "" for one before there were versions."""
        return self._files[file].filling if file in self._files else ""

    def whose(self, file: str) -> Identity | None:
        """Whose form that file is; None where we made none of that name."""
        return self._files[file].whose if file in self._files else None

    def names(self) -> dict[Identity, list[str]]:
        """The files each project's form became, in their order, so that they keep their names."""
        found: dict[Identity, list[str]] = {}
        for name, file in self._files.items():
            found.setdefault(file.whose, []).append(name)
        return found

    def files(self, command: str) -> list[str]:
        """The files that command made here."""
        return [name for name, file in self._files.items() if file.by == command]

    def ledger_of(self, file: str) -> str:
        """The path of the ledger that file was last made from; "" where there was none."""
        return self._files[file].ledger if file in self._files else ""

    def begin(self, command: str, **told: Any) -> None:
        """A line that says how this run was called; 继续上次 goes on with the last one that had a ledger (source)."""
        self._add({"command": command, **told})
        if told.get("source"):
            with contextlib.suppress(OSError):
                state_folder().mkdir(parents=True, exist_ok=True)
                (state_folder() / LAST).write_text(os.path.realpath(self.path.parent), encoding="utf-8")

    def add(self, state: str, file: str, **told: Any) -> None:
        """A line about one file."""
        self._add({"state": state, "file": file, **told})

    def _add(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps({"at": dt.datetime.now().isoformat(timespec="seconds"), **entry}, ensure_ascii=False)
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = _appended(self.path)
            data = (b"" if self._whole else b"\n") + line.encode("utf-8", "backslashreplace") + b"\n"
            self._whole = self._file.write(data) == len(data)
        except OSError as error:
            self.broken, self._whole = error, False
        if self._whole:
            self._take(entry)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _appended(path: Path) -> FileIO:
    """The file opened for adding to its end; never through a link, or into a pipe. Raises OSError."""
    if linked(path):
        raise OSError(errno.ELOOP, "是一个链接，指向别的地方", str(path))
    return FileIO(descriptor(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab")


def last_folder() -> Path | None:
    """Where the last run on this machine put its files; None when nothing tells, or it is gone."""
    try:
        folder = Path((state_folder() / LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return folder if folder.is_dir() else None
