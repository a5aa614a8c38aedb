"""Records, JSON, the public surface, rolling forward."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.domain.rollforward import distribute
from xladdin.domain.scoring import execution_rate
from xladdin.profiles import profile

EXAMPLE = json.loads((Path(xladdin.__file__).parent / "data" / "example.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("obj", EXAMPLE, ids=lambda obj: f"{obj['year']} {obj['project']}")
def test_json_round_trip(obj):
    assert xladdin.from_dict(obj).to_dict() == obj


@pytest.mark.parametrize(
    "change, says",
    [
        ({"kind": "other"}, "kind"),
        ({"kind": "declaration", "project": None}, "project"),
        ({"kind": "declaration", "project": "甲", "colour": "红"}, "colour"),
        ({"kind": "declaration", "project": "甲", "year": "2021"}, "year"),
        ({"kind": "declaration", "project": "甲", "start": "2021年"}, "start"),
        ({"kind": "declaration", "project": "甲", "money_unit": "亿元"}, "money_unit"),
        ({"kind": "declaration", "project": "甲", "funds": {"total": 0.1}}, "funds.total"),
        ({"kind": "declaration", "project": "甲", "funds": {"total": "一百"}}, "funds.total"),
        (
            {"kind": "declaration", "project": "甲", "indicators": [{"name": "乙"}, {"target": "1"}]},
            "indicators[1].name",
        ),
        (
            {"kind": "evaluation", "project": "甲", "budget": [{"item": "年度资金总额", "executed": "NaN"}]},
            "budget[0].executed",
        ),
        ([], "JSON"),
    ],
)
def test_wrong_json_names_the_place(change, says):
    with pytest.raises(xladdin.XladdinError) as caught:
        xladdin.from_dict(change)
    assert says in str(caught.value)


def test_the_public_names_are_there_and_the_import_is_light():
    code = "import sys, xladdin; print([m for m in ('openpyxl','lxml','jinja2','pandas','xlsxwriter') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    names = ("read", "reading", "fill", "from_dict", "forms", "parse_target", "execution_rate", "score")
    for name in (*names, "self_evaluation", "frames", "from_frames", "findings_frame"):
        assert callable(getattr(xladdin, name))
    assert {form.name for form in xladdin.forms()} >= {
        "2020目标表", "2021申报表", "2021自评表", "2023申报表", "2024申报表", "全国自评表",
    }  # fmt: skip
    assert callable(xladdin.forms)


@pytest.mark.parametrize(
    "obj", [obj for obj in EXAMPLE if obj["kind"] == "declaration"], ids=lambda obj: obj["project"]
)
def test_rolled_forward(obj):
    declaration = xladdin.from_dict(obj)
    got = xladdin.self_evaluation(declaration)
    assert [(row.level1, row.level2, row.name, row.target) for row in got.indicators] == [
        (row.level1, row.level2, row.name, row.target) for row in declaration.indicators
    ]
    weights = [row.weight for row in got.indicators]
    assert got.budget[0].weight == 10
    assert sum(weights, got.budget[0].weight) == 100
    assert min(weights) > 0
    assert all(row.actual is None and row.score is None for row in got.indicators)
    assert got.budget[0].initial == (
        declaration.funds.annual_total or Decimal(declaration.extra.get("项目当年预算", "0"))
    )


@pytest.mark.parametrize(
    "levels, year, groups",
    [
        (["产出指标"] * 4 + ["效益指标"] * 2 + ["满意度指标"] * 2, 2021, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}),
        (["成本指标", "产出指标", "效益指标", "满意度指标"], 2024, {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}),
        (["产出指标", "效益指标"], 2021, {"产出指标": 50, "效益指标": 40}),
        (["产出指标"] * 62, 2023, {"产出指标": 90}),
        (["效果目标", "产出目标", "满意度指标"], 2020, {"效果目标": 30, "产出目标": 50, "满意度指标": 10}),
    ],
)  # fmt: skip
def test_weights_are_the_profile_s(levels, year, groups):
    weights = distribute(levels, profile("上海", year))
    assert sum(weights) == 90
    assert {level: sum(w for one, w in zip(levels, weights, strict=True) if one == level) for level in groups} == groups


DEALT = [  # 一级指标, year, the points of each indicator, in order
    (["产出"] * 3 + ["效益"] + ["满意度"], 2021, "17 17 16 30 10"),
    (["产出"] * 4 + ["效益"] * 2 + ["满意度"] * 3, 2021, "13 13 12 12 15 15 4 3 3"),
    (["效益", "产出", "效益", "产出", "产出", "满意度"], 2021, "15 17 15 17 16 10"),  # each group apart, wherever its rows stand
    (["产出", "效益"] + ["满意度"] * 12, 2021, "50 30 1 1 1 1 1 1 1 1 0.5 0.5 0.5 0.5"),
    (["产出"] * 62, 2023, " ".join(["2"] * 28 + ["1"] * 34)),
    (["产出"] * 91, 2023, " ".join(["1"] * 89 + ["0.5"] * 2)),
    (["产出", "效益"], 2021, "50 40"),  # the points of 满意度 go to 效益
    (["产出", "满意度"], 2021, "75 15"),  # in proportion
    (["产出"], 2021, "90"),
    (["成本", "产出"], 2024, "30 60"),  # 20 and 40 of 90
    (["成本", "产出", "产出", "产出"], 2024, "30 20 20 20"),
    (["成本", "产出", "满意度"], 2024, "26 51 13"),
    (["成本", "产出", "效益"], 2024, "20 40 30"),
    (["成本", "产出", "效益", "满意度"], 2024, "20 40 20 10"),
    (["成本", "产出"], 2021, "45 45"),  # no points of its own yet: counts with 产出
    (["别的", "效益", "满意度"], 2021, "50 30 10"),
]  # fmt: skip


@pytest.mark.parametrize(("levels", "year", "points"), DEALT)
def test_the_points_of_each_indicator(levels, year, points):
    assert distribute(levels, profile("上海", year)) == [Decimal(part) for part in points.split()]


@pytest.mark.parametrize(
    "executed, budget, rate",
    [("965043.97", "991403", "0.9734"), ("215457.6", "250000", "0.8618"), ("9034", "20000", "0.4517"), ("0", "5", "0"),
     ("5", "0", "0"), (None, "5", None), ("5", None, None), ("120", "100", "1.2"), ("0.00005", "1", "0.0001")],
)  # fmt: skip
def test_execution_rate(executed, budget, rate):
    assert execution_rate(executed and Decimal(executed), budget and Decimal(budget)) == (rate and Decimal(rate))
