"""What a scoring profile holds: the regulations of one region as they stood from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


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

    @property
    def achieved(self) -> tuple[str, ...]:
        """The words that say a qualitative target was reached in full."""
        return self.bands[0].words
