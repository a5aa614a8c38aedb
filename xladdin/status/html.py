"""The status as one page of HTML: no script, nothing loaded from elsewhere, printable."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from ..review.cases import told_of
from ..rules.finding import LEVELS
from ..sheets.page import Cell, Link, clean
from .columns import LOOKS, NAME, columns_of
from .states import CHECKED, MEANINGS, STATES, Status


def page_of(status: Status, folder: Path, stamp: str) -> bytes:
    """The status as UTF-8 HTML; its links start from `folder`, where it is to lie. stamp: when it was made."""
    import jinja2

    source = (resources.files(__package__) / "status.html").read_text("utf-8")
    engine = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=_shown
    )
    columns = columns_of(status)
    html = engine.from_string(source).render(
        name=NAME,
        status=status,
        stamp=stamp,
        states=STATES,
        meanings=MEANINGS,
        looks=LOOKS,
        checked=CHECKED,
        columns=columns,
        rows=[[_cell(column.cell(row, 0), folder) for column in columns] for row in status.standings],
        levels=LEVELS,
        file_of=told_of,
    )
    return html.encode("utf-8")


def _cell(cell: object, folder: Path) -> tuple[object, str | None]:
    """What a cell shows, and where it leads."""
    return (cell.value, _address(cell.link, folder)) if isinstance(cell, Cell) else (cell, None)


def _address(link: Link | None, folder: Path) -> str | None:
    if link is None or link.file is None:
        return None
    try:
        return "./" + quote(Path(os.path.relpath(link.file, folder)).as_posix(), errors="replace")
    except ValueError:  # on another drive
        return Path(os.path.abspath(link.file)).as_uri()


def _shown(value: object) -> object:
    return clean(value) if type(value) is str else "" if value is None else value
