"""Speed and memory beside other libraries, run by hand: python -m tests.bench.bench [--count 1000]

Every contender runs in a fresh interpreter with one worker; its time is the whole process: start,
imports, work. Repetitions alternate between the contenders and the median counts. The workbooks are
the 2021 declaration and the 2021 self-evaluation of xladdin/data/example.json by turns, each with a
project name of its own, scores left to formulas. The other libraries are handed their values ready
made (cells, formulas, merges, heights); xladdin works all of that out from the record.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

from .contenders import ROOT, TASKS, TEMPLATES, files, fill_xladdin, named

REPEATS, SLOW_COUNT = 3, 100
SLOW = {"openpyxl", "openpyxl read_only", "xltpl", "XlsxWriter"}  # measured on fewer files, scaled per file
NOTES = {"XlsxWriter": "form built from nothing",
         "xltpl": "cannot repeat rows from this template: fields only, no formulas",
         "python-calamine": "values only", "copy template": "floor", "deflate sheet XML": "floor"}  # fmt: skip


def plans(filled: list[Path]) -> list[dict]:
    """What openpyxl and XlsxWriter have to write, taken from files xladdin filled."""
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import to_excel

    made = []
    for path, source in zip(filled, TEMPLATES, strict=True):
        form, blank = load_workbook(path).active, load_workbook(source).active
        repeat = next(c.row for row in blank.iter_rows() for c in row if "指标.三级指标" in str(c.value))
        rows = form.max_row - blank.max_row + 1
        cells = [((c.row, c.column), c.value) for row in form.iter_rows() for c in row if c.value is not None]
        old = {(c.row + (rows - 1) * (c.row > repeat), c.column): c.value for row in blank.iter_rows() for c in row}
        cells = [(spot, to_excel(value) if isinstance(value, dt.date) else value) for spot, value in cells]
        heights = [(row, d.height) for row, d in form.row_dimensions.items() if d.height]
        widths = [(column, d.width) for column, d in form.column_dimensions.items()]
        merges = [str(merged) for merged in form.merged_cells.ranges]
        shown = dict(cells)
        writes = [(spot, shown.get(spot)) for spot in old | shown if old.get(spot) != shown.get(spot)]
        project = next(spot for spot, value in cells if str(value).startswith(named(0)[:-5]))
        made.append({"repeat": repeat, "rows": rows, "cells": cells, "writes": writes, "project": project,
                     "merges": merges, "heights": heights, "widths": widths})  # fmt: skip
    return made


def process(*command: str, check: bool = True) -> tuple[float, str]:
    """Seconds of a whole process, and what it printed. Raises RuntimeError with its last line."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment, cwd=ROOT)
    seconds = time.perf_counter() - start
    if done.returncode and check:
        raise RuntimeError((done.stderr.strip() or "failed").splitlines()[-1])
    return seconds, done.stdout


def contender(task: str, name: str, work: Path, count: int) -> float:
    folder = work / "out"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return process("-m", "tests.bench.contenders", task, name, str(folder), str(count))[0]


def race(task: str, work: Path, count: int) -> None:
    """All contenders of a task by turns; prints their medians for `count` files."""
    times: dict[str, list[float]] = {name: [] for name in TASKS[task]}
    starts: dict[str, list[float]] = {name: [] for name in TASKS[task]}
    wrong: dict[str, str] = {}
    for turn in range(REPEATS):
        for name in list(times)[:: -1 if turn % 2 else 1]:
            fewer = min(count, SLOW_COUNT) if name in SLOW else count
            try:
                if name not in wrong:
                    times[name].append(contender(task, name, work, fewer))
                    starts[name].append(contender(task, name, work, 0) if fewer < count else 0)
            except RuntimeError as error:
                wrong[name] = "not installed" if "ModuleNotFoundError" in str(error) else f"cannot: {error}"
    print(f"\n{task.upper()}  {count} files, whole process, median of {REPEATS}")
    own = median(times["xladdin"])
    for name in times:
        if name in wrong:
            print(f"  {name:20} {wrong[name]}")
            continue
        seconds, note = median(times[name]), NOTES.get(name, "")
        if name in SLOW and count > SLOW_COUNT:
            start = median(starts[name])
            seconds = start + (seconds - start) * count / SLOW_COUNT
            note = f"scaled from {SLOW_COUNT} files  {note}"
        if name == "openpyxl":
            note += f"  target >= {20 if task == 'fill' else 8}x"
        print(f"  {name:20}{seconds:9.2f} s {seconds / count * 1000:9.3f} ms/file {seconds / own:8.2f} x  {note}")


def imports() -> None:
    print("\nIMPORT  whole process, median of 10  target: below openpyxl")
    commands = {"xladdin": "import xladdin", "openpyxl": "import openpyxl", "pass": "pass",
                "xladdin fill+read": "from xladdin import fill, read"}  # fmt: skip
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(10):
        for name, command in commands.items():
            times[name].append(process("-c", command, check=False)[0])
    own = median(times["xladdin"])
    for name, taken in times.items():
        print(f"  {name:20}{median(taken):9.3f} s {'':17} {median(taken) / own:8.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    count = max(2, parser.parse_args().count)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "filled").mkdir()
        fill_xladdin(work / "filled", count)
        pair = files(work / "out", 2)
        (work / "plans.json").write_text(json.dumps(plans(pair), ensure_ascii=False), "utf-8")
        for number, path in enumerate(pair):
            (work / f"sheet{number}.xml").write_bytes(zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml"))
        print("ratio: time taken as a multiple of xladdin's")
        race("fill", work, count)
        race("read", work, count)
        imports()
        print("\nMEMORY  peak of one process filling, bytes discarded  target: flat")
        for number in (count, 10 * count):
            try:
                peak = process("-m", "tests.bench.contenders", "memory", "xladdin", str(work), str(number))[1]
                print(f"  {number:6} workbooks {int(peak) / 1024:8.1f} MB")
            except RuntimeError as error:
                print(f"  {number:6} workbooks cannot be measured here (needs /proc): {error}")


if __name__ == "__main__":
    main()
