"""What a scoring profile holds: the regulations of one region as they stood from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .numbers import plain

_REVERSE = {
    "platform": "反向指标超出的按 [1－(完成值－指标值)÷指标值]×分值（一体化平台）",
    "ratio": "反向指标超出的按 指标值÷完成值×分值",
}


@dataclass(frozen=True, slots=True)
class Band:
    """One 档 of a qualitative indicator: the words that choose it and its share of the points."""

    name: str
    words: tuple[str, ...]
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Profile:
    """One dated version of a region's rules. Points of 100; `reverse` is platform or ratio.

    required, expected: groups of 一级指标 that must, or should, be set; grades: 等级 and its lowest total,
    best first; limits and words: what the checks measure and look for (the data files say where from).
    basis: by a rule's code, its reason in this region where it differs; forms: by kind, the form the region uses
    (none: the one of the year); lineage: its own name and those of the profiles it builds on.
    """

    name: str
    since: str
    source: str
    execution: Decimal
    reverse: str
    weights: Mapping[str, Mapping[str, Decimal]]
    groups: Mapping[str, str]
    steps: tuple[Decimal, ...]
    bands: tuple[Band, ...]
    required: tuple[str, ...]
    expected: tuple[str, ...]
    grades: tuple[tuple[str, Decimal], ...]
    limits: Mapping[str, Decimal]
    words: Mapping[str, tuple[str, ...]]
    basis: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    lineage: tuple[str, ...] = ()

    @property
    def achieved(self) -> tuple[str, ...]:
        """The words that say a qualitative target was reached in full."""
        return self.bands[0].words

    @property
    def label(self) -> str:
        """Which rules these are, in words."""
        return f"{self.name}，{self.since} 起"

    @property
    def figures(self) -> dict[str, object]:
        """What the texts of a rule may name: every limit, and what else the rules of a region come to, in words."""
        schemes = {name: self._points(scheme) for name, scheme in self.weights.items()}
        more = "".join(f"；设{name}的 {said}" for name, said in schemes.items() if name != "无成本")
        expected = f"，{'、'.join(self.expected)}应设" if self.expected else ""
        floor = self.grades[-1][0]
        return {
            **self.limits,
            "execution": plain(self.execution),
            "weights": schemes["无成本"] + more,
            "bands": "、".join(f"{band.name} {band.high:.0%}—{band.low:.0%}" for band in self.bands),
            "groups": f"{'、'.join(self.required)}必设{expected}",
            "reverse": _REVERSE[self.reverse],
            "grades": "、".join(f"{plain(low)} {name}" for name, low in self.grades[:-1]) + f"、以下{floor}",
            "source": self.source,
        }

    def _points(self, scheme: Mapping[str, Decimal]) -> str:
        return "、".join(f"{name} {plain(points)}" for name, points in {"执行率": self.execution, **scheme}.items())
