"""xladdin template: an official blank form into a template, no Jinja needed."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..domain.kinds import KINDS
from .console import OK, print_json, tell
from .parser import command, force_option, json_option
from .planned import need_folder
from .table import table


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(
        commands,
        "template",
        "把财政部门下发的空表做成模板",
        "认出栏目和指标表，在空格里写上字段，试填 1、8、20 个指标再读回来，核对无误才保存。"
        "保存的文件夹用 --templates 指给其他命令。",
    )
    parser.add_argument("blank", metavar="空表.xlsx", type=Path, help="空白的申报表或自评表，一个工作簿里一张")
    parser.add_argument("--out", metavar="文件夹", type=Path, required=True, help="模板放在哪里")
    parser.add_argument("--name", metavar="名称", help="表式名称（默认用表的标题）")
    labels = [kind.label for kind in KINDS.values()]
    parser.add_argument("--kind", metavar="|".join(labels), choices=labels, help="表的种类（默认自动识别）")
    said = "适用年度：2026、2025-2027 或 2026-（默认用表上印的年度，没有印的从今年起）"
    parser.add_argument("--years", metavar="年度", help=said)
    force_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the template, and say what was placed where."""
    from ..form.blank import make_template
    from ..workbook.names import safe_name
    from ..workbook.saving import put, save

    need_folder(arguments.out)
    made = make_template(arguments.blank, arguments.name, arguments.kind, arguments.years)
    path = arguments.out / f"{safe_name(made.name)}.xlsx"
    kept = put(path, made.data) if arguments.force else save(path, made.data) and None
    if arguments.json:
        names = ("field", "blank", "template", "text")
        print_json(
            [
                {
                    "name": made.name,
                    "kind": made.placing.kind.label,
                    "years": made.years,
                    "money_unit": made.placing.money_unit,
                    "file": str(path),
                    "placed": [dict(zip(names, row, strict=True)) for row in made.rows()],
                    "no_field": [*made.placing.extra, *made.placing.unused],
                    "notes": made.notes(),
                }
            ]
        )
        return OK
    print(table(("字段", "空表", "模板", "模板里写的"), made.rows()))
    print(f"\n{made.picture()}\n")
    for note in made.notes():
        print(f"{note}。")
    unit = made.placing.money_unit or "未注明"
    print(f"已做成{made.placing.kind.label}“{made.name}”，适用年度 {made.years}，金额单位 {unit}，存在 {path}。")
    print("试填 1、8、20 个指标再读回来，全部一致。")
    print(f"用它填表：xladdin fill 台账.xlsx --templates {arguments.out} --form {made.name} --out 文件夹")
    if kept:
        tell(f"原来的同名模板留在 {kept}")
    return OK
