"""The rules as a table of the report: 规则手册."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..rules.finding import LEVELS, Rule
from ..rules.handbook import subjects
from ..sheets.table import Column

COLUMNS = (
    Column("subject", "核对对象", 13),
    Column("title", "检查项", 24),
    Column("level", "级别", 10),
    Column("says", "内容", 48),
    Column("basis", "依据", 32),
    Column("wrong", "错误示例", 26),
    Column("right", "正确示例", 26),
    Column("advice", "建议", 32),
)


class Entry(NamedTuple):
    """One rule as a reader meets it."""

    subject: str
    title: str
    level: str
    says: str
    basis: str
    wrong: str
    right: str
    advice: str


def entries(rules: Iterable[tuple[str, Rule]]) -> list[Entry]:
    """Rules, each with its subject, as their rows."""
    return [
        Entry(
            subjects()[subject], rule.title, LEVELS[rule.level], _says(rule), rule.basis, rule.wrong,
            rule.right, rule.advice,
        )
        for subject, rule in rules
    ]  # fmt: skip


def _says(rule: Rule) -> str:
    """What it says, its lines joined as Chinese text is."""
    return re.sub(r"(?<!\n)\n(?!\n)", "", rule.says)
