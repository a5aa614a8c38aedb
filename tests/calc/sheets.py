"""Sheets and Sheet: adding, naming, protecting, and finding ranges."""

from __future__ import annotations

import re

from xlwings import NoSuchObjectError, base_classes

from .addresses import MAX_COLUMNS, MAX_ROWS, Corners, around, corners
from .marks import Note
from .names import SheetNames
from .native import ExcelError, Native, late
from .ranges import Areas, Range
from .windows import PageSetup, Window

_LINK = ("Anchor", "Address", "SubAddress", "ScreenTip", "TextToDisplay")
_VISIBLE, _HIDDEN = -1, 0  # xlSheetVisible, xlSheetHidden


class Sheets(base_classes.Sheets):
    book = None

    def __init__(self, book):
        self.book = book
        self.uno = book.kept("sheets", lambda: book.doc.Sheets)

    api = property(lambda self: self.uno)

    def _named(self, name: str) -> Sheet:
        """A sheet there is, brought over the bridge once."""
        return Sheet(self.book, self.book.kept(f"sheet {name}", lambda: self.uno.getByName(name)))

    @property
    def active(self) -> Sheet:
        return self._named(self.book.app.inside("ActiveSheet", self.book.doc))

    def __len__(self):
        return self.uno.Count

    def __iter__(self):
        return map(self._named, self.uno.ElementNames)

    def __call__(self, key) -> Sheet:
        if isinstance(key, int):
            if not 1 <= key <= len(self):
                raise IndexError(key)
            return self._named(self.uno.ElementNames[key - 1])
        for name in self.uno.ElementNames:
            if name.lower() == key.lower():
                return self._named(name)
        raise NoSuchObjectError(f"there is no sheet {key!r} in {self.book.name}")

    def add(self, before=None, after=None, name=None) -> Sheet:
        """Before the active sheet if nothing is said, as Excel does."""
        place = self.place(before, after)
        name = name or self._free_name()
        self.check_name(name)
        self.uno.insertNewByName(name, self.active.index - 1 if place is None else place)
        sheet = self._named(name)
        sheet.activate()
        return sheet

    def place(self, before, after) -> int | None:
        """The position, counted from 0, before or after a sheet."""
        if before is not None:
            return before.index - 1
        return after.index if after is not None else None

    def check_name(self, name: str) -> None:
        """Excel's rules for the name of a sheet, and the lock on the book's structure."""
        if self.book.doc.isProtected():
            raise ExcelError(f"the structure of {self.book.name} is protected")
        if not 0 < len(name) <= 31 or re.search(r"[\\/?*\[\]:]", name) or name[0] == "'" or name[-1] == "'":
            raise ExcelError(f"Excel does not allow a sheet to be named {name!r}")
        if name.lower() in [taken.lower() for taken in self.uno.ElementNames]:
            raise ExcelError(f"there is already a sheet {name!r}")

    def _free_name(self) -> str:
        taken = set(self.uno.ElementNames)
        return next(f"Sheet{n}" for n in range(1, len(taken) + 2) if f"Sheet{n}" not in taken)


class Sheet(base_classes.Sheet):
    book = None

    def __init__(self, book, sheet):
        self.book, self.uno = book, sheet

    names = property(SheetNames)
    cells = property(lambda self: Range(self, 1, 1, MAX_ROWS, MAX_COLUMNS))
    index = property(lambda self: self.uno.RangeAddress.Sheet + 1)

    @property
    def api(self) -> Native:
        members = {
            "ProtectContents": self.uno.isProtected,
            "Visible": lambda: _VISIBLE if self.uno.IsVisible else _HIDDEN,
            "Parent": lambda: self.book.api,
            "Application": lambda: Native(self.book.app.api, {"ActiveWindow": self._active_window}),
            "AutoFilterMode": lambda: bool(self._filter and self._filter.AutoFilter),
            "Hyperlinks": lambda: Native(None, {}, {"Add": late(self._link, *_LINK), "Delete": self._unlink}),
            "PageSetup": lambda: PageSetup(self),
        }
        methods = {
            "Protect": lambda Password="", *others, **more: self.uno.protect(Password),
            "Unprotect": lambda Password="": self.uno.unprotect(Password),
        }
        return Native(self.uno, members, methods, {"AutoFilterMode": self._set_filter})

    def _active_window(self) -> Window:
        return Window(self.book.app.books.active.sheets.active)

    @property
    def _filter(self):
        """What LibreOffice keeps of a sheet's filter; None while it has none."""
        filters = self.book.doc.getPropertyValue("UnnamedDatabaseRanges")
        return filters.getByTable(self.index - 1) if filters.hasByTable(self.index - 1) else None

    def _set_filter(self, on):
        """Excel shows all rows again; it refuses to switch a filter on this way."""
        if on:
            raise ExcelError("AutoFilterMode can only be set to False")
        if self._filter:
            self._filter.AutoFilter = False
            self.uno.Rows.IsVisible = True

    def _link(self, anchor, address, inside, tip, text):
        cell = self.range((anchor.Row, anchor.Column))
        cell.add_hyperlink(f"{address}#{inside}" if inside else address, text)

    def _unlink(self):
        used = self.used_range.uno
        used.setFormulaArray(used.getFormulaArray())  # the texts without what they were made of

    @property
    def name(self) -> str:
        return self.uno.Name

    @name.setter
    def name(self, value):
        if value.lower() != self.name.lower():
            self.book.sheets.check_name(value)
        self.book.forget(f"sheet {self.name}")
        self.uno.Name = value

    @property
    def visible(self) -> bool:
        return self.uno.IsVisible

    @visible.setter
    def visible(self, value):
        if not value:
            self._keep_one_visible()
        self.uno.IsVisible = bool(value)

    def _keep_one_visible(self):
        if not any(sheet.visible for sheet in self.book.sheets if sheet.name != self.name):
            raise ExcelError("a workbook must contain at least one visible sheet")

    def activate(self):
        self.book.activate()
        self.book.app.inside("ActivateSheet", self.book.doc, self.uno)

    select = activate

    def delete(self):
        if self.book.doc.isProtected():
            raise ExcelError(f"the structure of {self.book.name} is protected")
        self._keep_one_visible()
        name = self.name
        self.book.forget(f"sheet {name}")
        self.book.doc.Sheets.removeByName(name)

    def copy(self, before, after):
        target = (before or after).book
        place = target.sheets.place(before, after)
        if target.uid != self.book.uid:
            target.doc.Sheets.importSheet(self.book.doc, self.name, place)
            return
        taken = set(self.book.doc.Sheets.ElementNames)
        number = next(n for n in range(2, len(taken) + 3) if f"{self.name} ({n})" not in taken)
        self.book.doc.Sheets.copyByName(self.name, f"{self.name} ({number})", place)

    def move(self, before, after):
        self.book.doc.Sheets.moveByName(self.name, self.book.sheets.place(before, after))

    def clear(self):
        self.cells.clear()

    def clear_contents(self):
        self.cells.clear_contents()

    def clear_formats(self):
        self.cells.clear_formats()

    def autofit(self, axis=None):
        self.used_range.autofit(axis)

    @property
    def used_range(self) -> Range:
        return Range(self, *(part + 1 for part in self.book.app.inside("Used", self.uno)))

    @property
    def notes(self) -> list[Note]:
        places = self.book.app.inside("NotePlaces", self.uno)
        return [Note(self, row + 1, column + 1) for row, column in places]

    comments = property(lambda self: [])

    @property
    def freeze_panes(self) -> FreezePanes:
        return FreezePanes(self)

    def check_unlocked(self, cells=None) -> None:
        """Raises as Excel does on a protected sheet, unless these cells are unlocked."""
        if not self.uno.isProtected():
            return
        protection = cells is not None and cells.CellProtection
        mixed = cells is not None and cells.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE"
        if mixed or not protection or protection.IsLocked:
            raise ExcelError(f"the sheet {self.name} is protected")

    def range(self, first, last=None) -> Range:
        """By address, (row, column), engine range or defined name."""
        if isinstance(first, str) and "," in first:
            return Areas(self.range(part) for part in first.split(","))
        if isinstance(first, int) and isinstance(last, int):
            first, last = (first, last), None
        area = self._area(first)
        if isinstance(area, Range):  # a defined name, maybe of another sheet
            if last is None:
                return area
            area = area.corners
        if last is not None:
            other = self._area(last)
            other = other.corners if isinstance(other, Range) else other
            area = around(area, other)
        return Range(self, *area)

    def _area(self, place) -> Corners | Range:
        if isinstance(place, Range):
            return place.corners
        if isinstance(place, tuple | list):
            if 0 in place:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            if len(place) == 4:  # row, column, number of rows, number of columns
                return place[0], place[1], place[0] + place[2] - 1, place[1] + place[3] - 1
            return place[0], place[1], place[0], place[1]
        if area := corners(place):
            return area
        for names in (self.names, self.book.names):
            if names.contains(place):
                return names(place).refers_to_range
        raise NoSuchObjectError(f"The address/named range '{place}' doesn't exist.")


class FreezePanes(base_classes.FreezePanes):
    def __init__(self, sheet: Sheet):
        self.sheet = sheet

    def freeze_at(self, frozen):
        """Rows and columns up to the end of the range stay where they are."""
        last_row, last_column = self.sheet.range(frozen).corners[2:]
        self._freeze(0 if last_column == MAX_COLUMNS else last_column, 0 if last_row == MAX_ROWS else last_row)

    def unfreeze(self):
        self._freeze(0, 0)

    def _freeze(self, columns: int, rows: int):
        self.sheet.activate()
        self.sheet.book.doc.CurrentController.freezeAtPosition(columns, rows)
