"""Which form a recognised record stands on: the one whose printed labels it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..domain.labels import LONGEST_LABEL, canonical, normalise
from ..domain.records import Record
from .catalogue import Form
from .layout import Layout
from .values import cells_of

if TYPE_CHECKING:
    from .printed import Printed

ENOUGH = 0.85  # of a form's labels must be there
SYNONYM = 0.75  # what a label in other words counts
_TITLE_ROWS = 4  # printed rows that may stand above the first field, or below the last (an empty indicator table)


def identify(record: Record, layout: Layout, forms: Sequence[tuple[Form, Printed]]) -> Form | None:
    """The form of a record read from that sheet, or None for a layout that is none of them (another province's)."""
    rows = cells_of(record).rows
    found = {
        _word(text)
        for row in layout.rows_between(min(rows) - _TITLE_ROWS, max(rows) + _TITLE_ROWS)
        for _, text, _ in layout.rows[row]
        if type(text) is str and len(text) <= LONGEST_LABEL
    }
    meant = dict(found)
    meanings = set(meant.values())
    stamp = layout.grid.marks.get("表式名称")
    best: tuple[tuple[float, bool, bool, tuple[int, int]], Form] | None = None
    for form, printed in forms:
        if form.kind != record.kind:
            continue
        share = _share(_labels(printed), meant, meanings)
        fits = record.year is not None and form.years[0] <= record.year <= form.years[1]
        rank = (round(share, 6), form.name == stamp, fits, form.years)
        if share >= ENOUGH and (best is None or rank > best[0]):
            best = (rank, form)
    return best[1] if best else None


def _share(labels: Mapping[str, str | None], texts: Mapping[str, Any], meanings: set[str | None]) -> float:
    """How much of some labels is there."""
    if not labels:
        return 0
    missing = labels.keys() - texts.keys()
    meant = sum(labels[label] is not None and labels[label] in meanings for label in missing)
    return (len(labels) - len(missing) + SYNONYM * meant) / len(labels)


@lru_cache(maxsize=2048)
def _word(text: str) -> tuple[str, str | None]:
    """A normalised text, and what it is a label of."""
    word = normalise(text)
    return word, canonical(word)


@lru_cache(maxsize=256)
def _labels(printed: Printed) -> Mapping[str, str | None]:
    return {text: canonical(text) for text in set(map(normalise, printed.labels)) - {""}}
