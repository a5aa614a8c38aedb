"""Pictures of live sheets, to look at: what a print would show, and what the window shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import xlwings

from .bridge import properties, to_url, uno


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


def window(sheet: xlwings.Sheet, file: Path) -> Path:
    """The window with the sheet in front, of an app started visible on a virtual screen."""
    app = sheet.book.app.impl
    if app.display is None:
        raise RuntimeError("the app has no window; start it with calc.running(visible=True)")
    sheet.activate()
    frame = sheet.book.impl.doc.CurrentController.Frame.ContainerWindow
    frame.setPosSize(0, 0, *app.display.size, 15)  # com.sun.star.awt.PosSize.POSSIZE
    app.office.create("com.sun.star.awt.Toolkit").processEventsToIdle()
    app.display.picture().save(file)
    return file
