"""Answers carried out: what was decided in 待核 goes into the cells that wait for it, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..domain.numbers import date_of, decimal_of
from ..ledger.asked import DONE, Asked, is_empty
from ..ledger.columns import INDICATORS, all_paths, known_extras
from ..ledger.decided import ADD, LEAVE, aim_of, value_of
from ..workbook.appending import Value
from .book import Book, There
from .merging import key_of, row_at
from .rows import is_day, is_figure


@dataclass(frozen=True, slots=True)
class Carried:
    """done: how many cells of the ledger got a decision; aims: what 去处 of rows of 待核 becomes, by row.

    stuck: rows whose decision could not be carried out: what it is about is gone, or it cannot be understood, or
    another row decides the same otherwise. They stay as they are.
    """

    done: int
    aims: dict[int, str]
    stuck: tuple[int, ...]


def carry_out(book: Book) -> Carried:
    """Write the decisions into the ledger.

    A decision between file and ledger is carried out once: what the clerk types later stands.
    """
    done = 0
    for (role, at, column), number in list(book.waiting.items()):
        row = book.questions.decision(number)
        if row is not None:
            sheet = book.sheets[role]
            name = next(name for name, known in sheet.columns.items() if known == column)
            sheet.values[at, column] = _typed(role, name, row)
            del book.waiting[role, at, column]
            done += 1
    aims: dict[int, str] = {}
    stuck: list[int] = []
    for row in book.questions.rows:
        if not row.answered or (aim := aim_of(row)) is None:
            continue
        twice = DONE + row.aim in aims.values()  # a copy of a row
        lone = row.number is None or book.questions.decision(row.number) is not None
        changed = (False if twice else _decided(book, row, aim)) if lone else None
        if changed is None:
            stuck.append(row.line.number)
        else:
            done += changed
            aims[row.line.number] = DONE + row.aim
    return Carried(done, aims, tuple(stuck))


def _typed(role: str, name: str, row: Asked) -> Value:
    """A decision as the column holds it; what cannot be stays a text, and the ledger's reader says what is wrong."""
    if is_empty(str(row.line.cells.get(row.at, ""))):
        return None
    value = row.line.cells.get(row.at)
    if isinstance(value, dt.date):
        return value
    if isinstance(value, Decimal) and row.at not in row.line.percents:
        return value
    text = row.answer
    if isinstance(value, Decimal):
        text = f"{value.scaleb(2).normalize():f}%"
    if is_figure(role, name) and (figure := decimal_of(text)) is not None:
        return figure
    return date_of(text) or text if is_day(role, name) else text


def _decided(book: Book, row: Asked, aim: dict[str, Any]) -> bool | None:
    """Carry out what was decided where file and ledger differ; whether the ledger was changed, None where it cannot."""
    alike = [one for one in book.there if key_of(one)[:4] == aim["of"][:4] and not one.broken]
    exact = [one for one in alike if key_of(one) == aim["of"]] or alike
    if len(exact) != 1:
        return None
    (there,) = exact
    if "add" in aim:
        return _add(book, there, aim["add"]) if row.answer == ADD else (False if row.answer in (LEAVE, "") else None)
    at = row_at(there, aim["sheet"], aim["line"])
    sheet, name = book.sheets[aim["sheet"]], aim["column"]
    if at is None or name not in {*sheet.columns, *all_paths(aim["sheet"]), *known_extras()}:
        return None
    value = _typed(aim["sheet"], name, row)
    held = there.rows[aim["sheet"]][at].get(name)
    if value == held or str(value) == str(held):
        return False
    sheet.put(there.at[aim["sheet"]][at], name, value)
    there.rows[aim["sheet"]][at][name] = value
    return True


def _add(book: Book, there: There, kept: dict[str, Any]) -> bool:
    row = {name: value_of(value) for name, value in kept.items()}
    sheet = book.sheets[INDICATORS]
    at = sheet.take_row()
    for name, value in row.items():
        if name in sheet.columns:
            sheet.put(at, name, value)
    there.rows[INDICATORS].append(row)
    there.at[INDICATORS].append(at)
    return True
