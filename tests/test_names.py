"""File names that every system takes, and that stay apart."""

from __future__ import annotations

import unicodedata

import pytest

from xladdin.workbook.names import safe_name, unique_names


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ((2021, "帮扶", "2021申报表"), "2021 帮扶 2021申报表"),
        ((2021, None, "", "x"), "2021 x"),
        (('=a<b>c:d"e/f\\g|h?i*j',), "_a_b_c_d_e_f_g_h_i_j"),
        (("a\tb\nc  d\x07",), "a b c d"),
        (("CON",), "_CON"),
        (("nul.2021",), "_nul.2021"),
        (("com1", "x"), "com1 x"),
        (("COM¹",), "_COM¹"),
        (("name. . ",), "name"),
        (("...",), "未命名"),
        ((), "未命名"),
        (("\ud800x",), "_x"),
        (("e\u0301",), "é"),
        (("甲\u202e乙\u200b丙\ufeff\u2066丁",), "甲乙丙丁"),
    ],
)
def test_safe_name(parts, name):
    assert safe_name(*parts) == name


@pytest.mark.parametrize("char", ["长", "x", "😀", "é"])
def test_long_names_are_cut_but_stay_apart(char):
    one, two = (safe_name(2021, char * 200 + end, "2021申报表") for end in "ab")
    assert one != two
    assert one == safe_name(2021, char * 200 + "a", "2021申报表")
    for name in (one, two):
        assert len(name) <= 80
        assert len(name.encode()) <= 240
        assert name.startswith("2021 ")
        assert name.endswith(" 2021申报表")


def test_many_parts_are_cut_too():
    assert len(safe_name(*["项目"] * 60)) <= 80


@pytest.mark.parametrize(
    ("parts", "units", "names"),
    [
        ([("a",), ("b",)], ["x", "y"], ["a", "b"]),
        ([("a",), ("A",)], ["x", "y"], ["a x", "A y"]),
        ([("a",), ("a",)], [None, None], ["a", "a (2)"]),
        ([("a",), ("a",), ("a",)], ["x", "x", "x"], ["a x", "a x (2)", "a x (3)"]),
        ([("a",), ("a",), ("a (2)",)], [], ["a", "a (3)", "a (2)"]),
        ([("a:b",), ("a?b",)], ["x", "y"], ["a_b x", "a_b y"]),
        ([("é",), (unicodedata.normalize("NFD", "É"),)], ["x", "x"], ["é x", "É x (2)"]),
    ],
)
def test_unique_names(parts, units, names):
    assert unique_names(parts, units) == names
