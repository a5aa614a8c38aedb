"""Folders the clerk agrees to or picks, and what in them is open with changes that are not on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlwings as xw

from ...errors import NotAForm, Place
from ...files import workbooks
from .. import host
from ..snapshots import on_disk
from .filling import folder_of

RESULTS = "结果"  # the folder beside a ledger: 台账 结果
EVALUATIONS = "自评"  # beside a ledger or a folder of declarations: 台账 自评
_SIDES = ("申报", EVALUATIONS)


def results_of(book: xw.Book) -> Path:
    """The folder beside a ledger that its declarations go to."""
    return folder_of(book) / f"{Path(book.name).stem} {RESULTS}"


def evaluations_of(book: xw.Book) -> Path:
    """The folder beside a ledger that its evaluations go to."""
    return folder_of(book) / f"{Path(book.name).stem} {EVALUATIONS}"


def agreed_folder(book: xw.Book, folder: Path, question: str, otherwise: str) -> Path | None:
    """The folder the clerk agrees to or picks instead; None when they cancel.

    question: what is asked, without the choices; otherwise: what 取消 does, as the choices say it.
    """
    text = f"{question}\n是：就用它；否：另选一个文件夹；取消：{otherwise}。"
    answer = book.app.alert(host.fitted(text), host.TITLE, buttons="yes_no_cancel", mode="info")
    if answer == "yes":
        return folder
    return host.pick_folder(book.app, folder) if answer == "no" else None


def agreed_folders(book: xw.Book, question: str, otherwise: str) -> list[Path]:
    """The folders made of this ledger, else the workbook's own, if the clerk agrees, or the one they pick instead; none
    when they cancel.

    question: with {} for the folders.
    """
    made_here = [folder for folder in (results_of(book), evaluations_of(book)) if folder.is_dir()]
    offered = made_here or [folder_of(book)]
    agreed = agreed_folder(book, offered[0], question.format("，\n和 ".join(map(str, offered))), otherwise)
    if agreed is None:
        return []
    return offered if agreed is offered[0] else [agreed]


def home_of(book: xw.Book, folders: Sequence[Path]) -> Path:
    """Where what is made of folders goes: beside the ledger they were made of, else beside two, or into the one."""
    if {results_of(book), evaluations_of(book)}.intersection(folders):
        return folder_of(book)
    return folders[-1] if len(set(folders)) == 1 else folders[-1].parent


def need_workbooks(folder: Path, otherwise: str) -> None:
    """Raise NotAForm where nothing in a folder can be read."""
    if not any(workbooks([folder])):
        what = f"文件夹里没有工作簿或文档，{otherwise}"
        raise NotAForm(what, Place(file=str(folder)), "请换一个文件夹再点一次")


def two_folders(book: xw.Book, doing: str, otherwise: str) -> tuple[Path, Path] | None:
    """The folder of declarations and that of evaluations, agreed to or picked; None when the clerk cancels.

    Offered, in one question where both are there: those beside a ledger, else 申报 and 自评 beside the workbook or
    beside its folder, else its own folder.
    """
    declared = _guess(book, 0)
    evaluated = _guess(book, 1, declared)
    if declared != evaluated:
        text = f"{doing}：申报表在 {declared}，\n自评表在 {evaluated}，对吗？\n"
        text += f"是：就用它们；否：另选文件夹；取消：{otherwise}。"
        answer = book.app.alert(host.fitted(text), host.TITLE, buttons="yes_no_cancel", mode="info")
        if answer != "no":
            return (declared, evaluated) if answer == "yes" else None
    first = agreed_folder(book, declared, f"{doing}：申报表在 {declared} 里吗？", otherwise)
    if first is None:
        return None
    guess = _guess(book, 1, first)
    second = agreed_folder(book, guess, f"{doing}：自评表在 {guess} 里吗？（可以和申报表是同一个文件夹）", otherwise)
    return None if second is None else (first, second)


def _guess(book: xw.Book, side: int, declared: Path | None = None) -> Path:
    own = folder_of(book)
    beside_ledger = (results_of(book), evaluations_of(book))[side]
    names = (f"{declared.name} {EVALUATIONS}", EVALUATIONS) if declared else ()
    beside = [declared.parent / name for name in names if declared]
    offered = [beside_ledger, *beside, own / _SIDES[side], own.parent / _SIDES[side]]
    return next((folder for folder in offered if folder.is_dir()), declared or own)


def unsaved(app: xw.App, folders: Iterable[Path]) -> list[str]:
    """Open workbooks from the folders with changes that are not on disk yet."""
    opened = ((book, on_disk(book)) for book in app.books)
    inside = set(folders)
    return [book.name for book, path in opened if path and inside.intersection(path.parents) and not book.api.Saved]


def said_unsaved(app: xw.App, folders: Iterable[Path]) -> list[str]:
    """What is told of those."""
    names = unsaved(app, folders)
    return [f"还没有保存的改动没有算进去：{'、'.join(names)}。请保存后再点一次。"] if names else []
