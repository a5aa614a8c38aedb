"""References that move with repeated rows: template row 13 has become five, row 20 two."""

from __future__ import annotations

import pytest

from xladdin.workbook.shift import RowMap, shift_formula, shift_range, shift_ranges

ROWS = RowMap({13: [1] * 5, 20: [2]})
MAPS = {"表": ROWS, "It's 1": ROWS, "其他 A1": RowMap({})}

FORMULAS = [
    ("A1", "A1"),
    ("A13", "A13"),
    ("A14", "A18"),
    ("$A$14", "$A$18"),
    ("A$14+$A14", "A$18+$A18"),
    ("A20", "A24"),
    ("A21", "A26"),
    ("A13:A13", "A13:A17"),
    ("SUM(H13:H13)", "SUM(H13:H17)"),
    ("SUM($H$13:$H$13)", "SUM($H$13:$H$17)"),
    ("SUM(H5:H19)", "SUM(H5:H23)"),
    ("SUM(H12:H20)", "SUM(H12:H25)"),
    ("13:13", "13:17"),
    ("$14:$15", "$18:$19"),
    ("SUM(A:C)", "SUM(A:C)"),
    ('"A14"', '"A14"'),
    ('IF(A14="见A14""A14",A14,"")', 'IF(A18="见A14""A14",A18,"")'),
    ("LOG10(A14)", "LOG10(A18)"),
    ("LOG14 +A14", "LOG18 +A18"),  # without a bracket LOG14 is a cell
    ("ATAN2(A14,B14)", "ATAN2(A18,B18)"),
    ("DAYS360(A1,A14)", "DAYS360(A1,A18)"),
    ("1E14", "1E14"),
    ("2.5E14*A14", "2.5E14*A18"),
    ("合计A14", "合计A14"),
    ("x_A14+_A14", "x_A14+_A14"),
    ("ABCD14", "ABCD14"),
    ("表1[A14]", "表1[A14]"),
    ("表!A14", "表!A18"),
    ("'表'!A14", "'表'!A18"),
    ("'It''s 1'!A14:B20", "'It''s 1'!A18:B25"),
    ("'其他 A1'!A14", "'其他 A1'!A14"),
    ("没有!A14+A14", "没有!A14+A18"),
    ("'没有 A14'!A14", "'没有 A14'!A14"),
    ("[1]表!A14+A14", "[1]表!A14+A18"),
    ("SUM([1]表!$A$13:$A$14,A14)", "SUM([1]表!$A$13:$A$14,A18)"),
    ("'[1]表'!A14", "'[1]表'!A14"),
    ("A14%+A14^2", "A18%+A18^2"),
    ("A14:INDEX(A:A,9)", "A18:INDEX(A:A,9)"),
    ("A1 A14,B14", "A1 A18,B18"),
    ("TRUE()+A14", "TRUE()+A18"),
    ("", ""),
]


@pytest.mark.parametrize("written, expected", FORMULAS)
def test_shift_formula(written, expected):
    assert shift_formula(written, MAPS, "表") == expected


@pytest.mark.parametrize("written, expected", FORMULAS)
def test_nothing_moves_without_repeats(written, expected):
    assert shift_formula(written, {"表": RowMap({13: [1]})}, "表") == written


COPIES = [
    ("E13*F13", "E15*F15"),
    ("E$13", "E$13"),
    ("$E13", "$E15"),
    ("SUM(E13:F13)", "SUM(E15:F15)"),
    ("E13/SUM(E$13:E$13)", "E15/SUM(E$13:E$17)"),
    ("E12+E14", "E12+E18"),
    ("表!E13", "表!E15"),
    ("'其他 A1'!E13", "'其他 A1'!E13"),
    ('IF(E13="E13",1,0)', 'IF(E15="E13",1,0)'),
]


@pytest.mark.parametrize("written, expected", COPIES)
def test_a_formula_in_the_repeating_row_follows_its_copy(written, expected):
    assert shift_formula(written, MAPS, "表", (13, 15)) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("A13", "A13:A17"),
        ("A14", "A18"),
        ("A1:C14", "A1:C18"),
        ("B13:C13", "B13:C17"),
        ("A20:B21", "A24:B26"),
        ("no range", "no range"),
    ],
)
def test_shift_range(text, expected):
    assert shift_range(text, ROWS) == expected


def test_shift_ranges_and_copies():
    assert shift_ranges("A1 A13  B14:C20", ROWS) == "A1 A13:A17 B18:C25"
    assert ROWS.copies(13) == [(row, row) for row in range(13, 18)]
    assert ROWS.copies(20) == [(24, 25)] and ROWS.copies(21) == [(26, 26)]
    assert RowMap({13: [2, 1, 3]}).copies(13) == [(13, 14), (15, 15), (16, 18)]
    assert not RowMap({13: [1]}) and ROWS
