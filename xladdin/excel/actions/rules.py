"""规则…: by which region's rules the buttons check and score, chosen once and remembered."""

from __future__ import annotations

import xlwings as xw

from ...files import user_folder
from ...profiles import names, profile
from ..settings import choose_rules, chosen_rules
from .filling import pick

USUAL = "每张表自己的规则"  # what the form says, else 上海


def choose(book: xw.Book) -> str:
    """Which rules hold; the others offered one after the other. Raises SaveError, BadValue for a bad file of rules."""
    now = chosen_rules()
    others = [(name,) for name in (None, *names(user_folder())) if name != now]
    picked = pick(book.app, others, lambda each: f"现在用的是{told(now)}。\n换成{told(each[0])}吗？")
    if picked is None:
        return f"没有换，还是用{told(now)}。"
    choose_rules(picked[0])
    return (
        f"以后检查、核对、重算得分、汇总和收表进度都用{told(picked[0])}。\n"
        "表里已有的公式和核对结果没有动；要按新的规则来，请再点一次那个按钮。"
    )


def told(name: str | None) -> str:
    """A choice in words: its name, since when it holds, and its source."""
    if name is None:
        return USUAL
    rules = profile(name, None, user_folder())
    return f"“{rules.label}”（{rules.source}）"
