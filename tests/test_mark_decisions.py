"""Marks on cells, decided without Excel: whose words are whose in a note, what comes off, which cell gets what."""

from __future__ import annotations

from pathlib import Path

import pytest

from xladdin.excel import mark_values as values
from xladdin.excel.mark_values import AS_IT_IS, NO_FILL, NOTED, UNKNOWN, Cleared, Fill, Ours
from xladdin.excel.result_values import rgb
from xladdin.report.rows import Row, report_of
from xladdin.rules.finding import ERROR, INFO, WARNING
from xladdin.sheets.looks import PAPER

from .report_cases import PAIR, finding, review, spots


def rows(*texts, level=ERROR):
    """Findings as they stand in the report, each with its code and what it says."""
    return [Row(code, level, code, message=said) for code, _, said in (text.partition(" ") for text in texts)]


# ---- our part of a note, and the clerk's

PART = values.part(rows("X-04 差 54,000 元", "D-F2 合计"), "#ffeeaa")
NOTES = {  # the note as it is found, what is left of it, whether the clerk has written into ours
    "ours alone": (PART, "", False),
    "theirs before": ("她的\n二行\n" + PART, "她的\n二行", False),
    "theirs after": (PART + "\n已改", "已改", False),
    "theirs on the same line": ("她的" + PART + "已改", "她的已改", False),
    "theirs around": ("她的\n" + PART + "\n已改", "她的\n已改", False),
    "breaks of another program": ("她的\r\n" + PART.replace("\n", "\r\n") + "\r\n已改", "她的\r\n已改", False),
    "copied together": (PART + "\n" + PART, "", False),
    "theirs inside": (PART.replace("差", "已问，差"), "X-04 已问，差 54,000 元\nD-F2 合计", True),
    "our head taken off": (PART.removeprefix(NOTED), "X-04 差 54,000 元\nD-F2 合计", True),
    "their own 【核对】": ("【核对】我的\n" + PART, "【核对】我的", False),
}
THEIRS = ["", "她的", "【核对】她的", "原底色 无", "〔原底色 无〕"]


@pytest.mark.parametrize("case", NOTES)
def test_what_is_left_of_a_note(case):
    text, rest, edited = NOTES[case]
    ours = values.ours_in(text)
    assert (ours.rest(text), ours.edited, ours.fill, ours.had_note) == (rest, edited, "#ffeeaa", False)


@pytest.mark.parametrize("text", THEIRS)
def test_a_note_without_our_part_is_none_of_ours(text):
    assert values.ours_in(text) is None


def test_our_part_says_every_finding_once_and_whether_a_note_was_there():
    part = values.part(rows("X-04 差", "D-F2 合计", "X-04 差"), NO_FILL, had_note=True)
    assert part.startswith("【核对】X-04 差\nD-F2 合计\n〔原有批注，原底色 无·")
    assert values.ours_in("她的\n" + part).had_note


def test_our_part_is_short_enough_for_excel():
    part = values.part(rows("X-09 " + "长" * 900), "主题12 -0.249977111117893 #ffeeaa")
    assert len(part) <= 255 and values.ours_in(part).fill.endswith("#ffeeaa")


PAPER_OF_OURS, OWN = rgb(PAPER[ERROR]), (1, 200, 3)
WITHOUT_FOOT = PART[: PART.index("\n〔")]
OTHER_FILL = PART.replace("#ffeeaa", "绿色")
LEFT = [  # the note, the sheet it is on, the cell's colour, the fill 核对结果 knows; the fill to put back, or no mark
    (PART, "表", PAPER_OF_OURS, UNKNOWN, "#ffeeaa"),
    (PART, "表", OWN, "无", "#ffeeaa"),  # the note knows best
    (OTHER_FILL, "表", PAPER_OF_OURS, "#01c803", "#01c803"),
    (OTHER_FILL, "表", PAPER_OF_OURS, UNKNOWN, UNKNOWN),
    (WITHOUT_FOOT, "表", PAPER_OF_OURS, "#01c803", "#01c803"),
    (WITHOUT_FOOT, "表", PAPER_OF_OURS, UNKNOWN, UNKNOWN),
    (WITHOUT_FOOT, "表", OWN, "#01c803", None),  # they have coloured it: no mark any more
    (WITHOUT_FOOT, "表", None, "#01c803", None),
    (WITHOUT_FOOT, "核对结果 旧", PAPER_OF_OURS, UNKNOWN, None),
    ("她的", "表", PAPER_OF_OURS, UNKNOWN, None),
]


@pytest.mark.parametrize(("text", "sheet", "colour", "known", "fill"), LEFT)
def test_the_fill_of_a_mark_of_which_the_clerk_has_left_less(text, sheet, colour, known, fill):
    ours = values.mark_in(text, sheet, lambda: colour, known)
    assert (ours and ours.fill) == fill
    if text == WITHOUT_FOOT and ours:
        assert ours.rest(text) == text.removeprefix(NOTED) and ours.edited


@pytest.mark.parametrize(("text", "many"), [("", 0), ("ab", 2), ("长短", 2), ("𠀀a", 3), ("\ud800", 1)])
def test_characters_are_counted_as_excel_counts_them(text, many):
    assert values.units(text) == many


def test_the_box_of_a_note_holds_its_text():
    (width, low), (same, high) = values.box("X-04 差"), values.box(values.part(rows("X-09 " + "长" * 900), "无"))
    assert width == same == 220 and 20 < low < high < 250


# ---- fills

FILLS = [  # colour, Excel's pattern and theme; how it is told, and what is put back
    (None, 1, None, "无", Fill(None)),
    (None, -4142, None, "无", Fill(None)),
    (OWN, 1, None, "#01c803", Fill("#01c803")),
    (OWN, 1, (-4142, 0.0), "#01c803", Fill("#01c803")),  # none of the theme's
    (OWN, 1, (13, 0.0), "#01c803", Fill("#01c803")),
    (OWN, 1, (5, 0.799981688894314), "主题5 0.799981688894314 #01c803", Fill("#01c803", 5, 0.799981688894314)),
    (OWN, 1, (12, -0.25), "主题12 -0.25 #01c803", Fill("#01c803", 12, -0.25)),
    (None, 1, (5, 0.8), "无", Fill(None)),
    (OWN, 17, None, "未动", None),
    (OWN, 4000, (5, 0.8), "未动", None),
]


@pytest.mark.parametrize(("colour", "pattern", "theme", "told", "back"), FILLS)
def test_a_fill_is_told_in_words_and_put_back(colour, pattern, theme, told, back):
    assert values.fill_told(colour, pattern, theme) == told
    assert values.fill_of(told) == back
    part = values.part(rows("X-04 差"), told)
    assert values.mark_in(part, "表", lambda: None, "别的").fill == told, "a note says it so that it is read back"


@pytest.mark.parametrize("told", [UNKNOWN, "绿色", "#01c80", "主题5", ""])
def test_words_of_another_hand_are_no_fill(told):
    assert values.fill_of(told) is None
    assert values.is_recoloured(told, PAPER_OF_OURS)


RECOLOURED = [
    ("无", PAPER_OF_OURS, False), ("无", OWN, True), ("无", None, True), ("#01c803", PAPER_OF_OURS, False),
    ("#01c803", OWN, True), (AS_IT_IS, OWN, False), (AS_IT_IS, None, False), (UNKNOWN, OWN, True),
]  # fmt: skip


@pytest.mark.parametrize(("told", "colour", "recoloured"), RECOLOURED)
def test_another_colour_than_ours_is_the_clerks(told, colour, recoloured):
    assert values.is_recoloured(told, colour) == recoloured
    assert all(values.is_ours(rgb(paper)) for paper in PAPER.values())


def test_only_fills_nobody_knows_are_lost():
    left = {("甲.xlsx", "表", "F14"): UNKNOWN, ("甲.xlsx", "表", "F16"): "无", ("乙.xlsx", "表 1", "A1"): UNKNOWN}
    assert Cleared(left=left).lost == ["甲.xlsx 表!F14", "乙.xlsx 表 1!A1"] and Cleared().lost == []


# ---- which cell gets what

HERE = {("申报.xlsx", "报"), ("自评.xlsx", "评")}


def told(declared, evaluated, level=ERROR, **more):
    places = {"declared": spots(None, "报", *declared), "evaluated": spots(None, "评", *evaluated)}
    return finding(PAIR, level, f"{declared}{evaluated}", **places, **more)


def wanted(*found, there=HERE, first=lambda names: names[2]):
    report = report_of(review(*found, files=(Path("申报.xlsx"), Path("自评.xlsx"))))
    return {
        names: (meant, [row.level for row in said])
        for names, (meant, said) in values.wanted(report, there, first).items()
    }


def test_the_first_cell_of_either_side_is_marked():
    assert wanted(told(["G7", "G8"], ["D7"])) == {
        ("申报.xlsx", "报", "G7"): (["G7"], [ERROR]), ("自评.xlsx", "评", "D7"): (["D7"], [ERROR]),
    }  # fmt: skip


def test_notes_and_cells_of_sheets_not_open_are_not_marked():
    found = told(["G7"], ["D7"], INFO), told([], ["D8"]), finding("Z-01")
    assert wanted(*found) == {("自评.xlsx", "评", "D8"): (["D8"], [ERROR])}
    assert wanted(told(["G7"], ["D7"]), there=HERE - {("自评.xlsx", "评")}).keys() == {("申报.xlsx", "报", "G7")}


def test_a_merged_cell_is_marked_once_in_the_colour_of_the_worst():
    first = {"E13": "E13", "F13": "E13"}
    marked = wanted(told([], ["F13"]), told([], ["E13"], WARNING), first=lambda names: first[names[2]])
    assert marked == {("自评.xlsx", "评", "E13"): (["F13", "E13"], [ERROR, WARNING])}
    assert values.paper(rows("X-04 差") + rows("X-05 差", level=WARNING)) == PAPER[ERROR]


def test_a_mark_without_a_note_has_nothing_to_cut():
    assert Ours((), "无", False).rest("她的") == "她的"
