"""All rules, by what they look at; what stays with a person; and how they are run."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from ..domain.kinds import DECLARATION, EVALUATION, KINDS, PAIR, kind_named, wording
from ..domain.profile import Profile
from ..domain.records import Doubt, Record, shortened
from ..errors import Place
from .comparing import other_units
from .finding import UNDECIDED, Finding, Found, Rule

_OF_PAIRS = tuple(f"{__package__}.pair.{name}" for name in ("identity", "funds", "indicators", "goals"))
CRASHED = "Z-01"
UNREAD = "Z-02"
LONGEST = 2_000  # characters of a message, or of a figure beside it
_NAMED = 3  # cells a finding names in its words


class Manual(NamedTuple):
    """A matter the workbook cannot settle: it stays with a person, and every report says so."""

    code: str
    title: str
    why: str


_ROW = re.compile(r"(?P<table>indicators|budget)\[(?P<number>\d+)\]\.(?P<column>\w+)")

MANUAL = (
    Manual("D-F8", "申报表与部门预算文字说明是否一致", "部门预算文本不在表内"),
    Manual("X-14", "分值是否与批复一致", "申报表不印分值，批复文件不在表内；这里只核对一级指标分值是否偏离规定"),
    Manual("E-20", "验收情况与数量、质量得分是否一个标准", "验收资料不在表内"),
    Manual("E-24", "受益对象等内容是否照抄其他项目", "要看得懂项目本身"),
    Manual("E-30", "实际完成值有没有佐证材料", "佐证材料不在表内"),
)


def subjects() -> dict[str, str]:
    """What rules look at, and what it is called: the kinds of form, and a declaration with its evaluation."""
    return {kind.name: kind.label for kind in KINDS.values()} | {PAIR: f"{DECLARATION.label}与{EVALUATION.label}"}


@cache
def modules(subject: str) -> tuple[ModuleType, ...]:
    """The modules whose rules look at a form of that kind, or at a pair. Raises BadValue for an unknown kind."""
    return tuple(map(import_module, _OF_PAIRS if subject == PAIR else kind_named(subject).rules))


@cache
def rules_for(subject: str) -> tuple[Rule, ...]:
    """The rules of a subject, in the order they are run and printed."""
    return tuple(value for module in modules(subject) for value in vars(module).values() if isinstance(value, Rule))


def load() -> None:
    """Import every room of rules now, where they would be when the first form of their kind is looked at."""
    for subject in subjects():
        rules_for(subject)


def all_rules() -> Iterator[tuple[str, Rule]]:
    """Every rule with its subject."""
    for subject in subjects():
        for found in rules_for(subject):
            yield subject, found


SHARED_FROM = 3  # projects from which on a habit is told once for all of them


@cache
def habits() -> frozenset[str]:
    """The codes of the rules whose findings are told once for a folder."""
    return frozenset(rule.code for _, rule in all_rules() if rule.habit)


def rules_under(profile: Profile, year: int | None = None) -> Iterator[tuple[str, Rule]]:
    """The rules that hold under a profile (of a form of that year), each with its subject and in its words."""
    for subject, one in all_rules():
        if one.applies(profile, year):
            yield subject, one.under(profile)


def rules_used(profiles: Iterable[Profile]) -> list[tuple[str, Rule]]:
    """The rules that hold under any of them; one told in several ways stands once for each, with whose it is."""
    told: dict[str, dict[Rule, tuple[str, str]]] = {}
    for profile in profiles:
        for subject, one in rules_under(profile):
            told.setdefault(one.code, {}).setdefault(one, (subject, profile.label))
    order = {one.code: number for number, (_, one) in enumerate(all_rules())}
    return [
        (subject, replace(one, title=f"{one.title}（{label}）") if len(ways) > 1 else one)
        for _, ways in sorted(told.items(), key=lambda item: order[item[0]])
        for one, (subject, label) in ways.items()
    ]


def run(subject: str, looked_at: object, profile: Profile, *records: Record) -> Iterator[Finding]:
    """Run every rule of a subject that holds there; yields Finding. A rule that crashes says so and costs no other.

    records: the form that was looked at, or the declaration and the evaluation: where the cells are.
    """
    year = records[-1].year
    for one in rules_for(subject):
        if not one.applies(profile, year):
            continue
        try:
            for found in one.check(looked_at, profile):
                yield _finding(_worded(one, profile), found, records)
        except Exception as error:  # noqa: BLE001  a bug in one rule must not pass for a fault of the form
            yield Finding(
                CRASHED,
                "规则自身出错",
                UNDECIDED,
                f"规则 {one.code}“{one.title}”没有算完（{type(error).__name__}），这一项没有核对",
                basis="程序的毛病，不是表的毛病",
                advice="请人工核对这一项，并告诉维护者",
                trace=traceback.format_exc(),
            )


_MOST_PROFILES = 32
_told_under: dict[int, tuple[Profile, dict[object, Rule]]] = {}  # by the id of a profile, which it keeps in use


def _worded(one: Rule, profile: Profile) -> Rule:
    """The rule in the words of the profile, put together once: findings of thousands of forms share them."""
    if id(profile) not in _told_under:
        if len(_told_under) >= _MOST_PROFILES:  # workers are handed the same one again and again
            _told_under.clear()
        _told_under[id(profile)] = profile, {}
    words = _told_under[id(profile)][1]
    if one.check not in words:
        words[one.check] = one.under(profile)
    return words[one.check]


def _finding(one: Rule, found: Found, records: tuple[Record, ...]) -> Finding:
    sides = (found.declared, found.at) if len(records) > 1 else (found.at,)
    places = {record.kind: _places(record, fields) for record, fields in zip(records, sides, strict=True)}
    return Finding(
        one.code,
        one.title,
        found.level or one.level,
        _cut(found.message),
        found.expected and _cut(found.expected),
        found.actual and _cut(found.actual),
        found.difference,
        found.subject,
        {kind: cells for kind, cells in places.items() if cells},
        one.basis,
        one.advice if found.advice is None else found.advice,
    )


def _cut(text: str) -> str:
    """What a rule says, cells it quotes included, to a length that somebody reads."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _places(record: Record, fields: tuple[str, ...]) -> tuple[Place, ...]:
    if record.source is None:
        return ()
    cells = record.source.cells
    return tuple(dict.fromkeys(cells[field] for field in fields if field in cells))


def _called(record: Record, field: str) -> str:
    """A field path as people say it: 实际完成值 of which indicator."""
    match = _ROW.fullmatch(field)
    if not match:
        return wording(field)
    rows = getattr(record, match["table"])
    number = int(match["number"])
    row = rows[number] if number < len(rows) else None
    return f"{getattr(row, 'name', None) or getattr(row, 'item', '')}（{wording(match['column'])}）"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f" 等 {len(names)} 处" if names[_NAMED:] else "")


def unread(record: Record) -> Iterator[Finding]:
    """What the reader did not understand, one finding for each thing that stands there: nothing that hangs on it
    can be judged."""
    told = [doubt for doubt, _ in other_units(record)]  # a rule of its own speaks of these
    alike: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in record.source.doubts if record.source else ():
        if doubt not in told:
            alike.setdefault((doubt.text, doubt.note), []).append(doubt)
    for (text, note), doubts in alike.items():
        several = f"（{len(doubts)} 格）" if len(doubts) > 1 else ""
        yield Finding(
            UNREAD,
            "看不懂的内容",
            UNDECIDED,
            f"“{shortened(text)}”{several}{note or '看不懂，按空白处理'}，与它有关的项目没有核对",
            actual=shortened(text),
            subject=_some(list(dict.fromkeys(_called(record, doubt.field) for doubt in doubts))),
            places={record.kind: tuple(dict.fromkeys(doubt.where for doubt in doubts))},
            basis="看不懂的不猜",
            advice="请改成规范写法后再核对一次",
        )
