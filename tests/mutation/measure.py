"""How much of what was put in is found: python -m tests.mutation.measure [--pairs 200] [--seed N] [--through-files].

Every fault goes into every clean pair that has a place for it, one at a time. Both records are filled
into their forms and read back, so that what the rules see went through a workbook and has cells; with
--through-files the workbooks are written to disk and read from there. The findings of a run are those of
`reconcile` and of `check` on either record.

reported    some finding, of any level, that the clean pair did not have holds the mutated cell in its
            `where`. A slip that changes several cells (two targets swapped, a sheet in the wrong unit,
            all actuals) is reported at any of them. Left unexplained, an adjusted budget counts as told
            of at 实际完成情况, where the reason stood, or at the adjusted figure.
at error    such a finding at level error. by its rule: one with a code the fault is named for.
no cell     the mutated field has no cell in what was read back (a year or a unit in a heading): then any
            new finding counts as reported, and the kind is marked.
unrelated   a finding at level error that holds neither a mutated cell nor one of a figure that follows
            from it. What follows from a cell is only this:
            - an indicator's cell: the rest of its row, and its row on the other side; from a weight also
              总分值, from a score also 总分, from an actual also 实际完成情况, from a level also the weights of
              that side's rows (the points of a 一级指标 are added up by it), from a name also the row that
              has the same name, from a missing row also both totals;
            - an amount of 项目资金: the rest of its line, the same column in the lines it is added up with,
              执行率 and 得分 of the total line, and the amount of the other side it was taken from; from
              the execution score also 总分, from its weight 总分值;
            - a declared amount: those in one equation with it, and the 年初预算数 taken from it;
            - a head or a text: the same field of the other side; year, start and end go together, as do
              the goals of a record; the money unit goes with every amount of its side.
            A finding at level error without any cell is unrelated, unless the mutated field has none.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import xladdin
from xladdin.domain.records import BUDGET_ITEMS
from xladdin.table import table

from . import amounts  # noqa: F401  (enters its faults)
from .faults import DECLARED, EVALUATED, FAULTS, Cell, Mutation
from .pairs import Pair, clean_pair

NAMES = {DECLARED: "申报表.xlsx", EVALUATED: "自评表.xlsx"}
OTHER = {DECLARED: EVALUATED, EVALUATED: DECLARED}
ROW = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
LINE = ("item", "initial", "budget", "executed", "weight", "rate", "score", "reason")
ANNUAL = ("annual_total", "annual_fiscal", "annual_carryover", "annual_other")  # as the lines of 项目资金
EQUATIONS = (("total", "fiscal", "other"), ANNUAL, ("fiscal", "annual_fiscal"), ("total", "annual_total"))
HEADS = ("project", "department", "unit", "category")
DAYS = ("year", "start", "end")
GOALS = ("annual_goal", "overall_goal")


# ---------------------------------------------------------------- what follows from a cell


def follows(pair: Pair, cells: Iterable[Cell]) -> set[Cell]:
    """The cells of figures that follow from these, as the module's docstring says."""
    found: set[Cell] = set()
    for side, name in cells:
        match = re.match(r"(indicators|budget)\[(\d+)\]\.(\w+)", name)
        if match and match[1] == "indicators":
            found |= _of_indicator(pair, side, int(match[2]), match[3])
        elif match:
            found |= _of_line(int(match[2]), match[3])
        elif name.startswith("funds."):
            found |= _of_fund(name.removeprefix("funds."))
        elif name == "money_unit":
            found |= {(side, f"funds.{fund}") for equation in EQUATIONS for fund in equation}
            found |= {(side, f"budget[{n}].{column}") for n in range(len(BUDGET_ITEMS)) for column in LINE}
        else:
            group = next((group for group in (DAYS, GOALS) if name in group), (name,))
            found |= {(which, one) for which in OTHER for one in group}
    return found


def _of_indicator(pair: Pair, side: str, number: int, column: str) -> set[Cell]:
    rows = pair.record(side).indicators
    found = {(side, f"indicators[{number}].{name}") for name in ROW}
    other = pair.rows[number] if side == DECLARED else pair.rows.index(number) if number in pair.rows else -1
    if other >= 0:
        found |= {(OTHER[side], f"indicators[{other}].{name}") for name in ROW}
    elif side == DECLARED:
        found |= {(EVALUATED, "total_weight"), (EVALUATED, "total_score")}
    if column in ("weight", "score"):
        found.add((side, f"total_{column}"))
    if column == "actual":
        found.add((side, "actual_result"))
    if column in ("level1", "level2"):
        found |= {(side, f"indicators[{n}].weight") for n in range(len(rows))}
    if column == "name":
        same = [n for n, row in enumerate(rows) if row.name == rows[number].name]
        found |= {(side, f"indicators[{n}].{name}") for n in same for name in ROW}
    return found


def _of_line(number: int, column: str) -> set[Cell]:
    found = {(EVALUATED, f"budget[{number}].{name}") for name in LINE}
    summed = range(len(BUDGET_ITEMS)) if number == 0 else (0,)
    found |= {(EVALUATED, f"budget[{n}].{column}") for n in summed}
    found |= {(EVALUATED, "budget[0].rate"), (EVALUATED, "budget[0].score")}
    if column == "initial":
        found.add((DECLARED, f"funds.{ANNUAL[number]}"))
    if column in ("weight", "score"):
        found.add((EVALUATED, f"total_{column}"))
    return found


def _of_fund(name: str) -> set[Cell]:
    found = {(DECLARED, f"funds.{one}") for equation in EQUATIONS if name in equation for one in equation}
    if name in ANNUAL:
        found.add((EVALUATED, f"budget[{ANNUAL.index(name)}].initial"))
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


def run_pair(number: int, seed: int, kinds: tuple[str, ...] = (), through_files: bool = False):
    """(errors of the clean pair, a Run for each fault it has a place for)."""
    pair = clean_pair(Random(f"{seed}/{number}"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if through_files else None
        clean = {side: read_back(pair.record(side), side, folder) for side in OTHER}
        found = findings(clean[DECLARED], clean[EVALUATED])
        known = {(finding.code, finding.message) for finding in found}
        runs = []
        for kind in kinds or tuple(FAULTS):
            mutation = FAULTS[kind].make(pair, Random(f"{seed}/{number}/{kind}"))
            if mutation:
                runs.append(run_fault(kind, pair, mutation, clean, known, folder))
    return [said(finding) for finding in found if finding.level == "error"], runs


def measure(count: int, seed: int, through_files: bool = False):
    """(clean errors by pair, all runs) over `count` pairs."""
    work = partial(run_pair, seed=seed, through_files=through_files)
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(work, range(count), chunksize=4))
    return [errors for errors, _ in results], [run for _, runs in results for run in runs]


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
    false = [errors for errors in clean if errors]
    print(f"clean pairs with an error: {len(false)} of {len(clean)}")
    for errors in false[: max(examples, 10)]:
        print("  " + "\n  ".join(errors))
    _examples("missed", (run for run in runs if not run.reported), examples, lambda run: run.elsewhere[:4])
    _examples("unrelated errors", (run for run in runs if run.unrelated), examples, lambda run: run.unrelated[:3])


def _examples(title: str, runs: Iterable[Run], count: int, lines) -> None:
    seen: dict[str, int] = defaultdict(int)
    for run in runs:
        seen[run.kind] += 1
        if seen[run.kind] <= count:
            print(f"\n{title}: {run.kind} at {run.cell}\n  was {run.was}\n  now {run.now}")
            print("".join(f"  {line}\n" for line in lines(run)), end="")


def main(arguments: list[str] | None = None) -> int:
    """The command line. Exit code 0 whatever was found: this measures, test_mutation.py judges."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.measure", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--through-files", action="store_true", help="write the workbooks to disk and read them there")
    parser.add_argument("--examples", type=int, default=1, help="how many of each kind to show")
    options = parser.parse_args(arguments)
    clean, runs = measure(options.pairs, options.seed, options.through_files)
    report(clean, runs, options.examples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
