"""Pictures of live sheets, to look at: what a print would show, and what the window shows.

python -m tests.calc.shot FOLDER: the windows after 核对两表 on the 2021 pair of the example (result.png, marked.png),
and after 清除标记 (cleared.png).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import xlwings

from .bridge import properties, to_url, uno
from .display import Display, has_xvfb

_SCREEN = 1600, 1000
_BY_VALUE = 3  # com.sun.star.view.DocumentZoomType
_POSITION_AND_SIZE = 15  # com.sun.star.awt.PosSize
_UPDATE_TIME = 1.0  # toolbars and the status bar follow by a timer


def needs_shots() -> None:
    """Skips the test where PDF pages cannot be turned into pictures."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")


def pages(sheet: xlwings.Sheet, folder: Path, dpi: int = 80) -> list[Path]:
    """The sheet as it would be printed now, one PNG a page, named after the book and the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{Path(sheet.book.name).stem}-{sheet.name}"
    pdf = folder / f"{stem}.pdf"
    chosen = uno.Any("[]com.sun.star.beans.PropertyValue", properties(Selection=sheet.impl.uno))
    options = properties(FilterName="calc_pdf_Export", FilterData=chosen, Overwrite=True)
    sheet.book.impl.doc.storeToURL(to_url(pdf.resolve()), options)
    for old in folder.glob(f"{stem}-*.png"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", pdf, folder / stem], check=True, capture_output=True)
    pdf.unlink()
    return sorted(folder.glob(f"{stem}-*.png"))


def window(sheet: xlwings.Sheet, file: Path, zoom: int = 100) -> Path:
    """The window with the sheet in front, of an app started visible on a virtual screen."""
    app = sheet.book.app.impl
    if app.display is None:
        raise RuntimeError("the app has no window; start it with calc.running(visible=True)")
    sheet.activate()
    controller = sheet.book.impl.doc.CurrentController
    controller.ZoomType, controller.ZoomValue = _BY_VALUE, zoom
    for book in sheet.book.app.books:  # without a window manager none comes to the front: the others leave the screen
        left = 0 if book == sheet.book else app.display.size[0]
        book.impl.doc.CurrentController.Frame.ContainerWindow.setPosSize(left, 0, *app.display.size, _POSITION_AND_SIZE)
    toolkit = app.office.create("com.sun.star.awt.Toolkit")
    toolkit.processEventsToIdle()
    time.sleep(_UPDATE_TIME)
    toolkit.processEventsToIdle()
    app.display.picture().save(file)
    return file


def main(folder: Path) -> None:
    """The three pictures, made with the built add-in."""
    import xladdin
    from xladdin.cli.demo import example
    from xladdin.excel.addin.package import build

    from . import load_addin, running

    folder.mkdir(parents=True, exist_ok=True)
    Display.size = _SCREEN
    with tempfile.TemporaryDirectory() as scratch, running(visible=True) as app:
        os.environ["XDG_STATE_HOME"] = scratch  # backups and logs of the commands
        for record in (record for record in example() if record.year == 2021):
            path = Path(scratch, f"2021{'申报表' if record.kind == 'declaration' else '自评表'}.xlsx")
            path.write_bytes(xladdin.fill(record))
            evaluated = app.books.open(str(path))  # the later of the two
        with load_addin(app, build(Path(scratch, "xladdin.xlam")), runner="XladdinPython") as addin:
            addin.dispatch("reconcile")
            results, form = evaluated.sheets["核对结果"], evaluated.sheets[0]
            _hide_sidebar(results)
            print(window(results, folder / "result.png", 75))
            form["D7"].note.api.IsVisible = True
            print(window(form, folder / "marked.png", 75))
            addin.dispatch("clear_marks")
            print(window(form, folder / "cleared.png", 75))


def _hide_sidebar(sheet: xlwings.Sheet) -> None:
    frame = sheet.book.impl.doc.CurrentController.Frame
    helper = sheet.book.app.impl.office.create("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(frame, ".uno:Sidebar", "", 0, properties(Sidebar=False))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.calc.shot FOLDER")
    if not has_xvfb():
        sys.exit("Xvfb is not installed; it is what the windows are photographed on")
    try:
        main(Path(sys.argv[1]))
    except pytest.skip.Exception as missing:  # LibreOffice or its bridge
        sys.exit(str(missing))
