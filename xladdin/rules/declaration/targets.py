"""How the 指标值 of a declaration are set: signs, percentages, measurable or not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...domain.levels import first_level, second_level
from ...domain.profile import Profile
from ...domain.records import Declaration, Indicator
from ...domain.target import Target, parse_target
from ..comparing import is_share, lower_is_better, name_prefers
from ..finding import INFO, WARNING, Found, rule
from ..prose import bare

_MANAGEMENT = "投入与管理"  # 2020: fixed indicators of procedure, qualitative by design


def _rows(form: Declaration) -> Iterator[tuple[int, Indicator, Target]]:
    for n, row in enumerate(form.indicators):
        yield n, row, parse_target(row.target)


def _level(row: Indicator) -> str:
    """成本, 满意度, … wherever the form's generation puts it."""
    second = second_level(row.level2)
    for group in ("成本", "满意度"):
        if group in second:
            return group
    return first_level(row.level1)


@rule(
    "D-Q1",
    "符号方向反了",
    WARNING,
    basis="成本越低越好，满意度、合格率越高越好（某审核产品口径；复核实例“≥17.4 万元”）",  # 成都郫都
    advice="请核对是 ≥ 还是 ≤",
    wrong="成本指标 ≥17.4万元",
    right="成本指标 ≤17.4万元",
)
def sign_points_the_right_way(form: Declaration, profile: Profile) -> Iterator[Found]:
    """成本和投诉、事故一类的指标不用 ≥、>；满意度、合格率、覆盖率一类不用 ≤、<。"""
    for n, row, target in _rows(form):
        said = name_prefers(row.name, profile)
        if target.kind == "date":
            continue
        less = said == "less" or said is None and _level(row) == "成本"
        more = _level(row) != "成本" and (said == "more" or said is None and _level(row) == "满意度")
        if less and target.op in ("≥", ">") and target.value != 0:
            yield _sign(n, row, f"“{row.name}”越低越好，指标值却是“{row.target}”", "≤")
        if more and target.op in ("≤", "<"):
            yield _sign(n, row, f"“{row.name}”越高越好，指标值却是“{row.target}”", "≥")


def _sign(n: int, row: Indicator, said: str, wanted: str) -> Found:
    return Found(said, (f"indicators[{n}].target",), expected=f"{wanted}…", actual=row.target, subject=row.name)


@rule(
    "D-Q2",
    "越多越好的指标用了“=”",
    INFO,
    basis="“=”按 ≥ 计分（一体化平台）",
    advice="超额完成也算完成的，可改用 ≥",
    wrong="服务场次 =91场",
    right="服务场次 ≥91场",
)
def equals_sign_on_counts(form: Declaration, profile: Profile) -> Iterator[Found]:
    """数量、效益指标写“=”时合并提示一次，不逐条报。"""
    rows = [
        n
        for n, row, target in _rows(form)
        if target.op == "=" and target.kind == "number" and not lower_is_better(target, row.name, _level(row), profile)
    ]
    if rows:
        yield Found(
            f"{len(rows)} 条越多越好的指标用了“=”",
            tuple(f"indicators[{n}].target" for n in rows),
            actual=f"{len(rows)} 条",
            subject="指标值",
        )


@rule(
    "D-Q3",
    "百分比超过 100",
    WARNING,
    basis="除增长率外，比率不超过 100%（某审核产品口径）",
    advice="请核对数值和单位",
    wrong="覆盖率 ≥120%",
    right="覆盖率 ≥95%",
)
def percentages_below_hundred(form: Declaration, profile: Profile) -> Iterator[Found]:
    """百分比不应大于 100，增长、提高一类的指标除外。"""
    for n, row, target in _rows(form):
        if target.kind != "percent" or target.value is None:
            continue
        if target.value > 1 and not any(word in row.name for word in profile.words["growth"]):
            yield Found(
                f"“{row.name}”的指标值 {row.target} 超过 100%",
                (f"indicators[{n}].target",),
                expected="≤100%",
                actual=row.target,
                subject=row.name,
            )


def percent_notation(rows: list[tuple[int, Indicator, Target]]) -> Iterator[Found]:
    """百分比写成小数：全表一致的合并提示一次，与 100 制混用的逐条警告。"""
    small = [(n, row) for n, row, target in rows if is_share(target)]
    large = any(target.kind == "percent" and target.number is not None and target.number > 1 for _, _, target in rows)
    if small and not large:
        said = "、".join(f"“{row.target}”" for _, row in small[:4])
        yield Found(
            f"{len(small)} 处百分比写成小数（{said}），按 1＝100% 理解",
            level=INFO,
            subject="百分比",
            at=tuple(f"indicators[{n}].target" for n, _ in small),
            actual=f"{len(small)} 处",
            advice="建议写成 100%、90%，以免读成 1%、0.9%",
        )
        return
    for n, row in small:
        yield Found(
            f"“{row.name}”的指标值“{row.target}”用小数，同表别的百分比用 100 制，是百分之几还是一百倍不明",
            (f"indicators[{n}].target",),
            actual=row.target,
            subject=row.name,
            level=WARNING,
        )


@rule(
    "D-Q4",
    "百分比的写法",
    WARNING,
    basis="小数（1＝100%）与 100 制（90%）混用会差一百倍",
    advice="请统一写成 90% 这样的形式",
    wrong="一处 ≥90%，一处 =1%",
    right="≥90%、=100%",
    habit=True,
)
def percent_is_written_one_way(form: Declaration, profile: Profile) -> Iterator[Found]:
    """百分比是小数还是 100 制，一张表内应统一。"""
    yield from percent_notation(list(_rows(form)))


@rule(
    "D-Q5",
    "量化不足",
    WARNING,
    basis="能定量的不定性，定性的要能衡量（财预〔2015〕88号，依据待核）；界线系推定",
    advice="请把能量化的改成数值，定性的写明怎样算达到",
    wrong="62 条中 25 条写“及时”“健全”",
    right="及时率 ≥95%",
)
def enough_is_measured(form: Declaration, profile: Profile) -> Iterator[Found]:
    """不含数字的指标值太多时警告；“及时”“健全”一类词合并提示一次。投入与管理的固定指标不计。"""
    rows = [(n, row, target) for n, row, target in _rows(form) if first_level(row.level1) != _MANAGEMENT]
    words = [(n, row) for n, row, target in rows if target.kind in ("text", "unset") and bare(row.target)]
    at = tuple(f"indicators[{n}].target" for n, _ in words)
    if not words:
        return
    share = Decimal(len(words)) / len(rows)
    if share >= profile.limits["qualitative"]:
        yield Found(
            f"{len(rows)} 条指标里有 {len(words)} 条（{share * 100:.1f}%）不含数字",
            at,
            expected=f"少于 {profile.limits['qualitative'] * 100:.0f}%",
            actual=f"{share * 100:.1f}%",
            subject="指标值",
        )
    vague = [(n, row) for n, row in words if any(word in (row.target or "") for word in profile.words["vague"])]
    if vague:
        said = "、".join(dict.fromkeys(f"“{bare(row.target)}”" for _, row in vague[:6]))
        yield Found(
            f"{len(vague)} 条指标值是{said}一类的词，难以考核",
            tuple(f"indicators[{n}].target" for n, _ in vague),
            actual=f"{len(vague)} 条",
            subject="定性指标值",
            level=INFO,
        )


@rule(
    "D-Q6",
    "满意度目标偏低或写满",
    INFO,
    basis="常见 ≥90%（五份样表 85%—95%）",
    advice="请核对是否合适，并准备好满意度调查",
    wrong="满意度 ≥60%",
    right="满意度 ≥90%",
)
def satisfaction_is_sensible(form: Declaration, profile: Profile) -> Iterator[Found]:
    """满意度目标低于 80% 或等于 100% 时提示。"""
    for n, row, target in _rows(form):
        if _level(row) != "满意度" or target.kind != "percent" or name_prefers(row.name, profile) == "less":
            continue
        if target.value is None:
            continue
        low = target.value < profile.limits["satisfaction"]
        if low or target.value == 1:
            said = "偏低" if low else "写满 100%，很难真的达到"
            yield Found(
                f"“{row.name}”的目标 {row.target} {said}",
                (f"indicators[{n}].target",),
                actual=row.target,
                expected="90% 上下",
                subject=row.name,
            )


@rule(
    "D-Q7",
    "严格小于 100%",
    INFO,
    basis="“<100%”时预算恰好用满就不达标",
    advice="用满也算达标的，请写 ≤100%",
    wrong="成本控制率 <100.00(百分比)",
    right="成本控制率 ≤100.00(百分比)",
)
def cost_may_reach_its_limit(form: Declaration, profile: Profile) -> Iterator[Found]:
    """成本控制率写“<100%”，用满预算即不达标，提示核对。"""
    for n, row, target in _rows(form):
        if target.op == "<" and target.kind == "percent" and target.value == 1:
            yield Found(
                f"“{row.name}”写“{row.target}”，恰好 100% 不算达标",
                (f"indicators[{n}].target",),
                expected="≤100%",
                actual=row.target,
                subject=row.name,
            )


_PERSONS = (("人数", "人次"), ("人次数", "人"), ("人次", "人"))
_WHOLE = frozenset({"个", "人", "人次", "场", "场次", "户", "份", "件", "家", "所"})
_THINGS = ("报道", "稿件", "文章", "推文")


@rule(
    "D-Q8",
    "名称与单位不符",
    WARNING,
    basis="人数以“人”计，人次以“人次”计，两者差别很大（样表实例）",
    advice="请统一名称和单位",
    wrong="居家养老服务人数 4536人次",
    right="居家养老服务人次 4536人次",
)
def unit_suits_the_name(form: Declaration, profile: Profile) -> Iterator[Found]:
    """名称说人数而单位是人次（或反过来）、说报道稿件而单位是人，提醒核对。"""
    for n, row, target in _rows(form):
        unit = bare(target.unit)
        if target.kind != "number" or not unit:
            continue
        clash = any(name in row.name and unit == other for name, other in _PERSONS)
        clash = clash and not ("人次" in row.name and unit == "人次")
        if clash or unit in ("人", "人次") and any(thing in row.name for thing in _THINGS):
            at = (f"indicators[{n}].target", f"indicators[{n}].name")
            yield Found(f"“{row.name}”的单位是“{unit}”", at, actual=row.target, subject=row.name)


@rule(
    "D-Q9",
    "计数不是整数",
    WARNING,
    basis="个、人、场等只能是整数",
    advice="请核对数值",
    wrong="=10.5(场)",
    right="=10(场)",
)
def counts_are_whole(form: Declaration, profile: Profile) -> Iterator[Found]:
    """单位是个、人、人次、场、场次、户、份、件、家、所的，数值应是整数（10.00 算整数，人均一类除外）。"""
    for n, row, target in _rows(form):
        whole = target.kind != "number" or bare(target.unit) not in _WHOLE or "均" in row.name
        if not whole and target.number is not None and target.number != target.number.to_integral_value():
            yield Found(
                f"“{row.name}”的指标值 {row.target} 不是整数",
                (f"indicators[{n}].target",),
                expected="整数",
                actual=row.target,
                subject=row.name,
            )


@rule(
    "D-Q14",
    "率配了定性的指标值",
    WARNING,
    basis="率应有分子分母（样表实例：信息公开实现率＝规范）",
    advice="请写成百分比，或把名称改成“规范性”“及时性”",
    wrong="信息公开实现率 规范",
    right="信息公开实现率 =100%",
)
def rates_are_figures(form: Declaration, profile: Profile) -> Iterator[Found]:
    """名称以“率”结尾的指标，指标值应是数。"""
    for n, row, target in _rows(form):
        if row.name.endswith("率") and target.kind == "text":
            yield Found(
                f"“{row.name}”是比率，指标值却是“{row.target}”",
                (f"indicators[{n}].target", f"indicators[{n}].name"),
                expected="百分比",
                actual=row.target,
                subject=row.name,
            )
