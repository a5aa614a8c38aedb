"""xladdin fill: a ledger into workbooks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import batch
from ..domain.kinds import kind_named
from ..domain.naming import alike, name_key
from ..domain.records import Record
from ..errors import Place, XladdinError
from ..files import digest_of, user_folder
from .console import PARTLY, some, tell
from .onebook import one_book
from .parser import batch_options, command, year
from .planned import carry_out, form_kind, need_folder

if TYPE_CHECKING:
    from ..ledger import Ledger


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
    _tell(read, arguments.ledger.name)
    chosen = _chosen(read, arguments)
    if arguments.one_book:
        code = one_book(chosen, arguments)
    else:
        called: dict[str, Any] = {"source": str(arguments.ledger.resolve()), "sha256": digest_of(arguments.ledger)}
        options = {name: getattr(arguments, name) for name in ("form", "year", "project", "money_unit")}
        called["options"] = {name: value for name, value in options.items() if value}
        called["templates"] = str(user_folder() or "")
        plan = batch.plan(chosen, arguments.out, arguments.form, **called)
        whole = len(chosen) == len(read.records) and not read.mistakes
        code = carry_out(plan if whole else replace(plan, left=()), arguments)
    if read.mistakes:
        left = f"，没有填的项目 {len(read.left_out)} 个：{some(read.left_out)}" if read.left_out else ""
        tell(f"台账有 {len(read.mistakes)} 处要改（见上）{left}")
        return max(code, PARTLY)
    return code


def _tell(read: Ledger, file: str) -> None:
    """What is to be put right, a line for each project, and what is only to be noted."""
    from ..ledger import told_by_project, told_together

    for said in (*told_by_project(read.mistakes), *told_together(read.notes)):
        tell(f"{file}：{said}")


def _chosen(read: Ledger, arguments: argparse.Namespace) -> list[Record]:
    """The records asked for. Raises XladdinError where there is none, with what there is."""
    place = Place(file=arguments.ledger.name)
    if not read.records:
        if not read.mistakes:
            raise XladdinError("台账里没有项目", place, "请在“项目”表里每个项目填一行")
        what = f"没有一个项目可填（{some(read.left_out)}）" if read.left_out else "没有一个项目可填"
        raise XladdinError(what, place, "请先改正上面列出的错处")
    chosen = [record for record in read.records if arguments.year in (None, record.year)]
    if not chosen:
        years = "、".join(str(year) for year in sorted({record.year for record in read.records if record.year}))
        raise XladdinError(f"台账里没有 {arguments.year} 年能填的项目", place, f"有的是 {years} 年，请改 --year")
    if arguments.project:
        chosen = _named(chosen, arguments.project, read.left_out, place)
    return _of_form(chosen, arguments.form, place) if arguments.form else chosen


def _named(records: Sequence[Record], wanted: str, left_out: Sequence[str], place: Place) -> list[Record]:
    """Those of that name, else those whose name holds it."""
    key = name_key(wanted)
    exact = [record for record in records if name_key(record.project) == key]
    found = exact or [record for record in records if key in name_key(record.project)]
    if found:
        return found
    if any(key in name_key(name) for name in left_out):
        raise XladdinError(f"“{wanted}”有错，没有填", place, "请先改正上面列出的错处")
    there = list(dict.fromkeys(record.project for record in records))
    near = [there[at] for at in alike(key, [name_key(name) for name in there], least=50)]
    listed = f"名称相近的有：{some(near)}" if near else f"有的是：{some(there)}"
    raise XladdinError(f"台账里没有项目“{wanted}”", place, f"{listed}。请改 --project")


def _of_form(records: Sequence[Record], form: str, place: Place) -> list[Record]:
    """Those that can go into that form."""
    kind = kind_named(form_kind(form))
    fitting = [record for record in records if record.kind == kind.name]
    if not fitting:
        raise XladdinError(f"{form}是{kind.label}，选出的 {len(records)} 条记录都不是", place, "请改 --form")
    if len(fitting) < len(records):
        tell(f"{form}是{kind.label}，另一类的 {len(records) - len(fitting)} 条记录没有填")
    return fitting
