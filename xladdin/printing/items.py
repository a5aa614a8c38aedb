"""What is to be printed: each sheet with a form in it, made ready as a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..domain.kinds import kind_of
from ..domain.records import Record
from ..errors import XladdinError
from ..review.cases import Entry
from ..workbook.printable import printable

_PAPER = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".docx", ".docm", ".doc", ".wps", ".rtf", ".odt", ".pdf")
NOT_PAPER = "这种文件没有版面，打印不出来，请先用“导入”放进台账再填成表"


@dataclass(frozen=True, slots=True)
class Item:
    """A form to be printed. file: its copy, which holds nothing else to be seen; page: where it begins in that, from 0.

    first: its page in the whole, from 1; why: what kept it from being printed.
    """

    record: Record
    path: Path
    file: Path | None = None
    page: int = 0
    first: int | None = None
    why: str = ""

    @property
    def label(self) -> str:
        """Which of the two forms it is."""
        return kind_of(self.record).label

    def failed(self, why: str) -> Item:
        """The same, not to be printed."""
        return replace(self, file=None, first=None, why=why)


def items_of(entries: Iterable[Entry], folder: Path) -> list[Item]:
    """An item for each form, its copy written into `folder`; forms of one sheet, or document, share one."""
    copies: dict[tuple[Path, str], Path | str] = {}
    items = []
    for entry in entries:
        if entry.path is None:
            continue
        sheet, page = _place(entry.record)
        key = entry.path, sheet
        if key not in copies:
            copies[key] = _copy(entry.path, sheet, folder, len(copies) + 1)
        made = copies[key]
        item = Item(entry.record, entry.path, page=page)
        items.append(item.failed(made) if isinstance(made, str) else replace(item, file=made))
    return items


def _place(record: Record) -> tuple[str, int]:
    """The sheet a form was read from, and its page in a document, from 0."""
    source = record.source
    place = source.cells.get("project") if source else None
    return (place and place.sheet) or "", ((place and place.page) or 1) - 1


def _copy(path: Path, sheet: str, folder: Path, number: int) -> Path | str:
    """The copy, or why there is none."""
    suffix = path.suffix.lower()
    if suffix not in _PAPER:
        return NOT_PAPER
    try:
        data = path.read_bytes()
        if b"%PDF-" in data[:1024]:
            suffix = ".pdf"
        elif data[:2] == b"PK" and suffix in (".xlsx", ".xlsm"):
            data = printable(data, path.name, sheet)
    except XladdinError as error:
        return error.what
    except OSError as error:
        return f"文件读不了（{error.strerror or error}）"
    made = folder / f"{number:04}{suffix}"
    made.write_bytes(data)
    return made


def to_convert(items: Sequence[Item]) -> list[Path]:
    """The copies that are no PDF yet, each once."""
    return list({item.file: None for item in items if item.file and item.file.suffix != ".pdf"})
