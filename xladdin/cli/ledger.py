"""xladdin ledger: an empty ledger to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import Place, XladdinError
from .console import OK
from .parser import command, force_option


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(commands, "ledger", "生成一份空白台账", "填好后用 xladdin fill 批量填表。")
    parser.add_argument("file", metavar="台账.xlsx", type=Path, help="要生成的文件")
    force_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the ledger."""
    from ..ledger import write_ledger

    if arguments.file.suffix.lower() != ".xlsx":
        raise XladdinError("台账的文件名应以 .xlsx 结尾", Place(file=str(arguments.file)), "请改文件名后重试")
    write_ledger(arguments.file, replace=arguments.force)
    print(f"已生成空白台账 {arguments.file}。填好后运行：xladdin fill {arguments.file} --out 文件夹")
    return OK
