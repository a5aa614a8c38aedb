"""xladdin check: each form by itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..review.judging import review_files
from .parser import command, judging_options
from .reviewed import crashes_told, tell_review


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "每张表按自己的规则查：资金勾稽、必填、指标值、执行率、得分、合计、原因。有错误时退出码是 1。"
    parser = command(commands, "check", "检查申报表、自评表", more)
    parser.add_argument(
        "files", metavar="文件", nargs="+", type=Path, help="工作簿（.xlsx、.xlsm），或放着它们的文件夹"
    )
    judging_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check each form by itself."""
    with crashes_told():
        review = review_files(arguments.files, arguments.profile, arguments.workers)
    return tell_review(review, arguments)
