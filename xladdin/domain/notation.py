"""Characters as people type them, folded to the ones that are read."""

from __future__ import annotations

import re
import unicodedata

_KEPT = ("No", "Nl")  # ², ①, ½, Ⅳ are no digits: 9² is not 92
_UNITS = {"㎡": "m²", "㎥": "m³", "㎢": "km²", "㎏": "kg", "㎞": "km", "㎜": "mm", "㎝": "cm", "㎎": "mg"}
_ALIKE = str.maketrans({"−": "-", "－": "-", "﹪": "%", "═": "=", "〜": "~", "∼": "~"})
_APART = re.compile(r"(?<=[0-9.,])\s+(?=[0-9.,])")
APART = "|"  # where blanks stood between two figures


def fold(text: str) -> str:
    """The text without white space, full-width forms folded; blanks between two figures become `APART`."""
    if not unicodedata.is_normalized("NFKC", text):
        text = "".join(
            _UNITS.get(char) or (char if unicodedata.category(char) in _KEPT else unicodedata.normalize("NFKC", char))
            for char in text
        )
    return "".join(_APART.sub(APART, text).split()).translate(_ALIKE)


def is_odd(text: str) -> bool:
    """Whether ², ½, ① or Ⅳ stand in it, but for m² and m³."""
    return not text.isascii() and any(
        unicodedata.category(char) in _KEPT for char in text.replace("m²", "").replace("m³", "")
    )
