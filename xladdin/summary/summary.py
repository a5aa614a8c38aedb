"""What a summary holds, and the sentence that stands first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..domain.numbers import plain, round_half_up
from ..domain.scoring import EXACT, SCORE_PLACES
from ..rules.finding import ERROR, INFO
from .facts import Declared, Evaluated, Facts, Problem
from .years import Line

Rows = Sequence[Declared | Evaluated]


@dataclass(frozen=True, slots=True)
class Summary:
    """The year, or the years, of a folder: what was asked for, spent, scored and found, and each project's years."""

    facts: Facts
    lines: tuple[Line, ...]

    @property
    def declared(self) -> tuple[Declared, ...]:
        """The declarations, in the order of the index."""
        return self.facts.declared

    @property
    def evaluated(self) -> tuple[Evaluated, ...]:
        """The self-evaluations: the newest year first, in it those with most errors."""
        return self.facts.evaluated

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with files, worst first."""
        return self.facts.problems

    @property
    def years(self) -> list[int]:
        """Every year that is named, oldest first."""
        return sorted({row.year for row in (*self.declared, *self.evaluated)} - {None})

    @property
    def undated(self) -> int:
        """How many forms name no year."""
        return sum(row.year is None for row in (*self.declared, *self.evaluated))

    @property
    def title(self) -> str:
        """The workbook's title, with its years and, where there is only one, its unit."""
        units = {row.unit for row in (*self.declared, *self.evaluated)}
        whose = units.pop() if len(units) == 1 else None
        return f"{whose or ''}{said_years(self.years)}项目绩效汇总"

    @property
    def verdict(self) -> str:
        """The one sentence that stands first."""
        parts = [self._received(), *self._scores(), self._errors()]
        unread = sum(problem.level == ERROR for problem in self.problems)
        if unread:
            parts.append(f"{unread} 个文件读不了，没有列入")
        elif open_ones := sum(problem.level != INFO for problem in self.problems):
            parts.append(f"文件的问题有 {open_ones} 处")
        return "；".join(parts) + "。"

    def _received(self) -> str:
        told = [
            f"{name} {len(rows)} 张" for name, rows in (("申报表", self.declared), ("自评表", self.evaluated)) if rows
        ]
        return "共" + "、".join(told)

    def _scores(self) -> list[str]:
        scores = [row.score for row in self.evaluated if row.score is not None]
        if not scores:
            return ["自评还没有得分"] if self.evaluated else []
        mean = round_half_up(EXACT.divide(sum(scores), Decimal(len(scores))), SCORE_PLACES)
        grades = Counter(row.grade for row in self.evaluated)
        told = "、".join(f"{name} {grades[name]} 个" for name, _ in self.facts.grades if grades[name])
        open_ones = len(self.evaluated) - len(scores)
        left = f"，{open_ones} 个还没有得分" if open_ones else ""
        average = f"自评平均 {plain(mean)} 分" if len(scores) > 1 else f"自评得分 {plain(mean)} 分"
        return [f"{average}（{told}）{left}" if told else average + left]

    def _errors(self) -> str:
        counts = [row.counts[ERROR] for row in (*self.declared, *self.evaluated) if row.counts is not None]
        bad = [count for count in counts if count]
        return f"{len(bad)} 个项目有错误，共 {sum(bad)} 处，要改正或说明" if bad else "没有发现错误"

    @property
    def clean(self) -> bool:
        """Whether no project has an error and every file was read."""
        rows = [row for row in (*self.declared, *self.evaluated) if row.counts is not None]
        return not any(row.counts[ERROR] for row in rows) and not any(one.level == ERROR for one in self.problems)


def said_years(years: Sequence[int]) -> str:
    """2021年度, 2020—2024年度, or nothing."""
    if not years:
        return ""
    return f"{years[0]}年度" if len(years) == 1 else f"{years[0]}—{years[-1]}年度"
