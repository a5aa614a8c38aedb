"""What is filled and read: the 2021 declaration and self-evaluation of the example by turns, and generated pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import xladdin
from tests.mutation.faults import FAULTS
from tests.mutation.pairs import Pair, pairs
from xladdin.ledger import write_ledger
from xladdin.workbook.saving import save

ROOT = Path(__file__).parents[2]
TEMPLATES = [ROOT / "templates" / name for name in ("2021申报表.xlsx", "2021自评表.xlsx")]
SEED, FAULTY = 20261122, 10
DECLARED, EVALUATED, LEDGER = "申报", "自评", "台账.xlsx"


@cache
def records() -> list:
    """The declaration and the evaluation, rates and scores null."""
    found = json.loads((ROOT / "xladdin/data/example.json").read_text("utf-8"))
    declaration, evaluation = (
        next(record for record in found if record["year"] == 2021 and record["kind"] == kind)
        for kind in ("declaration", "evaluation")
    )
    evaluation |= {"total_score": None, "total_weight": None}
    evaluation["budget"] = [line | {"rate": None, "score": None} for line in evaluation["budget"]]
    evaluation["indicators"] = [row | {"score": None} for row in evaluation["indicators"]]
    return [xladdin.from_dict(declaration), xladdin.from_dict(evaluation)]


def named(number: int) -> str:
    """A project of its own for each form."""
    return f"计生特殊家庭帮扶及权益维护{number:05}"


def filled(count: int) -> None:
    """Forms whose bytes are thrown away."""
    for number in range(count):
        xladdin.fill(replace(records()[number % 2], project=named(number)))


def saved(folder: Path, count: int) -> None:
    """Forms in a folder."""
    for number in range(count):
        save(folder / f"{number:05}.xlsx", xladdin.fill(replace(records()[number % 2], project=named(number))))


def read(files: list[Path]) -> None:
    """Records that are thrown away."""
    for path in files:
        xladdin.read(path)


def some(count: int) -> Iterator[Pair]:
    """Pairs of distinct names, every tenth with a fault."""
    for number, pair in enumerate(pairs(count, SEED)):
        if number % FAULTY == 0:
            kinds = list(FAULTS.values())
            mutation = kinds[number // FAULTY % len(kinds)].make(pair, Random(number))
            pair = mutation.pair if mutation else pair
        yield replace(
            pair,
            declaration=replace(pair.declaration, project=f"{pair.declaration.project}{number}"),
            evaluation=replace(pair.evaluation, project=f"{pair.evaluation.project}{number}"),
        )


def year(folder: Path, count: int) -> Path:
    """A folder with so many declarations, their evaluations, and the ledger of the declarations."""
    made = list(some(count))
    for side in (DECLARED, EVALUATED):
        (folder / side).mkdir(parents=True)
    for number, pair in enumerate(made):
        (folder / DECLARED / f"{number:05}.xlsx").write_bytes(xladdin.fill(pair.declaration))
        (folder / EVALUATED / f"{number:05}.xlsx").write_bytes(xladdin.fill(pair.evaluation))
    write_ledger(folder / LEDGER, [pair.declaration for pair in made])
    return folder
