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


def load_profile(path: Path) -> tuple[Profile, ...]:
    """The versions in one profile file, oldest first. Raises BadValue naming file and key.

    A file that names a shipped profile as its `base` holds only what differs from it.
    """
    try:
        data = _parsed(path)
        if base := data.pop("base", None):
            data = _laid_over(_parsed(_shipped(base)), data)
        shared = {key: value for key, value in data.items() if key != "version"}
        versions = (_version(_laid_over(shared, entry)) for entry in data["version"])
        return tuple(sorted(versions, key=lambda version: version.since))
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise BadValue(f"计分规则文件有误：{error}", Place(file=path.name), "请对照随附的规则文件改正") from error
    except OSError as error:
        raise BadValue("计分规则文件打不开", Place(file=str(path)), "请检查路径和文件名") from error


def _parsed(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)


def _shipped(name: str) -> Path:
    path = SHIPPED / f"{name}.toml"
    if path.parent != SHIPPED or not path.is_file():
        raise ValueError(f"base = {name!r} 不是随附的规则")
    return path


def _laid_over(base: dict, own: dict) -> dict:
    """`own` on top of `base`: tables are merged, everything else is replaced."""
    tables = {key: base[key] | value for key, value in own.items() if isinstance(value, dict) and key in base}
    return base | own | tables


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
        required=tuple(data["required"]),
        expected=tuple(data["expected"]),
        grades=tuple((grade["name"], Decimal(grade["low"])) for grade in data["grade"]),
        limits={name: Decimal(figure) for name, figure in data["limits"].items()},
        words={name: tuple(words) for name, words in data["words"].items()},
    )


@cache
def profile(name: str | None = None, year: int | None = None, folder: Path | None = None) -> Profile:
    """The profile of that name (default 上海) in force at the end of `year` (default: the newest).

    A name that ends in .toml is a file of the user's own; `folder` may hold more of those, which win
    over the shipped ones. Raises UnknownForm when there is none of that name, BadValue for a bad file.
    """
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
