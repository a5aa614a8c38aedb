"""A new workbook of ours, in which text stays text."""

from __future__ import annotations

import io
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import SaveError
from ..workbook.markup import proven_package

NOT_OFFERED = "不在下拉的选项里，确定要这样填吗？"
_NEVER = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")


def new_book(fill: Callable[[Any], None], **properties: Any) -> bytes:
    """What `fill` writes into a new XlsxWriter workbook, as .xlsx bytes of which every part is well-formed.

    properties: title, author, created and what else XlsxWriter's set_properties takes. Raises SaveError where there is
    no room for temporary files.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    buffer = io.BytesIO()
    try:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            options = {"tmpdir": folder, **dict.fromkeys(_NEVER, False)}
            with xlsxwriter.Workbook(buffer, options) as book:
                book.set_properties(properties)
                fill(book)
    except (OSError, FileCreateError) as error:
        advice = "请清理磁盘（系统的临时文件夹）后再运行一次"
        raise SaveError(f"临时文件写不了（{error}），没有保存", None, advice) from None
    return proven_package(buffer.getvalue())


def choices(heading: str, offered: list[str]) -> dict[str, Any]:
    """A drop-down for data_validation: offered, not forced."""
    rule = {"validate": "list", "source": offered, "error_type": "warning"}
    return rule | {"error_title": heading, "error_message": NOT_OFFERED}
