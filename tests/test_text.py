"""Texts that spreadsheets like to turn into something else stay the characters they are."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pandas
import pytest

from tests.office import recalculated
from tests.package_checks import check_package
from xladdin import Declaration, Evaluation, Funds, Indicator, Result, fill, read
from xladdin.errors import Unwritable
from xladdin.workbook.content import unescape
from xladdin.workbook.reading import read_grids

NASTY = (
    "=91场", "=100%", "≥90.00(百分比)", "+5", "@x", "-3", "=cmd|'/c calc'!A1", "'x", "_x000D_", "a_x000d_b", "_x_",
    '<p>&"', "]]>", "emoji 👍🏽", "a\tb", "1\n2", "007", "90.0", "1e5", "1/2", "2024-01-01", "TRUE", "#N/A",
    "{{ 7*7 }}", "{% x %}", "a  b", "９０％", "𠮷野家", "e\u0301", "\u200bx", "=1+1", '=HYPERLINK("http://x","y")',
    '="a"', "$A$1", "100%",
)  # fmt: skip
CONTROLS = ("a\x0bb", "1\r\n2", "x\x01y", "x\x1fy", "x\x7fy")
TEXTS = NASTY + CONTROLS
FIRST = 13
AS_IS = {"header": None, "dtype": object, "keep_default_na": False}


def declaration(*texts: str, project: str = "甲") -> Declaration:
    rows = tuple(Indicator("产出指标", "数量指标", f"第{number}项", text) for number, text in enumerate(texts))
    return Declaration(form="2024申报表", year=2024, project=project, money_unit="元", indicators=rows)


def evaluation(*texts: str) -> Evaluation:
    rows = tuple(
        Result("产出指标", "数量指标", f"第{number}项", "=1次", "1", Decimal(10), Decimal(10), text)
        for number, text in enumerate(texts)
    )
    return Evaluation(form="2021自评表", year=2021, project="甲", money_unit="元", indicators=rows)


FIELDS = {
    "target": (declaration, 7, lambda record: [row.target for row in record.indicators]),
    "reason": (evaluation, 9, lambda record: [row.reason for row in record.indicators]),
}
each = pytest.mark.parametrize("make, column, got", FIELDS.values(), ids=FIELDS)


def spots(column: int, count: int = len(TEXTS)) -> list[tuple[int, int]]:
    return [(FIRST + number, column) for number in range(count)]


@each
def test_read_gives_the_same(make, column, got):
    data = fill(make(*TEXTS))
    check_package(data, verbatim=TEXTS)
    (record,) = read(data)
    assert got(record) == list(TEXTS)
    assert record.source.doubts == ()


@each
def test_openpyxl_sees_text_and_saves_it(make, column, got):
    book = openpyxl.load_workbook(io.BytesIO(fill(make(*TEXTS))))
    cells = [book.active.cell(*spot) for spot in spots(column)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [unescape(cell.value) for cell in cells] == list(TEXTS)
    saved = io.BytesIO()
    book.save(saved)
    again = openpyxl.load_workbook(io.BytesIO(saved.getvalue()))
    kept = [again.active.cell(*spot) for spot in spots(column)]
    assert [unescape(cell.value) for cell in kept] == list(TEXTS)
    assert not [cell.value for cell in kept if cell.data_type == "f"]
    assert got(read(saved.getvalue())[0]) == list(TEXTS)


@each
def test_pandas_reads_text(make, column, got):
    frame = pandas.read_excel(io.BytesIO(fill(make(*TEXTS))), engine="openpyxl", **AS_IS)
    assert [unescape(frame.iat[row - 1, col - 1]) for row, col in spots(column)] == list(TEXTS)


def test_libreoffice_shows_the_same(tmp_path):
    paths = [tmp_path / f"{name}.xlsx" for name in FIELDS]
    for path, (make, *_) in zip(paths, FIELDS.values(), strict=True):
        path.write_bytes(fill(make(*NASTY)))
    for (make, column, _), (grid,) in zip(FIELDS.values(), recalculated(paths, tmp_path / "out"), strict=True):
        assert not [spot for spot in grid.formulas if spot[1] == column and make is declaration]
        assert [grid.cells.get(spot) for spot in spots(column, len(NASTY))] == list(NASTY)


@pytest.mark.parametrize("text", NASTY)
def test_project_name(text):
    (record,) = read(fill(declaration("=1", project=text)))
    assert record.project == text.replace("\n", "")  # a name stands on one line


@pytest.mark.parametrize("make, form, cell", [(declaration, "2024申报表", "G13"), (evaluation, "2021自评表", "I13")])
@pytest.mark.parametrize(
    "text, reason",
    [
        ("字" * 32_768, "32768 字"),
        ("👍" * 16_384, "超过"),
        ("a\x00b", "控制字符"),
        ("a\ud800b", "控制字符"),
        ("a\udfff", "控制字符"),
        ("a\ufffe", "控制字符"),
    ],
    ids=["long", "long in UTF-16", "NUL", "high surrogate", "low surrogate", "no character"],
)
def test_unwritable_says_the_cell(make, form, cell, text, reason):
    with pytest.raises(Unwritable, match=reason) as caught:
        fill(make(text))
    assert (caught.value.where.sheet, caught.value.where.cell) == (form, cell)
    assert caught.value.advice


@pytest.mark.parametrize("text", ["字" * 32_767, "👍" * 16_383, "a\n" * 5_000 + "b", "_x000D_" * 3_000], ids=len)
def test_nothing_is_cut(text):
    (record,) = read(fill(declaration(text, "=2")))
    assert [row.target for row in record.indicators] == [text, "=2"]


AMOUNTS = ["999999999999999", "9999999999999.99", "0.000000000000001", "-12.5", "0", "571000.00", "1231000"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amounts_stay_exact(amount):
    record = replace(declaration(), funds=Funds(total=Decimal(amount)))
    assert read(fill(record))[0].funds.total == Decimal(amount)


@pytest.mark.parametrize("amount", ["1234567890123456", "12345678901234.56", "0.1234567890123456", "1E+400"])
def test_amounts_excel_cannot_hold(amount):
    record = replace(declaration(), funds=Funds(total=Decimal(amount)))
    with pytest.raises(Unwritable) as caught:
        fill(record)
    assert (caught.value.where.sheet, caught.value.where.cell) == ("2024申报表", "C6")


def test_plain_figures_go_in_as_numbers_and_odd_ones_as_text():
    rows = tuple(Result("产出指标", "数量指标", text, "=1", text) for text in ("90", "007", "90.0", "+7", "1e3", "-5"))
    data = fill(Evaluation(form="2021自评表", year=2021, project="甲", money_unit="元", indicators=rows))
    (grid,) = read_grids(data)
    shown = [grid.cells[FIRST + number, 6] for number in range(len(rows))]
    assert shown == [Decimal(90), "007", "90.0", "+7", "1e3", Decimal(-5)]
    assert [row.actual for row in read(data)[0].indicators] == [row.actual for row in rows]
