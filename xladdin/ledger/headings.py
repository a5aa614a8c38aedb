"""The headings of a sheet of the ledger: which row they are, what each column holds, and in which money unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..domain import fields, labels
from ..domain.naming import name_key
from ..workbook.grid import Row as Line
from . import columns as names

LOOKED_AT = 20  # rows in which headings may stand
_NEAR = 70  # of 100: a heading this like one that is missing may be a slip
_LONGEST_TITLE = 60


@dataclass(slots=True)
class Headings:
    """What the headings of a sheet say.

    row: their number; 1 where none were found. columns: name → index. units: money unit that a heading, else a
    title above, names for the amounts below. extras: names of fields that only some forms have, in `columns` too.
    others: index → heading of columns that are none of the ledger's; twice: those that repeat one; near: those that
    may be a slip, and for what; elsewhere: amounts that belong into 资金执行; parts: of a 指标值, in columns of their
    own. texts: index → heading, of all.
    """

    row: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    extras: list[str] = field(default_factory=list)
    others: dict[int, str] = field(default_factory=dict)
    twice: dict[int, str] = field(default_factory=dict)
    near: dict[int, str] = field(default_factory=dict)
    elsewhere: set[int] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)
    texts: dict[int, str] = field(default_factory=dict)

    def has(self, *wanted: str) -> bool:
        """Whether there is a column of each of those names."""
        return all(name in self.columns for name in wanted)


def headings_in(lines: Sequence[Line], sheets: Sequence[str], extras: Iterable[str]) -> Headings:
    """The headings among the first rows of a sheet that holds what the sheets of those names hold.

    extras: names that a column of 项目 may have besides.
    """
    known = _Known(sheets, extras)
    best: Headings | None = None
    for line in lines:
        found = _row(line, known)
        if best is None or len(found.columns) > len(best.columns):
            best = found
    if best is None or len(best.columns) < 2:
        return Headings()
    at = next(at for at, line in enumerate(lines) if line.number == best.row)
    for line in lines[max(at - 1, 0) : at + 2]:
        texts_only = all(isinstance(value, str) for value in line.cells.values())
        if abs(line.number - lines[at].number) == 1 and texts_only:
            _join(best, _row(line, known))
    _parts_of_the_year(best, known)
    _near(best, known)
    _units(best, known, [line for line in lines[: at + 1] if line.number < best.row])
    return best


def _join(found: Headings, beside: Headings) -> None:
    """Headings of two rows: those of the row above or below that stand where this one has none, or a group's."""
    occupied = set(found.columns.values())
    free = [name for name, at in beside.columns.items() if name not in found.columns and at not in occupied]
    if not free or len(free) < len(beside.columns):
        return  # a row of the table
    for name in free:
        at = beside.columns[name]
        found.columns[name], found.texts[at] = at, beside.texts[at]
        found.others.pop(at, None)
        if name in beside.extras:
            found.extras.append(name)
    for at, text in beside.texts.items():
        if at not in found.texts:
            found.texts[at] = found.others[at] = text
    found.row = max(found.row, beside.row)


class _Known:
    """Which wording stands for which column, on a sheet that holds what some of the ledger's hold."""

    def __init__(self, sheets: Sequence[str], extras: Iterable[str]):
        own: dict[str, str] = {}
        for sheet in sheets:
            own |= dict.fromkeys((*names.columns(sheet), *names.OPTIONAL[sheet]), sheet)
        self.sheet_of = own
        budget = names.columns(names.EXECUTION)
        self.of_execution = {
            name for name in budget if name not in own and names.type_of(names.EXECUTION, name) == fields.AMOUNT
        }
        self.exact = {labels.normalise(name): name for name in own}
        self.extras = {labels.normalise(name): name for name in extras} if names.PROJECTS in sheets else {}
        self.paths = {path: name for sheet in reversed(sheets) for name, path in names.paths(sheet).items()}
        self.paths |= {path: name for path, name in (("project", names.PROJECT), ("unit", names.UNIT)) if name in own}
        self.words = {word: name for word, name in names.WORDS.items() if name in own}

    def exactly(self, text: str) -> str | None:
        """The column whose own name this is, whatever stands around it: *年度 （必填）."""
        whole, key = labels.normalise(text), labels.label_key(text)
        return self.exact.get(whole) or self.exact.get(key) or self.extras.get(whole) or self.extras.get(key)

    def by_words(self, text: str) -> str | None:
        """The column that other words stand for."""
        return self.words.get(labels.label_key(text)) or self.paths.get(labels.canonical(text) or "")

    def is_amount(self, name: str) -> bool:
        """Whether money stands in that column."""
        return name in self.sheet_of and names.type_of(self.sheet_of[name], name) == fields.AMOUNT


def _row(line: Line, known: _Known) -> Headings:
    """A row taken for headings."""
    found = Headings(line.number)
    found.texts = {at: text for at, text in sorted(line.cells.items()) if isinstance(text, str) and text.strip()}
    exact = {at: known.exactly(text) for at, text in found.texts.items()}
    for at, name in exact.items():
        if name in found.columns:
            found.twice[at] = name
        elif name:
            found.columns[name] = at
            if name not in known.sheet_of:
                found.extras.append(name)
    for at, text in found.texts.items():
        if exact[at]:
            continue
        name = known.by_words(text)
        if name and name not in found.columns:
            found.columns[name] = at
        elif labels.normalise(text) not in names.SILENT and labels.label_key(text) not in names.SILENT:
            found.others[at] = text
    return found


def _parts_of_the_year(found: Headings, known: _Known) -> None:
    """财政资金 and 其他资金 behind the year's total are the year's; near where they may be the project's as well."""
    start = found.columns.get(names.TOTAL_OF_YEAR)
    if start is None:
        return
    whole = found.columns.get(names.TOTAL)
    for name, own in names.OF_THE_YEAR.items():
        at = found.columns.get(name)
        if own in found.columns or at is None:
            continue
        again = [
            column
            for column in sorted((*found.twice, *found.others))
            if column > start and name in (known.exactly(found.texts[column]), known.by_words(found.texts[column]))
        ]
        if again and at < start:  # the project's, then the year's
            found.columns[own] = again[0]
            found.twice.pop(again[0], None)
            found.others.pop(again[0], None)
        elif at > start and (whole is None or whole > at):
            found.columns[own] = found.columns.pop(name)
        elif whole is not None and at > start > whole:
            del found.columns[name]
            found.others[at], found.near[at] = found.texts[at], f"{own}”或“{name}"


def _near(found: Headings, known: _Known) -> None:
    """Columns nobody knows that are called nearly like one that is missing."""
    if not found.others:
        return
    from rapidfuzz import fuzz, process

    missing = [name for name in known.sheet_of if name not in found.columns]
    for at, text in found.others.items():
        if at in found.near:
            continue
        best = process.extractOne(labels.label_key(text), missing, scorer=fuzz.ratio, score_cutoff=_NEAR)
        if labels.label_key(text) in known.of_execution:
            found.elsewhere.add(at)
        elif labels.label_key(text) in names.PARTS and names.TARGET in found.columns:
            found.parts.add(at)
        elif best or labels.label_key(text) in names.UNCLEAR:
            found.near[at] = best[0] if best else names.UNCLEAR[labels.label_key(text)]
    for at in found.near.keys() | found.elsewhere | found.parts:
        del found.others[at]


def _units(found: Headings, known: _Known, above: Sequence[Line]) -> None:
    """The unit of each column of amounts: its own heading's, else its group's just above, else that of a title."""
    own = set(found.columns.values())
    groups: dict[int, str] = {}
    titles: set[str] = set()
    for line in above:
        for at, text in line.cells.items():
            if isinstance(text, str) and len(text) <= _LONGEST_TITLE and found.texts.get(at) != text:
                unit = labels.money_unit(text)
                if line.number == found.row - 1 and len(line.cells) > 1:
                    groups[at] = unit or ""
                elif unit:
                    titles.add(unit)
    title = titles.pop() if len(titles) == 1 else ""
    if len(groups) == 1 and not own & groups.keys():
        title = title or next(iter(groups.values()))
    for name, at in found.columns.items():
        group = groups.get(max((left for left in groups if left <= at), default=0), "")
        unit = labels.money_unit(found.texts[at]) or group or title
        if unit and known.is_amount(name):
            found.units[name] = unit


_NUMBERED = re.compile(r"^[\d一二三四五六七八九十]+[.、．)）]")


def sheet_named(title: str) -> str:
    """The name of a sheet without white space and numbering: 1.项目, 项目 ."""
    return _NUMBERED.sub("", name_key(title))
