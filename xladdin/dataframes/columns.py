"""The frames and their columns: every field of every kind of form has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from decimal import Decimal
from functools import cache
from types import ModuleType, UnionType
from typing import Any, get_args, get_type_hints

from ..domain import fields as names
from ..domain.records import KINDS, BudgetLine, Declaration, Evaluation, Indicator, Result
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
    return Layout(
        KINDS,
        {
            "declaration": {
                PROJECTS: _part(Declaration, OF_RECORD | names.DECLARATION),
                INDICATORS: _part(Indicator, names.INDICATOR),
            },
            "evaluation": {
                PROJECTS: _part(Evaluation, OF_RECORD | names.EVALUATION),
                FUNDS: _part(BudgetLine, {ITEM: "item"} | names.BUDGET),
                INDICATORS: _part(Result, names.RESULT),
            },
        },
    )


def _part(cls: type, words: Mapping[str, str]) -> Part:
    """The words, and for every field they leave out a column called by its path."""
    holds = leaves(cls)
    named = set(words.values())
    return Part({**words, **{path: path for path in holds if path not in named}}, holds)


@cache
def leaves(cls: type) -> dict[str, type]:
    """Path → Decimal, int, str or date, of every field that holds a single value."""
    return dict(_leaves(cls, ""))


def _leaves(cls: type, before: str) -> Iterator[tuple[str, type]]:
    hints = get_type_hints(cls)
    for field in fields_of(cls):
        hint = hints[field.name]
        options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        held = next((one for one in options if one in _SINGLE), None)
        if held:
            yield before + field.name, held
        elif is_dataclass(hint):
            yield from _leaves(hint, f"{before}{field.name}.")


def pandas() -> ModuleType:
    """pandas, imported where it is used. Raises XladdinError where it is not installed."""
    try:
        import pandas
    except ImportError:
        raise XladdinError("这里没有安装 pandas", advice="请运行 pip install pandas") from None
    return pandas
