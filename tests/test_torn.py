"""Death at any system call of saving: what lies there is the old file or the whole new one, and the next run mends the rest."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

import xladdin
from xladdin import batch
from xladdin.batch.jobs import SAME
from xladdin.batch.journal import NAME
from xladdin.cli.demo import example
from xladdin.files import digest_of
from xladdin.workbook import saving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="dies in a fork")

RECORD = next(record for record in example() if record.form == "2021申报表")
RECORDS = tuple(replace(RECORD, project=f"项目{number}") for number in range(3))
CALLS = ("open", "link", "replace", "unlink", "fsync", "write", "close", "ftruncate")


def dies_at(turn: int, links: bool, task) -> bool:
    """Whether a process that dies in its `turn`th call of those above died at all; it runs the task in a fork."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = [turn]

    def deadly(genuine):
        def call(*arguments, **options):
            left[0] -= 1
            if not left[0]:
                os._exit(9)
            return genuine(*arguments, **options)

        return call

    def none(*_):
        raise OSError(1, "Operation not permitted")

    try:
        for name in CALLS:
            setattr(os, name, deadly(getattr(os, name)))
        if not links:
            os.link = none
        task()
    finally:
        os._exit(0)


def turns(links: bool, task):
    """Each death in turn, until the task outlives it. `task` is given anew what it works on."""
    for turn in range(1, 400):
        folder, run = task()
        died = dies_at(turn, links, run)
        yield folder, died
        if not died:
            assert turn > 3, "it never died: nothing was proven"
            return
    raise AssertionError("it always died")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("old", [b"", b"old" * 9], ids=["new", "replaced"])
def test_one_file(tmp_path_factory, links, old):
    new = b"new" * 9

    def task():
        path = tmp_path_factory.mktemp("a") / "a.xlsx"
        if old:
            path.write_bytes(old)
        return path, lambda: saving.save(path, new, digest_of(path) or None)

    for path, died in turns(links, task):
        found = path.read_bytes() if path.exists() else b""  # an empty placeholder holds nobody's work
        assert found in (old, new), "torn"
        assert died or found == new
        assert died or os.listdir(path.parent) == ["a.xlsx"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("again", [False, True], ids=["first run", "changed"])
def test_a_run_that_died_anywhere_is_gone_on_with(tmp_path_factory, links, again):
    def task():
        folder = tmp_path_factory.mktemp("结果")
        if again:
            batch.run(batch.plan([replace(record, department="从前") for record in RECORDS], folder))
        plan = batch.plan(RECORDS, folder)
        return folder, lambda: batch.run(plan)

    for number, (folder, died) in enumerate(turns(links, task)):
        if number % 3 and died:
            continue  # every third death is looked at: they are many, and a run costs
        outcomes = batch.run(batch.plan(RECORDS, folder))
        assert not [outcome.error for outcome in outcomes if outcome.error]
        assert batch.plan(RECORDS, folder).counts == {SAME: len(RECORDS)}
        assert sorted(os.listdir(folder)) == sorted([NAME, *(outcome.job.path.name for outcome in outcomes)])
        assert [xladdin.read(outcome.job.path)[0].project for outcome in outcomes] == [r.project for r in RECORDS]
