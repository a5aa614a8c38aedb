"""Scoring profiles: the regulations as dated data (*.toml), each version with its source, and how one is found."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from ..domain.profile import Profile
from ..errors import UnknownForm
from .file import SHIPPED, load_profile

DEFAULT = "上海"


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
        if os.path.isfile(path):
            return _in_force(load_profile(path), year)
    known = "、".join(names(folder))
    raise UnknownForm(f"没有名为“{name}”的计分规则", advice=f"可用：{known}，或自备规则文件（.toml）")


def names(folder: Path | None = None) -> list[str]:
    """The profiles there are: the shipped ones and those in a folder of the user's own."""
    places = [place for place in (SHIPPED, folder) if place]
    return sorted({path.stem for place in places for path in place.glob("*.toml")})


def _in_force(versions: tuple[Profile, ...], year: int | None) -> Profile:
    begun = [version for version in versions if year is None or version.since <= f"{year}-12-31"]
    return begun[-1] if begun else versions[0]
