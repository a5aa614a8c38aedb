"""What the cells 金额单位 and 表式 of a row say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.kinds import KINDS, Kind
from ..domain.naming import name_key
from . import columns as names
from .row import Money, Row
from .sheet import Sheet

_AROUND = re.compile(r"^\(?(?:金额)?(?:单位)?:?(.*?)\)?$")
_UNITS = {
    "元": "元", "人民币": "元", "人民币元": "元", "元人民币": "元", "RMB": "元",
    "万": "万元", "万元": "万元", "人民币万元": "万元", "万元人民币": "万元",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What 表式 says: a form and its kind, or the kind alone (申报表)."""

    form: str | None = None
    kind: Kind | None = None


NONE = Wanted()


def money_unit(row: Row, sheets: Mapping[str, Sheet]) -> Money:
    """The unit of a project's amounts: as 金额单位 says, else as the headings of amounts do."""
    if row.waits(names.MONEY_UNIT):
        return Money(waits=True)
    text = row.text(names.MONEY_UNIT)
    if text is None:
        said = {unit for sheet in sheets.values() for unit in sheet.units.values()}
        return Money(said.pop() if len(said) == 1 else None, from_headings=True) if said else Money()
    bare = _AROUND.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    unit = _UNITS.get(bare[1]) if bare else None
    if unit is None:
        what = f"金额单位“{text.strip()}”不对"
        row.mistake(names.MONEY_UNIT, what, "请填 元 或 万元（金额照此换算好），或空着按表上的单位")
    return Money(unit)


def known_forms() -> dict[str, Wanted]:
    """The forms there are, by their names as they are compared."""
    from ..form.catalogue import forms

    return {name_key(form.name): Wanted(form.name, KINDS.get(form.kind)) for form in forms()}


def wanted_form(row: Row, forms: Mapping[str, Wanted]) -> Wanted:
    """What 表式 says; a form nobody knows comes without a kind."""
    text = row.text(names.FORM) or ""
    key = name_key(text)
    if not text or not key:
        return NONE
    if key in forms:
        return forms[key]
    meant = [kind for kind in KINDS.values() if key.endswith(kind.label) or key == kind.title]
    if len(meant) == 1 and not any(char.isdigit() for char in key):
        return Wanted(kind=meant[0])
    return Wanted(text.strip())
