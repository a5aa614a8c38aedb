"""The commands check, reconcile, summary and rules: what they print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .console import OK, PARTLY, print_json, tell
from .errors import Place, SaveError, XladdinError
from .review import Case, Review
from .reviewing import Pairing, pairs_in, review_files, review_pairs
from .rules.finding import LEVELS, Finding
from .rules.handbook import MANUAL, SUBJECTS, all_rules
from .table import fit, table

DETAILED = 3  # more projects than this are summed up; the report has the details
WIDEST = 30


def check(arguments: argparse.Namespace) -> int:
    """Check each form by itself."""
    return _tell(review_files(arguments.files, arguments.profile, arguments.workers), arguments)


def reconcile(arguments: argparse.Namespace) -> int:
    """Cross-check declarations with their evaluations; of folders the pairs are told first."""
    pairing = pairs_in(arguments.declaration, arguments.evaluation, arguments.workers)
    if arguments.dry_run or arguments.declaration.is_dir() or arguments.evaluation.is_dir():
        for line in _planned(pairing, arguments):
            print(line, file=sys.stderr if arguments.json else sys.stdout)
    if arguments.dry_run:
        return PARTLY if pairing.loose else OK
    return _tell(review_pairs(pairing, arguments.profile, arguments.workers), arguments)


def summary(arguments: argparse.Namespace) -> int:
    """The year, or several, in one workbook."""
    from .summary import review_all, summarise, write_summary

    review = review_all(arguments.files, arguments.profile, arguments.workers)
    made = summarise(review, arguments.profile)
    path = write_summary(made, review, arguments.out, arguments.force)
    print(f"{made.title}：{made.verdict}")
    for finding in review.loose:
        tell(f"{LEVELS[finding.level]}  {finding.message}。{finding.advice}")
    _log_crashes(review)
    print(f"汇总：{path}")
    return OK if made.clean else PARTLY


def _planned(pairing: Pairing, arguments: argparse.Namespace) -> Iterator[str]:
    """What is going to be cross-checked, and into which report; on a dry run every pair and every trouble."""
    into = ""
    if arguments.report:
        into = f"，报告{'接着' if arguments.report.exists() else '写在'} {arguments.report}"
    apart = f"，另有 {len(pairing.loose)} 处文件的问题" if pairing.loose else ""
    yield f"计划：核对 {len(pairing.pairs)} 个项目{apart}{into}"
    if arguments.dry_run:
        for one, other in pairing.pairs:
            yield f"　{one.record.year or '年度不明'} {one.record.project}：{one.path.name} ↔ {other.path.name}"
        yield from (f"　{LEVELS[finding.level]}  {finding.message}。{finding.advice}" for finding in pairing.loose)


def _tell(review: Review, arguments: argparse.Namespace) -> int:
    report = _write_report(review, arguments) if arguments.report else None
    if arguments.json:
        print_json(as_json(case, finding) for case, finding in review.findings())
    else:
        print(as_text(review))
    _log_crashes(review)
    if report:
        print(f"报告：{report}", file=sys.stderr if arguments.json else sys.stdout)
    return OK if review.clean else PARTLY


def _write_report(review: Review, arguments: argparse.Namespace) -> Path:
    """The report; never over a workbook it speaks of, whatever was asked."""
    from .report import write_report

    sources = {path.resolve() for case in review.cases for path in (case.declared_file, case.evaluated_file) if path}
    if arguments.report.resolve() in sources:
        where = Place(file=str(arguments.report))
        raise SaveError("这是被核对的表，不能把报告存在它上面", where, "请给报告换一个文件名")
    return write_report(review, arguments.report, arguments.force)


def as_json(case: Case | None, finding: Finding) -> dict[str, Any]:
    """A finding with the project and the files it belongs to; null where it belongs to a file alone."""
    record = case.record if case else None
    whose: dict[str, Any] = {name: getattr(record, name, None) for name in ("project", "year", "unit")}
    files = {"declaration": case.declared_file, "evaluation": case.evaluated_file} if case else {}
    whose |= {side: str(files[side]) if files.get(side) else None for side in ("declaration", "evaluation")}
    return whose | finding.to_dict()


def _log_crashes(review: Review) -> None:
    traces = [finding.trace for _, finding in review.findings() if finding.trace]
    if traces:
        from .log import write_log

        print(f"程序出错的详情记在 {write_log(chr(10).join(traces))}，请把它发给维护者", file=sys.stderr)


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
            *(f"  {LEVELS[one.level]}  {one.message}。{one.advice}" for one in review.loose),
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
