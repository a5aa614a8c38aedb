"""Layouts drawn by chance read as they were written, and a check of them finds no mistake."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import xladdin
from tests.layouts.making import layout
from xladdin.domain.records import Record
from xladdin.errors import XladdinError
from xladdin.form.reading import records_in

FORMS, RIGHT, UNTOLD = 300, 0.995, 0.001
_NOT_FIELDS = {"unit_in", "indicators"}


@cache
def read() -> tuple[tuple[int, dict[str, Any], Record | XladdinError], ...]:
    return tuple((seed, want, _read(grid)) for seed in range(FORMS) for grid, want in [layout(seed)])


def _read(grid) -> Record | XladdinError:
    try:
        (record,) = records_in([grid])
    except XladdinError as error:
        return error
    return record


def value_at(record: Record, path: str) -> Any:
    for name in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(record, tuple):
            record = record[int(name)] if int(name) < len(record) else None
        else:
            record = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
    return record


def wrong() -> Iterator[tuple[int, str, Any, Any, bool]]:
    """Every field that was read otherwise: seed, field, what was written, what was read, whether a doubt told it."""
    for seed, want, record in read():
        if isinstance(record, XladdinError):
            yield from ((seed, field, want[field], str(record), True) for field in want.keys() - _NOT_FIELDS)
            continue
        told = {doubt.field for doubt in record.source.doubts}
        for field in want.keys() - _NOT_FIELDS:
            found = value_at(record, field)
            if found != want[field]:
                yield seed, field, want[field], found, any(field.startswith(one) for one in told)
        if len(record.indicators) != want["indicators"]:
            yield seed, "indicators", want["indicators"], len(record.indicators), "indicators" in told


def test_nearly_every_field_is_read():
    written = sum(len(want) - 1 for _, want, _ in read())
    found = list(wrong())
    assert len(found) <= written * (1 - RIGHT), found[:20]
    assert sum(not told for *_, told in found) <= written * UNTOLD, found[:20]


@pytest.mark.parametrize("part", range(3))
def test_no_mistake_is_found_in_what_agrees(part):
    mistakes = [
        (seed, one.code, one.message)
        for seed, _, record in read()
        if seed % 3 == part and not isinstance(record, XladdinError)
        for one in xladdin.check(record)
        if one.level == "error"
    ]
    assert not mistakes
