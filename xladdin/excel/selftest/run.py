"""Every probe tried, one after the other, in a workbook of its own; what there was before is put back."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlwings as xw

from ... import __version__
from ..members import member
from . import books, cells, sheets
from .probe import NOT_HERE, Bench, Probe

PROBES = (*cells.PROBES, *sheets.PROBES, *books.PROBES)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a probe. ok: None where there was nothing to try, or nothing in particular was expected."""

    name: str
    expected: str
    seen: str
    ok: bool | None

    def __str__(self) -> str:
        word = {True: "一样", False: "不同", None: "记录"}[self.ok]
        wanted = f"应为“{self.expected}”，" if self.expected else ""
        return f"[{word}] {self.name}：{wanted}见到“{self.seen}”"


def try_all(
    app: xw.App,
    probes: Iterable[Probe],
    watch: Callable[[Iterable[Probe]], Iterable[Probe]] = iter,
) -> list[Result]:
    """Each probe's result; none of them costs the others. watch: passes the probes through, and may end them."""
    with _bench(app) as bench:
        return [_tried(probe, bench) for probe in watch(probes)]


def _tried(probe: Probe, bench: Bench) -> Result:
    try:
        seen = probe.seen(bench)
    except Exception as error:  # noqa: BLE001  what went wrong is what was seen
        return Result(probe.name, probe.expected, f"出错 {type(error).__name__}：{error}", False)
    known = probe.expected and seen != NOT_HERE
    return Result(probe.name, probe.expected, seen, seen == probe.expected if known else None)


@contextlib.contextmanager
def _bench(app: xw.App) -> Iterator[Bench]:
    """A scratch workbook and folder; afterwards neither is there, and the workbook that was in front is again."""
    front, alerts = app.books.active if len(app.books) else None, app.display_alerts
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app.display_alerts = False  # a chart sheet goes without a question
        book = app.books.add()
        try:
            yield Bench(book, Path(folder))
        finally:
            with contextlib.suppress(Exception):  # whatever state a probe has left it in
                book.close()
            with contextlib.suppress(Exception):
                app.display_alerts = alerts
                if front is not None:
                    front.activate()


def report(app: xw.App, results: list[Result]) -> str:
    """All of it as one text to send in: which Excel and Python, how many are as expected, and each."""
    same, other, noted = (sum(each.ok is ok for each in results) for ok in (True, False, None))
    asked = ("Name", "Version", "Build", "OperatingSystem")
    host = " ".join(str(member(app.api, name)) for name in asked if member(app.api, name) is not None)
    head = [
        f"xladdin {__version__} 全面自检：{same} 项和预期一样，{other} 项不同，{noted} 项只作记录",
        f"{dt.datetime.now():%Y-%m-%d %H:%M}，{host}，Python {sys.version.split()[0]}，xlwings {xw.__version__}",
    ]
    ordered = sorted(results, key=lambda each: each.ok is not False)
    return "\n".join([*head, *map(str, ordered)])
