"""Workbooks and documents named on a command line or lying in a folder."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

WORKBOOKS = (".xlsx", ".xlsm")
DOCUMENTS = (
    ".xls", ".et", ".ods", ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".html", ".htm", ".md", ".tsv",
    ".csv", ".txt",
)  # fmt: skip  # what may hold a form, too; found in a folder, what holds none is no mistake
OTHERS = (".xlsb",)
FOLDER_VARIABLE = "XLADDIN_TEMPLATES"
NO_FILE = "不是普通文件（是文件夹、管道或设备）"
EXCEL_PATH = 218  # characters of a workbook's whole path; Excel opens none with a longer one
_FOLDER_PATH, _NAME = 248, 255  # characters from which on Windows takes no path of a folder, no name
_TOO_LONG = 206  # of Windows' own errors
REPLACED = "被替换的旧表"  # where files replaced by force are kept: no input of anything


def user_folder() -> Path | None:
    """The user's own folder of templates and profiles, which win over shipped ones of the same name."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else None


@contextmanager
def templates_in(folder: Path | None) -> Iterator[None]:
    """That folder is the user's meanwhile, for this process and its workers; None: as it was."""
    before = os.environ.get(FOLDER_VARIABLE)
    if folder is not None:
        os.environ[FOLDER_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if folder is not None:
            os.environ.pop(FOLDER_VARIABLE)
            os.environ.update({} if before is None else {FOLDER_VARIABLE: before})


def shipped_folder() -> Path:
    """Where the shipped templates lie: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "templates"


def workbooks(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was named itself rather than found in a folder or below it.

    Which files of a folder are looked at, their suffixes say; what they are, their bytes. Lock files (~$) and hidden
    ones are left out.
    """
    seen: set[str] = set()
    for path in paths:
        folder = os.path.isdir(path)
        for item in _inside(path, WORKBOOKS + DOCUMENTS) if folder else (path,):
            real = os.path.realpath(item)
            if real not in seen:
                seen.add(real)
                yield item, not folder


def unreadable(paths: Iterable[Path]) -> list[Path]:
    """Spreadsheets in the folders that nothing here opens: not read, and not to be passed over in silence."""
    found = (item for path in paths if os.path.isdir(path) for item in _inside(path, OTHERS))
    return list({os.path.realpath(item): item for item in found}.values())


def is_document(path: Path) -> bool:
    """Whether a file is called as documents are; a folder holds such for many reasons."""
    return path.suffix.lower() in DOCUMENTS


def closed(paths: Iterable[Path]) -> list[Path]:
    """Folders that cannot be looked into: what lies in them is not known."""
    errors: list[OSError] = []
    for path in paths:
        if os.path.isdir(path):
            errors += _walked(path)[1]
    return list({os.path.realpath(error.filename): Path(error.filename) for error in errors}.values())


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(item for item in _walked(folder)[0] if item.suffix.lower() in suffixes and _may_be_file(item))


def _walked(folder: Path) -> tuple[list[Path], list[OSError]]:
    """All files in a folder and below that are not hidden, and the errors of folders that cannot be opened."""
    files: list[Path] = []
    errors: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = (name for name in folders if name[:1] != "." and name != REPLACED)
        files += (Path(place, name) for name in names if name[:1] != "." and name[:2] != "~$")
    return files, errors


def _may_be_file(path: Path) -> bool:
    """Whether it is a file; one the drive tells nothing of may be, and reading it says what is wrong."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def linked(path: Path) -> bool:
    """Whether what is written there would land in another file, too: a symbolic link, or a second name of a file."""
    try:
        seen = path.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(seen.st_mode) or (stat.S_ISREG(seen.st_mode) and seen.st_nlink > 1)


def open_regular(path: Path) -> BufferedReader:
    """A file opened for reading. Raises OSError."""
    return os.fdopen(descriptor(path, os.O_RDONLY), "rb")


def read_bytes(path: Path, longest: int) -> bytes:
    """A file of at most `longest` bytes. Raises OSError."""
    with open_regular(path) as file:
        size = min(os.fstat(file.fileno()).st_size, longest)
        data = file.read(size + 1)  # asked for as much as may come, it takes that much room first
        if len(data) > size:
            data += file.read(longest + 1 - len(data))
    if len(data) > longest:
        raise OSError(errno.EFBIG, f"大于 {longest >> 20} MB 的上限", str(path))
    return data


def descriptor(path: Path, flags: int) -> int:
    """A file opened as os.open does. Raises OSError.

    Never a pipe or a device: reading one would wait for ever, or never end.
    """
    number = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, NO_FILE, str(path))
    return number


def is_too_long(error: OSError, path: str | Path) -> bool:
    """Whether the system refused a path for its length. Windows may say instead that there is none, or no such name."""
    if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == _TOO_LONG:
        return True
    if not hasattr(error, "winerror") or error.errno not in (errno.ENOENT, errno.EINVAL):
        return False
    whole = os.path.abspath(path)
    return len(whole) >= _FOLDER_PATH or any(len(part) > _NAME for part in Path(whole).parts)


def digest_of(path: Path) -> str:
    """SHA-256 of a file; "" where there is none, or it cannot be read."""
    import hashlib

    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
