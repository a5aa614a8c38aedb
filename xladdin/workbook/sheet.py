"""One worksheet of a template, cut once into fixed text and slots; rendering only fills the slots."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from lxml import etree

from ..errors import Place, TemplateError
from . import heights
from .cells import MAX_FORMULA
from .content import has_expression, text_of
from .expression import Expression, Vocabulary, compile_expression
from .gate import Package
from .grid import LAST_COLUMN, OWN_ROW, Range, Spot, address, column_letters, range_of, spot_of
from .heights import Look
from .markup import quoted
from .pages import Paper
from .shift import shift_cell, shift_formula, shift_range, shift_ranges

_TOKEN = re.compile("\ue000(\\d+)\ue001")
MAX_CELLS, MAX_ROWS, MAX_COLUMNS = 50_000, 5_000, 1_000  # of one sheet of a template
_TYPES = frozenset({"n", "s", "str", "inlineStr", "b", "e", "d"})
_RANGE_ATTRIBUTES = {"ref": shift_range, "sqref": shift_ranges, "topLeftCell": shift_cell, "activeCell": shift_cell}
_FORMULA_TAGS = frozenset({"formula", "formula1", "formula2", "f"})
_HEADER_TAGS = frozenset(f"{page}{edge}" for page in ("odd", "even", "first") for edge in ("Header", "Footer"))
_BEFORE_BREAKS = (
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell whose content depends on the record: an expression, or a formula whose references move."""

    column: int
    style: str
    look: Look
    expression: Expression | None = None
    formula: str = ""


@dataclass(eq=False)
class Row:
    """A template row. `pieces`: fixed cell text and slots in column order; `styles`: all its cells.

    held: columns of a repeating row whose printed label, before its first expression, stands once over all copies.
    height: in points; fixed: whether the file states it, else programs fit the row to its texts.
    """

    number: int
    attributes: str
    height: float
    fixed: bool = True
    pieces: list[str | Slot] = field(default_factory=list)
    styles: dict[int, str] = field(default_factory=dict)
    repeat: str | None = None
    held: frozenset[int] = frozenset()

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The cells to be filled."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Slot))

    @cached_property
    def asked(self) -> tuple[tuple[Slot, Expression], ...]:
        """Those that hold an expression, with it."""
        return tuple((slot, slot.expression) for slot in self.slots if slot.expression)


@dataclass(eq=False)
class Sheet:
    """A compiled worksheet: what stands around the rows, the rows, and what must be known of the grid.

    headers: the page headers and footers that hold expressions, by their text.
    """

    name: str
    part: str
    text: list[str]
    moves: list[tuple[Callable[..., str], str]]
    rows: list[Row]
    merges: list[Range]
    widths: Mapping[int, float]
    labels: dict[Spot, str]
    links: bool
    headers: Mapping[str, Expression]
    paper: Paper | None = None
    known_widths: dict[Spot, float] = field(default_factory=dict)
    easy: dict[Spot, float] = field(default_factory=dict)

    @cached_property
    def repeated(self) -> list[Row]:
        """The rows that repeat."""
        return [row for row in self.rows if row.repeat]

    @cached_property
    def kept_together(self) -> frozenset[int]:
        """The template rows that are to stand on the page of the next one.

        Rows of labels only, the title of a table above its headings, and what is merged downwards.
        """
        filled, repeated = {row.number for row, _, _ in self.expressions()}, {row.number for row in self.repeated}
        kept = {row.number for row in self.rows if row.number not in filled}
        whole = {top for top, left, bottom, right in self.merges if top == bottom and left == 1 and right >= self._last}
        for number in repeated:
            above = number - 1
            while above in kept:
                above -= 1
            kept |= {above} & whole
        for top, _, bottom, _ in self.merges:
            kept |= set() if repeated & set(range(top, bottom + 1)) else set(range(top, bottom))
        return frozenset(kept - repeated)

    @property
    def _last(self) -> int:
        """The last column in use."""
        return max((column for row in self.rows for column in row.styles), default=0)

    def expressions(self) -> list[tuple[Row, Slot, Expression]]:
        """Every expression, with its row and slot."""
        return [(row, *asked) for row in self.rows for asked in row.asked]

    @cached_property
    def spots(self) -> tuple[dict[tuple[str, ...], tuple[Row, int]], dict[tuple[str, ...], list[int]]]:
        """Where each name stands by itself; and the columns of what stands in several cells of a row, in parts."""
        spots = {expression.path: (row, slot.column) for row, slot, expression in self.expressions() if expression.path}
        parts: dict[tuple[str, ...], list[int]] = {}
        filtered: dict[tuple[str, ...], list[tuple[Row, int]]] = {}
        for row, slot, expression in self.expressions():
            if expression.path is None and len(expression.paths) == 1:
                filtered.setdefault(next(iter(expression.paths)), []).append((row, slot.column))
        for path, found in filtered.items():
            if len(found) == 1:  # a value with a filter, such as 缺省('—')
                spots.setdefault(path, found[0])
            else:
                parts[path] = [column for _, column in found]
        return spots, parts

    def paths(self) -> set[tuple[str, ...]]:
        """Everything its expressions name."""
        return {path for _, _, expression in self.expressions() for path in expression.paths}

    def width_at(self, row: int, column: int) -> float:
        """Width of a cell over its merged columns."""
        if (row, column) not in self.known_widths:
            last = next((m[3] for m in self.merges if (m[0], m[1]) == (row, column)), column)
            width = sum(self.widths.get(c, heights.DEFAULT_WIDTH) for c in range(column, last + 1))
            self.known_widths[row, column] = width
        return self.known_widths[row, column]

    def is_easy(self, text: str, row: Row, column: int, look: Look) -> bool:
        """Whether a text surely fits a row as high as the template has it: most do, and need no counting of lines."""
        spot = row.number, column
        if spot not in self.easy:
            self.easy[spot] = heights.surely_held(row.height, self.width_at(*spot), look)
        return len(text) <= self.easy[spot] and "\n" not in text


def compile_sheet(
    package: Package,
    name: str,
    part: str,
    strings: Sequence[etree._Element],
    looks: Sequence[Look],
    words: Vocabulary,
    repeats: frozenset[str],
) -> Sheet:
    """Cut a sheet into slots. Raises TemplateError with the cell of whatever is wrong in it."""
    root = package.xml(part)
    where = lambda ref=None: Place(package.name, name, ref)  # noqa: E731
    if root.prefix is not None:
        raise TemplateError("工作表的写法不是 Excel 的惯用写法", where(), "请用 Excel 或 WPS 打开并另存一次")
    data = _child(root, "sheetData")
    if data is None:
        raise TemplateError("工作表没有数据区", where(), "请用 Excel 打开并另存一次")
    merges = _merges(root, where)
    rows: list[Row] = []
    labels: dict[Spot, str] = {}
    cells = 0
    for node in data:
        if not isinstance(node.tag, str):
            continue
        rows.append(_compile_row(node, strings, looks, words, repeats, where, labels))
        cells += len(node)
        if cells > MAX_CELLS:
            raise TemplateError(f"模板的一张工作表超过 {MAX_CELLS} 个单元格", where(), "请删去用不着的行和列")
    if any(one.number >= other.number for one, other in pairwise(rows)):
        raise TemplateError("工作表的行没有按顺序写", where(), "请用 Excel 或 WPS 打开并另存一次")
    _refuse_odd_ranges(root, where)
    headers = {
        text: compile_expression(text, words, where())
        for node in root.iterfind("{*}headerFooter/*")
        if has_expression(text := node.text or "")
    }
    texts, moves = _cut(root, data)
    if any(len(text) > MAX_FORMULA for _, text in moves):
        raise TemplateError(f"公式或引用超过 {MAX_FORMULA} 字", where(), "请缩短")
    return Sheet(
        name,
        part,
        texts,
        moves,
        rows,
        merges,
        heights.column_widths(root),
        labels,
        root.find("{*}hyperlinks") is not None,
        headers,
    )


def _merges(root: etree._Element, where) -> list[Range]:
    """The merged ranges; each must be one, and together they must be of a size that a form has."""
    merges, area = [], 0
    for node in root.iterfind("{*}mergeCells/{*}mergeCell"):
        ref = node.get("ref", "")
        try:
            top, left, bottom, right = found = range_of(ref)
        except ValueError:
            raise TemplateError(f"合并区域“{ref[:30]}”写得不对", where(), "请在 Excel 中重新合并这些单元格") from None
        area += (bottom - top + 1) * (right - left + 1)
        if top > bottom or left > right or area > MAX_CELLS:
            raise TemplateError(f"合并区域 {ref} 太大或写反了", where(address(top, left)), "请在 Excel 中重新合并")
        merges.append(found)
    return merges


def _child(root: etree._Element, name: str) -> etree._Element | None:
    return root.find("{*}" + name)


def _compile_row(node, strings, looks, words, repeats, where, labels) -> Row:
    written = node.get("r") or ""
    number = int(written) if written.isascii() and written.isdigit() else 0
    if not 0 < number <= MAX_ROWS:
        raise TemplateError(
            f"行号“{written[:20]}”不对，或超过 {MAX_ROWS} 行", where(), "请用 Excel 或 WPS 打开并另存一次"
        )
    kept = "".join(
        f" {k}={quoted(v)}"
        for k, v in node.attrib.items()
        if k in ("s", "customFormat", "hidden", "outlineLevel", "collapsed")
    )
    row = Row(number, kept, _height(node, where), node.get("ht") is not None)
    repeating = set()
    for cell in node:
        if not isinstance(cell.tag, str):
            continue
        ref, column = _spot(cell, number, where)
        index = cell.get("s") or "0"
        if not (index.isascii() and index.isdigit()) or cell.get("t", "n") not in _TYPES:
            raise TemplateError("单元格的样式或类型不对", where(ref), "请用 Excel 或 WPS 打开并另存一次")
        style = f' s="{index}"' if cell.get("s") else ""
        look = looks[int(index)] if int(index) < len(looks) else Look()
        row.styles[column] = style
        formula = cell.find("{*}f")
        item = _string_item(cell, strings, where(ref))
        if formula is not None:
            if formula.get("t") in ("shared", "array", "dataTable"):
                raise TemplateError(
                    "模板里不能用共享公式、数组公式或模拟运算表", where(ref), "请把公式逐格写成普通公式"
                )
            if len(formula.text or "") > MAX_FORMULA:
                raise TemplateError(f"公式超过 {MAX_FORMULA} 字", where(ref), "请缩短")
            row.pieces.append(Slot(column, style, look, formula=formula.text or ""))
            continue
        text = text_of(item) if item is not None else ""
        if has_expression(text):
            expression = compile_expression(text, words, where(ref))
            repeating |= {path[0] for path in expression.paths} & repeats
            row.pieces.append(Slot(column, style, look, expression))
            continue
        if text:
            labels[(number, column)] = text
        row.pieces.append(_fixed(cell, column, style, item))
    if len(repeating) > 1:
        raise TemplateError(
            f"一行里混用了 {'、'.join(sorted(repeating))}", where(address(number, 1)), "重复行只能用一种明细"
        )
    row.repeat = next(iter(repeating), None)
    if row.repeat:
        first = min(slot.column for slot in row.slots if slot.expression)
        row.held = frozenset(column for column in row.styles if column < first and (number, column) in labels)
    return row


def _spot(cell, row: int, where) -> tuple[str, int]:
    """A cell's address and column."""
    ref = cell.get("r") or ""
    try:
        number, column = spot_of(ref)
    except ValueError:
        number, column = 0, 0
    if number != row or column > MAX_COLUMNS:
        what = f"第 {row} 行有个单元格的地址“{ref[:20]}”不对，或超过 {MAX_COLUMNS} 列"
        raise TemplateError(what, where(address(row, 1)), "请用 Excel 或 WPS 打开并另存一次")
    return ref, column


def _refuse_odd_ranges(root, where) -> None:
    """Raise for columns and ranges outside the rows that Excel takes for damage: they are copied into every form."""
    for node in root.iterfind("{*}cols/{*}col"):
        first, last = (int(text) if text.isdecimal() else 0 for text in (node.get("min", ""), node.get("max", "")))
        if not 0 < first <= last <= LAST_COLUMN:
            raise TemplateError("列宽所指的列不对", where(), "请在 Excel 中重设列宽")
    for node in root.iter("{*}dataValidation", "{*}conditionalFormatting", "{*}hyperlink", "{*}autoFilter"):
        ranges = (node.get("sqref") or node.get("ref") or "").split()
        if wrong := next((text for text in ranges if not _RANGE.fullmatch(text)), None):
            what = f"{etree.QName(node).localname} 的区域“{wrong[:30]}”写得不对"
            raise TemplateError(what, where(), "请用 Excel 或 WPS 打开并另存一次")


def _height(row, where) -> float:
    try:
        height = float(row.get("ht") or heights.DEFAULT_ROW)
    except ValueError:
        height = -1.0
    if not 0 <= height <= 500:
        raise TemplateError(f"第 {row.get('r')} 行的行高不对", where(), "请在 Excel 中重设行高")
    return height


def _string_item(cell, strings, place: Place) -> etree._Element | None:
    if cell.get("t") == "s":
        index = cell.findtext("{*}v") or ""
        if not (index.isascii() and index.isdigit() and int(index) < len(strings)):
            raise TemplateError("单元格的文字在模板里找不到", place, "请用 Excel 或 WPS 打开并另存一次")
        return strings[int(index)]
    return cell.find("{*}is")


def _fixed(cell, column: int, style: str, item) -> str:
    """A cell that never changes, its row number left open; shared strings become its own."""
    ref = f"{column_letters(column)}{OWN_ROW}"
    if item is not None:
        inner = "".join(_bare(child) for child in item)
        return f'<c r="{ref}"{style} t="inlineStr"><is>{inner}</is></c>'
    kind = f' t="{cell.get("t")}"' if cell.get("t") else ""
    value = cell.find("{*}v")
    if value is None:
        return f'<c r="{ref}"{style}/>'
    return f'<c r="{ref}"{style}{kind}>{_bare(value)}</c>'


_RANGE = re.compile(r"(?:(\$?[A-Z]{1,3})?(\$?[1-9][0-9]{0,6})?)(?::(\$?[A-Z]{1,3})?(\$?[1-9][0-9]{0,6})?)?")
_DECLARED = re.compile(r' xmlns(?::\w+)?="[^"]*"')


def _bare(node: etree._Element) -> str:
    """An element's text without the namespace declarations its new home already makes."""
    node = copy.deepcopy(node)
    node.tail = None
    return re.sub(r"(</?)\w+:", r"\1", _DECLARED.sub("", etree.tostring(node, encoding="unicode")))


def _cut(root: etree._Element, data: etree._Element) -> tuple[list[str], list[tuple[Callable[..., str], str]]]:
    """The XML around the rows as fixed texts with moving references between them.

    Texts and moves alternate: text 0, move 0, text 1 … The rows, the merges and the links are moves too.
    """
    moves: list[tuple[Callable[..., str], str]] = []

    def token(move: Callable[..., str], text: str) -> str:
        moves.append((move, text))
        return f"\ue000{len(moves) - 1}\ue001"

    _place_holders(root, data, token)
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        tag = etree.QName(node).localname
        if tag in ("drawing", "legacyDrawing", "picture", "tablePart"):
            continue
        for key, value in list(node.attrib.items()):
            if key in _RANGE_ATTRIBUTES:
                node.set(key, token(_RANGE_ATTRIBUTES[key], value))
        if tag == "pageSetup" and (scale := node.get("scale", "100")).isdecimal():
            node.set("scale", token(SCALE, scale))
        elif tag == "brk" and etree.QName(node.getparent()).localname == "rowBreaks":
            node.set("id", token(_shift_break, str(int(node.get("id", "0")))))
        elif tag == "hyperlink" and node.get("location"):
            node.set("location", token(shift_formula, node.get("location")))
        elif tag == "sqref" and node.text:
            node.text = token(shift_ranges, node.text)
        elif tag in _FORMULA_TAGS and node.text:
            node.text = token(shift_formula, node.text)
        elif tag == "row" and node.text and node.text.isdigit():
            node.text = token(shift_anchor, node.text)
        elif tag in _HEADER_TAGS and has_expression(node.text or ""):
            node.text = token(HEADER, node.text)
    text = etree.tostring(root, encoding="unicode")
    parts = _TOKEN.split(text)
    ordered = [moves[int(index)] for index in parts[1::2]]
    texts = parts[0::2]
    texts[0] = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + texts[0]
    return texts, ordered


def _place_holders(root, data, token) -> None:
    """Put tokens where rows, merges and links will stand, in the order the schema asks for."""
    for child in list(data):
        data.remove(child)
    data.text = token(ROWS, "")
    merges = _child(root, "mergeCells")
    after_merges = ("phoneticPr", "conditionalFormatting", "dataValidations")
    links = _child(root, "hyperlinks")
    if merges is not None:
        anchor = merges
    else:
        earlier = (
            "sheetCalcPr",
            "sheetProtection",
            "protectedRanges",
            "scenarios",
            "autoFilter",
            "sortState",
            "dataConsolidate",
            "customSheetViews",
        )
        anchor = _last(root, earlier, data)
    anchor.tail = token(MERGES, "") + (anchor.tail or "")
    if merges is not None:
        previous = merges.getprevious()
        previous.tail = (previous.tail or "") + (merges.tail or "")
        root.remove(merges)
        anchor = previous
    if links is None:
        spot = _last(root, after_merges, anchor)
        spot.tail = (spot.tail or "") + token(LINKS, "")
    else:
        links.text = (links.text or "") + token(LINKS, "")
    if _child(root, "rowBreaks") is None:
        spot = _last(root, _BEFORE_BREAKS, anchor)
        spot.tail = (spot.tail or "") + token(BREAKS, "")


def _last(root, names: Sequence[str], otherwise):
    found = [child for child in root if isinstance(child.tag, str) and etree.QName(child).localname in names]
    return found[-1] if found else otherwise


def _shift_break(text: str, rows, *_: Any) -> str:
    return str(rows.last(int(text)))


def shift_anchor(text: str, rows, *_: Any) -> str:
    """A drawing's row, counted from 0."""
    return str(rows.first(int(text) + 1) - 1)


def ROWS(*_: Any) -> str:  # noqa: N802 - markers, told apart by identity
    """Marks where the rows stand."""
    return ""


def MERGES(*_: Any) -> str:  # noqa: N802
    """Marks where the merged ranges stand."""
    return ""


def LINKS(*_: Any) -> str:  # noqa: N802
    """Marks where links stand."""
    return ""


def BREAKS(*_: Any) -> str:  # noqa: N802
    """Marks where page breaks stand."""
    return ""


def SCALE(*_: Any) -> str:  # noqa: N802
    """Marks the scale, in percent, at which a sheet is printed."""
    return ""


def HEADER(*_: Any) -> str:  # noqa: N802
    """Marks a page header or footer that holds an expression."""
    return ""
