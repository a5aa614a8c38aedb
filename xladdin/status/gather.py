"""Forms, ledger and earlier reports brought together: where every project stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.kinds import DECLARATION, EVALUATION
from ..domain.naming import name_key
from ..domain.profile import Profile
from ..domain.records import Declaration
from ..domain.scoring import is_untouched
from ..errors import Place, RefusedFile
from ..ledger.listed import Listed, projects_listed
from ..report.covered import Covered, reports_in
from ..report.rows import Row, names_of, report_of
from ..review.cases import Case, Entry, Review
from ..review.judging import judge, known, profiles_of
from ..review.pairing import copies, filled_in, near, of_kind, pair_up
from ..review.reading import nothing, read_entries
from ..rules.finding import ERROR, Finding
from ..rules.handbook import CRASHED
from .states import (
    ABSENT,
    AGAIN,
    CHASED,
    FILLED,
    HALF,
    UNTOUCHED,
    WRONG,
    Standing,
    Status,
    in_order,
    state_of,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

TRUE = "属实"  # the 处理结果 that settles an error
_UNFILLED = "E-38"  # the rule that says in words what is still blank


@dataclass(frozen=True, slots=True)
class _Project:
    """What was handed in for one project: every copy of its declaration and of its evaluation.

    A project that only the ledger has stands as a declaration without a file.
    """

    declared: tuple[Entry, ...] = ()
    evaluated: tuple[Entry, ...] = ()
    handler: str | None = None

    @property
    def first(self) -> Entry:
        """The form by which it is known."""
        return (self.declared or self.evaluated)[0]

    @property
    def different(self) -> tuple[Entry, ...]:
        """Its evaluations, equal copies once, without those nobody filled in beside others."""
        filled = filled_in(self.evaluated)
        return tuple(filled[:1] if _same(filled) else filled)

    @property
    def groups(self) -> list[tuple[Entry, ...]]:
        """What is to be judged: each evaluation that somebody worked on, with the declaration where that is clear."""
        clear = self.declared[:1] if self.first.path and _same(self.declared) else ()
        return [(*clear, one) for one in self.different if not is_untouched(_form(one))]


def status_of(
    paths: Sequence[Path],
    ledger: Sequence[Listed] | Path | None = None,
    checked: Sequence[Path] = (),
    profile: Profile | str | None = None,
    workers: int = 1,
    beside: Sequence[Path] = (),
    executor: Executor | None = None,
) -> Status:
    """Where every project of the files and folders, and of the ledger, stands.

    paths: declarations and evaluations, wherever each lies. ledger: a file, or the projects one lists. checked:
    reports of a cross-check; others are looked for in the folders, beside them and beside the ledger, and in `beside`.
    profile: as for check; workers, executor: as for review_pairs. Raises NotAForm where there is no project at all,
    RefusedFile for a path that is none, UnknownForm or BadValue for a bad profile, LedgerError for what is no ledger.
    """
    known(profile)
    for path in paths:
        if not path.exists():
            raise RefusedFile("没有这个文件或文件夹", Place(file=str(path)), "请检查路径")
    listed = projects_listed(ledger) if isinstance(ledger, Path) else ledger or ()
    places = [*paths, *(path.absolute().parent for path in paths), *beside]
    places += [ledger.absolute().parent] if isinstance(ledger, Path) else []
    reports = reports_in([place for place in places if place.is_dir()], checked)
    entries, loose = read_entries(paths, workers, executor)
    projects = _with_ledger(_projects(entries), listed)
    if not projects:
        raise nothing(loose, "没有读到申报表或自评表，也没有台账里的项目")
    cases = judge([group for project in projects for group in project.groups], profile, workers, executor)
    judged = _Judged(Review(cases, (), profiles_of(cases, profile)), reports)
    lone = [one for project in projects if not project.declared for one in project.evaluated]
    unread = [finding.subject for finding in loose if finding.level == ERROR]
    standings = [_standing(project, judged, lone, unread) for project in projects]
    return Status(in_order(standings), tuple(loose), tuple(report.path for report in reports))


def _projects(entries: Sequence[Entry]) -> list[_Project]:
    """The forms of each project together: by project, year and unit as for a cross-check, copies with each other."""
    ones, others = (
        {id(group[0]): tuple(group) for group in copies(of_kind(entries, kind))} for kind in (DECLARATION, EVALUATION)
    )
    pairs, _ = pair_up([group[0] for group in ones.values()], [group[0] for group in others.values()])
    found = [_Project(ones.pop(id(one)), others.pop(id(other))) for one, other in pairs]
    return [*found, *(_Project(group) for group in ones.values()), *(_Project((), group) for group in others.values())]


def _with_ledger(projects: Sequence[_Project], listed: Sequence[Listed]) -> list[_Project]:
    """The projects with their 经办人, and those only the ledger has."""
    rows = [Entry(Declaration(project=one.project, year=one.year, unit=one.unit)) for one in listed]
    handlers = {id(row): one.handler for row, one in zip(rows, listed, strict=True)}
    pairs, _ = pair_up(rows, [project.first for project in projects])
    whose = {id(form): handlers.pop(id(row)) for row, form in pairs}
    found = [_Project(one.declared, one.evaluated, whose.get(id(one.first))) for one in projects]
    return found + [_Project((row,), (), handlers[id(row)]) for row in rows if id(row) in handlers]


class _Judged:
    """What was found in every form that was looked at, and what the reports say of it."""

    def __init__(self, review: Review, reports: Sequence[Covered]):
        self.reports = reports
        before: dict[str, Row] = {}
        for report in reversed(reports):  # the oldest first: what a newer one answers counts
            before |= {key: row for key, row in report.rows.items() if row.handled or key not in before}
        made = report_of(review, before)
        self.digests = made.files
        self.settled = {(row.project, row.message) for row in made.rows if row.handled == TRUE}
        self.cases = {
            _identity(case.entries[-1]): (case, name) for case, name in zip(review.cases, names_of(review), strict=True)
        }

    def errors(self, case: Case, name: str) -> list[Finding]:
        """The errors of a project that the clerk has not answered with 属实."""
        return [one for one in case.findings if one.level == ERROR and (name, one.message) not in self.settled]

    def seen(self, files: Sequence[Path]) -> tuple[bool | None, Covered | None]:
        """Whether the files stand as in a report that covers them all, and which; else the newest that covers them."""
        last: Covered | None = None
        for report in self.reports:
            told = [report.covers(path, self.digests.get(path, "")) for path in files]
            if all(told):
                return True, report
            last = last or (None if None in told else report)
        return (None if last is None else False), last


def _standing(project: _Project, judged: _Judged, lone: Sequence[Entry], unread: Sequence[str]) -> Standing:
    record = project.first.record
    told = [_handed_in(one, judged) for one in project.different] or [_absent(project, lone, unread)]
    state, missing, checked = min(told, key=lambda one: CHASED.index(one[0]))
    words = "；".join(filter(None, (missing, *_remarks(project))))
    declared, evaluated = (
        tuple(one.path for one in side if one.path) for side in (project.declared, project.evaluated)
    )
    return Standing(
        record.year, record.project, record.unit, project.handler, state, words, declared, evaluated, checked
    )


def _handed_in(entry: Entry, judged: _Judged) -> tuple[str, str, str]:
    """State, what is missing in words, and when it was cross-checked last, of one evaluation."""
    if _identity(entry) not in judged.cases:
        return UNTOUCHED, "整张都没有填", ""
    case, name = judged.cases[_identity(entry)]
    errors = judged.errors(case, name)
    unsure = [one.message for one in case.findings if one.code == CRASHED]
    unchanged, report = (None, None) if unsure else judged.seen(case.files)
    checked = f"{report.made}（{report.path.name}）" if report else ""
    state = state_of(_form(entry), len(errors), unchanged)
    return state, unsure[0] if unsure and state == FILLED else _missing(state, errors, checked), checked


def _missing(state: str, errors: Sequence[Finding], checked: str) -> str:
    if state == HALF:
        blank = [one.message.partition("：")[2] for one in errors if one.code == _UNFILLED]
        others = len(errors) - len(blank)
        return (blank or ["还没有填完"])[0] + (f"；另有 {others} 处错误" if others else "")
    if state == WRONG:
        more = f"；等共 {len(errors)} 处错误" if len(errors) > 1 else ""
        return errors[0].message + more
    if state == AGAIN:
        return f"{checked.partition('（')[0]} 核对以后又改过"
    return "还没有核对" if state == FILLED else ""


def _absent(project: _Project, lone: Sequence[Entry], unread: Sequence[str]) -> tuple[str, str, str]:
    """What is said of a project without an evaluation; a file that may be it is named."""
    missing = "没有交自评表" if project.first.path else "申报表、自评表都没有交"
    key = name_key(project.first.record.project)
    bad = "、".join(name for name in unread if key and key in name_key(name))
    return ABSENT, missing + near(project.first, lone) + (f"；{bad} 读不了，可能就是它" if bad else ""), ""


def _remarks(project: _Project) -> Iterator[str]:
    """What is said of a form handed in more than once, and of an evaluation without a declaration."""
    for entries, label in ((project.declared, "申报表"), (project.evaluated, "自评表")):
        filled = filled_in(entries)
        if len(filled) > 1:
            how = "内容相同，只算一份" if _same(filled) else "重复，内容不同，请只留一份"
            yield f"{label}交了 {len(filled)} 份（{'、'.join(_names(filled))}），{how}"
        if blank := [entry for entry in entries if entry not in filled]:
            yield f"还有没填过的 {'、'.join(_names(blank))}，没有算"
    if not project.declared:
        yield "没有找到它的申报表"


def _names(entries: Sequence[Entry]) -> Iterable[str]:
    names = [entry.name for entry in entries]
    paths = (entry.path or Path() for entry in entries)
    return [str(Path(*path.parts[-2:])) if names.count(path.name) > 1 else path.name for path in paths]


def _same(entries: Sequence[Entry]) -> bool:
    return all(entry.record == entries[0].record for entry in entries)


def _identity(entry: Entry) -> tuple:
    """What tells a form from all others, whichever process judged it."""
    source = entry.record.source
    return entry.path, entry.key, source and source.cells.get("project")


def _form(entry: Entry) -> Any:
    return entry.record
