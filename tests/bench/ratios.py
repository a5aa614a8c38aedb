"""How many times openpyxl's CPU each job is worth: python -m tests.bench.ratios [--count 1000]

CPU time only (user + system), in this process or of child processes; the jobs run by turns and medians count, so a busy
machine changes all of them alike. Two baselines: the *smallest* job (load the template, set its cells, save) and the
*full* one (rows inserted, styles, merges, heights as the form needs them).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from xladdin import fill, read
from xladdin.workbook.saving import save

from .bench import plans
from .contenders import ROOT, TEMPLATES, files, fill_openpyxl, fill_xladdin, named, read_openpyxl, records

ROUNDS, BATCH = 7, 10
TARGETS = {"fill": (30, 50), "fill and save": (25, 40), "command fill": (15, 25)}


def fill_smallest(folder: Path, count: int) -> None:
    """What openpyxl needs at the least: the template loaded, its cells set, saved; no row inserted."""
    from openpyxl import load_workbook

    made = json.loads((folder.parent / "plans.json").read_text("utf-8"))
    for number in range(count):
        book = load_workbook(TEMPLATES[number % 2])
        covered = {spot for merged in book.active.merged_cells.ranges for spot in list(merged.cells)[1:]}
        for (row, column), value in made[number % 2]["writes"]:
            if (row, column) not in covered:
                book.active.cell(row, column).value = value
        book.save(folder / f"{number:05}.xlsx")


def fill_warm(_folder: Path, count: int) -> None:
    for number in range(count):
        fill(replace(PAIR[number % 2], project=named(number)))


def fill_saved(folder: Path, count: int) -> None:
    for number in range(count):
        save(folder / f"{number:05}.xlsx", fill(replace(PAIR[number % 2], project=named(number))))


def read_again(folder: Path, count: int) -> None:
    for path in files(folder, count):
        read(path)


PAIR = records()


def cpu_of(work: Callable[[Path, int], None], folder: Path, count: int) -> float:
    for left in folder.iterdir():
        left.unlink()
    begun = time.process_time()
    work(folder, count)
    return (time.process_time() - begun) / count


def race(jobs: dict[str, tuple[Callable[[Path, int], None], int]], folder: Path) -> dict[str, float]:
    """Median CPU seconds a file of each job; the first round warms up and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(ROUNDS + 1):
        for name, (work, count) in jobs.items():
            seconds = cpu_of(work, folder, count)
            if turn:
                taken[name].append(seconds)
    return {name: median(times) for name, times in taken.items()}


def child_cpu(*command: str) -> float:
    """CPU seconds of a whole command with its workers."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "xladdin", *command], capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    if done.returncode > 1:
        raise RuntimeError(done.stderr.decode()[-300:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(folder: Path, count: int) -> dict[str, float]:
    """CPU a file of `fill` from a ledger and of `read --json`, one worker."""
    import shutil

    from xladdin.ledger import write_ledger

    ledger, out = folder / "台账.xlsx", folder / "申报"
    write_ledger(ledger, [replace(PAIR[0], project=named(number)) for number in range(count)])
    filled, told = [], []
    for _ in range(3):
        shutil.rmtree(out, ignore_errors=True)
        filled.append(child_cpu("fill", str(ledger), "--out", str(out), "--workers", "1") / count)
        told.append(child_cpu("read", str(out), "--json") / count)
    return {"command fill": median(filled), "command read": median(told)}


def line(name: str, own: float, *peers: tuple[str, float]) -> None:
    shown = "   ".join(f"{peer / own:6.1f}x {label}" for label, peer in peers)
    print(f"  {name:16}{own * 1000:9.3f} ms   {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        os.environ["XDG_STATE_HOME"] = name
        out = work / "out"
        out.mkdir()
        (work / "filled").mkdir()
        fill_xladdin(work / "filled", BATCH * 10)
        (work / "plans.json").write_text(json.dumps(plans(files(out, 2)), ensure_ascii=False), "utf-8")
        took = race(
            {
                "smallest": (fill_smallest, BATCH),
                "full": (fill_openpyxl, BATCH),
                "fill": (fill_warm, BATCH * 10),
                "fill and save": (fill_saved, BATCH * 10),
                "openpyxl reads": (read_openpyxl, BATCH),
                "read": (read_again, BATCH * 10),
            },
            out,
        )
        took |= commands(work, count)
    smallest, full, peer = ("smallest", took["smallest"]), ("full", took["full"]), ("openpyxl", took["openpyxl reads"])
    print(
        f"openpyxl  smallest {took['smallest'] * 1000:.1f} ms, full {took['full'] * 1000:.1f} ms, reading {peer[1] * 1000:.1f} ms a file (CPU)"
    )
    for job in ("fill", "fill and save", "command fill"):
        line(job, took[job], smallest, full)
    for job in ("read", "command read"):
        line(job, took[job], peer)


if __name__ == "__main__":
    main()
