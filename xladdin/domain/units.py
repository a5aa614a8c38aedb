"""Units of 指标值 and 实际完成值: spellings of one unit, counting words that mean the same, exact conversions.

Only what converts exactly stands in one family: 工作日, 天 and 月 do not, nor do 小时 and 天 (a working day has
eight). Factors are of law (法定计量单位; 1 公顷 = 15 亩) or of the calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

SHARE_WORDS = ("百分比", "百分率")

# one unit in several spellings, the first as it is known here
SPELLINGS = (
    ("公里", "千米", "km"),
    ("米", "m"),
    ("分米", "dm"),
    ("厘米", "公分", "cm"),
    ("毫米", "mm"),
    ("公斤", "千克", "kg"),
    ("克", "g"),
    ("毫克", "mg"),
    ("吨", "t"),
    ("平方公里", "平方千米", "km²", "km2", "㎢"),
    ("平方米", "平米", "m²", "m2", "㎡"),
    ("公顷", "hm²", "hm2", "ha"),
    ("立方米", "m³", "m3", "㎥"),
    ("升", "l"),
    ("毫升", "ml"),
    ("个月", "个自然月"),
    ("季度", "季", "个季度"),
    ("年", "年度", "个年度", "个自然年"),
    ("天", "日", "自然日", "个自然日", "日历天"),
    ("周", "星期", "个星期"),
    ("工作日", "个工作日"),
    ("小时", "个小时", "h"),
    ("分钟", "min"),
    ("秒", "秒钟"),
    ("份", "份数"),
    ("件", "件数"),
    ("户", "户数"),
    ("批", "批次"),
    ("%", *SHARE_WORDS),
)

# counting words that are judged alike, without conversion
ALIKE = (("场", "次", "场次", "次数"), ("人", "人次", "名", "位", "人数"), ("所", "家", "个"))

_ONE_SIGN = "个人名位次场份件套台辆艘架本册部篇条项期批组对户家所处座间栋幢块张片株棵头只匹盏支枚瓶箱袋盒包段宗例起桩节"
_LONGER = ("人次", "人数", "场次", "次数", "批次", "课时", "学时", "班次", "车次", "台次", "件次")
COUNTING = frozenset((*_ONE_SIGN, *_LONGER))

FAMILIES = {
    "长度": {"毫米": "0.001", "厘米": "0.01", "分米": "0.1", "米": "1", "公里": "1000"},
    "质量": {"毫克": "0.001", "克": "1", "斤": "500", "公斤": "1000", "吨": "1000000"},
    "面积": {"平方米": "0.0015", "亩": "1", "公顷": "15", "平方公里": "1500"},
    "体积": {"毫升": "0.001", "升": "1", "立方米": "1000"},
    "天数": {"天": "1", "周": "7"},
    "月数": {"个月": "1", "季度": "3", "年": "12"},
    "钟点": {"秒": "1", "分钟": "60", "小时": "3600"},
    "比率": {"‰": "0.1", "%": "1"},
}
PERIODS = frozenset(("天", "周", "月", "个月", "季度", "年", "半年", "旬", "学期"))  # 次/月 counts within one

_SAME = {spelling: names[0] for names in SPELLINGS for spelling in names}
_GROUP = {word: words[0] for words in ALIKE for word in words}
_FACTOR = {unit: (family, Decimal(factor)) for family, units in FAMILIES.items() for unit, factor in units.items()}
_SCALE = re.compile(r"(?P<scale>[十百千]?[万亿]|百(?!分)|千(?![克米瓦伏卡帕赫]))")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit taken apart: 万人次/年 is 10000, 人次 and 年; word and per as they are known here."""

    scale: Decimal
    word: str
    per: str = ""


def split_scale(unit: str) -> tuple[Decimal, str]:
    """The scale at the head of a unit, and the rest: 10000 and 人次 of 万人次, 1 and 千克 of 千克."""
    match = _SCALE.match(unit)
    scale = Decimal(1)
    for char in match["scale"] if match else "":
        scale *= _SCALES[char]
    return scale, unit[match.end() :] if match else unit


@lru_cache(maxsize=2048)
def unit_of(text: str | None) -> Unit:
    """A unit as printed, brackets and all, taken apart."""
    text = (text or "").strip("()")
    scale, rest = split_scale(text)
    word, _, per = rest.partition("/")
    return Unit(scale, _known(word), _known(per.removeprefix("每")))


def _known(word: str) -> str:
    return _SAME.get(word) or _SAME.get(word.lower()) or word


def spellings(word: str) -> tuple[str, ...]:
    """Every way of writing a unit, itself among them."""
    return next((names for names in SPELLINGS if word in names), (word,))


def alike(one: str, other: str) -> bool:
    """Whether two words, as known here, count the same: 场 and 次, 人次 and 人."""
    return one == other or one in _GROUP and _GROUP[one] == _GROUP.get(other)


def conversion(source: str, target: str) -> tuple[Decimal, Decimal] | None:
    """What a figure in `source` is to be multiplied with, and then divided by, to be in `target`; None: not exact."""
    if alike(source, target):
        return Decimal(1), Decimal(1)
    one, other = _FACTOR.get(source), _FACTOR.get(target)
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1], other[1]


def measured(word: str) -> bool:
    """Whether a word belongs to a family of measures."""
    return word in _FACTOR
