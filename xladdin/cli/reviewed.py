"""What check and reconcile share: a review as text or JSON, and the report it goes into."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..domain.kinds import EVALUATION, KINDS
from ..errors import NotAForm, Place, SaveError
from ..files import REPLACED as KEPT
from ..files import workbooks
from ..review.cases import Case, Review, line_of
from ..rules.finding import LEVELS, Finding
from ..rules.handbook import MANUAL, SHARED_FROM, habits
from .console import OK, PARTLY, print_json, some, tell, tell_crashes
from .table import fit, table

DETAILED = 3  # more projects than this are summed up; the report has the details
LISTED = 300  # findings of one project; the report has them all
WIDEST = 30
NEW, OURS, REPLACED, TAKEN, INPUT = "new", "ours", "replaced", "taken", "input"
INTO = {  # what the plan says of the report
    "": "",
    NEW: "，报告写在 {}",
    OURS: "，接着填过的报告写：{}",
    REPLACED: "，报告替换 {}，" + f"原文件留在旁边的“{KEPT}”里",
    TAKEN: "；报告写不成：{} 已有别的文件，要换名或加 --force",
    INPUT: "；报告写不成：{} 是要核对的表，要换名",
}


@contextmanager
def crashes_told() -> Iterator[None]:
    """Where nothing could be read at all, what crashed on the way is logged before the error goes on."""
    try:
        yield
    except NotAForm as error:
        tell_crashes(getattr(error, "__notes__", ()))
        raise


def report_state(arguments: argparse.Namespace) -> str:
    """What the report will meet where it is to lie: a key of INTO."""
    report = arguments.report
    if report is None:
        return ""
    if not os.path.lexists(report):
        return NEW
    from ..report import is_report

    if is_report(report):
        return OURS
    if _is_input(arguments):
        return INPUT
    return REPLACED if arguments.force else TAKEN


def _is_input(arguments: argparse.Namespace) -> bool:
    """Whether the report would lie on a file that is looked at, readable or not."""
    paths = arguments.files if "files" in arguments else (arguments.declaration, arguments.evaluation)
    return os.path.realpath(arguments.report) in {os.path.realpath(path) for path, _ in workbooks(paths)}


def tell_review(review: Review, arguments: argparse.Namespace) -> int:
    report = _write_report(review, arguments) if arguments.report else None
    if arguments.json:
        print_json(as_json(case, finding) for case, finding in review.findings())
    else:
        print(as_text(review, reported=report is not None))
    tell_crashes(finding.trace for _, finding in review.findings())
    if report:
        print(f"报告：{report}", file=sys.stderr if arguments.json else sys.stdout)
    return OK if review.clean and review.cases else PARTLY


def _write_report(review: Review, arguments: argparse.Namespace) -> Path:
    """The report; never over a file it was made from, whatever was asked."""
    from ..report import write_report

    state = report_state(arguments)
    if state == INPUT:
        where = Place(file=str(arguments.report))
        raise SaveError("这是被核对的表，不能把报告存在它上面", where, "请给报告换一个文件名")
    path = write_report(review, arguments.report, arguments.force)
    if state == REPLACED:
        tell(f"{path} 原来的文件留在 {path.parent / KEPT} 里")
    return path


def as_json(case: Case | None, finding: Finding) -> dict[str, Any]:
    """A finding with the project and the files it belongs to; null where it belongs to a file alone."""
    record = case.record if case else None
    whose: dict[str, Any] = {name: getattr(record, name, None) for name in ("project", "year", "unit")}
    files = {name: case.file(name) if case else None for name in KINDS}
    whose |= {name: str(path) if path else None for name, path in files.items()}
    return whose | finding.to_dict()


def as_text(review: Review, reported: bool = False) -> str:
    """The review for a terminal: the verdict, a summary when there are many projects, the findings when few.

    reported: a report has them all.
    """
    from ..report.rows import names_of

    lines = [review.verdict, ""]
    shared = _shared(review)
    rest = [replace(case, findings=tuple(_others(case, shared))) for case in review.cases]
    names = names_of(review)
    if len(rest) > 1:
        lines += [_summary(rest, names), ""]
    if shared:
        lines += ["好些项目都有的，只在这里说一次，没有算在表里：", *map(_told_once, shared.values()), ""]
    if len(rest) <= DETAILED:
        for case, name in zip(rest, names, strict=True):
            lines += _details(case, name if len(rest) > 1 else "", other="别的" if shared else "")
    elif any(case.findings for case in rest) and not reported:
        lines += ["明细请加 --report 报告.xlsx 或 --report 报告.html 查看。", ""]
    if review.loose:
        lines += [
            "文件的问题：",
            *(f"  {line_of(one)}" for one in review.loose),
            "",
        ]
    titles = "；".join(matter.title for matter in MANUAL)
    return "\n".join([*lines, f"还要人工核对的：{titles}。"])


def _shared(review: Review) -> dict[tuple, list[tuple[Case, Finding]]]:
    """By what is alike in them, findings of so many projects that they have one cause; told once."""
    found: dict[tuple, list[tuple[Case, Finding]]] = {}
    for case in review.cases:
        for key, one in {_alike(one): one for one in case.findings if one.code in habits()}.items():
            found.setdefault(key, []).append((case, one))
    return {key: members for key, members in found.items() if len(members) >= SHARED_FROM}


def _alike(finding: Finding) -> tuple:
    return finding.code, finding.level, finding.check, finding.expected


def _others(case: Case, shared: Container[tuple]) -> Iterator[Finding]:
    return (one for one in case.findings if _alike(one) not in shared)


def _told_once(members: list[tuple[Case, Finding]]) -> str:
    case, first = members[0]
    names = some(case.record.project for case, _ in members)
    said = f"  {LEVELS[first.level]}  {first.code}  {first.title}：{len(members)} 个项目（{names}）。{first.advice}"
    return f"{said}。如“{case.record.project}”：{first.message}"


def _summary(cases: list[Case], names: list[str]) -> str:
    rows = [
        (case.record.year, name, *(case.counts[level] or "" for level in LEVELS))
        for case, name in zip(cases, names, strict=True)
    ]
    return table(("年度", "项目", *LEVELS.values()), rows, tuple(LEVELS.values()))


def _details(case: Case, title: str, other: str) -> Iterator[str]:
    if title:
        yield f"{case.record.year or ''} {title}"
    if not case.findings:
        yield f"没有发现{other}问题。\n"
        return
    names = [entry.record.kind for entry in case.entries]
    rows = [
        (
            LEVELS[one.level],
            one.code,
            fit(one.check, 48),
            *(_side(one, name) for name in names),
            one.difference,
        )
        for one in case.findings[:LISTED]
    ]
    headers = ("级别", "规则", "检查项", *(KINDS[name].label for name in names), "差额")
    header, line, *body = table(headers, rows, limit=48).splitlines()
    yield from (header, line)
    for row, one in zip(body, case.findings[:LISTED], strict=True):
        yield row
        yield f"      {one.message}。{one.advice}"
    if len(case.findings) > LISTED:
        yield f"等 {len(case.findings)} 处，其余 {len(case.findings) - LISTED} 处请加 --report 报告.xlsx 查看。"
    yield ""


def _side(finding: Finding, kind: str) -> str:
    """The value and first cell of one side; a form checked alone shows what it says beside its own cell."""
    places = finding.places.get(kind)
    if not places:
        return ""
    alone = len(finding.places) == 1
    value = finding.actual if alone or kind == EVALUATION.name else finding.expected
    return f"{fit(value or '', WIDEST)} [{places[0].spot or places[0].file}]".strip()
