"""xladdin summary: a year, or several, in one workbook."""

from __future__ import annotations

import argparse

from ..review.cases import line_of
from ..spread import one_crew
from .console import OK, PARTLY, tell, tell_crashes
from .parser import command, forms_argument, workbook_name, workers_option
from .reviewed import crashes_told


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "申报表、自评表列成总表，带合计、图表和每个项目的问题数；给了几年的，同一个项目逐年对比。"
    parser = command(commands, "summary", "把一年或几年的表汇总成一个工作簿", more)
    forms_argument(parser)
    parser.add_argument("--out", metavar="汇总.xlsx", type=workbook_name, required=True, help="汇总存在哪里")
    said = "用哪一套规则核对和评等级（默认按表式）"
    parser.add_argument("--profile", metavar="规则", help=said)
    parser.add_argument("--force", action="store_true", help="覆盖已有的、有人改过的文件；原文件留一份")
    workers_option(parser)
    parser.set_defaults(run=run)


@one_crew()
def run(arguments: argparse.Namespace) -> int:
    """The year, or several, in one workbook."""
    from ..summary import review_all, summarise, write_summary

    with crashes_told():
        review = review_all(arguments.files, arguments.profile, arguments.workers)
    made = summarise(review, arguments.profile)
    written = write_summary(made, review, arguments.out, arguments.force)
    print(f"{made.title}：{made.verdict}")
    for finding in review.loose:
        tell(line_of(finding))
    tell_crashes(finding.trace for _, finding in review.findings())
    print(f"汇总：{written.path}")
    if written.unwritten:
        tell(f"{written.unwritten}。下次汇总分不清这个文件有没有人改过，要换名或加 --force")
    return OK if made.clean else PARTLY
