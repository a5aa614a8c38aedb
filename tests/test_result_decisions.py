"""核对结果 in Excel, decided without Excel: what is written where, and what of the clerk's has a place in the next one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from xladdin.excel import result_values as values
from xladdin.excel.result_values import AT, FIRST_TARGET, HEADER, LAST, MADE, Target
from xladdin.report.columns import FIELDS, FOR_THE_PROGRAM, WIDTHS
from xladdin.report.rows import GONE, NEW, STILL, UNSEEN, report_of
from xladdin.review.cases import Review
from xladdin.rules.finding import INFO, WARNING
from xladdin.sheets.looks import GONE_INK, INK, PAPER, WRITABLE_PAPER

from .report_cases import PAIR, case, finding, laid_out, review, spots

HOME, OTHER = "自评.xlsx", "申报.xlsx"
FILES = Path(OTHER), Path(HOME)


def told(cell, other="G7", level="error", subject="", **more):
    """A finding of both forms: in the declaration's cell `other`, the evaluation's `cell`."""
    places = {"declared": spots(None, "2021申报表", other), "evaluated": spots(None, "2021自评表", cell)}
    said = {"expected": "1,154,000", "actual": "=91场", "basis": "财预〔2020〕10号", "advice": "请核对"}
    return finding(PAIR, level, subject or cell, **(places | said | more))


THREE = told("D7"), told("E13", "G13", WARNING, expected=None), told("H16", "G16", INFO)


@pytest.fixture
def three():
    return report_of(review(*THREE, files=FILES))


def hidden(report):
    """The hidden columns of 核对结果, from row 1 on."""
    return [[None, None]] * HEADER + values.targets(report, HOME)


# ---- what the clerk has left


def an_own_row(cells):
    cells[40, AT["note"]] = "经办人自己加的一行"


def an_own_column(cells):
    cells[7, MADE + 4] = "张三"


def a_doubled_row(cells):
    cells |= {(60, column): text for (row, column), text in cells.items() if row == HEADER + 1}


def a_text_above(cells):
    cells[1, 11] = "局长：周五前报"


def another_title(cells):
    cells[1, 1] = "核对结果（张三核）"


def a_heading_of_their_own(cells):
    cells[HEADER, MADE + 4] = "经办人"


def another_advice(cells):
    cells[7, AT["advice"]] += "——已电话核实"


def a_figure_of_ours_emptied(cells):
    del cells[6, AT["basis"]]


def of_an_earlier_version(cells):
    cells[HEADER, MADE] = cells[HEADER, MADE].split()[0]


def nothing(cells):
    pass


def rows_sorted(cells):
    above, below = ({c: cells.pop((row, c)) for row_, c in list(cells) if row_ == row} for row in (6, 7))
    cells |= {(7, column): text for column, text in above.items()} | {(6, c): text for c, text in below.items()}


def a_row_deleted(cells):
    for spot in [spot for spot in cells if spot[0] == 7]:
        del cells[spot]


def filled_in(cells):
    cells[7, AT["handled"]], cells[7, AT["note"]] = "属实", "见附件"


def marks_cleared(cells):
    cells[6, FIRST_TARGET] = str(replace(values.target_of(cells[6, FIRST_TARGET]), fill="无"))


ADDED = [
    an_own_row, an_own_column, a_doubled_row, a_text_above, another_title, a_heading_of_their_own, another_advice,
    a_figure_of_ours_emptied, of_an_earlier_version,
]  # fmt: skip
NOT_ADDED = [nothing, rows_sorted, a_row_deleted, filled_in, marks_cleared]


@pytest.mark.parametrize("change", [*ADDED, *NOT_ADDED], ids=lambda change: change.__name__)
def test_what_the_clerk_adds_is_told_from_what_they_sort_delete_and_fill_in(three, change):
    grid = laid_out(three, HOME)
    grid.cells[6, AT["handled"]] = "待查"
    change(grid.cells)
    left = values.left_in(grid)
    assert left.added == (change in ADDED)
    assert left.rows[three.rows[0].key].handled == "待查"
    assert (left.texts[0][0], len(left.texts)) == (str(grid.cells[1, 1]), max(row for row, _ in grid.cells))


def test_nothing_is_added_where_nothing_was_found():
    assert not values.left_in(laid_out(report_of(Review(())), HOME)).added


@pytest.mark.parametrize("field", ["key", "handled", "level"])
def test_a_sheet_without_our_headings_is_none_of_ours(three, field):
    grid = laid_out(three, HOME)
    grid.cells[HEADER, AT[field]] = "改过的标题"
    assert values.left_in(grid) is None


def test_what_was_left_goes_on_in_the_next_one(three):
    grid = laid_out(three, HOME)
    filled_in(grid.cells)
    again = report_of(review(THREE[1], told("F14"), files=FILES), values.left_in(grid).rows)
    rows = [(row.shown["check"].rpartition("：")[2], row.status, row.handled, row.note) for row in again.rows]
    assert rows == [
        ("F14", NEW, "", ""), ("E13", STILL, "属实", "见附件"), ("D7", GONE, "", ""), ("H16", GONE, "", ""),
    ]  # fmt: skip


SHEETS = [([], "核对结果 旧"), (["核对结果 旧"], "核对结果 旧2"), (["核对结果 旧", "核对结果 旧2"], "核对结果 旧3")]


@pytest.mark.parametrize(("taken", "name"), SHEETS)
def test_a_sheet_set_aside_gets_a_name_of_its_own(taken, name):
    assert values.aside({"核对结果", *taken}) == name


OURS, THEIRS = values.rgb(WRITABLE_PAPER), (0, 255, 0)
PAPERS = [  # of what we wrote and of what the clerk fills in, row by row; whether they have coloured one
    ([(None, OURS)], False),
    ([(None, None)], False),  # of an earlier version
    ([], False),
    ([(None, OURS), (THEIRS, OURS)], True),
    ([(None, THEIRS)], True),
    ([(OURS, OURS)], True),
]


@pytest.mark.parametrize(("papers", "coloured"), PAPERS)
def test_a_coloured_row_is_the_clerks(papers, coloured):
    assert values.is_coloured(papers) == coloured


# ---- the cells it speaks of

CELLS = [
    Target("", "2021自评表", "D7"),
    Target("申报.xlsx", "收支 表'1", "G7", "主题5 0.8 #ffeeaa"),
    Target("", "表", "A1", "无"),
]


@pytest.mark.parametrize("target", CELLS)
def test_a_cell_is_read_back_as_it_was_written(target):
    assert values.target_of(str(target)) == target
    assert not str(target).startswith(("'", "=")), "a cell would not keep it"


@pytest.mark.parametrize("text", [None, "", 5.0, "说明", "表*/簿"])
def test_other_texts_are_no_cell(text):
    assert values.target_of(text) is None


def test_findings_stand_in_the_order_of_their_rows(three):
    standing = values.standing_in(hidden(three))
    assert [(row, *(target.names(HOME) for target in targets)) for row, targets in standing] == [
        (6, (OTHER, "2021申报表", "G7"), (HOME, "2021自评表", "D7")),
        (7, (OTHER, "2021申报表", "G13"), (HOME, "2021自评表", "E13")),
        (8, (OTHER, "2021申报表", "G16"), (HOME, "2021自评表", "H16")),
    ]
    assert values.books_in(hidden(three), HOME) == {HOME, OTHER}
    assert values.standing_in(hidden(report_of(Review(())))) == []


def test_a_finding_without_a_cell_is_none_to_go_to():
    report = report_of(review(finding("Z-01"), told("D7"), files=FILES))
    rows = {row.code: number for number, row in enumerate(report.rows, HEADER + 1)}
    assert [row for row, _ in values.standing_in(hidden(report))] == [rows[PAIR]]


def test_only_the_cells_marked_are_remembered(three):
    texts = hidden(three)
    fills = {(HOME, "2021自评表", "D7"): "#01c803", (OTHER, "2021申报表", "G13"): "无", (HOME, "别的", "A1"): "无"}
    changed = values.remembered(texts, HOME, fills)
    assert sorted(changed) == [(6, FIRST_TARGET + 1), (7, FIRST_TARGET)]
    for (row, column), text in changed.items():
        texts[row - 1][column - FIRST_TARGET] = text
    assert values.fills_in(texts, HOME) == {names: fill for names, fill in fills.items() if names[1] != "别的"}
    assert values.remembered(texts, HOME, fills) == {}, "nothing more changes"
    assert sorted(values.remembered(texts, HOME, {})) == sorted(changed), "and all are forgotten"


MADE_AT = [(["", None, "2021-05-06T07:08:09 ab12 cd34", "x"], "2021-05-06T07:08:09"), (["标识", "5", None], "")]


@pytest.mark.parametrize(("texts", "made"), MADE_AT)
def test_when_a_button_made_it(texts, made):
    assert values.made_in(texts) == made


# ---- links

ADDRESSES = [  # of the other workbook; whether a link leads there
    ("/家/申报.xlsx", True),
    (r"C:\绩效 表\申报.xlsx", True),
    ("https://contoso.sharepoint.cn/teams/a b/申报.xlsx", True),
    ("申报.xlsx", False),  # never saved
    ("/家/申报#1.xlsx", False),
    ("/家/100%/申报.xlsx", False),
    ("", False),
]


@pytest.mark.parametrize(("file", "linked"), ADDRESSES)
def test_links_lead_to_cells_there_are(three, file, linked):
    found = {jump.at: jump for jump in values.jumps(three, HOME, {OTHER: file, HOME: "/家/自评#2.xlsx"})}
    assert ("F6" in found) == linked
    if linked:
        assert (found["F6"].file, found["F6"].inside) == (file, "'2021申报表'!G7")
        assert found["F6"].tip == "转到“申报.xlsx”的“2021申报表”G7"
    own = found["H6"]
    assert (own.file, own.inside, own.tip) == ("", "'2021自评表'!D7", "转到“2021自评表”D7"), (
        "the same workbook has no file"
    )
    assert values.targets(three, HOME)[0][0] == "2021申报表*/申报.xlsx*/G7", "下一处 goes there all the same"


def test_a_blank_value_is_clicked_where_its_position_stands(three):
    at = {jump.at: jump.inside for jump in values.jumps(three, HOME, {OTHER: "/家/申报.xlsx"})}
    assert at["G7"] == "'2021申报表'!G13" and "F7" not in at and at["H7"] == "'2021自评表'!E13"
    row = dict(zip(FIELDS, values.table(three)[1], strict=True))
    assert (row["expected"], row["expected_at"]) == ("", "2021申报表!G13")


def test_tips_are_short_enough_for_excel():
    name = "长" * 240 + ".xlsx"
    report = report_of(review(*THREE, files=(Path(name), Path(HOME))))
    tips = [jump.tip for jump in values.jumps(report, HOME, {name: f"/家/{name}"})]
    assert len(tips) == 6 and max(map(len, tips)) < 255


# ---- texts


def test_rows_hold_texts_and_numbers_to_sort_by(three):
    rows = [dict(zip(FIELDS, row, strict=True)) for row in values.table(three)]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert [row["level"] for row in rows] == ["错误", "警告", "提示"]
    assert (rows[0]["expected"], rows[0]["actual"]) == ("1,154,000", "=91场")
    assert all(isinstance(text, str) for row in rows for field, text in row.items() if field != "number")


def test_the_head_tells_what_was_found_and_in_what(three):
    title, verdict, counts, (sources, *_) = values.head(three, {FILES[1]})
    assert (title[0], verdict[0]) == ("核对结果", three.review.verdict)
    assert [text.partition(" · ")[0] for text in counts if text] == [
        "错误 1 处",
        "警告 1 处",
        "无法判定 0 处",
        "提示 1 处",
    ]
    said = sources.split("　")[1:]
    assert [(text[:2], text.endswith("（有未保存的改动）")) for text in said] == [("申报", False), ("自评", True)]


# ---- looks


def looks(report, address):
    """How the cells of an address, or of several areas of which it is one, are to look; later over earlier."""
    found = {}
    for paint in values.paints(report):
        if address in paint.address.split(","):
            names = ("paper", "ink", "bold", "size", "align")
            found |= {name: value for name in names if (value := getattr(paint, name)) is not None}
    return found


def test_levels_have_their_colours(three):
    for address, level in {"B6:B6": "error", "B7:B7": WARNING, "B8:B8": INFO, "A3:F3": "error"}.items():
        assert looks(three, address) == {"paper": PAPER[level], "ink": INK[level], "bold": True}
    assert looks(three, "M6:N8") == {"paper": WRITABLE_PAPER}
    assert looks(three, "A5:O5") == {"paper": "#44546A", "ink": "#FFFFFF", "bold": True, "align": "center"}
    assert looks(three, "A2") == {"ink": INK["error"], "bold": True, "size": 12}
    assert looks(report_of(Review(())), "A2")["ink"] != INK["error"]


def test_what_is_gone_steps_back_and_what_is_new_stands_out(three):
    rows = {row.key: row for row in three.rows}
    again = report_of(Review((*review(told("E13", level=WARNING), told("F14"), files=FILES).cases,)), rows)
    assert [row.status for row in again.rows] == [NEW, STILL, GONE, GONE]
    assert looks(again, "A8:O9") == {"ink": GONE_INK}
    assert looks(again, "C6:C6") == {"bold": True} and looks(again, "C7:C7") == {}
    assert looks(again, "B8:B8") == {} and looks(again, "B6:B6")["paper"] == PAPER["error"]
    elsewhere = report_of(review(told("D7"), project="别的", files=(Path("丙.xlsx"), Path("丁.xlsx"))), rows)
    assert [row.status for row in elsewhere.rows] == [NEW, UNSEEN, UNSEEN, UNSEEN]
    assert looks(elsewhere, "A7:O9") == {"ink": GONE_INK}


def test_columns_that_say_nothing_are_hidden_and_give_their_room(three):
    rerun = report_of(three.review, {})
    several = report_of(Review(tuple(case(told("D7"), project=name, files=FILES) for name in "甲乙")))
    both = {field: width for field, width in WIDTHS.items() if field not in FOR_THE_PROGRAM}
    both |= {"number": 7, "handled": 11}
    for report, missing in ((three, {"project", "status"}), (rerun, {"project"}), (several, {"status"})):
        shown = values.widths(report)
        missing = missing | {"difference"}
        assert shown.keys() == both.keys() - missing
        assert sum(shown.values()) == pytest.approx(sum(both.values()))
        hidden = values.columns_by_width(report)[0]
        assert hidden == sorted([*(AT[field] for field in missing), *range(AT["code"], MADE + 1)])
        (wrapped,) = values.wrapped(report)
        first = "A5:B" if "status" in missing else "A5:C"
        assert wrapped.startswith(first) and "Q" not in wrapped, "a hidden column would make its rows tall"


def test_every_column_and_row_gets_one_size(three):
    columns = Counter(column for found in values.columns_by_width(three).values() for column in found)
    assert columns == Counter(range(1, MADE + 1))
    assert Counter(row for rows in values.rows_by_height(three).values() for row in rows) == Counter(range(1, 9))


def test_rows_are_as_tall_as_their_texts():
    texts = "短", "长" * 60, "长" * 2000
    report = report_of(review(*(told("D7", subject=str(n), message=text) for n, text in enumerate(texts)), files=FILES))
    height = {row: height for height, rows in values.rows_by_height(report).items() for row in rows}
    assert height[6] < height[7] < height[8] <= 409
    hidden = report_of(review(told("D7", message="短"), project="长" * 900, files=FILES))
    assert max(values.rows_by_height(hidden)) < 60, "what is hidden needs no room"


def test_addresses_of_several_areas_are_short_enough():
    assert values.runs([6, 7, 8, 10, 12, 13]) == [[6, 8], [10, 10], [12, 13]]
    addresses = [f"{row}:{row}" for row in range(10, 400, 2)]
    joined = list(values.areas(addresses))
    assert ",".join(joined).split(",") == addresses
    assert len(joined) > 1 and max(map(len, joined)) <= 250
    mixed = [told(f"D{row}", level=("error", WARNING)[row % 2], subject=str(row)) for row in range(300)]
    before = {row.key: replace(row, level=INFO) for row in report_of(review(*mixed[::2], files=FILES)).rows}
    report = report_of(review(*mixed[1::2], files=FILES), before)
    assert max(len(paint.address) for paint in values.paints(report)) <= 250
    assert LAST < AT["key"] < FIRST_TARGET
