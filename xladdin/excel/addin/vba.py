"""The VBA modules of the add-in: our own from macros/, and the table made from commands.py."""

from __future__ import annotations

import re

from ...errors import Place, XladdinError
from .ribbon import TABLE, macros_folder, table_module

CLASSES = ("XladdinEvents",)


def modules() -> dict[str, str]:
    """Every module's source by name, in CRLF and ASCII. Raises XladdinError."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(macros_folder().glob("Xladdin*.[bc][al]s"))}
    found[TABLE] = table_module()
    for name, source in found.items():
        if not source.isascii():
            advice = "请改写在 commands.py 的 TEXTS 里"
            raise XladdinError("宏的源码里有中文，存进加载项会变成问号", Place(file=name), advice)
    return {name: re.sub(r"\r?\n", "\r\n", source) for name, source in found.items()}
