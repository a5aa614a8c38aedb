"""The one door between the ribbon and Python: a command's id comes in, a message for the clerk goes out."""

from __future__ import annotations

import atexit
import contextlib
import sys
import traceback
from importlib import import_module

import xlwings as xw

from ..errors import XladdinError
from .commands import find
from .host import say, steady


def run(command_id: str) -> None:
    """Do a ribbon command on the calling workbook. Nothing it meets reaches the clerk as a traceback."""
    _spare_other_excels()
    app = None
    try:
        command = find(command_id)
        book = _caller()
        app = book.app
        app.status_bar = f"{command.label}……"
        room, _, name = command.function.partition(":")
        with steady(app):
            message = getattr(import_module(room), name)(book, *command.arguments)
        if message:
            say(app, message)
    except XladdinError as error:
        _tell(app, str(error))
    except Exception:  # noqa: BLE001  a bug is the maintainer's to read, not the clerk's
        from ..log import write_log

        path = write_log(traceback.format_exc())
        _tell(app, f"程序出了意外，没有做完；工作簿里没有保存的内容都还在。\n详情记在 {path}，请把它发给维护者。")


def _caller() -> xw.Book:
    """The active workbook of the Excel whose button was pressed: found by its window, never by a file name.

    Without a window handle (a mock caller in tests) as xlwings finds it.
    """
    hwnd = next((word.partition("=")[2].strip('"') for word in sys.argv if word.startswith("--hwnd=")), "")
    if hwnd.isdecimal():
        from xlwings import _xlwindows

        return xw.App(impl=_xlwindows.App(xl=int(hwnd))).books.active
    return xw.Book.caller()


def _tell(app: xw.App | None, text: str) -> None:
    if app is None and len(xw.apps):
        app = xw.apps.active
    if app is not None:
        say(app, text)


def _spare_other_excels() -> None:
    """xlwings ends Excel processes it sees no window of when Python exits; that is not ours to do."""
    with contextlib.suppress(ImportError, AttributeError):
        from xlwings import _xlwindows

        atexit.unregister(_xlwindows.cleanup)
