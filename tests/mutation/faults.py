"""Single faults, as clerks make them. Each takes a clean pair and a Random; None when the pair has no place for it.

Only the typed value changes: scores and totals stay as they were, the way an edited cell leaves them.
Those of indicators and their targets stand here, those of
heads and texts in texts.py, of money, points and actuals in amounts.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations
from random import Random

from xladdin import Indicator, Result, Target, parse_target

from .notation import FIGURE, plain, with_figure
from .pairs import Pair

DECLARED, EVALUATED = "declaration", "evaluation"
Cell = tuple[str, str]  # side, field


@dataclass(frozen=True, slots=True)
class Mutation:
    """A pair with one fault. `field` of `side` was changed; `also`: the other cells the same slip changed
    (two targets swapped, a whole sheet in the wrong money unit) or that it leaves unexplained."""

    pair: Pair
    field: str
    side: str
    also: tuple[Cell, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that tells of the fault."""
        return (self.side, self.field), *self.also


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: its name and the rules of the handbook that should see it."""

    name: str
    rules: tuple[str, ...]
    make: Callable[[Pair, Random], Mutation | None]


FAULTS: dict[str, Fault] = {}
OPPOSITES = {"不低于": "不超过", "不超过": "不低于", "不少于": "不多于", "至少": "至多", "不高于": "不低于"}


def fault(*rules: str):
    """Enter the function below as a kind of fault, caught by these rules."""

    def entered(make):
        FAULTS[make.__name__] = Fault(make.__name__, rules, make)
        return make

    return entered


def changed(pair: Pair, side: str, field: str, value, also: tuple[Cell, ...] = ()) -> Mutation:
    """The pair with `value` in one field: `year`, `funds.total`, `indicators[3].target`."""
    return Mutation(put(pair, side, field, value), field, side, also)


def put(pair: Pair, side: str, field: str, value) -> Pair:
    """The pair with one field replaced."""
    return replace(pair, **{side: _replaced(pair.record(side), field, value)})


def _replaced(record, field: str, value):
    head, _, rest = field.partition(".")
    match = re.fullmatch(r"(\w+)\[(\d+)\]", head)
    if match:
        rows = list(getattr(record, match[1]))
        rows[int(match[2])] = _replaced(rows[int(match[2])], rest, value) if rest else value
        return replace(record, **{match[1]: tuple(rows)})
    return replace(record, **{head: _replaced(getattr(record, head), rest, value) if rest else value})


def rows(pair: Pair, random: Random, fits: Callable[[Result, Target], bool]) -> Iterator[tuple[int, Result, Target]]:
    """The evaluation's indicators that fit, in random order, with number and target."""
    numbers = list(range(len(pair.evaluation.indicators)))
    random.shuffle(numbers)
    for number in numbers:
        row = pair.evaluation.indicators[number]
        target = parse_target(row.target)
        if fits(row, target):
            yield number, row, target


def is_figure(_row: Result, target: Target) -> bool:
    """A target that is a figure above 0."""
    return target.kind in ("number", "percent") and target.value > 0


def forward(row: Result, target: Target) -> bool:
    """A figure of which more is better."""
    return is_figure(row, target) and not target.reverse


def reverse(row: Result, target: Target) -> bool:
    """A figure of which less is better."""
    return is_figure(row, target) and target.reverse


def declared(pair: Pair, number: int) -> int:
    """The declaration's number of the evaluation's row."""
    return pair.rows.index(number)


def edit(pair: Pair, random: Random, fits, column: str, value: Callable, side: str = EVALUATED) -> Mutation | None:
    """One indicator that fits, its `column` replaced by value(row, target)."""
    for number, row, target in rows(pair, random, fits):
        new = value(row, target)
        if new is not None and new != getattr(row, column, None):
            at = number if side == EVALUATED else declared(pair, number)
            return changed(pair, side, f"indicators[{at}].{column}", new)
    return None


def times(text: str, factor: float) -> str | None:
    """The text with its figure multiplied; None if it comes out the same."""
    new = with_figure(text, lambda figure: figure * Decimal(str(factor)))
    return None if parse_target(new).value == parse_target(text).value else new


# ---------------------------------------------------------------- targets


@fault("X-09")
def target_lowered(pair, random):
    return edit(pair, random, forward, "target", lambda row, _: times(row.target, random.choice([0.7, 0.8, 0.9])))


@fault("X-09")
def target_lowered_by_one(pair, random):
    def less(row, target):
        return with_figure(row.target, lambda figure: figure - 1) if target.number == target.value > 1 else None

    return edit(pair, random, lambda row, t: forward(row, t) and t.kind == "number", "target", less)


@fault("X-09")
def reverse_target_raised(pair, random):
    return edit(pair, random, reverse, "target", lambda row, _: times(row.target, random.choice([1.2, 1.5, 2])))


@fault("X-09")
def zero_target_raised(pair, random):
    def is_zero(_row, target):
        return target.kind in ("number", "percent") and target.value == 0

    return edit(pair, random, is_zero, "target", lambda row, _: row.target.replace("0", "2", 1))


@fault("X-10")
def target_raised(pair, random):
    def counts(row, target):
        return forward(row, target) and target.kind == "number"

    return edit(pair, random, counts, "target", lambda row, _: times(row.target, random.choice([1.1, 1.3])))


@fault("X-10")
def operator_changed(pair, random):
    def other(row, target):
        bare = re.sub(rf"^([<>=≥≤＝]|{'|'.join(OPPOSITES)})+|(以上|以内|内)$", "", row.target)
        return "=" + bare if target.op == "≥" else "≥" + bare

    return edit(pair, random, forward, "target", other)


@fault("X-10")
def operator_turned_round(pair, random):
    turned = OPPOSITES | dict(zip("≥≤><", "≤≥<>", strict=True)) | {"以上": "以下"}
    found = re.compile("|".join(turned))

    def turn(row, _):
        return found.sub(lambda match: turned[match[0]], row.target)

    return edit(pair, random, is_figure, "target", turn)


@fault("X-11")
def target_unit_lost(pair, random):
    def bare(row, _):
        match = FIGURE.search(row.target)
        return row.target[: match.end()]

    def has_unit(row, target):
        return forward(row, target) and target.kind == "number" and not target.unit.startswith("万")

    return edit(pair, random, has_unit, "target", bare)


@fault("X-11")
def target_unit_changed(pair, random):
    others = {
        "场": "个",
        "人次": "人",
        "户": "人",
        "份": "册",
        "公里": "米",
        "次": "天",
        "件": "个",
        "分": "个",
        "节": "场",
        "座": "处",
        "亩": "公顷",
        "立方米": "吨",
        "套": "户",
        "台": "套",
        "课时": "节",
        "批次": "件",
        "吨": "公斤",
        "条": "公里",
    }

    def renamed(row, target):
        return row.target.replace(target.unit, others[target.unit])

    return edit(pair, random, lambda _, target: target.kind == "number" and target.unit in others, "target", renamed)


@fault("X-12", "X-09")
def words_rewritten(pair, random):
    weaker = {
        "明显": "有所",
        "有效": "基本",
        "显著": "有所",
        "持续": "初步",
        "健全": "基本建立",
        "良好": "一般",
        "稳步": "小幅",
        "基本": "初步",
        "全面": "基本",
    }

    def weakened(row, _):
        found = next((word for word in weaker if word in row.target), None)
        return row.target.replace(found, weaker[found]) if found else "基本" + row.target

    return edit(pair, random, lambda row, target: target.kind == "text", "target", weakened)


@fault("X-09", "X-12")
def date_put_off(pair, random):
    def later(row, _):
        new = re.sub(r"(\d{4}[年-])(09|9|10)(?=[月-])", lambda m: m[1] + "12", row.target)
        return new if new != row.target else None

    return edit(pair, random, lambda _, target: target.kind == "date", "target", later)


@fault("X-09", "X-12")
def figure_made_words(pair, random):
    return edit(pair, random, forward, "target", lambda row, _: "按计划完成")


@fault("X-09", "E-10")
def target_blanked(pair, random):
    return edit(pair, random, is_figure, "target", lambda row, _: "")


@fault("D-T1")
def declared_target_blank(pair, random):
    return edit(pair, random, is_figure, "target", lambda row, _: "", DECLARED)


@fault("D-T1")
def declared_placeholder(pair, random):
    words = random.choice(["按照下发任务", "按文件标准"])
    return edit(pair, random, is_figure, "target", lambda row, _: words, DECLARED)


@fault("D-Q")
def declared_over_hundred_percent(pair, random):
    def over(row, target):
        return with_figure(row.target, lambda figure: figure + (100 if target.number > 1 else 1))

    return edit(pair, random, lambda row, t: forward(row, t) and t.kind == "percent", "target", over, DECLARED)


@fault("X-09", "E-26")
def percent_mixed_up(pair, random):
    """90% typed as 0.9%."""

    def slipped(row, target):
        return f"{row.target[: row.target.index(FIGURE.search(row.target)[0])]}{plain(target.value)}%"

    def is_rate(row, target):
        return forward(row, target) and target.kind == "percent" and target.number > 1

    return edit(pair, random, is_rate, "target", slipped)


@fault("X-09", "X-10")
def near_duplicates_swapped(pair, random):
    """The targets of two indicators of nearly the same name stand crosswise."""
    rates = list(rows(pair, random, lambda row, target: forward(row, target) and target.kind == "percent"))
    for (one, first, aim), (other, second, other_aim) in combinations(rates, 2):
        alike = SequenceMatcher(None, first.name, second.name).ratio()
        if alike >= 0.7 and first.level2 == second.level2 and aim.value != other_aim.value:
            swapped = put(pair, EVALUATED, f"indicators[{one}].target", second.target)
            also = ((EVALUATED, f"indicators[{one}].target"),)
            return changed(swapped, EVALUATED, f"indicators[{other}].target", first.target, also)
    return None


# ---------------------------------------------------------------- which indicators there are


@fault("X-07")
def indicator_renamed(pair, random):
    words = {
        "场次": "次数",
        "人次": "人数",
        "准确": "正确",
        "合格": "达标",
        "及时": "按时",
        "满意度": "满意率",
        "情况": "状况",
        "时间": "日期",
        "时限": "期限",
        "成本": "费用",
    }

    def renamed(row, _):
        word = next((word for word in words if word in row.name), None)
        return row.name.replace(word, words[word]) if word else None

    return edit(pair, random, lambda row, _: True, "name", renamed)


@fault("X-07")
def indicator_lost_a_character(pair, random):
    def shorter(row, _):
        name = row.name.replace("\n", "")
        return name[:2] + name[3:]

    return edit(pair, random, lambda row, _: len(row.name) > 5, "name", shorter)


@fault("X-08")
def moved_level2(pair, random):
    others = {"数量指标": "质量指标", "质量指标": "时效指标", "时效指标": "质量指标", "社会效益指标": "可持续影响指标"}
    return edit(pair, random, lambda row, _: row.level2 in others, "level2", lambda row, _: others[row.level2])


@fault("X-08")
def moved_level1(pair, random):
    """An output shown under benefits: both its levels change."""
    for number, _row, _ in rows(pair, random, lambda row, _: row.level2 == "质量指标"):
        field = f"indicators[{number}].level"
        moved = put(pair, EVALUATED, field + "2", "社会效益指标")
        return changed(moved, EVALUATED, field + "1", "效益指标", ((EVALUATED, field + "2"),))
    return None


@fault("X-05")
def indicator_missing(pair, random):
    """A declared indicator left out, its points given to another so that everything still adds up."""
    for number, row, _ in rows(pair, random, lambda row, _: row.score == row.weight):
        for other, heir, _ in rows(pair, random, lambda heir, _: heir.score == heir.weight):
            if other == number or heir.level1 != row.level1:
                continue
            points = heir.weight + row.weight
            left = put(pair, EVALUATED, f"indicators[{other}]", replace(heir, weight=points, score=points))
            return _without(left, number)
    return None


@fault("X-05", "E-06")
def indicator_missing_with_its_points(pair, random):
    number = random.randrange(len(pair.evaluation.indicators))
    return _without(pair, number)


def _without(pair: Pair, number: int) -> Mutation:
    at = declared(pair, number)
    kept = tuple(row for n, row in enumerate(pair.evaluation.indicators) if n != number)
    left = tuple(-1 if n == number else n - (n > number) for n in pair.rows)
    shorter = replace(pair, evaluation=replace(pair.evaluation, indicators=kept), rows=left)
    return Mutation(shorter, f"indicators[{at}].name", DECLARED)


@fault("X-06")
def indicator_added(pair, random):
    """One more indicator, with half the points of the one before it."""
    for number, row, _ in rows(pair, random, lambda row, _: row.score == row.weight and row.weight >= 2):
        half = row.weight / 2
        added = replace(
            row, name="新媒体平台推文篇数", target="≥24篇", actual="26篇", weight=half, score=half, reason=None
        )
        added = replace(added, level1="产出指标", level2="数量指标")
        if row.level1 != added.level1:
            continue
        rest = list(pair.evaluation.indicators)
        rest[number] = replace(row, weight=half, score=half)
        first = next(n for n, other in enumerate(rest) if other.level1 == added.level1)
        rest.insert(first, added)
        after = tuple(n + (n >= first) for n in pair.rows)
        longer = replace(pair, evaluation=replace(pair.evaluation, indicators=tuple(rest)), rows=after)
        return Mutation(longer, f"indicators[{first}].name", EVALUATED)
    return None


@fault("E-29", "D-N")
def duplicate_name_evaluated(pair, random):
    """The name of one indicator typed over that of another."""
    return _same_name(pair, random, EVALUATED)


@fault("D-N")
def duplicate_name_declared(pair, random):
    return _same_name(pair, random, DECLARED)


def _same_name(pair: Pair, random: Random, side: str) -> Mutation:
    indicators: tuple[Indicator, ...] = pair.record(side).indicators
    one, other = sorted(random.sample(range(len(indicators)), 2))
    field = f"indicators[{other}].name"
    return changed(pair, side, field, indicators[one].name, ((side, f"indicators[{one}].name"),))
