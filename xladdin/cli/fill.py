"""xladdin fill: a ledger into workbooks."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .. import batch
from ..domain.kinds import kind_named
from ..domain.records import Record
from ..errors import Place, XladdinError
from ..files import digest_of
from ..form.catalogue import user_folder
from .console import PARTLY, tell
from .onebook import one_book
from .parser import batch_options, command, year
from .planned import carry_out, form_kind, need_folder


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(
        commands,
        "fill",
        "把台账填成申报表和自评表",
        "每个项目一个工作簿；台账有错的项目不填，其余照填。再运行一次，只填新的和改过的；有人改过的文件不覆盖。",
    )
    parser.add_argument("ledger", metavar="台账", type=Path, help="台账（.xlsx），或记录列表（.json）")
    parser.add_argument("--out", metavar="文件夹", type=Path, required=True, help="填好的工作簿放在哪里")
    parser.add_argument("--form", metavar="表式", help="都填进这张表（只填同类的记录，申报或自评）")
    parser.add_argument("--year", metavar="年度", type=year, help="只填这一年的")
    parser.add_argument("--project", metavar="项目", help="只填这个项目（全名；没有全名相同的，取名称含有它的）")
    parser.add_argument("--one-book", action="store_true", help="全部填进一个工作簿：汇总表加每个项目一张表")
    batch_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """A ledger into workbooks."""
    from ..ledger import load

    need_folder(arguments.out)
    read = load(arguments.ledger, arguments.form, arguments.money_unit)
    for said in (*read.mistakes, *read.notes):
        tell(said)
    chosen = _chosen(read.records, arguments)
    if not chosen:
        why = "没有一个项目可填" if read.mistakes or read.records else "台账里没有项目"
        advice = "请先改正上面列出的错处" if read.mistakes else "请检查台账内容和 --year、--project、--form 的条件"
        raise XladdinError(why, Place(file=arguments.ledger.name), advice)
    if arguments.one_book:
        code = one_book(chosen, arguments)
    else:
        called = {"source": str(arguments.ledger.resolve()), "sha256": digest_of(arguments.ledger)}
        options = {name: getattr(arguments, name) for name in ("form", "year", "project", "money_unit")}
        called["options"] = {name: value for name, value in options.items() if value}
        called["templates"] = str(user_folder() or "")
        plan = batch.plan(chosen, arguments.out, arguments.form, **called)
        whole = len(chosen) == len(read.records) and not read.mistakes
        code = carry_out(plan if whole else replace(plan, left=()), arguments)
    if read.mistakes:
        tell(f"台账有 {len(read.mistakes)} 处要改（见上），有错的项目没有填")
        return max(code, PARTLY)
    return code


def _chosen(records: Iterable[Record], arguments: argparse.Namespace) -> list[Record]:
    chosen = [record for record in records if arguments.year in (None, record.year)]
    if arguments.project:
        exact = [record for record in chosen if record.project.strip() == arguments.project.strip()]
        chosen = exact or [record for record in chosen if arguments.project.strip() in record.project]
    if not arguments.form:
        return chosen
    kind = form_kind(arguments.form)
    fitting = [record for record in chosen if record.kind == kind]
    if len(fitting) < len(chosen):
        tell(f"{arguments.form}是{kind_named(kind).label}，另一类的 {len(chosen) - len(fitting)} 条记录没有填")
    return fitting
