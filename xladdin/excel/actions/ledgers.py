"""合并台账, 拆分台账: several ledgers made one, and one parted; each as it stands, what comes of it are new files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import xlwings as xw

from ...errors import LedgerError, Place
from .. import host
from ..live import grids_of
from ..snapshots import content_of, opened_from
from .filling import WRITTEN, folder_of, free_name, open_file, pick

WHOLE = "总台账"
PARTS = "分发"  # the folder beside a ledger its parts go to: 台账 分发
_USUAL = ("经办人", "实施单位", "主管部门")  # columns a ledger is parted by, the likeliest first


def merge_chosen(book: xw.Book) -> str:
    """The ledger in front, where there is one, and those chosen in a dialog made one, saved beside and opened.

    What the first says counts where they differ. Raises RefusedFile, LedgerError, SaveError.
    """
    from ...ledger.joining import join
    from ...workbook.saving import save

    folder, front = folder_of(book), _is_ledger(book)
    chosen = host.pick_files(book.app, folder, "选要合并的台账（可以多选）")
    if not chosen:
        return "没有合并。"
    given: list[xw.Book | Path] = [book] if front else []
    for path in chosen:
        opened = opened_from(book.app, path)
        if not (front and opened == book):
            given.append(opened or path)
    if len(given) < 2:
        what = f"只有一份台账（{chosen[0].name}），没有合并"
        raise LedgerError(what, None, "请再点一次，一次选几份；或先点到另一份台账，再点“合并台账”选这一份")
    host.Progress(book.app)("合并台账：正在读取……")
    with _as_they_stand(given) as paths:
        joined = join(paths)
    path = save(free_name(book.app.books, folder, WHOLE, ".xlsx"), joined.data)
    open_file(book.app, path, WRITTEN)
    lines = [f"已把 {len(given)} 份台账合成一份并打开，存在 {path}，{joined.projects} 行项目。原来的台账没有改动。"]
    if joined.same:
        lines.append(f"{joined.same} 行在几份里都有，只留一行；空着的格子从别的台账补了 {joined.filled} 处。")
    if joined.contradictions:
        said = f"{len(joined.contradictions)} 处几份台账说的不一样，采用了前一份的，标了红色，请在“冲突”表里逐处核对"
        lines.append(f"{said}（改好了，或“处理”选了“已核对”，红色就没有了）：")
        lines += host.some(map(str, joined.contradictions))
    lines += _rest(joined.wrong, joined.told)
    return "\n".join([*lines, "核对好后，请在这一份里点“批量生成”等按钮。"])


def split_this(book: xw.Book) -> str:
    """The ledger in front, as it stands, parted by a column the clerk is asked for, into a new folder beside it.

    Raises LedgerError where it is none, or has nothing to be parted by; RefusedFile, SaveError.
    """
    from ...ledger.parting import part
    from ...workbook.saving import save

    if not _is_ledger(book):
        advice = "请切换到台账再点；还没有的请点“打开台账”新建"
        raise LedgerError("当前工作簿不是台账，没有拆分", Place(file=book.name), advice)
    with _as_they_stand([book]) as (path,):
        columns = _columns(path)
        if not columns:
            what = f"“项目”表里{'、'.join(_USUAL)}都空着，没有可以用来拆分的"
            raise LedgerError(what, Place(file=book.name), "请填好其中一列，再点一次")
        column = pick(book.app, columns, lambda name: f"按“{name}”拆分吗？一样的放进一份。")
        if column is None:
            return "没有拆分。"
        found = part(path, column)
    home = free_name((), folder_of(book), f"{Path(book.name).stem} {PARTS}", "")
    for one in found.parts:
        save(home / one.name, one.data)
    lines = [f"已按“{column}”拆成 {len(found.parts)} 份，在 {home}。当前的台账没有改动。"]
    lines += host.some(f"{one.name}：{one.projects} 行项目" for one in found.parts)
    if found.stray:
        lines.append(f"{found.stray} 行资金执行或指标看不出是哪个项目的，放进了“未归属”，请核对项目名称和年度。")
    lines += _rest(found.wrong, found.told)
    return "\n".join([*lines, "各人填好以后，点“合并台账”再合起来。"])


def _is_ledger(book: xw.Book) -> bool:
    from ...ledger import is_ledger

    return is_ledger(grids_of(book))


def _columns(path: Path) -> list[str]:
    """Those of the usual columns that are filled in, what tells projects apart before what all have alike."""
    from ...ledger import PROJECTS
    from ...ledger.carried import carried

    rows = carried(path).rows[PROJECTS]
    said = {name: {str(row.values[name]).strip() for row in rows if name in row.values} - {""} for name in _USUAL}
    return sorted((name for name in _USUAL if said[name]), key=lambda name: len(said[name]) < 2)


@contextmanager
def _as_they_stand(given: Sequence[xw.Book | Path]) -> Iterator[list[Path]]:
    """Files with what open workbooks hold now, under the workbooks' names, and the others as they lie on disk."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, one in enumerate(given):
            if isinstance(one, Path):
                paths.append(one)
                continue
            copy = Path(folder, str(number), one.name if Path(one.name).suffix else f"{one.name}.xlsx")
            copy.parent.mkdir()
            copy.write_bytes(content_of(one))
            paths.append(copy)
        yield paths


def _rest(wrong: Sequence[object], told: Sequence[str]) -> Iterator[str]:
    """What was not carried, or has to be looked at."""
    if wrong:
        yield f"有 {len(wrong)} 处没有带过来，或要核对："
        yield from host.some(map(str, wrong))
    yield from host.some(f"{said}。" for said in told)
