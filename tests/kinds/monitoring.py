"""A third kind of form, as somebody outside the product adds it: the mid-year 绩效运行监控表, with a template and a rule."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
from openpyxl.packaging.custom import StringProperty

from xladdin.domain import fields
from xladdin.domain.kinds import Kind, Table
from xladdin.domain.profile import Profile
from xladdin.domain.records import BUDGET_ITEMS, TOTAL_LINE, Indicator, Record, Source
from xladdin.rules.finding import WARNING, Found, rule


@dataclass(frozen=True, slots=True)
class Spending:
    """A row of 项目资金 nine months into the year; rate a fraction."""

    item: str
    initial: Decimal | None = None
    spent: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Progress(Indicator):
    """An indicator nine months into the year."""

    done: str | None = None
    expected: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring(Record):
    """绩效运行监控表."""

    form: str | None = None
    year: int | None = None
    project: str
    department: str | None = None
    unit: str | None = None
    money_unit: str | None = None
    budget: tuple[Spending, ...] = ()
    annual_goal: str | None = None
    indicators: tuple[Progress, ...] = ()
    extra: Mapping[str, str | None] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False, repr=False)

    kind = "monitoring"

    @property
    def annual_amount(self) -> Decimal | None:
        return next((line.initial for line in self.budget if line.item == TOTAL_LINE), None)

    @property
    def spent(self) -> Decimal | None:
        return next((line.spent for line in self.budget if line.item == TOTAL_LINE), None)


KIND = Kind(
    name=Monitoring.kind,
    label="监控表",
    record=Monitoring,
    words={
        "年度": "year", "项目名称": "project", "主管部门": "department", "实施单位": "unit", "金额单位": "money_unit",
        "年度总体目标": "annual_goal",
    },
    budget=Table(
        Spending,
        {"年初预算数": "initial", "1—9月执行数": "spent", "执行率": "rate"},
        needs=(("initial",), ("spent",)),
    ),
    indicators=Table(
        Progress, fields.INDICATOR | {"1—9月完成值": "done", "全年预计完成": "expected", "偏差原因": "reason"}
    ),
    signs=frozenset({"done", "expected", "spent"}),
    title="监控",
    types={"spent": fields.AMOUNT, "done": fields.ACTUAL, "expected": fields.ACTUAL},
    labels={"spent": ("1—9月执行数", "9月末执行数"), "done": ("1—9月完成值",), "expected": ("全年预计完成",)},
    rules=(__name__,),
    amount="年初预算",
    listed=("一级指标", "三级指标", "指标值", "1—9月完成值", "全年预计完成"),
)  # fmt: skip


@rule(
    "M-01",
    "执行进度偏慢",
    WARNING,
    basis="《项目支出绩效运行监控》示例",
    advice="请说明原因",
    wrong="年初预算数 100，1—9月执行数 20",
    right="1—9月执行数 80",
)
def spending_is_slow(form: Monitoring, profile: Profile) -> Iterator[Found]:
    """九个月执行不到年初预算数的一半。"""
    for number, line in enumerate(form.budget):
        if line.initial and line.spent is not None and line.spent * 2 < line.initial:
            cells = tuple(f"budget[{number}].{name}" for name in ("spent", "initial"))
            yield Found(f"{line.item}执行不到一半", cells, actual=str(line.spent), subject=line.item)


def template() -> bytes:
    """Its template, made as a clerk makes one in Excel."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "监控表"
    rows = [
        ["项目支出绩效运行监控表"],
        ["（{{ 年度 | 缺省('    ') }}年度）"],
        ["项目名称", "{{ 项目名称 }}"],
        ["主管部门", "{{ 主管部门 }}", None, "实施单位", "{{ 实施单位 }}"],
        ["项目资金（万元）", None, "年初预算数", "1—9月执行数", "执行率"],
    ]
    for item in BUDGET_ITEMS:
        rows.append([None, item, *(f"{{{{ {item}['{name}'] }}}}" for name in KIND.budget.columns)])
    rows.append(["年度总体目标", "{{ 年度总体目标 }}"])
    rows.append(list(KIND.indicators.columns))
    rows.append([f"{{{{ 指标['{name}'] }}}}" for name in KIND.indicators.columns])
    for row in rows:
        sheet.append(row)
    for area in ("A1:G1", "A2:G2", "B3:G3", "B4:C4", "E4:G4", "A5:A9", "B10:G10"):
        sheet.merge_cells(area)
    for row in sheet["E6:E9"]:
        row[0].number_format = "0.00%"
    says = {"表式名称": "2024监控表", "表式类型": KIND.label, "适用年度": "2024-2026", "金额单位": "万元"}
    for name, value in says.items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def record(project: str = "社区宣传", **more) -> Monitoring:
    """A form filled in to the last cell."""
    lines = zip(BUDGET_ITEMS, ("110", "100", "0", "10"), ("48.5", "46", None, "2.5"), strict=True)
    own = {
        "form": "2024监控表", "year": 2024, "department": "某局", "unit": "某中心", "money_unit": "万元",
        "annual_goal": "办好社区宣传",
        "budget": tuple(
            Spending(item, Decimal(initial), spent and Decimal(spent), spent and Decimal("0.44"))
            for item, initial, spent in lines
        ),
        "indicators": (
            Progress("产出指标", "数量指标", "宣传场次", "≥91场", "60", "91", None),
            Progress("产出指标", "质量指标", "宣传合格率", "≥90%", "95%", "95%", None),
            Progress("效益指标", "社会效益", "居民知晓率", "=100%", "尚未调查", "=100%", "年底调查"),
        ),
    }  # fmt: skip
    return Monitoring(project=project, **(own | more))
