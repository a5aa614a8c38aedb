"""A workbook copied aside before it is changed, so that the clerk can get back what stood there."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path

import xlwings as xw

from ..errors import Place, SaveError
from ..log import state_folder
from ..workbook.names import safe_name
from .members import member

DAYS = 14  # a copy is kept so long, the newest of each workbook for good
_STAMP = "%Y%m%d-%H%M%S%f"
_NAME = re.compile(r"(\d{8}-\d{12})-(.+)\.\w{1,5}")


def keep(book: xw.Book, why: str) -> Path:
    """Copy the workbook as it stands, unsaved changes included, before the command `why`; the copy's path.

    Raises SaveError where that fails; nothing may be changed then.
    """
    saved = full_name(book) != book.name  # also in the cloud; a copy is of the type its workbook is
    suffix = (Path(book.name).suffix if saved else "") or ".xlsx"
    path = _folder(book) / f"{dt.datetime.now():{_STAMP}}-{safe_name(why)}{suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(book, path)
    except Exception as error:  # noqa: BLE001  a full disk is a com_error here and an OSError there
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(error, SaveError):
            raise
        advice = f"请检查 {path.parent} 能否写入后重试，或把工作簿另存一份再点"
        raise SaveError("改动前的备份存不下来，没有做任何改动", Place(file=book.name), advice) from error
    _forget_old()
    return path


def content_of(book: xw.Book) -> bytes:
    """The workbook as it stands, unsaved changes included, as the bytes of a file. Raises SaveError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"copy{Path(book.name).suffix or '.xlsx'}"
        _copy(book, path)
        return path.read_bytes()


def kept(book: xw.Book) -> list[Path]:
    """The copies of this workbook, newest first."""
    return _copies(_folder(book))


def told(path: Path) -> tuple[dt.datetime, str]:
    """When a copy was made, and before which command. Raises ValueError for what is no copy."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise ValueError(path.name)
    return dt.datetime.strptime(match[1], _STAMP), match[2]


def full_name(book: xw.Book) -> str:
    """Path, cloud address or, of a workbook never saved, the name alone."""
    return str(book.api.FullName)


def on_disk(book: xw.Book) -> Path | None:
    """The workbook's file; None when it was never saved, or lies in the cloud."""
    path = Path(full_name(book))
    return path if path.is_absolute() and path.is_file() else None


def opened_from(app: xw.App, path: Path) -> xw.Book | None:
    """The open workbook that lies there; None where there is none. A mapped drive and its share are one place."""
    return next((book for book in app.books if _same(on_disk(book), path)), None)


def _same(one: Path | None, other: Path) -> bool:
    try:
        return one is not None and (one == other or one.samefile(other))
    except OSError:
        return False


def _copy(book: xw.Book, path: Path) -> None:
    """By Excel's SaveCopyAs; an engine without it can only give what is on disk."""
    save_copy = member(book.api, "SaveCopyAs")
    if save_copy is not None:
        save_copy(str(path))
        return
    source = on_disk(book)
    if source is None:
        advice = "请先保存这个工作簿，再点一次"
        raise SaveError("还没有保存过，备份不了，没有做任何改动", Place(file=book.name), advice)
    shutil.copyfile(source, path)


def _folder(book: xw.Book) -> Path:
    """The start of its name, for people, and a hash of the whole path, for two of one name."""
    whole = unicodedata.normalize("NFC", full_name(book)).casefold()
    mark = hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return _root() / f"{safe_name(Path(book.name).stem[:24])}-{mark}"


def _root() -> Path:
    return state_folder() / "backups"


def _copies(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((path for path in found if _NAME.fullmatch(path.name)), reverse=True)


def _forget_old() -> None:
    """Copies past their days go, but never the newest of a workbook."""
    oldest = dt.datetime.now() - dt.timedelta(days=DAYS)
    with contextlib.suppress(OSError):
        for folder in _root().iterdir():
            for path in _copies(folder)[1:]:
                if told(path)[0] < oldest:
                    path.unlink(missing_ok=True)
