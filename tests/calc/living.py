"""A Calc for the tests of a file, and a new one once it has died under a test."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

from tests import calc

# LibreOffice 7.4 now and then dies of a fault of its own (libuno_cppu) under so many calls: then, and only then, the
# test begins again with a new one (tests/conftest.py). A test that fails otherwise fails.
DEATHS = ["disposed during call", "already disposed", "cannot get value", "NoConnectException"]


class Living:
    """app: an xlwings App, and addin: what `xlam` is loaded as, both alive after ready()."""

    def __init__(self, xlam: Path | None = None):
        self._xlam, self._exits = xlam, ExitStack()
        self.app = self.addin = None

    def alive(self) -> bool:
        with suppress(Exception):  # whatever a broken bridge raises
            return self.app is not None and len(self.app.books) >= 0
        return False

    def ready(self) -> None:
        if self.alive():
            return
        self.close()
        self.app = self._exits.enter_context(calc.running())
        if self._xlam:
            self.addin = self._exits.enter_context(calc.load_addin(self.app, self._xlam))

    def close(self) -> None:
        self.app = self.addin = None
        with suppress(Exception):
            self._exits.close()
        self._exits = ExitStack()
