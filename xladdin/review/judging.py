"""Files and folders reviewed: what was read is checked by itself or cross-checked, wherever workers are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.kinds import DECLARATION, EVALUATION, called
from ..domain.profile import Profile
from ..domain.records import Record
from ..files import user_folder
from ..form.catalogue import profile_of
from ..profiles import profile as find_profile
from ..progress import bar
from ..rules.finding import UNDECIDED, WARNING, Finding
from ..rules.handbook import load
from ..spread import Lost, spread
from .cases import Case, Entry, Review
from .checking import check, reconcile
from .pairing import Pairing, apart, copies
from .reading import nothing, read_judged

if TYPE_CHECKING:
    from concurrent.futures import Executor


def review_files(
    paths: Iterable[Path], profile: Profile | str | None = None, workers: int = 1, executor: Executor | None = None
) -> Review:
    """Check every form in the files and folders by itself, each where it is read.

    workers, executor: as for spread; where a file is read it has to lie under the same path. Raises NotAForm when
    there is no form.
    """
    known(profile)
    if workers > 1:
        load()
    judged, loose = read_judged(paths, partial(check, profile=profile), workers, executor)
    if not judged:
        raise nothing(loose, f"没有读到{called()}")
    found = {id(entry): told for entry, told in judged}
    kept = [
        entry
        for group in copies(entry for entry, _ in judged)
        for entry in apart(group, loose, WARNING, "内容不同，请核对以哪份为准")
    ]
    cases = _in_order(Case((entry,), found[id(entry)]) for entry in kept)
    return Review(cases, tuple(loose), profiles_of(cases, profile))


def review_pairs(
    pairing: Pairing, profile: Profile | str | None = None, workers: int = 1, executor: Executor | None = None
) -> Review:
    """Cross-check every pair. workers, executor: as for spread."""
    cases = judge(pairing.pairs, profile, workers, executor)
    return Review(cases, pairing.loose, profiles_of(cases, profile))


def profiles_of(cases: Iterable[Case], profile: Profile | str | None = None) -> tuple[Profile, ...]:
    """The rules those cases were judged by, each once, in their order. Raises as judge does."""
    used = [profile_of(case.form(EVALUATION.name) or case.record, profile) for case in cases]
    return tuple({(rules.name, rules.since): rules for rules in used}.values())


def judge(
    groups: Sequence[tuple[Entry, ...]],
    profile: Profile | str | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> tuple[Case, ...]:
    """A case of each entry (checked by itself) or pair (cross-checked), worst first. Raises for a bad profile.

    workers, executor: as for spread; records go there, and nothing but findings comes back.
    """
    known(profile)
    if workers > 1:
        load()  # once, and not in every worker that is forked from here
    handed = [tuple(entry.record for entry in group) for group in groups]
    judged = spread(partial(_judged, profile), handed, workers, executor)
    return _in_order(
        Case(group, _unfinished() if isinstance(found, Lost) else found)
        for group, found in zip(groups, bar(judged, len(groups), "核对"), strict=True)
    )


def _in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(sorted(cases, key=lambda case: case.rank))


def known(profile: Profile | str | None) -> None:
    """A bad profile is told once, and before anything else. Raises UnknownForm, BadValue."""
    if isinstance(profile, str):
        find_profile(profile, None, user_folder())


def _judged(profile: Profile | str | None, records: tuple[Record, ...]) -> tuple[Finding, ...]:
    """In the worker."""
    case = Case(tuple(map(Entry, records)), ())
    declared, evaluated = case.form(DECLARATION.name), case.form(EVALUATION.name)
    both = declared is not None and evaluated is not None
    return tuple(reconcile(declared, evaluated, profile) if both else check(case.record, profile))


def _unfinished() -> tuple[Finding, ...]:
    """What is said of a project whose worker died."""
    said = "检查的进程中途退出，这个项目没有检查完"
    advice = "请减少 --workers 后再运行一次，或人工核对"
    return (Finding("Z-01", "规则没有跑完", UNDECIDED, said, basis="没有检查的不下结论", advice=advice),)
