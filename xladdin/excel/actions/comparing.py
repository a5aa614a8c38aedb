"""批量核对: two folders against each other; the report as a workbook and as a page, no form is changed."""

from __future__ import annotations

from pathlib import Path

import xlwings as xw

from ...errors import Place, SaveError
from ...progress import watched
from ...report.rows import SHEET
from ...review.cases import Review
from .. import host
from ..settings import chosen_rules
from ..snapshots import opened_from
from .filling import WRITTEN, free_name, open_file
from .folders import home_of, need_workbooks, said_unsaved, two_folders


def reconcile_folders(book: xw.Book) -> str:
    """Every pair of two folders cross-checked, the report beside them opened; what was answered in it before is kept.

    Files are read from disk. Raises NotAForm, SaveError where the report is open.
    """
    from ...report import is_report, write_report
    from ...review.judging import review_pairs
    from ...review.pairing import pairs_in

    folders = two_folders(book, "批量核对", "不核对了")
    if folders is None:
        return "没有核对。"
    declared, evaluated = folders
    for folder in dict.fromkeys(folders):
        need_workbooks(folder, "没有核对")
    home = home_of(book, folders)
    path = home / f"{SHEET}.xlsx"
    if opened_from(book.app, path):
        what = "上次的核对结果正开着，没有核对"
        raise SaveError(what, Place(file=str(path)), "请保存并关闭它再点一次；填过的“处理结果”会保留")
    if path.exists() and not is_report(path):
        path = free_name(book.app.books, home, SHEET, path.suffix)
    with watched(host.Progress(book.app).through):
        pairing = pairs_in(declared, evaluated)
        review = review_pairs(pairing, chosen_rules())
    write_report(review, path)
    page = write_page(book, review, path.with_suffix(".html"))
    open_file(book.app, path, WRITTEN)
    lines = [review.verdict, f"核对结果在 {path}，已打开；可打印、可转发的网页在 {page}。原来的表没有动。"]
    if pairing.swapped:
        lines.insert(0, "两个文件夹给反了，已换过来核对。")
    lines += [f"用的规则：{'；'.join(rules.label for rules in review.profiles)}。"] if review.profiles else []
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in review.loose)
    return "\n".join(lines + said_unsaved(book.app, folders))


def write_page(book: xw.Book, review: Review, page: Path) -> Path:
    """The findings as a page of that name, or of another where something else lies there. Raises SaveError."""
    from ...report import is_report, write_report

    if page.exists() and not is_report(page):
        page = free_name(book.app.books, page.parent, page.stem, page.suffix)
    return write_report(review, page)
