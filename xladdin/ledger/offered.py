"""What the drop-downs of a ledger offer: forms, newest first, and the levels of indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from ..domain.kinds import DECLARATION, EVALUATION
from ..domain.records import BUDGET_ITEMS
from ..errors import XladdinError
from ..form.catalogue import forms
from . import columns as names

MAX_LIST = 255  # characters of a drop-down typed into a cell rule
# 一级指标 → its 二级指标: those of 财预〔2021〕101号, with 成本指标 below 产出指标 as in 财预〔2013〕53号; then
# those of Shanghai's form of 2020
LEVELS = {
    "成本指标": ("经济成本指标", "社会成本指标", "生态环境成本指标"),
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
    "投入与管理": ("投入管理", "财务管理", "资产管理", "实施管理"),
    "产出目标": ("数量", "质量", "时效", "成本"),
    "效果目标": ("经济效益", "社会效益", "环境效益", "满意度"),
    "影响力目标": ("长效管理", "人力资源", "部门协助", "配套设施", "信息共享"),
}


def offered(column: str) -> list[str]:
    """The choices that can be typed into a cell's rule; none where there are none, or where they depend."""
    if column == names.MONEY_UNIT:
        return ["元", "万元"]
    if column == names.FORM:
        return list(_fitting(form.name for form in sorted(forms(), key=lambda form: form.years, reverse=True)))
    if column == names.ITEM:
        return list(BUDGET_ITEMS)
    return list(LEVELS) if column == names.LEVEL1 else []


def forms_by_kind() -> tuple[list[str], list[str]]:
    """What 表式 says where it declares, and where it evaluates: the names of forms and what people call their kind."""
    declaring, evaluating = (
        [kind.label, *(form.name for form in forms() if form.kind == kind.name)] for kind in (DECLARATION, EVALUATION)
    )
    return declaring, evaluating


def forms_without(field: str) -> list[str]:
    """The names of the forms on which that field is not printed; a template that cannot be used is none of them."""
    found = []
    for form in forms():
        with suppress(XladdinError):
            if (field,) not in form.template.paths:
                found.append(form.name)
    return found


def _fitting(choices: Iterable[str]) -> Iterator[str]:
    length = -1
    for choice in choices:
        if "," not in choice and length + len(choice) < MAX_LIST:
            length += len(choice) + 1
            yield choice
