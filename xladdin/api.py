"""Where the public functions stand that join several rooms."""

from __future__ import annotations

from decimal import Decimal

from .domain import rollforward, scoring
from .domain.profile import Profile
from .domain.records import Declaration, Evaluation
from .domain.target import Target
from .errors import UnknownForm
from .form.catalogue import find_form, forms, profile_of
from .profiles import profile as find_profile


def score(
    target: str | Target | None, actual: object, weight: object, profile: Profile | str | None = None
) -> Decimal | None:
    """得分 of one indicator in points, ROUND_HALF_UP to 2 places, between 0 and `weight`; None when undecided.

    As domain.scoring.score, by the rules of `profile`: a Profile or its name (default 上海: the platform's formulas).
    """
    return scoring.score(target, actual, weight, profile if isinstance(profile, Profile) else find_profile(profile))


def self_evaluation(declaration: Declaration, form: str | None = None) -> Evaluation:
    """Roll a declaration forward into the self-evaluation of its year, ready for a clerk to fill in.

    `form` defaults to the 自评表 that the declaration's form names, else the newest for its year and unit.
    Weights in points sum, with the execution's, to exactly 100. Raises UnknownForm.
    """
    chosen = find_form(form or _successor(declaration))
    if chosen.kind != Evaluation.kind:
        raise UnknownForm(f"{chosen.name}不是自评表", advice="请选择自评表")
    return rollforward.self_evaluation(declaration, chosen.name, profile_of(declaration, form=chosen))


def _successor(declaration: Declaration) -> str:
    known = {form.name: form for form in forms()}
    named = known[declaration.form].successor if declaration.form in known else None
    if named:
        return named
    fitting = [form for form in known.values() if form.kind == Evaluation.kind]
    same = [form for form in fitting if form.money_unit == declaration.money_unit]
    if not fitting:
        raise UnknownForm("没有自评表的模板", advice="请检查模板文件夹")
    return (same or fitting)[-1].name
