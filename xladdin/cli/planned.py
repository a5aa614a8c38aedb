"""What fill and evaluate share: a plan is told, carried out, and what became of it is told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .. import batch
from ..batch.jobs import CONFLICT, EDITED, FOREIGN, REFUSED, TOLD, UNREAD, Job, Plan, outdated
from ..batch.running import Outcomes
from ..batch.shelf import Outcome, Shelf, refusal
from ..domain.kinds import KINDS, called
from ..errors import Place, SaveError, UnknownForm, XladdinError
from ..files import REPLACED
from ..workbook import saving
from .console import MANY, OK, PARTLY, clipped, code_of, print_json, some, tell, tell_crashes


def need_folder(path: Path) -> None:
    place = Place(file=str(path))
    try:
        taken = path.exists() and not path.is_dir()
    except OSError as error:
        raise saving.save_error(error, place) from None
    if taken:
        raise SaveError("--out 应是文件夹，这里已有一个同名的文件", place, "请换一个文件夹")


def form_kind(name: str) -> str:
    from ..form.catalogue import find_form

    kind = find_form(name).kind
    if kind not in KINDS:
        raise UnknownForm(f"“{name}”不是{called()}", advice="运行 xladdin forms 可看可用的表")
    return kind


def carry_out(plan: Plan, arguments: argparse.Namespace) -> int:
    """Tell the plan and do it, or stop there on a dry run."""
    for line in _planned(plan, arguments.force):
        print(clipped(line), file=sys.stderr if arguments.json else sys.stdout)
    if not arguments.dry_run:
        return _report(batch.run(plan, arguments.workers, arguments.force), plan, arguments)
    outcomes = [_foreseen(job, state, arguments.force) for job, state in zip(plan.jobs, plan.states, strict=True)]
    failed = [outcome for outcome in outcomes if outcome.error]
    for outcome in failed:
        tell(outcome.error)
    if arguments.json:
        print_json(map(_outcome, outcomes))
    return PARTLY if failed else OK


def _foreseen(job: Job, state: str, force: bool) -> Outcome:
    """What a run would say of a job, as far as can be known before."""
    blocked = state == UNREAD or (state in (CONFLICT, FOREIGN) and not force)
    return Outcome(job, state, error=job.error or (refusal(job.path, state) if blocked else None))


def _planned(plan: Plan, force: bool) -> Iterable[str]:
    forms = "、".join(f"{name} {count}" for name, count in plan.forms.items())
    yield f"计划：{len(plan.jobs)} 张表（{forms}），放在 {plan.folder}"
    yield "　" + "；".join(f"{said} {plan.counts[state]}" for state, said in TOLD.items() if plan.counts[state])
    if force and (replaced := _named(plan, REFUSED)):
        yield f"　--force 将替换下列文件，原文件留在 {plan.folder / REPLACED}："
        yield from (f"　　{name}" for name in replaced)
    else:
        if edited := _named(plan, (EDITED,)):
            yield f"　有人填写或改过：{some(edited)}"
        for why, names in outdated(plan).items():
            yield f"　旧版程序生成、后来有人改过：{some(names)}。{why}，请核对；要重新生成的先移走或改名，再运行一次"
    for note, projects in plan.notes.items():
        yield f"　{note}：{len(projects)} 个（{some(dict.fromkeys(projects))}）"
    if plan.left:
        yield f"　以前在这里生成、这次没有的（项目删了、改名或换了表式），请核对要不要留：{some(plan.left)}"


def _named(plan: Plan, states: Sequence[str]) -> list[str]:
    return [job.path.name for job, state in zip(plan.jobs, plan.states, strict=True) if state in states]


def _report(outcomes: Outcomes, plan: Plan, arguments: argparse.Namespace) -> int:
    written = [outcome for outcome in outcomes if outcome.path]
    failed = [outcome for outcome in outcomes if outcome.error]
    for why, alike in _by_reason(failed):
        if len(alike) > MANY:
            names = some(outcome.job.record.project for outcome in alike)
            tell(f"没有填成 {len(alike)} 个（{names}）：{why.what}。{why.advice}")
        else:
            for outcome in alike:
                tell(f"没有填成“{outcome.job.record.project}”：{outcome.error}")
    tell_unplaced(
        (outcome.job.record.project, outcome.job.form or "", outcome.unplaced)
        for outcome in written
        if outcome.unplaced
    )
    tell_crashes(outcome.trace for outcome in failed)
    code = code_of([outcome for outcome in outcomes if not outcome.error], failed)
    code = max(code, tell_unkept(outcomes))
    if arguments.json:
        print_json(map(_outcome, outcomes))
        return code
    for outcome in written if len(written) <= MANY else ():
        print(outcome.path)
    rest = sum(outcome.untouched for outcome in outcomes)
    refused = sum(outcome.refused for outcome in outcomes)
    said = [f"写好 {len(written)} 个工作簿，在 {plan.folder}"]
    said += [f"{rest} 个不用动"] if rest else []
    said += [f"{refused} 个没有覆盖"] if refused else []
    said += [f"{len(failed) - refused} 个没有写成，改正后再运行一次，只做没做成的"] if len(failed) > refused else []
    print("；".join(said))
    if kept := next((outcome.kept for outcome in outcomes if outcome.kept), None):
        print(f"被替换的原文件在 {kept.parent}")
    return code


def tell_unplaced(projects: Iterable[tuple[str, str, Sequence[str]]]) -> None:
    """Tell what a form had no place for, a line for what is alike. projects: each with its form and the fields."""
    alike: dict[tuple[str, str], list[str]] = {}
    for project, form, names in projects:
        alike.setdefault((form, some(names)), []).append(project)
    for (form, names), whose in alike.items():
        tell(f"{form}上没有放 {names} 的地方，这些内容没有写入：{some(whose)}")


def tell_unkept(by: Outcomes | Shelf) -> int:
    """Say what of a folder's lock and journal could not be had; the exit code of that."""
    if by.unlocked:
        tell(f"{by.unlocked}。没有它，挡不住另一个 xladdin 同时往这里写，请不要同时运行两次")
    if by.unwritten:
        tell(f"{by.unwritten}。没有它，下次分不清哪些表有人改过")
        return PARTLY
    return OK


def _by_reason(failed: Iterable[Outcome]) -> list[tuple[XladdinError, list[Outcome]]]:
    """Those that failed for one reason together, with the first one's error."""
    reasons: dict[str, tuple[XladdinError, list[Outcome]]] = {}
    for outcome in failed:
        if outcome.error:
            reasons.setdefault(outcome.error.what, (outcome.error, []))[1].append(outcome)
    return list(reasons.values())


def _outcome(outcome: Outcome) -> dict[str, Any]:
    record = outcome.job.record
    return {
        "year": record.year,
        "project": record.project,
        "form": outcome.job.form,
        "file": str(outcome.job.path),
        "state": outcome.state,
        "written": outcome.path is not None,
        "kept": str(outcome.kept) if outcome.kept else None,
        "error": str(outcome.error) if outcome.error else None,
        "unplaced": list(outcome.unplaced),
        "notes": list(outcome.job.notes),
    }
