"""Rows written into sheets of somebody's workbook, and sheets added to it; everything else stays as it was.

Nothing moves: what is written goes into cells that are there or below them, and ranges that end with the last row
that was filled (tables, filters, drop-downs, conditional formats, print areas) grow over the new ones, as in Excel.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from ..domain.numbers import number_in_excel, plain
from ..errors import Place, RefusedFile
from .editing import Book, NewSheet
from .formats import DATE
from .gate import Package
from .grid import LAST_COLUMN, LAST_ROW, Spot, address, range_of, spot_of
from .heights import DEFAULT_ROW, DEFAULT_WIDTH, MAX_ROW, column_widths, height_of, lines_of, looks
from .markup import text_xml
from .parts import relations_of
from .patching import plain_formulas
from .pictures import Picture, draw
from .shift import copied_formula
from .variants import LINKED, MARKED, QUOTED

Value = str | int | Decimal | dt.date | None
EARLIEST = dt.date(1900, 3, 1)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LIKE_FORMULA = ("=", "+", "-", "@")
_BEHIND_LINKS = frozenset({
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
})  # fmt: skip
_ENDING = re.compile(r"(:\$?[A-Z]{1,3}\$?)(\d+)$")


@dataclass(frozen=True, slots=True)
class Addition:
    """What is written into one sheet.

    values: by cell, None to clear one. heading: the row of the headings; last: the last row that was filled before,
    or that of the headings; its looks go on below it. copied: columns of formulas, and the last row that has one: rows
    below get it, too, as if it were dragged down. marked: cells that
    are given a ground to be seen by. links: by cell a target outside, and where in it (""); pictures lie over their
    cells; heights: of rows, in points, where it is not that of what wraps; offered: column → formula of its drop-down
    as the first row has it, where the column has none.
    """

    values: Mapping[Spot, Value]
    heading: int
    last: int
    copied: Mapping[int, int] = field(default_factory=dict)
    marked: frozenset[Spot] = frozenset()
    links: Mapping[Spot, tuple[str, str]] = field(default_factory=dict)
    pictures: Sequence[Picture] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    offered: Mapping[int, str] = field(default_factory=dict)


def added(data: bytes, name: str, additions: Mapping[str, Addition], sheets: Iterable[NewSheet] = ()) -> bytes:
    """The workbook with all that written. Raises RefusedFile for a signed one, Unwritable with the cell."""
    book = Book(Package(data, name))
    for sheet in sheets:
        book.add_sheet(sheet)
    for title, addition in additions.items():
        _Sheet(book, title).write(addition)
    return book.bytes()


class _Sheet:
    """One sheet that is written into."""

    def __init__(self, book: Book, title: str):
        self.book, self.title = book, title
        self.part = book.part_of(title)
        self.root = book.xml(self.part)
        self.space = self.root.tag.rpartition("}")[0] + "}"
        self.data = self.root.find("{*}sheetData")
        self.rows: dict[int, etree._Element] = {}
        number = 0
        for row in self.data.iterfind("{*}row"):  # some programs leave the numbers out
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self.rows[number] = row
            column = 0
            for cell in row.iterfind("{*}c"):
                column = spot_of(cell.get("r"))[1] if cell.get("r") else column + 1
                cell.set("r", address(number, column))
        self.bottom = max(self.rows, default=0)
        self.columns = [
            (int(node.get("min", 1)), int(node.get("max", 1)), node.get("style", "0"))
            for node in self.root.iterfind("{*}cols/{*}col")
        ]

    def write(self, addition: Addition) -> None:
        """All of it."""
        like = self._cells(addition.last) if addition.last > addition.heading else {}
        bottom = max((row for row, _ in addition.values), default=0)
        self._refuse_full(addition.last, bottom, max((column for _, column in addition.values), default=0))
        if addition.copied:
            plain_formulas(self.root)
        formulas = {column: self._cells(row)[column].findtext("{*}f") for column, row in addition.copied.items()}
        by_row: dict[int, dict[int, Value]] = {}
        for (row, column), value in addition.values.items():
            by_row.setdefault(row, {})[column] = value
        headings = self._new_headings(addition)
        for row in sorted(by_row):
            self._write_row(
                row, by_row[row], like if row > addition.last else headings if row == addition.heading else {}
            )
            for column, formula in formulas.items():
                if row > addition.copied[column] and column not in by_row[row] and formula:
                    self._drag(row, column, formula, addition.copied[column], like)
        for spot in sorted(addition.marked):
            cell = self._cell(self._row(spot[0]), spot, {})
            cell.set("s", self.book.styles.with_look(cell.get("s", "0"), MARKED))
        heights = {**self._wrapped(row for row in by_row if row > addition.last), **addition.heights}
        for row, height in heights.items():
            self._row(row).set("ht", f"{height:g}")
            self._row(row).set("customHeight", "1")
        if bottom > addition.last:
            self._grow(addition.heading, addition.last, bottom)
        self._dimension()
        for column, formula in addition.offered.items():
            self._offer(addition.heading, column, formula)
        if addition.links:
            self._link(addition.links)
        if addition.pictures:
            draw(self.book, self.part, self.root, addition.pictures)

    def _wrapped(self, numbers: Iterable[int]) -> dict[int, float]:
        """How tall rows must be whose texts wrap: Excel would find it by itself, other programs do not."""
        widths, styles = column_widths(self.root), looks(self.book.styles.root)
        found: dict[int, float] = {}
        for number in numbers:
            tall = float(self.rows[number].get("ht") or DEFAULT_ROW)
            for column, cell in self._cells(number).items():
                look, width = styles[int(cell.get("s", "0"))], widths.get(column, DEFAULT_WIDTH)
                if cell.get("t") != "inlineStr" or not look.wrap or not width:
                    continue
                lines = lines_of("".join(cell.itertext()), width, look)
                if lines > 1 and height_of(lines, look) > tall:
                    tall = found[number] = min(height_of(lines, look), MAX_ROW)
        return found

    def _refuse_full(self, last: int, bottom: int, right: int) -> None:
        """Raise where a sheet has no room for more rows or columns: something stray stands at its very end."""
        if bottom <= LAST_ROW and right <= LAST_COLUMN:
            return
        full = f"第 {last} 行还有内容，下面" if bottom > LAST_ROW else "最右边一列还有内容，右边"
        place = Place(self.book.package.name, self.title)
        raise RefusedFile(f"{full}放不下要加的，没有写", place, "请按 Ctrl+End 找到它，删去多余的内容，保存后重试")

    def _new_headings(self, addition: Addition) -> dict[int, etree._Element]:
        """What headings added on the right look like: the last one there is; their columns get some width."""
        there = self._cells(addition.heading)
        new = [column for row, column in addition.values if row == addition.heading and column not in there]
        listed = self.root.find("{*}cols")
        for column in new if listed is not None and there else ():
            if all(not low <= column <= high for low, high, _ in self.columns):
                later = next((node for node in listed if int(node.get("min", 1)) > column), None)
                node = etree.Element(self.space + "col", min=str(column), max=str(column), width="16", customWidth="1")
                listed.append(node) if later is None else later.addprevious(node)
        return dict.fromkeys(new, there[max(there)]) if there else {}

    def _cells(self, number: int) -> dict[int, etree._Element]:
        row = self.rows.get(number)
        return {} if row is None else {spot_of(cell.get("r"))[1]: cell for cell in row.iterfind("{*}c")}

    def _row(self, number: int) -> etree._Element:
        if number not in self.rows:
            row = etree.Element(self.space + "row", r=str(number))
            if number > self.bottom:
                self.data.append(row)
                self.bottom = number
            else:
                self.rows[min(other for other in self.rows if other > number)].addprevious(row)
            self.rows[number] = row
        return self.rows[number]

    def _write_row(self, number: int, values: Mapping[int, Value], like: Mapping[int, etree._Element]) -> None:
        row = self._row(number)
        row.attrib.pop("spans", None)
        for column, value in sorted(values.items()):
            self._put(self._cell(row, (number, column), like), value, (number, column))

    def _drag(self, number: int, column: int, formula: str, origin: int, like: Mapping[int, etree._Element]) -> None:
        cell = self._cell(self._row(number), (number, column), like)
        if not len(cell):
            etree.SubElement(cell, self.space + "f").text = copied_formula(formula, number - origin, 0)

    def _cell(self, row: etree._Element, spot: Spot, like: Mapping[int, etree._Element]) -> etree._Element:
        """The cell at a spot, made in its place where there is none, looking like the one above or its column."""
        ref, column = address(*spot), spot[1]
        before = None
        for cell in reversed(row):
            if cell.tag != self.space + "c":
                continue
            at = spot_of(cell.get("r"))[1]
            if at == column:
                return cell
            if at < column:
                before = cell
                break
        cell = etree.Element(self.space + "c", r=ref)
        style = like[column].get("s") if column in like else None
        if style is None and row.get("customFormat") in ("1", "true"):
            style = row.get("s")
        if style is None:
            style = next((style for low, high, style in self.columns if low <= column <= high), "0")
        if style != "0":
            cell.set("s", style)
        if before is None:
            row.insert(0, cell)
        else:
            before.addnext(cell)
        return cell

    def _put(self, cell: etree._Element, value: Value, spot: Spot) -> None:
        """A value into a cell; text is never a formula, and stays none when somebody edits it."""
        place = Place(self.book.package.name, self.title, address(*spot))
        for child in list(cell):
            cell.remove(child)
        for name in ("t", "cm", "vm"):
            cell.attrib.pop(name, None)
        if value is None or value == "":
            return
        style = cell.get("s", "0")
        number = number_in_excel(Decimal(value)) if isinstance(value, (int, Decimal)) else None
        if isinstance(value, dt.date) and value >= max(EARLIEST, self.book.epoch):
            if not self.book.styles.shows(style, DATE):
                cell.set("s", self.book.styles.with_look(style, DATE))
            etree.SubElement(cell, self.space + "v").text = str((value - self.book.epoch).days)
        elif number is not None:
            etree.SubElement(cell, self.space + "v").text = number
        else:
            text = plain(value) if isinstance(value, Decimal) else str(value)
            cell.set("t", "inlineStr")
            kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
            xml = f'<x xmlns="{_MAIN}"><is><t{kept}>{text_xml(text, place)}</t></is></x>'
            for node in etree.fromstring(xml):
                cell.append(node)
            if text.startswith(_LIKE_FORMULA) and not self.book.styles.is_text(style):
                cell.set("s", self.book.styles.with_look(style, QUOTED))

    # ---- what follows the rows

    def _grow(self, heading: int, last: int, bottom: int) -> None:
        first = max(last, heading + 1)
        for node in self.root.iter("{*}dataValidation", "{*}conditionalFormatting", "{*}protectedRange"):
            if node.get("sqref"):
                node.set("sqref", _grown_all(node.get("sqref"), first, bottom))
        for node in self.root.iter("{http://schemas.microsoft.com/office/excel/2006/main}sqref"):
            node.text = _grown_all(node.text or "", first, bottom)
        if (own := self.root.find("{*}autoFilter")) is not None:
            own.set("ref", _grown(own.get("ref", ""), last, bottom))
        for kind, part in relations_of(self.book.package, self.part).values():
            if kind == "table" and part in self.book.package:
                self._grow_table(self.book.xml(part), heading, last, bottom)
        position = [node.get("name") for node in self.book.root.iterfind("{*}sheets/{*}sheet")].index(self.title)
        for node in self.book.root.iterfind("{*}definedNames/{*}definedName"):
            kept = node.get("name", "").startswith("_xlnm.") and node.get("localSheetId") == str(position)
            match = _ENDING.search(node.text or "") if kept else None
            if match and last <= int(match[2]) < bottom and "Titles" not in node.get("name", ""):
                node.text = f"{node.text[: match.start()]}{match[1]}{bottom}"

    def _grow_table(self, table: etree._Element, heading: int, last: int, bottom: int) -> None:
        """A table of Excel's, unless its totals stand below it."""
        if table.get("totalsRowCount", "0") != "0":
            return
        try:
            top, *_ = range_of(table.get("ref", ""))
        except ValueError:
            return
        if top == heading:
            for node in (table, *table.iterfind("{*}autoFilter")):
                node.set("ref", _grown(node.get("ref", ""), last, bottom))

    def _dimension(self) -> None:
        """Excel works it out when it is not there."""
        if (node := self.root.find("{*}dimension")) is not None:
            self.root.remove(node)

    def _offer(self, heading: int, column: int, formula: str) -> None:
        listed = self.root.find("{*}dataValidations")
        if listed is None:
            listed = etree.Element(self.space + "dataValidations")
            self.insert(listed, _BEHIND_LINKS | {"hyperlinks"})
        for node in listed:
            if any(_holds(part, heading + 1, column) for part in node.get("sqref", "").split()):
                return
        area = f"{address(heading + 1, column)}:{address(LAST_ROW, column)}"
        node = etree.SubElement(listed, self.space + "dataValidation", type="list", allowBlank="1", sqref=area)
        etree.SubElement(node, self.space + "formula1").text = formula
        listed.set("count", str(len(listed)))

    def _link(self, links: Mapping[Spot, tuple[str, str]]) -> None:
        listed = self.root.find("{*}hyperlinks")
        if listed is None:
            listed = etree.Element(self.space + "hyperlinks")
            self.insert(listed, _BEHIND_LINKS)
        for spot, (target, inside) in links.items():
            node = etree.SubElement(listed, self.space + "hyperlink", ref=address(*spot))
            node.set(f"{{{_OFFICE}}}id", self.book.relate(self.part, "hyperlink", target, external=True))
            if inside:
                node.set("location", inside)
            cell = self._cell(self._row(spot[0]), spot, {})
            cell.set("s", self.book.styles.with_look(cell.get("s", "0"), LINKED))

    def insert(self, node: etree._Element, behind: frozenset[str]) -> None:
        """An element in front of those that may only follow it."""
        later = next((child for child in self.root if isinstance(child.tag, str) and _local(child) in behind), None)
        if later is None:
            self.root.append(node)
        else:
            later.addprevious(node)


def _grown_all(text: str, last: int, bottom: int) -> str:
    return " ".join(_grown(part, last, bottom) for part in text.split())


def _grown(text: str, last: int, bottom: int) -> str:
    """A range that holds the last row, down to the new one."""
    try:
        top, left, end, right = range_of(text)
    except ValueError:
        return text
    return f"{address(top, left)}:{address(bottom, right)}" if top <= last <= end < bottom else text


def _holds(text: str, row: int, column: int) -> bool:
    try:
        top, left, bottom, right = range_of(text)
    except ValueError:
        return False
    return top <= row <= bottom and left <= column <= right


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname
