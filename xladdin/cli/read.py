"""xladdin read: what was understood of a form, and what was not."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..domain import fields
from ..domain.kinds import is_scored, kind_of
from ..domain.records import Record
from ..errors import NotAForm, PassedOver, Place
from ..files import workbooks
from ..review.reading import passed_over, read_all
from .console import WRONG, code_of, print_json, tell, tell_crashes
from .parser import command, json_option
from .table import fit, table


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(commands, "read", "读取申报表、自评表，显示读懂了什么", "看不懂的单元格会逐个列出。")
    parser.add_argument("files", metavar="文件", nargs="+", type=Path, help="工作簿、Word、PDF、网页或文本，或文件夹")
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read the files."""
    all_records: list[Record] = []
    failed, traces = [], []
    if not any(workbooks(arguments.files)):
        raise NotAForm("文件夹里没有工作簿或文档", Place(file=str(arguments.files[0])), "请检查文件夹")
    for path, named, given in read_all(arguments.files):
        if given.error and passed_over(path, named, given.error):
            continue
        for note in filter(None, (given.error, *given.notes)):
            tell(note)
        wanted = given.error and not isinstance(given.error, PassedOver)
        if wanted or not all(isinstance(note, NotAForm) for note in given.notes):
            failed.append(path)
            traces.append(given.trace)
        all_records += given.records
        for record in given.records:
            if arguments.json:
                _tell_doubts(record)
            else:
                print(_summary(record, path))
    if arguments.json:
        print_json(_with_source(record) for record in all_records)
    tell_crashes(traces)
    return code_of(all_records, failed) if all_records else WRONG


def _tell_doubts(record: Record) -> None:
    for doubt in record.source.doubts if record.source else ():
        tell(doubt)


def _with_source(record: Record) -> dict[str, Any]:
    return record.to_dict() | ({"source": record.source.to_dict()} if record.source else {})


def _summary(record: Record, path: Path) -> str:
    kind = kind_of(record)
    lines = [
        f"{path.name}：{record.form or '未收录的表式'}（{kind.label}）",
        f"  {record.year or '年度不明'}  {record.project}",
        f"  主管部门：{record.department or '—'}  实施单位：{record.unit or '—'}",
    ]
    unit = record.money_unit or "（单位未注明）"
    spent = f"，执行：{_figure(record.spent)}" if kind.budget else ""
    money = f"{kind.amount}：{_figure(record.annual_amount)}{spent}"
    told = f"总分：{_figure(record.total_score)}" if is_scored(record) else f"指标 {len(record.indicators)} 个"
    lines.append(f"  {money} {unit}  {told}")
    paths = [kind.indicators.columns[name] for name in kind.listed]
    figures = [path for path in paths if kind.type_of(path) in fields.FIGURES]
    rows = [
        [_figure(getattr(row, path)) if path in figures else getattr(row, path) for path in paths]
        for row in record.indicators
    ]
    right = [name for name, path in zip(kind.listed, paths, strict=True) if path in figures]
    body = table(kind.listed, rows, right, 36)
    lines += [f"  {line}" for line in body.splitlines()] if rows else []
    doubts = record.source.doubts if record.source else ()
    lines += [f"  看不懂的：{fit(str(doubt), 160)}" for doubt in doubts]
    if record.source:
        unused = "、".join(map(str, record.source.unused))
        rest = f"；没有用到的：{fit(unused, 200)}" if unused else ""
        lines.append(f"  用到的标签 {record.source.labels} 个{rest}")
    return "\n".join(lines) + "\n"


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():,f}"
