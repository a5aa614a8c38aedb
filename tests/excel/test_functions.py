"""The worksheet functions, called as xlwings would call them: floats and texts in, floats and texts out."""

from __future__ import annotations

import pytest

pytest.importorskip("xlwings")

from xladdin.excel import functions  # noqa: E402

CASES = [
    ("执行率", (965043.97, 991403.0), 0.9734),
    ("执行率", ("965,043.97", 991403.0), 0.9734),
    ("执行率", (None, 991403.0), ""),
    ("执行率", (0.0, 0.0), 0.0),
    ("得分", ("=91场", 90.0, 20.0), 19.78),
    ("得分", ("=91场", "90场", 20.0), 19.78),
    ("得分", ("≥90%", "81%", 10.0), 9.0),
    ("得分", ("≥90%", 0.81, 10.0), "待核"),  # a function is not told how its cell is shown
    ("得分", ("≥90%", "约80%", 10.0), "待核"),
    ("得分", ("≥0.9", ">=0.9", 5.0), "待核"),
    ("得分", ("≥90%", None, 10.0), ""),
    ("得分", (90.0, 91.0, 10.0), 10.0),
    ("目标值", ("≥90.00(百分比)",), 0.9),
    ("目标值", ("25万人次",), 250000.0),
    ("目标值", ("按照下发任务",), ""),
    ("目标值", (None,), ""),
]


@pytest.mark.parametrize(("name", "given", "expected"), CASES)
def test_function(name, given, expected):
    function = getattr(functions, name)
    assert getattr(function, "__wrapped__", function)(*given) == expected
