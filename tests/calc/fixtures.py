"""Fixtures over the one running Calc; a test file asks for them with `pytest_plugins = ("tests.calc.fixtures",)`."""

from __future__ import annotations

import shutil
import sys
import types
from pathlib import Path

import pytest

from tests import calc


@pytest.fixture
def app(living):
    """A running App, as xlwings gives it."""
    living.ready()
    return living.app


@pytest.fixture
def book(app):
    """A new book, closed afterwards."""
    added = app.books.add()
    uid = added.impl.uid
    yield added
    for open_one in app.books:
        if open_one.impl.uid == uid:
            open_one.close()


@pytest.fixture
def sheet(book):
    return book.sheets[0]


@pytest.fixture
def refused(app):
    """`with refused("words"):` what follows must raise as Excel would."""
    from .native import ExcelError

    return lambda words="": pytest.raises(ExcelError, match=words)


@pytest.fixture
def stock(app, tmp_path_factory):
    """xlwings' own ribbon add-in; its button runs main() of the Python module named as the file."""
    import xlwings

    path = tmp_path_factory.mktemp("addin") / "quickstart_clerk.xlam"
    shutil.copy(Path(xlwings.__file__).parent / "quickstart_addin_ribbon.xlam", path)
    with calc.load_addin(app, path) as addin:
        yield addin


@pytest.fixture
def clerk(monkeypatch):
    module = types.ModuleType("quickstart_clerk")
    monkeypatch.setitem(sys.modules, "quickstart_clerk", module)
    return module
