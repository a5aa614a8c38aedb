"""Declarations that were read, rolled forward into the evaluations that follow them; one that cannot costs no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..domain.records import Declaration, Evaluation
from ..errors import XladdinError
from .cases import Entry


@dataclass(frozen=True, slots=True)
class Rolled:
    """The evaluations, each with the file of its declaration, and what stands in the way of others, in words."""

    evaluations: tuple[tuple[Evaluation, Path | None], ...]
    told: tuple[str, ...]


def roll_forward(declared: Iterable[Entry], form: str | None = None, money_unit: str | None = None) -> Rolled:
    """An evaluation for each declaration. form: the one to use; money_unit: what amounts are in where nothing says it.

    Told are the doubts of a declaration, whose fields stay blank, and why one could not be rolled forward.
    """
    from ..api import self_evaluation

    rolled, told = [], []
    for entry in declared:
        record = entry.record
        if not isinstance(record, Declaration):
            continue
        if record.money_unit is None and money_unit:
            record = replace(record, money_unit=money_unit)
        told += [str(doubt) for doubt in (record.source.doubts if record.source else ())]
        try:
            rolled.append((self_evaluation(record, form), entry.path))
        except XladdinError as error:
            file = f"（{entry.name}）" if entry.name else ""
            told.append(f"没有生成“{record.project}”的自评表{file}：{error}")
    return Rolled(tuple(rolled), tuple(told))
