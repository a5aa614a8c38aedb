"""xladdin forms: the forms there are."""

from __future__ import annotations

import argparse

from ..domain.kinds import kind_named
from ..form.catalogue import OPEN_END
from .console import OK, print_json
from .parser import command, json_option
from .table import table


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(commands, "forms", "列出可用的表：名称、种类、年度、金额单位、模板文件")
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the forms."""
    import xladdin

    known = xladdin.forms()
    if arguments.json:
        print_json(
            {
                "name": form.name,
                "kind": form.kind,
                "years": list(form.years),
                "money_unit": form.money_unit,
                "basis": form.basis,
                "file": str(form.path),
            }
            for form in known
        )
        return OK
    rows = [
        (form.name, kind_named(form.kind).label, _span(form.years), form.money_unit or "未注明", form.path)
        for form in known
    ]
    print(table(("表式", "种类", "适用年度", "金额单位", "模板文件"), rows, limit=120))
    return OK


def _span(years: tuple[int, int]) -> str:
    if years[1] == OPEN_END:
        return f"{years[0]} 起"
    return str(years[0]) if years[0] == years[1] else f"{years[0]}—{years[1]}"
