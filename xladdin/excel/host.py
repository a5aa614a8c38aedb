"""The clerk's side of a running Excel: messages, the status bar, and a state that is put back whatever happens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import xlwings as xw

TITLE = "绩效报表"
LONGEST = 1000  # characters; Excel cuts message boxes a little above
STEADY = 1 / 3  # seconds between two texts on the status bar


def say(app: xw.App, text: str) -> None:
    """One message, with the figures and the next step."""
    app.alert(text[:LONGEST], TITLE, buttons="ok", mode="info")


def ask(app: xw.App, text: str) -> bool:
    """A question to be agreed to before anything changes."""
    return app.alert(text[:LONGEST], TITLE, buttons="ok_cancel", mode="info") == "ok"


@contextmanager
def steady(app: xw.App) -> Iterator[None]:
    """Screen updating, calculation and the status bar as they were, after whatever happens inside."""
    before = app.screen_updating, app.calculation, app.enable_events
    app.screen_updating = False
    try:
        yield
    finally:
        app.screen_updating, app.calculation, app.enable_events = before
        app.status_bar = False


class Progress:
    """Texts for the status bar, at most three a second; the first at once."""

    def __init__(self, app: xw.App):
        self._app, self._last = app, float("-inf")

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self._last >= STEADY:
            self._app.status_bar, self._last = text, now
