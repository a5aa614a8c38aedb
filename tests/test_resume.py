"""A run killed at any point goes on where it stopped, and ends as one that was never interrupted."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from xladdin.batch.journal import NAME
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.files import digest_of
from xladdin.ledger import write_ledger

PROJECTS = 240
KILLS = 4
LIMIT = 120  # seconds for all of it

RECORD = next(record for record in example() if record.year == 2024)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> Path:
    records = [replace(RECORD, project=f"项目{number:03d}") for number in range(PROJECTS)]
    path = tmp_path_factory.mktemp("台账") / "台账.xlsx"
    write_ledger(path, records)
    return path


@pytest.fixture(scope="module")
def whole(ledger, tmp_path_factory) -> dict[str, str]:
    """The files of a run nobody disturbed."""
    folder = tmp_path_factory.mktemp("整")
    assert main(["fill", str(ledger), "--out", str(folder)]) == 0
    return workbooks(folder)


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def workbooks(folder: Path) -> dict[str, str]:
    return {path.name: digest_of(path) for path in folder.glob("*.xlsx")}


def started(ledger: Path, out: Path, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "xladdin", "fill", str(ledger), "--out", str(out), *more]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path[:1]])}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment}
    return subprocess.Popen(command, **options, start_new_session=True)


@pytest.fixture
def interruptible():
    """What is started listens to Ctrl+C, though these tests may run in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def killed_with_its_workers(process: subprocess.Popen) -> None:
    if os.name == "nt":  # its workers end when nobody asks them any more
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):  # it may be done already
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_again_and_again(ledger, whole, tmp_path, workers):
    out, chance, until = tmp_path / "结果", random.Random(int(workers)), time.monotonic() + LIMIT
    killed = 0
    while killed < KILLS and time.monotonic() < until:
        process = started(ledger, out, "--workers", workers)
        target = chance.randrange(1, PROJECTS)
        while process.poll() is None and len(workbooks(out)) < target and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.01)
        killed_with_its_workers(process)
        process.communicate()
        killed += 1
        found = workbooks(out)
        assert found.items() <= whole.items(), "never half a file, never another's content"
        if len(found) == PROJECTS:
            for path in list(out.iterdir())[: PROJECTS // 2]:
                path.unlink()
    last = started(ledger, out, "--workers", workers)
    said, wrong = last.communicate(timeout=LIMIT)
    assert (last.returncode, wrong) == (0, b"")
    assert workbooks(out) == whole
    again = started(ledger, out)
    assert f"写好 0 个工作簿，在 {out}；{PROJECTS} 个不用动" in again.communicate(timeout=LIMIT)[0].decode("utf-8")


@pytest.mark.parametrize("cut", (0, 13, 50, 77, 99))
def test_a_journal_cut_anywhere(ledger, whole, tmp_path, cut):
    """As after a power failure: the files are there, the journal lacks its end."""
    out = tmp_path / "结果"
    assert main(["fill", str(ledger), "--out", str(out)]) == 0
    data = (out / NAME).read_bytes()
    left = data[: len(data) * cut // 100]
    (out / NAME).write_bytes(left)
    edited = out / sorted(whole)[PROJECTS // 2]
    edited.write_bytes(edited.read_bytes() + b"edited")
    before = workbooks(out)
    known = any(edited.name in line and '"done"' in line for line in left.decode("utf-8", "ignore").split("\n")[:-1])
    assert main(["fill", str(ledger), "--out", str(out)]) == (0 if known else 1), "what nobody knows is told"
    assert workbooks(out) == before, "what was edited is left, the rest is as it should be"


@pytest.mark.skipif(os.name == "nt", reason="Windows lets no program press Ctrl+C for another")
def test_interrupted_from_the_keyboard(ledger, tmp_path, interruptible):
    """Ctrl+C: one sentence, no half file, and no worker left or complaining."""
    for attempt in range(5):  # on a busy machine it may be done before it is interrupted
        out = tmp_path / f"结果{attempt}"
        process = started(ledger, out, "--workers", "2")
        while process.poll() is None and sum(1 for _ in out.glob("*.xlsx")) < 3:
            time.sleep(0.002)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        said, wrong = process.communicate(timeout=60)
        if process.returncode != 0:
            break
    assert process.returncode == 130
    assert wrong.decode("utf-8").strip() == "已中断；已写好的文件都是完整的，再运行一次会接着做。"
    assert not list(out.glob("*.tmp"))
