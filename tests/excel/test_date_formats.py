"""Which number formats show a number as a date or a time."""

from __future__ import annotations

import pytest

from xladdin.excel.actions.rewriting import is_date_format

FORMATS = [
    ("General", False),
    ("@", False),
    ("0.00%", False),
    ("#,##0.00_ ;[Red]-#,##0.00", False),
    ("_ * #,##0.00_ ;_ * -#,##0.00_ ", False),
    ('0"days"', False),
    ("0\\d", False),
    ("[DBNum1][$-804]General", False),
    ("0.00E+00", False),
    ("yyyy/m/d", True),
    ("[$-804]aaaa", True),
    ("[h]:mm", True),
    ("[hh]", True),
    ("h AM/PM", True),
]


@pytest.mark.parametrize(("number_format", "is_date"), FORMATS)
def test_formats_of_dates(number_format, is_date):
    assert is_date_format(number_format) is is_date
