"""Scoring profiles: the regulations as dated data (profiles/*.toml), each version with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from ..errors import UnknownForm

DEFAULT = "上海"
DEFAULT_BASE = "全国"  # holds every key; the others build on it
SHIPPED = Path(__file__).parent / "profiles"


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


@cache
def profile(name: str | None = None, year: int | None = None, folder: Path | None = None) -> Profile:
    """The profile of that name (default 上海) in force at the end of `year` (default: the newest).

    A name that ends in .toml is a file of the user's own; `folder` may hold more of those, which win
    over the shipped ones. Raises UnknownForm when there is none of that name, BadValue for a bad file.
    """
    from .profile_file import load_profile

    name = name or DEFAULT
    if name.endswith(".toml"):
        return _in_force(load_profile(Path(name)), year)
    for place in filter(None, (folder, SHIPPED)):
        path = place / f"{name}.toml"
        if path.is_file():
            return _in_force(load_profile(path), year)
    places = [place for place in (SHIPPED, folder) if place]
    known = "、".join(sorted({path.stem for place in places for path in place.glob("*.toml")}))
    raise UnknownForm(f"没有名为“{name}”的计分规则", advice=f"可用：{known}，或自备规则文件（.toml）")


def _in_force(versions: tuple[Profile, ...], year: int | None) -> Profile:
    begun = [version for version in versions if year is None or version.since <= f"{year}-12-31"]
    return begun[-1] if begun else versions[0]
