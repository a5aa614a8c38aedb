"""xladdin import: forms of any format, and tables exported elsewhere, into a ledger."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NotAForm, Place, XladdinError
from .console import MANY, OK, PARTLY, WRONG, print_json, some, tell, tell_crashes
from .parser import command, json_option, workers_option

if TYPE_CHECKING:
    from ..intake import Imported


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(
        commands,
        "import",
        "把往年的表（Word、PDF、Excel、网页、文本）收进台账",
        "申报表、自评表和别处导出的表都能收；拿不准的写进台账的“待核”表，在“采用”里选好再用。"
        "再导入一次只加新的，台账里填过的不改。",
    )
    parser.add_argument("files", metavar="文件", nargs="+", type=Path, help="要收的表，或放着它们的文件夹")
    parser.add_argument("--ledger", metavar="台账.xlsx", type=Path, required=True, help="收进哪个台账；没有就新建")
    parser.add_argument("--next-year", action="store_true", help="再结转成下一年的申报，旁边列出上年实际完成值")
    workers_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import the files."""
    from ..intake import import_files

    ledger: Path = arguments.ledger
    if ledger.suffix.lower() not in (".xlsx", ".xlsm"):
        raise XladdinError("台账的文件名应以 .xlsx 结尾", Place(file=str(ledger)), "请改文件名后重试")
    done = import_files(arguments.files, ledger, arguments.next_year, arguments.workers)
    for note in (*done.gathered.failed, *done.gathered.notes):
        tell(note)
    tell_crashes(done.gathered.traces)
    if not done.gathered.sources and not done.written:
        if not done.gathered.failed and not done.gathered.notes:
            raise NotAForm("没有读到申报表、自评表或导出的表", Place(file=str(arguments.files[0])), "请检查文件夹")
        return WRONG
    if arguments.json:
        print_json([json_of(done)])
    for line in () if arguments.json else lines_of(done):
        print(line)
    merged, rolled = done.merged, done.rolled
    left = (done.open, done.stuck, done.gathered.failed, merged.broken, merged.unclear)
    return PARTLY if any(left) or rolled.waiting or rolled.several or rolled.beyond else OK


def json_of(done: Imported) -> dict[str, Any]:
    """The same for programs."""
    merged, rolled = done.merged, done.rolled
    return {
        "ledger": str(done.ledger),
        "written": done.written,
        "kept": str(done.kept) if done.kept else None,
        "files": [{"file": str(source.path), "forms": len(source.taken)} for source in done.gathered.sources],
        "known": list(done.known),
        **{name: getattr(merged, name) for name in ("added", "gained", "same", "broken", "unclear")},
        "asked": [
            {"project": q.project, "field": q.called, "read": q.read, "offered": list(q.offered), "why": q.why}
            | {"where": q.place.to_dict()}
            for q in (put.question for put in merged.asked)
        ],
        "open": done.open,
        "answered": done.answered,
        "stuck": list(done.stuck),
        "next_year": {
            name: getattr(rolled, name) for name in ("added", "there", "dated", "waiting", "several", "beyond")
        }
        | {"lower": [asdict(one) for one in rolled.lower]},
        "failed": [str(error) for error in done.gathered.failed],
    }


def lines_of(done: Imported) -> Iterator[str]:
    """What became of it, for the clerk."""
    merged = done.merged
    files = len(done.gathered.sources)
    forms = sum(len(source.taken) for source in done.gathered.sources)
    yield f"读了 {files} 个文件，{forms} 张表；台账 {done.ledger}" + ("" if done.written else "（没有改动）")
    for said, names in (
        ("新加", merged.added),
        ("补上了空着的或列出了不同", merged.gained),
        ("台账里已有，没有改", merged.same),
        ("台账里这些项目有错，没有比对，请先改正", merged.broken),
        ("台账里有几个同名的，不知道是哪一个，没有导入，请写明实施单位", merged.unclear),
    ):
        if names:
            yield f"　{said} {len(names)} 张：{some(dict.fromkeys(names))}"
    if done.answered:
        yield f"　已采用的写进台账 {done.answered} 处"
    for said, names in done.rolled.told():
        yield f"　{said}：{some(names)}"
    for number, said in enumerate(done.rolled.told_lower()):
        yield f"　　{said}" if number else f"　{said}"
    if done.kept:
        yield f"　原来的台账留在 {done.kept}"
    if done.lost:
        yield f"台账里有 {done.lost} 处写着“待核”加编号的格子，“待核”表里已没有这一行：请直接在格子里填"
    if done.stuck:
        rows = "、".join(map(str, done.stuck[:MANY])) + (" 等" if done.stuck[MANY:] else "")
        why = "台账里找不到要改的地方，或看不出采用哪一个"
        yield f"“待核”表第 {rows} 行采用的没有用上：{why}。请直接改台账，再删去这几行"
    if done.open:
        yield f"“待核”表里有 {done.open} 处要您定：选好或填好“采用”，再运行一次；没有定的先空着"
