"""Compound files, in which Office kept everything before 2007: which streams stand at the top."""

from __future__ import annotations

import struct
from functools import lru_cache

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _ENTRY, _MOST = 0xFFFFFFFA, 128, 4096  # sectors of the directory, and entries of it, that are looked at


@lru_cache(maxsize=4)
def streams(data: bytes) -> frozenset[str]:
    """The names at the top of a compound file, in lower case; none where it is no such file, or a broken one."""
    if data[:8] != _MAGIC or len(data) < 512:
        return frozenset()
    try:
        return frozenset(_names(_directory(data)))
    except (struct.error, IndexError):
        return frozenset()


def _directory(data: bytes) -> bytes:
    size = 1 << max(min(struct.unpack_from("<H", data, 30)[0], 16), 7)
    sector = struct.unpack_from("<I", data, 48)[0]
    table = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]
    parts = []
    for _ in range(_MOST):
        if sector >= _END or (sector + 1) * size >= len(data):
            break
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        within, at = divmod(sector, size // 4)
        if within >= len(table):
            break
        sector = struct.unpack_from("<I", data, (table[within] + 1) * size + 4 * at)[0]
    return b"".join(parts)


def _names(directory: bytes) -> list[str]:
    """Those of the root's children: a tree, each entry with one to its left, its right, and its own below it."""
    names: list[str] = []
    seen: set[int] = set()
    ahead = [struct.unpack_from("<I", directory, 76)[0]]
    while ahead and len(seen) < _MOST:
        number = ahead.pop()
        start = number * _ENTRY
        if number in seen or start + _ENTRY > len(directory):
            continue
        seen.add(number)
        length = min(struct.unpack_from("<H", directory, start + 64)[0], 64)
        names.append(directory[start : start + max(length - 2, 0)].decode("utf-16-le", "replace").lower())
        ahead += struct.unpack_from("<2I", directory, start + 68)
    return names
