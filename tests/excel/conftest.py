"""Backups and logs of these tests go to a folder of their own; the desk the buttons are pressed at."""

from __future__ import annotations

import pytest

from tests.calc.living import Living


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    from xladdin.excel.addin.package import build

    office = Living(build(tmp_path_factory.mktemp("addin") / "xladdin.xlam"))
    yield office
    office.close()


@pytest.fixture
def desk(office, tmp_path, monkeypatch):
    """No workbook open, before and after; Excel as it usually stands; the user's folders inside the test's."""
    from xladdin.files import FOLDER_VARIABLE

    from .pressing import Desk

    folder, home = tmp_path / "桌面 =1", tmp_path / "家"
    folder.mkdir()
    (home / "Documents").mkdir(parents=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    office.ready()
    app = office.addin.app
    monkeypatch.setattr(app.impl, "alerts", [])
    monkeypatch.setattr(app.impl, "statuses", [])
    monkeypatch.setattr(app.impl, "answer", None)
    monkeypatch.setattr(app.impl, "native", dict(app.impl.native))
    monkeypatch.setattr(app.impl, "enable_events", True)
    yield Desk(app, office.addin, folder, home)
    if office.alive():
        for book in list(app.books):
            book.close()
