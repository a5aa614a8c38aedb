"""新建申报表, 生成自评表, 打开台账: each makes new files; the open workbooks stay as they are."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import xlwings as xw

from ...errors import NotAForm, Place, SaveError, XladdinError
from ...files import EXCEL_PATH
from ...log import write_log
from .. import host
from ..live import compute, grid_of, grids_of, marks_of, refuse_ledger
from ..members import front_sheet, member
from ..snapshots import on_disk

if TYPE_CHECKING:
    from ...domain.records import Declaration
    from ...form.catalogue import Form
    from ...workbook.grid import Grid

LEDGER = "台账.xlsx"
WRITTEN = "文件已写好，但"
BLANK_ROWS = 12  # of the indicator table of a new form
_FORCE_DISABLE = 3  # msoAutomationSecurityForceDisable
_PERSONAL = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
Item = TypeVar("Item")


def new_declaration(book: xw.Book, form_name: str) -> str:
    """A blank form of that name, saved under a free name and opened. Raises UnknownForm, SaveError."""
    from ...domain.records import Declaration, Indicator
    from ...form.catalogue import find_form
    from ...form.filling import fill

    form = find_form(form_name)
    rows = tuple(Indicator(None, None, "", None) for _ in range(BLANK_ROWS))
    data = fill(Declaration(project="", form=form.name, indicators=rows))
    path = save_new(book, form.name, form.suffix, data)
    open_file(book.app, path, WRITTEN)
    return (
        f"已新建空白的{form.name}并打开，存在 {path}。\n"
        f"指标留了 {BLANK_ROWS} 行，不够请在中间插入行。填好后保存，年底可点“生成自评表”。"
    )


def new_from_own_template(book: xw.Book) -> str:
    """As new_declaration, of a form in the user's own folder of templates, which is asked for where there is none."""
    from ...files import templates_in, user_folder
    from ..settings import choose_templates

    folder = user_folder()
    if folder is not None and _declarations_in(folder):
        return _new_from(book, folder)
    picked = host.pick_folder(book.app, folder or folder_of(book))
    if picked is None and folder is None:
        return (
            "还没有选自备的模板文件夹，没有新建。\n"
            "再点一次，选放模板（.xlsx）的文件夹；选好的记在这台电脑上，填表、建表都认它。"
        )
    if picked is not None:
        choose_templates(picked)
        folder = picked
        with templates_in(folder):
            if _declarations_in(folder):
                return _new_from(book, folder)
    return f"自备的模板文件夹 {folder} 里没有申报表的模板，没有新建。请放入模板，或者再点一次另选文件夹。"


def _declarations_in(folder: Path) -> list[Form]:
    from ...domain.records import Declaration
    from ...form.catalogue import forms

    return [form for form in forms() if form.kind == Declaration.kind and form.path.parent == folder]


def _new_from(book: xw.Book, folder: Path) -> str:
    own = _declarations_in(folder)
    form = pick(book.app, own, lambda form: f"新建自备的“{form.name}”吗？") if len(own) > 1 else own[0]
    return new_declaration(book, form.name) if form else "没有新建。"


def make_evaluation(book: xw.Book) -> str:
    """The 自评表 that follows the declaration at hand, saved beside it and opened. Raises XladdinError."""
    from ...api import self_evaluation
    from ...batch import plan
    from ...batch.jobs import notes_of
    from ...domain.numbers import plain
    from ...domain.records import TOTAL_LINE
    from ...form.catalogue import form_for, profile_of
    from ...form.filling import fill_telling

    declared = _declaration(book)
    record = self_evaluation(declared)
    form = form_for(record)
    rules = profile_of(record, form=form)
    data, missing = fill_telling(record, form, rules)
    (job,) = plan([record], folder_of(book)).jobs
    path = save_new(book, job.path.stem, job.path.suffix, data)
    open_file(book.app, path, WRITTEN)
    line = record.line(TOTAL_LINE)
    execution = (line.weight if line else None) or Decimal(0)
    lines = [
        f"已按“{declared.project}”的申报表生成{record.form}并打开，存在 {path}。",
        f"照抄 {len(record.indicators)} 个指标，分值连同执行率 {plain(execution)} 分共"
        f" {plain(execution + sum(row.weight or 0 for row in record.indicators))} 分。"
        if record.indicators
        else "申报表里没有指标，指标表是空的，请补填。",
        "请填全年预算数、全年执行数和实际完成值，得分会自动算出。",
    ]
    lines += [f"{note}。" for note in notes_of(record, form, named=False)]
    if missing:
        lines.append(f"{record.form}上没有放 {'、'.join(missing)} 的地方，这些内容没有写入。")
    doubts = declared.source.doubts if declared.source else ()
    if doubts:
        lines.append(f"申报表里有 {len(doubts)} 处看不懂，已按空白处理，请核对：")
        lines += host.some(f"{host.spot(doubt.where)}“{doubt.text}”" for doubt in doubts)
    return "\n".join(lines)


def open_ledger(book: xw.Book) -> str:
    """台账.xlsx beside the calling workbook, made when there is none; none where a ledger is in front.

    Raises SaveError, XladdinError.
    """
    from ...ledger import PROJECTS, is_ledger, write_ledger

    if any(sheet.name.strip() == PROJECTS for sheet in book.sheets) and is_ledger(grids_of(book)):
        return f"眼前的 {book.name} 就是台账，没有新建。填好后点“批量生成”。"
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
        "怎么填写在第一张工作表“填写说明”里；每个项目在“项目”表占一行。填好后点“批量生成”。"
    )


# ---- the form at hand


def _declaration(book: xw.Book) -> Declaration:
    """The declaration of the active sheet, else the only one in the workbook. Raises NotAForm, UnreadableForm."""
    where = Place(file=book.name)
    found = _declarations([active_grid(book)])
    grids = [] if found else grids_of(book)
    found = found or _declarations(grids)
    if len(found) > 1:
        names = "、".join(f"“{record.project}”" for record in found[: host.SHOWN])
        what = f"这里有 {len(found)} 张申报表（{names}），不知道要生成哪一张的自评表"
        raise NotAForm(what, where, "请点到要用的那张申报表的工作表，再点一次；同一张工作表上的请先分开")
    if not found:
        refuse_ledger(grids, book.name, "没有生成。要由台账里的项目生成自评表，请点“批量自评”")
        raise NotAForm("没有读到申报表，没有生成自评表", where, "请打开填好的绩效目标申报表，再点一次")
    return found[0]


def active_grid(book: xw.Book) -> Grid:
    """The sheet in front, as the form it may be."""
    compute(book.app)
    grid = grid_of(front_sheet(book))
    grid.marks = marks_of(book)
    return grid


def _declarations(grids: list[Grid]) -> list[Declaration]:
    """Those in some sheets; none at all is no error here."""
    from ...domain.records import Declaration
    from ...form.reading import records_in

    try:
        return [record for record in records_in(grids) if isinstance(record, Declaration)]
    except NotAForm:
        return []


# ---- files beside the workbook


def pick(app: xw.App, items: Sequence[Item], question: Callable[[Item], str]) -> Item | None:
    """One of several, asked for one after the other: 是 takes it, 否 shows the next, 取消 none."""
    for number, item in enumerate(items, start=1):
        text = f"{question(item)}（第 {number} 个，共 {len(items)} 个）\n是：就用它；否：看下一个；取消：不用了。"
        answer = app.alert(host.fitted(text), host.TITLE, buttons="yes_no_cancel", mode="info")
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
    from ..addin.machine import read_registry

    said = read_registry("HKCU", _PERSONAL, "Personal")
    folder = Path(os.path.expandvars(str(said))) if said else Path.home() / "Documents"
    return folder if folder.is_dir() else Path.home()


def save_new(book: xw.Book, stem: str, suffix: str, data: bytes) -> Path:
    """A new file beside the workbook (else in the documents folder) under a name that is free. Raises SaveError."""
    return _save_in(_folders(book), lambda folder: free_name(book.app.books, folder, stem, suffix), data)


def free_name(books: Iterable[xw.Book], folder: Path, stem: str, suffix: str) -> Path:
    """A name nothing has in the folder, nor any of the open workbooks: Excel opens no two of one name."""
    from ...workbook.names import safe_name

    opened = {other.name.casefold() for other in books}
    number = 1
    while True:
        path = folder / f"{safe_name(stem, *([f'({number})'] if number > 1 else []))}{suffix}"
        if not path.exists() and path.name.casefold() not in opened:
            return path
        number += 1


def _save_in(folders: Sequence[Path], name: Callable[[Path], Path], data: bytes) -> Path:
    """In the first of the folders that can be written to."""
    from ...workbook.saving import save

    for folder in folders[:-1]:
        try:
            return save(name(folder), data)
        except SaveError:
            continue
    return save(name(folders[-1]), data)


def open_file(app: xw.App, path: Path, made: str = "") -> xw.Book:
    """A workbook opened, or brought to the front when it is open already; its macros stay off. Raises XladdinError.

    made: what has been done by then, to be told when it does not open.
    """
    try:
        with _without_macros(app):
            opened = app.books.open(str(path))
    except (ValueError, xw.XlwingsError):  # the latter where the one of that name lies in the cloud
        what = "已打开另一个同名的工作簿，Excel 不能同时打开两个"
        raise XladdinError(made + what, Place(file=str(path)), "请先关闭那一个，再点一次") from None
    except Exception as error:  # Excel says in its own words, or not at all, why it did not open
        write_log(traceback.format_exc())
        what = f"{made}这个文件没有打开（取消了、有密码或已损坏）"
        advice = "请自行打开它" if made else "请自行打开它再点一次"
        if len(str(path)) > EXCEL_PATH:
            what = f"{made}路径有 {len(str(path))} 个字，Excel 打不开超过 {EXCEL_PATH} 个字的"
            advice = "请把它移到路径较短的文件夹里再打开"
        raise XladdinError(what, Place(file=str(path)), advice) from error
    opened.activate()
    return opened


@contextmanager
def _without_macros(app: xw.App) -> Iterator[None]:
    """What a program opens runs its macros without asking, unless Excel is told otherwise; the setting is put back."""
    before = member(app.api, "AutomationSecurity")
    if before is None:  # not Excel
        yield
        return
    app.api.AutomationSecurity = _FORCE_DISABLE
    try:
        yield
    finally:
        app.api.AutomationSecurity = before
