"""Files of rules of the user's own: what holds by them, and a sentence with line and place where one is broken."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

import xladdin
from xladdin.cli.demo import example
from xladdin.cli.main import main
from xladdin.profiles import profile
from xladdin.rules.handbook import rules_under


@pytest.fixture
def form(tmp_path) -> Path:
    """A 自评表 to be checked."""
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(xladdin.fill(next(record for record in example() if record.kind == "evaluation")))
    return path


def test_a_profile_of_the_users_own(form, tmp_path, capsys):
    own = tmp_path / "本区.toml"
    own.write_text('name = "本区"\nbase = "全国"\n[limits]\nover_warn = 1000\nover_must = 1000\n', encoding="utf-8")
    main(["check", str(form), "--profile", str(own), "--json"])
    assert "E-08" not in {one["code"] for one in json.loads(capsys.readouterr().out)}


def test_a_profile_builds_on_a_region_and_wins_over_the_versions_it_inherits(tmp_path):
    own = tmp_path / "本市.toml"
    text = 'name = "本市"\nbase = "广西"\nexecution = 15\n[limits]\nover_must = 1.4\n[basis]\n"D-C3" = "本市的规定"\n'
    own.write_text(text, encoding="utf-8")
    for year in (2021, 2024):
        rules = profile(str(own), year)
        assert rules.lineage == ("本市", "广西", "全国")
        assert (rules.execution, rules.limits["over_zero"], rules.limits["over_must"]) == (15, 30, Decimal("1.4"))
        said = {rule.code: rule.basis for _, rule in rules_under(rules, year)}
        assert said["D-C3"] == "本市的规定"
        assert "1.4 倍（指标值为 0 的达到 30）" in said["E-08"]


BROKEN = [  # what a profile file holds → what is said of it
    ('name = "本区"\n', "缺 version"),
    ("name = \n", "第 1 行第 8 个字：值写法不对"),
    ("name = “本区”\n", "英文引号"),
    ("name 本区\n", "第 1 行第 6 个字：名称后面缺等号"),
    ('name = "a"\nname = "b"\n', "第 2 行第 11 个字：同一个名称写了两次"),
    ('name = "a"\nsteps = [1\n', "文件末尾：括号没有配对"),
    ('base = "../秘密"\n', "不是随附的规则"),
    ('base = "全国"\nsteps = "x"\n', "steps"),
    ('base = "全国"\nversion = []\n', "缺 version"),
    ('base = "全国"\nversion = [1]\n', "version"),
    ('base = "全国"\n[limits]\nover_wam = 9\n', "第 3 行：不认识“limits.over_wam”"),
    ('base = "全国"\n[limit]\nover_warn = 9\n', "不认识“limit”"),
    ('base = "全国"\n[limits]\nfewest = nan\n', "fewest 应是数"),
    ('base = "全国"\n# low = 5\n[[band]]\nname = "达成"\nwords = ["x"]\nlow = 5\nhigh = 1\n', "第 6 行：达成 的 low"),
    ('base = "全国"\n' + '[[band]]\nname = "达成"\nwords = ["x"]\nlow = 5\nhigh = 1\n' * 2, "第 5、10 行里有一处"),
    ('base = "全国"\n[limits]\nfewest = "abc"\n', "fewest 应是数"),
    ('base = "全国"\nlimits = 3\n', "limits 应是一张表"),
    ('base = "全国"\n[words]\nunfinished = "abc"\n', "unfinished 应是一列文字"),
    ('base = "全国"\n[words]\nmisspelt = ["→x"]\n', "misspelt"),
    ('base = "全国"\n[words]\nmisspelt = ["(→x"]\n', "写法不对"),
    ('base = "全国"\ngroups = 3\n', "groups"),
    ('base = "全国"\nband = []\n', "缺 band"),
    ('base = "全国"\nbasis = 3\n', "basis 应是一张表"),
    ('base = "全国"\n[basis]\n"E8" = "甲"\n', "不认识“basis.E8”"),
    ('base = "全国"\n[basis]\n"E-08" = 3\n', "E-08 应是文字"),
    ('base = "全国"\n[basis]\n"E-08" = "{over_mast} 倍"\n', "第 3 行：basis 里 E-08 的花括号"),
    ('base = "全国"\n[basis]\n"E-08" = "{over_must:>99999999999}"\n', "花括号"),
    ('base = "全国"\n[forms]\n"自平表" = "甲"\n', "不认识“forms.自平表”"),
    ('base = "全国"\n[[version]]\nsince = 2020-01-01\nbasis = 3\n', "第 4 行：basis 应是一张表"),
    ('base = "全国"\n[[version]]\nsince = "zzz"\nsource = "x"\nexecution = 10\nreverse = "ratio"\n', "since 应是日期"),
    ('base = "全国"\n[[version]]\nsince = 2020-01-01\nsource = "x"\nexecution = 10\nreverse = "反"\n', "reverse"),
    (f'base = "全国"\nexecution = {"9" * 5_000}\n', "大得离谱的数"),
    ('base = "全国"\nexecution = 1e99999999999999999999\n', "大得离谱的数"),
    (f'base = "全国"\nsteps = {"[" * 5_000}{"]" * 5_000}\n', "层层套着的括号"),
    ('base = "全国"\nexecution = 1e99999999\n', "execution 应是数"),
    ('base = "全国"\n[limits]\nover_must = 1e-99999999\n', "over_must 应是数"),
    (f'base = "全国"\nexecution = 0x{"f" * 100_000}\n', "execution 应是数"),
    (f"base = 0x{'f' * 100_000}\n", "不是随附的规则"),
    (f'base = "全国"\nname = 0x{"f" * 100_000}\n', "name 应是文字"),
    ('base = "全国"\nname = "a\\u001b[31m"\n', "name 应是一行不长的文字"),
    (f'base = "全国"\nname = "{"名" * 100_000}"\n', "name 应是一行不长的文字"),
    ('base = "全国"\nexecution = -10\n', "execution 应在 0 与 100 之间"),
    ('base = "全国"\n[weights]\n"无成本" = 5\n', "缺 [无成本] 表"),
    ('base = "全国"\n[weights]\n"无成本" = {"产出" = 150}\n', "第 3 行：产出 应在 0 与 100 之间"),
    ('base = "全国"\n[[band]]\nname = "达成"\nwords = ["x"]\nlow = 5\nhigh = 1\n', "low 不大于 high"),
    ('base = "全国"\n[groups]\n"a\\u0000" = "b"\n', "看不见的字符"),
    (f'base = "全国"\nrequired = [{"0, " * 60_000}]\n', "required 应是一列文字"),
    ('base = "全国"\n[basis]\n"E-08" = "{source:.0%}"\n', "花括号"),
    (
        'base = "全国"\n[[version]]\nsince = "9999-99-99"\nsource = "x"\nexecution = 10\nreverse = "ratio"\n',
        "since 应是日期",
    ),
    ('base = "全国"\n[words]\nmisspelt = ["项目"]\n', "没有写应改成什么"),
    *(
        (f"base = \"全国\"\n[words]\nmisspelt = ['{pattern}→x']\n", "可能要试很久")
        for pattern in (
            "(a*)*b",
            "[^q]+[^q]+q",
            "a{2,}b",
            "(a{1,9}){9}b",
            "(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)(a|aa)b",
            "a{9999}b",
            "(?x)(a{1,9}) {9}b",
            "a{,}b",
        )
    ),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_profile_is_a_sentence(text, said, form, tmp_path, capsys):
    own = tmp_path / "坏.toml"
    own.write_text(text, encoding="utf-8")
    assert main(["check", str(form), "--profile", str(own)]) == 2
    err = capsys.readouterr().err
    assert "坏.toml：计分规则文件有误：" in err
    assert said in err


def test_a_profile_in_another_encoding_is_a_sentence(form, tmp_path, capsys):
    own = tmp_path / "坏.toml"
    own.write_bytes('name = "本区"'.encode("gbk"))
    assert main(["check", str(form), "--profile", str(own)]) == 2
    assert "不是 UTF-8 编码" in capsys.readouterr().err
