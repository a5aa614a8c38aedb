"""parse_target: the shapes of the seeds, the platforms ask for and the common ones elsewhere."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.domain.actual import comparable, day_of
from xladdin.domain.numbers import amount_of, date_of, round_half_up

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
    "target, actual, value",
    [
        ("≥90%", "95%", "0.95"),
        ("≥90%", "0.95", "0.95"),
        ("≥90%", "95", "0.95"),
        ("≥90%", "9", None),
        ("≤1%", "0.8", None),
        ("≤3%", "1", None),
        ("≤3%", "1%", "0.01"),
        ("≤24小时", "3天", None),
        ("≤24小时", "3小时", "3"),
        ("≤30分钟", "1小时", None),
        ("≥3年", "6个月", None),
        ("≥90%", "92分", None),
        ("≥10000个", "1.2w", None),
        ("≤1%", "0.1", None),
        ("=1百分比", "100", "1"),
        ("=91场", "90场", "90"),
        ("=91场", "90%", None),
        ("=91场", "90-95场", None),
        ("≥25万人次", "26万", "260000"),
        ("≥25万人次", "26", None),
        ("≥25万人次", "0", "0"),
        (">0.9", "95", "0.95"),
        ("=1", "2", "2"),
        ("=1", "95", None),
        ("=91场", "９０", None),
    ],
)
def test_actual_beside_its_target(target, actual, value):
    assert comparable(xladdin.parse_target(target), actual) == (value and Decimal(value))


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
    assert day_of("2020年4月20日") == 43941


@pytest.mark.parametrize(
    "value, places, rounded",
    [("0.125", 2, "0.13"), ("2.675", 2, "2.68"), ("1.005", 2, "1.01"), ("-0.125", 2, "-0.13"), ("0.97341245", 4, "0.9734"),
     ("9.3449999999999999", 2, "9.35")],
)  # fmt: skip
def test_rounding_is_excel_s(value, places, rounded):
    assert round_half_up(Decimal(value), places) == Decimal(rounded)
