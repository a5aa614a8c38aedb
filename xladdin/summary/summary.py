"""What a summary holds, and the sentence that stands first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..domain import scoring
from ..domain.judging import EXACT
from ..domain.numbers import plain, round_half_up
from ..domain.scoring import SCORE_PLACES, UNFILLED
from ..rules.finding import ERROR, INFO, UNDECIDED
from .aims import Aim
from .facts import Declared, Evaluated, Facts, Problem, key_of
from .indicators import Detail
from .years import Line


@dataclass(frozen=True, slots=True)
class Summary:
    """The year, or the years, of a folder: what was asked for, spent, scored and found.

    lines: each project's years; details: every indicator; aims: those of projects that have several years.
    """

    facts: Facts
    lines: tuple[Line, ...]
    details: tuple[Detail, ...]
    aims: tuple[Aim, ...] = ()

    @property
    def declared(self) -> tuple[Declared, ...]:
        """The declarations, in the order of the index."""
        return self.facts.declared

    @property
    def evaluated(self) -> tuple[Evaluated, ...]:
        """The self-evaluations: the newest year first, in it those with most errors."""
        return self.facts.evaluated

    @property
    def rows(self) -> tuple[Declared | Evaluated, ...]:
        """All of them, those already accounted for first."""
        return (*self.evaluated, *self.declared)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with files, worst first."""
        return self.facts.problems

    @property
    def years(self) -> list[int]:
        """Every year that is named, oldest first."""
        return sorted({row.year for row in self.rows if row.year is not None})

    @property
    def undated(self) -> int:
        """How many forms name no year."""
        return sum(row.year is None for row in self.rows)

    @property
    def title(self) -> str:
        """The workbook's title, with its years and, where there is only one, its unit."""
        units = {row.unit for row in self.rows}
        whose = (units.pop() if len(units) == 1 else None) or ""
        when = said_years(self.years)
        space = " " if when and whose[-1:].isdigit() else ""
        return f"{whose}{space}{when}项目绩效汇总"

    @property
    def verdict(self) -> str:
        """The one sentence that stands first."""
        parts = [self._received(), *self._scores(), *self._errors()]
        if unread := self._unread:
            parts.append(f"{unread} 个文件读不了，没有列入")
        if unclear := self.facts.unclear:
            parts.append(f"{unclear} 个项目有内容不同的几份，没有列入")
        others = sum(problem.level not in (ERROR, UNDECIDED, INFO) for problem in self.problems)
        if others and not unread:
            parts.append(f"文件的问题{'另' if unclear else ''}有 {others} 处")
        return "；".join(parts) + "。"

    @property
    def _unread(self) -> int:
        return sum(problem.level == ERROR for problem in self.problems)

    def _received(self) -> str:
        told = [
            f"{name} {len(rows)} 张" for name, rows in (("申报表", self.declared), ("自评表", self.evaluated)) if rows
        ]
        return "共" + "、".join(told) if told else "没有可以汇总的表"

    def _scores(self) -> list[str]:
        scores = [row.score for row in self.evaluated if row.score is not None]
        if not scores:
            return ["自评还没有得分"] if self.evaluated else []
        mean = round_half_up(EXACT.divide(sum(scores, Decimal(0)), Decimal(len(scores))), SCORE_PLACES)
        grades = Counter(row.grade for row in self.evaluated)
        told = "、".join(f"{name} {grades[name]} 个" for name, _ in self.facts.grades if grades[name])
        pending = Counter(row.pending or UNFILLED for row in self.evaluated if row.score is None)
        left = "".join(f"，{pending[name]} 个{name}" for name in (scoring.UNDECIDED, UNFILLED) if pending[name])
        average = f"自评平均 {plain(mean)} 分" if len(scores) > 1 else f"自评得分 {plain(mean)} 分"
        return [f"{average}（{told}）{left}" if told else average + left]

    def _errors(self) -> list[str]:
        """How many projects have errors, each counted once however many years it has."""
        if not self.rows:
            return []
        found = sum(row.counts[ERROR] for row in self.rows if row.counts is not None)
        if not found:
            return [f"{'列入的表' if self._unread or self.facts.unclear else ''}没有发现错误"]
        wrong = [line for line in self.lines if any(facts.errors for facts in line.facts)]
        others = self.facts.undated_wrong - {key_of(facts) for line in wrong for facts in line.facts}
        return [f"{len(wrong) + len(others)} 个项目有错误，共 {found} 处，要改正或说明"]

    @property
    def clean(self) -> bool:
        """Whether no project has an error, every file was read and none left out because its copies differ."""
        wrong = any(row.counts[ERROR] for row in self.rows if row.counts is not None)
        return not (self._unread or self.facts.unclear or wrong)


def said_years(years: Sequence[int]) -> str:
    """2021年度, 2020—2024年度, or nothing."""
    if not years:
        return ""
    return f"{years[0]}年度" if len(years) == 1 else f"{years[0]}—{years[-1]}年度"
