"""The best pairing of two short lists: the assignment of the greatest sum, found exactly (Hungarian method)."""

from __future__ import annotations

from collections.abc import Sequence


def best_pairs(scores: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Row and column of every pair, each row and column in at most one, so that their scores sum up highest.

    A score of 0 is no pair. Among equal sums the pairs that keep their positions best are taken: the same in every run.
    """
    if not scores or not scores[0]:
        return []
    if len(scores) > len(scores[0]):
        return sorted((row, column) for column, row in best_pairs(list(zip(*scores, strict=True))))
    rows, columns = len(scores), len(scores[0])
    step = rows * columns**2 + 1  # what one point outweighs: all moves together
    costs = [
        [(row - column) ** 2 - score * step if score else 0 for column, score in enumerate(line)]
        for row, line in enumerate(scores)
    ]
    owners = _owners(costs, rows, columns)
    return sorted((row, column) for column, row in enumerate(owners) if row is not None and scores[row][column])


def _owners(costs: list[list[int]], rows: int, columns: int) -> list[int | None]:
    """The row of every column, at the least cost: a shortest augmenting path for one row after another."""
    of_row, of_column = [0] * rows, [0] * (columns + 1)  # potentials; the last column is where a path begins
    owners: list[int | None] = [None] * (columns + 1)
    for row in range(rows):
        column = columns
        owners[column] = row
        least: dict[int, int] = {}
        before = [columns] * columns
        passed: list[tuple[int, int]] = []  # columns and their owners
        waiting = set(range(columns))
        while (at := owners[column]) is not None:
            passed.append((column, at))
            for other in waiting:
                reduced = costs[at][other] - of_row[at] - of_column[other]
                if other not in least or reduced < least[other]:
                    least[other], before[other] = reduced, column
            column = min(waiting, key=lambda other: (least[other], other))
            length = least[column]
            for other, owner in passed:
                of_row[owner] += length
                of_column[other] -= length
            for other in waiting:
                least[other] -= length
            waiting.remove(column)
        while column != columns:
            owners[column] = owners[before[column]]
            column = before[column]
    return owners[:columns]
