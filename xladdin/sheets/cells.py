"""How the cells of a row come into a sheet: as XML at once, or by XlsxWriter's own means where charts read them.

Both give equal sheets. XlsxWriter makes an object of every cell and a list of attributes of every object, which is half
the time a report takes; a row of XML goes where XlsxWriter puts its own rows of a sheet it keeps none of
(constant_memory). Formats, links, merges and all that is no cell stay XlsxWriter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from ..errors import Place
from ..workbook.grid import column_letters
from ..workbook.markup import text_xml
from .looks import FONT, SIZE

_NOWHERE = Place()


class _Unchecked(dict):
    """For XlsxWriter's record of every cell of a table, by which it finds overlaps: ours overlap nothing."""

    def __setitem__(self, spot: object, area: object) -> None:
        """Nothing is kept."""


class Run(NamedTuple):
    """A text, the look it is written in, and the format made of that."""

    text: str
    look: Mapping[str, Any]
    form: Any


class Streamed:
    """Cells of a sheet of constant_memory. Rows come from the top down, none twice."""

    def __init__(self, sheet: Any):
        self.sheet = sheet
        self._cells: list[tuple[int, str]] = []
        self._letters: list[str] = []

    def string(self, row: int, column: int, text: str, form: Any) -> None:
        """A text; "" is a cell without one."""
        body = f' t="inlineStr"><is>{_text(text)}</is></c>' if text else "/>"
        self._cells.append((column, self._start(row, column, form) + body))

    def rich(self, row: int, column: int, runs: Sequence[Run], form: Any) -> None:
        """A text in several fonts."""
        body = "".join(f"<r>{_font(run.look)}{_text(run.text)}</r>" for run in runs)
        self._cells.append((column, f'{self._start(row, column, form)} t="inlineStr"><is>{body}</is></c>'))

    def number(self, row: int, column: int, value: int | Decimal, form: Any) -> None:
        """A figure, with the digits Excel keeps."""
        self._cells.append((column, f"{self._start(row, column, form)}><v>{value:.16G}</v></c>"))

    def formula(self, row: int, column: int, text: str, value: Decimal | int | str, form: Any) -> None:
        """A formula and its value."""
        kind = ' t="str"' if isinstance(value, str) and value else ""
        body = f"{kind}><f>{escape(text)}</f><v>{escape(str(value))}</v></c>"
        self._cells.append((column, self._start(row, column, form) + body))

    def merge(self, row: int, first: int, to: int, form: Any) -> None:
        """The cells behind the first of a span."""
        self.sheet.merge.append([row, first, row, to])
        for column in range(first + 1, to + 1):
            self.string(row, column, "", form)

    def link(self, row: int, column: int, address: str, text: str, form: Any) -> None:
        """A text that leads somewhere, the address as XlsxWriter wants it."""
        self.sheet.ignore_write_string = True  # the cell itself is written here
        self.sheet.write_url(row, column, address, form, text)
        self.sheet.ignore_write_string = False
        self.string(row, column, text, form)

    def table(self, last_row: int, last: int, options: Mapping[str, Any]) -> None:
        """Make all from the first cell on a table of Excel's. Its headings stand there already."""
        self.sheet.table_cells = _Unchecked()
        self.sheet.constant_memory = False  # in which there are no tables, for nothing could write their headings
        self.sheet.add_table(0, 0, last_row, last, options)
        self.sheet.constant_memory = True
        self.sheet.table.clear()

    def end(self, row: int, height: float) -> None:
        """The row is whole; 0: as tall as any."""
        if not self._cells and not height:
            return
        self._cells.sort(key=lambda cell: cell[0])
        # Excel's rows are whole pixels tall, of which four are three points
        tall = f' ht="{int(height * 4 / 3 + 0.5) * 0.75:g}" customHeight="1"' if height else ""
        cells = "".join(xml for _, xml in self._cells)
        self.sheet.row_data_fh.write(f'<row r="{row + 1}"{tall}>{cells}</row>')
        sheet, last = self.sheet, max((column for column, _ in self._cells), default=0)
        sheet.dim_rowmin = row if sheet.dim_rowmin is None else sheet.dim_rowmin
        sheet.dim_rowmax, sheet.dim_colmin, sheet.dim_colmax = row, 0, max(sheet.dim_colmax or 0, last)
        self._cells.clear()

    def _start(self, row: int, column: int, form: Any) -> str:
        while column >= len(self._letters):
            self._letters.append(column_letters(len(self._letters) + 1))
        style = (
            form.xf_index or form._get_xf_index()
        )  # XlsxWriter's own: a format gets its number where it is first used
        return f'<c r="{self._letters[column]}{row + 1}" s="{style}"'


def _font(look: Mapping[str, Any]) -> str:
    bold = "<b/>" if look.get("bold") else ""
    colour = f'rgb="FF{look["font_color"][1:]}"' if "font_color" in look else 'theme="1"'
    size = f'<sz val="{look.get("font_size", SIZE)}"/><color {colour}/>'
    return f'<rPr>{bold}{size}<rFont val="{FONT}"/><family val="2"/></rPr>'


def _text(text: str) -> str:
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    plain = not ("&" in text or "<" in text or ">" in text or "_x" in text)  # a page has no control characters
    return f"<t{kept}>{text if plain else text_xml(text, _NOWHERE)}</t>"


class Kept:
    """The same by XlsxWriter, of a sheet whose rows stay in memory."""

    def __init__(self, sheet: Any):
        self.sheet = sheet

    def string(self, row: int, column: int, text: str, form: Any) -> None:
        """A text; "" is a cell without one."""
        if text:
            self.sheet.write_string(row, column, text, form)
        else:
            self.sheet.write_blank(row, column, None, form)

    def rich(self, row: int, column: int, runs: Sequence[Run], form: Any) -> None:
        """A text in several fonts."""
        self.sheet.write_rich_string(row, column, *(part for run in runs for part in (run.form, run.text)), form)

    def number(self, row: int, column: int, value: int | Decimal, form: Any) -> None:
        """A figure."""
        self.sheet.write_number(row, column, value, form)

    def formula(self, row: int, column: int, text: str, value: Decimal | int | str, form: Any) -> None:
        """A formula and its value."""
        self.sheet.write_formula(row, column, "=" + text, form, value)

    def merge(self, row: int, first: int, to: int, form: Any) -> None:
        """The cells of a span."""
        self.sheet.merge_range(row, first, row, to, "", form)

    def link(self, row: int, column: int, address: str, text: str, form: Any) -> None:
        """A text that leads somewhere."""
        self.sheet.write_url(row, column, address, form, text)

    def table(self, last_row: int, last: int, options: Mapping[str, Any]) -> None:
        """Make all from the first cell on a table of Excel's. Its headings stand there already."""
        self.sheet.add_table(0, 0, last_row, last, options)

    def end(self, row: int, height: float) -> None:
        """The row is whole."""
        if height:
            self.sheet.set_row(row, height)
