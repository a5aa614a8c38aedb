"""Kinds next to those, to see that what was mended is a kind and not its rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .base import (
    W,
    Y,
    big,
    cnt,
    dec,
    down,
    dtext,
    early,
    full,
    last,
    month_end,
    near,
    p,
    qual,
    reached,
    sc,
    sibling,
    thou,
    und,
    up,
)


@sibling("g_word_operator", "用字写的运算符：不低于、不少于、不超过、大于等于、至少")
def _(r):
    word, op = r.choice([("不低于", "≥"), ("不少于", "≥"), ("大于等于", "≥"), ("至少", "≥"), ("不超过", "≤"), ("不高于", "≤"), ("小于等于", "≤"), ("不多于", "≤")])
    a, u, w = big(r, 5), r.choice(["次", "人", "件", "%"]), W(r)
    if u == "%":
        a = r.randint(40, 99)
    b = near(r, a, .4, 1.7 if u != "%" else 1.0)
    return f"{word}{a}{u}", f"{b}{u}", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@sibling("g_target_suffix", "目标写成 90%以上、90万元以内、5起以下")
def _(r):
    w = W(r)
    if r.random() < .5:
        a, u = r.choice([(r.randint(60, 98), "%"), (big(r, 5), "场"), (big(r, 5), "人次")])
        b = near(r, a, .5, 1.3 if u != "%" else 1.0)
        return f"{a}{u}{r.choice(['以上', '及以上', '（含）以上'])}", f"{b}{u}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True
    a, u = r.choice([(big(r, 5, 900), "万元"), (big(r, 5, 90), "天"), (big(r, 5, 90), "起")])
    b = r.choice([near(r, a, .5, .99), near(r, a, 1.05, 1.9)])
    return f"{a}{u}以内", f"{b}{u}", w, Y(r), sc("≤", a, b, w), reached("≤", a, b), True


CN = "零一二三四五六七八九"


def cn(n):
    if n < 10:
        return CN[n]
    if n < 100:
        t, o = divmod(n, 10)
        return ("" if t == 1 else CN[t]) + "十" + (CN[o] if o else "")
    h, q = divmod(n, 100)
    if not q:
        return CN[h] + "百"
    if q < 10:
        return CN[h] + "百零" + CN[q]
    t, o = divmod(q, 10)
    return CN[h] + "百" + CN[t] + "十" + (CN[o] if o else "")


@sibling("g_chinese_numeral", "完成值用中文数字：九十五场、三次")
def _(r):
    a, u, w = big(r, 3, 600), r.choice(["场", "次", "人", "户"]), W(r)
    b = min(999, near(r, a))
    return f"≥{a}{u}", cn(b) + u, w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@sibling("g_done_prefix", "完成95场、共开展95场、实际完成95场")
def _(r):
    a, u, w = big(r), r.choice(["场", "次", "人次", "份"]), W(r)
    b = near(r, a)
    f = r.choice(["完成{}{}", "共开展{}{}", "实际完成{}{}", "共{}{}", "已完成{}{}", "实际{}{}", "{}{}（已完成）", "全年{}{}"])
    return f"≥{a}{u}", f.format(b, u), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@sibling("g_punctuation", "95场。 95； ：尾随标点")
def _(r):
    a, u, w = big(r), r.choice(["场", "次", "份"]), W(r)
    b = near(r, a)
    return f"≥{a}{u}", f"{b}{r.choice(['', u])}{r.choice(['。', '；', ';', '.'])}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@sibling("g_online_offline", "线上40场，线下50场；40场线上+50场线下：几个数，不判")
def _(r):
    a, b = r.randint(5, 300), r.randint(5, 300)
    u = r.choice(["场", "人", "份"])
    x = r.choice([f"线上{a}{u}，线下{b}{u}", f"一季度{a}{u}、二季度{b}{u}", f"{a}{u}线上、{b}{u}线下", f"A区{a}{u}，B区{b}{u}", f"男{a}女{b}"])
    return und(f"≥{a + b - r.randint(0, min(a, b) - 1)}{u}", x, W(r), Y(r))


@sibling("g_letter_digits", "9O、l00、1OO：字母冒充数字，不判")
def _(r):
    n = r.choice(["9O", "l00", "1OO", "9o", "I20", "2O0", "lO", "8S", "1l0", "B0", "5O", "3OO"])
    u = r.choice(["场", "份", "人", "%"])
    return und(f"{r.choice('≥=')}{r.randint(8, 120)}{u}", n + r.choice(["", u]), W(r), Y(r))


@sibling("g_document_number", "沪府发〔2016〕15号、合同号、电话：不判")
def _(r):
    n = r.randint(1, 90)
    x = r.choice([f"沪府发〔20{r.randint(10, 25)}〕{n}号", f"合同号{r.randint(1000, 9999)}", f"电话021-6{r.randint(1000000, 9999999)}", f"财预〔2021〕{n}号", f"{n}#楼", f"{n}路", f"A{n}", f"P{n}"])
    return und(f"{r.choice('≥=')}{near(r, n, .6, 1.2)}{r.choice(['场', '份', '人'])}", x, W(r), Y(r))


@sibling("g_copied_variant", "换个写法照抄：目标 ≥90% 完成值 >=90%、＝91场：不判")
def _(r):
    n, u = (r.randint(60, 99), "%") if r.random() < .5 else (big(r), "场")
    a, b = r.choice([("≥", ">="), (">=", "≥"), ("≥", "＞＝"), ("=", "＝"), ("≥", "≧"), ("≤", "<="), ("≥", "≥ "), ("≤", "≦")])
    return und(f"{a}{n}{u}", f"{b}{n}{u}", W(r), Y(r))


@sibling("g_zero_words", "0起 / 未发生、没有、零起、无投诉")
def _(r):
    t = r.choice(["0起", "0件", "0次", "=0起", "≤0件", "0例"])
    return full(t, r.choice(["未发生", "没有", "零起", "零发生", "无发生", "零投诉", "无投诉"]), W(r), Y(r))


@sibling("g_zero_not_zero_words", "0起 / 少量、个别、偶有、基本无：不判")
def _(r):
    t = r.choice(["0起", "0件", "0次", "=0起", "≤0件", "0例"])
    return und(t, r.choice(["少量", "个别", "偶有发生", "基本无", "极少", "几乎没有", "暂未统计"]), W(r), Y(r))


@sibling("g_zero_interval", "0起 / 1-2起、3起以上：0 分")
def _(r):
    n = r.randint(1, 30)
    x = r.choice([f"{n}-{n + r.randint(1, 9)}起", f"{n}～{n + r.randint(1, 9)}起", f"{n}起以上", f"{n}至{n + 2}起", f"{n}余起"])
    return f"{r.choice(['', '=', '≤'])}0起", x, W(r), Y(r), ("score", Decimal("0.00")), False, n >= 10 or "余" not in x


@sibling("g_le_far_over", "≤90 / 200以上、200-250：不论哪端都超一倍，0 分")
def _(r):
    a, u = big(r, 5, 5000), r.choice(["天", "起", "元", "人"])
    b = a * 2 + r.randint(0, a)
    x = r.choice([f"{b}{u}以上", f"{b}-{b + a}{u}", f"{b}余{u}"])
    return f"≤{a}{u}", x, W(r), Y(r), ("score", Decimal("0.00")), False, "余" not in x


@sibling("g_lower_words", "超过95、至少95、95场及以上、高于95 对 ≥90：满分；对 ≥100：不判")
def _(r):
    a, u = cnt(r)
    u = u or "场"
    f = r.choice(["超过{}{}", "超{}{}", "至少{}{}", "{}{}及以上", "不少于{}{}", "不低于{}{}", "突破{}{}"])
    if r.random() < .5:
        return full(f"≥{a}{u}", f.format(up(r, a), u), W(r), Y(r))
    return und(f"≥{a}{u}", f.format(down(r, a), u), W(r), Y(r))


@sibling("g_upper_words", "不超过85、最多85、低于85 对 ≤90：满分；对 ≥80：不判")
def _(r):
    a, u = cnt(r)
    u = u or "起"
    f = r.choice(["不超过{}{}", "最多{}{}", "低于{}{}", "少于{}{}", "不高于{}{}", "至多{}{}"])
    if r.random() < .5:
        return full(f"≤{a}{u}", f.format(down(r, a), u), W(r), Y(r))
    return und(f"≥{a}{u}", f.format(up(r, a), u), W(r), Y(r))


@sibling("g_approx_words", "大约、大概、将近、接近、差不多、估计、许、近乎、约为：不判")
def _(r):
    return qual(r, ["大约{b}{u}", "大概{b}{u}", "将近{b}{u}", "接近{b}{u}", "差不多{b}{u}", "估计{b}{u}", "{b}{u}许", "约为{b}{u}", "≈{b}{u}", "~{b}{u}", "{b}{u}±5", "估算{b}{u}", "{b}{u}？", "基本达到{b}{u}"], .96, 1.03)


@sibling("g_intent_words", "拟完成、目标、应完成、待完成、力争、争取、下年：不判")
def _(r):
    return qual(r, ["拟完成{b}{u}", "目标{b}{u}", "应完成{b}{u}", "待完成{b}{u}", "力争{b}{u}", "争取完成{b}{u}", "{b}{u}（目标值）", "{b}{u}待验收", "尚缺{b}{u}", "还差{b}{u}", "{b}{u}（拟）", "明年完成{b}{u}", "上年{b}{u}"], .9, 1.2)


@sibling("g_not_words", "未达到90、没有完成90场、不是90：不判")
def _(r):
    return qual(r, ["未达到{b}{u}", "没有完成{b}{u}", "未达{b}{u}", "取消{b}{u}", "减少{b}{u}", "推迟{b}{u}", "{b}{u}未实施", "{b}{u}没完成", "尚未完成{b}{u}"], .95, 1.1, ops="≥=")


@sibling("g_vague_percent", "过半、大部分、绝大多数、半数以上、九成多：对百分数目标不判")
def _(r):
    if r.random() < .4:
        return und(f"≥{r.randint(92, 98)}%", r.choice(["绝大多数", "九成多", "近九成", "九成以上", "九成左右"]), W(r), Y(r))
    return und(f"≥{r.randint(60, 89)}%", r.choice(["过半", "大部分", "半数以上", "多数", "大多数", "普遍", "大半", "一半以上"]), W(r), Y(r))


@sibling("g_interval_words", "85到95场、介于85和95之间、85%—95%之间：跨着目标不判")
def _(r):
    a, u = cnt(r)
    u = u or "场"
    lo, hi = down(r, a), up(r, a)
    return und(f"≥{a}{u}", r.choice([f"{lo}到{hi}{u}", f"介于{lo}和{hi}{u}之间", f"{lo}{u}至{hi}{u}之间", f"{lo}{u}~{hi}{u}", f"{lo}…{hi}{u}", f"{lo}或{hi}{u}", f"{lo}/{hi}{u}"]), W(r), Y(r))


@sibling("g_tie_thirds", "比值除不尽而得分恰在 0.005：先除后乘会丢一分钱")
def _(r):
    w = Decimal(r.choice(["3", "6", "7.5", "9", "12", "15", "30"]))
    a = int(200 * w)
    while True:
        b = r.randrange(1, a, 2)
        if b % 3:
            break
    return f"≥{a}份", p(b), w, Y(r), sc("≥", a, b, w), False, True


@sibling("g_hours", "小时/分钟、平方米/公顷、千米/米、毫克：精确换算，要判只能这个数", "convert", "lenient")
def _(r):
    w, op = W(r), r.choice("≥≤")
    u, v, k = r.choice([("小时", "分钟", 60), ("公顷", "平方米", 10000), ("千米", "米", 1000), ("天", "小时", 24), ("升", "毫升", 1000)])
    a = r.randint(2, 90)
    b = near(r, a * k, .4, 2.1)
    if r.random() < .5:
        return f"{op}{a}{u}", f"{b}{v}", w, Y(r), sc(op, a * k, b, w), reached(op, a * k, b), False
    b = r.randint(2, 90)
    a = near(r, b * k, .5, 2)
    return f"{op}{a}{v}", f"{b}{u}", w, Y(r), sc(op, a, b * k, w), reached(op, a, b * k), False


@sibling("g_latin_units", "km/公里、kg/公斤、t/吨、m/米、㎡/平方米：同一单位，要判只能这个数", "lenient")
def _(r):
    u, v = r.choice([("公里", "km"), ("公斤", "kg"), ("吨", "t"), ("米", "m"), ("平方米", "㎡"), ("平方米", "m²"), ("公里", "千米"), ("公斤", "千克")])
    if r.random() < .5:
        u, v = v, u
    a, w, op = r.randint(2, 900), W(r), r.choice("≥≤")
    b = near(r, a, .4, 1.9)
    return f"{op}{a}{u}", f"{b}{v}", w, Y(r), sc(op, a, b, w), reached(op, a, b), False


@sibling("g_superscript_unit", "单位里的上标：≥500m² / 520m²、㎡、m³：能判")
def _(r):
    u, w = r.choice(["m²", "㎡", "m³", "km²"]), W(r)
    a = big(r, 5, 50000)
    b = near(r, a, .5, 1.4)
    return f"≥{a}{u}", f"{b}{u}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@sibling("g_square_vs_length", "平方米对米、立方米对平方米、m² 对 m：不同族，不判")
def _(r):
    u, v = r.choice([("平方米", "米"), ("米", "平方米"), ("立方米", "平方米"), ("m²", "m"), ("m", "m²"), ("平方公里", "公里"), ("m³", "m²"), ("公里", "平方公里")])
    a = big(r, 5, 5000)
    return und(f"≥{a}{u}", f"{near(r, a, .6, 1.5)}{v}", W(r), Y(r))


@sibling("g_score_vs_percent", "≥90% / 95分、≥85分 / 90%：单位不符，不判")
def _(r):
    a, b = r.randint(60, 98), r.randint(50, 100)
    t, x = r.choice([(f"≥{a}%", f"{b}分"), (f"≥{a}分", f"{b}%"), (f"≥{a}.00(分)", f"{b}%")])
    return und(t, x, W(r), Y(r))


@sibling("g_baifenzhi", "百分之九十五、百分之95")
def _(r):
    a, b, w = r.randint(60, 99), r.randint(50, 99), W(r)
    return f"≥{a}%", r.choice([f"百分之{cn(b)}", f"百分之{b}"]), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@sibling("g_money_fine", "≤119.876万元 / 1,198,760元：分毫不差；与差一元的", "convert")
def _(r):
    a, w = dec(r, 20, 900, 4), W(r)
    d = r.choice([0, 0, -1, 1, Decimal("0.01"), -Decimal("0.01")])
    b = a * 10000 + d
    return f"≤{p(a)}万元", r.choice([thou(b) + "元", p(b) + "元"]), w, Y(r), sc("≤", a * 10000, b, w), reached("≤", a * 10000, b), True


@sibling("g_math_digits", "𝟗𝟓、٩٥ 等别的数字符号：要判只能是那个数", "lenient")
def _(r):
    a, w = r.randint(20, 300), W(r)
    b = near(r, a)
    base = r.choice([0x1D7CE, 0x1D7E2, 0x0660, 0x06F0])
    return f"≥{a}场", "".join(chr(base + int(c)) for c in p(b)), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), False


@sibling("g_roman_and_tally", "Ⅳ、ⅻ、IV、正正、一二三：不判")
def _(r):
    return und(f"{r.choice('≥=')}{r.randint(2, 15)}{r.choice(['场', '次', '个'])}", r.choice(["Ⅳ", "ⅻ", "IV", "XII", "正正", "Ⅷ", "Ⅲ级", "ABC", "甲"]), W(r), Y(r))


@sibling("g_bad_grouping", "1,00、1,234,56、12,34,567 的错位千分位：不判")
def _(r):
    n = r.randint(1, 99)
    x = r.choice([f"{n},0{r.randint(1, 9)}", f"{n},{r.randint(100, 999)},{r.randint(10, 99)}", f"{n},{r.randint(10, 99)},{r.randint(100, 999)}", f"{n},", f",{r.randint(100, 999)},"][:3])
    return und(f"{r.choice('≥=≤')}{r.choice([n, n * 100, n * 10000])}{r.choice(['份', '人', ''])}", x, W(r), Y(r))


@sibling("g_many_dots", "1.2.3、90..5、9。5：不判")
def _(r):
    n, k = r.randint(2, 99), r.randint(1, 9)
    return und(f"{r.choice('≥=')}{n}{r.choice(['场', '公里', ''])}", r.choice([f"{n}.{k}.{k}", f"{n}..{k}", f"{n}。{k}", f"{n}.{k}.", f"{n}·{k}"][:3]), W(r), Y(r))


@sibling("g_frequency_words", "每月2次 对 20次、每周1次 对 每月4次：不判")
def _(r):
    n = r.randint(1, 6)
    per, per2 = r.sample(["每月", "每周", "每季度"], 2)
    t = r.choice([f"{per}{n}次", f"≥{n}次/{per[1:]}", f"{per}不少于{n}次"])
    return und(t, r.choice([f"{n * 10}次", f"{per2}{n}次", f"{n * r.randint(2, 12)}次", f"全年{n * 12}次"]), W(r), Y(r))


@sibling("g_increment_words", "增长5%、提高10%、下降3个百分点 对水平值目标 ≥90%：不判")
def _(r):
    n = r.choice([r.randint(1, 30), r.randint(60, 120)])
    return und(f"≥{r.randint(60, 98)}%", r.choice([f"增长{n}%", f"提高{n}%", f"下降{n}个百分点", f"提升{n}个百分点", f"同比增长{n}%", f"较上年提高{n}%", f"增加{n}%"]), W(r), Y(r))


@sibling("g_sum_of_units", "1年3个月、2小时30分、3公里500米：几个数，不判或按换算", "lenient", "convert")
def _(r):
    k = r.randint(0, 2)
    w = W(r)
    if k == 0:
        y, m, a = r.randint(1, 3), r.randint(1, 11), r.randint(10, 40)
        B = 12 * y + m
        return f"≤{a}个月", f"{y}年{m}个月", w, Y(r), sc("≤", a, B, w), reached("≤", a, B), False
    if k == 1:
        n, m, a = r.randint(1, 9), r.randint(1, 9) * 100, r.randint(2, 9)
        return f"≥{a}公里", f"{n}公里{m}米", w, Y(r), sc("≥", a * 1000, n * 1000 + m, w), reached("≥", a * 1000, n * 1000 + m), False
    n, m, a = r.randint(1, 9), r.randint(1, 11) * 5, r.randint(1, 9)
    return f"≤{a}小时", f"{n}小时{m}分钟", w, Y(r), sc("≤", a * 60, n * 60 + m, w), reached("≤", a * 60, n * 60 + m), False


@sibling("g_date_quarter", "三季度末前、上半年、第三季度前完成：9月10日、5月20日", "date")
def _(r):
    y, q = Y(r), r.randint(1, 3)
    t = r.choice([f"{CN[q]}季度末前", f"第{CN[q]}季度末前"])
    e = q * 3
    if q == 2 and r.random() < .5:
        t = r.choice(["上半年完成", "上半年"])
    if r.random() < .5:
        d = dt.date(y, r.randint(1, e), r.randint(1, 28))
        return full(t, dtext(r, d), W(r), y)
    d = dt.date(y, r.randint(e + 1, 12), r.randint(1, 28))
    return und(t, dtext(r, d), W(r), y, met=False)


@sibling("g_date_done_text", "已于2025年10月30日完成、10月30日验收", "date")
def _(r):
    y, m = Y(r), r.randint(2, 12)
    d = early(r, y, last(y, m) - dt.timedelta(1))
    f = r.choice(["已于{}完成", "{}完成", "于{}完成", "{}已完成"])
    if r.random() < .6 or m == 12:
        return full(month_end(r, y, m), f.format(f"{d.year}年{d.month}月{d.day}日"), W(r), y)
    d = dt.date(y, r.randint(m + 1, 12), r.randint(1, 28))
    return und(month_end(r, y, m), f.format(f"{d.year}年{d.month}月{d.day}日"), W(r), y, met=False)


@sibling("g_date_planned", "预计10月30日完成、计划11月完成、约10月：不判", "date")
def _(r):
    y, m = Y(r), r.randint(3, 12)
    k = r.randint(1, m - 1)
    return und(month_end(r, y, m), r.choice([f"预计{k}月{r.randint(1, 28)}日完成", f"计划{y}年{k}月完成", f"拟于{k}月底完成", f"{k}月（计划）", f"{y}年{k}月{r.randint(1, 28)}日未完成", f"预计{y}年{k}月"]), W(r), y)


@sibling("g_date_range", "10月至12月 对 11月底前：跨着期限，不判", "date")
def _(r):
    y, m = Y(r), r.randint(2, 10)
    return und(month_end(r, y, m), r.choice([f"{m - 1}月至{m + 1}月", f"{m - 1}-{m + 1}月", f"{y}年{m - 1}月—{y}年{m + 2}月", f"{m}月或{m + 1}月"]), W(r), y)


@sibling("g_date_invalid", "2月30日、13月5日、9月31日：不成日期，不判", "date")
def _(r):
    y, m = Y(r), r.randint(3, 12)
    bad = r.choice([(2, 30), (13, 5), (4, 31), (9, 31), (6, 31), (2, 31), (0, 10), (1, 32), (14, 1)])
    return und(month_end(r, y, m), r.choice([f"{bad[0]}月{bad[1]}日", f"{y}年{bad[0]}月{bad[1]}日", f"{y}-{bad[0]:02d}-{bad[1]:02d}"]), W(r), y)


@sibling("g_date_xun", "11月中旬 对 11月底前：满分；对 11月15日前：不判", "date")
def _(r):
    y, m = Y(r), r.randint(2, 12)
    if r.random() < .5:
        k = r.randint(1, m)
        return full(month_end(r, y, m), r.choice([f"{k}月{r.choice(['上旬', '中旬', '下旬', '初'])}", f"{y}年{k}月上旬"]), W(r), y)
    return und(f"{m}月{r.randint(13, 18)}日前", f"{r.choice(['', f'{y}年'])}{m}月中旬", W(r), y)


@sibling("g_date_last_day", "11月底前 / 11月30日（当月最后一天，含闰年2月29日）：按期，满分", "date")
def _(r):
    y = r.choice([2020, 2021, 2022, 2023, 2024, 2025, 2026])
    m = r.choice([1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    return full(r.choice([f"{m}月底前", f"{y}年{m}月底前", f"{m}月底前完成"]), dtext(r, last(y, m)), W(r), y)


@sibling("g_number_hidden_in_text", "共3个街镇参加、5名专家评审：数字不是完成数，不判")
def _(r):
    n = r.randint(2, 300)
    x = r.choice([f"由{n}个部门配合", f"{n}名专家评审通过", f"历时{n}天", f"投入{n}万元", f"涉及{n}个街镇", f"获{n}等奖", f"按{n}号文执行", f"评分{n}"])
    return und(f"≥{near(r, n, .6, 1.2)}{r.choice(['场', '份', '户'])}", x, W(r), Y(r))
