"""Which Excel or WPS 表格 is running, and whether it takes a command: seen from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import xlwings as xw

from ...errors import XladdinError
from ..addin.commands import Command
from ..members import com_errors, member

EXCEL, WPS = "Excel", "WPS 表格（试用）"
WPS_NAMES = ("Ket.Application", "ET.Application")  # as WPS registers its spreadsheets; its members are named as Excel's
ATTEMPTS = 3
CONFIGS = ("xladdin.conf", "xlwings.conf")


@dataclass(frozen=True, slots=True)
class Host:
    """key: the same as long as it runs."""

    key: str
    name: str
    app: xw.App


def need_engine() -> None:
    """Raises XladdinError where xlwings has nothing that reaches a running Excel: not on Windows, or no pywin32."""
    if xw.engines.active is None:
        advice = "请在 Windows 上运行，先 pip install xladdin；这里请用命令行 xladdin fill、check、reconcile 等"
        raise XladdinError("这里没有能连接 Excel 的部件（pywin32），开不了窗口", advice=advice)


def running(wps: Callable[[str], xw.App | None] | None = None) -> Iterator[Host]:
    """Every Excel with a window, the one used last first, then WPS. wps: an app by the name it is registered under."""
    if xw.engines.active is not None:
        for app in xw.apps:
            yield Host(f"{EXCEL} {app.pid}", EXCEL, app)
    seen = set()
    for name in WPS_NAMES:
        found = (wps or _registered)(name)
        if found is not None and found.pid not in seen:
            seen.add(found.pid)
            yield Host(f"{WPS} {found.pid}", WPS, found)


def _registered(name: str) -> xw.App | None:
    """The running application of that name; None where there is none."""
    if sys.platform != "win32":
        return None
    from win32com.client import GetActiveObject
    from xlwings import _xlwindows

    try:
        return xw.App(impl=_xlwindows.App(xl=_xlwindows.COMRetryObjectWrapper(GetActiveObject(name))))
    except com_errors():
        return None


def is_free(app: xw.App) -> bool:
    """Whether it would answer: while a cell is edited or a dialog open it would not, and xlwings would ask for ever."""
    with _impatient():
        try:
            api = app.api
            bare = getattr(api, "_inner", api)
        except Exception:  # noqa: BLE001  whichever way it refuses
            return False
        try:
            return bool(bare.Ready) and bool(app.interactive)
        except com_errors():
            pass
        try:  # not all hosts have Ready; all have a name
            return bool(bare.Name)
        except com_errors():
            return False


@contextmanager
def _impatient() -> Iterator[None]:
    """xlwings gives up soon on an Excel that refuses its calls, instead of asking without end."""
    windows: Any = sys.modules.get("xlwings._xlwindows")
    if windows is None:
        yield
        return
    before, windows.N_COM_ATTEMPTS = windows.N_COM_ATTEMPTS, ATTEMPTS
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before


def front_book(app: xw.App) -> xw.Book | None:
    """The workbook in front; None where there is none."""
    try:
        book = app.books.active if len(app.books) else None
        return book if book is not None and book.name else None
    except com_errors():  # xlwings wraps Excel's Nothing: only hidden ones are open
        return None


def refusal(app: xw.App, command: Command) -> str:
    """The key of the text that says why a command cannot run now, "" where it can: as the add-in's VBA has it."""
    if not is_free(app):
        return "editing"
    if command.needs != "nothing" and member(app.api, "ActiveProtectedViewWindow") is not None:
        return "protected_view"
    book = front_book(app)
    if book is None:
        return "" if command.needs == "nothing" else "no_book"
    if any(sheet.name.lower() in CONFIGS for sheet in book.sheets):
        return "config_sheet"
    if command.needs == "editable":
        if book.api.ReadOnly:
            return "read_only"
        if member(book.sheets.active.api, "ProtectContents"):
            return "sheet_protected"
    return ""
