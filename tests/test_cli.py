"""The command line, in-process: exit codes, what is written, and Chinese sentences instead of tracebacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin import batch
from xladdin.batch.journal import NAME
from xladdin.cli.demo import differences, example, expected
from xladdin.cli.main import main
from xladdin.cli.parser import Parser
from xladdin.cli.table import fit, table, width
from xladdin.errors import XladdinError
from xladdin.ledger import write_ledger
from xladdin.progress import bar

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    monkeypatch.delenv("XLADDIN_TEMPLATES", raising=False)
    return folder


@pytest.fixture
def ledger(tmp_path) -> Path:
    write_ledger(tmp_path / "台账.xlsx", example())
    return tmp_path / "台账.xlsx"


def files(folder: Path) -> list[str]:
    """What lies in a folder, but for the journal."""
    return sorted(path.name for path in folder.iterdir() if path.name != NAME)


@pytest.mark.parametrize("command", [[], ["demo"], ["forms"], ["ledger"], ["fill"], ["evaluate"], ["read"]])
def test_help_is_chinese(run, command):
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert out.startswith("用法：")
    for english in ("usage", "options", "positional", "show this", "exit"):
        assert english not in out


@pytest.mark.parametrize(("words", "begins"), [([], "用法：xladdin "), (["help", "fill"], "用法：xladdin fill ")])
def test_help_without_dashes(run, words, begins):
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert out.startswith(begins)


def test_version(run):
    assert run("--version") == (0, f"xladdin {xladdin.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--templates", "."], "缺少必填的参数：命令"),
        (["nonsense"], "没有“nonsense”这个命令，可用的有：demo、forms、"),
        (["fil"], "没有“fil”这个命令，是不是“fill”？运行 xladdin fill --help 看用法"),
        (["FILL", "fill.xlsx"], "是不是“fill”？"),
        (["help", "chek"], "是不是“check”？运行 xladdin check --help"),
        (["addin", "instal"], "没有“instal”这个命令，是不是“install”？运行 xladdin addin install --help"),
        (["fill", "a.xlsx", "--ou", "b"], "不认识的参数：--ou，是不是“--out”？运行 xladdin fill --help"),
        (["reconcile", "a", "b", "c"], "不认识的参数：c。运行 xladdin reconcile --help"),
        (["fill"], "缺少必填的参数：台账、--out"),
        (["fill", "a.xlsx", "--out", "b", "--money-unit", "亿元"], "参数 --money-unit 不能是“亿元”，是不是“元”？"),
        (["fill", "a.xlsx"], "缺少必填的参数：--out"),
        (["fill", "a.xlsx", "--out"], "--out 后面要给一个值"),
        (["fill", "a.xlsx", "--out", "b", "--workers", "0"], "1 到 60"),
        (["fill", "a.xlsx", "--out", "b", "--year", "21"], "四位年份"),
        (["forms", "--nonsense"], "不认识的参数：--nonsense"),
        (["fill", "nosuch.xlsx", "--out", "b"], "找不到"),
        (["fill", "nosuch.json", "--out", "b"], "打不开"),
        (["read", "nosuch.xlsx"], "找不到"),
        (["evaluate", "nosuch.xlsx", "--out", "b"], "找不到"),
        (["ledger", "a.xls"], ".xlsx"),
        (["forms", "--templates", "nosuch"], "找不到模板文件夹"),
        (["--templates", "nosuch", "forms"], "找不到模板文件夹"),
    ],
)
def test_wrong_calls(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert files(tmp_path) == []


@pytest.mark.parametrize("choices", ["'demo', 'fill'", "demo, fill"])
def test_a_choice_is_offered_however_python_lists_them(capsys, choices):
    with pytest.raises(SystemExit):
        Parser(prog="xladdin").error(f"argument 命令: invalid choice: 'fil' (choose from {choices})")
    assert "没有“fil”这个命令，是不是“fill”？" in capsys.readouterr().err


def test_a_bug_becomes_a_sentence_and_a_log(run, monkeypatch, own_state):
    from xladdin.cli import forms

    def broken(_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(forms, "run", broken)
    code, _, err = run("forms")
    assert code == 2
    (log,) = own_state.rglob("*.log")
    assert str(log) in err
    assert "secret" not in err
    assert "ZeroDivisionError: secret" in log.read_text(encoding="utf-8")


def test_interruption(run, monkeypatch):
    from xladdin.cli import forms

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(forms, "run", interrupted)
    code, _, err = run("forms")
    assert code == 130
    assert "已中断" in err


PANDAS = ("openpyxl", "pandas", "numpy", "scipy", "xlwings")  # for those who call us from Python, and for Excel
LIGHT = [
    # command, modules it does not load
    (["--help"], (*PANDAS, "lxml", "jinja2", "xlsxwriter", "tqdm", "rapidfuzz")),
    (["demo", "--out", "示例"], PANDAS),  # fills, reads, cross-checks, reports
    (["summary", "示例", "--out", "汇总.xlsx"], PANDAS),
]


def test_import_help_and_the_year_stay_light(tmp_path):
    for arguments, heavy in LIGHT:
        code = (
            f"import sys; import xladdin; from xladdin.cli.main import main; main({arguments}); "
            f"sys.exit(str([m for m in {heavy} if m in sys.modules]))"
        )
        command = [sys.executable, "-c", code]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, env=environment)
        assert done.stderr.strip().endswith("[]"), arguments


def test_output_is_utf8_where_the_console_is_not():
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "xladdin", "forms"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "表式" in done.stdout.decode("utf-8")


def test_forms(run):
    code, out, _ = run("forms")
    assert code == 0
    listed = json.loads(run("forms", "--json")[1])
    names = {"2020目标表", "2021申报表", "2021自评表", "2023申报表", "2024申报表", "全国自评表"}
    assert {form["name"] for form in listed} == names
    assert all(name in out for name in names)
    assert all(Path(form["file"]).is_file() and form["kind"] in ("declaration", "evaluation") for form in listed)


def test_ledger(run, tmp_path):
    path = tmp_path / "a.xlsx"
    assert run("ledger", path)[0] == 0
    assert openpyxl.load_workbook(path).sheetnames == ["填写说明", "项目", "资金执行", "指标", "选项"]
    code, _, err = run("ledger", path)
    assert code == 2
    assert "--force" in err
    assert run("ledger", path, "--force")[0] == 0
    code, _, err = run("fill", path, "--out", tmp_path / "out")
    assert code == 2
    assert "没有项目" in err


def test_fill_writes_one_workbook_a_project(run, ledger, tmp_path):
    code, out, _ = run("fill", ledger, "--out", tmp_path / "out")
    assert code == 0
    assert len(files(tmp_path / "out")) == 9
    assert "2021 计生特殊家庭帮扶及权益维护 绩效目标申报表.xlsx" in files(tmp_path / "out")
    assert "9 个工作簿" in out
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    code, out, err = run("fill", ledger, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "写好 0 个工作簿" in out
    assert "9 个不用动" in out
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--year", "2024"], 4),
        (["--year", "2021"], 2),
        (["--project", "民生保障"], 1),
        (["--project", "计生特殊家庭帮扶"], 1),
        (["--project", "宣传"], 2),
        (["--form", "2024申报表", "--year", "2021"], 1),
        (["--form", "全国自评表"], 1),
        (["--workers", "2", "--year", "2024"], 4),
    ],
)
def test_fill_options(run, ledger, tmp_path, options, count):
    run("fill", ledger, "--out", tmp_path / "out", *options)
    assert len(files(tmp_path / "out")) == count


def test_fill_into_another_form_counts_what_is_left_out(run, ledger, tmp_path):
    code, out, err = run("fill", ledger, "--out", tmp_path / "out", "--form", "2021自评表", "--json")
    assert code == 0
    assert "8 条记录没有填" in err
    (told,) = json.loads(out)
    assert (told["form"], told["error"]) == ("2021自评表", None)
    assert run("fill", ledger, "--out", tmp_path / "b", "--form", "没有的表")[0] == 2
    assert run("fill", ledger, "--out", tmp_path / "b", "--year", "1999")[0] == 2


def test_fill_says_what_a_form_has_no_place_for(run, ledger, tmp_path):
    options = ("--form", "2021申报表", "--year", "2020", "--project", "宣传倡导活动")
    code, _, err = run("fill", ledger, "--out", tmp_path / "out", *options)
    assert code == 0
    assert "项目概况" in err


def test_out_must_be_a_folder(run, ledger):
    before = ledger.read_bytes()
    for command in (("fill", ledger), ("evaluate", ledger)):
        code, _, err = run(*command, "--out", ledger)
        assert code == 2
        assert "应是文件夹" in err
    assert ledger.read_bytes() == before


def test_fill_from_json(run, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([record.to_dict() for record in example()[:2]]), encoding="utf-8")
    assert run("fill", path, "--out", tmp_path / "out")[0] == 0
    assert len(files(tmp_path / "out")) == 2


def test_a_ledger_with_a_mistake_fills_the_rest(run, ledger, tmp_path):
    work = openpyxl.load_workbook(ledger)
    work["项目"]["H2"] = "某天"
    work.save(ledger)
    code, _, err = run("fill", ledger, "--out", tmp_path / "out")
    assert code == 1
    assert "项目!H2" in err
    assert len(files(tmp_path / "out")) == 8


def test_one_bad_project_does_not_stop_the_rest(run, tmp_path):
    good, bad = example()[2], replace(example()[3], overall_goal="x" * 40_000)
    path = tmp_path / "a.json"
    path.write_text(json.dumps([bad.to_dict(), good.to_dict()]), encoding="utf-8")
    code, _, err = run("fill", path, "--out", tmp_path / "out")
    assert code == 1
    assert "32767" in err
    assert len(files(tmp_path / "out")) == 1
    code, _, err = run("fill", path, "--out", tmp_path / "book", "--one-book")
    assert code == 1
    assert "32767" in err
    (book,) = files(tmp_path / "book")
    assert [record.project for record in xladdin.read(tmp_path / "book" / book)] == [good.project]
    assert run("fill", path, "--out", tmp_path / "none", "--project", bad.project)[0] == 2


def test_one_book(run, ledger, tmp_path):
    code, _, _ = run("fill", ledger, "--out", tmp_path / "out", "--one-book")
    assert code == 0
    (name,) = files(tmp_path / "out")
    assert len(xladdin.read(tmp_path / "out" / name)) == 9


def test_what_is_filled_reads_back(run, ledger, tmp_path):
    run("fill", ledger, "--out", tmp_path / "out")
    code, out, _ = run("read", tmp_path / "out", "--json")
    assert code == 0
    back = {(item["kind"], item["year"], item["project"]): xladdin.from_dict(item) for item in json.loads(out)}
    for record in example():
        if record.kind == "declaration":
            read = back[record.kind, record.year, record.project]
            assert not differences(expected(record, record.form), read)


def test_read_summary_and_bad_files(run, ledger, tmp_path):
    run("fill", ledger, "--out", tmp_path / "out", "--year", "2021")
    (tmp_path / "bad.xlsx").write_bytes(b"not a workbook")
    code, out, err = run("read", tmp_path / "out", tmp_path / "bad.xlsx")
    assert code == 1
    assert run("read", tmp_path / "bad.xlsx")[0] == 2
    assert "bad.xlsx" in err
    assert "计生特殊家庭帮扶及权益维护" in out
    assert "三级指标" in out
    assert "总分" in out


def test_evaluate(run, ledger, tmp_path):
    run("fill", ledger, "--out", tmp_path / "out", "--year", "2021")
    (tmp_path / "out" / "~$x.xlsx").write_bytes(b"")
    code, _, err = run("evaluate", tmp_path / "out", "--out", tmp_path / "eval")
    assert code == 0
    assert "没有申报表" in err
    (name,) = files(tmp_path / "eval")
    (record,) = xladdin.read(tmp_path / "eval" / name)
    assert (record.kind, record.year, record.total_weight) == ("evaluation", 2021, 100)
    assert run("evaluate", tmp_path / "out", "--out", tmp_path / "eval")[0] == 0
    options = ("--form", "2021申报表")
    assert run("evaluate", tmp_path / "out", "--out", tmp_path / "b", *options)[0] == 2


def test_demo_twice(run, tmp_path):
    for _ in range(2):
        code, out, err = run("demo", "--out", tmp_path / "demo")
        assert (code, err) == (0, "")
        assert "读回不一致的地方" not in out
        assert "按申报值应得 19.78 分" in out
        assert "≥95% [第 1 页第 16 行]  ≥90% [第 16 行]" in out  # a PDF against a Word document
        assert str(tmp_path / "demo") in out
    assert files(tmp_path / "demo") == [
        "互相核对的两张表",
        "台账.xlsx",
        "填好的表",
        "收到的文件",
        "核对结果.html",
        "核对结果.xlsx",
        "核对结果.上次.xlsx",
        "生成的自评表",
        "空表做成模板",
        "绩效表汇总.xlsx",
    ]


def test_bug_in_one_job_does_not_stop_the_rest(tmp_path, monkeypatch):
    from xladdin.form import filling

    real = filling.fill_telling

    def moody(record, form, rules):
        if record.year == 2021:
            raise KeyError("x")
        return real(record, form, rules)

    monkeypatch.setattr(filling, "fill_telling", moody)
    outcomes = batch.run(batch.plan(example()[2:4], tmp_path))
    assert [bool(outcome.path) for outcome in outcomes] == [False, True]
    assert isinstance(outcomes[0].error, XladdinError)
    assert "KeyError" in outcomes[0].trace


def test_same_names_get_their_unit(tmp_path):
    record = example()[2]
    plan = batch.plan([record, replace(record, unit="另一单位"), replace(record, unit="另一单位")], tmp_path)
    names = [job.path.name for job in plan.jobs]
    assert len(set(names)) == 3
    assert names[2] == "2021 计生特殊家庭帮扶及权益维护 绩效目标申报表 另一单位 (2).xlsx"


def test_progress_only_on_a_terminal_and_for_many(capsys):
    assert bar([1] * 50, 50, "填写") == [1] * 50
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("中文", 4), ("a中", 3), ("e\u0301", 1), ("（）", 4), ("", 0)]
)
def test_width(text, columns):
    assert width(text) == columns


def test_table():
    lines = table(("名", "数"), [("中文", 1), ("a", 1000)], right=("数",)).splitlines()
    assert lines == ["名      数", "----  ----", "中文     1", "a     1000"]
    assert fit("中文中文中文", 8) == "中文中…"
    assert width(fit("a" * 100, 10)) <= 10


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("rules",), ("forms", "--json")])
def test_a_full_disk_behind_stdout_is_a_sentence(words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "xladdin", *words], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("结果没能全部写出来")


@pytest.mark.skipif(os.name == "nt", reason="streams are closed by the shell")
def test_closed_streams_are_not_written_into_the_next_file(tmp_path):
    script = (
        "import os; [os.close(n) for n in (0, 1, 2)]\n"
        "from xladdin.cli.main import main\n"
        f"code = main(['read', '--json', {str(tmp_path / '没有.xlsx')!r}])\n"
        f"os.write(os.open({str(tmp_path / '见')!r}, os.O_CREAT | os.O_WRONLY), str(code).encode())\n"
        "os.write(1, b'lost'); os.write(2, b'lost')\n"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
    assert (tmp_path / "见").read_bytes() == b"2"


def test_what_is_told_does_not_land_in_the_json_where_stderr_is_closed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["read", "--json", str(tmp_path / "没有.xlsx")]) == 2
    assert capsys.readouterr().out.strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are always UTF-8")
def test_a_system_that_takes_no_chinese_file_names_is_told():
    odd = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-m", "xladdin", "forms"], capture_output=True, env=odd)
    assert done.returncode == 2
    assert "PYTHONUTF8=1" in done.stderr.decode()


HARMFUL = "甲\x1b[2J\x1b]0;x\x07乙\x9b31m\u202e丙\r丁"


@pytest.mark.parametrize("words", [("read",), ("check",), ("read", "没有\x1b[31m.xlsx"), ("evaluate", "--out", "{}")])
def test_nothing_a_file_says_moves_the_cursor(words, tmp_path, capsys):
    record = next(one for one in example() if one.year == 2024)
    path = tmp_path / "表.xlsx"
    path.write_bytes(xladdin.fill(replace(record, indicators=record.indicators[:3])))
    book = openpyxl.load_workbook(path)
    for cells in book.active.iter_rows():
        for cell in cells:
            if cell.value == record.project:
                cell.value = "甲_x001B_[2J_x001B_]0;x_x0007_乙\x9b31m\u202e丙_x000D_丁"
    book.save(path)
    name, *more = (word.format(tmp_path) for word in words)
    main([name, str(path), *more])
    said = "".join(capsys.readouterr())
    assert "甲" in said and "丁" in said
    assert set(said) & set(HARMFUL) <= set("甲乙丙丁[]0;x2J31m")


def test_json_says_what_the_file_says(tmp_path, capsys):
    record = next(one for one in example() if one.year == 2024)
    path = tmp_path / "表.xlsx"
    path.write_bytes(xladdin.fill(replace(record, project="甲\x9b31m\u202e丙\x7f")))
    main(["read", "--json", str(path)])
    said = capsys.readouterr().out
    assert not set(said) & set("\x9b\u202e\x7f")
    assert [one["project"] for one in json.loads(said)] == [one.project for one in xladdin.read(path)]
