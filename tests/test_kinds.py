"""The table of kinds: a third one, added from outside, goes through every room with no edit of the product."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

import xladdin
from xladdin import batch
from xladdin.domain import kinds
from xladdin.errors import BadValue, NotAForm, TemplateError, UnknownForm, XladdinError
from xladdin.form import catalogue
from xladdin.ledger import load, read_records, write_ledger
from xladdin.report import write_report
from xladdin.review.judging import review_files
from xladdin.rules.handbook import all_rules

from .kinds import monitoring
from .kinds.monitoring import KIND, Monitoring, Progress, Spending, record
from .summary_cases import declared, evaluated

OTHERS = (declared("社区宣传", money_unit="元"), evaluated("社区宣传", money_unit="元"))


@pytest.fixture
def kind(tmp_path, monkeypatch):
    """The kind and its template, there for one test."""
    folder = tmp_path / "模板"
    folder.mkdir()
    (folder / "监控表.xlsx").write_bytes(monitoring.template())
    monkeypatch.setenv("XLADDIN_TEMPLATES", str(folder))
    yield kinds.register(KIND)
    del kinds.KINDS[KIND.name]


def filled(folder, *records):
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(records):
        (folder / f"{number}.xlsx").write_bytes(xladdin.fill(one))
    return folder


# ---- filled and read back


@pytest.mark.parametrize(
    "one",
    [
        record(),
        record(indicators=()),
        record(budget=(), annual_goal=None, department=None),
        record(budget=(Spending("年度资金总额", Decimal("0.07")),)),
        record(indicators=(Progress(None, None, "只有名称", None),)),
    ],
    ids=["whole", "no indicators", "no funds", "one amount", "name only"],
)
def test_it_reads_back_as_it_was_filled(kind, one):
    (back,) = xladdin.read(xladdin.fill(one))
    lines = [line for line in back.budget if (line.initial, line.spent, line.rate) != (None, None, None)]
    assert replace(back, budget=tuple(lines)) == one
    assert {place.sheet for place in back.source.cells.values()} == {"监控表"} and not back.source.doubts


def test_every_field_names_its_cell(kind):
    (back,) = xladdin.read(xladdin.fill(record()))
    told = ("project", "annual_goal", "budget[0].spent", "budget[3].rate", "indicators[2].expected")
    assert [back.source.cells[name].cell for name in told] == ["B3", "B10", "D6", "E9", "F14"]


def test_other_wordings_of_its_labels_are_read(kind, tmp_path):
    path = tmp_path / "一.xlsx"
    path.write_bytes(xladdin.fill(record()))
    book = openpyxl.load_workbook(path)
    book.active["D5"] = "9月末 执行数"
    book.save(path)
    assert xladdin.read(path) == [record()]


def test_amounts_are_converted_into_the_unit_of_its_form(kind):
    lines = tuple(replace(line, initial=line.initial * 10000, spent=None) for line in record().budget)
    (back,) = xladdin.read(xladdin.fill(record(money_unit="元", budget=lines)))
    assert back.money_unit == "万元"
    assert [line.initial for line in back.budget] == [line.initial for line in record().budget]


def test_json_there_and_back(kind):
    told = json.loads(json.dumps(record().to_dict()))
    assert told["kind"] == "monitoring" and told["budget"][0]["spent"] == "48.5"
    assert xladdin.from_dict(told) == record()
    with pytest.raises(BadValue, match=r"budget\[0\].spent"):
        xladdin.from_dict(told | {"budget": [{"item": "年度资金总额", "spent": "很多"}]})


def test_forms_of_all_kinds_in_one_workbook_are_told_apart(kind, tmp_path):
    from xladdin.form.filling import fill_book

    all_of_them = [record(), *OTHERS]
    (tmp_path / "合.xlsx").write_bytes(fill_book(all_of_them))
    assert [one.kind for one in xladdin.read(tmp_path / "合.xlsx")] == ["monitoring", "declaration", "evaluation"]
    index = openpyxl.load_workbook(tmp_path / "合.xlsx", data_only=True)["汇总表"]
    row = next(row for row in index.iter_rows(values_only=True) if "2024监控表" in row)
    assert {"社区宣传", "某局", "某中心", "万元", 110, 48.5} <= set(row)


def test_it_goes_into_no_form_of_another_kind(kind):
    with pytest.raises(UnknownForm, match="一个是申报，一个是监控"):
        xladdin.fill(record(), "2024申报表")


# ---- wherever the work is done


def test_workers_fill_and_read_it(kind, tmp_path):
    some = [record(f"项目{number}") for number in range(5)]
    outcomes = batch.run(batch.plan(some, tmp_path / "出"), workers=2)
    assert [(outcome.error, outcome.unplaced) for outcome in outcomes] == [(None, ())] * 5
    review = review_files([tmp_path / "出"], workers=2)
    assert sorted((case.record for case in review.cases), key=lambda one: one.project) == some


def test_a_worker_that_never_heard_of_it_is_told(kind, tmp_path):
    """As on a cluster: a fresh interpreter, which only can import the module the record comes from."""
    some = [record(f"项目{number}") for number in range(3)]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        outcomes = batch.run(batch.plan(some, tmp_path / "出"), executor=executor)
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert [one for outcome in outcomes for one in xladdin.read(outcome.path)] == some


# ---- the ledger and the command line


def test_the_ledger_keeps_it_beside_the_others(kind, tmp_path):
    path = tmp_path / "台账.xlsx"
    both = [replace(OTHERS[0], form="2024申报表"), replace(OTHERS[1], form="2021自评表", total_score=None), record()]
    write_ledger(path, both)
    assert read_records(path) == both
    book = openpyxl.load_workbook(path)
    assert "1—9月执行数" in [cell.value for cell in book["资金执行"][1]]
    assert {"1—9月完成值", "全年预计完成"} <= {cell.value for cell in book["指标"][1]}


def test_the_ledger_tells_it_by_what_is_filled_in(kind, tmp_path):
    path = tmp_path / "台账.xlsx"
    plain = record(form=None)
    write_ledger(
        path, [plain, replace(OTHERS[0], form=None, project="乙"), replace(OTHERS[1], form=None, project="丙")]
    )
    assert [one.kind for one in read_records(path)] == ["monitoring", "declaration", "evaluation"]
    assert read_records(path)[0] == plain


def test_what_it_has_no_place_for_is_said(kind, tmp_path):
    path = tmp_path / "台账.xlsx"
    write_ledger(path, [record()])
    book = openpyxl.load_workbook(path)
    for sheet, column, value in (("项目", "项目总目标", "长远"), ("资金执行", "全年预算数", 5), ("指标", "分值", 10)):
        at = next(cell.column for cell in book[sheet][1] if cell.value == column)
        book[sheet].cell(2, at, value)
    book.save(path)
    ledger = load(path)
    assert ledger.records == [record()]
    assert [(note.whose, note.what) for note in ledger.notes] == [
        ("社区宣传", "监控表没有项目总目标、全年预算数、分值，填的这些内容没有用上")
    ]


@pytest.mark.parametrize("source", ["台账.xlsx", "记录.json"])
def test_the_command_line_fills_reads_and_lists_it(kind, run, tmp_path, source):
    path = tmp_path / source
    if path.suffix == ".json":
        path.write_text(json.dumps([record().to_dict()], ensure_ascii=False), "utf-8")
    else:
        write_ledger(path, [record()])
    code, _, told = run("fill", path, "--out", tmp_path / "出", "--form", "2024监控表")
    assert (code, told) == (0, "")
    (made,) = (tmp_path / "出").glob("*.xlsx")
    assert xladdin.read(made) == [record()]
    code, out, _ = run("read", made)
    assert code == 0 and "2024监控表（监控表）" in out and "年初预算：110，执行：48.5 万元  指标 3 个" in out
    assert "尚未调查" in out and "1—9月完成值" in out
    code, out, _ = run("forms")
    assert "2024监控表  监控表" in out


# ---- checked, reported, summed up or not


def test_its_own_rule_checks_it(kind):
    (back,) = xladdin.read(xladdin.fill(record()))
    found = xladdin.check(back)
    assert [(one.code, one.subject) for one in found] == [
        ("M-01", "年度资金总额"), ("M-01", "当年财政拨款"), ("M-01", "其他资金"),
    ]  # fmt: skip
    assert [(where["sheet"], where["cell"]) for where in found[0].where] == [("监控表", "D6"), ("监控表", "C6")]
    assert ("monitoring", "M-01") in [(subject, one.code) for subject, one in all_rules()]


def test_what_nobody_understands_in_it_is_told(kind, tmp_path):
    path = tmp_path / "一.xlsx"
    path.write_bytes(xladdin.fill(record()))
    book = openpyxl.load_workbook(path)
    book.active["D6"] = "约一半"
    book.save(path)
    (told,) = [one for one in xladdin.check(xladdin.read(path)[0]) if one.code == "Z-02"]
    assert (told.subject, told.places["monitoring"][0].cell) == ("年度资金总额（1—9月执行数）", "D6")


def test_reports_show_it(kind, tmp_path, run):
    folder = filled(tmp_path / "表", record(), *OTHERS)
    review = review_files([folder])
    book = openpyxl.load_workbook(write_report(review, tmp_path / "报告.xlsx"))
    heads = [cell.value for row in book["汇总"].iter_rows() for cell in row]
    assert {"申报表", "自评表", "监控表"} <= set(heads)
    assert any("0.xlsx" in str(value) for value in heads)
    assert ("监控表", "M-01") in [(row[1].value, row[2].value) for row in book["技术信息"].iter_rows()]
    page = write_report(review, tmp_path / "报告.html").read_text("utf-8")
    assert "<th>监控表</th>" in page and "M-01" in page
    code, out, _ = run("check", folder / "0.xlsx")
    assert code == 0 and "监控表" in out and "48.5 [D6]" in out
    code, out, _ = run("check", folder / "0.xlsx", "--json")
    assert {one["monitoring"] for one in json.loads(out)} == {str(folder / "0.xlsx")}


def test_a_summary_says_that_it_is_not_summed(kind, tmp_path, run):
    folder = filled(tmp_path / "表", record(), *OTHERS)
    code, _, told = run("summary", folder, "--out", tmp_path / "汇总.xlsx")
    assert "“社区宣传”（2024，0.xlsx） 是监控表，没有列入汇总" in told
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert any("没有列入汇总" in str(cell.value) for row in book["文件问题"].iter_rows() for cell in row)
    code, _, told = run("summary", folder / "0.xlsx", "--out", tmp_path / "无.xlsx")
    assert code == 2 and "没有可以汇总的表" in told


def test_a_cross_check_leaves_it_aside(kind, tmp_path, run):
    folder = filled(tmp_path / "表", record(), *OTHERS)
    _, out, _ = run("reconcile", folder, folder, "--json")
    assert {(one["declaration"], one["evaluation"]) for one in json.loads(out)} == {
        (str(folder / "1.xlsx"), str(folder / "2.xlsx"))
    }


# ---- kinds nobody knows, and kinds that cannot be


def test_without_it_nothing_takes_it_for_something_else(kind, tmp_path):
    data = xladdin.fill(record())
    del kinds.KINDS[KIND.name]
    try:
        with pytest.raises(NotAForm):
            xladdin.read(data)
        with pytest.raises(BadValue, match="monitoring"):
            xladdin.check(record())
        with pytest.raises(XladdinError):
            xladdin.fill(record())
        with pytest.raises(BadValue, match="monitoring"):
            xladdin.from_dict(record().to_dict())
    finally:
        kinds.register(KIND)


def test_a_template_of_an_unknown_kind_is_refused(tmp_path, monkeypatch):
    (tmp_path / "监控表.xlsx").write_bytes(monitoring.template())
    monkeypatch.setenv("XLADDIN_TEMPLATES", str(tmp_path))
    assert not [form for form in xladdin.forms() if form.path.parent == tmp_path]
    (trouble,) = catalogue.troubles()
    assert isinstance(trouble, TemplateError) and "申报表/自评表" in str(trouble)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"name": "declaration"}, "已有别的种类"),
        ({"name": "pair"}, "已有别的种类"),
        ({"label": "自评表"}, "已经有了"),
        ({"name": "midyear"}, "记录写的种类"),
        ({"signs": frozenset()}, "signs"),
        ({"words": KIND.words | {"结余": "rest"}}, "没有字段 rest"),
        ({"types": {"spent": "amount"}}, "没有说明“1—9月完成值”怎么读"),
        ({"types": dict(KIND.types) | {"initial": "name"}}, "同名字段读法不同"),
        ({"budget": kinds.Table(Spending, {"年初预算数": "initial"})}, "needs"),
        ({"indicators": kinds.Table(Spending, {})}, "指标行缺少字段"),
        ({"listed": ("分值",)}, "不是指标的列"),
    ],
)
def test_a_kind_that_could_not_work_is_refused(change, why):
    with pytest.raises(BadValue, match=why):
        kinds.register(replace(KIND, **change))
    assert list(kinds.KINDS) == ["declaration", "evaluation"]


def test_registering_twice_is_nothing_new(kind):
    assert kinds.register(replace(KIND)) == KIND and kinds.registered() == (KIND,)


def test_a_record_says_its_kind():
    assert [kinds.kind_of(one).label for one in OTHERS] == ["申报表", "自评表"]
    assert Monitoring.kind not in kinds.KINDS


def test_it_goes_through_frames(kind):
    records = [record(), *OTHERS, record("乙", extra={"备注": None}, budget=(), indicators=())]
    frames = xladdin.frames(records)
    assert frames["项目"]["种类"].tolist() == ["监控表", "申报表", "自评表", "监控表"]
    assert frames["指标"]["1—9月完成值"].tolist()[:3] == ["60", "95%", "尚未调查"]
    assert [str(value) for value in frames["资金"]["1—9月执行数"]][:2] == ["48.5", "46"]
    assert xladdin.from_frames(frames) == records
    frames["指标"].at[0, "得分"] = 5
    with pytest.raises(XladdinError, match="监控表没有“得分”"):
        xladdin.from_frames(frames)
