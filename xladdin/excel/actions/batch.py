"""批量生成, 批量自评, 继续上次, 结果文件夹: many projects into workbooks, and on from where it stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from ...domain.kinds import DECLARATION
from ...errors import LedgerError, Place, XladdinError
from ...files import user_folder
from ...log import crashes_logged
from ...progress import watched
from .. import host
from ..live import grids_of
from ..snapshots import on_disk, opened_from
from .filling import folder_of, free_name
from .folders import EVALUATIONS, agreed_folder, evaluations_of, need_workbooks, results_of, said_unsaved

if TYPE_CHECKING:
    from ...batch import Outcome
    from ...ledger import Ledger
    from ...review.cases import Entry
    from ...workbook.grid import Grid

LISTED = "台账要改的地方"


def fill_from_ledger(book: xw.Book, folder: Path | None = None) -> str:
    """Every project of the open ledger into a workbook of its own, as the ledger stands now.

    folder: where they go; beside the ledger by default. Raises LedgerError.
    """
    from ...ledger import PROJECTS, read_grids_as_ledger

    progress = host.Progress(book.app)
    progress("批量生成：正在读台账……")
    grids = grids_of(book)
    if not any(grid.sheet.strip() == PROJECTS for grid in grids):
        what = f"当前工作簿不是台账：没有“{PROJECTS}”工作表"
        raise LedgerError(what, Place(file=book.name), "请切换到台账再点；还没有的请点“打开台账”新建")
    ledger = read_grids_as_ledger(grids, book.name)
    if not ledger.records and not ledger.mistakes:
        return f"台账里还没有项目，没有生成。请在“{PROJECTS}”表里每个项目填一行，再点“批量生成”。"
    source = on_disk(book)
    return _fill(ledger, folder or results_of(book), str(source) if source else None, progress)


def evaluate_many(book: xw.Book) -> str:
    """The evaluations that follow the declarations of the open ledger, as it stands, or of a folder, as on disk.

    They go beside it: 台账 自评, 申报 自评. Raises LedgerError, NotAForm.
    """
    from ...ledger import is_ledger

    progress = host.Progress(book.app)
    progress("批量自评：正在读取……")
    grids = grids_of(book)
    if is_ledger(grids):
        declared, lines = _declared_in_ledger(grids, book.name)
        folder = evaluations_of(book)
    else:
        offered = results_of(book) if results_of(book).is_dir() else folder_of(book)
        question = f"由 {offered} 里的申报表（连同下级文件夹）各生成一份待填的自评表吗？"
        chosen = agreed_folder(book, offered, question, "不生成了")
        if chosen is None:
            return "没有生成。"
        declared, lines = _declared_in_folder(chosen, progress)
        folder = chosen.parent / f"{chosen.name} {EVALUATIONS}"
        lines += said_unsaved(book.app, [chosen])
    return "\n".join([*_rolled(declared, folder, progress), *lines])


def _declared_in_ledger(grids: list[Grid], name: str) -> tuple[list[Entry], list[str]]:
    """Its projects that have a declaration, and what is wrong with others."""
    from ...ledger import read_grids_as_ledger, told_by_project
    from ...review.cases import Entry
    from ...review.pairing import of_kind

    ledger = read_grids_as_ledger(grids, name)
    declared = of_kind(map(Entry, ledger.records), DECLARATION)
    wrong = list(told_by_project(ledger.mistakes))
    lines = [f"台账有 {len(ledger.mistakes)} 处要改，有错的项目没有生成：", *host.some(wrong)] if wrong else []
    if not declared and wrong:
        what = f"台账有 {len(ledger.mistakes)} 处要改，没有生成自评表"
        raise LedgerError(what, Place(file=name), "\n".join(["请改正后再点：", *lines[1:]]))
    if not declared:
        what = "台账里没有申报表一类的项目，没有生成自评表"
        raise LedgerError(what, Place(file=name), "请在“项目”表里每个项目填一行，表式选申报表或空着")
    return declared, lines


def _declared_in_folder(folder: Path, progress: host.Progress) -> tuple[list[Entry], list[str]]:
    """The declarations of a folder, equal copies once, and what of it could not be used."""
    from ...review.cases import line_of
    from ...review.pairing import of_kind, single
    from ...review.reading import nothing, read_entries
    from ...rules.finding import INFO

    need_workbooks(folder, "没有生成")
    with watched(progress.through):
        entries, found = read_entries([folder])
    declared, _ = single(of_kind(entries, DECLARATION), found)
    if not declared:
        raise nothing(found, "没有读到申报表，没有生成自评表", folder)
    return declared, host.some(line_of(finding) for finding in found if finding.level != INFO)


def _rolled(declared: Sequence[Entry], folder: Path, progress: host.Progress) -> list[str]:
    from ... import batch
    from ...review.rolling import roll_forward

    rolled = roll_forward(declared)
    records, origins = [record for record, _ in rolled.evaluations], [origin for _, origin in rolled.evaluations]
    plan = batch.plan(records, folder, command="evaluate", origins=origins)
    with watched(progress.through):
        outcomes = batch.run(plan)
    lines = _told(outcomes, folder)
    if len(outcomes) < len(plan.jobs):
        lines.insert(0, f"停下了，还有 {len(plan.jobs) - len(outcomes)} 个没有做；再点一次“批量自评”接着做。")
    lines += host.some(rolled.told)
    return [*lines, "请发给各项目填：全年预算数、全年执行数、实际完成值；收上来后点“收表进度”“批量核对”。"]


def resume(book: xw.Book) -> str:
    """The last batch again: what is new, changed or was not done; its ledger as it stands open, else from disk.

    Raises LedgerError, RefusedFile.
    """
    from ...batch.journal import Journal, last_folder
    from ...ledger import load

    folder = last_folder()
    began = Journal(folder).began.get("fill", {}) if folder else {}
    source = began.get("source")
    if folder is None or not isinstance(source, str):
        return "没有可以接着做的：还没有批量生成过，或者上次不是从存好的台账生成的。请打开台账，点“批量生成”。"
    if began.get("options") or began.get("templates", "") != str(user_folder() or ""):
        return f"上次用命令行另选了项目、表式或模板，请在命令行里再运行一次；全部生成请打开 {source}，点“批量生成”。"
    ledger = Path(source)
    opened = opened_from(book.app, ledger)
    if opened is not None:
        return fill_from_ledger(opened, folder)
    if not ledger.is_file():
        raise LedgerError("上次的台账找不到了", Place(file=source), "请打开移走或改名后的台账，点“批量生成”")
    progress = host.Progress(book.app)
    progress("继续上次：正在读台账……")
    return _fill(load(ledger), folder, source, progress)


def open_results(book: xw.Book, opener: Callable[[Path], None] = host.open_folder) -> str | None:
    """The folder of results of this ledger, else of the last batch; a message only where there is none."""
    from ...batch.journal import last_folder

    folder = next((each for each in (results_of(book), last_folder()) if each and each.is_dir()), None)
    if folder is None:
        return "还没有结果文件夹。请打开台账，点“批量生成”。"
    try:
        opener(folder)
    except OSError as error:
        raise XladdinError("文件夹没有打开", Place(file=str(folder)), "请自行打开它") from error
    return None


def _fill(ledger: Ledger, folder: Path, source: str | None, progress: host.Progress) -> str:
    from ... import batch
    from ...ledger import told_by_project, told_together

    called: dict[str, Any] = {"source": source, "templates": str(user_folder() or "")} if source else {}
    plan = batch.plan(ledger.records, folder, **called)
    with watched(progress.through):
        outcomes = batch.run(plan)
    lines = _told(outcomes, folder)
    if len(outcomes) < len(plan.jobs):
        lines.insert(0, f"停下了，还有 {len(plan.jobs) - len(outcomes)} 个没有做；点“继续上次”接着做。")
    if plan.left and not ledger.mistakes:
        said = "、".join(plan.left[: host.SHOWN])
        lines.append(f"以前生成、台账里已没有的 {len(plan.left)} 个文件还在，请核对要不要留：{said}")
    if outcomes.unwritten:
        lines.append(f"{outcomes.unwritten}没有它，下次分不清哪些表有人改过。")
    wrong, noted = told_by_project(ledger.mistakes), told_together(ledger.notes)
    if wrong:
        lines.append(f"台账有 {len(ledger.mistakes)} 处要改，有错的项目没有生成。请逐处改正后再点一次：")
        lines += host.some(wrong)
    if ledger.left_out:
        lines.append(f"没有生成的项目 {len(ledger.left_out)} 个：{'、'.join(ledger.left_out[: host.SHOWN])}")
    if noted:
        lines += [f"另有 {len(noted)} 处请留意：", *host.some(noted)]
    if max(len(wrong), len(noted)) > host.SHOWN or len("\n".join(lines)) > host.LONGEST:
        lines.insert(1, f"每一处都列在 {_listed(folder, ledger)}。")
    return "\n".join(lines)


def _listed(folder: Path, ledger: Ledger) -> Path:
    """All mistakes and notes in a text file."""
    from ...workbook.saving import save

    text = "\r\n".join(map(str, (*ledger.mistakes, *ledger.notes)))
    return save(free_name((), folder, LISTED, ".txt"), text.encode("utf-8-sig"))


def _told(outcomes: Sequence[Outcome], folder: Path) -> list[str]:
    """What was written, what was left as it was and why, what failed."""
    from ...batch.jobs import LEFT, OUTDATED, TOLD

    written = [outcome for outcome in outcomes if outcome.path]
    refused = [outcome for outcome in outcomes if outcome.refused]
    failed = [outcome for outcome in outcomes if outcome.error and outcome not in refused]
    lines = [f"生成 {len(written)} 个工作簿，在 {folder}。" if written else "没有生成新的工作簿。"]
    for state in LEFT:
        there = [outcome for outcome in outcomes if outcome.state == state and outcome.untouched]
        if there:
            lines.append(f"{len(there)} 个{TOLD[state]}。")
        if there and state == OUTDATED:
            lines.append("请核对它们的金额单位和得分；要重新生成的请先移走或改名，再点一次：")
            lines += host.some(outcome.job.path.name for outcome in there)
    if refused:
        lines.append(f"{len(refused)} 个没有覆盖，要重新生成的请先移走或改名那个文件，再点一次：")
        whys = ((outcome.job.record.project, outcome.error) for outcome in refused)
        lines += host.some(f"{project}：{error.what}" for project, error in whys if error)
    if failed:
        lines.append(f"{len(failed)} 个项目没有生成：")
        lines += host.some(f"{outcome.job.record.project}：{outcome.error}" for outcome in failed)
    notes = Counter(note for outcome in written for note in outcome.job.notes)
    lines += [f"{note}（{count} 个）。" for note, count in notes.items()]
    unplaced = [outcome for outcome in written if outcome.unplaced]
    if unplaced:
        lines.append(f"{len(unplaced)} 个工作簿的表上没有放某些内容的地方，没有写入：")
        lines += host.some(f"{outcome.job.path.name}：{'、'.join(outcome.unplaced)}" for outcome in unplaced)
    if logged := crashes_logged(outcome.trace for outcome in failed):
        lines.append(f"{logged}。")
    return lines
