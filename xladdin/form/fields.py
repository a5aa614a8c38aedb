"""The fields printed beside, or above, their values: names, dates, amounts, goals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..domain import fields, kinds
from ..domain.labels import is_lesser, label_key, likeness, money_unit
from ..domain.numbers import amount_of
from ..domain.records import Funds
from ..domain.wordings import FALLBACKS, TOTALS
from ..workbook.grid import Spot
from .layout import Layout, between
from .values import TAKES, Taker

_TOTALS = {"funds.total": "project", "funds.annual_total": "annual"}
_SHARED = {  # label → its field on the project's side, and on the year's
    "funds.fiscal": ("funds.fiscal", "funds.annual_fiscal"),
    "funds.other": ("funds.other", "funds.annual_other"),
}
_FUNDS = ("total", "fiscal", "other", "annual_total", "annual_fiscal", "annual_carryover", "annual_other")
_MOST_LABELS = 200  # of one name in one form
_LIKE_A_LABEL = 80  # of 100: a text that far from its label is one itself
PERIOD = "项目期"  # extra: a period that is no pair of dates
_ALL = frozenset({"project", "department", "unit", "start", "end", "annual_goal", "actual_result", "other"})
_SUMS = ("total", "score")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分?\s*(?:[,，;；、(（].*)?$")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")
_SUM_INSIDE = re.compile(r"\d\s*[十百千万亿]?元")
_COLON = re.compile("[:：]")
_LABEL_ITSELF = re.compile(r"[^\d\s:：]{2,12}[:：]")
Found = tuple[Spot, object]


class Fields:
    """The labelled values of one form, between its 项目名称 row and its indicator header."""

    def __init__(self, layout: Layout, taker: Taker, first: int, last: int):
        self.layout, self.taker = layout, taker
        self.last = last
        self.labels: dict[str, list[Spot]] = {}
        self.inline: dict[str, list[tuple[Spot, str]]] = {}
        for row, column, name in layout.labels_between(first, last):
            if len(spots := self.labels.setdefault(name, [])) < _MOST_LABELS:
                spots.append((row, column))
        self._told_done()
        for spots in self.labels.values():
            if len(spots) > 1:
                spots.sort(key=lambda spot: is_lesser(_COLON.split(self._printed(spot), 1)[0]))
        for row, column, name, text in between(layout.inline, first, last):
            self.inline.setdefault(name, []).append(((row, column), text))

    def _told_done(self) -> None:
        """目标完成情况 mostly holds two columns together; with no other label, it says what became of the goal."""
        blocks = self.labels.get("goal_block", [])
        done = [spot for spot in blocks if label_key(self._printed(spot)).endswith("完成情况")]
        if done and "actual_result" not in self.labels and "actual_result" not in self.inline:
            self.labels["actual_result"] = done
            self.labels["goal_block"] = [spot for spot in blocks if spot not in done]

    def texts(self, name: str) -> Iterator[str]:
        """The printed texts of a label."""
        for spot in self.labels.get(name, ()):
            text = self.layout.grid.cells.get(spot)
            if type(text) is str:
                yield text

    def money_labels(self) -> Iterator[str]:
        """The printed texts of labels that stand beside amounts, or head them."""
        budget = kinds.columns_of("budget")
        for name in self.labels:
            if name.startswith(("funds.", "extra.")) or budget.get(name) == fields.AMOUNT:
                yield from self.texts(name)

    def _printed(self, spot: Spot) -> str:
        text = self.layout.grid.cells.get(spot)
        return text if type(text) is str else ""

    def text(self, name: str) -> str | None:
        """The value beside a label if it is a text, without noting anything."""
        found = self._find(name, below=False)
        return found[1].strip() if found and type(found[1]) is str else None

    def value(self, name: str, how: str) -> Any:
        """The value of a field, understood as its type says; a long text may stand below its label."""
        found = self._find(name, below=how == fields.LONG)
        if (found is None or found[1] is None) and name in FALLBACKS and self._may_fall_back(name):
            instead = self._find(FALLBACKS[name], below=how == fields.LONG)
            found = instead if instead and instead[1] is not None else found
        value = TAKES[how](self.taker, name, *found) if found else None
        return "\n".join([value, *self._more(*found)]) if value and found and how == fields.LONG else value

    def _more(self, spot: Spot, value: object) -> Iterator[str]:
        """The rest of a long text that goes on in the rows below: in cells like its row has, no other label."""
        if type(value) is not str or value is not self.layout.grid.cells.get(spot):
            return
        first = min(column for row, column in (spot, *self.taker.spots.values()) if row == spot[0])
        own = {at for at in self._slots(spot[0]) if at[0] >= first}
        labels = [item for item in self.layout.rows[spot[0]] if item[2]]
        for row in self.layout.rows_between(self.layout.end(*spot)[0] + 1, self.last):
            items = [item for item in self.layout.rows[row] if item not in labels]
            if not self._slots(row) <= own or any(name or type(text) is not str for _, text, name in items):
                return
            more = next((text for column, text, _ in items if column == spot[1]), None)
            if more is not None and (text := self.taker.shown((row, spot[1]), more)):
                self.taker.used.add((row, spot[1]))
                yield text

    def _slots(self, row: int) -> set[tuple[int, int]]:
        """First and last columns of the cells of a row that are no labels."""
        return {(at, self.layout.end(row, at)[1]) for at, _, name in self.layout.rows[row] if not name}

    def _may_fall_back(self, name: str) -> bool:
        """地方主管部门 is the unit only beside a 中央主管部门; 总体目标 the other goal beside an annual one."""
        beside = {"unit": "department", "overall_goal": "annual_goal"}.get(name)
        return beside is None or beside in self.labels or beside in self.inline

    def extra(self) -> dict[str, str | None]:
        """The fields only some templates have, under the names the templates give them."""
        return {name.removeprefix("extra."): self.value(name, fields.LONG) for name in self._extras()}

    def signed(self, known: Collection[str]) -> dict[str, str | None]:
        """Those of them that are not known yet, each a short text; another label beside one is not its value."""
        found = {}
        for name in self._extras():
            if (short := name.removeprefix("extra.")) not in known:
                value = self.value(name, fields.NAME)
                found[short] = None if value and _LABEL_ITSELF.match(value) else value
        return found

    def _extras(self) -> Iterable[str]:
        return dict.fromkeys(name for name in (*self.labels, *self.inline) if name.startswith("extra."))

    def dates(self) -> tuple[dt.date | None, dt.date | None]:
        """First and last day: a label each, or both in one cell."""
        days = []
        for name in ("start", "end"):
            days.append(self.value(name, fields.DATE))
        if not self.labels.get("start") and (found := self._find("period", below=False)):
            return self.taker.period(*found)
        return days[0], days[1]

    def period(self) -> dict[str, str | None]:
        """The period where it is no pair of dates: 1年, 长期, 2021—2023年."""
        found = self._find("period", below=False)
        if not found or type(found[1]) is not str or any(self.taker.period(*found)):
            return {}
        self.taker.spots[f"extra.{PERIOD}"] = found[0]
        return {PERIOD: found[1].strip()} if self.taker.shown(*found) else {}

    def year(self) -> int | None:
        """The year beside a label of its own: 预算年度 | 2023."""
        found = self._find("year", below=False)
        if found is None:
            return None
        text = self.taker.shown(*found)
        if not text or not (match := _YEAR.fullmatch("".join(text.split()))):
            return None
        self.taker.spots["year"] = found[0]
        return int(match[1])

    def total(self, path: str) -> Decimal | None:
        """总分 where it stands apart from the table: 自评总分 | 98.41, or 自评总分：98.41分（优）."""
        told: list[Found] = [found for name in _SUMS for found in self.inline.get(name, ())]
        for name in _SUMS:
            told += [found for spot in self.labels.get(name, ()) if (found := self._beside(spot)) is not None]
        for spot, value in told:
            row = (text for at, text, _ in reversed(self.layout.rows[spot[0]]) if at < spot[1])
            label = next(row, "") if value is self.layout.grid.cells.get(spot) else self._printed(spot)
            figure = _POINTS.match(value.strip()) if isinstance(value, str) else None
            if label_key(re.split("[:：]", str(label))[0]) in TOTALS and (figure or type(value) is Decimal):
                return self.taker.number(path, spot, figure[1] if figure else value)
        return None

    def funds(self) -> Funds:
        """The amounts of a declaration; 其他资金 goes to the total in whose column it stands."""
        values: dict[str, Decimal | None] = {}
        totals = [(at, side) for label, side in _TOTALS.items() for at in self.labels.get(label, ())[:1]]
        for label, spots in self.labels.items():
            if not label.startswith("funds."):
                continue
            for spot in spots:
                path = _SHARED[label][_side(totals, spot) == "annual"] if label in _SHARED else label
                if values.get(path) is None:
                    unit = money_unit(self._printed(spot)) or self.taker.unit
                    at, value = self._beside_or_inline(label, spot)
                    values[path] = self._amount(unit, path, at, value)
        if rows := [row for label, spots in self.labels.items() if label.startswith("funds.") for row, _ in spots]:
            self._unknown_lines(min(rows), max(rows))
        for spot in () if rows else self.labels.get("fund_block", ()):
            if (found := self._beside(spot)) and type(found[1]) is str and _SUM_INSIDE.search(found[1]):
                self.taker.doubt("funds", found[1], found[0], "金额写在一段话里，没有读，请分项填写")
        return Funds(**{name: values.get("funds." + name) for name in _FUNDS})

    def _unknown_lines(self, first: int, last: int) -> None:
        """A doubt for each amount among those of project and year whose name nobody knows."""
        taken = set(self.taker.spots.values())
        for row in self.layout.rows_between(first, self.last):
            items = self.layout.rows[row]
            if row > last and any(name for *_, name in items):
                return
            for (column, text, name), (_, value, _) in pairwise(items):
                if name or type(text) is not str or (row, column) in taken or not self._is_figure(value):
                    continue
                if self._is_figure(text):
                    continue  # a merge taken apart and filled
                self.taker.doubt("funds", text, (row, column), "是没有见过的资金名称，这一行的金额没有读，请核对")

    @staticmethod
    def _is_figure(value: object) -> bool:
        return type(value) is Decimal or type(value) is str and amount_of(value, "元") is not None

    def _amount(self, unit: str | None, path: str, at: Spot, value: object) -> Decimal | None:
        figure = self.taker.amount_in(unit, path, at, value)
        if value is not self.layout.grid.cells.get(at):
            self.taker.texts.pop(path, None)  # a label and its amount in one cell: no formula could count them
        return figure

    def _beside_or_inline(self, name: str, spot: Spot) -> Found:
        if name in self.inline and (inline := dict(self.inline[name]).get(spot)) is not None:
            return spot, inline
        self.taker.used.add(spot)
        found = self._beside(spot)
        if found is None and (below := self._below(spot)) and self._is_amount(below):
            return below
        return found or (self._next_to(spot), None)

    def _is_amount(self, found: Found) -> bool:
        """Whether an amount stands below its label: in a row that has no labels."""
        (row, _), value = found
        named = any(name for _, _, name in self.layout.rows[row])
        return not named and self._is_figure(value)

    def _find(self, name: str, below: bool) -> Found | None:
        """A field's cell and value: the first of its labels that has a value, else where one would stand."""
        if name not in self.labels and name not in self.inline:
            return None
        blank: Found | None = None
        inline = dict(self.inline.get(name, ()))
        for spot in self.labels.get(name, ()):
            self.taker.used.add(spot)
            if spot in inline:
                return spot, inline[spot]
            found = self._beside(spot) or (self._below(spot) if below else None)
            if found and found[1] is not None:
                return found
            place = self._blank_place(spot, below)
            blank = place and (place, None) or blank
        if inline:
            return next(iter(inline.items()))
        return blank

    def _beside(self, spot: Spot) -> Found | None:
        """The first cell to the right that is no label."""
        row, column = spot
        right = self.layout.end(row, column)[1]
        if (row, right + 1) in self.layout.ends and (row, right + 1) not in self.layout.grid.cells:
            return None  # merged, and nothing in it
        for at, value, name in self.layout.rows[row]:
            if at <= right:
                continue
            if name or at > right + 1 and _looks_like_label(value):
                return None
            if type(value) is str and not value.strip():
                continue
            return (row, at), value
        return None

    def _below(self, spot: Spot) -> Found | None:
        """The text under a heading: in the next row that holds anything, within the heading's columns."""
        row, column = spot
        bottom, right = self.layout.end(row, column)
        if at := self.layout.first_row(bottom + 1, self.last):
            for col, value, name in self.layout.rows[at]:
                if column <= col <= right:
                    return None if name else ((at, col), value)
        return None

    def _next_to(self, spot: Spot) -> Spot:
        return spot[0], self.layout.end(*spot)[1] + 1

    def _blank_place(self, spot: Spot, below: bool) -> Spot | None:
        """Where a blank value stands: beside the label, or under a heading that has a label beside it or nothing."""
        beside = self._next_to(spot)
        bottom, right = self.layout.end(*spot)
        taken = any(at == beside[1] for at, _, _ in self.layout.rows[spot[0]])
        if not below:
            return None if taken else beside
        widest = max(self.layout.end(spot[0], at)[1] for at, _, _ in self.layout.rows[spot[0]])
        if not taken and right < widest:
            return beside
        under = (bottom + 1, spot[1])
        row = self.layout.rows.get(under[0], ())
        return None if any(at == under[1] for at, _, _ in row) else under


def _side(totals: list[tuple[Spot, str]], spot: Spot) -> str:
    """Whether an amount belongs to the project's total or to the year's, by where those stand."""
    if not totals:
        return "project"
    if len({at[1] for at, _ in totals}) > 1:
        return min(totals, key=lambda total: abs(total[0][1] - spot[1]))[1]
    above = [total for total in totals if total[0][0] <= spot[0]]
    return max(above)[1] if above else totals[0][1]


def _looks_like_label(value: object) -> bool:
    """An unknown “标签：” further along the row: what stands behind it is not ours."""
    if type(value) is not str or len(value) >= 20:
        return False
    return value.rstrip().endswith((":", "：")) or likeness(value, _ALL, least=_LIKE_A_LABEL) is not None
