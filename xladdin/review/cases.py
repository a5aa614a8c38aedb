"""A review: the projects looked at, what was found in each, and what could not be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..domain.kinds import EVALUATION
from ..domain.profile import Profile
from ..domain.records import Record
from ..domain.scoring import UNDECIDED, shown_total
from ..errors import Place
from ..rules.finding import ERROR, LEVELS, Finding, severity
from ..rules.prose import name_of

_UNSURE = {"E-40", "E-42"}  # an amount may be in 元 or in 万元: neither its 执行率 nor what adds it up can be judged


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the file it was read from, if it was."""

    record: Record
    path: Path | None = None

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What makes two forms one project's: name, year, unit."""
        return name_of(self.record.project), self.record.year, name_of(self.record.unit)

    @property
    def name(self) -> str:
        """The name of its file; "" where it was read from none."""
        return self.path.name if self.path else ""

    @property
    def place(self) -> Place:
        """Its file, as findings name it."""
        return Place(file=self.name or None)

    def __str__(self) -> str:
        file = f"，{self.name}" if self.path else ""
        return f"“{self.record.project}”（{self.record.year or '年度不明'}{file}）"


@dataclass(frozen=True, slots=True)
class Case:
    """One project: a form, or a declaration with its evaluation, and the findings, worst first."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]

    @property
    def record(self) -> Record:
        """The form that was looked at; of a pair the declaration."""
        return self.entries[0].record

    @property
    def total(self) -> Decimal | str | None:
        """总分 of its evaluation, 待核 or 未填完; None where there is none."""
        evaluation = self.form(EVALUATION.name)
        if evaluation and self.unsure:
            return UNDECIDED
        return shown_total(evaluation) if evaluation else None

    @property
    def unsure(self) -> Finding | None:
        """What leaves open whether its money is in 元 or in 万元."""
        return next((finding for finding in self.findings if finding.code in _UNSURE), None)

    def form(self, kind: str) -> Any:
        """Its form of that kind, or None."""
        return next((entry.record for entry in self.entries if entry.record.kind == kind), None)

    def file(self, kind: str) -> Path | None:
        """The file of its form of that kind, if there is one."""
        return next((entry.path for entry in self.entries if entry.record.kind == kind), None)

    @property
    def files(self) -> list[Path]:
        """The files of its forms."""
        return [entry.path for entry in self.entries if entry.path]

    @property
    def counts(self) -> Counter:
        """How many findings of each level."""
        return Counter(finding.level for finding in self.findings)

    @property
    def rank(self) -> tuple:
        """Sort key: most errors first, then warnings, undecided and notes."""
        return rank_of(self.counts)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything one run looked at. `loose`: files that could not be read or have no counterpart.

    profiles: the rules the cases were judged by.
    """

    cases: tuple[Case, ...]
    loose: tuple[Finding, ...] = ()
    profiles: tuple[Profile, ...] = ()

    def findings(self) -> Iterator[tuple[Case | None, Finding]]:
        """Every finding with its case, loose ones (case None) last."""
        for case in self.cases:
            for finding in case.findings:
                yield case, finding
        for finding in self.loose:
            yield None, finding

    @property
    def counts(self) -> Counter:
        """How many findings of each level the projects have; loose ones apart."""
        return sum((case.counts for case in self.cases), Counter())

    @property
    def clean(self) -> bool:
        """Whether nothing at level error was found, in a project or a file."""
        return all(finding.level != ERROR for _, finding in self.findings())

    @property
    def verdict(self) -> str:
        """The one sentence that stands first."""
        if not self.cases:
            return "没有能核对的项目。" + self._apart
        counts = self.counts
        told = "，".join(f"{counts[level]} 处{name}" for level, name in LEVELS.items() if counts[level])
        bad = sum(1 for case in self.cases if case.counts[ERROR])
        if len(self.cases) == 1:
            looked, share = f"核对了“{self.cases[0].record.project}”", ""
        else:
            looked, share = f"核对了 {len(self.cases)} 个项目", f"，其中 {bad} 个项目有错误" if bad else ""
        found = f"{share}：{told}。错误要改正或说明" if bad else "：没有发现错误" + (f"，{told}" if told else "")
        return looked + found + "。" + self._apart

    @property
    def _apart(self) -> str:
        if not self.loose:
            return ""
        unread = sum(1 for finding in self.loose if finding.level == ERROR)
        bad = f"，其中 {unread} 个文件读不了" if unread else ""
        return f"另有 {len(self.loose)} 处文件的问题{bad}，列在最后。"


def rank_of(counts: Mapping[str, int]) -> tuple[int, ...]:
    """Sort key of counts by level: most errors first, then warnings, undecided and notes."""
    return tuple(-counts[level] for level in LEVELS)


def line_of(finding: Finding) -> str:
    """A finding on one line: its level, what is wrong and what to do."""
    return f"{LEVELS[finding.level]}  {finding.message}。{finding.advice}"


def told_of(finding: Finding) -> str:
    """Which files a loose finding speaks of, or what else."""
    places = finding.cells
    return "、".join(dict.fromkeys(map(str, places))) or finding.subject


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by level; within a level as they came."""
    return tuple(sorted(findings, key=lambda finding: severity(finding.level)))
