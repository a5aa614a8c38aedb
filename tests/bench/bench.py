"""Speed and memory beside other libraries, run by hand: python -m tests.bench.bench [--count 1000]

Every contender runs in a fresh interpreter with one worker; its time is the whole process: start,
imports, work. Repetitions alternate between the contenders and the median counts. The workbooks are
the 2021 declaration and the 2021 self-evaluation of xladdin/data/example.json by turns, each with a
project name of its own, scores left to formulas. The other libraries are handed their values ready
made (cells, formulas, merges, heights); xladdin works all of that out from the record.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = [ROOT / "templates" / name for name in ("2021申报表.xlsx", "2021自评表.xlsx")]
REPEATS, SLOW_COUNT = 3, 100
SLOW = {"openpyxl", "openpyxl read_only", "xltpl", "XlsxWriter"}  # measured on fewer files, scaled per file


# ---- contenders: work(folder, count); an import that fails means "not installed" ----


def records() -> list:
    """The declaration and the evaluation, rates and scores null."""
    from xladdin import from_dict

    found = json.loads((ROOT / "xladdin/data/example.json").read_text("utf-8"))
    declaration = next(r for r in found if r["year"] == 2021 and r["kind"] == "declaration")
    evaluation = next(r for r in found if r["year"] == 2021 and r["kind"] == "evaluation")
    evaluation |= {"total_score": None, "total_weight": None}
    evaluation["budget"] = [line | {"rate": None, "score": None} for line in evaluation["budget"]]
    evaluation["indicators"] = [row | {"score": None} for row in evaluation["indicators"]]
    return [from_dict(declaration), from_dict(evaluation)]


def named(number: int) -> str:
    return f"计生特殊家庭帮扶及权益维护{number:05}"


def fill_xladdin(folder: Path, count: int) -> None:
    from dataclasses import replace

    from xladdin import fill
    from xladdin.workbook.saving import save

    pair = records()
    for number in range(count):
        save(folder / f"{number:05}.xlsx", fill(replace(pair[number % 2], project=named(number))))


def fill_openpyxl(folder: Path, count: int) -> None:
    from copy import copy

    from openpyxl import load_workbook

    plans = json.loads((folder.parent / "plans.json").read_text("utf-8"))
    for number in range(count):
        plan = plans[number % 2]
        book = load_workbook(TEMPLATES[number % 2])
        sheet = book.active
        for merged in list(sheet.merged_cells.ranges):  # insert_rows leaves merges behind
            sheet.unmerge_cells(str(merged))
        first, rows = plan["repeat"], plan["rows"]
        sheet.insert_rows(first + 1, rows - 1)
        for row in range(first + 1, first + rows):
            for cell in sheet[first]:
                sheet.cell(row, cell.column)._style = copy(cell._style)
        for (row, column), value in plan["writes"]:
            sheet.cell(row, column).value = value
        sheet.cell(*plan["project"]).value = named(number)
        for merged in plan["merges"]:
            sheet.merge_cells(merged)
        for row, height in plan["heights"]:
            sheet.row_dimensions[row].height = height
        book.save(folder / f"{number:05}.xlsx")


def fill_xlsxwriter(folder: Path, count: int) -> None:
    import xlsxwriter

    plans = json.loads((folder.parent / "plans.json").read_text("utf-8"))
    for number in range(count):
        plan = plans[number % 2]
        book = xlsxwriter.Workbook(str(folder / f"{number:05}.xlsx"))
        sheet = book.add_worksheet("表")
        look = book.add_format({"border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
        for column, width in plan["widths"]:
            sheet.set_column(f"{column}:{column}", width)
        for row, height in plan["heights"]:
            sheet.set_row(row - 1, height)
        for merged in plan["merges"]:
            sheet.merge_range(merged, "", look)
        for (row, column), value in plan["cells"]:
            shown = named(number) if [row, column] == plan["project"] else value
            sheet.write(row - 1, column - 1, shown, look)
        book.close()


def fill_xltpl(folder: Path, count: int) -> None:
    from xltpl.writerx import BookWriter

    from xladdin.form.catalogue import find_form
    from xladdin.form.filling import context_of
    from xladdin.workbook.expression import _ENV

    pair = records()
    contexts = [context_of(r, find_form(path.stem)) for r, path in zip(pair, TEMPLATES, strict=True)]
    writers = [BookWriter(str(path)) for path in TEMPLATES]
    for writer in writers:
        writer.jinja_env.filters |= _ENV.filters
    for number in range(count):
        shown = contexts[number % 2] | {"项目名称": named(number)}
        shown["指标"] = shown["指标"][0]  # its own loop tags are not in the template
        writers[number % 2].render_book([shown])
        writers[number % 2].save(str(folder / f"{number:05}.xlsx"))


def copy_template(folder: Path, count: int) -> None:
    import shutil

    for number in range(count):
        shutil.copyfile(TEMPLATES[number % 2], folder / f"{number:05}.xlsx")


def deflate_sheet(folder: Path, count: int) -> None:
    texts = [(folder.parent / f"sheet{n}.xml").read_bytes() for n in (0, 1)]
    for number in range(count):
        squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
        squeezer.compress(texts[number % 2]) + squeezer.flush()


def files(folder: Path, count: int) -> list[Path]:
    return sorted((folder.parent / "filled").glob("*.xlsx"))[:count]


def read_xladdin(folder: Path, count: int) -> None:
    from xladdin import read

    for path in files(folder, count):
        read(path)


def read_openpyxl(folder: Path, count: int, **options) -> None:
    from openpyxl import load_workbook

    for path in files(folder, count):
        book = load_workbook(path, **options)
        for row in book.active.iter_rows():
            for cell in row:
                cell.value  # noqa: B018
        book.close()


def read_calamine(folder: Path, count: int) -> None:
    from python_calamine import CalamineWorkbook

    for path in files(folder, count):
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def memory(folder: Path, count: int) -> None:
    from dataclasses import replace

    from xladdin import fill

    pair = records()
    for number in range(count):
        fill(replace(pair[number % 2], project=named(number)))
    import resource

    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


FILL = {"xladdin": fill_xladdin, "openpyxl": fill_openpyxl, "XlsxWriter": fill_xlsxwriter, "xltpl": fill_xltpl,
        "copy template": copy_template, "deflate sheet XML": deflate_sheet}  # fmt: skip
READ = {"xladdin": read_xladdin, "openpyxl": read_openpyxl, "python-calamine": read_calamine,
        "openpyxl read_only": lambda folder, count: read_openpyxl(folder, count, read_only=True)}  # fmt: skip
TASKS = {"fill": FILL, "read": READ, "memory": {"xladdin": memory}}
NOTES = {"XlsxWriter": "form built from nothing", "xltpl": "indicator rows NOT repeated: it cannot, from this template",
         "python-calamine": "values only", "copy template": "floor", "deflate sheet XML": "floor"}  # fmt: skip


# ---- measuring ----


def plans(filled: list[Path]) -> list[dict]:
    """What openpyxl and XlsxWriter have to write, taken from files xladdin filled."""
    from openpyxl import load_workbook

    made = []
    for path, source in zip(filled, TEMPLATES, strict=True):
        form, blank = load_workbook(path).active, load_workbook(source).active
        repeat = next(c.row for row in blank.iter_rows() for c in row if "指标.三级指标" in str(c.value))
        rows = form.max_row - blank.max_row + 1
        cells = [((c.row, c.column), c.value) for row in form.iter_rows() for c in row if c.value is not None]
        old = {(c.row + (rows - 1 if c.row > repeat else 0), c.column): c.value for row in blank.iter_rows() for c in row}
        cells = [(spot, value if isinstance(value, (str, int, float)) else str(value)) for spot, value in cells]
        heights = [(row, d.height) for row, d in form.row_dimensions.items() if d.height]
        widths = [(column, d.width) for column, d in form.column_dimensions.items()]
        merges = [str(merged) for merged in form.merged_cells.ranges]
        writes = [(spot, value) for spot, value in cells if old.get(spot) != value]
        project = next(spot for spot, value in cells if str(value).startswith(named(0)[:-5]))
        made.append({"repeat": repeat, "rows": rows, "cells": cells, "writes": writes, "project": project,
                     "merges": merges, "heights": heights, "widths": widths})  # fmt: skip
    return made


def process(*command: str) -> tuple[float, str]:
    """Seconds of a whole process, and what it printed. Raises RuntimeError with its last line."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment, cwd=ROOT)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or "failed").splitlines()[-1])
    return seconds, done.stdout


def contender(task: str, name: str, work: Path, count: int) -> float:
    import shutil

    folder = work / "out"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return process("-m", "tests.bench.bench", "--run", task, name, str(folder), str(count))[0]


def race(task: str, work: Path, count: int) -> None:
    """All contenders of a task by turns; prints their medians for `count` files."""
    from statistics import median

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
    from statistics import median

    print("\nIMPORT  whole process, median of 10  target: below openpyxl")
    commands = {"xladdin": "import xladdin", "openpyxl": "import openpyxl", "pass": "pass"}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(10):
        for name, command in commands.items():
            times[name].append(process("-c", command)[0])
    own = median(times["xladdin"])
    for name, taken in times.items():
        print(f"  {name:20}{median(taken):9.3f} s {'':17} {median(taken) / own:8.2f} x")


def main() -> None:
    import argparse
    import tempfile
    import zipfile

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
            peak = process("-m", "tests.bench.bench", "--run", "memory", "xladdin", str(work), str(number))[1]
            print(f"  {number:6} workbooks {int(peak) / 1024:8.1f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        TASKS[sys.argv[2]][sys.argv[3]](Path(sys.argv[4]), int(sys.argv[5]))
    else:
        main()
