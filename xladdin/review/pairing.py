"""Which forms belong together: by project, year and unit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.kinds import DECLARATION, EVALUATION, Kind
from ..domain.records import Evaluation
from ..domain.scoring import is_untouched
from ..files import WORKBOOKS
from ..rules.finding import INFO, UNDECIDED, WARNING, Finding
from .cases import Entry
from .reading import nothing, read_entries

if TYPE_CHECKING:
    from concurrent.futures import Executor

_ALIKE = 60  # of 100: a name this like is worth mentioning
Pairs = list[tuple[Entry, Entry]]


@dataclass(frozen=True, slots=True)
class Pairing:
    """What is to be cross-checked: declarations with their evaluations, and what was found on the way.

    swapped: the evaluations were given first.
    """

    pairs: tuple[tuple[Entry, Entry], ...]
    loose: tuple[Finding, ...]
    swapped: bool = False


def pairs_in(declared: Path, evaluated: Path, workers: int = 1, executor: Executor | None = None) -> Pairing:
    """What belongs together of the declarations in one file or folder and the evaluations in another, or the same.

    Two files with one form each are a pair whatever they are called; otherwise project, year and unit say
    what belongs together. Sides given the wrong way round are put right. workers, executor: as for spread. Raises
    NotAForm when a side has nothing.
    """
    same = os.path.realpath(declared) == os.path.realpath(evaluated)
    first, loose = read_entries([declared], workers, executor)
    second, more = (first, loose) if same else read_entries([evaluated], workers, executor)
    ones, others = of_kind(first, DECLARATION), of_kind(second, EVALUATION)
    swapped = not ones and not others and bool(of_kind(second, DECLARATION) and of_kind(first, EVALUATION))
    if swapped:
        declared, evaluated, loose, more = evaluated, declared, more, loose
        ones, others = of_kind(second, DECLARATION), of_kind(first, EVALUATION)
    for entries, path, told, name in ((ones, declared, loose, "申报表"), (others, evaluated, more, "自评表")):
        if not entries:
            raise nothing(told, f"没有读到{name}", path)
    loose = loose if same else loose + more
    if len(ones) == len(others) == 1 and not (os.path.isdir(declared) or os.path.isdir(evaluated)):
        return Pairing(((ones[0], others[0]),), tuple(loose), swapped)
    pairs, unpaired = pair_up(ones, others)
    return Pairing(tuple(pairs), (*loose, *unpaired), swapped)


def of_kind(entries: Iterable[Entry], kind: Kind) -> list[Entry]:
    """Those that are forms of that kind."""
    return [entry for entry in entries if entry.record.kind == kind.name]


def pair_up(ones: Sequence[Entry], others: Sequence[Entry]) -> tuple[Pairs, list[Finding]]:
    """What belongs together, in the order of the declarations, and a finding for each that stays alone.

    By project, year and unit; then, where only one is left on either side, by project and year, and by
    project and unit when one of the two names no year. Several copies of one form that differ are not paired.
    """
    found: list[Finding] = []
    left, doubled = single(ones, found)
    right, twice = single(others, found)
    pairs: Pairs = []
    for key in (
        lambda entry: entry.key,
        lambda entry: entry.key[:2],
        lambda entry: (entry.key[0], entry.key[2]),
    ):
        pairs += _matching(left, right, key)
    order = {id(entry): n for n, entry in enumerate(ones)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    found += [alone(entry, right, "自评表") for entry in left if entry.key not in twice]
    found += [alone(entry, left, "申报表") for entry in right if entry.key not in doubled]
    return pairs, found


def single(entries: Sequence[Entry], found: list[Finding]) -> tuple[list[Entry], set[tuple]]:
    """One entry a project: equal copies count once, a workbook before a document made of it; copies that differ are
    told and left out (their keys)."""
    kept, left_out = [], set()
    for group in copies(entries):
        different = apart(group, found, UNDECIDED, "内容不同，不知以哪份为准，都没有采用")
        if len(different) > 1:
            left_out |= {entry.key for entry in different}
        else:
            kept += different
    return kept, left_out


def copies(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The forms of one kind that are one project's, whatever their files are called: by project, year and unit.

    One that does not say its year or unit is of the project that agrees with what it says, where there is just one.
    """
    groups = by(entries, lambda entry: (entry.record.kind, *entry.key))
    whole = [key for key in groups if all(key[1:])]
    for key in [key for key in groups if not all(key[1:])]:
        of = [one for one in whole if all(mine in (its, None, "") for mine, its in zip(key[2:], one[2:], strict=True))]
        of = [one for one in of if one[:2] == key[:2]]
        if len(of) == 1:
            groups[of[0]] += groups.pop(key)
    return list(groups.values())


def apart(group: Sequence[Entry], found: list[Finding], level: str, said: str) -> list[Entry]:
    """Of the copies of a form those that tell something of their own, one or those that differ; what is said of them
    goes to `found`, of those that differ at that level and in those words.

    One that nobody filled in counts for nothing beside one that somebody did; equal ones count once.
    """
    if len(group) == 1:
        return list(group)
    filled = filled_in(group)
    told = [f"其中 {_names(entry for entry in group if entry not in filled)} 没有填过，没有算"]
    told = told if len(filled) < len(group) else []
    kept: list[Entry] = []
    for entry in sorted(filled, key=lambda entry: not _is_workbook(entry)):
        if all(entry.record != other.record for other in kept):
            kept.append(entry)
    if len(kept) > 1:
        told.append(said)
        told += ["有的没有写年度或实施单位，是别的项目的请写明"] if len({entry.key for entry in kept}) > 1 else []
    elif len(filled) > 1:
        told.append("内容相同，只取一份")
    if told:
        found.append(_several(group, level if len(kept) > 1 else INFO, "；".join(told)))
    return kept


def filled_in(group: Sequence[Entry]) -> list[Entry]:
    """Those somebody worked on; all of them where nobody did."""
    records = ((entry, entry.record) for entry in group)
    return [one for one, form in records if not (isinstance(form, Evaluation) and is_untouched(form))] or list(group)


def _is_workbook(entry: Entry) -> bool:
    return entry.path is not None and entry.path.suffix.lower() in WORKBOOKS


def _names(entries: Iterable[Entry]) -> str:
    return "、".join(dict.fromkeys(entry.name for entry in entries))


def _several(group: Sequence[Entry], level: str, said: str) -> Finding:
    files = _names(group)
    return Finding(
        "P-03",
        "同一项目有几张表",
        level,
        f"“{group[0].record.project}”（{group[0].record.year or '年度不明'}）"
        f"有 {len(group)} 张同类的表（{files}），{said}",
        subject=group[0].record.project,
        places={group[0].record.kind: tuple(entry.place for entry in group)},
        basis="身份不明的不下结论",
        advice="多余的可以删去" if level == INFO else "请只留下最后的一份，再运行一次",
    )


def _matching(left: list[Entry], right: list[Entry], key: Callable[[Entry], tuple]) -> Pairs:
    """Pairs whose key only one entry of either side has; they leave both lists."""
    others = by(right, key)
    pairs = [
        (group[0], others[value][0])
        for value, group in by(left, key).items()
        if len(group) == len(others.get(value, ())) == 1 and _years_agree(group[0], others[value][0])
    ]
    paired = {id(entry) for pair in pairs for entry in pair}
    for side in (left, right):
        side[:] = [entry for entry in side if id(entry) not in paired]
    return pairs


def by(entries: Iterable[Entry], key: Callable[[Entry], tuple]) -> dict[tuple, list[Entry]]:
    groups: dict[tuple, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def _years_agree(one: Entry, other: Entry) -> bool:
    years = {one.record.year, other.record.year}
    return len(years) == 1 or None in years


def alone(entry: Entry, rest: Sequence[Entry], wanted: str) -> Finding:
    return Finding(
        "P-01",
        "没有配对的表",
        WARNING,
        f"{entry}没有找到对应的{wanted}{near(entry, rest)}",
        subject=entry.record.project,
        places={entry.record.kind: (entry.place,)},
        basis="按项目名称、年度、实施单位配对",
        advice=f"请补上{wanted}，或核对两张表的项目名称、年度和实施单位",
    )


def near(entry: Entry, rest: Sequence[Entry]) -> str:
    """The entry of the other side that may be meant, as a message goes on; "" where there is none."""
    from rapidfuzz import fuzz, process

    names = [other.key[0] for other in rest]
    best = process.extractOne(entry.key[0], names, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return f"；名称相近的有 {rest[best[2]]}" if best else ""
