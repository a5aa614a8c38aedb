"""The report as one page of HTML: no script, nothing loaded from elsewhere, printable."""

from __future__ import annotations

import io
import os
import re
from importlib import resources
from pathlib import Path
from urllib.parse import quote

from ..domain.kinds import EVALUATION
from ..files import open_regular
from ..rules.finding import LEVELS
from ..rules.handbook import MANUAL
from ..sheets.page import Link, clean
from . import manual
from .columns import AT_SIDE, COLUMNS
from .rows import MEANINGS, Report
from .sides import sides_of_case
from .technical import files_of, rules_of

_SHEET_ONLY = ("project", "status", "handled", "note", *AT_SIDE.values())  # a position stands below its value
_CLASSES = {  # of a cell, by the field of its column; other columns need none
    "number": "number",
    "check": "check",
    "expected": "value",
    "actual": "value",
    "difference": "figure",
    "message": "text",
    "advice": "text",
    "basis": "basis",
}
_RULE_CLASSES = {"subject": "code", "level": "code", "says": "text"}
_FIGURE = re.compile(r"([-+−≥≤=<>]?[0-9][0-9,.]*[0-9.%])")
_MARK = re.compile(rb'<meta name="generator" content="xladdin ')


def page_of(report: Report, folder: Path) -> bytes:
    """The report as UTF-8 HTML; its links start from `folder`, where it is to lie."""
    import jinja2

    def address(link: Link | Path | None) -> str | None:
        return _address(link.file if isinstance(link, Link) else link, folder)

    hidden = report.hidden.union(_SHEET_ONLY)
    source = (resources.files(__package__) / "report.html").read_text("utf-8")
    engine = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=_shown
    )
    page = io.BytesIO()  # piece by piece: the whole is never held twice
    for piece in engine.from_string(source).generate(
        report=report,
        review=report.review,
        levels=LEVELS,
        meanings=MEANINGS,
        sides=lambda case: next(sides_of_case(case), None) if case else None,
        groups=list(report.groups),
        scored=EVALUATION in report.kinds,
        columns=[column for column in COLUMNS if column.field not in hidden],
        headings=report.headings,
        whole=_whole,
        files=files_of(report, folder),
        codes=rules_of(report),
        classes=_CLASSES,
        positions=AT_SIDE,
        rule_columns=manual.COLUMNS,
        rule_classes=_RULE_CLASSES,
        rules=manual.entries(report.rules),
        manual=MANUAL,
        address=address,
    ):
        page.write(piece.encode("utf-8"))
    return page.getvalue()


def is_ours(path: Path) -> bool:
    """Whether a page on disk is a report of ours, by its generator."""
    try:
        with open_regular(path) as file:
            return bool(_MARK.search(file.read(2048)))
    except OSError:
        return False


def _whole(text: object) -> object:
    """A text of which no figure is broken at the end of a line."""
    from markupsafe import Markup, escape

    if not isinstance(text, str):
        return text
    parts = _FIGURE.split(clean(text))  # every second one is a figure
    return Markup("").join(
        Markup('<span class="whole">{}</span>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _shown(value: object) -> object:
    return clean(value) if type(value) is str else "" if value is None else value


def _address(file: Path | None, folder: Path) -> str | None:
    if file is None:
        return None
    try:
        path = Path(os.path.relpath(file, folder))
    except ValueError:  # on another drive
        return Path(os.path.abspath(file)).as_uri()
    return "./" + quote(path.as_posix(), errors="replace")
