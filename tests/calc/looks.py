"""The looks of a range: number format, colours, font, sizes, alignment."""

from __future__ import annotations

from xlwings import base_classes, utils

from .bridge import enum
from .formulas import number_format_to_excel
from .marks import POINTS

_BOLD, _NORMAL = 150.0, 100.0  # com.sun.star.awt.FontWeight
_ITALIC = 2  # com.sun.star.awt.FontSlant
_HORIZONTAL = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "fill": "REPEAT",
    "justify": "BLOCK",
}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4}


def to_colour(colour) -> int:
    """An xlwings colour (tuple, "#rrggbb" or Excel's BGR number) as 0xRRGGBB."""
    if isinstance(colour, str):
        colour = utils.hex_to_rgb(colour)
    elif isinstance(colour, int):
        colour = utils.int_to_rgb(colour)
    return colour[0] << 16 | colour[1] << 8 | colour[2]


def from_colour(value: int | None) -> tuple[int, int, int] | None:
    return None if value is None or value < 0 else (value >> 16 & 255, value >> 8 & 255, value & 255)


class Looks(base_classes.Range):
    """The half of Range that changes how cells look; changes are refused on a protected sheet."""

    font = property(lambda self: Font(self))
    left = property(lambda self: self.uno.Position.X * POINTS)
    top = property(lambda self: self.uno.Position.Y * POINTS)
    width = property(lambda self: self.ask("Size")[0] * POINTS)
    height = property(lambda self: self.ask("Size")[1] * POINTS)

    def _set(self, name: str, value):
        self.sheet.check_unlocked()
        self.ask("Put", (name,), value)

    def _show(self, rows: bool, visible: bool, length: int = 0):
        self.sheet.check_unlocked()
        self.ask("Show", rows, visible, length)

    @property
    def column_width(self) -> float | None:
        return self.ask("ColumnWidth")

    @column_width.setter
    def column_width(self, value):
        """In digits of the default font, as LibreOffice's imitation measures them; 0 hides."""
        self.sheet.check_unlocked()
        state = self.sheet.book.state
        if value and "digit" not in state:  # a digit's width, and the margin every column has besides
            first = self.at(0, 0)
            ten, twenty = (self._measured(first, number) for number in (10, 20))
            state["digit"], state["margin"] = (twenty - ten) / 10, 2 * ten - twenty
        self._show(False, bool(value), round(value * state["digit"] + state["margin"]) if value else 0)

    @staticmethod
    def _measured(cell, width: int) -> int:
        cell.vba.ColumnWidth = width
        return cell.ask("Size")[0]

    @property
    def row_height(self) -> float | None:
        return self.ask("RowHeight")

    @row_height.setter
    def row_height(self, value):
        self._show(True, bool(value), round(value / POINTS) if value else 0)

    @property
    def number_format(self) -> str | None:
        """None where the cells do not share one."""
        code = self.ask("Format", self.doc)
        return number_format_to_excel(code) if code else None

    @number_format.setter
    def number_format(self, value):
        self.sheet.check_unlocked()
        self.vba.NumberFormat = value

    @property
    def color(self) -> tuple[int, int, int] | None:
        return from_colour(self.ask("Got", "CellBackColor"))

    @color.setter
    def color(self, value):
        self._set("CellBackColor", -1 if value is None else to_colour(value))

    def set_colors(self, colors):
        """A colour a cell; `...` leaves one as it is."""
        for i, row in enumerate(colors):
            for j, colour in enumerate(row):
                if colour is not ...:
                    self.at(i, j).color = colour

    @property
    def wrap_text(self) -> bool | None:
        return self.ask("Got", "IsTextWrapped")

    @wrap_text.setter
    def wrap_text(self, value):
        self._set("IsTextWrapped", bool(value))

    @property
    def horizontal_alignment(self) -> str | None:
        value = self.uno.HoriJustify
        return next((name for name, kind in _HORIZONTAL.items() if value and value.value == kind), None)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value):
        self._set("HoriJustify", enum("table.CellHoriJustify", _HORIZONTAL[value]))

    @property
    def vertical_alignment(self) -> str:
        return next((name for name, kind in _VERTICAL.items() if self.uno.VertJustify == kind), "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value):
        self._set("VertJustify", _VERTICAL[value])

    @property
    def row_hidden(self) -> bool:
        return not self.ask("Shown", True)

    @row_hidden.setter
    def row_hidden(self, value):
        self._show(True, not value)

    @property
    def column_hidden(self) -> bool:
        return not self.ask("Shown", False)

    @column_hidden.setter
    def column_hidden(self, value):
        self._show(False, not value)

    def autofit(self, axis=None):
        self.sheet.check_unlocked()
        if axis in (None, "c", "columns"):
            self.uno.Columns.OptimalWidth = True
        if axis in (None, "r", "rows"):
            self.uno.Rows.OptimalHeight = True


def _of_characters(name: str, get, put):
    """A font property; Western, Asian and complex text each have their own in LibreOffice."""
    scripts = (name,) if name == "CharColor" else (name, name + "Asian", name + "Complex")

    def change(self, value):
        self.range.sheet.check_unlocked()
        self.range.ask("Put", scripts, put(value))

    return property(lambda self: get(self.range.ask("Got", name)), change)


class Font(base_classes.Font):
    def __init__(self, range_):
        self.range = range_

    api = property(lambda self: self.range.vba.Font)
    bold = _of_characters("CharWeight", lambda value: value and value >= _BOLD, lambda on: _BOLD if on else _NORMAL)
    italic = _of_characters(
        "CharPosture",
        lambda value: value == _ITALIC,
        lambda on: enum("awt.FontSlant", "ITALIC" if on else "NONE"),
    )
    size = _of_characters("CharHeight", lambda value: value, float)
    color = _of_characters("CharColor", lambda value: from_colour(value) or (0, 0, 0), to_colour)
    name = _of_characters("CharFontName", lambda value: value, str)
