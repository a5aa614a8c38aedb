"""What hangs on a cell: notes and hyperlinks."""

from __future__ import annotations

import re

from xlwings import base_classes

from .native import ExcelError, Native

_LINK_COLOUR = 0x0563C1  # of Excel's style Hyperlink
POINTS = 72 / 2540  # of a hundredth of a millimetre
_INSIDE = re.compile(r"^#\$?(.*)\.(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)$")


class Marks(base_classes.Range):
    """The part of Range that deals with the note and the link of its first cell."""

    comment = None

    @property
    def _cell(self):
        return self.uno.getCellByPosition(0, 0)

    @property
    def note(self) -> Note | None:
        note = Note(self.sheet, self.row, self.column)
        return note if note.ask("NoteText") is not None else None

    def add_note(self, text) -> Note:
        self.sheet.check_unlocked()
        if self.note:
            raise ExcelError(f"{self.address} already has a note")
        note = Note(self.sheet, self.row, self.column)
        note.ask("AddNote", text)
        return note

    @property
    def hyperlink(self) -> str:
        """The address; a place in the same book is "#'sheet'!A1"."""
        fields = self._cell.TextFields
        if fields.Count == 0:
            raise Exception("The cell doesn't seem to contain a hyperlink!")  # noqa: TRY002 - xlwings' own words
        address = fields.getByIndex(0).URL
        inside = _INSIDE.match(address)
        return f"#{inside[1]}!{inside[2]}" if inside else address

    def add_hyperlink(self, address, text_to_display=None, screen_tip=None):
        self.sheet.check_unlocked(self.uno)
        sheet, mark, place = address.rpartition("!")
        url = f"{sheet}.{place.replace('$', '')}" if mark and sheet.startswith("#") else address
        text = "" if text_to_display is None else str(text_to_display)
        inside, here = self.sheet.book.app.inside, (self.sheet.uno, self.row - 1, self.column - 1)
        inside("AddLink", *here, self.doc, url, text, _LINK_COLOUR)


class Note(base_classes.Note):
    def __init__(self, sheet, row: int, column: int):
        self.sheet, self.row, self.column = sheet, row, column

    def ask(self, what: str, *more):
        return self.sheet.book.app.inside(what, self.sheet.uno, self.row - 1, self.column - 1, *more)

    uno = property(lambda self: self.sheet.uno.getCellByPosition(self.column - 1, self.row - 1).Annotation)
    author = property(lambda self: self.uno.Author)

    @property
    def text(self) -> str:
        return self.ask("NoteText") or ""

    @text.setter
    def text(self, value):
        self.sheet.check_unlocked()
        self.ask("SetNote", value)

    @property
    def location(self):
        return self.sheet.range((self.row, self.column))

    @property
    def api(self) -> Native:
        return Native(None, {"Shape": lambda: Box(self)})

    def delete(self):
        self.sheet.check_unlocked()
        self.ask("DeleteNote")


class Box:
    """The box a note is shown in; sizes in points."""

    def __init__(self, note: Note):
        object.__setattr__(self, "_note", note)

    Width = property(lambda self: self._note.ask("NoteBox")[0] * POINTS)
    Height = property(lambda self: self._note.ask("NoteBox")[1] * POINTS)

    def __setattr__(self, name: str, value):
        if name not in ("Width", "Height"):
            raise ExcelError(f"the box of a note has no {name} in this harness")
        size = {"Width": self.Width, "Height": self.Height} | {name: value}
        self._note.ask("SetNoteBox", *(round(points / POINTS) for points in size.values()))
