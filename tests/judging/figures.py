"""Figures: operators, percentages, ways of writing a number."""

from __future__ import annotations

from decimal import Decimal

from .base import W, Y, big, dec, full, kind, near, p, points, reached, sc, thou

FW = str.maketrans("0123456789.%-", "０１２３４５６７８９．％－")


CNT = ["场", "次", "份", "户", "人", "人次", "个", "家", "所", "期", "篇", "件", "台", "套", "座", "项"]


def fw(s):
    return s.translate(FW)


@kind("ge_bare", "≥ 目标带量词，完成值是光数字：按公式")
def _(r):
    a, u, w = big(r), r.choice(CNT), W(r)
    b = near(r, a)
    return f"≥{a}{u}", p(b), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("ge_same_unit", "≥ 目标与完成值同单位")
def _(r):
    a, u, w = big(r), r.choice(CNT), W(r)
    b = near(r, a)
    return f"≥{a}{u}", f"{b}{u}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("eq_bare", "= 目标（=91场 / 90）：未达按比例，超出满分")
def _(r):
    a, u, w = big(r), r.choice(CNT + [""]), W(r)
    b = near(r, a)
    return f"={a}{u}", p(b), w, Y(r), sc("=", a, b, w), reached("=", a, b), True


@kind("no_operator", "没有运算符的目标按“=”（91场 / 90场）")
def _(r):
    a, u, w = big(r), r.choice(CNT), W(r)
    b = near(r, a)
    return f"{a}{u}", r.choice([f"{b}{u}", p(b)]), w, Y(r), sc("=", a, b, w), reached("=", a, b), True


@kind("target_unit_only_in_actual", "目标没印单位、完成值带计数量词（=90 / 90场）")
def _(r):
    a, u, w = big(r, 20), r.choice(["场", "份", "户", "人", "次", "家"]), W(r)
    b = near(r, a)
    op = r.choice("=≥")
    return f"{op}{a}", f"{b}{u}", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("le_under", "≤ 目标未超：满分")
def _(r):
    a, w = big(r, 5), W(r)
    u = r.choice(["天", "起", "次", "人", "元", "件"])
    b = r.randint(1, a)
    return f"≤{a}{u}", r.choice([f"{b}{u}", p(b)]), w, Y(r), sc("≤", a, b, w), True, True


@kind("le_over", "≤ 目标超出不到一倍：(1−(B−A)/A)×W")
def _(r):
    a, w = big(r, 5), W(r)
    u = r.choice(["天", "起", "次", "人", "元", "件"])
    b = r.randint(a + 1, 2 * a - 1)
    return f"≤{a}{u}", r.choice([f"{b}{u}", p(b)]), w, Y(r), sc("≤", a, b, w), False, True


@kind("le_double", "≤ 目标超出一倍及以上：0 分（含恰好 2 倍）")
def _(r):
    a, w = big(r, 5), W(r)
    u = r.choice(["天", "起", "次", "人", "件"])
    b = r.choice([2 * a, 2 * a + r.randint(1, a)])
    return f"≤{a}{u}", r.choice([f"{b}{u}", p(b)]), w, Y(r), ("score", Decimal("0.00")), False, True


@kind("strict_gt", "> 目标（不相等）")
def _(r):
    a, u, w = big(r), r.choice(CNT), W(r)
    b = near(r, a)
    b += b == a
    return f">{a}{u}", f"{b}{u}", w, Y(r), sc(">", a, b, w), reached(">", a, b), True


@kind("strict_lt", "< 目标（不相等）")
def _(r):
    a, w = dec(r, 20, 100), W(r)
    b = (a * Decimal(str(round(r.uniform(0.4, 1.8), 2)))).quantize(Decimal("0.01"))
    if b == a:
        b += 1
    return f"<{p(a)}%", f"{p(b)}%", w, Y(r), sc("<", a, b, w), reached("<", a, b), True


@kind("strict_equal", "严格 > < 而恰好相等：没达到，公式仍给满分")
def _(r):
    a, w, op = dec(r, 5, 1000), W(r), r.choice("><")
    u = r.choice(["%", "场", "起", "天"])
    a = dec(r, 20, 100) if u == "%" else Decimal(big(r, 3, 3000))
    return f"{op}{p(a)}{u}", f"{p(a)}{u}", w, Y(r), sc(op, a, a, w), False, True


@kind("percent_percent", "% 对 %")
def _(r):
    a, w = dec(r, 60, 100), W(r)
    op = r.choice(["≥", "≥", "=", ""])
    b = dec(r, 40, 100)
    return f"{op}{p(a)}%", f"{p(b)}%", w, Y(r), sc(op or "=", a, b, w), reached(op or "=", a, b), True


@kind("le_percent", "≤ 百分数目标")
def _(r):
    a, w = dec(r, 2, 100), W(r)
    b = (a * Decimal(str(round(r.uniform(0.3, 2.3), 2)))).quantize(Decimal("0.01"))
    return f"≤{p(a)}%", f"{p(b)}%", w, Y(r), sc("≤", a, b, w), reached("≤", a, b), True


@kind("form2024", "2024 口径：=100.00(百分比)、=10.00(所)、≥85.00(分)，完成值照同样写法或光数字")
def _(r):
    w = W(r)
    u = r.choice(["百分比", "所", "分", "场", "个", "到达量", "人次"])
    a = dec(r, 60, 100, 0) if u in ("百分比", "分") else Decimal(big(r, 8, 500000))
    b = dec(r, 50, 100, r.choice([0, 2])) if u in ("百分比", "分") else Decimal(near(r, int(a)))
    op = r.choice("=≥")
    bt = r.choice([p(b), f"{b:.2f}"] + ([f"{p(b)}%"] if u == "百分比" else [f"{p(b)}{u}"] if u != "到达量" else []))
    return f"{op}{a:.2f}({u})", bt, w, 2024, sc(op, a, b, w), reached(op, a, b), True


@kind("permille_same", "‰ 对 ‰")
def _(r):
    a, w, op = dec(r, 2, 30, r.choice([0, 1])), W(r), r.choice("≥≤")
    b = (a * Decimal(str(round(r.uniform(0.4, 1.8), 2)))).quantize(Decimal("0.1"))
    b = b or Decimal("0.1")
    return f"{op}{p(a)}‰", f"{p(b)}‰", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("actual_zero", "≥ 目标而完成值为 0：0 分")
def _(r):
    a, u, w = big(r), r.choice(CNT + ["%"] * 4), W(r)
    if u == "%":
        a = r.randint(60, 100)
    return f"{r.choice('≥=')}{a}{u}", r.choice(["0", f"0{u}", "0.00", "０"]), w, Y(r), ("score", Decimal("0.00")), False, True


@kind("zero_target_met", "目标为 0 而实际为 0 / 无 / 零：满分")
def _(r):
    u = r.choice(["起", "件", "次", "例", "人", "%", ""])
    op = r.choice(["", "=", "≤"])
    return full(f"{op}0{u}", r.choice(["0", f"0{u}", "无", "零", "０", "0.00", " 0 "]), W(r), Y(r))


@kind("zero_target_missed", "目标为 0 而实际大于 0：0 分")
def _(r):
    u = r.choice(["起", "件", "次", "例", "人"])
    op = r.choice(["", "=", "≤"])
    b = r.randint(1, 40)
    return f"{op}0{u}", r.choice([p(b), f"{b}{u}"]), W(r), Y(r), ("score", Decimal("0.00")), False, True


@kind("zero_percent", "目标 0% 而实际 0.5% / 0%")
def _(r):
    b = r.choice([Decimal(0), dec(r, 0.1, 9, 1), dec(r, 0.1, 5, 2)])
    w = W(r)
    return f"{r.choice(['', '=', '≤'])}0%", f"{p(b)}%", w, Y(r), sc("≤", 0, b, w), b == 0, True


@kind("round_half_up", "得分恰在 0.005：四舍五入进位")
def _(r):
    w = Decimal(r.choice([1, 2, 4, 5, 8, 10, 20]))
    a = int(200 * w)
    op = r.choice("≥≤=")
    b = r.randrange(1, a, 2) if op != "≤" else r.randrange(a + 1, 2 * a, 2)
    return f"{op}{a}份", p(b), w, Y(r), sc(op, a, b, w), False, True


@kind("near_miss", "差一点点：得分四舍五入后满分，但没达到")
def _(r):
    a, w = r.randint(30000, 900000), W(r)
    b = a - r.randint(1, max(1, int(a * 0.004 / float(w))))
    while points("≥", a, b, w) != points("≥", a, a, w):
        b += 1
    if b == a:
        b, a = 899999, 900000
    return f"≥{a}人次", p(b), w, Y(r), sc("≥", a, b, w), False, True


@kind("decimals", "小数目标与小数完成值")
def _(r):
    a, w, op = dec(r, 0.5, 60, 2), W(r), r.choice("≥=≤")
    u = r.choice(["公里", "吨", "万元", "亩", "元/平方米"])
    if op == "=" and u in ("万元", "元/平方米"):
        op = "≥"
    b = (a * Decimal(str(round(r.uniform(0.3, 2.1), 3)))).quantize(Decimal("0.01")) or Decimal("0.01")
    return f"{op}{p(a)}{u}", f"{p(b)}{u}", w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("thousands", "千分位：50,000 / 1,234,567.50")
def _(r):
    a, w, u = big(r, 2000, 3000000), W(r), r.choice(["份", "人次", "元", "户"])
    b = Decimal(near(r, a, 0.4, 1.5))
    while b < 1000:
        b *= 3
    if u == "元" and r.random() < .5:
        b += Decimal("0.50")
    op = r.choice("≥≤")
    at = r.choice([p(a), thou(a)])
    return f"{op}{at}{u}", r.choice([thou(b), thou(b) + u]), w, Y(r), sc(op, a, b, w), reached(op, a, b), True


@kind("full_width", "全角数字与全角百分号")
def _(r):
    w = W(r)
    if r.random() < .5:
        a, b = dec(r, 60, 100, 0), dec(r, 50, 100)
        return f"≥{r.choice([p(a), fw(p(a))])}%", fw(p(b) + "%"), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True
    a, u = big(r), r.choice(CNT)
    b = near(r, a)
    return f"≥{r.choice([p(a), fw(p(a))])}{u}", fw(p(b)) + r.choice(["", u]), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("spaces", "前后空格、数与单位之间空格、全角空格、换行")
def _(r):
    a, u, w = big(r, 10), r.choice(CNT + ["%"]), W(r)
    if u == "%":
        a = r.randint(60, 99)
    b = near(r, a, .5, 1.3)
    f = r.choice([" {b}{u}", "{b} {u}", "{b}{u} ", "\u3000{b}{u}", "{b}{u}\n", "\u00a0{b} {u}", "\t{b}{u}"])
    t = r.choice(["≥{a}{u}", "≥ {a}{u}", "≥ {a} {u}", " ≥{a}{u} "])
    return t.format(a=a, u=u), f.format(b=b, u=u), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("trailing_zeros", "尾随的零：90.00 / 90.0")
def _(r):
    a, u, w = big(r), r.choice(CNT), W(r)
    b = near(r, a)
    return f"≥{a}{r.choice(['', '.00', '.0'])}{u}", f"{b}.{'0' * r.randint(1, 4)}", w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("homoglyph_eq", "同形的等号：═ ﹦ ＝")
def _(r):
    w, g = W(r), r.choice("═﹦＝")
    if r.random() < .6:
        a, b = r.choice([100, 95, 98]), dec(r, 50, 100)
        return f"{g}{a}%", f"{p(b)}%", w, Y(r), sc("=", a, b, w), reached("=", a, b), True
    a, u = big(r), r.choice(CNT)
    b = near(r, a)
    return f"{g}{a}{u}", p(b), w, Y(r), sc("=", a, b, w), reached("=", a, b), True


@kind("homoglyph_ge", "同形的 ≥：≧ ⩾ >= ＞＝ ＞= >＝")
def _(r):
    w, g = W(r), r.choice(["≧", "⩾", ">=", "＞＝", "＞=", ">＝"])
    a, u = big(r), r.choice(CNT)
    b = near(r, a)
    return f"{g}{a}{u}", r.choice([p(b), f"{b}{u}"]), w, Y(r), sc("≥", a, b, w), reached("≥", a, b), True


@kind("homoglyph_le", "同形的 ≤：≦ ⩽ <= ＜＝ ＜= <＝")
def _(r):
    w, g = W(r), r.choice(["≦", "⩽", "<=", "＜＝", "＜=", "<＝"])
    a, u = big(r, 5), r.choice(["天", "起", "次", "元"])
    b = near(r, a, .4, 2.3)
    return f"{g}{a}{u}", r.choice([p(b), f"{b}{u}"]), w, Y(r), sc("≤", a, b, w), reached("≤", a, b), True


@kind("operator_reversed", "写反的双字符 => =＞ =<：要判只能当 ≥ ≤", "lenient")
def _(r):
    g, op = r.choice([("=>", "≥"), ("=＞", "≥"), ("＝＞", "≥"), ("=<", "≤"), ("=＜", "≤")])
    a, u, w = big(r, 5), r.choice(["次", "人", "件"]), W(r)
    b = near(r, a, .4, 1.8)
    return f"{g}{a}{u}", f"{b}{u}", w, Y(r), sc(op, a, b, w), reached(op, a, b), False
