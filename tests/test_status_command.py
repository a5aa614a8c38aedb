"""Who has handed in what: every state and how it is known, people, copies, files that cannot be read; sheet and page."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xladdin
from tests.package_checks import check_workbook
from tests.test_reviewing import clean
from xladdin.cli.main import main
from xladdin.domain.records import Result
from xladdin.domain.scoring import is_untouched
from xladdin.ledger import write_ledger
from xladdin.report.covered import covered
from xladdin.status import status_of, write_status


def write(path: Path, record) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(xladdin.fill(record))
    return path


def filled(project: str):
    return clean(project)[1]


def wrong(project: str):
    """Its funds do not add up."""
    form = filled(project)
    first, *rest = form.budget
    return replace(form, budget=(replace(first, executed=first.executed * 2), *rest))


def half(project: str):
    form = filled(project)
    return replace(
        form, indicators=tuple(replace(row, actual=None) for row in form.indicators[:2]) + form.indicators[2:]
    )


def untouched(project: str):
    return xladdin.self_evaluation(clean(project)[0])


class Desk:
    """Two folders, and what stands in them."""

    def __init__(self, folder: Path):
        self.folder, self.declared, self.evaluated = folder, folder / "申报", folder / "自评"
        self.evaluated.mkdir()

    def declare(self, *projects: str) -> None:
        for project in projects:
            write(self.declared / f"{project}.xlsx", clean(project)[0])

    def hand_in(self, record, name: str = "") -> Path:
        return write(self.evaluated / (name or f"{record.project}.xlsx"), record)

    def reconcile(self, report: str = "核对结果.xlsx") -> Path:
        assert main(["reconcile", str(self.declared), str(self.evaluated), "--report", str(self.folder / report)]) < 2
        return self.folder / report

    def look(self, **more) -> dict[str, tuple[str, str]]:
        """State and what is missing, by project."""
        told = status_of([self.declared, self.evaluated], **more)
        return {one.project: (one.state, one.missing) for one in told.standings}

    def states(self, **more) -> dict[str, str]:
        return {project: state for project, (state, _) in self.look(**more).items()}


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def test_every_state_and_how_it_is_known(desk):
    desk.declare("甲", "乙", "丙", "丁", "戊", "己")
    for form in (untouched("乙"), half("丙"), wrong("丁"), filled("戊"), filled("己")):
        desk.hand_in(form)
    assert desk.states() == {"甲": "未交", "乙": "未填", "丙": "填了一半", "丁": "有错误", "戊": "已填", "己": "已填"}
    desk.reconcile()
    desk.hand_in(replace(filled("己"), actual_result="后来改的。"))
    told = desk.look()
    assert {project: state for project, (state, _) in told.items()} == {
        "甲": "未交", "乙": "未填", "丙": "填了一半", "丁": "有错误", "戊": "已核对", "己": "需重新核对",
    }  # fmt: skip
    assert told["甲"][1] == "没有交自评表" and told["乙"][1] == "整张都没有填"
    assert "2 条指标的实际完成值" in told["丙"][1] and "全年执行数的合计" in told["丁"][1]
    assert told["戊"][1] == "" and "核对以后又改过" in told["己"][1]


def test_a_change_of_the_declaration_counts_as_one(desk):
    desk.declare("甲")
    desk.hand_in(filled("甲"))
    desk.reconcile()
    assert desk.states() == {"甲": "已核对"}
    declared = clean("甲")[0]
    write(desk.declared / "甲.xlsx", replace(declared, annual_goal=f"{declared.annual_goal}。"))
    assert desk.states() == {"甲": "需重新核对"}


def test_an_error_is_settled_by_the_clerks_answer(desk):
    desk.declare("甲")
    desk.hand_in(wrong("甲"))
    report = desk.reconcile()
    assert desk.states() == {"甲": "有错误"}
    for answer, state in (("已改", "有错误"), ("待查", "有错误"), ("属实", "已核对")):
        book = openpyxl.load_workbook(report)
        sheet = book["核对结果"]
        heads = next({cell.value: cell.column for cell in row} for row in sheet if row[0].value == "序号")
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, heads["级别"]).value == "错误":
                sheet.cell(row, heads["处理结果"]).value = answer
        book.save(report)
        assert desk.states() == {"甲": state}, answer
    desk.hand_in(replace(wrong("甲"), actual_result="后来改的。"))
    assert desk.states() == {"甲": "需重新核对"}


def test_of_two_reports_the_one_that_fits_counts(desk):
    desk.declare("甲", "乙")
    desk.hand_in(filled("甲"))
    desk.reconcile("三月.xlsx")
    desk.hand_in(filled("乙"))
    desk.hand_in(replace(filled("甲"), actual_result="后来改的。"))
    assert desk.states() == {"甲": "需重新核对", "乙": "已填"}
    desk.reconcile("四月.xlsx")
    assert desk.states() == {"甲": "已核对", "乙": "已核对"}
    (desk.folder / "四月.xlsx").rename(desk.folder / "自评" / "收着.xlsx")
    assert desk.states() == {"甲": "已核对", "乙": "已核对"}, "in the folder, under another name"
    elsewhere = desk.folder / "别处" / "核对.xlsx"
    elsewhere.parent.mkdir()
    (desk.folder / "自评" / "收着.xlsx").rename(elsewhere)
    assert desk.states() == {"甲": "需重新核对", "乙": "已填"}
    assert desk.states(checked=[elsewhere]) == {"甲": "已核对", "乙": "已核对"}


def test_only_reports_of_these_projects_are_named(desk):
    desk.declare("甲")
    path = desk.hand_in(filled("甲"), "甲自评.xlsx")
    assert main(["check", str(desk.declared), "--report", str(desk.folder / "申报检查.xlsx")]) < 2
    assert status_of([desk.declared, desk.evaluated]).known_by.startswith("找到的核对结果里没有这些自评表")
    desk.reconcile()
    desk.reconcile()  # and keeps the one before
    shutil.copy(desk.folder / "核对结果.xlsx", desk.evaluated / "核对结果.xlsx")
    assert status_of([desk.declared, desk.evaluated]).known_by == "已核对的依据：核对结果.xlsx"
    path.write_bytes(xladdin.fill(half("甲")))
    assert status_of([desk.declared, desk.evaluated]).known_by == "已核对的依据：核对结果.xlsx"


def test_a_report_says_what_it_covers(desk):
    desk.declare("甲（一）", "乙")
    for project in ("甲（一）", "乙"):
        desk.hand_in(filled(project), f"{project} 自评.xlsx")
    one = covered(desk.reconcile())
    assert one.covers(desk.evaluated / "甲（一） 自评.xlsx", "0" * 64) is False
    assert one.covers(Path("丙.xlsx"), "0" * 64) is None
    from xladdin.files import digest_of

    for path in (*desk.declared.iterdir(), *desk.evaluated.iterdir()):
        assert one.covers(path, digest_of(path)) is True
        assert one.covers(Path("改了名.xlsx"), digest_of(path)) is True
    assert covered(desk.declared / "乙.xlsx") is None


def test_one_handed_in_twice_is_said_and_counted_once(desk):
    desk.declare("甲", "乙")
    for form in (filled("甲"), filled("乙")):
        desk.hand_in(form)
    desk.hand_in(filled("甲"), "甲 又一份.xlsx")
    desk.hand_in(half("乙"), "乙 旧.xlsx")
    told = desk.look()
    assert told["甲"][0] == "已填" and "自评表交了 2 份" in told["甲"][1] and "内容相同" in told["甲"][1]
    assert told["乙"][0] == "填了一半" and "内容不同，请只留一份" in told["乙"][1] and "乙 旧.xlsx" in told["乙"][1]
    desk.hand_in(wrong("乙"), "乙 错.xlsx")
    assert desk.states()["乙"] == "填了一半"


def test_the_blank_that_was_sent_out_does_not_count_beside_what_came_back(desk):
    desk.declare("甲", "乙")
    for project in ("甲", "乙"):
        desk.hand_in(untouched(project))
    desk.hand_in(filled("甲"), "副本-甲（张三改）.xlsx")
    told = desk.look()
    assert told["甲"][0] == "已填" and "还有没填过的" in told["甲"][1] and "重复" not in told["甲"][1]
    assert told["乙"][0] == "未填"
    desk.reconcile()
    assert desk.states() == {"甲": "已核对", "乙": "未填"}


def test_a_file_that_cannot_be_read_costs_no_other(desk, capsys):
    desk.declare("甲", "乙")
    desk.hand_in(filled("乙"))
    (desk.evaluated / "甲.xlsx").write_bytes(b"PK\x03\x04torn")
    (desk.evaluated / "通知.txt").write_text("请于三月底前交自评表。", encoding="utf-8")
    assert desk.states() == {"甲": "未交", "乙": "已填"}
    assert "甲.xlsx 读不了，可能就是它" in desk.look()["甲"][1]
    desk.reconcile()
    (desk.declared / "甲.xlsx").unlink()
    assert desk.states() == {"乙": "已核对"}
    capsys.readouterr()
    assert main(["status", str(desk.declared), str(desk.evaluated)]) == 1, "a file could not be read"
    said = capsys.readouterr()
    assert "另有 1 个文件读不了" in said.out and "甲.xlsx" in said.err


def test_documents_are_forms_like_others(desk):
    desk.declare("甲")
    form = filled("甲")
    rows = "".join(
        f"<tr><td>{row.level1}</td><td>{row.level2}</td><td>{row.name}</td><td>{row.target}</td><td>{row.actual}</td>"
        f"<td>{row.weight}</td><td></td></tr>"
        for row in form.indicators
    )
    (desk.evaluated / "甲.html").write_text(
        "<table><tr><td colspan=7>项目支出绩效自评表（2021年度）</td></tr>"
        f"<tr><td>项目名称</td><td colspan=6>甲</td></tr><tr><td>实施单位</td><td colspan=6>{form.unit}</td></tr>"
        "<tr><td>项目资金（元）</td><td>年初预算数</td><td>全年预算数</td><td>全年执行数</td><td>分值</td><td>执行率</td><td>得分</td></tr>"
        "<tr><td>年度资金总额</td><td>100</td><td>100</td><td></td><td>10</td><td></td><td></td></tr>"
        "<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td></tr>"
        f"{rows}</table>",
        encoding="utf-8",
    )
    assert desk.look()["甲"][0] == "填了一半" and "全年执行数" in desk.look()["甲"][1]


def ledger(desk: Desk, handlers: dict[str, str | None]) -> Path:
    path = desk.folder / "台账.xlsx"
    write_ledger(path, [clean(project)[0] for project in handlers], replace=True)
    book = openpyxl.load_workbook(path)
    sheet = book["项目"]
    names = {cell.value: cell.column for cell in sheet[1]}
    column = names.get("经办人", sheet.max_column + 1)
    sheet.cell(1, column).value = "经办人"
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = handlers.get(sheet.cell(row, names["项目名称"]).value)
    book.save(path)
    return path


def test_the_ledger_says_who_and_what_else_is_due(desk, capsys):
    desk.declare("甲", "乙")
    desk.hand_in(filled("甲"))
    path = ledger(desk, {"甲": "王芳", "乙": "李建国", "丙": "王芳", "丁": None})
    told = status_of([desk.declared, desk.evaluated], path)
    assert {one.project: (one.state, one.handler) for one in told.standings} == {
        "甲": ("已填", "王芳"), "乙": ("未交", "李建国"), "丙": ("未交", "王芳"), "丁": ("未交", None),
    }  # fmt: skip
    assert next(one.missing for one in told.standings if one.project == "丙") == "申报表、自评表都没有交"
    assert told.by == "经办人"
    assert {name: dict(counts) for name, counts in told.people} == {
        "王芳": {"已填": 1, "未交": 1}, "李建国": {"未交": 1}, "（未写明）": {"未交": 1},
    }  # fmt: skip
    assert main(["status", str(desk.declared), str(desk.evaluated), "--ledger", str(path)]) == 1
    said = capsys.readouterr().out
    assert "4 个项目：未交 3，已填 1。" in said and "王芳" in said


def test_without_a_ledger_units_are_counted(desk):
    for project, unit in (("甲", "民政局"), ("乙", "民政局"), ("丙", "园林所")):
        declared, evaluated = clean(project)
        write(desk.declared / f"{project}.xlsx", replace(declared, unit=unit))
        if project != "乙":
            desk.hand_in(replace(evaluated, unit=unit))
    told = status_of([desk.declared, desk.evaluated])
    assert told.by == "实施单位"
    assert {name: dict(counts) for name, counts in told.people} == {
        "民政局": {"已填": 1, "未交": 1},
        "园林所": {"已填": 1},
    }


def test_a_form_of_another_name_is_offered(desk):
    desk.declare("城市绿化养护")
    desk.hand_in(filled("城市绿化养护项目"))
    told = desk.look()
    assert told["城市绿化养护"][0] == "未交" and "名称相近的有 “城市绿化养护项目”" in told["城市绿化养护"][1]
    assert told["城市绿化养护项目"] == ("已填", "还没有核对；没有找到它的申报表")


def test_all_checked_is_0(desk, capsys):
    desk.declare("甲")
    desk.hand_in(filled("甲"))
    call = ["status", str(desk.declared), str(desk.evaluated), "--json"]
    assert main(call) == 1
    desk.reconcile()
    capsys.readouterr()
    assert main(call) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["checked"].endswith("（核对结果.xlsx）")
    assert {name: told[name] for name in ("project", "year", "state", "missing", "handler")} == {
        "project": "甲", "year": 2021, "state": "已核对", "missing": None, "handler": None,
    }  # fmt: skip
    assert told["evaluation"] == [str(desk.evaluated / "甲.xlsx")]


def test_nobody_has_handed_in(desk):
    desk.declare("甲", "乙")
    assert desk.states() == {"甲": "未交", "乙": "未交"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["申报", "没有"], "没有这个文件或文件夹"),
        (["自评", "自评"], "没有读到申报表或自评表"),
        (["申报", "自评", "--ledger", "申报/甲.xlsx"], "这不是台账"),
        (["申报", "自评", "--checked", "申报/甲.xlsx"], "这不是核对结果"),
        (["申报", "自评", "--profile", "没有"], "没有名为“没有”的计分规则"),
        (["申报", "自评", "--report", "进度.docx"], ".xlsx 或 .html"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_wrong_input_is_2(desk, monkeypatch, capsys, arguments, said):
    desk.declare("甲")
    monkeypatch.chdir(desk.folder)
    assert main(["status", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_sheet_holds_every_project_and_adds_up(desk):
    desk.declare("甲", "=乙", "丙")
    desk.hand_in(filled("甲"))
    (desk.evaluated / "丙.xlsx").write_bytes(b"PK")
    path = desk.folder / "收表进度.xlsx"
    told = status_of([desk.declared, desk.evaluated], ledger(desk, {"甲": "王芳", "=乙": "李建国", "丙": "王芳"}))
    write_status(told, path)
    check_workbook(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["收表进度", "按经办人", "文件问题"]
    rows = [[cell.value for cell in row] for row in book["收表进度"]]
    head = next(n for n, row in enumerate(rows) if row[0] == "状态")
    assert rows[1][0] == told.verdict
    assert [row[:3] for row in rows[head + 1 :]] == [
        ["未交", "=乙", "李建国"], ["未交", "丙", "王芳"], ["已填", "甲", "王芳"],
    ]  # fmt: skip
    people = [[cell.value for cell in row] for row in book["按经办人"]]
    assert people[-1][0] == "合计" and people[-1][1].startswith("=SUM(")
    write_status(told, path)  # nobody touched it
    book.save(path)
    assert main(["status", str(desk.declared), str(desk.evaluated), "--report", str(path)]) == 2
    assert main(["status", str(desk.declared), str(desk.evaluated), "--report", str(path), "--force"]) == 1
    assert xladdin.reading(desk.declared / "甲.xlsx").records and desk.states()["甲"] == "已填", "the sheet is no form"


def test_when_it_was_checked_stands_on_one_line(desk):
    desk.declare("甲")
    desk.hand_in(filled("甲"))
    desk.reconcile()
    desk.declare("乙")
    path = desk.folder / "收表进度.xlsx"
    write_status(status_of([desk.declared, desk.evaluated]), path)
    sheet = openpyxl.load_workbook(path)["收表进度"]
    rows = {
        row[1].value: (sheet.row_dimensions[row[0].row].height, row[-1].value) for row in sheet.iter_rows(min_row=5)
    }
    assert rows["甲"][1] and rows["甲"][0] == rows["乙"][0]


def test_nothing_that_was_handed_in_is_written_over(desk):
    desk.declare("甲")
    desk.hand_in(filled("甲"))
    report = desk.reconcile()
    before = report.read_bytes()
    for target in (report, desk.evaluated / "甲.xlsx"):
        assert main(["status", str(desk.declared), str(desk.evaluated), "--report", str(target), "--force"]) == 2
    assert report.read_bytes() == before


def test_the_page_says_the_same(desk):
    desk.declare("甲", "<b>乙")
    desk.hand_in(filled("甲"))
    path = desk.folder / "收表进度.html"
    told = status_of([desk.declared, desk.evaluated])
    write_status(told, path)
    text = path.read_text(encoding="utf-8")
    assert told.verdict in text and "&lt;b&gt;乙" in text and "<b>乙" not in text
    assert "./%E8%87%AA%E8%AF%84/%E7%94%B2.xlsx" in text and "<script" not in text


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ({}, False),
        ({"actual_result": " "}, False),
        ({"actual_result": "按计划完成"}, True),
        ({"indicators": (Result("产出指标", "数量指标", "场次", "=1场", actual="1"),)}, True),
        ({"indicators": (Result("产出指标", "数量指标", "场次", "=1场", reason="疫情"),)}, True),
    ],
)
def test_what_was_filled_in_shows(change, touched):
    assert is_untouched(replace(untouched("甲"), **change)) is not touched


def test_a_form_just_made_reads_as_untouched(tmp_path):
    for form in ("2021自评表", "全国自评表"):
        blank = replace(untouched("甲"), form=form)
        (read,) = xladdin.read(write(tmp_path / f"{form}.xlsx", blank))
        assert is_untouched(read), form


def test_both_in_one_folder(tmp_path):
    write(tmp_path / "申报.xlsx", clean("甲")[0])
    write(tmp_path / "自评.xlsx", filled("甲"))
    (one,) = status_of([tmp_path, tmp_path]).standings
    assert one.state == "已填"


def test_a_moved_pair_stays_checked(desk):
    desk.declare("甲")
    desk.hand_in(filled("甲"))
    desk.reconcile()
    shutil.move(desk.evaluated / "甲.xlsx", desk.evaluated / "2021 甲 自评表.xlsx")
    assert desk.states() == {"甲": "已核对"}
