"""Putting bytes on disk so that a file is either the old one or the new one, under a name Windows takes."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import Place, SaveError
from ..files import REPLACED

MAX_NAME = 80
MAX_BYTES = 240  # 255 on most file systems, less the suffix
UNNAMED = "未命名"
TEMPORARY = ".xladdin-*.tmp"
_ILLEGAL = re.compile('[=<>:"/\\\\|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
# (start of the length, start of the UTF-16 name) in the owner files of Excel and Word
_OWNER_SPOTS = ((55, 57), (54, 56))
_REASONS = {
    errno.ENOSPC: ("磁盘已满", "请腾出空间后重试；原有文件没有改动"),
    errno.EDQUOT: ("磁盘配额已用完", "请腾出空间后重试；原有文件没有改动"),
    errno.EROFS: ("这个位置是只读的", "请换一个文件夹"),
    errno.ENAMETOOLONG: ("路径太长", "请换一个路径较短的文件夹"),
    errno.EEXIST: ("路径中有一段不是文件夹", "请检查路径"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "请检查路径"),
    errno.EISDIR: ("这里已有一个同名的文件夹", "请换一个文件名"),
}


def save(path: str | Path, data: bytes, replace: bool = False) -> Path:
    """Write `data` to `path` through a temporary sibling. Raises SaveError; then nothing has changed.

    An existing file is only replaced when `replace` is given and nobody has it open.
    """
    target = Path(os.path.realpath(path))
    place = Place(file=str(path))
    try:
        existing = target.exists()
    except OSError as error:
        raise save_error(error, place) from None
    if existing and not replace:
        raise SaveError("这个文件已经存在", place, "如要覆盖，请加 --force；或换一个文件夹")
    if existing:
        _refuse_locked(target, place)
    temporary = target.with_name(TEMPORARY.replace("*", secrets.token_hex(6)))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(temporary, data, existing)
        if existing:
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except PermissionError:
        raise _denied(target, place, existing) from None
    except OSError as error:
        raise save_error(error, place) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return Path(path)


def keep(path: Path, since: dt.datetime | None = None) -> Path:
    """A copy of a file that is about to be replaced, in a folder of its time beside it. Raises SaveError.

    since: when the run began, so that its copies lie together; now by default.
    """
    kept = path.parent / REPLACED / f"{since or dt.datetime.now():%Y%m%d-%H%M%S}" / path.name
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)
    except OSError as error:
        what = f"原文件的备份存不下来（{error.strerror or error}），没有覆盖"
        raise SaveError(what, Place(file=str(path)), "请腾出空间或换一个文件夹后重试") from None
    return kept


def _write(path: Path, data: bytes, durable: bool) -> None:
    """fsync only when an existing file is about to go: a new one can simply be made again."""
    with open(path, "xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _refuse_locked(target: Path, place: Place) -> None:
    lock = _lock_file(target)
    if lock is None:
        return
    holder = _holder(lock)
    who = f"正由“{holder}”打开着" if holder else "正被打开着"
    raise SaveError(
        f"这个文件{who}",
        place,
        f"请关闭后重试；若确认没有人在用，请删去同一文件夹里的隐藏文件 {lock.name}；原文件没有改动",
    )


def _lock_file(target: Path) -> Path | None:
    """The file that Excel (~$name), WPS (.~name) or LibreOffice (.~lock.name#) leaves beside an open workbook."""
    names = (f"~${target.name}", f".~{target.name}", f".~lock.{target.name}#")
    return next((target.with_name(name) for name in names if target.with_name(name).is_file()), None)


def _holder(lock: Path) -> str | None:
    """The user's name inside a lock file; None when it tells nothing."""
    try:
        data = lock.read_bytes()[:1024]
    except OSError:
        return None
    if lock.name.startswith(".~lock."):
        return _printable(data.decode("utf-8", "replace").split(",")[1:2])
    for length_at, name_at in _OWNER_SPOTS:
        length = int.from_bytes(data[length_at:name_at], "little")
        name = data[name_at : name_at + 2 * length] if 0 < length <= 54 else b""
        if len(name) == 2 * length and (found := _printable([name.decode("utf-16-le", "replace")])):
            return found
    short = data[1 : 1 + data[0]] if data else b""
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return _printable([short.decode(encoding)])
    return None


def _printable(names: list[str]) -> str | None:
    name = names[0].strip(" \0") if names else ""
    return name if name and name.isprintable() and "\ufffd" not in name else None


def _denied(target: Path, place: Place, existing: bool) -> SaveError:
    if not existing:
        return SaveError("没有写入这个文件夹的权限", place, "请换一个文件夹")
    lock = _lock_file(target)
    holder = _holder(lock) if lock else None
    who = f"正由“{holder}”打开着" if holder else "正被别的程序打开，或没有写入权限"
    return SaveError(f"这个文件{who}", place, "请在 Excel 里关闭它后重试；原文件没有改动")


def save_error(error: OSError, place: Place) -> SaveError:
    """What a file system said, for a clerk."""
    what, advice = _REASONS.get(error.errno, ("文件写不进去", "请检查路径和磁盘后重试；原有文件没有改动"))
    detail = "" if error.errno in _REASONS else f"（{error.strerror or error}）"
    return SaveError(what + detail, place, advice)


def safe_name(*parts: object) -> str:
    """One file name, without suffix, of the parts that are there: valid on Windows, at most 80 characters.

    A name too long loses the end of its longest part, which then carries a short hash of the whole.
    """
    pieces = [piece for piece in (_clean(part) for part in parts if part is not None) if piece]
    name = _trim(" ".join(pieces)) or UNNAMED
    if _too_long(name):
        name = _shorten(pieces, hashlib.blake2b(name.encode("utf-8"), digest_size=3).hexdigest())
    return f"_{name}" if _RESERVED.fullmatch(name.partition(".")[0].rstrip()) else name


def _clean(part: object) -> str:
    text = _ILLEGAL.sub("_", unicodedata.normalize("NFC", str(part)))
    return "".join(char for char in " ".join(text.split()) if unicodedata.category(char) != "Cc")


def _trim(name: str) -> str:
    return name.strip(" ").rstrip(". ")


def _too_long(name: str) -> bool:
    return len(name) > MAX_NAME or len(name.encode("utf-8")) > MAX_BYTES


def _shorten(pieces: list[str], mark: str) -> str:
    longest = max(range(len(pieces)), key=lambda index: len(pieces[index].encode("utf-8")))
    for keep in range(min(len(pieces[longest]), MAX_NAME), 0, -1):
        cut = f"{pieces[longest][:keep].rstrip('. ')}~{mark}"
        name = _trim(" ".join([*pieces[:longest], cut, *pieces[longest + 1 :]]))
        if not _too_long(name):
            return name
    name = " ".join(pieces)[: MAX_NAME // 2].rstrip(". ")
    while _too_long(f"{name}~{mark}"):
        name = name[:-1]
    return f"{name}~{mark}"


def unique_names(parts: Sequence[tuple], units: Sequence[str | None] = (), taken: Iterable[str] = ()) -> list[str]:
    """A safe name for each tuple of parts, no two the same to Windows, and none of those taken.

    Those that clash get their unit, then (2).
    """
    units = [*units, *[None] * (len(parts) - len(units))]
    first = [safe_name(*part) for part in parts]
    taken = {_folded(name) for name in taken}
    clashes = Counter([*map(_folded, first), *taken])
    given, taken = [], taken | {_folded(name) for name in first if clashes[_folded(name)] == 1}
    for part, unit, name in zip(parts, units, first, strict=True):
        if clashes[_folded(name)] > 1:
            name = _untaken((*part, unit), taken)
            taken.add(_folded(name))
        given.append(name)
    return given


def _untaken(parts: tuple, taken: set[str]) -> str:
    name, number = safe_name(*parts), 1
    while _folded(name) in taken:
        number += 1
        name = safe_name(*parts, f"({number})")
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
