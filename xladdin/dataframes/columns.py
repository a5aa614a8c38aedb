"""The frames and their columns: every field of every kind of form has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any

from ..domain import fields as names
from ..domain.kinds import KINDS, Kind
from ..domain.serial import slots
from ..errors import XladdinError

PROJECTS, FUNDS, INDICATORS = "项目", "资金", "指标"
TABLES = {FUNDS: "budget", INDICATORS: "indicators"}  # frame → where a record has its rows
NUMBER, KIND = "序号", "种类"
OF_RECORD = {"年度": "year", "项目名称": "project", "实施单位": "unit", "表式": "form"}
KEYS = (NUMBER, KIND, *OF_RECORD)  # in every frame
ITEM = "资金项目"

_EXTRA = names.EXTRA + "."  # before the name of an extra field that is none of those known
_KNOWN_EXTRAS = frozenset({*names.EXTRA_2020, names.GRADE})
_SINGLE = (Decimal, int, str, dt.date)


@dataclass(frozen=True, slots=True)
class Part:
    """What a kind of form has in one frame, the key columns apart: column → path, and path → what it holds."""

    columns: Mapping[str, str]
    holds: Mapping[str, type]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of all frames. kinds: kind → frame → Part, without the frames that such forms have no rows for."""

    labels: Mapping[str, str]
    kinds: Mapping[str, Mapping[str, Part]]

    def columns(self, frame: str) -> list[str]:
        """Those of a frame, extra fields apart: the key columns first."""
        own = (part[frame].columns for part in self.kinds.values() if frame in part)
        return list(dict.fromkeys([*KEYS, *(column for columns in own for column in columns)]))

    def foreign(self, kind: str, frame: str) -> list[str]:
        """The columns of a frame that forms of this kind have nothing for."""
        own = self.kinds[kind][frame].columns
        return [column for column in self.columns(frame) if column not in own and column not in KEYS]

    def extra_column(self, name: str) -> str:
        """The column of an extra field: its name where it is known, else 附加.名称, so that no other is meant."""
        return name if name in _KNOWN_EXTRAS and name not in self.columns(PROJECTS) else _EXTRA + name

    def extra_name(self, column: Any) -> str | None:
        """The extra field that a column holds; None for the columns of other fields and those somebody added."""
        if not isinstance(column, str) or column in self.columns(PROJECTS):
            return None
        return column.removeprefix(_EXTRA) if column.startswith(_EXTRA) or column in _KNOWN_EXTRAS else None


def layout() -> Layout:
    """The columns for the kinds of form there are."""
    kinds = KINDS.values()
    return Layout({kind.name: kind.label for kind in kinds}, {kind.name: dict(_parts(kind)) for kind in kinds})


def _parts(kind: Kind) -> Iterator[tuple[str, Part]]:
    words = {word: path for word, path in kind.words.items() if path not in OF_RECORD.values()}
    yield PROJECTS, _part(kind.record, OF_RECORD | words)
    if kind.budget:
        yield FUNDS, _part(kind.budget.row, {ITEM: "item"} | dict(kind.budget.columns))
    yield INDICATORS, _part(kind.indicators.row, kind.indicators.columns)


def _part(cls: type, words: Mapping[str, str]) -> Part:
    """The words, and for every field they leave out a column called by its path."""
    holds = dict(_leaves(cls))
    named = set(words.values())
    return Part({**words, **{path: path for path in holds if path not in named}}, holds)


def _leaves(cls: type, before: str = "") -> Iterator[tuple[str, type]]:
    """Path and type of every field that holds a single value."""
    for name, slot in slots(cls).items():
        if slot.several:
            continue
        if slot.holds in _SINGLE:
            yield before + name, slot.holds
        elif isinstance(slot.holds, type) and is_dataclass(slot.holds):
            yield from _leaves(slot.holds, f"{before}{name}.")


def pandas() -> ModuleType:
    """pandas, imported where it is used. Raises XladdinError where it is not installed."""
    try:
        import pandas
    except ImportError:
        raise XladdinError("这里没有安装 pandas", advice="请运行 pip install pandas") from None
    return pandas
