"""Units: alike, converted, contradicting; 万 and 亿; percentages written otherwise."""

from __future__ import annotations

from decimal import Decimal

from .base import W, Y, big, dec, full, kind, near, p, reached, sc, thou, und

WIDE = ["场", "份", "户", "人", "人次", "台", "座", "株", "床"]       # for "another unit" rows


@kind("near_synonym_unit", "近义量词：场/次、人次/人、所/家/个")
def _(r):
    u, v = r.choice([("场", "次"), ("次", "场"), ("人次", "人"), ("人", "人次"), ("所", "家"), ("家", "所"), ("家", "个"), ("个", "家"), ("所", "个")])
    a, w, op = big(r), W(r), r.choice("≥=")
    b = near(r, a)
    return f"{op}{a}{u}", f"{b}{v}", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("near_synonym_more", "同类近义：人/名/位、场/场次、天/日")
def _(r):
    u, v = r.choice([("人", "名"), ("名", "人"), ("人", "位"), ("场", "场次"), ("场次", "场"), ("天", "日"), ("日", "天")])
    a, w = big(r, 3, 5000), W(r)
    op = "≤" if u in "天日" else "≥"
    b = near(r, a)
    return f"{op}{a}{u}", f"{b}{v}", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("other_counter", "不同的计数量词：不判")
def _(r):
    u, v = r.choice([("场", "人次"), ("场", "份"), ("份", "户"), ("户", "人"), ("台", "人"), ("人次", "场"), ("份", "场"), ("床", "人"), ("座", "公里"), ("株", "亩"), ("户", "份"), ("人", "台")])
    a = big(r)
    return und(f"{r.choice('≥=')}{a}{u}", f"{near(r, a, .7, 1.6)}{v}", W(r), Y(r))


@kind("other_family", "不同族的计量单位：不判")
def _(r):
    u, v = r.choice([("公里", "吨"), ("天", "元"), ("亩", "吨"), ("平方米", "公里"), ("万元", "场"), ("吨", "公里"), ("小时", "元"), ("公顷", "米"), ("元", "天"), ("公斤", "亩")])
    a = big(r, 3, 3000)
    return und(f"{r.choice('≥≤')}{a}{u}", f"{near(r, a, .5, 2.3)}{v}", W(r), Y(r))


@kind("percent_vs_count", "计数目标对百分数、百分数目标对计数：不判")
def _(r):
    n, u = r.randint(60, 99), r.choice(WIDE)
    if r.random() < .5:
        return und(f"≥{r.randint(60, 99)}{u}", f"{n}%", W(r), Y(r))
    return und(f"≥{r.randint(60, 99)}%", f"{n}{u}", W(r), Y(r))


FAM = {
    "length": [("米", 1), ("公里", 1000)],
    "weight": [("克", 1), ("千克", 1000), ("公斤", 1000), ("吨", 1000000)],
    "area": [("亩", 1), ("公顷", 15), ("平方公里", 1500)],
    "time7": [("天", 1), ("周", 7)],
    "time12": [("个月", 1), ("个季度", 3), ("年", 12)],
    "money": [("元", 1), ("万元", 10000), ("亿元", 100000000)],
    "rate": [("‰", 1), ("%", 10)],
}


def conv(r, fam, ops="≥≤", whole=False, skip=()):
    w, op = W(r), r.choice(ops)
    while True:
        (u, ku), (v, kv) = r.sample(FAM[fam], 2)
        if (u, v) in skip or ku == kv:
            continue
        a = Decimal(big(r, 2, 900)) if whole or r.random() < .6 else dec(r, 0.5, 90, 1)
        b = a * ku / kv * Decimal(str(round(r.uniform(.3, 2.2), 2)))
        b = b.quantize(Decimal(1) if (whole or b > 50) else Decimal("0.001") if b < 1 else Decimal("0.1"))
        if b > 0 and b < 10 ** 8:
            break
    A, B = a * ku, b * kv
    bt = thou(b) if r.random() < .3 else p(b)
    return f"{op}{p(a)}{u}", f"{bt}{v}", w, Y(r), sc(op, A, B, w), reached(op, A, B), True


@kind("convert_length", "米/公里（≥2公里 / 900米 → 0.45W）", "convert")
def _(r):
    return conv(r, "length")


@kind("convert_weight", "克/千克/公斤/吨（≥3吨 / 500公斤）", "convert")
def _(r):
    return conv(r, "weight", skip={("克", "吨"), ("吨", "克")})


@kind("convert_area", "亩/公顷/平方公里（≥10亩 / 2公顷 = 30亩）", "convert")
def _(r):
    return conv(r, "area")


@kind("convert_day_week", "天/周", "convert")
def _(r):
    return conv(r, "time7", "≤", whole=True)


@kind("convert_month_year", "月/季度/年（≤12个月 / 2年）", "convert")
def _(r):
    while True:
        w = W(r)
        (u, ku), (v, kv) = r.sample(FAM["time12"], 2)
        a, b = r.randint(1, 30), r.randint(1, 24)
        if .2 < b * kv / (a * ku) < 3 and a * ku <= 72:
            break
    A, B = a * ku, b * kv
    return f"≤{a}{u}", f"{b}{v}", w, Y(r), sc("≤", A, B, w), reached("≤", A, B), True


@kind("convert_nendu", "“年度”当年读（≤12个月 / 2个年度）：要判只能按 1 年 = 12 个月", "convert", "lenient")
def _(r):
    w = W(r)
    a, b = r.randint(6, 40), r.randint(1, 5)
    return f"≤{a}个月", f"{b}个年度", w, Y(r), sc("≤", a, 12 * b, w), reached("≤", a, 12 * b), False


@kind("convert_money", "元/万元/亿元，两边都印单位", "convert")
def _(r):
    w, op = W(r), r.choice("≤≤≥")
    a = dec(r, 5, 900, r.choice([0, 1, 2, 3]))
    b = (a * 10000 * Decimal(str(round(r.uniform(.4, 2.1), 4)))).quantize(Decimal("0.01") if r.random() < .4 else Decimal(1))
    form = r.choice(["万元→元", "元→万元", "亿元→万元"])
    if form == "万元→元":
        return f"{op}{p(a)}万元", (thou(b) if r.random() < .5 else p(b)) + "元", w, Y(r), sc(op, a * 10000, b, w), reached(op, a * 10000, b), True
    if form == "元→万元":
        m = (b / 10000).quantize(Decimal("0.01"))
        A = a * 10000
        return f"{op}{p(A)}元", f"{p(m)}万元", w, Y(r), sc(op, A, m * 10000, w), reached(op, A, m * 10000), True
    a2 = dec(r, 1, 20, 2)
    m = (a2 * 10000 * Decimal(str(round(r.uniform(.4, 2.1), 3)))).quantize(Decimal(1))
    return f"{op}{p(a2)}亿元", f"{p(m)}万元", w, Y(r), sc(op, a2 * 10000, m, w), reached(op, a2 * 10000, m), True


@kind("convert_permille", "‰/% 都印（≥5‰ / 0.6%；≤1% / 8‰）", "convert")
def _(r):
    w, op = W(r), r.choice("≥≤")
    if r.random() < .5:
        a = dec(r, 2, 30, r.choice([0, 1]))
        b = (a / 10 * Decimal(str(round(r.uniform(.4, 2.2), 2)))).quantize(Decimal("0.01"))
        A, B, t, x = a, b * 10, f"{op}{p(a)}‰", f"{p(b)}%"
    else:
        a = dec(r, 0.5, 5, 1)
        b = (a * 10 * Decimal(str(round(r.uniform(.4, 2.2), 2)))).quantize(Decimal("0.1"))
        A, B, t, x = a * 10, b, f"{op}{p(a)}%", f"{p(b)}‰"
    return t, x, w, Y(r), sc(op, A, B, w), reached(op, A, B), True


@kind("inexact_time", "不精确的时间单位：工作日/天/周/月/年 混用：不判（≤3个工作日 / 2个月）")
def _(r):
    while True:
        n = r.randint(2, 11)
        t, x = r.choice([
            (f"≤{n}个工作日", f"{r.randint(1, 3)}个月"), (f"≤{n}个工作日", f"{near(r, n, .6, 2)}天"),
            (f"≤{n * 5}天", f"{near(r, n * 4, .6, 1.5)}个工作日"), (f"≤{n}个月", f"{n * r.randint(28, 32)}天"),
            (f"≤{n * 30}天", f"{n}个月"), (f"≤{n}个月", f"{n * 4 + r.randint(-1, 2)}周"),
            (f"≤{n * 5}个工作日", f"{n}周"), (f"≤{n * 4}周", f"{n}个月"), (f"≤{n * 365}天", f"{n}年")])
        return und(t, x, W(r), Y(r))


@kind("same_time_unit", "同一时间单位（≤3个工作日 / 2个工作日）")
def _(r):
    u, w = r.choice(["个工作日", "天", "个月", "小时", "周", "个季度"]), W(r)
    a = r.randint(2, 60)
    b = near(r, a, .3, 2.2)
    return f"≤{a}{u}", f"{b}{u}", w, Y(r), sc("≤", a, b, w), reached("≤", a, b), True


@kind("frequency_total", "频次目标对总次数、总次数对频次（≥2次/月 / 20次）：不判")
def _(r):
    n, per = r.randint(1, 12), r.choice(["月", "周", "季度", "季", "天"])
    u = r.choice(["次", "期", "场"])
    if r.random() < .7:
        return und(f"≥{n}{u}/{per}", f"{n * r.randint(1, 14)}{u}", W(r), Y(r))
    return und(f"≥{n * 12}{u}", f"{r.randint(1, 5)}{u}/{per}", W(r), Y(r))


@kind("frequency_other", "频次口径不同（≥3次/年 / 1次/月）：不判")
def _(r):
    x, y = r.sample(["月", "年", "周", "季度", "天"], 2)
    u = r.choice(["次", "期", "场"])
    return und(f"≥{r.randint(1, 52)}{u}/{x}", f"{r.randint(1, 30)}{u}/{y}", W(r), Y(r))


@kind("frequency_same", "频次口径相同（≥2次/月 / 3次/月）")
def _(r):
    per, u, w = r.choice(["月", "年", "周", "季度"]), r.choice(["次", "期", "场"]), W(r)
    a = r.randint(1, 30)
    b = near(r, a, .3, 1.7)
    return f"≥{a}{u}/{per}", f"{b}{u}/{per}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("price_same", "单价口径相同（≤500元/人 / 480元/人）")
def _(r):
    u, w = r.choice(["元/人", "元/户", "元/平方米", "元/份", "元/亩"]), W(r)
    a = big(r, 20, 9000)
    b = near(r, a, .5, 2.2)
    return f"≤{a}{u}", f"{b}{u}", w, Y(r), sc("≤", a, b, w), reached("≤", a, b), True


@kind("price_other", "单价口径不同（≤500元/人 / 480元/户）：不判")
def _(r):
    u, v = r.sample(["人", "户", "平方米", "份", "亩", "台"], 2)
    a = big(r, 20, 9000)
    return und(f"≤{a}元/{u}", f"{near(r, a, .5, 1.9)}元/{v}", W(r), Y(r))


@kind("wan_bare_small", "目标带 万，光数字在目标印出的数附近：按目标的单位（≤90万元 / 90；≥25万人次 / 26）")
def _(r):
    w = W(r)
    op, u = r.choice([("≤", "万元"), ("≥", "万人次"), ("≥", "万份"), ("≥", "万人"), ("≤", "万元")])
    a = dec(r, 5, 900, r.choice([0, 0, 1, 2]))
    b = (a * Decimal(str(round(r.uniform(.3, 2.4), 2)))).quantize(Decimal("0.01") if u == "万元" else Decimal("0.1"))
    return f"{op}{p(a)}{u}", p(b), w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("wan_bare_full", "目标带 万，写全的数（≥25万人次 / 260000）：按原数")
def _(r):
    w, u = W(r), r.choice(["万人次", "万份", "万人", "万户"])
    a = dec(r, 2, 300, r.choice([0, 0, 1]))
    b = (a * 10000 * Decimal(str(round(r.uniform(.3, 2.4), 4)))).quantize(Decimal(1))
    return f"≥{p(a)}{u}", r.choice([p(b), thou(b)]), w, Y(r), sc("≥", a * 10000, b, w), reached("≥", a * 10000, b), True


@kind("wanyuan_bare_full", "目标是万元，写全的光数字（≤90万元 / 850000）：按原数读，也可不判", "lenient")
def _(r):
    w = W(r)
    a = dec(r, 5, 900, r.choice([0, 0, 1, 2]))
    b = (a * 10000 * Decimal(str(round(r.uniform(.3, 2.4), 4)))).quantize(Decimal(1))
    return f"≤{p(a)}万元", r.choice([p(b), thou(b)]), w, Y(r), sc("≤", a * 10000, b, w), reached("≤", a * 10000, b), False


@kind("wan_bare_neither", "目标带 万，光数字两种都不像（≥25万人次 / 2600）：不判")
def _(r):
    op, u = r.choice([("≤", "万元"), ("≥", "万人次"), ("≥", "万份")])
    a = dec(r, 5, 900, r.choice([0, 0, 1]))
    b = (a * Decimal(r.randint(30, 350))).quantize(Decimal(1))
    return und(f"{op}{p(a)}{u}", r.choice([p(b), thou(b)]), W(r), Y(r))


@kind("yi_bare", "目标带 亿：光数字附近按目标单位；其间（按万填的）不判")
def _(r):
    w, op = W(r), r.choice("≤≥")
    a = dec(r, 1, 30, 2)
    if r.random() < .6:
        b = (a * Decimal(str(round(r.uniform(.4, 2.2), 2)))).quantize(Decimal("0.01"))
        return f"{op}{p(a)}亿元", p(b), w, Y(r), sc(op, a, b, w), reached(op, a, b), True
    b = (a * 10000 * Decimal(str(round(r.uniform(.5, 1.6), 3)))).quantize(Decimal(1))
    return und(f"{op}{p(a)}亿元", p(b), w, Y(r))


@kind("wan_both", "两边都印 万（≥25万人次 / 26万、26万人次）")
def _(r):
    u, w = r.choice(["人次", "份", "户", "人"]), W(r)
    a, b = dec(r, 2, 300, r.choice([0, 1])), None
    b = (a * Decimal(str(round(r.uniform(.4, 1.8), 2)))).quantize(Decimal("0.01"))
    return f"≥{p(a)}万{u}", r.choice([f"{p(b)}万{u}", f"{p(b)}万"]), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("wan_one_side", "一边写 万、一边写全，都有单位（≥250000人次 / 26万人次）")
def _(r):
    u, w = r.choice(["人次", "份", "户", "人"]), W(r)
    a = dec(r, 2, 90, r.choice([0, 1]))
    b = (a * Decimal(str(round(r.uniform(.4, 1.8), 2)))).quantize(Decimal("0.01"))
    A, B = a * 10000, b * 10000
    if r.random() < .5:
        t, x = f"≥{p(A)}{u}", r.choice([f"{p(b)}万{u}", f"{p(b)}万"])
    else:
        t, x = f"≥{p(a)}万{u}", f"{r.choice([p(B), thou(B)])}{u}"
    return t, x, w, Y(r), sc("≥", A, B, w), reached("≥", A, B), True


@kind("percent_bare", "目标 %，光数字 20 以上：按目标的写法读成百分数（≥90% / 95）")
def _(r):
    a, b, w = dec(r, 60, 100, 0), dec(r, 30, 110, r.choice([0, 1, 2])), W(r)
    op = r.choice(["≥", "="])
    return f"{op}{p(a)}%", p(b), w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("percent_bare_low", "≤ 小百分数目标，光数字大于 1（≤5% / 3）：要判只能按 %", "lenient")
def _(r):
    a, w = dec(r, 3, 15, 0), W(r)
    b = dec(r, 2, 25, r.choice([0, 1]))
    return f"≤{p(a)}%", p(b), w, Y(r), sc("≤", a, b, w), reached("≤", a, b), False


@kind("percent_bare_fraction", "目标 %，光数字不大于 1（≥90% / 0.9、=100% / 1、≤5% / 0.08）：读法不唯一，不判")
def _(r):
    k = r.randint(0, 2)
    if k == 0:
        a = r.randint(60, 99)
        return und(f"≥{a}{r.choice(['%', '百分比'])}", p(dec(r, .5, 1, r.choice([1, 2, 3, 4]))), W(r), Y(r))
    if k == 1:
        return und(f"{r.choice(['=', '≥', ''])}{r.choice([100, 100, 98, 95])}%", r.choice(["1", "1.0", "1.00", p(dec(r, .5, .999, 3))]), W(r), Y(r))
    a = r.randint(2, 20)
    return und(f"≤{a}%", p((Decimal(a) / 100 * Decimal(str(round(r.uniform(1.1, 1.9), 2)))).quantize(Decimal("0.0001"))), W(r), Y(r))


@kind("permille_bare", "目标 ‰，光数字（≥5‰ / 3）：要判只能按 ‰ 读，判成满分（当 300%）或 0 都错", "lenient")
def _(r):
    a, w, op = dec(r, 3, 30, r.choice([0, 1])), W(r), r.choice("≥≤")
    b = (a * Decimal(str(round(r.uniform(.4, 1.8), 2)))).quantize(Decimal("0.1"))
    while b < 2:
        b += 1
    return f"{op}{p(a)}‰", p(b), w, Y(r), sc(op, a, b, w), reached(op, a, b), False


@kind("permille_bare_fraction", "目标 ‰，光的小数（≥5‰ / 0.004）：读法不唯一，不判")
def _(r):
    a, op = r.randint(2, 30), r.choice("≥≤")
    f = r.uniform(.4, 1.6) if op == "≥" else r.uniform(1.1, 1.9)
    return und(f"{op}{a}‰", p((Decimal(a) / 1000 * Decimal(str(round(f, 2)))).quantize(Decimal("0.0001"))), W(r), Y(r))


@kind("baifenbi_percent", "≥85百分比 / 80%")
def _(r):
    a, b, w = r.randint(60, 100), dec(r, 40, 100), W(r)
    op = r.choice("≥=")
    t = r.choice([f"{op}{a}百分比", f"{op}{a}(百分比)", f"{op}{a}.00(百分比)"])
    return t, f"{p(b)}%", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("baifenbi_bare", "≥85百分比 / 光数字 80（CZ22：≥100百分比→100）")
def _(r):
    a, b, w = r.randint(60, 100), dec(r, 40, 100), W(r)
    op = r.choice("≥=")
    return f"{op}{a}百分比", p(b), w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("baifenbi_fraction", "2021 小数制：>=0.9百分比 / 0.85：同一写法，比值相同")
def _(r):
    a, b, w = dec(r, .6, .99, r.choice([1, 2])), dec(r, .4, .99, r.choice([2, 4])), W(r)
    g = r.choice([">=", "≥"])
    return f"{g}{p(a)}百分比", p(b), w, 2021, sc("≥", a, b, w), reached("≥", a, b), True


@kind("baifenbi_one", "=1百分比 / 0.97 或 1：同一写法", "lenient for 1")
def _(r):
    w = W(r)
    if r.random() < .3:
        return full(r.choice(["=1百分比", "=1.00百分比", "≥1百分比"]), r.choice(["1", "1.00", "1.0", "１"]), w, 2021, human=False)
    b = dec(r, .5, .999, r.choice([2, 4]))
    return r.choice(["=1百分比", "≥1百分比"]), p(b), w, 2021, sc("=", 1, b, w), False, True


@kind("baifenbi_one_percent", "=1百分比 / 98%：要判只能按 100%；100% 则两种读法都满分", "lenient")
def _(r):
    w = W(r)
    b = r.choice([Decimal(100), dec(r, 50, 100)])
    return r.choice(["=1百分比", "=1(百分比)"]), f"{p(b)}%", w, 2021, sc("=", 100, b, w), reached("=", 100, b), False


@kind("baifenbi_mixed", "小数制目标对光的大数（>=0.9百分比 / 85）：绝不替它除以 100，不判")
def _(r):
    a = dec(r, .6, .99, r.choice([1, 2]))
    return und(f"{r.choice(['>=', '≥'])}{p(a)}百分比", p(dec(r, 30, float(a) * 100 - 1, r.choice([0, 1]))), W(r), 2021)


@kind("fraction_bare_both", "无单位的小数比率，两边同一写法（>0.9 / 0.85）")
def _(r):
    a, b, w = dec(r, .3, .99, 2), dec(r, .2, .99, r.choice([2, 3])), W(r)
    op = r.choice("≥=>")
    if op == ">" and a == b:
        b += Decimal("0.005")
    return f"{op}{p(a)}", p(b), w, 2020, sc(op, a, b, w), reached(op, a, b), True
