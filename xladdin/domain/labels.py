"""The labels printed on forms: every wording of a field, and the canonical name it stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, TypeVar

from .wordings import GRADES, HEADINGS, ITEMS, LABELS, LESSER, Wordings

LONGEST_LABEL = 60

_OUT = re.compile(r"[\W_]+")
_TAIL = re.compile(r"[\s:：;；]*[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕][\s:：]*$")
_HEAD = re.compile(
    r"^\s*(?:其中\s*[:：]?|[一二三四五六七八九十]+[、.]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.])\s*"
)
_FIGURE = re.compile(r"[\s:：]\d[\d.,]*\s*$|\d{3}")  # 年度资金总额：203 is no label with a number, 年度绩效目标1 is
_YEAR = re.compile(r"^\d{4}年")
_POINTS = re.compile(r"[(\[]\s*(\d{1,3}(?:\.\d{1,2})?)\s*分")
_YUAN = "[十百千万亿]{0,2}元"
_UNIT = re.compile(rf"[(\[【](?:金额)?(?:单位)?:?(?:人民币)?:?({_YUAN})[)\]】]|单位:?(?:人民币)?:?({_YUAN})(?![\w])")
_UNIT_LINE = re.compile(r"[(\[【]?(?:金额|货币)?单位:?(?:人民币)?:?" + _YUAN + r"[)\]】]?")


T = TypeVar("T")


def _kept(size: int, otherwise: Any) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A function of a text that remembers its answers; of one too long for a label it keeps none: `otherwise`."""

    def made(function: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(maxsize=size)(function)

        @wraps(function)
        def asked(text: str) -> T:
            return known(text) if len(text) <= LONGEST_LABEL else otherwise

        return asked

    return made


@_kept(2048, "")
def normalise(text: str) -> str:
    """The text with full-width forms folded and all white space and punctuation out; "" if too long for a label."""
    return _OUT.sub("", unicodedata.normalize("NFKC", text))


def without_tail(text: str) -> str:
    """The text without bracketed tails such as （万元） （A） (50分) （2021年-2021年） and a closing colon."""
    while (match := _TAIL.search(text)) and match.start():
        text = text[: match.start()]
    return text.strip().rstrip(":：").rstrip()


def without_head(text: str) -> str:
    """The text without 其中： or a numbering such as 一、 (1) before it."""
    while (match := _HEAD.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


@_kept(2048, "")
def label_key(text: str) -> str:
    """The normalised core of a label: no bracketed tail, no 其中：. "" when the text cannot be a label."""
    return normalise(without_tail(without_head(text)))


def _by_wording(table: Wordings) -> dict[str, str]:
    """Normalised wording → canonical name."""
    return {
        normalise(wording): name
        for name, sources in table.items()
        for wordings in sources.values()
        for wording in wordings.split()
    }


_WORDINGS = _by_wording(LABELS)
_HEADINGS = {table: _by_wording(wordings) for table, wordings in HEADINGS.items()}
_ITEMS = _by_wording(ITEMS)
_LEAST = 3  # characters: a shorter word is like too many
_LESSER = frozenset(map(normalise, LESSER.split())) | {"单位"}


@_kept(2048, None)
def canonical(text: str) -> str | None:
    """The canonical name a text is a label of, or None."""
    whole = normalise(text)
    if not whole:
        return None
    key = label_key(text)
    found = _WORDINGS.get(whole) or _WORDINGS.get(key)
    if found or not key:
        return found
    if _YEAR.match(key):
        rest = key[5:]
        return _WORDINGS.get(rest) or _WORDINGS.get("年" + rest)
    if key[-1].isdigit() and not _FIGURE.search(text):
        return _WORDINGS.get(key.rstrip("0123456789"))
    return None


def heading(text: str, table: str) -> str | None:
    """What a text means in the heading of a table alone ("indicators", "budget"), where `canonical` leaves it open."""
    words = _HEADINGS[table]
    return words.get(normalise(text)) or words.get(label_key(text))


@_kept(1024, None)
def fund_item(text: str) -> str | None:
    """Which line of 项目资金 a text names in its first column, where `canonical` does not say."""
    return _ITEMS.get(normalise(text)) or _ITEMS.get(label_key(text))


@_kept(1024, False)
def is_lesser(text: str) -> bool:
    """Whether a label gives way to others of the same field (填报单位 beside 实施单位)."""
    return normalise(text) in _LESSER or label_key(text) in _LESSER


@lru_cache(maxsize=1024)
def likeness(text: str, names: frozenset[str], table: str | None = None, least: float = 75) -> str | None:
    """Which of some fields a label nobody knows is most like; None when it is like none. least: of 100."""
    from rapidfuzz import fuzz, process

    key = label_key(text)
    if len(key) < _LEAST:
        return None
    listed = _WORDINGS | _HEADINGS[table] if table else _WORDINGS
    known = [word for word, name in listed.items() if name in names]
    found = process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=least)
    return listed[found[0]] if found else None


@_kept(1024, None)
def points_in(text: str) -> Decimal | None:
    """The points a heading names: 20 of 预算执行情况（20分）and of 得分（20分×执行率）."""
    match = _POINTS.search(unicodedata.normalize("NFKC", text))
    return Decimal(match[1]) if match else None


@_kept(1024, False)
def is_grade(text: str) -> bool:
    """Whether a text is a grade: 优, 良好."""
    return normalise(text) in GRADES


def wording(name: str) -> str:
    """How messages call a canonical name."""
    words = LABELS.get(name) or next((table[name] for table in HEADINGS.values() if name in table), None)
    return next(iter(words.values())).split()[0] if words else name.removeprefix("extra.")


@_kept(1024, None)
def unit_named(text: str) -> str | None:
    """The unit of money a label names, whichever it is: 万元 of 项目资金(万元), 千元 of 单位：千元."""
    match = _UNIT.search("".join(unicodedata.normalize("NFKC", text).split()))
    return match and (match[1] or match[2])


def money_unit(text: str) -> str | None:
    """元 or 万元 when a label names it: 项目资金(万元), 单位：万元, 项目总预算（元）：."""
    unit = unit_named(text)
    return unit if unit in ("元", "万元") else None


@_kept(1024, False)
def is_unit_line(text: str) -> bool:
    """Whether a text is nothing but a money unit: 单位：万元, （金额单位：元）."""
    return len(text) <= 20 and bool(_UNIT_LINE.fullmatch("".join(unicodedata.normalize("NFKC", text).split())))
