"""Scoring profiles: the regulations as dated data (profiles/*.toml), each version with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from ..errors import BadValue, Place, UnknownForm

DEFAULT = "上海"
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
    """One dated version of a region's rules. Points of 100; `reverse` is platform or ratio."""

    name: str
    since: str
    source: str
    execution: Decimal
    reverse: str
    weights: Mapping[str, Mapping[str, Decimal]]
    groups: Mapping[str, str]
    steps: tuple[Decimal, ...]
    bands: tuple[Band, ...]

    @property
    def achieved(self) -> tuple[str, ...]:
        """The words that say a qualitative target was reached in full."""
        return self.bands[0].words


def load_profile(path: Path) -> tuple[Profile, ...]:
    """The versions in one profile file, oldest first. Raises BadValue naming file and key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        shared = {key: value for key, value in data.items() if key != "version"}
        return tuple(sorted((_version(shared | entry) for entry in data["version"]), key=lambda p: p.since))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadValue(f"计分规则文件有误：{error}", Place(file=path.name), "请对照随附的规则文件改正") from error


def _version(data: dict) -> Profile:
    if data["reverse"] not in ("platform", "ratio"):
        raise ValueError(f"reverse = {data['reverse']!r}")
    return Profile(
        name=data["name"],
        since=str(data["since"]),
        source=data["source"],
        execution=Decimal(data["execution"]),
        reverse=data["reverse"],
        weights={scheme: {k: Decimal(v) for k, v in points.items()} for scheme, points in data["weights"].items()},
        groups=data["groups"],
        steps=tuple(Decimal(step) for step in data["steps"]),
        bands=tuple(
            Band(band["name"], tuple(band["words"]), Decimal(band["low"]), Decimal(band["high"]))
            for band in data["band"]
        ),
    )


@cache
def profile(name: str | None = None, year: int | None = None, folder: Path | None = None) -> Profile:
    """The profile of that name (default 上海) in force at the end of `year` (default: the newest).

    `folder` may hold profiles of the user's own, which win over the shipped ones.
    Raises UnknownForm when there is none of that name.
    """
    name = name or DEFAULT
    for place in filter(None, (folder, SHIPPED)):
        path = place / f"{name}.toml"
        if path.is_file():
            versions = load_profile(path)
            in_force = [v for v in versions if year is None or v.since <= f"{year}-12-31"]
            return in_force[-1] if in_force else versions[0]
    known = "、".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
    raise UnknownForm(f"没有名为“{name}”的计分规则", advice=f"可用：{known}")
