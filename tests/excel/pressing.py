"""The clerk's desk: Calc with the built add-in in it, a folder, and buttons to press."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import xlwings as xw

import xladdin
from xladdin.batch.journal import NAME
from xladdin.cli.demo import example
from xladdin.ledger import write_ledger
from xladdin.log import state_folder

DECLARED = next(r for r in example() if (r.kind, r.year) == ("declaration", 2021))
EVALUATED = next(r for r in example() if r.kind == "evaluation")
# the same with actuals a figure can be read from
PLAIN = replace(EVALUATED, indicators=tuple(
    replace(row, actual="95%" if row.actual == ">=0.9" else row.actual) for row in EVALUATED.indicators
))  # fmt: skip
STRANGER = replace(EVALUATED, project="道路养护", indicators=(replace(EVALUATED.indicators[0], name="里程"),))
RESULTS = "核对结果"
BUG = "程序出了意外"
ODD = "=收支 表'1.xlsx"


@dataclass
class Desk:
    """folder: where the workbooks lie; home: the user's own folder, with Documents in it."""

    app: object
    addin: object
    folder: Path
    home: Path
    codes: tuple[str, ...] = ()

    def open(self, what, name: str = ODD, **options):
        """A record in its form, or a file's bytes, saved under the name and opened: the workbook buttons act on."""
        path = self.folder / name
        path.write_bytes(what if isinstance(what, bytes) else xladdin.fill(what))
        return self.app.books.open(path, **options)

    def unsaved(self, what):
        """The same sheets in a workbook that was never saved."""
        path = self.folder / "暂.xlsx"
        path.write_bytes(what if isinstance(what, bytes) else xladdin.fill(what))
        return xw.Book(impl=self.app.books.impl.add(path))

    def press(self, command_id: str, bug: bool = False) -> list[str]:
        """Presses a button; the messages and questions shown. `codes` is the Python the VBA asked for.

        bug: whether the program is meant to go wrong; if not, its log is what the test fails with.
        """
        self.app.impl.alerts.clear()
        self.codes = tuple(self.addin.dispatch(command_id))
        said = [alert.prompt for alert in self.app.impl.alerts]
        if not bug and any(text.startswith(BUG) for text in said):
            raise AssertionError(max(state_folder().glob("*.log")).read_text(encoding="utf-8"))
        return said

    def state(self) -> tuple:
        app = self.app
        return app.screen_updating, app.calculation, app.enable_events, app.status_bar

    def looks(self) -> dict:
        """Every open workbook: its sheets with all they hold, and its file."""
        return {book.name: (contents(book), digest(book.fullname)) for book in self.app.books}

    def files(self) -> dict[str, str]:
        """What lies in the folder, by name."""
        return {name: digest(self.folder / name) for name in names(self.folder)}


def contents(book) -> list:
    """Everything that stands in the sheets."""
    return [(sheet.name, sheet.used_range.address, sheet.used_range.formula) for sheet in book.sheets]


def forms_in(book) -> list:
    """The same without the sheet of our own."""
    return [sheet for sheet in contents(book) if sheet[0] != RESULTS]


def digest(path) -> str | None:
    """None where there is no file: a workbook never saved."""
    path = Path(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_absolute() and path.is_file() else None


def names(folder: Path) -> list[str]:
    """Its files, but for the office's own lock files and our journal."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".~lock") and path.name != NAME)


def cells_of(what) -> dict[str, str]:
    """Field → cell of a record's form, or of a workbook on disk."""
    given = what if isinstance(what, str | Path) else xladdin.fill(what)
    return {field: place.cell for field, place in xladdin.read(given)[0].source.cells.items()}


def ledger_of(*projects: str) -> bytes:
    """A ledger of small declarations."""
    short = replace(DECLARED, indicators=DECLARED.indicators[:2])
    return write_ledger(None, [replace(short, project=project) for project in projects])


def is_plain(text: str) -> bool:
    """Whether a message is Chinese for a clerk: a whole sentence, and nothing of Python's in it."""
    spilled = re.search(r"Traceback|File \"|, line \d|\b\w*(Error|Exception)\b|com_error|None\b|xladdin\.\w+\.", text)
    return not spilled and bool(re.search(r"[一-鿿].*[。？：]", text))


def function_of(command):
    """What a button runs."""
    room, _, name = command.function.partition(":")
    return getattr(import_module(room), name)


def replace_function(monkeypatch, command, function) -> None:
    """Have a button run something else."""
    room, _, name = command.function.partition(":")
    monkeypatch.setattr(import_module(room), name, function)
