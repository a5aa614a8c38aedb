"""Plain text, Markdown, and tables in text (tabs or commas): lines into rows, and those into forms as they are told."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

from ..errors import Place, RefusedFile
from ..workbook.grid import Grid
from .lattice import Sign
from .placed import Line
from .told import LAID_OUT, Words

_MOST_BYTES, _MOST_LINES = 8 << 20, 50_000
_MOST_CELLS = 1000  # of a line; no table of a form is so wide
_HEAD = 4096
_WIDE = re.compile(r" {2,}")
_NUMBER = re.compile(r"[-—–\s]*第?\s*\d+\s*页?(?:\s*[/共，,]+\s*共?\s*\d+\s*页?)?[-—–\s]*")
_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|?)+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_TAG = re.compile(r"</?p>|<br\s*/?>", re.IGNORECASE)


def takes(source: Any) -> bool:
    """Bytes that are text: no control characters, and nothing else's beginning."""
    if not isinstance(source, bytes) or not source.strip():
        return False
    head = source[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    start = head.lstrip()[:5].lower()
    return not _CONTROL.search(head) and start[:2] != b"pk" and start != b"<?xml" and start[:1] != b"{"


def grids(source: bytes, name: str | None) -> list[Grid]:
    """The text as one sheet. Raises RefusedFile."""
    from .aligned import aligned
    from .encoding import decoded
    from .forms_told import told
    from .paper import grid_of
    from .parted import drawn

    if len(source) > _MOST_BYTES:
        raise RefusedFile(f"文本超过上限 {_MOST_BYTES >> 20} MB", Place(file=name), "请只留下要读的表")
    text = decoded(source).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.replace("\f", "\n").split("\n")
    if len(lines) > _MOST_LINES:
        raise RefusedFile(f"文本超过上限 {_MOST_LINES} 行", Place(file=name), "请只留下要读的表")
    laid_out = _laid_out(lines)
    if laid_out and (found := aligned(_placed(text))) is not None:
        return [grid_of(told(found, LAID_OUT), name, "正文")]
    rows = drawn(list(_rows(lines, laid_out)))
    return [grid_of(told(rows, LAID_OUT if laid_out else ""), name, "正文")]


def _laid_out(lines: list[str]) -> bool:
    """Whether blanks part the columns of a text: then what stands in which row is not to be told for certain."""
    full = [line for line in lines if line.strip() and "\t" not in line and not line.lstrip().startswith("|")]
    wide = sum(bool(_WIDE.search(line.strip())) for line in full)
    return wide >= 8 and wide * 4 > len(full)


def _placed(text: str) -> list[Line]:
    """The lines of a text that blanks lay out, each sign where it stands."""
    placed: list[Line] = []
    number = 1
    for sheet, page in enumerate(text.split("\f"), start=1):
        for line in page.split("\n"):
            signs = [Sign(sign, at, number, at + 1, number + 1) for at, sign in enumerate(line) if not sign.isspace()]
            if signs and not _NUMBER.fullmatch(line):
                placed.append(Line(signs, number, number, gap=0.5, sheet=sheet))
            number += 1
    return placed


def _rows(lines: list[str], laid_out: bool) -> Iterator[Words]:
    """The lines that hold anything, parted as the text parts its tables."""
    tabs = sum("\t" in line for line in lines)
    pipes = sum(line.lstrip().startswith("|") for line in lines)
    commas = sum(line.count(",") > 1 for line in lines)
    parted = "|" if pipes > 2 else "\t" if tabs > 2 else "," if commas > max(3, len(lines) // 2) else None
    gap = False
    for number, line in enumerate(lines, start=1):
        if not line.strip() or parted == "|" and line.count("-") > 1 and _RULE.fullmatch(line.strip()):
            gap = True
            continue
        if parted == "|" and line.lstrip().startswith("|"):
            cells = [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())]
            cells = cells[1:-1] if not cells[-1].strip() else cells[1:]
        elif parted == ",":
            cells = _quoted(line)
        elif parted == "\t" and "\t" in line:
            cells = line.split("\t")
        elif parted:
            cells = [line]
        elif laid_out:
            cells = _WIDE.split(line.strip())
        else:
            cells = line.split()
        cells = [_TAG.sub("", cell).strip() for cell in cells]
        if len(cells) > _MOST_CELLS:  # no row of a form
            cells = [" ".join(cells)]
        if any(cells):
            yield Words(cells, number, gap, parted is None and not laid_out)
            gap = False
        else:
            gap = gap or parted != "|"


def _quoted(line: str) -> list[str]:
    """The cells of a line with commas; one whose quotes never end is parted at each comma."""
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return line.split(",")
