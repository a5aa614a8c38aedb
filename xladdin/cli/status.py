"""xladdin status: who has handed in what."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..review.cases import line_of
from ..rules.finding import INFO
from ..spread import one_crew
from .console import OK, PARTLY, print_json, tell, tell_crashes
from .parser import command, json_option, profile_option, report_name, workers_option
from .reviewed import crashes_told
from .table import table

if TYPE_CHECKING:
    from ..status import Status


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = (
        "每个项目是 未交、未填、填了一半、已填、有错误、已核对、需重新核对 中的一种，并写明还缺什么。"
        "已核对：和上次核对时（核对结果.xlsx，放在文件夹里或旁边，会自己找）一模一样，发现的错误都在处理结果里写了“属实”。"
        "全部已核对时退出码是 0，否则是 1。"
    )
    parser = command(commands, "status", "收表进度：谁交了、谁没交、还缺什么", more)
    parser.add_argument("declaration", metavar="申报表", type=Path, help="申报表，或放着它们的文件夹")
    parser.add_argument("evaluation", metavar="自评表", type=Path, help="收到的自评表，或放着它们的文件夹")
    said = "台账：里面的项目都应当交；有“经办人”一列的，按经办人分列"
    parser.add_argument("--ledger", metavar="台账.xlsx", type=Path, help=said)
    said = "以这份核对结果为准（默认在文件夹里和旁边自己找；可以给几份）"
    parser.add_argument("--checked", metavar="核对结果.xlsx", type=Path, nargs="+", default=[], help=said)
    profile_option(parser, "默认按表式")
    said = "另存一份收表进度（.xlsx 或可打印的 .html）"
    parser.add_argument("--report", metavar="收表进度", type=report_name, help=said)
    parser.add_argument("--force", action="store_true", help="覆盖已有的、有人改过的文件；原文件留一份")
    workers_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


@one_crew()
def run(arguments: argparse.Namespace) -> int:
    """Where every project stands."""
    from ..status import as_json, status_of, write_status

    paths = [arguments.declaration, arguments.evaluation]
    with crashes_told():
        status = status_of(
            paths, arguments.ledger, arguments.checked, arguments.profile, arguments.workers, beside=[Path()]
        )
    report = write_status(status, arguments.report, arguments.force) if arguments.report else None
    if arguments.json:
        print_json(map(as_json, status.standings))
    else:
        print("\n".join(_told(status)))
    for finding in status.loose:
        if finding.level != INFO:
            tell(line_of(finding))
    tell_crashes(finding.trace for finding in status.loose)
    if report:
        print(f"收表进度：{report}", file=sys.stderr if arguments.json else sys.stdout)
    return OK if status.done else PARTLY


def _told(status: Status) -> Iterator[str]:
    """The verdict, a line a project, and the counts of each person."""
    from ..status import STATES

    yield status.verdict
    yield status.known_by
    yield ""
    handlers = status.by == "经办人"
    heads = ("状态", "年度", "项目名称", *(("经办人",) if handlers else ()), "实施单位", "还缺什么")
    rows = [
        (one.state, one.year, one.project, *((one.handler,) if handlers else ()), one.unit, one.missing)
        for one in status.standings
    ]
    yield table(heads, rows, limit=60)
    if status.people:
        yield ""
        counts = [(name, found.total(), *(found[state] or "" for state in STATES)) for name, found in status.people]
        yield table((status.by, "项目", *STATES), counts, ("项目", *STATES))
