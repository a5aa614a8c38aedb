"""收表进度: who has handed in what, as a workbook, a page and a line of the status bar."""

from __future__ import annotations

from functools import partial

import xlwings as xw

from ...progress import watched
from .. import host
from ..live import grids_of
from ..settings import chosen_rules
from .filling import WRITTEN, open_file
from .folders import home_of, said_unsaved, two_folders
from .summary import write_free

NAME = "收表进度"


def show_status(book: xw.Book) -> str:
    """Where every project of two folders stands, and of the ledger where one is in front; written and opened.

    Files are read from disk, the ledger as it stands. Raises NotAForm, LedgerError, SaveError.
    """
    from ...ledger import is_ledger
    from ...ledger.listed import listed_in
    from ...status import status_of, write_status

    folders = two_folders(book, NAME, "不看了")
    if folders is None:
        return "没有看收表进度。"
    progress = host.Progress(book.app)
    progress(f"{NAME}：正在读取……")
    grids = grids_of(book)
    listed = listed_in(grids, book.name) if is_ledger(grids) else None
    with watched(progress.through):
        status = status_of(list(dict.fromkeys(folders)), listed, profile=chosen_rules())
    home = home_of(book, folders)
    page = write_free(book.app, home, NAME, partial(write_status, status), ".html")
    path = write_free(book.app, home, NAME, partial(write_status, status))
    open_file(book.app, path, WRITTEN)
    lines = [status.verdict, f"{status.known_by}。", f"逐个项目列在 {path}，已打开；可打印、可转发的网页在 {page}。"]
    if listed is not None:
        lines.insert(1, f"台账里有 {len(listed)} 个项目。")
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in status.loose)
    return host.Told("\n".join(lines + said_unsaved(book.app, folders)), f"{NAME}：{status.verdict}")
