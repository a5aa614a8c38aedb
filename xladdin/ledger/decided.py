"""Decisions of 待核 that wait in no cell: file and ledger differed, and the clerk has said which is right, or has not.

去处 of such a row is JSON: {"of": [year, project, unit, kind, form], "sheet": …} and either {"line": [what the row is
known by], "column": …} or {"add": {column: value}} for a row of the file that the ledger has not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..domain.naming import name_key
from ..domain.numbers import decimal_of
from ..errors import Place
from ..workbook.grid import address
from . import columns as names
from .asked import DONE, FIELD, SHEET, Asked, Questions, mark
from .projects import Project
from .row import Row
from .told import Mistake

ADD, LEAVE = "加入台账", "不加入"
LINE = {
    names.PROJECTS: (),
    names.EXECUTION: (names.ITEM,),
    names.INDICATORS: (names.LEVEL1, names.LEVEL2, names.INDICATOR),
}


def aim_of(asked: Asked) -> dict[str, Any] | None:
    """Where the decision of a row goes; None where it waits in a cell, was carried out, or is no such row."""
    if not asked.aim.startswith("{"):
        return None
    try:
        aim = json.loads(asked.aim)
    except ValueError:
        return None
    if not isinstance(aim, dict) or not isinstance(aim.get("of"), list) or len(aim["of"]) != 5:
        return None
    in_a_row = isinstance(aim.get("column"), str) and isinstance(aim.get("line"), list)
    good = aim.get("sheet") in list(LINE) and (isinstance(aim.get("add"), dict) or "add" not in aim and in_a_row)
    return aim if good else None


def line_of(sheet: str, row: Mapping[str, Any]) -> list[str]:
    """What a row of a project is known by. row: column → value."""
    return [name_key(str(row.get(name) or "")) for name in LINE[sheet]]


def decide(projects: Sequence[Project], questions: Questions, file: str) -> Iterator[Mistake]:
    """Have what was decided take effect in the projects; what is to be noted of what was not."""
    for asked in questions.rows:
        aim = aim_of(asked)
        if aim is None and (not asked.aim or asked.aim.startswith(DONE)):
            continue
        place = Place(file, SHEET, None)
        whose = asked.texts.get("项目")
        if not asked.answered:
            what = f"“待核”第 {asked.line.number} 行（{asked.texts.get(FIELD, '')}）没有采用，台账照原样"
            yield Mistake(place, what, "请在“待核”表里选好或填好“采用”", whose)
        elif asked.number is not None and questions.decision(asked.number) is None:
            what = f"“待核”里有几行都是{mark(asked.number)}，“采用”不一样，没有用上"
            yield Mistake(place, what, "请只留一行", whose)
        elif aim is not None:
            own = [one for one in projects if _is(one, aim["of"])]
            if len(own) != 1 or not _decided(own[0], aim, asked):
                known = aim is None or "add" not in aim or asked.answer in (ADD, LEAVE, "")
                why = "在台账里找不到要改的地方" if known else f"不是“{ADD}”或“{LEAVE}”"
                what = f"“待核”第 {asked.line.number} 行采用的，{why}，没有用上"
                yield Mistake(place, what, "请直接改台账" if known else "请在“采用”里选一个", whose)


def _is(project: Project, of: list[Any]) -> bool:
    year, name, unit, kind, form = of
    return (
        (project.year, name_key(project.project)) == (year, name)
        and name_key(project.unit) in ("", unit)
        and (project.kind is None or project.kind.name == kind)
        and (not form or project.form in (None, form))
    )


def _decided(project: Project, aim: Mapping[str, Any], asked: Asked) -> bool:
    sheet = aim["sheet"]
    if "add" in aim:
        return asked.answer in (LEAVE, "") or asked.answer == ADD and _added(project, aim["add"])
    column = aim["column"]
    if sheet == names.PROJECTS:
        at = project.row.sheet.columns.get(column)
        if at is not None:
            asked.put(project.row.line, at)
        return at is not None
    path = names.all_paths(sheet).get(column)
    rows = project.budget if sheet == names.EXECUTION else project.indicators
    found = [row for row in rows if _line(sheet, row) == aim["line"]]
    if path is None or len(found) != 1:
        return False
    row = Row(_OneCell(sheet, column, asked), asked.line, set())
    found[0][path] = row.value(column, project.money)
    project.take(row)
    return True


def _line(sheet: str, row: Mapping[str, Any]) -> list[str]:
    paths = names.all_paths(sheet)
    return line_of(sheet, {name: row.get(paths.get(name, "item")) for name in LINE[sheet]})


def _added(project: Project, kept: Mapping[str, Any]) -> bool:
    paths = names.all_paths(names.INDICATORS)
    row: dict[str, Any] = dict.fromkeys(paths.values())
    row |= {paths[name]: value_of(value) for name, value in kept.items() if name in paths}
    project.indicators.append(row | {"name": row.get("name") or ""})
    return True


def value_of(kept: Any) -> Any:
    """A value as JSON keeps it."""
    return decimal_of(str(kept.get("figure"))) if isinstance(kept, dict) else kept


class _OneCell:
    """The sheet 待核 as a sheet of the ledger whose one column is that of the answer (row.Headed)."""

    def __init__(self, sheet: str, column: str, asked: Asked):
        self.roles: tuple[str, ...] = (sheet,)
        self.columns = {column: asked.at}
        self.extras: list[str] = []
        self.required: tuple[str, ...] = ()
        self.types = {column: names.type_of(sheet, column)}
        self.units: dict[str, str] = {}
        self.single: frozenset[str] = frozenset()
        self.doubtful: set[int] = set()

    def place(self, row: int, column: int) -> Place:
        """Where that is, for a message."""
        return Place(None, SHEET, address(row, column))
