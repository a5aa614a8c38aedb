"""The columns of the table of findings, by which .xlsx, .html, the live sheet and the next run go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise

from ..sheets.looks import CENTRE, GREY, QUIET, RIGHT, SMALL, WRITABLE
from ..sheets.table import Column

# A field is an attribute of Finding, or one of rows.py's own.
COLUMNS = (
    Column("number", "序号", 5, CENTRE),
    Column("level", "级别", 8, CENTRE),
    Column("status", "状态", 6.5, CENTRE),
    Column("project", "项目", 15, {"font_color": GREY}),
    Column("check", "检查项", 16),
    Column("expected", "应为／申报表", 13.5),
    Column("expected_at", "应为的位置", 10, QUIET),
    Column("actual", "表上／自评表", 13.5),
    Column("actual_at", "表上的位置", 10, QUIET),
    Column("difference", "差额", 11.5, RIGHT | {"indent": 1}),
    Column("message", "问题", 32),
    Column("advice", "建议", 20),
    Column("handled", "处理结果", 9, WRITABLE),
    Column("note", "说明", 13, WRITABLE),
    Column("basis", "依据", 46, QUIET),  # small and wide: it is not to make printed rows tall
    Column("code", "规则", 7, CENTRE),
    Column("key", "标识（请勿改动）", 18),
)
AT_SIDE = {"expected": "expected_at", "actual": "actual_at"}  # values, and where each one's position stands
LAST_PRINTED = "note"  # what stands behind it is read on the screen
FOR_THE_PROGRAM = {"code", "key"}  # the last ones, never shown
ALONE = {"expected": "应为", "actual": "表上"}  # how they are called where no two forms were compared
SPARE = {"message": 0.4, "advice": 0.3, "note": 0.15, "check": 0.15}  # who gets the room of the columns that are hidden

SMALL_ONES = {column.field for column in COLUMNS if column.look.get("font_size") == SMALL}
FIELDS = tuple(column.field for column in COLUMNS)
HEADINGS = {column.field: column.heading for column in COLUMNS}
WIDTHS = {column.field: column.width for column in COLUMNS}
PRINTED = FIELDS[: FIELDS.index(LAST_PRINTED) + 1]


def widths_of(hidden: Collection[str]) -> dict[str, float]:
    """The width of every column that is shown; the longest texts get the room of the others, as far as it is theirs."""
    spare = min(sum(WIDTHS[field] for field in PRINTED if field in hidden), 60)
    return {field: width + spare * SPARE.get(field, 0) for field, width in WIDTHS.items() if field not in hidden}


def quarters(widths: Sequence[float]) -> list[tuple[int, int]]:
    """Four spans of columns about equally wide, as (first, last) from 0; hidden columns are 0 wide."""
    ends, so_far = [-1], list(accumulate(widths))
    for part in (1, 2, 3):
        within = range(ends[-1] + 1, len(widths) - 4 + part)
        ends.append(min(within, key=lambda column: abs(so_far[column] - so_far[-1] * part / 4)))
    return [(before + 1, end) for before, end in pairwise([*ends, len(widths) - 1])]
