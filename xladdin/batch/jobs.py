"""What a run is going to do: a job for each record, and how the file it becomes stands now."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..domain.records import Evaluation, Record
from ..errors import UnknownForm, XladdinError
from ..files import digest_of
from ..workbook import saving
from .journal import Journal

NEW, CHANGED, SAME = "new", "changed", "same"
EDITED, CONFLICT, FOREIGN, UNREAD = "edited", "conflict", "foreign", "unread"
TOLD = {
    NEW: "新建",
    CHANGED: "内容改过，重新生成",
    SAME: "已是最新，不用动",
    EDITED: "有人填写或改过，不动",
    CONFLICT: "内容改过，但表也有人改过，不覆盖",
    FOREIGN: "已有同名文件，不是在这里生成的，不覆盖",
    UNREAD: "已有同名文件，现在读不了，不动",
}
LEFT = (SAME, EDITED)  # nothing to do, and nothing to ask
REFUSED = (EDITED, CONFLICT, FOREIGN)  # replaced by force only, and then kept


@dataclass(frozen=True, slots=True)
class Job:
    """A record, the name of the form it goes into (None: chosen when filled) and the file it becomes.

    digest: of everything the file is made from. origin: the workbook the record was read from, if it was one.
    """

    record: Record
    form: str | None
    path: Path
    digest: str
    origin: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of a run with the state of each file. `command` and `told` go into the journal: how it was called.

    left: files the same command made here before that have no job now.
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

    def to_do(self, force: bool = False) -> list[Job]:
        """The jobs that need filling: all but those whose file is as it should be, or the clerk's."""
        return [job for job, state in zip(self.jobs, self.states, strict=True) if acts(state, force)]


def acts(state: str, force: bool) -> bool:
    """Whether a file in that state is looked at again in a run."""
    return state not in LEFT or (force and state == EDITED)


def plan(
    records: Iterable[Record],
    out_dir: str | Path,
    form: str | None = None,
    command: str = "fill",
    origins: Iterable[Path] = (),
    **told: Any,
) -> Plan:
    """A job for each record, each with a file name of its own: `{年度} {项目名称} {表式}.xlsx`. Writes nothing.

    `origins`: the workbook each record was read from, where each has one of its own.
    """
    records = list(records)
    chosen = [_form(record, form) for record in records]
    parts = [(record.year, record.project, name) for record, (name, _) in zip(records, chosen, strict=True)]
    names = saving.unique_names(parts, [record.unit for record in records])
    folder = Path(out_dir)
    files = list(origins) or [None] * len(records)
    jobs = tuple(
        Job(record, form_name, folder / f"{name}{suffix}", digest_of_input(record, form_name), origin)
        for record, (form_name, suffix), name, origin in zip(records, chosen, names, files, strict=True)
    )
    journal = Journal(folder)
    states = tuple(state_of(job.path, job.digest, journal) for job in jobs)
    wanted = {job.path.name for job in jobs}
    left = tuple(name for name in journal.files(command) if name not in wanted and (folder / name).is_file())
    return Plan(folder, jobs, states, command, left, told)


def _form(record: Record, form: str | None) -> tuple[str | None, str]:
    """The name and suffix of the form a record goes into; filling says later why there is none."""
    from ..form.catalogue import form_for

    try:
        found = form_for(record, form)
    except UnknownForm:
        return form or record.form, ".xlsx"
    return found.name, found.suffix


def digest_of_input(record: Record, form: str | None) -> str:
    """SHA-256 of what a file is made from: the record, its template and its scoring rules."""
    from ..form.catalogue import form_named
    from ..form.filling import rules_of

    made_from = [json.dumps(record.to_dict(), sort_keys=True, ensure_ascii=False), form or ""]
    chosen = form_named(form)
    if chosen is not None:
        made_from.append(chosen.digest)
        with contextlib.suppress(XladdinError):  # bad rules: filling says so
            made_from.append(repr(rules_of(record, chosen)) if isinstance(record, Evaluation) else "")
    return hashlib.sha256("\0".join(made_from).encode("utf-8", "surrogatepass")).hexdigest()


def state_of(path: Path, digest: str, journal: Journal) -> str:
    """How the file stands: NEW … UNREAD. `digest` is of what it should be made from."""
    found = digest_of(path)
    if not found:
        return UNREAD if path.exists() else NEW
    made_from = journal.source_of(path.name, found)
    if made_from is not None:
        return SAME if made_from == digest else CHANGED
    latest = journal.latest(path.name)
    if latest is None:
        return FOREIGN
    return EDITED if latest == digest else CONFLICT
