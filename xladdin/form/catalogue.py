"""The forms there are: one template workbook each, shipped or from the user's own folder."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain import fields, kinds
from ..domain.kinds import KINDS
from ..domain.labels import normalise
from ..domain.profile import Profile
from ..domain.records import BUDGET_ITEMS, Record, shortened
from ..errors import Place, RefusedFile, TemplateError, UnknownForm, XladdinError
from ..files import FOLDER_VARIABLE, digest_of, shipped_folder, user_folder
from ..profiles import profile

GROUPS = (("指标", "一级指标"), ("指标", "二级指标"))
INDEX = "汇总表"
_INDEX = "index"  # the kind of its template, which no record has
NO_UNIT = "未注明"
OPEN_END = 9999  # the last year of a form that is in use from its first year on
TOTALS = {"元合计": "元", "万元合计": "万元", "未注明合计": NO_UNIT}
INDEX_COLUMNS = ("年度资金总额", "当年财政拨款", "上年结转资金", "其他资金", "全年执行数")
_PROJECT = {"序号", "年度", "项目名称", "主管部门", "实施单位", "表式", "金额单位", "总分", *INDEX_COLUMNS}
_INDEX_WORDS: dict[str, Any] = dict.fromkeys(TOTALS, set(INDEX_COLUMNS)) | {"项目": _PROJECT}


if TYPE_CHECKING:
    from ..workbook.template import Template
    from .printed import Printed


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name, its kind's name, first and last year (OPEN_END: still in use), money unit (元, 万元 or None),
    source of the layout, template file, scoring profile and the 自评表 that follows a declaration."""

    name: str
    kind: str
    years: tuple[int, int]
    money_unit: str | None
    basis: str
    path: Path
    profile: str | None = None
    successor: str | None = None
    shipped: bool = field(default=False, compare=False)

    @property
    def stamp(self) -> int:
        """When its template was changed; 0 for a shipped one, which stays as it is while the program runs."""
        return 0 if self.shipped else self.path.stat().st_mtime_ns

    @property
    def suffix(self) -> str:
        """.xlsx, or .xlsm for a template with macros."""
        return self.path.suffix.lower()

    @property
    def template(self) -> Template:
        """The compiled template."""
        return compiled(self.path, self.stamp)

    @property
    def digest(self) -> str:
        """SHA-256 of the template."""
        return _digest(self.path, self.stamp)


def forms() -> list[Form]:
    """The forms shipped and those of the user's folder, by kind, year and name."""
    return [form for form in _known().values() if form.kind != _INDEX]


def find_form(name: str) -> Form:
    """The form of that name. Raises UnknownForm listing what there is."""
    known = _known()
    if name in (broken := _shelf().broken):
        raise broken[name]
    if name in known:
        return known[name]
    raise UnknownForm(f"没有名为“{shortened(name)}”的表式", advice=f"可用：{'、'.join(form.name for form in forms())}")


def troubles() -> list[XladdinError]:
    """Why templates of the user's folder cannot be used; the others can."""
    return list(_shelf().broken.values())


def form_named(name: str | None) -> Form | None:
    """The form of that name, None where there is none."""
    return _known().get(name) if name else None


def form_for(record: Record, name: str | None = None) -> Form:
    """The form a record is filled into: `name`, else its own, else the one usual for its kind and year.

    The money unit has no say: amounts are converted. Raises UnknownForm, also when the form is of the other kind.
    """
    chosen = name or record.form
    if not chosen:
        return usual_form(record.kind, record.year, profile_of(record))
    form = find_form(chosen)
    if form.kind != record.kind:
        both = "，".join(f"一个是{label.removesuffix('表')}" for label in _labels(record.kind, form.kind))
        raise UnknownForm(f"“{record.project}”不能填入{form.name}：{both}", advice="请改选同类表式")
    return form


def usual_form(kind: str, year: int | None, rules: Profile) -> Form:
    """The form of a kind and year where nobody named one: the user's own, the one the region uses, the newest.

    A year after the newest form's takes the newest, one before the oldest's the oldest (off_year() says so).
    Raises UnknownForm.
    """
    every = [form for form in forms() if form.kind == kind]
    own = [form for form in every if form.path.parent == user_folder()]
    label = kinds.kind_named(kind).label
    usual = [find_form(rules.forms[label])] if label in rules.forms else every
    if any(form.kind != kind for form in usual):
        raise UnknownForm(f"规则“{rules.name}”所指的{usual[0].name}不是{label}", advice="请改正规则文件里的 forms")
    for pool in (own, usual):
        fitting = [form for form in pool if year is None or form.years[0] <= year <= form.years[1]]
        if fitting:
            return max(fitting, key=_age)
    pool = usual if usual is every else own + usual
    if not pool:
        raise UnknownForm(f"没有可用的{label}", advice="请检查模板文件夹")
    earlier = [form for form in pool if year is not None and form.years[1] < year]
    return max(earlier, key=_age) if earlier else min(pool, key=lambda form: form.years)


def off_year(form: Form, year: int | None) -> str:
    """What is to be said where a form is used for a year it was not made for; "" where it was."""
    if year is None or form.years[0] <= year <= form.years[1]:
        return ""
    return f"没有 {year} 年的表，用了 {form.name}"


def _age(form: Form) -> tuple[int, int, bool]:
    """Sort key: the newer form is the greater one; of two alike the user's own."""
    return form.years[1], form.years[0], form.path.parent == user_folder()


def profile_of(record: Record, override: Profile | str | None = None, form: Form | None = None) -> Profile:
    """The rules a record is scored and judged by, as they stood in its year.

    override: a Profile, the name of one, or a .toml file; else those that the form (default: the record's) names.
    Raises UnknownForm, BadValue for a bad profile.
    """
    if isinstance(override, Profile):
        return override
    form = form or form_named(record.form)
    return profile(override or (form and form.profile), record.year, user_folder())


def silent_unit(form: Form) -> str | None:
    """The money unit of a form that has one and does not print it (2021申报表: 元); None for all others."""
    return None if _printed(form).says_unit else form.money_unit


def _printed(form: Form) -> Printed:
    from .printed import printed

    return printed(form.path, form.stamp)


def printed_forms() -> tuple[tuple[Form, Printed], ...]:
    """The forms, each with what it prints as its template now stands."""
    return _prints().forms


def extra_names() -> frozenset[str]:
    """Names of the labelled fields that only some forms have."""
    return _prints().extras


def known_labels() -> dict[str, str]:
    """Normalised label → field, for the recogniser: the fields single forms have, and those of added kinds."""
    return _prints().labels | kinds.labels_of()


def _prints() -> _Prints:
    shelf = _shelf()
    return _prints_of(shelf, tuple(form.stamp for form in shelf.forms.values()))


@lru_cache(maxsize=8)
def _prints_of(shelf: _Shelf, _stamps: tuple[int, ...]) -> _Prints:
    found = tuple((form, _printed(form)) for form in shelf.forms.values() if form.kind != _INDEX)
    extras = frozenset(fields.EXTRA_2020).union(*(printed.extras for _, printed in found))
    return _Prints(found, extras, {normalise(name): f"extra.{name}" for name in extras})


def _kind_meant(label: str | None) -> str | None:
    """The kind that the 表式类型 of a template names."""
    return next((kind.name for kind in KINDS.values() if kind.label == label), _INDEX if label == INDEX else None)


def _labels(*names: str) -> list[str]:
    """What those kinds are called, in the order of the table."""
    return [kind.label for kind in KINDS.values() if kind.name in names] + [INDEX] * (_INDEX in names)


def _words(name: str) -> dict[str, Any]:
    """What the expressions of a kind's templates may name."""
    if name == _INDEX:
        return _INDEX_WORDS
    kind = kinds.kind_named(name)
    budget = dict.fromkeys(BUDGET_ITEMS, set(kind.budget.columns)) if kind.budget else {}
    return dict.fromkeys(kind.words) | budget | {"指标": set(kind.indicators.columns), fields.EXTRA: ...}


@cache
def _digest(path: Path, _stamp: int) -> str:
    return digest_of(path)


@cache
def compiled(path: Path, _stamp: int) -> Template:
    """The template at `path`, compiled once a process. Raises TemplateError with sheet and cell, whatever is wrong."""
    from ..workbook.template import compile_template

    kind = _kind_meant(_properties(path).get("表式类型"))
    if kind is None:
        raise TemplateError("模板没有说明表式类型", Place(file=path.name), _how())
    return compile_template(path, _words(kind), frozenset({"指标", "项目"}), GROUPS)


def _how() -> str:
    labels = "/".join(kind.label for kind in KINDS.values())
    where = "请在 Excel 的 文件→信息→属性→高级属性→自定义 中填写"
    return f"{where} 表式名称、表式类型（{labels}）、适用年度、金额单位、依据"


def _properties(path: Path) -> Mapping[str, str]:
    from ..workbook.door import properties_of

    return properties_of(path)


@dataclass(frozen=True, slots=True)
class _Prints:
    """What the forms print, the names of the labelled fields that only some have, and the fields by their labels."""

    forms: tuple[tuple[Form, Printed], ...]
    extras: frozenset[str]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """The forms by name, and what is wrong with the user's templates that cannot be used, by name."""

    forms: dict[str, Form]
    broken: dict[str, XladdinError]


def _known() -> dict[str, Form]:
    """All forms by name."""
    return _shelf().forms


def _shelf() -> _Shelf:
    """All forms, looked up anew when a template was added to the user's folder."""
    folder = user_folder()
    if folder is not None and not os.path.isdir(folder):
        raise RefusedFile(
            "找不到模板文件夹",
            Place(file=str(folder)),
            f"请检查 --templates 写的文件夹，或 {FOLDER_VARIABLE} 的设置",
        )
    return _all(folder, folder.stat().st_mtime_ns if folder else 0)


@cache
def _all(folder: Path | None, _stamp: int) -> _Shelf:
    found: dict[str, Form] = {}
    broken: dict[str, XladdinError] = {}
    for place in (shipped_folder(), folder):
        for path in sorted(place.glob("*.xls[xm]")) if place else ():
            if path.name.startswith("~$"):
                continue
            name = path.stem
            try:
                form = form_at(path)
                name = form.name
                if place == folder:  # one bad template must not be in the way of the others
                    compiled(path, form.stamp)
                else:
                    form = replace(form, shipped=True)
            except XladdinError as error:
                broken[name] = error
            else:
                found[name] = form
    return _Shelf(dict(sorted(found.items(), key=lambda item: (item[1].kind, item[1].years, item[0]))), broken)


def years_meant(text: str) -> tuple[int, int] | None:
    """First and last year of 适用年度: 2021, 2021-2023, 2026- (from then on: the last is OPEN_END). None: neither."""
    match = re.fullmatch(r"([0-9]{4})(?:([-—~～至])([0-9]{4})?)?", "".join(text.split()))
    if not match:
        return None
    last = match[3] or (OPEN_END if match[2] else match[1])
    return int(match[1]), int(last)


def form_at(path: Path) -> Form:
    """The form whose template lies there. Raises TemplateError where it does not say what it is."""
    says = _properties(path)
    years = years_meant(says.get("适用年度", ""))
    kind = _kind_meant(says.get("表式类型"))
    if kind is None or not years or not says.get("表式名称"):
        raise TemplateError("模板没有说清表式名称、表式类型、适用年度", Place(file=path.name), _how())
    unit = says.get("金额单位")
    return Form(
        name=says["表式名称"],
        kind=kind,
        years=years,
        money_unit=unit if unit in ("元", "万元") else None,
        basis=says.get("依据", ""),
        path=path,
        profile=says.get("计分规则") or None,
        successor=says.get("对应自评表") or None,
    )
