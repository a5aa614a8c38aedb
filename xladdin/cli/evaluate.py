"""xladdin evaluate: declarations into the self-evaluations that follow them."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from .. import batch
from ..domain.kinds import DECLARATION, EVALUATION, kind_of
from ..domain.records import Evaluation
from ..errors import NotAForm, UnknownForm
from ..review.cases import line_of
from ..rules.finding import INFO
from ..spread import one_crew
from .console import OK, PARTLY, tell, tell_crashes
from .parser import batch_options, command
from .planned import carry_out, form_kind, need_folder


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(
        commands,
        "evaluate",
        "由申报表生成待填的自评表",
        "指标和指标值照抄，分值按规则分好，合计 100 分。再运行一次，只生成新的和改过的；有人填过的不覆盖。",
    )
    said = "申报表（Excel、Word、PDF 等）或文件夹"
    parser.add_argument("declarations", metavar="申报表", nargs="+", type=Path, help=said)
    parser.add_argument("--out", metavar="文件夹", type=Path, required=True, help="自评表放在哪里")
    parser.add_argument("--form", metavar="表式", help="用哪张自评表（默认按申报表的年度选）")
    batch_options(parser)
    parser.set_defaults(run=run)


@one_crew()
def run(arguments: argparse.Namespace) -> int:
    """Declarations into the self-evaluations that follow them."""
    from ..form.catalogue import find_form, off_year

    need_folder(arguments.out)
    if arguments.form and form_kind(arguments.form) != EVALUATION.name:
        raise UnknownForm(f"{arguments.form}不是自评表", advice="请用 --form 指定一张自评表")
    rolled, code = _rolled(arguments)
    records, origins = zip(*rolled, strict=True)
    if not arguments.form:
        for said in dict.fromkeys(off_year(find_form(record.form), record.year) for record in records):
            if said:
                tell(f"{said}。如有新表式，请放进自备模板的文件夹，或用 --form 指定")
    plan = batch.plan(records, arguments.out, command="evaluate", origins=origins)
    if code != OK or not all(map(os.path.isdir, arguments.declarations)):
        plan = replace(plan, left=())  # only who saw every declaration knows which are gone
    return max(code, carry_out(plan, arguments))


def _rolled(arguments: argparse.Namespace) -> tuple[list[tuple[Evaluation, Path | None]], int]:
    """An evaluation for each declaration; PARTLY where a file, a copy or a cell stands in the way, which is told."""
    from ..review.pairing import of_kind, single
    from ..review.reading import nothing, read_entries
    from ..review.rolling import roll_forward

    entries, found = read_entries(arguments.declarations, arguments.workers)
    declared = of_kind(entries, DECLARATION)
    with_any = {entry.path for entry in declared}
    declared, _ = single(declared, found)
    tell_crashes(finding.trace for finding in found)
    if not with_any:
        for name in dict.fromkeys(entry.name for entry in entries):
            tell(f"{name}：里面没有申报表，已跳过")
        others = "、".join(dict.fromkeys(kind_of(entry.record).label for entry in entries))
        if others:
            raise nothing((), f"没有读到一张申报表，读到的 {len(entries)} 张都是{others}", advice="请选择申报表")
        raise nothing(found, "没有读到一张申报表")
    for finding in found:
        tell(line_of(finding))
    in_the_way = any(finding.level != INFO for finding in found)
    for other in {entry.path: entry for entry in entries if entry.path not in with_any}.values():
        tell(f"{other.name}：里面没有申报表，已跳过")
        in_the_way |= other.path in arguments.declarations
    rolled = roll_forward(declared, arguments.form, arguments.money_unit)
    for said in rolled.told:
        tell(said)
    in_the_way |= bool(rolled.told)
    if not rolled.evaluations:
        raise NotAForm("没有一张申报表能生成自评表", advice="请先改正上面列出的错处")
    return list(rolled.evaluations), PARTLY if in_the_way else OK
