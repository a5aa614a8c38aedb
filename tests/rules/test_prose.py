"""Texts compared, and the figures in them."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from xladdin.rules.figures import figures
from xladdin.rules.prose import bare, changes, marked, only_punctuation, ratio

CHANGES = [
    # one, other, what was removed and added
    ("合法权益", "合法权利", [("益", "利")]),
    ("服务居民", "服务全体居民", [("", "全体")]),
    ("服务全体居民", "服务居民", [("全体", "")]),
    ("服务居民 12000 人次", "服务居民\n12000人次", []),
    ("<p>服务居民</p>", "服务&nbsp;居民", []),
    ("Ａ（一期）", "A(一期)", []),
    ("", "新", [("", "新")]),
    ("旧", None, [("旧", "")]),
    (None, "", []),
    ("关怀、宣传", "关怀，宣传", [("、", "，")]),
]


@pytest.mark.parametrize("one, other, expected", CHANGES)
def test_changes(one, other, expected):
    told = changes(one, other)
    assert [(change.removed, change.added) for change in told] == expected
    assert all(change.removed in str(change) and change.added in str(change) for change in told)
    assert all(change.before in (one or "") and change.after in (one or "") for change in told)


def names(chance: Random) -> tuple[str, str]:
    """A name, and one that was made of it or has little to do with it."""
    one = "".join(chance.choices("满意度率指标情况数", k=chance.choice((0, 1, 5, 12, 70))))
    other = list(one) if chance.random() < 0.7 else chance.choices("指标满意率", k=chance.randint(0, 12))
    for _ in range(chance.randint(0, 3)):
        at = chance.randint(0, len(other))
        other[at : at + chance.randint(0, 2)] = chance.choices("度率x", k=chance.randint(0, 2))
    return one, "".join(other)


def test_names_are_compared_as_by_rapidfuzz():
    chance = Random(1)
    for _ in range(2_000):
        one, other = names(chance)
        assert ratio(one, other) == fuzz.ratio(one, other), (one, other)
        codes = [code for code in Levenshtein.opcodes(one, other) if code.tag != "equal"]
        assert [(change.removed, change.added) for change in changes(one, other)] == [
            (one[code.src_start : code.src_end], other[code.dest_start : code.dest_end]) for code in codes
        ]


@pytest.mark.parametrize(
    "one, other, alike",
    [("关怀、宣传。", "关怀，宣传", True), ("关怀、宣传", "关怀、培训", False), (None, "。", True)],
)
def test_only_punctuation(one, other, alike):
    assert only_punctuation(one, other) is alike


@pytest.mark.parametrize("one, other", [case[:2] for case in CHANGES])
def test_marked_pieces_join_to_the_texts(one, other):
    for text, pieces in zip((one, other), marked(one, other), strict=True):
        assert "".join(piece for piece, _ in pieces) == (text or "")
        assert all(piece for piece, _ in pieces)
        assert all(left[1] != right[1] for left, right in zip(pieces, pieces[1:], strict=False))


def test_marked_pieces_are_the_changed_ones():
    left, right = marked("维护合法 权益。", "维护合法权利。")
    assert [piece for piece, differs in left if differs] == ["益"]
    assert [piece for piece, differs in right if differs] == ["利"]


def test_equal_texts_have_no_mark():
    assert marked("甲 乙", "甲乙") == ([("甲 乙", False)], [("甲乙", False)])
    assert marked(None, None) == ([], [])


@pytest.mark.parametrize(
    "text, expected", [(" Ａ\n（一）", "A(一)"), ("<p>甲</p><br/>", "甲"), ("5<6", "5<6"), (None, "")]
)
def test_bare(text, expected):
    assert bare(text) == expected


FIGURES = [
    # text, value and unit and whether it is approximate
    ("举办讲座90场，服务近12万人次。", [("90", "场", False), ("120000", "人次", True)]),
    ("发放5万余份", [("50000", "份", True)]),
    ("制作12000余份", [("12000", "份", True)]),
    ("3千余人", [("3000", "人", True)]),
    ("100多户", [("100", "户", True)]),
    ("约400个、26天", [("400", "个", True), ("26", "天", False)]),
    ("知晓率77.5%", [("77.5", "%", False)]),
    ("覆盖率９０％", [("90", "%", False)]),
    ("支出1,100,000.50元", [("1100000.50", "元", False)]),
    ("投入0.5万元", [("5000", "元", False)]),
    ("2亿元", [("200000000", "元", False)]),
    ("服务 5 000 人", [("5000", "人", False)]),
    ("截至2021年3月15日", []),
    ("数百人", []),
    ("", []),
    (None, []),
    ("1、关怀服务。2、宣传活动。", []),
    ("提高3个百分点", [("3", "个百分点", False)]),
]


@pytest.mark.parametrize("text, expected", FIGURES)
def test_figures(text, expected):
    assert [(f.value, f.unit, f.approximate) for f in figures(text)] == [
        (Decimal(value), unit, about) for value, unit, about in expected
    ]


def test_a_figure_keeps_its_clause():
    (first, second) = figures("健康讲座90场，服务居民12000人次。")
    assert (first.clause, second.clause) == ("健康讲座90场", "服务居民12000人次")
    assert (first.text, second.text) == ("90场", "12000人次")
