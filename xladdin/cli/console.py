"""What all commands share: exit codes, and where they speak. Results to stdout, what is to be put right to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sized
from typing import Any

from ..log import crashes_logged

OK, PARTLY, WRONG = 0, 1, 2  # done; done but for what was reported; nothing done
_LONGEST, _END = 2_000, 400  # characters of one message, and of its end
MANY = 20  # more than this are counted, not listed


def tell(said: object) -> None:
    """A line on stderr."""
    print(clipped(str(said)), file=sys.stderr)


def clipped(said: str) -> str:
    """A message without the middle of one too long to be read: what is wrong and what to do stand at its ends."""
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - _END]}……{said[-_END:]}"


def print_json(items: Iterable[Any]) -> None:
    """A JSON list on stdout."""
    print(json.dumps(list(items), ensure_ascii=False, indent=1))


def tell_crashes(traces: Iterable[str]) -> None:
    """Traces of bugs go into a log; where it is."""
    if said := crashes_logged(traces):
        tell(said)


def some(names: Iterable[str]) -> str:
    """The first few names, and how many there are when that is not all."""
    names = list(names)
    return "、".join(names[:MANY]) + (f" 等 {len(names)} 个" if len(names) > MANY else "")


def code_of(done: Sized, failed: Sized) -> int:
    """The exit code of what was done and what was not."""
    if not failed:
        return OK
    return PARTLY if done else WRONG
