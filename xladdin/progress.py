"""A progress bar on the terminal, and nothing where nobody watches."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

FEW = 20  # no bar below this


def bar(items: Iterable, total: int, doing: str) -> Iterable:
    """The items as they come, with a bar on stderr when it is a terminal and there are many."""
    if total <= FEW or not (sys.stderr and sys.stderr.isatty()):
        return items
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    return tqdm(items, total=total, desc=doing, unit="份", file=sys.stderr, ascii=os.name == "nt")
