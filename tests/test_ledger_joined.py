"""Ledgers of several people made one, and one parted: no cell is lost, nothing is guessed."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from tests.office import recalculated
from tests.package_checks import members
from tests.test_gate import zipped
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.domain.records import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result
from xladdin.errors import LedgerError
from xladdin.ledger import read_ledger, read_records, write_ledger
from xladdin.ledger.columns import COLUMNS, LIVE
from xladdin.ledger.joining import join
from xladdin.ledger.parting import part

A = Declaration(
    form="2024申报表", year=2024, project="甲", department="某局", unit="某中心", money_unit="元",
    start=dt.date(2024, 1, 1), funds=Funds(annual_total=Decimal("965043.97"), annual_carryover=Decimal(0)),
    annual_goal="办好活动",
    indicators=(Indicator("产出指标", "数量指标", "场次", "=91场"), Indicator("产出指标", "质量指标", "合格率", "≥90%")),
)  # fmt: skip
B = Evaluation(
    form="2021自评表", year=2024, project="甲", department="某局", unit="某中心", money_unit="元",
    budget=(BudgetLine("年度资金总额", Decimal(100), Decimal(90), Decimal("80.5"), Decimal(10), reason="疫情"),),
    indicators=(Result("产出指标", "数量指标", "场次", "=91场", "91场", Decimal(90), None, None),),
)  # fmt: skip
C = replace(A, project="乙", unit="另一中心")


@pytest.fixture
def ledger(tmp_path):
    """Write a ledger, changed by hand: ledger("a", records, {"项目!N2": 5}) → its path."""

    def make(name, records, cells=None, edit=None) -> Path:
        path = tmp_path / f"{name}.xlsx"
        write_ledger(path, records)
        if cells or edit:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl knows no print area of whole columns
                work = openpyxl.load_workbook(path)
            for spot, value in (cells or {}).items():
                sheet, _, cell = spot.partition("!")
                work[sheet][cell] = value
                if isinstance(value, str) and value.startswith("=") and "$" not in value:
                    work[sheet][cell].data_type = "s"
            if edit:
                edit(work)
            work.save(path)
        return path

    return make


def cells(path: Path) -> dict[str, list[tuple]]:
    """What stands in the three sheets, row by row, without helpers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work = openpyxl.load_workbook(path)
    found = {}
    for name in COLUMNS:
        head = [cell.value for cell in work[name][1]]
        rows = [
            {key: cell.value for key, cell in zip(head, row, strict=True) if cell.value is not None and key not in LIVE}
            for row in work[name].iter_rows(min_row=2)
        ]
        found[name] = [row for row in rows if row]
    return found


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def in_order(records) -> list:
    return sorted(records, key=lambda record: (record.project, record.form, record.unit or ""))


@pytest.mark.parametrize("column", ["实施单位", "表式", "经办人", "金额单位", "项目名称"])
def test_what_is_parted_and_joined_is_what_it_was(ledger, tmp_path, column):
    whole = ledger("台账", [*example(), A, B, C], {"指标!M1": "备注", "指标!M3": "自己看的", "项目!AG3": "张三"})
    parts = part(whole, column)
    paths = [saved(tmp_path / one.name, one.data) for one in parts.parts]
    joined = join(paths)
    assert (parts.stray, parts.wrong, parts.told, joined.wrong, joined.told) == (0, (), (), (), ())
    assert joined.contradictions == () and joined.same == 0
    assert sum(one.projects for one in parts.parts) == joined.projects == len(example()) + 3
    back = saved(tmp_path / "合并.xlsx", joined.data)
    assert in_order(read_records(back)) == in_order(read_records(whole))
    before, after = cells(whole), cells(back)
    for sheet in COLUMNS:
        rows = [sorted(map(repr, (sorted(row.items()) for row in each[sheet]))) for each in (before, after)]
        assert rows[0] == rows[1]


def test_blank_values_go_into_a_part_of_their_own_and_names_are_safe(ledger):
    whole = ledger("台账", [A, replace(C, unit='a/b:"c'), replace(C, project="丙", unit=None)])
    assert [(one.name, one.projects) for one in part(whole, "实施单位").parts] == [
        ("台账 某中心.xlsx", 1), ("台账 a_b__c.xlsx", 1), ("台账 未填.xlsx", 1),
    ]  # fmt: skip
    with pytest.raises(LedgerError, match="没有“地区”这一列"):
        part(whole, "地区")


def test_rows_of_no_project_are_parted_too(ledger):
    whole = ledger("台账", [A, C], {"指标!A9": 2024, "指标!B9": "没有的项目", "指标!F9": "x", "指标!G9": "=1"})
    parts = part(whole, "实施单位")
    assert parts.stray == 1
    assert [(one.value, one.projects) for one in parts.parts] == [("某中心", 1), ("另一中心", 1), ("未归属", 0)]


def test_equal_rows_stand_once_and_blanks_are_filled(ledger, tmp_path):
    first = ledger("甲", [A, B], {"项目!S3": None})
    second = ledger("乙", [replace(B, actual_result="都办了", annual_goal="办好活动"), C])
    joined = join([first, second])
    assert (joined.projects, joined.same, joined.contradictions) == (3, 3, ())
    back = read_records(saved(tmp_path / "合并.xlsx", joined.data))
    assert in_order(back) == in_order([A, replace(B, actual_result="都办了", annual_goal="办好活动"), C])


def test_contradictions_are_listed_with_both_cells_and_the_first_is_kept(ledger, tmp_path):
    first = ledger("甲", [A, B])
    budget = (replace(B.budget[0], executed=Decimal("80.6")),)
    second = ledger("乙", [replace(A, department="别的局", indicators=(replace(A.indicators[0], target="=92场"),)),
                          replace(B, budget=budget)])  # fmt: skip
    joined = join([first, second])
    assert [(found.sheet, found.column, found.kept, str(found.kept_at), found.other, str(found.other_at))
            for found in joined.contradictions] == [
        ("项目", "主管部门", "某局", "甲.xlsx 项目!F2", "别的局", "乙.xlsx 项目!F2"),
        ("资金执行", "全年执行数", "80.5", "甲.xlsx 资金执行!F2", "80.6", "乙.xlsx 资金执行!F2"),
        ("指标", "指标值", "=91场", "甲.xlsx 指标!G2", "=92场", "乙.xlsx 指标!G2"),
    ]  # fmt: skip
    back = saved(tmp_path / "合并.xlsx", joined.data)
    assert in_order(read_records(back)) == in_order([A, B])
    work = openpyxl.load_workbook(back)
    assert [row[1].value for row in work["冲突"].iter_rows(min_row=2)] == ["F2", "F2", "G2"]
    assert "=92场" in work["指标"]["G2"].comment.text and work["指标"]["G2"].value == "=91场"
    assert work["指标"]["G2"].data_type == "s"


# what the clerk does in the joined ledger → which of F2 (主管部门), G2 and G3 (指标值) are red then
SETTLED = [
    (lambda work: None, [True, True, False]),
    (lambda work: work["指标"].__setitem__("G2", "=92场的"), [True, False, False]),
    (lambda work: work["冲突"].__setitem__("J2", "已核对"), [False, True, False]),
    (lambda work: work["冲突"].__setitem__("J3", "属实"), [True, False, False]),
    (lambda work: swapped(work["指标"], 2, 3), [True, False, True]),
    (lambda work: work.remove(work["冲突"]), [False, False, False]),
]


def swapped(sheet, one, other):
    """Two rows sorted the other way round."""
    for column in range(1, 12):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


def test_what_is_settled_is_red_no_longer(ledger, tmp_path):
    """The rules of colour, put into cells beside the table and computed by LibreOffice."""
    rows = A.indicators[0], replace(A.indicators[0], name="人次")
    apart = replace(rows[0], target="=92场"), rows[1]
    one = ledger("甲", [replace(A, indicators=rows)])
    data = join([one, ledger("乙", [replace(A, department="别的局", indicators=apart)])]).data
    paths = []
    for number, (settle, _) in enumerate(SETTLED):
        work = openpyxl.load_workbook(io.BytesIO(data))
        for title, cells in (("项目", ("F2",)), ("指标", ("G2", "G3"))):
            for cell in cells:
                work[title][f"AZ{cell[1:]}"] = f"=IFERROR({red_of(work[title], cell)},FALSE)"
        settle(work)
        for row in work["指标"].iter_rows(min_row=2, max_row=3, max_col=9):
            for cell in row:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        paths.append(tmp_path / f"{number}.xlsx")
        work.save(paths[-1])
    shown = []
    for grids in recalculated(paths, tmp_path / "算过"):
        by_title = {grid.sheet: grid.cells for grid in grids}
        shown.append([by_title["项目"][2, 52], by_title["指标"][2, 52], by_title["指标"][3, 52]])
    assert shown == [wanted for _, wanted in SETTLED]


def red_of(sheet, cell):
    """The formula of the rule for cells of that column, as it is for this one."""
    (rule,) = (
        rule
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        if str(area.sqref).startswith(f"{cell[0]}2:")
        for rule in rules
        if "冲突" in rule.formula[0]
    )
    assert rule.dxf.fill.bgColor.rgb == "FFFADBD8"
    return Translator(f"={rule.formula[0]}", f"{cell[0]}2").translate_formula(cell)[1:]


def test_a_value_that_came_from_another_ledger_is_told_with_its_own_cell(ledger):
    paths = [
        ledger(name, [replace(A, department=said)]) for name, said in (("甲", None), ("乙", "某局"), ("丙", "别局"))
    ]
    (found,) = join(paths).contradictions
    assert (str(found.kept_at), str(found.other_at)) == ("乙.xlsx 项目!F2", "丙.xlsx 项目!F2")


@pytest.mark.parametrize(
    ("sheet", "column", "value", "style", "wanted"),
    [
        ("指标", "G", "=cmd|' /C calc'!A0", "@", "=cmd|' /C calc'!A0"),
        ("指标", "G", "@SUM(1)", "@", "@SUM(1)"),
        ("指标", "G", 0.955, "0.0%", "95.5%"),
        ("指标", "G", 91, "General", "91"),
        ("指标", "G", "=100%", "0%", "=100%"),
        ("指标", "G", "007", "@", "007"),
        ("指标", "G", " 空 ", "@", " 空 "),
        ("指标", "G", "a\nb", "@", "a\nb"),
        ("指标", "G", dt.date(2024, 6, 30), "yyyy-mm-dd", "2024-06-30"),
        ("项目", "A", "2024年", "@", 2024),  # the ledger's own checks compare years as figures
        ("项目", "N", "12345678901234567.89", "@", "12345678901234567.89"),
        ("项目", "N", 0.1, "General", 0.1),
        ("项目", "N", "50万元", "@", "50万元"),
        ("项目", "N", 3, '0.00"万元"', "3万元"),
        ("项目", "H", "2024年1月", "@", "2024年1月"),
        ("项目", "H", dt.datetime(2024, 2, 29), "yyyy-mm-dd", dt.datetime(2024, 2, 29)),
        ("项目", "U", "李四", "@", "李四"),
        ("项目", "Z", 12.5, "General", 12.5),
        ("项目", "Z", dt.datetime(2024, 2, 29), "yyyy-mm-dd", dt.datetime(2024, 2, 29)),
        ("项目", "Z", "=HYPERLINK(1)", "@", "=HYPERLINK(1)"),
    ],
)  # fmt: skip
def test_no_cell_is_lost_nor_changed(ledger, tmp_path, sheet, column, value, style, wanted):
    def edit(work):
        if column == "Z":
            work[sheet]["Z1"] = "自己加的列"
        cell = work[sheet][f"{column}2"]
        cell.value, cell.number_format = value, style
        if isinstance(value, str) and value != "=100%":
            cell.data_type = "s"

    one = ledger("甲", [A], edit=edit)
    for data in (join([one, ledger("乙", [C])]).data, part(one, "实施单位").parts[0].data):
        back = saved(tmp_path / "x.xlsx", data)
        work = openpyxl.load_workbook(back)
        title = openpyxl.load_workbook(one)[sheet][f"{column}1"].value
        at = [cell.value for cell in work[sheet][1]].index(title)
        cell = work[sheet].cell(2, at + 1)
        assert cell.value == wanted and cell.data_type != "f"


def test_what_is_not_carried_is_told(ledger):
    def edit(work):
        sheet = work["指标"]
        sheet["G2"] = "#N/A"
        sheet["G2"].data_type = "e"
        sheet["G3"].comment = openpyxl.comments.Comment("看看", "某人")
        sheet["B4"] = "合计"
        sheet["I4"] = 100
        work["项目"]["N2"] = "=1+A9"
        work.create_sheet("草稿")["A1"] = 1

    joined = join([ledger("甲", [A], edit=edit), ledger("乙", [C])])
    assert [str(found.where) for found in joined.wrong] == ["甲.xlsx 项目!N2", "甲.xlsx 指标!G2"]
    assert ["草稿" in said for said in joined.told] == [True, False, False]
    assert "指标 第 4 行" in joined.told[1] and "指标 G3 的批注" in joined.told[2]


def test_a_merged_cell_stands_in_every_row_but_a_figure_only_in_the_first(ledger, tmp_path):
    def edit(work):
        sheet = work["指标"]
        sheet["I2"] = 50
        sheet.merge_cells("I2:I3")
        sheet.merge_cells("D2:D3")

    joined = join([ledger("甲", [replace(B, indicators=B.indicators * 2)], edit=edit)])
    (wrong,) = joined.wrong
    assert str(wrong.where) == "甲.xlsx 指标!I3" and "合并单元格" in joined.told[0]
    rows = cells(saved(tmp_path / "x.xlsx", joined.data))["指标"]
    assert [(row["一级指标"], row.get("分值")) for row in rows] == [("产出指标", 50), ("产出指标", None)]


def test_levels_left_blank_keep_those_above_them_in_their_own_ledger(ledger, tmp_path):
    one = ledger("甲", [A])
    other = (
        Indicator("效益指标", "社会效益指标", "知晓率", "≥80%"),
        Indicator("效益指标", "社会效益指标", "好评", "优"),
    )
    two = ledger("乙", [replace(A, indicators=other)], {"指标!D3": None, "指标!E3": None})
    joined = join([one, two])
    (record,) = read_records(saved(tmp_path / "x.xlsx", joined.data))
    assert record.indicators == (*A.indicators, *other)


def test_rows_find_the_project_that_stands_in_another_ledger(ledger, tmp_path):
    rows = ledger("指标", [A], edit=lambda work: work["项目"].delete_rows(2))
    projects = ledger("项目", [replace(A, indicators=()), C])
    assert in_order(read_records(saved(tmp_path / "x.xlsx", join([rows, projects]).data))) == in_order([A, C])


def test_rows_say_whose_they_are_where_the_other_ledger_has_a_namesake(ledger, tmp_path):
    one = ledger("甲", [A], {"指标!C2": None, "指标!C3": None})
    two = ledger("乙", [B, replace(B, unit="另一中心")])
    back = read_ledger(saved(tmp_path / "x.xlsx", join([one, two]).data))
    assert not back.mistakes
    assert in_order(back.records) == in_order([A, B, replace(B, unit="另一中心")])


def test_a_project_that_may_be_another_is_asked_back(ledger):
    one = ledger("甲", [A], {"项目!G2": None})
    (found,) = join([one, ledger("乙", [A])]).contradictions
    assert found.column == "实施单位" and "两行都留着" in found.why


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(None, "万元", None), ("万元", None, "万元"), (None, "元", "元"), ("元", None, "元"), ("元", "万元", "元")],
)
def test_a_blank_money_unit_is_the_form_s_and_not_the_other_s(ledger, tmp_path, first, second, kept):
    paths = [ledger(name, [replace(A, money_unit=unit)]) for name, unit in (("甲", first), ("乙", second))]
    joined = join(paths)
    assert [found.column for found in joined.contradictions] == (["金额单位"] if "万元" in (first, second) else [])
    (row,) = cells(saved(tmp_path / "x.xlsx", joined.data))["项目"]
    assert row.get("金额单位") == kept


def test_money_units_of_headings_go_along(ledger, tmp_path):
    one = ledger(
        "甲",
        [A],
        {"项目!J2": None, **{f"项目!{letter}1": None for letter in "KLMOPQ"}, "项目!N1": "年度资金申请总额（万元）"},
    )
    (record,) = read_records(saved(tmp_path / "x.xlsx", join([one]).data))
    assert (record.money_unit, record.funds.annual_total) == ("万元", Decimal("965043.97"))
    two = ledger("乙", [A], {"项目!N1": "年度资金申请总额（万元）"})
    with pytest.raises(LedgerError, match="不知道是元还是万元"):
        join([one, two])
    three = ledger("丙", [B], {f"资金执行!{letter}1": f"{name}（万元）" for letter, name in zip("DEF", COLUMNS["资金执行"][3:6], strict=True)},
                   edit=lambda work: work["项目"].delete_rows(2))  # fmt: skip
    with pytest.raises(LedgerError, match="列名写的单位是万元"):
        join([ledger("丁", [B]), three])


def test_a_broken_sheet_costs_no_other_ledger(ledger, tmp_path):
    one = ledger("甲", [A])
    parts = members(one.read_bytes())
    one.write_bytes(zipped(parts | {"xl/worksheets/sheet4.xml": b"<worksheet"}))
    joined = join([one, ledger("乙", [C])])
    assert [found.where.sheet for found in joined.wrong] == ["指标"]
    back = read_records(saved(tmp_path / "x.xlsx", joined.data))
    assert in_order(back) == in_order([replace(A, indicators=()), C])


def test_questions_of_an_import_go_along_under_numbers_of_their_own(ledger, tmp_path):
    def asked(*rows):
        def edit(work):
            sheet = work.create_sheet("待核")
            sheet["A1"] = "请在“采用”里选"
            for row in (("文件", "项目", "字段", "读到的", "采用", "编号"), *rows):
                sheet.append(row)

        return edit

    one = ledger("甲", [A, C], {"指标!G2": "待核1"}, asked(("a.docx", "甲", "指标值", "91？", None, "待核1")))
    two = ledger("乙", [A, C], {"指标!G2": "待核2", "指标!G4": "待核1"},
                 asked(("b.pdf", "乙", "指标值", "9O", None, "待核1"), ("a.docx", "甲", "指标值", "91？", None, "待核2")))  # fmt: skip
    three = ledger(
        "丙", [replace(C, project="丁")], {"指标!G2": "待核2"}, asked(("c.pdf", "丁", "指标值", "x", None, "待核2"))
    )
    joined = join([one, two, three])
    back = saved(tmp_path / "x.xlsx", joined.data)
    rows = list(openpyxl.load_workbook(back)["待核"].values)
    assert [(row[0], row[-1]) for row in rows[1:]] == [("a.docx", "待核1"), ("b.pdf", "待核2"), ("c.pdf", "待核3")]
    targets = {(row["项目名称"], row["三级指标"]): row["指标值"] for row in cells(back)["指标"]}
    assert (targets["甲", "场次"], targets["丁", "场次"]) == ("待核1", "待核3")
    (found,) = joined.contradictions  # in the first ledger somebody has typed what the second still asks
    assert (found.kept, found.other) == ("=91场", "待核2")
    parts = part(back, "项目名称").parts
    kept = [list(openpyxl.load_workbook(saved(tmp_path / one.name, one.data))["待核"].values)[1:] for one in parts]
    assert [[row[0] for row in rows] for rows in kept] == [["a.docx"], ["b.pdf"], ["c.pdf"]]


def test_commands(ledger, tmp_path, capsys):
    one, two = ledger("甲", [A, C]), ledger("乙", [replace(A, department="别的局")])
    out = tmp_path / "总.xlsx"
    assert main(["ledger", str(out), "--merge", str(one), str(two)]) == 1
    said = capsys.readouterr()
    assert "2 行项目" in said.out and "“甲”的主管部门：甲.xlsx 项目!F2 是“某局”；乙.xlsx 项目!F2 是“别的局”" in said.err
    before = out.read_bytes()
    assert main(["ledger", str(out), "--merge", str(one)]) == 2 and out.read_bytes() == before
    assert main(["ledger", str(out), "--merge", str(one), "--force"]) == 0
    assert [kept.read_bytes() for kept in tmp_path.glob("被替换的旧表/*/总.xlsx")] == [before]
    capsys.readouterr()
    assert main(["ledger", str(out), "--split", "实施单位"]) == 2
    assert "--out" in capsys.readouterr().err
    assert main(["ledger", str(out), "--split", "实施单位", "--out", str(tmp_path / "分")]) == 0
    assert "总 某中心.xlsx：1 行项目" in capsys.readouterr().out
    assert main(["ledger", str(out), "--split", "实施单位", "--out", str(tmp_path / "分")]) == 2
    assert sorted(path.name for path in (tmp_path / "分").iterdir()) == ["总 另一中心.xlsx", "总 某中心.xlsx"]
