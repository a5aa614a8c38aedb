"""xladdin ledger: an empty ledger to fill in, several made one, or one parted."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Place, SaveError, XladdinError
from .console import MANY, OK, PARTLY, tell
from .parser import command, force_option

if TYPE_CHECKING:
    from ..ledger import Mistake

SUFFIX = ".xlsx"


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = (
        "填好后用 xladdin fill 批量填表。几个人各填一份的：xladdin ledger 总台账.xlsx --merge 甲.xlsx 乙.xlsx；"
        "分给各人填的：xladdin ledger 总台账.xlsx --split 经办人 --out 文件夹。"
    )
    parser = command(commands, "ledger", "生成一份空白台账，或合并、拆分台账", more)
    parser.add_argument("file", metavar="台账.xlsx", type=Path, help="要生成的文件；拆分时是要拆的台账")
    what = parser.add_mutually_exclusive_group()
    said = "把这几份台账合并成一份：相同的行只留一行，空着的互相补，矛盾的列出来并采用前一份的"
    what.add_argument("--merge", metavar="台账", nargs="+", type=Path, help=said)
    said = "按“项目”表的这一列（经办人、实施单位等）拆成几份，资金执行和指标跟着项目走；空着的放进“未填”"
    what.add_argument("--split", metavar="列名", help=said)
    parser.add_argument("--out", metavar="文件夹", type=Path, help="拆分后放在哪里")
    force_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the ledger, or the parts."""
    if arguments.split is not None:
        return _split(arguments)
    if arguments.out is not None:
        raise XladdinError("--out 只和 --split 一起用", advice="生成或合并时，结果就是命令里写的那个文件")
    if arguments.file.suffix.lower() != SUFFIX:
        raise XladdinError("台账的文件名应以 .xlsx 结尾", Place(file=str(arguments.file)), "请改文件名后重试")
    return _merge(arguments) if arguments.merge else _empty(arguments)


def _empty(arguments: argparse.Namespace) -> int:
    from ..ledger import write_ledger

    write_ledger(arguments.file, replace=arguments.force)
    print(f"已生成空白台账 {arguments.file}。填好后运行：xladdin fill {arguments.file} --out 文件夹")
    return OK


def _merge(arguments: argparse.Namespace) -> int:
    from ..ledger.joining import join

    joined = join(arguments.merge)
    _save([(arguments.file, joined.data)], arguments.force)
    print(f"已把 {len(arguments.merge)} 份台账合并成 {arguments.file}：{joined.projects} 行项目。")
    if joined.same:
        print(f"{joined.same} 行在几份里都有，只留一行；空着的格子从别的台账补了 {joined.filled} 处。")
    _tell_rest(joined.told, joined.wrong)
    if joined.contradictions:
        tell(f"有 {len(joined.contradictions)} 处几份台账说的不一样，采用了前一份的，请逐处核对：")
        _tell_some(joined.contradictions)
        tell(
            "这些格子在合并后的台账里显示成红色，批注写着另一个值，工作表“冲突”里列全了。改了格子，或在“冲突”的“处理”列选了"
        )
        tell("“已核对”，红色就没有了；全部核对完把“冲突”删去即可。")
    return PARTLY if joined.contradictions or joined.wrong else OK


def _split(arguments: argparse.Namespace) -> int:
    from ..ledger.parting import part

    if arguments.out is None:
        raise XladdinError("没有说拆分后放在哪里", advice="请加 --out 文件夹")
    found = part(arguments.file, arguments.split)
    _save([(arguments.out / one.name, one.data) for one in found.parts], arguments.force)
    print(f"已按“{arguments.split}”拆成 {len(found.parts)} 份，在 {arguments.out}：")
    for one in found.parts:
        print(f"  {one.name}：{one.projects} 行项目")
    _tell_rest(found.told, found.wrong)
    if found.stray:
        tell(f"有 {found.stray} 行资金执行或指标看不出是哪个项目的，放进了“未归属”那一份，请核对项目名称和年度。")
    return PARTLY if found.stray or found.wrong else OK


def _save(files: list[tuple[Path, bytes]], force: bool) -> None:
    """All of them or, where one is in the way, none."""
    from ..workbook import saving

    there = [path for path, _ in files if path.exists()]
    if there and not force:
        raise SaveError(
            "这个文件已经存在", Place(file=str(there[0])), "如要覆盖，请加 --force（原来的留一份）；或换个名字"
        )
    for path, data in files:
        if kept := saving.put(path, data):
            print(f"原来的 {path.name} 留在 {kept}。")


def _tell_rest(told: Iterable[str], wrong: tuple[Mistake, ...]) -> None:
    for said in told:
        tell(f"{said}。")
    if wrong:
        tell(f"有 {len(wrong)} 处没有带过来，或要核对：")
        _tell_some(wrong)


def _tell_some(items: tuple[object, ...]) -> None:
    for item in items[:MANY]:
        tell(f"  {item}")
    if items[MANY:]:
        tell(f"  等 {len(items)} 处")
