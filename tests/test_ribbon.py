"""The ribbon: one table of commands, and the XML and the VBA that follow from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from xladdin import forms
from xladdin.errors import XladdinError
from xladdin.excel.addin import commands, ribbon
from xladdin.excel.addin.commands import COMMANDS, GROUPS, MENUS, TEXTS
from xladdin.files import shipped_folder

ROWS = (*MENUS, *COMMANDS)
SHOWN = {"id", "label", "screentip", "supertip", "imageMso"}
# Elements, where they may stand and the attributes we use of those the schema gives them.
SCHEMA = {
    "customUI": (None, {"onLoad"}),
    "ribbon": ("customUI", set()),
    "tabs": ("ribbon", set()),
    "tab": ("tabs", {"id", "label", "keytip"}),
    "group": ("tab", {"id", "label"}),
    "menu": ("group", {*SHOWN, "size"}),
    "button": ("group", {*SHOWN, "size", "onAction", "getEnabled"}),
}
# A name Excel has no picture of shows as an empty square; the file says where they are from.
ICONS = set(
    re.findall(r"(?m)^\w+$", (Path(__file__).parent / "excel_icons.txt").read_text(encoding="utf-8")),
)


def root() -> etree._Element:
    return etree.fromstring(ribbon.ribbon_xml().encode())


def macro(name: str) -> str:
    return (ribbon.macros_folder() / name).read_text(encoding="utf-8")


def test_ids_are_ascii_and_stand_once():
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", item) for item in ids)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_words_fit_the_ribbon(row):
    assert 0 < len(re.findall(r"[一-鿿]", row.label)) <= 6
    assert getattr(row, "menu", None) or len(row.label) <= 6
    assert 10 <= len(row.supertip) <= 100
    assert row.group in GROUPS
    assert row.icon in ICONS
    assert row.size in ("large", "normal")


def test_each_command_has_an_icon_of_its_own():
    """The forms to begin with are one command."""
    icons = Counter(row.icon for row in ROWS if not getattr(row, "arguments", ()))
    icons.update({command.icon for command in COMMANDS if command.arguments})
    assert [icon for icon, count in icons.items() if count > 1] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_supertip_says_what_becomes_of_the_workbooks(command):
    assert re.search(r"不改动|不读取|不写入|不覆盖|文件不动|不能撤销", command.supertip)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_says_what_it_needs_and_who_does_it(command):
    assert command.needs in ("nothing", "book", "editable")
    assert re.fullmatch(r"xladdin\.excel\.actions\.\w+:[a-z]\w*", command.function)
    assert command.menu in {None, *(menu.id for menu in MENUS)}
    assert commands.find(command.id) is command
    if command.needs == "editable":
        assert "打开备份" in command.supertip, "what it changes can be had back, and it says so"


SAYS = [  # the command, what the clerk has to know before pressing it
    ("check", ["会加一张“核对结果”", "涂色", "批注", "数字不改", "Ctrl+Z 不能撤销", "清除标记", "备份"]),
    (
        "reconcile",
        ["会加一张“核对结果”", "两个工作簿", "涂色", "批注", "数字不改", "Ctrl+Z 不能撤销", "清除标记", "备份"],
    ),
    ("clear_marks", ["颜色", "批注", "不改动数字", "Ctrl+Z 不能撤销", "打开备份"]),
    ("rescore", ["改写执行率、得分和总分", "Ctrl+Z 不能撤销", "打开备份"]),
]


@pytest.mark.parametrize(("command_id", "words"), SAYS, ids=[row[0] for row in SAYS])
def test_what_changes_a_workbook_says_so_and_how_to_undo_it(command_id, words):
    assert [word for word in words if word not in commands.find(command_id).supertip] == []


def test_marks_may_come_off_wherever_they_may_go_on():
    """A read-only workbook, a protected sheet in front: Python says which marks it cannot take off."""
    assert {commands.find(item).needs for item in ("check", "reconcile", "clear_marks")} == {"book"}


def test_an_id_of_another_version_is_explained():
    with pytest.raises(XladdinError, match="版本不一致"):
        commands.find("no_such")


def test_the_menu_offers_every_declaration_form_there_is():
    shipped = {form.name for form in forms() if form.kind == "declaration"}
    offered = [command.arguments[0] for command in COMMANDS if command.menu == "new" and command.arguments]
    assert sorted(offered) == sorted(shipped)
    assert offered == sorted(offered, reverse=True), "newest first"


def test_a_new_form_is_one_template_and_no_id_of_another_changes(tmp_path):
    for path in shipped_folder().glob("*.xlsx"):
        shutil.copy(path, tmp_path)
    before = {command.arguments[0]: command.id for command in commands.new_commands(tmp_path)}
    assert before == {
        "2020目标表": "new_2020",
        "2021申报表": "new_2021",
        "2023申报表": "new_2023",
        "2024申报表": "new_2024",
    }
    for name, years in (("2024目标表", "2024"), ("2027申报表", "2027-2028")):
        book = openpyxl.load_workbook(shipped_folder() / "2024申报表.xlsx")
        properties = {item.name: item for item in book.custom_doc_props.props}
        properties["表式名称"].value, properties["适用年度"].value = name, years
        book.save(tmp_path / f"{name}.xlsx")
    after = [(command.arguments[0], command.id) for command in commands.new_commands(tmp_path)]
    assert [name for name, _ in after][::5] == ["2027申报表", "2020目标表"]
    assert before.items() <= dict(after).items()
    assert len({item for _, item in after}) == 6
    assert all(re.fullmatch(r"new_\d{4}(_[0-9a-f]{6})?", item) for _, item in after)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", None], ids=["empty", "cut", "no properties"])
def test_a_damaged_template_costs_only_its_button(data, tmp_path):
    shutil.copy(shipped_folder() / "2024申报表.xlsx", tmp_path)
    if data is None:
        openpyxl.Workbook().save(tmp_path / "坏.xlsx")
    else:
        (tmp_path / "坏.xlsx").write_bytes(data)
    assert [command.id for command in commands.new_commands(tmp_path)] == ["new_2024"]


@pytest.mark.parametrize("year", [2020, 2021, 2023, 2024])
def test_the_buttons_of_installed_addins_are_answered(year):
    assert commands.find(f"new_{year}").arguments[0].startswith(str(year))


def test_the_table_imports_nothing_heavy():
    code = "import sys, xladdin.excel.addin.commands; print({'xlwings', 'lxml', 'jinja2', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_xml_keeps_to_the_schema():
    seen = set()
    for node in root().iter():
        kind = etree.QName(node)
        parent = node.getparent()
        inside = None if parent is None else etree.QName(parent).localname
        assert kind.namespace == ribbon.NAMESPACE
        above, attributes = SCHEMA[kind.localname]
        if kind.localname == "button" and inside == "menu":
            attributes = attributes - {"size"}
            above = "menu"
        assert inside == above
        assert set(node.keys()) == attributes, node.attrib
        if node.get("id"):
            assert node.get("id") not in seen
            seen.add(node.get("id"))
        assert node.get("screentip") in (None, node.get("label"))


def test_every_command_has_its_button_and_every_button_its_command():
    tree = root()
    assert [node.get("id") for node in tree.iter("{*}button")] == [command.id for command in COMMANDS]
    assert [node.get("id") for node in tree.iter("{*}menu")] == [menu.id for menu in MENUS]
    groups = {node.get("label"): [child.get("label") for child in node] for node in tree.iter("{*}group")}
    assert groups == {
        "填报": ["新建申报表", "生成自评表", "打开台账", "导入…", "整理台账…", "做成模板"],
        "批量": ["批量生成", "批量自评", "继续上次", "结果文件夹"],
        "计算": ["重算得分"],
        "核对": ["核对两表", "批量核对", "检查本表", "下一处", "清除标记"],
        "全年": ["汇总", "收表进度", "导出…"],
        "备份": ["打开备份"],
        "帮助": ["使用说明", "体检", "全面自检", "规则…"],
    }
    assert tree.find(".//{*}tab").get("label") == "绩效报表"
    large = [node.get("label") for node in tree.iter() if node.get("size") == "large"]
    assert large == ["新建申报表", "生成自评表", "批量生成", "批量自评", "重算得分", "核对两表", "汇总"]


SIGNATURES = {
    "onLoad": r"\w+ As IRibbonUI",
    "onAction": r"control As IRibbonControl",
    "getEnabled": r"control As IRibbonControl, ByRef returnedVal",
}


def test_every_callback_is_in_the_vba():
    called = {(key, value) for node in root().iter() for key, value in node.items() if key in SIGNATURES}
    assert {key for key, _ in called} == set(SIGNATURES)
    for key, value in called:
        module, _, name = value.partition(".")
        source = macro(f"{module}.bas")
        assert f'Attribute VB_Name = "{module}"' in source
        assert re.search(rf"(?m)^Public Sub {name}\({SIGNATURES[key]}\)$", source), f"{key}: {value}"


def test_the_vba_knows_the_same_ids_and_needs():
    known = re.findall(r'Case "(\w+)": NeedsOf = "(\w+)"', ribbon.table_module())
    assert known == [(command.id, command.needs) for command in COMMANDS]


def test_every_message_the_vba_names_is_in_the_table():
    sources = "".join(macro(path.name) for path in ribbon.macros_folder().glob("*.bas"))
    named = set(re.findall(r'TextOf\("(\w+)"\)', sources))
    named |= set(re.findall(r'(?:Refusal|why) = "(\w+)"', sources))
    assert named == set(TEXTS)
    assert all("。" in text or key in ("title", "working") for key, text in TEXTS.items())


SOURCES = {path.name: macro(path.name) for path in sorted(ribbon.macros_folder().glob("*.[bc][al]s"))}


@pytest.mark.parametrize("source", [*SOURCES.values(), ribbon.table_module()], ids=[*SOURCES, ribbon.TABLE])
def test_vba_sources_are_ascii_and_explicit(source):
    assert source.isascii(), "Chinese in VBA turns into question marks"
    assert "\nOption Explicit\n" in "\n" + source
    assert max(map(len, source.splitlines())) < 1000, "VBA cuts longer lines"


def test_only_an_id_of_the_table_crosses_to_python():
    sources = {path.name: macro(path.name) for path in ribbon.macros_folder().glob("*.bas")}
    calls = [line.strip() for source in sources.values() for line in source.splitlines() if "RunPython " in line]
    assert calls == ["""RunPython "from xladdin.excel import bridge; bridge.run('" & id & "')\""""]
    body = sources["XladdinRibbon.bas"]
    assert body.index("why = Refusal(id)") < body.index("RunCommand id") < body.index("RunPython ")
