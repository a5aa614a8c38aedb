"""The harness's own texts: addresses, formulas, number formats, VBA. No LibreOffice needed."""

from __future__ import annotations

import pytest


def test_addresses():
    pytest.importorskip("xlwings")
    from .addresses import MAX_COLUMNS, MAX_ROWS, address, corners

    for text, area in {
        "B2": (2, 2, 2, 2),
        "$A$1:c3": (1, 1, 3, 3),
        "C3:A1": (1, 1, 3, 3),
        "B:C": (1, 2, MAX_ROWS, 3),
        "2:5": (2, 1, 5, MAX_COLUMNS),
        "合计数": None,
    }.items():
        assert corners(text) == area
    assert [address(corners(text)) for text in ("A1", "a1:b2", "B:C", "2:5")] == ["$A$1", "$A$1:$B$2", "$B:$C", "$2:$5"]


@pytest.mark.parametrize(
    ("formula", "bad"),
    [
        ("=91场", True),
        ("=1百分比", True),
        ("=2023年!A1", True),
        ("=100%", False),
        ("=1E5", False),
        ("=A1+B22", False),
        ("='2023年'!A1", False),
        ('="91场"', False),
    ],
)
def test_what_excel_refuses(formula, bad):
    from .formulas import excel_refuses

    assert excel_refuses(formula) == bad


@pytest.mark.parametrize(
    ("calc_code", "excel_code"),
    [
        ("YYYY/M/D", "yyyy/m/d"),
        ('YYYY"Y年"M"月"', 'yyyy"Y年"m"月"'),
        ("[H]:MM", "[h]:mm"),
        ("[RED]0.00", "[RED]0.00"),
        ("General", "General"),
        ("H:MM AM/PM", "h:mm AM/PM"),
        ("0.00E+00", "0.00E+00"),
        ("BOOLEAN", "General"),
    ],
)
def test_number_formats_are_spelt_as_in_excel(calc_code, excel_code):
    from .formulas import number_format_to_excel

    assert number_format_to_excel(calc_code) == excel_code


def test_adapting_vba_leaves_texts_and_comments():
    from .basic import adapted

    source = 'MsgBox "MsgBox" \' MsgBox\nx = Application.ActiveWorkbook.ActiveSheet.Name & o.ActiveSheet'
    assert adapted(source) == 'XlMsgBox "MsgBox" \' MsgBox\nx = XlActiveSheet.Name & o.ActiveSheet'
