"""The looks of a range: number format, colours, font, sizes, alignment."""

from __future__ import annotations

from xlwings import base_classes, utils

from .bridge import enum
from .formulas import number_format_to_excel
from .marks import POINTS

_BOLD, _NORMAL = 150.0, 100.0  # com.sun.star.awt.FontWeight
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
    width = property(lambda self: self.uno.Size.Width * POINTS)
    height = property(lambda self: self.uno.Size.Height * POINTS)

    def _set(self, name: str, value):
        self.sheet.check_unlocked()
        setattr(self.uno, name, value)

    @property
    def column_width(self) -> float | None:
        return self.vba.ColumnWidth if self.uno.Columns.IsVisible else 0

    @column_width.setter
    def column_width(self, value):
        """In digits of the default font, as LibreOffice's imitation measures them; 0 hides."""
        self.sheet.check_unlocked()
        state = self.sheet.book.state
        if value and "digit" not in state:  # a digit's width, and the margin every column has besides
            first = self.at(0, 0)
            ten, twenty = (self._measured(first, number) for number in (10, 20))
            state["digit"], state["margin"] = (twenty - ten) / 10, 2 * ten - twenty
        self.uno.Columns.IsVisible = bool(value)
        if value:
            self.uno.Columns.Width = round(value * state["digit"] + state["margin"])

    @staticmethod
    def _measured(cell, width: int) -> int:
        cell.vba.ColumnWidth = width
        return cell.uno.Size.Width

    @property
    def row_height(self) -> float | None:
        return self.vba.RowHeight

    @row_height.setter
    def row_height(self, value):
        self.sheet.check_unlocked()
        self.uno.Rows.IsVisible = bool(value)
        if value:
            self.uno.Rows.Height = round(value / POINTS)

    @property
    def number_format(self) -> str | None:
        """None where the cells do not share one."""
        code = self.vba.NumberFormat
        return number_format_to_excel(code) if code else None

    @number_format.setter
    def number_format(self, value):
        self.sheet.check_unlocked()
        self.vba.NumberFormat = value

    @property
    def color(self) -> tuple[int, int, int] | None:
        return from_colour(self.uno.CellBackColor)

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
        return self.uno.IsTextWrapped

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
        return not self.uno.Rows.IsVisible

    @row_hidden.setter
    def row_hidden(self, value):
        self.sheet.check_unlocked()
        self.uno.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool:
        return not self.uno.Columns.IsVisible

    @column_hidden.setter
    def column_hidden(self, value):
        self.sheet.check_unlocked()
        self.uno.Columns.IsVisible = not value

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
        self.range.uno.setPropertyValues(scripts, (put(value),) * len(scripts))

    return property(lambda self: get(getattr(self.range.uno, name)), change)


class Font(base_classes.Font):
    def __init__(self, range_):
        self.range = range_

    api = property(lambda self: self.range.vba.Font)
    bold = _of_characters("CharWeight", lambda value: value and value >= _BOLD, lambda on: _BOLD if on else _NORMAL)
    italic = _of_characters(
        "CharPosture",
        lambda value: value and value.value == "ITALIC",
        lambda on: enum("awt.FontSlant", "ITALIC" if on else "NONE"),
    )
    size = _of_characters("CharHeight", lambda value: value, float)
    color = _of_characters("CharColor", lambda value: from_colour(value) or (0, 0, 0), to_colour)
    name = _of_characters("CharFontName", lambda value: value, str)
