"""One writer a folder: a lock of the operating system, which a process that dies cannot leave behind.

The file holds who writes, so that who comes second can be told. The locked byte lies far beyond its text, for
Windows lets nobody read a locked one. It is taken away again when the writer is done.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import getpass
import json
import os
import socket
import sys
from pathlib import Path

from ..errors import Place, SaveError
from ..files import descriptor, is_too_long, linked, open_regular

NAME = ".xladdin.lock"
_BYTE = 1 << 20  # where the locked byte lies
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK, 0)  # 0: a C library that does not say (Wine)
_TRIES = 50  # the holder may take its file away between our opening and our locking it


class Held(SaveError):
    """Another process is writing into the folder."""


class FolderLock:
    """Held from `take` to `release`; taken again by the same object, nothing happens.

    `unlocked` is the error of a file system that knows no locks: writing goes on without one, and that is told.
    """

    def __init__(self, folder: Path):
        self.path = folder / NAME
        self.unlocked: OSError | None = None
        self._file: int | None = None

    def take(self) -> None:
        """Be the only writer. Raises Held naming who writes here; SaveError where a link or a pipe has the name."""
        for _ in range(_TRIES):
            if self._file is not None or self.unlocked is not None or self._taken():
                return
        raise _held(self.path)

    def _taken(self) -> bool:
        """Whether the lock is ours now, or cannot be had here at all; False to try again."""
        if linked(self.path):
            what = f"“{NAME}”是一个链接，指向别的地方，没有写"
            raise SaveError(what, Place(file=str(self.path)), "请删去这个链接，或换一个文件夹")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = descriptor(self.path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not is_too_long(error, self.path):
                return False
            self.unlocked = error  # saving says what is wrong with the folder
            return True
        return self._locked(file)

    def _locked(self, file: int) -> bool:
        try:
            _lock(file)
            if not _same(file, self.path):  # its last holder has taken it away meanwhile
                os.close(file)
                return False
            with contextlib.suppress(OSError):  # no room to say who: the lock holds all the same
                os.ftruncate(file, 0)
                os.write(file, json.dumps(_who(), ensure_ascii=False).encode("utf-8", "backslashreplace"))
        except OSError as error:
            os.close(file)
            if error.errno in _HELD:
                raise _held(self.path) from None
            self.unlocked = error
            return True
        self._file = file
        return True

    def release(self) -> None:
        """Let others write."""
        if self._file is None:
            return
        if os.name != "nt":  # while it is still ours
            self._remove()
        os.close(self._file)
        self._file = None
        if os.name == "nt":  # refused where the next one has it open already
            self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()


def _lock(file: int) -> None:
    """Raises OSError at once where somebody has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, _BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _same(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.lstat())
    except OSError:
        return False


def _who() -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return {"user": user, "machine": socket.gethostname(), "since": f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}"}


def _held(path: Path) -> Held:
    """Who writes there, as far as the file tells."""
    told = {}
    with contextlib.suppress(OSError, ValueError), open_regular(path) as file:
        found = json.loads(file.read(4096).decode("utf-8"))
        told = {name: str(value)[:60] for name, value in found.items()} if isinstance(found, dict) else {}
    whose = "，".join(
        f"{said}{told[name]}"
        for name, said in (("user", "用户 "), ("machine", "电脑 "), ("since", "自 "))
        if told.get(name) and told[name].isprintable()
    )
    what = "另一个 xladdin 正在往这个文件夹里写" + (f"（{whose}）" if whose else "") + "，这次没有写"
    return Held(what, Place(file=str(path.parent)), "请等它做完，再运行一次")
