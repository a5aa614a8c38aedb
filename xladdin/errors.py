"""Every error a caller can meet: what is wrong, where, what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a workbook or a document: any of the parts may be unknown.

    A document has no cells: `row` counts its lines and the rows of its tables, on its `page` where it has pages.
    """

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    row: int | None = None

    @property
    def spot(self) -> str:
        """Where that is on its sheet or in its document, in words; "" where only the file is known."""
        if self.row:
            return (f"第 {self.page} 页" if self.page else "") + f"第 {self.row} 行"
        return self.cell or ""

    def __str__(self) -> str:
        inner = self.spot if self.row else "!".join(part for part in (self.sheet, self.cell) if part)
        return " ".join(part for part in (self.file, inner) if part)

    def to_dict(self) -> dict:
        if self.row:
            return {"file": self.file, "page": self.page, "row": self.row}
        return {"file": self.file, "sheet": self.sheet, "cell": self.cell}


class XladdinError(Exception):
    """Base of all errors meant for the person at the keyboard.

    what: one Chinese sentence without a full stop; where: the Place, if there is one;
    advice: the next step.
    """

    def __init__(self, what: str, where: Place | None = None, advice: str = ""):
        super().__init__(what, where, advice)
        self.what, self.where, self.advice = what, where, advice

    def __str__(self) -> str:
        head = f"{self.where}：" if self.where and str(self.where) else ""
        return f"{head}{self.what}。{self.advice}"


class RefusedFile(XladdinError):
    """A file that must not, or cannot, be opened: .xls, encrypted, truncated, oversized, hostile."""


class BrokenPart(RefusedFile):
    """A part of a workbook that is absent, damaged or no XML; the other parts may be sound."""


class NotAForm(XladdinError):
    """The workbook opens, but no 申报表 or 自评表 stands in it."""


class PassedOver(NotAForm):
    """A sheet not read on purpose although a form stands in it, or that was read although it, or a row, is hidden."""


class OwnWork(NotAForm):
    """A report or a summary of ours: in a folder it is passed over, for it never was a form."""


class UnreadableForm(XladdinError):
    """A form whose block is missing or cannot be understood."""


class BadValue(XladdinError):
    """A value that cannot be what its field needs (a date, an amount, a record's JSON)."""


class Unwritable(XladdinError):
    """A value Excel could not keep as it stands: too long, too precise, control characters."""


class TemplateError(XladdinError):
    """A template that cannot be used; says the sheet and cell."""


class UnknownForm(XladdinError):
    """No form of that name, or none fits the record."""


class SaveError(XladdinError):
    """The target exists, is locked, or cannot be written."""


class LedgerError(XladdinError):
    """Nothing usable in the ledger; `mistakes` lists every one."""

    def __init__(self, what: str, where: Place | None = None, advice: str = "", mistakes: tuple = ()):
        super().__init__(what, where, advice)
        self.mistakes = mistakes
