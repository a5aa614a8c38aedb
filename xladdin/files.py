"""Workbooks named on a command line or lying in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from .domain.records import Record
from .errors import Place, RefusedFile

WORKBOOKS = (".xlsx", ".xlsm")


def workbooks(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named itself rather than found in a folder; lock files are no files."""
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.suffix.lower() in WORKBOOKS and item.is_file())
            yield from ((item, False) for item in inside if not item.name.startswith(("~$", ".")))
        else:
            yield path, True


def read_file(path: Path) -> list[Record]:
    """The records of a workbook. Raises RefusedFile when there is no such file, and what read raises."""
    from .api import read

    if not path.exists():
        raise RefusedFile("找不到这个文件", Place(file=str(path)), "请检查路径和文件名")
    return read(path)
