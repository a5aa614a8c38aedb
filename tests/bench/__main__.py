"""How fast and how large: python -m tests.bench [SECTION ...] [--count 1000]

Every figure stands beside what it should reach. CPU time (user + system) counts, of jobs that run by turns, so that a
busy machine changes all of them alike; only on an idle one is the clock worth anything, which the workers' section shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count as count_from
from pathlib import Path
from statistics import median

from xladdin.form.reading import reading
from xladdin.ledger import write_ledger

from ..seeds import SHARED
from . import jobs, measure, peers
from .jobs import DECLARED, EVALUATED, LEDGER
from .measure import Used, python, xladdin

BATCH, FEW, MANY, TURNS = 10, 300, 1500, 3
LOAD = "import sys, openpyxl; openpyxl.load_workbook(sys.argv[1])"
READ = """
import pathlib, sys, xladdin
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).iterdir()):
        xladdin.read(path)
"""
RENAMED = """
import sys, time
from dataclasses import replace
import xladdin
from tests.bench.jobs import some
_, one, two = some(3)  # the first has a fault
xladdin.reconcile(two.declaration, two.evaluation)
if sys.argv[1] == "renamed":
    first, *rest = one.evaluation.indicators
    rows = replace(first, name=first.name + "情况"), *rest
    one = replace(one, evaluation=replace(one.evaluation, indicators=rows))
times = []
for _ in range(50):
    begun = time.process_time()
    found = xladdin.reconcile(one.declaration, one.evaluation)
    times.append(time.process_time() - begun)
assert ("X-07" in {finding.code for finding in found}) == (sys.argv[1] == "renamed")
print(times[0], sorted(times[1:])[25], file=open(sys.argv[2], "w"))
"""


def line(name: str, figure: str, target: str = "") -> None:
    print(f"  {name:44}{figure:>22}   {target}", flush=True)


def speed(work: Path, count: int) -> None:
    """Filling and reading in one process, and the commands, as multiples of openpyxl."""
    folder, rounds = work / "forms", count_from()
    folder.mkdir()
    jobs.saved(folder, BATCH * 10)
    files = sorted(folder.iterdir())
    plans = [peers.plan(*pair) for pair in zip(files, jobs.TEMPLATES, strict=False)]

    def saving() -> None:  # into a folder of its own: where files were just deleted, new ones take a disk long to make
        jobs.saved(work / f"out{next(rounds)}", BATCH * 10)

    took = measure.race({
        "smallest": (lambda: peers.smallest(plans, work, BATCH), BATCH),
        "full": (lambda: peers.full(plans, work, BATCH), BATCH),
        "load": (lambda: peers.loaded(files[:BATCH]), BATCH),
        "fill": (lambda: jobs.filled(BATCH * 10), BATCH * 10),
        "fill and save": (saving, BATCH * 10),
        "read": (lambda: jobs.read(files), BATCH * 10),
        "calamine": (lambda: peers.calamine(files), BATCH * 10),
    })  # fmt: skip
    ledger, made = work / LEDGER, work / "made"
    write_ledger(ledger, [replace(jobs.records()[0], project=jobs.named(number)) for number in range(count)])
    fills, reads = [], []
    for _ in range(3):
        shutil.rmtree(made, ignore_errors=True)
        fills.append(xladdin("fill", ledger, "--out", made).cpu / count)
        reads.append(xladdin("read", made, "--json").cpu / count)
    took |= {"command fill": median(fills), "command read": median(reads)}
    said = ", ".join(f"{name} {took[name] * 1000:.1f} ms" for name in ("smallest", "full", "load"))
    print(f"SPEED  a file, CPU; openpyxl: {said}; calamine, values only, {took['load'] / took['calamine']:.0f} x")
    for name, least, whole in (("fill", 30, 50), ("fill and save", 25, 40), ("command fill", 15, 25)):
        small, full = (took[peer] / took[name] for peer in ("smallest", "full"))
        line(f"{name} ({took[name] * 1000:.2f} ms)", f"{small:.1f} x, {full:.1f} x", f">= {least}, {whole}")
    for name, least in (("read", 25), ("command read", 18)):
        line(f"{name} ({took[name] * 1000:.2f} ms)", f"{took['load'] / took[name]:.1f} x", f">= {least}")


def cold(work: Path, count: int) -> None:
    """One file through the command line beside a Python that loads it with openpyxl; the first renamed indicator."""
    jobs.saved(work, 2)
    form = str(sorted(work.glob("*.xlsx"))[0])
    taken: dict[str, list[float]] = {
        name: [] for name in ("own", "openpyxl", "plain", "renamed", "later", "renamed later")
    }
    told = work / "told"
    for _ in range(measure.ROUNDS):
        taken["own"].append(xladdin("read", form).cpu)
        taken["openpyxl"].append(python("-c", LOAD, form).cpu)
        for name, later in (("plain", "later"), ("renamed", "renamed later")):
            python("-c", RENAMED, name, str(told))
            for key, seconds in zip((name, later), told.read_text().split(), strict=True):
                taken[key].append(float(seconds))
    took = {name: median(times) * 1000 for name, times in taken.items()}
    print("COLD  CPU of a Python of its own")
    said = f"read one file ({took['own']:.0f} ms, openpyxl {took['openpyxl']:.0f})"
    line(said, f"{took['own'] / took['openpyxl']:.2f}", "<= 0.55")
    first, later = took["renamed"] - took["plain"], took["renamed later"] - took["later"]
    line(
        "a renamed indicator: the first, any other",
        f"{first:+.1f} ms, {later:+.2f} ms",
        "<= 10 ms (scipy: 582), 0.5 ms",
    )


def memory(work: Path, count: int) -> None:
    """What an item adds to the highest memory of a whole command."""
    folders = {size: jobs.year(work / str(size), size) for size in (FEW, MANY)}

    def used(size: int, *command: str) -> Used:
        here = {name: str(folders[size] / name) for name in (DECLARED, EVALUATED, LEDGER)}
        here["out"] = str(work / f"{command[0]}{size}")
        return xladdin(*(here.get(word, here["out"] + word if word[:1] == "." else word) for word in command))

    print(f"MEMORY  of the largest process: an item (from {FEW} to {MANY}), and at {MANY}")
    for name, most, forms, command in (
        ("reconcile with report, a pair", 60, 1, ("reconcile", DECLARED, EVALUATED, "--report", ".xlsx")),
        ("summary, a pair", 40, 1, ("summary", DECLARED, EVALUATED, "--out", ".xlsx")),
        ("check with report, a form", 20, 2, ("check", DECLARED, EVALUATED, "--report", ".xlsx")),
        ("fill, a form", 6, 1, ("fill", LEDGER, "--out", "out")),
        ("evaluate, a form", 6, 1, ("evaluate", DECLARED, "--out", "out")),
    ):
        few, many = (used(size, *command).peak for size in (FEW, MANY))
        grown = (many - few) * 1024 / (MANY - FEW) / forms
        line(name, f"{grown:.1f} kB, {many:.0f} MB", f"<= {most}, 200")


def workers(work: Path, count: int) -> None:
    """Cross-checking beside reading, the report, and two workers beside one."""
    folder = jobs.year(work / "year", count)
    declared, evaluated = folder / DECLARED, folder / EVALUATED
    commands = {
        "fill": lambda out: ("fill", folder / LEDGER, "--out", out),
        "evaluate": lambda out: ("evaluate", declared, "--out", out),
        "check": lambda out: ("check", declared, evaluated),
        "reconcile": lambda out: ("reconcile", declared, evaluated),
    }
    taken: dict[tuple[str, int], list[Used]] = {}
    for turn in range(TURNS):
        for name, command in commands.items():
            for number in (1, 2):
                used = xladdin(*command(work / f"{name}{number}{turn}"), "--workers", number)
                taken.setdefault((name, number), []).append(used)
    cpu = {key: median(used.cpu for used in several) for key, several in taken.items()}
    best = {key: min(used.wall for used in several) for key, several in taken.items()}
    reading = python("-c", READ, str(declared), str(evaluated)).cpu
    report = xladdin("reconcile", declared, evaluated, "--report", work / "report.xlsx").cpu
    print(f"PAIRS  of {count}, CPU")
    line("reconcile beside reading the files", f"{cpu['reconcile', 1] / reading:.2f}", "<= 1.8")
    line("what a report adds to a pair", f"{(report - cpu['reconcile', 1]) / count * 1000:.1f} ms", "<= 4 ms")
    print(f"WORKERS  two beside one at {count}: more CPU, and how much faster by the clock (idle machine only)")
    for name in commands:
        more, faster = cpu[name, 2] / cpu[name, 1] - 1, best[name, 1] / best[name, 2]
        line(name, f"{more:+.0%}, {faster:.2f} x", "<= +10%, 1.7 x")


def documents(work: Path, count: int) -> None:
    """Documents and pages a second, by format: the shared ones where they are, else those of the demo."""
    shared, demo = SHARED / "documents", jobs.ROOT / "xladdin/data/documents"
    by_format: dict[str, list[Path]] = {}
    for path in sorted((shared if shared.is_dir() else demo).iterdir()):
        if path.suffix in _FORMATS and reading(path).records:
            by_format.setdefault(path.suffix, []).append(path)
    took = measure.race({
        suffix: (lambda paths=paths: jobs.read(paths), sum(map(_pages, paths))) for suffix, paths in by_format.items()
    })  # fmt: skip
    print("DOCUMENTS  pages a second of CPU (a document without pages counts as one)")
    for suffix, seconds in took.items():
        line(f"{suffix} ({len(by_format[suffix])} documents)", f"{1 / seconds:.0f}")


_FORMATS = (".docx", ".xls", ".ods", ".html", ".pdf", ".md", ".tsv", ".txt")


def _pages(path: Path) -> int:
    if path.suffix != ".pdf":
        return 1
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


SECTIONS: dict[str, Callable[[Path, int], None]] = {
    one.__name__: one for one in (speed, cold, workers, memory, documents)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--count", type=int, default=1000)
    arguments = parser.parse_args()
    for name in arguments.sections or SECTIONS:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            SECTIONS[name](Path(folder), arguments.count)


if __name__ == "__main__":
    main()
