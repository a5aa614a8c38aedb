"""Many records into a workbook each; a project that fails does not stop the rest."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .domain.records import Record
from .errors import UnknownForm, XladdinError
from .progress import bar
from .workbook import saving

CHUNK = 32


@dataclass(frozen=True, slots=True)
class Job:
    """A record, the name of the form it goes into (None: chosen when filled) and the file it becomes."""

    record: Record
    form: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: `path` or `error`; `unplaced` fields the form had no place for; `trace` of a bug."""

    job: Job
    path: Path | None = None
    error: XladdinError | None = None
    unplaced: tuple[str, ...] = ()
    trace: str = ""


def plan(records: Iterable[Record], out_dir: str | Path, form: str | None = None) -> list[Job]:
    """A job for each record, each with a file name of its own: `{年度} {项目名称} {表式}.xlsx`."""
    records = list(records)
    chosen = [_form(record, form) for record in records]
    parts = [(record.year, record.project, name) for record, (name, _) in zip(records, chosen, strict=True)]
    names = saving.unique_names(parts, [record.unit for record in records])
    folder = Path(out_dir)
    return [
        Job(record, form_name, folder / f"{name}{suffix}")
        for record, (form_name, suffix), name in zip(records, chosen, names, strict=True)
    ]


def _form(record: Record, form: str | None) -> tuple[str | None, str]:
    """The name and suffix of the form a record goes into; filling says later why there is none."""
    from .form.catalogue import form_for

    try:
        found = form_for(record, form)
    except UnknownForm:
        return form or record.form, ".xlsx"
    return found.name, found.suffix


def run(
    jobs: Sequence[Job],
    workers: int = 1,
    force: bool = False,
    progress: Callable[[Iterable, int], Iterable] | None = None,
) -> list[Outcome]:
    """Fill and save every job, in order. `progress(outcomes, total)` passes them on; default a bar on a terminal."""
    workers = min(workers, len(jobs))
    outcomes = _spread(jobs, workers, force) if workers > 1 else (_do(job, force) for job in jobs)
    return list(progress(outcomes, len(jobs)) if progress else bar(outcomes, len(jobs), "填写"))


def _spread(jobs: Sequence[Job], workers: int, force: bool) -> Iterator[Outcome]:
    """Over processes: each compiles the templates it needs once."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from .form.catalogue import user_folder

    size = max(1, min(CHUNK, len(jobs) // (workers * 2)))
    done = 0
    try:
        with ProcessPoolExecutor(workers, initializer=_begin, initargs=(user_folder(),)) as pool:
            for outcome in pool.map(_do, jobs, [force] * len(jobs), chunksize=size):
                done += 1
                yield outcome
    except BrokenProcessPool:
        for job in jobs[done:]:
            error = XladdinError("填写的进程中途退出，这一项没有完成", advice="请减少 --workers 后加 --force 重试")
            yield Outcome(job, error=error)


def _begin(folder: Path | None) -> None:
    from .form.catalogue import set_folder

    set_folder(folder)


def _do(job: Job, force: bool) -> Outcome:
    from .form.filling import fill, unplaced

    try:
        data = fill(job.record, job.form)
        missing = tuple(unplaced(job.record, job.form))
        return Outcome(job, saving.save(job.path, data, force), unplaced=missing)
    except XladdinError as error:
        return Outcome(job, error=error)
    except Exception as error:  # noqa: BLE001  a bug met by one project must not cost the others
        told = XladdinError(f"填写时程序出错（{type(error).__name__}）", advice="其余项目不受影响，请把日志发给维护者")
        return Outcome(job, error=told, trace=traceback.format_exc())
