"""What many forms of a unit have of one cause is told in one row for all; the rows it stands for are kept aside."""

from __future__ import annotations

from ..rules.handbook import SHARED_FROM, habits
from .rows import OF_ALL, Report, Row, hashed, in_order, row_of

NAMED = 40  # projects a row names; 技术信息 has them all


def told_once(report: Report) -> Report:
    """The report with one row for all projects that have the same habit, and the clerk's same words about it."""
    alike: dict[tuple, list[Row]] = {}
    for row in report.rows:
        if row.code in habits():
            of = (row.shown.get("check", ""), row.expected)  # of one rule, what has one cause is of the same
            alike.setdefault((row.code, row.level, row.status, row.handled, row.note, *of), []).append(row)
    once = {}
    rows = list(report.rows)
    for told, members in alike.items():
        if len({row.project for row in members}) >= SHARED_FROM:
            one = _of_all(told, members)
            once[one.key] = tuple(members)
            kept = {row.key for row in members}
            rows = [*(row for row in rows if row.key not in kept), one]
    return in_order(report, rows, once=once)


def _of_all(told: tuple, members: list[Row]) -> Row:
    names = list(dict.fromkeys(row.project for row in members))
    more = "等" if len(names) > NAMED else ""
    shown = {**members[0].shown, "check": members[0].shown.get("check", "").partition("：")[0], "difference": ""}
    code, level, status, handled, note, *_ = told
    own = {"key": f"{hashed(())}-{hashed(told)}", "level": level, "code": code, "status": status}
    own |= {"handled": handled, "note": note, "project": f"{OF_ALL}{len(names)} 个项目"}
    like = f"如“{members[0].project}”：{members[0].message}"
    own["message"] = f"{'、'.join(names[:NAMED])}{more}都有这一条，多半是同一个原因。{like}"
    return row_of(shown | own)
