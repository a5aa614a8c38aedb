"""The clerk's side of a running Excel: messages, the status bar, and a state that is put back whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import xlwings as xw

from ..errors import Place
from ..progress import Stopped
from .members import member

TITLE = "绩效报表"
LONGEST = 1000  # characters; a longer message box would not fit on a small screen
SHOWN = 6  # mistakes, doubts and failures told in a message; the others are counted
STEADY = 1 / 3  # seconds between two texts on the status bar
_ESCAPE = 0x1B
_PRESSED = 0x8001  # now, or since last asked; the other bits say nothing
_FILE_DIALOG, _FOLDER_DIALOG = 3, 4  # msoFileDialogFilePicker, msoFileDialogFolderPicker
Item = TypeVar("Item")


class Told(str):
    """A message whose gist stands in the status bar while it is read."""

    gist: str

    def __new__(cls, text: str, gist: str) -> Told:
        """text: the whole message; gist: one line."""
        told = super().__new__(cls, text)
        told.gist = gist
        return told


def say(app: xw.App, text: str) -> None:
    """One message, with the figures and the next step."""
    if isinstance(text, Told):
        app.status_bar = text.gist
    app.alert(fitted(text), TITLE, buttons="ok", mode="info")
    if isinstance(text, Told):
        app.status_bar = False


def ask(app: xw.App, text: str) -> bool:
    """A question to be agreed to before anything changes."""
    return app.alert(fitted(text), TITLE, buttons="ok_cancel", mode="info") == "ok"


def fitted(text: str) -> str:
    """A text that a message box can show: of one too long the end of the middle goes, and … says so.

    The last line stays, for it holds the question or the next step.
    """
    if len(text) <= LONGEST:
        return text
    before, _, last = text.rpartition("\n")
    if not before or len(last) > LONGEST // 2:
        return f"{text[: LONGEST - 1]}…"
    return f"{before[: LONGEST - len(last) - 2]}…\n{last}"


@contextmanager
def steady(app: xw.App) -> Iterator[None]:
    """No flicker meanwhile; screen updating, calculation, events and the status bar put back whatever happens.

    Calculation and events are left on, since the commands read what Excel computes; they are put back all the same,
    in case an action, or a macro it set off, has changed them.
    """
    with ExitStack() as after:
        after.callback(setattr, app, "status_bar", False)
        for name in ("screen_updating", "calculation", "enable_events"):
            after.callback(_put_back, app, name, getattr(app, name))
        app.screen_updating = False
        yield


@contextmanager
def undisturbed(app: xw.App) -> Iterator[None]:
    """No key and no click reaches Excel meanwhile, messages of ours aside; both do afterwards, whatever happens.

    The add-in's VBA does the same; a process that is ended by force leaves it to that. A host that has no such switch
    goes without.
    """
    if member(app.api, "Interactive") is None:
        yield
        return
    try:
        app.interactive = False
        yield
    finally:
        app.interactive = True


def _put_back(app: xw.App, name: str, value: object) -> None:
    if getattr(app, name) != value:  # setting the mode of calculation, even to what it is, ends a copy in progress
        setattr(app, name, value)


def some(lines: Iterable[str]) -> list[str]:
    """The first few, each on a line of a message, and how many there are when that is not all."""
    lines = list(lines)
    more = [f"　……等共 {len(lines)} 处"] if len(lines) > SHOWN else []
    return [f"　{line}" for line in lines[:SHOWN]] + more


def spot(place: Place) -> str:
    """Sheet and cell: the workbook is the one in front of the clerk."""
    return str(replace(place, file=None))


class Progress:
    """Texts for the status bar, at most three a second; the first at once."""

    def __init__(self, app: xw.App):
        self._app, self._last = app, float("-inf")

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self._last >= STEADY:
            self._app.status_bar, self._last = text, now

    def through(self, items: Iterable[Item], total: int, doing: str) -> Iterator[Item]:
        """The items as they come, told with their rate and the time left. Raises Stopped between two, on Esc."""
        stop_asked(self._app)  # what was pressed before this began does not count
        begun = time.monotonic()
        for number, item in enumerate(items, start=1):
            rate = number / max(time.monotonic() - begun, 0.001)
            left = f"每秒 {rate:.0f} 份，约剩 {(total - number) / rate:.0f} 秒，按住 Esc 停下"
            self(f"{doing} {number}/{total}（{left}）")
            yield item
            if number < total and stop_asked(self._app):
                raise Stopped("按了 Esc，停下了", advice="已做好的不受影响")


def stop_asked(app: xw.App) -> bool:
    """Whether Esc was pressed since this was last asked, with Excel in front. Windows only."""
    if sys.platform != "win32":
        return False
    import ctypes

    keys = ctypes.windll.user32
    if not keys.GetAsyncKeyState(_ESCAPE) & _PRESSED:  # asked first: asking forgets
        return False
    owner = ctypes.c_ulong()  # a workbook has a window of its own: they are one process
    keys.GetWindowThreadProcessId(keys.GetForegroundWindow(), ctypes.byref(owner))
    return owner.value == app.pid


def pick_folder(app: xw.App, start: Path) -> Path | None:
    """A folder chosen in Excel's own dialog; None when there is none, or it is cancelled."""
    choose = member(app.api, "FileDialog")
    if choose is None:
        return None
    dialog = choose(_FOLDER_DIALOG)
    dialog.InitialFileName = f"{start}{os.sep}"
    return Path(dialog.SelectedItems(1)) if dialog.Show() else None


def pick_files(app: xw.App, start: Path, title: str) -> list[Path]:
    """Files chosen in Excel's own dialog; none when there is no dialog, or it is cancelled."""
    try:
        dialog = app.api.FileDialog(_FILE_DIALOG)
        dialog.InitialFileName = f"{start}{os.sep}"
        dialog.AllowMultiSelect, dialog.Title = True, title
        if not dialog.Show():
            return []
        chosen = dialog.SelectedItems
        return [Path(chosen(number)) for number in range(1, chosen.Count + 1)]
    except AttributeError:
        return []


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager. Raises OSError."""
    if sys.platform == "win32":
        os.startfile(folder)
    else:
        subprocess.Popen(["open" if sys.platform == "darwin" else "xdg-open", str(folder)], start_new_session=True)
