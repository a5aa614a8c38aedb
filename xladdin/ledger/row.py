"""One row of a ledger: what its cells hold, as the type of their column has it; what cannot be is a mistake."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from ..domain import fields, numbers
from ..errors import Place
from ..workbook.formats import contradicts, written
from ..workbook.grid import Row as Line
from ..workbook.grid import Undated, Unread
from . import columns as names
from .days import EARLIEST, day_of, year_of
from .told import Mistake

_CONSTANT = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_FOUR = re.compile(r"\d{4}年?度?")
_MOST = 17  # digits of an amount: more money than there is
_TAKE = "请在“待核”表里选好或填好“采用”"
_DIGITS_ONLY = "请只填数字，没有就空着"


@dataclass(frozen=True, slots=True)
class Money:
    """The unit of a project's amounts: 元, 万元, None (the form's); from_headings: 金额单位 is blank, they say it.

    waits: 待核 still asks for it, and until then the amounts say nothing.
    """

    unit: str | None = None
    from_headings: bool = False
    waits: bool = False


class Headed(Protocol):
    """What a row asks of its sheet.

    roles: the sheets of the ledger whose rows it holds. columns: name → number.
    units: what a heading says of its amounts. extras: columns that only some forms have; required: those that must be
    filled. single: columns whose figure is of one row; doubtful: the numbers of columns that cannot be passed over.
    """

    roles: tuple[str, ...]
    columns: dict[str, int]
    extras: list[str]
    required: tuple[str, ...]
    types: dict[str, str]
    units: dict[str, str]
    single: frozenset[str]
    doubtful: set[int]

    def place(self, row: int, column: int) -> Place:
        """Where that is, for a message."""


class Row:
    """One row. A reader that cannot use a cell notes a mistake: then the row is `broken`.

    waiting: columns whose value is still asked for in 待核; they are blank, and that is noted.
    """

    __slots__ = ("sheet", "line", "covered", "mistakes", "notes", "_doubtful", "_waiting")

    def __init__(self, sheet: Headed, line: Line, covered: set[int], waiting: Set[int] = frozenset()):
        self.sheet, self.line, self.covered, self._waiting = sheet, line, covered, waiting
        self.mistakes: list[Mistake] = []
        self.notes: list[Mistake] = []
        if waiting:
            self.notes += (
                Mistake(self.place(column), f"{column}还在“待核”表里等着采用，{_blank(column)}", _TAKE)
                for column, at in sheet.columns.items()
                if at in waiting
            )
        self._doubtful = not sheet.doubtful.isdisjoint(line.cells) and any(
            not is_blank(line.cells.get(at)) for at in sheet.doubtful
        )

    @property
    def broken(self) -> bool:
        """Whether something in it cannot be used."""
        return bool(self.mistakes) or self._doubtful

    def place(self, column: str) -> Place:
        """Where the cell of that column is."""
        return self.sheet.place(self.line.number, self.sheet.columns.get(column, 1))

    def mistake(self, column: str, what: str, advice: str) -> None:
        """Note a mistake at that column's cell."""
        found = Mistake(self.place(column), what, advice)
        if found not in self.mistakes:  # a cell may be asked for twice
            self.mistakes.append(found)

    def told(self, whose: str | None) -> Iterator[Mistake]:
        """Its mistakes as those of a project."""
        return (replace(mistake, whose=whose) for mistake in self.mistakes)

    def filled(self) -> Iterator[tuple[str, object]]:
        """The columns that hold something, and what."""
        for column, at in self.sheet.columns.items():
            if at in self.line.formulas or not is_blank(self.line.cells.get(at)):
                yield column, self.line.cells.get(at) if at in self.line.cells else self.line.formulas.get(at)

    def has(self, column: str) -> bool:
        """Whether something stands there."""
        at = self.sheet.columns.get(column, 0)
        return at in self.line.formulas or not is_blank(self.line.cells.get(at))

    def is_own(self, column: str) -> bool:
        """Whether its own cell of that column is filled, and not that of a row above merged with it."""
        return self.has(column) and self.sheet.columns[column] not in self.covered

    def waits(self, column: str) -> bool:
        """Whether 待核 still asks what stands there."""
        return self.sheet.columns.get(column, 0) in self._waiting

    def plainly(self, *columns: str) -> tuple[Any, ...] | None:
        """What stands in those columns, where nothing else is to be known of the row than that."""
        line = self.line
        if line.formulas or line.percents or line.shown or self._waiting or self.broken:
            return None
        return tuple([line.cells.get(self.sheet.columns.get(column, 0)) for column in columns])

    def unknown(self, column: str) -> None:
        """Note that nothing can be made of a row while 待核 asks for that."""
        self.mistake(column, f"“{column}”还在“待核”表里等着采用", _TAKE)

    def raw(self, column: str) -> Any:
        """The value of a cell; None when blank or of no use, which is a mistake."""
        index = self.sheet.columns.get(column, 0)
        value = self.line.cells.get(index)
        if isinstance(value, Unread):
            self.mistake(column, f"{column}“{value}”看不懂", "请改填数值或文字，没有就空着")
            return None
        if value is None and index in self.line.formulas:
            what = f"{column}的公式没有算出值，或算出的是错误值"
            self.mistake(column, what, "请在 Excel 中打开台账、重新计算并保存，或改填值")
        return None if is_blank(value) else value

    def text(self, column: str) -> str | None:
        """Text as it stands; a number as it is seen, 95% as "95%"; a target typed =100% as "=100%"."""
        line, index = self.line, self.sheet.columns.get(column, 0)
        if index in line.formulas:
            formula = line.formulas[index].strip()
            if _CONSTANT.fullmatch(formula):
                if column == names.TARGET:
                    return f"={formula}"
                if index in line.uncomputed:
                    return formula
        value = self.raw(column)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            if index in line.percents:
                return numbers.plain(value * 100) + "%"
            look = line.shown.get(index)
            return written(value, look) if look else numbers.plain(value)
        return value.seen if isinstance(value, Undated) else value.isoformat()

    def values(self, paths: Mapping[str, str], money: Money) -> dict[str, Any]:
        """What the cells of columns that there are hold, as `value` has it, by field; none of those that are blank.

        paths: column → field.
        """
        cells, columns, types, plain = self.line.cells, self.sheet.columns, self.sheet.types, not self.line.formulas
        found = {}
        for column, path in paths.items():
            held = cells.get(columns[column])
            if plain and held is None:
                continue
            if plain and type(held) is str and types.get(column) in fields.TEXTS:  # as nearly always
                if not is_blank(held):
                    found[path] = held
            elif (value := self.value(column, money)) is not None:
                found[path] = value
        return found

    def value(self, column: str, money: Money) -> Any:
        """What a cell holds, as the column's type has it. money: the unit of its amounts."""
        how = self.sheet.types.get(column)
        if how in fields.FIGURES:
            if self.sheet.columns[column] in self.covered and column in self.sheet.single and self.has(column):
                what = f"{column}是几行合并的一格，不知道是每行都有，还是几行合起来"
                self.mistake(column, what, "请取消合并，各行分别填")
                return None
            return self.amount(column, money) if how == fields.AMOUNT else self.figure(column, how)
        return self.day(column) if how == fields.DATE else self.text(column)

    def needed(self, column: str) -> str | None:
        """The text of a cell that must not be blank, blanks around it left out."""
        seen = len(self.mistakes)
        text = self.text(column)
        if self.waits(column):
            self.unknown(column)
        elif text is None and len(self.mistakes) == seen:
            self.mistake(column, f"“{column}”没有填", f"请填写{column}")
        return text.strip() if text else None

    def year(self) -> int | None:
        """The 年度 of the row; None when blank, or when it is none, which is a mistake."""
        if self.waits(names.YEAR):
            self.unknown(names.YEAR)
        value = self.raw(names.YEAR)
        if value is None:
            return None
        year = None if isinstance(value, bool) else year_of(value)
        if year is None:
            text = self.text(names.YEAR) or ""
            wrong = "不在 1900 到 2099 年之间" if _FOUR.fullmatch(text.strip()) else "不是四位年份"
            self.mistake(names.YEAR, f"年度“{text}”{wrong}", "请填四位年份，如 2024")
        return year

    def amount(self, column: str, money: Money) -> Decimal | None:
        """Money in the project's unit; a text counts when it can only be one amount (1,100,000; 50万元)."""
        value = self.raw(column)
        if value is None or money.waits or isinstance(value, str) and numbers.is_blank_mark(value):
            return None
        if not self._unit_agrees(column, money):
            return None
        unit = money.unit
        if isinstance(value, Decimal):
            found = value if self._as_shown(column, value, unit) else None
        else:
            found = numbers.amount_of(value, unit) if isinstance(value, str) else None
            if found is None:
                self._no_amount(column, value, unit)
        if found is not None and found and found.adjusted() >= _MOST:
            self.mistake(column, f"{column}“{self.text(column)}”大得不可能是金额", _DIGITS_ONLY)
            return None
        if isinstance(value, str) and found is not None:
            self._note_conversion(column, value, found, unit)
        return found

    def _unit_agrees(self, column: str, money: Money) -> bool:
        """Whether heading and 金额单位 say the same of an amount."""
        said = self.sheet.units.get(column)
        if said is None and money.from_headings:
            what = "金额单位没有填，别的列名写了单位，这一列没有写，不知道是元还是万元"
        elif said and money.unit and said != money.unit:
            what = f"列名（或表头）写的单位是{said}，金额单位填的是{money.unit}"
        elif said and not money.unit:
            what = "金额单位没有填，各列名写的单位又不一样"
        else:
            return True
        self.mistake(column, what, "请把列名、金额单位和金额改成一致")
        return False

    def _as_shown(self, column: str, value: Decimal, unit: str | None) -> bool:
        """Whether a figure is shown as what it counts for: not as a percentage, nor in another unit or scale."""
        index = self.sheet.columns[column]
        if index in self.line.percents:
            what = f"{column}显示成百分比“{self.text(column)}”，不知道是不是金额"
            self.mistake(column, what, "请把单元格格式改成数值，核对金额")
            return False
        look = self.line.shown.get(index)
        if look and contradicts(value, look, unit):
            what = f"{column}显示成“{self.text(column)}”，存的数是 {numbers.plain(value)}，"
            what += f"而金额单位是{unit}" if unit else "而金额单位没有填"
            self.mistake(column, what, "请把金额和单元格格式改成金额单位那样")
            return False
        return True

    def _no_amount(self, column: str, value: object, unit: str | None) -> None:
        shown = self.text(column)
        if unit is None and isinstance(value, str) and numbers.amount_of(value, "元") is not None:
            what, advice = f"{column}“{shown}”写了单位，金额单位却没有填", "请填金额单位，或只填数字"
        else:
            what, advice = f"{column}“{shown}”不是数", _DIGITS_ONLY
        self.mistake(column, what, advice)

    def _note_conversion(self, column: str, value: str, found: Decimal, unit: str | None) -> None:
        said = numbers.unit_said(value)
        if said and unit and said != unit:
            what = f"{column}“{value.strip()}”换算成了 {numbers.plain(found)} {unit}"
            self.notes.append(Mistake(self.place(column), what, "请核对"))

    def figure(self, column: str, how: str) -> Decimal | None:
        """Points (20, 20分) or a rate (0.97, 97%)."""
        value = self.raw(column)
        if value is None or isinstance(value, str) and numbers.is_blank_mark(value):
            return None
        is_rate = how == fields.RATE
        if isinstance(value, Decimal):
            if self.sheet.columns[column] not in self.line.percents or is_rate:
                return value
        elif isinstance(value, str):
            text = "".join(value.split()).replace("％", "%")
            found = numbers.decimal_of(text.removesuffix("%" if is_rate else "分"))
            if found is not None:
                return found.scaleb(-2) if is_rate and text.endswith("%") else found
        self.mistake(column, f"{column}“{self.text(column)}”不是数", _DIGITS_ONLY)
        return None

    def day(self, column: str) -> dt.date | None:
        """A date, as a date cell or as people type it; of a month alone its first day, or the last where it ends."""
        value = self.raw(column)
        if value is None or isinstance(value, dt.date) and value >= EARLIEST:
            return value
        if isinstance(value, str) and numbers.is_blank_mark(value):
            return None
        if isinstance(value, (str, Decimal)) and not isinstance(value, bool):
            found = day_of(value, column == names.END)
            if found:
                return found
        self.mistake(column, f"{column}“{self.text(column)}”不是日期", "请填完整的日期，如 2024-01-01")
        return None


def _blank(column: str) -> str:
    """What comes of a cell meanwhile."""
    return "金额都先空着" if column == names.MONEY_UNIT else "先空着"


def is_blank(value: object) -> bool:
    """Whether nothing stands in a cell."""
    return value is None or isinstance(value, str) and (not value or value.isspace())
