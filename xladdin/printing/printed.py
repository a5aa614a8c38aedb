"""Every form of files and folders as one PDF."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..batch.jobs import REFUSED, UNREAD
from ..batch.shelf import Shelf, refusal
from ..errors import Place, SaveError, XladdinError
from ..files import digest_of
from ..review.pairing import apart, copies
from ..review.reading import nothing, read_entries
from ..rules.finding import ERROR, UNDECIDED, WARNING, Finding
from .converting import Converter, libreoffice, usable
from .cover import PER_PAGE, cover_of
from .items import Item, items_of, to_convert
from .merging import merged, pages_in

_LOST = (ERROR, WARNING)  # of what is found while reading: a file, or a sheet, that gave no form
_FAILED = "没有转换成 PDF，请在 Excel 中打开看看，另存后再试"
_BROKEN = "PDF 打不开，可能有密码或已损坏"


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: the file, its pages, its forms in order; `lost` files that are not in it, with why.

    loose: what else is to be said of the files read.
    """

    path: Path
    pages: int
    items: tuple[Item, ...]
    lost: tuple[tuple[str, str], ...]
    loose: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every form is in it."""
        return not self.lost


def print_forms(
    paths: Iterable[str | Path],
    out: str | Path,
    converter: Converter | None = None,
    workers: int = 1,
    force: bool = False,
) -> Printed:
    """All forms of the files and folders as one PDF with cover and contents, written to `out`: equal copies once, and
    no blank one beside one that was filled in.

    converter: what makes PDFs, tried first; LibreOffice for what it leaves. A file that cannot be printed is listed in
    the contents with why. Raises XladdinError where there is no form, nothing that makes PDFs or not one could be made;
    SaveError where `out` is a file somebody else made (but for `force`, which keeps it beside) or cannot be written.
    """
    out = Path(out)
    if out.suffix.lower() != ".pdf":
        raise XladdinError("合订本只能存成 .pdf", Place(file=str(out)), "请把文件名改成以 .pdf 结尾")
    by = usable(converter, libreoffice())
    entries, loose = read_entries([Path(path) for path in paths], workers)
    if any(entry.path and os.path.realpath(entry.path) == os.path.realpath(out) for entry in entries):
        raise SaveError("这是要打印的表，不能把合订本存在它上面", Place(file=str(out)), "请换一个文件名")
    if not entries:
        raise nothing(loose, "没有读到一张表")
    said = "内容不同，都印了，请核对以哪份为准"
    wanted = {id(one) for group in copies(entries) for one in apart(group, loose, UNDECIDED, said)}
    entries = [entry for entry in entries if id(entry) in wanted]
    with tempfile.TemporaryDirectory(prefix="xladdin-print-", ignore_cleanup_errors=True) as folder:
        items, files = _converted(items_of(entries, Path(folder)), by, Path(folder, "pdf"))
        lost = [
            (finding.subject, finding.message.removeprefix(f"{finding.subject}："))
            for finding in loose
            if finding.level in _LOST
        ]
        lost += [(item.path.name, item.why) for item in items if item.why]
        if not files:
            raise XladdinError("一张表也没有转换成 PDF", advice=f"第一张：{lost[0][0]}，{lost[0][1]}" if lost else "")
        items, data, pages = _bound(items, files, lost, by, Path(folder))
    _put(out, data, {entry.path for entry in entries if entry.path}, force)
    return Printed(out, pages, tuple(items), tuple(lost), tuple(one for one in loose if one.level not in _LOST))


def _converted(items: Sequence[Item], by: Converter, folder: Path) -> tuple[list[Item], dict[Path, int]]:
    """The items with PDFs as their files, and how many pages each of those has."""
    folder.mkdir()
    if files := to_convert(items):
        by(files, folder)
    made: list[Item] = []
    pages: dict[Path, int] = {}
    for item in items:
        if item.file is None:
            made.append(item)
            continue
        own = item.file.suffix == ".pdf"
        pdf = item.file if own else folder / f"{item.file.stem}.pdf"
        pages[pdf] = pages.get(pdf) or (pages_in(pdf) if pdf.is_file() else 0)
        made.append(replace(item, file=pdf) if pages[pdf] else item.failed(_BROKEN if own else _FAILED))
    return made, {pdf: count for pdf, count in pages.items() if count}


def _bound(
    items: Sequence[Item], files: dict[Path, int], lost: Sequence[tuple[str, str]], by: Converter, folder: Path
) -> tuple[list[Item], bytes, int]:
    """The items with their pages, the whole, and how many pages it has; contents are printed again as long as their own
    length changes the pages they tell."""
    front = 1 - (-(sum(1 for item in items if item.file) + 2 * len(lost)) // PER_PAGE)
    for _ in range(3):
        at, first = front + 1, {}
        for pdf, count in files.items():
            first[pdf], at = at, at + count
        items = [replace(one, first=first[one.file] + min(one.page, files[one.file] - 1)) if one.file else one
                 for one in items]  # fmt: skip
        cover = folder / "cover.xlsx"
        cover.write_bytes(cover_of(items, lost, dt.date.today()))
        pdf = folder / "cover.pdf"
        pdf.unlink(missing_ok=True)
        by([cover], folder)
        real = pages_in(pdf) if pdf.is_file() else 0
        if not real:
            raise XladdinError("封面和目录没有转换成 PDF", advice="请再运行一次")
        if real == front:
            break
        front = real
    return list(items), merged([pdf, *files]), front + sum(files.values())


def _put(out: Path, data: bytes, sources: Iterable[Path], force: bool) -> None:
    digest = hashlib.sha256("".join(sorted(digest_of(path) for path in sources)).encode()).hexdigest()
    with Shelf(out.parent, "print") as shelf:
        state, kept = shelf.put(out, digest, data, force)
    if state in (*REFUSED, UNREAD) and kept is None:
        raise refusal(out, state)
