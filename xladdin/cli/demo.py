"""The main job on the bundled example, offline and without Excel."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from ..domain.kinds import is_scored
from ..domain.records import Declaration, Record
from ..domain.scoring import scored
from .demo_documents import read_documents
from .onebook import ONE_BOOK
from .parser import command
from .table import table

ROLLED_YEAR = 2021
LEDGER = "台账.xlsx"
PAIR = "互相核对的两张表"
BLANK, BLANK_FORM = "空表做成模板", "省级自评表"
RECEIVED = "收到的文件"
REPORTS = ("核对结果.xlsx", "核对结果.html")


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    more = "不用联网，也不用 Excel：写出示例台账，填好各表，由 2021 年申报表生成自评表，全部读回核对，"
    more += "再把 2021 年的申报表和自评表互相核对，写出报告；再把一张空表做成模板，用它填一张；"
    more += "最后读 PDF、Word 和旧版 Excel 各一个，核对 PDF 申报表和 Word 自评表。"
    parser = command(commands, "demo", "用自带的示例走一遍主要流程", more)
    parser.add_argument(
        "--out", metavar="文件夹", type=Path, default=Path("xladdin-demo"), help="放在哪里（默认 ./xladdin-demo）"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the demonstration."""
    return run_demo(arguments.out)


def example() -> list[Record]:
    """The bundled example records."""
    from ..ledger import read_records

    with resources.as_file(resources.files("xladdin") / "data" / "example.json") as path:
        return read_records(path)


def run_demo(out: str | Path) -> int:
    """Ledger, forms, one book, a roll-forward and the cross-check of a pair into `out`. Exit code.

    What was written is read back and compared: the exit code tells whether that agrees, whatever the
    cross-check finds in the example, which is a published pair with its mistakes.
    """
    from ..form.filling import fill_book
    from ..ledger import read_records, write_ledger
    from ..workbook.saving import put

    out, shipped = Path(out), example()
    write_ledger(out / LEDGER, shipped, replace=True)
    records = read_records(out / LEDGER)
    rows, problems = _write_and_compare(records, out / "填好的表")
    pairs = zip(shipped, records, strict=True)
    problems += [f"{LEDGER}：{line}" for a, b in pairs for line in differences(_as_kept(a), b)]
    book = out / f"{ONE_BOOK}.xlsx"
    put(book, fill_book(records))
    problems += _compare_book(book, records)
    more, rolled = _write_and_compare(_rolled(records), out / "生成的自评表")
    _show(rows, more, problems + rolled)
    _cross_check(shipped, out)
    made = _from_blank(shipped, out / BLANK)
    unread = read_documents(out / RECEIVED)
    _list_files(out)
    return 1 if problems or rolled or made or unread else 0


def _as_kept(record: Record) -> Record:
    """The record without what a ledger has no column for and the form's formulas compute anew."""
    if not is_scored(record):
        return record
    budget = tuple(replace(line, rate=None, score=None) for line in record.budget)
    return replace(record, budget=budget, total_weight=None, total_score=None)


def _rolled(records: list[Record]) -> list[Record]:
    import xladdin

    return [
        xladdin.self_evaluation(record)
        for record in records
        if isinstance(record, Declaration) and record.year == ROLLED_YEAR
    ]


def _write_and_compare(records: list[Record], folder: Path) -> tuple[list[tuple], list[str]]:
    """Fill each record into its form, read it back: the rows to show and what differs."""
    import xladdin

    from .. import batch

    rows, problems = [], []
    for outcome in batch.run(batch.plan(records, folder), force=True):
        record, name = outcome.job.record, outcome.job.path.name
        if outcome.error:
            found = [str(outcome.error)]
        else:
            found = [f"没有放 {field} 的地方" for field in outcome.unplaced]
            found += _compare([record], xladdin.read(outcome.job.path), [outcome.job.form])
        problems += [f"{name}：{line}" for line in found]
        money = record.annual_amount
        shown = "" if money is None else f"{money:,.2f} {record.money_unit or ''}"
        same = "不一致" if found else "一致"
        rows.append((record.year, record.project, outcome.job.form, len(record.indicators), shown, same))
    return rows, problems


def _compare_book(path: Path, records: list[Record]) -> list[str]:
    import xladdin

    found = _compare(records, xladdin.read(path), [record.form for record in records])
    return [f"{path.name}：{line}" for line in found]


def _compare(records: list[Record], back: list[Record], forms: list[str | None]) -> list[str]:
    if len(records) != len(back):
        return [f"写了 {len(records)} 张表，读回 {len(back)} 张"]
    pairs = zip(records, back, forms, strict=True)
    return [line for record, read, form in pairs for line in differences(expected(record, form), read)]


def expected(record: Record, form: str | None = None) -> Record:
    """The record as its form should read back: in the form's money unit, nulls of an evaluation computed."""
    from ..form.catalogue import form_for, profile_of
    from ..form.units import in_unit

    chosen = form_for(record, form)
    filled = in_unit(replace(record, form=chosen.name), chosen.money_unit)
    filled = replace(filled, money_unit=chosen.money_unit)
    return scored(filled, profile_of(filled, form=chosen)) if is_scored(filled) else filled


def differences(one: Record, other: Record) -> list[str]:
    """Where two records differ; a blank text, a null and an absent extra are the same, as are 20 and 20.00."""
    first, second = dict(_leaves(one)), dict(_leaves(other))
    paths = sorted(first.keys() | second.keys())
    return [
        f"{path} 应为 {first.get(path)}，读回 {second.get(path)}"
        for path in paths
        if first.get(path) != second.get(path)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        for item in fields(value):
            if item.name != "source":
                yield from _leaves(getattr(value, item.name), f"{path}.{item.name}" if path else item.name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]")
    elif hasattr(value, "items"):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}")
    elif value is not None and value != "":
        yield path, value.normalize() if isinstance(value, Decimal) else value


def _cross_check(shipped: list[Record], out: Path) -> None:
    """The published pair as it was printed, written into its forms and reconciled."""
    from .. import batch
    from ..report import write_report
    from ..review.judging import review_pairs
    from ..review.pairing import pairs_in
    from .reviewed import as_text

    pair = sorted((r for r in shipped if r.year == ROLLED_YEAR), key=lambda record: record.kind)
    declared, evaluated = (outcome.job.path for outcome in batch.run(batch.plan(pair, out / PAIR), force=True))
    review = review_pairs(pairs_in(declared, evaluated))
    print(f"\n{ROLLED_YEAR} 年的申报表与自评表互相核对：\n\n{as_text(review)}")
    for name in REPORTS:
        write_report(review, out / name, force=True)


def _from_blank(shipped: list[Record], out: Path) -> list[str]:
    """A bureau's blank form made a template, a published 自评表 filled into it and read back: what differs."""
    import xladdin

    from ..form.blank import make_template
    from ..form.catalogue import form_at, profile_of
    from ..form.filling import fill_form
    from ..form.proving import differences as unlike
    from ..form.units import in_unit
    from ..workbook.saving import put

    with resources.as_file(resources.files("xladdin") / "data" / "空白自评表.xlsx") as path:
        blank = path.read_bytes()
    made = make_template(blank, name=BLANK_FORM, years=f"{ROLLED_YEAR}-", file="空白自评表.xlsx")
    template = out / "模板" / f"{BLANK_FORM}.xlsx"
    put(out / "空白自评表.xlsx", blank)
    put(template, made.data)
    form = form_at(template)
    record = next(record for record in shipped if is_scored(record) and record.year == ROLLED_YEAR)
    rules = profile_of(record, form=form)
    filled = out / f"{record.year} {record.project}.xlsx"
    put(filled, fill_form(record, form, rules))
    (read,) = xladdin.read(filled)
    wrong = list(unlike(in_unit(record, form.money_unit), read, made.placing, rules))
    print(f"\n财政部门的空表做成模板“{BLANK_FORM}”（认出 {len(made.placing.placed)} 格），用它填好 1 张，", end="")
    print("读回一致。" if not wrong else "读回不一致：")
    lines = [f"{field} 应为 {put_in}，读回 {came}" for field, put_in, came, _ in wrong]
    for line in lines:
        print(f"  {line}")
    return lines


def _show(rows: list[tuple], rolled: list[tuple], problems: list[str]) -> None:
    headers = ("年度", "项目", "表式", "指标数", "金额", "读回一致")
    right = ("指标数", "金额")
    print("按示例台账填好的表：\n")
    print(table(headers, rows, right))
    print(f"\n由 {ROLLED_YEAR} 年申报表生成的自评表（待填执行数和实际完成值）：\n")
    print(table(headers, rolled, right))
    if problems:
        print("\n读回不一致的地方：")
        print("\n".join(f"  {line}" for line in problems))


def _list_files(out: Path) -> None:
    print(f"\n文件都在 {out.resolve()}：")
    for name, said in (
        (LEDGER, "台账，改它再运行 xladdin fill"),
        ("填好的表", "每个项目一个工作簿"),
        (f"{ONE_BOOK}.xlsx", "全部项目在一个工作簿里"),
        ("生成的自评表", "由申报表生成"),
        (PAIR, "互相核对的申报表和自评表，照公开时的样子"),
        (BLANK, "一张空表、由它做成的模板、用模板填好的表"),
        (RECEIVED, "PDF 申报表、Word 自评表、旧版 .xls，和它们的核对报告"),
        (REPORTS[0], "核对报告，可填处理结果"),
        (REPORTS[1], "同一份报告，可打印"),
    ):
        print(f"  {name}  {said}")
