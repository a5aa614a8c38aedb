"""Words for figures, 定性 targets, and deadlines."""

from __future__ import annotations

import datetime as dt

from .base import W, Y, big, dtext, early, full, kind, last, month_end, und


@kind("band_words", "定性档位词：档内哪一分不定，不判")
def _(r):
    t = r.choice(["及时", "管理良好", "健全", "规范", "优良", "有所提升", "达成预期指标", "持续改善", "良好", "完备"])
    x = r.choice(["达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差", "达成预期指标", "部分达成预期指标", "基本达成预期指标", "部分达成", "未达成", "未达成预期指标"])
    if x == t:
        x = "部分达成预期指标"
    return und(t, x, W(r), Y(r))


@kind("band_words_on_number", "定性档位词对着数字目标：不判")
def _(r):
    t = r.choice([f"≥{r.randint(60, 97)}%", f"≥{big(r)}场", f"={big(r)}份", f"≤{big(r)}元"])
    return und(t, r.choice(["达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差", "达成预期指标", "部分达成", "基本达成"]), W(r), Y(r))


@kind("text_target_number", "定性或未定值的目标对着数字：不判")
def _(r):
    t = r.choice(["及时", "管理良好", "健全", "按照下发任务", "按文件标准", "规范", "优良", "有所提升"])
    n = r.randint(1, 100)
    return und(t, r.choice([f"{n}", f"{n}%", f"{n}场", f"{n}人次"]), W(r), Y(r))


CNM = "〇 一 二 三 四 五 六 七 八 九 十 十一 十二".split()


@kind("date_month_end_met", "12月底前 / 11月30日：满分", "date")
def _(r):
    y, m = Y(r), r.randint(2, 12)
    d = early(r, y, last(y, m) - dt.timedelta(1))
    return full(month_end(r, y, m), dtext(r, d), W(r), y)


@kind("date_month_end_late", "11月底前 / 2025年12月15日：迟了，得分不定", "date")
def _(r):
    y, m = Y(r), r.randint(1, 11)
    e = last(y, m)
    d = e + dt.timedelta(r.randint(1, max(1, (dt.date(y, 12, 31) - e).days)))
    return und(month_end(r, y, m), dtext(r, d), W(r), y, met=False)


@kind("date_next_year_late", "12月底前 / 次年1月10日：迟了，得分不定", "date")
def _(r):
    y, m = Y(r), r.randint(9, 12)
    d = dt.date(y + 1, r.randint(1, 6), r.randint(1, 28))
    return und(month_end(r, y, m), dtext(r, d, noyear=False), W(r), y, met=False)


@kind("date_day_met", "6月30日前 / 6月20日：满分", "date")
def _(r):
    y = Y(r)
    t = dt.date(y, r.randint(2, 12), r.randint(2, 28))
    d = early(r, y, t - dt.timedelta(1))
    tx = r.choice([f"{t.month}月{t.day}日前", f"{y}年{t.month}月{t.day}日前", f"{y}年{t.month}月{t.day}日之前", f"{t.month}月{t.day}日前完成"])
    return full(tx, dtext(r, d), W(r), y)


@kind("date_day_late", "6月30日前 / 7月2日：迟了，得分不定", "date")
def _(r):
    y = Y(r)
    t = dt.date(y, r.randint(1, 11), r.randint(2, 28))
    d = t + dt.timedelta(r.randint(1, (dt.date(y, 12, 31) - t).days))
    tx = r.choice([f"{t.month}月{t.day}日前", f"{y}年{t.month}月{t.day}日前", f"{y}年{t.month}月{t.day}日之前", f"{t.month}月{t.day}日前完成"])
    return und(tx, dtext(r, d), W(r), y, met=False)


@kind("date_month_before_met", "2024年6月前、2020年五月之前，实际早一个月以上：满分", "date")
def _(r):
    y, m = Y(r), r.randint(3, 12)
    d = early(r, y, last(y, m - 1))
    tx = r.choice([f"{y}年{m}月前", f"{y}年{CNM[m]}月之前", f"{y}年{m}月之前", f"{m}月前", f"{CNM[m]}月之前"])
    return full(tx, dtext(r, d), W(r), y)


@kind("date_month_before_late", "2024年6月前，实际在 6 月之后：迟了，得分不定", "date")
def _(r):
    y, m = Y(r), r.randint(1, 11)
    d = dt.date(y, r.randint(m + 1, 12), r.randint(1, 28))
    tx = r.choice([f"{y}年{m}月前", f"{y}年{CNM[m]}月之前", f"{y}年{m}月之前", f"{m}月前"])
    return und(tx, dtext(r, d), W(r), y, met=False)


@kind("date_actual_month", "只写了月份而够判：12月底前 / 2025年11月、11月；同月对月底也按期", "date")
def _(r):
    y, m = Y(r), r.randint(2, 12)
    k = r.randint(1, m)
    return full(month_end(r, y, m), r.choice([f"{y}年{k}月", f"{k}月", f"{y}年{k:02d}月"]), W(r), y)


@kind("date_actual_month_late", "只写了月份，已过期限：迟了，得分不定", "date")
def _(r):
    y, m = Y(r), r.randint(1, 11)
    k = r.randint(m + 1, 12)
    return und(month_end(r, y, m), r.choice([f"{y}年{k}月", f"{k}月"]), W(r), y, met=False)


@kind("date_actual_month_open", "11月15日前 / 11月：不知哪一天，不判", "date")
def _(r):
    y, m = Y(r), r.randint(1, 12)
    t = r.randint(5, 25)
    return und(r.choice([f"{m}月{t}日前", f"{y}年{m}月{t}日前"]), r.choice([f"{y}年{m}月", f"{m}月"]), W(r), y)


@kind("date_year_end", "年底前 / 2025年12月20日：满分；次年则迟了", "date")
def _(r):
    y = Y(r)
    t = r.choice(["年底前", f"{y}年底前", f"{y}年年底前", f"{y}年12月31日前", "12月31日前"])
    if r.random() < .65:
        return full(t, dtext(r, early(r, y, dt.date(y, 12, 30))), W(r), y)
    return und(t, dtext(r, dt.date(y + 1, r.randint(1, 5), r.randint(1, 28)), noyear=False), W(r), y, met=False)


@kind("date_target_own_year", "目标写了年份，与表的年度不同：按目标的年份", "date")
def _(r):
    y, m = Y(r), r.randint(2, 11)
    ty = y + r.choice([-1, 1])
    t = r.choice([f"{ty}年{m}月底前", f"{ty}年{m}月底之前"])
    if r.random() < .5:
        return full(t, dtext(r, early(r, ty, last(ty, m) - dt.timedelta(1)), noyear=False), W(r), y)
    d = last(ty, m) + dt.timedelta(r.randint(1, 200))
    return und(t, dtext(r, d, noyear=False), W(r), y, met=False)


@kind("date_target_number", "日期目标对着数字、见附件：不判", "date")
def _(r):
    y, m = Y(r), r.randint(1, 12)
    return und(month_end(r, y, m), r.choice([f"{r.randint(1, 99)}", f"{r.randint(1, 99)}场", "见附件", f"{r.randint(50, 99)}%", f"{r.randint(1, 30)}天"]), W(r), y)
