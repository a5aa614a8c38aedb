"""A template proven: a made-up record of several lengths goes in and comes out as it was."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..domain import fields
from ..domain.kinds import Kind, Table, is_scored
from ..domain.numbers import plain
from ..domain.profile import Profile
from ..domain.records import BUDGET_ITEMS, TOTAL_LINE, Funds, Record
from ..domain.scoring import scored, shown_total
from ..domain.target import parse_target
from ..errors import NotAForm, Place, TemplateError
from ..sources import open_grids
from .catalogue import Form, form_at, profile_of
from .filling import fill_form
from .marking import YEAR
from .placing import Placing
from .recognise import read_book

LENGTHS = (1, 8, 20)
_LEVELS = (
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"),
    ("效益指标", "可持续影响指标"), ("满意度指标", "服务对象满意度指标"),
)  # fmt: skip
_TARGETS = (("≥12场", "12"), ("≥95%", "95%"), ("≤3天", "3天"), ("=100%", "100%"), ("≥90%", "88%"))
_OPTION = re.compile(r"== '([^']*)'")


def prove(data: bytes, placing: Placing, extras: Mapping[str, str], lengths: tuple[int, ...] = LENGTHS) -> None:
    """Fill the template `data` with records of so many indicators and read them back.

    Raises TemplateError naming the first field that did not come back, and its cell.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        path.write_bytes(data)
        form = form_at(path)
        for count in lengths:
            record = sample(placing, form, count)
            rules = profile_of(record, form=form)
            grids = open_grids(fill_form(record, form, rules), form.name)
            read = [found for grid in grids if not grid.hidden for found in _read(grid, extras)]
            if len(read) != 1:
                what = f"做成的模板填了 {count} 个指标再读，读出 {len(read)} 张表"
                raise TemplateError(what, None, "请把这份空表发给维护者")
            if wrong := next(differences(record, read[0], placing, rules), None):
                field, expected, got, where = wrong
                what = (
                    f"做成的模板填了 {count} 个指标再读，“{field}”填的是“{_shown(expected)}”，读回来是“{_shown(got)}”"
                )
                raise TemplateError(what, where, "请对照空表看这一格，或把这份空表发给维护者")


def _read(grid: Any, extras: Mapping[str, str]) -> list[Record]:
    try:
        return read_book([grid], extras)
    except NotAForm:
        return []


def sample(placing: Placing, form: Form, count: int) -> Record:
    """A made-up record with a value in every field the form has."""
    kind, names = placing.kind, {each.field for each in placing.placed}
    values: dict[str, Any] = {"project": "某某试填项目", "form": form.name, "money_unit": form.money_unit}
    funds: dict[str, Decimal] = {}
    for number, (word, path) in enumerate(kind.words.items(), 1):
        if word not in names or path in kind.totals.values() or path == "money_unit":
            continue
        if path.startswith("funds."):
            funds[path.removeprefix("funds.")] = Decimal(f"{100 + number}.5")
        elif path not in ("project", "year"):
            values[path] = _value(kind, word, path, placing)
    values["year"] = YEAR if "年度" in names else placing.year
    if funds:
        values["funds"] = Funds(**funds)
    if kind.budget:
        values["budget"] = tuple(_line(kind.budget, item, names) for item in BUDGET_ITEMS if _columns(names, item))
    values["extra"] = {name: f"试填{name}" for name in _extras(names)}
    values["indicators"] = tuple(_indicator(kind, number, count, names) for number in range(count))
    return kind.record(**values)


def _value(kind: Kind, word: str, path: str, placing: Placing) -> Any:
    how = kind.type_of(path)
    if how == fields.DATE:
        return dt.date(placing.year or YEAR, 1 if path == "start" else 12, 1 if path == "start" else 31)
    if how == fields.CHOICE:
        text = next((placing.texts[each.spot] for each in placing.placed if each.field == word), "")
        found = _OPTION.search(text)
        return found[1] if found else "一次性项目"
    return f"试填的{word}，供核对。" if how == fields.LONG else f"试填的{word}"


def _line(table: Table, item: str, names: set[str]) -> Any:
    own = _columns(names, item)
    amounts = {"年初预算数": Decimal("80.5"), "全年预算数": Decimal(80), "全年执行数": Decimal(76)}
    values = {table.columns[word]: amounts[word] for word in own if word in amounts}
    if item == TOTAL_LINE and "分值" in own:
        values["weight"] = Decimal(10)
    return table.row(item=item, **values)


def _indicator(kind: Kind, number: int, count: int, names: set[str]) -> Any:
    level1, level2 = _LEVELS[number * len(_LEVELS) // count]
    target, actual = _TARGETS[number % len(_TARGETS)]
    values: dict[str, Any] = {"level1": level1, "level2": level2, "name": f"试填指标{number + 1}", "target": target}
    own = _columns(names, "指标")
    if "level2" in values and "二级指标" not in own:
        values["level2"] = None
    if "实际完成值" in own:
        values["actual"] = actual
    if "分值" in own:
        values["weight"] = Decimal(90) if count == 1 else Decimal(90 // count)
    if "偏差原因" in own and number % 3 == 1:
        values["reason"] = "试填的原因"
    return kind.indicators.row(**values)


def _columns(names: set[str], item: str) -> set[str]:
    return {name.partition(".")[2] for name in names if name.partition(".")[0] == item}


def _extras(names: set[str]) -> list[str]:
    found = sorted(name for name in names if name.startswith(fields.EXTRA))
    return [name.removeprefix(fields.EXTRA).strip(".[]'") for name in found]


Difference = tuple[str, Any, Any, Place | None]


def differences(record: Record, read: Record, placing: Placing, rules: Profile) -> Iterator[Difference]:
    """The fields of a record that were read as something else: name, what went in, what came out, where."""
    kind, names = placing.kind, {each.field for each in placing.placed}
    cells: Mapping[str, Place] = read.source.cells if read.source else {}
    full: Record = scored(record, rules) if is_scored(record) else record

    def where(path: str) -> Place | None:
        return cells.get(path)

    for word, path in kind.words.items():
        if word not in names:
            continue
        expected = fields.get(full, path)
        if path == kind.totals.get("score") and expected is None and is_scored(full):
            expected = None if isinstance(shown_total(full), str) else shown_total(full)
        if fields.get(read, path) != expected:
            yield word, expected, fields.get(read, path), where(path)
    for name in _extras(names):
        if read.extra.get(name) != record.extra.get(name):
            yield name, record.extra.get(name), read.extra.get(name), where(f"extra.{name}")
    if kind.budget:
        lines = {line.item: line for line in read.budget}
        for line in full.budget:
            for word in sorted(_columns(names, line.item)):
                path = kind.budget.columns[word]
                got = getattr(lines.get(line.item), path, None)
                expected = getattr(line, path)
                if got != expected and not (path == "rate" and expected is None):
                    yield f"{line.item}.{word}", expected, got, None
    apart = any(each.field == "指标.指标值" and "|" in placing.texts[each.spot] for each in placing.placed)
    if len(read.indicators) != len(record.indicators):
        yield "指标", len(record.indicators), len(read.indicators), where("project")
    for number, (one, other) in enumerate(zip(full.indicators, read.indicators, strict=False)):
        for word in sorted(_columns(names, "指标")):
            path = kind.indicators.columns[word]
            if getattr(one, path) != getattr(other, path) and not (path == "target" and apart and _alike(one, other)):
                at = f"indicators[{number}].{path}"
                yield f"第 {number + 1} 个指标的{word}", getattr(one, path), getattr(other, path), where(at)


def _alike(one: Any, other: Any) -> bool:
    """Whether two 指标值 mean the same: one that stood in columns of its parts is read with ≥ for >=."""
    first, second = parse_target(one.target), parse_target(other.target)
    return replace(first, text="") == replace(second, text="")


def _shown(value: Any) -> str:
    if value is None:
        return "空白"
    return plain(value) if isinstance(value, Decimal) else str(value)
