"""How much a regular expression of a profile may cost: it is somebody's, and is tried at every place of every text."""

from __future__ import annotations

import math
import re

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\??|\)|[|*+?]|\{(\d*)(,?)(\d*)\}|.", re.DOTALL)
_VERBOSE = re.compile(r"\(\?[aiLmsu]*x")


def ways(pattern: str) -> float:
    """At most how many ways there are to match a pattern at one place; infinite where nothing bounds them.

    Alternatives and optional repeats multiply. A repeat without end, and one of a group, is without bound.
    """
    if _VERBOSE.search(pattern):  # blanks and remarks may then stand before a repeat
        return math.inf
    total, grouped = 1.0, False
    bars = [0]
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if text.startswith("("):
            bars.append(0)
        elif text == ")":
            total *= 1 + (bars.pop() if len(bars) > 1 else 0)
        elif text == "|":
            bars[-1] += 1
        elif text in ("*", "+"):
            return math.inf
        elif text == "?":
            total *= 2
        elif any(token.groups()):
            least, comma, most = token.groups()
            if grouped or (comma and not most):
                return math.inf
            total *= int(most or least) + 1
        grouped = text == ")"
    return total * (1 + bars[0])
