"""What each command does. Results go to stdout, everything to be put right to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from .domain.records import TOTAL_LINE, Declaration, Record
from .errors import NotAForm, Place, SaveError, UnknownForm, XladdinError
from .files import read_file, workbooks
from .table import fit, table

OK, PARTLY, WRONG = 0, 1, 2  # done; done but for what was reported; nothing done
KINDS = {"declaration": "申报表", "evaluation": "自评表"}
ONE_BOOK = "绩效表汇总"
MANY = 20  # more files written than this are counted, not listed


def demo(arguments: argparse.Namespace) -> int:
    from .demo import run_demo

    return run_demo(arguments.out)


def forms(arguments: argparse.Namespace) -> int:
    import xladdin

    known = xladdin.forms()
    if arguments.json:
        _print_json(
            {
                "name": form.name,
                "kind": form.kind,
                "years": list(form.years),
                "money_unit": form.money_unit,
                "basis": form.basis,
                "file": str(form.path),
            }
            for form in known
        )
        return OK
    rows = [(form.name, KINDS[form.kind], _span(form.years), form.money_unit or "未注明", form.path) for form in known]
    print(table(("表式", "种类", "适用年度", "金额单位", "模板文件"), rows, limit=120))
    return OK


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}—{years[1]}"


def ledger(arguments: argparse.Namespace) -> int:
    from .ledger import write_ledger

    if arguments.file.suffix.lower() != ".xlsx":
        raise XladdinError("台账的文件名应以 .xlsx 结尾", Place(file=str(arguments.file)), "请改文件名后重试")
    write_ledger(arguments.file, replace=arguments.force)
    print(f"已生成空白台账 {arguments.file}。填好后运行：xladdin fill {arguments.file} --out 文件夹")
    return OK


def fill(arguments: argparse.Namespace) -> int:
    from .ledger import load

    _need_folder(arguments.out)
    read = load(arguments.ledger)
    for said in (*read.mistakes, *read.notes):
        _tell(said)
    chosen = _chosen(read.records, arguments)
    if not chosen:
        why = "没有一个项目可填" if read.mistakes or read.records else "台账里没有项目"
        advice = "请先改正上面列出的错处" if read.mistakes else "请检查台账内容和 --year、--project、--form 的条件"
        raise XladdinError(why, Place(file=arguments.ledger.name), advice)
    code = _one_book(chosen, arguments) if arguments.one_book else _write_each(chosen, arguments, arguments.workers)
    if read.mistakes:
        _tell(f"台账有 {len(read.mistakes)} 处要改（见上），有错的项目没有填")
        return max(code, PARTLY)
    return code


def _need_folder(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise SaveError("--out 应是文件夹，这里已有一个同名的文件", Place(file=str(path)), "请换一个文件夹")


def _chosen(records: Iterable[Record], arguments: argparse.Namespace) -> list[Record]:
    chosen = [record for record in records if arguments.year in (None, record.year)]
    if arguments.project:
        exact = [record for record in chosen if record.project.strip() == arguments.project.strip()]
        chosen = exact or [record for record in chosen if arguments.project.strip() in record.project]
    if not arguments.form:
        return chosen
    kind = _form_kind(arguments.form)
    fitting = [record for record in chosen if record.kind == kind]
    if len(fitting) < len(chosen):
        _tell(f"{arguments.form}是{KINDS[kind]}，另一类的 {len(chosen) - len(fitting)} 条记录没有填")
    return fitting


def _form_kind(name: str) -> str:
    from .form.catalogue import find_form

    kind = find_form(name).kind
    if kind not in KINDS:
        raise UnknownForm(f"“{name}”不是申报表或自评表", advice="运行 xladdin forms 可看可用的表")
    return kind


def _write_each(records: Sequence[Record], arguments: argparse.Namespace, workers: int = 1) -> int:
    from . import batch

    jobs = batch.plan(records, arguments.out, arguments.form)
    return _report(batch.run(jobs, workers, arguments.force), arguments)


def _report(outcomes: Sequence[Any], arguments: argparse.Namespace) -> int:
    written = [outcome for outcome in outcomes if outcome.path]
    failed = [outcome for outcome in outcomes if outcome.error]
    for outcome in failed:
        _tell(f"没有填成“{outcome.job.record.project}”：{outcome.error}")
    for outcome in written:
        if outcome.unplaced:
            fields = "、".join(outcome.unplaced)
            _tell(f"{outcome.path.name}：{outcome.job.form}上没有放 {fields} 的地方，这些内容没有写入")
    if any(outcome.trace for outcome in failed):
        from .log import write_log

        log = write_log("\n\n".join(outcome.trace for outcome in failed if outcome.trace))
        _tell(f"程序出错的详情记在 {log}，请把它发给维护者")
    if arguments.json:
        _print_json(_outcome(outcome) for outcome in outcomes)
        return _code(written, failed)
    for outcome in written if len(written) <= MANY else ():
        print(outcome.path)
    print(f"写好 {len(written)} 个工作簿，在 {arguments.out}" + (f"；{len(failed)} 个没有写成" if failed else ""))
    return _code(written, failed)


def _code(done: Sequence[Any], failed: Sequence[Any]) -> int:
    if not failed:
        return OK
    return PARTLY if done else WRONG


def _outcome(outcome: Any) -> dict[str, Any]:
    record = outcome.job.record
    return {
        "year": record.year,
        "project": record.project,
        "form": outcome.job.form,
        "file": str(outcome.path) if outcome.path else None,
        "error": str(outcome.error) if outcome.error else None,
        "unplaced": list(outcome.unplaced),
    }


def _one_book(records: Sequence[Record], arguments: argparse.Namespace) -> int:
    from .form.filling import fill_book, unplaced
    from .workbook import saving

    if arguments.form:
        records = [replace(record, form=arguments.form) for record in records]
    bound, failed = _fillable(records)
    for record, error in failed:
        _tell(f"没有放进“{record.project}”：{error}")
    if not bound:
        raise XladdinError("没有一个项目填得成", Place(file=arguments.ledger.name), "请先改正上面列出的错处")
    for record in bound:
        for name in unplaced(record):
            _tell(f"{record.project}：表式上没有放 {name} 的地方，这项内容没有写入")
    path = saving.save(arguments.out / f"{ONE_BOOK}.xlsx", fill_book(bound), arguments.force)
    if arguments.json:
        _print_json([{"file": str(path), "records": len(bound)}])
    else:
        print(f"{len(bound)} 张表写在一个工作簿里：{path}")
    return _code(bound, failed)


def _fillable(records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, XladdinError]]]:
    """Those that can be filled, and the others with why: one bad project does not stop the book."""
    from .form.filling import fill as fill_one

    bound, failed = [], []
    for record in records:
        try:
            fill_one(record)
            bound.append(record)
        except XladdinError as error:
            failed.append((record, error))
    return bound, failed


def evaluate(arguments: argparse.Namespace) -> int:
    import xladdin

    _need_folder(arguments.out)
    if arguments.form and _form_kind(arguments.form) != "evaluation":
        raise UnknownForm(f"{arguments.form}不是自评表", advice="请用 --form 指定一张自评表")
    found, code = _declarations(arguments.declarations)
    if not found:
        raise NotAForm("没有读到一张申报表", advice="请检查文件；xladdin read 可看读到了什么")
    evaluations = [xladdin.self_evaluation(record, form=arguments.form) for record in found]
    return max(code, _write_each(evaluations, arguments))


def _declarations(paths: Iterable[Path]) -> tuple[list[Declaration], int]:
    """Those in the files and folders; a file in a folder that holds none is only mentioned."""
    found: list[Declaration] = []
    code = OK
    for path, named in workbooks(paths):
        try:
            records = read_file(path)
        except XladdinError as error:
            _tell(error)
            code = PARTLY if named or not isinstance(error, NotAForm) else code
            continue
        declared = [record for record in records if isinstance(record, Declaration)]
        if not declared:
            _tell(f"{path.name}：里面没有申报表，已跳过")
            code = PARTLY if named else code
        for record in declared:
            for doubt in record.source.doubts if record.source else ():
                _tell(doubt)
        found += declared
    return found, code


def read(arguments: argparse.Namespace) -> int:
    all_records, failed = [], []
    files = list(workbooks(arguments.files))
    if not files:
        raise NotAForm("文件夹里没有 .xlsx 或 .xlsm 文件", Place(file=str(arguments.files[0])), "请检查文件夹")
    for path, _ in files:
        try:
            records = read_file(path)
        except XladdinError as error:
            _tell(error)
            failed.append(path)
            continue
        all_records += records
        for record in records:
            if arguments.json:
                _tell_doubts(record)
            else:
                print(_summary(record, path))
    if arguments.json:
        _print_json(record.to_dict() for record in all_records)
    return _code(all_records, failed)


def _tell_doubts(record: Record) -> None:
    for doubt in record.source.doubts if record.source else ():
        _tell(doubt)


def _summary(record: Record, path: Path) -> str:
    lines = [
        f"{path.name}：{record.form or '未收录的表式'}（{KINDS[record.kind]}）",
        f"  {record.year or '年度不明'}  {record.project}",
        f"  主管部门：{record.department or '—'}  实施单位：{record.unit or '—'}",
    ]
    unit = record.money_unit or "（单位未注明）"
    if isinstance(record, Declaration):
        lines.append(f"  年度资金：{_figure(record.annual_amount)} {unit}  指标 {len(record.indicators)} 个")
        rows = [(row.level1, row.level2, row.name, row.target) for row in record.indicators]
        body = table(("一级指标", "二级指标", "三级指标", "指标值"), rows, limit=36)
    else:
        line = record.line(TOTAL_LINE)
        executed = line.executed if line else None
        money = f"全年预算：{_figure(record.annual_amount)}，执行：{_figure(executed)} {unit}"
        lines.append(f"  {money}  总分：{_figure(record.total_score)}")
        rows = [
            (row.level1, row.name, row.target, row.actual, _figure(row.weight), _figure(row.score))
            for row in record.indicators
        ]
        body = table(("一级指标", "三级指标", "指标值", "实际完成值", "分值", "得分"), rows, ("分值", "得分"), 36)
    lines += [f"  {line}" for line in body.splitlines()] if rows else []
    doubts = record.source.doubts if record.source else ()
    lines += [f"  看不懂的：{fit(str(doubt), 160)}" for doubt in doubts]
    return "\n".join(lines) + "\n"


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():,f}"


def _tell(said: object) -> None:
    print(said, file=sys.stderr)


def _print_json(items: Iterable[Any]) -> None:
    print(json.dumps(list(items), ensure_ascii=False, indent=1))


RUN = {"demo": demo, "forms": forms, "ledger": ledger, "fill": fill, "evaluate": evaluate, "read": read}
