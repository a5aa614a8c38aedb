"""Defined names of a book and of a sheet."""

from __future__ import annotations

from xlwings import NoSuchObjectError, base_classes

from .addresses import from_uno, quoted
from .bridge import struct


class _Names(base_classes.Names):
    """The names of one scope: the book (sheet is None) or a sheet."""

    book = sheet = None

    def __init__(self, book, sheet, ranges):
        self.book, self.sheet, self.ranges = book, sheet, ranges

    api = property(lambda self: self.ranges)

    def snapshot(self) -> list[tuple[str, Name]]:
        names = (Name(self, self.ranges.getByIndex(index)) for index in range(self.ranges.Count))
        return [(name.name, name) for name in names]

    def __len__(self):
        return len(self.snapshot())

    def contains(self, key) -> bool:
        return any(name.lower() == key.lower() for name, _ in self.snapshot())

    def __call__(self, key) -> Name:
        for name, found in self.snapshot():
            if name.lower() == key.lower():
                return found
        raise KeyError(key)

    def add(self, name, refers_to) -> Name:
        """A name that is there already is defined anew."""
        if self.ranges.hasByName(name):
            self.ranges.removeByName(name)
        self.ranges.addNewByName(name, self.book.refers_to_calc(refers_to), struct("table.CellAddress", 0, 0, 0), 0)
        return Name(self, self.ranges.getByName(name))


class BookNames(_Names):
    """All names; those of a sheet are written 'sheet'!name."""

    def __init__(self, book):
        super().__init__(book, None, book.doc.NamedRanges)

    def snapshot(self):
        return super().snapshot() + [pair for sheet in self.book.sheets for pair in sheet.names.snapshot()]

    def add(self, name, refers_to) -> Name:
        sheet, mark, own = name.rpartition("!")
        if mark:
            return self.book.sheets(sheet.strip("'").replace("''", "'")).names.add(own, refers_to)
        return super().add(name, refers_to)


class SheetNames(_Names):
    def __init__(self, sheet):
        super().__init__(sheet.book, sheet, sheet.uno.NamedRanges)

    def contains(self, key) -> bool:
        return super().contains(self._full(key))

    def __call__(self, key) -> Name:
        return super().__call__(self._full(key))

    def _full(self, key: str) -> str:
        return key if "!" in key else f"{quoted(self.sheet.name)}!{key}"


class Name(base_classes.Name):
    def __init__(self, scope: _Names, name):
        self.scope, self.uno = scope, name

    api = property(lambda self: self.uno)

    @property
    def name(self) -> str:
        sheet = self.scope.sheet
        return f"{quoted(sheet.name)}!{self.uno.Name}" if sheet else self.uno.Name

    @name.setter
    def name(self, value):
        self.uno.Name = value

    @property
    def refers_to(self) -> str:
        return self.scope.book.refers_to_excel(self.uno.Content)

    @refers_to.setter
    def refers_to(self, value):
        self.uno.Content = self.scope.book.refers_to_calc(value)

    def area(self):
        """The range it means, or None for a constant or a formula."""
        cells = self.uno.ReferredCells
        if cells is None:
            return None
        first_row, first_column, last_row, last_column = from_uno(cells.RangeAddress)
        sheet = self.scope.book.sheets(cells.Spreadsheet.Name)
        return sheet.range((first_row, first_column), (last_row, last_column))

    @property
    def refers_to_range(self):
        area = self.area()
        if area is None:
            raise NoSuchObjectError(f"{self.name} does not refer to a range")
        return area

    def delete(self):
        self.scope.ranges.removeByName(self.uno.Name)
