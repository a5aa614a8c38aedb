"""What cross-checking costs beside reading: python -m tests.bench.reconcile [--count 1000]

Generated pairs (tests/mutation), every tenth with a fault, are written to two folders. By turns one fresh
process reads all the files and another reconciles the folders; whole processes, one worker, median of 3.
Target: reconciling takes at most 3 times the reading.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median

import xladdin
from tests.mutation.faults import FAULTS
from tests.mutation.pairs import Pair, pairs

from .bench import REPEATS, process

SEED, FAULTY = 20261122, 10
READ = """
import pathlib, sys, xladdin
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).iterdir()):
        xladdin.read(path)
"""
RECONCILE = """
import pathlib, sys
from xladdin.review.judging import review_pairs
from xladdin.review.pairing import pairs_in
review = review_pairs(pairs_in(*map(pathlib.Path, sys.argv[1:])))
print(len(review.cases), dict(review.counts))
"""


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        folders = Path(name) / "申报", Path(name) / "自评"
        for folder in folders:
            folder.mkdir()
        for number, pair in enumerate(some(count)):
            for folder, record in zip(folders, (pair.declaration, pair.evaluation), strict=True):
                (folder / f"{number:05}.xlsx").write_bytes(xladdin.fill(record))
        times: dict[str, list[float]] = {READ: [], RECONCILE: []}
        for _ in range(REPEATS):
            for code, taken in times.items():
                seconds, said = process("-c", code, *map(str, folders))
                taken.append(seconds)
        read, reconciled = (median(taken) for taken in times.values())
        print(f"{count} pairs: {said.strip()}")
        print(f"  read       {read:8.2f} s {read / count * 1000:8.2f} ms a pair")
        print(f"  reconcile  {reconciled:8.2f} s {reconciled / count * 1000:8.2f} ms a pair")
        print(f"  {reconciled / read:.2f} times the reading  target: at most 3")


if __name__ == "__main__":
    main()
