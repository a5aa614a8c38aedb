"""重算得分: 执行率, 得分 and 总分 of the evaluation in front become the form's own formulas again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlwings as xw

from ...domain.records import TOTAL_LINE
from ...errors import NotAForm, Place, XladdinError
from .. import host
from ..live import grids_of, refuse_ledger
from ..members import front_sheet
from ..settings import chosen_rules
from ..snapshots import keep
from .filling import active_grid
from .rewriting import RATE, SCORE, TOTAL, Change, Figure, Writer, differ, shown_as, values_of

if TYPE_CHECKING:
    from ...domain.profile import Profile
    from ...domain.records import Evaluation
    from ...workbook.grid import Grid, Spot

LABEL = "重算得分"
SHOWN = 12  # cells told one by one
FORMULAS = 6  # formulas told, each up to so many characters:
FORMULA = 40
NOTED = "【待核】"  # how our notes begin


def rescore(book: xw.Book) -> str:
    """Write the formulas where they are missing, after asking; what changed and the new total. Raises XladdinError."""
    sheet = front_sheet(book)
    _refuse_locked(book, sheet)
    record, grid = _evaluation(book, sheet)
    plan = _Plan(record, grid)
    total = plan.total
    if not plan.changes:
        _say_why(sheet, plan.reasons)
        lines = ["执行率、得分和总分都已是公式，没有改动。", *_skipped(plan.skipped), _total_line(total, record)]
        return "\n".join(lines)
    if not host.ask(book.app, _question(plan)):
        return "没有改动。"
    keep(book, LABEL)
    back = Writer(sheet, grid).write(plan.changes)
    done = [change for change in plan.changes if change.spot not in back]
    wrong = [f"{change.cell} {back[change.spot]}" for change in plan.changes if change.spot in back]
    skipped = plan.skipped + wrong
    if plan.total_spot:
        total = values_of(sheet, [plan.total_spot])[plan.total_spot]
    told = f"已改写 {len(done)} 格：{_listed([change.cell for change in done])}" if done else "一格也没有改成"
    _say_why(sheet, plan.reasons)
    lines = [f"{told}。实际完成值和分值没有动。"]
    lines += _skipped(skipped)
    lines += [_total_line(total, record), "改前留有备份，可点“打开备份”；确认无误后请保存。"]
    return "\n".join(lines)


def _refuse_locked(book: xw.Book, sheet: xw.Sheet) -> None:
    """Raise where the change could not be made or kept."""
    where = Place(file=book.name, sheet=sheet.name)
    if book.api.ReadOnly:
        what = "这个工作簿是只读的，改了存不回去，没有改动"
        raise XladdinError(what, where, "请另存一份，在新的一份上再点一次")
    if sheet.api.ProtectContents:
        raise XladdinError("这张工作表受保护，不能改写，没有改动", where, "请先撤销工作表保护，再点一次")


def _evaluation(book: xw.Book, sheet: xw.Sheet) -> tuple[Evaluation, Grid]:
    """The one evaluation of the active sheet. Raises NotAForm, UnreadableForm."""
    where = Place(file=book.name, sheet=sheet.name)
    grid = active_grid(book)
    found = _evaluations([grid])
    if len(found) == 1:
        return found[0], grid
    if found:
        what = f"这张工作表上有 {len(found)} 张自评表，没有改动"
        raise NotAForm(what, where, "请把它们分到各自的工作表上，再点一次")
    grids = grids_of(book)
    others = _evaluations(grids)
    if others:
        there = next((place.sheet for place in _cells(others[0]).values()), "")
        raise NotAForm("这张工作表上没有自评表，没有改动", where, f"请点到“{there}”，再点一次")
    refuse_ledger(grids, book.name, "没有改动。请打开填好的自评表再点；还没有的请点“批量自评”生成")
    raise NotAForm("没有读到自评表，没有改动", where, "请打开绩效自评表，再点一次")


def _evaluations(grids: list[Grid]) -> list[Evaluation]:
    from ...domain.kinds import is_scored
    from ...form.reading import records_in

    try:
        return [record for record in records_in(grids) if is_scored(record)]
    except NotAForm:
        return []


def _cells(record: Evaluation) -> Mapping[str, Place]:
    """Where its fields were read."""
    return record.source.cells if record.source else {}


# ---- what is to change


class _Plan:
    """The cells that are to hold our formulas and do not yet; those that cannot, with why."""

    def __init__(self, record: Evaluation, grid: Grid):
        self.grid, self.cells = grid, _cells(record)
        self.skipped: list[str] = []
        self.reasons: dict[Spot, str] = {}  # of every cell of 得分: why it shows 待核, "" where it does not
        self.total_spot: Spot | None = None
        self._wanted: list[tuple[str, str, str]] = []  # field, column, formula
        from ...form.catalogue import profile_of

        rules = profile_of(record, chosen_rules())
        count = range(len(record.indicators))
        points = Counter(self._cell(f"indicators[{n}].{name}") for n in count for name in ("weight", "score"))
        self.shared = {cell for cell, rows in points.items() if cell and rows > 1}  # merged over several indicators
        self.skipped += [f"{cell} 是几条指标合用的，看不出各条多少，请拆开后逐条填写" for cell in sorted(self.shared)]
        for number, line in enumerate(record.budget):
            if line.weight is not None:
                self._budget(f"budget[{number}].")
        for number, row in enumerate(record.indicators):
            self._indicator(f"indicators[{number}].", row, rules, record.year)
        self._total(record)
        after = _computed(record, {field for field, _, _ in self._wanted}, rules)
        self.total = after["total_score"]
        changes = [
            Change(spot, column, formula, _figure(grid, spot), after[field], grid.formulas.get(spot, ""))
            for field, column, formula in self._wanted
            if (spot := self._home(field))
        ]
        changes = [change for change in changes if not _same(change.held, change.formula)]
        self.changes = sorted(changes, key=lambda change: change.spot)

    def _budget(self, at: str) -> None:
        from ...form.formulas import execution_score_formula, rate_formula

        executed, budget, weight = (self._cell(at + name) for name in ("executed", "budget", "weight"))
        if executed and budget:
            self._want(at + "rate", RATE, lambda: rate_formula(executed, budget))
        if executed and budget and weight:
            self._want(at + "score", SCORE, lambda: execution_score_formula(executed, budget, weight))

    def _indicator(self, at: str, row: Any, rules: Profile, year: int | None) -> None:
        from ...domain.scoring import why_pending
        from ...form.formulas import score_formula

        target, actual, weight = (self._cell(at + name) for name in ("target", "actual", "weight"))
        if not (target and actual and weight and at + "score" in self.cells):
            return
        if self.shared.intersection((weight, self._cell(at + "score"))):
            return
        aim = self._aim(at + "target", row.target)
        if aim is None or not self._is_one(at + "actual", row.actual):
            self.skipped.append(f"{self._cell(at + 'score')} 所在行的指标值或实际完成值分写在几格里，公式读不了")
            return
        printed, target = aim
        if home := self._home(at + "score"):
            self.reasons[home] = "；".join(why_pending(row, rules, year) or ())
        self._want(at + "score", SCORE, lambda: score_formula(printed, target, actual, weight, rules, year))

    def _total(self, record: Evaluation) -> None:
        from ...domain.scoring import counted
        from ...form.formulas import total_formula
        from ...workbook.grid import address

        counting = counted(record.budget)
        lines = [
            n for n, line in enumerate(record.budget) if line in counting and (line.weight, line.score) != (None, None)
        ]
        scores = [self._home(f"indicators[{n}].score") for n in range(len(record.indicators))]
        budget = [self._home(f"budget[{n}].score") for n in lines]
        whole = next((n for n, line in enumerate(record.budget) if line.item == TOTAL_LINE), None)
        executed = None if whole is None else self._cell(f"budget[{whole}].executed")
        count = len(record.indicators)
        beside = self._beside("weight", "actual", [f"indicators[{n}]." for n in range(count)])
        rows = [f"budget[{n}]." for n in lines] + [f"indicators[{n}]." for n in range(count)]
        pairs = self._beside("weight", "score", rows)
        # in the form's own order
        cells = _ranges(filter(None, dict.fromkeys(scores))) + [address(*spot) for spot in budget if spot]
        if cells and "total_score" in self.cells:
            self._want("total_score", TOTAL, lambda: total_formula(cells, executed, beside, pairs))
            self.total_spot = self._home("total_score")

    def _beside(self, one: str, other: str, rows: list[str]) -> list[tuple[str, str]]:
        """The ranges of one column in these rows, and of another beside each."""
        beside: dict[Spot, Spot] = {}
        for at in rows:
            mine, theirs = self._home(at + one), self._home(at + other)
            if mine and theirs and mine[0] == theirs[0] and self._cell(at + other) not in self.shared:
                beside[mine] = theirs
        return [(_range(run), _range([beside[spot] for spot in run])) for run in _runs(beside)]

    def _want(self, field: str, column: str, formula: Callable[[], str]) -> None:
        if field not in self.cells:
            return
        if self._home(field) is None:
            self.skipped.append(f"{self.cells[field].cell} 与上面的格子合并了，放不下自己的公式")
            return
        self._wanted.append((field, column, formula()))

    def _home(self, field: str) -> Spot | None:
        """The cell that holds the field: the first of its merge; None where that is on a row above."""
        from ...workbook.grid import spot_of

        cell = self._cell(field)
        if cell is None:
            return None
        row, column = spot_of(cell)
        for top, left, bottom, right in self.grid.merges:
            if top <= row <= bottom and left <= column <= right:
                return (row, left) if top == row else None
        return row, column

    def _cell(self, field: str) -> str | None:
        return self.cells[field].cell if field in self.cells else None

    def _value(self, field: str) -> Any:
        from ...workbook.grid import spot_of

        cell = self._cell(field)
        return self.grid.cells.get(spot_of(cell)) if cell else None

    def _aim(self, field: str, printed: str | None) -> tuple[str, str] | None:
        """The 指标值 and an expression that gives the same text while its cell is untouched; None: there is none.

        A figure, a percentage or a date in the cell is not the text it shows: =100% typed is worth 1.
        """
        value, cell = self._value(field), self._cell(field) or ""
        if value is None or isinstance(value, str):
            return (value or "", cell) if (value or "").strip() == (printed or "") else None
        if isinstance(value, dt.date):
            return printed or "", f'TEXT({cell},"yyyy-mm-dd")'
        for text, shown in _texts(value):
            for head, before in (("", ""), ("=", '"="&')):
                if head + text == printed:
                    return head + text, before + shown.format(cell)
        return None

    def _is_one(self, field: str, actual: str | None) -> bool:
        """Whether the 实际完成值 stands in one cell."""
        value = self._value(field)
        if value is None or isinstance(value, str):
            return (value or "").strip() == (actual or "")
        return not isinstance(value, Decimal) or actual in [text for text, _ in _texts(value)]


def _texts(value: Any) -> list[tuple[str, str]]:
    """How a figure may be told, each with the expression for it."""
    from ...domain.numbers import plain

    if not isinstance(value, Decimal):
        return [(str(value).upper(), "{}")]
    return [(plain(value), "{}"), (plain(value * 100) + "%", '{}*100&"%"')]


def _computed(record: Evaluation, fields: set[str], rules: Profile) -> dict[str, Figure]:
    """What each of the fields will show once it is a formula, and the total."""
    from ...domain.scoring import scored, shown_line, shown_score, shown_total

    def emptied(row: Any, at: str) -> Any:
        return replace(row, **{name: None for name in ("rate", "score") if f"{at}.{name}" in fields})

    budget = tuple(emptied(line, f"budget[{n}]") for n, line in enumerate(record.budget))
    rows = tuple(emptied(row, f"indicators[{n}]") for n, row in enumerate(record.indicators))
    total = None if "total_score" in fields else record.total_score
    full = scored(replace(record, budget=budget, indicators=rows, total_score=total), rules)
    shown: dict[str, Figure] = {}
    for n, _ in enumerate(full.budget):
        shown |= dict(zip((f"budget[{n}].rate", f"budget[{n}].score"), shown_line(full, n), strict=True))
    for n, row in enumerate(full.indicators):
        shown[f"indicators[{n}].score"] = shown_score(row)
    return shown | {"total_score": shown_total(full)}


def _same(one: str, other: str) -> bool:
    """Whether two formulas are the same but for blanks, $ and capitals outside texts."""
    parts = [text.split('"') for text in (one, other)]
    for pieces in parts:
        pieces[::2] = ["".join(piece.split()).replace("$", "").upper() for piece in pieces[::2]]
    return parts[0] == parts[1]


def _ranges(spots: Iterable[Spot]) -> list[str]:
    """The cells as ranges down each column."""
    return [_range(run) for run in _runs(spots)]


def _range(run: list[Spot]) -> str:
    from ...workbook.grid import address

    return address(*run[0]) if len(run) == 1 else f"{address(*run[0])}:{address(*run[-1])}"


def _runs(spots: Iterable[Spot]) -> list[list[Spot]]:
    """The spots in unbroken runs down each column."""
    runs: list[list[Spot]] = []
    for row, column in sorted(spots, key=lambda spot: (spot[1], spot[0])):
        if runs and runs[-1][-1] == (row - 1, column):
            runs[-1].append((row, column))
        else:
            runs.append([(row, column)])
    return runs


def _figure(grid: Grid, spot: Spot) -> Figure:
    value = grid.cells.get(spot)
    return value if value is None or isinstance(value, Decimal) else str(value)


# ---- telling


def _say_why(sheet: xw.Sheet, reasons: dict[Spot, str]) -> None:
    """A note on every cell that shows 待核; ours on other cells are taken off. The clerk's own notes stay."""
    for spot, reason in reasons.items():
        cell = sheet.range(spot)
        note = cell.note
        if note is not None and not (note.text or "").startswith(NOTED):
            continue
        if note is not None and note.text != f"{NOTED}{reason}":
            note.delete()
        if reason and cell.note is None:
            cell.add_note(f"{NOTED}{reason}")


def _question(plan: _Plan) -> str:
    from ...domain.scoring import UNDECIDED

    moved = [change for change in plan.changes if differ(change.old, change.new)]
    same = len(plan.changes) - len(moved)
    lines = [f"将改写 {len(plan.changes)} 格为公式，实际完成值和分值不动。"]
    if moved:
        lines.append(f"其中 {len(moved)} 格的数会变：")
        lines += [f"　{change}" for change in moved[:SHOWN]]
        lines += [f"　……等共 {len(moved)} 格"] if len(moved) > SHOWN else []
    if same:
        lines.append(f"{same} 格的数不变。" if moved else "数都不变。")
    foreign = [f"{change.cell} ={change.held}" for change in plan.changes if change.held]
    if foreign:
        lines.append(f"其中 {len(foreign)} 格原来是别的公式，会被替换：")
        lines += [f"　{told if len(told) <= FORMULA else told[: FORMULA - 1] + '…'}" for told in foreign[:FORMULAS]]
        lines += [f"　……等共 {len(foreign)} 格"] if len(foreign) > FORMULAS else []
    if any(change.new == UNDECIDED and change.column == SCORE for change in moved):
        lines.append(f"“{UNDECIDED}”的格子会加批注，说明为什么、可以怎样写；也可先取消，改好实际完成值再点。")
    return "\n".join([*lines, *_skipped(plan.skipped), "改前会留备份。要改写吗？"])


def _skipped(reasons: list[str]) -> list[str]:
    more = "等" if len(reasons) > 3 else ""
    return [f"{len(reasons)} 格没有动：{'；'.join(reasons[:3])}{more}。请核对。"] if reasons else []


def _total_line(total: Figure, record: Evaluation) -> str:
    from ...domain.scoring import UNDECIDED, UNFILLED

    if total == UNFILLED:
        return f"总分：{UNFILLED}。请填上全年执行数和每条指标的实际完成值，总分会自动算出。"
    if total == UNDECIDED:
        return f"总分：{UNDECIDED}。请把“{UNDECIDED}”各行的金额、分值改成数字，实际完成值照指标值写，总分会自动算出。"
    if total is None:
        return "总分：空。填了实际完成值和全年执行数后会自动算出。"
    old = record.total_score
    return f"总分：{shown_as(total, TOTAL)}" + (
        f"（原来 {shown_as(old, TOTAL)}）。" if old not in (None, total) else "。"
    )


def _listed(cells: list[str]) -> str:
    return "、".join(cells[:SHOWN]) + (" 等" if len(cells) > SHOWN else "")
