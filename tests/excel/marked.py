"""Two forms to be marked, with the clerk's own note and colour on cells that will be, and how their cells look."""

from __future__ import annotations

from .pressing import DECLARED, EVALUATED

WATCHED = ("D7", "D16", "F14", "F16", "F19", "H16", "A1")  # of the evaluation
OWN = (1, 200, 3)


def evaluation(desk, name="自评.xlsx"):
    """With the clerk's own note and colour on cells that will be marked."""
    book = desk.open(EVALUATED, name)
    book.sheets[0].range("H16").add_note("经办人：\n已问过")
    book.sheets[0].range("F14").color = OWN
    return book


def pair(desk):
    return desk.open(DECLARED, "申报.xlsx"), evaluation(desk)


def look(cell):
    return cell.color, cell.note.text if cell.note else None


def looks(sheet, cells=WATCHED):
    return {cell: look(sheet.range(cell)) for cell in cells}


def column(sheet, heading):
    return sheet.range("A5").expand("right").value.index(heading) + 1
