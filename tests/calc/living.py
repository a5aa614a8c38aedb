"""A Calc for all tests of a process, and a new one once it has died under a test."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

from tests import calc

# LibreOffice 7.4 now and then dies of a fault of its own (libuno_cppu) under so many calls: then, and only then, the
# test begins again with a new one (tests/conftest.py). A test that fails otherwise fails.
DEATHS = ["disposed during call", "already disposed", "cannot get value", "NoConnectException"]


class Living:
    """app: an xlwings App, alive, without books and as it was begun after ready(); addin: what load() has loaded into it."""

    def __init__(self):
        self._exits = ExitStack()
        self.app = self.addin = None

    def alive(self) -> bool:
        with suppress(Exception):  # whatever a broken bridge raises
            return self.app is not None and self.app.impl.office.desktop.Components is not None
        return False

    def ready(self) -> None:
        if not self.alive():
            self.close()
            self.app = self._exits.enter_context(calc.running())
        for book in list(self.app.books):  # of the test before
            book.close()
        self.app.status_bar, self.app.screen_updating = False, True

    def load(self, xlam: Path) -> None:
        """Have the add-in in the app, which is ready."""
        if self.addin is None:
            self.addin = self._exits.enter_context(calc.load_addin(self.app, xlam, runner="XladdinPython"))

    def close(self) -> None:
        self.app = self.addin = None
        with suppress(Exception):
            self._exits.close()
        self._exits = ExitStack()
