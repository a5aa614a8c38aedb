"""The command line in-process; one live LibreOffice a process, and a test begins again when that itself died."""

from __future__ import annotations

import pytest

from tests.calc.living import DEATHS, Living

LIVE = {"app", "desk", "living"}


def pytest_collection_modifyitems(items):
    for item in items:
        if LIVE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=3, only_rerun=DEATHS))


@pytest.fixture(scope="session")
def living():
    living = Living()
    yield living
    living.close()


@pytest.fixture
def run(capsys):
    """run("fill", ...) -> exit code, stdout, stderr."""

    from xladdin.cli.main import main

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out = capsys.readouterr()
        assert "Traceback" not in out.out + out.err
        return code, out.out, out.err

    return call
