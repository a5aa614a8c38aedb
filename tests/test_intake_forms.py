"""Forms of ours, as workbooks: imported, filled and read again they are the same, odd texts and figures with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

import xladdin
from tests.intake_cases import DECLARED, EVALUATED, form_file, named
from tests.package_checks import check_workbook
from tests.test_text import NASTY
from xladdin import Indicator, read
from xladdin.cli.demo import example
from xladdin.intake import import_files
from xladdin.ledger import read_ledger

RECORDS = {f"{record.kind[:4]} {record.year} {record.project}": record for record in example()}


def through(tmp_path, *records) -> tuple[list, list]:
    """The records as their forms read, and as they read after the ledger."""
    files = [form_file(tmp_path / "表", record, f"{number:02}.xlsx") for number, record in enumerate(records)]
    path = tmp_path / "台账.xlsx"
    import_files(files, path)
    check_workbook(path, verbatim=NASTY)
    ledger = read_ledger(path)
    assert not ledger.mistakes
    first = [record for file in files for record in read(file)]
    return first, [read(xladdin.fill(record))[0] for record in ledger.records]


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_form_of_the_example(tmp_path, record):
    (first,), (again,) = through(tmp_path, record)
    doubts = [doubt.field for doubt in first.source.doubts]
    if not doubts:
        assert again == first


def test_all_of_them_at_once(tmp_path):
    """Declaration and evaluation of one project stand side by side."""
    first, again = through(tmp_path, *RECORDS.values())
    assert [(one.kind, one.year, one.project, one.form) for one in again] == [
        (one.kind, one.year, one.project, one.form) for one in first
    ]


def test_odd_texts(tmp_path):
    rows = tuple(Indicator("产出指标", "数量指标", f"第{number}项", text) for number, text in enumerate(NASTY))
    first, again = through(tmp_path, named(DECLARED, "=养老<&>“服务”", indicators=rows, annual_goal="=1+1\n第二行"))
    assert [row.target for row in again[0].indicators] == list(NASTY)
    assert again == first


ODD = {
    "a cent": named(DECLARED, "分", funds=replace(DECLARED.funds, annual_total=Decimal("0.01"), annual_fiscal=Decimal("0.01"))),
    "no dates": named(DECLARED, "无期", start=None, end=None),
    "long ago": named(DECLARED, "早", start=dt.date(1999, 12, 31), end=dt.date(2049, 1, 1)),
    "no indicators": named(DECLARED, "空", indicators=()),
    "same names": named(DECLARED, "重名", indicators=(DECLARED.indicators[0],) * 3),
    "printed scores": named(EVALUATED, "印分", indicators=tuple(replace(row, score=Decimal(1)) for row in EVALUATED.indicators)),
    "a printed rate": named(EVALUATED, "印率", budget=(replace(EVALUATED.budget[0], rate=Decimal("0.5"), score=Decimal(7)), EVALUATED.budget[1])),
    "printed totals": named(EVALUATED, "印总", total_weight=Decimal(90), total_score=Decimal("12.34")),
    "nothing done yet": named(EVALUATED, "未填", budget=tuple(replace(line, executed=None) for line in EVALUATED.budget), indicators=tuple(replace(row, actual=None) for row in EVALUATED.indicators)),
}  # fmt: skip


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_odd_records(tmp_path, record):
    first, again = through(tmp_path, record)
    assert again == first
