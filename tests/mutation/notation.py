"""指标值 and 完成值 in the notations forms print (=91场, ≥90%, >=0.9百分比, ≥85.00(分), 0起, 定性, dates)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from xladdin import parse_target

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
WAN = Decimal(10_000)


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """`value` with that many decimals, half up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """The shortest ordinary writing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Notation:
    """How one clerk writes. percent: sign (90%), fraction (0.9百分比), share (90百分比) or brackets (90.00(百分比))."""

    percent: str
    brackets: bool
    ascii: bool
    units: bool  # whether 完成值 carries its unit
    bare: bool  # whether = is left out
    worded: bool = False  # 不低于, 不超过

    def op(self, op: str) -> str:
        """An operator as this clerk types it."""
        if op == "=" and self.bare:
            return ""
        if self.worded and op != "=":
            return {"≥": "不低于", "≤": "不超过"}[op]
        return {"≥": ">=", "≤": "<="}.get(op, op) if self.ascii else op

    def figure(self, op: str, value: Decimal, unit: str) -> str:
        """A 指标值: operator, figure, unit."""
        if unit == "%":
            return self.op(op) + self._rate(value)
        if self.brackets:
            return f"{self.op(op)}{rounded(value, 2)}({unit})"
        if unit == "人次" and value >= WAN and value % 100 == 0 and self.bare:
            return f"{self.op(op)}{plain(value / WAN)}万{unit}"
        return f"{self.op(op)}{plain(value)}{unit}"

    def _rate(self, value: Decimal) -> str:
        if self.percent == "fraction":
            return f"{plain(value / 100)}百分比"
        if self.percent == "share":
            return f"{plain(value)}百分比"
        return f"{rounded(value, 2)}(百分比)" if self.percent == "brackets" else f"{plain(value)}%"

    def actual(self, value: Decimal, unit: str) -> str:
        """A 完成值."""
        if unit != "%":
            return plain(value) + (unit if self.units else "")
        if self.percent == "fraction":
            return plain(value / 100)
        return plain(value) if self.percent == "brackets" and not self.units else f"{plain(value)}%"


def notation(form: str, random: Random) -> Notation:
    """A way of writing usual for that declaration form."""
    chance = random.random
    if form == "2021申报表":
        percent = random.choice(["fraction", "fraction", "sign", "share"])
        return Notation(percent, False, chance() < 0.5, chance() < 0.5, False)
    if form == "2023申报表":
        return Notation("sign", False, False, chance() < 0.8, chance() < 0.8, chance() < 0.15)
    brackets = chance() < 0.7
    return Notation("brackets" if brackets else "sign", brackets, False, chance() < 0.5, False)


def restated(target: str, random: Random) -> str:
    """The same target typed in another way: >= for ≥, 90% for 0.9百分比 or 90.00(百分比), 280000 for 28万."""
    read = parse_target(target)
    ways = [target.replace(one, other) for one, other in ((">=", "≥"), ("<=", "≤"), ("≥", ">="), ("≤", "<="))]
    if read.kind == "percent" and read.value:
        ways.append(f"{read.op or ''}{plain(read.value * 100)}%")
    elif read.kind == "number" and read.value >= 1000:
        unit = read.unit.removeprefix("万")
        ways.append(f"{read.op or ''}{plain(read.value)}{unit}")
        ways.append(f"{read.op or ''}{int(read.value):,}{unit}" if read.value % 1 == 0 else target)
    ways = [way for way in ways if way != target]
    return random.choice(ways) if ways else target


def with_figure(text: str, change) -> str:
    """The text with its first figure changed by `change`, its decimals and everything else kept."""

    def changed(match: re.Match) -> str:
        old = match[0].replace(",", "")
        return str(rounded(change(Decimal(old)), len(old.partition(".")[2])))

    return FIGURE.sub(changed, text, count=1)


def about(value: Decimal, unit: str, random: Random) -> str:
    """A count as a report's text puts it: 118600 as 118600, 11.86万, 近12万 or 11.8万余."""
    if value < WAN or random.random() < 0.4:
        return f"{plain(value)}{unit}"
    wan = value / WAN
    below, above = wan.quantize(Decimal("0.1"), "ROUND_DOWN"), wan.quantize(Decimal("0.1"), "ROUND_UP")
    if below == above:
        return f"{plain(wan)}万{unit}"
    if (above - wan) / wan < Decimal("0.03") and random.random() < 0.6:
        return f"近{plain(above)}万{unit}"
    if (wan - below) / wan < Decimal("0.05"):
        return f"{plain(below)}万余{unit}"
    return f"{plain(value)}{unit}"


def mark(key: int | str, text: str) -> str:
    """The text marked for what it tells: all of a sentence, of a figure's wording only the figure."""
    if isinstance(key, int):
        return FIGURE.sub(lambda match: f"⟦{key}|{match[0]}⟧", text, count=1)
    return f"⟦{key}|{text}⟧"


def unmarked(text: str) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    """A marked text as it is printed, and (key, start, end) of each mark."""
    marks = []
    while match := re.search(r"⟦([^|]*)\|([^⟦⟧]*)⟧", text):
        text = text[: match.start()] + match[2] + text[match.end() :]
        marks.append((match[1], match.start(), match.start() + len(match[2])))
    return text, tuple(marks)
