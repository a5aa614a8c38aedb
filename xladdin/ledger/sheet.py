"""One sheet of a ledger: its columns found by their headers, its cells understood or noted as mistakes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from ..domain import fields, numbers
from ..errors import Place
from ..workbook.formats import contradicts, written
from ..workbook.grid import Grid, Unread, address
from ..workbook.grid import Row as Line
from . import columns as names

if TYPE_CHECKING:
    from ..workbook.reading import SheetOnDisk

_CONSTANT = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_YEAR = re.compile(r"((?:19|[2-9]\d)\d\d)年?度?")
MOST_TOLD, LONGEST_TOLD = 500, 400  # mistakes of one ledger (the rest are counted), characters of one
EARLIEST_DAY = dt.date(1950, 1, 1)  # 2021 typed into a date cell is a day of 1905


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the ledger that needs the person's hand."""

    where: Place
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.where}：{self.what}。{self.advice}"


class Told(list[Mistake]):
    """Mistakes as they are found, the first ones: `more` of them were counted and not kept."""

    more = 0

    def append(self, mistake: Mistake) -> None:
        """Take one more, what it quotes cut to what can be read; or count it."""
        if len(self) < MOST_TOLD:
            cut = len(mistake.what) > LONGEST_TOLD
            super().append(replace(mistake, what=mistake.what[:LONGEST_TOLD] + "…") if cut else mistake)
        else:
            self.more += 1

    def listed(self, place: Place) -> tuple[Mistake, ...]:
        """Those kept, and how many there are besides. place: of the ledger."""
        if not self.more:
            return tuple(self)
        what = f"等 {len(self) + self.more} 处，其余 {self.more} 处没有逐处列出"
        return (*self, Mistake(place, what, "请先改正上面列出的，再运行一次"))


class Sheet:
    """The columns and rows of one sheet; what is wrong with its rows goes to `mistakes`."""

    def __init__(self, source: Grid | SheetOnDisk, name: str, extras: set[str], mistakes: list[Mistake]):
        self.source, self.name, self.mistakes = source, name, mistakes
        self.columns: dict[str, int] = {}
        self.extras: list[str] = []
        self._amiss = Told()
        self._lines = iter(source.rows())
        first = next(self._lines, None)
        self._headers = dict(sorted(first.cells.items())) if first and first.number == 1 else {}
        if first and first.number != 1:
            self._lines = chain([first], self._lines)
        self._headless: dict[int, Place] = {}
        self._find_columns(extras)
        self.types = {column: names.type_of(name, column) for column in self.columns}
        self.missing = [column for column in names.REQUIRED[name] if column not in self.columns]

    def _find_columns(self, extras: set[str]) -> None:
        known = {*names.columns(self.name), *names.OPTIONAL[self.name]}
        for column, value in self._headers.items():
            header = "".join(str(value).split())
            place = self.place(1, column)
            if header in self.columns:
                self._note(place, f"“{header}”这一列出现了两次", "只用了前一列，请删去或改名")
            elif header in known:
                self.columns[header] = column
            elif header in extras and self.name == names.PROJECTS:
                self.columns[header] = column
                self.extras.append(header)
            elif header:
                self._note(place, f"不认识“{header}”这一列，没有用上", "请改成台账的列名，或删去这一列")

    def place(self, row: int, column: int) -> Place:
        """Where that is, for a message."""
        return Place(self.source.file, self.source.sheet, address(row, column))

    def _note(self, place: Place, what: str, advice: str) -> None:
        self._amiss.append(Mistake(place, what, advice))

    def rows(self) -> Iterator[Row]:
        """The rows below the header in which anything stands under a known column; to be had once."""
        known = self.columns.values()
        for line in self._lines:
            if not line.cells.keys() <= self._headers.keys():
                self._note_headless(line)
            if any(column in line.formulas or not _is_blank(line.cells.get(column)) for column in known):
                yield Row(self, line)

    def _note_headless(self, line: Line) -> None:
        for column in sorted(line.cells.keys() - self._headers.keys()):
            if not _is_blank(line.cells[column]):
                self._headless.setdefault(column, self.place(line.number, column))

    def mistakes_of_columns(self) -> tuple[Mistake, ...]:
        """What is wrong with its columns, as far as they reach; rows nobody asked for are gone through now."""
        for _ in self.rows():
            pass
        for place in self._headless.values():
            self._note(place, "这一列没有列名，其中的内容没有用上", "请在第 1 行补上列名，或删去这一列")
        for column in self.missing:
            place = Place(self.source.file, self.source.sheet, "A1")
            self._note(place, f"缺少“{column}”这一列", f"请在第 1 行补上“{column}”列")
        return self._amiss.listed(Place(self.source.file, self.source.sheet))


class Row:
    """One row; every reader notes a mistake and marks the row broken when the cell cannot be used."""

    __slots__ = ("sheet", "line", "broken")

    def __init__(self, sheet: Sheet, line: Line):
        self.sheet, self.line, self.broken = sheet, line, False

    def place(self, column: str) -> Place:
        """Where the cell of that column is."""
        index = self.sheet.columns.get(column, 1)
        return self.sheet.place(self.line.number, index)

    def mistake(self, column: str, what: str, advice: str) -> None:
        """Note a mistake at that column's cell."""
        self.broken = True
        found = Mistake(self.place(column), what, advice)
        if found not in self.sheet.mistakes[-len(self.sheet.columns) :]:  # a cell may be asked for twice
            self.sheet.mistakes.append(found)

    def _raw(self, column: str) -> object:
        index = self.sheet.columns.get(column, 0)
        value = self.line.cells.get(index)
        if value is None and index in self.line.formulas:
            self.mistake(
                column, "这个公式没有算出值，或算出的是错误值", "请在 Excel 中打开台账、重新计算并保存，或改填值"
            )
        if isinstance(value, Unread):
            self.mistake(column, f"{column}“{value}”看不懂", "请改填数值或文字，没有就空着")
            return None
        return None if _is_blank(value) else value

    def text(self, column: str) -> str | None:
        """Text as it stands; a number as plain figures, 95% as "95%"; a target typed =100% as "=100%"."""
        line, index = self.line, self.sheet.columns.get(column, 0)
        if index in line.formulas:
            formula = line.formulas[index].strip()
            if _CONSTANT.fullmatch(formula):
                if column == names.TARGET:
                    return f"={formula}"
                if index in line.uncomputed:
                    return formula
        value = self._raw(column)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            if index in line.percents:
                return numbers.plain(value * 100) + "%"
            look = line.shown.get(index)
            return written(value, look) if look else numbers.plain(value)
        return value.isoformat()

    def value(self, column: str, unit: str | None = None) -> Any:
        """What a cell holds, as the column's type has it; `unit`: of its amounts."""
        how = self.sheet.types.get(column)
        if how in fields.FIGURES:
            return self.amount(column, unit if how == fields.AMOUNT else None, percent=how == fields.RATE)
        return self.day(column) if how == fields.DATE else self.text(column)

    def needed(self, column: str) -> str | None:
        """The text of a cell that must not be blank, blanks around it left out."""
        seen = self.broken
        text = self.text(column)
        if text is None and self.broken == seen:
            self.mistake(column, f"“{column}”没有填", f"请填写{column}")
        return text.strip() if text else None

    def year(self) -> int | None:
        """The 年度 of the row: 2021 as a number or as text."""
        seen = self.broken
        value = self._raw(names.YEAR)
        if self.broken and not seen:
            return None
        text = numbers.plain(value) if isinstance(value, Decimal) else str(value or "").strip()
        match = _YEAR.fullmatch(text)
        if match:
            return int(match[1])
        shown = self.text(names.YEAR)
        what = f"年度“{shown}”不是四位年份" if shown else "“年度”没有填"
        self.mistake(names.YEAR, what, "请填四位年份，如 2024")
        return None

    def amount(self, column: str, unit: str | None = None, percent: bool = False) -> Decimal | None:
        """A figure; text is taken when it can only be one (1,100,000 or, the unit known, 50万元)."""
        value = self._raw(column)
        if value is None or isinstance(value, Decimal) and self._plain(column, value, unit, percent):
            return value
        if isinstance(value, str):
            if numbers.is_blank_mark(value):
                return None
            found = numbers.amount_of(value, unit)
            if found is not None:
                return found
        self.mistake(column, f"{column}“{self.text(column)}”不是数", "请只填数字，没有就空着")
        return None

    def _plain(self, column: str, value: Decimal, unit: str | None, percent: bool) -> bool:
        """Whether a figure is shown as what it counts for: as a percentage only if `percent`, in no other unit."""
        index = self.sheet.columns.get(column, 0)
        look = self.line.shown.get(index)
        return (percent or index not in self.line.percents) and (look is None or not contradicts(value, look, unit))

    def day(self, column: str) -> dt.date | None:
        """A date, as a date cell or as text such as 2021-01-01 or 2021年1月1日."""
        value = self._raw(column)
        if value is None or isinstance(value, dt.date) and value >= EARLIEST_DAY:
            return value
        if isinstance(value, str):
            if numbers.is_blank_mark(value):
                return None
            found = numbers.date_of(value)
            if found:
                return found
        self.mistake(column, f"{column}“{self.text(column)}”不是日期", "请填完整的日期，如 2024-01-01")
        return None


def _is_blank(value: object) -> bool:
    return value is None or isinstance(value, str) and not value.strip()
