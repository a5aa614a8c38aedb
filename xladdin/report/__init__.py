"""Reports of a check or a cross-check: a workbook the clerk works in, or a page to read and print."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..errors import NotAForm, Place, SaveError, XladdinError
from ..files import digest_of, open_regular
from ..review.cases import Review
from ..workbook.reading import read_grids
from ..workbook.saving import put, save, save_error
from .once import told_once
from .rows import Row, report_of

KEPT = ".上次"  # between name and suffix of the report before this one


def write_report(review: Review, path: str | Path, force: bool = False) -> Path:
    """Write the report of a review as .xlsx or .html, by the suffix of `path`.

    A report of ours already there is continued (.xlsx: the clerk's 处理结果 and 说明 are kept, the old file
    lies beside it as 名称.上次.xlsx) or replaced (.html); any other file is replaced with `force` only, and a copy
    is kept in 被替换的旧表. Raises SaveError.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".html"):
        raise XladdinError("报告只能存成 .xlsx 或 .html", Place(file=str(path)), "请把文件名改成以 .xlsx 或 .html 结尾")
    if os.path.lexists(path) and not is_report(path):
        if not force:
            raise _foreign(path)
        put(path, _made(review, path, None))
        return path
    return _continued(review, path)


def is_report(path: Path) -> bool:
    """Whether a report of ours lies there, which the next one continues or replaces without asking."""
    from .html import is_ours

    return is_ours(path) if path.suffix.lower() == ".html" else _previous(path) is not None


def _continued(review: Review, path: Path) -> Path:
    """The report of ours that lies there goes on, from exactly what it holds; or a new one begins."""
    try:
        with open_regular(path) as file:
            before = file.read()
    except FileNotFoundError:
        return save(path, _made(review, path, None))
    except OSError as error:
        raise save_error(error, Place(file=str(path))) from None
    data = _made(review, path, before)
    if path.suffix.lower() == ".xlsx":
        _keep_last(path.with_name(f"{path.stem}{KEPT}{path.suffix}"), before)
    return save(path, data, seen=hashlib.sha256(before).hexdigest())


def _keep_last(path: Path, before: bytes) -> None:
    """The report before this one, in the place of the one before it; anything else there is kept."""
    if os.path.lexists(path) and _previous(path) is None:
        put(path, before)
    else:
        save(path, before, seen=digest_of(path) or None)


def _made(review: Review, path: Path, before: bytes | None) -> bytes:
    """The report's bytes. before: the report that it continues."""
    if path.suffix.lower() == ".html":
        from .html import page_of

        return page_of(told_once(report_of(review)), path.absolute().parent)
    from .workbook import workbook_of

    previous = None if before is None else _previous(before)
    return workbook_of(told_once(report_of(review, previous)), path.absolute().parent)


def _previous(path: Path | bytes) -> dict[str, Row] | None:
    """The rows of the report there; None where there is none. A form with the sheet 核对结果 in it is a form."""
    from ..form.reading import records_in
    from .previous import rows_before

    try:
        grids = read_grids(path)
        records_in(grids)
    except NotAForm:
        return rows_before(grids)
    except XladdinError:
        pass
    return None


def _foreign(path: Path) -> SaveError:
    return SaveError(
        "这里已有同名文件，它不是核对报告，或者其中的标识列已被删去",
        Place(file=str(path)),
        "请换一个文件名；如要覆盖，请加 --force",
    )
