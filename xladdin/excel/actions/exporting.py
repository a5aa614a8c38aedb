"""导出…: every form of a folder as PDF, each or all in one, and the findings of the open workbooks as a page."""

from __future__ import annotations

import traceback
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import xlwings as xw

from ...errors import Place, XladdinError
from ...files import WORKBOOKS, workbooks
from ...log import write_log
from ...progress import Stopped, watched
from ...report.rows import SHEET
from .. import host
from ..snapshots import opened_from
from .checking import reviewed
from .comparing import write_page
from .filling import folder_of, free_name, open_file
from .folders import agreed_folders, need_workbooks, said_unsaved
from .summary import write_free

PDF = "PDF"  # the folder beside the one that is exported: inside, its files would count as forms handed in twice
BOUND = "全部"


def export_pdf(book: xw.Book) -> str:
    """Every form made of this ledger, else in a folder, as a PDF of its own, by Excel: as they lie on disk, those that
    are open as they stand.

    Raises XladdinError where Excel cannot write PDF, or there is no form.
    """
    from ...review.reading import read_all

    question = "把 {} 里的申报表、自评表（连同下级文件夹）各存成一份 PDF 吗？"
    folders = agreed_folders(book, question, "不导出了")
    if not folders:
        return "没有导出。"
    progress = host.Progress(book.app)
    progress("导出 PDF：正在找表……")
    paths = [path for path, _ in workbooks(folders) if path.suffix.lower() in WORKBOOKS]
    forms = [path for path, _, given in read_all(paths) if given.records]
    if not forms:
        raise XladdinError(
            "文件夹里没有申报表或自评表，没有导出", Place(file=str(folders[0])), "请换一个文件夹再点一次"
        )
    beside = _beside(book, folders)
    home = free_name((), beside.parent, f"{beside.name} {PDF}", "")
    home.mkdir()
    done: list[Path] = []
    failed: list[str] = []
    try:
        for path in progress.through(forms, len(forms), "导出 PDF"):
            try:
                done.append(_as_pdf(book.app, path, home))
            except Exception:  # noqa: BLE001  one form that does not print must not cost the others
                write_log(traceback.format_exc())
                failed.append(path.name)
    except Stopped as stopped:
        failed.append(f"{stopped.what}，其余的没有做")
    if not done:
        with suppress(OSError):
            home.rmdir()
        raise XladdinError("一份也没有导出来，这里的 Excel 可能存不了 PDF", advice="请打开一份，用“另存为”试试存成 PDF")
    lines = [f"已导出 {len(done)} 份 PDF，在 {home}。", "要合成一本（带封面和目录）的，请点“打印成册”。"]
    if failed:
        lines += [f"{len(failed)} 份没有导出：", *host.some(failed)]
    return "\n".join(lines + said_unsaved(book.app, folders))


def print_all(book: xw.Book) -> str:
    """Every form made of this ledger, else in a folder, as one PDF with cover and contents beside it, by an Excel of
    its own or by LibreOffice; the files as they lie on disk.

    Raises NotAForm where there is no form, XladdinError where nothing makes PDFs or not one could be made, SaveError.
    """
    from ...printing import print_forms
    from ..exporting import excel

    question = "把 {} 里的申报表、自评表（连同下级文件夹）合成一本 PDF 吗？"
    folders = agreed_folders(book, question, "不打印了")
    if not folders:
        return "没有打印。"
    for each in folders:
        need_workbooks(each, "没有打印")
    beside = _beside(book, folders)
    progress = host.Progress(book.app)
    progress("打印成册：正在把表转成 PDF，几十张要几分钟……")
    by = excel()
    with watched(progress.through):
        done = write_free(
            book.app, beside.parent, f"{beside.name} {BOUND}", lambda path: print_forms(folders, path, by), ".pdf"
        )
    count = sum(1 for item in done.items if item.first)
    lines = [f"已合成一本，{count} 张表，{done.pages} 页，带封面和目录，存在 {done.path}。请打开它打印。"]
    if done.lost:
        lines += [f"{len(done.lost)} 份没有打印：", *host.some(f"{name}：{why}" for name, why in done.lost)]
    lines += host.some(f"{finding.message}。{finding.advice}" for finding in done.loose)
    return "\n".join(lines + said_unsaved(book.app, folders))


def export_page(book: xw.Book, opener: Callable[[str], bool] = webbrowser.open) -> str:
    """What is found in this workbook, and in those checked together with it, as a page beside it; nothing is changed.

    Raises NotAForm, SaveError.
    """
    review = reviewed(book)
    page = write_page(book, review, folder_of(book) / f"{Path(book.name).stem} {SHEET}.html")
    try:
        opened = opener(page.as_uri())
    except (OSError, webbrowser.Error):
        opened = False
    how = "已在浏览器里打开，可以打印、转发" if opened else "浏览器没有打开，请自行打开它"
    return f"{review.verdict}\n网页存在 {page}，{how}。工作簿没有改动。"


def _beside(book: xw.Book, folders: list[Path]) -> Path:
    """What is exported goes beside this: the one folder, or the ledger that several were made of."""
    return folders[0] if len(folders) == 1 else folder_of(book) / Path(book.name).stem


def _as_pdf(app: xw.App, path: Path, home: Path) -> Path:
    """One workbook: the one that is open, else opened for the purpose and closed again."""
    pdf = free_name((), home, path.stem, ".pdf")  # two folders may have files of one name
    opened = opened_from(app, path)
    book = opened or open_file(app, path)
    try:
        book.to_pdf(str(pdf))
    finally:
        if opened is None:
            book.close()
    if not pdf.is_file():
        raise XladdinError("没有写成 PDF", Place(file=str(pdf)))
    return pdf
