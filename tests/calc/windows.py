"""Excel's window on a sheet, and how the sheet is printed: what an add-in sets through `.api`."""

from __future__ import annotations

from .addresses import corners
from .bridge import struct
from .native import ExcelError

_SHOWN = {
    "DisplayGridlines": True, "FreezePanes": False, "ScrollColumn": 1, "ScrollRow": 1, "SplitColumn": 0, "SplitRow": 0,
}  # fmt: skip
_LANDSCAPE, _PORTRAIT = 2, 1  # xlLandscape, xlPortrait
_PAPERS = {8: (29700, 42000), 9: (21000, 29700)}  # xlPaperA3, xlPaperA4, in hundredths of a millimetre


class Window:
    """The window of the active sheet. LibreOffice freezes, and hides lines, only in a window that is seen: what was
    asked for is kept besides, so that a test can ask."""

    def __init__(self, sheet):
        shown = sheet.book.state.setdefault("windows", {}).setdefault(sheet.name, dict(_SHOWN))
        object.__setattr__(self, "_parts", (sheet, shown))

    def __getattr__(self, name: str):
        return self._parts[1][name]

    def __setattr__(self, name: str, value):
        sheet, shown = self._parts
        if name not in shown:
            raise ExcelError(f"a window has no {name} in this harness")
        before, shown[name] = shown[name], value
        controller = sheet.book.doc.CurrentController
        if name == "FreezePanes":
            controller.freezeAtPosition(*(shown["SplitColumn"], shown["SplitRow"]) if value else (0, 0))
        elif name == "DisplayGridlines" and value != before:
            dispatcher = sheet.book.app.office.create("com.sun.star.frame.DispatchHelper")
            dispatcher.executeDispatch(controller.Frame, ".uno:ToggleSheetGrid", "", 0, ())


class PageSetup:
    """The page style of a sheet under Excel's names."""

    def __init__(self, sheet):
        style = sheet.book.doc.StyleFamilies.getByName("PageStyles").getByName(sheet.uno.PageStyle)
        object.__setattr__(self, "_parts", (sheet, style))

    def __setattr__(self, name: str, value):
        if not isinstance(getattr(type(self), name, None), property):
            raise ExcelError(f"a page has no {name} in this harness")
        object.__setattr__(self, name, value)

    def _turn(self, landscape: bool, size: tuple[int, int]):
        style = self._parts[1]
        style.IsLandscape = landscape
        style.Width, style.Height = sorted(size, reverse=landscape)

    @property
    def Orientation(self) -> int:  # noqa: N802 - Excel's names, here and below
        return _LANDSCAPE if self._parts[1].IsLandscape else _PORTRAIT

    @Orientation.setter
    def Orientation(self, value):  # noqa: N802
        style = self._parts[1]
        self._turn(value == _LANDSCAPE, (style.Width, style.Height))

    @property
    def PaperSize(self) -> int:  # noqa: N802
        size = tuple(sorted((self._parts[1].Width, self._parts[1].Height)))
        return min(_PAPERS, key=lambda paper: abs(_PAPERS[paper][0] - size[0]))

    @PaperSize.setter
    def PaperSize(self, value):  # noqa: N802
        self._turn(self._parts[1].IsLandscape, _PAPERS[value])

    @property
    def Zoom(self) -> int | bool:  # noqa: N802
        style = self._parts[1]
        return not (style.ScaleToPagesX or style.ScaleToPagesY) and style.PageScale

    @Zoom.setter
    def Zoom(self, value):  # noqa: N802
        self._parts[1].PageScale = int(value)

    def _pages(name: str):  # noqa: N805 - makes a property
        """So many pages, False for as many as it takes."""
        return property(
            lambda self: getattr(self._parts[1], name) or False,
            lambda self, value: setattr(self._parts[1], name, int(value)),
        )

    FitToPagesWide, FitToPagesTall = _pages("ScaleToPagesX"), _pages("ScaleToPagesY")

    @property
    def PrintTitleRows(self) -> str:  # noqa: N802
        sheet = self._parts[0].uno
        rows = sheet.getTitleRows()
        return f"${rows.StartRow + 1}:${rows.EndRow + 1}" if sheet.getPrintTitleRows() else ""

    @PrintTitleRows.setter
    def PrintTitleRows(self, value):  # noqa: N802
        sheet = self._parts[0]
        first, _, last, _ = corners(value)
        sheet.uno.setTitleRows(struct("table.CellRangeAddress", sheet.index - 1, 0, first - 1, 0, last - 1))
        sheet.uno.setPrintTitleRows(True)
