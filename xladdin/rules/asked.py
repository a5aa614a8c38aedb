"""Whether a form asks for a field at all: what it has no label for cannot be missing."""

from __future__ import annotations

from ..domain.fields import EXTRA_2020
from ..domain.records import Declaration, Evaluation

_NOT_IN_2020 = ("department", "annual_goal", "funds.annual")


def asked(form: Declaration | Evaluation, field: str) -> bool:
    """By the labels that were read; for a record that never was a sheet, by its generation."""
    if form.source is not None:
        return field in form.source.cells
    old = isinstance(form, Declaration) and any(name in form.extra for name in EXTRA_2020)
    return not (old and field.startswith(_NOT_IN_2020))
