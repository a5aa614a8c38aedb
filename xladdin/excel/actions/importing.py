"""导入…, 结转下一年: chosen files into the ledger; open workbooks stay as they are, what comes of it is a new file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from ...errors import NotAForm, Place
from ...progress import watched
from .. import host
from ..snapshots import content_of, opened_from
from .filling import LEDGER, WRITTEN, folder_of, free_name, open_file

if TYPE_CHECKING:
    from ...intake import Imported


def import_chosen(book: xw.Book) -> str:
    """Forms and tables chosen in a dialog into a ledger, which is then opened.

    A ledger that is open, in front or beside, is not touched, for Excel holds it: with what is new it becomes a file
    beside it. Else 台账.xlsx beside the workbook is written, its former state kept, or made. Raises XladdinError.
    """
    return _taken_in(book, "选要导入的表（可以多选）", "导入")


def carry_over(book: xw.Book) -> str:
    """As import_chosen, and the projects of the files carried over as the declarations of the next year."""
    return _taken_in(book, "选去年的申报表、自评表（可以多选）", "结转", next_year=True)


def _taken_in(book: xw.Book, title: str, doing: str, next_year: bool = False) -> str:
    from ...intake import import_files, import_into
    from ...workbook.saving import save

    folder = folder_of(book)
    files = host.pick_files(book.app, folder, title)
    if not files:
        return f"没有{doing}。"
    with watched(host.Progress(book.app).through):
        opened = _open_ledger(book, folder / LEDGER)
        if opened is None:
            path = folder / LEDGER
            done = import_files(files, path, next_year)
            written = done.written
        else:
            suffix = Path(opened.name).suffix or ".xlsx"
            path = free_name(book.app.books, folder, f"{Path(opened.name).stem}（{doing}后）", suffix)
            made, done = import_into(content_of(opened), path, files, next_year)
            written = made is not None
            if made is not None:
                save(path, made)
    if not done.gathered.sources:
        why = next(iter((*done.gathered.failed, *done.gathered.notes)), None)
        raise why or NotAForm("没有读到申报表、自评表或导出的表", Place(file=files[0].name), "请选填好的表，再点一次")
    if not written:
        return "\n".join(["这些表台账里都有了，没有改动。" + _open(done), *_carried(done)])
    open_file(book.app, path, WRITTEN)
    return "\n".join(_lines(done, path, opened))


def _open_ledger(book: xw.Book, beside: Path) -> xw.Book | None:
    """The ledger in front, or 台账.xlsx beside the workbook where that is open."""
    from ...ledger import PROJECTS

    if any(sheet.name.strip() == PROJECTS for sheet in book.sheets):
        return book
    return opened_from(book.app, beside)


def _lines(done: Imported, path: Path, opened: xw.Book | None) -> Iterable[str]:
    merged = done.merged
    yield f"已导入 {len(done.gathered.sources)} 个文件并打开台账，存在 {path}。"
    if opened is not None:
        yield f"打开着的 {opened.name} 没有改动，请核对后改用这一份。"
    counts = {
        "新加": merged.added,
        "补充或列出了不同": merged.gained,
        "已有": merged.same,
        "有错没有比对": merged.broken,
        "不知道是哪个同名项目、没有导入": merged.unclear,
    }
    yield "，".join(f"{said} {len(names)} 张" for said, names in counts.items() if names) + "。"
    yield from _carried(done)
    if done.kept:
        yield f"原来的台账留在 {done.kept}。"
    yield from host.some(f"没有读成：{error}" for error in done.gathered.failed)
    if said := _open(done):
        yield said


def _carried(done: Imported) -> Iterable[str]:
    """What was carried over into the next year, and what was not."""
    for said, names in done.rolled.told():
        yield f"{said}："
        yield from host.some(names)
    if lower := done.rolled.told_lower():
        yield lower[0]
        yield from host.some(lower[1:])


def _open(done: Imported) -> str:
    said = f"“待核”表里有 {done.open} 处要您定：选好或填好“采用”，再点“批量生成”。" if done.open else ""
    if done.stuck:
        rows = "、".join(map(str, done.stuck[:9])) + (" 等" if done.stuck[9:] else "")
        said += f"“待核”表第 {rows} 行采用的没有用上，请直接改台账，再删去这几行。"
    return said
