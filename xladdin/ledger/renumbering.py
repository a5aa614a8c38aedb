"""The questions of an import (待核) and the files it took (导入记录), of several ledgers in one.

A cell that waits for an answer holds 待核12, the number of its question: two ledgers count alike, so those of later
ones get other numbers, and a question that stands in both stands once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import columns as names
from .carried import Carried
from .page import Table

NUMBER = "编号"
_MARK = re.compile(rf"{names.ASKED}\s*(\d{{1,7}})")
_UNSEEN = frozenset({NUMBER, "去处", *(f"建议{number}" for number in range(1, 6))})
_WIDTHS = {"文件": 24, "位置": 16, "项目": 24, "字段": 26, "读到的": 30, "建议": 22, "采用": 22, "原件": 24, "原因": 34}


def number_in(value: object) -> int | None:
    """The number of the question a cell waits for; None where it waits for none."""
    found = _MARK.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) if found else None


def helper_rows(sources: Sequence[Carried], title: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of a helper sheet of all of them; equal rows once."""
    columns = list(dict.fromkeys(column for source in sources for column in source.helpers.get(title, ([], []))[0]))
    rows: list[dict[str, Any]] = []
    for source in sources:
        rest = list(rows)
        for row in source.helpers.get(title, ([], []))[1]:
            if row in rest:
                rest.remove(row)
            else:
                rows.append(row)
    return columns, rows


def renumber(sources: Sequence[Carried]) -> None:
    """Give the questions of every ledger numbers that no other one's have, in 待核 and in the cells that wait."""
    known: dict[tuple, int] = {}
    taken: set[int] = set()
    for source in sources:
        given: dict[int, int] = {}
        own: dict[tuple, int] = {}
        for row in source.helpers.get(names.ASKED, ([], []))[1]:
            number = number_in(row.get(NUMBER))
            if number is None:
                continue
            key = tuple(sorted((column, str(value)) for column, value in row.items() if column != NUMBER))
            new = known.get(key) or (number if number not in taken else max(taken) + 1)
            given[number] = own[key] = new
            taken.add(new)
            row[NUMBER] = f"{names.ASKED}{new}"
        known |= own
        for held in (held for rows in source.rows.values() for held in rows):
            for column, value in held.values.items():
                number = number_in(value)
                if number is not None and number in given:
                    held.values[column] = f"{names.ASKED}{given[number]}"


def helper_table(title: str, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, Table]:
    """The sheet, where there is anything in it."""
    if not rows:
        return {}
    hidden = _UNSEEN if title == names.ASKED else frozenset()
    return {title: Table(tuple(columns), list(rows), widths=_WIDTHS, hidden=hidden, unseen=title == names.IMPORTED)}
