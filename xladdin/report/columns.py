"""The columns of the table of findings, by which .xlsx, .html, the live sheet and the next run go."""

from __future__ import annotations

from ..sheets.looks import CENTRE, QUIET, WRITABLE
from ..sheets.table import Column

# A field is an attribute of Finding, or one of rows.py's own.
COLUMNS = (
    Column("number", "序号", 5, CENTRE),
    Column("level", "级别", 8.5, CENTRE),
    Column("status", "状态", 7, CENTRE),
    Column("code", "规则", 7, CENTRE),
    Column("project", "项目", 18),
    Column("check", "检查项", 18),
    Column("expected", "应为／申报表", 14),
    Column("expected_at", "应为的位置", 11, QUIET),
    Column("actual", "表上／自评表", 14),
    Column("actual_at", "表上的位置", 11, QUIET),
    Column("difference", "差额", 12),
    Column("message", "问题", 34),
    Column("basis", "依据", 18),
    Column("advice", "建议", 20),
    Column("handled", "处理结果", 9, WRITABLE),
    Column("note", "说明", 14, WRITABLE),
    Column("key", "标识（请勿改动）", 18),
)
AT_SIDE = {"expected": "expected_at", "actual": "actual_at"}  # values, and where each one's position stands

FIELDS = tuple(column.field for column in COLUMNS)
HEADINGS = {column.field: column.heading for column in COLUMNS}
WIDTHS = {column.field: column.width for column in COLUMNS}
