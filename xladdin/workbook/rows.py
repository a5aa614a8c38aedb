"""A compiled sheet filled from a context of values: what stands in its rows, how tall they are, where pages begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from . import heights
from .expression import Expression, Fields
from .pages import page_starts, paged
from .sheet import Row, Sheet
from .shift import RowMap, row_map

Context = Mapping[str, Any]
_MAX_HEADER, _IN_HEADER = 255, 60  # characters of a page header in Excel; of a value in it


@dataclass(slots=True)
class Filled:
    """One copy of a row: its values by column, and the sheet rows it takes."""

    row: Row
    values: dict[int, Any]
    span: int
    height: float
    first: int = 0
    later: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet's rows as filled: the copies in order, where the template's rows went, the sheet rows that begin a page
    after the first, how much smaller than the template says it is printed, and the page headers by their template."""

    copies: list[Filled]
    rows: RowMap
    starts: frozenset[int]
    smaller: float
    headers: Mapping[str, str]


def fill_rows(sheet: Sheet, context: Context, groups: Sequence[tuple[str, ...]]) -> Rows:
    """Evaluate every cell, and work out how many sheet rows each row takes."""
    filled: list[Filled] = []
    for row in sheet.rows:
        if row.repeat:
            inner, copies = {**context}, []
            for item in context.get(row.repeat) or (Fields(),):
                inner[row.repeat] = item
                copies.append(_fill(sheet, row, inner, groups))
                copies[-1].later = len(copies) > 1
            _share_group_heights(sheet, row, copies, groups)
            filled += copies
        else:
            filled.append(_fill(sheet, row, context, ()))
    spans: dict[int, list[int]] = {}
    for copy in filled:
        spans.setdefault(copy.row.number, []).append(copy.span)
    rows = row_map(tuple((row, tuple(counts)) for row, counts in spans.items() if counts != [1]))
    following = 0
    for copy in filled:
        copy.first = following if copy.later else rows.first(copy.row.number)
        following = copy.first + copy.span
    starts, smaller = _pages(sheet, filled)
    if starts:  # a label parted between pages needs room on each
        for row in sheet.repeated:
            _share_group_heights(sheet, row, [copy for copy in filled if copy.row is row], groups, sorted(starts))
        starts, smaller = _pages(sheet, filled)
    headers = {text: _header(expression, context) for text, expression in sheet.headers.items()}
    return Rows(filled, rows, starts, smaller, headers)


def _header(expression: Expression, context: Context) -> str:
    """A page header; what is filled into it is one line, its & no command."""
    values = {}
    for name, *_ in expression.paths:
        value = context.get(name)
        text = " ".join(value.split()) if isinstance(value, str) else value
        if isinstance(text, str):
            text = (text if len(text) <= _IN_HEADER else text[: _IN_HEADER - 1] + "…").replace("&", "&&")
        values[name] = text
    shown = str(expression.evaluate(values) or "")
    return shown if len(shown) <= _MAX_HEADER else ""


def _pages(sheet: Sheet, copies: list[Filled]) -> tuple[frozenset[int], float]:
    """The sheet rows that begin a page, but the first, and how much smaller it is printed."""
    if sheet.paper is None or not copies:
        return frozenset(), 1.0
    end = copies[-1].first + copies[-1].span
    written = sum(copy.span for copy in copies)
    if sum(copy.span * copy.height for copy in copies) + (end - 1 - written) * heights.DEFAULT_ROW <= sheet.paper.room:
        return frozenset(), 1.0
    tall, stays = [heights.DEFAULT_ROW] * end, [False] * end  # by sheet row
    tall[0] = 0.0  # which is none
    for copy in copies:
        last = copy.first + copy.span - 1
        for number in range(copy.first, last + 1):
            tall[number] = 0.0 if ' hidden="1"' in copy.row.attributes else copy.height
            stays[number] = number < last or copy.row.number in sheet.kept_together
    for row in sheet.repeated:  # no row of a table stands alone: two begin it, two end it with what follows
        own = [copy.first + copy.span - 1 for copy in copies if copy.row is row]
        for number in (own[0], own[-1], *own[-2:-1]):
            stays[number] = True
    titles = sheet.paper.titles or (1, 0)
    again = [copy for copy in copies if titles[0] <= copy.row.number <= titles[1]]
    shown = range(again[0].first, again[-1].first + again[-1].span) if again else range(0)
    if sheet.paper.fitted:
        return frozenset(page_starts(tall, stays, sheet.paper.room, shown)), 1.0
    starts, smaller = paged(tall, stays, sheet.paper.room, shown)
    return frozenset(starts), smaller


def _fill(sheet: Sheet, row: Row, context: Context, groups: Sequence[tuple[str, ...]]) -> Filled:
    values: dict[int, Any] = {}
    span, height = 1, row.height
    for slot, expression in row.asked:
        values[slot.column] = value = expression.evaluate(context)
        if not isinstance(value, str) or len(value) <= 4 or not slot.look.wrap or expression.path in groups:
            continue
        if not sheet.is_easy(value, row, slot.column, slot.look):
            need, tall = heights.rows_needed(value, sheet.width_at(row.number, slot.column), slot.look)
            if need * tall > span * height:
                span, height = need, tall
    return Filled(row, values, span, height)


def _share_group_heights(
    sheet: Sheet, row: Row, copies: list[Filled], groups: Sequence[tuple[str, ...]], starts: Sequence[int] = ()
) -> None:
    """A label merged down over several copies has all their heights together; starts: where pages begin."""
    for slot, expression in row.asked:
        if expression.path not in groups or not slot.look.wrap:
            continue
        column = slot.column
        texts = [value for value in {copy.values[column] for copy in copies} if isinstance(value, str)]
        if all(sheet.is_easy(text, row, column, slot.look) for text in texts):
            continue
        merged = groupby(copies, key=lambda copy: (copy.values[column], bisect_right(starts, copy.first)))  # noqa: B023
        for (value, _), group in merged:
            members = list(group)
            if isinstance(value, str) and not sheet.is_easy(value, row, column, slot.look):
                lines = heights.lines_of(value, sheet.width_at(row.number, column), slot.look)
                each = heights.height_of(lines, slot.look) / sum(copy.span for copy in members)
                for copy in members:
                    copy.height = min(max(copy.height, each), heights.MAX_ROW)
