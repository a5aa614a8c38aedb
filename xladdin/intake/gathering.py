"""Files and folders into records: forms of any format, and tables that have the headings of a ledger."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..domain.records import Record
from ..errors import NotAForm, OwnWork, Place, RefusedFile, XladdinError
from ..files import digest_of, unreadable
from ..review.reading import passed_over, read_all
from .questions import Question, questions_of
from .tables import records_of

_TABLE = "别处导出的表，表头要有“项目名称”和至少两个台账的列名（年度、实施单位、三级指标、指标值等），请改好列名再导入"


@dataclass(frozen=True, slots=True)
class Taken:
    """A record, the file it is from, and what is asked of it."""

    record: Record
    path: Path
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that gave records. digest: SHA-256 of its bytes."""

    path: Path
    digest: str
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the files gave; notes: what was passed over on purpose; failed: what should have been read and was not."""

    sources: tuple[Source, ...]
    notes: tuple[XladdinError, ...]
    failed: tuple[XladdinError, ...]
    traces: tuple[str, ...] = ()


def gather(paths: Sequence[Path], ledger: Path, workers: int = 1) -> Gathered:
    """Every form and table in the files and folders, the ledger itself left out."""
    sources: list[Source] = []
    notes: list[XladdinError] = []
    failed: list[XladdinError] = [
        RefusedFile(f"{path.suffix} 格式读不了", Place(file=path.name), "请在 Excel 或 WPS 中另存为 .xlsx")
        for path in unreadable(paths)
    ]
    traces: list[str] = []
    own = os.path.realpath(ledger)
    for path, named, given in read_all(paths, workers):
        if os.path.realpath(path) == own:
            continue
        records, named_year = given.records, False
        error = given.error
        if isinstance(error, NotAForm) and not isinstance(error, OwnWork):
            found = records_of(path)
            if found is not None:
                records, named_year, error = found.records, found.named, None
                failed += found.wrong
            elif named:
                error = NotAForm(error.what, error.where, f"{error.advice}；{_TABLE}")
        if records:
            sources.append(Source(path, digest_of(path), tuple(_taken(records, path, named_year))))
        for note in given.notes:
            (notes if isinstance(note, NotAForm) else failed).append(note)
        if error is None or passed_over(path, named, error):
            continue
        (failed if named or not isinstance(error, NotAForm) else notes).append(error)
        traces += [given.trace] if given.trace else []
    return Gathered(tuple(sources), tuple(notes), tuple(failed), tuple(traces))


def _taken(records: Iterable[Record], path: Path, named_year: bool) -> Iterator[Taken]:
    for record in records:
        yield Taken(record, path, questions_of(record, path, named_year))
