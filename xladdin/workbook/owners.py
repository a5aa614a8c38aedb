"""Who has a workbook open: the owner files that Excel, Word, WPS and LibreOffice lay beside it."""

from __future__ import annotations

import contextlib
from pathlib import Path

# (start of the length, start of the UTF-16 name) in the owner files of Excel and Word
_OWNER_SPOTS = ((55, 57), (54, 56))


def owner_file(target: Path) -> Path | None:
    """The file that Excel (~$name), WPS (.~name) or LibreOffice (.~lock.name#) leaves beside an open workbook."""
    names = (f"~${target.name}", f".~{target.name}", f".~lock.{target.name}#")
    return next((target.with_name(name) for name in names if target.with_name(name).is_file()), None)


def holder(lock: Path) -> str | None:
    """The user's name inside a lock file; None when it tells nothing."""
    try:
        data = lock.read_bytes()[:1024]
    except OSError:
        return None
    if lock.name.startswith(".~lock."):
        return _printable(data.decode("utf-8", "replace").split(",")[1:2])
    for length_at, name_at in _OWNER_SPOTS:
        length = int.from_bytes(data[length_at:name_at], "little")
        name = data[name_at : name_at + 2 * length] if 0 < length <= 54 else b""
        if len(name) == 2 * length and (found := _printable([name.decode("utf-16-le", "replace")])):
            return found
    short = data[1 : 1 + data[0]] if data else b""
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return _printable([short.decode(encoding)])
    return None


def _printable(names: list[str]) -> str | None:
    name = names[0].strip(" \0") if names else ""
    return name if name and name.isprintable() and "\ufffd" not in name else None
