"""Whatever a clerk leaves in a cell, the printed form shows a figure, 待核, 未填完 or nothing, and the record follows it.

Every case is a form whose cells were typed over; all stand in one workbook, so that LibreOffice is begun once.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from tests.office import recalculated
from xladdin import BudgetLine, Evaluation, Result, check, read
from xladdin import forms as forms_of_all
from xladdin.form.filling import fill_book
from xladdin.workbook.grid import Unread

PENDING, UNFILLED = "待核", "未填完"
NOT_FIGURES = {  # what a cell may hold that no formula counts: value, number format
    "with its unit": ("8,523,411.20元", "General"),
    "万元": ("119.876万元", "General"),
    "full width": ("１００", "General"),
    "a figure as text": ("100", "@"),
    "two figures": ("100/200", "General"),
    "about": ("约100", "General"),
    "words": ("见附件", "General"),
    "apostrophe and minus": ("−5", "@"),
    "TRUE": (True, "General"),
    "a day": (dt.date(2021, 9, 5), "m/d/yy"),  # the one format of a day that LibreOffice tells a formula of
    "a percentage": (0.95, "0.00%"),
    "an error": ("#N/A", "General"),
    "another error": ("#VALUE!", "General"),
    "below nothing": (-5, "General"),
}
MARKS = {"dash": ("-", "General"), "long dash": ("—", "General"), "slash": ("/", "@"), "none": ("无", "General")}
BLANKS = {"nothing": (None, "General"), "blanks": ("  ", "@"), "wide blank": ("　", "@"), "line break": ("\n", "@")}
EXECUTED, BUDGET, WEIGHT, RATE, POINTS = "F6", "E6", "G6", "H6", "I6"
ROW_WEIGHT, ROW_SCORE, WEIGHTS, TOTAL = "G13", "H13", "G15", "H15"


def filled(**more) -> Evaluation:
    """A form of 90 % spent and two indicators reached: 9 + 40 + 50 points."""
    line = BudgetLine("年度资金总额", Decimal(100), Decimal(100), Decimal(90), Decimal(10))
    rows = [Result("产出指标", "数量指标", name, "=8个", "8", Decimal(w)) for name, w in (("甲", 40), ("乙", 50))]
    values = {"form": "2021自评表", "year": 2021, "project": "试", "money_unit": "元"}
    return Evaluation(**values, budget=(line,), indicators=tuple(rows), **more)


def cases() -> dict[str, tuple[str, tuple, dict[str, object]]]:
    """Name → the cell typed over, what is typed, and what cells show then."""
    found = {}
    whole = {
        RATE: Decimal("0.9"),
        POINTS: Decimal(9),
        ROW_SCORE: Decimal(40),
        WEIGHTS: Decimal(100),
        TOTAL: Decimal(99),
    }
    no_rate = whole | {RATE: PENDING, POINTS: PENDING, TOTAL: PENDING}
    for cell, named in itertools.product((EXECUTED, BUDGET), NOT_FIGURES.items()):
        found[f"{cell} {named[0]}"] = cell, named[1], no_rate
    for name, typed in MARKS.items():
        found[f"{EXECUTED} {name}"] = EXECUTED, typed, no_rate | {TOTAL: UNFILLED}
        found[f"{BUDGET} {name}"] = BUDGET, typed, no_rate
        found[f"{ROW_SCORE} {name}"] = ROW_SCORE, typed, whole | {ROW_SCORE: typed[0], TOTAL: PENDING}
        found[f"{ROW_WEIGHT} {name}"] = ROW_WEIGHT, typed, whole | {ROW_SCORE: None, WEIGHTS: 60, TOTAL: 59}
    for name, typed in BLANKS.items():
        blank = whole | {RATE: None, POINTS: None}
        found[f"{EXECUTED} {name}"] = EXECUTED, typed, blank | {TOTAL: UNFILLED}
        found[f"{BUDGET} {name}"] = BUDGET, typed, blank | {TOTAL: PENDING}
        found[f"{ROW_SCORE} {name}"] = ROW_SCORE, typed, whole | {ROW_SCORE: typed[0], TOTAL: PENDING}
        found[f"{ROW_WEIGHT} {name}"] = ROW_WEIGHT, typed, whole | {ROW_SCORE: None, WEIGHTS: 60, TOTAL: 59}
    for name, typed in NOT_FIGURES.items():
        sums = whole | {WEIGHTS: PENDING, TOTAL: PENDING}
        if name == "TRUE":  # to LibreOffice a number in a range; in Excel no sum counts it
            sums |= {WEIGHTS: ...}
        if name == "a percentage":  # a sum cannot see the format of its cells
            sums |= {WEIGHTS: Decimal("60.95")}
        found[f"{ROW_WEIGHT} {name}"] = ROW_WEIGHT, typed, sums | {ROW_SCORE: PENDING}
        if name == "a percentage":
            sums |= {WEIGHTS: Decimal("90.95")}
        found[f"{WEIGHT} {name}"] = WEIGHT, typed, sums | {POINTS: PENDING}
        if name not in ("a percentage", "TRUE"):
            found[f"{ROW_SCORE} {name}"] = ROW_SCORE, typed, whole | {ROW_SCORE: ..., TOTAL: PENDING}
    typed = ("9.5", 9.5, "10分")
    found["score 9.5"] = ROW_SCORE, (typed[1], "General"), whole | {ROW_SCORE: Decimal("9.5"), TOTAL: Decimal("68.5")}
    for text in (typed[0], typed[2]):
        found[f"score as text {text}"] = ROW_SCORE, (text, "@"), whole | {ROW_SCORE: text, TOTAL: PENDING}
    found["weight 1001"] = ROW_WEIGHT, (1001, "General"), whole | {ROW_SCORE: PENDING, WEIGHTS: PENDING, TOTAL: PENDING}
    found["error in an actual"] = "F13", ("#REF!", "General"), whole | {ROW_SCORE: PENDING, TOTAL: PENDING}
    found["error in a target"] = "E13", ("#REF!", "General"), whole | {ROW_SCORE: PENDING, TOTAL: PENDING}
    found["budget of nothing"] = BUDGET, (0, "General"), whole | {RATE: 0, POINTS: 0, TOTAL: Decimal(90)}
    return found


CASES = cases()


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Every case as typed (no values beside the formulas), and as LibreOffice shows it."""
    folder = tmp_path_factory.mktemp("anything")
    book = openpyxl.load_workbook(_book(folder))
    for sheet, (cell, (value, shown_as), _) in zip(book.worksheets[1:], CASES.values(), strict=True):
        sheet[cell].value, sheet[cell].number_format = value, shown_as
        if isinstance(value, str) and not value.startswith("#"):
            sheet[cell].data_type = "s"
    path = folder / "typed.xlsx"
    book.save(path)
    (live,) = recalculated([path], folder / "out")
    return path, folder / "out" / "typed.xlsx", live[1:]


def _book(folder):
    path = folder / "filled.xlsx"
    path.write_bytes(fill_book([filled() for _ in CASES]))
    return path


def at(cell: str) -> tuple[int, int]:
    column, row = re.fullmatch(r"([A-Z])(\d+)", cell).groups()
    return int(row), ord(column) - 64


def test_there_are_enough():
    assert len(CASES) >= 60


def test_the_form_shows_a_figure_or_that_there_is_none(forms):
    wrong = []
    for (name, (cell, _, wanted)), sheet in zip(CASES.items(), forms[2], strict=True):
        for spot, value in wanted.items():
            got = sheet.cells.get(at(spot))
            if (
                value is not ...
                and got != value
                and not (spot == cell and (got or "").strip() == (value or "").strip())
            ):
                wrong.append((name, spot, got, value))
            if isinstance(got, Unread) and spot != cell:
                wrong.append((name, spot, "error", got))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_record_follows_the_form(forms):
    """Read with values as LibreOffice left them, and without any as openpyxl saves: what is not decided is None."""
    wrong = []
    for path in forms[:2]:
        for (name, (cell, _, wanted)), record in zip(CASES.items(), read(path), strict=True):
            line, row = record.budget[0], record.indicators[0]
            got = {RATE: line.rate, POINTS: line.score, ROW_SCORE: row.score, TOTAL: record.total_score}
            for spot, value in got.items():
                if spot != cell and value != (wanted[spot] if isinstance(wanted[spot], Decimal | int) else None):
                    wrong.append((path.name, name, spot, value, wanted[spot]))
    assert not wrong, "\n".join(map(str, wrong))


INDEX = [  # typed over an amount of the list, its unit; what the sums in 元, in 万元 and without unit show
    ({}, (300, None, None)),
    ({"H3": "100元"}, (PENDING, None, None)),
    ({"H3": "-"}, (200, None, None)),
    ({"H3": "#N/A"}, (PENDING, PENDING, PENDING)),
    ({"G3": "万元"}, (200, 100, None)),
    ({"G3": "千元"}, (PENDING, PENDING, PENDING)),
]


def test_the_sums_of_the_list(tmp_path):
    records = [filled(), filled()]
    line = records[1].budget[0]
    records[1] = replace(records[1], budget=(replace(line, budget=Decimal(200)),))
    paths = []
    for number, (typed, _) in enumerate(INDEX):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(fill_book(records))
        book = openpyxl.load_workbook(paths[-1])
        for cell, value in typed.items():
            book.worksheets[0][cell].value = value
        book.save(paths[-1])
    for (typed, wanted), (live, *_) in zip(INDEX, recalculated(paths, tmp_path / "out"), strict=True):
        assert tuple(live.cells.get((row, 8)) for row in (5, 6, 7)) == wanted, typed


@pytest.mark.parametrize("form", [form for form in forms_of_all() if form.money_unit], ids=lambda form: form.name)
def test_amount_cells_ask_for_a_figure(form):
    """With a hint that names the form's unit; what is typed against it is warned of, never lost."""
    book = openpyxl.load_workbook(form.path)
    asked = [one for one in book.active.data_validations.dataValidation if one.type == "decimal"]
    assert {(one.errorStyle, one.allow_blank) for one in asked} == {("warning", True)}
    assert all(
        one.promptTitle == f"金额（{form.money_unit}）" and f"单位是{form.money_unit}" in one.prompt for one in asked
    )
    amounts = {
        cell.coordinate
        for row in book.active.iter_rows()
        for cell in row
        if "{{" in str(cell.value) and cell.number_format == "#,##0.00"
    }
    assert amounts and amounts == {area.coord.split(":")[0] for one in asked for area in one.sqref.ranges}


def test_a_check_names_the_cell(forms):
    silent = []
    for (name, (cell, (value, _), wanted)), record in zip(CASES.items(), read(forms[1]), strict=True):
        if PENDING in wanted.values() or UNFILLED in wanted.values():
            cells = {place["cell"] for finding in check(record) for place in finding.where}
            if cell not in cells:
                silent.append((name, cell, value, [finding.message for finding in check(record)]))
    assert not silent, "\n".join(map(str, silent))
