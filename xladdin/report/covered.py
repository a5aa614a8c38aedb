"""Which files an earlier report covers, as they stood then, and what the clerk has answered since: read back from it.

A report names each source file with (the first digits of) its SHA-256, in whatever sheet its version keeps them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..domain.naming import name_key
from ..errors import NotAForm, Place, XladdinError
from ..files import WORKBOOKS
from ..workbook.grid import OURS, Grid
from ..workbook.properties import own_properties
from ..workbook.reading import read_grids
from .previous import rows_before
from .rows import SHEET, Row

_FIRST = 12  # digits of a hash that are enough to tell files apart
_DIGITS = r"[0-9a-f]{12,64}"
_BESIDE = re.compile(rf"(?:^|　|来源文件：)([^\n　]+?)\s*(?:（|\n)SHA-256 ({_DIGITS})", re.MULTILINE)
_ALONE = re.compile(_DIGITS)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d)(?::\d\d)? 由 xladdin")


@dataclass(frozen=True, slots=True)
class Covered:
    """What a report covers. made: when, as it says. names: of its files, as names are compared. digests: the first
    digits of their hashes. rows: its findings by key, with the clerk's 处理结果 and 说明.
    """

    path: Path
    made: str
    names: frozenset[str]
    digests: frozenset[str]
    rows: Mapping[str, Row]

    def covers(self, path: Path, digest: str) -> bool | None:
        """Whether a file stood then as it does now (digest: its SHA-256); None where the report does not cover it."""
        if digest[:_FIRST] in self.digests:
            return True
        return False if name_key(path.name) in self.names else None


def reports_in(folders: Iterable[Path], named: Iterable[Path] = ()) -> list[Covered]:
    """The reports of ours that lie in some folders (not below them), and those named; the newest first.

    What cannot be read in a folder is passed over. Raises XladdinError for one named that is no report.
    """
    found: dict[Path, Covered] = {}
    for path in named:
        report = covered(path)
        if report is None:
            raise NotAForm(
                "这不是核对结果", Place(file=str(path)), "请选 xladdin reconcile --report 或“批量核对”存下的 .xlsx"
            )
        found[path.resolve()] = report
    for path in _workbooks(folders):
        if path.resolve() not in found:
            with suppress(XladdinError):
                if _may_be_one(path) and (report := covered(path)):
                    found[path.resolve()] = report
    return sorted(found.values(), key=lambda report: report.made, reverse=True)


def covered(path: Path) -> Covered | None:
    """What a report covers; None for a workbook that is none. Raises RefusedFile."""
    grids = read_grids(path)
    rows = rows_before(grids)
    if rows is None:
        return None
    files = list(_named(grids))
    texts = (value for grid in grids for value in grid.cells.values() if isinstance(value, str))
    made = next((match[1] for text in texts if (match := _STAMP.search(text))), "") or _changed(path)
    names = frozenset(name_key(name) for name, _ in files)
    return Covered(path, made, names, frozenset(digest[:_FIRST] for _, digest in files), rows)


def _may_be_one(path: Path) -> bool:
    """By a quick look: what says that it is one, or is called so, as where another program saved it without that."""
    return SHEET in path.stem or own_properties(path).get(OURS) == SHEET


def _workbooks(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        with suppress(OSError):
            for path in sorted(folder.iterdir()):
                if path.suffix.lower() in WORKBOOKS and path.name[:1] != "." and path.name[:2] != "~$":
                    yield path


def _named(grids: Iterable[Grid]) -> Iterator[tuple[str, str]]:
    """Each file and its hash: in one cell, or the hash alone in the row of the name."""
    for grid in grids:
        names: dict[int, str] = {}  # by row, the text left of the cell at hand
        for (row, _), value in sorted(grid.cells.items()):
            if not isinstance(value, str):
                continue
            if _ALONE.fullmatch(value.strip()):
                if row in names:
                    yield names[row].replace("\\", "/").rpartition("/")[2], value.strip()
                continue
            yield from _BESIDE.findall(value)
            names[row] = value


def _changed(path: Path) -> str:
    return f"{dt.datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d %H:%M}"
