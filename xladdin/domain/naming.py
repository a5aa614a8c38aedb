"""Names as they are compared: the same project is written with other spaces, brackets and widths in each sheet."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("【】[]〔〕{}﹝﹞", "()()()()()")


@lru_cache(maxsize=2048)
def name_key(text: str | None) -> str:
    """The name without white space, line breaks and invisible marks, character and bracket width folded.

    ①, ² and the like stay: they are part of what something is called.
    """
    kept = "".join(_kept(char) for char in text or "")
    return unicodedata.normalize("NFC", kept).translate(_BRACKETS)


def _kept(char: str) -> str:
    kind = unicodedata.category(char)
    if char.isspace() or kind in ("Cf", "Cc"):
        return ""
    return char if kind == "No" else unicodedata.normalize("NFKC", char)


def alike(name: str, others: list[str], least: float = 70) -> list[int]:
    """Which of some names (all keys) may have been meant by one that is none of them: the nearest, several if even.

    least: of 100. A name cut short or made longer counts as near, however much of it is gone.
    """
    from rapidfuzz import fuzz, process

    found = process.extract(name, others, scorer=fuzz.ratio, score_cutoff=least, limit=3)
    if found:
        return [at for _, score, at in found if score == found[0][1]]
    if len(name) < 4:
        return []
    return [at for at, other in enumerate(others) if len(other) >= 4 and (name in other or other in name)][:3]
