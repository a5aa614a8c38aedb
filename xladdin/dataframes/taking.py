"""Records back from DataFrames, whatever pandas did to their values meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..domain.numbers import date_of, decimal_of, is_blank_mark, plain
from ..domain.records import Record
from ..domain.serial import from_dict
from ..errors import BadValue
from .columns import FUNDS, INDICATORS, ITEM, KIND, NUMBER, PROJECTS, TABLES, Layout, Part, layout, pandas

if TYPE_CHECKING:
    from pandas import DataFrame

NEEDED = {
    PROJECTS: (NUMBER, KIND, "年度", "项目名称"),
    FUNDS: (NUMBER, ITEM),
    INDICATORS: (NUMBER, "三级指标", "指标值"),
}
_SAME = (KIND, "年度", "项目名称", "实施单位")  # what a row says of its project, if it does, must be so
_WRONG = re.compile(r"(?:(?P<table>\w+)\[(?P<row>\d+)\]\.)?(?P<path>\S+) (?P<is>是 .*)")


@dataclass(slots=True)
class _Row:
    """A row of a frame, and where it stands in it; tables: the rows of other frames that belong to it."""

    frame: str
    label: Any
    values: dict[Any, Any]
    tables: dict[str, list[_Row]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"“{self.frame}”索引为 {self.label} 的行"


def from_frames(frames: Mapping[str, DataFrame]) -> list[Record]:
    """The records of frames such as `frames` gives, in the order of 项目; their rows in the order of each frame.

    Rows belong to the project of their 序号. Columns that are missing count as blank, and unknown ones are left alone,
    as are 年度, 项目名称 and the like in 资金 and 指标, which must agree with 项目 where they are there. None, NaN, NaT
    and NA are blank (in the column of an extra field NaN is a field the form does not have), floats the decimal they
    are written as. Raises BadValue naming the frame and the column that is missing, or the row that cannot be.
    """
    plan = layout()
    foreign = {(kind, frame): plan.foreign(kind, frame) for kind, parts in plan.kinds.items() for frame in parts}
    projects: dict[Hashable, _Row] = {}
    for row in _rows(frames, PROJECTS):
        number = _number(row)
        if number in projects:
            raise BadValue(f"{row}：{NUMBER} {number!r} 在“{PROJECTS}”里有两行", advice="请让每个项目有自己的序号")
        row.values[KIND] = _kind(row, plan)
        _check_foreign(row, foreign[row.values[KIND], PROJECTS], plan.labels[row.values[KIND]])
        projects[number] = row
    for frame in TABLES:
        for row in _rows(frames, frame):
            owner = projects.get(_number(row))
            if owner is None:
                what = f"{row}：{NUMBER} {row.values[NUMBER]!r} 在“{PROJECTS}”里没有"
                raise BadValue(what, advice="筛选或删除项目时，请把其他表里的行一起筛选")
            _check_same(row, owner, plan)
            kind = owner.values[KIND]
            if frame not in plan.kinds[kind]:
                raise BadValue(
                    f"{row}：{plan.labels[kind]}没有“{frame}”", advice=f"请删去这一行，或改正{NUMBER}、{KIND}"
                )
            _check_foreign(row, foreign[kind, frame], plan.labels[kind])
            owner.tables.setdefault(frame, []).append(row)
    names = {column: plan.extra_name(column) for column in frames[PROJECTS].columns}
    extras = {column: name for column, name in names.items() if name is not None}
    return [_record(row, plan, extras) for row in projects.values()]


def _rows(frames: Mapping[str, DataFrame], name: str) -> list[_Row]:
    frame = frames.get(name)
    if not isinstance(frame, pandas().DataFrame):
        raise BadValue(f"缺少“{name}”，或它不是 DataFrame", advice="请按 xladdin.frames 给出的样子提供三个表")
    missing = [column for column in NEEDED[name] if column not in frame.columns]
    if missing:
        raise BadValue(f"“{name}”缺少列“{'”“'.join(missing)}”", advice="请补上这些列")
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise BadValue(f"“{name}”里有两列都叫“{twice[0]}”", advice="请改名或删去一列")
    columns = [frame[column].tolist() for column in frame.columns]
    return [
        _Row(name, label, dict(zip(frame.columns, values, strict=True)))
        for label, *values in zip(frame.index.tolist(), *columns, strict=True)
    ]


def _number(row: _Row) -> Hashable:
    number = row.values[NUMBER]
    if _is_missing(number) or not isinstance(number, Hashable):
        raise BadValue(f"{row}：没有{NUMBER}", advice=f"{NUMBER}说明这一行属于哪个项目，请补上")
    return number


def _kind(row: _Row, plan: Layout) -> str:
    told = row.values[KIND]
    kind = next((kind for kind, label in plan.labels.items() if told in (kind, label)), None)
    if kind is None:
        raise BadValue(f"{row}：{KIND}是 {told!r}", advice=f"应为{'或'.join(plan.labels.values())}")
    return kind


def _check_same(row: _Row, owner: _Row, plan: Layout) -> None:
    """Rows of other records, with numbers that happen to be the same, must not pass for those of these."""
    part = plan.kinds[owner.values[KIND]][PROJECTS]
    for column in _SAME:
        if column not in row.values:
            continue
        if column == KIND:
            said, known = _kind(row, plan), owner.values[KIND]
        else:
            holds = part.holds[part.columns[column]]
            said, known = (_value(each.values.get(column), holds) for each in (row, owner))
        if said != known:
            what = f"{row}：“{column}”是 {said!r}，同一{NUMBER}的项目是 {known!r}"
            raise BadValue(what, advice=f"请两个表一起改；确实属于这个项目的，可以删去“{row.frame}”的“{column}”列")


def _check_foreign(row: _Row, columns: Iterable[str], label: str) -> None:
    """What stands in a column that forms of this kind do not have is not left out in silence."""
    for column in columns:
        value = row.values.get(column)
        if not _is_missing(value) and value != "":
            what = f"{row}：{label}没有“{column}”，这里却是 {value!r}"
            raise BadValue(what, advice=f"请删去这个值，或改正{KIND}")


def _record(row: _Row, plan: Layout, extras: Mapping[Any, str]) -> Record:
    kind = row.values[KIND]
    parts = plan.kinds[kind]
    there = [(name, row.values[column]) for column, name in extras.items()]
    extra = {name: _value(value, str) for name, value in there if value is None or not _is_missing(value)}
    body = _nested(row, parts[PROJECTS]) | {"kind": kind, "extra": extra}
    for frame, attribute in TABLES.items():
        if frame in parts:
            body[attribute] = [_nested(line, parts[frame]) for line in row.tables.get(frame, ())]
    try:
        return from_dict(body)
    except BadValue as error:
        raise _placed(error, row, parts) from None


def _nested(row: _Row, part: Part) -> dict[str, Any]:
    """The fields of a row as JSON has them, funds.total inside funds."""
    body: dict[str, Any] = {}
    for column, path in part.columns.items():
        outer, _, inner = path.rpartition(".")
        (body.setdefault(outer, {}) if outer else body)[inner] = _value(row.values.get(column), part.holds[path])
    return body


def _placed(error: BadValue, row: _Row, parts: Mapping[str, Part]) -> BadValue:
    """The error of a record with the frame, row and column of what is wrong, where it says a path."""
    found = _WRONG.fullmatch(error.what)
    if not found:
        return BadValue(f"{row}：{error.what}", advice=error.advice)
    if found["table"]:
        frame = next(frame for frame, attribute in TABLES.items() if attribute == found["table"])
        row = row.tables[frame][int(found["row"])]
    columns = {path: column for column, path in parts[row.frame].columns.items()}
    path = found["path"].removeprefix("extra.")
    return BadValue(f"{row}：“{columns.get(path, path)}”{found['is']}", advice=error.advice)


# ---- values


def _is_missing(value: Any) -> bool:
    return value is None or not isinstance(value, (str, int)) and pandas().isna(value) is True


def _value(value: Any, holds: type) -> Any:
    """A value as the field holds it; what cannot be is left as it is, for from_dict to refuse."""
    if _is_missing(value):
        return None
    if hasattr(value, "dtype"):
        value = _of_python(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if holds is str else None if is_blank_mark(value) else _read(value, holds)
    if holds is dt.date and isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (int, float, Decimal)) and holds is not dt.date:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            return value
        if holds is str:
            return plain(number)
        if holds is int:
            return int(number) if number == int(number) else value
        return number
    if holds is str and isinstance(value, dt.date):
        return value.date().isoformat() if isinstance(value, dt.datetime) else value.isoformat()
    return value


def _of_python(value: Any) -> Any:
    """A single value of numpy."""
    if value.dtype.kind == "M":
        return pandas().Timestamp(value)
    return float(str(value)) if value.dtype.kind == "f" else value.item()  # 0.1 of 32 bits is 0.1


def _read(text: str, holds: type) -> Any:
    """A date or a figure written as text."""
    if holds is dt.date:
        return date_of(text) or text
    number = decimal_of(text)
    if number is None:
        return text
    return number if holds is Decimal else int(number) if number == int(number) else text
