"""新建申报表, 生成自评表, 打开台账, 批量生成: each makes new files; the open workbooks stay as they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import xlwings as xw

from ..errors import LedgerError, NotAForm, Place, SaveError, XladdinError
from . import host
from .live import _marks, grid_of, grids_of
from .snapshots import on_disk

if TYPE_CHECKING:
    from ..batch import Outcome
    from ..domain.records import Declaration
    from ..ledger import Ledger, Mistake
    from ..workbook.grid import Grid

LEDGER = "台账.xlsx"
LISTED = "台账要改的地方"
BLANK_ROWS = 12  # of the indicator table of a new form
SHOWN = 6  # mistakes, doubts and failures told in a message; the others are counted
_PERSONAL = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
Item = TypeVar("Item")


def new_declaration(book: xw.Book, form_name: str) -> str:
    """A blank form of that name, saved under a free name and opened. Raises UnknownForm, SaveError."""
    from ..domain.records import Declaration, Indicator
    from ..form.catalogue import find_form
    from ..form.filling import fill

    form = find_form(form_name)
    rows = tuple(Indicator(None, None, "", None) for _ in range(BLANK_ROWS))
    data = fill(Declaration(project="", form=form.name, indicators=rows))
    path = save_new(book, form.name, form.suffix, data)
    open_file(book.app, path)
    return (
        f"已新建空白的{form.name}并打开，存在 {path}。\n"
        f"指标留了 {BLANK_ROWS} 行，不够请在中间插入行。填好后保存，年底可点“生成自评表”。"
    )


def new_from_own_template(book: xw.Book) -> str:
    """As new_declaration, of a form in the user's own template folder."""
    from ..form.catalogue import FOLDER_VARIABLE, forms, user_folder

    folder = user_folder()
    if folder is None:
        return (
            "还没有设自备的模板文件夹，没有新建。\n"
            f"请把模板（.xlsx）放进一个文件夹，在 Windows 的“编辑帐户的环境变量”里新建 {FOLDER_VARIABLE}，"
            "值填这个文件夹，关闭 Excel 再打开后点一次。"
        )
    own = [form for form in forms() if form.kind == "declaration" and form.path.parent == folder]
    if not own:
        return f"自备的模板文件夹 {folder} 里没有申报表的模板，没有新建。请放入模板后再点一次。"
    form = pick(book.app, own, lambda form: f"新建自备的“{form.name}”吗？") if len(own) > 1 else own[0]
    return new_declaration(book, form.name) if form else "没有新建。"


def make_evaluation(book: xw.Book) -> str:
    """The 自评表 that follows the declaration at hand, saved beside it and opened. Raises XladdinError."""
    from ..api import self_evaluation
    from ..batch import plan
    from ..domain.records import TOTAL_LINE
    from ..form.filling import fill, unplaced

    declared = _declaration(book)
    record = self_evaluation(declared)
    data = fill(record)
    job = plan([record], folder_of(book))[0]
    path = save_new(book, job.path.stem, job.path.suffix, data)
    open_file(book.app, path)
    execution = record.line(TOTAL_LINE).weight
    lines = [
        f"已按“{declared.project}”的申报表生成{record.form}并打开，存在 {path}。",
        f"照抄 {len(record.indicators)} 个指标，分值连同执行率 {execution.normalize():f} 分共"
        f" {execution + sum(row.weight for row in record.indicators):f} 分。"
        if record.indicators
        else "申报表里没有指标，指标表是空的，请补填。",
        "请填全年预算数、全年执行数和实际完成值，得分会自动算出。",
    ]
    if missing := unplaced(record):
        lines.append(f"{record.form}上没有放 {'、'.join(missing)} 的地方，这些内容没有写入。")
    doubts = declared.source.doubts
    if doubts:
        lines.append(f"申报表里有 {len(doubts)} 处看不懂，已按空白处理，请核对：")
        lines += _some(f"{_spot(doubt.where)}“{doubt.text}”" for doubt in doubts)
    return "\n".join(lines)


def open_ledger(book: xw.Book) -> str:
    """台账.xlsx beside the calling workbook, made when there is none. Raises SaveError, XladdinError."""
    from ..ledger import write_ledger

    path = folder_of(book) / LEDGER
    there = path.is_file()
    if not there:
        try:
            path = _save_in(_folders(book), lambda folder: folder / LEDGER, write_ledger(None))
        except SaveError:  # no leave to write beside the workbook, and a ledger among the documents
            path = documents() / LEDGER
            there = path.is_file()
            if not there:
                raise
    open_file(book.app, path)
    if there:
        return f"已打开台账 {path}。填好后点“批量生成”。"
    return (
        f"这里还没有台账，已新建一份空白的并打开，存在 {path}。\n"
        "列名上的批注说明怎么填；每个项目在“项目”表占一行。填好后点“批量生成”。"
    )


def fill_from_ledger(book: xw.Book) -> str:
    """Every project of the open ledger into a workbook of its own, as the ledger stands now. Raises LedgerError."""
    from .. import batch
    from ..ledger import PROJECTS
    from ..ledger.reading import _Reader

    app = book.app
    progress = host.Progress(app)
    progress("批量生成：正在读台账……")
    grids = grids_of(book)
    if not any(grid.sheet.strip() == PROJECTS for grid in grids):
        what = f"当前工作簿不是台账：没有“{PROJECTS}”工作表"
        raise LedgerError(what, Place(file=book.name), "请切换到台账再点；还没有的请点“打开台账”新建")
    reader = _Reader(book.name)
    reader.open(grids)
    ledger = reader.ledger()
    if not ledger.records and not ledger.mistakes:
        return f"台账里还没有项目，没有生成。请在“{PROJECTS}”表里每个项目填一行，再点“批量生成”。"
    folder = folder_of(book) / f"{Path(book.name).stem} 结果"
    jobs = batch.plan(ledger.records, folder)
    new = [job for job in jobs if not job.path.exists()]

    def shown(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        for number, outcome in enumerate(outcomes, start=1):
            progress(f"批量生成 {number}/{total}：{outcome.job.record.project}")
            yield outcome

    outcomes = batch.run(new, progress=shown)
    lines = _told(outcomes, len(jobs) - len(new), folder)
    lines += _mistakes("台账有 {} 处要改，有错的项目没有生成。请逐处改正后再点一次：", ledger.mistakes)
    lines += _mistakes("另有 {} 处没有用上：", ledger.notes)
    if len(ledger.mistakes) > SHOWN or len("\n".join(lines)) > host.LONGEST:
        lines.insert(1, f"每一处都列在 {_listed(book, folder, ledger)}。")
    return "\n".join(lines)


def _listed(book: xw.Book, folder: Path, ledger: Ledger) -> Path:
    """All mistakes and notes in a text file."""
    from ..workbook.saving import save

    text = "\r\n".join(map(str, (*ledger.mistakes, *ledger.notes)))
    return save(_free(book, folder, LISTED, ".txt"), text.encode("utf-8-sig"))


def _told(outcomes: Sequence[Outcome], there: int, folder: Path) -> list[str]:
    """What was written, what was there already, what failed."""
    written = [outcome for outcome in outcomes if outcome.path]
    failed = [outcome for outcome in outcomes if outcome.error]
    lines = [f"生成 {len(written)} 个工作簿，在 {folder}。" if written else "没有生成新的工作簿。"]
    if there:
        lines.append(f"{there} 个在 {folder} 里已有同名文件，没有覆盖；要重新生成的请先移走旧文件。")
    if failed:
        lines.append(f"{len(failed)} 个项目没有生成：")
        lines += _some(f"{outcome.job.record.project}：{outcome.error}" for outcome in failed)
    unplaced = [outcome for outcome in written if outcome.unplaced]
    if unplaced:
        lines.append(f"{len(unplaced)} 个工作簿的表上没有放某些内容的地方，没有写入：")
        lines += _some(f"{outcome.path.name}：{'、'.join(outcome.unplaced)}" for outcome in unplaced)
    if any(outcome.trace for outcome in failed):
        from ..log import write_log

        log = write_log("\n\n".join(outcome.trace for outcome in failed if outcome.trace))
        lines.append(f"程序出错的详情记在 {log}，请把它发给维护者。")
    return lines


def _mistakes(head: str, found: Sequence[Mistake]) -> list[str]:
    return [head.format(len(found)), *_some(f"{_spot(m.where)}：{m.what}。{m.advice}" for m in found)] if found else []


def _some(lines: Iterable[str]) -> list[str]:
    """The first few, each on a line, and how many more there are."""
    lines = list(lines)
    more = [f"　……等共 {len(lines)} 处"] if len(lines) > SHOWN else []
    return [f"　{line}" for line in lines[:SHOWN]] + more


def _spot(place: Place) -> str:
    """Sheet and cell: the workbook is the one in front of the clerk."""
    return str(replace(place, file=None))


# ---- the form at hand


def _declaration(book: xw.Book) -> Declaration:
    """The declaration of the active sheet, else the only one in the workbook. Raises NotAForm, UnreadableForm."""
    where = Place(file=book.name)
    found = _declarations([active_grid(book)]) or _declarations(grids_of(book))
    if len(found) > 1:
        names = "、".join(f"“{record.project}”" for record in found[:SHOWN])
        what = f"这里有 {len(found)} 张申报表（{names}），不知道要生成哪一张的自评表"
        raise NotAForm(what, where, "请点到要用的那张申报表的工作表，再点一次；同一张工作表上的请先分开")
    if not found:
        raise NotAForm("没有读到申报表，没有生成自评表", where, "请打开填好的绩效目标申报表，再点一次")
    return found[0]


def active_grid(book: xw.Book) -> Grid:
    """The sheet in front, as the form it may be."""
    grid = grid_of(book.sheets.active)
    grid.marks = _marks(book)
    return grid


def _declarations(grids: list[Grid]) -> list[Declaration]:
    """Those in some sheets; none at all is no error here."""
    from ..api import read_grids_as_records

    try:
        return [record for record in read_grids_as_records(grids) if record.kind == "declaration"]
    except NotAForm:
        return []


# ---- files beside the workbook


def pick(app: xw.App, items: Sequence[Item], question: Callable[[Item], str]) -> Item | None:
    """One of several, asked for one after the other: 是 takes it, 否 shows the next, 取消 none."""
    for number, item in enumerate(items, start=1):
        text = f"{question(item)}（第 {number} 个，共 {len(items)} 个）\n是：就用它；否：看下一个；取消：不用了。"
        answer = app.alert(text[: host.LONGEST], host.TITLE, buttons="yes_no_cancel", mode="info")
        if answer != "no":
            return item if answer == "yes" else None
    return None


def folder_of(book: xw.Book) -> Path:
    """Where the workbook lies; the documents folder for one never saved or in the cloud."""
    return _folders(book)[0]


def _folders(book: xw.Book) -> list[Path]:
    path = on_disk(book)
    return [path.parent, documents()] if path else [documents()]


def documents() -> Path:
    """The user's documents folder, or home where there is none."""
    from .machine import read_registry

    said = read_registry("HKCU", _PERSONAL, "Personal")
    folder = Path(os.path.expandvars(str(said))) if said else Path.home() / "Documents"
    return folder if folder.is_dir() else Path.home()


def save_new(book: xw.Book, stem: str, suffix: str, data: bytes) -> Path:
    """A new file beside the workbook (else in the documents folder) under a name that is free. Raises SaveError."""
    return _save_in(_folders(book), lambda folder: _free(book, folder, stem, suffix), data)


def _free(book: xw.Book, folder: Path, stem: str, suffix: str) -> Path:
    """A name nothing has in the folder, nor any open workbook: Excel opens no two of one name."""
    from ..workbook.saving import safe_name

    opened = {other.name.casefold() for other in book.app.books}
    number = 1
    while True:
        path = folder / f"{safe_name(stem, *([f'({number})'] if number > 1 else []))}{suffix}"
        if not path.exists() and path.name.casefold() not in opened:
            return path
        number += 1


def _save_in(folders: Sequence[Path], name: Callable[[Path], Path], data: bytes) -> Path:
    """In the first of the folders that can be written to."""
    from ..workbook.saving import save

    for folder in folders[:-1]:
        try:
            return save(name(folder), data)
        except SaveError:
            continue
    return save(name(folders[-1]), data)


def open_file(app: xw.App, path: Path) -> xw.Book:
    """A workbook opened, or brought to the front when it is open already. Raises XladdinError."""
    try:
        opened = app.books.open(str(path))
    except ValueError:
        what = "已打开另一个同名的工作簿，Excel 不能同时打开两个"
        raise XladdinError(what, Place(file=str(path)), "请先关闭那一个，再点一次") from None
    opened.activate()
    return opened
