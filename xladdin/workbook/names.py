"""File names that Windows, macOS and Linux take alike, made of what a form says."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

MAX_NAME = 80
MAX_BYTES = 240  # 255 on most file systems, less the suffix
UNNAMED = "未命名"
_ILLEGAL = re.compile('[=<>:"/\\\\|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_UNSEEN = ("Cc", "Cf")  # control characters; those that turn or hide what stands beside them


def safe_name(*parts: object) -> str:
    """One file name, without suffix, of the parts that are there: valid on Windows, at most 80 characters.

    A name too long loses the end of its longest part, which then carries a short hash of the whole.
    """
    pieces = [piece for piece in (_clean(part) for part in parts if part is not None) if piece]
    name = _trim(" ".join(pieces)) or UNNAMED
    if _too_long(name):
        name = _shorten(pieces, hashlib.blake2b(name.encode("utf-8"), digest_size=3).hexdigest())
    return f"_{name}" if _RESERVED.fullmatch(name.partition(".")[0].rstrip()) else name


def _clean(part: object) -> str:
    text = _ILLEGAL.sub("_", unicodedata.normalize("NFC", str(part)))
    return "".join(char for char in " ".join(text.split()) if unicodedata.category(char) not in _UNSEEN)


def _trim(name: str) -> str:
    return name.strip(" ").rstrip(". ")


def _too_long(name: str) -> bool:
    return len(name) > MAX_NAME or len(name.encode("utf-8")) > MAX_BYTES


def _shorten(pieces: list[str], mark: str) -> str:
    longest = max(range(len(pieces)), key=lambda index: len(pieces[index].encode("utf-8")))
    for keep in range(min(len(pieces[longest]), MAX_NAME), 0, -1):
        cut = f"{pieces[longest][:keep].rstrip('. ')}~{mark}"
        name = _trim(" ".join([*pieces[:longest], cut, *pieces[longest + 1 :]]))
        if not _too_long(name):
            return name
    name = " ".join(pieces)[: MAX_NAME // 2].rstrip(". ")
    while _too_long(f"{name}~{mark}"):
        name = name[:-1]
    return f"{name}~{mark}"


def unique_names(parts: Sequence[tuple], units: Sequence[str | None] = (), taken: Iterable[str] = ()) -> list[str]:
    """A safe name for each tuple of parts, no two the same to Windows, and none of those taken.

    Those that clash get their unit, then (2).
    """
    units = [*units, *[None] * (len(parts) - len(units))]
    first = [safe_name(*part) for part in parts]
    taken = {_folded(name) for name in taken}
    clashes = Counter([*map(_folded, first), *taken])
    given, taken = [], taken | {_folded(name) for name in first if clashes[_folded(name)] == 1}
    for part, unit, name in zip(parts, units, first, strict=True):
        if clashes[_folded(name)] > 1:
            name = _untaken((*part, unit), taken)
            taken.add(_folded(name))
        given.append(name)
    return given


def _untaken(parts: tuple, taken: set[str]) -> str:
    name, number = safe_name(*parts), 1
    while _folded(name) in taken:
        number += 1
        name = safe_name(*parts, f"({number})")
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
