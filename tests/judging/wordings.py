"""Figures in words: qualifiers, bounds, ranges, what is no figure."""

from __future__ import annotations

from .base import W, Y, big, cnt, dec, down, full, kind, near, p, qual, reached, sc, und, up


@kind("q_yue", "约90")
def _(r):
    return qual(r, ["约{b}{u}", "约{b}{u} ", "约 {b}{u}", "（约）{b}{u}", "{b}{u}（约）"])


@kind("q_jin", "近90、近12万")
def _(r):
    if r.random() < .5:
        n = r.randint(2, 90)
        u = r.choice(["人", "人次", "份"])
        return und(r.choice([f"≥{n}万{u}", f"≥{n}0000{u}", f"={n}0000{u}"]), f"近{n}万{r.choice(['', u])}", W(r), Y(r))
    op = r.choice("≥=")
    a, u = cnt(r)
    return und(f"{op}{a}{u}", f"近{a}{u}", W(r), Y(r))


@kind("q_zuoyou", "90场左右、90%上下")
def _(r):
    return qual(r, ["{b}{u}左右", "{b}{u}上下", "{b}左右", "{b}{u}（左右）"])


@kind("q_yixia_matters", "≥90 / 90以下、95以下、95以内：不判")
def _(r):
    a, u = (r.randint(60, 97), "%") if r.random() < .3 else cnt(r)
    b = near(r, a, 1.01, 1.2)
    return und(f"{r.choice('≥=')}{a}{u}", f"{b}{u}{r.choice(['以下', '以内'])}", W(r), Y(r))


@kind("q_yixia_missed", "≥90 / 85以下：没达到，得分不定")
def _(r):
    a, u = cnt(r)
    return und(f"≥{a}{u}", r.choice(["{}{}以下", "不足{}{}", "{}{}以内"]).format(down(r, a), u), W(r), Y(r), met=False)


@kind("q_yixia_le_matters", "≤90 / 95以下、95以内、不足95：不判")
def _(r):
    a, u = cnt(r)
    b = near(r, a, 1.05, 1.8)
    if b <= a:
        b = a + 5
    return und(f"≤{a}{u}", r.choice(["{}{}以下", "{}{}以内", "不足{}{}"]).format(b, u), W(r), Y(r))


@kind("q_yishang_matters", "≥90 / 85以上：不判")
def _(r):
    a, u = (r.randint(60, 97), "%") if r.random() < .3 else cnt(r)
    return und(f"{r.choice('≥=')}{a}{u}", f"{down(r, a)}{u}以上", W(r), Y(r))


@kind("q_yishang_le_missed", "≤90 / 95以上：没达到，得分不定")
def _(r):
    a, u = cnt(r)
    b = min(2 * a - 3, up(r, a))
    return und(f"≤{a}{u}", f"{b}{u}以上", W(r), Y(r), met=False)


@kind("q_buzu", "≥90 / 不足95、不到90：不判")
def _(r):
    a, u = cnt(r)
    b = r.choice([a, up(r, a)])
    return und(f"{r.choice('≥=')}{a}{u}", f"{r.choice(['不足', '不到'])}{b}{u}", W(r), Y(r), met=None)


@kind("q_yu_duo", "目标落在“90余”“100多”“十几”的含糊处：不判")
def _(r):
    op = r.choice("≥≤=")
    k = r.randint(0, 4)
    u = r.choice(["场", "份", "人", "户"])
    n = r.randint(1, 9)
    if k == 0:
        return und(f"{op}{n}{r.randint(2, 8)}{u}", r.choice([f"{n}0余{u}", f"{n}0多{u}", f"{n}0余", f"{n}0几{u}"]), W(r), Y(r))
    if k == 1:
        return und(f"{op}{n}{r.randint(10, 80)}{u}", r.choice([f"{n}00多{u}", f"{n}00余{u}", f"{n}00多"]), W(r), Y(r))
    if k == 2:
        return und(f"{op}{r.randint(12, 18)}{u}", r.choice(["十几", f"十几{u}", f"十多{u}", f"1几{u}"]), W(r), Y(r))
    if k == 3:
        return und(f"{op}{n}{r.randint(2, 8)}{u}", r.choice([f"{n}几", f"{n}几{u}"]), W(r), Y(r))
    return und(f"{op}{n}{r.randint(1, 8)}500{u}", f"{n}万{r.choice('余多')}{u}", W(r), Y(r))


@kind("q_shangbai", "上百、上千、近百、数十、几十、若干、好几百：不判")
def _(r):
    op = r.choice("≥=")
    u = r.choice(["场", "份", "人", "户", "次"])
    word, lo, hi = r.choice([("上百", 110, 900), ("上千", 1100, 9000), ("近百", 96, 130), ("数十", 22, 95), ("几十", 22, 95), ("若干", 3, 300), ("好几百", 250, 950), ("数百", 250, 950), ("几百", 250, 950)])
    return und(f"{op}{r.randint(lo, hi)}{u}", word + r.choice(["", u]), W(r), Y(r))


@kind("q_lai", "90来场、90几场：不判")
def _(r):
    a, u = r.randint(2, 60) * 10, r.choice(["场", "人", "户", "个"])
    return und(f"{r.choice('≥=≤')}{a + r.choice([0, 1, 3, 5])}{u}", r.choice([f"{a}来{u}", f"{a}来"]), W(r), Y(r))


@kind("q_plan", "90（计划）、计划90场、90场(计划数)")
def _(r):
    return qual(r, ["{b}（计划）", "计划{b}{u}", "{b}{u}（计划）", "{b}{u}(计划数)", "计划完成{b}{u}", "{b}{u}计划"], .8, 1.3)


@kind("q_expect", "预计90场、预计可完成90")
def _(r):
    return qual(r, ["预计{b}{u}", "预计完成{b}{u}", "{b}{u}（预计）", "年底预计达到{b}{u}", "预计可达{b}{u}"], .8, 1.3)


@kind("q_unfinished", "90场未完成、未完成90场")
def _(r):
    return qual(r, ["{b}{u}未完成", "未完成{b}{u}", "{b}{u}（未完成）", "{b}未完成"], .8, 1.3)


@kind("q_plan_actual", "90场计划，实际完成80场：两个数，不判")
def _(r):
    a, u = cnt(r, 20, 3000)
    u = u or "场"
    b = down(r, a)
    return und(f"{r.choice('≥=')}{a}{u}", r.choice([f"{a}{u}计划，实际完成{b}{u}", f"计划{a}{u}，实际{b}{u}", f"计划{a}{u},完成{b}{u}", f"原计划{a}{u}，已完成{b}{u}"]), W(r), Y(r))


@kind("q_among", "其中90、其中线下80场：只是一部分，不判")
def _(r):
    a, u = cnt(r, 20, 3000)
    u = u or "场"
    return und(f"{r.choice('≥=')}{a}{u}", r.choice(["其中{}{}", "其中{}", "其中线下{}{}", "其中本年{}{}"]).format(*((down(r, a), u))), W(r), Y(r))


@kind("q_asof", "截至10月底80场：不判")
def _(r):
    a, u = cnt(r, 20, 3000)
    u = u or "场"
    m = r.randint(6, 11)
    return und(f"{r.choice('≥=')}{a}{u}", r.choice(["截至{m}月底{b}{u}", "截至{m}月完成{b}{u}", "{b}{u}（截至{m}月底）", "截至目前{b}{u}", "截至{m}月{b}{u}"]).format(m=m, b=down(r, a), u=u), W(r), Y(r))


@kind("q_part", "部分完成、部分90场：不判")
def _(r):
    a, u = cnt(r, 20, 3000)
    u = u or "场"
    b = near(r, a, .7, 1.0)
    return und(f"{r.choice('≥=')}{a}{u}", r.choice(["部分{b}{u}", "部分完成{b}{u}", "{b}{u}部分完成", "部分完成", "{b}{u}（部分）"]).format(b=b, u=u), W(r), Y(r))


@kind("ok_yishang", "≥90 / 95以上、90以上：满分")
def _(r):
    a, u = (r.randint(60, 95), "%") if r.random() < .4 else cnt(r)
    b = r.choice([a, up(r, a)]) if u != "%" else r.randint(a, 99)
    return full(f"≥{a}{u}", f"{b}{u}以上", W(r), Y(r))


@kind("ok_yixia", "≤90 / 85以下、90以内：满分")
def _(r):
    a, u = cnt(r)
    if r.random() < .3:
        a, u = r.randint(5, 95), "%"
    b = r.choice([a, down(r, a)])
    return full(f"≤{a}{u}", f"{b}{u}{r.choice(['以下', '以内'])}", W(r), Y(r))


@kind("ok_buzu", "≤90 / 不足85、不到85：满分")
def _(r):
    a, u = cnt(r)
    return full(f"≤{a}{u}", f"{r.choice(['不足', '不到'])}{down(r, a)}{u}", W(r), Y(r))


@kind("ok_yu", "≥90 / 95余、100多场（下界已过目标）：满分")
def _(r):
    n = r.randint(3, 90) * 10
    u = r.choice(["场", "份", "人", "户"])
    a = r.randint(int(n * .5), n - 5)
    return full(f"≥{a}{u}", r.choice([f"{n}余{u}", f"{n}多{u}", f"{n}余"]), W(r), Y(r))


@kind("ok_yu_equal", "≥90 / 90余、≥12000份 / 12000余份：要判只能满分", "lenient")
def _(r):
    n = r.randint(3, 99) * r.choice([10, 100, 1000])
    u = r.choice(["场", "份", "人", "户"])
    return full(f"≥{n}{u}", r.choice([f"{n}余{u}", f"{n}余", f"{n}多{u}"]), W(r), Y(r), human=False)


DASH = ["-", "~", "～", "—", "－", "至", "–"]


@kind("interval_ok_ge", "≥90% / 95%-98%：两端都满分")
def _(r):
    d = r.choice(DASH)
    if r.random() < .5:
        a = r.randint(60, 92)
        lo = r.randint(a, 96)
        hi = r.randint(lo + 1, 99)
        return full(f"≥{a}%", f"{lo}%{d}{hi}%", W(r), Y(r))
    a, u = cnt(r)
    u = u or "场"
    lo = up(r, a)
    return full(f"≥{a}{u}", f"{lo}{d}{up(r, lo)}{u}", W(r), Y(r))


@kind("interval_ok_le", "≤90 / 80-85：两端都满分")
def _(r):
    d = r.choice(DASH)
    a, u = big(r, 20, 5000), r.choice(["元", "天", "起", "人"])
    hi = r.randint(int(a * .6) + 2, a)
    lo = down(r, hi)
    return full(f"≤{a}{u}", r.choice([f"{lo}{d}{hi}{u}", f"{lo}{u}{d}{hi}{u}"]), W(r), Y(r))


@kind("interval_matters", "85%-95% 对 ≥90%，区间跨着目标：不判")
def _(r):
    d = r.choice(DASH)
    if r.random() < .5:
        a = r.randint(60, 94)
        lo, hi = a - r.randint(1, 9), a + r.randint(0, 5)
        return und(f"≥{a}%", r.choice([f"{lo}%{d}{hi}%", f"{lo}{d}{hi}%"]), W(r), Y(r))
    a, u = cnt(r)
    u = u or "场"
    op = r.choice("≥≤=")
    return und(f"{op}{a}{u}", r.choice([f"{down(r, a)}{d}{up(r, a)}{u}", f"{down(r, a)}{u}{d}{up(r, a)}{u}"]), W(r), Y(r))


@kind("interval_below", "≥90 / 70-80：两端得分不同，不判；没达到")
def _(r):
    a, u = big(r, 40, 5000), r.choice(["场", "份", "人", "%"])
    if u == "%":
        a = r.randint(60, 97)
    hi = down(r, a)
    lo = max(1, int(hi * r.uniform(.6, .9)))
    d = r.choice(DASH)
    return und(f"≥{a}{u}", f"{lo}{u}{d}{hi}{u}", W(r), Y(r), met=False)


@kind("decimal_comma", "小数逗号 9,5 / 12,34：不判")
def _(r):
    a = dec(r, 2, 99, r.choice([1, 2]))
    while "." not in p(a):
        a = dec(r, 2, 99, 1)
    i, f = p(a).split(".")
    u = r.choice(["", "公里", "吨", "%", "万元"])
    return und(f"{r.choice('≥=')}{p(a)}{u}", f"{i},{f}{u if u != '万元' else ''}", W(r), Y(r))


@kind("two_numbers", "90 91、90、91、90；91：不判")
def _(r):
    a, u = big(r, 20, 5000), r.choice(["", "场", "份", "人"])
    b = down(r, a)
    pair = r.sample([a, b], 2)
    s = r.choice([" ", "、", "；", ";", "\n", "|"])
    return und(f"{r.choice('≥=')}{a}{u}", f"{pair[0]}{r.choice(['', u])}{s}{pair[1]}{u}", W(r), Y(r))


@kind("slash_fraction", "3/4、90/91、3∕4、90:91：不判")
def _(r):
    b = r.randint(1, 98)
    c = b + r.randint(1, 9)
    t = r.choice([f"≥{c}场", f"={c}", f"≥{b}场", f"={c}人", f"≥{r.randint(60, 99)}%"])
    return und(t, f"{b}{r.choice(['/', '／', '∕', ':', '：', '⁄'])}{c}", W(r), Y(r))


@kind("arithmetic", "算式 90+5、45×2、100-5、180÷2：不判")
def _(r):
    b = r.randint(10, 300)
    k = r.randint(2, 9)
    x, v = r.choice([(f"{b}+{k}", b + k), (f"{b}×{k}", b * k), (f"{b}*{k}", b * k), (f"{b * k}÷{k}", b), (f"{b}－{k}＝{b - k}", b), (f"{b}+{k}={b + k}", b + k), (f"{b}＋{k}", b + k), (f"={b}+{k}", b + k)])
    return und(f"{r.choice('≥=')}{v}{r.choice(['', '场', '人'])}", x, W(r), Y(r))


@kind("superscript", "上标、下标 9²、9³、90⁺、9₂：不判")
def _(r):
    b = r.randint(2, 99)
    return und(f"{r.choice('≥=≤')}{near(r, b, .9, 1.5)}{r.choice(['场', '人', '', '份'])}", f"{b}{r.choice('²³¹⁴⁵₂₃⁰')}", W(r), Y(r))


@kind("vulgar", "9½、¾、90¼：不判")
def _(r):
    b = r.randint(1, 99)
    return und(f"{r.choice('≥=≤')}{near(r, b, .95, 1.3)}{r.choice(['公里', '吨', '', '亩'])}", f"{b}{r.choice('½¼¾⅓⅔⅛')}", W(r), Y(r))


@kind("circled", "带圈、括号、带点数字 ①⑩㉑⑴⒈：不判")
def _(r):
    c = r.choice("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑮⑳㉑㉒㊿⑴⑵⑶⑽⒈⒉⒊❶❷➀")
    return und(f"{r.choice('≥=≤')}{r.randint(1, 30)}{r.choice(['场', '人', '', '次'])}", c, W(r), Y(r))


@kind("underscore", "1_000：看不懂，不判")
def _(r):
    a = big(r, 1000, 900000)
    s = f"{near(r, a, .9, 1.5):_}"
    if "_" not in s:
        s = "1_000"
    return und(f"{r.choice('≥=≤')}{a}{r.choice(['份', '人', ''])}", s, W(r), Y(r))


@kind("exponent", "1e3、1.2E+05：要判只能是那个数", "lenient")
def _(r):
    e = r.randint(2, 5)
    m = dec(r, 1, 9.9, 1)
    b = m * 10 ** e
    a, w, op = near(r, int(b), .7, 1.6), W(r), r.choice("≥≤")
    return f"{op}{a}份", r.choice([f"{p(m)}e{e}", f"{p(m)}E+0{e}", f"{p(m)}E{e}"]), w, Y(r), sc(op, a, b, w), reached(op, a, b), False


@kind("not_a_number", "NaN、∞、Infinity、1E999：看不懂，不判")
def _(r):
    a, u = cnt(r)
    if r.random() < .3:
        a, u = r.randint(60, 100), "%"
    x = r.choice(["NaN", "nan", "∞", "Infinity", "-Infinity", "inf", "-inf", "1E999", "sNaN", "+∞", "-∞", "1e400", "∞%"])
    return und(f"{r.choice('≥=≤')}{a}{u}", x, W(r), Y(r))


@kind("error_value", "#N/A、#REF!、#DIV/0!、=DISPIMG(…)：看不懂，不判")
def _(r):
    a, u = cnt(r)
    x = r.choice(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#####", f'=DISPIMG("ID_{r.randint(100, 999)}",1)', "#SPILL!"])
    return und(f"{r.choice('≥=≤')}{a}{u}", x, W(r), Y(r))


@kind("copied_target", "完成值连运算符照抄目标（>=0.9 / >=0.9）：没有实测值，不判（E-09）")
def _(r):
    t = r.choice([f"≥{r.randint(60, 99)}%", f">={p(dec(r, .5, .99, 2))}", f"={big(r)}场", f"≥{big(r)}人次", f"≤{big(r)}元", f">={r.randint(60, 99)}%", f"≥{r.randint(60, 99)}.00(百分比)", f"≤{r.randint(5, 900)}万元"])
    return und(t, t, W(r), Y(r))


@kind("blank", "空白（不是 0）：不判")
def _(r):
    t = r.choice([f"≥{big(r)}场", "0起", "≤0起", f"≤{big(r)}元", f"≥{r.randint(60, 99)}%", "0%", "=0"])
    return und(t, r.choice([None, "", " ", "\u3000", "\n"]), W(r), Y(r))


@kind("dash_placeholder", "— / 、待统计、暂无数据、不适用：不判")
def _(r):
    t = r.choice([f"≥{big(r)}场", f"≤{big(r)}元", f"≥{r.randint(60, 99)}%", f"={big(r)}份"])
    return und(t, r.choice(["—", "-", "/", "——", "待统计", "暂无数据", "不适用", "N/A", "待定", "?", "？", "***", "无法统计", "待补充"]), W(r), Y(r))


@kind("words_for_number", "已完成、达标、合格、见附件 对着数字目标：不判（E-10）")
def _(r):
    t = r.choice([f"≥{big(r)}场", f"≤{big(r)}元", f"≥{r.randint(60, 97)}%", f"={big(r)}份", f"{big(r)}户"])
    return und(t, r.choice(["已完成", "达标", "见附件", "完成", "合格", "良好", "优秀", "符合要求", "详见总结", "正常", "√", "基本完成", "较好", "见佐证材料"]), W(r), Y(r))


@kind("attachment_digit", "见附件3、详见附件90：数字是附件号，不判")
def _(r):
    n = r.randint(1, 30)
    return und(f"{r.choice('≥=')}{max(1, n - r.randint(0, 3))}{r.choice(['场', '份', '人', ''])}", r.choice([f"见附件{n}", f"详见附件{n}", f"附件{n}", f"见附表{n}", f"见第{n}页"]), W(r), Y(r))


@kind("rate_word_on_count", "完成率90 / 完成率90%、已完成90% 对计数目标：不判")
def _(r):
    n = r.randint(50, 100)
    return und(f"{r.choice('≥=')}{near(r, n, .7, 1.3)}{r.choice(['场', '份', '人', '户'])}", r.choice([f"完成率{n}", f"完成率{n}%", f"已完成{n}%", f"完成进度{n}%", f"完成比例{n}%"]), W(r), Y(r))


@kind("ordinal", "第90、编号90、No.90、90号：不判")
def _(r):
    n = big(r, 2, 900)
    return und(f"{r.choice('≥=≤')}{near(r, n, .7, 1.3)}{r.choice(['场', '份', '人', '个'])}", r.choice([f"第{n}", f"第{n}名", f"编号{n}", f"No.{n}", f"NO{n}", f"{n}号", f"第{n}位", f"序号{n}"]), W(r), Y(r))


@kind("year_on_count", "90年、2025年、2025年度 对计数目标：不判")
def _(r):
    n = r.randint(50, 99)
    y = Y(r)
    return und(f"{r.choice('≥=')}{n}{r.choice(['场', '份', '人', '户'])}", r.choice([f"{near(r, n, .8, 1.2)}年", f"{y}年", f"{y}年度", f"19{n}年"]), W(r), y)


@kind("date_on_count", "日期对着计数目标：不判")
def _(r):
    y, m, d = Y(r), r.randint(1, 12), r.randint(1, 28)
    x = r.choice([f"{y}年{m}月{d}日", f"{m}月{d}日", f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}年{m}月", f"{y}.{m}.{d}", f"{m}月底", f"{y}-{m:02d}-{d:02d} 00:00:00"])
    return und(f"{r.choice('≥=≤')}{r.choice([big(r, 3, 300), r.randint(1, 12)])}{r.choice(['场', '份', '人', '户', '%'])}", x, W(r), y)


@kind("year_dot_month", "2025.3 对计数目标：像日期又像小数，不判")
def _(r):
    y = Y(r)
    return und(f"{r.choice('≥=')}{r.randint(3, 900)}{r.choice(['场', '份', '人', '户'])}", r.choice([f"{y}.{r.randint(1, 9)}", f"{y}.0{r.randint(1, 9)}", f"{y}.{r.choice([10, 11, 12])}"]), W(r), y)
