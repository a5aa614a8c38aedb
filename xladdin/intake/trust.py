"""Which figures of a record arithmetic proves: read from different cells, they fit together, and need not be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..domain.kinds import is_scored
from ..domain.numbers import round_half_up
from ..domain.records import TOTAL_LINE, Declaration, Evaluation, Record
from ..domain.scoring import execution_rate

_COLUMNS = ("initial", "budget", "executed")


def proven(record: Record) -> frozenset[str]:
    """The fields whose figures are proven: parts that make up their total, points that come to 100, 执行率."""
    found: set[str] = set()
    if isinstance(record, Declaration):
        found.update(_of_funds(record))
    if is_scored(record):
        found.update(_of_budget(record))
        found.update(_of_points(record))
    return frozenset(found)


def _sums(total: Decimal | None, parts: Iterable[Decimal | None]) -> bool:
    there = [part for part in parts if part is not None]
    return total is not None and bool(there) and bool(total) and sum(there, Decimal(0)) == total


def _of_funds(record: Declaration) -> Iterator[str]:
    """项目资金总额 = 财政资金 + 其他资金; 年度资金申请总额 = its three parts."""
    for whole, parts in (
        ("total", ("fiscal", "other")),
        ("annual_total", ("annual_fiscal", "annual_carryover", "annual_other")),
    ):
        if _sums(getattr(record.funds, whole), (getattr(record.funds, part) for part in parts)):
            yield from (f"funds.{name}" for name in (whole, *parts) if getattr(record.funds, name) is not None)


def _of_budget(record: Evaluation) -> Iterator[str]:
    """年度资金总额 = its parts, column by column; 执行率 = 全年执行数 ÷ 全年预算数; 得分 = 分值 × 执行率."""
    at = {line.item: number for number, line in enumerate(record.budget)}
    whole = record.line(TOTAL_LINE)
    for column in _COLUMNS if whole else ():
        parts = [getattr(line, column) for line in record.budget if line.item != TOTAL_LINE]
        if _sums(getattr(whole, column), parts):
            for item, number in at.items():
                if getattr(record.budget[number], column) is not None:
                    yield f"budget[{at[item]}].{column}"
    for number, line in enumerate(record.budget):
        if line.rate is None or line.executed is None or not line.budget:
            continue
        if execution_rate(line.executed, line.budget) == line.rate:
            yield from (f"budget[{number}].{name}" for name in ("budget", "executed", "rate"))
            if line.weight is not None and line.score is not None:
                due = round_half_up(min(line.rate, Decimal(1)) * line.weight, 2)
                yield from (f"budget[{number}].{name}" for name in ("weight", "score") if line.score == due)


def _of_points(record: Evaluation) -> Iterator[str]:
    """Σ 分值 = 总分值, or 100; Σ 得分 = 总分."""
    for column, total, whole in (("weight", record.total_weight, Decimal(100)), ("score", record.total_score, None)):
        rows = [*record.budget, *record.indicators]
        if any(getattr(row, column) is None for row in record.indicators) or not record.indicators:
            continue
        points = sum((getattr(row, column) or Decimal(0) for row in rows), Decimal(0))
        if points == (whole if total is None else total):
            for name, lines in (("budget", record.budget), ("indicators", record.indicators)):
                for number, line in enumerate(lines):
                    if getattr(line, column) is not None:
                        yield f"{name}[{number}].{column}"
            yield f"total_{column}"
