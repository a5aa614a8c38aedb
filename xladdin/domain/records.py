"""The records a workbook is read into and filled from (绩效目标申报表, 绩效自评表)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from decimal import Decimal
from typing import Any, ClassVar

from ..errors import Place
from .numbers import decimal_of

LONGEST_QUOTE = 80  # characters of a cell that a message repeats
TOTAL_LINE = "年度资金总额"
BUDGET_ITEMS = (TOTAL_LINE, "当年财政拨款", "上年结转资金", "其他资金")
Amounts = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]  # in the order of BUDGET_ITEMS


def shortened(text: str) -> str:
    """A text as a message quotes it."""
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + f"…（共 {len(text)} 字）"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a cell that was seen but not understood; kept, never guessed.

    note: what is the matter with it and what was done, where that is not simply that it is taken for blank.
    """

    field: str
    text: str
    where: Place
    note: str = ""

    def __str__(self) -> str:
        return f"{self.where}：“{shortened(self.text)}”{self.note or '看不懂，按空白处理，请改成规范写法'}"


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is printed, and where."""

    text: str
    where: Place

    def __str__(self) -> str:
        return f"{self.where.spot}“{shortened(''.join(self.text.split()))}”"


@dataclass(frozen=True, slots=True)
class Source:
    """Where each field of a record was read (`cells["funds.total"]`) and what stayed in doubt.

    unprinted: fields that the form does not print and whose value follows from which form it is.
    texts: figures that stand as texts, by field; they are read, but no formula of the sheet counts them.
    labels: how many labelled cells of the form gave a value its meaning; unused: those that did not.
    """

    cells: Mapping[str, Place]
    doubts: tuple[Doubt, ...] = ()
    unprinted: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    labels: int = 0
    unused: tuple[Label, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Its JSON; file and sheet once where all stands in one, a cell for each field."""
        place = next(iter(self.cells.values()), None)
        return {
            "file": place and place.file,
            "sheet": place and place.sheet,
            "cells": {field: _spot(where) for field, where in self.cells.items()},
            "doubts": [{"field": one.field, "text": one.text, "where": _spot(one.where)} for one in self.doubts],
            "labels": {
                "used": self.labels,
                "unused": [{"text": one.text, "where": _spot(one.where)} for one in self.unused],
            },
        }


@dataclass(frozen=True, slots=True)
class Funds:
    """Amounts of a declaration, in its money unit. `annual_*` are of the year, the others of the project."""

    total: Decimal | None = None
    fiscal: Decimal | None = None
    other: Decimal | None = None
    annual_total: Decimal | None = None
    annual_fiscal: Decimal | None = None
    annual_carryover: Decimal | None = None
    annual_other: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 三级指标 of a declaration; `target` is the 指标值 as printed."""

    level1: str | None
    level2: str | None
    name: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Result(Indicator):
    """One 三级指标 of an evaluation. `actual` as typed; weight and score in points; null score = formula."""

    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One row of 项目资金 in an evaluation: amounts in the money unit, rate a fraction, score in points."""

    item: str
    initial: Decimal | None = None
    budget: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None


class Record:
    """What the records of all kinds have in common; each is a frozen dataclass with these fields and its own.

    `kind` is the name of its kind; a kind with a table of 项目资金 has `budget`, its lines in printed order.
    """

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]
    form: str | None
    year: int | None
    project: str
    department: str | None
    unit: str | None
    money_unit: str | None
    indicators: tuple[Any, ...]
    extra: Mapping[str, str | None]
    source: Source | None

    @property
    def budget(self) -> tuple[Any, ...]:
        """The lines of 项目资金; none where the kind has no such table."""
        return ()

    @property
    def annual_amount(self) -> Decimal | None:
        """The year's amount, in the money unit; None where the form has none."""
        return None

    @property
    def amounts(self) -> Amounts:
        """The year's amount and what it comes from, as printed."""
        return self.annual_amount, None, None, None

    @property
    def spent(self) -> Decimal | None:
        """What was spent of it; None where the form does not say."""
        return None

    def to_dict(self) -> dict[str, Any]:
        """Its JSON: amounts as decimal strings, dates ISO, blanks null."""
        return {"kind": self.kind, **_plain(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Record):
    """绩效目标申报表 / 绩效目标表. `money_unit` is 元, 万元 or None (nothing shows what it is)."""

    form: str | None = None
    year: int | None = None
    project: str
    category: str | None = None
    nature: str | None = None
    department: str | None = None
    unit: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    money_unit: str | None = None
    funds: Funds = Funds()
    overall_goal: str | None = None
    annual_goal: str | None = None
    indicators: tuple[Indicator, ...] = ()
    extra: Mapping[str, str | None] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False, repr=False)

    kind = "declaration"

    @property
    def annual_amount(self) -> Decimal | None:
        """What is asked for the year: 年度资金申请总额, or 项目当年预算 where the form (2020) prints that."""
        if self.funds.annual_total is None:
            return decimal_of(self.extra.get("项目当年预算") or "")
        return self.funds.annual_total

    @property
    def amounts(self) -> Amounts:
        """年度资金总额 and what it comes from."""
        funds = self.funds
        return self.annual_amount, funds.annual_fiscal, funds.annual_carryover, funds.annual_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Record):
    """绩效自评表. Null rate, score, total_weight or total_score become live formulas when filled."""

    form: str | None = None
    year: int | None = None
    project: str
    department: str | None = None
    unit: str | None = None
    money_unit: str | None = None
    budget: tuple[BudgetLine, ...] = ()
    annual_goal: str | None = None
    actual_result: str | None = None
    indicators: tuple[Result, ...] = ()
    total_weight: Decimal | None = None
    total_score: Decimal | None = None
    extra: Mapping[str, str | None] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False, repr=False)

    kind = "evaluation"

    @property
    def annual_amount(self) -> Decimal | None:
        """The year's 全年预算数, or 年初预算数 while that is blank."""
        line = self.line(TOTAL_LINE)
        if line is None:
            return None
        return line.initial if line.budget is None else line.budget

    @property
    def amounts(self) -> Amounts:
        """全年预算数 of the four rows."""
        total, fiscal, carryover, other = (line.budget if line else None for line in map(self.line, BUDGET_ITEMS))
        return total, fiscal, carryover, other

    @property
    def spent(self) -> Decimal | None:
        """全年执行数 of the year's total."""
        line = self.line(TOTAL_LINE)
        return line.executed if line else None

    def line(self, item: str) -> BudgetLine | None:
        """The 项目资金 row of that name, or None."""
        return next((line for line in self.budget if line.item == item), None)


def _spot(where: Place) -> dict[str, Any]:
    return {name: value for name, value in where.to_dict().items() if name != "file"}


def _plain(value: Any) -> Any:
    """A record's part as JSON has it; `source` stays behind."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name != "source"}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
