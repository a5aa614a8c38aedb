"""What a run is going to do: a job for each record, and how the file it becomes stands now."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.kinds import kind_of
from ..domain.records import Record
from ..errors import XladdinError
from ..files import digest_of, is_too_long
from ..workbook.names import unique_names
from .journal import Identity, Journal, identity

if TYPE_CHECKING:
    from ..form.catalogue import Form

# Stands for what filling does with a record: raised whenever that changes, so that every file is made anew once.
# 2: amounts are converted into the form's unit, and the form is chosen by year and kind alone.
# 3: pages, page headers and hints of the forms; 实际完成值 is text, and the total of the funds a sum.
FILLING = "3"
_LAYOUT_YEAR = re.compile(r"^20\d\d(?=[^\d\W])")
_CALLED = {"申报表": "绩效目标申报表", "目标表": "绩效目标表", "自评表": "绩效自评表", "全国自评表": "绩效自评表"}
NEW, CHANGED, SAME = "new", "changed", "same"
EDITED, OUTDATED, CONFLICT, FOREIGN, UNREAD = "edited", "outdated", "conflict", "foreign", "unread"
TOLD = {
    NEW: "新建",
    CHANGED: "内容改过或程序更新过，重新生成",
    SAME: "已是最新，不用动",
    EDITED: "有人填写或改过，不动",
    OUTDATED: "旧版程序生成、后来有人填写或改过，不动",
    CONFLICT: "内容改过，但表也有人改过，不覆盖",
    FOREIGN: "已有同名文件，不是在这里生成的，内容不同就不覆盖",
    UNREAD: "已有同名文件，现在读不了，不动",
}
LEFT = (SAME, EDITED, OUTDATED)  # nothing to do, and nothing to ask
_EMPTY = hashlib.sha256(b"").hexdigest()
REFUSED = (EDITED, OUTDATED, CONFLICT, FOREIGN)  # replaced by force only, and then kept


@dataclass(frozen=True, slots=True)
class Job:
    """A record, the name of the form it goes into (None: chosen when filled) and the file it becomes.

    digest: of everything the file is made from. origin: the workbook the record was read from, if it was one.
    error: why it cannot be filled, as far as can be known before. notes: what is to be said of how it is
    filled; converted: its amounts are, into another unit.
    """

    record: Record
    form: str | None
    path: Path
    digest: str
    origin: Path | None = None
    error: XladdinError | None = None
    notes: tuple[str, ...] = ()
    converted: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """Whose form it is, for the journal."""
        record = self.record
        return {"year": record.year, "project": record.project, "unit": record.unit, "form": self.form}


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of a run with the state of each file. `command` and `told` go into the journal: how it was called.

    left: files the same command made here before, from this ledger or one that is gone, that have no job now.
    """

    folder: Path
    jobs: tuple[Job, ...]
    states: tuple[str, ...]
    command: str
    left: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> Counter:
        """How many files stand in each state."""
        return Counter(self.states)

    @property
    def forms(self) -> Counter:
        """How many records go into each form."""
        return Counter(job.form or "没有合适的表式" for job in self.jobs)

    @property
    def notes(self) -> dict[str, list[str]]:
        """What is to be said of how records are filled, and of which projects."""
        found: dict[str, list[str]] = {}
        for job in self.jobs:
            for note in job.notes:
                found.setdefault(note, []).append(job.record.project)
        return found

    def to_do(self, force: bool = False) -> list[Job]:
        """The jobs that need filling: all but those whose file is as it should be, or the clerk's."""
        return [job for job, state in zip(self.jobs, self.states, strict=True) if acts(state, force)]


def outdated(plan: Plan) -> dict[str, list[str]]:
    """What may be wrong with files of an earlier version that somebody edited since, and their names."""
    found: dict[str, list[str]] = {}
    for job, state in zip(plan.jobs, plan.states, strict=True):
        if state == OUTDATED:
            why = ["金额可能没有换算单位"] if job.converted else []
            why += ["得分公式是旧版的"] if kind_of(job.record).scored else []
            found.setdefault("，".join(why) or "内容可能与现在的台账不一致", []).append(job.path.name)
    return found


def acts(state: str, force: bool) -> bool:
    """Whether a file in that state is looked at again in a run."""
    return state not in LEFT or (force and state in (EDITED, OUTDATED))


def plan(
    records: Iterable[Record],
    out_dir: str | Path,
    form: str | None = None,
    command: str = "fill",
    origins: Iterable[Path | None] = (),
    **told: Any,
) -> Plan:
    """A job for each record, each with a file name of its own: 2025 城市绿化养护 绩效自评表.xlsx. Writes nothing.

    A project that has a file here keeps its name, whoever else comes or goes. `origins`: the workbook each record
    was read from, where each has one of its own.
    """
    folder, journal, records = Path(out_dir), Journal(Path(out_dir)), list(records)
    files: list[Path | None] = [*origins] or [None] * len(records)
    bare = [_job(record, form, folder, origin) for record, origin in zip(records, files, strict=True)]
    jobs = _named(bare, journal.names())
    states = tuple(state_of(job.path, job.digest, journal, identity(job.told)) for job in jobs)
    wanted = {job.path.name for job in jobs}
    gone = [name for name in journal.files(command) if name not in wanted and (folder / name).is_file()]
    left = tuple(name for name in gone if not _of_another(journal.ledger_of(name), told.get("source")))
    return Plan(folder, jobs, states, command, left, told)


def _of_another(ledger: str, mine: str | None) -> bool:
    """Whether a file was made from another ledger that is still there: that one knows whether it is wanted."""
    return bool(mine and ledger) and ledger != mine and Path(ledger).is_file()


def _job(record: Record, form: str | None, folder: Path, origin: Path | None) -> Job:
    """A job whose path has no name yet, only the suffix of its form."""
    from ..form.catalogue import form_for
    from ..form.units import conversion, in_unit

    try:
        found = form_for(record, form)
    except XladdinError as error:
        name = form or record.form
        return Job(record, name, folder / "_.xlsx", digest_of_input(record, name), origin, error)
    job = Job(record, found.name, folder / f"_{found.suffix}", digest_of_input(record, found.name), origin)
    try:
        in_unit(record, found.money_unit)
    except XladdinError as error:
        return replace(job, error=error)
    converted = bool(conversion(record, found.money_unit))
    return replace(job, notes=notes_of(record, found, named=bool(form or record.form)), converted=converted)


def notes_of(record: Record, form: Form, named: bool) -> tuple[str, ...]:
    """What is to be said of a record that goes into a form: another year's, unless that was `named`; another unit."""
    from ..form.catalogue import off_year
    from ..form.units import conversion

    said = "" if named else off_year(form, record.year), conversion(record, form.money_unit)
    return tuple(filter(None, said))


def _named(jobs: Sequence[Job], known: Mapping[Identity, list[str]]) -> tuple[Job, ...]:
    """The jobs with the names their files have, or new ones that no other project's file has."""
    taken = [Path(name).stem for names in known.values() for name in names]
    queues = {whose: iter(names) for whose, names in known.items()}  # two of one identity have a file each
    kept = [
        next((name for name in queues.get(identity(job.told), ()) if Path(name).suffix == job.path.suffix), None)
        for job in jobs
    ]
    new = [job for job, name in zip(jobs, kept, strict=True) if name is None]
    parts = [(_year_before(job.record), job.record.project, _written(job)) for job in new]
    fresh = iter(unique_names(parts, [job.record.unit for job in new], taken))
    return tuple(
        replace(job, path=job.path.with_name(name or next(fresh) + job.path.suffix))
        for job, name in zip(jobs, kept, strict=True)
    )


def _year_before(record: Record) -> int | None:
    """The year that a file's name begins with, but where that of the project does."""
    return None if (record.project or "").lstrip().startswith(f"{record.year}年") else record.year


def _written(job: Job) -> str | None:
    """What a form is called in a file's name: without the year of its layout, which is not always the record's."""
    name = _LAYOUT_YEAR.sub("", job.form or "") if job.record.year else job.form
    return _CALLED.get(name or "", name)


def digest_of_input(record: Record, form: str | None) -> str:
    """SHA-256 of what a file is made from: the record, its template, its scoring rules, and how it is filled."""
    from ..form.catalogue import form_named, profile_of

    made_from = [FILLING, json.dumps(record.to_dict(), sort_keys=True, ensure_ascii=False), form or ""]
    chosen = form_named(form)
    if chosen is not None:
        made_from.append(chosen.digest)
        with contextlib.suppress(XladdinError):  # bad rules: filling says so
            made_from.append(repr(profile_of(record, form=chosen)) if kind_of(record).scored else "")
    return hashlib.sha256("\0".join(made_from).encode("utf-8", "surrogatepass")).hexdigest()


def state_of(path: Path, digest: str, journal: Journal, whose: Identity, found: str | None = None) -> str:
    """How the file stands: NEW … UNREAD. `digest` is of what it should be made from, for `whose` form.

    found: the SHA-256 of what lies there, where it was taken already.
    """
    found = digest_of(path) if found is None else found
    if not found:
        return UNREAD if _stands_there(path) else NEW
    if journal.whose(path.name) not in (None, whose):
        return FOREIGN  # another project's, made since the plan
    if found == _EMPTY and journal.latest(path.name) is not None:
        return CHANGED  # our own placeholder, of a run that died
    made_from = journal.source_of(path.name, found)
    if made_from is not None:
        return SAME if made_from == digest else CHANGED
    latest = journal.latest(path.name)
    if latest is None:
        return FOREIGN
    if journal.filling_of(path.name) != FILLING:
        return OUTDATED  # its digest is of another reckoning: whether the input changed too cannot be told
    return EDITED if latest == digest else CONFLICT


def _stands_there(path: Path) -> bool:
    """Whether something may be in the way; what only cannot be written there, saving says."""
    try:
        path.lstat()
    except OSError as error:
        return not (error.errno in (errno.ENOENT, errno.ENOTDIR) or is_too_long(error, path))
    return True
