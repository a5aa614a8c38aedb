"""Which declaration belongs to which self-evaluation, and what is said of those that stay alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.review.pairing import copies, pair_up, single
from xladdin.review.reading import Entry

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")


def entry(project: str, year: int | None, unit: str | None = "计生协", **more) -> Entry:
    return Entry(replace(EVALUATED, project=project, year=year, unit=unit, **more), Path(f"{project}.xlsx"))


def declared(project: str, year: int | None, unit: str | None = "计生协") -> Entry:
    return Entry(replace(DECLARED, project=project, year=year, unit=unit), Path(f"{project}.xlsx"))


PAIRS = [  # why, declarations, evaluations, pairs (by index), codes of what stays alone
    ("name, year and unit", [declared("甲", 2021)], [entry("甲", 2021)], [(0, 0)], []),
    (
        "blanks and full-width forms do not matter",
        [declared("甲 （一期）", 2021)],
        [entry("甲(一期)", 2021)],
        [(0, 0)],
        [],
    ),
    ("another year is another form", [declared("甲", 2021)], [entry("甲", 2022)], [], ["P-01", "P-01"]),
    ("no year on one side", [declared("甲", None)], [entry("甲", 2021)], [(0, 0)], []),
    ("a unit written otherwise", [declared("甲", 2021, "市计生协")], [entry("甲", 2021)], [(0, 0)], []),
    (
        "two units, one name",
        [declared("甲", 2021, "东"), declared("甲", 2021, "西")],
        [entry("甲", 2021, "西"), entry("甲", 2021, "东")],
        [(0, 1), (1, 0)],
        [],
    ),
    (
        "two units, one name, units unknown: nothing is guessed",
        [declared("甲", 2021, "东"), declared("甲", 2021, "西")],
        [entry("甲", 2021, None)],
        [],
        ["P-01", "P-01", "P-01"],
    ),
    (
        "two copies that differ: nothing is guessed",
        [declared("甲", 2021)],
        [entry("甲", 2021), entry("甲", 2021, actual_result="改过的")],
        [],
        ["P-03"],
    ),
    ("position means nothing", [declared("甲", 2021), declared("乙", 2021)], [entry("乙", 2021)], [(1, 0)], ["P-01"]),
]


@pytest.mark.parametrize(("ones", "others", "wanted", "codes"), [case[1:] for case in PAIRS], ids=[c[0] for c in PAIRS])
def test_pairing(ones, others, wanted, codes):
    pairs, alone = pair_up(ones, others)
    assert [(ones.index(one), others.index(other)) for one, other in pairs] == wanted
    assert [found.code for found in alone] == codes


BLANK = xladdin.self_evaluation(DECLARED)
FILLED = replace(EVALUATED, year=BLANK.year, unit=BLANK.unit, project=BLANK.project)
COPIES = [  # what was handed in of one project → which is taken, and what is said
    ("the blank that was sent out, and the filled one under another name", [BLANK, FILLED], 1, ["没有填过，没有算"]),
    ("a blank copied", [BLANK, BLANK], 0, ["内容相同"]),
    ("two filled ones, and the blank", [FILLED, BLANK, replace(FILLED, actual_result="改过的")], None,
     ["没有填过，没有算", "内容不同"]),
    ("one that lost its unit", [FILLED, replace(FILLED, unit=None, actual_result="改过的")], None,
     ["有的没有写年度或实施单位"]),
    ("one that lost its year, blank else", [replace(BLANK, year=None), FILLED], 1, ["没有填过，没有算"]),
    ("the same twice, with a space in the name", [FILLED, replace(FILLED, project=f" {BLANK.project}　")], None,
     ["内容不同"]),
]  # fmt: skip


@pytest.mark.parametrize(("forms", "taken", "said"), [case[1:] for case in COPIES], ids=[case[0] for case in COPIES])
def test_copies_of_a_form_are_one_projects(forms, taken, said):
    entries = [Entry(form, Path(f"{number}.xlsx")) for number, form in enumerate(forms)]
    found = []
    kept, _ = single(entries, found)
    assert [entries.index(one) for one in kept] == ([] if taken is None else [taken])
    (one,) = found
    assert all(words in one.message for words in said) and one.level == ("undecided" if taken is None else "info")


def test_a_form_without_a_unit_is_of_no_project_where_there_are_two():
    entries = [entry("甲", 2021, unit) for unit in ("东", "西", None)]
    assert [len(group) for group in copies(entries)] == [1, 1, 1]


def test_an_unpaired_form_names_what_may_be_meant():
    _, alone = pair_up([declared("暖心家园健康行", 2021)], [entry("暖心家园健行", 2021)])
    assert "名称相近的有 “暖心家园健行”" in alone[0].message


@pytest.mark.parametrize(("names", "kept"), [(("表.pdf", "表.xlsx"), "表.xlsx"), (("表.docx", "表.pdf"), "表.docx")])
def test_of_equal_copies_the_workbook_is_taken(names, kept):
    copies = [Entry(EVALUATED, Path(name)) for name in names]
    found = []
    (one,), left_out = single(copies, found)
    assert (one.name, left_out, [finding.code for finding in found]) == (kept, set(), ["P-03"])
