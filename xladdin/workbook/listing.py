"""What a ZIP package says it holds: its directory.

One written in any way but the usual (ZIP64, extra fields, remarks, names beyond ASCII, anything before or behind the
package) is left to zipfile. What is listed here is what zipfile lists (tests/test_listing.py holds the two together).
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_ENTRY, _END, _ZIP64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07"
_END_FIELDS = struct.Struct("<4s4xHHLLH")  # mark, entries here and in all, the directory's size and start, a remark's
_FIELDS = struct.Struct("<4s2xBxHH4xLLLHHH8xL")  # mark, version needed, what a Member tells, lengths of name and so on
_NEWEST = 63  # the last version of the format that zipfile knows
_ZIP64_END = 20


class Unlisted(Exception):
    """The directory is cut, or wrong."""


class TooMany(Unlisted):
    """It lists more parts than are looked at."""


class Member(NamedTuple):
    """What the directory says of a part; sizes in bytes."""

    filename: str
    flag_bits: int
    compress_type: int
    CRC: int
    compress_size: int
    file_size: int
    header_offset: int


def members(data: bytes, most: int) -> list[Member]:
    """The parts of a package in the order of its directory. most: of them. Raises Unlisted, TooMany."""
    if len(data) > most * _FIELDS.size and data.count(_ENTRY) > most:
        raise TooMany
    found = _usual(data)
    return _any(data) if found is None else found


def _usual(data: bytes) -> list[Member] | None:
    """The parts; None where anything is out of the ordinary."""
    end = len(data) - _END_FIELDS.size
    if end < 0 or data.startswith(_ZIP64, max(end - _ZIP64_END, 0)):
        return None
    mark, _, _, size, at, remark = _END_FIELDS.unpack_from(data, end)
    if mark != _END or remark or at + size != end:
        return None
    found = []
    while at + _FIELDS.size < end:
        mark, version, flags, method, crc, packed, whole, length, extra, remark, offset = _FIELDS.unpack_from(data, at)
        at += _FIELDS.size
        name = data[at : at + length]
        at += length
        if mark != _ENTRY or version > _NEWEST or extra or remark or not name.isascii() or b"\0" in name:
            return None
        found.append(Member(name.decode("ascii"), flags, method, crc, packed, whole, offset))
    return found if at == end else None


def _any(data: bytes) -> list[Member]:
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as listing:
            infos = listing.infolist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OverflowError, struct.error):
        raise Unlisted from None
    return [Member(*(getattr(info, field) for field in Member._fields)) for info in infos]
