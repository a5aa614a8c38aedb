"""A sheet of a ledger as values: what its columns and rows hold, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its headings, and its rows, heading → what stands there.

    marks: (row from 0, heading) → a remark on a cell. widths, hidden, offered, unseen: of sheets that are none of the
    three, their columns that nobody sees, what columns of the clerk's offer, and whether nobody sees the sheet.
    """

    headers: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    marks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unseen: bool = False
