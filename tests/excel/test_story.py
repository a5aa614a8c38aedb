"""The clerk's year on the 2021 project, with buttons only: declare, roll forward, type, score, cross-check, save."""

from __future__ import annotations

from decimal import Decimal

import pytest

import xladdin

from .pressing import DECLARED, EVALUATED, cells_of


def typed(sheet, cell, value):
    """A value typed by the clerk; text goes in as text."""
    if isinstance(value, str):
        sheet.range(cell).number_format = "@"
    sheet.range(cell).value = value


def test_the_whole_year(desk):
    app = desk.app
    first = app.books.add()
    first.save(str(desk.folder / "我的 工作簿.xlsx"))

    def press(command_id):
        return "\n".join(desk.press(command_id))

    # autumn: a blank form, filled in by hand
    press("new_2021")
    declaration = app.books.active
    assert declaration.name != first.name
    sheet, at = declaration.sheets.active, cells_of(DECLARED)
    for field in ("project", "department", "unit", "category"):
        typed(sheet, at[field], getattr(DECLARED, field))
    for field in ("start", "end"):
        sheet.range(at[field]).value = getattr(DECLARED, field).isoformat()
    for name in ("total", "fiscal", "annual_total", "annual_fiscal"):
        sheet.range(at[f"funds.{name}"]).value = float(DECLARED.funds.annual_total)
    typed(sheet, at["annual_goal"], DECLARED.annual_goal)
    for number, row in enumerate(DECLARED.indicators):
        for field in ("level1", "level2", "name", "target"):
            typed(
                sheet,
                at[f"indicators[{number}].name"].replace("D", at[f"indicators[0].{field}"][0]),
                getattr(row, field),
            )
    sheet.range("A2").value = "（2021年度）"
    declaration.save()

    # spring: the self-evaluation, rolled forward
    press("evaluation")
    evaluation = app.books.active
    assert evaluation.name not in (first.name, declaration.name)
    blank = xladdin.read(evaluation.fullname)[0]
    assert [row.target for row in blank.indicators] == [row.target for row in DECLARED.indicators]
    sheet, at = evaluation.sheets[0], {field: place.cell for field, place in blank.source.cells.items()}
    for number in (0, 1):
        sheet.range(at[f"budget[{number}].budget"]).value = 991403
        sheet.range(at[f"budget[{number}].executed"]).value = 965043.97
    for number, row in enumerate(EVALUATED.indicators):
        typed(sheet, at[f"indicators[{number}].actual"], row.actual if number < 6 else "94%")
    typed(sheet, at["actual_result"], "健康行讲座办了90场。")

    # the scores are live
    first_row = blank.indicators[0]
    due = xladdin.score(first_row.target, "90", first_row.weight)
    assert Decimal(str(sheet.range(at["indicators[0].score"]).value)) == due < first_row.weight
    assert sheet.range(at["budget[0].score"]).value == pytest.approx(9.73)
    sheet.range(at["indicators[0].score"]).value = float(first_row.weight)  # and typed over
    assert "已改写" in press("rescore")
    assert Decimal(str(sheet.range(at["indicators[0].score"]).value)) == due

    # a lowered target is found, with both cells, and marked
    typed(sheet, at["indicators[0].target"], "=90")
    sheet.range(at["indicators[0].score"]).value = float(first_row.weight)
    said = press("reconcile")
    assert "错误" in said
    table = evaluation.sheets["核对结果"].used_range.value
    lowered = next(row for row in table if "X-09" in row)
    assert "=91场" in lowered and "=90" in lowered
    assert sheet.range(at["indicators[0].target"]).note is not None
    evaluation.activate()
    press("next")
    assert app.books.active.name == evaluation.name
    press("clear_marks")
    assert sheet.range(at["indicators[0].target"]).note is None

    # a backup can be had back beside it; what was typed is saved and reads back
    books = len(app.books)
    evaluation.activate()
    press("restore")
    assert len(app.books) == books + 1
    evaluation.save()
    saved = xladdin.read(evaluation.fullname)[0]
    assert saved.indicators[0].target == "=90"
    assert saved.actual_result == "健康行讲座办了90场。"
