"""重算得分 on a live evaluation: formulas where figures were typed, and nothing else touched."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.domain.scoring import scored
from xladdin.errors import NotAForm, SaveError, XladdinError
from xladdin.excel import live, snapshots
from xladdin.excel.actions import rewriting
from xladdin.excel.actions.scoring import rescore
from xladdin.form.catalogue import profile_of
from xladdin.form.filling import fill

pytest_plugins = ("tests.calc.fixtures",)

PRINTED = next(record for record in example() if record.kind == "evaluation")
# the same with actuals a figure can be read from
PLAIN = replace(PRINTED, indicators=tuple(
    replace(row, actual="95%" if row.actual == ">=0.9" else row.actual) for row in PRINTED.indicators
))  # fmt: skip


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Backups of the test in a folder of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "状态"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "状态"))


@pytest.fixture
def opened(app, tmp_path):
    """A record in its form, opened; asked questions are answered with 确定 and kept."""
    books = []

    def make(record, name="计生 =自评表'1.xlsx", change=None, **options):
        path = tmp_path / name
        path.write_bytes(fill(record))
        book = app.books.open(path, **options)
        books.append(book)
        if change:
            change(book.sheets.active)
        return book

    app.impl.alerts.clear()
    yield make
    app.impl.answer = None
    for book in books:
        book.close()


def contents(book) -> list:
    """Everything that stands in the sheets."""
    return [(sheet.name, sheet.used_range.address, sheet.used_range.formula) for sheet in book.sheets]


def spots(record=PRINTED) -> dict[str, str]:
    """Field → cell, alike for every record of these."""
    return {field: place.cell for field, place in xladdin.read(fill(record))[0].source.cells.items()}


def figures(record) -> dict:
    """Rates, scores and total by field; 待核 is None."""
    found = {f"indicators[{n}].score": row.score for n, row in enumerate(record.indicators)}
    line = record.budget[0]
    return found | {"budget[0].rate": line.rate, "budget[0].score": line.score, "total_score": record.total_score}


def shown(book) -> dict:
    """The same as the live sheet shows them."""
    sheet, cells = book.sheets.active, spots()
    values = {field: sheet[cells[field]].value for field in figures(PRINTED)}
    return {field: None if value in (None, "待核") else Decimal(str(value)) for field, value in values.items()}


def expected(record):
    """As xladdin.score and its kin compute it, whatever was typed."""
    budget = tuple(replace(line, rate=None, score=None) for line in record.budget)
    rows = tuple(replace(row, score=None) for row in record.indicators)
    blank = replace(record, budget=budget, indicators=rows, total_score=None)
    return scored(blank, profile_of(record))


def test_a_note_says_why_a_score_is_open_until_it_is_settled(app, opened):
    book = opened(PRINTED)
    sheet, cells = book.sheets.active, spots()
    row = next(n for n, row in enumerate(PRINTED.indicators) if row.actual == ">=0.9")
    score, other = sheet[cells[f"indicators[{row}].score"]], sheet[cells["indicators[0].score"]]
    other.add_note("经办人的批注")
    rescore(book)
    assert score.value == "待核"
    assert (
        score.note.text.startswith("【待核】完成值“>=0.9”是照抄指标值的符号") and "请填实际完成的数" in score.note.text
    )
    sheet[cells[f"indicators[{row}].actual"]].value = "95%"
    assert "没有改动" in rescore(book)
    assert score.note is None and other.note.text == "经办人的批注"


def asked(app) -> str:
    return app.impl.alerts[0].prompt


def test_typed_figures_become_formulas_and_agree_with_score(app, opened):
    book = opened(PLAIN)
    sheet, cells = book.sheets.active, spots()
    late = cells["indicators[3].score"]
    rate, total = cells["budget[0].rate"], cells["total_score"]
    assert (sheet[late].value, sheet[total].value, round(sheet[rate].value, 4)) == (9.7, 99.43, 0.9735)
    untouched = {field: sheet[cell].formula for field, cell in cells.items()
                 if not field.endswith(("rate", "score"))}  # fmt: skip
    message = rescore(book)

    record = live.records_of(book)[0]
    assert figures(record) == figures(expected(PLAIN))
    assert record.total_score == Decimal("99.73")
    assert all(sheet[cells[f"indicators[{n}].score"]].formula.startswith("=IF(OR(") for n in range(8))
    assert {field: sheet[cells[field]].formula for field in untouched} == untouched
    assert shown(book) == figures(record)
    assert sheet[rate].number_format == "0.00%"
    for said in (f"{late} 得分 9.7 → 10", f"{rate} 执行率 97.35% → 97.34%", f"{total} 总分 99.43 → 99.73"):
        assert said in asked(app)
    assert f"{cells['budget[0].score']} " not in asked(app), "9.73 stays 9.73"
    assert "将改写 11 格" in asked(app) and "8 格的数不变" in asked(app)
    assert "已改写 11 格" in message and "总分：99.73（原来 99.43）" in message
    assert len(snapshots.kept(book)) == 1

    sheet[cells["indicators[0].actual"]].value = 45
    assert sheet[total].value == 89.73, "the total is live"
    app.impl.alerts.clear()
    assert "没有改动" in rescore(book) and not app.impl.alerts
    assert len(snapshots.kept(book)) == 1


def test_what_cannot_be_judged_is_said_before_and_after(app, opened):
    book = opened(PRINTED)
    cells = spots()
    message = rescore(book)
    assert f"{cells['indicators[6].score']} 得分 5 → 待核" in asked(app)
    assert "可先取消" in asked(app)
    assert "总分：待核" in message
    assert shown(book) == figures(expected(PRINTED))


def test_cancelled_nothing_changes(app, opened):
    book = opened(PRINTED)
    before = contents(book)
    app.impl.answer = "cancel"
    assert rescore(book) == "没有改动。"
    assert contents(book) == before
    assert snapshots.kept(book) == []


def test_form_filled_here_needs_nothing(app, opened):
    blank = replace(expected(PLAIN), total_score=None, budget=tuple(
        replace(line, rate=None, score=None) for line in PLAIN.budget
    ), indicators=tuple(replace(row, score=None) for row in PLAIN.indicators))  # fmt: skip
    book = opened(blank)
    before = contents(book)
    assert "都已是公式，没有改动" in rescore(book)
    assert not app.impl.alerts and contents(book) == before


def test_foreign_formulas_texts_and_inserted_rows(app, opened):
    def change(sheet):
        cells = spots()
        target, actual, weight, score = (
            cells[f"indicators[0].{name}"] for name in ("target", "actual", "weight", "score")
        )
        sheet[score].formula = f"={weight}*1"
        sheet[target].number_format, sheet[target].value = "0%", "=100%"
        sheet[actual].number_format, sheet[actual].value = "0.0%", 0.985
        sheet[cells["indicators[1].target"]].value = " =3000份 "
        sheet[cells["indicators[2].score"]].number_format = "@"
        sheet[cells["indicators[2].score"]].value = "8"
        sheet[cells["indicators[4].score"]].value = None
        rate = sheet[cells["budget[0].rate"]]
        rate.number_format, rate.value = "General", 97.35
        sheet[cells["total_score"]].formula = f"=SUM({score}:{cells['indicators[7].score']})"

    book = opened(PLAIN, change=change)
    record = live.records_of(book)[0]
    assert (record.indicators[0].target, record.indicators[0].actual) == ("=100%", "98.5%")
    message = rescore(book)
    after = live.records_of(book)[0]
    assert figures(after) == figures(expected(record))
    assert after.indicators[0].score == Decimal("19.7") and after.indicators[2].score == 10
    assert "没有动：" not in message


def test_edited_target_is_scored_anew(app, opened):
    blank = replace(PLAIN, total_score=None, indicators=tuple(replace(row, score=None) for row in PLAIN.indicators))
    book = opened(blank)
    sheet, cells = book.sheets.active, spots()
    sheet[cells["indicators[0].target"]].value = "100场"
    assert sheet[cells["indicators[0].score"]].value == "待核"
    rescore(book)
    assert sheet[cells["indicators[0].score"]].value == 18


def test_cell_whose_formula_gives_another_figure_is_put_back(app, opened):
    def change(sheet):
        cells = spots()
        sheet[cells["budget[0].executed"]].value = 44444
        sheet[cells["budget[0].executed"]].number_format = "yyyy-mm-dd"  # no formula sees that it is a day

    book = opened(PLAIN, change=change)
    sheet, cells = book.sheets.active, spots()
    rate = cells["budget[0].rate"]
    message = rescore(book)
    assert f"{rate} 的公式算不出" in message
    assert sheet[rate].formula == "0.9735" and sheet[cells["budget[0].score"]].formula == "9.73"
    assert sheet[cells["indicators[3].score"]].value == 10


ROWS = [
    ["项目支出绩效自评表"],
    ["（2023年度）"],
    ["项目名称", "试点"],
    ["实施单位", "某协会"],
    ["项目资金（万元）", None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    [None, "年度资金总额", 100, 100, 87.655, 10, 87.7, 9],
    ["一级指标", "二级指标", "三级指标", "指标值", None, "实际完成值", "分值", "得分"],
    ["产出指标", "数量指标", "场次", "≥", 90, 80, 40, 33],
    ["产出指标", "质量指标", "合格率", "≥95%", None, 0.93, 20, 15],
    ["效益指标", "社会效益指标", "人次", "≥100人", None, "90人", 15, 7],
    ["效益指标", "社会效益指标", "知晓率", "≥80%", None, "80%", 15, None],
    ["总分", None, None, None, None, None, 100, 64],
]


def test_form_nobody_knows_with_merges_and_a_target_over_two_cells(app, book):
    sheet = book.sheets.active
    sheet["A1"].value = [row + [None] * (8 - len(row)) for row in ROWS]
    sheet["F9"].number_format = "0%"
    for area in ("D7:E7", "D9:E9", "D10:E10", "D11:E11", "H9:I9", "H10:H11"):
        sheet[area].merge()
    before = contents(book)
    message = rescore(book)
    assert [cell.value for cell in sheet["H8:H12"]] == [33, 19.58, 7, None, 68.35]
    assert (sheet["G6"].value, sheet["G6"].number_format, sheet["H6"].value) == (0.8766, "0.00%", 8.77)
    assert "SUM(H8:H10,H6)" in sheet["H12"].formula and "待核" in sheet["H12"].formula
    assert "H8 所在行的指标值或实际完成值分写在几格里" in message and "H10 是几条指标合用的" in message
    assert "已改写 4 格：G6、H6、H9、H12" in message and "总分：68.35（原来 64）" in message
    (copy,) = snapshots.kept(book)
    kept = app.books.open(copy)
    assert contents(kept) == before
    kept.close()


def test_protected_sheet_and_read_only_book_are_left(app, opened):
    book = opened(PRINTED)
    sheet = book.sheets.active
    before = contents(book)
    sheet.api.Protect("密")
    with pytest.raises(XladdinError, match="工作表受保护.*撤销工作表保护"):
        rescore(book)
    sheet.api.Unprotect("密")
    assert contents(book) == before and not app.impl.alerts and not snapshots.kept(book)
    locked = opened(PRINTED, "只读.xlsx", read_only=True)
    with pytest.raises(XladdinError, match="只读.*另存一份"):
        rescore(locked)
    assert contents(locked) == before and not app.impl.alerts


def test_wrong_sheets_are_told_apart(app, book, opened):
    with pytest.raises(NotAForm, match="没有读到自评表.*请打开绩效自评表"):
        rescore(book)
    evaluation = opened(PRINTED)
    form = evaluation.sheets.active.name
    evaluation.sheets.add("备注")
    with pytest.raises(NotAForm, match=f"请点到“{form}”"):
        rescore(evaluation)


def test_failing_backup_or_write_leaves_everything(app, opened, monkeypatch):
    book = opened(PRINTED)
    before = contents(book)
    disk = hashlib.sha256(Path(book.fullname).read_bytes()).digest()
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "_copy", lambda *_: (_ for _ in ()).throw(OSError("满")))
        with pytest.raises(SaveError, match="备份存不下来，没有做任何改动"):
            rescore(book)
    assert contents(book) == before
    genuine, written = rewriting.Writer._write, []

    def refused(self, change, held):
        genuine(self, change, held)
        written.append(change)
        if len(written) == 5:
            raise RuntimeError("Excel says no")

    monkeypatch.setattr(rewriting.Writer, "_write", refused)
    with pytest.raises(RuntimeError):
        rescore(book)
    assert contents(book) == before
    assert hashlib.sha256(Path(book.fullname).read_bytes()).digest() == disk


# ---- what the clerk typed or wrote himself


def score_cell(number: int) -> str:
    return spots()[f"indicators[{number}].score"]


TYPED = [  # texts in cells that are not formatted as text: typed again, each would become something else
    ["007", "1-2", "3/4", "=10", "=91*2", "+5", "-", "1e3"],
    ["12%", "TRUE", "9.5", "待核", "'引号", "#N/A", "2026年9月5日", " 5 "],
]


def write_text(cell, text: str) -> None:
    """As an apostrophe before it does, or a file: a text, and the cell's format as it was."""
    cell.impl.uno.getCellByPosition(0, 0).setString(text)
    cell.number_format = "General"
    assert (cell.value, cell.number_format) == (text, "General")


@pytest.mark.parametrize("texts", TYPED)
def test_text_that_looks_like_something_else_is_put_back_as_text(app, opened, monkeypatch, texts):
    book = opened(PLAIN)
    sheet = book.sheets.active
    for number, text in enumerate(texts):
        write_text(sheet[score_cell(number)], text)
    monkeypatch.setattr(rewriting, "values_of", lambda *_: (_ for _ in ()).throw(RuntimeError("Excel says no")))
    with pytest.raises(RuntimeError):
        rescore(book)
    assert [sheet[score_cell(number)].value for number in range(8)] == texts
    assert {sheet[score_cell(number)].number_format for number in range(8)} == {"General"}
    formulas = live.grid_of(sheet).formulas
    assert [n for n in range(8) if (sheet[score_cell(n)].row, sheet[score_cell(n)].column) in formulas] == []


@pytest.mark.parametrize(
    ("number_format", "value"),
    [
        ("yyyy/m/d", dt.datetime(2026, 9, 5)),
        ("0.00%", 0.95),
        ("@", "007"),
        ("@", "=10"),
        ("0.0", 9.25),
        ("General", True),
    ],
)
def test_cell_is_put_back_with_its_format(app, opened, monkeypatch, number_format, value):
    book = opened(PLAIN)
    cell = book.sheets.active[score_cell(0)]
    cell.number_format = number_format
    cell.value = value
    shown = cell.number_format  # a truth value has one of its own in LibreOffice
    monkeypatch.setattr(rewriting, "values_of", lambda *_: (_ for _ in ()).throw(RuntimeError("Excel says no")))
    with pytest.raises(RuntimeError):
        rescore(book)
    assert (cell.value, cell.number_format) == (value, shown)


FOREIGN = [  # formulas of the clerk's own, by field, and how each is told
    ({}, None),
    ({"indicators[0].score": "=ROUND({weight}*90/91,2)"}, ["{score} =ROUND({weight}*90/91,2)"]),
    (
        {"indicators[0].score": "={weight}*1", "total_score": "=SUM({score}:{last})+0.5"},
        ["{score} ={weight}*1", "{total} =SUM({score}:{last})+0.5"],
    ),
    ({"total_score": "=SUM({score}:{last})+0.5+0*SUM({score}:{last})+0*SUM({score}:{last})"}, ["…"]),
]


@pytest.mark.parametrize(("formulas", "told"), FOREIGN, ids=["none", "score", "two", "long"])
@pytest.mark.parametrize("answer", ["ok", "cancel"])
def test_formulas_of_the_clerk_are_named_before_they_go(app, opened, formulas, told, answer):
    cells = spots()
    names = {name: cells[f"indicators[0].{name}"] for name in ("weight", "score")}
    names |= {"last": cells["indicators[7].score"], "total": cells["total_score"]}

    def change(sheet):
        for field, formula in formulas.items():
            sheet[cells[field]].formula = formula.format(**names)

    book = opened(PLAIN, change=change)
    before = contents(book)
    app.impl.answer = answer
    rescore(book)
    if told is None:
        assert "别的公式" not in asked(app)
    else:
        assert f"其中 {len(formulas)} 格原来是别的公式，会被替换：" in asked(app)
        assert [text for text in told if f"{text.format(**names)}\n" not in asked(app)] == []
    assert all(len(line) <= 60 for line in asked(app).splitlines())
    assert asked(app).endswith("要改写吗？")
    assert (contents(book) == before) == (answer == "cancel")


def test_many_formulas_still_end_with_the_question(app, opened):
    def change(sheet):
        for number in range(8):
            sheet[score_cell(number)].formula = f"=ROUND({spots()[f'indicators[{number}].weight']}*(0.1+0.2+0.3+0.4),2)"

    rescore(opened(PLAIN, change=change))
    assert "其中 8 格原来是别的公式" in asked(app) and "　……等共 8 格" in asked(app)
    assert asked(app).endswith("改前会留备份。要改写吗？")


DATED = [  # the field, the format a slip has left in its cell, the one afterwards
    ("indicators[0].score", 'm"月"d"日"', "General"),
    ("budget[0].score", "yyyy/m/d;@", "General"),
    ("budget[0].rate", "h:mm", "0.00%"),
    ("total_score", '[$-804]yyyy"年"m"月"', "General"),
]


@pytest.mark.parametrize(("field", "number_format", "afterwards"), DATED, ids=[row[0] for row in DATED])
@pytest.mark.parametrize("value", [None, dt.datetime(2026, 9, 5)], ids=["as it was", "date"])
def test_date_format_left_by_a_slip_is_no_reason_to_refuse(app, opened, field, number_format, afterwards, value):
    cell, column = spots()[field], {"score": "得分", "rate": "执行率"}.get(field.rpartition(".")[2], "总分")

    def change(sheet):
        sheet[cell].number_format = number_format
        sheet[cell].value = value or sheet[cell].value

    book = opened(PLAIN, change=change)
    message = rescore(book)
    assert "已改写 11 格" in message and "格没有动" not in message and "总分：99.73" in message
    assert figures(live.records_of(book)[0]) == figures(expected(PLAIN))
    assert book.sheets.active[cell].number_format == afterwards
    assert (f"{cell} {column} 2026-09-05 → " in asked(app)) == bool(value)


def test_format_that_excel_takes_over_from_other_cells_is_not_kept(app, opened, monkeypatch):
    """Excel gives a formula in a General cell the format of what it refers to: 20 would be shown as 2000.00%."""
    book = opened(PLAIN)
    sheet, cells = book.sheets.active, [score_cell(number) for number in range(8)]
    engine = type(sheet["A1"].impl)
    genuine, before = engine.formula, [sheet[cell].number_format for cell in cells]

    def put(self, value):
        genuine.fset(self, value)
        if str(value).startswith("=") and self.number_format == "General":
            self.number_format = "0.00%"

    with monkeypatch.context() as patch:
        patch.setattr(engine, "formula", property(genuine.fget, put))
        assert "已改写 11 格" in rescore(book)
    assert [sheet[cell].number_format for cell in cells] == before


def test_rows_that_a_filter_hides_are_written_too(app, opened):
    """Every formula goes into its cell alone: of a block Excel leaves out what a filter hides (xlwings #679)."""
    book = opened(PLAIN)
    sheet = book.sheets.active
    hidden = [sheet[score_cell(number)].row - 1 for number in (0, 3)]
    for row in hidden:
        sheet.impl.uno.Rows.getByIndex(row).IsVisible = False
    sizes = []
    engine = type(sheet["A1"].impl)
    with pytest.MonkeyPatch.context() as patch:
        genuine = engine.formula

        def put(self, value):
            sizes.append(len(self))
            genuine.fset(self, value)

        patch.setattr(engine, "formula", property(genuine.fget, put))
        assert "已改写 11 格" in rescore(book)
    assert set(sizes) == {1} and len(sizes) == 11


def test_cell_that_took_no_formula_is_told(app, opened, monkeypatch):
    book = opened(PLAIN)
    engine, late = type(book.sheets.active["A1"].impl), score_cell(3)
    genuine, before = engine.formula, book.sheets.active[late].formula

    def put(self, value):
        if not (self.address == book.sheets.active[late].address and str(value).startswith("=")):
            genuine.fset(self, value)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "formula", property(genuine.fget, put))
        message = rescore(book)
    assert "已改写 10 格" in message and f"1 格没有动：{late} 写不进公式，请看工作表是否在筛选" in message
    assert book.sheets.active[late].formula == before
