"""Putting bytes on disk so that a file is either the old one or the new one, and nobody's work is under it.

Three promises. A new file appears under its name only if nothing is there, in the same instant. An existing one is
replaced only if it still is what the caller looked at. Nothing is written through a link, or into a pipe.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import os
import secrets
import shutil
import stat
from io import FileIO
from itertools import count
from pathlib import Path

from ..errors import Place, SaveError
from ..files import EXCEL_PATH, REPLACED, WORKBOOKS, digest_of, is_too_long
from .owners import holder, owner_file

WINDOWS = os.name == "nt"
TEMPORARY = ".xladdin-*.tmp"
_EXISTS = "这个文件已经存在"
_REASONS = {
    errno.ENOSPC: ("磁盘已满", "请腾出空间后重试；原有文件没有改动"),
    errno.EDQUOT: ("磁盘配额已用完", "请腾出空间后重试；原有文件没有改动"),
    errno.EFBIG: ("这个磁盘放不下这么大的文件", "请换一个位置；原有文件没有改动"),
    errno.EROFS: ("这个位置是只读的", "请换一个文件夹"),
    errno.ENAMETOOLONG: ("路径太长", "请换一个路径较短的文件夹"),
    errno.EEXIST: ("路径中有一段不是文件夹", "请检查路径"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "请检查路径"),
    errno.EISDIR: ("这里已有一个同名的文件夹", "请换一个文件名"),
}


class Taken(SaveError):
    """What lies there is not what the caller looked at: somebody's by now, and left as it is."""


def save(path: str | Path, data: bytes, seen: str | None = None, mark: str = "") -> Path:
    """Write `data` to `path` through a temporary sibling. Raises SaveError; then nothing has changed.

    seen: SHA-256 of the file that may be replaced; None: there must be none. Raises Taken where
    something else lies there, whenever it came. mark: stands in the name of the temporary file.
    """
    target, place = Path(path), Place(file=str(path))
    _refuse_long(target, place)
    if seen is not None:
        _refuse_odd(target, place)
        refuse_locked(target)
    temporary = target.with_name(TEMPORARY.replace("*", mark + secrets.token_hex(6)))
    try:
        _write(temporary, data, seen is not None)
        if seen is None:
            _appear(temporary, target)
        else:
            shutil.copymode(target, temporary)
            if digest_of(target) != seen:
                raise Taken("这个文件刚刚被改过，没有覆盖", place, "请核对里面的内容，再运行一次")
            os.replace(temporary, target)
    except FileExistsError as error:
        _refuse_odd(target, place)
        if seen is None and os.path.lexists(target):
            raise Taken(_EXISTS, place, "如要覆盖，请加 --force；或换一个文件夹") from None
        raise save_error(error, place) from None
    except PermissionError:
        _refuse_odd(target, place)
        raise _denied(target, place, seen is not None) from None
    except OSError as error:
        raise save_error(error, place) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return target


def put(path: str | Path, data: bytes) -> Path | None:
    """Save over whatever lies there; where its copy is kept, None where there was nothing or the very same.

    Raises SaveError; then nothing has changed.
    """
    path = Path(path)
    _refuse_odd(path, Place(file=str(path)))
    if not os.path.lexists(path):
        save(path, data)
        return None
    if digest_of(path) == hashlib.sha256(data).hexdigest():
        return None
    kept = keep(path)
    save(path, data, seen=digest_of(kept))
    return kept


def keep(path: Path, since: dt.datetime | None = None) -> Path:
    """A copy of a file that is about to be replaced, in a folder of its time beside it, under a name not taken.

    since: when the run began, so that its copies lie together; now by default. Raises SaveError.
    """
    folder = path.parent / REPLACED / f"{since or dt.datetime.now():%Y%m%d-%H%M%S}"
    place = Place(file=str(path))
    for item in (folder.parent, folder):
        _refuse_odd(item, place, folder=True)
    _refuse_odd(path, place)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            kept = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
            with contextlib.suppress(FileExistsError):
                _copy(path, kept)
                return kept
    except OSError as error:
        what = f"原文件的备份存不下来（{error.strerror or error}），没有覆盖"
        raise SaveError(what, place, "请腾出空间或换一个文件夹后重试") from None
    raise AssertionError


def _copy(path: Path, kept: Path) -> None:
    """A copy under a name that must be free."""
    with open(path, "rb") as source, open(kept, "xb") as copy:
        try:
            shutil.copyfileobj(source, copy)
        except OSError:
            copy.close()
            kept.unlink()
            raise
    with contextlib.suppress(OSError):
        shutil.copystat(path, kept)


def _appear(temporary: Path, target: Path) -> None:
    """Give a file its name in one instant, only if nothing has it. Raises FileExistsError."""
    if os.name == "nt":
        os.rename(temporary, target)  # Windows: refused where the name is taken
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: reserve the name, then replace our own placeholder
        number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        ours = os.fstat(number)
        os.close(number)
        if not _still(target, ours):
            raise FileExistsError(errno.EEXIST, "taken", str(target)) from None
        try:
            os.replace(temporary, target)
        except OSError:
            with contextlib.suppress(OSError):
                if _still(target, ours):
                    os.unlink(target)
            raise


def _still(target: Path, ours: os.stat_result) -> bool:
    """Whether our empty placeholder lies there, and nobody wrote into it."""
    there = os.lstat(target)
    return (there.st_ino, there.st_dev, there.st_size) == (ours.st_ino, ours.st_dev, 0)


def _write(path: Path, data: bytes, durable: bool) -> None:
    """fsync only when an existing file is about to go: a new one can simply be made again."""
    with _made(path) as file:
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        if durable:
            os.fsync(file.fileno())


def _made(path: Path) -> FileIO:
    """A new file, and the folder it lies in."""
    try:
        return FileIO(path, "xb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileIO(path, "xb")


def _refuse_odd(target: Path, place: Place, folder: bool = False) -> None:
    """Raise for a link, a pipe, a device: what is written there would land somewhere else."""
    try:
        mode = target.lstat().st_mode
    except OSError:
        return  # nothing there; or writing says what is wrong
    if stat.S_ISLNK(mode):
        what = f"“{target.name}”是一个链接，指向别的地方，没有写"
        raise SaveError(what, place, "请删去这个链接，或换一个位置")
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        what = f"“{target.name}”不是普通文件（管道或设备），没有写"
        raise SaveError(what, place, "请换一个文件名")
    if stat.S_ISDIR(mode) and not folder:
        raise SaveError(_REASONS[errno.EISDIR][0], place, _REASONS[errno.EISDIR][1])


def _refuse_long(target: Path, place: Place) -> None:
    """Windows could write it, and nobody could open it in Excel."""
    if WINDOWS and (long := len(os.path.abspath(target))) > EXCEL_PATH and target.suffix.lower() in WORKBOOKS:
        what = f"路径太长（{long} 个字），Excel 打不开超过 {EXCEL_PATH} 个字的"
        raise SaveError(what, place, _REASONS[errno.ENAMETOOLONG][1])


def refuse_locked(target: Path) -> None:
    """Raise SaveError where a program that has a workbook open has left its owner file beside it."""
    owner = owner_file(target)
    if owner is None:
        return
    name = holder(owner)
    who = f"正由“{name}”打开着" if name else "正被打开着"
    raise SaveError(
        f"这个文件{who}",
        Place(file=str(target)),
        f"请关闭后重试；若确认没有人在用，请删去同一文件夹里的隐藏文件 {owner.name}；原文件没有改动",
    )


def _denied(target: Path, place: Place, existing: bool) -> SaveError:
    if not existing:
        return SaveError("没有写入这个文件夹的权限", place, "请换一个文件夹")
    owner = owner_file(target)
    name = holder(owner) if owner else None
    who = f"正由“{name}”打开着" if name else "正被别的程序打开，或没有写入权限"
    return SaveError(f"这个文件{who}", place, "请在 Excel 里关闭它后重试；原文件没有改动")


def save_error(error: OSError, place: Place) -> SaveError:
    """What a file system said, for a clerk."""
    number = errno.ENAMETOOLONG if is_too_long(error, place.file or "") else error.errno
    if number == errno.EACCES and os.path.isdir(place.file or ""):  # as Windows says it
        number = errno.EISDIR
    what, advice = _REASONS.get(number or 0, ("文件写不进去", "请检查路径和磁盘后重试；原有文件没有改动"))
    detail = "" if number in _REASONS else f"（{error.strerror or error}）"
    return SaveError(what + detail, place, advice)
