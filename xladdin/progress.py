"""How far a long job is: a bar on the terminal, whatever the caller watches with, or nothing where nobody does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import XladdinError

FEW = 20  # no bar below this
Watcher = Callable[[Iterable, int, str], Iterable]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


class Stopped(XladdinError):
    """Somebody asked for a long job to stop; raised by a watcher between two items."""


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Inside, `watcher(items, total, doing)` passes on what is worked through, and may raise Stopped."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def bar(items: Iterable, total: int, doing: str) -> Iterable:
    """The items as they come, through the watcher; else with a bar on stderr, if it is a terminal and they are many."""
    if watcher := _watcher.get():
        return watcher(items, total, doing)
    if total <= FEW or not (sys.stderr and sys.stderr.isatty()):
        return items
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    return tqdm(items, total=total, desc=doing, unit="份", file=sys.stderr, ascii=os.name == "nt")
