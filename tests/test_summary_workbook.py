"""The summary as a workbook, read back: figures, formulas against LibreOffice, links, charts, validity."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import etree

from tests.office import convert, needs_office
from tests.package_checks import check_workbook, sdk_errors
from tests.summary_cases import DOUBTFUL, book, case, declared, errors, evaluated, of_folder, summary, write
from xladdin.cli.demo import example
from xladdin.domain.records import Funds, Indicator
from xladdin.domain.scoring import execution_rate
from xladdin.rules.finding import ERROR, Finding

FIRST, INDEX, RESULTS, YEARS, FILES, DATA = "总览", "绩效目标汇总", "自评情况", "历年对比", "文件问题", "图表数据"
DETAILS, AIMS = "指标明细", "指标历年对比"
EVIL = (
    "=1+1",
    "'x",
    '“"双引号"”',
    "@SUM(A1)",
    "-2+3",
    "{=1}",
    "<r>x</r>",
    "http://例子",
    "名" * 200,
    "甲\n乙",
    "*?~",
    "&C#%",
)
MIXED = (
    declared("甲", annual="1000.10"),
    declared("乙", annual="2000.20", department="别局"),
    declared("丙", annual="30.5", money_unit="万元"),
    declared("丁", annual="7", money_unit=None),
    declared("戊", 2023, annual=None, funds=Funds(annual_fiscal=Decimal(5))),
    declared("己", None, annual="1"),
)
RESULTS_MIXED = (
    case(evaluated("甲", budget="1000.10", executed="900.05", score="90"), findings=errors(2, 1)),
    evaluated("乙", budget="0", executed="0", score="59.99"),
    evaluated("丙", budget="30.5", executed="30.5", score="80.005", money_unit="万元"),
    evaluated("丁", budget="7", executed=None, score=None, money_unit=None),
    evaluated("戊", 2023, budget="3", executed="2", score=None, indicators=DOUBTFUL),
    evaluated("己", None, budget="5", executed="9", score="101"),
)


def mixed():
    return summary(*MIXED, *RESULTS_MIXED, loose=[Finding("P-02", "没有读成", ERROR, "坏的", subject="坏的.xlsx")])


@pytest.fixture(scope="module")
def the_example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("例子")
    write(folder, *example())
    return folder, book(of_folder(folder), folder)


def test_the_sheets(the_example):
    assert the_example[1].sheets == [FIRST, INDEX, RESULTS, YEARS, AIMS, DETAILS, DATA]
    states = {sheet.title: sheet.sheet_state for sheet in the_example[1].formulas}
    assert states.pop(DATA) == "hidden" and set(states.values()) == {"visible"}, "what charts are drawn from is no page"


@pytest.mark.parametrize(
    "records, sheets",
    [
        ((declared(),), [FIRST, INDEX, DETAILS, DATA]),
        ((evaluated(),), [FIRST, RESULTS, DATA]),
        ((declared(), evaluated(year=2023)), [FIRST, INDEX, RESULTS, YEARS, DETAILS, DATA]),
        ((declared(year=None), declared()), [FIRST, INDEX, DETAILS, DATA]),
        ((declared(indicators=(), funds=Funds()),), [FIRST, INDEX, DATA]),
        ((evaluated(budget=None, executed=None, score=None),), [FIRST, RESULTS, DATA]),
    ],
)
def test_only_the_sheets_there_is_something_for(records, sheets, tmp_path):
    made = book(summary(*records))
    assert made.sheets == sheets
    check_workbook(made.save(tmp_path / "汇总.xlsx"))


def test_the_index(the_example):
    rows = the_example[1].rows(
        INDEX, "年度", "项目名称", "金额单位", "年度资金总额", "上年结转资金", "指标合计", "起止日期"
    )
    assert rows[:8] == [
        (2024, "宣传教育及基层能力建设", "元", 1451000, 0, 14, "2024-01-01\n2024-12-31"),
        (2024, "家庭健康促进及优生优育服务", "元", 1391700, 0, 13, "2024-01-01\n2024-12-31"),
        (2024, "计生特殊家庭帮扶及权益维护", "元", 820000, 0, 8, "2024-01-01\n2024-12-31"),
        (2024, "生殖健康咨询服务", "元", 571000, 0, 6, "2024-01-01\n2024-12-31"),
        (2023, "民生保障", "万元", 17594460, None, 62, "2023-01-01\n2023-12-31"),
        (2021, "计生特殊家庭帮扶及权益维护", "元", 1100000, None, 8, "2021-01-01\n2021-12-31"),
        (2020, "计生特殊家庭帮扶", "元", 1231000, None, 18, "2020-01-01\n2020-12-31"),
        (2020, "宣传倡导活动", "元", 1000000, None, 21, "2020-01-01\n2020-12-31"),
    ]
    totals = [row[1:6] for row in rows[8:]]
    assert totals == [
        ("元合计", "元", 7564700, 0, 88),
        ("万元合计", "万元", 17594460, None, 62),
    ]
    assert not [text for text in texts(the_example[1], INDEX) if "未注明单位" in str(text)]


def texts(made, sheet: str) -> list:
    """What stands in a sheet's first column."""
    return [row[0].value for row in made.values[sheet].iter_rows()]


def test_amounts_of_an_unknown_unit_are_not_added_up():
    """Two forms that print no unit: one amount is too large for 万元, the others may be anything."""
    forms = [declared(name, 2021, amount, money_unit=None) for name, amount in (("甲", "110"), ("乙", "1100000"))]
    forms += [evaluated(f.project, 2021, a, a, None, money_unit=None) for f, a in zip(forms, ("5", "7"), strict=True)]
    made = book(summary(*forms))
    names = "项目名称", "金额单位", "年度资金总额", "当年财政拨款", "指标合计"
    assert made.rows(INDEX, *names) == [
        ("乙", "元", 1100000, 1100000, 4),
        ("甲", "未注明", 110, 110, 4),
        ("元合计", "元", 1100000, 1100000, 4),
        ("未注明合计", "未注明", "单位不明，不合计", None, 4),
    ]
    assert made.cell(INDEX, "乙", "金额单位").number_format == '@"△"'
    assert made.cell(INDEX, "甲", "金额单位").number_format == "General"
    assert "△ 序号 1：表上未注明单位，按金额大小当作元。" in texts(made, INDEX)
    assert made.rows(RESULTS, "项目名称", "年初预算数", "全年预算数", "执行率")[2:] == [
        ("未注明合计", "单位不明，不合计", None, None)
    ]
    first = [[cell.value for cell in row[:5]] for row in made.values[FIRST].iter_rows()]
    assert [2021, "元", 1, 1100000, 1100000] in first
    assert [2021, "未注明", 1, "单位不明，不合计", None] in first
    assert [2021, "未注明", 2, "单位不明，不合计", None] in first


def test_many_reasons_are_told_in_spans():
    big, small = (lambda n: declared(f"项目{n}", 2021, "100000", money_unit=None)), (lambda n: declared(f"项目{n}"))
    assert any(
        str(text).startswith("△ 序号 2～4：")
        for text in texts(book(summary(small(0), *(big(n) for n in range(3)))), INDEX)
    )


def test_totals_are_formulas_and_never_mix_units():
    made = book(mixed())
    rows = made.rows(INDEX, "项目名称", "年度资金总额", "当年财政拨款", "上年结转资金")
    assert [tuple(row) for row in rows[-3:]] == [
        ("元合计", 3001.3, 3006.3, None), ("万元合计", 30.5, 30.5, None), ("未注明合计", "单位不明，不合计", None, None),
    ]  # fmt: skip
    formulas = made.rows(INDEX, "年度资金总额", kind="formulas")[-3:-1]
    assert all(str(formula).startswith("=IF(SUMPRODUCT(") for (formula,) in formulas)


def test_the_results():
    rows = book(mixed()).rows(
        RESULTS, "年度", "项目名称", "全年预算数", "执行率", "得分", "等级", "错误", "警告", "先看这一条"
    )
    assert rows[:6] == [
        (2024, "甲", 1000.1, 0.9, 90, "优", 2, 1, "第 1 条错误"),
        (2024, "丁", 7, None, "未填完", None, 0, 0, None),
        (2024, "乙", 0, None, 59.99, "差", 0, 0, None),
        (2024, "丙", 30.5, 1, 80.005, "良", 0, 0, None),
        (2023, "戊", 3, 0.6667, "待核", None, 0, 0, None),
        ("不明", "己", 5, 1.8, 101, "优", 0, 0, None),
    ]
    assert [row[1:5] for row in rows[6:]] == [
        ("元合计", 1008.1, 0.9037, 83.66), ("万元合计", 30.5, 1, 80.01), ("未注明合计", None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["E-40", "E-42"])
def test_what_may_be_in_another_unit_is_not_judged(code):
    sure, unsure = (
        evaluated("甲", executed="900", score="90"),
        evaluated("乙", budget="450000", executed="45", score="99"),
    )
    said = Finding(code, "单位", ERROR, "疑似元、万元填混")
    made = book(summary(sure, case(unsure, findings=(Finding("E-01", "不符", ERROR, "别的"), said))))
    rows = made.rows(RESULTS, "项目名称", "全年预算数", "全年执行数", "执行率", "得分", "等级", "先看这一条")
    assert rows[:2] == [
        ("乙", "待核\n450,000", "待核\n45", "待核", "待核", None, "疑似元、万元填混"), ("甲", 1000, 900, 0.9, 90, "优", None),
    ]  # fmt: skip
    assert rows[2][1:5] == (1000, 900, 0.9, 90), "nor does it count in what is added up"
    assert "1 个待核" in made.values[FIRST]["A2"].value and "99" not in made.values[FIRST]["A2"].value
    assert any("不计入合计" in str(text) for text in texts(made, RESULTS))


def test_the_key_figures():
    sheet = book(mixed()).values[FIRST]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(rows) if "全年预算数" in row)
    assert [row[:11] for row in rows[start : start + 6]] == [
        ["年度", "金额单位", "项目数", "全年预算数", "全年执行数", "执行率", "平均得分", "优", "良", "中", "差"],
        [2024, "元", 2, 1000.1, 900.05, 0.9, 75, 1, 0, 0, 1],
        [2024, "万元", 1, 30.5, 30.5, 1, 80.01, 0, 1, 0, 0],
        [2024, "未注明", 1, "单位不明，不合计", None, None, None, 0, 0, 0, 0],
        [2023, "元", 1, 3, 2, 0.6667, None, 0, 0, 0, 0],
        ["不明", "元", 1, 5, 9, 1.8, 101, 1, 0, 0, 0],
    ]
    assert [row[11] for row in rows[start : start + 6]] == ["待核", 0, 0, 0, 1, 0]
    assert [row[12] for row in rows[start : start + 6]] == ["未填完", 0, 0, 1, 0, 0]


@pytest.mark.parametrize("make", [mixed, lambda: None], ids=["mixed", "example"])
def test_stored_values_are_what_libreoffice_computes(make, tmp_path, the_example):
    needs_office()
    made = make()
    made = book(made) if made else the_example[1]
    path = made.save(tmp_path / "汇总.xlsx")
    again = openpyxl.load_workbook(convert([path], tmp_path / "out", "xlsx")[0], data_only=True)
    compared = 0
    for sheet in made.sheets:
        for row in made.formulas[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "f":
                    stored = made.values[sheet][cell.coordinate].value
                    fresh = again[sheet][cell.coordinate].value
                    compared += 1
                    if isinstance(stored, int | float):
                        assert fresh == pytest.approx(stored, abs=1e-9), (sheet, cell.coordinate, cell.value)
                    else:
                        assert (fresh or "") == (stored or ""), (sheet, cell.coordinate, cell.value)
    assert compared > 50


@pytest.mark.parametrize("budget, executed", [("3", "2"), ("7", "6.9996"), ("1000", "1234.565"), ("200000", "9.9995")])
def test_the_rate_is_the_one_the_forms_have(budget, executed):
    (rate,) = book(summary(evaluated(budget=budget, executed=executed))).rows(RESULTS, "执行率")[0]
    assert Decimal(str(rate)) == execution_rate(Decimal(executed), Decimal(budget))


def test_links_point_at_the_forms(the_example):
    folder, made = the_example
    for sheet in (INDEX, RESULTS, YEARS):
        header = made.header(sheet)
        names = [cell.value for cell in made.values[sheet][header]]
        column = names.index("项目名称") + 1
        page = made.formulas[sheet]
        linked = [page.cell(row, column) for row in range(header + 1, page.max_row + 1)]
        linked = [cell for cell in linked if cell.hyperlink]
        assert len(linked) == {INDEX: 8, RESULTS: 1, YEARS: 6}[sheet]
        for cell in linked:
            target = folder / unquote(cell.hyperlink.target.removeprefix("file:///"))
            place, _, spot = cell.hyperlink.location.rpartition("!")
            source = openpyxl.load_workbook(target)[place.strip("'")]
            assert source[spot].value == cell.value


def test_links_start_from_where_the_summary_lies(tmp_path):
    write(tmp_path / "2024" / "申报", declared("甲"))
    made = book(of_folder(tmp_path), tmp_path / "汇总")
    target = made.cell(INDEX, "甲", "项目名称")
    link = made.formulas[INDEX][target.coordinate].hyperlink.target.replace("\\", "/")
    assert link.startswith("../2024/")
    assert (tmp_path / unquote(link.removeprefix("../"))).exists()


@pytest.mark.parametrize(
    "folders, said",
    [
        (("甲", "乙"), "项目名称链接到原表。"),
        (("甲", "50%"), "项目名称链接到原表，路径里有 #、% 或太长的 1 个除外。"),
        (("#1",), "路径里有 #、% 或太长，项目名称没有链接到原表。"),
    ],
)
def test_a_path_excel_cannot_follow_gets_no_link(folders, said, tmp_path):
    for folder in folders:
        write(tmp_path / folder, declared(f"项目{folder}"))
    told = texts(book(of_folder(tmp_path), tmp_path), INDEX)[1]
    assert told.endswith(f"排列。{said}")


def test_a_change_of_the_own_year_is_shown_but_not_doubted():
    made = book(summary(declared("2023年慰问", 2023), declared("2024年慰问", 2024)))
    assert made.rows(YEARS, "对应", "名称变化与说明") == [("同名", "2023：2023年慰问 → 2024：2024年慰问")]
    made = book(summary(declared("2022年慰问", 2023), declared("2024年慰问", 2024)))
    ((matched, said),) = made.rows(YEARS, "对应", "名称变化与说明")
    assert matched == "推测"
    assert "请核对" in said


def test_the_line_over_the_years(the_example):
    made = the_example[1]
    name = "计生特殊家庭帮扶及权益维护"
    amounts = [made.cell(YEARS, name, "申报金额", nth).value for nth in range(4)]
    assert amounts == [1231000, 1100000, None, 820000]
    assert [made.cell(YEARS, name, "增减", nth).value for nth in range(3)] == [-0.1064, None, -0.2545]
    assert made.cell(YEARS, name, "执行率").value == 0.9734
    assert made.cell(YEARS, name, "得分").value == 99.43
    assert made.cell(YEARS, name, "对应").value == "推测"
    assert made.cell(YEARS, name, "名称变化与说明").value == (
        f"2020：计生特殊家庭帮扶 → 2021：{name}\n（名称不同，推测为同一项目，请核对）"
    )
    alone = made.cell(YEARS, "民生保障", "名称变化与说明")
    assert made.cell(YEARS, name, "名称变化与说明").fill.fgColor.rgb != alone.fill.fgColor.rgb


@pytest.mark.parametrize(
    "before, after, change",
    [
        (("100", "元"), ("150", "元"), 0.5),
        (("3", "元"), ("2", "元"), -0.3333),
        (("1", "万元"), ("12345.67", "元"), 0.2346),
        (("0", "元"), ("5", "元"), None),
        ((None, "元"), ("5", "元"), None),
        (("5", "元"), (None, "元"), None),
        (("5", None), ("6", "元"), None),
        (("5", None), ("6", None), None),
    ],
)
def test_the_change(before, after, change):
    made = book(
        summary(
            declared(year=2023, annual=before[0], money_unit=before[1]), declared(annual=after[0], money_unit=after[1])
        )
    )
    assert made.cell(YEARS, "甲项目", "增减").value == change


def test_amounts_whose_unit_nobody_knows_are_marked():
    made = book(summary(declared(year=2023), declared(annual="6", money_unit=None)))
    assert "※" in made.cell(YEARS, "甲项目", "申报金额", 1).number_format
    assert "※" not in made.cell(YEARS, "甲项目", "申报金额", 0).number_format
    notes = [row[0].value for row in made.values[YEARS].iter_rows() if row[0].value]
    assert notes[-1].startswith("※")


@pytest.mark.parametrize("name", EVIL)
def test_names_stay_the_text_they_are(name, tmp_path):
    told = Finding("E-01", "不符", ERROR, name, advice=name, subject=name)
    indicators = (Indicator(name, None, name, name),)
    records = (
        declared(name, unit=name, department=name, category=name, indicators=indicators),
        evaluated(name, 2023, unit=name),
    )
    made = book(summary(case(records[0], findings=[told]), case(records[1], findings=[told]), loose=[told]))
    for sheet in (INDEX, RESULTS, YEARS):
        shown = made.rows(sheet, "项目名称", "实施单位")[0]
        assert [text.rstrip() for text in shown] == [name, name]
    check_workbook(made.save(tmp_path / "汇总.xlsx"))


def test_only_our_own_formulas_are_formulas():
    made = book(summary(declared("=1+1", category="=HYPERLINK(1)"), evaluated("=1+1", 2023, unit="=2+2")))
    for sheet in made.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.match(r"=(IF|SUM|SUMPRODUCT)\(|='自评情况'!\$", cell.value), cell.value


def test_a_figure_excel_cannot_hold_stands_as_text():
    exact = "1234567890123456.78"
    made = book(summary(declared("甲", annual=exact), declared("乙", annual="1")))
    rows = dict(made.rows(INDEX, "项目名称", "年度资金总额"))
    assert rows["甲"] == exact
    assert rows["元合计"] == 1


def chart_parts(data: bytes) -> list[etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(name for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        return [etree.fromstring(package.read(name)) for name in names]


def series(chart: etree._Element) -> list[tuple[list[str], list[float]]]:
    """The categories and values of each series, as the file holds them for a reader that cannot compute."""
    found = []
    for one in chart.iterfind(".//{*}ser"):
        names, values = ([p.findtext("{*}v") for p in one.iterfind(f"{{*}}{kind}//{{*}}pt")] for kind in ("cat", "val"))
        found.append((names, [float(value) for value in values]))
    return found


def refs(chart: etree._Element) -> list[str]:
    return [node.text for node in chart.iter("{*}f")]


def test_the_charts_show_the_figures(the_example):
    rates, scores, levels = chart_parts(the_example[1].data)
    assert series(rates) == [(["计生特殊家庭帮扶及权益维护"], [0.9734])]
    assert series(scores) == [(["优（≥90）", "良（80～90）", "中（60～80）", "差（<60）"], [1, 0, 0, 0])]
    assert [values for _, values in series(levels)] == [
        [0, 15, 4, 0, 19, 1], [0, 4, 2, 2, 0, 0], [0, 36, 17, 9, 0, 0], [3, 25, 7, 6, 0, 0],
    ]  # fmt: skip
    for chart in (rates, scores, levels):
        for ref in refs(chart):
            sheet, _, cells = ref.replace("$", "").rpartition("!")
            block = the_example[1].values[sheet.strip("'")][cells]
            values = [cell.value for row in (block if isinstance(block, tuple) else ((block,),)) for cell in row]
            assert all(value is not None for value in values), ref


@pytest.mark.parametrize("count, bars, said", [(4, 4, "各项目"), (40, 30, "最低的 30 个项目，共 40 个")])
def test_the_chart_of_rates_keeps_to_the_lowest(count, bars, said):
    made = book(
        summary(
            *(evaluated(f"项目{n}", executed=str(1000 - n)) for n in range(count)), evaluated("旧", 2020, executed="1")
        )
    )
    chart = chart_parts(made.data)[0]
    ((names, values),) = series(chart)
    assert len(names) == bars
    assert values == sorted(values)
    assert values[0] == round((1000 - count + 1) / 1000, 4)
    assert said in "".join(chart.find("{*}chart/{*}title").itertext())


@pytest.mark.parametrize(
    "executed, low, high, unit, labels",
    [
        (("3",), "0", "0.05", "0.01", "0.00%"),
        (("0",), "0", "0.05", "0.01", "0.00%"),
        (("-3", "5"), "-0.05", "0.05", "0.01", "0.00%"),
        (("900", "3"), "0", None, None, "0.0%"),
        (("900", "-100"), None, None, None, "0.0%"),
    ],
)
def test_the_axis_of_rates(executed, low, high, unit, labels):
    """Marks a percent apart at least, for they show no decimals; and room for what is below 0."""
    chart = chart_parts(book(summary(*(evaluated(f"项目{n}", executed=e) for n, e in enumerate(executed)))).data)[0]
    axis = chart.find(".//{*}valAx")
    found = [axis.find(f".//{{*}}{name}") for name in ("min", "max", "majorUnit")]
    assert [one is not None and one.get("val") or None for one in found] == [low, high, unit]
    assert chart.find(".//{*}dLbls/{*}numFmt").get("formatCode") == labels
    assert chart.find(".//{*}catAx/{*}tickLblPos").get("val") == "low"


def test_no_chart_of_what_there_is_not():
    assert len(chart_parts(book(summary(declared())).data)) == 1
    assert len(chart_parts(book(summary(evaluated(score=None, executed=None))).data)) == 0


def test_problems_are_listed_with_advice():
    told = Finding("P-02", "文件没有读成", ERROR, "坏的.xlsx：打不开", subject="坏的.xlsx", advice="请重新保存")
    made = book(summary(declared(), loose=[told]))
    rows = [[cell.value for cell in row] for row in made.values[FILES].iter_rows()]
    assert rows[-1] == ["错误", "坏的.xlsx", "坏的.xlsx：打不开", "请重新保存"]


def test_what_is_to_be_handled_first_is_on_the_first_page():
    cases = [case(declared(f"项目{n}"), findings=errors(n)) for n in range(1, 8)]
    made = book(summary(*cases))
    rows = [[cell.value for cell in row] for row in made.values[FIRST].iter_rows()]
    start = next(n for n, row in enumerate(rows) if str(row[0]).startswith("先处理"))
    assert rows[start][0] == "先处理这些表（错误最多的 5 张，共 7 张）"
    assert [row[2] for row in rows[start + 2 : start + 7]] == ["项目7", "项目6", "项目5", "项目4", "项目3"]


@pytest.mark.parametrize("make", [mixed, lambda: None], ids=["mixed", "example"])
def test_the_workbook_is_valid(make, tmp_path, the_example):
    made = make()
    path = (book(made) if made else the_example[1]).save(tmp_path / "汇总.xlsx")
    check_workbook(path)


def test_the_sdk_finds_nothing(tmp_path):
    assert sdk_errors(book(mixed()).save(tmp_path / "汇总.xlsx")) == []


def test_every_sheet_prints_on_landscape_a4(the_example):
    for sheet in the_example[1].formulas:
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    for name in (INDEX, RESULTS, YEARS):
        sheet, header = the_example[1].formulas[name], the_example[1].header(name)
        assert sheet.print_title_rows.endswith(f"${header}")
        assert sheet.freeze_panes[1:] == str(header + 1)
        assert sheet.auto_filter.ref.startswith(f"A{header}:")


def test_no_figure_is_wider_than_its_column():
    made = book(summary(declared(annual="123456789012.34"), evaluated(budget="98765432109.87", executed="1")))
    for sheet, name in ((INDEX, "年度资金总额"), (RESULTS, "年初预算数")):
        cell = made.cell(sheet, "甲项目", name)
        width = made.formulas[sheet].column_dimensions[cell.column_letter].width
        assert width > len(f"{cell.value:,.2f}")


def test_formats_are_made_once():
    few, many = (book(summary(*(declared(f"项目{n}") for n in range(count)))) for count in (2, 200))
    styles = [len(one.formulas._cell_styles) for one in (few, many)]
    assert styles[0] == styles[1]


@pytest.mark.parametrize("level", ["警告", "年度资金总额", "项目名称", "其他", "指标合计", "字" * 60])
def test_a_first_level_named_like_a_column_is_counted_among_the_others(level):
    rows = (Indicator(level, None, "甲", "=1"), Indicator("产出指标", None, "乙", "=1"))
    made = book(summary(declared(indicators=rows)))
    assert made.rows(INDEX, "项目名称", "产出", "其他", "指标合计", "年度资金总额")[0] == ("甲项目", 1, 1, 2, 1000)
    assert made.rows(INDEX, "项目名称", "产出", "其他", "指标合计")[1] == ("元合计", 1, 1, 2)
