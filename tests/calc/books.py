"""Books and Book: opening, saving, closing, and which book is active."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from xlwings import base_classes

from .bridge import from_url, properties, struct, to_url
from .names import BookNames
from .native import ExcelError, Native, late
from .sheets import Sheets

_FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xlam": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".csv": "Text - txt - csv (StarCalc)",
}
_ALWAYS_RUN_MACROS = 4
_GRAMMAR_CALC, _GRAMMAR_EXCEL = 0, 3  # com.sun.star.sheet.AddressConvention


class Books(base_classes.Books):
    app = None

    def __init__(self, app):
        self.app = app

    api = property(lambda self: self.app.office.desktop.Components)

    def __iter__(self):
        return (Book(self.app, document, uid) for uid, document in list(self.app.documents.items()))

    def __len__(self):
        return len(self.app.documents)

    def __call__(self, key) -> Book:
        books = list(self)
        if isinstance(key, int):
            return books[key - 1]
        for book in books:
            if book.name.lower() == str(key).lower():
                return book
        raise KeyError(key)

    @property
    def active(self) -> Book | None:
        """The book opened or activated last that is still open."""
        books = {book.uid: book for book in self}
        return next((books[uid] for uid in reversed(self.app.latest) if uid in books), None)

    def add(self, template=None) -> Book:
        """As Excel's Workbooks.Add: a book never saved, with what is in a file where one is given."""
        book = self._load(to_url(template), AsTemplate=True) if template else self._load("private:factory/scalc")
        taken = {other.name for other in self}
        number = next(number for number in range(1, len(taken) + 2) if f"Book{number}" not in taken)
        book.doc.setTitle(f"Book{number}")
        book.doc.setModified(False)  # by its title
        return book

    def open(self, fullname, update_links=None, read_only=None, format=None, password=None, *ignored) -> Book:
        """A read-only book can be changed, as in Excel, but not saved under its own name.

        LibreOffice's own read-only mode drops some changes silently, so it is not used.
        """
        full = os.path.abspath(fullname)
        if not os.path.exists(full):
            raise FileNotFoundError(full)
        options = {"Password": password} if password else {}
        book = self._load(to_url(full), MacroExecutionMode=_ALWAYS_RUN_MACROS, UpdateDocMode=0, **options)
        book.state["read_only"] = bool(read_only) or not os.access(full, os.W_OK)
        book.restore_asian_fonts()
        return book

    def _load(self, url: str, **options) -> Book:
        hidden = not self.app.visible
        document = self.app.office.desktop.loadComponentFromURL(url, "_blank", 0, properties(Hidden=hidden, **options))
        if document is None:
            raise ExcelError(f"cannot open {url}")
        book = Book(self.app, document, document.RuntimeUID)
        self.app.documents[book.uid] = document
        book.activate()
        return book


class Book(base_classes.Book):
    app = None

    def __init__(self, app, document, uid: str):
        self.app, self.doc, self.uid = app, document, uid

    sheets = property(Sheets)
    names = property(BookNames)

    @property
    def state(self) -> dict:
        """What is remembered of this book while it is open."""
        return self.app.opened.setdefault(self.uid, {"read_only": False})

    def kept(self, what: str, get: Callable):
        """An object of the office, brought here once while the book is open, or until it is forgotten."""
        found = self.state.setdefault("objects", {})
        if what not in found:
            found[what] = get()
        return found[what]

    def forget(self, what: str) -> None:
        self.state.get("objects", {}).pop(what, None)

    @property
    def api(self) -> Native:
        members = {
            "ReadOnly": lambda: self.state["read_only"],
            "ProtectStructure": lambda: self.doc.isProtected(),
            "Saved": lambda: not self.doc.isModified(),
            "Name": lambda: self.name,
            "FullName": lambda: self.fullname,
            "Path": lambda: os.path.dirname(self.fullname),
            "Sheets": lambda: Native(self.doc.Sheets, {}, {"Add": late(self._add_sheet, "Before", "After")}),
        }
        return Native(self.doc, {**members, **self.state.get("native", {})}, {"SaveCopyAs": self._save_copy})

    def _add_sheet(self, before, after):
        """Excel's Sheets.Add: beside a sheet's own object, named in a second call."""
        near = next((sheet for sheet in self.sheets if (after or before).Name == sheet.name), None)
        added = self.sheets.add(near if before else None, near if after else None)
        return Native(added.uno, {}, setters={"Name": lambda name: setattr(added, "name", name)})

    @property
    def fullname(self) -> str:
        return from_url(self.doc.URL) if self.doc.URL else self.doc.Title

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)

    def activate(self):
        if self.uid in self.app.latest:
            self.app.latest.remove(self.uid)
        self.app.latest.append(self.uid)
        self.app.inside("Activate", self.doc)
        if self.app.visible:
            self.doc.CurrentController.Frame.ContainerWindow.setFocus()

    def close(self):
        self.app.opened.pop(self.uid, None)
        del self.app.documents[self.uid]
        self.doc.close(True)

    def save(self, path=None, password=None):
        if not path and self.doc.URL and self.state["read_only"]:
            raise ExcelError(f"{self.name} is open read-only and cannot be saved under its own name")
        full = os.path.abspath(path) if path else self._own_path()
        kind = _FILTERS.get(os.path.splitext(full)[1].lower())
        if kind is None:
            raise ExcelError(f"{full}: not a type of workbook this harness can write")
        protection = {"Password": password} if password else {}
        self.doc.storeAsURL(to_url(full), properties(FilterName=kind, Overwrite=True, **protection))
        self.state["read_only"] = False

    def _save_copy(self, path):
        """Excel's SaveCopyAs: a copy of the book's own type, unsaved changes included; the book stays as it was."""
        full, suffix = os.path.abspath(path), os.path.splitext(self.name)[1].lower() if self.doc.URL else ""
        if not os.path.isdir(os.path.dirname(full)):
            raise ExcelError(f"{full}: there is no such folder")
        self.doc.storeToURL(to_url(full), properties(FilterName=_FILTERS[suffix or ".xlsx"], Overwrite=True))

    def _own_path(self) -> str:
        return self.fullname if self.doc.URL else os.path.abspath(self.name + ".xlsx")

    def to_pdf(self, path, quality=None):
        self.doc.storeToURL(to_url(os.path.abspath(path)), properties(FilterName="calc_pdf_Export"))

    def run_basic(self, name: str, arguments=()):
        """Calls Library.Module.Function of the document and returns its value."""
        script = self.doc.getScriptProvider().getScript(f"vnd.sun.star.script:{name}?language=Basic&location=document")
        return script.invoke(tuple(arguments), (), ())[0]

    def refers_to_calc(self, formula: str) -> str:
        """What a defined name refers to, from Excel's grammar: =Sheet1!$A$1."""
        return self._translate(formula.removeprefix("="), _GRAMMAR_EXCEL, _GRAMMAR_CALC)

    def refers_to_excel(self, content: str) -> str:
        return "=" + self._translate(content, _GRAMMAR_CALC, _GRAMMAR_EXCEL)

    def _translate(self, formula: str, source: int, target: int) -> str:
        parser = self.doc.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish = True
        parser.FormulaConvention = source
        origin = struct("table.CellAddress", 0, 0, 0)
        tokens = parser.parseFormula(formula, origin)
        parser.FormulaConvention = target
        return re.sub(r"^\[[^\]]*\]", "", parser.printFormula(tokens, origin))

    def restore_asian_fonts(self):
        """The import gives Chinese text a default font where the named one is not installed, and would save that."""
        self.app.inside("RestoreAsianFonts", self.doc)
        self.doc.setModified(False)
