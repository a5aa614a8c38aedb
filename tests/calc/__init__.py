"""A live LibreOffice Calc in place of Excel, driven through xlwings' public API.

    with calc.running() as app:                     # an xlwings App; its engine is Calc
        book = app.books.open(path)
        book.sheets[0].range("A1").value = 1
        with calc.load_addin(app, xlam) as addin:   # the VBA of a real add-in
            addin.dispatch("button_id")            # its onAction runs, and the Python it asks for

Nothing of LibreOffice or xlwings is imported before `needs_calc` has found both.
"""

from __future__ import annotations

import importlib
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..office import needs_office

if TYPE_CHECKING:
    import xlwings

    from .addin import Addin


def needs_calc() -> None:
    """Skips the test where LibreOffice, its Python bridge or xlwings is missing; fails it in CI."""
    needs_office()
    for module, missing in (("xlwings", "xlwings"), ("tests.calc.bridge", "LibreOffice's Python bridge (python3-uno)")):
        try:
            importlib.import_module(module)
        except ImportError as error:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{missing} is not usable here: {error}")


class running:  # noqa: N801 - used like a function
    """A started App without a book; it is ended, and the engine taken out again, whatever happens.

    visible: with windows, on a virtual display (Xvfb) or the one there is.
    """

    def __init__(self, visible: bool = False):
        self._visible = visible
        self._exits = ExitStack()

    def __enter__(self) -> xlwings.App:
        needs_calc()
        import xlwings

        from . import engine

        with ExitStack() as exits:
            exits.callback(engine.install())
            exits.callback(_forget_caller)
            app = xlwings.App(visible=self._visible, add_book=False)
            exits.callback(app.quit)
            self._exits = exits.pop_all()
        return app

    def __exit__(self, *error) -> None:
        self._exits.close()


def _forget_caller() -> None:
    """Takes back what Book.set_mock_caller left behind."""
    import xlwings

    if hasattr(xlwings.Book, "_mock_caller"):
        del xlwings.Book._mock_caller


def load_addin(app: xlwings.App, path: Path, **options) -> Addin:
    """The add-in at `path`, loaded into the app until the `with` block ends; see addin.Addin for the options."""
    from .addin import Addin

    return Addin(app, path, **options)
