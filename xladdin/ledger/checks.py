"""What a ledger says of itself while it is filled in: formulas in the sheet 项目, and the values they come to.

The formulas use what Excel, WPS and LibreOffice share, and look at columns as they lie in the ledger at hand. They say
less than a check of the form: what is blank, sums that do not agree, points that are not 100. Where text stands among
figures, nothing is said of their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..domain.naming import name_key
from ..domain.numbers import number_in_excel, plain, round_half_up
from ..domain.records import TOTAL_LINE
from ..workbook.grid import column_letters
from . import columns as names
from .offered import forms_by_kind, forms_without

COMPLETE, UNKNOWN, ODD_NAME = "齐", "没有查成", "项目名称里有 * ? ~ 或太长，没有查"
FULL = 100  # 分值 of a whole 自评表 (财预〔2020〕10号)
DECLARING, EVALUATING = "申报表式", "自评表式"  # defined names: what 表式 may say
UNPRINTED = "不印{}的表式"  # more of them: the forms that have no such field
WEIGHT, NAME, GOAL, WHOLE_GOAL = "分值", names.INDICATOR, "年度总体目标", "项目总目标"
BUDGETED, EXECUTED = "全年预算数", "全年执行数"
_END, _LONGEST = "■", 200
_DEPARTMENT = "主管部门"
ASKED = (_DEPARTMENT, names.UNIT, names.TOTAL_OF_YEAR, names.ACHIEVED)  # blank means missing, where the form has them
# a total and its parts in a row of 项目
SUMS = (
    (names.TOTAL, ("财政资金", "其他资金")),
    (names.TOTAL_OF_YEAR, ("当年财政拨款", "上年结转资金", "年度其他资金")),
)
FLOWS = ("年初预算数", BUDGETED, EXECUTED)
_ANY = '"<>"'
_BLANK, _FIGURE = '"="', '">-1E+99"'  # "?*" is text alone in Excel, and figures too in LibreOffice
_ELSEWHERE = f"（{names.INDICATORS}表里的年度或表式对不上）"
_ANY_FORM = "<>§"  # as a criterion: whatever stands there, or nothing
Row = Mapping[str, Any]


class Formulas:
    """The formulas of a ledger whose sheets have these columns."""

    def __init__(self, headers: Mapping[str, Sequence[str]]):
        self._letters = {
            sheet: {name: column_letters(at) for at, name in enumerate(columns, start=1)}
            for sheet, columns in headers.items()
        }
        self._by_unit = _by_unit(headers)

    def of(self, row: int) -> dict[str, str]:
        """Those of a row of 项目: column → formula with its =."""
        cell = {name: f"${letter}{row}" for name, letter in self._letters[names.PROJECTS].items()}
        project = cell[names.PROJECT]
        shown = f'OR({project}="",ISNUMBER(SEARCH("{names.SAMPLE_MARK[1:-1]}",{project})))'
        odd = f'OR(LEN({project})>{_LONGEST},SUMPRODUCT(--ISNUMBER(FIND({{"*","?","~"}},{project})))>0)'
        count = f'=IF({shown},"",IF({odd},"",{self._indicators(cell)}))'
        points = f'=IF({shown},"",IF({odd},"",IF({self._evaluates(cell)},{self._points(cell)},"")))'
        same = self._same(names.PROJECTS, cell, cell[names.YEAR])
        form = cell[names.FORM]
        which = f'=IF({project}="","",IF(COUNTIFS({same})=1,"{_ANY_FORM}",IF({form}="","=",{form})))'
        lacking = f'"缺："&{self._lacking(cell)}&"{_END}"'
        for before, after in ((f"缺：{_END}", COMPLETE), ("缺：、", "缺："), ("缺：；", ""), (_END, "")):
            lacking = f'SUBSTITUTE({lacking},"{before}","{after}")'
        lacking = f'=IF({shown},"",IF({odd},"{ODD_NAME}",IFERROR({lacking},"{UNKNOWN}")))'
        return {names.COUNT: count, names.POINTS: points, names.LACKING: lacking, names.WHICH: which}

    def _range(self, sheet: str, column: str) -> str:
        letter = self._letters[sheet][column]
        return f"{sheet}!${letter}:${letter}"

    def _same(self, sheet: str, cell: Mapping[str, str], year: str) -> str:
        said = f'{self._range(sheet, names.PROJECT)},"="&{cell[names.PROJECT]},{self._range(sheet, names.YEAR)},{year}'
        if self._by_unit and names.UNIT in self._letters[sheet]:
            unit = cell[names.UNIT]
            said += f',{self._range(sheet, names.UNIT)},IF({unit}="","=",{unit})'
        return said

    def _rows(self, sheet: str, cell: Mapping[str, str], *wanted: tuple[str, str], added: str = "") -> str:
        """How many rows of the project there are of which that is true, or the sum of a column of theirs."""
        same = self._same(sheet, cell, cell[names.YEAR])
        same += "".join(f",{self._range(sheet, column)},{what}" for column, what in wanted)
        function = f"SUMIFS({self._range(sheet, added)}," if added else "COUNTIFS("
        if names.FORM in self._letters[sheet]:
            same += f",{self._range(sheet, names.FORM)},{cell[names.WHICH]}"
        return f"{function}{same})"

    def _indicators(self, cell: Mapping[str, str], *wanted: tuple[str, str]) -> str:
        return self._rows(names.INDICATORS, cell, (NAME, _ANY), *wanted)

    def _lines(self, cell: Mapping[str, str], *wanted: tuple[str, str], added: str = "") -> str:
        return self._rows(names.EXECUTION, cell, *wanted, added=added)

    def _evaluates(self, cell: Mapping[str, str]) -> str:
        form = cell[names.FORM]
        return f'IF({form}="",{self._lines(cell)}>0,COUNTIF({EVALUATING},{form})>0)'

    def _declares(self, cell: Mapping[str, str]) -> str:
        form = cell[names.FORM]
        return f'IF({form}="",{self._lines(cell)}=0,COUNTIF({DECLARING},{form})>0)'

    def _points(self, cell: Mapping[str, str]) -> str:
        """The sum of 分值; of 资金执行 the total's counts, else those of its parts. Nothing where there are none."""
        total = (names.ITEM, f'"{TOTAL_LINE}"')
        there, figures = (
            f"{self._indicators(cell, (WEIGHT, what))}+{self._lines(cell, (WEIGHT, what))}" for what in (_ANY, _FIGURE)
        )
        lines = (
            f"IF({self._lines(cell, total, (WEIGHT, _ANY))}>0,{self._lines(cell, total, added=WEIGHT)},"
            f"{self._lines(cell, added=WEIGHT)})"
        )
        rows = self._rows(names.INDICATORS, cell, added=WEIGHT)
        return f'IF(OR({figures}=0,{there}<>{figures}),"",ROUND({rows}+{lines},2))'

    def _lacking(self, cell: Mapping[str, str]) -> str:
        """Text in which each thing stands behind 、 or ；."""
        missing = {
            name: _if(f'AND({cell[name]}="",COUNTIF({UNPRINTED.format(name)},{cell[names.FORM]})=0)', f"、{name}")
            for name in ASKED
        }
        common = [_if(f'{cell[names.YEAR]}=""', f"、{names.YEAR}"), missing[_DEPARTMENT], missing[names.UNIT]]
        declared = [
            missing[names.TOTAL_OF_YEAR],
            _if(f'AND({cell[GOAL]}="",{cell[WHOLE_GOAL]}="")', f"、{GOAL}"),
        ]
        total = (names.ITEM, f'"{TOTAL_LINE}"')
        weighed = f"{self._indicators(cell, (WEIGHT, _ANY))}"
        blank = (names.ACTUAL, _BLANK)
        actual = f"IF({weighed}=0,{self._indicators(cell, blank)},{self._indicators(cell, blank, (WEIGHT, _ANY))})"
        evaluated = [
            f'IF({self._lines(cell)}=0,"、{names.EXECUTION}",'
            + "&".join(
                _if(f"{self._lines(cell, total, (name, _BLANK))}>0", f"、{name}") for name in (BUDGETED, EXECUTED)
            )
            + ")",
            missing[names.ACHIEVED],
            _counted(actual, "条未填实际完成值"),
        ]
        somewhere = f'COUNTIFS({self._range(names.INDICATORS, names.PROJECT)},"="&{cell[names.PROJECT]})>0'
        wrong = f"、{names.INDICATORS}{_ELSEWHERE}"
        listed = [
            f'IF({self._indicators(cell)}=0,IF({somewhere},"{wrong}","、{names.INDICATORS}"),"")',
            _counted(self._indicators(cell, (names.TARGET, _BLANK)), "条未填指标值"),
        ]
        points = cell[names.POINTS]
        scored = [f'IF({points}="","",IF({points}={FULL},"","；{names.POINTS} "&{points}))']
        parts = [*common, f'IF({self._declares(cell)},{"&".join(declared)},"")', *listed]
        parts += [f'IF({self._evaluates(cell)},{"&".join([*evaluated, *scored, self._flows(cell)])},"")']
        return "&".join(parts + [_difference(cell, *sums) for sums in SUMS])

    def _flows(self, cell: Mapping[str, str]) -> str:
        """Sums of 资金执行: the total against the other lines, where there are any."""
        total, other = (names.ITEM, f'"{TOTAL_LINE}"'), (names.ITEM, f'"<>{TOTAL_LINE}"')
        found = []
        for name in FLOWS:
            whole, parts = (self._lines(cell, which, added=name) for which in (total, other))
            gap = f"ROUND({whole}-{parts},2)"
            found.append(f'IF({parts}=0,"",IF({gap}=0,"","；{name}与分项差 "&{gap}))')
        there, figures = ("+".join(self._lines(cell, (name, what)) for name in FLOWS) for what in (_ANY, _FIGURE))
        return f'IF(AND({self._lines(cell, total)}=1,{there}={figures}),{"&".join(found)},"")'


def _if(condition: str, text: str) -> str:
    return f'IF({condition},"{text}","")'


def _counted(count: str, said: str) -> str:
    return f'TEXT({count},"""、{names.INDICATORS} ""0"" {said}"";;")'


def _difference(cell: Mapping[str, str], total: str, parts: Sequence[str]) -> str:
    cells = ",".join(cell[name] for name in parts)
    gap = f"ROUND({cell[total]}-SUM({cells}),2)"
    known = f"AND(ISNUMBER({cell[total]}),COUNT({cells})>0,COUNT({cells})=COUNTA({cells}))"
    return f'IF({known},IF({gap}=0,"","；{total}与分项差 "&{gap}),"")'


def worked_out(
    headers: Mapping[str, Sequence[str]], tables: Mapping[str, Sequence[Row]], most: int
) -> list[dict[str, Any]]:
    """What the formulas come to in the first rows of 项目, `most` at most: column → value.

    tables: the rows of the three sheets, column → what stands there.
    """
    found = _Found(headers, tables)
    return [found.of(row) for row in tables[names.PROJECTS][:most]]


def _by_unit(headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether rows say of which unit's project they are."""
    return any(names.UNIT in headers[sheet] for sheet in (names.EXECUTION, names.INDICATORS))


class _Found:
    """What rows of 项目 have in the other two sheets."""

    def __init__(self, headers: Mapping[str, Sequence[str]], tables: Mapping[str, Sequence[Row]]):
        self._headers, self._by_unit = headers, _by_unit(headers)
        self._rows = {sheet: self._by_key(sheet, rows) for sheet, rows in tables.items()}
        self._named = {_text(row.get(names.PROJECT)) for row in tables[names.INDICATORS]}
        self._declaring, self._evaluating = map(frozenset, forms_by_kind())
        self._unprinted = {name: frozenset(forms_without(name)) for name in ASKED}

    def _key(self, sheet: str, row: Row) -> tuple[str, ...]:
        by_unit = self._by_unit and names.UNIT in self._headers[sheet]
        return tuple(_text(row.get(name)) for name in (names.PROJECT, names.YEAR, *[names.UNIT] * by_unit))

    def _by_key(self, sheet: str, rows: Sequence[Row]) -> dict[tuple[str, ...], list[Row]]:
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            found.setdefault(self._key(sheet, row), []).append(row)
        return found

    def _of(self, project: Row, sheet: str) -> list[Row]:
        """The rows that are a project's: of its name and year; of its form where it is there in several."""
        key = self._key(names.PROJECTS, project)
        alone = len(self._rows[names.PROJECTS].get(key, ())) < 2
        if self._by_unit and names.UNIT not in self._headers[sheet]:
            key = key[:2]
        return [
            row
            for row in self._rows[sheet].get(key, ())
            if alone
            or names.FORM not in self._headers[sheet]
            or _text(row.get(names.FORM)) == _text(project.get(names.FORM))
        ]

    def of(self, row: Row) -> dict[str, Any]:
        """What the formulas of a row come to."""
        name = _text(row.get(names.PROJECT))
        if not name or names.SAMPLE in name_key(name):
            return {}
        form = _text(row.get(names.FORM))
        alone = len(self._rows[names.PROJECTS][self._key(names.PROJECTS, row)]) < 2
        which = {names.WHICH: _ANY_FORM if alone else form or "="}
        if len(name) > _LONGEST or any(char in name for char in "*?~"):
            return which | {names.LACKING: ODD_NAME}
        rows, budget = (self._of(row, sheet) for sheet in (names.INDICATORS, names.EXECUTION))
        own = [one for one in rows if not _is_blank(one.get(NAME))]
        evaluates = form in self._evaluating if form else bool(budget)
        declares = form in self._declaring if form else not budget
        points = _points(own, rows, budget) if evaluates else None
        asked = {column for column in ASKED if _is_blank(row.get(column)) and form not in self._unprinted[column]} | (
            {names.YEAR} if _is_blank(row.get(names.YEAR)) else set()
        )
        said = [f"、{column}" for column in (names.YEAR, _DEPARTMENT, names.UNIT) if column in asked]
        if declares:
            said += [f"、{names.TOTAL_OF_YEAR}"] if names.TOTAL_OF_YEAR in asked else []
            said += [f"、{GOAL}"] if _is_blank(row.get(GOAL)) and _is_blank(row.get(WHOLE_GOAL)) else []
        if not own:
            said.append(f"、{names.INDICATORS}{_ELSEWHERE if name in self._named else ''}")
        said += _count(own, names.TARGET, "条未填指标值")
        said += _of_evaluation(own, budget, points, names.ACHIEVED in asked) if evaluates else []
        said += [text for total, parts in SUMS for text in _gap(row, total, parts)]
        text = "".join(said).lstrip("、")
        text = text[1:] if text.startswith("；") else f"缺：{text}" if text else COMPLETE
        return which | {names.COUNT: len(own), names.POINTS: points, names.LACKING: text}


def _of_evaluation(own: Sequence[Row], budget: Sequence[Row], points: Decimal | None, no_result: bool) -> list[str]:
    total = [line for line in budget if _text(line.get(names.ITEM)) == TOTAL_LINE]
    said = [] if budget else [f"、{names.EXECUTION}"]
    said += [f"、{name}" for name in (BUDGETED, EXECUTED) if any(_is_blank(line.get(name)) for line in total)]
    said += [f"、{names.ACHIEVED}"] if no_result else []
    weighed = [one for one in own if not _is_blank(one.get(WEIGHT))]
    said += _count(weighed or own, names.ACTUAL, "条未填实际完成值")
    said += [f"；{names.POINTS} {plain(points)}"] if points not in (None, FULL) else []
    if len(total) != 1 or any(map(_is_text, (line.get(name) for line in budget for name in FLOWS))):
        return said
    for name in FLOWS:
        whole, parts = (
            sum((Decimal(line[name]) for line in lines if _is_figure(line.get(name))), Decimal(0))
            for lines in (total, [line for line in budget if line not in total])
        )
        said += _told(name, whole - parts) if parts else []
    return said


def _points(own: Sequence[Row], rows: Sequence[Row], budget: Sequence[Row]) -> Decimal | None:
    weights = [one.get(WEIGHT) for one in (*own, *budget) if not _is_blank(one.get(WEIGHT))]
    if not weights or not all(map(_is_figure, weights)):
        return None
    lines = [line for line in budget if not _is_blank(line.get(WEIGHT))]
    total = [line for line in lines if _text(line.get(names.ITEM)) == TOTAL_LINE]
    counted = [one[WEIGHT] for one in (*rows, *(total or lines)) if _is_figure(one.get(WEIGHT))]
    return round_half_up(sum(map(Decimal, counted), Decimal(0)), 2).normalize() + 0


def _count(rows: Sequence[Row], column: str, said: str) -> list[str]:
    count = sum(_is_blank(row.get(column)) for row in rows)
    return [f"、{names.INDICATORS} {count} {said}"] if count else []


def _gap(row: Row, total: str, parts: Sequence[str]) -> list[str]:
    held = [row[name] for name in parts if not _is_blank(row.get(name))]
    if not _is_figure(row.get(total)) or not held or not all(map(_is_figure, held)):
        return []
    return _told(total, row[total] - sum(held))


def _told(name: str, gap: Decimal) -> list[str]:
    gap = round_half_up(Decimal(gap), 2)
    return [f"；{name}与分项差 {plain(gap)}"] if gap else []


def _text(value: Any) -> str:
    return plain(Decimal(value)) if isinstance(value, (int, Decimal)) else str(value or "")


def _is_blank(value: Any) -> bool:
    return value is None or value == ""


def _is_text(value: Any) -> bool:
    return not _is_blank(value) and not _is_figure(value)


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and number_in_excel(Decimal(value)) is not None
