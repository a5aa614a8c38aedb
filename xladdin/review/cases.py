"""A review: the projects looked at, what was found in each, and what could not be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..domain.records import Declaration, Evaluation
from ..rules.finding import ERROR, LEVELS, Finding, severity


@dataclass(frozen=True, slots=True)
class Case:
    """One project: its declaration, its evaluation or both, the file of each, and the findings, worst first."""

    declaration: Declaration | None
    evaluation: Evaluation | None
    findings: tuple[Finding, ...]
    declared_file: Path | None = None
    evaluated_file: Path | None = None

    @property
    def record(self) -> Declaration | Evaluation:
        """The declaration, or the evaluation where there is no declaration."""
        return self.declaration or self.evaluation

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
    """Everything one run looked at. `loose`: files that could not be read or have no counterpart."""

    cases: tuple[Case, ...]
    loose: tuple[Finding, ...] = ()

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
    places = (*finding.declared, *finding.evaluated)
    return "、".join(dict.fromkeys(map(str, places))) or finding.subject


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by level; within a level as they came."""
    return tuple(sorted(findings, key=lambda finding: severity(finding.level)))
