"""Cached values, LibreOffice's recalculation and our own scoring must agree on every case."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

import openpyxl
import pytest

from tests.office import recalculated
from xladdin import BudgetLine, Evaluation, Result, fill, read, score
from xladdin.domain.scoring import scored, shown_line, shown_score
from xladdin.form import catalogue
from xladdin.profiles import profile
from xladdin.workbook.reading import read_grids

TARGETS = """=91场|=3000份|≥90%|>=0.9百分比|=1百分比|≥90.00(百分比)|<100(百分比)|≤100万元|<5起|=0.30|>0.9|=1|0起|0%|≤0.9‰|≥25万人次
=10.00(所)|不低于95%|98%以上|及时|管理良好|按照下发任务|2020年五月之前|2021年12月31日|-3|100%|≥1.5倍|≤1%|带"引号"的目标|""".split(
    "|"
)
TARGETS = [target.strip() for part in TARGETS for target in part.split("\n")]
ACTUALS = """|90|90场|91|95%|0.95|0.9|1|100|12万|5,000|3000|-5|+7|0|0.8|12|27|2.7|26|260000|1.2亿元|90-95场|约90场|≥0.9|90.5.1
及时|达成|部分达成|已完成|未完成|2020-04-20|2020年4月30日|2020/5/1|2021.12.31|2022-01-01|见附件| 90 |97.34％|8‰|80 %|.5|5.|1e3|９０|90（含线上5场）|3千|10余场|1/2|12:30|$5|(5)|9月""".split(
    "|"
)
ACTUALS = [actual for part in ACTUALS for actual in part.split("\n")]
WEIGHTS = [Decimal("10"), Decimal("12.5"), Decimal("7.35")]


def cases() -> list[Result]:
    """Every target against every actual, and generated ties: W·B÷A that ends exactly on half a cent."""
    rows = [
        Result("产出指标", "数量指标", f"{number}", target, actual, WEIGHTS[number % 3])
        for number, (target, actual) in enumerate(itertools.product(TARGETS, ACTUALS))
    ]
    chance = random.Random(20200225)
    for number in range(400):
        aim = chance.choice([8, 16, 40, 80, 125, 200, 400, 1000, 2000, 4000])
        done = chance.randrange(2 * aim + 2)
        op = chance.choice(["=", "≥", "≤", "<"])
        rows.append(Result("产出指标", "质量指标", f"tie {number}", f"{op}{aim}个", str(done), chance.choice(WEIGHTS)))
    rows.append(Result("产出指标", "质量指标", "no weight", "=3", "3"))
    return rows


@pytest.mark.parametrize("rules", ["上海", "湖北"])
def test_scores_agree_with_libreoffice(rules, tmp_path, monkeypatch):
    template = openpyxl.load_workbook(catalogue.find_form("2021自评表").path)
    by_name = {item.name: item for item in template.custom_doc_props.props}
    by_name["计分规则"].value, by_name["表式名称"].value = rules, f"试{rules}"
    folder = tmp_path / "templates"
    folder.mkdir()
    template.save(folder / "试.xlsx")
    monkeypatch.setenv(catalogue.FOLDER_VARIABLE, str(folder))
    record = Evaluation(form=f"试{rules}", year=2021, project="公式", indicators=tuple(cases()))
    path = tmp_path / "cases.xlsx"
    path.write_bytes(fill(record))
    expected = scored(record, profile(rules, 2021)).indicators
    (ours,), ((theirs,),) = read_grids(path), recalculated([path], tmp_path / "out")
    wrong = []
    for number, row in enumerate(expected):
        spot = (13 + number, 8)
        cached, live = ours.cells.get(spot), theirs.cells.get(spot)
        if not (cached == live == shown_score(row)):
            wrong.append((row.target, row.actual, row.weight, "own", shown_score(row), "cached", cached, "live", live))
    assert len(expected) > 1500
    assert not wrong, "\n".join(map(str, wrong))


LINES = [
    ("965043.97", "991403", "10"),
    ("215457.6", "250000", "10"),
    ("9034", "20000", "10"),
    ("0", "0", "10"),
    ("5", "0", "10"),
    (None, "100", "10"),
    ("100", None, "10"),
    ("120", "100", "10"),
    ("195.5", "200", "20"),
    ("1", "3", "10"),
    ("0.005", "1", "1"),
    ("-1", "3", "10"),
    ("12345", "100000", "1"),
]


def test_execution_rates_agree_with_libreoffice(tmp_path):
    records = []
    for executed, budget, weight in LINES:
        amounts = {"executed": executed and Decimal(executed), "budget": budget and Decimal(budget)}
        line = BudgetLine("年度资金总额", weight=Decimal(weight), **amounts)
        records.append(Evaluation(form="2021自评表", year=2021, project="执行率", money_unit="元", budget=(line,)))
    paths = [tmp_path / f"rate{number}.xlsx" for number in range(len(LINES))]
    for path, record in zip(paths, records, strict=True):
        path.write_bytes(fill(record))
    live = recalculated(paths, tmp_path / "out")
    for line, record, path, (theirs,) in zip(LINES, records, paths, live, strict=True):
        own = list(shown_line(scored(record, profile()), 0))
        (cached,) = read_grids(path)
        assert [cached.cells.get((6, 8)), cached.cells.get((6, 9))] == own, line
        assert [theirs.cells.get((6, 8)), theirs.cells.get((6, 9))] == own, line


@pytest.mark.parametrize(
    "target, actual, weight, points",
    [
        ("=91场", "90", 20, "19.78"),
        ("=91场", "90场", 20, "19.78"),
        ("=3000份", "50000", 10, "10.00"),
        ("≥25万人次", "12万", 10, "4.80"),
        ("=3000份", "5,000", 10, "10.00"),
        ("≥90%", "0.45", 10, None),
        ("≥90%", "45", 10, "5.00"),
        (">=0.9百分比", "45%", 10, "5.00"),
        ("<100(百分比)", "150%", 10, "5.00"),
        ("≤100万元", "386万", 10, "0.00"),
        ("0起", "0", 5, "5.00"),
        ("0%", "1", 5, "0.00"),
        ("0起", "无", 5, "5.00"),
        ("≤90万元", "90", 10, "10.00"),
        ("≥2公里", "900米", 10, "4.50"),
        ("≥90", "95以上", 10, "10.00"),
        ("及时", "达成", 5, None),
        ("═100%", "98%", 10, "9.80"),
        ("及时", "及时", 5, "5.00"),
        ("及时", "部分达成", 5, None),
        ("按照下发任务", "3", 5, None),
        (">=0.9百分比", ">=0.9", 5, None),
        ("≥90%", "", 5, None),
        ("≥90%", None, 5, None),
        ("≥90%", "9", 5, None),
        ("=8", "1", 1, "0.13"),
        ("=200", "1", 1, "0.01"),
    ],
)
def test_score(target, actual, weight, points):
    assert score(target, actual, weight) == (points and Decimal(points))


def test_reverse_formula_is_the_profile_s():
    assert [str(score("≤100", "120", 10, rules)) for rules in ("上海", "湖北")] == ["8.00", "8.33"]
    assert [str(score("≤100", "200", 10, rules)) for rules in ("上海", "湖北")] == ["0.00", "5.00"]


TYPED = [
    # target, what is typed into 实际完成值, its number format, points out of 10
    ("=91场", 90, "General", "9.89"),
    ("=91场", "90场", "General", "9.89"),
    ("≥90%", 0.95, "0%", "10"),
    ("≥90%", 0.45, "0.00%", "5"),
    ("≥90%", "95%", "@", "10"),
    ("≥90.00(百分比)", 45, "General", "5"),
    ("=1百分比", 0.9, "General", "9"),
    ("=1百分比", 100, "General", "待核"),
    ("=1百分比", 0.98, "0%", "9.8"),
    ("≥90%", 0.95, "General", "待核"),
    ("=91场", 0.95, "0%", "待核"),
    ("≥25万人次", 26, "General", "10"),
    ("≥25万人次", 260000, "General", "10"),
    ("≥25万人次", 2600, "General", "待核"),
    ("≤90万元", "９０万元", "@", "10"),
    ("≥60件", 2025.3, "General", "待核"),
    ("=91场", "90 91", "@", "待核"),
    ("=91场", "9,5", "@", "待核"),
    ("=91场", "90\n场", "@", "9.89"),
    ("≥2公里", "900米", "@", "待核"),
    ("0起", "无", "General", "10"),
    ("11月底前", "2021-11-30", "@", "10"),
    ("11月底前", "2021年12月15日", "@", "待核"),
    ("11月底前", dt.date(2021, 11, 30), "yyyy-mm-dd", "10"),
    ("≥25万人次", "12万", "General", "4.8"),
    ("=10000个", "5,000", "@", "5"),
    ("=10000个", 5000, "#,##0", "5"),
    ("<100(百分比)", 1.5, "0%", "5"),
    ("0起", 0, "General", "10"),
    ("0起", 2, "General", "0"),
    ("及时", "及时", "General", "10"),
    ("及时", "部分达成", "General", "待核"),
    ("=91场", "见附件", "General", "待核"),
    ("=91场", None, "General", None),
    ("=91场", "  ", "@", None),
]


def test_typing_an_actual_recalculates(tmp_path):
    rows = tuple(Result("产出指标", "数量指标", f"{n}", row[0], weight=Decimal(10)) for n, row in enumerate(TYPED))
    path, typed = tmp_path / "blank.xlsx", tmp_path / "typed.xlsx"
    path.write_bytes(fill(Evaluation(form="2021自评表", year=2021, project="手填", indicators=rows)))
    book = openpyxl.load_workbook(path)
    for number, (_, actual, number_format, _) in enumerate(TYPED):
        cell = book.active.cell(13 + number, 6, actual)
        cell.number_format = number_format
    book.save(typed)
    ((live,),) = recalculated([typed], tmp_path / "out")
    got = [live.cells.get((13 + number, 8)) for number in range(len(TYPED))]
    assert got == [points if points in (None, "待核") else Decimal(points) for *_, points in TYPED]
    total = live.cells.get((13 + len(TYPED), 8))
    assert total == "未填完"


TOTALS = [
    # actuals, 全年执行数, weights, what 得分 and 总分 show
    (["8", "1", "4"], 1, (10, 10, 10), [10, "1.25", 5, "19.58"]),
    (["8", "1", None], 1, (10, 10, 10), [10, "1.25", None, "未填完"]),
    (["8", "1", "　"], 1, (10, 10, 10), [10, "1.25", None, "未填完"]),
    (["8", "约1", None], 1, (10, 10, 10), [10, "待核", None, "未填完"]),
    (["8", "约1", "4"], 1, (10, 10, 10), [10, "待核", 5, "待核"]),
    (["8", "1", "4"], None, (10, 10, 10), [10, "1.25", 5, "未填完"]),
    (["8", "1", None], 1, (10, 10, None), [10, "1.25", None, "14.58"]),  # a part of the row above, without points
    (["8", "1", "约4"], 1, (10, 10, None), [10, "1.25", None, "14.58"]),
    ([None, None, None], None, (10, 10, 10), [None, None, None, "未填完"]),
]
TARGET, TOTAL_AT, SCORES_AT = "E13", (16, 7), [(row, 8) for row in range(13, 17)]


def test_total_sums_what_is_there_and_an_edited_target_is_not_scored(tmp_path):
    """As cached and as LibreOffice shows it; 待核 and 未填完 read back as blank, not as doubts."""
    paths = []
    for number, (actuals, executed, weights, _) in enumerate(TOTALS):
        rows = tuple(
            Result("产出指标", "数量指标", f"{n}", "=8个", actual, weight and Decimal(weight))
            for n, (actual, weight) in enumerate(zip(actuals, weights, strict=True))
        )
        line = BudgetLine(
            "年度资金总额", executed=executed and Decimal(executed), budget=Decimal(3), weight=Decimal(10)
        )
        paths.append(tmp_path / f"{number}.xlsx")
        form = Evaluation(form="2021自评表", year=2021, project="试", money_unit="元", budget=(line,), indicators=rows)
        paths[-1].write_bytes(fill(form))
    book = openpyxl.load_workbook(paths[0])
    book.active[TARGET].value = "9个"
    book.save(tmp_path / "edited.xlsx")
    *live, edited = [sheet for (sheet,) in recalculated([*paths, tmp_path / "edited.xlsx"], tmp_path / "out")]
    for path, sheet, (*_, shown) in zip(paths, live, TOTALS, strict=True):
        wanted = [Decimal(one) if isinstance(one, str) and one[0].isdigit() else one for one in shown]
        assert [sheet.cells.get(spot) for spot in SCORES_AT] == wanted
        (cached,) = read_grids(path)
        assert [cached.cells.get(spot) for spot in SCORES_AT] == wanted
        (record,) = read(path)
        assert record.source.doubts == ()
        assert record.total_score == (wanted[-1] if isinstance(wanted[-1], Decimal) else None)
    assert live[0].cells.get(TOTAL_AT) == 40
    assert [edited.cells.get(spot) for spot in SCORES_AT] == ["待核", Decimal("1.25"), 5, "待核"]
