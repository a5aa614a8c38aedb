"""What the words of a text show of levels: which are levels at all, which belong together, what names hint at.

The words are those of the forms of 财预〔2015〕88号, 财预〔2021〕101号 and of Shanghai's form of 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..domain.labels import normalise, without_tail
from ..domain.levels import first_level, second_level

# 一级指标 → its 二级指标, each under the short name that domain.levels gives it
FAMILIES = {
    "产出": ("数量", "质量", "时效", "成本"),
    "成本": ("经济成本", "社会成本", "生态环境成本", "成本"),
    "效益": ("经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度"),
    "满意度": ("服务对象满意度",),
    "投入与管理": ("投入管理", "财务管理", "实施管理", "资产管理"),
    "影响力": ("人力资源", "可持续影响", "部门协助", "配套设施", "信息共享"),
    "过程": ("资金管理", "组织实施", "业务管理", "财务管理"),
    "决策": ("项目立项", "绩效目标", "资金投入"),
}
_SECOND = {second for family in FAMILIES.values() for second in family}
_FIRST_ONLY = {"产出", "效益", "投入与管理", "影响力", "过程", "决策"}
_ENDING = re.compile(r"(?:指标|目标)$")
# which words in the name of an indicator hint at which 二级指标, the surest first
_HINTS = (
    ("服务对象满意度", re.compile("满意")),
    ("时效", re.compile("及时|按时|按期|时效|时间|进度|周期")),
    ("数量", re.compile(r"(?:数|数量|次数|人次|份数|个数|场次|项数|户数)(?:[(（].*[)）])?$")),
    ("质量", re.compile("准确|合格|达标|足额|规范|合规|(?<!生活)质量|通过率|有效率|备案率|持证率")),
    ("可持续影响", re.compile("健全|长效|可持续|机制")),
    ("成本", re.compile("成本|单价|费用|造价|补助标准")),
)


def is_first(text: str, beside_second: bool = False) -> bool:
    """Whether a text is a 一级指标; 成本指标 and 满意度 are one only where a 二级指标 stands beside them."""
    name = first_level(without_tail(text))
    if "对象" in text:
        return False
    if name in ("成本", "满意度"):
        return beside_second or name == "满意度" and bool(_ENDING.search(normalise(without_tail(text))))
    return name in _FIRST_ONLY and bool(_ENDING.search(normalise(without_tail(text))) or name.endswith("管理"))


def is_second(text: str) -> bool:
    """Whether a text is a 二级指标."""
    text = without_tail(text)
    return second_level(text) in _SECOND and len(normalise(text)) <= 12


def is_level(text: str) -> bool:
    """Whether a text is a level of either kind."""
    return is_second(text) or is_first(text, True)


def belong(first: str | None, second: str | None) -> bool:
    """Whether a 二级指标 stands under a 一级指标 in the forms; of what they do not know nothing is said."""
    family = FAMILIES.get(first_level(without_tail(first or "")))
    return family is None or second_level(without_tail(second or "")) in family or not is_second(second or "")


def family_of(second: str | None, like: str) -> str | None:
    """The one 一级指标 a 二级指标 stands under, ending as `like` does."""
    name = second_level(without_tail(second or ""))
    found = [first for first, family in FAMILIES.items() if name in family and first not in ("成本", "影响力")]
    if name == "服务对象满意度":
        found = ["满意度"]
    ending = _ENDING.search(normalise(without_tail(like)))
    return found[0] + (ending[0] if ending else "指标") if len(found) == 1 else None


def hinted(name: str, seconds: Iterable[str]) -> str | None:
    """Which of some 二级指标 the name of an indicator speaks for; "" for none of them, None where it says nothing."""
    found = next((second for second, words in _HINTS if words.search(name)), None)
    return found and next((text for text in seconds if second_level(without_tail(text)) == found), "")
