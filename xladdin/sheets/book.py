"""A new workbook of ours, in which text stays text."""

from __future__ import annotations

from typing import IO, Any

NOT_OFFERED = "不在下拉的选项里，确定要这样填吗？"
_NEVER = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def new_book(into: IO[bytes], **properties: Any) -> Any:
    """An XlsxWriter workbook that writes into `into` when it is closed, as a with-block does.

    properties: title, author, created and what else XlsxWriter's set_properties takes.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(into, {"in_memory": True, **dict.fromkeys(_NEVER, False)})
    book.set_properties(properties)
    return book


def choices(heading: str, offered: list[str]) -> dict[str, Any]:
    """A drop-down for data_validation: offered, not forced."""
    rule = {"validate": "list", "source": offered, "error_type": "warning"}
    return rule | {"error_title": heading, "error_message": NOT_OFFERED}
