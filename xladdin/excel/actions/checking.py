"""检查本表, 核对两表, 下一处, 清除标记: the checks on open workbooks, unsaved changes included."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import xlwings as xw

from ...domain.kinds import DECLARATION, EVALUATION, Kind
from ...domain.labels import canonical
from ...domain.records import Record
from ...errors import NotAForm, Place, XladdinError
from ...log import write_log
from ...report.rows import SHEET
from ...review.cases import Case, Entry, Review
from .. import marks, result_sheet
from ..host import SHOWN, Progress
from ..live import records_of
from ..mark_values import Cleared
from ..members import member
from ..result_values import LAST, Fills, Target
from ..settings import chosen_rules
from ..snapshots import full_name

_SHOWN = -1  # xlSheetVisible
_TOP = 15, 30  # rows and columns in which a form's first labels stand


def check_this(book: xw.Book) -> str:
    """Check the form of the active sheet, or every form of the workbook; 核对结果 is written into it."""
    from ...review.checking import check
    from ...review.judging import profiles_of

    progress = Progress(book.app)
    progress("正在读取…")
    rules = chosen_rules()
    records = _active(book, records_of(book))
    cases = []
    for number, record in enumerate(records, start=1):
        progress(f"正在检查 {number}/{len(records)} · {record.project}")
        cases.append(Case((Entry(record, _path(book)),), tuple(check(record, rules))))
    cases.sort(key=lambda case: case.rank)
    return _show(book, Review(tuple(cases), (), profiles_of(cases, rules)), [book])


def reconcile(book: xw.Book) -> str | None:
    """Cross-check the forms of this workbook with those of another one that is open, or that the clerk picks."""
    from ...review.checking import reconcile as compare
    from ...review.judging import profiles_of
    from ...review.pairing import of_kind, pair_up

    progress = Progress(book.app)
    progress("正在读取…")
    rules = chosen_rules()
    mine = records_of(book)
    wanted = _wanted(book, mine)
    other, theirs = _other(book, wanted) if wanted else (book, [])
    if other is None:
        return None
    entries = [Entry(record, _path(book)) for record in mine]
    entries += [Entry(record, _path(other)) for record in theirs]
    ones, others = of_kind(entries, DECLARATION), of_kind(entries, EVALUATION)
    if not ones or not others:
        missing = "申报表" if not ones else "自评表"
        raise NotAForm(f"这两个工作簿里没有{missing}", Place(file=other.name), f"请打开对应的{missing}再核对")
    pairs, loose = ([(ones[0], others[0])], []) if len(ones) == len(others) == 1 else pair_up(ones, others)
    cases = []
    for number, (one, two) in enumerate(pairs, start=1):
        progress(f"正在核对 {number}/{len(pairs)} · {one.record.project}")
        case = Case((one, two), ())
        found = compare(case.form(DECLARATION.name), case.form(EVALUATION.name), rules)
        cases.append(replace(case, findings=tuple(found)))
    cases.sort(key=lambda case: case.rank)
    review = Review(tuple(cases), tuple(loose), profiles_of(cases, rules))
    return _show(book, review, [book] if other is book else [book, other])


def reviewed(book: xw.Book) -> Review:
    """The same of this workbook and those some open 核对结果 names together with it, in pairs where they are; nothing
    is written. Raises NotAForm."""
    from ...review.judging import judge, profiles_of
    from ...review.pairing import of_kind, pair_up

    names, _ = _checked_with(book)
    others = [each for each in book.app.books if each.name in names - {book.name}]
    entries = [Entry(record, _path(book)) for record in records_of(book)]
    entries += [Entry(record, _path(each)) for each in others for record in _forms(each)]
    declared, evaluated = of_kind(entries, DECLARATION), of_kind(entries, EVALUATION)
    pairs, loose = pair_up(declared, evaluated) if declared and evaluated else ([], [])
    paired = {id(entry) for pair in pairs for entry in pair}
    alone = [(entry,) for entry in entries if id(entry) not in paired]
    cases = judge([*pairs, *alone], chosen_rules())
    return Review(cases, tuple(loose), profiles_of(cases, chosen_rules()))


def next_finding(book: xw.Book) -> str | None:
    """Select the cells of the next finding, on both workbooks; after the last comes the first.

    Where one has got to is seen in 核对结果: its whole row is selected there. Nothing is written.
    """
    sheet = _latest(book)
    rows = result_sheet.standing(sheet)
    where = Place(sheet.book.name, SHEET)
    if not result_sheet.made_at(sheet):
        what = "这张表里找不到单元格的位置：它不是点按钮得到的，或者列已动过"
        raise XladdinError(what, where, "请点“检查本表”或“核对两表”重新核对")
    if not rows:
        return f"“{SHEET}”里没有指到单元格的问题。"
    if sheet.api.Visible != _SHOWN:
        raise XladdinError("这张工作表隐藏着", where, "请先取消隐藏，再点一次")
    sheet.activate()
    at = _seen_up_to(book.app)
    number, targets = next((row for row in rows if row[0] > at), rows[0])
    result_sheet.in_excel(sheet.range((number, 1), (number, LAST)).select)
    in_the_way = dict.fromkeys(said for target in targets if (said := _go_to(sheet.book, target)))
    return "\n".join(in_the_way) or None


def clear_marks(book: xw.Book) -> str:
    """Take the colours and notes of the checks off again: in this workbook, and in those checked together with it."""
    from ..snapshots import keep

    open_books = {each.name: each for each in book.app.books}
    names, seen = _checked_with(book)
    known = _known(book.app)
    here = sorted(names & set(open_books))
    found = {name: found for name in here if (found := marks.marks_on(open_books[name], known))}
    if not found and not seen:
        raise XladdinError(f"没有“{SHEET}”", advice="请先点“检查本表”或“核对两表”")
    for name in found:
        keep(open_books[name], "清除标记")
    cleared = marks.take_off(mark for each in found.values() for mark in each)
    _forget(book.app, here, cleared)
    told = [f"已还原 {cleared.done} 个单元格的底色和批注。"] if cleared.done else []
    if cleared.edited:
        told.append(f"其中 {cleared.edited} 处您在批注里添了字，文字都留着。")
    if cleared.recoloured:
        told.append(f"其中 {cleared.recoloured} 处的底色已不是核对时涂的，没有动。")
    for where, many in cleared.locked.items():
        told.append(f"{where} 受保护，上面的 {many} 处标记没有动，请先撤销工作表保护，再点一次。")
    told += _lost(cleared)
    if closed := sorted(names - set(open_books)):
        told.append(f"{'、'.join(closed)} 没有打开，里面如有标记，请打开后再点一次。")
    return "\n".join(told) or "没有需要清除的标记。"


def _active(book: xw.Book, records: Sequence[Record]) -> list[Record]:
    """The forms of the active sheet; all of them when it holds none."""
    name = book.sheets.active.name
    here = [record for record in records if record.source and name in {p.sheet for p in record.source.cells.values()}]
    return here or list(records)


def _path(book: xw.Book) -> Path:
    """Of its file, wherever that lies, under the name it has in Excel: by that its cells are found again."""
    return Path(full_name(book)).with_name(book.name)


def _wanted(book: xw.Book, mine: Sequence[Record]) -> Kind | None:
    """The kind that lacks for a cross-check, None where both are here. Raises NotAForm where neither is."""
    there = {record.kind for record in mine}
    lacking = [kind for kind in (DECLARATION, EVALUATION) if kind.name not in there]
    if len(lacking) == 2:
        both = f"{DECLARATION.label}或{EVALUATION.label}"
        raise NotAForm(f"这里没有{both}，不能核对两表", Place(file=book.name), f"请打开{both}再点一次")
    return lacking[0] if lacking else None


def _other(book: xw.Book, wanted: Kind) -> tuple[xw.Book | None, list[Record]]:
    """The workbook to compare with and its forms: the only open one with the counterpart, the one agreed to, or
    one picked; no workbook when the clerk cancels."""
    from .filling import pick

    read = [(each, _forms(each)) for each in book.app.books if each.name != book.name]
    fitting = [(each, forms) for each, forms in read if any(record.kind == wanted.name for record in forms)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:

        def question(item: tuple[xw.Book | None, list[Record]]) -> str:
            return f"和“{item[0].name}”核对吗？" if item[0] else f"另外选一个{wanted.label}文件来核对吗？"

        chosen = pick(book.app, [*fitting, (None, [])], question)
        if chosen is None or chosen[0]:
            return chosen or (None, [])
    picked = _picked(book, wanted.label)
    return picked, records_of(picked) if picked else []


def _forms(book: xw.Book) -> list[Record]:
    """The forms in a workbook that looks as if it had some: reading all of a big one would take its time."""
    try:
        sheets = [sheet for sheet in book.sheets if sheet.visible and sheet.name != SHEET]
        return records_of(book) if any(map(_begins_like_a_form, sheets)) else []
    except XladdinError:
        return []


def _begins_like_a_form(sheet: xw.Sheet) -> bool:
    used = sheet.used_range
    top = used[: min(_TOP[0], used.shape[0]), : min(_TOP[1], used.shape[1])].options(ndim=2).value
    labels = {canonical(text) for row in top for text in row if isinstance(text, str)}
    return len(labels - {None}) > 1


def _picked(book: xw.Book, wanted: str) -> xw.Book | None:
    """A file the clerk chooses in Excel's own dialog, opened; None when she cancels. Raises XladdinError."""
    from .filling import open_file

    choose = member(book.app.api, "GetOpenFilename")
    if choose is None:
        raise NotAForm(f"没有打开的{wanted}", advice=f"请先打开要核对的{wanted}，再点一次")
    path = choose("Excel 工作簿 (*.xlsx;*.xlsm;*.xls;*.xlsb),*.xlsx;*.xlsm;*.xls;*.xlsb", 1, f"选择要核对的{wanted}")
    return open_file(book.app, Path(path)) if path else None


def _latest(book: xw.Book) -> xw.Sheet:
    """The 核对结果 made last, of this workbook or of another open one."""
    found = [sheet for each in (book, *book.app.books) if (sheet := result_sheet.find(each)) is not None]
    if not found:
        raise XladdinError(f"没有“{SHEET}”", advice="请先点“检查本表”或“核对两表”")
    return max(found, key=result_sheet.made_at)


def _seen_up_to(app: xw.App) -> int:
    """The row of 核对结果 after which to go on: one selected whole has been seen; a cell the clerk chose has not."""
    try:
        chosen = app.selection
        return chosen.row - (chosen.shape != (1, LAST)) if chosen else 0
    except Exception:  # noqa: BLE001  a picture is selected
        return 0


def _go_to(home: xw.Book, target: Target) -> str | None:
    """Select the cell; what is in the way, if anything."""
    books = {each.name: each for each in home.app.books}
    book = books.get(target.book) if target.book else home
    if book is None:
        return f"请先打开 {target.book}，再点“下一处”。"
    sheet = next((each for each in book.sheets if each.name == target.sheet), None)
    if sheet is None:
        return f"{book.name} 里没有名为“{target.sheet}”的工作表，改过名字的请重新核对。"
    if sheet.api.Visible != _SHOWN:
        return f"{book.name} 的“{target.sheet}”隐藏着，请先取消隐藏，再点“下一处”。"
    book.activate()
    sheet.activate()
    sheet.range(target.cell).select()
    return None


def _checked_with(book: xw.Book) -> tuple[set[str], bool]:
    """The names of the workbooks some open 核对结果 speaks of together with this one; whether there is any."""
    names, seen = {book.name}, False
    for each in book.app.books:
        sheet = result_sheet.find(each)
        if sheet is None:
            continue
        seen = True
        about = result_sheet.books_of(sheet)
        names |= about if book.name in about else set()
    return names, seen


def _show(book: xw.Book, review: Review, books: Sequence[xw.Book]) -> str:
    """Old marks off, the sheet written, new marks on; what the clerk is told."""
    from ..snapshots import keep

    old = result_sheet.before(book)
    unsaved = {_path(each) for each in books if not each.api.Saved}
    known, there = _known(book.app), [sheet.name for sheet in book.sheets]
    marked = [*books, *(each for each in _left_over(old, books) if marks.marks_on(each, known))]
    copies = [keep(each, "核对") for each in marked]
    cleared = marks.take_off(mark for each in marked for mark in marks.marks_on(each, known))
    aside = result_sheet.set_aside(old.sheet) if old and old.left.added else None
    _forget(book.app, [each.name for each in marked], cleared)
    try:
        sheet, report = result_sheet.write(book, review, books, old, unsaved)
    except Exception as error:
        _put_back(book, old, there, copies[0], error)
        raise
    locked, discussed, fills = marks.put_on(report, books, cleared.left)
    result_sheet.remember(sheet, fills)
    told = [review.verdict]
    if rules := chosen_rules():
        told.append(f"用的是您选的规则：{'；'.join(each.label for each in review.profiles) or rules}。")
    if aside:
        told.append(f"上次的“{SHEET}”里有您另加或改过的内容，整张留在“{aside}”里。")
    if locked:
        told.append(f"这些表受保护，没有涂色：{'、'.join(locked)}。")
    if cleared.locked:
        told.append(f"这些表受保护，上次的标记还在：{'、'.join(cleared.locked)}。")
    if discussed:
        told.append(f"这些单元格有讨论批注，没有涂色：{'、'.join(discussed)}。")
    told += _lost(cleared)
    if fixed := [each.name for each in books if each.api.ReadOnly]:
        told.append(f"{'、'.join(fixed)} 是只读的，核对结果和标记要留下请另存。")
    return "\n".join([*told, f"逐条列在“{SHEET}”里，点“下一处”逐处查看，看完点“清除标记”。"])


def _known(app: xw.App) -> Fills:
    """The fills of before of all marked cells that some open 核对结果 knows of."""
    return result_sheet.fills(filter(None, map(result_sheet.find, app.books)))


def _forget(app: xw.App, books: Sequence[str], cleared: Cleared) -> None:
    """The cells of these workbooks are marked no more, but for those left as they were."""
    for sheet in filter(None, map(result_sheet.find, app.books)):
        if fills := result_sheet.fills([sheet]):
            others = {names: fill for names, fill in fills.items() if names[0] not in books}
            result_sheet.remember(sheet, others | cleared.left)


def _lost(cleared: Cleared) -> list[str]:
    lost = cleared.lost
    more = "等" if len(lost) > SHOWN else ""
    return [f"{len(lost)} 处标记的批注被删改，底色未能还原：{'、'.join(lost[:SHOWN])}{more}。"] if lost else []


def _left_over(old: result_sheet.Before | None, books: Sequence[xw.Book]) -> list[xw.Book]:
    """Open workbooks whose marks only the 核对结果 to be written over tells of."""
    if old is None:
        return []
    checked = {each.name for each in books}
    named = result_sheet.books_of(old.sheet) - checked
    others = [each for each in books[0].app.books if each.name in named]
    return [each for each in others if result_sheet.find(each) is None]


def _put_back(
    book: xw.Book, old: result_sheet.Before | None, there: Sequence[str], copy: Path, error: Exception
) -> None:
    """What stood in 核对结果 before it could not be written; where the backup is, should that fail too."""
    try:
        result_sheet.put_back(book, old, there)
    except Exception:  # noqa: BLE001  whatever was wrong a moment ago
        log = write_log("".join(traceback.format_exception(error)))
        what = f"“{SHEET}”没有写成，原来的内容也没能放回"
        advice = f"写之前的备份在 {copy}，可点“打开备份”打开。详情记在 {log}，请发给维护者"
        raise XladdinError(what, Place(book.name, SHEET), advice) from error
