"""Where the fields of a blank form are to stand, and what its cells are to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..domain import fields
from ..domain.kinds import Kind, kind_of
from ..domain.labels import without_head, without_tail
from ..domain.records import BUDGET_ITEMS
from ..workbook.grid import Grid, Spot
from .layout import is_title, year_in
from .marking import BLANK_YEAR, Blank, column_of, filled
from .ticks import choices
from .values import Cells

_SAMPLE = re.compile(r"[.…·\s]+|[xX×*＊]{2,}.*")
_DASHES = "—-－–―/／─"
_FORMULA_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?(\d+)(?::\$?[A-Z]{1,3}\$?(\d+))?")
_PARTS = {"sign": "符号", "figure": "数值", "measure": "计量单位"}
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Placed:
    """A field and its cell: `field` as expressions name it, `spot` in the blank, `was` the text that stood there."""

    field: str
    spot: Spot
    was: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """A blank form understood.

    texts: what each cell is to hold; placed: the fields, in printed order; extra: labels that no field has and that
    become columns of the ledger; unused: rows of money no field has; block: first and last row of the indicators;
    kept: cells whose own formula stays; lost: those whose formula cannot stay, for it names rows that go; year: as
    printed; midterm: whether columns of 中期 stand beside the year's, which stay blank; dropped: what stood on the rows
    that go and is neither a level nor a sample (小计).
    """

    kind: Kind
    title: str
    year: int | None
    money_unit: str | None
    block: tuple[int, int]
    texts: Mapping[Spot, str]
    placed: tuple[Placed, ...]
    extra: tuple[str, ...]
    rates: frozenset[Spot]
    dates: frozenset[Spot]
    kept: Mapping[Spot, str]
    lost: Mapping[Spot, str]
    unused: tuple[str, ...]
    midterm: bool
    dropped: tuple[str, ...]


def place(grid: Grid, borders: set[Spot], extras: Mapping[str, str]) -> Placing:
    """Where the fields of the blank in a sheet are to stand. borders: its cells that have one.

    Raises NotAForm where there is none, UnreadableForm, TemplateError for one that cannot be made a template.
    """
    return _Placer(Blank(grid, borders, extras)).placing()


class _Placer:
    """Turns the cells that the recogniser named into what they are to hold."""

    def __init__(self, blank: Blank):
        self.blank, self.grid, self.header, self.block = blank, blank.grid, blank.header, blank.block
        self.kind = kind_of(blank.record)
        source = blank.record.source
        cells = source.cells if source and isinstance(source.cells, Cells) else None
        self.spots = {field: cells.spot(field) for field in cells} if cells else {}
        self.unused: list[str] = []
        self.placed: list[Placed] = []
        self.texts: dict[Spot, str] = {}
        self.kept: dict[Spot, str] = {}
        self.lost: dict[Spot, str] = {}

    def placing(self) -> Placing:
        found = self._found()
        extra = self._unknown({spot for spot, _ in found})
        found += [(spot, _extra(name)) for spot, name in extra.items()]
        if year := self.blank.year_left(self.blank.project):
            spot, text = year
            self.texts[spot] = BLANK_YEAR.sub("{{ 年度 }}", text, count=1)
            self.placed.append(Placed("年度", spot, text))
        wanted: dict[Spot, list[str]] = {}
        for spot, name in found:
            if self._takes(spot):
                wanted.setdefault(spot, []).append(name)
                was = None if spot in self.blank.inline else self.grid.cells.get(spot)
                self.placed.append(Placed(name, spot, "" if was is None else str(was)))
        self.texts |= {spot: self._text(spot, names) for spot, names in wanted.items()}
        parts = self._parts()
        others = sorted(parts.keys() - {(self.block[0], column_of(self.header, "target"))})
        self.placed += [Placed("指标.指标值", spot) for spot in others]
        self.texts |= parts
        self.texts |= self._cleared()
        single = {spot: names[0] for spot, names in wanted.items() if len(names) == 1 and spot not in self.blank.inline}
        return Placing(
            kind=self.kind,
            title=self._title(),
            year=self._year(),
            money_unit=self.blank.record.money_unit,
            block=self.block,
            texts=self.texts,
            placed=tuple(sorted(self.placed, key=lambda each: each.spot)),
            extra=tuple(extra.values()),
            rates=frozenset(spot for spot, name in single.items() if name.endswith(".执行率")),
            dates=frozenset(spot for spot, name in single.items() if name in ("计划开始日期", "计划完成日期")),
            kept=self.kept,
            lost=self.lost,
            unused=tuple(dict.fromkeys(self.unused)),
            midterm=self.header.other is not None,
            dropped=tuple(self._dropped()),
        )

    def _found(self) -> list[tuple[Spot, str]]:
        """Every cell the recogniser named, and the field of it."""
        kind, spots, record = self.kind, self.spots, self.blank.record
        single = [(word, path) for word, path in kind.words.items() if path not in ("year", "money_unit")]
        found = [(spots[path], word) for word, path in single if path in spots]
        for number, line in enumerate(record.budget):
            for word, path in kind.budget.columns.items() if kind.budget else ():
                spot = spots.get(f"budget[{number}].{path}")
                if spot and line.item in BUDGET_ITEMS:
                    found.append((spot, f"{line.item}.{word}"))
                elif spot:
                    self.unused.append(line.item)
        for word, path in kind.indicators.columns.items():
            if path in self.header.columns:
                found.append(((self.block[0], column_of(self.header, path)), f"指标.{word}"))
        names = [name for name in record.extra if f"extra.{name}" in spots]
        signed = [name for name in names if spots[f"extra.{name}"][0] > self.block[1] and name != fields.GRADE]
        names = [name for name in names if name not in signed]  # who signs is written by hand where a blank asks for it
        return found + [(spots[f"extra.{name}"], _extra(name)) for name in names]

    def _takes(self, spot: Spot) -> bool:
        """Whether a cell is free for a field: no label, no “—”, no formula of the blank's own that can stay."""
        if formula := self.grid.formulas.get(spot):
            if self._stays(formula, spot[0]):
                self.kept[spot] = formula
                return False
            self.lost[spot] = formula
        if spot[1] > self.blank.last_column:
            return False
        if spot not in self.blank.inline and spot not in self.blank.sampled and self.blank.is_label(spot):
            return False
        was = self.grid.cells.get(spot)
        return not (type(was) is str and was.strip() and not was.strip().strip(_DASHES))

    def _parts(self) -> dict[Spot, str]:
        """The columns in which a 指标值 stands in parts, and which part each is to hold."""
        header, row = self.header, self.block[0]
        first: dict[str, int] = {}
        for column in sorted(header.owners):
            if header.owners[column] == "target":
                first.setdefault(header.roles.get(column, "figure"), column)
        if not {"sign", "measure"} & set(first) or "figure" not in first:
            return {}
        figure = [role for role in _PARTS if role == "figure" or role not in first]
        texts = {(row, first["figure"]): "".join(_expression(f"指标.指标值 | {_PARTS[role]}") for role in figure)}
        for role in ("sign", "measure"):
            if role in first:
                texts[row, first[role]] = _expression(f"指标.指标值 | {_PARTS[role]}")
        return texts

    def _cleared(self) -> dict[Spot, str]:
        """Samples in the row that stays, in columns nothing is written to: those of 中期 beside the year's."""
        columns = {*self.header.owners, *(self.header.other.owners if self.header.other else ())}
        spots = {(self.block[0], column) for column in columns} - self.texts.keys()
        return {spot: "" for spot in spots if spot in self.grid.cells and spot not in self.grid.formulas}

    def _dropped(self) -> Iterator[str]:
        """Texts of the rows that go which are no level and no sample: 小计."""
        for row in range(self.block[0] + 1, self.block[1] + 1):
            for column, value, name in self.blank.layout.rows.get(row, ()):
                text = "".join(str(value).split())
                mine = self.header.owners.get(column) in ("level1", "level2", "name", None)
                if text in ("小计", "合计") or not mine and name is None and type(value) is str and len(text) > 4:
                    yield f"{self.grid.place((row, column)).cell}“{text[:20]}”"

    def _title(self) -> str:
        cells = self.grid.cells.items()
        above = [text for spot, text in cells if type(text) is str and spot[0] <= self.blank.project[0]]
        return _bare_title(next((text for text in reversed(above) if is_title(text)), ""))

    def _year(self) -> int | None:
        for (row, _), text in sorted(self.grid.cells.items(), key=lambda item: item[0]):
            if row <= self.blank.project[0] and type(text) is str and (year := year_in(text)):
                return year
        return None

    def _stays(self, formula: str, row: int) -> bool:
        """Whether a formula of the blank's own, in that row, is right whatever becomes of the indicator rows."""
        top, bottom = self.block
        for match in _FORMULA_REFERENCE.finditer(formula):
            first, last = int(match[1]), int(match[2] or match[1])
            whole = match[2] and first <= top and last >= bottom
            if not whole and row != top and first <= bottom and last >= top and top < bottom:
                return False
        return True

    def _unknown(self, taken: set[Spot]) -> dict[Spot, str]:
        """Labels above the indicators that no field has, by the blank cell beside each: 项目编号, 项目负责人."""
        blank = self.blank
        lines = [spot[0] for name, spot in self.spots.items() if name.startswith("budget[")]
        table = set(range(min(lines) - 1, max(lines) + 1)) if lines else set()
        extra: dict[Spot, str] = {}
        for row in blank.layout.rows_between(blank.project[0], self.header.row - 1):
            for column, value, name in blank.layout.rows[row] if row not in table else ():
                if name not in (None, "other") or type(value) is not str or (row, column) in blank.inline:
                    continue
                text = without_tail(without_head("".join(value.split())))
                beside = blank.free((row, column))
                if not beside or beside in self.grid.cells or beside in taken or beside not in blank.borders:
                    continue
                if 2 <= len(text) <= 15 and not _SAMPLE.fullmatch(text) and text not in extra.values():
                    extra[beside] = text
        return extra

    def _text(self, spot: Spot, names: list[str]) -> str:
        """What a cell is to hold."""
        was = self.grid.cells.get(spot)
        if spot in self.blank.inline:
            found = self.blank.inline[spot]
            words = [names[0]] if len(found) == 1 else [_named(label, names, self.kind) for _, label in found]
            shown = [word and _expression(word) for word in words]
            return filled(str(was), [(at, word) for (at, _), word in zip(found, shown, strict=True)])
        if spot in self.blank.sampled:
            label, value = self.blank.sampled[spot]
            return label + (choices(value, names[0]) or _expression(names[0]))
        if {"计划开始日期", "计划完成日期"} <= set(names):
            return "{{ 计划开始日期 }}至{{ 计划完成日期 }}"
        return type(was) is str and choices(was, names[0]) or _expression(names[0])


def _named(label: str, names: list[str], kind: Kind) -> str:
    """Which of some fields a label is printed for: 财政拨款 may be the project's or the year's. "" where it is none."""
    wanted = (label, label.replace("funds.", "funds.annual_"), label.replace("extra.", f"{fields.EXTRA}."))
    return next((name for name in names if kind.words.get(name, name) in wanted), "")


def _extra(name: str) -> str:
    return f"{fields.EXTRA}.{name}" if _IDENTIFIER.fullmatch(name) else f"{fields.EXTRA}['{name}']"


def _expression(name: str) -> str:
    return "{{ " + name + " }}"


def _bare_title(text: str) -> str:
    """A title without its year: 项目支出绩效自评表."""
    text = re.sub(r"[(（\[【][^()（）]*年[^()（）]*[)）\]】]", "", "".join(text.split()))
    return re.sub(r"^[\d_＿×Xx*〇○□]*年度?", "", text)
