"""One task over many items: in order, bounded, over any executor, and no item lost but the one that kills its worker."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from xladdin import batch
from xladdin.batch.jobs import NEW
from xladdin.cli.demo import example
from xladdin.errors import Place
from xladdin.files import FOLDER_VARIABLE, user_folder
from xladdin.form.reading import Reading
from xladdin.form.reading import reading as reads
from xladdin.review.judging import review_files, review_pairs
from xladdin.review.pairing import pairs_in
from xladdin.rules.finding import Finding
from xladdin.spread import AHEAD, CHUNK, Lost, one_crew, packed, spread
from xladdin.status import status_of
from xladdin.summary import review_all

DEADLY = 17
DEADLY_FILE = "坏.xlsx"


def squared(number: int) -> int:
    return number * number


def folder_and_process(_: int) -> tuple[Path | None, int]:
    return user_folder(), os.getpid()


def reads_or_dies(path: Path) -> Reading:
    if path.name == DEADLY_FILE:
        os._exit(1)
    return reads(path)


def deadly(number: int) -> int:
    if number == DEADLY:
        os._exit(1)  # as the system's memory killer, or a fault in a library, would
    return number


@pytest.mark.parametrize("count", [0, 1, 2, 33, 200])
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order(count, workers):
    assert list(spread(squared, range(count), workers)) == [number * number for number in range(count)]


def test_workers_are_other_processes_and_know_the_templates(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    told = set(spread(folder_and_process, range(100), 2))
    assert {folder for folder, _ in told} == {tmp_path}
    assert os.getpid() not in {process for _, process in told}


@pytest.mark.parametrize("value", [
    *example(),
    Place("表.xlsx", "申报", "B2"),
    Finding("X-01", "题", "error", "话", places={"declaration": (Place("表.xlsx"),)}),
    (Finding, re.compile("[0-9]+"), Decimal("1.50"), {"a": {1, 2}}),
], ids=lambda value: type(value).__name__)  # fmt: skip
def test_what_travels_arrives_as_it_was(value):
    assert pickle.loads(packed(value)) == value
    assert len(packed([value] * 99)) < len(packed(value)) + 400, "what is the same is sent once"


def test_one_crew_serves_all_that_is_spread_inside():
    def processes(count: int) -> set[int]:
        return {process for _, process in spread(folder_and_process, range(count), 2)}

    with one_crew():
        first = processes(100) | processes(100) | processes(100)
        assert len(first) <= 2, "the same processes each time"
        assert DEADLY in [at for at, one in enumerate(spread(deadly, range(20), 2)) if isinstance(one, Lost)]
        assert processes(100).isdisjoint(first), "one of them had died"
    assert processes(100).isdisjoint(first)


@pytest.mark.parametrize("count", [20, 300])
def test_only_the_item_that_kills_its_worker_is_lost(count):
    results = list(spread(deadly, range(count), 2))
    assert [number for number, result in enumerate(results) if isinstance(result, Lost)] == [DEADLY]
    assert [result for result in results if not isinstance(result, Lost)] == [n for n in range(count) if n != DEADLY]


class Counting(ThreadPoolExecutor):
    """How much was handed over and not yet taken back."""

    def __init__(self):
        super().__init__(2)
        self.submitted = 0

    def submit(self, *arguments, **options):
        self.submitted += 1
        return super().submit(*arguments, **options)


def test_an_executor_is_handed_only_so_much_at_once_and_stays_open():
    with Counting() as executor:
        items = range(CHUNK * AHEAD * 3)
        results = spread(squared, items, executor=executor)
        assert next(results) == 0
        assert executor.submitted == AHEAD
        assert sum(1 for _ in results) == len(items) - 1
        assert executor.submit(squared, 3).result() == 9


class Broken(ThreadPoolExecutor):
    """An executor whose workers are gone."""

    def submit(self, *arguments, **options):
        future = Future()
        future.set_exception(RuntimeError("the worker died"))
        return future


def test_a_cluster_that_breaks_down_loses_items_not_the_run(tmp_path):
    records = example()
    outcomes = batch.run(batch.plan(records, tmp_path), executor=Broken())
    assert len(outcomes) == len(records)
    assert all("没有完成" in str(outcome.error) for outcome in outcomes)
    assert batch.plan(records, tmp_path).counts == {NEW: len(records)}


def test_taking_no_more_stops_the_work():
    results = spread(squared, range(10_000), 2)
    assert next(results) == 0
    results.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The executor of a cluster, as the README says."""
    distributed = pytest.importorskip("distributed", reason="needs the extra xladdin[cluster]")
    place = str(tmp_path_factory.mktemp("dask"))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=place
        ) as local,
        distributed.Client(local) as client,
        client.get_executor() as executor,
    ):
        assert os.getpid() not in set(client.run(os.getpid).values())
        yield executor


def test_a_cluster_fills(tmp_path, cluster):
    records = example()
    outcomes = batch.run(batch.plan(records, tmp_path / "结果"), executor=cluster)
    assert all(outcome.path for outcome in outcomes)
    here = batch.run(batch.plan(records, tmp_path / "这里"))
    assert [one.path.read_bytes() for one in outcomes] == [other.path.read_bytes() for other in here]


@pytest.mark.parametrize("review", [
    lambda folder, executor: review_files([folder], executor=executor),
    lambda folder, executor: review_pairs(pairs_in(folder, folder, executor=executor), executor=executor),
    lambda folder, executor: review_all([folder], executor=executor),
    lambda folder, executor: status_of([folder], executor=executor),
], ids=["check", "reconcile", "summary", "status"])  # fmt: skip
def test_a_cluster_reads_and_judges(tmp_path, cluster, review):
    batch.run(batch.plan(example(), tmp_path))
    (tmp_path / "坏.xlsx").write_bytes(b"PK\3\4")
    assert review(tmp_path, cluster) == review(tmp_path, None)


@pytest.mark.parametrize("review", [
    lambda folder, workers: review_files([folder], workers=workers),
    lambda folder, workers: review_pairs(pairs_in(folder, folder, workers), workers=workers),
], ids=["check", "reconcile"])  # fmt: skip
def test_records_are_judged_alike_here_and_there(tmp_path, review):
    batch.run(batch.plan(example(), tmp_path))
    one, two = review(tmp_path, 1), review(tmp_path, 2)
    assert one == two
    assert [(case.total, case.files) for case in one.cases] == [(case.total, case.files) for case in two.cases]


@pytest.mark.skipif(os.name == "nt", reason="workers there know nothing of what a test replaced")
def test_a_file_that_kills_its_reader_costs_no_other(tmp_path, monkeypatch):
    """As a fault in a library that reads would."""
    batch.run(batch.plan(example(), tmp_path))
    monkeypatch.setattr("xladdin.review.reading.reading", reads_or_dies)
    sound = review_files([tmp_path])
    (tmp_path / DEADLY_FILE).write_bytes(b"")
    hurt = review_files([tmp_path], workers=2)
    assert hurt.cases == sound.cases
    assert "中途退出" in " ".join(finding.message for finding in hurt.loose)


class Closed(ThreadPoolExecutor):
    def submit(self, *arguments, **options):
        raise RuntimeError("cannot schedule new futures after shutdown")


def test_an_executor_that_was_shut_down_says_why(tmp_path):
    (outcome, *_) = batch.run(batch.plan(example(), tmp_path), executor=Closed())
    assert "cannot schedule new futures" in str(outcome.error)


ORPHANING = """
import os, sys, time
from xladdin.spread import spread
def slow(number):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece, beside the other worker's
    time.sleep(0.2)
    return number
if __name__ == "__main__":
    list(spread(slow, range(1000), 2))
"""


@pytest.mark.skipif(not hasattr(os, "kill") or os.name == "nt", reason="signals of POSIX")
def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(ORPHANING, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment)
    workers = {int(parent.stdout.readline()) for _ in range(4)}
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while (left := {worker for worker in workers if alive(worker)}) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
