"""Anything that can be opened, as Grids: told apart by what it holds, never by its suffix.

A further kind of source is a module of this room and its name in OPENERS, and in PACKAGES where it is one. The module
has two functions: `takes(source)` says whether it is one of its kind, from the bytes (or from an object somebody hands
over); `grids(source, name)` gives its sheets, `name` being the file's for messages and places, and raises RefusedFile.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadValue

if TYPE_CHECKING:
    from ..workbook.grid import Grid

# asked in this order; the last takes all bytes, and says of what nobody took what it is
OPENERS = ("memory", "docx", "xls", "opendocument", "odt", "doc", "office", "html", "pdf", "text", "xlsx")
PACKAGES = ("docx", "opendocument", "odt", "xlsx")  # those of them that begin as a ZIP archive does


def open_grids(source: Any, name: str | None = None) -> list[Grid]:
    """The sheets of a path, bytes, a binary file or an openpyxl.Workbook, in order. Raises RefusedFile, BadValue."""
    if isinstance(source, (str, os.PathLike)):
        from ..workbook.gate import read_bytes

        path = Path(source)
        source, name = read_bytes(path, name or path.name), name or path.name
    elif hasattr(source, "read"):
        source, name = _content(source), name or _name(source)
    elif isinstance(source, (bytearray, memoryview)):
        source = bytes(source)
    for opener in PACKAGES if isinstance(source, bytes) and source[:2] == b"PK" else OPENERS:
        module = import_module(f".{opener}", __name__)
        if module.takes(source):
            return module.grids(source, name)
    raise BadValue(f"不知道怎样读 {type(source).__name__}", advice="请给出路径、字节、二进制文件或 openpyxl.Workbook")


def _content(file: Any) -> bytes:
    if file.seekable():  # from its beginning, wherever whoever wrote it left it
        file.seek(0)
    data = file.read()
    if not isinstance(data, bytes):
        raise BadValue("文件是以文本方式打开的", advice='请用 open(文件, "rb") 打开')
    return data


def _name(file: Any) -> str | None:
    name = getattr(file, "name", None)  # a number where it was opened by one
    return os.path.basename(name) if isinstance(name, str) else None
