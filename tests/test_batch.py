"""Plan, journal, resume: a second run does what is new or changed, and nobody's work is ever overwritten."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import xladdin
from xladdin import batch
from xladdin.batch.jobs import CHANGED, CONFLICT, EDITED, FOREIGN, NEW, SAME, UNREAD
from xladdin.batch.journal import NAME, Journal, last_folder
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.errors import SaveError
from xladdin.files import REPLACED, workbooks
from xladdin.ledger import write_ledger
from xladdin.progress import Stopped, watched
from xladdin.workbook import saving

RECORDS = tuple(record for record in example() if record.year in (2021, 2024))
CHANGES = replace(RECORDS[0], department="另一部门"), *RECORDS[1:]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(folder: Path) -> dict[str, str]:
    """Every file below, by its digest; the journal grows, so it is left out."""
    return {
        str(path.relative_to(folder)): digest(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != NAME
    }


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / NAME).read_text("utf-8").splitlines()]


@pytest.fixture
def done(tmp_path) -> Path:
    """An output folder in which everything was made."""
    outcomes = batch.run(batch.plan(RECORDS, tmp_path / "结果"))
    assert [outcome.state for outcome in outcomes] == [NEW] * len(RECORDS)
    assert all(outcome.path and not outcome.error for outcome in outcomes)
    return tmp_path / "结果"


def first(folder: Path) -> Path:
    return batch.plan(RECORDS, folder).jobs[0].path


def test_the_journal_knows_every_file_and_its_digest(done):
    began, *told = lines(done)
    assert began["command"] == "fill"
    made = {line["file"]: line["output"] for line in told if line["state"] == "done"}
    assert made == contents(done)
    assert {(line["project"], line["year"], line["form"]) for line in told} == {
        (record.project, record.year, record.form) for record in RECORDS
    }


def test_a_second_run_writes_nothing(done):
    before, journal = {path: path.stat().st_mtime_ns for path in done.iterdir()}, (done / NAME).read_bytes()
    plan = batch.plan(RECORDS, done)
    assert plan.counts == {SAME: len(RECORDS)}
    assert [outcome.path for outcome in batch.run(plan)] == [None] * len(RECORDS)
    assert {path: path.stat().st_mtime_ns for path in done.iterdir()} == before
    assert (done / NAME).read_bytes() == journal


# how the first file stands before the second run, which records it is made from, and what the run makes of it
SITUATIONS = {
    "input changed": (lambda path: None, CHANGES, CHANGED, "written"),
    "deleted": (lambda path: path.unlink(), RECORDS, NEW, "written"),
    "edited": (lambda path: path.write_bytes(b"mine"), RECORDS, EDITED, "left"),
    "edited, input changed": (lambda path: path.write_bytes(b"mine"), CHANGES, CONFLICT, "refused"),
    "another file, no journal": (
        lambda path: (path.write_bytes(b"mine"), (path.parent / NAME).unlink()),
        RECORDS,
        FOREIGN,
        "refused",
    ),
    "the same, no journal": (lambda path: (path.parent / NAME).unlink(), RECORDS, FOREIGN, "left"),
    "a folder of that name": (lambda path: (path.unlink(), path.mkdir()), RECORDS, UNREAD, "refused"),
    "journal torn in its last line": (
        lambda path: (path.parent / NAME).write_bytes((path.parent / NAME).read_bytes()[:-40]),
        RECORDS,
        SAME,
        "left",
    ),
    "journal that is no journal": (
        lambda path: (path.parent / NAME).write_bytes(b'[1]\n{"state": 3}\n\xff\xfe\nnull\n{"file": "x"}\n'),
        RECORDS,
        FOREIGN,
        "left",
    ),
}


@pytest.mark.parametrize(("disturb", "records", "state", "becomes"), SITUATIONS.values(), ids=SITUATIONS)
def test_what_a_second_run_does(done, disturb, records, state, becomes):
    path = first(done)
    disturb(path)
    before = contents(done)
    plan = batch.plan(records, done)
    assert plan.states[0] == state
    outcome, *others = batch.run(plan)
    after = contents(done)
    assert (outcome.path is not None, outcome.error is not None) == (becomes == "written", becomes == "refused")
    if becomes == "written":
        assert xladdin.read(path)[0].department == records[0].department
    else:
        assert after.get(path.name) == before.get(path.name)
    assert {name: after[name] for name in after if name != path.name} == {
        name: before[name] for name in before if name != path.name
    }
    assert all(other.error is None for other in others)


@pytest.mark.parametrize("records", [RECORDS, CHANGES], ids=["edited", "conflict"])
def test_force_replaces_and_keeps_a_copy(done, records):
    path = first(done)
    path.write_bytes(b"mine")
    outcome, *_ = batch.run(batch.plan(records, done), force=True)
    assert outcome.path == path
    assert xladdin.read(path)[0].project == records[0].project
    assert outcome.kept.read_bytes() == b"mine"
    assert outcome.kept.parent.parent == done / REPLACED
    assert outcome.kept not in [found for found, _ in workbooks([done])], "copies are no input"
    assert batch.plan(records, done).counts == {SAME: len(RECORDS)}


def test_force_that_cannot_keep_a_copy_replaces_nothing(done, monkeypatch):
    path = first(done)
    path.write_bytes(b"mine")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    outcome, *_ = batch.run(batch.plan(RECORDS, done), force=True)
    assert "没有覆盖" in str(outcome.error)
    assert path.read_bytes() == b"mine"


def test_edited_between_plan_and_run(done):
    plan = batch.plan(CHANGES, done)
    assert plan.states[0] == CHANGED
    first(done).write_bytes(b"mine")
    outcome = batch.run(plan)[0]
    assert (outcome.state, outcome.path) == (CONFLICT, None)
    assert first(done).read_bytes() == b"mine"


def test_a_locked_file_stops_nobody_else_and_is_done_later(done):
    path = first(done)
    lock = path.with_name(f"~${path.name}")
    lock.write_bytes(b"\x05Zhang")
    changed = tuple(replace(record, department="另一部门") for record in RECORDS)
    outcomes = batch.run(batch.plan(changed, done))
    assert [bool(outcome.error) for outcome in outcomes] == [True] + [False] * (len(RECORDS) - 1)
    assert "打开着" in str(outcomes[0].error)
    assert lines(done)[-1]["state"] == "done"
    assert any(line.get("state") == "failed" and "打开着" in line["why"] for line in lines(done))
    lock.unlink()
    plan = batch.plan(changed, done)
    assert plan.counts == {CHANGED: 1, SAME: len(RECORDS) - 1}
    assert batch.run(plan)[0].path == path


def test_a_disk_that_fills_up(tmp_path, monkeypatch):
    genuine, written = saving._write, []

    def full(path, data, durable):
        if len(written) == 2:
            path.write_bytes(data[:100])
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        genuine(path, data, durable)

    monkeypatch.setattr(saving, "_write", full)
    outcomes = batch.run(batch.plan(RECORDS, tmp_path))
    assert [bool(outcome.path) for outcome in outcomes] == [True, True] + [False] * (len(RECORDS) - 2)
    assert all("磁盘已满" in str(outcome.error) for outcome in outcomes[2:])
    assert len(contents(tmp_path)) == 2, "no halves"
    monkeypatch.setattr(saving, "_write", genuine)
    plan = batch.plan(RECORDS, tmp_path)
    assert plan.counts == {SAME: 2, NEW: len(RECORDS) - 2}
    assert all(outcome.error is None for outcome in batch.run(plan))


def test_a_journal_that_cannot_be_written_costs_no_file(tmp_path):
    (tmp_path / NAME).mkdir()
    outcomes = batch.run(batch.plan(RECORDS, tmp_path))
    assert all(outcome.path and not outcome.error for outcome in outcomes)
    plan = batch.plan(RECORDS, tmp_path)
    assert plan.counts == {FOREIGN: len(RECORDS)}, "nothing is known of them"
    assert {outcome.state for outcome in batch.run(plan)} == {SAME}, "but they are what would be written"


def test_a_torn_line_does_not_swallow_the_next(tmp_path):
    (tmp_path / NAME).write_bytes(b'{"state": "sav')
    batch.run(batch.plan(RECORDS[:1], tmp_path))
    assert batch.plan(RECORDS[:1], tmp_path).counts == {SAME: 1}


def test_a_line_after_a_torn_one_is_read(tmp_path):
    path = batch.run(batch.plan(RECORDS[:1], tmp_path))[0].path
    (began, *told) = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / NAME).write_bytes(began + told[0] + told[1][:20])
    journal = Journal(tmp_path)
    journal.add("done", "另一个.xlsx", input="1", output="2", by="fill")
    journal.close()
    again = Journal(tmp_path)
    assert again.source_of("另一个.xlsx", "2") == "1"
    assert again.source_of(path.name, digest(path)) is not None


@pytest.mark.parametrize("name", ["../a.xlsx", "..\\a.xlsx", "/a.xlsx", "C:a.xlsx", "sub/a.xlsx", "..", "."])
def test_a_file_elsewhere_never_counts_as_ours(tmp_path, name):
    entry = {"state": "done", "file": name, "input": "1", "output": "2", "by": "fill", "project": "甲"}
    (tmp_path / NAME).write_text(json.dumps(entry) + "\n", encoding="utf-8")
    journal = Journal(tmp_path)
    assert (journal.source_of(name, "2"), journal.latest(name), journal.whose(name)) == (None, None, None)
    assert (journal.files("fill"), journal.names()) == ([], {})


def test_the_last_input_that_was_done_counts(tmp_path):
    """Saving began for a third input and was not done: the file is still known as made from the second."""
    told = {"project": "甲", "by": "fill"}
    journal = Journal(tmp_path)
    for state, source in (("done", "1"), ("done", "2"), ("saving", "3")):
        journal.add(state, "a.xlsx", input=source, output=f"of {source}", **told)
    journal.close()
    again = Journal(tmp_path)
    assert again.latest("a.xlsx") == "2"
    assert [again.source_of("a.xlsx", f"of {n}") for n in "1234"] == ["1", "2", "3", None]


def test_the_last_folder_is_remembered_where_there_was_no_state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a" / "b"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "a" / "b"))
    assert last_folder() is None
    batch.run(batch.plan(RECORDS[:1], tmp_path / "结果", source="台账.xlsx"))
    assert last_folder() == (tmp_path / "结果").resolve()


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows, and there are no pipes in folders")
@pytest.mark.parametrize("lay", ["link", "second name", "pipe"])
def test_a_journal_that_is_no_file_is_not_written_through(tmp_path, lay):
    outside = tmp_path / "别处.txt"
    outside.write_bytes(b"other")
    folder = tmp_path / "结果"
    folder.mkdir()
    {"link": (folder / NAME).symlink_to, "second name": (folder / NAME).hardlink_to}.get(
        lay, lambda _: os.mkfifo(folder / NAME)
    )(outside)
    outcomes = batch.run(batch.plan(RECORDS[:1], folder))
    assert outcomes[0].path and outcomes.unwritten
    assert outside.read_bytes() == b"other"


def test_a_placeholder_of_a_run_that_died_is_filled(done):
    """Where a file system has no links, a run killed in between leaves an empty file under the name."""
    path = first(done)
    path.write_bytes(b"")
    assert batch.plan(RECORDS, done).counts == {CHANGED: 1, SAME: len(RECORDS) - 1}
    assert batch.run(batch.plan(RECORDS, done))[0].path == path
    (done / "x.xlsx").write_bytes(b"")
    assert not list((done).glob(REPLACED))


@pytest.mark.parametrize("force", [False, True])
def test_a_save_in_the_very_moment_is_not_lost(done, monkeypatch, force):
    path, genuine = first(done), os.fsync
    if force:
        path.write_bytes(b"before")

    def late(number):
        path.write_bytes(b"mine")
        genuine(number)

    monkeypatch.setattr(saving.os, "fsync", late)
    outcome = batch.run(batch.plan(CHANGES, done), force=force)[0]
    assert (outcome.path, bool(outcome.error)) == (None, True)
    assert path.read_bytes() == b"mine"


def test_what_is_left_of_projects_that_are_no_more(done):
    plan = batch.plan(RECORDS[1:], done)
    assert plan.left == (first(done).name,)
    assert batch.plan(RECORDS[1:], done, command="evaluate").left == ()
    first(done).unlink()
    assert batch.plan(RECORDS[1:], done).left == ()


def test_a_template_that_changed_makes_its_files_anew(done, tmp_path, monkeypatch):
    from xladdin.files import FOLDER_VARIABLE
    from xladdin.form.catalogue import find_form

    own = tmp_path / "模板"
    own.mkdir()
    shipped = find_form("2024申报表").path
    import openpyxl

    book = openpyxl.load_workbook(shipped)
    book.active.sheet_properties.tabColor = "FF0000"
    book.save(own / shipped.name)
    monkeypatch.setenv(FOLDER_VARIABLE, str(own))
    counts = batch.plan(RECORDS, done).counts
    assert counts == {CHANGED: sum(record.form == "2024申报表" for record in RECORDS), SAME: 2}


def test_only_old_temporary_files_are_swept(done):
    old, young = (done / f".xladdin-{name}.tmp" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    batch.run(batch.plan(RECORDS, done))
    assert (old.exists(), young.exists()) == (False, True)


def test_progress_may_stop_and_a_later_run_goes_on(tmp_path):
    def two(outcomes, total, doing):
        assert (total, doing) == (len(RECORDS), "填写")
        for number, outcome in enumerate(outcomes, start=1):
            yield outcome
            if number == 2:
                raise Stopped("停下了")

    with watched(two):
        assert len(batch.run(batch.plan(RECORDS, tmp_path))) == 2
    assert batch.plan(RECORDS, tmp_path).counts == {SAME: 2, NEW: len(RECORDS) - 2}


def test_a_file_is_ours_only_by_its_content(done):
    journal = Journal(done)
    path = first(done)
    assert journal.source_of(path.name, digest(path))
    assert journal.source_of(path.name, "0" * 64) is None
    assert journal.source_of("other.xlsx", digest(path)) is None


def named(*units: str, project: str = "修缮") -> list:
    return [replace(RECORDS[0], project=project, unit=unit) for unit in units]


def names_of(plan) -> list[str]:
    return [job.path.name for job in plan.jobs]


def test_a_file_keeps_its_name_whoever_comes_or_goes(tmp_path):
    batch.run(batch.plan(named("甲所"), tmp_path))
    (alone,) = names_of(batch.plan(named("甲所"), tmp_path))
    plan = batch.plan(named("乙所", "甲所"), tmp_path)
    assert names_of(plan)[1] == alone
    assert plan.states == (NEW, SAME)
    batch.run(plan)
    second = names_of(plan)[0]
    assert "乙所" in second
    for units, names in ((("甲所",), [alone]), (("乙所",), [second]), (("甲所", "乙所"), [alone, second])):
        plan = batch.plan(named(*units), tmp_path)
        assert (names_of(plan), set(plan.states)) == (names, {SAME})


def test_another_units_project_never_takes_a_files_name(tmp_path):
    batch.run(batch.plan(named("甲所"), tmp_path))
    plan = batch.plan(named("乙所"), tmp_path)
    assert plan.states == (NEW,)
    batch.run(plan)
    assert {xladdin.read(path)[0].unit for path in tmp_path.glob("*.xlsx")} == {"甲所", "乙所"}


def test_twins_do_not_share_a_file(tmp_path):
    for _ in range(2):
        plan = batch.plan(named("甲所", "甲所"), tmp_path)
        assert len(set(names_of(plan))) == 2
        batch.run(plan)
    assert len(list(tmp_path.glob("*.xlsx"))) == 2


HOSTILE = [
    b"[" * 100_000,
    b'{"state":"done","file":5,"input":[],"output":"a","by":"fill"}',
    b'["command"]',
    b'"command"',
    b'{"command": {"a": 1}}',
    b'{"state":"done","file":"../../x.xlsx","input":"a","output":"b","by":"fill","year":2021,"project":"P","unit":"U"}',
    b'{"at": "' + b"x" * 1_000_000 + b'"}',
    b"x" * 3_000_000,
    b"{" * 3_000_000,
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_line_of_the_journal_is_passed_over(done, line):
    with open(done / NAME, "ab") as journal:
        journal.write(line + b"\n")
    plan = batch.plan(RECORDS, done)
    assert plan.counts == {SAME: len(RECORDS)}
    assert all(Path(name).name == name for name in plan.left)


@pytest.mark.parametrize("name", ["a\0.xlsx", "\ud800.xlsx", "a\nb.xlsx", "\x1b[31m.xlsx", "长" * 90 + ".xlsx", ""])
def test_no_file_is_called_what_no_run_would_call_it(tmp_path, name):
    whose = {"year": 2021, "project": RECORDS[0].project, "unit": RECORDS[0].unit, "form": RECORDS[0].form}
    line = whose | {"state": "done", "file": name, "input": "a", "output": "b", "by": "fill"}
    (tmp_path / NAME).write_text(json.dumps(line) + "\n", encoding="utf-8")
    (outcome,) = batch.run(batch.plan(RECORDS[:1], tmp_path))
    assert outcome.path.is_file() and outcome.path.name.startswith(f"{RECORDS[0].year} {RECORDS[0].project}")


@pytest.mark.parametrize("size, lines", [(3 << 30, 0), (0, 1_000_001)])
def test_a_journal_no_run_can_have_written_is_named(tmp_path, size, lines):
    with open(tmp_path / NAME, "wb") as journal:
        journal.write(b"\n" * lines)
        journal.truncate(size or lines)
    with pytest.raises(SaveError, match=f"{NAME}：这份运行记录大得"):
        batch.plan(RECORDS[:1], tmp_path)
    with pytest.raises(SaveError, match=f"{NAME}：这份运行记录大得"):
        batch.run(batch.Plan(tmp_path, (), (), "fill"))
    (tmp_path / NAME).unlink()
    assert batch.run(batch.plan(RECORDS[:1], tmp_path))[0].path, "the lock was let go"


def test_that_the_journal_cannot_be_written_is_told(tmp_path):
    (tmp_path / NAME).mkdir()
    assert NAME in str(batch.run(batch.plan(RECORDS[:1], tmp_path)).unwritten)
    assert batch.run(batch.plan(RECORDS[:1], tmp_path / "另")).unwritten is None


def test_one_book_tells_it_too(tmp_path, capsys):
    write_ledger(tmp_path / "台账.xlsx", RECORDS)
    (tmp_path / NAME).mkdir()
    assert main(["fill", str(tmp_path / "台账.xlsx"), "--out", str(tmp_path), "--one-book"]) == 1
    assert f"{NAME}：这里已有一个同名的文件夹" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("words", [("fill", "{台账.xlsx}", "--out", "{圈}"), ("summary", "{表}", "--out", "{圈.xlsx}")])
def test_a_link_to_itself_is_refused_by_name(tmp_path, capsys, words):
    write_ledger(tmp_path / "台账.xlsx", RECORDS)
    batch.run(batch.plan(RECORDS, tmp_path / "表"))
    for name in ("圈", "圈.xlsx"):
        (tmp_path / name).symlink_to(name)
    typed = [str(tmp_path / word.strip("{}")) if word.startswith("{") else word for word in words]
    assert main(typed) == 2
    err = capsys.readouterr().err
    assert "圈" in err and "程序出" not in err


def test_what_was_left_alone_stands_in_the_journal(done):
    first(done).write_bytes(b"mine")
    batch.run(batch.plan(CHANGES, done))
    line = lines(done)[-1]
    assert (line["state"], line["project"]) == ("refused", CHANGES[0].project)
    assert "有人改过" in line["why"]


def test_killed_between_saving_and_saying_so_then_edited(tmp_path):
    batch.run(batch.plan(RECORDS[:1], tmp_path))
    told = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / NAME).write_bytes(b"".join(line for line in told if b'"done"' not in line))
    first(tmp_path).write_bytes(b"mine")
    assert batch.plan(RECORDS[:1], tmp_path).states == (EDITED,)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_drive_that_fails_at_one_file_stops_nobody_else(done, monkeypatch, number):
    bad, genuine = first(done), os.lstat

    def lstat(path, *more, **named):
        if os.fspath(path) == str(bad):
            raise OSError(number, "failed")
        return genuine(path, *more, **named)

    bad.write_bytes(b"")
    for room in ("jobs", "shelf"):
        monkeypatch.setattr(f"xladdin.batch.{room}.digest_of", lambda path: "" if path == bad else digest(path))
    monkeypatch.setattr(os, "lstat", lstat)
    plan = batch.plan(RECORDS, done)
    assert plan.counts == {UNREAD: 1, SAME: len(RECORDS) - 1}
    assert "读不了" in str(batch.run(plan)[0].error)


def test_a_state_is_told_even_when_saving_fails(done):
    lock = first(done).with_name(f"~${first(done).name}")
    lock.write_bytes(b"\x05Zhang")
    outcome = batch.run(batch.plan(CHANGES, done))[0]
    assert (outcome.state, bool(outcome.error)) == (CHANGED, True)
