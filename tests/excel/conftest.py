"""Backups and logs of these tests go to a folder of their own; the desk the buttons are pressed at."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def xlam(tmp_path_factory):
    """The built add-in."""
    from xladdin.excel.addin.package import build

    return build(tmp_path_factory.mktemp("addin") / "xladdin.xlam")


@pytest.fixture
def desk(living, xlam, tmp_path, monkeypatch):
    """No workbook open, before and after; Excel as it usually stands; the user's folders inside the test's."""
    from xladdin.files import FOLDER_VARIABLE

    from .pressing import Desk

    folder, home = tmp_path / "桌面 =1", tmp_path / "家"
    folder.mkdir()
    (home / "Documents").mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    living.ready()
    living.load(xlam)
    app = living.app
    monkeypatch.setattr(app.impl, "alerts", [])
    monkeypatch.setattr(app.impl, "statuses", [])
    monkeypatch.setattr(app.impl, "answer", None)
    monkeypatch.setattr(app.impl, "native", dict(app.impl.native))
    monkeypatch.setattr(app.impl, "enable_events", True)
    yield Desk(app, living.addin, folder, home)
    if living.alive():
        for book in list(app.books):
            book.close()
