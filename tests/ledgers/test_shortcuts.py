"""What is read of a ledger the short way is what is read the long way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xladdin.ledger import read_grids_as_ledger
from xladdin.ledger.days import year_of
from xladdin.ledger.row import Row
from xladdin.workbook.grid import Grid
from xladdin.workbook.reading import read_grids

from .kinds import SLOPPY
from .making import ledger


def one_by_one(row, paths, money):
    read = ((path, row.value(column, money)) for column, path in paths.items())
    return {path: value for path, value in read if value is not None}


def sheet(name: str, *rows: tuple) -> Grid:
    cells = {(at, column): value for at, row in enumerate(rows, 1) for column, value in enumerate(row, 1) if value}
    return Grid(name, "台账.xlsx", cells)


HEADS = ("年度", "项目名称", "表式", "三级指标", "指标值")
OF_TWO_YEARS = [
    sheet("项目", HEADS[:3], ("2024", "某项目", "2021申报表"), ("2025", "某项目", "2021申报表")),
    sheet("指标", HEADS, ("2024", "某项目", None, "甲", "1"), ("2025", "某项目", None, "乙", "2")),
]
OF_TWO_FORMS = [
    sheet("项目", HEADS[:3], ("2024", "某项目", "2021申报表"), ("2024", "某项目", "2021自评表")),
    sheet("资金执行", ("年度", "项目名称", "资金项目"), ("2024", "某项目", "年度资金总额")),
    sheet("指标", HEADS, ("2024", "某项目", None, "甲", "1")),
]


def test_rows_that_look_like_the_row_before():
    years = read_grids_as_ledger(OF_TWO_YEARS, "台账.xlsx")
    assert [[row.name for row in record.indicators] for record in years.records] == [["甲"], ["乙"]]
    (mistake,) = read_grids_as_ledger(OF_TWO_FORMS, "台账.xlsx").mistakes
    assert "不知道这一行属于哪一张" in mistake.what


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("kinds", [None, sorted(SLOPPY)], ids=["several", "one"])
def test_rows_that_say_what_the_row_before_said(seed, kinds, monkeypatch):
    """Whose a row is, and what stands in it, is found out anew for each."""
    data, _ = ledger(seed, kinds and [kinds[seed * len(kinds) // 30]])
    quick = read_grids_as_ledger(read_grids(data), "台账.xlsx")
    monkeypatch.setattr(Row, "plainly", lambda *_: None)
    monkeypatch.setattr(Row, "values", one_by_one)
    assert quick == read_grids_as_ledger(read_grids(data), "台账.xlsx")


@pytest.mark.parametrize(
    "text", ["2025", "2025.0", "2025.00", "1899", "1900", "2099", "2100", "2025.5", "20250", "-2025", "0"]
)
def test_a_year_as_a_figure_is_one_as_a_text(text):
    assert year_of(Decimal(text)) == year_of(text)
