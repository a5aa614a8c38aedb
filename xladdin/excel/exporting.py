"""Workbooks into PDF by Excel itself, unseen, on Windows."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb")


def excel() -> Callable[[Sequence[Path], Path], None] | None:
    """Excel as what makes PDFs; None where it is not there."""
    if sys.platform != "win32":
        return None
    try:
        import xlwings as xw

        app = xw.App(visible=False, add_book=False)
        app.quit()
    except Exception:  # noqa: BLE001  no xlwings, no Excel, or one that cannot be started now
        return None
    return to_pdf


def to_pdf(files: Sequence[Path], folder: Path) -> None:
    """PDFs of the workbooks among the files, under their names in `folder`; what cannot be opened or printed is left
    out. The Excel is one of its own: macros, events and links off, and nothing of the user's is touched."""
    import xlwings as xw

    app = xw.App(visible=False, add_book=False)
    try:
        app.display_alerts = False
        with contextlib.suppress(Exception):  # noqa: BLE001  an older Excel has no such property
            app.api.AutomationSecurity = 3  # msoAutomationSecurityForceDisable
            app.api.EnableEvents = False
        for file in files:
            if file.suffix.lower() not in WORKBOOKS:
                continue
            with contextlib.suppress(Exception):  # noqa: BLE001  one workbook must not cost the others
                book = app.books.open(str(file), update_links=False, read_only=True)
                try:
                    book.to_pdf(str(folder / f"{file.stem}.pdf"))
                finally:
                    book.close()
    finally:
        app.quit()
