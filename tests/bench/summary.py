"""What a summary costs beside reading and checking: python -m tests.bench.summary [--count 1000]

Generated pairs of three years (tests/mutation) are reviewed once as values; then summing up and writing the
workbook are timed apart, in processor seconds, median of 3. Target: 3 s for 1,000 projects.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from xladdin.review.cases import Case, Entry, Review
from xladdin.review.checking import reconcile
from xladdin.summary import summarise, workbook_of

from .bench import REPEATS
from .reconcile import some

YEARS = 2022, 2023, 2024


def review(count: int) -> Review:
    """Pairs, each project in three years, under another name in the last."""
    cases = []
    for number, pair in enumerate(some(count)):
        year = YEARS[number % len(YEARS)]
        name = f"公共服务项目{number // len(YEARS)}号" + ("及推广" if year == YEARS[-1] else "")
        own = {"project": name, "year": year, "unit": "某中心"}
        declared, evaluated = replace(pair.declaration, **own), replace(pair.evaluation, **own)
        files = Path(f"{number}申报.xlsx"), Path(f"{number}自评.xlsx")
        cases.append(Case(tuple(map(Entry, (declared, evaluated), files)), tuple(reconcile(declared, evaluated))))
    return Review(tuple(cases))


def seconds(act: Callable[[], object]) -> float:
    """Processor seconds, median of several runs."""
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    reviewed = review(count)
    summary = summarise(reviewed)
    summed, written = seconds(lambda: summarise(reviewed)), seconds(lambda: workbook_of(summary, Path.cwd()))
    size = len(workbook_of(summary, Path.cwd()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    renamed = sum(bool(line.renames) for line in summary.lines)
    print(f"{count} projects of {len(YEARS)} years, {len(summary.lines)} lines, {renamed} renamed")
    print(f"  sum up     {summed:8.2f} s")
    print(f"  workbook   {written:8.2f} s {size / 1024:8.0f} kB")
    print(f"  peak       {peak:8} MB  target: 3 s for 1,000 projects")


if __name__ == "__main__":
    main()
