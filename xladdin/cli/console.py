"""What all commands share: exit codes, and where they speak. Results to stdout, what is to be put right to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sized
from typing import Any

from ..log import crashes_logged

OK, PARTLY, WRONG = 0, 1, 2  # done; done but for what was reported; nothing done
_LONGEST, _END = 2_000, 400  # characters of one message, and of its end
_TURNING = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # bidirectional controls
_UNSEEN = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0), *_TURNING} - {9, 10}, "\ufffd")
MANY = 20  # more than this are counted, not listed


def tell(said: object) -> None:
    """A line on stderr."""
    print(clipped(str(said)), file=sys.stderr)


def harmless(text: str) -> str:
    """A text that moves no cursor, colours nothing and turns nothing round: what a file says stays what it says."""
    return text if text.isprintable() else text.translate(_UNSEEN)  # far slower


class Plain:
    """A stream that shows only what is harmless."""

    def __init__(self, stream: Any):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """The text, as far as it is harmless."""
        return self._stream.write(harmless(text))


def clipped(said: str) -> str:
    """A message without the middle of one too long to be read: what is wrong and what to do stand at its ends."""
    said = harmless(said)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - _END]}……{said[-_END:]}"


def print_json(items: Iterable[Any]) -> None:
    """A JSON list on stdout, an item a line."""
    lines = [json.dumps(item, ensure_ascii=False) for item in items]
    escaped = {code: f"\\u{code:04x}" for code in _UNSEEN if code >= 0x7F}
    for number, line in enumerate(lines):
        print(("," if number else "[") + (line if line.isprintable() else line.translate(escaped)))
    print("]" if lines else "[]")


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
