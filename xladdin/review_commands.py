"""The commands check, reconcile, summary and rules: what they print."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import starmap
from pathlib import Path
from typing import Any

from .console import OK, PARTLY, print_json, tell, tell_crashes
from .errors import NotAForm, Place, SaveError, XladdinError
from .files import REPLACED as KEPT
from .files import workbooks
from .review import Case, Review, line_of
from .reviewing import Entry, Pairing, known, pairs_in, review_files, review_pairs
from .rules.finding import INFO, LEVELS, Finding
from .rules.handbook import MANUAL, SUBJECTS, all_rules
from .table import fit, table

DETAILED = 3  # more projects than this are summed up; the report has the details
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


def check(arguments: argparse.Namespace) -> int:
    """Check each form by itself."""
    with _crashes_told():
        review = review_files(arguments.files, arguments.profile, arguments.workers)
    return _tell(review, arguments)


def reconcile(arguments: argparse.Namespace) -> int:
    """Cross-check declarations with their evaluations; of folders the pairs are told first."""
    known(arguments.profile)
    with _crashes_told():
        pairing = pairs_in(arguments.declaration, arguments.evaluation, arguments.workers)
    state = _report_state(arguments)
    if arguments.dry_run or any(map(os.path.isdir, (arguments.declaration, arguments.evaluation))):
        for line in _planned(pairing, state, arguments):
            print(line, file=sys.stderr if arguments.json else sys.stdout)
    if arguments.dry_run:
        if arguments.json:
            print_json(starmap(_as_pair, pairing.pairs))
        tell_crashes(finding.trace for finding in pairing.loose)
        blocked = state in (TAKEN, INPUT) or any(finding.level != INFO for finding in pairing.loose)
        return PARTLY if blocked else OK
    return _tell(review_pairs(pairing, arguments.profile, arguments.workers), arguments)


def summary(arguments: argparse.Namespace) -> int:
    """The year, or several, in one workbook."""
    from .summary import review_all, summarise, write_summary

    with _crashes_told():
        review = review_all(arguments.files, arguments.profile, arguments.workers)
    made = summarise(review, arguments.profile)
    path = write_summary(made, review, arguments.out, arguments.force)
    print(f"{made.title}：{made.verdict}")
    for finding in review.loose:
        tell(line_of(finding))
    tell_crashes(finding.trace for _, finding in review.findings())
    print(f"汇总：{path}")
    return OK if made.clean else PARTLY


@contextmanager
def _crashes_told() -> Iterator[None]:
    """Where nothing could be read at all, what crashed on the way is logged before the error goes on."""
    try:
        yield
    except NotAForm as error:
        tell_crashes(getattr(error, "__notes__", ()))
        raise


def _report_state(arguments: argparse.Namespace) -> str:
    """What the report will meet where it is to lie: a key of INTO."""
    report = arguments.report
    if report is None:
        return ""
    if not os.path.lexists(report):
        return NEW
    from .report import is_report

    if is_report(report):
        return OURS
    if _is_input(arguments):
        return INPUT
    return REPLACED if arguments.force else TAKEN


def _is_input(arguments: argparse.Namespace) -> bool:
    """Whether the report would lie on a file that is looked at, readable or not."""
    paths = arguments.files if "files" in arguments else (arguments.declaration, arguments.evaluation)
    return os.path.realpath(arguments.report) in {os.path.realpath(path) for path, _ in workbooks(paths)}


def _planned(pairing: Pairing, state: str, arguments: argparse.Namespace) -> Iterator[str]:
    """What is going to be cross-checked, and into which report; on a dry run every pair and every trouble."""
    into = INTO[state].format(arguments.report)
    apart = f"，另有 {len(pairing.loose)} 处文件的问题" if pairing.loose else ""
    yield f"计划：核对 {len(pairing.pairs)} 个项目{apart}{into}"
    if arguments.dry_run:
        for one, other in pairing.pairs:
            yield f"　{one.record.year or '年度不明'} {one.record.project}：{one.path.name} ↔ {other.path.name}"
        yield from (f"　{line_of(finding)}" for finding in pairing.loose)


def _as_pair(one: Entry, other: Entry) -> dict[str, Any]:
    """A pair of the plan as JSON."""
    whose = {name: getattr(one.record, name) for name in ("project", "year", "unit")}
    return whose | {"declaration": str(one.path), "evaluation": str(other.path)}


def _tell(review: Review, arguments: argparse.Namespace) -> int:
    report = _write_report(review, arguments) if arguments.report else None
    if arguments.json:
        print_json(as_json(case, finding) for case, finding in review.findings())
    else:
        print(as_text(review))
    tell_crashes(finding.trace for _, finding in review.findings())
    if report:
        print(f"报告：{report}", file=sys.stderr if arguments.json else sys.stdout)
    return OK if review.clean else PARTLY


def _write_report(review: Review, arguments: argparse.Namespace) -> Path:
    """The report; never over a file it was made from, whatever was asked."""
    from .report import write_report

    state = _report_state(arguments)
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
    files = {"declaration": case.declared_file, "evaluation": case.evaluated_file} if case else {}
    whose |= {side: str(files[side]) if files.get(side) else None for side in ("declaration", "evaluation")}
    return whose | finding.to_dict()


def as_text(review: Review) -> str:
    """The review for a terminal: the verdict, a summary when there are many projects, the findings when few."""
    lines = [review.verdict, ""]
    if len(review.cases) > 1:
        lines += [_summary(review), ""]
    if len(review.cases) <= DETAILED:
        for case in review.cases:
            lines += _details(case, titled=len(review.cases) > 1)
    elif not review.clean:
        lines += ["明细请加 --report 报告.xlsx 或 --report 报告.html 查看。", ""]
    if review.loose:
        lines += [
            "文件的问题：",
            *(f"  {line_of(one)}" for one in review.loose),
            "",
        ]
    titles = "；".join(matter.title for matter in MANUAL)
    return "\n".join([*lines, f"还要人工核对的：{titles}。"])


def _summary(review: Review) -> str:
    rows = [
        (case.record.year, case.record.project, *(case.counts[level] or "" for level in LEVELS))
        for case in review.cases
    ]
    return table(("年度", "项目", *LEVELS.values()), rows, tuple(LEVELS.values()))


def _details(case: Case, titled: bool) -> Iterator[str]:
    if titled:
        yield f"{case.record.year or ''} {case.record.project}"
    if not case.findings:
        yield "没有发现问题。\n"
        return
    rows = [
        (
            LEVELS[one.level],
            one.code,
            fit(f"{one.title}" + (f"：{one.subject}" if one.subject else ""), 48),
            _side(one, "declared"),
            _side(one, "evaluated"),
            one.difference,
        )
        for one in case.findings
    ]
    header, line, *body = table(("级别", "规则", "检查项", "申报表", "自评表", "差额"), rows, limit=48).splitlines()
    yield from (header, line)
    for row, one in zip(body, case.findings, strict=True):
        yield row
        yield f"      {one.message}。{one.advice}"
    yield ""


def _side(finding: Finding, side: str) -> str:
    """The value and first cell of one side; a form checked alone shows what it says beside its own cell."""
    places = getattr(finding, side)
    if not places:
        return ""
    alone = not (finding.declared and finding.evaluated)
    value = finding.actual if alone or side == "evaluated" else finding.expected
    return f"{fit(value or '', WIDEST)} [{places[0].cell or places[0].file}]".strip()


def rules(arguments: argparse.Namespace) -> int:
    """The handbook, or one rule."""
    wanted = (arguments.code or "").upper()
    found = [(subject, one) for subject, one in all_rules() if wanted in ("", one.code)]
    manual = [matter for matter in MANUAL if wanted in ("", matter.code)]
    if not found and not manual:
        raise XladdinError(f"没有编号为“{arguments.code}”的规则", advice="运行 xladdin rules 可看全部规则")
    if arguments.json:
        listed = [
            {"code": one.code, "title": one.title, "level": one.level, "subject": SUBJECTS[subject], "says": one.says,
             "basis": one.basis, "advice": one.advice, "wrong": one.wrong, "right": one.right}
            for subject, one in found
        ]  # fmt: skip
        print_json(listed)
    elif wanted:
        for subject, one in found:
            print(
                f"{one.code}  {one.title}（{SUBJECTS[subject]}，{LEVELS[one.level]}）\n\n{one.says}\n\n"
                f"依据：{one.basis}\n错：{one.wrong}\n对：{one.right}\n怎么办：{one.advice}"
            )
        for matter in manual:
            print(f"{matter.code}  {matter.title}（人工核对）\n\n{matter.why}")
    else:
        rows = [(one.code, SUBJECTS[subject], LEVELS[one.level], one.title, one.basis) for subject, one in found]
        print(table(("编号", "核对什么", "级别", "标题", "依据"), rows, limit=60))
        print("\n要人工核对的：")
        print("\n".join(f"  {matter.code}  {matter.title}：{matter.why}" for matter in manual))
        print("\n看一条的说明和例子：xladdin rules 编号")
    return OK


RUN = {"check": check, "reconcile": reconcile, "summary": summary, "rules": rules}
