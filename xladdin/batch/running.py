"""A plan carried out: filled wherever the executor runs, saved by this process alone, one after the other."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Generator
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from ..domain.records import Record
from ..errors import SaveError, XladdinError
from ..progress import Stopped, bar
from ..spread import spread
from .jobs import Job, Plan, acts
from .shelf import Filled, Outcome, Shelf

if TYPE_CHECKING:
    from ..domain.profile import Profile
    from ..form.catalogue import Form


class Outcomes(list[Outcome]):
    """What became of every job, in order.

    unwritten: why the journal is not complete, where it is not. unlocked: why nothing kept a second run out.
    """

    unwritten: SaveError | None = None
    unlocked: SaveError | None = None


def run(plan: Plan, workers: int = 1, force: bool = False, executor: Executor | None = None) -> Outcomes:
    """Do what the plan says, in its order; what needs doing no more is passed over.

    Files somebody edited are replaced by `force` only, and a copy is kept. Who watches the progress may stop it:
    what is done by then is returned, and a later run goes on from there.
    `executor`: any concurrent.futures.Executor, a cluster's too; it fills, and nothing but this process saves.
    """
    with Shelf(plan.folder, plan.command) as shelf:
        outcomes = _outcomes(plan, shelf, workers, force, executor)
        done = Outcomes()
        with contextlib.closing(outcomes), contextlib.suppress(Stopped):
            for outcome in bar(outcomes, len(plan.jobs), "填写"):
                done.append(outcome)
        if any(outcome.path for outcome in done):
            done.unlocked = shelf.unlocked
        done.unwritten = shelf.unwritten
    return done


def _outcomes(plan: Plan, shelf: Shelf, workers: int, force: bool, executor: Executor | None) -> Generator[Outcome]:
    todo = plan.to_do(force)
    filled = spread(_fill, [_handed(job) for job in todo], workers, executor)
    if todo:
        shelf.journal.begin(plan.command, **plan.told)
    for job, state in zip(plan.jobs, plan.states, strict=True):
        yield shelf.take(job, next(filled), force) if acts(state, force) else Outcome(job, state)


Handed = tuple[Record, "Form", "Profile"] | XladdinError


def _handed(job: Job) -> Handed:
    """What a worker is given, as values: it may run where nobody knows our folders."""
    from ..form.catalogue import form_for, profile_of

    try:
        form = form_for(job.record, job.form)
        return job.record, form, profile_of(job.record, form=form)
    except XladdinError as error:
        return error


def _fill(handed: Handed) -> Filled:
    """In the worker: from values to bytes."""
    from ..form.filling import fill_telling

    if isinstance(handed, XladdinError):
        return Filled(error=handed)
    try:
        data, missing = fill_telling(*handed)
        return Filled(data, unplaced=tuple(missing))
    except XladdinError as error:
        return Filled(error=error)
    except Exception as error:  # noqa: BLE001  a bug met by one project must not cost the others
        told = XladdinError(f"填写时程序出错（{type(error).__name__}）", advice="其余项目不受影响，请告诉维护者")
        return Filled(error=told, trace=traceback.format_exc())
