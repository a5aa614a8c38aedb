"""Records into a ledger: new projects below those there are, and what a known one lacks. Nothing there is changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..domain.kinds import kind_of
from ..domain.naming import name_key
from ..domain.numbers import convert, decimal_of
from ..domain.records import Record
from ..errors import Place, UnknownForm
from ..form.catalogue import form_for
from ..ledger.asked import DONE, mark
from ..ledger.columns import EXECUTION, FORM, INDICATORS, ITEM, OPTIONAL, PROJECTS, UNIT
from ..ledger.decided import ADD, LEAVE, LINE, line_of
from .book import KEYS, ROLES, Book, There, where
from .gathering import Taken
from .questions import Question, called_of, shown
from .rows import Row, Slot, is_amount, rows_of

LOOK = "look"  # 去处 of a question that has no cell
_LEVELS = LINE[INDICATORS]


@dataclass(frozen=True, slots=True)
class Put:
    """A question that is to stand in 待核. aim: where a decision goes that waits in no cell."""

    number: int
    question: Question
    aim: str = ""


@dataclass(slots=True)
class Merged:
    """What became of records: projects added, known ones that gained something, those that were all there.

    broken: those the ledger has with mistakes; unclear: those it has several of that may be meant. Neither is touched.
    """

    added: list[str] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    asked: list[Put] = field(default_factory=list)


class Merger:
    """Takes records one after the other."""

    def __init__(self, book: Book):
        self.book = book
        self.merged = Merged()
        self._number = max((*(row.number or 0 for row in book.questions.rows), *book.waiting.values()), default=0)

    def take(self, taken: Taken, again: bool = False) -> There | None:
        """Put a record where it belongs. again: of a file taken before: only a project that is gone is put back."""
        record = taken.record
        unsure = {slot[2] for question in taken.questions for slot in question.slots if slot[0] == PROJECTS}
        known = not unsure & {"项目名称", "年度"}
        found = self.book.find(record) if known else []
        there = found[0] if found else None
        if len(found) > 1:
            self.merged.unclear.append(record.project)
            return None
        if there is not None and there.broken:
            self.merged.broken.append(record.project)
        elif there is not None and (again or not self._compare(taken, there)):
            self.merged.same.append(record.project)
        elif there is not None:
            self.merged.gained.append(record.project)
        elif known or not again:
            there = self._append(taken)
            self.merged.added.append(record.project)
        return there

    def finished(self) -> Merged:
        """What became of all of them; a question that a later file has settled is not asked."""
        waiting = set(self.book.waiting.values())
        self.merged.asked = [put for put in self.merged.asked if put.aim or put.number in waiting]
        return self.merged

    # ---- a project that is new

    def _append(self, taken: Taken) -> There:
        record, book = taken.record, self.book
        rows = {role: [dict(row) for row in lines] for role, lines in rows_of(record).items()}
        marks = self._ask(taken.questions, frozenset())
        there = There(
            record.year, name_key(record.project), name_key(record.unit), kind_of(record), record.form,
            record.money_unit, rows, {role: [] for role in ROLES}, record,
        )  # fmt: skip
        if book.flat:
            self._append_flat(there, marks)
        else:
            for role in ROLES:
                self._append_rows(there, role, 0, marks)
        self._tell_apart(there)
        book.hand_on(there)
        book.there.append(there)
        return there

    def _append_rows(self, there: There, role: str, first: int, marks: Mapping[Slot, int]) -> None:
        for number in range(first, len(there.rows[role])):
            at = self.book.sheets[role].take_row()
            there.at[role].append(at)
            self._write(there, role, number, at, marks)

    def _append_flat(self, there: There, marks: Mapping[Slot, int]) -> None:
        """A row of the one sheet for each indicator, the project's columns in each; one for a project without any."""
        sheet = self.book.sheets[PROJECTS]
        for number in range(max(len(there.rows[INDICATORS]), 1)):
            at = sheet.take_row()
            self._write(there, PROJECTS, 0, at, marks)
            if number < len(there.rows[INDICATORS]):
                there.at[INDICATORS].append(at)
                self._write(there, INDICATORS, number, at, marks)
            if not number:
                there.at[PROJECTS].append(at)
        self._append_rows(there, EXECUTION, 0, marks)

    def _write(self, there: There, role: str, number: int, at: int, marks: Mapping[Slot, int]) -> None:
        sheet, row = self.book.sheets[role], there.rows[role][number]
        for name in [*row, *(slot[2] for slot in marks if slot[:2] == (role, number))]:
            slot = (role, number, name)
            if slot in marks:
                sheet.put(at, name, mark(marks[slot]))
                self.book.waiting[self.book.cell(role, at, name)] = marks[slot]
            elif name not in OPTIONAL[role] or name not in (UNIT, FORM) or name in sheet.columns:
                sheet.put(at, name, row[name])
        for name in {slot[2] for slot in marks if slot[:2] == (role, number)}:
            row.pop(name, None)

    def _tell_apart(self, new: There) -> None:
        """Where a project has several forms in a year, or two units have one each, every row says which it is of."""
        twins = [one for one in self.book.there if (one.year, one.project) == (new.year, new.project)]
        for twin in twins:
            units = twin.unit != new.unit
            for role in ROLES:
                both = role != EXECUTION or all(one.kind and one.kind.budget for one in (twin, new))
                for there in (twin, new):
                    form = there.form or (there.kind.label if there.kind else None)
                    self._say(there, role, FORM, form, both and not units)
                    self._say(there, role, UNIT, there.record.unit if there.record else None, both and units)

    def _say(self, there: There, role: str, name: str, value: str | None, needed: bool) -> None:
        sheet = self.book.sheets[role]
        if not value or not needed and name not in sheet.columns:
            return
        for number, at in enumerate(there.at[role]):
            row = there.rows[role][number] if number < len(there.rows[role]) else {}
            spot = (at, sheet.column(name))
            held = sheet.values.get(spot) is not None or not self._is_blank(role, at, name)
            if not held:
                sheet.put(at, name, value)
                row[name] = value

    def _is_blank(self, role: str, at: int, name: str) -> bool:
        """Whether nothing stands in a cell of the ledger as it was opened, its sample taken out."""
        sheet = self.book.sheets[role]
        grid = next(grid for grid in self.book.grids if grid.sheet == sheet.title)
        spot = (at, sheet.columns.get(name, 0))
        if spot in sheet.values and sheet.values[spot] is None:
            return True
        return spot not in grid.formulas and name_key(str(grid.cells.get(spot) or "")) == ""

    # ---- a project that is there

    def _compare(self, taken: Taken, there: There) -> bool:
        """Fill what it lacks, ask where the two differ; whether there was anything to do."""
        before = len(self.merged.asked), sum(sheet.written for sheet in self.book.sheets.values())
        taken = self._asked_in_unit_of(taken, there)
        rows = self._in_unit_of(taken.record, there)
        unit_unknown = taken.record.money_unit is None
        doubted = {slot: question for question in taken.questions for slot in question.slots}
        pairs = [(PROJECTS, 0, 0), *_budget_pairs(rows, there), *_indicator_pairs(rows, there)]
        fill: set[Slot] = set()
        for role, own, other in pairs:
            row, held, at = rows[role][own], there.rows[role][other], there.at[role][other]
            for name in dict.fromkeys((*row, *(slot[2] for slot in doubted if slot[:2] == (role, own)))):
                slot, value = (role, own, name), row.get(name)
                if name in KEYS or name == ITEM or unit_unknown and is_amount(role, name):
                    continue
                if self.book.waits(role, at, name):
                    if slot not in doubted:  # this file is sure of what another was not
                        self.book.sheets[role].put(at, name, value)
                        del self.book.waiting[self.book.cell(role, at, name)]
                        held[name] = value
                    continue
                if name not in held:
                    if not self._is_blank(role, at, name):
                        continue  # what stands there cannot be understood: the ledger's reader says so
                    if slot in doubted:
                        fill.add(slot)
                    else:
                        self.book.sheets[role].put(at, name, value)
                        held[name] = value
                elif slot not in doubted and not _equal(held[name], value):
                    self._differ(taken, there, role, (own, other), name)
        marks = self._ask([question for question in taken.questions if fill.intersection(question.slots)], fill)
        places = {(role, own): there.at[role][other] for role, own, other in pairs}
        for slot, number in marks.items():
            at = places[slot[:2]]
            self.book.sheets[slot[0]].put(at, slot[2], mark(number))
            self.book.waiting[self.book.cell(slot[0], at, slot[2])] = number
        self._rest(taken, there, rows, {(role, own) for role, own, _ in pairs})
        return before != (len(self.merged.asked), sum(sheet.written for sheet in self.book.sheets.values()))

    def _in_unit_of(self, record: Record, there: There) -> dict[str, list[Row]]:
        """The rows of a record with its amounts in the unit of the ledger's, a blank one being that of the form."""
        target = _unit_of(record, there)
        return {
            role: [
                {
                    name: convert(value, record.money_unit, target) if is_amount(role, name) else value
                    for name, value in row.items()
                }
                for row in lines
            ]
            for role, lines in rows_of(record).items()
        }

    def _asked_in_unit_of(self, taken: Taken, there: There) -> Taken:
        """The same with what is offered for amounts in the unit of the ledger, and that said."""
        unit, target = taken.record.money_unit, _unit_of(taken.record, there)
        if not unit or not target or unit == target:
            return taken
        said = f"；文件里的单位是{unit}，建议已换算，“采用”请按台账的{target}填"
        questions = [
            replace(
                question,
                offered=tuple(dict.fromkeys(_converted(text, unit, target) for text in question.offered)),
                why=question.why + said,
            )
            if any(is_amount(role, name) for role, _, name in question.slots)
            else question
            for question in taken.questions
        ]
        return replace(taken, questions=tuple(questions))

    def _rest(self, taken: Taken, there: There, rows: Mapping[str, list[Row]], paired: set[tuple[str, int]]) -> None:
        """Rows the ledger has not: all of a table it has none of, else each is asked for."""
        for role in (EXECUTION, INDICATORS):
            left = [at for at in range(len(rows[role])) if (role, at) not in paired]
            if there.rows[role] and role == INDICATORS:
                for at in left:
                    self._ask_row(taken, there, rows[role][at], at)
                continue
            if self.book.flat and role == INDICATORS:
                continue
            first = len(there.rows[role])
            wanted = [at for at in left if role == INDICATORS or rows[role][at].keys() - KEYS - {ITEM}]
            there.rows[role] += [dict(rows[role][at]) for at in wanted]
            new = {at: first + number for number, at in enumerate(wanted)}
            questions = [q for q in taken.questions if any(s[0] == role and s[1] in new for s in q.slots)]
            marks = self._ask(questions, {(role, at, n) for at in new for n in (*rows[role][at], *_LEVELS)})
            self._append_rows(
                there, role, first, {(role, new[at], name): number for (_, at, name), number in marks.items()}
            )
        self._tell_apart_of(there)

    def _tell_apart_of(self, there: There) -> None:
        others = [one for one in self.book.there if one is not there]
        if any((one.year, one.project) == (there.year, there.project) for one in others):
            self._tell_apart(there)

    # ---- asking

    def _ask(self, questions: Any, within: Any) -> dict[Slot, int]:
        """Number questions; the cells that wait for each. within: only these cells, where there are any."""
        marks: dict[Slot, int] = {}
        for question in questions:
            self._number += 1
            free = [slot for slot in question.slots if slot not in marks and (not within or slot in within)]
            marks |= dict.fromkeys(free, self._number)
            self.merged.asked.append(Put(self._number, question, "" if free else LOOK))
        return marks

    def _differ(self, taken: Taken, there: There, role: str, at: tuple[int, int], name: str) -> None:
        """File and ledger say different things of one field: the ledger's stays until the clerk decides."""
        rows = rows_of(taken.record)
        held, own = there.rows[role][at[1]][name], self._in_unit_of(taken.record, there)[role][at[0]][name]
        cell = where(self.book.sheets[role], there.at[role][at[1]], name)
        why = f"台账 {cell} 里是“{shown(held)}”，两处不同，台账没有改"
        called = called_of(rows, ((role, at[0], name),))
        aim = {"of": key_of(there), "sheet": role, "line": line_of(role, there.rows[role][at[1]]), "column": name}
        self._put(taken, called, shown(own), (shown(held), shown(own)), why, aim)

    def _ask_row(self, taken: Taken, there: There, row: Row, at: int) -> None:
        """An indicator of the file that the ledger has not."""
        told = "／".join(shown(row[name]) for name in (*_LEVELS, "指标值") if name in row)
        aim = {"of": key_of(there), "sheet": INDICATORS, "add": {name: _kept(value) for name, value in row.items()}}
        self._put(taken, f"第 {at + 1} 个指标", told, (ADD, LEAVE), "台账的这个项目里没有这个指标", aim)

    def _put(
        self, taken: Taken, called: str, read: str, offered: tuple[str, ...], why: str, aim: Mapping[str, Any]
    ) -> None:
        kept = json.dumps(aim, ensure_ascii=False)
        known = {(row.aim.removeprefix(DONE), row.texts.get("读到的")) for row in self.book.questions.rows if row.aim}
        if (kept, read) in known:
            return  # asked already
        self._number += 1
        cells = taken.record.source.cells if taken.record.source else {}
        place = cells.get("project") or Place(file=taken.path.name)
        question = Question((), taken.path, place, taken.record.project, called, read, offered, why)
        self.merged.asked.append(Put(self._number, question, kept))


def _unit_of(record: Record, there: There) -> str | None:
    """What amounts of the ledger's project are in, a blank unit being that of the form."""
    with suppress(UnknownForm):
        return there.money_unit or form_for(record).money_unit
    return there.money_unit


def _converted(text: str, unit: str, target: str) -> str:
    """What is offered, in the other unit where it is an amount."""
    figure = decimal_of(text)
    return text if figure is None else shown(convert(figure, unit, target))


def key_of(there: There) -> list[Any]:
    """What a project of the ledger is known by."""
    return [there.year, there.project, there.unit, there.kind.name if there.kind else "", there.form or ""]


def row_at(there: There, role: str, line: list[str]) -> int | None:
    """Which of a project's rows that is; None where there is none such, or more."""
    found = [at for at, row in enumerate(there.rows[role]) if line_of(role, row) == line]
    return found[0] if len(found) == 1 else None


def _kept(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"figure": format(value, "f")}
    return value.isoformat() if isinstance(value, dt.date) else value


def _equal(one: Any, other: Any) -> bool:
    """Whether two values say the same: white space and width do not count."""
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        return one == other
    return name_key(shown(one)) == name_key(shown(other))


def _budget_pairs(rows: Mapping[str, list[Row]], there: There) -> Iterator[tuple[str, int, int]]:
    held = {name_key(row.get(ITEM)): at for at, row in enumerate(there.rows[EXECUTION])}
    for own, row in enumerate(rows[EXECUTION]):
        other = held.pop(name_key(row.get(ITEM)), None)
        if other is not None:
            yield EXECUTION, own, other


def _indicator_pairs(rows: Mapping[str, list[Row]], there: There) -> Iterator[tuple[str, int, int]]:
    """The same indicator in both: of one name, those of the same levels first."""
    left = dict(enumerate(there.rows[INDICATORS]))
    for own, row in enumerate(rows[INDICATORS]):
        name = name_key(row.get("三级指标"))
        alike = [at for at, other in left.items() if name_key(other.get("三级指标")) == name]
        alike.sort(key=lambda at: [name_key(left[at].get(level)) != name_key(row.get(level)) for level in _LEVELS])
        if name and alike:
            del left[alike[0]]
            yield INDICATORS, own, alike[0]
