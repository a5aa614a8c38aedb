"""A new workbook of ours, in which text stays text."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from ..workbook.markup import proven_package

NOT_OFFERED = "不在下拉的选项里，确定要这样填吗？"
_NEVER = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def new_book(fill: Callable[[Any], None], **properties: Any) -> bytes:
    """What `fill` writes into a new XlsxWriter workbook, as .xlsx bytes of which every part is well-formed.

    properties: title, author, created and what else XlsxWriter's set_properties takes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **dict.fromkeys(_NEVER, False)}) as book:
        book.set_properties(properties)
        fill(book)
    return proven_package(buffer.getvalue())


def choices(heading: str, offered: list[str]) -> dict[str, Any]:
    """A drop-down for data_validation: offered, not forced."""
    rule = {"validate": "list", "source": offered, "error_type": "warning"}
    return rule | {"error_title": heading, "error_message": NOT_OFFERED}
