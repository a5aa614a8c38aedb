"""App: one LibreOffice with its settings, its alerts and its selection."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from xlwings import base_classes

from .addresses import from_uno
from .books import Books
from .display import Display
from .inside import Inside
from .native import Native
from .office import Office, find_program
from .ranges import Range

_BUTTONS = {
    "ok": ("ok",),
    "ok_cancel": ("ok", "cancel"),
    "yes_no": ("yes", "no"),
    "yes_no_cancel": ("yes", "no", "cancel"),
}


@dataclass(frozen=True, slots=True)
class Alert:
    """A message box nobody had to click away."""

    prompt: str
    title: str | None
    buttons: str
    mode: str | None = None


class App(base_classes.App):
    """The settings of Excel as plain attributes; what was shown to the user is kept for the test.

    alerts, statuses: every alert and every text of the status bar, in order; answer: what is clicked,
    a button's name or a function of the Alert; None is the first button.
    """

    engine = apps = visible = None  # plain attributes in place of read-only properties
    display_alerts = enable_events = interactive = True
    cut_copy_mode = None
    version = "16.0"

    def __init__(self, apps, visible: bool):
        self.apps, self.engine, self.visible = apps, apps.engine, visible
        self.display = Display() if visible else None
        self.office = Office(self.display and self.display.name)
        self.inside = Inside(self.office)
        self.alerts: list[Alert] = []
        self.statuses: list[str | bool] = []
        self.answer: str | Callable[[Alert], str] | None = None
        self.native: dict[str, Callable] = {
            "Ready": lambda: True,
            "Hwnd": lambda: self.pid,
            "Interactive": lambda: self.interactive,
            "ActiveProtectedViewWindow": lambda: None,
        }
        self.documents: dict[str, object] = {}  # those of the open books, in the order they were opened
        self.opened: dict[str, dict] = {}  # what is remembered of each book
        self.latest: list[str] = []  # books by their last activation
        self._status: str | bool = False
        self._updating = True

    pid = hwnd = property(lambda self: self.office.pid)
    api = property(lambda self: Native(self.office.desktop, self.native))
    path = property(lambda self: str(find_program().parent))
    startup_path = property(lambda self: str(self.office.profile))
    books = property(Books)

    def vba_range(self, cells):
        """LibreOffice's own Excel-like Range around UNO cells."""
        return self.office.create("ooo.vba.excel.Range", None, cells)

    @property
    def screen_updating(self) -> bool:
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value):
        for book in self.books:
            if value and book.doc.hasControllersLocked():
                book.doc.unlockControllers()
            elif not value and not book.doc.hasControllersLocked():
                book.doc.lockControllers()
        self._updating = bool(value)

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value):
        self._status = value
        self.statuses.append(value)

    @property
    def calculation(self) -> str:
        return "automatic" if all(book.doc.isAutomaticCalculationEnabled() for book in self.books) else "manual"

    @calculation.setter
    def calculation(self, value):
        for book in self.books:
            book.doc.enableAutomaticCalculation(value != "manual")

    def calculate(self):
        for book in self.books:
            book.doc.calculateAll()

    def alert(self, prompt, title=None, buttons="ok", mode=None, callback=None) -> str:
        """Records the message box and clicks the configured button."""
        shown = Alert(prompt, title, buttons or "ok", mode)
        self.alerts.append(shown)
        allowed = _BUTTONS[shown.buttons]
        clicked = self.answer(shown) if callable(self.answer) else self.answer
        if clicked is None or len(allowed) == 1:
            return allowed[0]
        if clicked not in allowed:
            raise ValueError(f"the box “{prompt}” has no button {clicked!r}, only {', '.join(allowed)}")
        return clicked

    @property
    def selection(self) -> Range | None:
        book = self.books.active
        chosen = book and book.doc.CurrentController.getSelection()
        if hasattr(chosen, "getRangeAddresses"):  # several areas: the first
            area = chosen.getRangeAddresses()[0]
            return Range(book.sheets(area.Sheet + 1), *from_uno(area))
        if not hasattr(chosen, "RangeAddress"):
            return None
        sheet, corners = book.sheets(chosen.Spreadsheet.Name), from_uno(chosen.RangeAddress)
        kept = book.state.get("selected", {}).get(sheet.name, corners)  # Calc forgets all but a cell of another sheet's
        return Range(sheet, *(kept if corners == kept[:2] * 2 else corners))

    def activate(self, steal_focus=False):
        self.apps.running.remove(self)
        self.apps.running.insert(0, self)

    def run(self, macro, args):
        """'book'!Module.Sub, in the book's own VBA."""
        found = re.match(r"^'(.*)'!(.*)$", macro)
        book = self.books(found[1]) if found else self.books.active
        return book.run_basic(found[2] if found else macro, args)

    def quit(self):
        if not self.office.running:  # it died under a test
            self.kill()
            return
        try:
            for book in list(self.books):
                book.close()
        finally:
            self._leave(self.office.stop)

    def kill(self):
        self._leave(self.office.kill)

    def _leave(self, end: Callable[[], None]):
        if self in self.apps.running:
            self.apps.running.remove(self)
        end()
        if self.display:
            self.display.stop()
