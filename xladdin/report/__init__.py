"""Reports of a check or a cross-check: a workbook the clerk works in, or a page to read and print."""

from __future__ import annotations

from pathlib import Path

from ..errors import Place, RefusedFile, SaveError, XladdinError
from ..review import Review
from ..workbook.reading import read_grids
from ..workbook.saving import save
from .rows import Row, report_of

KEPT = ".上次"  # between name and suffix of the report before this one


def write_report(review: Review, path: str | Path, force: bool = False) -> Path:
    """Write the report of a review as .xlsx or .html, by the suffix of `path`.

    A report of ours already there is continued (.xlsx: the clerk's 处理结果 and 说明 are kept, the old file
    lies beside it as 名称.上次.xlsx) or replaced (.html); any other file only with `force`. Raises SaveError.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _write_workbook(review, path, force)
    if suffix == ".html":
        return _write_page(review, path, force)
    raise XladdinError("报告只能存成 .xlsx 或 .html", Place(file=str(path)), "请把文件名改成以 .xlsx 或 .html 结尾")


def _write_workbook(review: Review, path: Path, force: bool) -> Path:
    from .workbook import workbook_of

    previous = _previous(path) if path.exists() else None
    if path.exists() and previous is None and not force:
        raise _foreign(path)
    data = workbook_of(report_of(review, previous), path.absolute().parent)
    if previous is not None:
        save(path.with_name(f"{path.stem}{KEPT}{path.suffix}"), path.read_bytes(), replace=True)
    return save(path, data, replace=True)


def _previous(path: Path) -> dict[str, Row] | None:
    from .previous import rows_before

    try:
        return rows_before(read_grids(path))
    except RefusedFile:
        return None


def _write_page(review: Review, path: Path, force: bool) -> Path:
    from .html import is_ours, page_of

    if path.exists() and not force and not is_ours(path):
        raise _foreign(path)
    data = page_of(report_of(review), path.absolute().parent)
    return save(path, data, replace=True)


def _foreign(path: Path) -> SaveError:
    return SaveError(
        "这里已有同名文件，它不是核对报告，或者其中的标识列已被删去",
        Place(file=str(path)),
        "请换一个文件名；如要覆盖，请加 --force",
    )
