"""The last sheet, 技术信息: hashes of files, codes of rules, what one row stands for; nothing a clerk has to read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..domain.kinds import kind_of
from ..rules.handbook import subjects
from ..sheets.looks import BODY, HEAD, QUIET, VERDICT
from ..sheets.page import Book, Page
from .rows import Report

NAME = "技术信息"
FILES = ("项目", "表", "文件", "SHA-256")
MEMBERS = ("项目", "位置", "问题", "标识", "所在行")
RULES = ("检查项", "核对对象", "规则")
_WIDTHS = (34, 20, 60, 68, 28)
_SAID = "程序的记号，供下一次核对和维护者使用，不用看；请不要删去。"


def write_technical(book: Book, report: Report) -> None:
    """Add the sheet."""
    page = book.page(NAME, _WIDTHS)
    page.heading(NAME, f"{_SAID}{report.stamp}", len(_WIDTHS) - 1)
    _block(page, "来源文件", FILES, files_of(report, book.folder))
    members = (
        (row.project, row.actual_at or row.expected_at, row.message, row.key, key)
        for key, rows in report.once.items()
        for row in rows
    )
    if report.once:
        _block(page, "合并成一行的问题", MEMBERS, members)
    _block(page, "规则的编号", RULES, rules_of(report))
    page.close(0)


def files_of(report: Report, folder: Path) -> list[tuple[str, str, str, str]]:
    """Project, kind, path and SHA-256 of every form; the path starts from `folder` where it can."""
    return [
        (name, kind_of(entry.record).label, _from(entry.path, folder), report.files[entry.path])
        for case, name in report.ranked
        for entry in case.entries
        if entry.path
    ]


def rules_of(report: Report) -> list[tuple[str, str, str]]:
    """What each rule checks, in what, and its code."""
    return [(rule.title, subjects()[subject], rule.code) for subject, rule in report.rules]


def _from(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(os.path.abspath(path)).as_posix()


def _block(page: Page, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    page.next()
    page.text(0, title, len(_WIDTHS) - 1, **VERDICT)
    page.next()
    for column, heading in enumerate(headings):
        page.text(column, heading, **HEAD)
    for row in rows:
        page.next()
        for column, text in enumerate(row):
            page.text(column, text, **BODY | QUIET)
    page.next()
