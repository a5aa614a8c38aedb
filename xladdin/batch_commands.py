"""The commands fill and evaluate: a plan is told, carried out, and what became of it is told."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import batch
from .batch.jobs import CONFLICT, EDITED, FOREIGN, LEFT, REFUSED, TOLD, UNREAD, Job, Plan, state_of
from .batch.journal import Journal
from .batch.running import Outcomes
from .batch.shelf import Outcome, Shelf, refusal
from .console import MANY, OK, PARTLY, WRONG, code_of, print_json, some, tell, tell_crashes
from .domain.records import KINDS, Declaration, Evaluation, Record
from .errors import NotAForm, Place, SaveError, UnknownForm, XladdinError
from .files import REPLACED, digest_of
from .form.catalogue import user_folder
from .review import line_of
from .rules.finding import INFO
from .workbook import saving

ONE_BOOK = "绩效表汇总"


def fill(arguments: argparse.Namespace) -> int:
    """A ledger into workbooks."""
    from .ledger import load

    _need_folder(arguments.out)
    read = load(arguments.ledger)
    for said in (*read.mistakes, *read.notes):
        tell(said)
    chosen = _chosen(read.records, arguments)
    if not chosen:
        why = "没有一个项目可填" if read.mistakes or read.records else "台账里没有项目"
        advice = "请先改正上面列出的错处" if read.mistakes else "请检查台账内容和 --year、--project、--form 的条件"
        raise XladdinError(why, Place(file=arguments.ledger.name), advice)
    if arguments.one_book:
        code = _one_book(chosen, arguments)
    else:
        called = {"source": str(arguments.ledger.resolve()), "sha256": digest_of(arguments.ledger)}
        options = {name: getattr(arguments, name) for name in ("form", "year", "project")}
        called["options"] = {name: value for name, value in options.items() if value}
        called["templates"] = str(user_folder() or "")
        plan = batch.plan(chosen, arguments.out, arguments.form, **called)
        whole = len(chosen) == len(read.records) and not read.mistakes
        code = _carry_out(plan if whole else replace(plan, left=()), arguments)
    if read.mistakes:
        tell(f"台账有 {len(read.mistakes)} 处要改（见上），有错的项目没有填")
        return max(code, PARTLY)
    return code


def _need_folder(path: Path) -> None:
    place = Place(file=str(path))
    try:
        taken = path.exists() and not path.is_dir()
    except OSError as error:
        raise saving.save_error(error, place) from None
    if taken:
        raise SaveError("--out 应是文件夹，这里已有一个同名的文件", place, "请换一个文件夹")


def _chosen(records: Iterable[Record], arguments: argparse.Namespace) -> list[Record]:
    chosen = [record for record in records if arguments.year in (None, record.year)]
    if arguments.project:
        exact = [record for record in chosen if record.project.strip() == arguments.project.strip()]
        chosen = exact or [record for record in chosen if arguments.project.strip() in record.project]
    if not arguments.form:
        return chosen
    kind = _form_kind(arguments.form)
    fitting = [record for record in chosen if record.kind == kind]
    if len(fitting) < len(chosen):
        tell(f"{arguments.form}是{KINDS[kind]}，另一类的 {len(chosen) - len(fitting)} 条记录没有填")
    return fitting


def _form_kind(name: str) -> str:
    from .form.catalogue import find_form

    kind = find_form(name).kind
    if kind not in KINDS:
        raise UnknownForm(f"“{name}”不是申报表或自评表", advice="运行 xladdin forms 可看可用的表")
    return kind


# ---- one workbook a project


def _carry_out(plan: Plan, arguments: argparse.Namespace) -> int:
    """Tell the plan and do it, or stop there on a dry run."""
    for line in _planned(plan, arguments.force):
        print(line, file=sys.stderr if arguments.json else sys.stdout)
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
    elif edited := _named(plan, (EDITED,)):
        yield f"　有人填写或改过：{some(edited)}"
    if plan.left:
        yield f"　以前在这里生成、这次没有的（项目删了、改名或换了表式），请核对要不要留：{some(plan.left)}"


def _named(plan: Plan, states: Sequence[str]) -> list[str]:
    return [job.path.name for job, state in zip(plan.jobs, plan.states, strict=True) if state in states]


def _report(outcomes: Outcomes, plan: Plan, arguments: argparse.Namespace) -> int:
    written = [outcome for outcome in outcomes if outcome.path]
    failed = [outcome for outcome in outcomes if outcome.error]
    for why, alike in _by_reason(failed).items():
        if len(alike) > MANY:
            names = some(outcome.job.record.project for outcome in alike)
            tell(f"没有填成 {len(alike)} 个（{names}）：{why}。{alike[0].error.advice}")
        else:
            for outcome in alike:
                tell(f"没有填成“{outcome.job.record.project}”：{outcome.error}")
    for outcome in written:
        if outcome.unplaced:
            fields = "、".join(outcome.unplaced)
            tell(f"{outcome.path.name}：{outcome.job.form}上没有放 {fields} 的地方，这些内容没有写入")
    tell_crashes(outcome.trace for outcome in failed)
    code = code_of([outcome for outcome in outcomes if not outcome.error], failed)
    if outcomes.unwritten:
        tell(f"{outcomes.unwritten}没有它，下次分不清哪些表有人改过")
        code = max(code, PARTLY)
    if arguments.json:
        print_json(map(_outcome, outcomes))
        return code
    for outcome in written if len(written) <= MANY else ():
        print(outcome.path)
    rest = sum(outcome.state in LEFT and not (outcome.path or outcome.error) for outcome in outcomes)
    refused = sum(outcome.state in REFUSED and isinstance(outcome.error, SaveError) for outcome in failed)
    said = [f"写好 {len(written)} 个工作簿，在 {plan.folder}"]
    said += [f"{rest} 个不用动"] if rest else []
    said += [f"{refused} 个没有覆盖"] if refused else []
    said += [f"{len(failed) - refused} 个没有写成，改正后再运行一次，只做没做成的"] if len(failed) > refused else []
    print("；".join(said))
    if kept := next((outcome.kept for outcome in outcomes if outcome.kept), None):
        print(f"被替换的原文件在 {kept.parent}")
    return code


def _by_reason(failed: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    reasons: dict[str, list[Outcome]] = {}
    for outcome in failed:
        reasons.setdefault(outcome.error.what, []).append(outcome)
    return reasons


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
    }


# ---- all in one book


def _one_book(records: Sequence[Record], arguments: argparse.Namespace) -> int:
    from .batch.jobs import digest_of_input
    from .form.filling import fill_book, unplaced

    if arguments.form:
        records = [replace(record, form=arguments.form) for record in records]
    bound, failed = _fillable(records)
    for record, error in failed:
        tell(f"没有放进“{record.project}”：{error}")
    if not bound:
        raise XladdinError("没有一个项目填得成", Place(file=arguments.ledger.name), "请先改正上面列出的错处")
    path = arguments.out / f"{ONE_BOOK}.xlsx"
    digest = hashlib.sha256("".join(digest_of_input(record, record.form) for record in bound).encode()).hexdigest()
    state = state_of(path, digest, Journal(arguments.out))
    replaced = f"--force 将替换它，原文件留在 {arguments.out / REPLACED}"
    told = replaced if arguments.force and state in REFUSED else TOLD[state]
    print(f"计划：{len(bound)} 张表放进 {path}；{told}", file=sys.stderr if arguments.json else sys.stdout)
    kept = None
    if not arguments.dry_run:
        for record in bound:
            for name in unplaced(record):
                tell(f"{record.project}：表式上没有放 {name} 的地方，这项内容没有写入")
        with Shelf(arguments.out, "one-book") as shelf:
            shelf.journal.begin("one-book", ledger=str(arguments.ledger.resolve()), sha256=digest_of(arguments.ledger))
            state, kept = shelf.put(path, digest, fill_book(bound), arguments.force)
    blocked = state == UNREAD or (state in (CONFLICT, FOREIGN) and not arguments.force)
    if arguments.json:
        print_json([{"file": str(path), "records": len(bound), "state": state, "kept": str(kept) if kept else None}])
    elif not (arguments.dry_run or blocked or (state in LEFT and kept is None)):
        print(f"{len(bound)} 张表写在一个工作簿里：{path}" + (f"；原文件在 {kept.parent}" if kept else ""))
    if blocked:
        tell(refusal(path, state))
        return PARTLY if arguments.dry_run else WRONG
    return code_of(bound, failed)


def _fillable(records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, XladdinError]]]:
    """Those that can be filled, and the others with why: one bad project does not stop the book."""
    from .form.filling import fill as fill_one

    bound, failed, traces = [], [], []
    for record in records:
        try:
            fill_one(record)
            bound.append(record)
        except XladdinError as error:
            failed.append((record, error))
        except Exception as error:  # noqa: BLE001  a bug met by one project must not cost the book
            traces.append(traceback.format_exc())
            failed.append(
                (record, XladdinError(f"填写时程序出错（{type(error).__name__}）", advice="其余项目不受影响"))
            )
    tell_crashes(traces)
    return bound, failed


# ---- declarations rolled forward


def evaluate(arguments: argparse.Namespace) -> int:
    """Declarations into the self-evaluations that follow them."""
    _need_folder(arguments.out)
    if arguments.form and _form_kind(arguments.form) != "evaluation":
        raise UnknownForm(f"{arguments.form}不是自评表", advice="请用 --form 指定一张自评表")
    rolled, code = _rolled(arguments)
    records, origins = zip(*rolled, strict=True)
    plan = batch.plan(records, arguments.out, command="evaluate", origins=origins)
    if code != OK or not all(map(os.path.isdir, arguments.declarations)):
        plan = replace(plan, left=())  # only who saw every declaration knows which are gone
    return max(code, _carry_out(plan, arguments))


def _rolled(arguments: argparse.Namespace) -> tuple[list[tuple[Evaluation, Path]], int]:
    """An evaluation for each declaration; PARTLY where a file, a copy or a cell stands in the way, which is told."""
    from .api import self_evaluation
    from .reviewing import nothing, read_entries, single

    entries, found = read_entries(arguments.declarations, arguments.workers)
    with_any = {entry.path for entry in entries if isinstance(entry.record, Declaration)}
    declared, _ = single([entry for entry in entries if isinstance(entry.record, Declaration)], found)
    tell_crashes(finding.trace for finding in found)
    if not with_any:
        raise nothing(found, "没有读到一张申报表")
    for finding in found:
        tell(line_of(finding))
    in_the_way = any(finding.level != INFO for finding in found)
    for path in dict.fromkeys(entry.path for entry in entries if entry.path not in with_any):
        tell(f"{path.name}：里面没有申报表，已跳过")
        in_the_way |= path in arguments.declarations
    rolled = []
    for entry in declared:
        doubts = entry.record.source.doubts
        for doubt in doubts:
            tell(doubt)
        in_the_way |= bool(doubts)
        try:
            rolled.append((self_evaluation(entry.record, arguments.form), entry.path))
        except XladdinError as error:
            tell(f"没有生成“{entry.record.project}”的自评表（{entry.path.name}）：{error}")
            in_the_way = True
    if not rolled:
        raise NotAForm("没有一张申报表能生成自评表", advice="请先改正上面列出的错处")
    return rolled, PARTLY if in_the_way else OK


RUN = {"fill": fill, "evaluate": evaluate}
