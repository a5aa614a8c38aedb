"""The kinds of form: one table that filling, checking, the ledger, JSON, the reader and the summaries ask.

A kind is plain data. A third one (a mid-year 绩效运行监控表, say) is a module of its own: a frozen dataclass for its
record (a records.Record), others for its rows, and `register(Kind(…))` where the module is imported. From then on its
templates (表式类型 = the kind's label) are forms like any other: filled, read back, kept in a ledger, checked by its
rules. Kinds travel with the work to other processes and clusters, which have to be able to import that module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from functools import cache
from typing import TypeGuard

from ..errors import BadValue
from . import fields, labels
from .records import BudgetLine, Declaration, Evaluation, Indicator, Record, Result

PAIR = "pair"  # the subject of the rules that lay a declaration beside its evaluation
_TAKEN = {"", PAIR, "index", "汇总表"}
_COMMON = ("form", "year", "project", "department", "unit", "money_unit", "indicators", "extra", "source")
_OF_INDICATOR = ("level1", "level2", "name", "target")
_TABLES = {"funds": "项目资金", "indicators": "绩效指标"}  # doubts may be of one as a whole
_OF_THEMSELVES = ("year", "money_unit", "project")  # read in a way of their own on every form


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form: the class of its rows and its columns, 列名 → attribute, in their order.

    needs: of each of these a column at least stands in the heading by which the table is known.
    """

    row: type
    columns: Mapping[str, str]
    needs: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of form.

    name: in JSON. label: 表式类型 of its templates, and what people call it. record: its class. words: its single
    fields, 字段名 → path, as templates and the ledger name them. indicators, budget: its two tables (no budget: None).
    signs: attributes only forms of this kind have ("budget": the table itself), title: a word only its titles have:
    either shows what kind a form or a ledger's row is; the declaration has none, and is what shows no sign.
    totals: columns that the row 总分 adds up, and the fields for their sums; a kind that has them is scored by the
    profile, with live formulas, and its record has the fields of an Evaluation.
    types: how values of fields of its own are understood (fields.TYPES has the shared ones). labels: what forms
    print for those (field → wordings, the first one for messages; wordings.LABELS has the shared ones).
    rules: modules whose rules look at it. amount: what its annual_amount is called. listed: columns that a list shows.
    """

    name: str
    label: str
    record: type[Record]
    words: Mapping[str, str]
    indicators: Table
    signs: frozenset[str]
    rules: tuple[str, ...]
    amount: str
    listed: tuple[str, ...]
    budget: Table | None = None
    title: str = ""
    totals: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def scored(self) -> bool:
        """Whether its scores are worked out by a profile."""
        return bool(self.totals)

    def type_of(self, path: str) -> str:
        """How the value of a field is understood: one of fields.TYPES."""
        return self.types.get(path) or fields.TYPES[path]

    def shown_by(self, seen: Iterable[str], title: str = "") -> bool:
        """Whether something of unknown kind is of this one, others having been asked: by its signs or its title."""
        return not self.signs or not self.signs.isdisjoint(seen) or bool(self.title) and self.title in title

    def single(self) -> list[str]:
        """The fields read beside a label of their own; amounts inside `funds` and the sums of a table are not."""
        apart = {*_OF_THEMSELVES, *self.totals.values()}
        return [path for path in self.words.values() if path not in apart and "." not in path]

    def amounts(self, paths: Iterable[str]) -> list[str]:
        """Those of some fields that are money."""
        return [path for path in paths if path != "year" and self.type_of(path) == fields.AMOUNT]


DECLARATION = Kind(
    name=Declaration.kind,
    label="申报表",
    record=Declaration,
    words=fields.DECLARATION,
    indicators=Table(Indicator, fields.INDICATOR),
    signs=frozenset(),
    rules=tuple(
        f"xladdin.rules.declaration.{name}" for name in ("funds", "completeness", "targets", "placement", "texts")
    ),
    amount="年度资金",
    listed=("一级指标", "二级指标", "三级指标", "指标值"),
)
EVALUATION = Kind(
    name=Evaluation.kind,
    label="自评表",
    record=Evaluation,
    words=fields.EVALUATION,
    indicators=Table(Result, fields.RESULT),
    budget=Table(BudgetLine, fields.BUDGET, needs=(("budget", "initial"), ("executed",))),
    signs=frozenset({"budget", "actual", "actual_result"}),
    title="自评",
    totals={"weight": "total_weight", "score": "total_score"},
    rules=tuple(
        f"xladdin.rules.evaluation.{name}"
        for name in ("funds", "amounts", "pending", "scores", "actuals", "agreement", "reasons", "texts")
    ),
    amount="全年预算",
    listed=("一级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"),
)
KINDS = {kind.name: kind for kind in (DECLARATION, EVALUATION)}  # the only list there is; register() adds to it
SHIPPED = tuple(KINDS)


def register(kind: Kind) -> Kind:
    """Add a kind; once is enough, again does nothing. Raises BadValue for one that would clash, or cannot work."""
    if KINDS.get(kind.name) != kind:
        if wrong := next(_amiss(kind), None):
            raise BadValue(f"表的种类“{kind.label or kind.name}”不能用：{wrong}", advice="请改正这个种类的定义")
        KINDS[kind.name] = kind
        _columns.cache_clear()
    return kind


def registered() -> tuple[Kind, ...]:
    """The kinds that were added to the shipped ones: what a worker has to be told."""
    return tuple(kind for name, kind in KINDS.items() if name not in SHIPPED)


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises BadValue where there is none."""
    if name not in KINDS:
        raise BadValue(f"没有名为“{name}”的种类", advice=f"应为 {' 或 '.join(KINDS)}")
    return KINDS[name]


def kind_of(record: Record) -> Kind:
    """The kind of a record. Raises BadValue for one nobody registered."""
    return kind_named(record.kind)


def is_scored(record: Record) -> TypeGuard[Evaluation]:
    """Whether a profile works its scores out; it then has the fields of an Evaluation, whatever its kind."""
    return kind_of(record).scored


def called() -> str:
    """All kinds as a sentence names them: 申报表或自评表."""
    return "或".join(kind.label for kind in KINDS.values())


def in_order() -> Iterable[Kind]:
    """The kinds as they are to be tried on something of unknown kind: the latest first, the one without signs last."""
    return reversed(KINDS.values())


def columns_of(table: str) -> dict[str, str]:
    """Attribute → how it is understood, of all columns that the table ("indicators", "budget") of any kind has."""
    return _columns(table, tuple(KINDS))


@cache
def _columns(table: str, names: tuple[str, ...]) -> dict[str, str]:
    tables = ((KINDS[name], getattr(KINDS[name], table)) for name in names)
    return {path: kind.type_of(path) for kind, found in tables if found for path in found.columns.values()}


def labels_of() -> dict[str, str]:
    """Normalised wording → field, of the labels that added kinds print."""
    found = (item for kind in KINDS.values() for item in kind.labels.items())
    return {labels.normalise(wording): name for name, wordings in found for wording in wordings}


def wording(name: str) -> str:
    """How messages call a field."""
    own = next((kind.labels[name] for kind in KINDS.values() if name in kind.labels), ())
    if own:
        return own[0]
    printed = labels.wording(name)
    if printed != name.removeprefix("extra.") and name not in _OF_THEMSELVES:
        return printed
    named = (word for kind in KINDS.values() for word, path in kind.words.items() if path == name)
    return next(named, _TABLES.get(name, printed))


def _amiss(kind: Kind) -> Iterator[str]:
    """What keeps a kind from being added."""
    others = [known for known in KINDS.values() if known.name != kind.name]
    if kind.name in KINDS or {kind.name, kind.label} & _TAKEN:
        yield f"名称“{kind.name}”已有别的种类"
    if any(kind.label == known.label for known in others):
        yield f"叫“{kind.label}”的种类已经有了"
    if kind.record.kind != kind.name:
        yield f"记录写的种类是“{kind.record.kind}”"
    if not kind.signs:
        yield "没有说明凭什么认出它（signs）"
    yield from (f"记录缺少字段 {name}" for name in _lacking(kind.record, _COMMON))
    yield from _amiss_in(kind, kind.record, kind.words)
    yield from (f"指标行缺少字段 {name}" for name in _lacking(kind.indicators.row, _OF_INDICATOR))
    yield from _amiss_in(kind, kind.indicators.row, kind.indicators.columns)
    if kind.budget:
        yield from (f"资金行缺少字段 {name}" for name in _lacking(kind.budget.row, ("item",)))
        yield from _amiss_in(kind, kind.budget.row, kind.budget.columns)
        yield from [] if kind.budget.needs else ["没有说明资金表的表头（needs）"]
    yield from (f"列表的“{name}”不是指标的列" for name in kind.listed if name not in kind.indicators.columns)
    yield from (f"{path} 与{known.label}的同名字段读法不同" for known in others for path in _differing(kind, known))


def _lacking(record: type, names: Iterable[str]) -> list[str]:
    there = {item.name for item in fields_of(record)}
    return [name for name in names if name not in there]


def _amiss_in(kind: Kind, record: type, words: Mapping[str, str]) -> Iterator[str]:
    for name in _lacking(record, (path.partition(".")[0] for path in words.values())):
        yield f"{record.__name__} 没有字段 {name}"
    for word, path in words.items():
        if path != "year" and path not in kind.types and path not in fields.TYPES:
            yield f"没有说明“{word}”怎么读（types）"


def _differing(kind: Kind, other: Kind) -> list[str]:
    """Fields of one name that two kinds understand in different ways: one column of the ledger cannot be both."""
    return [path for path, how in kind.types.items() if fields.TYPES.get(path, other.types.get(path, how)) != how]
