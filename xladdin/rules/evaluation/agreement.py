"""A self-evaluation against itself: its text, its indicators and its funds tell one story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ...domain.levels import second_level
from ...domain.numbers import plain
from ...domain.profile import Profile
from ...domain.records import Evaluation, Result
from ...domain.target import parse_target
from ..comparing import rate, unit_base, unit_key
from ..declaration.placement import is_execution
from ..figures import Figure, figures
from ..finding import ERROR, WARNING, Found, rule
from ..matching import name_key
from ..prose import says_nothing
from .amounts import mixed_up
from .funds import execution, total_line
from .rows import cells, due, figure_of, reached


@rule(
    "E-15",
    "正文的数与指标表不符",
    WARNING,
    basis="实际完成情况与指标表说的是同一件事",
    advice="请核对两处，改正填错的一处",
    wrong="正文“完成90场”，指标表 80",
    right="正文“完成90场”，指标表 90",
)
def result_text_agrees(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """实际完成情况里说到某个指标的数，应与该指标的完成值一致；“近、余、约”允许一成以内的出入。"""
    rows = [
        (n, row, value) for n, row in enumerate(form.indicators) if (value := figure_of(form, row, profile)) is not None
    ]
    told: dict[int, list[Figure]] = {}
    agreed: set[int] = set()
    for figure in figures(form.actual_result):
        meant = _meant(figure, rows)
        agreed |= {n for n, value in meant if _agrees(figure, value)}
        for n, _ in () if any(_agrees(figure, value) for _, value in meant) else meant:
            told.setdefault(n, []).append(figure)
    for n, row, value in rows:
        odd = told.get(n)
        if odd and n not in agreed and sum(figure.value for figure in odd) != value:
            yield Found(
                f"实际完成情况写“{odd[0].text}”，指标“{row.name}”的完成值是 {row.actual}",
                ("actual_result", *cells(n, "actual")),
                expected=odd[0].text,
                actual=row.actual,
                subject=row.name,
            )


def _agrees(figure: Figure, value: Decimal) -> bool:
    told = figure.value / 100 if figure.unit == "%" else figure.value
    if told == value or figure.unit == "" and figure.value == value * 100:
        return True
    return figure.approximate and abs(told - value) <= abs(value) / 10


def _meant(figure: Figure, rows: list[tuple[int, Result, Decimal]]) -> list[tuple[int, Decimal]]:
    """The indicators a figure speaks of: those its clause names, by the longest name; failing that, the only
    one of its unit, if the clause has most of its name in other order (26座城市书房建成, 城市书房新建数量)."""
    fitting = [] if figure.change else [(n, row, value) for n, row, value in rows if _fits(figure, row)]
    cores = {n: _core(name_key(row)) for n, row, _ in fitting}
    named = [n for n, core in cores.items() if len(core) >= 2 and core in figure.clause]
    longest = max((len(cores[n]) for n in named), default=0)
    chosen = [n for n in named if len(cores[n]) == longest]
    if not chosen and figure.tail and figure.unit != "%" and len(fitting) == 1 and _mostly(figure, *cores.values()):
        chosen = list(cores)
    return [(n, value) for n, _, value in fitting if n in chosen]


def _mostly(figure: Figure, core: str) -> bool:
    """Whether most pairs of characters of a name stand in the figure's clause."""
    pairs = [core[n : n + 2] for n in range(len(core) - 1)]
    return len(core) >= _LONG_ENOUGH and sum(pair in figure.clause for pair in pairs) >= _MOST * len(pairs)


def _fits(figure: Figure, row: Result) -> bool:
    """Whether a figure has an indicator's unit."""
    target = parse_target(row.target)
    unit = unit_base(target.unit or parse_target(row.actual).unit)
    if target.kind == "percent":
        return figure.unit == "%" or not figure.tail
    if figure.unit == "%":
        return False
    return not (unit and figure.tail) or unit_key(figure.unit) == unit or figure.tail.startswith(unit)


_LONG_ENOUGH, _MOST = 4, Decimal("0.6")
_ENDINGS = ("数量", "人次", "人数", "场次", "次数", "份数", "个数", "户数", "家数", "数")


def _core(name: str) -> str:
    """A name without the counting word at its end: 培训 of 培训人次."""
    ending = next((ending for ending in _ENDINGS if name.endswith(ending)), "")
    return name.removesuffix(ending) if len(name) - len(ending) >= 4 else name


@rule(
    "E-16",
    "指标与预算执行率重复计分",
    WARNING,
    basis="执行率已单独计 {execution} 分",
    advice="下年请换成完成时间一类的指标；今年的得分应与执行率一致",
    wrong="时效指标“年底之前预算执行率”10 分，加执行率 10 分",
    right="时效指标“活动按期完成率”10 分",
)
def execution_counts_once(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """产出、效益里又设了预算执行率，同一件事计了两次分。"""
    found = total_line(form)
    own = found[1].weight if found else None
    for n, row in enumerate(form.indicators):
        if is_execution(row, profile):
            both = f"，两处共 {plain(own + row.weight)} 分" if own is not None and row.weight is not None else ""
            yield Found(
                f"“{row.name}”就是预算执行率，计了两次分{both}",
                cells(n, "name", "weight"),
                actual=plain(row.weight) if row.weight is not None else None,
                subject=row.name,
            )


@rule(
    "E-32",
    "执行率指标与资金栏不符",
    ERROR,
    basis="同一张表里的执行率只有一个：全年执行数÷全年预算数",
    advice="请按资金栏改完成值和得分",
    wrong="资金栏 97.34%，时效指标“预算执行率”填 100%",
    right="时效指标“预算执行率”填 97.34%",
)
def execution_is_one_figure(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """名为预算执行率的指标，完成值应与资金栏的执行率一致（差 0.5 个百分点以内算取整）。"""
    found = execution(form)
    if not found:
        return
    at, _, true = found
    for n, row in enumerate(form.indicators):
        value = figure_of(form, row, profile) if is_execution(row, profile) else None
        if value is not None and abs(value - true) > Decimal("0.005"):
            right = due(form, replace(row, actual=rate(true)), profile)
            more = f"，应得 {plain(right)} 分" if right is not None else ""
            yield Found(
                f"“{row.name}”的完成值填 {row.actual}，资金栏的执行率是 {rate(true)}{more}",
                (*cells(n, "actual", "score"), f"budget[{at}].rate", f"budget[{at}].executed"),
                expected=rate(true),
                actual=row.actual,
                subject=row.name,
            )


def _quantities(form: Evaluation, profile: Profile) -> list[tuple[int, Decimal]]:
    rows = (
        (n, reached(form, row, profile)) for n, row in enumerate(form.indicators) if second_level(row.level2) == "数量"
    )
    return [(n, share) for n, share in rows if share is not None]


@rule(
    "E-17",
    "钱没花而事全办成",
    WARNING,
    basis="钱没花，事却全办成，要说明钱从哪里来（复核实例：支出 1000 元服务 748 人）；界线系推定",  # 成都郫都
    advice="请说明钱从哪里来，或核对执行数",
    wrong="执行率 12%，数量指标全部完成",
    right="执行率 12%，说明服务由志愿者无偿提供",
)
def work_costs_money(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """预算执行率低于 {unspent:.0%}，数量指标却全部完成。"""
    found, done = execution(form), _quantities(form, profile)
    if not found or not done:
        return
    at, line, share = found
    if mixed_up(line):
        return  # E-42
    if share < profile.limits["unspent"] and all(part >= 1 for _, part in done):
        yield Found(
            f"执行率只有 {rate(share)}，{len(done)} 条数量指标却全部完成",
            (f"budget[{at}].executed", *(c for n, _ in done for c in cells(n, "actual"))),
            actual=rate(share),
            subject="执行率",
        )


@rule(
    "E-18",
    "钱花光而事没办成",
    WARNING,
    basis="支出进度与完成进度应相配；界线系推定",
    advice="请说明原因",
    wrong="执行率 100%，数量指标完成 40%",
    right="写明单价上涨、数量减少的原因",
)
def money_buys_work(form: Evaluation, profile: Profile) -> Iterator[Found]:
    """预算执行率不低于 {spent:.0%}，有数量指标完成不到 {short:.0%} 且没有写原因。"""
    found = execution(form)
    if not found:
        return
    at, _, share = found
    for n, part in _quantities(form, profile):
        row = form.indicators[n]
        if share >= profile.limits["spent"] and part < profile.limits["short"] and says_nothing(row.reason, profile):
            yield Found(
                f"执行率 {rate(share)}，“{row.name}”只完成 {rate(part)}",
                (*cells(n, "actual"), f"budget[{at}].executed"),
                actual=rate(part),
                subject=row.name,
            )
