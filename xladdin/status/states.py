"""What state a project is in, and how that is known: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..domain.records import Evaluation
from ..domain.scoring import blanks, is_untouched
from ..rules.finding import ERROR, Finding

ABSENT, UNTOUCHED, HALF, FILLED = "未交", "未填", "填了一半", "已填"
WRONG, CHECKED, AGAIN = "有错误", "已核对", "需重新核对"
MEANINGS = {
    ABSENT: "申报了或台账里有，没有交自评表",
    UNTOUCHED: "交了，一格都没有填",
    HALF: "还有空着的：全年执行数或实际完成值",
    FILLED: "填完了，没有发现错误，还没有核对",
    WRONG: "填完了，有没处理的错误",
    CHECKED: "核对过，以后没有改过，错误都已写明属实",
    AGAIN: "核对过，以后又改了",
}
STATES = tuple(MEANINGS)
CHASED = (ABSENT, UNTOUCHED, HALF, WRONG, AGAIN, FILLED, CHECKED)  # in the order they are chased


@dataclass(frozen=True, slots=True)
class Standing:
    """One project: its state, and in words what is missing.

    handler: 经办人, as the ledger has it. declared, evaluated: the files handed in. checked: when and by which
    report it was cross-checked last, "" if never.
    """

    year: int | None
    project: str
    unit: str | None
    handler: str | None
    state: str
    missing: str
    declared: tuple[Path, ...] = ()
    evaluated: tuple[Path, ...] = ()
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Where every project stands, those to be chased first; loose: files that gave nothing.

    reports: those that were found, the newest first.
    """

    standings: tuple[Standing, ...]
    loose: tuple[Finding, ...] = ()
    reports: tuple[Path, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many projects are in each state."""
        return Counter(one.state for one in self.standings)

    @property
    def done(self) -> bool:
        """Whether every project is 已核对, and every file could be read."""
        unread = any(finding.level == ERROR for finding in self.loose)
        return not unread and all(one.state == CHECKED for one in self.standings)

    @property
    def verdict(self) -> str:
        """The one sentence that stands first."""
        counts = self.counts
        told = "，".join(f"{state} {counts[state]}" for state in STATES if counts[state])
        unread = sum(finding.level == ERROR for finding in self.loose)
        more = f"另有 {unread} 个文件读不了。" if unread else ""
        if counts[CHECKED] == len(self.standings):
            return f"{len(self.standings)} 个项目全部已核对。{more}"
        return f"{len(self.standings)} 个项目：{told}。{more}"

    @property
    def known_by(self) -> str:
        """What 已核对 is known by: the reports in which one of the projects stands."""
        if not self.reports:
            return "没有找到核对结果，还不知道哪些核对过"
        last = {one.checked.partition("（")[2].removesuffix("）") for one in self.standings if one.checked}
        names = [name for name in dict.fromkeys(path.name for path in self.reports) if name in last]
        if not names:
            return "找到的核对结果里没有这些自评表，还不知道哪些核对过"
        return f"已核对的依据：{'、'.join(names[:3])}{f'等 {len(names)} 份' if len(names) > 3 else ''}"

    @property
    def by(self) -> str:
        """What the projects are counted by: 经办人, else 实施单位 where there are several; "" else."""
        if any(one.handler for one in self.standings):
            return "经办人"
        return "实施单位" if len({one.unit for one in self.standings}) > 1 else ""

    @property
    def people(self) -> list[tuple[str, Counter[str]]]:
        """Name and counts of each 经办人 or 实施单位, most still to be chased first."""
        counts: dict[str, Counter[str]] = {}
        for one in self.standings if self.by else ():
            name = (one.handler if self.by == "经办人" else one.unit) or "（未写明）"
            counts.setdefault(name, Counter())[one.state] += 1
        return sorted(counts.items(), key=lambda item: item[1][CHECKED] - item[1].total())


def in_order(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The newest year first, in it what is to be chased first; then by person, unit and name."""

    def key(one: Standing) -> tuple:
        return -(one.year or 0), CHASED.index(one.state), one.handler or "", one.unit or "", one.project

    return tuple(sorted(standings, key=key))


def state_of(evaluation: Evaluation, errors: int, unchanged: bool | None) -> str:
    """The state of a form that was handed in.

    errors: how many findings at level error the clerk has not answered with 属实. unchanged: whether it stands as in
    the last report that covers it; None where none does. What has still to be done on the form comes first: a form
    with blanks or errors is not 已核对 because a report covers it.
    """
    if is_untouched(evaluation):
        return UNTOUCHED
    if blanks(evaluation):
        return HALF
    if errors:
        return WRONG
    return FILLED if unchanged is None else CHECKED if unchanged else AGAIN
