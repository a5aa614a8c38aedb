"""A record's amounts in the money unit of the form they go into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..domain import fields
from ..domain.kinds import kind_of
from ..domain.numbers import convert, decimal_of, plain
from ..domain.records import Record
from ..errors import BadValue

UNITS = ("元", "万元")


def in_unit(record: Record, unit: str | None) -> Record:
    """The record with its amounts in `unit`, converted exactly; None (the form has none) leaves them as they are.

    Raises BadValue where it holds amounts and nothing shows what they are in, or where one is no number.
    """
    if unit is None or record.money_unit == unit:
        return record
    if record.money_unit is None:
        if has_amounts(record):
            what = f"“{record.project}”没有写明金额单位，不知道是元还是万元"
            raise BadValue(what, advice="请写明金额单位，或加 --money-unit 元（万元）指明")
        return replace(record, money_unit=unit)

    kind = kind_of(record)

    def moved(part: Any, names: Iterable[str]) -> Any:
        values = {name: getattr(part, name) for name in names}
        return replace(part, **{n: convert(v, record.money_unit, unit) for n, v in values.items() if v is not None})

    own: dict[str, list[str]] = {}
    for path in kind.amounts(kind.words.values()):
        part, _, name = path.rpartition(".")
        own.setdefault(part, []).append(name)
    changed: Record = moved(record, own.pop("", ()))
    parts = {part: moved(getattr(record, part), names) for part, names in own.items()}
    for name, table in (("budget", kind.budget), ("indicators", kind.indicators)):
        if table and (amounts := kind.amounts(table.columns.values())):
            parts[name] = tuple(moved(row, amounts) for row in getattr(record, name))
    extra = {name: _moved(record, name, text, unit) for name, text in record.extra.items()}
    return replace(changed, money_unit=unit, extra=extra, **parts)


def _moved(record: Record, name: str, text: str | None, unit: str) -> str | None:
    if name not in fields.MONEY_EXTRA or not text:
        return text
    amount = decimal_of(text)
    if amount is None:
        what = f"“{record.project}”的{name}“{text}”不是数，不能由{record.money_unit}换算为{unit}"
        raise BadValue(what, advice="请只填数字")
    return plain(convert(amount, record.money_unit, unit))


def has_amounts(record: Record) -> bool:
    """Whether an amount of money stands in it."""
    return any(amount is not None for amount in _amounts(record))


def _amounts(record: Record) -> Iterator[Any]:
    kind = kind_of(record)
    yield from (record.extra.get(name) for name in fields.MONEY_EXTRA)
    yield from (fields.get(record, path) for path in kind.amounts(kind.words.values()))
    for name, table in (("budget", kind.budget), ("indicators", kind.indicators)):
        for path in kind.amounts(table.columns.values()) if table else ():
            yield from (getattr(row, path) for row in getattr(record, name))


def conversion(record: Record, unit: str | None) -> str:
    """What is to be said of a record whose amounts are converted into `unit`; "" where none is."""
    if None in (unit, record.money_unit) or record.money_unit == unit or not has_amounts(record):
        return ""
    return f"金额由{record.money_unit}换算为{unit}"
