"""One writer a folder: who comes second is told who writes, and a process that died holds nothing."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import xladdin
from xladdin import batch
from xladdin.batch import lock
from xladdin.batch.lock import NAME, FolderLock, Held
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.errors import SaveError
from xladdin.ledger import write_ledger

RECORD = next(record for record in example() if record.form == "2021申报表")
POSIX = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows, and there are no pipes in folders")
HOLDER = """
import sys, time
from pathlib import Path
from xladdin.batch.lock import FolderLock
FolderLock(Path(sys.argv[1])).take()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def held(tmp_path):
    """A folder another process is writing into; the process."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("command", ["fill", "one-book", "evaluate", "summary"])
def test_the_second_writer_is_told_who_writes(held, tmp_path, tmp_path_factory, capsys, command):
    source = tmp_path_factory.mktemp("原件")
    write_ledger(source / "台账.xlsx", [RECORD])
    (source / "申报.xlsx").write_bytes(xladdin.fill(RECORD))
    out = ["--out", str(tmp_path)]
    calls = {
        "fill": ["fill", str(source / "台账.xlsx"), *out],
        "one-book": ["fill", str(source / "台账.xlsx"), "--one-book", *out],
        "evaluate": ["evaluate", str(source / "申报.xlsx"), *out],
        "summary": ["summary", str(source / "申报.xlsx"), "--out", str(tmp_path / "汇总.xlsx")],
    }
    assert main(calls[command]) == 2
    said = capsys.readouterr().err
    written = json.loads((tmp_path / NAME).read_text("utf-8"))
    assert "另一个 xladdin 正在往这个文件夹里写" in said and str(tmp_path) in said
    assert all(value in said for value in written.values() if value) and written["since"]
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_process_that_died_holds_nothing(held, tmp_path):
    with pytest.raises(Held):
        FolderLock(tmp_path).take()
    held.kill()
    held.wait()
    assert (tmp_path / NAME).exists(), "its file is left, the lock is not"
    mine = FolderLock(tmp_path)
    mine.take()
    mine.release()
    assert list(tmp_path.iterdir()) == []


def test_the_file_goes_with_the_lock(tmp_path):
    mine = FolderLock(tmp_path / "新")
    mine.take()
    mine.take()
    assert (tmp_path / "新" / NAME).exists() and mine.unlocked is None
    mine.release()
    mine.release()
    assert list((tmp_path / "新").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b'{"user": ["\\n"]}', b"x" * 9000])
def test_whatever_the_file_says_the_second_writer_is_told(tmp_path, content):
    mine = FolderLock(tmp_path)
    mine.take()
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(Held, match="正在往这个文件夹里写"):
        FolderLock(tmp_path).take()
    mine.release()


@POSIX
@pytest.mark.parametrize(("lay", "error"), [("link", SaveError), ("second name", SaveError), ("pipe", None)])
def test_links_and_pipes_in_its_place(tmp_path, lay, error):
    outside = tmp_path / "别处.txt"
    outside.write_bytes(b"other")
    folder = tmp_path / "结果"
    folder.mkdir()
    {"link": (folder / NAME).symlink_to, "second name": (folder / NAME).hardlink_to}.get(
        lay, lambda _: os.mkfifo(folder / NAME)
    )(outside)
    mine = FolderLock(folder)
    if error:
        with pytest.raises(error, match="是一个链接"):
            mine.take()
    else:
        mine.take()
        assert mine.unlocked, "no lock is to be had here, and that is known"
    assert outside.read_bytes() == b"other"


def test_where_there_are_no_locks_it_goes_on_and_is_told(tmp_path, monkeypatch, capsys):
    def none(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(lock, "_lock", none)
    write_ledger(tmp_path / "台账.xlsx", [RECORD])
    assert main(["fill", str(tmp_path / "台账.xlsx"), "--out", str(tmp_path / "结果")]) == 0
    assert "请不要同时运行两次" in capsys.readouterr().err
    assert len(list((tmp_path / "结果").glob("*.xlsx"))) == 1


def _write(number: int, folder: Path, started, results) -> None:
    records = [replace(RECORD, project=f"项目{n}", unit=f"单位{number}") for n in range(6)]
    plan = batch.plan(records, folder)
    started.wait()
    try:
        results.put((number, sum(bool(outcome.path) for outcome in batch.run(plan)), None))
    except Held as error:
        results.put((number, 0, str(error)))


@pytest.mark.parametrize("turn", range(4))
def test_two_writers_at_once_lose_nothing(tmp_path, turn):
    """Two ledgers with projects of the same names, planned for an empty folder and run in the same instant."""
    context = multiprocessing.get_context("fork" if os.name != "nt" else "spawn")
    started, results = context.Barrier(2), context.Queue()
    writers = [context.Process(target=_write, args=(number, tmp_path, started, results)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    told = {number: (count, refused) for number, count, refused in (results.get(timeout=60) for _ in writers)}
    for writer in writers:
        writer.join(60)
    files = {path: xladdin.read(path)[0].unit for path in tmp_path.glob("*.xlsx")}
    for number, (count, refused) in told.items():
        assert sum(unit == f"单位{number}" for unit in files.values()) == count, "each finds all it said it wrote"
        assert (count == 0) == (refused is not None) or count in (0, 6)
    assert not list(tmp_path.glob(".xladdin*")), "nothing is left behind"
    for number in (1, 2):  # what was refused is done by the next run, under names of its own
        batch.run(batch.plan([replace(RECORD, project=f"项目{n}", unit=f"单位{number}") for n in range(6)], tmp_path))
    units = [xladdin.read(path)[0].unit for path in tmp_path.glob("*.xlsx")]
    assert sorted(units) == ["单位1"] * 6 + ["单位2"] * 6


def test_the_next_run_clears_what_a_killed_one_left(tmp_path):
    batch.run(batch.plan([RECORD], tmp_path))
    ours, others = tmp_path / ".xladdin-shelf-0123456789ab.tmp", tmp_path / ".xladdin-0123456789ab.tmp"
    for path in (ours, others):
        path.write_bytes(b"half")
    batch.run(batch.plan([RECORD], tmp_path))
    assert (ours.exists(), others.exists()) == (False, True), "a report may just be being saved beside it"


@POSIX
def test_a_full_disk_keeps_no_second_writer_in(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    mine = FolderLock(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        mine.take()
    with pytest.raises(Held):
        FolderLock(tmp_path).take()
    mine.release()
