"""The one door between the ribbon and Python: a command's id comes in, a message for the clerk goes out."""

from __future__ import annotations

import atexit
import contextlib
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from .. import __version__
from ..errors import XladdinError
from .addin.commands import Command, find

ATTEMPTS = 5000  # a few seconds


def _said(name: str) -> str | None:
    """What the add-in said on the command line: --hwnd, --addin; None when something else began this process."""
    found = (word.partition("=")[2].strip('"') for word in sys.argv if word.startswith(f"--{name}="))
    return next(found, None)


@contextlib.contextmanager
def _spared(*names: str) -> Iterator[None]:
    """Modules that cannot be imported meanwhile, unless they are there already."""
    absent = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules  # None in it: not to be imported
    modules.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


# xlwings takes these where it finds them; no cell needs them, and the clerk who clicked would wait a second for them.
with _spared("numpy", "pandas", "matplotlib", "PIL") if _said("hwnd") else contextlib.nullcontext():
    import xlwings as xw

from ..files import templates_in  # noqa: E402
from .host import say, steady, undisturbed  # noqa: E402
from .settings import chosen_templates  # noqa: E402


def run(command_id: str) -> None:
    """Do a ribbon command on the calling workbook. Nothing it meets reaches the clerk as a traceback."""
    tame_xlwings()
    try:
        book = _caller()
        with undisturbed(book.app):
            message = outcome(book, command_id)
            if message:  # told in the window of the click
                say(book.app, message)
    except Exception as error:  # noqa: BLE001
        app = xw.apps.active if len(xw.apps) else None
        if app is None:  # nobody to tell: the add-in's VBA sees that Python ended badly, and names the log
            raise
        say(app, explained(error))


def outcome(book: xw.Book, command_id: str) -> str | None:
    """Do a command on a workbook; what the clerk is to be told of it, whatever happened."""
    try:
        command = find(command_id)
        _refuse_other_versions(command)
        book.app.status_bar = f"{command.label}……"
        room, _, name = command.function.partition(":")
        with templates_in(chosen_templates()), steady(book.app):
            return getattr(import_module(room), name)(book, *command.arguments)
    except Exception as error:  # noqa: BLE001
        return explained(error)


def explained(error: Exception) -> str:
    """Errors of ours as they are; a bug is the maintainer's to read, not the clerk's."""
    if isinstance(error, XladdinError):
        return str(error)
    from ..log import write_log

    path = write_log("".join(traceback.format_exception(error)))
    return f"程序出了意外，没有做完；工作簿里没有保存的内容都还在。\n详情记在 {path}，请把它发给维护者。"


def _refuse_other_versions(command: Command) -> None:
    """Raise where add-in and package do not belong together: one was updated without the other."""
    addin = _said("addin")
    if addin not in (None, __version__) and command.group != "help":
        what = f"加载项是 {addin}，程序是 {__version__}，两者版本不一致，没有做任何事"
        raise XladdinError(what, advice="请关闭 Excel，运行 xladdin addin install 重新安装")


def _caller() -> xw.Book:
    """The active workbook of the Excel whose button was pressed: found by its window, never by a file name.

    Without a window handle (a mock caller in tests) as xlwings finds it.
    """
    hwnd = _said("hwnd")
    if hwnd and hwnd.isdecimal():
        from xlwings import _xlwindows

        return xw.App(impl=_xlwindows.App(xl=int(hwnd))).books.active
    return xw.Book.caller()


def tame_xlwings() -> None:
    """xlwings ends Excel processes it sees no window of when Python exits; that is not ours to do. And a call that is
    refused it makes again for ever, or (calling an object) not at all and answers None: now so many times."""
    windows: Any = sys.modules.get("xlwings._xlwindows")  # on Windows; elsewhere a try to import it moves the process
    if windows is not None:
        atexit.unregister(windows.cleanup)
        windows.N_COM_ATTEMPTS = ATTEMPTS
