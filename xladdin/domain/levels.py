"""一级指标 and 二级指标 of three generations of forms (before, by and after 财预〔2021〕101号) under one name each."""

from __future__ import annotations

import re
from functools import lru_cache

from .labels import normalise

_POINTS = re.compile(r"\d+分$")  # 产出指标（50分）
_FIRST = {
    "效果": "效益", "项目效益": "效益", "项目效果": "效益", "项目完成": "产出", "项目产出": "产出", "完成": "产出",
    "服务对象满意度": "满意度", "受益对象满意度": "满意度", "社会公众满意度": "满意度", "群众满意度": "满意度",
    "投入": "成本",
}  # fmt: skip
_SECOND = {
    "产出数量": "数量", "产出质量": "质量", "产出时效": "时效", "产出进度": "时效", "进度": "时效",
    "产出成本": "成本", "环境效益": "生态效益", "生态": "生态效益", "经济": "经济效益", "社会": "社会效益",
    "长效管理": "可持续影响", "影响力": "可持续影响", "可持续": "可持续影响",
    "满意度": "服务对象满意度", "受益对象满意度": "服务对象满意度",
}  # fmt: skip


@lru_cache(maxsize=4096)
def first_level(text: str | None) -> str:
    """产出 for 产出指标 and 产出目标, 效益 for 效果目标; "" for none."""
    name = _short(text)
    return _FIRST.get(name, name)


@lru_cache(maxsize=4096)
def second_level(text: str | None) -> str:
    """数量 for 数量指标 and 产出数量, 时效 for 进度指标; "" for none."""
    name = _short(text)
    return _SECOND.get(name, name)


def _short(text: str | None) -> str:
    name = _POINTS.sub("", normalise(text or ""))
    for ending in ("指标", "目标"):
        name = name.removesuffix(ending) or name
    return name
