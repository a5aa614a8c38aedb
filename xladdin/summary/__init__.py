"""The year in one workbook: what was asked for, spent, scored and found, project by project."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from ..batch.jobs import REFUSED, UNREAD
from ..batch.shelf import Shelf, refusal
from ..domain.profile import Profile
from ..errors import Place, SaveError, XladdinError
from ..files import digest_of
from ..review.cases import Review
from .aims import aims_of
from .facts import facts_of
from .gather import review_all
from .indicators import details_of
from .summary import Summary
from .years import lines_of

__all__ = ["Summary", "review_all", "summarise", "workbook_of", "write_summary"]


def summarise(review: Review, profile: Profile | str | None = None) -> Summary:
    """The facts of a review as a summary; amounts are Decimal in the unit printed, rates fractions.

    profile: what says which 等级 a score is; by default the one each form names, as it stood in its year.
    Raises UnknownForm or BadValue for a bad profile; never for what a form holds.
    """
    facts = facts_of(review, profile)
    lines, details = lines_of(facts.by_year), tuple(details_of(review.cases, profile))
    return Summary(facts, lines, details, tuple(aims_of(lines, details)))


def workbook_of(summary: Summary, folder: Path, made: dt.datetime | None = None) -> bytes:
    """The summary as .xlsx bytes; its links start from `folder`, where it is to lie. made: now by default."""
    from .workbook import workbook_of as made_of

    return made_of(summary, folder, made)


class Written(NamedTuple):
    """The summary's file, and why the journal does not tell of it, where it does not."""

    path: Path
    unwritten: SaveError | None


def write_summary(summary: Summary, review: Review, path: str | Path, force: bool = False) -> Written:
    """Write the summary of a review as .xlsx. One that nobody touched is replaced; any other file with `force` only.

    Raises XladdinError for another suffix; SaveError where one of the forms summed up, or a file somebody wrote
    into, lies there, or the place cannot be written. What `force` replaces is kept beside it.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise XladdinError("汇总只能存成 .xlsx", Place(file=str(path)), "请把文件名改成以 .xlsx 结尾")
    sources = {os.path.realpath(file) for case in review.cases for file in case.files}
    if os.path.realpath(path) in sources:
        raise SaveError("这是要汇总的表，不能把汇总存在它上面", Place(file=str(path)), "请给汇总换一个文件名")
    data = workbook_of(summary, path.absolute().parent)
    digest = hashlib.sha256("".join(sorted(digest_of(Path(source)) for source in sources)).encode()).hexdigest()
    with Shelf(path.parent, "summary") as shelf:
        state, kept = shelf.put(path, digest, data, force)
    if state in (*REFUSED, UNREAD) and kept is None:
        raise refusal(path, state)
    return Written(path, shelf.unwritten)
