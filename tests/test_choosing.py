"""Which form a record goes into, and its amounts in that form's unit: by year and kind, never by the unit; and said."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin import BudgetLine, Declaration, Evaluation, Funds, Indicator, Result, batch
from xladdin.batch import jobs
from xladdin.batch.jobs import CHANGED, OUTDATED, SAME
from xladdin.batch.journal import NAME
from xladdin.cli.main import main
from xladdin.errors import BadValue, UnknownForm
from xladdin.files import FOLDER_VARIABLE
from xladdin.form.catalogue import form_for, off_year, shipped_folder, usual_form
from xladdin.ledger import load, write_ledger
from xladdin.profiles import profile

ROWS = (Indicator("产出指标", "数量指标", "场次", "=91场"), Indicator("效益指标", "社会效益", "知晓率", "≥90%"))

RESULTS = tuple(Result(row.level1, row.level2, row.name, row.target, weight=Decimal(45)) for row in ROWS)


def declared(year: int | None = 2022, unit: str | None = "万元", amount: str | None = "120.5", **more) -> Declaration:
    money = amount and Decimal(amount)
    told = {"project": "甲", "unit": "某会", "department": "某委", "annual_goal": "做好。", "indicators": ROWS}
    funds = Funds(total=money, fiscal=money, annual_total=money, annual_fiscal=money)
    return Declaration(**told | {"year": year, "money_unit": unit, "funds": funds} | more)


def evaluated(year: int | None = 2022, unit: str | None = "万元", amount: str = "120.5") -> Evaluation:
    line = BudgetLine("年度资金总额", *[Decimal(amount)] * 3, Decimal(10))
    return Evaluation(project="甲", unit="某会", year=year, money_unit=unit, budget=(line,))


def own(folder: Path, shipped: str, name: str, years: str) -> None:
    """A template of the user's own: a shipped form renamed."""
    folder.mkdir(exist_ok=True)
    book = openpyxl.load_workbook(shipped_folder() / f"{shipped}.xlsx")
    properties = {item.name: item for item in book.custom_doc_props.props}
    properties["表式名称"].value, properties["适用年度"].value = name, years
    book.save(folder / f"{name}.xlsx")


CHOSEN = [  # kind, year, profile, form, whether it is said that there is none of that year
    ("declaration", 2019, "上海", "2020目标表", True),
    ("declaration", 2020, "上海", "2020目标表", False),
    ("declaration", 2021, "上海", "2021申报表", False),
    ("declaration", 2022, "上海", "2021申报表", False),
    ("declaration", 2023, "上海", "2023申报表", False),
    ("declaration", 2026, "上海", "2024申报表", False),
    ("declaration", 2027, "上海", "2024申报表", True),
    ("declaration", None, "上海", "2024申报表", False),
    ("evaluation", 2020, "上海", "2021自评表", True),
    ("evaluation", 2021, "上海", "2021自评表", False),
    ("evaluation", 2027, "上海", "2021自评表", True),
    ("evaluation", 2021, "全国", "全国自评表", False),
    ("evaluation", 2021, "湖北", "全国自评表", False),
    ("evaluation", 2027, "湖北", "全国自评表", True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "year", "rules", "name", "said"), CHOSEN)
def test_the_form_of_a_year(kind, year, rules, name, said):
    form = usual_form(kind, year, profile(rules))
    assert form.name == name
    assert off_year(form, year) == (f"没有 {year} 年的表，用了 {name}" if said else "")


@pytest.mark.parametrize("unit", ["元", "万元", None])
@pytest.mark.parametrize(("make", "year"), [(declared, 2022), (declared, 2023), (declared, 2027), (evaluated, 2021)])
def test_the_unit_has_no_say(make, year, unit):
    assert form_for(make(year, unit)) == form_for(make(year))


OWN = [  # years of an own 2025申报表, year of the record, the form
    ("2025", 2025, "本区表"), ("2025", 2024, "2024申报表"), ("2025", 2027, "2024申报表"),
    ("2025-2027", 2027, "本区表"), ("2025-2027", 2030, "本区表"), ("2026", 2030, "本区表"), ("2019", 2018, "本区表"),
]  # fmt: skip


@pytest.mark.parametrize(("years", "year", "name"), OWN)
def test_the_users_own_template_comes_first_in_its_years(years, year, name, tmp_path, monkeypatch):
    own(tmp_path / "自备", "2024申报表", "本区表", years)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "自备"))
    assert form_for(declared(year)).name == name


def test_an_own_evaluation_comes_before_the_profiles_and_after_the_declarations(tmp_path, monkeypatch):
    own(tmp_path / "自备", "全国自评表", "本区自评表", "2021-2026")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "自备"))
    assert form_for(evaluated(2022)).name == "本区自评表"
    assert xladdin.self_evaluation(declared(2022)).form == "本区自评表"
    assert xladdin.self_evaluation(declared(2022, form="2021申报表")).form == "2021自评表"
    assert xladdin.self_evaluation(declared(2022, form="2021申报表"), "全国自评表").form == "全国自评表"


def test_two_forms_of_one_year_do_not_collide(tmp_path, monkeypatch):
    own(tmp_path / "自备", "2024申报表", "2024目标表", "2024")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "自备"))
    assert {"2024申报表", "2024目标表"} <= {form.name for form in xladdin.forms()}
    assert form_for(declared(2024)).name == "2024目标表"
    assert form_for(declared(2024, form="2024申报表")).name == "2024申报表"


def test_a_profile_that_names_a_form_of_the_other_kind(tmp_path):
    with pytest.raises(UnknownForm, match="不是自评表"):
        usual_form("evaluation", 2021, replace(profile("上海"), forms={"自评表": "2021申报表"}))


# ---- money


MONEY = [  # form, unit of the record, amount, as it stands in the form and reads back
    ("2021申报表", "万元", "120.5", "1205000", "元"), ("2021申报表", "元", "120.5", "120.5", "元"),
    ("2024申报表", "万元", "0.000123", "1.23", "元"), ("2023申报表", "元", "1205000", "120.5", "万元"),
    ("2023申报表", "元", "1", "0.0001", "万元"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "unit", "amount", "there", "read_in"), MONEY)
def test_amounts_are_in_the_forms_unit(form, unit, amount, there, read_in):
    (back,) = xladdin.read(xladdin.fill(declared(int(form[:4]), unit, amount), form))
    assert (back.form, back.money_unit) == (form, read_in)
    assert {back.funds.total, back.funds.annual_total} == {Decimal(there)}


def test_the_amounts_only_the_2020_form_has_are_converted_too():
    record = declared(
        2020, "万元", None, extra={"项目当年预算": "123.1", "同名项目上年预算额": "90", "项目概况": "3 个"}
    )
    (back,) = xladdin.read(xladdin.fill(record))
    assert {name: Decimal(back.extra[name]) for name in ("项目当年预算", "同名项目上年预算额")} == {
        "项目当年预算": 1231000,
        "同名项目上年预算额": 900000,
    }
    assert back.extra["项目概况"] == "3 个"
    with pytest.raises(BadValue, match="“约90”不是数，不能由万元换算为元"):
        xladdin.fill(replace(record, extra={"同名项目上年预算额": "约90"}))


UNPRINTED = [  # form filled, what is then changed, the unit read where the form does not print it
    ("2021申报表", {}, "元"), ("2021申报表", {"year": 2024}, "元"), ("2023申报表", {"strip": True}, None),
    ("2024申报表", {"strip": True}, None), ("2021申报表", {"bare": True}, "元"),
    ("2021申报表", {"bare": True, "year": 2024}, None), ("2021申报表", {"bare": True, "year": None}, None),
]  # fmt: skip


@pytest.mark.parametrize(("form", "change", "unit"), UNPRINTED)
def test_a_unit_follows_from_a_form_only_where_it_is_surely_that_one(form, change, unit, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(xladdin.fill(declared(change.get("year", int(form[:4])), "元"), form)))
    for cell in [cell for row in book.active for cell in row if str(cell.value).startswith("项目资金\n")]:
        cell.value = "项目资金" if change.get("strip") else cell.value
    if change.get("bare"):
        del book.custom_doc_props["表式名称"]
    book.save(tmp_path / "表.xlsx")
    assert xladdin.read(tmp_path / "表.xlsx")[0].money_unit == unit


@pytest.mark.parametrize("record", [declared(2024, None), evaluated(2024, None)], ids=["declared", "evaluated"])
def test_amounts_of_no_known_unit_are_not_filled_in(record, tmp_path):
    with pytest.raises(BadValue, match="--money-unit"):
        xladdin.fill(record)
    (job,) = batch.plan([record], tmp_path).jobs
    assert "--money-unit" in str(job.error)
    (outcome,) = batch.run(batch.plan([record], tmp_path))
    assert outcome.path is None and "金额单位" in str(outcome.error)


def test_a_form_without_amounts_needs_no_unit():
    assert xladdin.read(xladdin.fill(declared(2024, None, None)))[0].money_unit == "元"


def test_a_known_form_has_its_unit_and_the_check_notes_that_it_is_not_printed():
    (back,) = xladdin.read(xladdin.fill(declared(2021, "元", "1100000")))
    assert (back.form, back.money_unit, back.source.unprinted) == ("2021申报表", "元", ("money_unit",))
    (found,) = [found for found in xladdin.check(back) if found.code == "D-F7"]
    assert (found.level, found.where[0]["cell"]) == ("info", "A6")
    assert "没有印金额单位，2021申报表按元计" in found.message
    (back,) = xladdin.read(xladdin.fill(declared(2024, "元", "1100000")))
    assert back.source.unprinted == ()
    assert not [found for found in xladdin.check(back) if found.code == "D-F7"]
    (back,) = xladdin.read(xladdin.fill(declared(2021, "元", "110")))
    assert [found.level for found in xladdin.check(back) if found.code == "D-F7"] == ["warning", "info"]


# ---- a whole ledger


@pytest.fixture
def fill(tmp_path, capsys):
    """xladdin fill of records in a ledger: exit code, forms by file name, what was said."""

    def run(records, *words):
        write_ledger(tmp_path / "台账.xlsx", records, replace=True)
        code = main(["fill", str(tmp_path / "台账.xlsx"), "--out", str(tmp_path / "出"), *words])
        said = capsys.readouterr()
        made = {path.name: xladdin.read(path)[0].form for path in sorted((tmp_path / "出").glob("*.xlsx"))}
        return code, made, said.out + said.err

    return run


def test_a_ledger_in_wan_of_2022_ends_as_yuan_everywhere(fill, tmp_path, capsys):
    code, made, said = fill([declared(2022)])
    assert (code, made) == (0, {"2022 甲 绩效目标申报表.xlsx": "2021申报表"})
    assert "金额由万元换算为元：1 个（甲）" in said
    path = tmp_path / "出" / next(iter(made))
    assert 1205000 in [cell.value for row in openpyxl.load_workbook(path).active for cell in row]
    assert main(["evaluate", str(path), "--out", str(tmp_path / "自评")]) == 0
    (rolled,) = xladdin.read(next((tmp_path / "自评").glob("*.xlsx")))
    assert (rolled.money_unit, rolled.budget[0].initial) == ("元", 1205000)
    assert main(["summary", str(tmp_path / "出"), "--out", str(tmp_path / "汇总.xlsx")]) == 0
    values = [cell for sheet in openpyxl.load_workbook(tmp_path / "汇总.xlsx") for row in sheet.values for cell in row]
    assert 1205000 in values and 120.5 not in values


def test_one_ledger_of_a_later_year_takes_one_form(fill):
    money = [("元", "1205000"), ("万元", "120.5"), (None, "1205000")]
    records = [replace(declared(2027, *one), project=name) for one, name in zip(money, "甲乙丙", strict=True)]
    code, made, said = fill(records)
    assert (code, made) == (0, {f"2027 {name} 绩效目标申报表.xlsx": "2024申报表" for name in "丙乙甲"})
    assert "没有 2027 年的表，用了 2024申报表：3 个（甲、乙、丙）" in said
    assert "金额由万元换算为元：1 个（乙）" in said


def test_a_blank_form_takes_the_one_the_ledger_uses(fill):
    records = [replace(declared(2024), project="甲", form="2023申报表"), replace(declared(2024), project="乙")]
    first = {f"2024 {name} 绩效目标申报表.xlsx": "2023申报表" for name in "乙甲"}
    assert fill(records)[1] == first
    made = fill(records, "--project", "乙", "--form", "2024申报表")[1]
    assert made.items() >= first.items() and [*made.values()].count("2024申报表") == 1, "a file of its own"


BLANK = [  # form, words of the call, unit a blank cell of the ledger means
    ("2024申报表", {}, "元"), ("2023申报表", {}, "万元"), (None, {}, "元"), (None, {"form": "2023申报表"}, "万元"),
    ("2023申报表", {"money_unit": "元"}, "元"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "called", "unit"), BLANK)
def test_a_blank_unit_is_that_of_the_form(form, called, unit, tmp_path):
    write_ledger(tmp_path / "台账.xlsx", [declared(2024, None, form=form)])
    (record,) = load(tmp_path / "台账.xlsx", **called).records
    assert record.money_unit == unit


def test_json_without_a_unit_asks_for_it(tmp_path, capsys):
    (tmp_path / "a.json").write_text(json.dumps([declared(2024, None).to_dict()]), encoding="utf-8")
    words = ["fill", str(tmp_path / "a.json"), "--out", str(tmp_path / "出")]
    assert main(words) == 2
    assert "--money-unit" in capsys.readouterr().err
    assert main([*words, "--money-unit", "万元"]) == 0
    (back,) = xladdin.read(next((tmp_path / "出").glob("*.xlsx")))
    assert back.funds.total == 1205000


def test_a_declaration_of_no_known_unit_asks_for_it(tmp_path, capsys):
    path = tmp_path / "申报.xlsx"
    path.write_bytes(xladdin.fill(declared(2024, "元", "1205000")))
    book = openpyxl.load_workbook(path)
    (label,) = [cell for row in book.active for cell in row if str(cell.value).startswith("项目资金\n")]
    label.value = "项目资金"
    book.save(path)
    words = ["evaluate", str(path), "--out", str(tmp_path / "出")]
    assert xladdin.read(path)[0].money_unit is None
    assert main(words) == 2
    assert "--money-unit" in capsys.readouterr().err
    assert main([*words, "--money-unit", "元"]) == 0
    assert xladdin.read(next((tmp_path / "出").glob("*.xlsx")))[0].budget[0].initial == 1205000


def test_a_later_year_rolls_into_the_evaluation_there_is_and_says_so(tmp_path, capsys):
    (tmp_path / "申报.xlsx").write_bytes(xladdin.fill(declared(2027)))
    assert main(["evaluate", str(tmp_path / "申报.xlsx"), "--out", str(tmp_path / "出")]) == 0
    assert "没有 2027 年的表，用了 2021自评表" in capsys.readouterr().err


def test_one_book_says_the_same(fill, tmp_path):
    code, made, said = fill([declared(2027)], "--one-book")
    assert (code, made) == (0, {"绩效表汇总.xlsx": "2024申报表"})
    (one,) = xladdin.read(next(tmp_path.glob("出/*.xlsx")))
    assert (one.money_unit, one.funds.total) == ("元", 1205000)
    assert "没有 2027 年的表，用了 2024申报表：1 个" in said and "金额由万元换算为元：1 个" in said


# ---- files of an earlier version


@pytest.fixture
def old(tmp_path, monkeypatch):
    """Files that an earlier version of the filling made: a 万元 declaration and an evaluation."""
    records = [declared(2022), replace(evaluated(2022), project="乙", indicators=RESULTS)]
    with monkeypatch.context() as before:
        before.setattr(jobs, "FILLING", "1")
        outcomes = batch.run(batch.plan(records, tmp_path / "出"))
    journal = tmp_path / "出" / NAME
    entries = map(json.loads, journal.read_text("utf-8").splitlines())
    lines = [{name: value for name, value in entry.items() if name != "filling"} for entry in entries]
    journal.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return records, [outcome.path for outcome in outcomes]


def test_untouched_files_of_an_earlier_version_are_made_anew(old, tmp_path):
    records, _ = old
    plan = batch.plan(records, tmp_path / "出")
    assert plan.states == (CHANGED, CHANGED)
    batch.run(plan)
    assert batch.plan(records, tmp_path / "出").states == (SAME, SAME)


def test_edited_files_of_an_earlier_version_are_listed_with_what_is_wrong(old, tmp_path, capsys):
    records, paths = old
    for path in paths:
        book = openpyxl.load_workbook(path)
        book.active["A1"] = "改过"
        book.save(path)
    contents = [path.read_bytes() for path in paths]
    plan = batch.plan(records, tmp_path / "出")
    assert plan.states == (OUTDATED, OUTDATED)
    assert jobs.outdated(plan) == {
        "金额可能没有换算单位": [paths[0].name], "金额可能没有换算单位，得分公式是旧版的": [paths[1].name]
    }  # fmt: skip
    assert [outcome.path or outcome.error for outcome in batch.run(plan)] == [None, None]
    write_ledger(tmp_path / "台账.xlsx", records)
    words = ["fill", str(tmp_path / "台账.xlsx"), "--out", str(tmp_path / "出")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert (
        f"旧版程序生成、后来有人改过：{paths[0].name}。金额可能没有换算单位，请核对；要重新生成的先移走或改名" in said
    )
    assert [path.read_bytes() for path in paths] == contents
    assert main([*words, "--force"]) == 0
    assert [path.read_bytes() for path in paths] != contents
    assert batch.plan(load(tmp_path / "台账.xlsx").records, tmp_path / "出").counts == {SAME: 2}
