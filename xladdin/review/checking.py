"""check and reconcile: the rules run over records."""

from __future__ import annotations

from ..domain.kinds import PAIR, is_scored, kind_of
from ..domain.profile import Profile
from ..domain.records import Declaration, Evaluation, Record
from ..domain.scoring import as_shown
from ..form.catalogue import profile_of
from ..rules.finding import ERROR, UNDECIDED, Finding
from ..rules.handbook import run, unread
from ..rules.two import Two
from .cases import worst_first


def check(record: Record, profile: Profile | str | None = None) -> list[Finding]:
    """One form against the rules of its kind, worst first.

    profile: a Profile, the name of one, or a .toml file; by default the one the record's form names, as it
    stood in the record's year. A record that never was a sheet has its null scores and totals computed first,
    as its live formulas would. Raises UnknownForm or BadValue for a bad profile; never for what a form holds.
    """
    rules = profile_of(record, profile)
    looked_at = as_shown(record, rules) if is_scored(record) else record
    return list(worst_first([*run(kind_of(record).name, looked_at, rules, record), *unread(record)]))


def reconcile(declaration: Declaration, evaluation: Evaluation, profile: Profile | str | None = None) -> list[Finding]:
    """The two against each other, and the evaluation by itself, worst first.

    Of the declaration by itself only what is wrong or unreadable is told: it is approved, and not up for review.
    Parameters and errors as for check.
    """
    rules = profile_of(evaluation, profile)
    two = Two(declaration, as_shown(evaluation, rules), rules)
    told = [*run(PAIR, two, rules, declaration, evaluation), *check(evaluation, rules)]
    told += [finding for finding in check(declaration, profile or rules) if finding.level in (ERROR, UNDECIDED)]
    return list(worst_first(told))
