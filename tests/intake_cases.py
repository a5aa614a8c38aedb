"""What the tests of importing are made of: forms as files, and ledgers as clerks keep them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl

from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result, fill
from xladdin.ledger import read_ledger

DECLARED = Declaration(
    form="2024申报表",
    year=2024,
    project="社区养老服务",
    category="经常性项目",
    department="某区民政局",
    unit="某区养老中心",
    start=dt.date(2024, 1, 1),
    end=dt.date(2024, 12, 31),
    money_unit="元",
    funds=Funds(annual_total=Decimal(500000), annual_fiscal=Decimal(500000)),
    annual_goal="为老年人提供助餐服务",
    indicators=(
        Indicator("产出指标", "数量指标", "助餐人次", "=91场"),
        Indicator("产出指标", "质量指标", "合格率", "≥95%"),
        Indicator("满意度指标", "服务对象满意度指标", "满意度", "≥90%"),
    ),
)
EVALUATED = Evaluation(
    form="2021自评表",
    year=2024,
    project="社区养老服务",
    department="某区民政局",
    unit="某区养老中心",
    money_unit="元",
    budget=(
        BudgetLine("年度资金总额", *map(Decimal, (500000, 500000, 480000)), weight=Decimal(10)),
        BudgetLine("当年财政拨款", *map(Decimal, (500000, 500000, 480000))),
    ),
    annual_goal="为老年人提供助餐服务",
    actual_result="完成",
    indicators=(
        Result("产出指标", "数量指标", "助餐人次", "=91场", "95", Decimal(50)),
        Result("产出指标", "质量指标", "合格率", "≥95%", "95%", Decimal(30)),
        Result("满意度指标", "服务对象满意度指标", "满意度", "≥90%", "97%", Decimal(10)),
    ),
)
UNSURE = {500000: "约五十万"}  # what two cells of the declaration say: nobody can know how much that is


def form_file(folder: Path, record, name: str = "", changed: dict[str, object] | None = None) -> Path:
    """A filled form on disk. changed: cells typed over, by the text that stands there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{record.year}{record.project}{record.kind}.xlsx")
    data = fill(record)
    if changed:
        book = openpyxl.load_workbook(io.BytesIO(data))
        for row in book.active.iter_rows():
            for cell in row:
                if cell.value in changed:
                    cell.value = changed[cell.value]
        out = io.BytesIO()
        book.save(out)
        data = out.getvalue()
    path.write_bytes(data)
    return path


def named(record, project: str, **more):
    """The same of another project."""
    return replace(record, project=project, **more)


def sheets(path: Path) -> dict[str, list[dict]]:
    """The rows of a ledger by heading, as openpyxl sees them."""
    found = {}
    for sheet in openpyxl.load_workbook(path):
        heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        found[sheet.title] = [
            {head: value for head, value in zip(heads, row, strict=True) if head and value is not None}
            for row in rows
            if any(value is not None for value in row)
        ]
    return found


def answer(path: Path, taken=lambda row: row["建议"]) -> None:
    """Fill 采用 of every row of 待核; a row for which `taken` gives None stays."""
    book = openpyxl.load_workbook(path)
    sheet = book["待核"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for number in range(2, sheet.max_row + 1):
        row = {name: sheet.cell(number, at).value for name, at in heads.items()}
        if any(row.values()) and (value := taken(row)) is not None:
            sheet.cell(number, heads["采用"], value)
    book.save(path)


def record_in(path: Path, kind: str = "declaration", **wanted):
    (found,) = [
        one
        for one in read_ledger(path).records
        if one.kind == kind and all(getattr(one, name) == value for name, value in wanted.items())
    ]
    return found
