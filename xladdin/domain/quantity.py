"""A figure as people write it into 实际完成值 when they do not copy the target's writing: bounds, ranges, words, units.

Read by Python alone. What does not fit the grammar whole is no quantity: nothing is picked out of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .notation import fold, is_odd
from .units import split_scale

COPIED, ODD, SEVERAL, RECKONED, QUALIFIED, WORDS, UNREAD = (
    "copied",
    "odd",
    "several",
    "sum",
    "qualified",
    "words",
    "unread",
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What an actual may amount to: from low to high (None: no limit), each open or not, in `unit` ("": none said).

    A plain figure has low = high. scaled: whether 万 or the like was written, which low and high count in; done: it
    says 完成, which of a rate may mean how much of the target was done.
    """

    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    open: bool = False
    scaled: bool = False
    done: bool = False


_NUMBER = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_NUMERAL = r"[零一二两三四五六七八九十百千万亿]+"
_WORD = r"[^0-9()~—–<>=≥≤|,.。;，；:余多几来\-]"
_UNIT = rf"(?:\((?P<{{0}}b>[^()0-9]{{{{1,8}}}})\)|(?P<{{0}}u>{_WORD}{{{{0,10}}}}?(?:/[^0-9()~—–|,.。;\-]{{{{1,6}}}})?))"
_LEAD = (
    r"(?:(?:本年度?|全年度?|年度|共计?|总共|合计|实际|已经|已)*(?P<done>完成|开展|举办|举行|组织|召开|建成|发放|制作|培训|服务)"
    r"(?:了|共)?|(?:全年|本年度?|年度|实际|已)*(?:达到|达|实现|为|是)|(?:共计?|总共|合计|实际|全年|本年度?)+)?"
)
_BOUNDS = {  # which end of what may be, and whether the figure itself is left out
    ("low", False): "至少|不低于|不少于|不小于|最少",
    ("low", True): "超过|超|高于|大于|多于|逾",
    ("high", False): "不超过|未超过|不高于|不大于|不多于|最多|至多|控制在",
    ("high", True): "低于|少于|小于|不足|不到|不满",
}
_PREFIX = {word: bound for bound, words in _BOUNDS.items() for word in words.split("|")}
_SUFFIX = {"及以上": "low", "以上": "low", "及以下": "high", "以下": "high", "以内": "high", "之内": "high"}
_ONE = re.compile(
    _LEAD
    + "(?P<bound>" + "|".join(sorted(_PREFIX, key=len, reverse=True)) + ")?"
    + f"(?P<number>{_NUMBER}|{_NUMERAL})(?P<more>[余多])?(?P<scale>[十百千]?[万亿]|[百千](?=[余多]))?(?P<more2>[余多])?"
    + _UNIT.format("")
    + r"(?P<more3>余|多)?(?P<side>" + "|".join(_SUFFIX) + r")?"
)  # fmt: skip
_RANGE = re.compile(
    _LEAD
    + f"(?P<one>{_NUMBER})" + _UNIT.format("o") + r"(?:~|-|—+|–|至|到)"
    + f"(?P<two>{_NUMBER})" + _UNIT.format("t") + r"(?:之间)?"
)  # fmt: skip
_HUNDREDTHS = re.compile(rf"(百|千)分之({_NUMERAL}|{_NUMBER})")
_SIGN = re.compile(r"[<>=≥≤≧≦⩾⩽≮≯]")
_ARITHMETIC = re.compile(r"[0-9][^0-9]*[+×*÷/∕⁄:](?=[^0-9]*[0-9])|[0-9]-[0-9]")
_QUALIFIED = re.compile(
    "约|大概|近|左右|上下|差不多|估计|许|以上|以下|以内|不足|不到|余|多|几|来|若干|数十|上[百千]|计划|预计|拟|预期|未|没有|其中|截至|截止"
    "|部分|累计|力争|争取|目标|应|待|尚|增长|提高|增加|下降|减少|降低|每"
)
_GROUPS = re.compile(r"[0-9][0-9,.]*(?:[eE][+-]?[0-9]+)?")
_END = "。.;,、:!;，；：！"


@lru_cache(maxsize=2048)
def quantity(actual: str) -> Quantity | str:
    """An actual as a Quantity, or a word for why it is none: copied, odd, several, sum, qualified, words, unread."""
    text = fold(actual)
    text = _HUNDREDTHS.sub(lambda match: match[2] + ("%" if match[1] == "百" else "‰"), text)
    text = text.rstrip(_END).removesuffix("(已完成)")
    if _SIGN.search(text):
        return COPIED
    return _range(text) or _one(text) or _why(text)


def _one(text: str) -> Quantity | None:
    match = _ONE.fullmatch(text)
    number = _number(match["number"]) if match else None
    if match is None or number is None:
        return None
    numeral = match["number"][-1] not in "0123456789."
    scale, unit = (
        split_scale(match["b"] or match["u"]) if not match["scale"] else (Decimal(1), match["b"] or match["u"])
    )
    if numeral and (scale != 1 or match["scale"]) or match["more"] and match["more2"]:
        return None
    if match["scale"]:
        scale = split_scale(match["scale"])[0]
    figure = number * scale
    more = match["more"] or match["more2"] or match["more3"]
    bound, side = match["bound"], match["side"]
    if sum(map(bool, (more, bound, side))) > 1 and not (bound == "控制在" and side in ("以内", "之内", "以下")):
        return None
    limit, is_open = _PREFIX[bound] if bound else (_SUFFIX[side] if side else "low" if more else None, False)
    low, high = (figure if limit != "high" else None), (figure if limit != "low" else None)
    if is_odd(unit) or _QUALIFIED.search(unit):
        return None
    return Quantity(text, low, high, unit, is_open, scale != 1, bool(match["done"]))


def _range(text: str) -> Quantity | None:
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    one, two = match["ob"] or match["ou"], match["tb"] or match["tu"]
    if one and two and one != two:
        return None
    scale, unit = split_scale(one or two)
    low, high = (Decimal(match[name].replace(",", "")) * scale for name in ("one", "two"))
    like_a_day = not unit and scale == 1 and low <= 12 and high <= 31
    return (
        None
        if low >= high or like_a_day
        else Quantity(text, low, high, unit, scaled=scale != 1, done=bool(match["done"]))
    )


_ONES = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def _number(text: str) -> Decimal | None:
    """A figure, Arabic or in Chinese numerals by place (九十五, 一百零三); None for a row of digits (一二三)."""
    if text[-1] in "0123456789." or text[0] in "-0123456789.":
        return Decimal(text.replace(",", ""))
    whole, section, digit = 0, 0, None
    last = ""
    for char in text:
        if char in _ONES:
            if digit is not None and digit != 0 or char == "零" and last == "零":
                return None
            digit = _ONES[char]
        elif char in _TENS:
            if digit is None and (char != "十" or section):
                return None
            section += (1 if digit is None else digit) * _TENS[char]
            digit = None
        else:
            section += digit or 0
            if not section:
                return None
            whole, section, digit = (whole + section) * (10_000 if char == "万" else 100_000_000), 0, None
        last = char
    if digit and text[-2:-1] in tuple("百千万亿"):  # 三万五 is 35000 to some, 30005 to others
        return None
    return Decimal(whole + section + (digit or 0))


def _why(text: str) -> str:
    if is_odd(text):
        return ODD
    if _QUALIFIED.search(text):
        return QUALIFIED
    groups = len(_GROUPS.findall(text))
    if not groups:
        return WORDS
    if _ARITHMETIC.search(text):
        return RECKONED
    return SEVERAL if groups > 1 else UNREAD
