"""Tests that talk to a live LibreOffice begin again when the office itself died, and only then."""

from __future__ import annotations

import pytest

from tests.calc.living import DEATHS

LIVE = {"app", "desk", "living"}


def pytest_collection_modifyitems(items):
    for item in items:
        if LIVE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=3, only_rerun=DEATHS))
