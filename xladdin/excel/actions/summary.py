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
from .filling import WRITTEN, free_name, open_file
from .folders import agreed_folders, home_of, need_workbooks, said_unsaved

NAME = "汇总"
Done = TypeVar("Done")


def summarise_folder(book: xw.Book) -> str:
    """The forms of this ledger, declared and evaluated, else beside the workbook, or in a folder chosen, summed up and
    opened.

    Files are read from disk. Raises NotAForm where there is nothing to sum up, SaveError.
    """
    from ...summary import review_all, summarise, write_summary

    folders = agreed_folders(book, "汇总 {} 里的工作簿（连同下级文件夹）吗？", "不汇总了")
    if not folders:
        return "没有汇总。"
    for each in folders:
        need_workbooks(each, "没有汇总")
    with watched(host.Progress(book.app).through):
        review = review_all(folders, chosen_rules())
    made = summarise(review, chosen_rules())
    path, unwritten = write_free(book.app, home_of(book, folders), NAME, lambda path: write_summary(made, review, path))
    open_file(book.app, path, WRITTEN)
    lines = [f"已汇总并打开，存在 {path}。", made.verdict]
    lines += [f"{unwritten}。下次汇总分不清这个文件有没有人改过。"] if unwritten else []
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in review.loose)
    return "\n".join(lines + said_unsaved(book.app, folders))


def write_free(app: xw.App, folder: Path, name: str, write: Callable[[Path], Done], suffix: str = ".xlsx") -> Done:
    """A file of that name, or of another beside it where that is open or somebody worked on it. Raises SaveError."""
    path = folder / f"{name}{suffix}"
    if all(book.name.casefold() != path.name for book in app.books):
        with contextlib.suppress(SaveError):
            return write(path)
    return write(free_name(app.books, folder, name, suffix))
