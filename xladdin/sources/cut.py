"""Tables that a page's end cut in two, put together: by the lines drawn there, else by what both pieces say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..domain.labels import canonical, label_key
from ..domain.levels import first_level, second_level
from ..domain.target import parse_target
from .paper import Block, Cell, Line, Table, append, heading_cells, names_in
from .told import CUT, TORN

_COLON = re.compile("[:：]")
_LEVELS = frozenset({"level1", "level2"})
_HEADING = frozenset({"level1", "level2", "name", "target"})
_FIRST = frozenset({"产出", "效益", "满意度", "成本", "投入", "过程", "决策", "管理", "影响力", "投入与管理"})
_SECOND = frozenset(
    {"数量", "质量", "时效", "成本", "经济成本", "社会成本", "生态环境成本", "经济效益", "社会效益", "生态效益",
     "可持续影响", "服务对象满意度"}
)  # fmt: skip
_PIECE = 5  # characters of a piece of a label
_TARGETS = ("number", "percent")


def heading_over(blocks: list[Block]) -> list[Cell]:
    """The heading the last table's columns stand under: its own, or that of the table it goes on from."""
    for block in reversed(blocks):
        if isinstance(block, Table):
            found = heading_cells(block)
            if found or _is_start(block):
                return found
    return []


def take_torn(blocks: list[Block]) -> None:
    """Take away a piece of a label that hangs out of the last table at a page's end; labels there are not certain."""
    if len(blocks) < 2:
        return
    table, line = blocks[-2:]
    if not isinstance(table, Table) or not isinstance(line, Line):
        return
    parts = line.text.split()
    if any(len(part) > _PIECE or canonical(part) for part in parts):
        return
    ends = [cell for cell in table.cells if cell.row + cell.rows == table.height and len(cell.text) <= _PIECE]
    for cell in ends:
        if not cell.text or any(_is_level(cell.text + part) or part in "指标" for part in parts):
            cell.unsure = cell.unsure or TORN
    if any(cell.unsure == TORN for cell in ends):
        del blocks[-1]


def _is_start(table: Table) -> bool:
    """Whether a form begins in a table."""
    return any(names_in(cells).get("project") is not None for cells in table.by_row().values())


def cut(table: Table, other: Table, over: list[Cell]) -> bool:
    """Join what a page's end cut in two; False where the second is a table of its own. over: the heading above it."""
    if _is_start(other):
        return False
    if over:
        _without_clipped(other, over)
    heading, again = names_in(over), heading_cells(other)
    height = table.height
    repeated = bool(again) and bool(heading_cells(table))
    framed = not repeated and not any(cell.open_above for cell in table.row(0))
    same = {column: column for column in range(other.width)}
    append(table, other, _columns_again(over, again) if repeated else same)
    first = table.row(height)
    above = {cell.column: cell for cell in table.cells if cell.row < height <= cell.row + cell.rows}
    pairs = [(above[cell.column], cell) for cell in first
             if cell.column in above and above[cell.column].columns == cell.columns]  # fmt: skip
    lead, labels = _lead(first), _label_columns(over)
    goes_on = _drawn_on(pairs, framed)
    held = [cell for cell in first if (cell.column not in labels if heading else cell.column)]
    body = [pair for pair in pairs if any(pair[1] is cell for cell in held)]
    drawn = {goes_on.get(cell.column) for cell in held}
    if len(drawn) == 1 and drawn != {None}:
        rest = drawn == {True}
    else:
        rest = _is_rest(over, first, above) or not again and _parts_heading(first, above)
        if heading and not rest and len(pairs) == len(first):
            rest = _may_be_rest(body, heading)
    gone: list[Cell] = []
    for upper, cell in pairs:
        level = not heading or cell.column in labels
        words = _FIRST if cell.column <= heading.get("level1", -1) else _SECOND
        if rest and (upper.rows == 1 or cell.rows == 1 or level or not cell.text or not upper.text):
            _join(upper, cell, upper.rows + cell.rows - 1)
            gone.append(cell)
        elif _is_one(upper, cell, goes_on.get(cell.column)) if level else False:
            _join(upper, cell, upper.rows + cell.rows)
            gone.append(cell)
        elif goes_on.get(cell.column) is False:
            continue
        elif level and _one_label(upper, cell, heading) if heading else _leads(cell, lead) and not upper.text:
            if not upper.text and upper.rows > cell.rows:  # in the middle of the whole it would stand on the other page
                upper.unsure = TORN
            _join(upper, cell, upper.rows + cell.rows)
            gone.append(cell)
        elif heading and level and upper.text and cell.text and cell.column >= min(heading.values()):
            _doubt_torn(upper, cell, words)
            continue
        if heading and level and not canonical(upper.text) and gone and gone[-1] is cell:
            _mend(upper, words, [one.text for one in table.cells if one.column == cell.column and one is not upper])
    table.cells = [cell for cell in table.cells if not any(cell is one for one in gone)]
    if rest:
        _close_up(table, height)
    return True


def _drawn_on(pairs: list[tuple[Cell, Cell]], framed: bool) -> dict[int, bool]:
    """Which cells go on over a page's end, as the lines there show: column → whether; of the others they show nothing.

    Where some cells are closed, those that are open go on; where none is, all do, if the table is drawn with a frame.
    """
    edges = [[upper.open_below for upper, _ in pairs], [cell.open_above for _, cell in pairs]]
    if framed and all(map(all, edges)):
        return {cell.column: True for _, cell in pairs}
    telling = [edge for edge in edges if any(edge) and not all(edge)]
    found: dict[int, bool] = {}
    for (_, cell), *shown in zip(pairs, *telling, strict=True):
        if shown and len(set(shown)) == 1:
            found[cell.column] = shown[0]
    return found


def _is_one(upper: Cell, cell: Cell, drawn: bool | None) -> bool:
    """Whether the lines show a label to go on, and the texts do not gainsay it."""
    both = upper.text and cell.text and upper.text != cell.text
    return bool(drawn) and not (both and _is_level(upper.text) and _is_level(cell.text))


def _is_level(text: str) -> bool:
    return first_level(text) in _FIRST or second_level(text) in _SECOND


def _join(upper: Cell, cell: Cell, rows: int) -> None:
    """Put what a page's end cut off a cell into it; a label that is printed once more is there already."""
    if upper.text != cell.text or not _is_level(cell.text) and canonical(cell.text) is None:
        upper.text += cell.text
    upper.rows, upper.unsure = rows, upper.unsure or cell.unsure
    upper.open_below, upper.full = cell.open_below, cell.full


def _may_be_rest(body: list[tuple[Cell, Cell]], heading: Mapping[str, int]) -> bool:
    """Whether a row goes on from one that looks whole, as each text there ends with its line; neither is certain then.

    It does where its target is none for itself; else both may be rows.
    """
    both = [(upper, cell) for upper, cell in body if cell.text]
    columns = {cell.column for _, cell in both}
    if not columns & {heading.get("name"), heading.get("target")} or heading.get("weight") in columns:
        return False
    if not all(upper.text and upper.full for upper, _ in both):
        return False
    for pair in body:
        for cell in pair:
            cell.unsure = cell.unsure or CUT
    targets = [cell.text for _, cell in both if cell.column == heading.get("target")]
    return not any(parse_target(text).kind in _TARGETS for text in targets)


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
    elif text and (
        first_level(text) not in words
        and second_level(text) not in words
        or not text.endswith("指标")
        and any(one.endswith("指标") for one in beside)
    ):
        label.unsure = TORN


def doubt_pieces(table: Table) -> None:
    """Pieces of levels: those that begin or end in the middle of the word 指标, or are a few signs of a level's."""
    columns = {cell.column for cell in heading_cells(table) if canonical(cell.text) in _LEVELS}
    words = [word + "指标" for word in (*_FIRST, *_SECOND)]
    for cell in table.cells:
        text = cell.text
        short = 0 < len(text) < 4 and not _is_level(text) and any(text in word for word in words)
        if short or cell.column in columns and (text.endswith("指") or text.startswith(("标", "指标"))):
            cell.unsure = cell.unsure or TORN


def _doubt_torn(upper: Cell, lower: Cell, words: frozenset[str]) -> None:
    """Two levels on both sides of a page's end: where either is none known, they may be pieces of one."""
    known = [first_level(cell.text) in words or second_level(cell.text) in words for cell in (upper, lower)]
    if not all(known) and canonical(upper.text) not in _LEVELS:
        upper.unsure = upper.unsure or TORN
        lower.unsure = lower.unsure or TORN


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
        told = [cell for cell in first if not _leads(cell, lead) or above[cell.column].text not in ("", cell.text)]
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
