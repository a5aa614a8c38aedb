"""Files and folders reviewed: read, paired by project, year and unit, and checked; no file stops the rest."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .checking import check, reconcile
from .domain.profile import Profile
from .domain.profile import profile as find_profile
from .domain.records import Declaration, Evaluation, Record
from .errors import NotAForm, OwnWork, Place, XladdinError
from .files import closed, read_file, unreadable, workbooks
from .form.catalogue import user_folder
from .progress import bar
from .review import Case, Review, worst_first
from .rules.finding import ERROR, INFO, UNDECIDED, WARNING, Finding
from .rules.prose import name_of
from .spread import Lost, spread

_ALIKE = 60  # of 100: a name this like is worth mentioning


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the file it was read from."""

    record: Record
    path: Path

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What makes two forms one project's: name, year, unit."""
        return name_of(self.record.project), self.record.year, name_of(self.record.unit)

    def __str__(self) -> str:
        return f"“{self.record.project}”（{self.record.year or '年度不明'}，{self.path.name}）"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: its records, or why there are none (and the trace of a bug)."""

    records: tuple[Record, ...] = ()
    error: XladdinError | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """What is to be cross-checked: declarations with their evaluations, and what was found on the way."""

    pairs: tuple[tuple[Entry, Entry], ...]
    loose: tuple[Finding, ...]


def review_files(paths: Iterable[Path], profile: Profile | str | None = None, workers: int = 1) -> Review:
    """Check every form in the files and folders by itself. Raises NotAForm when there is none."""
    known(profile)
    entries, loose = read_entries(paths, workers)
    if not entries:
        raise nothing(loose, "没有读到申报表或自评表")
    cases = judge([(entry,) for entry in entries], profile, workers)
    loose += [
        _copies(group, WARNING, "请核对以哪份为准")
        for group in _by(entries, lambda entry: (entry.record.kind, *entry.key)).values()
        if len(group) > 1
    ]
    return Review(cases, tuple(loose))


def pairs_in(declared: Path, evaluated: Path, workers: int = 1) -> Pairing:
    """What belongs together of the declarations in one file or folder and the evaluations in another, or the same.

    Two files with one form each are a pair whatever they are called; otherwise project, year and unit say
    what belongs together. Raises NotAForm when a side has nothing.
    """
    same = os.path.realpath(declared) == os.path.realpath(evaluated)
    first, loose = read_entries([declared], workers)
    second, more = (first, loose) if same else read_entries([evaluated], workers)
    ones = [entry for entry in first if isinstance(entry.record, Declaration)]
    others = [entry for entry in second if isinstance(entry.record, Evaluation)]
    for side, path, told, name in ((ones, declared, loose, "申报表"), (others, evaluated, more, "自评表")):
        if not side:
            raise nothing(told, f"没有读到{name}", path)
    loose = loose if same else loose + more
    if len(ones) == len(others) == 1 and not (os.path.isdir(declared) or os.path.isdir(evaluated)):
        pairs, unpaired = [(ones[0], others[0])], []
    else:
        pairs, unpaired = pair_up(ones, others)
    return Pairing(tuple(pairs), (*loose, *unpaired))


def review_pairs(pairing: Pairing, profile: Profile | str | None = None, workers: int = 1) -> Review:
    """Cross-check every pair."""
    return Review(judge(pairing.pairs, profile, workers), pairing.loose)


def judge(
    groups: Sequence[tuple[Entry, ...]], profile: Profile | str | None = None, workers: int = 1
) -> tuple[Case, ...]:
    """A case of each entry (checked by itself) or pair (cross-checked), worst first. Raises for a bad profile."""
    known(profile)
    judged = spread(partial(_judged, profile), groups, workers)
    cases = [
        _case(group, _unfinished()) if isinstance(case, Lost) else case
        for group, case in zip(groups, bar(judged, len(groups), "核对"), strict=True)
    ]
    return tuple(sorted(cases, key=lambda case: case.rank))


def known(profile: Profile | str | None) -> None:
    """A bad profile is told once, and before anything else. Raises UnknownForm, BadValue."""
    if isinstance(profile, str):
        find_profile(profile, None, user_folder())


def _judged(profile: Profile | str | None, group: tuple[Entry, ...]) -> Case:
    """In the worker."""
    judge_these = check if len(group) == 1 else reconcile
    return _case(group, judge_these(*(entry.record for entry in group), profile))


def _unfinished() -> list[Finding]:
    """What is said of a project whose worker died."""
    said = "检查的进程中途退出，这个项目没有检查完"
    advice = "请减少 --workers 后再运行一次，或人工核对"
    return [Finding("Z-01", "规则没有跑完", UNDECIDED, said, basis="没有检查的不下结论", advice=advice)]


def _case(group: tuple[Entry, ...], found: Iterable[Finding]) -> Case:
    sides = {_side(entry): entry for entry in group}
    declared, evaluated = sides.get("declared"), sides.get("evaluated")
    return Case(
        declared and declared.record,
        evaluated and evaluated.record,
        tuple(found),
        declared and declared.path,
        evaluated and evaluated.path,
    )


def nothing(
    loose: Sequence[Finding],
    what: str,
    path: Path | None = None,
    advice: str = "请检查文件；xladdin read 可看读到了什么",
) -> NotAForm:
    """The error of a run that has nothing to work on, with the worst reason; the traces of bugs are its notes."""
    told = worst_first(loose)
    why = f"；{told[0].message}" if told else ""
    error = NotAForm(what + why, Place(file=str(path)) if path else None, advice)
    for trace in (finding.trace for finding in loose if finding.trace):
        error.add_note(trace)
    return error


def read_all(paths: Iterable[Path], workers: int = 1) -> Iterator[tuple[Path, bool, Reading]]:
    """Every workbook in the files and folders, whether it was named itself, and what it gave."""
    files = list(workbooks(paths))
    read = bar(spread(_reading, [path for path, _ in files], workers), len(files), "读取")
    for (path, named), reading in zip(files, read, strict=True):
        if isinstance(reading, Lost):
            error = XladdinError("读取的进程中途退出", Place(file=str(path)), "请检查这个文件，或减少 --workers")
            reading = Reading(error=error)
        yield path, named, reading


def _reading(path: Path) -> Reading:
    """In the worker."""
    try:
        return Reading(tuple(read_file(path)))
    except XladdinError as error:
        return Reading(error=error)
    except Exception as error:  # noqa: BLE001  a bug met by one file must not cost the others
        what, advice = f"读取时程序出错（{type(error).__name__}）", "其余文件不受影响，请把日志发给维护者"
        told = XladdinError(what, Place(file=path.name), advice)
        return Reading(error=told, trace=traceback.format_exc())


def read_entries(paths: Iterable[Path], workers: int = 1) -> tuple[list[Entry], list[Finding]]:
    """Every record of the files, and a finding for each file that gave none."""
    entries: list[Entry] = []
    loose: list[Finding] = []
    paths = list(paths)
    for path in unreadable(paths):
        error = XladdinError(f"{path.suffix} 格式读不了", advice="请在 Excel 或 WPS 中另存为 .xlsx")
        loose.append(_unreadable(path, error, WARNING))
    for path in closed(paths):
        error = XladdinError("这个文件夹打不开，里面的表都没有读", advice="请检查权限和网络后再运行一次")
        loose.append(_unreadable(path, error, ERROR))
    for path, named, reading in read_all(paths, workers):
        entries += [Entry(record, path) for record in reading.records]
        stray = isinstance(reading.error, NotAForm) and not named
        if reading.error and (named or not isinstance(reading.error, OwnWork)):
            loose.append(_unreadable(path, reading.error, INFO if stray else ERROR, reading.trace))
    return entries, loose


def _unreadable(path: Path, error: XladdinError, level: str, trace: str = "") -> Finding:
    where = error.where if error.where and error.where.cell else Place(file=path.name)
    return Finding(
        "P-02",
        "文件没有读成",
        level,
        f"{where}：{error.what}，已跳过",
        subject=path.name,
        declared=(where,),
        basis="看不懂的不猜",
        advice=error.advice,
        trace=trace,
    )


Pairs = list[tuple[Entry, Entry]]


def pair_up(ones: Sequence[Entry], others: Sequence[Entry]) -> tuple[Pairs, list[Finding]]:
    """What belongs together, in the order of the declarations, and a finding for each that stays alone.

    By project, year and unit; then, where only one is left on either side, by project and year, and by
    project and unit when one of the two names no year. Several copies of one form that differ are not paired.
    """
    found: list[Finding] = []
    left, doubled = single(ones, found)
    right, twice = single(others, found)
    pairs: Pairs = []
    for key in (
        lambda entry: entry.key,
        lambda entry: entry.key[:2],
        lambda entry: (entry.key[0], entry.key[2]),
    ):
        pairs += _matching(left, right, key)
    order = {id(entry): n for n, entry in enumerate(ones)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    found += [alone(entry, right, "自评表") for entry in left if entry.key not in twice]
    found += [alone(entry, left, "申报表") for entry in right if entry.key not in doubled]
    return pairs, found


def single(entries: Sequence[Entry], found: list[Finding]) -> tuple[list[Entry], set[tuple]]:
    """One entry a project: equal copies count once, copies that differ are told and left out (their keys)."""
    kept, left_out = [], set()
    for group in _by(entries, lambda entry: (entry.record.kind, *entry.key)).values():
        differing = any(entry.record != group[0].record for entry in group)
        if not differing:
            kept.append(group[0])
        if differing:
            left_out.add(group[0].key)
            found.append(_copies(group, UNDECIDED, "内容不同，不知以哪份为准，都没有采用"))
        elif len(group) > 1:
            found.append(_copies(group, INFO, "内容相同，只取一份"))
    return kept, left_out


def _copies(group: list[Entry], level: str, said: str) -> Finding:
    files = "、".join(dict.fromkeys(entry.path.name for entry in group))
    return Finding(
        "P-03",
        "同一项目有几张表",
        level,
        f"“{group[0].record.project}”（{group[0].record.year or '年度不明'}）"
        f"有 {len(group)} 张同类的表（{files}），{said}",
        subject=group[0].record.project,
        **{_side(group[0]): tuple(Place(file=entry.path.name) for entry in group)},
        basis="身份不明的不下结论",
        advice="请只留下最后的一份，再运行一次",
    )


def _side(entry: Entry) -> str:
    return "declared" if isinstance(entry.record, Declaration) else "evaluated"


def _matching(left: list[Entry], right: list[Entry], key: Callable[[Entry], tuple]) -> Pairs:
    """Pairs whose key only one entry of either side has; they leave both lists."""
    others = _by(right, key)
    pairs = [
        (group[0], others[value][0])
        for value, group in _by(left, key).items()
        if len(group) == len(others.get(value, ())) == 1 and _years_agree(group[0], others[value][0])
    ]
    paired = {id(entry) for pair in pairs for entry in pair}
    for side in (left, right):
        side[:] = [entry for entry in side if id(entry) not in paired]
    return pairs


def _by(entries: Iterable[Entry], key: Callable[[Entry], tuple]) -> dict[tuple, list[Entry]]:
    groups: dict[tuple, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def _years_agree(one: Entry, other: Entry) -> bool:
    years = {one.record.year, other.record.year}
    return len(years) == 1 or None in years


def alone(entry: Entry, rest: Sequence[Entry], wanted: str) -> Finding:
    return Finding(
        "P-01",
        "没有配对的表",
        WARNING,
        f"{entry} 没有找到对应的{wanted}{_hint(entry, rest)}",
        subject=entry.record.project,
        **{_side(entry): (Place(file=entry.path.name),)},
        basis="按项目名称、年度、实施单位配对",
        advice=f"请补上{wanted}，或核对两张表的项目名称、年度和实施单位",
    )


def _hint(entry: Entry, rest: Sequence[Entry]) -> str:
    """The entry of the other side that may be meant."""
    from rapidfuzz import fuzz, process

    names = [other.key[0] for other in rest]
    best = process.extractOne(entry.key[0], names, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return f"；名称相近的有 {rest[best[2]]}" if best else ""
