"""The best assignment, against every assignment there is."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from xladdin.rules.assignment import best_pairs


def greatest_sum(scores: list[list[int]]) -> int:
    """By trying them all."""
    rows, columns = len(scores), len(scores[0])
    orders = permutations(range(max(rows, columns)), rows)
    return max(sum(scores[row][at] for row, at in enumerate(order) if at < columns) for order in orders)


@pytest.mark.parametrize("highest", [1, 3, 100_000_000])
def test_no_assignment_sums_up_higher(highest):
    random = Random(highest)
    for _ in range(400):
        rows, columns = random.randint(1, 5), random.randint(1, 5)
        scores = [[random.choice([0, random.randint(0, highest)]) for _ in range(columns)] for _ in range(rows)]
        pairs = best_pairs(scores)
        assert all(len(set(side)) == len(pairs) for side in zip(*pairs, strict=True)), "none twice"
        assert all(scores[row][column] for row, column in pairs), "0 is no pair"
        assert sum(scores[row][column] for row, column in pairs) == greatest_sum(scores), scores


CASES = [
    # scores, pairs
    ([], []),
    ([[]], []),
    ([[0, 0], [0, 0]], []),
    ([[9, 8], [8, 1]], [(0, 1), (1, 0)]),  # the best for each row in turn gives 10, the best of all 16
    ([[5, 5], [5, 5]], [(0, 0), (1, 1)]),  # equal sums: in their places
    ([[5, 5, 5]], [(0, 0)]),
    ([[5], [5], [5]], [(0, 0)]),
    ([[0, 5, 5], [0, 5, 5]], [(0, 1), (1, 2)]),
    ([[1, 0], [0, 0], [0, 1]], [(0, 0), (2, 1)]),
]


@pytest.mark.parametrize("scores, pairs", CASES)
def test_which_pairs(scores, pairs):
    assert best_pairs(scores) == pairs
