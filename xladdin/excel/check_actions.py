"""检查本表, 核对两表, 下一处, 清除标记: the checks on open workbooks, unsaved changes included."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlwings as xw

from ..domain.records import Declaration, Evaluation, Record
from ..errors import NotAForm, Place, XladdinError
from ..report.rows import SHEET
from ..review import Case, Review
from . import marks, result_sheet
from .host import Progress, ask
from .live import records_of

_WANTED = {"declaration": "申报表", "evaluation": "自评表"}


def check_this(book: xw.Book) -> str:
    """Check the form of the active sheet, or every form of the workbook; 核对结果 is written into it."""
    from ..checking import check

    progress = Progress(book.app)
    progress("正在读取…")
    records = _active(book, records_of(book))
    cases = []
    for number, record in enumerate(records, start=1):
        progress(f"正在检查 {number}/{len(records)} · {record.project}")
        cases.append(_case(record, book, check(record)))
    return _show(book, Review(tuple(sorted(cases, key=lambda case: case.rank))), [book])


def reconcile(book: xw.Book) -> str | None:
    """Cross-check the forms of this workbook with those of another one that is open, or that the clerk picks."""
    from ..checking import reconcile as compare
    from ..reviewing import Entry, pair_up

    progress = Progress(book.app)
    progress("正在读取…")
    mine = records_of(book)
    other, theirs = (book, []) if len({record.kind for record in mine}) == 2 else _other(book, mine)
    if other is None:
        return None
    entries = [Entry(record, Path(book.fullname)) for record in mine]
    entries += [Entry(record, Path(other.fullname)) for record in theirs]
    ones = [entry for entry in entries if isinstance(entry.record, Declaration)]
    others = [entry for entry in entries if isinstance(entry.record, Evaluation)]
    if not ones or not others:
        missing = "申报表" if not ones else "自评表"
        raise NotAForm(f"这两个工作簿里没有{missing}", Place(file=other.name), f"请打开对应的{missing}再核对")
    pairs, loose = ([(ones[0], others[0])], []) if len(ones) == len(others) == 1 else pair_up(ones, others)
    cases = []
    for number, (one, two) in enumerate(pairs, start=1):
        progress(f"正在核对 {number}/{len(pairs)} · {one.record.project}")
        found = tuple(compare(one.record, two.record))
        cases.append(Case(one.record, two.record, found, one.path, two.path))
    review = Review(tuple(sorted(cases, key=lambda case: case.rank)), tuple(loose))
    return _show(book, review, [book] if other is book else [book, other])


def next_finding(book: xw.Book) -> str | None:
    """Select the cells of the next finding, on both workbooks; after the last comes the first."""
    sheet = _results(book)
    rows = result_sheet.standing(sheet)
    if not rows:
        return f"“{SHEET}”里没有指到单元格的问题。"
    pointer = sheet.range((result_sheet.HEADER, result_sheet.POINTER))
    last = int(pointer.value or 0)
    number, targets = next((row for row in rows if row[0] > last), rows[0])
    pointer.value = number
    missing = []
    for target in targets:
        other = next((each for each in book.app.books if each.name == target.book), None)
        if other is None or target.sheet not in [each.name for each in other.sheets]:
            missing.append(target.book)
            continue
        other.activate()
        other.sheets[target.sheet].activate()
        other.sheets[target.sheet].range(target.cell).select()
    return f"请先打开 {'、'.join(dict.fromkeys(missing))}，再点“下一处”。" if missing else None


def clear_marks(book: xw.Book) -> str:
    """Take the colours and notes of the last check off again, on every open workbook they were put on."""
    sheet = _results(book)
    done, closed = marks.take_off(sheet, list(book.app.books))
    rest = f"还有标记在没有打开的 {'、'.join(closed)} 里，请打开后再点一次。" if closed else ""
    return f"已还原 {done} 个单元格的底色和批注。{rest}" if done or closed else "没有需要清除的标记。"


def _active(book: xw.Book, records: Sequence[Record]) -> list[Record]:
    """The forms of the active sheet; all of them when it holds none."""
    name = book.sheets.active.name
    here = [record for record in records if next(iter(record.source.cells.values())).sheet == name]
    return here or list(records)


def _case(record: Record, book: xw.Book, found: Sequence) -> Case:
    path = Path(book.fullname)
    if isinstance(record, Declaration):
        return Case(record, None, tuple(found), path, None)
    return Case(None, record, tuple(found), None, path)


def _other(book: xw.Book, mine: Sequence[Record]) -> tuple[xw.Book | None, list[Record]]:
    """The workbook to compare with and its forms: the only open one with the counterpart, the one agreed to, or
    one picked; no workbook when the clerk cancels."""
    wanted = "evaluation" if mine[0].kind == "declaration" else "declaration"
    read = [(each, _forms(each)) for each in book.app.books if each.name != book.name]
    fitting = [(each, forms) for each, forms in read if any(record.kind == wanted for record in forms)]
    for each, forms in fitting:
        if len(fitting) == 1 or ask(book.app, f"和“{each.name}”核对吗？"):
            return each, forms
    picked = _picked(book, _WANTED[wanted])
    return picked, records_of(picked) if picked else []


def _forms(book: xw.Book) -> list[Record]:
    try:
        return records_of(book)
    except XladdinError:
        return []


def _picked(book: xw.Book, wanted: str) -> xw.Book | None:
    """A file the clerk chooses in Excel's own dialog, opened; None when he cancels."""
    choose = getattr(book.app.api, "GetOpenFilename", None)
    if choose is None:
        raise NotAForm(f"没有打开的{wanted}", advice=f"请先打开要核对的{wanted}，再点一次")
    path = choose("Excel 工作簿 (*.xlsx;*.xlsm),*.xlsx;*.xlsm", 1, f"选择要核对的{wanted}")
    return book.app.books.open(path) if path else None


def _results(book: xw.Book) -> xw.Sheet:
    """核对结果 of this workbook, or of another open one."""
    for each in (book, *book.app.books):
        sheet = result_sheet.find(each)
        if sheet is not None:
            return sheet
    raise XladdinError(f"没有“{SHEET}”", advice="请先点“检查本表”或“核对两表”")


def _show(book: xw.Book, review: Review, books: Sequence[xw.Book]) -> str:
    """Old marks off, the sheet written, new marks on; what the clerk is told."""
    from .snapshots import keep

    for each in books:
        keep(each, "核对")
    old = result_sheet.find(book)
    if old is not None:
        marks.take_off(old, list(book.app.books))
    sheet, report = result_sheet.write(book, review, books)
    refused = marks.put_on(sheet, report, books)
    told = review.verdict
    if refused:
        told += f"\n这些表受保护，没有涂色：{'、'.join(refused)}。"
    return told + f"\n逐条列在“{SHEET}”里，点“下一处”逐处查看，看完点“清除标记”。"
