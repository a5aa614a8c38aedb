"""Where the public functions stand that join several rooms."""

from __future__ import annotations

from decimal import Decimal

from .domain import rollforward, scoring
from .domain.profile import Profile
from .domain.records import Declaration, Evaluation
from .domain.target import Target
from .errors import UnknownForm
from .form.catalogue import find_form, form_named, profile_of, usual_form
from .profiles import profile as find_profile


def score(
    target: str | Target | None,
    actual: object,
    weight: object,
    profile: Profile | str | None = None,
    year: int | None = None,
) -> Decimal | None:
    """得分 of one indicator in points, ROUND_HALF_UP to 2 places, between 0 and `weight`; None when undecided.

    As domain.scoring.score, by the rules of `profile`: a Profile or its name (default 上海: the platform's formulas).
    year: the form's, for a deadline that names none.
    """
    rules = profile if isinstance(profile, Profile) else find_profile(profile)
    return scoring.score(target, actual, weight, rules, year)


def self_evaluation(declaration: Declaration, form: str | None = None) -> Evaluation:
    """Roll a declaration forward into the self-evaluation of its year, ready for a clerk to fill in.

    `form` defaults to the 自评表 that the declaration's form names, else the one usual for its year.
    Weights in points sum, with the execution's, to exactly 100. Raises UnknownForm.
    """
    own = form_named(declaration.form)
    named = form or (own and own.successor)
    chosen = find_form(named) if named else usual_form(Evaluation.kind, declaration.year, profile_of(declaration))
    if chosen.kind != Evaluation.kind:
        raise UnknownForm(f"{chosen.name}不是自评表", advice="请选择自评表")
    return rollforward.self_evaluation(declaration, chosen.name, profile_of(declaration, form=chosen))
