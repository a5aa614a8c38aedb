"""Files and folders read: every record with the file it came from; no file stops the rest."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..domain.kinds import called
from ..domain.records import Record
from ..errors import NotAForm, OwnWork, PassedOver, Place, RefusedFile, UnreadableForm, XladdinError
from ..files import closed, is_document, unreadable, workbooks
from ..form.reading import reading
from ..progress import bar
from ..rules.finding import ANY, ERROR, INFO, WARNING, Finding
from ..spread import Lost, spread
from .cases import Entry, worst_first


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: its records and notes on sheets that gave none, or why there are none (and a bug's trace)."""

    records: tuple[Record, ...] = ()
    notes: tuple[XladdinError, ...] = ()
    error: XladdinError | None = None
    trace: str = ""


def read_all(paths: Iterable[Path], workers: int = 1) -> Iterator[tuple[Path, bool, Reading]]:
    """Every workbook and document in the files and folders, whether it was named itself, and what it gave."""
    files = list(workbooks(paths))
    read = bar(spread(_reading, [path for path, _ in files], workers), len(files), "读取")
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


def read_entries(paths: Iterable[Path], workers: int = 1) -> tuple[list[Entry], list[Finding]]:
    """Every record of the files, and a finding for each file that gave none."""
    entries: list[Entry] = []
    loose: list[Finding] = []
    paths = list(paths)
    for path in unreadable(paths):
        error = XladdinError(f"{path.suffix} 格式读不了", advice="请在 Excel 或 WPS 中另存为 .xlsx")
        loose.append(_unreadable(path, error, WARNING))
    for path in closed(paths):
        error = XladdinError("这个文件夹打不开，里面的表都没有读", advice="请检查权限和网络后再运行一次")
        loose.append(_unreadable(path, error, ERROR))
    for path, named, given in read_all(paths, workers):
        entries += [Entry(record, path) for record in given.records]
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
