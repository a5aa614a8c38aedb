"""A form as it was told in a text: each fact a row of its own, so that no column has to be guessed again."""

from __future__ import annotations

from dataclasses import dataclass

from .paper import Cell, Table

WIDE = 12
JOINED = "是断开的几行接起来的，请核对原文"
LAID_OUT = "原文是用空格排的版，栏与行对不准，请核对原文"
INFERRED = "原文没有框线，栏与行是按对齐推断的，请核对原文"
DISORDER = "原文里的字不是按表格的顺序排的，请核对原文"
MISSING = "原文里没有分列，也没有数据可以印证，请核对原文"
SEVERAL = "旁边几格的字接在了一起，请核对原文"
UNRULED = "原文里没有框线，不知道到哪里为止，请核对原文"
LEVEL = "层级标签在原文里错了位，请核对原文"
TORN = "层级标签被分页截断了，请核对原文"
CUT = "这一行被分页截断了，是一行还是两行看不准，请核对原文"


@dataclass(slots=True)
class Words:
    """A row of a text: its cells, or the words of a line (loose); gap: whether a blank line stands above it."""

    cells: list[str]
    at: int
    gap: bool = False
    loose: bool = False
    page: int | None = None

    @property
    def full(self) -> list[str]:
        return [cell for cell in self.cells if cell]


class Told:
    """The rows of a table as they are told, one below the other."""

    def __init__(self, doubted: str = "") -> None:
        self.table = Table()
        self.row = -1
        self.doubted = doubted  # why nothing in this text is certain

    def doubt_all(self, why: str) -> None:
        """Nothing that was told is certain."""
        for cell in self.table.cells:
            cell.unsure = cell.unsure or why

    def line(self, text: str, words: Words) -> None:
        """A line across the table."""
        self.facts([text], words)
        self.table.cells[-1].columns = WIDE

    def facts(self, texts: list[str], words: Words, unsure: dict[int, str] | str = "") -> None:
        """A row of cells; unsure: the reason for all of them but the first, or for some by their column."""
        self.row += 1
        self.table.lines[self.row] = (words.page, words.at)
        for column, text in enumerate(texts):
            why = unsure.get(column, "") if isinstance(unsure, dict) else unsure if column else ""
            why = why or self.doubted
            if text or why:
                self.table.cells.append(Cell(self.row, column, text, unsure=why))

    def value(self, label: str, words: Words, side: int = 0) -> Fact:
        """A label whose value may still come; side: the column it stands in."""
        self.facts([*[""] * side, label], words)
        return Fact(self, self.row, self.table.cells[-1])


@dataclass(slots=True)
class Fact:
    """A label that was told, and the value beside it."""

    told: Told
    row: int
    label: Cell
    cell: Cell | None = None

    @property
    def text(self) -> str:
        return self.cell.text if self.cell else ""

    def say(self, text: str, unsure: str = "") -> None:
        """Give the value, or more of it."""
        unsure = unsure or self.told.doubted
        if self.cell is None:
            self.cell = Cell(self.row, self.label.column + 1, text, unsure=unsure)
            self.told.table.cells.append(self.cell)
            return
        self.cell.text += text
        self.cell.unsure = self.cell.unsure or unsure
