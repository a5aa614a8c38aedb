"""A clean declaration, its clean self-evaluation, and the small changes a case makes to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from decimal import Decimal
from typing import NamedTuple

from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.domain.records import BUDGET_ITEMS, Doubt, Record, Source
from xladdin.domain.scoring import scored
from xladdin.errors import Place
from xladdin.profiles import profile

Expected = list[tuple[str, str]]  # level and first cell of every finding, the cell by its field
Change = Callable[[Record], Record]

COST, TALKS, PEOPLE, PASSED, ONTIME, KNOWN, SATISFIED = range(7)  # the indicators of both records
TOTAL, FISCAL, CARRYOVER, OTHER = range(4)  # the budget lines

_GOAL = "举办健康讲座90场，服务居民12000人次，提高居民健康知识知晓率。"
_NOT_IN_2020 = ("department", "annual_goal", "funds.annual")
_DECIMALS = {"weight", "score", "initial", "budget", "executed", "rate", "total_weight", "total_score"}


class Case(NamedTuple):
    """One form and what a rule should say of it."""

    code: str
    title: str
    record: Record
    expected: Expected
    profile: str | None = None


class Pair(NamedTuple):
    """Two forms and what a rule should say of them."""

    code: str
    title: str
    declaration: Declaration
    evaluation: Evaluation
    expected: Expected
    profile: str | None = None


CLEAN_DECLARATION = Declaration(
    form="2024申报表",
    year=2024,
    project="社区健康服务",
    category="特定目标类",
    nature="经常性项目",
    department="某区卫生健康委员会",
    unit="某区健康促进中心",
    start=dt.date(2024, 1, 1),
    end=dt.date(2024, 12, 31),
    money_unit="元",
    funds=Funds(*map(Decimal, ("1100000", "1000000", "100000", "1100000", "1000000", "0", "100000"))),
    overall_goal="建立稳定的社区健康服务网络，居民健康素养逐年提高。",
    annual_goal=_GOAL,
    indicators=(
        Indicator("成本指标", "经济成本指标", "讲座场均成本", "≤5000元"),
        Indicator("产出指标", "数量指标", "健康讲座场次", "≥90场"),
        Indicator("产出指标", "数量指标", "服务居民人次", "≥12000人次"),
        Indicator("产出指标", "质量指标", "讲座课件审核合格率", "≥95%"),
        Indicator("产出指标", "时效指标", "讲座按期举办率", "≥95%"),
        Indicator("效益指标", "社会效益指标", "居民健康知识知晓率", "≥85%"),
        Indicator("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%"),
    ),
)

_ACTUALS = (("4800元", 20), ("92场", 10), ("11640人次", 10), ("96%", 10), ("98%", 10), ("88%", 20), ("92.5%", 10))
_REASON = "两场讲座因台风改到室内，到场的人少；下年度提前安排场地。"
_AMOUNTS = (
    ("1100000", "1100000", "1056000", "10"),
    ("1000000", "1000000", "960000", None),
    ("0", "0", "0", None),
    ("100000", "100000", "96000", None),
)

CLEAN_EVALUATION = Evaluation(
    form="2021自评表",
    year=2024,
    project=CLEAN_DECLARATION.project,
    department=CLEAN_DECLARATION.department,
    unit=CLEAN_DECLARATION.unit,
    money_unit="元",
    budget=tuple(
        BudgetLine(item, *(Decimal(figure) if figure else None for figure in amounts))
        for item, amounts in zip(BUDGET_ITEMS, _AMOUNTS, strict=True)
    ),
    annual_goal=_GOAL,
    actual_result="举办健康讲座92场，服务居民11640人次，居民健康知识知晓率达到88%。",
    indicators=tuple(
        Result(row.level1, row.level2, row.name, row.target, actual, Decimal(weight))
        for row, (actual, weight) in zip(CLEAN_DECLARATION.indicators, _ACTUALS, strict=True)
    ),
)


def declaration(*changes: Change, **fields) -> Declaration:
    """The clean declaration with these changes."""
    return replace(_changed(CLEAN_DECLARATION, changes), **fields)


def evaluation(*changes: Change, blank: tuple[str, ...] = (), **fields) -> Evaluation:
    """The clean self-evaluation with these changes, its other scores and totals computed; `blank` left blank."""
    record = _changed(replace(CLEAN_EVALUATION, indicators=_with_reason()), changes)
    record = scored(replace(record, **_decimals(fields)), profile(None, record.year))
    for path in blank:
        head, _, name = path.partition(".")
        record = replace(record, **{head: None}) if not name else _blanked(record, head, name)
    return record


def row(n: int, **changes) -> Change:
    """Indicator n with these columns changed."""
    return lambda record: replace(record, indicators=_put(record.indicators, n, changes))


def line(n: int, **changes) -> Change:
    """Budget line n of a self-evaluation with these columns changed."""
    return lambda record: replace(record, budget=_put(record.budget, n, changes))


def amounts(initial: str | None, budget: str | None, executed: str | None, **more) -> Change:
    """The self-evaluation's money all in one line, 当年财政拨款; the other parts 0."""
    whole = {"initial": initial, "budget": budget, "executed": executed}
    nothing = dict.fromkeys(whole, "0")

    def change(record: Record) -> Record:
        for n, figures in ((TOTAL, whole | more), (FISCAL, whole), (CARRYOVER, nothing), (OTHER, nothing)):
            record = line(n, **figures)(record)
        return record

    return change


def money(**changes: str | None) -> Change:
    """The declaration's funds with these changed."""
    figures = {name: value if value is None else Decimal(value) for name, value in changes.items()}
    return lambda record: replace(record, funds=replace(record.funds, **figures))


def all_fiscal(total: str, annual: str | None = None) -> Change:
    """The declaration's funds as one amount from the budget, in the project and in the year."""
    year = total if annual is None else annual
    return money(
        total=total, fiscal=total, other="0", annual_total=year, annual_fiscal=year, annual_carryover="0", annual_other="0"
    )  # fmt: skip


def added(level1: str, level2: str, name: str, target: str | None, **result) -> Change:
    """One indicator more."""

    def change(record: Record) -> Record:
        kind = Indicator if isinstance(record, Declaration) else Result
        return replace(record, indicators=(*record.indicators, kind(level1, level2, name, target, **_decimals(result))))

    return change


def gone(*numbers: int) -> Change:
    """These indicators taken out."""
    return lambda record: replace(
        record, indicators=tuple(row for n, row in enumerate(record.indicators) if n not in numbers)
    )


def many(count: int) -> Change:
    """`count` indicators with names of their own."""
    rows = tuple(Indicator("产出指标", "数量指标", f"第{n}项", f"≥{n}场") for n in range(1, count + 1))
    return lambda record: replace(record, indicators=rows)


def of_2020(now: str, last: str | None, spent: str | None, **fields) -> Declaration:
    """A declaration of 2020: its money in fields of its own, no 主管部门 and no 年度目标 on the form."""
    named = {"项目当年预算": now, "同名项目上年预算额": last, "同名项目上年预算执行数": spent}
    days = {"start": dt.date(2020, 1, 1), "end": dt.date(2020, 12, 31)}
    blank = {"department": None, "annual_goal": None, "funds": Funds()}
    return replace(CLEAN_DECLARATION, **(days | blank | {"form": "2020目标表", "year": 2020, "extra": named} | fields))


def placed(record: Record) -> Record:
    """The record as though read from a sheet on which every cell is called by its field."""
    name = "申报" if isinstance(record, Declaration) else "自评"
    cells = {path: Place(f"{name}表.xlsx", name, path) for path in paths(record)}
    source = record.source or Source({})
    return replace(record, source=replace(source, cells={**cells, **source.cells}))


def doubted(field: str, text: str) -> Change:
    """The record as though what stands in a cell was not taken as it is."""
    return lambda record: replace(record, source=Source({}, (Doubt(field, text, Place("表.xlsx", "表", field)),)))


def written(field: str, text: str) -> Change:
    """The record as though a figure of it stands in its cell as a text."""
    return lambda record: replace(record, source=Source({}, texts={field: text}))


def written_in_document(field: str, text: str) -> Change:
    """As written(), in a document: what stands there is nothing but text."""
    place = Place(file="自评表.pdf", page=1, row=6)
    return lambda record: replace(record, source=Source({field: place}, texts={field: text}))


def paths(record: Record) -> Iterator[str]:
    """Every field the record's form has a cell for."""
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "funds":
            names = [f"funds.{part.name}" for part in fields(value)]
        elif field.name in ("indicators", "budget"):
            names = [f"{field.name}[{n}].{part.name}" for n, item in enumerate(value) for part in fields(item)]
        elif field.name == "extra":
            names = [f"extra.{key}" for key in value]
        else:
            names = [field.name]
        yield from (path for path in names if record.form != "2020目标表" or not path.startswith(_NOT_IN_2020))


def _with_reason() -> tuple[Result, ...]:
    return _put(CLEAN_EVALUATION.indicators, PEOPLE, {"reason": _REASON})


def _changed(record: Record, changes: tuple[Change, ...]) -> Record:
    for change in changes:
        record = change(record)
    return record


def _put(rows: tuple, n: int, changes: dict) -> tuple:
    return (*rows[:n], replace(rows[n], **_decimals(changes)), *rows[n + 1 :])


def _decimals(values: dict) -> dict:
    return {key: Decimal(value) if key in _DECIMALS and value is not None and not isinstance(value, tuple) else value
            for key, value in values.items()}  # fmt: skip


def _blanked(record: Evaluation, head: str, name: str) -> Evaluation:
    attribute, _, number = head.rstrip("]").partition("[")
    return replace(record, **{attribute: _put(getattr(record, attribute), int(number), {name: None})})
