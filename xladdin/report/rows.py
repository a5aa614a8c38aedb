"""A report as values: the .xlsx, the .html and a live sheet are all made of these."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from .. import __version__
from ..domain.kinds import DECLARATION, EVALUATION, KINDS, PAIR, Kind, kind_of
from ..errors import Place
from ..files import digest_of
from ..profiles import profile
from ..review.cases import Case, Review
from ..rules.finding import ERROR, INFO, LEVELS, UNDECIDED, WARNING, Finding, Rule, severity
from ..rules.handbook import rules_for, rules_used
from ..rules.prose import bare
from ..sheets.page import Link
from .columns import ALONE, AT_SIDE, FIELDS, FOR_THE_PROGRAM, HEADINGS, widths_of

SHEET = "核对结果"
NOTHING = "没有需要处理的问题"
MEANINGS = {
    ERROR: "要改正或说明",
    WARNING: "多半有误，请核实",
    UNDECIDED: "程序判断不了，请人工核对",
    INFO: "供参考",
}
NEW, STILL, GONE, UNSEEN = "新增", "仍在", "已消除", "本次未核对"
HANDLED = ("已改", "属实", "待查")
OF_ALL = "共 "  # begins the name of the project where a row is said of several
_BLANK = dict.fromkeys(("number", "status", "handled", "note"), "")  # of a finding not met before


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as it stands in the table. `key` tells it from the others, run after run.

    What the program asks of a row are its own fields; what is only shown stands in `shown`, by the column's field.
    status, handled and note are blank on a first run; handled (处理结果) and note (说明) are the clerk's.
    """

    key: str
    level: str
    code: str = ""
    project: str = ""
    expected: str = ""
    expected_at: str = ""
    actual: str = ""
    actual_at: str = ""
    message: str = ""
    status: str = ""
    handled: str = ""
    note: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    expected_link: Link | None = None
    actual_link: Link | None = None

    def texts(self, number: int) -> dict[str, str]:
        """The row by column, in their order, as the `number`th of its table."""
        own = {name: getattr(self, name) for name in FIELDS if name in _OWN}
        texts = {**self.shown, **own, "number": str(number), "level": LEVELS[self.level]}
        return {name: texts.get(name, "") for name in FIELDS}

    @property
    def links(self) -> dict[str, Link | None]:
        """The cell of each side, by the column of its value."""
        return {"expected": self.expected_link, "actual": self.actual_link}


_OWN = {each.name for each in fields(Row)}


def row_of(texts: Mapping[str, str], expected_link: Link | None = None, actual_link: Link | None = None) -> Row:
    """A row of its texts by column; `level` as the program calls it."""
    own: dict[str, Any] = {name: text for name, text in texts.items() if name in _OWN}
    shown = {name: text for name, text in texts.items() if name not in _OWN}
    return Row(**own, shown=shown, expected_link=expected_link, actual_link=actual_link)


class Group(NamedTuple):
    """The rows that stand together: a project's; or, with no case, those of all (`name` says so) or of files ("")."""

    case: Case | None
    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Report:
    """A review ready to be shown: its rows by project, the worst first, and what its head says.

    once: the rows that one row of all stands for, by its key.
    """

    review: Review
    rows: tuple[Row, ...]
    files: Mapping[Path, str]  # SHA-256 of every source file, "" where it is no longer there
    made: dt.datetime
    rerun: bool = False
    once: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    version = __version__

    @property
    def rules(self) -> list[tuple[str, Rule]]:
        """The handbook: what holds under the rules this review was judged by, else under the usual ones."""
        return rules_used(self.review.profiles or (profile(),))

    @property
    def several(self) -> bool:
        """Whether the project of a row has to be said."""
        return len(self.review.cases) > 1 or len({row.project for row in self.rows}) > 1

    @property
    def kinds(self) -> list[Kind]:
        """The kinds whose files are listed: those that were looked at."""
        there = {entry.record.kind for case in self.review.cases for entry in case.entries}
        return [kind for kind in KINDS.values() if kind.name in there]

    @property
    def headings(self) -> dict[str, str]:
        """The heading of each column: no other form is spoken of where each was checked by itself."""
        return HEADINGS if any(len(case.entries) > 1 for case in self.review.cases) else HEADINGS | ALONE

    @property
    def hidden(self) -> set[str]:
        """The fields of the columns that tell a reader nothing here."""
        hidden = FOR_THE_PROGRAM | (set() if self.several else {"project"}) | (set() if self.rerun else {"status"})
        for name in ("difference", *AT_SIDE, *AT_SIDE.values()) if self.rows else ():
            if not any(getattr(row, name, None) or row.shown.get(name) for row in self.rows):
                hidden.add(name)
        return hidden

    @property
    def widths(self) -> dict[str, float]:
        """The width of every column that is shown, by its field."""
        return widths_of(self.hidden)

    @property
    def ranked(self) -> list[tuple[Case, str]]:
        """The cases with the names of their projects, worst first."""
        return sorted(zip(self.review.cases, names_of(self.review), strict=True), key=lambda pair: pair[0].rank)

    @property
    def groups(self) -> Iterator[Group]:
        """The rows as they stand together, each project once; one without rows has none."""
        by_name: dict[str, list[Row]] = {}
        for row in self.rows:
            by_name.setdefault(row.project, []).append(row)
        for case, name in self.ranked:
            yield Group(case, name, by_name.pop(name, []))
        for name, rows in by_name.items():
            yield Group(None, name, rows)

    @property
    def sources(self) -> list[str]:
        """The names of the source files."""
        return [f"{path.name}{'' if digest else '（读不到）'}" for path, digest in self.files.items()]

    @property
    def told(self) -> dict[str, str]:
        """How many findings of each level, and what that means."""
        return {level: f"{name} {self.review.counts[level]} 处 · {MEANINGS[level]}" for level, name in LEVELS.items()}

    @property
    def stamp(self) -> str:
        """When and by what it was made."""
        return f"{self.made:%Y-%m-%d %H:%M} 由 xladdin {self.version} 生成"


def report_of(review: Review, previous: Mapping[str, Row] | None = None) -> Report:
    """The report of a review. `previous`: the rows of the last run by key; its 处理结果 and 说明 are kept."""
    rows, examined = _rows(review)
    if previous is not None:
        rows = list(_continued(rows, previous, examined))
    paths = dict.fromkeys(path for case in review.cases for path in case.files)
    files = {path: digest_of(path) for path in paths}
    report = Report(review, (), files, dt.datetime.now(), previous is not None)
    return in_order(report, rows)


def in_order(report: Report, rows: Iterable[Row], **more: Any) -> Report:
    """The report with these rows: by project, the worst one first, in it the gravest first and what is gone last;
    then what is said of all, and at last what is wrong with files."""
    names = {name: number for number, (_, name) in reversed(list(enumerate(report.ranked)))}
    other = len(names)

    def rank(row: Row) -> tuple:
        apart = other + (1 if row.project.startswith(OF_ALL) else 0 if row.project else 2)
        return names.get(row.project, apart), row.status in (GONE, UNSEEN), severity(row.level)

    return replace(report, rows=tuple(sorted(rows, key=rank)), **more)


def _continued(rows: Sequence[Row], previous: Mapping[str, Row], examined: set[str]) -> Iterator[Row]:
    for row in rows:
        old = previous.get(row.key)
        status = STILL if old and old.status != GONE else NEW
        yield replace(row, status=status, handled=old.handled if old else "", note=old.note if old else "")
    present = {row.key for row in rows}
    for key, old in previous.items():
        if key not in present:
            yield replace(old, status=_left_status(old, examined))


def _left_status(old: Row, examined: set[str]) -> str:
    """已消除 only where this run looked at the project again; what was gone stays gone."""
    if old.status == GONE or old.key.partition("-")[0] in examined:
        return GONE
    return UNSEEN


def _rows(review: Review) -> tuple[list[Row], set[str]]:
    """The rows, and what was examined: the first part of the key of every project and file that was read."""
    identities = [(bare(case.record.project).casefold(), case.record.year, _form(case)) for case in review.cases]
    same = Counter(identities)
    seen: Counter = Counter()
    rows: list[Row] = []
    examined: set[str] = set()
    for case, name, told in zip(review.cases, names_of(review), identities, strict=True):
        # two units run projects of one name: what was said of one is not said of the other
        identity = (*told, bare(case.record.unit)) if same[told] > 1 else told
        examined.add(hashed(identity))
        examined |= {hashed((path.name,)) for path in case.files}
        rows += [_row(_key(finding, identity, seen), case, name, finding) for finding in case.findings]
    for finding in review.loose:
        files = tuple(place.file for place in finding.cells)
        rows.append(_row(_key(finding, files, seen), None, "", finding))
    return rows, examined


def _key(finding: Finding, identity: tuple, seen: Counter) -> str:
    """What stays the same of a finding when rows move and figures change: whose it is, and what it says."""
    told = (finding.code, identity, bare(finding.subject))
    seen[told] += 1
    return f"{hashed(identity)}-{hashed((told, seen[told]))}"


def hashed(value: tuple) -> str:
    """Twelve digits that tell this value from others."""
    return hashlib.blake2b(repr(value).encode("utf-8", "replace"), digest_size=6).hexdigest()


def names_of(review: Review) -> list[str]:
    """What to call the project of each case: with year, unit, form or file where the name alone does not tell it."""
    names = [case.record.project for case in review.cases]
    for tell in (lambda case: case.record.year, lambda case: case.record.unit, _form, _file):
        told = [tell(case) for case in review.cases]
        choices: dict[str, set] = {}
        for name, one in zip(names, told, strict=True):
            choices.setdefault(name, set()).add(one)
        names = [
            f"{name}（{one}）" if one and len(choices[name]) > 1 else name
            for name, one in zip(names, told, strict=True)
        ]
    return names


def _file(case: Case) -> str:
    return case.entries[-1].name


def _form(case: Case) -> str:
    """The kind of the one form that was looked at, "" for a pair."""
    return kind_of(case.record).label if len(case.entries) == 1 else ""


def _row(key: str, case: Case | None, name: str, finding: Finding) -> Row:
    (expected, expected_file), (actual, actual_file) = _sides(case, finding)
    told = _BLANK | {
        "key": key,
        "project": name,
        "expected_at": _address(expected, case is None),
        "actual_at": _address(actual, case is None),
    }
    told |= {name: getattr(finding, name) or "" for name in FIELDS if name not in told}
    return row_of(told, expected_link=_link(expected, expected_file), actual_link=_link(actual, actual_file))


Side = tuple[tuple[Place, ...], Path | None]


def _sides(case: Case | None, finding: Finding) -> tuple[Side, Side]:
    """The cells and file of what should be and of what is there. A form looked at alone has only the latter."""
    kinds = (DECLARATION.name, EVALUATION.name) if finding.code in _pair_codes() else tuple(finding.places)
    nothing: Side = ((), None)
    sides: list[Side] = [(finding.places.get(kind, ()), case.file(kind) if case else None) for kind in kinds]
    expected, actual = [nothing] * (2 - len(sides)) + sides
    return expected, actual


@cache
def _pair_codes() -> frozenset[str]:
    return frozenset(rule.code for rule in rules_for(PAIR))


def _address(places: tuple[Place, ...], with_file: bool) -> str:
    if not places:
        return ""
    first = str(places[0]) if with_file else str(replace(places[0], file=None)) or str(places[0])
    return f"{first} 等 {len(places)} 处" if len(places) > 1 else first


def _link(places: tuple[Place, ...], file: Path | None) -> Link | None:
    return Link(file, places[0].sheet, places[0].cell) if places and file else None
