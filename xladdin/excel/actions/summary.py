"""汇总: every form of a folder in one new workbook."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from ...errors import NotAForm, Place, SaveError
from ...progress import watched
from .. import host
from ..snapshots import on_disk
from .batch import results_of
from .filling import WRITTEN, folder_of, free_name, open_file

if TYPE_CHECKING:
    from ...summary import Written

NAME = "汇总"


def summarise_folder(book: xw.Book) -> str:
    """The forms in the folder of results, else beside the workbook, or in a folder chosen, summed up and opened.

    Files are read from disk. Raises NotAForm where there is nothing to sum up, SaveError.
    """
    from ...files import workbooks
    from ...summary import review_all, summarise, write_summary

    folder = _folder(book)
    if folder is None:
        return "没有汇总。"
    if not any(workbooks([folder])):
        raise NotAForm("文件夹里没有 .xlsx 或 .xlsm 文件，没有汇总", Place(file=str(folder)), "请换一个文件夹再点一次")
    with watched(host.Progress(book.app).through):
        review = review_all([folder])
    made = summarise(review)
    path, unwritten = _write(folder, book.app, lambda path: write_summary(made, review, path))
    open_file(book.app, path, WRITTEN)
    lines = [f"已汇总并打开，存在 {path}。", made.verdict]
    lines += [f"{unwritten}。下次汇总分不清这个文件有没有人改过。"] if unwritten else []
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in review.loose)
    if unsaved := _unsaved(book.app, folder):
        lines.append(f"还没有保存的改动没有算进去：{'、'.join(unsaved)}。请保存后再点一次。")
    return "\n".join(lines)


def _write(folder: Path, app: xw.App, write: Callable[[Path], Written]) -> Written:
    """汇总.xlsx, or another name beside it where that is open or somebody worked on it."""
    path = folder / f"{NAME}.xlsx"
    if all(book.name.casefold() != path.name for book in app.books):
        with contextlib.suppress(SaveError):
            return write(path)
    return write(free_name(app.books, folder, NAME, path.suffix))


def _folder(book: xw.Book) -> Path | None:
    """The folder the clerk agrees to or picks; None when he cancels."""
    results = results_of(book)
    folder = results if results.is_dir() else folder_of(book)
    text = f"汇总 {folder} 里的工作簿（连同下级文件夹）吗？\n是：就汇总它；否：另选一个文件夹；取消：不汇总了。"
    answer = book.app.alert(host.fitted(text), host.TITLE, buttons="yes_no_cancel", mode="info")
    if answer == "yes":
        return folder
    return host.pick_folder(book.app, folder) if answer == "no" else None


def _unsaved(app: xw.App, folder: Path) -> list[str]:
    """Open workbooks from the folder with changes that are not on disk yet."""
    opened = ((book, on_disk(book)) for book in app.books)
    return [book.name for book, path in opened if path and folder in path.parents and not book.api.Saved]
