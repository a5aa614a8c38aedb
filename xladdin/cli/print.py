"""xladdin print: every form as one PDF."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..review.cases import line_of
from .console import OK, PARTLY, tell
from .parser import command, forms_argument, workers_option
from .reviewed import crashes_told


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "带封面和目录，目录写明每张表从哪一页起。用 Excel（Windows）或 LibreOffice；打不开的文件列在目录里。"
    parser = command(commands, "print", "把所有的表合成一个 PDF", more)
    forms_argument(parser)
    parser.add_argument("--out", metavar="全部.pdf", type=_pdf_name, required=True, help="PDF 存在哪里")
    parser.add_argument("--force", action="store_true", help="覆盖已有的、有人改过的文件；原文件留一份")
    workers_option(parser)
    parser.set_defaults(run=run)


def _pdf_name(text: str) -> Path:
    if not text.lower().endswith(".pdf"):
        raise argparse.ArgumentTypeError(f"“{text}”应以 .pdf 结尾")
    return Path(text)


def run(arguments: argparse.Namespace) -> int:
    """Every form as one PDF."""
    from ..excel.exporting import excel
    from ..printing import print_forms

    with crashes_told():
        printed = print_forms(arguments.files, arguments.out, excel(), arguments.workers, arguments.force)
    for finding in printed.loose:
        tell(line_of(finding))
    for name, why in printed.lost:
        tell(f"未能打印 {name}：{why}")
    count = sum(1 for item in printed.items if item.first)
    print(f"合订本：{printed.path}（{count} 张表，{printed.pages} 页）")
    return OK if printed.complete else PARTLY
