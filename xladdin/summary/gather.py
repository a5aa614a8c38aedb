"""Files and folders of one year or of several, reviewed as a whole: every project once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.kinds import DECLARATION, EVALUATION, called, kind_of
from ..domain.profile import Profile
from ..review.cases import Entry, Review
from ..review.judging import judge
from ..review.pairing import alone, of_kind, pair_up, single
from ..review.reading import nothing, read_entries
from ..rules.finding import INFO, UNDECIDED, Finding

if TYPE_CHECKING:
    from concurrent.futures import Executor


def review_all(
    paths: Iterable[Path], profile: Profile | str | None = None, workers: int = 1, executor: Executor | None = None
) -> Review:
    """Every project of the files and folders: pairs cross-checked, what stands alone checked by itself.

    `loose`: files that could not be read, copies of one form, and forms without a counterpart where others of
    their year have one to be paired with: a year that is only declared so far lacks nothing. Copies that differ
    are left out, lest an amount count twice. profile: as for check; workers, executor: as for review_pairs.
    Raises NotAForm when nothing was read, or nothing is left; UnknownForm or BadValue for a bad profile.
    """
    entries, loose = read_entries(paths, workers, executor)
    if not entries:
        raise nothing(loose, f"没有读到{called()}")
    ones, unclear = single(of_kind(entries, DECLARATION), loose)
    others, puzzling = single(of_kind(entries, EVALUATION), loose)
    loose += [_left_out(entry) for entry in entries if entry.record.kind not in (DECLARATION.name, EVALUATION.name)]
    if not ones and not others:
        told = [finding for finding in loose if finding.level == UNDECIDED] or loose
        raise nothing(told, "没有可以汇总的表", advice=told[0].advice)
    pairs, _ = pair_up(ones, others)
    paired = {id(entry) for pair in pairs for entry in pair}
    left, right = ([entry for entry in side if id(entry) not in paired] for side in (ones, others))
    loose += _missing(left, right, others, puzzling, "自评表")
    loose += _missing(right, left, ones, unclear, "申报表")
    groups: list[tuple[Entry, ...]] = [*pairs, *((entry,) for entry in (*left, *right))]
    return Review(judge(groups, profile, workers, executor), tuple(loose))


def _left_out(entry: Entry) -> Finding:
    """What is said of a form whose kind is not summed up."""
    label = kind_of(entry.record).label
    return Finding(
        "P-04",
        "没有汇总的表",
        INFO,
        f"{entry} 是{label}，没有列入汇总",
        subject=entry.record.project,
        places={entry.record.kind: (entry.place,)},
        basis="汇总的是申报表和自评表",
        advice=f"{label}请用 xladdin check 检查",
    )


def _missing(
    left: Sequence[Entry], rest: Sequence[Entry], other_side: Sequence[Entry], unclear: set[tuple], wanted: str
) -> list[Finding]:
    """What lacks a counterpart although its year has such forms, unless only copies that differ are in the way."""
    years = {entry.record.year for entry in other_side}
    return [
        alone(entry, rest, wanted)
        for entry in left
        if entry.key not in unclear and years and (entry.record.year is None or entry.record.year in years)
    ]
