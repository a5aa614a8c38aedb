"""The text of bytes: Chinese files are UTF-8, or one of the GB encodings whatever they say."""

from __future__ import annotations

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAID = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "utf-16": "utf-16"}


def decoded(data: bytes, said: str | None = None) -> str:
    """The text; said: the encoding the file names, of no weight where its bytes are plainly another."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_SAID.get(said or "", "gb18030"), "replace")
