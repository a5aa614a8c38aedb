"""汇总: every form of a folder in one new workbook."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import xlwings as xw

from ...errors import SaveError
from ...progress import watched
from .. import host
from ..settings import chosen_rules
from .filling import WRITTEN, folder_of, free_name, open_file
from .folders import agreed_folder, need_workbooks, results_of, said_unsaved

NAME = "汇总"
Done = TypeVar("Done")


def summarise_folder(book: xw.Book) -> str:
    """The forms in the folder of results, else beside the workbook, or in a folder chosen, summed up and opened.

    Files are read from disk. Raises NotAForm where there is nothing to sum up, SaveError.
    """
    from ...summary import review_all, summarise, write_summary

    results = results_of(book)
    offered = results if results.is_dir() else folder_of(book)
    question = f"汇总 {offered} 里的工作簿（连同下级文件夹）吗？"
    folder = agreed_folder(book, offered, question, "不汇总了")
    if folder is None:
        return "没有汇总。"
    need_workbooks(folder, "没有汇总")
    with watched(host.Progress(book.app).through):
        review = review_all([folder], chosen_rules())
    made = summarise(review, chosen_rules())
    path, unwritten = write_free(book.app, folder, NAME, lambda path: write_summary(made, review, path))
    open_file(book.app, path, WRITTEN)
    lines = [f"已汇总并打开，存在 {path}。", made.verdict]
    lines += [f"{unwritten}。下次汇总分不清这个文件有没有人改过。"] if unwritten else []
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in review.loose)
    return "\n".join(lines + said_unsaved(book.app, [folder]))


def write_free(app: xw.App, folder: Path, name: str, write: Callable[[Path], Done], suffix: str = ".xlsx") -> Done:
    """A file of that name, or of another beside it where that is open or somebody worked on it. Raises SaveError."""
    path = folder / f"{name}{suffix}"
    if all(book.name.casefold() != path.name for book in app.books):
        with contextlib.suppress(SaveError):
            return write(path)
    return write(free_name(app.books, folder, name, suffix))
