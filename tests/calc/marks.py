"""What hangs on a cell: notes and hyperlinks."""

from __future__ import annotations

import re

from xlwings import base_classes

from .bridge import struct
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
        note = self._cell.Annotation
        return Note(self.sheet, note) if note.getString() or note.Author else None

    def add_note(self, text) -> Note:
        self.sheet.check_unlocked()
        if self.note:
            raise ExcelError(f"{self.address} already has a note")
        self.sheet.uno.Annotations.insertNew(self.first_position, text)
        return self.note

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
        field = self.doc.createInstance("com.sun.star.text.TextField.URL")
        field.URL = f"{sheet}.{place.replace('$', '')}" if mark and sheet.startswith("#") else address
        cell = self._cell
        field.Representation = str(text_to_display) if text_to_display is not None else cell.getString() or address
        cell.setString("")
        cell.insertTextContent(cell.createTextCursor(), field, False)
        cell.CharColor, cell.CharUnderline = _LINK_COLOUR, 1


class Note(base_classes.Note):
    def __init__(self, sheet, note):
        self.sheet, self.uno = sheet, note

    author = property(lambda self: self.uno.Author)

    @property
    def text(self) -> str:
        return self.uno.getString()

    @text.setter
    def text(self, value):
        self.sheet.check_unlocked()
        self.uno.setString(value)

    @property
    def location(self):
        return self.sheet.range((self.uno.Position.Row + 1, self.uno.Position.Column + 1))

    @property
    def api(self) -> Native:
        return Native(self.uno, {"Shape": lambda: Box(self.uno.AnnotationShape)})

    def delete(self):
        self.sheet.check_unlocked()
        notes, here = self.sheet.uno.Annotations, self.uno.Position
        for index in range(notes.Count):
            place = notes.getByIndex(index).Position
            if (place.Row, place.Column) == (here.Row, here.Column):
                notes.removeByIndex(index)
                return


class Box:
    """The box a note is shown in; sizes in points."""

    def __init__(self, shape):
        object.__setattr__(self, "_shape", shape)

    Width = property(lambda self: self._shape.Size.Width * POINTS)
    Height = property(lambda self: self._shape.Size.Height * POINTS)

    def __setattr__(self, name: str, value):
        if name not in ("Width", "Height"):
            raise ExcelError(f"the box of a note has no {name} in this harness")
        size = {"Width": self.Width, "Height": self.Height} | {name: value}
        self._shape.setSize(struct("awt.Size", *(round(points / POINTS) for points in size.values())))
