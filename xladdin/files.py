"""Workbooks named on a command line or lying in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from .domain.records import Record
from .errors import Place, RefusedFile

WORKBOOKS = (".xlsx", ".xlsm")
OTHERS = (".xls", ".et", ".xlsb", ".ods")
REPLACED = "被替换的旧表"  # where files replaced by force are kept: no input of anything


def workbooks(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named itself rather than found in a folder or below it.

    Lock files (~$) and hidden ones are left out.
    """
    for path in paths:
        if path.is_dir():
            yield from ((item, False) for item in _inside(path, WORKBOOKS))
        else:
            yield path, True


def read_file(path: Path) -> list[Record]:
    """The records of a workbook. Raises RefusedFile when there is no such file, and what read raises."""
    from .api import read

    if not path.exists():
        raise RefusedFile("找不到这个文件", Place(file=str(path)), "请检查路径和文件名")
    return read(path)


def unreadable(paths: Iterable[Path]) -> list[Path]:
    """Spreadsheets of other formats in the folders: not read, and not to be passed over in silence."""
    return [item for path in paths if path.is_dir() for item in _inside(path, OTHERS)]


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    found = (item for item in folder.rglob("*") if item.suffix.lower() in suffixes and item.is_file())
    return sorted(
        item
        for item in found
        if not any(part[:1] == "." or part == REPLACED for part in item.relative_to(folder).parts)
        and not item.name.startswith("~$")
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file; "" where there is none, or it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
