"""One sheet of a ledger: its headings, and the rows below them that hold something of a project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING

from ..domain import fields, labels
from ..domain.naming import name_key
from ..errors import Place
from ..workbook.grid import Grid, Range, address
from ..workbook.grid import Row as Line
from . import columns as names
from .asked import Questions
from .headings import LOOKED_AT, headings_in
from .row import Row, is_blank
from .told import Mistake

if TYPE_CHECKING:
    from ..workbook.reading import SheetOnDisk

_SUMS = frozenset({"合计", "小计", "总计", "共计", "累计", "本页合计", "本页小计", "合计数", "合计金额", "总合计"})
_SUM = re.compile(r"\w{0,12}(?:合计|小计|总计)")  # 区民政局小计
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|数据来源|填报说明|填表说明|填报人|填表人|制表人?|审核人?|复核人?|经办人|负责人|项目负责人|"
    r"单位负责人|财务负责人|分管领导|联系人|联系电话|填报单位|填表单位|填报日期|填表日期|填报时间|日期)"
    r"\d?(?:\([^()]*\))?[::].*",
    re.DOTALL,
)
_ALONE = (names.YEAR, names.FORM, names.MONEY_UNIT)  # filled down before there is a project
_MOST_OF_NOTE = 4  # cells of a row that is a remark below the table


class Peeked:
    """A sheet whose first rows have been looked at, to tell what it is."""

    def __init__(self, source: Grid | SheetOnDisk):
        self.source = source
        self._rows = iter(source.rows())
        self.first = list(islice(self._rows, LOOKED_AT))

    def rows(self) -> Iterator[Line]:
        """All its rows; to be had once."""
        return chain(self.first, self._rows)


class Sheet:
    """The columns and rows of one sheet of the ledger, or of a flat one (roles: the sheets whose rows it holds)."""

    def __init__(self, peeked: Peeked, roles: tuple[str, ...], extras: set[str], answers: Questions):
        self.source, self.roles, self._answers = peeked.source, roles, answers
        self.headings = headings = headings_in(peeked.first, roles, extras)
        self.columns, self.extras, self.units = headings.columns, headings.extras, headings.units
        self.types = {column: self._type_of(column) for column in self.columns}
        self.single = self._single()
        merges = _merges_of(self.source)
        self._across: dict[int, list[tuple[int, int]]] = {}  # merges over several columns, by their row
        for top, left, _, right in merges:
            if right > left:
                self._across.setdefault(top, []).append((left, right))
        self._covers = _Covers([merge for merge in merges if merge[2] > merge[0]])
        self._lines = peeked.rows()
        self._after_note = self._any = False  # whether the row before was a remark, and there was a row at all
        self._headless: dict[int, Place] = {}
        self.required = tuple(name for role in roles for name in names.REQUIRED[role] if name != names.TARGET)
        needed = dict.fromkeys(name for role in roles for name in names.REQUIRED[role])
        self.missing = [column for column in needed if column not in self.columns]
        self._split = self._under_one_heading()
        self._headed = headings.texts.keys() | self._split.keys()
        self._live = {at for at, text in headings.texts.items() if labels.normalise(text) in names.LIVE}
        self.doubtful = {*headings.twice, *headings.near, *headings.elsewhere, *headings.parts, *self._split}

    def _type_of(self, column: str) -> str:
        role = next((role for role in self.roles if column in names.columns(role)), self.roles[0])
        return names.type_of(role, column)

    def _under_one_heading(self) -> dict[int, str]:
        """Columns without a heading of their own beside one whose heading is merged over them, and its name."""
        of = {at: name for name, at in self.columns.items()}
        return {
            at: of[left]
            for left, right in self._across.get(self.headings.row, ())
            for at in range(left + 1, min(right, left + LOOKED_AT) + 1)
            if left in of and at not in self.headings.texts
        }

    def _single(self) -> frozenset[str]:
        """Columns whose figure is of one row: merged over several, it is not known whether each has it."""
        of_rows = [role for role in self.roles if role != names.PROJECTS] or self.roles
        return frozenset(
            column
            for column, how in self.types.items()
            if how in fields.FIGURES and any(column in names.columns(role) for role in of_rows)
        )

    def place(self, row: int, column: int) -> Place:
        """Where that is, for a message."""
        return Place(self.source.file, self.source.sheet, address(row, column))

    def rows(self) -> Iterator[Row]:
        """The rows below the headings in which something of a project stands; to be had once."""
        known = set(self.columns.values()) | self.doubtful
        for line in self._lines:
            covered = self._covers.spread(line)
            if line.number <= self.headings.row:
                continue
            for at in self._live:  # long formulas, of no use here
                line.drop(at)
            waiting = self._answers.settle(line)
            own = {at for at, value in line.cells.items() if not is_blank(value)}
            if covered:
                own -= covered
            if waiting or line.formulas:
                own |= waiting | line.formulas.keys() - covered
            if not known.isdisjoint(own) and not self._passed_over(line, own):
                self._note_headless(line, own)
                self._any = True
                yield Row(self, line, covered, waiting)

    def _passed_over(self, line: Line, own: set[int]) -> bool:
        """Whether a row is the sample, a sum, or a remark below the table."""
        at = self.columns.get(names.PROJECT, 0)
        typed = line.cells.get(at)
        name = name_key(typed) if isinstance(typed, str) else ""
        if names.SAMPLE in name:
            return True
        if len(own) > _MOST_OF_NOTE and at in own and self.columns.get(names.YEAR) in own and name not in _SUMS:
            self._after_note = False
            return False
        if own <= {self.columns.get(name) for name in _ALONE}:
            return True
        texts = {column: name_key(line.cells[column]) for column in own if isinstance(line.cells.get(column), str)}
        if self._is_sum(name if at in own else "", texts, own):
            return True
        has_figure = any(isinstance(line.cells.get(column), Decimal) for column in own)
        if len(own) == len(texts) == 1 and any(
            left in own and left <= at <= right for left, right in self._across.get(line.number, ())
        ):
            return True  # a line across the table
        remark = len(own) <= _MOST_OF_NOTE and any(map(_NOTE.fullmatch, texts.values()))
        if remark or (self._after_note and len(own) == len(texts) == 1 and not has_figure):
            self._after_note = True
            return True
        self._after_note = False
        return False

    def _is_sum(self, name: str, texts: Mapping[int, str], own: set[int]) -> bool:
        if name:
            key = labels.label_key(name)
            return key in _SUMS or bool(_SUM.fullmatch(key)) and self.columns.get(names.YEAR) not in own
        item = self.columns.get(names.ITEM)
        return any(labels.label_key(text) in _SUMS for column, text in texts.items() if column != item)

    def _note_headless(self, line: Line, own: set[int]) -> None:
        for column in own - self._headed:
            self._headless.setdefault(column, self.place(line.number, column))

    def told_of_columns(self, needed: bool) -> tuple[list[Mistake], list[Mistake]]:
        """What is wrong with its columns, and what is only to be noted; once its rows have been read.

        needed: also columns that are missing from a sheet without any row are wrong.
        """
        for _ in self.rows():
            pass
        missing = self._missing() if needed or self._any else ()
        return [*self._wrong(), *missing], list(self._noted())

    def _wrong(self) -> Iterator[Mistake]:
        row, texts = self.headings.row, self.headings.texts
        for at, name in self.headings.twice.items():
            first = address(row, self.columns[name])
            what = f"“{_shown(texts[at])}”与 {first} 都是“{name}”，不知道用哪一列"
            yield Mistake(self.place(row, at), what, "请只留一列，另一列删去或改名")
        for at, name in self.headings.near.items():
            what = f"不认识“{_shown(texts[at])}”这一列，是不是“{name}”"
            advice = f"是的话请把列名改成“{name}”；不是的话请改成别的名字，或删去这一列"
            yield Mistake(self.place(row, at), what, advice)
        for at in sorted(self.headings.parts):
            what = f"“{_shown(texts[at])}”这一列是指标值的一部分，分开填的没有用上"
            yield Mistake(self.place(row, at), what, "请把符号、数值和单位一起填在“指标值”里，如 ≥90%、=91场")
        if self._split:
            over = next(iter(self._split.values()))
            what = f"“{over}”的列名合并了几列，不知道各列是什么"
            yield Mistake(self.place(row, self.columns[over]), what, "请取消合并，每列一个列名，一项内容填在一列里")
        for at in sorted(self.headings.elsewhere):
            what = f"“{_shown(texts[at])}”是“{names.EXECUTION}”表的列，这里填的没有用上"
            yield Mistake(self.place(row, at), what, f"请填到“{names.EXECUTION}”表里，一种资金一行")

    def _missing(self) -> Iterator[Mistake]:
        row = self.headings.row
        for column in self.missing:
            what = f"缺少“{column}”这一列"
            yield Mistake(self.place(row, 1), what, f"请在第 {row} 行补上“{column}”列")

    def _noted(self) -> Iterator[Mistake]:
        row = self.headings.row
        if others := self.headings.others:
            listed = "、".join(f"“{_shown(text)}”" for text in others.values())
            yield Mistake(self.place(row, min(others)), f"不认识{listed}，这几列没有用上" if len(others) > 1
                          else f"不认识{listed}这一列，没有用上", "要用的请改成台账的列名")  # fmt: skip
        for place in self._headless.values():
            yield Mistake(place, "这一列没有列名，其中的内容没有用上", f"要用的请在第 {row} 行补上列名")


def _shown(text: str) -> str:
    return "".join(text.split())


def _merges_of(source: Grid | SheetOnDisk) -> list[Range]:
    """Merged ranges, top first."""
    return sorted(source.merges if isinstance(source, Grid) else source.merges())


@dataclass(slots=True)
class _Cover:
    """What the first cell of a merged range holds."""

    last: int
    column: int
    held: Line


class _Covers:
    """Gives every row, asked for in order, what the merged cells that reach into it hold."""

    def __init__(self, merges: list[Range]):
        self._merges, self._at = merges, 0
        self._active: list[_Cover] = []

    def spread(self, line: Line) -> set[int]:
        """The columns of the row that are covered; their values are put into it."""
        if self._at == len(self._merges) and not self._active:
            return set()
        self._active = [cover for cover in self._active if cover.last >= line.number]
        covered = set()
        for cover in self._active:
            _copy(cover.held, line, cover.column)
            covered.add(cover.column)
        while self._at < len(self._merges) and self._merges[self._at][0] <= line.number:
            top, left, last, _ = self._merges[self._at]
            self._at += 1
            if last < line.number:
                continue
            cover = _Cover(last, left, Line(top))
            if top == line.number:
                _copy(line, cover.held, left)
            else:
                covered.add(left)  # its first row holds nothing at all
            self._active.append(cover)
        return covered


def _copy(source: Line, to: Line, column: int) -> None:
    to.drop(column)
    for name in ("cells", "formulas", "shown"):
        held = getattr(source, name)
        if column in held:
            getattr(to, name)[column] = held[column]
    for name in ("uncomputed", "percents"):
        if column in getattr(source, name):
            getattr(to, name).add(column)
