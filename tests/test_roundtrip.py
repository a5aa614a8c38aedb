"""fill then read gives the record back: generated ones, the bundled ones, the seeds' full ones."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import seeds
from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result, fill, from_dict, read
from xladdin.domain import fields
from xladdin.domain.records import BUDGET_ITEMS
from xladdin.domain.scoring import scored
from xladdin.form.catalogue import find_form, profile_of
from xladdin.workbook.grid import spot_of

DECLARATIONS = ("2020目标表", "2021申报表", "2023申报表", "2024申报表")
EVALUATIONS = ("2021自评表", "全国自评表")
ONCE = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

LETTERS = "项目甲乙丙0123456789aZ=≥<>%&\"'_x.,，。-+*/@#{}()（） \t𠮷👍"


def worded(letters: str, longest: int) -> st.SearchStrategy[str]:
    """Texts, none of them a figure or a mark for nothing: a word stands in each. Made so, not sieved."""
    half = st.text(letters, max_size=longest // 2 - 1)
    return st.tuples(half, st.sampled_from("甲乙丙𠮷"), half).map("".join).map(str.strip)


names = worded(LETTERS, 24)
texts = worded(LETTERS + "\n", 120)
maybe = st.none() | names
amounts = st.none() | st.decimals(-(10**9), 10**11, places=2) | st.integers(0, 10**12).map(Decimal)
days = st.none() | st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31))
scores = st.decimals(0, 100, places=2)
points = st.none() | scores
rates = st.none() | st.decimals(0, 1, places=4)
targets = st.sampled_from(
    ["=91场", "≥90.00(百分比)", "=100%", "<100(百分比)", "及时", "0起", "-3", "2020年五月之前", "≥25万人次", "007"]
)
typed = st.sampled_from(["90", "90.0", "95%", "007", "1/2", "12万", "及时", "2020-04-20", "待核", "见附件"])
actuals = st.none() | names | typed
levels1 = st.sampled_from(["产出指标", "效益指标", "满意度指标", "成本指标"])
levels2 = st.sampled_from(["数量指标", "质量指标", "时效指标", "社会效益指标"])


def with_blanks(rows: list, first: bool, second: bool) -> tuple:
    """Some rows' levels left blank. On paper a blank below a level continues it: blanks stand for a whole column."""
    rows = [replace(row, level1=None) for row in rows] if first else rows
    return tuple(replace(row, level2=None) for row in rows) if second else tuple(rows)


blanks = st.sampled_from([(False, False)] * 4 + [(False, True), (True, False), (True, True)])


def places(form: str) -> set[tuple[str, ...]]:
    """The fields a form has."""
    slots = [slot for sheet in find_form(form).template.sheets for _, slot, _ in sheet.expressions()]
    return {path for slot in slots for path in slot.expression.paths}


def strategy(path: str):
    if path.startswith("funds."):
        return amounts
    if path == "category":  # tick boxes part their options by punctuation, so only what a category can be
        return st.sampled_from([None, "经常性项目", "一次性项目", "专项资金", "其他（一次性）", "民生 类"])
    if path in ("start", "end"):
        return days
    return st.none() | texts if path.endswith("goal") else maybe


@st.composite
def declarations(draw, form: str) -> Declaration:
    found = places(form)
    form_of = find_form(form)
    values = {path: draw(strategy(path)) for name, path in fields.DECLARATION.items() if (name,) in found}
    values |= {"project": draw(names), "year": draw(st.integers(*form_of.years))}
    funds = {path.partition(".")[2]: values.pop(path) for path in list(values) if path.startswith("funds.")}
    figures = {path[1] for path in found if path[0] == fields.EXTRA and "预算" in path[1] and "制度" not in path[1]}
    extra = {
        name: draw(st.none() | st.integers(0, 10**9).map(str) if name in figures else st.none() | texts)
        for name in sorted(path[1] for path in found if path[0] == fields.EXTRA)
    }
    row = st.builds(Indicator, levels1, levels2, names, st.none() | targets | names)
    rows = with_blanks(draw(st.lists(row, min_size=1, max_size=8)), *draw(blanks))
    unit = form_of.money_unit
    values |= {"form": form, "money_unit": unit, "funds": Funds(**funds), "extra": extra}
    return Declaration(**values, indicators=rows)


@st.composite
def evaluations(draw, form: str, given_scores: bool) -> Evaluation:
    form_of = find_form(form)
    score, rate = (scores, rates) if given_scores else (st.none(), st.none())
    lines = []
    for item in BUDGET_ITEMS:
        line = BudgetLine(item, *(draw(amounts) for _ in range(3)))
        if item == BUDGET_ITEMS[0]:
            line = replace(line, weight=Decimal(10), rate=draw(rate), score=draw(score))
        lines.append(line)
    reasons = st.none() | texts
    row = st.builds(Result, levels1, levels2, names, st.none() | targets | names, actuals, points, score, reasons)
    return Evaluation(
        form=form,
        year=draw(st.integers(*form_of.years)),
        project=draw(names),
        department=draw(maybe),
        unit=draw(maybe),
        money_unit=form_of.money_unit,
        budget=tuple(lines),
        annual_goal=draw(st.none() | texts),
        actual_result=draw(st.none() | texts),
        indicators=with_blanks(draw(st.lists(row, min_size=1, max_size=8)), *draw(blanks)),
        total_weight=draw(score),
        total_score=draw(score),
    )


def expected(record: Evaluation) -> Evaluation:
    """What a form shows of it once its formulas are computed."""
    return scored(record, profile_of(record))


def differences(left, right) -> list[tuple]:
    pairs = [(f.name, getattr(left, f.name), getattr(right, f.name)) for f in dataclass_fields(left) if f.compare]
    return [(name, a, b) for name, a, b in pairs if a != b]


def only(data: bytes):
    (record,) = read(data)
    return record


@pytest.mark.parametrize("form", DECLARATIONS)
def test_declarations(form):
    @ONCE
    @given(declarations(form))
    def run(record):
        again = only(fill(record))
        assert differences(record, again) == []
        assert again.source.doubts == ()
        placed = {n for n in range(len(record.indicators)) if f"indicators[{n}].target" in again.source.cells}
        assert placed == set(range(len(record.indicators)))

    run()


@pytest.mark.parametrize("form", EVALUATIONS)
def test_evaluations_with_formulas(form):
    @ONCE
    @given(evaluations(form, given_scores=False))
    def run(record):
        assert differences(expected(record), only(fill(record))) == []

    run()


@pytest.mark.parametrize("form", EVALUATIONS)
def test_evaluations_with_scores_given(form):
    @ONCE
    @given(evaluations(form, given_scores=True))
    def run(record):
        again = only(fill(record))
        assert differences(expected(record), again) == []
        assert [row.score for row in again.indicators] == [row.score for row in record.indicators]
        assert (again.total_weight, again.total_score) == (record.total_weight, record.total_score)

    run()


@pytest.mark.parametrize("form", EVALUATIONS)
def test_evaluations_saved_by_openpyxl(form):
    """openpyxl drops the cached values: what Excel would compute is computed here."""

    @settings(ONCE, max_examples=25)
    @given(evaluations(form, given_scores=False))
    def run(record):
        book = openpyxl.load_workbook(io.BytesIO(fill(record)))
        saved = io.BytesIO()
        book.save(saved)
        assert differences(expected(record), only(saved.getvalue())) == []

    run()


def known() -> dict[str, dict]:
    found = {f"example{n}": item for n, item in enumerate(json.loads(seeds.EXAMPLE.read_text(encoding="utf-8")))}
    if seeds.available():
        found |= {f"seed{n}": item for n, item in enumerate(seeds.seed_records())}
    return found


@pytest.mark.parametrize("item", known().values(), ids=known())
def test_known_records(item):
    record = from_dict(item)
    again = only(fill(record))
    assert differences(record, again) == []
    assert again.source.doubts == ()
    cells = [again.source.cells[f"indicators[{n}].target"] for n in range(len(record.indicators))]
    rows = [spot_of(place.cell)[0] for place in cells]
    assert rows == sorted(set(rows))
    assert {place.sheet for place in cells} == {record.form}


def test_nothing_comes_back_of_nothing():
    for form in DECLARATIONS:
        record = Declaration(form=form, year=find_form(form).years[0], project="空")
        again = only(fill(record))
        assert (again.form, again.project, again.indicators, again.funds) == (form, "空", (), Funds())
