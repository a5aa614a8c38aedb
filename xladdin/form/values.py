"""Cell values as field values: what is plain is taken, what is unclear becomes a Doubt, nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from ..domain import fields, numbers
from ..domain.judging import EXACT
from ..domain.records import Doubt, Label, Record, Source
from ..domain.scoring import UNDECIDED, UNFILLED
from ..errors import Place
from ..workbook.formats import contradicts, written
from ..workbook.grid import PICTURE, Grid, Spot, Undated, Unread, placed, spot_of
from .arithmetic import evaluate
from .formulas import funds_parts
from .layout import PENDING

MOST_DOUBTS = 200  # of one form; the rest are counted
_FIRST_DAY = dt.date(1950, 1, 1)  # 2021 typed into a date cell is a day of 1905
NO_RESULT = "是公式，没有计算结果，按空白处理，请在 Excel 中打开并保存一次"
_ERROR = "是错误值，按空白处理，请改正公式或填写数值"
_NOT_TEXT = "不是文字，按空白处理，请写成文字"
_BREAKS = re.compile(r"[ \t\u3000\xa0]*[\r\n]+[ \t\u3000\xa0]*")
_REFERENCE = re.compile(r"\$?[A-Za-z]{1,3}\$?\d|[A-Za-z.]+\(|!|\"")
_TICKED, _OPEN = "☑☒■✓✔√●▣", "□☐○◻"
_MARKS = re.compile(f"([{_TICKED}{_OPEN}])")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十])[、.．)）]\s*")
_PERIOD = re.compile(r"\s*(?:至|到|~|～|—+|－|–|--)\s*")

_UNCHECKED = frozenset({UNDECIDED, UNFILLED, "待定", "待评"})


class Cells(Mapping[str, Place]):
    """Field → Place, the Place made when it is asked for. Thousands are held at once: forms alike share the names."""

    __slots__ = ("_at", "_file", "_lines", "_numbers", "_sheet")

    def __init__(self, grid: Grid, spots: Mapping[str, Spot]):
        self._file, self._sheet, self._lines = grid.file, grid.sheet, grid.lines
        self._numbers = _numbered(tuple(spots))
        self._at = array("I", chain.from_iterable(spots.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._file, self._sheet, self._lines, tuple(self._numbers), self._at)

    def __contains__(self, field: object) -> bool:
        return field in self._numbers

    def __getitem__(self, field: str) -> Place:
        return placed(self._file, self._sheet, self.spot(field), self._lines)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def spot(self, field: str) -> Spot:
        """Row and column of a field. Raises KeyError."""
        at = 2 * self._numbers[field]
        return self._at[at], self._at[at + 1]

    @property
    def sheet(self) -> str:
        """The sheet they all stand in."""
        return self._sheet

    @property
    def rows(self) -> Sequence[int]:
        """The row of each field."""
        return self._at[::2]


def cells_of(record: Record) -> Cells:
    """Where the fields of a record just read stand. Raises TypeError for one that was made in another way."""
    cells = record.source and record.source.cells
    if not isinstance(cells, Cells):
        raise TypeError(f"{record.project} was not read from a sheet")
    return cells


class RowFields(dict[str, str]):
    """The fields of one row of a table by attribute: target → indicators[3].target, each made when first asked for."""

    def __init__(self, at: str):
        self.at = at

    def __missing__(self, name: str) -> str:
        self[name] = field = f"{self.at}.{name}"
        return field


@lru_cache(maxsize=512)
def row_fields(table: str, number: int) -> RowFields:
    """Those of a row, counted from 0. Forms share them, as they do their names in Cells."""
    return RowFields(f"{table}[{number}]")


@lru_cache(maxsize=512)
def _numbered(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names)}


def _again(file: str | None, sheet: str, lines: Any, names: tuple[str, ...], at: array[int]) -> Cells:
    cells = Cells.__new__(Cells)
    cells._file, cells._sheet, cells._lines, cells._numbers, cells._at = file, sheet, lines, _numbered(names), at
    return cells


class Taker:
    """Takes the values of one form, noting where each stood and which stayed in doubt."""

    def __init__(self, grid: Grid):
        self.grid = grid
        self.unit: str | None = None
        self.spots: dict[str, Spot] = {}
        self.doubts: list[Doubt] = []
        self.texts: dict[str, str] = {}  # figures written as texts
        self.known: dict[Spot, Decimal | None] = {}  # formulas worked out
        self.used: set[Spot] = set()  # labels and headings that gave a value its meaning

    def source(self, labels: int = 0, unused: tuple[Label, ...] = ()) -> Source:
        """Where everything was. labels, unused: as Source has them."""
        doubts = self.doubts
        if len(doubts) > MOST_DOUBTS:
            first = doubts[MOST_DOUBTS]
            more = Doubt(first.field, f"等 {len(doubts) - MOST_DOUBTS} 处", first.where, "也看不懂，没有逐处列出")
            doubts = [*doubts[:MOST_DOUBTS], more]
        return Source(Cells(self.grid, self.spots), tuple(doubts), texts=self.texts, labels=labels, unused=unused)

    def doubt(self, field: str, text: object, spot: Spot, note: str = "") -> None:
        """Note that a cell was not understood."""
        if isinstance(text, Unread) and not note:
            note = _ERROR if text.text.startswith("#") else _NOT_TEXT if text.text == PICTURE else ""
        if text is PENDING:
            text, note = "=" + self.grid.formulas.get(spot, ""), note or NO_RESULT
        self.doubts.append(Doubt(field, str(text), self.grid.place(spot), note))

    def amount(self, field: str, spot: Spot, value: object) -> Decimal | None:
        """Money; text through amount_of; a number format or a text that names another unit is a doubt."""
        self.spots[field] = spot
        if value is None:
            return None
        if type(value) is Decimal:
            if spot in self.grid.percents or spot in self.grid.shown:
                return self._amount_shown(field, spot, value)
            return value
        if value is PENDING:
            formula = self.grid.formulas.get(spot, "")
            parts = [self.grid.cells.get(spot_of(part)) for part in funds_parts(formula)]
            figures = [part for part in parts if type(part) is Decimal]
            blank = [part for part in parts if part is None or type(part) is str and numbers.is_blank_mark(part)]
            if parts and len(figures) + len(blank) == len(parts):
                return sum(figures, Decimal(0)) if figures else None
            figure = evaluate(self.grid, formula, self.known)
            if figure is None:
                self.doubt(field, "=" + formula, spot, NO_RESULT)
            return figure
        if type(value) is str:
            if text := value.strip():
                self.texts[field] = text
            if numbers.is_blank_mark(value):
                return None
            figure = numbers.amount_of(value, self.unit)
            if figure is not None:
                said = numbers.unit_said(value)
                if said and self.unit and said != self.unit:
                    read_as = f"{numbers.plain(figure)} {self.unit}"
                    note = f"写的是{said}，表上的单位是{self.unit}，按 {read_as}读，请改成{self.unit}"
                    self.doubt(field, value.strip(), spot, note)
                return figure
        self.doubt(field, value, spot)
        return None

    def amount_in(self, unit: str | None, field: str, spot: Spot, value: object) -> Decimal | None:
        """Money under a label that names its own unit: converted exactly into the form's, said where the two differ."""
        if unit == self.unit:
            return self.amount(field, spot, value)
        own = self.unit
        self.unit = unit
        figure = self.amount(field, spot, value)
        self.unit = own
        if figure is None or not own or not unit or own == unit:
            return figure
        converted = numbers.convert(figure, unit, own)
        note = f"栏名写的单位是{unit}，表上的单位是{own}，按 {numbers.plain(converted)} {own}读，请统一单位"
        self.doubt(field, numbers.plain(figure), spot, note)
        return converted

    def percent(
        self, field: str, spot: Spot, value: object, executed: Decimal | None, budget: Decimal | None
    ) -> Decimal | None:
        """A rate under 执行率(%): 1.2 is 1.2 %, unless the amounts show that a fraction was written all the same."""
        figure = self.rate(field, spot, value)
        bare = numbers.decimal_of(value) if type(value) is str else value
        if figure is None or type(bare) is not Decimal or spot in self.grid.percents or spot in self.grid.shown:
            return figure
        percent = bare.scaleb(-2)
        if executed is None or not budget:
            return percent
        true = EXACT.divide(executed, budget)
        return min((percent, bare), key=lambda rate: abs(rate - true))

    def _amount_shown(self, field: str, spot: Spot, value: Decimal) -> Decimal | None:
        if spot in self.grid.percents:
            note = "是百分比格式，金额不能是百分比，按空白处理，请改单元格格式或金额"
        elif not contradicts(value, self.grid.shown[spot], self.unit):
            return value
        else:
            said = self.unit or "没有写明的"
            note = (
                f"是单元格格式显示的，存的数是 {numbers.plain(value)}，表上的单位是{said}，按空白处理，请按表上的单位填"
            )
        self.doubt(field, self.shown(spot, value), spot, note)
        return None

    def number(self, field: str, spot: Spot, value: object) -> Decimal | None:
        """Points; 待核, 未填完 and blank marks are null, as is a formula without a value."""
        self.spots[field] = spot
        if type(value) is Decimal:
            if spot not in self.grid.percents and spot not in self.grid.shown or field.endswith("rate"):
                return value
            look = self.grid.shown.get(spot)
            if look is None or look.power or look.before or look.after != "分":
                self.doubt(field, self.shown(spot, value), spot)  # 20% of what?
                return None
            return value
        if value is PENDING:
            return evaluate(self.grid, self.grid.formulas.get(spot, ""), self.known)  # None: left to who knows the form
        if value is None:
            return None
        if type(value) is str:
            text = "".join(value.split())
            if numbers.is_blank_mark(text) or text in _UNCHECKED:
                return None
            figure = numbers.decimal_of(text.removesuffix("分"))
            if figure is not None:
                self.texts[field] = value.strip()
                return figure
        self.doubt(field, value, spot)
        return None

    def weight(self, field: str, spot: Spot, value: object) -> Decimal | None:
        """Points of one indicator: a simple formula without a value is worked out, another is in doubt."""
        if value is PENDING:
            formula = self.grid.formulas.get(spot, "")
            value = evaluate(self.grid, formula, self.known)
            if value is None:
                self.doubt(field, "=" + formula, spot, NO_RESULT)
        return self.number(field, spot, value)

    def rate(self, field: str, spot: Spot, value: object) -> Decimal | None:
        """A fraction: 97.35% and 97.35 are 0.9735."""
        percent = False
        if type(value) is str:
            text = "".join(value.split()).replace("％", "%")
            percent = text.endswith("%")
            value = text.removesuffix("%") if percent else value
        elif type(value) is Decimal and (look := self.grid.shown.get(spot)):
            percent = look.after == "%" and not look.before and not look.power
            if not percent:
                value = Unread(written(value, look))
        figure = self.number(field, spot, value)
        if figure is None or spot in self.grid.percents:
            return figure
        return figure.scaleb(-2) if percent or figure > Decimal("1.5") else figure

    def date(self, field: str, spot: Spot, value: object) -> dt.date | None:
        """A date cell, or a text that is a full date."""
        self.spots[field] = spot
        if value is None or isinstance(value, dt.date) and value >= _FIRST_DAY:
            return value
        if type(value) in (str, Decimal):
            text = self.shown(spot, value) or ""
            if numbers.is_blank_mark(text):
                return None
            day = numbers.date_of(text)
            if day is not None:
                return day
        self.doubt(field, value if type(value) is Unread else self._shown(spot, value), spot)
        return None

    def period(self, spot: Spot, value: object) -> tuple[dt.date | None, dt.date | None]:
        """Both dates of 2020-01-01至2020-12-31; of any other text none: it is a length (1年, 长期)."""
        self.spots["start"] = self.spots["end"] = spot
        parts = _PERIOD.split(value) if type(value) is str else ()
        days = [numbers.date_of(part) for part in parts]
        if len(days) == 2 and all(days):
            return days[0], days[1]
        if value is not None and type(value) is not str:
            self.doubt("start", value if type(value) is Unread else self._shown(spot, value), spot)
        return None, None

    def name(self, field: str, spot: Spot, value: object) -> str | None:
        """A short text: line breaks and the blanks around them go, other blanks stay."""
        self.spots[field] = spot
        text = value.strip() or None if type(value) is str else self._text(field, spot, value)
        return _BREAKS.sub("", text) if text and ("\n" in text or "\r" in text) else text

    def choice(self, field: str, spot: Spot, value: object) -> str | None:
        """A short text, or the ticked one of 专项资金□ 经常性项目√ 一次性项目□."""
        return ticked(text) if (text := self.name(field, spot, value)) else None

    def long(self, field: str, spot: Spot, value: object) -> str | None:
        """A long text as it stands, outer white space off."""
        self.spots[field] = spot
        return value.strip() or None if type(value) is str else self._text(field, spot, value)

    def _text(self, field: str, spot: Spot, value: object) -> str | None:
        if value is PENDING or type(value) is Unread:
            note = NO_RESULT if value is PENDING else ""
            self.doubt(field, self._shown(spot, value) if value is PENDING else value, spot, note)
            return None
        return self.shown(spot, value)

    def shown(self, spot: Spot, value: object) -> str | None:
        """A value as text: 95% for a percent cell, 90场 for 90 shown so, 90 for 90.0, ISO for dates, or 11月28日."""
        if type(value) is str:
            return value.strip() or None
        if type(value) is Decimal:
            if spot in self.grid.percents:
                return numbers.plain(value.scaleb(2)) + "%"
            look = self.grid.shown.get(spot)
            return written(value, look) if look else numbers.plain(value)
        if isinstance(value, dt.date):
            return value.seen if isinstance(value, Undated) else value.isoformat()
        return None if value is None or type(value) is Unread else str(value).upper()

    def _shown(self, spot: Spot, value: object) -> str:
        return "=" + self.grid.formulas.get(spot, "") if value is PENDING else self.shown(spot, value) or ""

    def target(self, field: str, spot: Spot, value: object) -> str | None:
        """A 指标值 as printed: =100% typed into Excel is a formula, and means the text."""
        self.spots[field] = spot
        formula = self.grid.formulas.get(spot) if self.grid.formulas else None
        if formula and not _REFERENCE.search(formula):
            return "=" + formula
        return value.strip() or None if type(value) is str else self._text(field, spot, value)

    def actual(self, field: str, spot: Spot, value: object) -> str | None:
        """A 实际完成值: the value; an uncomputed formula without references gives what was typed."""
        self.spots[field] = spot
        if value is PENDING:
            formula = self.grid.formulas.get(spot, "")
            if not _REFERENCE.search(formula):
                figure = None if formula.endswith("%") else evaluate(self.grid, formula, self.known)
                return formula.strip() if figure is None else numbers.plain(figure)
        return value.strip() or None if type(value) is str else self._text(field, spot, value)


# how the value of a field of a type (fields.TYPES) is taken from its cell: taker, field, spot, value
TAKES: dict[str, Callable[[Taker, str, Spot, object], Any]] = {
    fields.NAME: Taker.name,
    fields.CHOICE: Taker.choice,
    fields.LONG: Taker.long,
    fields.TARGET: Taker.target,
    fields.ACTUAL: Taker.actual,
    fields.DATE: Taker.date,
    fields.AMOUNT: Taker.amount,
    fields.RATE: Taker.rate,
    fields.WEIGHT: Taker.weight,
    fields.POINTS: Taker.number,
}


def ticked(text: str) -> str | None:
    """The ticked option(s) of a row of boxes; a text without boxes as it stands."""
    if not _MARKS.search(text):
        return text
    pieces = _MARKS.split(text)
    if pieces[0].strip():  # the mark follows its option
        pairs = [(pieces[i], pieces[i + 1]) for i in range(0, len(pieces) - 1, 2)]
    else:
        pairs = [(pieces[i + 1], pieces[i]) for i in range(1, len(pieces) - 1, 2)]
    chosen = [_option(option) for option, mark in pairs if mark in _TICKED]
    return "、".join(option for option in chosen if option) or None


def _option(text: str) -> str:
    """An option without its numbering, separators and the brackets of its box; brackets of its own stay."""
    text = _NUMBERING.sub("", text).strip(" \u3000、，,;；:：").lstrip(")）").rstrip("(（")
    opened, closed = (sum(text.count(char) for char in pair) for pair in ("(（", ")）"))
    if opened != closed:
        text = text.lstrip("(（") if opened > closed else text.rstrip(")）")
    return text.strip(" \u3000、，,;；:：")
