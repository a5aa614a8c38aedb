"""xladdin fill --one-book: all projects in one workbook."""

from __future__ import annotations

import argparse
import hashlib
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..batch.jobs import CONFLICT, FOREIGN, LEFT, REFUSED, TOLD, UNREAD, state_of
from ..batch.journal import Journal, identity
from ..batch.shelf import Shelf, refusal
from ..domain.records import Record
from ..errors import Place, XladdinError
from ..files import REPLACED, digest_of
from .console import OK, PARTLY, WRONG, code_of, print_json, tell, tell_crashes
from .planned import tell_unkept, tell_unplaced

ONE_BOOK = "绩效表汇总"


def one_book(records: Sequence[Record], arguments: argparse.Namespace) -> int:
    from ..batch.jobs import digest_of_input, notes_of
    from ..form.catalogue import form_for, profile_of
    from ..form.filling import fill_book, unplaced

    if arguments.form:
        records = [replace(record, form=arguments.form) for record in records]
    bound, failed = _fillable(records)
    for record, error in failed:
        tell(f"没有放进“{record.project}”：{error}")
    if not bound:
        raise XladdinError("没有一个项目填得成", Place(file=arguments.ledger.name), "请先改正上面列出的错处")
    path = arguments.out / f"{ONE_BOOK}.xlsx"
    pairs = [(record, form_for(record)) for record in bound]
    inputs = (digest_of_input(record, form.name) for record, form in pairs)
    digest = hashlib.sha256("".join(inputs).encode()).hexdigest()
    state = state_of(path, digest, Journal(arguments.out), identity({}))
    replaced = f"--force 将替换它，原文件留在 {arguments.out / REPLACED}"
    told = replaced if arguments.force and state in REFUSED else TOLD[state]
    print(f"计划：{len(bound)} 张表放进 {path}；{told}", file=sys.stderr if arguments.json else sys.stdout)
    notes = Counter(note for record, form in pairs for note in notes_of(record, form, named=bool(record.form)))
    for note, count in notes.items():
        tell(f"{note}：{count} 个")
    kept, unkept = None, OK
    if not arguments.dry_run:
        missing = [(record, form, unplaced(record, form, profile_of(record, form=form))) for record, form in pairs]
        tell_unplaced((record.project, form.name, names) for record, form, names in missing if names)
        with Shelf(arguments.out, "one-book") as shelf:
            shelf.journal.begin("one-book", ledger=str(arguments.ledger.resolve()), sha256=digest_of(arguments.ledger))
            state, kept = shelf.put(path, digest, fill_book(bound), arguments.force)
        unkept = tell_unkept(shelf)
    blocked = state == UNREAD or (state in (CONFLICT, FOREIGN) and not arguments.force)
    if arguments.json:
        print_json([{"file": str(path), "records": len(bound), "state": state, "kept": str(kept) if kept else None}])
    elif not (arguments.dry_run or blocked or (state in LEFT and kept is None)):
        print(f"{len(bound)} 张表写在一个工作簿里：{path}" + (f"；原文件在 {kept.parent}" if kept else ""))
    if blocked:
        tell(refusal(path, state))
        return PARTLY if arguments.dry_run else WRONG
    return max(code_of(bound, failed), unkept)


def _fillable(records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, XladdinError]]]:
    """Those that can be filled, and the others with why: one bad project does not stop the book."""
    from ..form.filling import fill as fill_one

    bound, failed, traces = [], [], []
    for record in records:
        try:
            fill_one(record)
            bound.append(record)
        except XladdinError as error:
            failed.append((record, error))
        except Exception as error:  # noqa: BLE001  a bug met by one project must not cost the book
            traces.append(traceback.format_exc())
            failed.append(
                (record, XladdinError(f"填写时程序出错（{type(error).__name__}）", advice="其余项目不受影响"))
            )
    tell_crashes(traces)
    return bound, failed
