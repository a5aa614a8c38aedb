"""xladdin import: files into the ledger, all of it or nothing; the former ledger is kept."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import Place, SaveError
from ..files import digest_of
from ..ledger.asked import SHEET as ASKED
from ..ledger.writing import write_ledger
from ..sheets.page import fitting
from ..workbook import saving
from ..workbook.appending import Addition, Value, added
from ..workbook.editing import NewSheet
from ..workbook.gate import read_bytes
from ..workbook.grid import Spot
from .answers import carry_out
from .asking import new_sheet, rows_added
from .book import Book
from .gathering import Gathered, gather
from .merging import Merged, Merger
from .next_year import Rolled, roll

LOG = "导入记录"
_DIGITS = 16  # of the digest of a file, as the ledger keeps it
_LOG_COLUMNS = (("文件", 40.0), ("指纹", 24.0), ("导入日期", 14.0))


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import.

    ledger: its path; kept: where the former one is, None where it is new or was not changed. written: whether anything
    was. known: files taken before. answered: decisions carried out. open: questions that wait for an answer; lost:
    those of them whose row of 待核 is gone; stuck: rows of 待核 whose decision could not be carried out. rolled: what
    was carried over into the next year.
    """

    ledger: Path
    gathered: Gathered
    merged: Merged
    kept: Path | None = None
    written: bool = False
    known: tuple[str, ...] = ()
    answered: int = 0
    open: int = 0
    lost: int = 0
    stuck: tuple[int, ...] = ()
    rolled: Rolled = field(default_factory=Rolled)


def import_files(
    paths: Sequence[Path], ledger: Path, next_year: bool = False, workers: int = 1, today: dt.date | None = None
) -> Imported:
    """Take the forms and tables of files and folders into a ledger, a new one where there is none.

    next_year: carry their projects over as the declarations of the next year. Raises SaveError where the ledger is
    open or must not be written, RefusedFile or LedgerError where it cannot be: then nothing has changed.
    """
    ledger = Path(ledger)
    new = not os.path.lexists(ledger)
    if new:
        if ledger.suffix.lower() != ".xlsx":
            raise SaveError("新建的台账应以 .xlsx 结尾", Place(file=str(ledger)), "请改文件名后重试")
        made, done = import_into(None, ledger, paths, next_year, workers, today)
        if made is None:
            return done
        try:
            saving.save(ledger, made)
        except saving.Taken:
            what = "刚才还没有这个文件，现在有了，没有写"
            raise SaveError(what, Place(file=str(ledger)), "请核对里面的内容，再运行一次") from None
        return replace(done, written=True)
    check_free(ledger)
    seen = digest_of(ledger)
    made, done = import_into(read_bytes(ledger, ledger.name), ledger, paths, next_year, workers, today)
    if made is None:
        return done
    kept = saving.keep(ledger)
    saving.save(ledger, made, seen)
    return replace(done, written=True, kept=kept)


def import_into(
    data: bytes | None,
    ledger: Path,
    paths: Sequence[Path],
    next_year: bool = False,
    workers: int = 1,
    today: dt.date | None = None,
) -> tuple[bytes | None, Imported]:
    """The same with the ledger at hand, or none yet: its bytes as they then are, None where nothing changed.

    ledger: where it lies, or will: links to the originals start there. Raises RefusedFile, LedgerError, Unwritable.
    """
    gathered = gather(paths, ledger, workers)
    made, done = _merged(data, ledger, gathered, today)
    now = data if made is None else made
    if not next_year or now is None:
        return made, done
    book = Book(now, ledger.name)  # as it is now: what several files say of one project has come together there
    done = replace(done, rolled=roll(book, gathered))
    additions = book.additions()
    return (added(now, ledger.name, additions) if additions else made), done


def _merged(
    data: bytes | None, ledger: Path, gathered: Gathered, today: dt.date | None
) -> tuple[bytes | None, Imported]:
    book = Book(write_ledger(None) if data is None else data, ledger.name, new=data is None)
    carried = carry_out(book)
    done = _fingerprints(book)
    merger = Merger(book)
    known: list[str] = []
    fresh: list[tuple[str, str]] = []
    for source in gathered.sources:
        mark = source.digest[:_DIGITS]
        again = mark in done
        (known.append(source.path.name) if again else fresh.append((source.path.name, mark)))
        for taken in source.taken:
            merger.take(taken, again)
    merged = merger.finished()
    asked = {put.number for put in merged.asked}
    waiting, lost = len(book.unanswered() | asked), len(book.lost() - asked)
    result = Imported(
        ledger, gathered, merged, known=tuple(known), answered=carried.done, open=waiting, lost=lost,
        stuck=carried.stuck,
    )  # fmt: skip
    additions = book.additions() if gathered.sources or data is not None else {}
    sheets = []
    if merged.asked or carried.aims:
        title = book.asked_grid.sheet if book.asked_grid else ASKED
        additions[title] = rows_added(book, merged.asked, ledger.resolve().parent, carried.aims)
        sheets += [] if book.asked_grid else [new_sheet()]
    if fresh and additions:
        additions[LOG] = _log(book, fresh, today or dt.date.today())
        sheets += [] if any(grid.sheet == LOG for grid in book.grids) else [NewSheet(LOG, _LOG_COLUMNS, unseen=True)]
    return (added(book.data, ledger.name, additions, sheets) if additions else None), result


def check_free(ledger: Path) -> None:
    """Raise SaveError where a ledger is open somewhere, or must not be written: before anything is read."""
    saving.refuse_locked(ledger)
    place = Place(file=str(ledger))
    try:
        mode = ledger.stat().st_mode
        if not mode & stat.S_IWUSR or not os.access(ledger, os.W_OK):
            raise SaveError("台账是只读的，没有导入", place, "请去掉文件的“只读”属性，或另存一份再导入")
        with open(ledger, "r+b"):
            pass
    except PermissionError:
        raise SaveError("台账正被别的程序打开，或没有写入权限，没有导入", place, "请在 Excel 里关闭它后重试") from None
    except OSError as error:
        raise saving.save_error(error, place) from None


def _fingerprints(book: Book) -> set[str]:
    """Of the files that were imported before."""
    grid = next((grid for grid in book.grids if grid.sheet == LOG), None)
    return {str(value) for (_, column), value in grid.cells.items() if column == 2} if grid else set()


def _log(book: Book, files: Sequence[tuple[str, str]], today: dt.date) -> Addition:
    grid = next((grid for grid in book.grids if grid.sheet == LOG), None)
    last = max((row for row, _ in grid.cells), default=1) if grid else 1
    values: dict[Spot, Value] = {
        (row, column): fitting(text) for row, file in enumerate(files, last + 1) for column, text in enumerate(file, 1)
    }
    values |= {(row, 3): today for row in range(last + 1, last + 1 + len(files))}
    return Addition(values, 1, last)
