"""Writing a ledger: empty to be filled in, or holding records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain import fields
from ..domain.kinds import DECLARATION, kind_of
from ..domain.records import TOTAL_LINE, Record
from ..form.catalogue import forms
from ..workbook import saving
from . import columns as names

if TYPE_CHECKING:
    from .page import Table

Row = dict[str, Any]


def write_ledger(path: str | Path | None, records: Iterable[Record] = (), replace: bool = False) -> bytes:
    """The ledger holding `records` (empty: to be filled in, with a sample) as .xlsx bytes, saved to `path` unless None.

    replace: also over a file that lies there, a copy of which is kept in 被替换的旧表. Raises SaveError.
    """
    from .book import ledger_book

    records = list(records)
    data = ledger_book(tables_of(records), None if records else sample())
    if path is not None:
        (saving.put if replace else saving.save)(path, data)
    return data


def tables_of(records: Sequence[Record]) -> dict[str, Table]:
    """The three sheets that hold these records."""
    from .page import Table

    extras = list(dict.fromkeys(name for record in records for name in record.extra))
    unit = (names.UNIT,) if _needs_unit(records) else ()
    form = (names.FORM,) if _needs_form(records) else ()
    return {
        names.PROJECTS: Table(
            (*names.columns(names.PROJECTS), *extras, *names.OWN[names.PROJECTS]), [_project(each) for each in records]
        ),
        names.EXECUTION: Table((*names.columns(names.EXECUTION), *unit, *form), _execution(records)),
        names.INDICATORS: Table((*names.columns(names.INDICATORS), *unit), _indicators(records)),
    }


def sample() -> dict[str, Row]:
    """A row of each sheet that shows how; nothing reads it."""
    declaring = [form for form in forms() if form.kind == DECLARATION.name]
    form = max(declaring, key=lambda form: form.years).name if declaring else None
    year = 2026
    key = {names.YEAR: year, names.PROJECT: f"城市绿化养护{names.SAMPLE_MARK}"}
    return {
        names.PROJECTS: key | {
            names.FORM: form, "项目类别": "经常性项目", "主管部门": "某市园林局", names.UNIT: "某市绿化中心",
            "计划开始日期": dt.date(year, 1, 1), names.END: dt.date(year, 12, 31), names.MONEY_UNIT: "元",
            names.TOTAL: Decimal(1200000), "财政资金": Decimal(1200000),
            names.TOTAL_OF_YEAR: Decimal(1200000), "当年财政拨款": Decimal(1200000),
            "年度总体目标": "完成全市 120 公顷公共绿地的日常养护", names.HANDLER: "张三",
        },
        names.EXECUTION: key | {
            names.ITEM: TOTAL_LINE, "年初预算数": Decimal(1200000), "全年预算数": Decimal(1150000),
            "全年执行数": Decimal(1138000), "分值": Decimal(10),
        },
        names.INDICATORS: key | {
            names.FORM: form, names.LEVEL1: "产出指标", names.LEVEL2: "数量指标", names.INDICATOR: "养护绿地面积",
            names.TARGET: "≥120公顷",
        },
    }  # fmt: skip


def _needs_unit(records: Sequence[Record]) -> bool:
    """Whether two units run projects of one name on one form in one year."""
    keys = Counter((record.year, record.project, record.form) for record in records)
    return any(count > 1 for count in keys.values())


def _needs_form(records: Sequence[Record]) -> bool:
    """Whether a project has two forms with a budget in one year."""
    keys = Counter((record.year, record.project, record.unit) for record in records if kind_of(record).budget)
    return any(count > 1 for count in keys.values())


def _project(record: Record) -> Row:
    values = {name: fields.get(record, path) for name, path in kind_of(record).words.items()}
    return {**record.extra, **values, names.FORM: record.form}


def _execution(records: Sequence[Record]) -> list[Row]:
    paths = names.paths(names.EXECUTION)
    return [
        _key(record)
        | {names.ITEM: line.item, names.FORM: record.form}
        | {name: getattr(line, path, None) for name, path in paths.items()}
        for record in records
        for line in record.budget
    ]


def _indicators(records: Sequence[Record]) -> list[Row]:
    paths = names.paths(names.INDICATORS)
    return [
        _key(record) | {names.FORM: record.form} | {name: getattr(row, path, None) for name, path in paths.items()}
        for record in records
        for row in record.indicators
    ]


def _key(record: Record) -> Row:
    return {names.YEAR: record.year, names.PROJECT: record.project, names.UNIT: record.unit}
