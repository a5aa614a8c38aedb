"""How much of what was put in is found: python -m tests.mutation.measure [--pairs 200] [--seed N] [--second] [--through-files].

Every fault goes into every clean pair that has a place for it, one at a time. Both records are filled
into their forms and read back, so that what the rules see went through a workbook and has cells; with
--through-files the workbooks are written to disk and read from there. The findings of a run are those of
`reconcile` and of `check` on either record. --second takes the pairs of second.py instead of pairs.py.

reported    some finding, of any level, that the clean pair did not have holds the mutated cell in its
            `where`. A slip that changes several cells (two targets swapped, a sheet in the wrong unit,
            all actuals) is reported at any of them. Left unexplained, an adjusted budget counts as told
            of at 实际完成情况, where the reason stood, or at the adjusted figure.
at error    such a finding at level error. by its rule: one with a code the fault is named for.
no cell     the mutated field has no cell in what was read back (a year or a unit in a heading): then any
            new finding counts as reported, and the kind is marked.
unrelated   a finding at level error that holds neither a mutated cell nor one that follows from it.
            Only this follows: from an indicator's cell the rest of its row and its row on the other
            side, and from a row left out the evaluation's 总分值 and 总分. A total, an equation of
            amounts or a comparison of the two sides has to name the mutated cell itself. A finding at
            level error without any cell is unrelated, unless the mutated field has none either.
clean       what is found in the pairs before any fault: errors, and warnings by their code.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import xladdin
from xladdin.cli.table import table

from . import amounts, pairs, second, texts  # noqa: F401  (amounts and texts enter their faults)
from .faults import DECLARED, EVALUATED, FAULTS, Cell, Mutation
from .pairs import Pair

NAMES = {DECLARED: "申报表.xlsx", EVALUATED: "自评表.xlsx"}
OTHER = {DECLARED: EVALUATED, EVALUATED: DECLARED}
ROW = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")


def follows(pair: Pair, cells: Iterable[Cell]) -> set[Cell]:
    """The cells of figures that follow from these, as the module's docstring says."""
    found: set[Cell] = set()
    for side, name in cells:
        match = re.match(r"indicators\[(\d+)\]", name)
        if not match:
            continue
        number = int(match[1])
        other = pair.rows[number] if side == DECLARED else pair.rows.index(number) if number in pair.rows else -1
        found |= {(side, f"indicators[{number}].{column}") for column in ROW}
        found |= {(OTHER[side], f"indicators[{other}].{column}") for column in ROW if other >= 0}
        if side == DECLARED and other < 0:
            found |= {(EVALUATED, "total_weight"), (EVALUATED, "total_score")}
    return found


# ---------------------------------------------------------------- running


def read_back(record, side: str, folder: Path | None = None):
    """The record as its workbook gives it."""
    data = xladdin.fill(record)
    if folder is None:
        (read,) = xladdin.read(data, NAMES[side])
        return read
    path = folder / NAMES[side]
    path.write_bytes(data)
    (read,) = xladdin.read(path)
    return read


def findings(declaration, evaluation) -> list:
    """What reconcile and both checks find, each finding once."""
    found = [*xladdin.reconcile(declaration, evaluation), *xladdin.check(declaration), *xladdin.check(evaluation)]
    return list({(f.code, f.message, str(f.where)): f for f in found}.values())


def held(finding, records: dict) -> set[Cell]:
    """The fields whose cells a finding names."""
    places = {tuple(sorted(place.items())) for place in finding.where}
    return {
        (side, name)
        for side, record in records.items()
        for name, place in record.source.cells.items()
        if tuple(sorted(place.to_dict().items())) in places
    }


@dataclass(slots=True)
class Run:
    """What came of one fault in one pair."""

    kind: str
    cell: str
    was: str
    now: str
    located: bool
    reported: list[str] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    unrelated: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def said(finding) -> str:
    """A finding in one line."""
    cells = "、".join(f"{place['file']}!{place['cell']}" for place in finding.where)
    return f"[{finding.level}] {finding.code} {finding.message}（{cells or '无单元格'}）"


def of_level(lines: list[str], level: str) -> list[str]:
    """Those of the lines that tell of that level."""
    return [line for line in lines if line.startswith(f"[{level}]")]


def value_at(record, name: str) -> str:
    """What a field holds."""
    for part in re.findall(r"\w+", name):
        if isinstance(record, tuple):
            record = record[int(part)] if int(part) < len(record) else None
        else:
            record = getattr(record, part, None)
    return str(record)


def run_fault(kind: str, pair: Pair, mutation: Mutation, clean: dict, known: set, folder: Path | None) -> Run:
    """One fault through the workbooks and the rules."""
    touched = {side for side, _ in mutation.cells}
    touched |= {side for side in OTHER if mutation.pair.record(side) is not pair.record(side)}
    records = clean | {side: read_back(mutation.pair.record(side), side, folder) for side in touched}
    cells = {cell for cell in mutation.cells if cell[1] in records[cell[0]].source.cells}
    located = mutation.field in records[mutation.side].source.cells
    related = cells | follows(mutation.pair, mutation.cells)
    run = Run(
        kind,
        f"{mutation.side} {mutation.field}",
        value_at(pair.record(mutation.side), mutation.field),
        value_at(mutation.pair.record(mutation.side), mutation.field),
        located,
    )
    for finding in findings(records[DECLARED], records[EVALUATED]):
        at = held(finding, records)
        new = (finding.code, finding.message) not in known
        if new and (at & cells or not cells):
            run.reported.append(said(finding))
            run.levels.add(finding.level)
            run.codes.add(finding.code)
        elif new:
            run.elsewhere.append(said(finding))
        if finding.level == "error" and not at & related and (located or at):
            run.unrelated.append(said(finding))
    return run


Maker = Callable[[Random], Pair]


def run_pair(
    number: int,
    seed: int,
    kinds: tuple[str, ...] | None = None,
    through_files: bool = False,
    make: Maker = pairs.clean_pair,
):
    """(what is found in the clean pair, a Run for each of `kinds`, or of all, that it has a place for)."""
    pair = make(Random(f"{seed}/{number}"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if through_files else None
        clean = {side: read_back(pair.record(side), side, folder) for side in OTHER}
        found = findings(clean[DECLARED], clean[EVALUATED])
        known = {(finding.code, finding.message) for finding in found}
        runs = []
        for kind in FAULTS if kinds is None else kinds:
            mutation = FAULTS[kind].make(pair, Random(f"{seed}/{number}/{kind}"))
            if mutation:
                runs.append(run_fault(kind, pair, mutation, clean, known, folder))
    return [said(finding) for finding in found], runs


def measure(count: int, seed: int, through_files: bool = False, make: Maker = pairs.clean_pair):
    """(what is found in each clean pair, all runs) over `count` pairs."""
    work = partial(run_pair, seed=seed, through_files=through_files, make=make)
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(work, range(count), chunksize=4))
    return [found for found, _ in results], [run for _, runs in results for run in runs]


# ---------------------------------------------------------------- the report


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.1f}%" if whole else "–"


def by_kind(runs: list[Run]) -> list[tuple]:
    """A row of the table for each kind that was run."""
    grouped = defaultdict(list)
    for run in runs:
        grouped[run.kind].append(run)
    rows = []
    for kind, entry in FAULTS.items():
        some = grouped[kind]
        reported = sum(bool(run.reported) for run in some)
        errors = sum("error" in run.levels for run in some)
        named = sum(bool(run.codes & set(entry.rules)) for run in some)
        unrelated = sum(bool(run.unrelated) for run in some)
        mark = "" if all(run.located for run in some) else "no cell"
        rows.append(
            (
                kind,
                " ".join(entry.rules),
                len(some),
                reported,
                share(reported, len(some)),
                errors,
                named,
                unrelated,
                mark,
            )
        )
    return rows


def report(clean: list[list[str]], runs: list[Run], examples: int) -> None:
    """Print the tables, what was missed, and what was found wrongly."""
    heads = ("fault", "rules", "runs", "reported", "share", "at error", "by its rule", "unrelated", "")
    print(table(heads, by_kind(runs), heads[2:8]))
    placed = [run for run in runs if run.located]
    told = sum(bool(run.reported) for run in placed)
    unrelated = sum(bool(run.unrelated) for run in runs)
    print(f"\n{len(runs)} runs of {len(FAULTS)} kinds; {len(placed)} with a cell to name")
    print(f"reported at the mutated cell: {told} of {len(placed)} ({share(told, len(placed))})")
    print(f"runs with unrelated errors: {unrelated} of {len(runs)} ({share(unrelated, len(runs))})")
    false = [errors for errors in (of_level(lines, "error") for lines in clean) if errors]
    print(f"clean pairs with an error: {len(false)} of {len(clean)}")
    for errors in false[: max(examples, 10)]:
        print("  " + "\n  ".join(errors))
    _warnings([of_level(lines, "warning") for lines in clean], examples)
    _examples("missed", [(run.kind, run, run.elsewhere) for run in runs if not run.reported], examples)
    wrong = [(line.split()[1], run, [line]) for run in runs for line in run.unrelated]
    _examples("unrelated errors", wrong, examples)


def _warnings(clean: list[list[str]], examples: int) -> None:
    """How many warnings the clean pairs have, how many have one of each code, and a few of each."""
    every = [line for lines in clean for line in lines]
    some = sum(bool(lines) for lines in clean)
    print(f"warnings: {len(every)} in {some} of {len(clean)} clean pairs, {len(every) / len(clean):.2f} a pair")
    counts = Counter(line.split()[1] for line in every)
    pairs_with = Counter(code for lines in clean for code in {line.split()[1] for line in lines})
    for code, count in counts.most_common():
        print(f"  {code}: {count} in {pairs_with[code]} pairs")
        for line in [line for line in every if line.split()[1] == code][:examples]:
            print(f"    {line}")


def _examples(title: str, found: list[tuple[str, Run, list[str]]], count: int) -> None:
    """A few of each kind (of what was missed) or code (of what was found wrongly)."""
    grouped = defaultdict(list)
    for key, run, lines in found:
        grouped[key].append((run, lines))
    for key, some in grouped.items():
        print(f"\n{title}: {key}, {len(some)} times")
        for run, lines in some[:count]:
            print(f"  {run.kind} at {run.cell}\n    was {run.was}\n    now {run.now}")
            print("".join(f"    {line}\n" for line in lines[:4]), end="")


def main(arguments: list[str] | None = None) -> int:
    """The command line. Exit code 0 whatever was found: this measures, test_mutation.py judges."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.measure", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--second", action="store_true", help="the second set of clean pairs")
    parser.add_argument("--through-files", action="store_true", help="write the workbooks to disk and read them there")
    parser.add_argument("--examples", type=int, default=1, help="how many of each kind to show")
    options = parser.parse_args(arguments)
    make = second.clean_pair if options.second else pairs.clean_pair
    clean, runs = measure(options.pairs, options.seed, options.through_files, make)
    report(clean, runs, options.examples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
