"""打开备份, 使用说明, 体检: nothing here changes an open workbook."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path

import xlwings as xw

from ...errors import Place, SaveError
from ..snapshots import DAYS, kept, told
from .filling import open_file, pick, save_new

GUIDE = Path(__file__).parents[2] / "data" / "guide.html"
EXAMINED = "体检.txt"


def restore(book: xw.Book) -> str:
    """The newest copy kept of the workbook (or an older one chosen), as a new file beside it, opened.

    Raises SaveError.
    """
    copies = kept(book)
    if not copies:
        return (
            f"“{book.name}”还没有备份，没有打开什么。\n"
            "点“重算得分”“核对两表”“检查本表”“清除标记”时才会留备份；改过文件名或移动过的，备份留在原来的名字下。"
        )
    chosen = pick(book.app, copies, lambda path: f"打开 {_what(path)}的备份吗？") if len(copies) > 1 else copies[0]
    if chosen is None:
        return "没有打开备份。"
    moment, why = told(chosen)
    try:
        data = chosen.read_bytes()
    except OSError as error:
        raise SaveError(f"备份读不出来（{error.strerror}）", Place(file=str(chosen)), "请检查这个文件") from error
    path = save_new(book, f"{Path(book.name).stem} {why}前 {moment:%m%d-%H%M%S}", chosen.suffix, data)
    open_file(book.app, path)
    return (
        f"已打开 {_what(chosen)}的备份，另存为 {path}。\n"
        f"当前的“{book.name}”没有动；要用备份的，请核对后自行替换。备份共 {len(copies)} 份，保留 {DAYS} 天。"
    )


def _what(path: Path) -> str:
    moment, why = told(path)
    return f"{moment:%Y-%m-%d %H:%M:%S}“{why}”之前"


def show_help(book: xw.Book, opener: Callable[[str], bool] = webbrowser.open) -> str | None:
    """The guide in the browser; a message only where that fails."""
    try:
        opened = opener(GUIDE.as_uri())
    except (OSError, webbrowser.Error):
        opened = False
    return None if opened else f"浏览器没有打开。请自行打开使用说明：{GUIDE}"


def show_doctor(book: xw.Book) -> str:
    """What is wrong or to be watched, and where the whole examination can be read."""
    from ..addin.doctor import examine, report

    lines = examine()
    text = report(lines)
    told_now = (str(line) for line in lines if line.state in ("bad", "warn"))
    return "\n".join([text.splitlines()[0], *told_now, keep_text(EXAMINED, text)])


def keep_text(name: str, text: str) -> str:
    """A report kept in the state folder; where, or all of it where that cannot be."""
    from ...files import digest_of
    from ...log import state_folder
    from ...workbook.saving import save

    path = state_folder() / name
    try:
        save(path, (text + "\n").encode("utf-8-sig"), seen=digest_of(path) or None)
    except SaveError:
        return text
    return f"全文在 {path}，可以打开复制，发给维护者。"
