"""What a rule is, what it yields, and the finding a clerk sees."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..domain.profile import Profile
from ..errors import Place

ERROR, WARNING, UNDECIDED, INFO = "error", "warning", "undecided", "info"
LEVELS = {ERROR: "错误", WARNING: "警告", UNDECIDED: "无法判定", INFO: "提示"}  # worst first

ANY = ""  # a place in a file of which nobody knows what form it is


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule yields. `at` and `declared` name fields (`indicators[3].target`).

    In a pair `at` is the evaluation's side and `declared` the declaration's; elsewhere only `at` is used.
    subject: whose figure it is (an indicator, a fund line); level and advice default to the rule's.
    """

    message: str
    at: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    difference: str | None = None
    subject: str = ""
    level: str | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree, or that cannot be judged.

    code: the rule's; level: error, warning, info or undecided; message: one Chinese sentence with the
    figures in it; expected, actual, difference: as printed, None where there is no figure; places: its cells
    by the kind of form they stand on (ANY where that is not known), the declaration's side first, the telling cell
    of each first; basis: 文号 or the rule's reason.
    """

    code: str
    title: str
    level: str
    message: str
    expected: str | None = None
    actual: str | None = None
    difference: str | None = None
    subject: str = ""
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict, hash=False)
    basis: str = ""
    advice: str = ""
    trace: str = field(default="", compare=False, repr=False)  # of a rule that crashed; for the log only

    @property
    def cells(self) -> tuple[Place, ...]:
        """All its cells."""
        return tuple(place for cells in self.places.values() for place in cells)

    @property
    def where(self) -> list[dict[str, Any]]:
        """Its cells, the declaration's first: `{"file", "sheet", "cell"}`, of a document `{"file", "page", "row"}`."""
        return [place.to_dict() for place in self.cells]

    @property
    def check(self) -> str:
        """What was checked, and of what."""
        return f"{self.title}：{self.subject}" if self.subject else self.title

    def to_dict(self) -> dict[str, Any]:
        """As JSON: amounts and scores are text, `where` the places, the declaration's side first."""
        names = ("code", "title", "level", "subject", "message", "expected", "actual", "difference")
        return {name: getattr(self, name) for name in names} | {
            "where": self.where,
            "basis": self.basis,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: `says` is its docstring; wrong → right its example; `check(subject, profile)` yields Found.

    The room it stands in says which kind of form it looks at; profiles, years: where alone it holds (rule()).
    habit: it speaks of a way of filling in, or a unit of money, that all forms of a unit tend to share.
    """

    code: str
    title: str
    level: str
    basis: str
    advice: str
    wrong: str
    right: str
    says: str
    check: Callable[[Any, Any], Iterator[Found]]
    profiles: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    habit: bool = False

    def applies(self, profile: Profile, year: int | None) -> bool:
        """Whether it holds under that profile for a form of that year; an unknown year rules nothing out."""
        first, last = self.years
        here = not self.profiles or not set(self.profiles).isdisjoint(profile.lineage)
        return here and (year is None or (first or year) <= year <= (last or year))

    def under(self, profile: Profile) -> Rule:
        """The rule in the words that hold under the profile: its own basis where it has one, its figures put in."""
        figures, basis = profile.figures, profile.basis.get(self.code, self.basis)
        said = {name: getattr(self, name).format_map(figures) for name in ("says", "advice", "wrong", "right")}
        return replace(self, basis=basis.format_map(figures), **said)


def rule(
    code: str,
    title: str,
    level: str,
    *,
    basis: str,
    advice: str,
    wrong: str,
    right: str,
    profiles: tuple[str, ...] = (),
    years: tuple[int | None, int | None] = (None, None),
    habit: bool = False,
) -> Callable[[Callable[[Any, Any], Iterator[Found]]], Rule]:
    """Make a Rule of the function below it.

    basis: its reason wherever the profile gives no other ([basis] of the .toml); the texts, the docstring too, may
    name the profile's figures: {execution}, {weights}, {over_must}. profiles: the regions it holds in, with all that
    build on them; years: the first and last year, None for no end. Where neither is given it holds everywhere.
    habit: what it finds stands on nearly every form where it stands on one, and is told once for a folder.
    """

    def made(check: Callable[[Any, Any], Iterator[Found]]) -> Rule:
        says = inspect.getdoc(check) or ""
        return Rule(code, title, level, basis, advice, wrong, right, says, check, profiles, years, habit)

    return made


def severity(level: str) -> int:
    """Sort key: 0 for errors, rising as it matters less."""
    return list(LEVELS).index(level)
