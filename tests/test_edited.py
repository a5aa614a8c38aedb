"""A filled workbook edited by hand: what cannot be trusted is said, never made up."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xladdin

EXAMPLE = json.loads((Path(xladdin.__file__).parent / "data" / "example.json").read_text(encoding="utf-8"))


def edited(tmp_path, record: dict, cells: dict, formats: dict | None = None):
    """The record filled, some cells changed by openpyxl (which drops every stored value), and read."""
    path = tmp_path / "edited.xlsx"
    path.write_bytes(xladdin.fill(xladdin.from_dict(record)))
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book.active[address] = value
    for address, code in (formats or {}).items():
        book.active[address].number_format = code
    book.save(path)
    (got,) = xladdin.read(path)
    return got


def evaluation() -> dict:
    blank = {"rate": None, "score": None}
    record = json.loads(json.dumps(EXAMPLE[-1])) | {"total_weight": None, "total_score": None}
    record["budget"] = [line | blank for line in record["budget"]]
    record["indicators"] = [row | {"score": None, "actual": row["actual"].strip(">=")} for row in record["indicators"]]
    return record


def test_our_own_formulas_are_computed_when_nothing_is_stored(tmp_path):
    got = edited(tmp_path, evaluation(), {})
    assert [str(row.score) for row in got.indicators] == [
        "20.00", "10.00", "10.00", "10.00", "15.00", "15.00", "5.00", "5.00",
    ]  # fmt: skip
    assert (got.budget[0].rate, got.budget[0].score) == (Decimal("0.9734"), Decimal("9.73"))
    assert (got.total_weight, got.total_score) == (100, Decimal("99.73"))
    assert got.source.doubts == ()


@pytest.mark.parametrize(
    "cell, formula, field, figure",
    [
        ("H13", "=G13*0.5", "indicators[0].score", "10"),
        ("H21", "=95.5", "total_score", "95.5"),
        ("H6", "=ROUND(F6/E6,2)", "budget[0].rate", "0.97"),
        ("H13", "=LOOKUP(G13,G14:G15)", "indicators[0].score", None),
        ("H21", "=SUM(H13:H20)+OFFSET(I6,0,0)", "total_score", None),
        ("H6", "=MAX(F6/E6,0.5)", "budget[0].rate", None),
    ],
)
def test_somebody_else_s_formula_is_not_replaced_by_our_figure(tmp_path, cell, formula, field, figure):
    """A simple one is worked out as it stands, another is in doubt."""
    got = edited(tmp_path, evaluation(), {cell: formula})
    doubts = [(doubt.field, doubt.where.cell, doubt.text) for doubt in got.source.doubts]
    assert doubts == ([] if figure else [(field, cell, formula)])
    values = {
        "indicators[0].score": got.indicators[0].score, "total_score": got.total_score, "budget[0].rate": got.budget[0].rate,
    }  # fmt: skip
    assert values[field] == (figure and Decimal(figure))
    assert (got.total_score is None) == (figure is None)


@pytest.mark.parametrize(
    "cells, formats, doubts",
    [
        ({"E5": "调整预算"}, {}, ["E5"]),
        ({"F12": "随便一栏"}, {}, None),
        ({"A5": "项目资金（千元）"}, {}, ["A5"]),
        ({"G13": 0.2}, {"G13": "0%"}, ["G13"]),
        ({"D14": None, "E14": None, "F14": None}, {}, ["G14"]),
    ],
)
def test_what_is_not_understood_is_said_with_its_cell(tmp_path, cells, formats, doubts):
    got = edited(tmp_path, evaluation(), cells, formats)
    found = [doubt.where.cell for doubt in got.source.doubts]
    assert found[: len(doubts or ())] == (doubts or [])
    assert found


@pytest.mark.parametrize("name", ["说明：普法", "合计", "备注", "注：x", "总分", "甲："])
def test_a_name_that_looks_like_a_note_does_not_end_the_table(tmp_path, name):
    record = evaluation()
    record["indicators"][1]["name"] = name
    got = edited(tmp_path, record, {})
    assert [row.name for row in got.indicators] == [row["name"] for row in record["indicators"]]
    declaration = json.loads(json.dumps(EXAMPLE[2]))
    declaration["indicators"][1]["name"] = name
    got = edited(tmp_path, declaration, {})
    assert [row.name for row in got.indicators] == [row["name"] for row in declaration["indicators"]]


def test_an_unknown_layout_keeps_its_uncomputed_scores_in_doubt(tmp_path):
    path = tmp_path / "other.xlsx"
    path.write_bytes(xladdin.fill(xladdin.from_dict(evaluation())))
    book = openpyxl.load_workbook(path)
    for cell in ("A4", "E4", "D5", "G5", "I12", "B7", "B8", "B9"):
        book.active[cell] = "别的写法" + cell
    book.active["A1"] = "绩效自评表"
    book.save(path)
    (got,) = xladdin.read(path)
    assert got.form is None
    assert {f"indicators[{n}].score" for n in range(8)} <= {doubt.field for doubt in got.source.doubts}
    assert all(row.score is None for row in got.indicators)
