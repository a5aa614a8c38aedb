"""Who has handed in what: the state of every project, as values, a workbook and a page."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any

from .. import __version__
from ..batch.jobs import REFUSED, UNREAD
from ..batch.shelf import Shelf, refusal
from ..errors import Place, SaveError, XladdinError
from .gather import status_of
from .states import STATES, Standing, Status

__all__ = ["STATES", "Standing", "Status", "as_json", "status_of", "write_status"]


def write_status(status: Status, path: str | Path, force: bool = False) -> Path:
    """Write the status as .xlsx or .html, by the suffix. One nobody touched is replaced, others by `force` only.

    Raises XladdinError for another suffix; SaveError where a form that was handed in, a report or a file somebody
    wrote into lies there, or the place cannot be written. What `force` replaces is kept beside it.
    """
    path = Path(path)
    if path.suffix.lower() not in (".xlsx", ".html"):
        raise XladdinError(
            "收表进度只能存成 .xlsx 或 .html", Place(file=str(path)), "请把文件名改成以 .xlsx 或 .html 结尾"
        )
    handed_in = (file for one in status.standings for file in (*one.declared, *one.evaluated))
    if os.path.realpath(path) in {os.path.realpath(file) for file in (*handed_in, *status.reports)}:
        advice = "请给收表进度换一个文件名（核对结果不用写在这里，程序会自己找；要指定的用 --checked）"
        raise SaveError("这是交来的表或核对结果，不能把收表进度存在它上面", Place(file=str(path)), advice)
    stamp = f"{dt.datetime.now():%Y-%m-%d %H:%M} 由 xladdin {__version__} 生成"
    if path.suffix.lower() == ".html":
        from .html import page_of as made_of
    else:
        from .workbook import workbook_of as made_of
    data = made_of(status, path.absolute().parent, stamp)
    with Shelf(path.parent, "status") as shelf:
        state, kept = shelf.put(path, hashlib.sha256(data).hexdigest(), data, force)
    if state in (*REFUSED, UNREAD) and kept is None:
        raise refusal(path, state)
    return path


def as_json(one: Standing) -> dict[str, Any]:
    """A project and its state; files as paths, blanks null."""
    return {
        "project": one.project,
        "year": one.year,
        "unit": one.unit,
        "handler": one.handler,
        "state": one.state,
        "missing": one.missing or None,
        "declaration": [str(path) for path in one.declared],
        "evaluation": [str(path) for path in one.evaluated],
        "checked": one.checked or None,
    }
