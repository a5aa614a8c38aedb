"""The projects of a ledger, and whose each row of its other sheets is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..domain.kinds import KINDS, Kind
from ..domain.naming import alike, name_key
from ..domain.records import Record
from . import columns as names
from .row import Money, Row
from .told import Told
from .units import NONE, Wanted, wanted_form

_LOOKED_AT = 50  # mistakes of a project that may be those of the row at hand


@dataclass(slots=True, eq=False)
class Project:
    """A row of 项目 with what the other two sheets say of it. broken: it is not to become a record."""

    row: Row
    year: int
    project: str
    form: str | None
    kind: Kind | None
    unit: str | None
    money: Money
    broken: bool = False
    mistakes: Told = field(default_factory=Told)
    budget: list[dict[str, Any]] = field(default_factory=list)  # attribute → value
    indicators: list[dict[str, Any]] = field(default_factory=list)
    budget_at: list[int] = field(default_factory=list)  # the numbers of those rows
    indicators_at: list[int] = field(default_factory=list)
    record: Record | None = None  # what it came to, unless it is broken

    @property
    def may_have_budget(self) -> bool:
        """Whether rows of 资金执行 can be its, as far as its form says."""
        return self.kind is None or self.kind.budget is not None

    def take(self, row: Row) -> None:
        """Whatever is wrong with a row of its own is wrong with it."""
        if row.mistakes:
            self.told(row)
        self.broken |= row.broken

    def told(self, row: Row) -> None:
        """Be told of what is wrong with a row, once."""
        for mistake in row.told(self.project):
            if mistake not in self.mistakes[-_LOOKED_AT:]:
                self.mistakes.append(mistake)


class Owners:
    """The projects by year and name; tells whose a row is, or notes with the row why that cannot be told.

    forms: those there are, as known_forms gives them.
    """

    def __init__(self, forms: Mapping[str, Wanted]) -> None:
        self._forms = forms
        self.projects: list[Project] = []
        self.lost: dict[str, str] = {}  # name by its key, of projects whose own row could not be placed
        self._named: dict[str, list[Project]] = {}
        self._unknown: dict[str, list[Project]] = {}
        self._before: tuple[object, Project | None] = (None, None)  # what the row before said, and whose it was

    def add(self, project: Project) -> Project | None:
        """Take a project; the one it is the same as, if there is one: then it is not taken."""
        same = self._named.setdefault(name_key(project.project), [])
        for twin in same:
            if (twin.year, twin.form, twin.kind, name_key(twin.unit)) == (
                project.year, project.form, project.kind, name_key(project.unit),
            ):  # fmt: skip
                return twin
        same.append(project)
        self.projects.append(project)
        self._before = None, None
        return None

    def of(self, row: Row, above: Project | None, with_budget: bool) -> Project | None:
        """The project of a row, with its form settled. Else its mistakes say why, and whoever it may be of is broken.

        above: whose the row before it is. with_budget: the row is one of 资金执行.
        """
        said = row.plainly(names.YEAR, names.PROJECT, names.FORM, names.UNIT)
        if said is not None and (said, with_budget) == self._before[0]:
            return self._before[1]
        owner = self._of(row, wanted_form(row, self._forms), above, with_budget)
        self._before = (None, None) if owner is None or row.broken else ((said, with_budget), owner)
        return owner

    def _of(self, row: Row, wanted: Wanted, above: Project | None, with_budget: bool) -> Project | None:
        year = row.year()
        if row.waits(names.PROJECT):
            row.unknown(names.PROJECT)
            return None
        if not row.has(names.PROJECT):
            self.nameless(row, above)
            return None
        name = row.needed(names.PROJECT)
        if name is None:
            return None
        key = name_key(name)
        named = self._named.get(key)
        if not named:
            self._stranger(row, name, key)
            return None
        if year is None:
            years = {project.year for project in named}
            if row.broken or len(years) > 1:
                listed = "、".join(map(str, sorted(years)))
                if not row.broken:
                    row.mistake(names.YEAR, f"年度没有填，而“{name}”有 {listed} 年的", "请填写年度")
                return self._broken(row, named)
            year = years.pop()
        candidates = [project for project in named if project.year == year]
        if not candidates and key in self.lost:
            return None
        if not candidates:
            there = "、".join(str(year) for year in sorted({project.year for project in named}))
            what = f"“项目”表里“{name}”只有 {there} 年的，这一行写的是 {year} 年"
            row.mistake(names.YEAR, what, "请核对年度，或在“项目”表里补上这一年的")
            return self._broken(row, named)
        return self._chosen(row, candidates, wanted, with_budget)

    def nameless(self, row: Row, above: Project | None) -> None:
        """A row without 项目名称 below one that is `above`'s (None: nobody's)."""
        if above is None:
            row.mistake(names.PROJECT, "“项目名称”没有填", "请填写项目名称")
            return
        what = f"项目名称空着，不能确定是不是上面的“{above.project}”"
        row.mistake(names.PROJECT, what, "是的话请填上（或把名称合并到这些行），不是就填它自己的项目名称")
        self._broken(row, [above])

    def _stranger(self, row: Row, name: str, key: str) -> None:
        if key in self.lost:
            return
        near = self._near(key)
        if near:
            meant = "、".join(f"“{name}”" for name in dict.fromkeys(project.project for project in near))
            what = f"“项目”表里没有“{name}”，名称相近的是{meant}"
            row.mistake(names.PROJECT, what, "请把两处的项目名称改成一样")
            self._broken(row, near)
            return
        row.mistake(names.PROJECT, f"“项目”表里没有“{name}”，它的这些行没有用上", "请核对名称，或在“项目”表里补上它")

    def _near(self, key: str) -> list[Project]:
        if key not in self._unknown:
            known = list(self._named)
            self._unknown[key] = [project for at in alike(key, known) for project in self._named[known[at]]]
        return self._unknown[key]

    def _chosen(self, row: Row, candidates: list[Project], wanted: Wanted, with_budget: bool) -> Project | None:
        fitting = _fitting(candidates, wanted, name_key(row.text(names.UNIT)), with_budget)
        if len(fitting) == 1:
            self._settle(row, fitting[0], wanted)
            return fitting[0]
        if fitting and all(project.row.broken for project in fitting):
            return fitting[0]
        if not fitting and name_key(row.text(names.PROJECT)) in self.lost:
            return None
        self._say_why(row, candidates, fitting, wanted, with_budget)
        return self._broken(row, fitting or candidates)

    @staticmethod
    def _settle(row: Row, project: Project, wanted: Wanted) -> None:
        """A project that names no form has that of its rows."""
        if project.form is None and wanted.form and wanted.kind is None:
            row.mistake(names.FORM, f"没有叫“{wanted.form}”的表", "请从下拉中选；运行 xladdin forms 可看全部表名")
        elif project.form is None and wanted.form:
            project.form, project.kind = wanted.form, wanted.kind
        elif project.kind is None:
            project.kind = wanted.kind

    @staticmethod
    def _say_why(
        row: Row, candidates: list[Project], fitting: list[Project], wanted: Wanted, with_budget: bool
    ) -> None:
        forms = "、".join(dict.fromkeys(project.form or "没写表式的" for project in candidates))
        labels = "、".join(dict.fromkeys(project.kind.label for project in candidates if project.kind))
        if len(fitting) > 1:
            column = names.UNIT if len({project.form for project in fitting}) == 1 else names.FORM
            what = f"这个项目在“项目”表里有几张表（{forms}），不知道这一行属于哪一张"
            row.mistake(column, what, f"请填写{column}，没有这一列的请加上")
        elif wanted != NONE and not _of_form(candidates, wanted):
            said = wanted.form or (wanted.kind.label if wanted.kind else "")
            row.mistake(names.FORM, f"“项目”表里这个项目的表式是{forms}，不是“{said}”", "请改成一致")
        elif with_budget and not any(project.may_have_budget for project in candidates):
            needs = "或".join(kind.label for kind in KINDS.values() if kind.budget)
            what = f"这个项目只有{labels}（{forms}），没有{needs}可放资金执行"
            row.mistake(names.PROJECT, what, f"请在“项目”表里补上{needs}一行，或删去这一行")
        else:
            row.mistake(names.UNIT, "“项目”表里没有这个实施单位的同名项目", "请核对实施单位")

    @staticmethod
    def _broken(row: Row, projects: Iterable[Project]) -> None:
        """Whose a row may be is not produced without it; the first of them is told of it."""
        for number, project in enumerate(projects):
            project.broken = True
            if not number:
                project.told(row)
        row.mistakes.clear()


def _of_form(projects: Iterable[Project], wanted: Wanted) -> list[Project]:
    """Those that may have the form a row names; those that surely have it, if there are."""
    if wanted == NONE:
        return list(projects)
    sure = [project for project in projects if wanted.form and project.form == wanted.form]
    return sure or [
        project for project in projects if None in (wanted.form, project.form) and (project.kind in (None, wanted.kind))
    ]


def _fitting(candidates: list[Project], wanted: Wanted, unit: str, with_budget: bool) -> list[Project]:
    fitting = [project for project in _of_form(candidates, wanted) if not unit or name_key(project.unit) == unit]
    if not with_budget:
        return fitting
    fitting = [project for project in fitting if project.may_have_budget]
    return [project for project in fitting if project.kind] or fitting
