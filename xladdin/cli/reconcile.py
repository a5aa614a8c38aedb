"""xladdin reconcile: declarations against their evaluations."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path
from typing import Any

from ..review.cases import Entry, line_of
from ..review.judging import known, review_pairs
from ..review.pairing import Pairing, pairs_in
from ..rules.finding import INFO
from ..spread import one_crew
from .console import OK, PARTLY, print_json, tell, tell_crashes
from .parser import command, judging_options
from .reviewed import INPUT, INTO, TAKEN, crashes_told, report_state, tell_review


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "逐项核对两张表，并检查自评表本身；两边都可以是文件夹，按项目名称、年度、实施单位配对。有错误时退出码是 1。"
    parser = command(commands, "reconcile", "把申报表和自评表互相核对", more)
    parser.add_argument("declaration", metavar="申报表", type=Path, help="申报表（Excel、Word、PDF 等）或文件夹")
    parser.add_argument("evaluation", metavar="自评表", type=Path, help="自评表（Excel、Word、PDF 等）或文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只列出怎样配对，不核对")
    judging_options(parser)
    parser.set_defaults(run=run)


@one_crew()
def run(arguments: argparse.Namespace) -> int:
    """Cross-check declarations with their evaluations; of folders the pairs are told first."""
    known(arguments.profile)
    with crashes_told():
        pairing = pairs_in(arguments.declaration, arguments.evaluation, arguments.workers)
    if pairing.swapped:
        tell("两边给反了：前一个是自评表，后一个是申报表；已换过来核对")
    state = report_state(arguments)
    if arguments.dry_run or any(map(os.path.isdir, (arguments.declaration, arguments.evaluation))):
        for line in _planned(pairing, state, arguments):
            print(line, file=sys.stderr if arguments.json else sys.stdout)
    if arguments.dry_run:
        if arguments.json:
            print_json(starmap(_as_pair, pairing.pairs))
        tell_crashes(finding.trace for finding in pairing.loose)
        blocked = state in (TAKEN, INPUT) or any(finding.level != INFO for finding in pairing.loose)
        return PARTLY if blocked else OK
    return tell_review(review_pairs(pairing, arguments.profile, arguments.workers), arguments)


def _planned(pairing: Pairing, state: str, arguments: argparse.Namespace) -> Iterator[str]:
    """What is going to be cross-checked, and into which report; on a dry run every pair and every trouble."""
    into = INTO[state].format(arguments.report)
    apart = f"，另有 {len(pairing.loose)} 处文件的问题" if pairing.loose else ""
    yield f"计划：核对 {len(pairing.pairs)} 个项目{apart}{into}"
    if arguments.dry_run:
        for one, other in pairing.pairs:
            yield f"　{one.record.year or '年度不明'} {one.record.project}：{one.name} ↔ {other.name}"
        yield from (f"　{line_of(finding)}" for finding in pairing.loose)


def _as_pair(one: Entry, other: Entry) -> dict[str, Any]:
    """A pair of the plan as JSON."""
    whose = {name: getattr(one.record, name) for name in ("project", "year", "unit")}
    return whose | {"declaration": str(one.path), "evaluation": str(other.path)}
