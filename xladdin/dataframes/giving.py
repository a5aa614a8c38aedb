"""DataFrames of records and findings: Decimal, dates and None kept as they are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..domain import fields
from ..domain.records import Record
from ..rules.finding import LEVELS, Finding
from .columns import KIND, NUMBER, OF_RECORD, PROJECTS, TABLES, layout, pandas

if TYPE_CHECKING:
    from pandas import DataFrame

_ABSENT = math.nan  # an extra field the form does not have; None is one that is blank
_FINDING = {
    "规则": "code",
    "级别": "level",
    "检查项": "title",
    "对象": "subject",
    "问题": "message",
    "应为／申报表": "expected",
    "表上／自评表": "actual",
    "差额": "difference",
    "文件": "file",
    "工作表": "sheet",
    "单元格": "cell",
    "位置": "where",
    "依据": "basis",
    "建议": "advice",
}


def frames(records: Iterable[Record]) -> dict[str, DataFrame]:
    """项目, 资金 and 指标: one row a project, a fund line, an indicator, all of dtype object.

    序号, 种类, 年度, 项目名称, 实施单位 and 表式 stand in each; 序号 counts the records from 1 and joins the frames.
    The other columns are fields by their Chinese names, amounts in the record's 金额单位, rates fractions; an extra
    field has a column of its name, or 附加.名称 where it is none of those known, with NaN for a form without it.
    Where a record was read from stays behind. Raises XladdinError where pandas is not installed.
    """
    plan = layout()
    rows: dict[str, list[dict[str, Any]]] = {frame: [] for frame in (PROJECTS, *TABLES)}
    extras: dict[str, str] = {}  # name → column
    for number, record in enumerate(records, start=1):
        parts = plan.kinds[record.kind]
        own = {name: fields.get(record, path) for name, path in parts[PROJECTS].columns.items()}
        key = {NUMBER: number, KIND: plan.labels[record.kind]} | {name: own[name] for name in OF_RECORD}
        for name in record.extra:
            extras.setdefault(name, plan.extra_column(name))
        rows[PROJECTS].append(key | own | {extras[name]: text for name, text in record.extra.items()})
        for frame, attribute in TABLES.items():
            for line in getattr(record, attribute) if frame in parts else ():
                rows[frame].append(key | {name: getattr(line, path) for name, path in parts[frame].columns.items()})
    blank = {frame: dict.fromkeys(plan.columns(frame)) for frame in rows}
    blank[PROJECTS] |= dict.fromkeys(extras.values(), _ABSENT)
    return {frame: _frame(blank[frame], lines) for frame, lines in rows.items()}


def _frame(blank: dict[str, Any], rows: Iterable[dict[str, Any]]) -> DataFrame:
    return pandas().DataFrame([list((blank | row).values()) for row in rows], columns=list(blank), dtype=object)


def findings_frame(findings: Iterable[Finding]) -> DataFrame:
    """One row a finding, named as in a report: 级别 in Chinese, figures as printed, 位置 all its cells.

    文件, 工作表 and 单元格 are of the first cell, the declaration's side. Raises XladdinError without pandas.
    """
    return _frame(dict.fromkeys(_FINDING), map(_told, findings))


def _told(finding: Finding) -> dict[str, Any]:
    told = finding.to_dict()
    first = told["where"][0] if told["where"] else {}
    places = (" ".join(str(part) for part in place.values() if part) for place in told["where"])
    told |= first | {"level": LEVELS[finding.level], "where": "；".join(places) or None}
    return {column: told.get(name) for column, name in _FINDING.items()}
