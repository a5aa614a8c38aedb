"""The labels printed on forms: every wording of a field, and the canonical name it stands for."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_LABEL = 60

# canonical name → the wordings forms print; the first is what messages show
SYNONYMS: dict[str, tuple[str, ...]] = {
    "project": ("项目名称", "项目（政策）名称", "政策和项目名称", "专项名称"),
    "category": ("项目类别",),
    "nature": ("项目性质", "项目属性"),
    "department": ("主管部门", "项目主管部门", "主管部门名称", "主管部门及代码", "主管部门（单位）", "主管单位"),
    "unit": ("实施单位", "项目实施单位", "申报单位名称", "申报单位", "项目申报单位", "项目单位", "单位名称", "预算单位",
             "资金使用单位"),
    "start": ("计划开始日期", "计划开始时间", "项目开始日期", "开始日期", "开始时间"),
    "end": ("计划完成日期", "计划完成时间", "计划结束日期", "项目完成日期", "项目结束日期", "完成日期", "结束日期",
            "完成时间", "结束时间"),
    "period": ("起止日期", "起止时间", "项目起止日期", "项目起止时间", "计划起止日期", "项目期"),
    "money_unit": ("金额单位",),
    "fund_block": ("项目资金", "项目资金安排", "资金情况", "项目预算", "预算执行情况", "项目资金情况", "年度资金"),
    "funds.total": ("项目资金总额", "项目总额", "中期资金总额"),
    "funds.fiscal": ("财政资金", "财政拨款"),
    "funds.other": ("其他资金",),
    "funds.annual_total": ("年度资金申请总额", "年度资金总额", "年度资金合计", "年度财政资金总额", "年度申请资金总额"),
    "funds.annual_fiscal": ("当年财政拨款", "本年财政拨款", "当年财政资金", "年度财政资金"),
    "funds.annual_carryover": ("上年结转资金", "上年结转", "结转资金", "上年结转结余资金"),
    "goal_block": ("项目绩效目标", "绩效目标", "总体目标", "项目总体绩效目标"),
    "overall_goal": ("项目总目标", "总目标及阶段性目标", "总目标", "项目总体目标", "中期目标"),
    "annual_goal": ("年度总体目标", "年度总目标", "年度目标", "年度绩效目标", "年度总体绩效目标", "预期目标", "预算目标",  # noqa: E501
                    "年初设定目标", "年初预期目标", "年度预期目标"),
    "actual_result": ("实际完成情况", "目标实际完成情况", "全年实际完成情况", "年度总体目标完成情况", "全年完成情况"),
    "indicator_block": ("绩效指标", "年度绩效指标", "绩效指标体系"),
    "level1": ("一级指标", "一级目标"),
    "level2": ("二级指标", "二级目标"),
    "name": ("三级指标", "三级目标", "三级指标名称"),
    "target": ("指标值", "指标目标值", "年度指标值", "年度（/项目）指标值", "年初目标值", "目标值", "年初指标值",
               "年度目标值", "项目指标值", "预期指标值", "年度绩效指标值"),
    "actual": ("实际完成值", "全年完成值", "完成值", "业绩值", "全年实际完成值", "实际完成指标值", "年度完成值"),
    "weight": ("分值", "权重", "指标分值", "权重分"),
    "score": ("得分", "自评得分", "评分", "自评分"),
    "reason": ("偏差原因分析及改进措施", "偏差原因", "未完成原因和改进措施", "未完成原因及改进措施", "偏差原因分析",
               "偏差大或目标未完成原因分析", "评分说明", "未完成原因分析"),
    "initial": ("年初预算数", "年初预算", "年初预算金额"),
    "budget": ("全年预算数", "预算数", "全年预算", "调整后预算数"),
    "executed": ("全年执行数", "执行数", "全年执行", "全年支出数"),
    "rate": ("执行率", "预算执行率", "全年执行率"),
    "grade": ("等级", "自评等级", "评价等级", "绩效等级", "评定等级", "自评结论"),
    "total": ("总分", "合计", "总计", "总得分", "合计得分", "总分合计"),
    # printed beside fields we read; known only so that they are never taken for a value
    "other": ("项目编号", "项目编码", "项目代码", "项目负责人", "负责人", "联系人", "联系电话", "电话", "项目类型",
              "部门名称", "填报日期", "填表日期", "本项目上年度市级财政资金使用情况", "改进措施及结果应用方案"),
}  # fmt: skip

_OUT = re.compile(r"[\W_]+")
_TAIL = re.compile(r"[\s:：;；]*[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕][\s:：]*$")
_HEAD = re.compile(
    r"^\s*(?:其中\s*[:：]?|[一二三四五六七八九十]+[、.]|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.])\s*"
)
_YEAR = re.compile(r"^\d{4}年")
_UNIT = re.compile(r"[(\[【](?:金额)?(?:单位)?:?(?:人民币)?:?(万元|元)[)\]】]|单位:?(?:人民币)?:?(万元|元)(?![\w])")
_UNIT_LINE = re.compile(r"[(\[【]?(?:金额|货币)?单位:?(?:人民币)?:?(?:万元|元)[)\]】]?")


@lru_cache(maxsize=16384)
def normalise(text: str) -> str:
    """The text with full-width forms folded and all white space and punctuation out; "" if too long for a label."""
    if len(text) > LONGEST_LABEL:
        return ""
    return _OUT.sub("", unicodedata.normalize("NFKC", text))


def without_tail(text: str) -> str:
    """The text without bracketed tails such as （万元） （A） (50分) （2021年-2021年） and a closing colon."""
    while (match := _TAIL.search(text)) and match.start():
        text = text[: match.start()]
    return text.strip().rstrip(":：").rstrip()


def without_head(text: str) -> str:
    """The text without 其中： or a numbering such as 一、 (1) before it."""
    while (match := _HEAD.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text


@lru_cache(maxsize=16384)
def label_key(text: str) -> str:
    """The normalised core of a label: no bracketed tail, no 其中：. "" when the text cannot be a label."""
    if len(text) > LONGEST_LABEL:
        return ""
    return normalise(without_tail(without_head(text)))


_WORDINGS = {normalise(wording): name for name, wordings in SYNONYMS.items() for wording in wordings}


@lru_cache(maxsize=16384)
def canonical(text: str) -> str | None:
    """The canonical name a text is a label of, or None."""
    whole = normalise(text)
    if not whole:
        return None
    key = label_key(text)
    found = _WORDINGS.get(whole) or _WORDINGS.get(key)
    if found or not key:
        return found
    if _YEAR.match(key):
        rest = key[5:]
        return _WORDINGS.get(rest) or _WORDINGS.get("年" + rest)
    if key[-1].isdigit():
        return _WORDINGS.get(key.rstrip("0123456789"))
    return None


def wording(name: str) -> str:
    """How messages call a canonical name."""
    return SYNONYMS[name][0] if name in SYNONYMS else name.removeprefix("extra.")


@lru_cache(maxsize=4096)
def money_unit(text: str) -> str | None:
    """元 or 万元 when a label names it: 项目资金(万元), 单位：万元, 项目总预算（元）：."""
    if len(text) > LONGEST_LABEL:
        return None
    match = _UNIT.search("".join(unicodedata.normalize("NFKC", text).split()))
    return match and (match[1] or match[2])


@lru_cache(maxsize=4096)
def is_unit_line(text: str) -> bool:
    """Whether a text is nothing but a money unit: 单位：万元, （金额单位：元）."""
    return len(text) <= 20 and bool(_UNIT_LINE.fullmatch("".join(unicodedata.normalize("NFKC", text).split())))
