"""Files and folders read: every record with the file it came from; no file stops the rest."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.kinds import called
from ..domain.records import Record
from ..errors import NotAForm, OwnWork, PassedOver, Place, RefusedFile, UnreadableForm, XladdinError
from ..files import closed, is_document, unreadable, workbooks
from ..form.catalogue import known_labels
from ..form.reading import reading
from ..progress import bar
from ..rules.finding import ANY, ERROR, INFO, WARNING, Finding
from ..spread import Lost, spread
from .cases import Entry, worst_first

if TYPE_CHECKING:
    from concurrent.futures import Executor

Judge = Callable[[Record], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: its records and notes on sheets that gave none, or why there are none (and a bug's trace).

    found: what was found in each of the records, where they were judged on the spot.
    """

    records: tuple[Record, ...] = ()
    notes: tuple[XladdinError, ...] = ()
    error: XladdinError | None = None
    trace: str = ""
    found: tuple[tuple[Finding, ...], ...] = ()


def read_all(
    paths: Iterable[Path], workers: int = 1, executor: Executor | None = None, judge: Judge | None = None
) -> Iterator[tuple[Path, bool, Reading]]:
    """Every workbook and document in the files and folders, whether it was named itself, and what it gave.

    judge: what is asked of each record where it was read, so that none travels for that. executor: as for spread;
    where it runs the files have to lie under the same paths.
    """
    files = list(workbooks(paths))
    if workers > 1 and files:
        known_labels()  # of all templates: workers that are forked from here need not load them again, each for itself
    task = partial(_judged, judge) if judge else _reading
    read = bar(spread(task, [path for path, _ in files], workers, executor), len(files), "读取")
    for (path, named), given in zip(files, read, strict=True):
        if isinstance(given, Lost):
            error = XladdinError("读取的进程中途退出", Place(file=str(path)), "请检查这个文件，或减少 --workers")
            given = Reading(error=error)
        yield path, named, given


def _reading(path: Path) -> Reading:
    """In the worker."""
    try:
        found = reading(path)
        if found.records:
            return Reading(found.records, found.notes)
        return Reading(notes=found.notes[1:], error=_as_ledger(path, found.notes[0]))
    except Exception as error:  # noqa: BLE001  a bug met by one file must not cost the others
        what, advice = f"读取时程序出错（{type(error).__name__}）", "其余文件不受影响，请告诉维护者"
        told = XladdinError(what, Place(file=path.name), advice)
        return Reading(error=told, trace=traceback.format_exc())


def _judged(judge: Judge, path: Path) -> Reading:
    """The same, and what is found in each record."""
    given = _reading(path)
    return replace(given, found=tuple(tuple(judge(record)) for record in given.records))


def _as_ledger(path: Path, error: XladdinError) -> XladdinError:
    """Why a file gave no form; of a ledger that it is one, and what to do."""
    from ..ledger import is_ledger
    from ..workbook.reading import NotInOrder, read_sheets

    if isinstance(error, (NotAForm, UnreadableForm)) and not isinstance(error, OwnWork):
        with suppress(XladdinError, NotInOrder):
            if is_ledger(read_sheets(path)):
                advice = f"请先填成表：xladdin fill {path.name} --out 文件夹（或在 Excel 里点“批量生成”），再用填好的表"
                return NotAForm(f"这是台账，不是{called()}", Place(file=path.name), advice)
    return error


def read_entries(
    paths: Iterable[Path], workers: int = 1, executor: Executor | None = None
) -> tuple[list[Entry], list[Finding]]:
    """Every record of the files, and a finding for each file that gave none."""
    judged, loose = read_judged(paths, None, workers, executor)
    return [entry for entry, _ in judged], loose


def read_judged(
    paths: Iterable[Path], judge: Judge | None, workers: int = 1, executor: Executor | None = None
) -> tuple[list[tuple[Entry, tuple[Finding, ...]]], list[Finding]]:
    """The same, each record with what `judge` found in it, in the worker that read it."""
    entries: list[tuple[Entry, tuple[Finding, ...]]] = []
    loose: list[Finding] = []
    paths = list(paths)
    for path in unreadable(paths):
        error = XladdinError(f"{path.suffix} 格式读不了", advice="请在 Excel 或 WPS 中另存为 .xlsx")
        loose.append(_unreadable(path, error, WARNING))
    for path in closed(paths):
        error = XladdinError("这个文件夹打不开，里面的表都没有读", advice="请检查权限和网络后再运行一次")
        loose.append(_unreadable(path, error, ERROR))
    for path, named, given in read_all(paths, workers, executor, judge):
        found = given.found or ((),) * len(given.records)
        entries += [(Entry(record, path), told) for record, told in zip(given.records, found, strict=True)]
        loose += [_noted(path, note) for note in given.notes if type(note) is not NotAForm]
        if given.error and not passed_over(path, named, given.error):
            stray = isinstance(given.error, PassedOver) or (isinstance(given.error, NotAForm) and not named)
            refused = isinstance(given.error, RefusedFile) and not named and is_document(path)
            level = INFO if stray else WARNING if refused else ERROR
            loose.append(_unreadable(path, given.error, level, given.trace))
    return entries, loose


def passed_over(path: Path, named: bool, error: XladdinError) -> bool:
    """Whether a file of a folder gave nothing because it is nothing: a work of ours, a document that is no form."""
    return not named and (isinstance(error, OwnWork) or isinstance(error, NotAForm) and is_document(path))


def _noted(path: Path, note: XladdinError) -> Finding:
    """What is said of a sheet that gave no record beside others that did."""
    passed = isinstance(note, NotAForm)
    where = note.where or Place(file=path.name)
    return Finding(
        "P-02",
        "工作表没有读" if passed else "工作表没有读成",
        INFO if passed else ERROR,
        f"{where}：{note.what}",
        subject=path.name,
        places={ANY: (where,)},
        basis="看不懂的不猜",
        advice=note.advice,
    )


def _unreadable(path: Path, error: XladdinError, level: str, trace: str = "") -> Finding:
    where = error.where if error.where and error.where.cell else Place(file=path.name)
    return Finding(
        "P-02",
        "文件没有读成",
        level,
        f"{where}：{error.what}，已跳过",
        subject=path.name,
        places={ANY: (where,)},
        basis="看不懂的不猜",
        advice=error.advice,
        trace=trace,
    )


def nothing(
    loose: Sequence[Finding],
    what: str,
    path: Path | None = None,
    advice: str = "",
) -> NotAForm:
    """The error of a run that has nothing to work on, with the worst reason; the traces of bugs are its notes."""
    told = worst_first(loose)
    advice = advice or (told[0].advice if told else "") or "请检查文件；xladdin read 可看读到了什么"
    why = f"；{told[0].message}" if told else ""
    error = NotAForm(what + why, Place(file=str(path)) if path else None, advice)
    for trace in (finding.trace for finding in loose if finding.trace):
        error.add_note(trace)
    return error
