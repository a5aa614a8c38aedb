"""xladdin check: each form by itself."""

from __future__ import annotations

import argparse

from ..review.judging import review_files
from .parser import command, forms_argument, judging_options
from .reviewed import crashes_told, tell_review


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "每张表按自己的规则查：资金勾稽、必填、指标值、执行率、得分、合计、原因。有错误时退出码是 1。"
    parser = command(commands, "check", "检查申报表、自评表", more)
    forms_argument(parser)
    judging_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check each form by itself."""
    with crashes_told():
        review = review_files(arguments.files, arguments.profile, arguments.workers)
    return tell_review(review, arguments)
