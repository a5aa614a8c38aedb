"""The pages of a document as one row of blocks: running heads left out, tables cut by a page's end put together."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from ..domain.labels import canonical, label_key
from ..domain.levels import first_level, second_level
from .columns import words_of
from .forms_told import told
from .lattice import APART, MOST_LINES, NEAR, Box, Sign, boxes, lines_of, loose_lines, table_of, text_of
from .paper import CONTINUED, Block, Cell, Line, Table, append, heading_cells, names_in
from .spilled import part_stacks, take_hanging, take_spilled
from .told import TORN, UNRULED

if TYPE_CHECKING:
    from .lattice import Page

_COLON = re.compile("[:：]")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[-—–\s]*第?\s*\d+\s*页?(?:\s*[/共，,]+\s*共?\s*\d+\s*页?)?[-—–\s]*")
_LEVELS = frozenset({"level1", "level2"})
_HEADING = frozenset({"level1", "level2", "name", "target"})
_NAMES = frozenset({"project", "department", "unit"})
_CLOSE = 26.0  # points from one line to the next of one text, at most
_EDGE = 0.12  # of a page's height, where running heads stand
_FIRST = frozenset({"产出", "效益", "满意度", "成本", "投入", "过程", "决策", "管理", "影响力", "投入与管理"})
_SECOND = frozenset(
    {"数量", "质量", "时效", "成本", "经济成本", "社会成本", "生态环境成本", "经济效益", "社会效益", "生态效益",
     "可持续影响", "服务对象满意度"}
)  # fmt: skip


def blocks_of(pages: list[Page]) -> list[Block]:
    """Lines and tables from the first page to the last."""
    ruled = [boxes(page.strokes[: 2 * MOST_LINES]) for page in pages]
    if not any(ruled):
        heads = _running(pages, [[(top, line) for top, line in loose_lines(page.signs, page.number)] for page in pages])
        known: set[str] = set()
        return told([words for page in pages for words in words_of(_without(page, heads, known), page.number)])
    columns = _columns([box for found in ruled for box in found])
    parts: list[list[tuple[float, Block]]] = []
    for page, found in zip(pages, ruled, strict=True):
        loose = _loose(page, found)
        lines = loose_lines(loose, page.number)
        _doubt_wrapped(lines)
        held = [box for box in found if any(box.cells.values())]
        for top, line in lines:
            if any(box.ys[0] < top for box in held) and any(top < box.ys[-1] for box in held):
                line.unsure = UNRULED
        blocks: list[tuple[float, Block]] = list(lines)
        blocks += [(box.ys[0], table_of(box, columns, page.number, 1)) for box in held]
        blocks.sort(key=lambda block: block[0])
        _number(blocks)
        parts.append(blocks)
    running = _running(pages, parts)
    whole: list[Block] = []
    seen: set[str] = set()
    for page, blocks in zip(pages, parts, strict=True):
        blocks = _without_heads(blocks, page, seen)
        kept = [block for top, block in blocks if not _is_running(block, top, page, running, seen)]
        last, first = whole[-1] if whole else None, kept[0] if kept else None
        if isinstance(last, Table) and isinstance(first, Table) and _cut(last, first, _heading(whole)):
            kept = kept[1:]
        whole += kept
    for block in whole:
        if isinstance(block, Table):
            _doubt_pieces(block)
    return whole


def _loose(page: Page, found: list[Box]) -> list[Sign]:
    """The signs of a page that stand in no table, the others put into their cells."""
    spilled = {id(sign) for box in found for sign in take_spilled(box, page.signs)}
    loose = [sign for sign in page.signs if id(sign) not in spilled and not any(box.take(sign) for box in found)]
    for box in found:
        part_stacks(box)
    hanging = {id(sign) for box in found for sign in take_hanging(box, loose)}
    return [sign for sign in loose if id(sign) not in hanging]


def _doubt_wrapped(lines: list[tuple[float, Line]]) -> None:
    """A name that stands outside the lines of a table, and another line right under it: it may go on there."""
    for (top, line), (below, more) in pairwise(lines):
        label = _COLON.split(line.text, maxsplit=1)[0]
        alone = (
            not _COLON.search(more.text) and not more.text.strip().startswith(("(", "（")) and more.text[-1:] != "表"
        )
        if alone and below - top < _CLOSE and canonical(label) in _NAMES:
            line.unsure = more.unsure = UNRULED


def _without(page: Page, heads: Counter, seen: set[str]) -> list[Sign]:
    """The signs of a page, those of running heads left out."""
    gone = [(line[0].top, line[-1].bottom) for line in lines_of(page.signs)
            if _is_running(Line(text_of(line, "  ", APART)), line[0].top, page, heads, seen)]  # fmt: skip
    return [sign for sign in page.signs if not any(top <= sign.middle[1] <= bottom for top, bottom in gone)]


def _columns(found: list[Box]) -> list[float]:
    """Where the upright lines of all pages stand."""
    columns: list[float] = []
    for x in sorted(x for box in found for x in box.xs):
        if not columns or x - columns[-1] > NEAR:
            columns.append(x)
    return columns


def _number(blocks: list[tuple[float, Block]]) -> None:
    """Count the rows of a page through its lines and tables."""
    at = 1
    for _, block in blocks:
        if isinstance(block, Table):
            block.lines = {row: (place[0], at + row) for row, place in block.lines.items()}
            at += block.height
        elif block.at:
            block.at = (block.at[0], at)
            at += 1


def _plain(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _running(pages: list[Page], parts: list[list[tuple[float, Block]]]) -> Counter:
    """The lines near the edges, and on how many pages each stands."""
    found: Counter = Counter()
    for page, blocks in zip(pages, parts, strict=True):
        found.update(
            {
                _plain(block.text)
                for top, block in blocks
                if isinstance(block, Line) and not _EDGE * page.height < top < (1 - _EDGE) * page.height
            }
        )
    return found


def _is_running(block: Block, top: float, page: Page, running: Counter, seen: set[str]) -> bool:
    """Whether a line is a number of a page, or stands on several: the first time it may be a title."""
    if not isinstance(block, Line) or _EDGE * page.height < top < (1 - _EDGE) * page.height:
        return False
    text = _plain(block.text)
    again = text in seen
    seen.add(text)
    return bool(_NUMBER.fullmatch(block.text)) or running[text] > 1 and again


def _without_heads(blocks: list[tuple[float, Block]], page: Page, seen: set[str]) -> list[tuple[float, Block]]:
    """A page's blocks less what its head says again, where that begins with a title seen before: 自评表（续）."""
    edge = _EDGE * page.height
    heads = [block for top, block in blocks if top < edge and isinstance(block, Line)]
    if not any(_plain(CONTINUED.sub("", head.text)) in seen for head in heads if CONTINUED.search(head.text)):
        return blocks
    return [(top, block) for top, block in blocks if top >= edge or not isinstance(block, Line)]


def _heading(blocks: list[Block]) -> list[Cell]:
    """The heading the last table's columns stand under: its own, or that of the table it goes on from."""
    for block in reversed(blocks):
        if isinstance(block, Table):
            found = heading_cells(block)
            if found or _is_start(block):
                return found
    return []


def _is_start(table: Table) -> bool:
    """Whether a form begins in a table."""
    return any(names_in(cells).get("project") is not None for cells in table.by_row().values())


def _cut(table: Table, other: Table, over: list[Cell]) -> bool:
    """Join what a page's end cut in two; False where the second is a table of its own. over: the heading above it."""
    if _is_start(other):
        return False
    if over:
        _without_clipped(other, over)
    heading, again = names_in(over), heading_cells(other)
    height = table.height
    same = {column: column for column in range(other.width)}
    append(table, other, _columns_again(over, again) if heading_cells(table) and again else same)
    first = table.row(height)
    above = {cell.column: cell for cell in table.cells if cell.row < height <= cell.row + cell.rows}
    rest = _is_rest(over, first, above) or not again and _parts_heading(first, above)
    lead, labels = _lead(first), _label_columns(over)
    gone: list[Cell] = []
    for cell in first:
        upper = above.get(cell.column)
        if upper is None or upper.columns != cell.columns:
            continue
        level = not heading or cell.column in labels
        if rest and (upper.rows == 1 or cell.rows == 1 or level or not cell.text or not upper.text):
            upper.text, upper.rows = upper.text + cell.text, upper.rows + cell.rows - 1 + _grows(rest, cell)
            gone.append(cell)
        elif level and _one_label(upper, cell, heading) if heading else _leads(cell, lead) and not upper.text:
            if not upper.text and upper.rows > cell.rows:  # in the middle of the whole it would stand on the other page
                upper.unsure = TORN
            upper.text, upper.rows = upper.text + cell.text, upper.rows + cell.rows
            gone.append(cell)
            if heading and level and not canonical(upper.text):
                beside = [one.text for one in table.cells if one.column == cell.column and one is not upper]
                _mend(upper, _FIRST if cell.column <= heading.get("level1", -1) else _SECOND, beside)
        elif heading and level and upper.text and cell.text and cell.column >= min(heading.values()):
            _doubt_torn(upper, cell, _FIRST if cell.column <= heading.get("level1", -1) else _SECOND)
    table.cells = [cell for cell in table.cells if not any(cell is one for one in gone)]
    if rest:
        _close_up(table, height)
    return True


def _without_clipped(other: Table, over: list[Cell]) -> None:
    """Take out a first row that says a part of the heading above once more: of merged labels a page shows no text."""
    texts = [cell for cell in other.row(0) if cell.text.strip() and cell.rows == 1]
    if heading_cells(other) or not texts or not all(_says_again(cell, over) for cell in texts):
        return
    other.cells = [cell for cell in other.cells if cell.row + cell.rows > 1]
    for cell in other.cells:
        cell.row, cell.rows = max(cell.row - 1, 0), cell.rows - (cell.row == 0)
    other.lines = {row - 1: place for row, place in other.lines.items() if row}


def _says_again(cell: Cell, over: list[Cell]) -> bool:
    return any(one.column == cell.column and label_key(one.text) == label_key(cell.text) for one in over)


def _parts_heading(first: list[Cell], above: dict[int, Cell]) -> bool:
    """Whether the heading of indicators goes on over the page's end: its labels are whole only together."""
    uppers = [
        above[cell.column] for cell in first if cell.column in above and above[cell.column].columns == cell.columns
    ]
    if len(uppers) < len(first):
        return False
    whole = [Cell(0, cell.column, above[cell.column].text + cell.text) for cell in first]
    found, before = names_in(whole).keys(), names_in(uppers).keys()
    return len(found & _HEADING) > 1 and found > before and bool((found - before) & _HEADING)


def _mend(label: Cell, words: frozenset[str], beside: list[str]) -> None:
    """Give a level that a page's end cut short what it lost; what is none known then is not certain."""
    text = label.text
    short = [word for word in words if text.startswith(word) and (word + "指标").startswith(text)]
    if short and (text not in words or any(one.endswith("指标") for one in beside)):
        label.text = short[0] + "指标"
        label.unsure = TORN if text in words else label.unsure
    elif text and first_level(text) not in words and second_level(text) not in words:
        label.unsure = TORN


def _doubt_pieces(table: Table) -> None:
    """Levels that begin or end in the middle of the word 指标: a page's end, or a cell's, cut them."""
    columns = {cell.column for cell in heading_cells(table) if canonical(cell.text) in _LEVELS}
    for cell in table.cells:
        if cell.column in columns and (cell.text.endswith("指") or cell.text.startswith(("标", "指标"))):
            cell.unsure = cell.unsure or TORN


def _doubt_torn(upper: Cell, lower: Cell, words: frozenset[str]) -> None:
    """Two levels on both sides of a page's end: where either is none known, they may be pieces of one."""
    known = [first_level(cell.text) in words or second_level(cell.text) in words for cell in (upper, lower)]
    if not all(known) and canonical(upper.text) not in _LEVELS:
        upper.unsure = upper.unsure or TORN
        lower.unsure = lower.unsure or TORN


def _grows(rest: bool, cell: Cell) -> int:
    return 0 if rest else 1


def _columns_again(heading: list[Cell], again: list[Cell]) -> dict[int, int]:
    """Where the columns of a heading that is printed again lie in the first one, those of one name in their order."""
    columns: dict[int, int] = {}
    for name in names_in(again):
        mine, its = ([cell.column for cell in cells if canonical(cell.text) == name] for cells in (again, heading))
        columns |= zip(mine, its, strict=False)
    return columns


def _is_rest(heading: list[Cell], first: list[Cell], above: dict[int, Cell]) -> bool:
    """Whether the first row of a page is what was left of the last row of the one before."""
    if any(cell.column not in above or above[cell.column].columns != cell.columns for cell in first):
        return False
    if not heading:
        lead = _lead(first)
        told = [cell for cell in first if not _leads(cell, lead) or above[cell.column].text]
        return not any(_is_new(cell, above[cell.column]) for cell in told)
    if canonical(first[0].text if first else "") == "total":
        return False
    if any(_open(above[cell.column].text) > 0 > _open(cell.text) for cell in first):
        return True
    texts = _needed(heading, {cell.column: cell.text for cell in first})
    uppers = _needed(heading, {column: cell.text for column, cell in above.items()})
    return not all(texts) or not all(uppers)


def _open(text: str) -> int:
    """How many brackets of a text are open at its end; less than 0: closed and never opened."""
    return sum((sign in "（(") - (sign in "）)") for sign in text)


def _lead(first: list[Cell]) -> Cell | None:
    """The first of the cells that hold anything: where the labels of rows stand."""
    return next((cell for cell in first if cell.text), None)


def _leads(cell: Cell, lead: Cell | None) -> bool:
    """Whether a cell is the one where a row's label stands, or left of it."""
    return lead is not None and cell.column <= lead.column


def _label_columns(heading: list[Cell]) -> set[int]:
    """The columns of labels that are merged over several indicators: the levels, and what stands left of them."""
    levels = {cell.column for cell in heading if canonical(cell.text) in _LEVELS}
    first = min((cell.column for cell in heading if canonical(cell.text) in ("name", "target")), default=0)
    return levels | set(range(min(levels, default=first)))


def _is_new(cell: Cell, upper: Cell) -> bool:
    """Whether a cell begins something: it is a label, or stands under one."""
    return _is_label(cell.text) or bool(cell.text) and canonical(upper.text) is not None


def _is_label(text: str) -> bool:
    """Whether a text is a label, or begins with one."""
    return canonical(_COLON.split(text, maxsplit=1)[0]) is not None


def _needed(heading: list[Cell], texts: dict[int, str]) -> list[bool]:
    """Of what every indicator has: whether it is there, in one set of columns or another."""
    found: dict[str, bool] = {}
    for cell in heading:
        name = canonical(cell.text)
        if name in ("name", "target", "weight"):
            found[name] = found.get(name, False) or bool(texts.get(cell.column))
    return list(found.values())


def _one_label(upper: Cell, cell: Cell, heading: dict[str, int]) -> bool:
    """Whether the cells on both sides of a page's end hold one label between them."""
    if canonical(upper.text) in _LEVELS:
        return False
    if not upper.text or not cell.text:
        return True
    known = _FIRST if cell.column <= heading.get("level1", -1) else _SECOND
    level = first_level if known is _FIRST else second_level
    text = upper.text + cell.text
    if any((word + "指标").startswith(text) for word in known):
        return True
    return level(text) in known and not (level(upper.text) in known and level(cell.text) in known)


def _close_up(table: Table, row: int) -> None:
    """Take out a row whose cells all went into the one above."""
    for cell in table.cells:
        if cell.row >= row:
            cell.row -= 1
    table.lines = {at if at < row else at - 1: place for at, place in table.lines.items() if at != row}
