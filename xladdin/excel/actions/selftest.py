"""全面自检: the real Excel tried in a scratch workbook, and one report to send in."""

from __future__ import annotations

import xlwings as xw

from .. import host

REPORT = "全面自检.txt"


def try_everything(book: xw.Book) -> str:
    """Every probe, the report kept in the state folder; what differs is told at once. Raises Stopped on Esc."""
    from ..selftest.run import PROBES, report, try_all
    from .safety import keep_text

    progress = host.Progress(book.app)
    results = try_all(book.app, PROBES, lambda probes: progress.through(probes, len(PROBES), "全面自检"))
    text = report(book.app, results)
    differing = [f"不同：{result.name}" for result in results if result.ok is False]
    return "\n".join([text.splitlines()[0], *host.some(differing), keep_text(REPORT, text)])
