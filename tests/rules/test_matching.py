"""Indicators are paired by name, wherever they stand; what is not alike stays alone."""

from __future__ import annotations

import pytest

from xladdin import Indicator
from xladdin.rules.matching import Match, match

_OUTPUT, _BENEFIT = ("产出指标", "质量指标"), ("效益指标", "社会效益指标")


def _rows(*names: str, target: str | None = "=100%", level: tuple[str, str] = _OUTPUT) -> list[Indicator]:
    return [Indicator(*level, name, target) for name in names]


A, B, C = "补贴发放准确率", "补助发放准确率", "补贴发放准确性"
NEAR = [
    # what happened, declared, evaluated, which evaluated row belongs to each declared one, rows only evaluated
    ("same order", [A, B, C], [A, B, C], [0, 1, 2], []),
    ("other order", [A, B, C], [C, A, B], [1, 2, 0], []),
    ("first missing", [A, B, C], [C, B], [None, 1, 0], []),
    ("second missing", [A, B, C], [A, C], [0, None, 1], []),
    ("third missing", [A, B, C], [B, A], [1, 0, None], []),
    ("only one left", [A, B, C], [B], [None, 0, None], []),
    ("one added", [A, B], [B, C, A], [2, 0], [1]),
    ("second renamed", [A, B, C], [A, "补助金发放准确率", C], [0, 1, 2], []),
    ("second renamed, order changed", [A, B, C], [C, "补助金发放准确率", A], [2, 1, 0], []),
    ("broken lines and brackets", ["讲座（线下）场次", A], ["补贴发放\n准确率", " 讲座(线下)场次"], [1, 0], []),
    ("nothing alike", ["志愿者培训班"], ["道路养护里程"], [None], [0]),
    ("one gone, another come", [A, "志愿者培训班"], ["道路养护里程", A], [1, None], [0]),
    ("twice the same name", [A, A], [A, A], [0, 1], []),
    ("twice declared, once evaluated", [A, A], [A], [0, None], []),
    ("no names", ["", ""], [""], [0, None], []),
    ("nothing declared", [], [A], [], [0]),
    ("nothing at all", [], [], [], []),
]


@pytest.mark.parametrize("declared, evaluated, theirs, added", [case[1:] for case in NEAR], ids=[c[0] for c in NEAR])
def test_near_names(declared, evaluated, theirs, added):
    pairs = [Match(n, m) for n, m in enumerate(theirs)] + [Match(None, m) for m in added]
    assert match(_rows(*declared), _rows(*evaluated)) == pairs


def test_place_tells_equal_names_apart():
    declared = _rows(A, level=_OUTPUT) + _rows(A, level=_BENEFIT)
    assert match(declared, declared[::-1]) == [Match(0, 1), Match(1, 0)]


def test_target_tells_equal_names_apart():
    declared = _rows(A, target="=90%") + _rows(A, target="=100%")
    assert match(declared, declared[::-1]) == [Match(0, 1), Match(1, 0)]


def test_a_row_moved_elsewhere_keeps_its_name():
    assert match(_rows(A, level=_OUTPUT), _rows(A, level=_BENEFIT)) == [Match(0, 0)]


@pytest.mark.parametrize(
    "renamed, level, paired",
    [
        ("健康义诊场次", _OUTPUT, True),  # 4 of 6 characters, in the same place
        ("健康义诊场次", _BENEFIT, False),  # elsewhere it must be nearer
        ("健康讲座次数", _BENEFIT, True),
        ("道路养护里程", _OUTPUT, False),
    ],
)
def test_how_like_a_renamed_one_must_be(renamed, level, paired):
    declared, evaluated = _rows("健康讲座场次", target="≥90场"), _rows(renamed, target="≥80场", level=level)
    assert match(declared, evaluated) == ([Match(0, 0)] if paired else [Match(0, None), Match(None, 0)])


def test_many_rows_in_any_order():
    declared = _rows(*(f"第{n}项服务场次" for n in range(80)))
    order = [n * 37 % 80 for n in range(80)]
    evaluated = [declared[n] for n in order]
    assert [pair.evaluated for pair in match(declared, evaluated)] == [order.index(n) for n in range(80)]


def _names(kept: int, length: int, other: int) -> tuple[str, str]:
    """Two names of these lengths with as many characters in common: alike by 2 · kept / (length + other)."""
    one = [chr(0x4E00 + 7 * n) for n in range(length)]
    return "".join(one), "".join([*one[:kept], *(chr(0x6E00 + 7 * n) for n in range(other - kept))])


@pytest.mark.parametrize(
    "kept, lengths, level, target, paired",
    [
        # in the same place with the same target from 40 of 100, else from 55; elsewhere from 75
        (2, (5, 5), _OUTPUT, "=100%", True),
        (8, (20, 21), _OUTPUT, "=100%", False),  # 39.02
        (11, (20, 20), _OUTPUT, "=90%", True),
        (6, (11, 11), _OUTPUT, "=90%", False),  # 54.55
        (6, (11, 11), _OUTPUT, None, False),
        (3, (4, 4), _BENEFIT, "=100%", True),
        (20, (27, 27), _BENEFIT, "=100%", False),  # 74.07
    ],
)
def test_the_least_likeness_of_a_renamed_one(kept, lengths, level, target, paired):
    one, other = _names(kept, *lengths)
    renamed = _rows(other, target=target, level=level)
    assert match(_rows(one), renamed) == ([Match(0, 0)] if paired else [Match(0, None), Match(None, 0)])


def test_all_that_is_left_is_paired_and_not_one_by_one():
    """The first row's nearest is the second's only one: taking the nearest first would leave the second alone."""
    declared = _rows("甲乙丙丁戊己庚辛壬子", "丁戊己庚辛壬癸丑寅卯", target=None)
    evaluated = _rows("甲乙丙丁戊己庚辛壬癸", "甲乙丙丁戊己庚辰巳午", target=None)
    assert match(declared, evaluated) == [Match(0, 1), Match(1, 0)]


_QUANTITY = ("产出指标", "数量指标")
BONUSES = [
    # where the row stands that has the bonus, and its target; where the one nearer by name stands; what it is worth
    (_OUTPUT, "=100%", _OUTPUT, 10),  # an equal target
    (_QUANTITY, "=90%", _BENEFIT, 6),  # an equal first level
    (_OUTPUT, "=90%", _QUANTITY, 12),  # an equal second level besides
]


@pytest.mark.parametrize("level, target, elsewhere, points", BONUSES)
def test_what_a_bonus_is_worth(level, target, elsewhere, points):
    """A name that much nearer, and not half a point more, gives way to what else agrees."""
    for nearer, chosen in ((points * 2 - 1, 0), (points * 2 + 1, 1)):  # of 200 characters one is half a point
        name, like = _names(170, 200, 200)
        _, nearest = _names(170 + nearer, 200, 200)
        evaluated = _rows(like, target=target, level=level) + _rows(nearest, target="=90%", level=elsewhere)
        (pair, _) = match(_rows(name), evaluated)
        assert pair == Match(0, chosen)
