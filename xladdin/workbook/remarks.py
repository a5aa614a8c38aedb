"""The comments of a workbook: which cells have one."""

from __future__ import annotations

from pathlib import Path

from ..errors import XladdinError
from .gate import Package
from .parts import main_part, relations_of, sheets_and_epoch


def commented_cells(source: Path | bytes) -> dict[str, list[str]]:
    """Sheet → the cells that have a comment, old style or threaded. Raises RefusedFile where the file is none.

    A part that cannot be read counts as one without any.
    """
    package = Package(source)
    book = main_part(package)
    listed, _ = package.derived(book, sheets_and_epoch)
    relations = relations_of(package, book)
    found: dict[str, list[str]] = {}
    for title, _, relation in listed:
        kind, part = relations.get(relation, ("", ""))
        for what, target in relations_of(package, part).values() if kind == "worksheet" else ():
            if what == "comments" and target in package:
                try:
                    cells = [node.get("ref", "") for node in package.xml(target).iter("{*}comment")]
                except XladdinError:
                    continue
                found.setdefault(title, []).extend(cell for cell in cells if cell)
    return found
