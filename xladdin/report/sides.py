"""A declaration beside its evaluation, line by line, with what differs: the 对照 of both reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..domain.kinds import DECLARATION, EVALUATION
from ..domain.levels import first_level, second_level
from ..domain.numbers import plain
from ..domain.records import BUDGET_ITEMS, Declaration, Evaluation, Indicator, Result
from ..domain.target import parse_target
from ..profiles import profile
from ..review.cases import Case, Review
from ..rules.comparing import money, unit_key, values
from ..rules.prose import Pieces, bare, likeness, marked
from ..rules.two import Two

MAX_MARKED = 10_000  # characters of a text beyond which it is not searched for what changed
SAME, DIFFERENT, UNKNOWN = "一致", "不同", "单位不明，未比较"
MISSING, ADDED = "自评表缺少", "自评表新增"
_FIELDS = {
    "项目名称": "project",
    "年度": "year",
    "主管部门": "department",
    "实施单位": "unit",
    "金额单位": "money_unit",
}
_INDICATOR_HEADS = (
    "一级指标", "二级指标", "三级指标（申报）", "指标值（申报）", "三级指标（自评）", "指标值（自评）",
    "实际完成值", "分值", "得分",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in one cell: its text in pieces, and whether the cell differs from the other side's."""

    pieces: Pieces
    differs: bool = False

    @property
    def text(self) -> str:
        """The pieces joined."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its cells, and in a word how the two sides stand to each other."""

    cells: tuple[Shown, ...]
    word: str

    @property
    def differs(self) -> bool:
        """Whether the two sides are not the same."""
        return self.word not in ("", SAME, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under headings of their own. figures: which cells of a line hold some."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """Both forms of one project.

    Cells of a line – fields and goals: name, declared, evaluated; funds: item, declared, 年初预算数,
    全年预算数, 全年执行数; indicators: level1, level2, declared name and target, evaluated name, target,
    actual, weight and score.
    """

    project: str
    year: int | None
    units: tuple[str, str]
    fields: tuple[Line, ...]
    funds: tuple[Line, ...]
    goals: tuple[Line, ...]
    indicators: tuple[Line, ...]

    @property
    def blocks(self) -> tuple[Block, Block, Block]:
        """All of it in the order it is read: what is said, the money, the indicators."""
        declared, evaluated = (f"（{unit}）" for unit in self.units)
        amounts = (
            f"申报金额{declared}",
            *(f"{name}{evaluated}" for name in ("年初预算数", "全年预算数", "全年执行数")),
        )
        return (
            Block("", ("", "申报表", "自评表"), (*self.fields, *self.goals)),
            Block("项目资金", ("项目资金", *amounts), self.funds, (1, 2, 3, 4)),
            Block("绩效指标", _INDICATOR_HEADS, self.indicators, (7, 8)),
        )


def sides_of(review: Review) -> Iterator[Sides]:
    """The two sides of every project that has both."""
    for case in review.cases:
        yield from sides_of_case(case)


def sides_of_case(case: Case) -> Iterator[Sides]:
    """The two sides of a project that has both."""
    declared, evaluated = case.form(DECLARATION.name), case.form(EVALUATION.name)
    if declared and evaluated:
        yield _sides(declared, evaluated)


def _sides(declared: Declaration, evaluated: Evaluation) -> Sides:
    two = Two(declared, evaluated, profile(None, evaluated.year))  # any: only its limits on amounts are asked for
    return Sides(
        declared.project,
        declared.year,
        (declared.money_unit or "未注明单位", evaluated.money_unit or "未注明单位"),
        tuple(_field(label, getattr(declared, name), getattr(evaluated, name)) for label, name in _FIELDS.items()),
        tuple(_funds(two)),
        (_goal(declared, evaluated),),
        tuple(_indicators(two)),
    )


def _shown(text: object, differs: bool = False) -> Shown:
    return Shown([(str(text), False)] if text not in (None, "") else [], differs)


def _both(one: str | None, other: str | None) -> tuple[Shown, Shown]:
    """Two texts with the characters that differ; white space and full-width forms apart."""
    if bare(one) == bare(other):
        return _shown(one), _shown(other)
    if not one or not other or max(len(one), len(other)) > MAX_MARKED:
        return _shown(one, True), _shown(other, True)
    left, right = marked(one, other)
    return Shown(left, True), Shown(right, True)


def _field(label: str, one: object, other: object) -> Line:
    texts = ["" if value is None else str(value) for value in (one, other)]
    left, right = _both(*texts)
    if left.differs and not all(texts):  # one of the forms does not print it
        return Line((_shown(label), _shown(texts[0]), _shown(texts[1])), "")
    return Line((_shown(label), left, right), DIFFERENT if left.differs else SAME if all(texts) else "")


def _funds(two: Two) -> Iterator[Line]:
    declared, evaluated = two.declaration, two.evaluation
    amounts = dict(zip(BUDGET_ITEMS, declared.amounts, strict=True))
    for item in [*BUDGET_ITEMS, *(line.item for line in evaluated.budget if line.item not in BUDGET_ITEMS)]:
        line, amount = evaluated.line(item), amounts.get(item)
        initial, budget, executed = (line.initial, line.budget, line.executed) if line else (None, None, None)
        if amount is initial is budget is executed is None:
            continue
        word = _agree(two, amount, initial)
        odd = word == DIFFERENT
        cells = _shown(money(amount), odd), _shown(money(initial), odd), _shown(money(budget)), _shown(money(executed))
        yield Line((_shown(item), *cells), word)


def _agree(two: Two, amount: Decimal | None, initial: Decimal | None) -> str:
    if amount is None or initial is None:
        return ""
    if (units := two.units) is None:
        return UNKNOWN
    gap, _ = two.differ(amount, initial, units)
    return DIFFERENT if gap else SAME


def _goal(declared: Declaration, evaluated: Evaluation) -> Line:
    """The evaluation's goal beside the declaration's, or beside the overall one where that is what was copied."""
    goal, label, word = declared.annual_goal, "年度总体目标", ""
    if likeness(declared.overall_goal, evaluated.annual_goal) > likeness(goal, evaluated.annual_goal):
        goal, label = declared.overall_goal, "项目总目标（申报）\n年度总体目标（自评）"
        word = "自评表的年度目标更接近申报表的项目总目标，左边是项目总目标"
    left, right = _both(goal, evaluated.annual_goal)
    if not word:
        word = DIFFERENT if left.differs else SAME if left.text else ""
    return Line((_shown(label), left, right), word)


def _indicators(two: Two) -> Iterator[Line]:
    declared, evaluated = two.declaration.indicators, two.evaluation.indicators
    for pair in two.matches:
        row = None if pair.declared is None else declared[pair.declared]
        result = None if pair.evaluated is None else evaluated[pair.evaluated]
        if row and result:
            yield _compared(row, result)
        elif row:
            own = (row.level1, row.level2, row.name, row.target)
            yield Line((*map(_shown, own), *(_shown(None, True) for _ in range(5))), MISSING)
        elif result:
            empty = (_shown(result.level1), _shown(result.level2), _shown(None), _shown(None))
            added = (_shown(result.name, True), _shown(result.target, True))
            yield Line((*empty, *added, *_scores(result)), ADDED)


def _scores(result: Result) -> Iterator[Shown]:
    return map(_shown, (result.actual, _points(result.weight), _points(result.score)))


def _compared(row: Indicator, result: Result) -> Line:
    """One indicator both forms have."""
    names, targets = _both(row.name, result.name), _both(row.target, result.target)
    levels = [
        _level(row.level1, result.level1, first_level),
        _level(row.level2, result.level2, second_level),
    ]
    words = [
        "级次不同" if any(level.differs for level in levels) else "",
        "名称不同" if names[0].differs else "",
        _targets_differ(row.target, result.target) if targets[0].differs else "",
    ]
    word = "，".join(filter(None, words)) or SAME
    return Line((*levels, names[0], targets[0], names[1], targets[1], *_scores(result)), word)


def _level(one: str | None, other: str | None, known: Callable[[str | None], str]) -> Shown:
    if known(one) == known(other) or not one or not other:
        return _shown(one or other)
    return _shown(f"{one} → {other}", True)


def _targets_differ(one: str | None, other: str | None) -> str:
    left, right = parse_target(one), parse_target(other)
    figures = values(left, right)
    same = figures is not None and figures[0] == figures[1] and (left.op or "=") == (right.op or "=")
    same = same and unit_key(left.unit) == unit_key(right.unit)
    return "指标值写法不同" if same else "指标值不同"


def _points(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
