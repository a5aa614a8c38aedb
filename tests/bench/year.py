"""A whole year by the documented commands: python -m tests.bench.year [--count 1000] [--workers 2]

A ledger of distinct declarations is filled, killed in the middle, resumed and run once more; rolled forward; the
self-evaluations are filled in as a clerk would (read, changed, written over); both folders are reconciled and summed up.
Every step is a process of its own: its seconds, and the highest memory of it or one of its workers. openpyxl's time is
of SLOW_COUNT files of bench.py (load, fill, save), scaled.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.mutation.pairs import pairs
from xladdin.ledger import write_ledger

from .bench import SLOW_COUNT, contender, plans
from .contenders import ROOT, files, fill_xladdin

SEED = 20261122
FILL_IN = """
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
import xladdin
for path in Path(sys.argv[1]).glob("*.xlsx"):
    blank, = xladdin.read(path)
    budget = tuple(replace(line, budget=line.initial, executed=line.initial and line.initial * Decimal("0.97"),
                           rate=None, score=None) for line in blank.budget)
    rows = tuple(replace(row, actual=(row.target or "").lstrip("=≥≤<>"), score=None) for row in blank.indicators)
    record = replace(blank, budget=budget, indicators=rows, actual_result="都按计划办了。", total_score=None)
    path.write_bytes(xladdin.fill(record))
"""

# a process so small that the highest memory it is told of is its child's, or one of its child's workers'
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
"""


def step(name: str, count: int, *command: str, stop_at: tuple[Path, int] | None = None) -> float:
    """Run a process and print what it took; killed once `stop_at` (a folder, so many files) is reached."""
    begun = time.perf_counter()
    options = {"env": os.environ | {"PYTHONPATH": str(ROOT)}, "start_new_session": True}
    process = subprocess.Popen(
        [sys.executable, "-c", MEASURED, sys.executable, *command], stdout=subprocess.PIPE, **options
    )
    while stop_at and process.poll() is None and sum(1 for _ in stop_at[0].glob("*.xlsx")) < stop_at[1]:
        time.sleep(0.01)
    if stop_at:
        os.killpg(process.pid, signal.SIGKILL)
    code, peak = (process.communicate()[0] or b"killed -").decode().split()
    seconds = time.perf_counter() - begun
    print(f"  {name:34}{seconds:8.2f} s {count / seconds:8.0f} a second {peak:>6} MB  exit {code}", flush=True)
    return seconds


def year(work: Path, count: int, workers: str) -> float:
    """All the steps; the seconds of filling."""
    ledger, declared, evaluated = work / "台账.xlsx", work / "申报", work / "自评"
    records = (pair.declaration for pair in pairs(count, SEED))
    write_ledger(ledger, [replace(record, project=f"{record.project}{n:05}") for n, record in enumerate(records)])
    xladdin_fill = ("-m", "xladdin", "fill", str(ledger), "--workers", workers)
    filled = step("fill", count, *xladdin_fill, "--out", str(declared))
    step("fill again: nothing to do", count, *xladdin_fill, "--out", str(declared))
    again = work / "断"
    again.mkdir()
    step("fill, killed at half", count // 2, *xladdin_fill, "--out", str(again), stop_at=(again, count // 2))
    step("fill, resumed", count // 2, *xladdin_fill, "--out", str(again))
    whole, resumed = ({p.name: p.read_bytes() for p in folder.glob("*.xlsx")} for folder in (declared, again))
    print(f"  resumed and undisturbed runs {'agree' if whole == resumed else 'DIFFER'} in {len(whole)} files")
    two = ("--workers", workers)
    step("evaluate", count, "-m", "xladdin", "evaluate", str(declared), "--out", str(evaluated), *two)
    step("(the clerk fills them in)", count, "-c", FILL_IN, str(evaluated))
    step(
        "evaluate again: all edited, kept",
        count,
        "-m",
        "xladdin",
        "evaluate",
        str(declared),
        "--out",
        str(evaluated),
        *two,
    )
    report = str(work / "核对结果.xlsx")
    step("reconcile", count, "-m", "xladdin", "reconcile", str(declared), str(evaluated), "--report", report, *two)
    step(
        "summary",
        count,
        "-m",
        "xladdin",
        "summary",
        str(declared),
        str(evaluated),
        "--out",
        str(work / "汇总.xlsx"),
        *two,
    )
    return filled


def openpyxl_seconds(work: Path, count: int) -> float:
    (work / "filled").mkdir()
    fill_xladdin(work / "filled", 2)
    (work / "plans.json").write_text(json.dumps(plans(files(work / "out", 2)), ensure_ascii=False), "utf-8")
    start, taken = (contender("fill", "openpyxl", work, number) for number in (0, SLOW_COUNT))
    return start + (taken - start) * count / SLOW_COUNT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--workers", default="2")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = name
        print(f"{arguments.count} projects, {arguments.workers} workers")
        filled = year(Path(name), arguments.count, arguments.workers)
        try:
            other = openpyxl_seconds(Path(name), arguments.count)
            print(
                f"  openpyxl, filling, one worker     {other:8.2f} s  {other / filled:.1f} x (scaled from {SLOW_COUNT} files)"
            )
        except RuntimeError as error:
            print(f"  openpyxl: {error}")


if __name__ == "__main__":
    main()
