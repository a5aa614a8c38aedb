"""parse_target: the shapes of the seeds, the platforms ask for and the common ones elsewhere."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.domain.actual import DIGITS_READ, plain_value
from xladdin.domain.days import deadline, done
from xladdin.domain.judging import judge
from xladdin.domain.numbers import amount_of, date_of, round_half_up
from xladdin.profiles import profile

CASES = [
    # printed, op, number, unit, kind, value
    ("=91场", "=", "91", "场", "number", "91"),
    ("=3000份", "=", "3000", "份", "number", "3000"),
    ("=90", "=", "90", None, "number", "90"),
    ("=1百分比", "=", "1", "百分比", "percent", "1"),
    (">=0.9百分比", "≥", "0.9", "百分比", "percent", "0.9"),
    ("=100.00(百分比)", "=", "100.00", "百分比", "percent", "1"),
    ("≥90.00(百分比)", "≥", "90.00", "百分比", "percent", "0.9"),
    ("≥100百分比", "≥", "100", "百分比", "percent", "1"),
    ("<100(百分比)", "<", "100", "百分比", "percent", "1"),
    ("≥85.00(分)", "≥", "85.00", "分", "number", "85"),
    ("=500000.00(到达量)", "=", "500000.00", "到达量", "number", "500000"),
    ("=0.30", "=", "0.30", None, "number", "0.3"),
    (">0.9", ">", "0.9", None, "number", "0.9"),
    ("100%", None, "100", "%", "percent", "1"),
    ("3户", None, "3", "户", "number", "3"),
    ("0起", None, "0", "起", "number", "0"),
    ("0%", None, "0", "%", "percent", "0"),
    ("≥90%", "≥", "90", "%", "percent", "0.9"),
    ("≧90%", "≥", "90", "%", "percent", "0.9"),
    (">=530元/人*月", "≥", "530", "元/人*月", "number", "530"),
    ("不低于95%", "≥", "95", "%", "percent", "0.95"),
    ("98%以上", "≥", "98", "%", "percent", "0.98"),
    ("90分及以上", "≥", "90", "分", "number", "90"),
    ("小于0.9‰", "<", "0.9", "‰", "percent", "0.0009"),
    ("25万人次", None, "25", "万人次", "number", "250000"),
    ("不超过17.4万元", "≤", "17.4", "万元", "number", "174000"),
    ("控制在100万元以内", "≤", "100", "万元", "number", "1000000"),
    ("1,100,000元", None, "1100000", "元", "number", "1100000"),
    ("５０％", None, "50", "%", "percent", "0.5"),
    ("≥ 95 %", "≥", "95", "%", "percent", "0.95"),
    ("3千份", None, "3", "千份", "number", "3000"),
    ("5千克", None, "5", "千克", "number", "5"),
    ("-3", None, "-3", None, "number", "-3"),
    ("+5", None, "5", None, "number", "5"),
    ("2021年12月31日", None, None, None, "date", "44561"),
    ("2020年五月之前", "<", None, None, "date", "43952"),
    ("二〇二一年十二月底前", "≤", None, None, "date", "44561"),
    ("2021年底", None, None, None, "date", "44561"),
    ("2021年6月上旬", None, None, None, "date", "44357"),
    ("2021年6月中旬", None, None, None, "date", "44367"),
    ("285人次（含）以上", "≥", "285", "人次", "number", "285"),
    ("≥500㎡", "≥", "500", "m²", "number", "500"),
    ("年底前", "≤", None, None, "date", None),
    ("9月前", "<", None, None, "date", None),
    ("12月31日前", "≤", None, None, "date", None),
    ("按照下发任务", None, None, None, "unset", None),
    ("按文件标准", None, None, None, "unset", None),
    ("—", None, None, None, "unset", None),
    ("*", None, None, None, "unset", None),
    ("", None, None, None, "unset", None),
    (None, None, None, None, "unset", None),
    ("及时", None, None, None, "text", None),
    ("每季度一次", None, None, None, "text", None),
    ("社会效益良好", None, None, None, "text", None),
    ("@x", None, None, None, "text", None),
    ("85%-90%", None, None, None, "text", None),
    ("3000余份", None, None, None, "text", None),
    ("约90场", None, None, None, "text", None),
]


@pytest.mark.parametrize("printed, op, number, unit, kind, value", CASES)
def test_parse_target(printed, op, number, unit, kind, value):
    got = xladdin.parse_target(printed)
    assert got.text == (printed or "")
    assert (got.op, got.unit, got.kind) == (op, unit, kind)
    assert got.number == (None if number is None else Decimal(number))
    assert got.value == (None if value is None else Decimal(value))


def test_every_target_of_the_example_is_understood():
    records = json.loads((Path(xladdin.__file__).parent / "data" / "example.json").read_text(encoding="utf-8"))
    kinds = [xladdin.parse_target(row["target"]).kind for record in records for row in record["indicators"]]
    assert (len(kinds), kinds.count("unset"), kinds.count("date")) == (158, 3, 1)
    words = [
        row["target"]
        for record in records
        for row in record["indicators"]
        if xladdin.parse_target(row["target"]).kind == "text" and any(char.isdigit() for char in row["target"])
    ]
    assert words == []


@pytest.mark.parametrize(
    "printed", ["﹦90%", "═90%", "＝90%", "=90%", "＞＝90%", "⩾90%", "≮90%", "≯90%", "＜＝90%", "≦90%", "﹤90%"]
)
def test_signs_that_look_alike(printed):
    sign = {
        "﹦": "=",
        "═": "=",
        "＝": "=",
        "=": "=",
        "＞": "≥",
        "⩾": "≥",
        "≮": "≥",
        "≯": "≤",
        "＜": "≤",
        "≦": "≤",
        "﹤": "<",
    }
    got = xladdin.parse_target(printed)
    assert (got.op, got.kind, got.value) == (sign[printed[0]], "percent", Decimal("0.9"))


@pytest.mark.parametrize("printed", ["9²场", "②场", "≥9½", "90 91", "Ⅳ", "≥٩٠"])
def test_no_digits_no_figure(printed):
    assert xladdin.parse_target(printed).kind == "text"


@pytest.mark.parametrize(
    "printed, sure, late",
    [
        ("11月底前", "2025-11-30", "2025-11-30"),
        ("2024年2月底之前", "2024-02-29", "2024-02-29"),
        ("6月30日前", "2025-06-30", "2025-06-30"),
        ("6月前", "2025-05-31", "2025-06-30"),  # before June, or by its end
        ("2020年五月之前", "2020-04-30", "2020-05-31"),
        ("年底前", "2025-12-31", "2025-12-31"),
        ("2024年前", "2023-12-31", "2024-12-31"),
        ("上半年", "2025-06-30", "2025-06-30"),
        ("下半年内", "2025-12-31", "2025-12-31"),
        ("三季度末前", "2025-09-30", "2025-09-30"),
        ("第三季度前完成", "2025-06-30", "2025-09-30"),
        ("11月上旬", "2025-11-10", "2025-11-10"),
        ("11月中旬前", "2025-11-20", "2025-11-20"),
        ("不晚于3月5日", "2025-03-05", "2025-03-05"),
    ],
)
def test_deadlines_in_the_year_of_the_form(printed, sure, late):
    due = deadline(printed, 2025)
    assert (due.sure.isoformat(), due.late.isoformat()) == (sure, late)
    assert xladdin.parse_target(printed).kind == "date"


@pytest.mark.parametrize("printed", ["2月30日前", "13月前", "3年", "12个月", "每季度一次", "1336.5", "及时"])
def test_no_deadlines(printed):
    assert deadline(printed, 2025) is None


@pytest.mark.parametrize(
    "actual, first, last",
    [
        ("2025年12月15日", "2025-12-15", "2025-12-15"),
        ("2025.3.1", "2025-03-01", "2025-03-01"),
        ("20250301", "2025-03-01", "2025-03-01"),
        ("已于2025年10月30日完成", "2025-10-30", "2025-10-30"),
        ("2021年12月6日完成竣工验收", "2021-12-06", "2021-12-06"),
        ("11月", "2025-11-01", "2025-11-30"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("11月上旬", "2025-11-01", "2025-11-10"),
        ("11月中旬", "2025-11-11", "2025-11-20"),
        ("11月下旬", "2025-11-21", "2025-11-30"),
        ("2月初", "2025-02-01", "2025-02-10"),
        ("次年1月10日", "2026-01-10", "2026-01-10"),
        ("10月至12月", "2025-10-01", "2025-12-31"),
        ("十二月五日", "2025-12-05", "2025-12-05"),
    ],
)
def test_days_of_actuals(actual, first, last):
    assert tuple(day.isoformat() for day in done(actual, 2025)) == (first, last)


@pytest.mark.parametrize(
    "actual", ["2月30日", "预计10月30日完成", "约10月", "12-15", "63%", "45991", "2025年", "12月至10月", "见附件"]
)
def test_no_days(actual):
    assert done(actual, 2025) is None
    assert done("11月") is None, "of which year?"


@pytest.mark.parametrize(
    "target, actual, value",
    [
        ("≥90%", "95%", "0.95"),
        ("≥90%", "0.95", None),
        ("≥90%", "95", "0.95"),
        ("≥90%", "27", "0.27"),
        ("≥90%", "18", "0.18"),
        ("≥90%", "17.9", None),  # 1790 % is less than twenty times as much
        ("≥90%", "9", None),
        ("≥90%", "1799", "17.99"),
        ("≥90%", "1800", None),
        ("≥1950%", "1950.5", "19.505"),
        ("≥90%", "0", "0"),
        ("≥90%", "-3", "-0.03"),
        ("≤1%", "0.8", None),
        ("≤3%", "1", None),
        ("≤3%", "1.01", "0.0101"),
        ("≤3%", "1%", "0.01"),
        ("≤24小时", "3天", None),
        ("≤24小时", "3小时", "3"),
        ("≤30分钟", "1小时", "60"),
        ("≥3年", "6个月", "0.5"),
        ("≥3年", "2025年", None),
        ("≥3年", "1900年", None),
        ("≥3年", "2025", None),
        ("≥90%", "92分", None),
        ("≥10000个", "1.2w", None),
        ("=1百分比", "100", None),
        ("=1百分比", "4.9", "4.9"),
        ("=1百分比", "5", None),
        ("=91场", "90场", "90"),
        ("≥5场", "5个", None),
        ("≥5场", "3天", None),
        ("=91场", "90%", None),
        ("=91场", "85-95场", None),
        ("≥25万人次", "26万", "260000"),
        ("≥25万人次", "26", "260000"),
        ("≥25万人次", "1.25", "12500"),
        ("≥25万人次", "1.24", None),
        ("≥25万人次", "500", None),
        ("≥25万人次", "12500", "12500"),
        ("≥25万人次", "26人次", None),
        ("≥25万人次", "0", "0"),
        ("≥3百份", "14.9", "1490"),
        ("≥3百份", "15", None),  # 15 or 1500
        ("≥3百份", "59", None),
        ("≥3百份", "60", "60"),
        ("≥3百份", "5999", "5999"),
        ("≥3百份", "6000", None),
        (">0.9", "95", None),
        ("=1", "2", "2"),
        ("=1", "95", None),
        ("=91场", "９０", "90"),
        ("=91场", "12345678901234567", "12345678901234567"),
        ("≥60件", "2025.3", None),
        ("≥60件", "20250301", None),
        ("≥60元", "2025.3", "2025.3"),
        ("≥2次/月", "20", None),
    ],
)
def test_actual_beside_its_target(target, actual, value):
    found = judge(target, actual, profile(), 2025)
    assert found.value == (value and Decimal(value))
    assert (found.share is None) == (value is None)


def test_a_long_figure_is_left_to_python():
    target = xladdin.parse_target("=91场")
    assert plain_value(target, "1" * DIGITS_READ) == Decimal("1" * DIGITS_READ)
    assert plain_value(target, "1" * DIGITS_READ + "1") is None


@pytest.mark.parametrize(
    "text, unit, value",
    [("1,100,000", None, "1100000"), ("50万元", "元", "500000"), ("50万元", "万元", "50"), ("50万", None, None),
     ("５", "元", "5"), ("约110万元", "元", None), ("￥12.5", "元", "12.5"), ("1,10,000", "元", None)],
)  # fmt: skip
def test_amounts(text, unit, value):
    assert amount_of(text, unit) == (value and Decimal(value))


@pytest.mark.parametrize(
    "text, value",
    [("2021-01-01", "2021-01-01"), ("2023年1月1日", "2023-01-01"), ("2026/1/1", "2026-01-01"), ("2021年", None), ("2021-02-30", None)],
)  # fmt: skip
def test_dates(text, value):
    got = date_of(text)
    assert (got and got.isoformat()) == value


@pytest.mark.parametrize(
    "value, places, rounded",
    [("0.125", 2, "0.13"), ("2.675", 2, "2.68"), ("1.005", 2, "1.01"), ("-0.125", 2, "-0.13"), ("0.97341245", 4, "0.9734"),
     ("9.3449999999999999", 2, "9.35")],
)  # fmt: skip
def test_rounding_is_excel_s(value, places, rounded):
    assert round_half_up(Decimal(value), places) == Decimal(rounded)
