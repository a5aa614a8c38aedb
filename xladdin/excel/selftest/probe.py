"""A probe: one thing tried, what is expected of it, and what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlwings as xw

NOT_HERE = "这个版本没有"  # what a probe sees where it has nothing to try, which is no fault
SAME = "一样"


@dataclass(frozen=True, slots=True)
class Bench:
    """book: the scratch workbook. folder: for files, empty at first and deleted afterwards."""

    book: xw.Book
    folder: Path

    @property
    def app(self) -> xw.App:
        """The Excel that is tried."""
        return self.book.app

    def sheet(self) -> xw.Sheet:
        """A new sheet, in front."""
        return self.book.sheets.add()

    def opened(self, name: str, data: bytes) -> xw.Book:
        """A workbook of these bytes, opened; the probe closes it."""
        path = self.folder / name
        path.write_bytes(data)
        return self.app.books.open(str(path))


@dataclass(frozen=True, slots=True)
class Probe:
    """name, expected: for people, and expected is what `seen` has to return ("" where anything will do)."""

    name: str
    expected: str
    seen: Callable[[Bench], str]


def told(**values: object) -> str:
    """What was seen, as name=value; numbers as people write them."""
    return "，".join(f"{name} {_plain(value)}" for name, value in values.items())


def _plain(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "是", False: "否", None: "无"}[value]
    return f"{value:.15g}" if isinstance(value, float) else str(value)
