"""Records and findings as DataFrames, and back."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xladdin
from tests.mutation.pairs import pairs
from xladdin import batch
from xladdin.dataframes.columns import layout
from xladdin.errors import BadValue
from xladdin.ledger import read_records, write_ledger

EXAMPLE = [
    xladdin.from_dict(obj)
    for obj in json.loads((Path(xladdin.__file__).parent / "data" / "example.json").read_text(encoding="utf-8"))
]
KEYS = ["序号", "种类", "年度", "项目名称", "实施单位", "表式"]


def declaration(**more) -> xladdin.Declaration:
    row = xladdin.Indicator("产出指标", "数量指标", "讲座场次", "=91场")
    values = {"year": 2021, "project": "甲", "unit": "乙", "indicators": (row,)} | more
    return xladdin.Declaration(**values)


def evaluation(**more) -> xladdin.Evaluation:
    row = xladdin.Result("产出指标", "数量指标", "讲座场次", "=91场", "90", Decimal(20))
    line = xladdin.BudgetLine("年度资金总额", Decimal("1100000.00"), None, Decimal(0), weight=Decimal(10))
    values = {"year": 2021, "project": "甲", "unit": "乙", "indicators": (row,), "budget": (line,)} | more
    return xladdin.Evaluation(**values)


def test_the_frames_and_their_columns():
    frames = xladdin.frames([declaration(), evaluation()])
    assert list(frames) == ["项目", "资金", "指标"]
    assert all(list(frame.columns[:6]) == KEYS and set(frame.dtypes) == {np.dtype(object)} for frame in frames.values())
    assert [frame["序号"].tolist() for frame in frames.values()] == [[1, 2], [2], [1, 2]]
    assert frames["项目"]["种类"].tolist() == ["申报表", "自评表"]
    (line,) = frames["资金"].to_dict("records")
    assert line["资金项目"] == "年度资金总额" and str(line["年初预算数"]) == "1100000.00" and line["全年预算数"] is None
    joined = frames["指标"].merge(frames["资金"], on=KEYS)
    assert joined["实际完成值"].tolist() == ["90"]


def test_every_field_has_a_column_that_is_named():
    for kind, frames in layout().kinds.items():
        for frame, part in frames.items():
            assert set(part.columns.values()) == set(part.holds), (kind, frame)
            assert not [column for column in part.columns if column.isascii()], (kind, frame)


def test_no_records_no_rows():
    frames = xladdin.frames([])
    assert [len(frame) for frame in frames.values()] == [0, 0, 0]
    assert xladdin.from_frames(frames) == []


def test_generated_pairs_come_back_equal():
    records = [record for pair in pairs(60, 7) for record in (pair.declaration, pair.evaluation)] + EXAMPLE
    assert xladdin.from_frames(xladdin.frames(records)) == records


# ---- any records at all

TEXT = (
    st.none()
    | st.sampled_from(["", " ", "无", "—", "nan", "None", "=91场", "90.0", "一\n二", "附加.甲"])
    | st.text(max_size=5)
)
NAME = st.sampled_from(["甲", "甲", "乙", "", "项目"])
FIGURE = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
DATE = st.none() | st.dates(dt.date(1900, 1, 1))
EXTRA = st.dictionaries(
    st.sampled_from(["项目概况", "立项依据", "自评等级", "甲", "年度", "序号", "附加.甲", "附加.年度", "", "source"]),
    TEXT,
)
COMMON = {
    "form": TEXT,
    "year": st.none() | st.integers(1900, 9999),
    "project": NAME,
    "department": TEXT,
    "unit": TEXT,
    "money_unit": st.sampled_from(["元", "万元", None]),
    "annual_goal": TEXT,
    "extra": EXTRA,
}
RECORD = st.builds(
    xladdin.Declaration,
    **COMMON,
    category=TEXT,
    nature=TEXT,
    start=DATE,
    end=DATE,
    funds=st.builds(xladdin.Funds, *[FIGURE] * 7),
    overall_goal=TEXT,
    indicators=st.lists(st.builds(xladdin.Indicator, TEXT, TEXT, NAME, TEXT), max_size=3).map(tuple),
) | st.builds(
    xladdin.Evaluation,
    **COMMON,
    budget=st.lists(st.builds(xladdin.BudgetLine, NAME, *[FIGURE] * 6, TEXT), max_size=3).map(tuple),
    actual_result=TEXT,
    indicators=st.lists(st.builds(xladdin.Result, TEXT, TEXT, NAME, TEXT, TEXT, FIGURE, FIGURE, TEXT), max_size=3).map(
        tuple
    ),
    total_weight=FIGURE,
    total_score=FIGURE,
)


def json_of(records: list) -> list[str]:
    return [json.dumps(record.to_dict(), sort_keys=True) for record in records]


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORD, max_size=4))
def test_any_records_come_back_equal(records):
    back = xladdin.from_frames(xladdin.frames(records))
    assert back == records
    assert json_of(back) == json_of(records), "figures as they were written"


# ---- what pandas does to data


def test_frames_that_went_through_a_workbook():
    """Written by to_excel and read back: figures are floats, years are floats where one is blank, dates Timestamps."""
    records = [
        evaluation(total_score=Decimal("99.43")),
        declaration(start=dt.date(2021, 1, 1), funds=xladdin.Funds(Decimal("1100000.10")), extra={"项目概况": "概况"}),
        declaration(project="丙", year=None),
    ]
    data = io.BytesIO()
    with pd.ExcelWriter(data, engine="openpyxl") as writer:
        for name, frame in xladdin.frames(records).items():
            frame.map(lambda value: float(value) if isinstance(value, Decimal) else value).to_excel(
                writer, sheet_name=name, index=False
            )
    frames = pd.read_excel(data, engine="openpyxl", sheet_name=None, na_values=[""], keep_default_na=False)
    frames["指标"]["指标值"] = "=91场"  # read_excel takes it for a formula without a value
    assert frames["项目"]["年度"].tolist()[0] == 2021.0
    assert xladdin.from_frames(frames) == records


VALUES = [
    # frame, column, what stands there, what is read
    ("资金", "年初预算数", np.float64(0.1), Decimal("0.1")),
    ("资金", "年初预算数", np.float32(0.1), Decimal("0.1")),
    ("资金", "年初预算数", 1e21, Decimal("1e21")),
    ("资金", "年初预算数", np.int64(7), Decimal(7)),
    ("资金", "年初预算数", "1,100,000.50", Decimal("1100000.50")),
    ("资金", "年初预算数", "—", None),
    ("资金", "年初预算数", float("nan"), None),
    ("资金", "年初预算数", pd.NA, None),
    ("资金", "年初预算数", Decimal("NaN"), None),
    ("指标", "实际完成值", 90.0, "90"),
    ("指标", "实际完成值", Decimal("0.950"), "0.95"),
    ("指标", "实际完成值", dt.date(2021, 3, 1), "2021-03-01"),
    ("指标", "实际完成值", pd.Timestamp(2021, 3, 1), "2021-03-01"),
    ("指标", "实际完成值", np.str_("达成"), "达成"),
    ("指标", "实际完成值", pd.NaT, None),
    ("项目", "年度", 2022.0, 2022),
    ("项目", "年度", "2022", 2022),
    ("项目", "年度", np.int32(2022), 2022),
    ("项目", "计划开始日期", pd.Timestamp(2021, 3, 1), dt.date(2021, 3, 1)),
    ("项目", "计划开始日期", dt.datetime(2021, 3, 1), dt.date(2021, 3, 1)),
    ("项目", "计划开始日期", np.datetime64("2021-03-01T00:00:00", "ns"), dt.date(2021, 3, 1)),
    ("项目", "计划开始日期", "2021年3月1日", dt.date(2021, 3, 1)),
    ("项目", "计划开始日期", pd.NaT, None),
    ("项目", "种类", "declaration", "declaration"),
]


def changed(frame: str, column: str, value: object, records=None) -> dict[str, pd.DataFrame]:
    """Frames with one value put into the last row of one of them; what rows repeat of their project is left out."""
    frames = xladdin.frames(records or [evaluation(), declaration(project="丙")])
    frames |= {name: frames[name].drop(columns=KEYS[1:]) for name in ("资金", "指标")}
    frames[frame].at[len(frames[frame]) - 1, column] = value
    return frames


def shown(record, column: str) -> object:
    names = {"年初预算数": "budget", "实际完成值": "indicators"}
    if column in names:
        (row,) = getattr(record, names[column])
        return getattr(row, {"年初预算数": "initial", "实际完成值": "actual"}[column])
    return {"年度": record.year, "种类": record.kind, "计划开始日期": getattr(record, "start", None)}[column]


@pytest.mark.parametrize("frame, column, value, read", VALUES)
def test_a_value_as_pandas_has_it(frame, column, value, read):
    records = [evaluation()] if frame != "项目" else [declaration()]
    (record,) = xladdin.from_frames(changed(frame, column, value, records))
    assert shown(record, column) == read and type(shown(record, column)) is type(read)


def test_typed_columns_and_other_indexes():
    frames = xladdin.frames([evaluation(), declaration(project="丙", start=dt.date(2021, 1, 1))])
    frames["项目"] = frames["项目"].convert_dtypes().assign(计划开始日期=lambda f: pd.to_datetime(f["计划开始日期"]))
    frames["指标"] = frames["指标"].convert_dtypes().set_index(pd.Index(["a", "b"])).iloc[::-1]
    frames["项目"]["占比"] = 0.5  # somebody's own column
    assert xladdin.from_frames(frames) == [evaluation(), declaration(project="丙", start=dt.date(2021, 1, 1))]


def test_some_projects_of_many():
    records = [evaluation(), evaluation(unit="丁"), declaration(project="丙")]
    frames = xladdin.frames(records)
    chosen = {name: frame[frame["实施单位"] == "丁"] for name, frame in frames.items()}
    assert xladdin.from_frames(chosen) == records[1:2]


# ---- what cannot be

WRONG = [
    # what is done to the frames, what the error says
    (lambda f: f.pop("资金"), "缺少“资金”"),
    (lambda f: f.update(指标=[1]), "缺少“指标”"),
    (lambda f: f["项目"].pop("年度"), "“项目”缺少列“年度”"),
    (lambda f: (f["指标"].pop("序号"), f["指标"].pop("指标值")), "“指标”缺少列“序号”“指标值”"),
    (lambda f: f["资金"].insert(1, "得分", 0, allow_duplicates=True), "“资金”里有两列都叫“得分”"),
    (lambda f: f["项目"].__setitem__("序号", 1), "“项目”索引为 1 的行：序号 1 在“项目”里有两行"),
    (lambda f: f["资金"].__setitem__("序号", 9), "“资金”索引为 0 的行：序号 9 在“项目”里没有"),
    (lambda f: f["资金"].__setitem__("序号", None), "“资金”索引为 0 的行：没有序号"),
    (lambda f: f["资金"].__setitem__("序号", 2), "“资金”索引为 0 的行：申报表没有“资金”"),
    (lambda f: f["项目"].__setitem__("种类", "监控表"), "“项目”索引为 0 的行：种类是 '监控表'"),
    (lambda f: f["项目"].__setitem__("项目名称", None), "“项目”索引为 0 的行：“项目名称”是 None"),
    (lambda f: f["项目"].__setitem__("年度", "今年"), "“项目”索引为 0 的行：“年度”是 '今年'"),
    (lambda f: f["项目"].__setitem__("金额单位", "千元"), "“项目”索引为 0 的行：“金额单位”是 '千元'"),
    (lambda f: f["项目"].at.__setitem__((0, "总分"), float("inf")), "“项目”索引为 0 的行：“总分”是 inf"),
    (lambda f: f["项目"].at.__setitem__((0, "总分"), True), "“项目”索引为 0 的行：“总分”是 True"),
    (lambda f: f["项目"].at.__setitem__((1, "计划开始日期"), "年初"), "“项目”索引为 1 的行：“计划开始日期”是 '年初'"),
    (lambda f: f["项目"].at.__setitem__((1, "财政资金"), "五十万"), "“项目”索引为 1 的行：“财政资金”是 '五十万'"),
    (lambda f: f["指标"].at.__setitem__((1, "三级指标"), None), "“指标”索引为 1 的行：“三级指标”是 None"),
    (lambda f: f["指标"].at.__setitem__((0, "分值"), "二十"), "“指标”索引为 0 的行：“分值”是 '二十'"),
    (lambda f: f["指标"].at.__setitem__((1, "分值"), 0), "“指标”索引为 1 的行：申报表没有“分值”，这里却是 0"),
    (lambda f: f["项目"].at.__setitem__((0, "财政资金"), 5), "“项目”索引为 0 的行：自评表没有“财政资金”，这里却是 5"),
    (lambda f: f["指标"].at.__setitem__((0, "实际完成值"), [90]), "“指标”索引为 0 的行：“实际完成值”是 [90]"),
]


@pytest.mark.parametrize("change, says", WRONG, ids=[says for _, says in WRONG])
def test_errors_name_the_frame_the_column_and_the_row(change, says):
    frames = changed("项目", "种类", "申报表")
    change(frames)
    with pytest.raises(BadValue) as caught:
        xladdin.from_frames(frames)
    assert says in str(caught.value) and caught.value.advice


@pytest.mark.parametrize("column, other", [("种类", "申报表"), ("年度", 2020), ("项目名称", "乙"), ("实施单位", None)])
def test_rows_of_other_records_are_not_taken_for_those_of_these(column, other):
    frames = xladdin.frames([evaluation()])
    frames["指标"][column] = other
    with pytest.raises(BadValue, match=f"“指标”索引为 0 的行：“{column}”是"):
        xladdin.from_frames(frames)


def test_without_pandas_the_error_says_what_to_install():
    code = (
        "import sys; sys.modules['pandas'] = None\nimport xladdin\n"
        "for call in (xladdin.frames, xladdin.from_frames, xladdin.findings_frame):\n"
        "    try: call({})\n    except xladdin.XladdinError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.count("pip install pandas") == 3, done.stderr


# ---- what is done with them


def met(row: xladdin.Indicator) -> xladdin.Indicator:
    return replace(row, actual=row.actual or "90") if isinstance(row, xladdin.Result) else row


def test_the_ledger_filling_and_a_plan_take_records_from_frames(tmp_path):
    frames = xladdin.frames(EXAMPLE)
    evaluated = frames["指标"]["种类"] == "自评表"
    frames["指标"]["实际完成值"] = frames["指标"]["实际完成值"].where(~evaluated, lambda column: column.fillna("90"))
    records = xladdin.from_frames(frames)
    expected = [replace(record, indicators=tuple(map(met, record.indicators))) for record in EXAMPLE]
    ledgers = [tmp_path / "台账.xlsx", tmp_path / "原来的.xlsx"]
    for path, these in zip(ledgers, (records, expected), strict=True):
        write_ledger(path, these)
    assert read_records(ledgers[0]) == read_records(ledgers[1])
    one = next(record for record in records if record.kind == "evaluation")
    (read,) = xladdin.read(xladdin.fill(one))
    assert [row.actual for row in read.indicators] == [row.actual for row in one.indicators]
    plan = batch.plan(records, tmp_path / "表")
    assert len(plan.jobs) == len(records)
    batch.run(plan)
    assert len(list((tmp_path / "表").glob("*.xlsx"))) == len(records)


# ---- findings


def test_findings_as_a_frame():
    (read,) = xladdin.read(
        xladdin.fill(replace(evaluation(money_unit="元"), total_score=Decimal(50)), "2021自评表"), "自评.xlsx"
    )
    findings = xladdin.check(read)
    frame = xladdin.findings_frame(findings)
    assert len(frame) == len(findings) > 3
    assert frame["规则"].tolist() == [finding.code for finding in findings]
    assert set(frame["级别"]) <= {"错误", "警告", "无法判定", "提示"}
    assert set(frame["文件"]) == {"自评.xlsx"}
    first, told = findings[0], frame.iloc[0]
    assert (told["问题"], told["单元格"], told["建议"]) == (first.message, first.where[0]["cell"], first.advice)
    assert all(first in every for first, every in zip(frame["单元格"], frame["位置"], strict=True))
    assert list(xladdin.findings_frame([]).columns) == list(frame.columns)
