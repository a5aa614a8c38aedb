"""Every shortcut of filling gives what the long way beside it gives."""

from __future__ import annotations

import datetime as dt
import random
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.bench.jobs import records
from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result, fill, forms
from xladdin.errors import Place, TemplateError, Unwritable
from xladdin.form.catalogue import form_named, profile_of
from xladdin.form.filling import context_of, fill_form, fill_telling, unplaced
from xladdin.form.formulas import score_formula
from xladdin.workbook import cells, expression, heights, markup, render, rows
from xladdin.workbook.expression import Fields, Live, compile_expression
from xladdin.workbook.grid import OWN_ROW, address
from xladdin.workbook.heights import Look
from xladdin.workbook.reading import read_grids
from xladdin.workbook.shift import RowMap

WORDS = {"年度": None, "项目名称": None, "开始": None, "资金": {"总额", "得分"}, "附加": ...}
CONTEXT = {
    "年度": 2021, "项目名称": "{{ 7*7 }}&<b>", "开始": dt.date(2021, 1, 2),
    "资金": Fields(总额=Decimal("1.10E+6"), 得分=Live(Decimal("9.50"), str)), "附加": Fields({"keys": "一", "items": None}),
}  # fmt: skip
EXPRESSIONS = [
    "{{ 项目名称 }}", "{{ 年度 }}年度", "名：{{ 项目名称 }}（{{ 年度 }}）", "{{ 资金.总额 }}元", "{{ 资金['总额'] }}", "{{ 附加.没有 }}",
    "{{ 附加.没有|缺省('—') }}", "{{ 资金.得分|缺省('—') }}", "{{ 资金.得分 }}分", "{{ 开始|年 }}", "自 {{ 开始|年 }} 年", "{{ 开始 }}起",
    "{{ 项目名称|勾选('甲', '乙') }}", "{{ 项目名称|缺省|勾选('甲') }}", "{{ 附加.keys }}", "附：{{ 附加.keys }}", "{{ 附加.items|缺省('无') }}",
    "{{ 项目名称|金额 }}", "{{ '甲' }}", "{{ '甲' }}乙", "{{ 项目名称 if 年度 else '无' }}", "{{ 年度 + 1 }}", "{{ 年度 ~ '年' }}", "甲{{ '' }}",
    "{{ 项目名称|缺省(年度) }}", "{{ 年度 }}{{ 项目名称 }}", "{{ 年度 }}\n{{ 项目名称 }}\n", "{{- 年度 -}} 年", "{{ 项目名称|数值 }}", "{{ 资金.总额|缺省(-1) }}",
]  # fmt: skip


def evaluated(text: str, context: dict) -> object:
    try:
        return compile_expression(text, WORDS, Place()).evaluate(context)
    except TemplateError as error:
        return str(error)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_without_jinja(text, monkeypatch):
    contexts = [CONTEXT, dict.fromkeys(CONTEXT) | {"资金": Fields(), "附加": Fields()}]
    quick = [evaluated(text, context) for context in contexts]
    monkeypatch.setattr(expression, "_plainly", lambda outputs: None)
    slow = [evaluated(text, context) for context in contexts]
    assert quick == slow
    assert [type(value) for value in quick] == [type(value) for value in slow]


def test_texts_that_need_no_escape(monkeypatch):
    def written(text: str) -> list[str]:
        found = []
        for write in (markup.text_xml, markup.attribute_xml, markup.formula_xml):
            try:
                found.append(write(text, Place()))
            except Unwritable as error:
                found.append(str(error))
        return found

    texts = [f"a{chr(at)}甲" for at in [*range(0x3100), *range(0xD700, 0x10100), 0x1F600, sys.maxunicode]]
    texts += ["a_x000A_b", "\u3000\xa0\n", "\n\x07"]
    quick = [written(text) for text in texts]
    monkeypatch.setattr(markup, "_is_plain", lambda text: False)
    assert quick == [written(text) for text in texts]


def test_texts_that_surely_fit():
    rng, fitting = random.Random(1), 0
    for _ in range(3000):
        look = Look(rng.choice([8, 9, 10.5, 12, 18]), True, rng.choice([0, 0, 2]))
        width, height = rng.choice([3, 8.43, 12, 20, 60]), rng.choice([5, 15, 20, 40, 90, 405])
        text = "".join(rng.choice("aW1 中é😀") for _ in range(rng.randrange(1, 60)))
        text = rng.choice([text, "😀" * len(text), "中" * len(text)])
        if len(text) <= heights.surely_held(height, width, look):
            fitting += heights.lines_of(text, width, look) > 1
            rows, tall = heights.rows_needed(text, width, look)
            assert rows == 1 and tall <= height
    assert fitting > 100


TARGETS = ["≥90%", "=91场", "=0次", "≤5天", "及时", "4月20日前", "", None, "x" * 300]


@pytest.mark.parametrize("target", TARGETS)
def test_a_score_formula_for_many_rows(target):
    rules, year = profile_of(records()[1]), 2021
    for row in (7, 1000):
        own = score_formula(target, f"D{row}&E{row}", f"F{row}", f"G{row}", rules, year)
        alike = score_formula(target, f"D{OWN_ROW}&E{OWN_ROW}", f"F{OWN_ROW}", f"G{OWN_ROW}", rules, year)
        assert cells.live(alike, None, row) == cells.live(own, None)


def test_score_formulas_of_a_form_are_of_their_rows():
    texts = [*filter(None, TARGETS), f"甲{OWN_ROW}乙<1>"]
    rows = tuple(Result("产出指标", "数量指标", "指标", text, "好", Decimal(1)) for text in texts)
    record = replace(records()[1], indicators=rows)
    form = form_named(record.form)
    spots, _ = form.template.sheets[0].spots
    columns = [spots["指标", name][1] for name in ("指标值", "实际完成值", "分值", "得分")]
    (grid,) = read_grids(fill(record))
    found = {row: text for (row, column), text in grid.cells.items() if column == columns[0] and text in texts}
    assert [*found.values()] == texts
    for row, text in found.items():
        own = [address(row, column) for column in columns[:3]]
        formula = score_formula(text, *own, profile_of(record, form=form), record.year)
        assert grid.formulas[row, columns[3]] == formula


def some_record(form, rng: random.Random):
    """A record of that form whose rows are many or few, alike or not, and whose texts may need several rows."""

    def text() -> str:
        return "做好帮扶工作，按时发放。" * rng.choice([0, 1, 1, 8, 300])

    labels = sorted(
        rng.choices([("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", None)], k=rng.randrange(30)),
        key=str,
    )
    common = {
        "form": form.name,
        "year": 2021,
        "project": "项目",
        "unit": text(),
        "money_unit": "元",
        "annual_goal": text(),
    }
    if form.kind == "declaration":
        rows = tuple(Indicator(one, two, "指标" + text()[:90], "=1场") for one, two in labels)
        return Declaration(**common, funds=Funds(annual_total=Decimal(5)), indicators=rows)
    rows = tuple(Result(one, two, "指标", "≥90%", "91%", Decimal(5), None, text()[:90]) for one, two in labels)
    line = BudgetLine("年度资金总额", Decimal(5), Decimal(5), Decimal(4), Decimal(10))
    return Evaluation(**common, budget=(line,), actual_result=text(), indicators=rows)


@pytest.mark.parametrize("name", [form.name for form in forms()])
def test_forms_that_grew_alike_share_their_layout(name, monkeypatch):
    rng = random.Random(name)
    form = form_named(name)
    made = [some_record(form, rng) for _ in range(12)]
    shared = [fill(record) for record in made * 2]
    for shortcut in ("_around", "_merges_xml", "_known_pieces", "_tall"):
        monkeypatch.setattr(render, shortcut, getattr(render, shortcut).__wrapped__)
    for shortcut in ("_known_text", "_known_formula", "_known_number"):
        monkeypatch.setattr(cells, shortcut, getattr(cells, shortcut).__wrapped__)
    monkeypatch.setattr(rows, "row_map", lambda spans: RowMap({row: [*counts] for row, counts in spans}))
    monkeypatch.setattr("xladdin.workbook.sheet.Sheet.is_easy", lambda *_: False)
    assert shared == [fill(record) for record in made] * 2


def test_what_has_no_place_is_told_with_the_form():
    for record in records():
        form = form_named("2021申报表" if record.kind == "declaration" else "2021自评表")
        rules = profile_of(record, form=form)
        assert fill_telling(record, form, rules) == (fill_form(record, form, rules), unplaced(record, form, rules))
        assert context_of(record, form, rules)
