"""The table of commands: every button of the ribbon, what it needs, what it runs. Everything else follows from it.

Adding a row adds the button, its entry in the VBA's list and its line in the tests, and so does adding a template of
a declaration. Pure data: imports nothing heavy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...errors import XladdinError
from ...files import shipped_folder
from ...workbook.properties import own_properties

Needs = Literal["nothing", "book", "editable"]
TAB = "绩效报表"
GROUPS = {
    "filling": "填报",
    "batch": "批量",
    "scoring": "计算",
    "checking": "核对",
    "year": "全年",
    "safety": "备份",
    "help": "帮助",
}


@dataclass(frozen=True, slots=True)
class Menu:
    """A button that opens a list of commands, those whose `menu` is its id."""

    id: str
    group: str
    label: str
    supertip: str
    icon: str
    size: str = "large"


@dataclass(frozen=True, slots=True)
class Command:
    """One button.

    id: ASCII, the only thing that crosses from Excel to Python. group: key of GROUPS. needs: what must be
    there before it can run: nothing, an open workbook, or one that may be changed. function: "module:name",
    imported when the button is pressed and called with the calling workbook and `arguments`.
    menu: id of the Menu it stands in. icon: an imageMso name.
    """

    id: str
    group: str
    label: str
    supertip: str
    icon: str
    needs: Needs
    function: str
    size: str = "normal"
    arguments: tuple[str, ...] = ()
    menu: str | None = None


_ACTIONS = "xladdin.excel.actions"


# The ids of the first forms, which add-ins installed then have; a form since has one made of its name, so that the ids
# of two forms never collide and that of one never changes, whichever forms come or go beside it.
_FIRST_IDS = {"2020目标表": "new_2020", "2021申报表": "new_2021", "2023申报表": "new_2023", "2024申报表": "new_2024"}


def new_commands(folder: Path) -> Iterator[Command]:
    """A command for each declaration there is a template of in a folder, newest first."""
    told = [own_properties(path) for path in folder.glob("*.xls[xm]")]
    forms = [(says.get("适用年度", ""), says.get("表式名称", "")) for says in told if says.get("表式类型") == "申报表"]
    for years, name in sorted(forms, reverse=True):
        year = re.match(r"\d{4}", years)
        if year and name:
            digest = hashlib.sha256(name.encode()).hexdigest()[:6]
            yield _new(_FIRST_IDS.get(name, f"new_{year[0]}_{digest}"), name)


def _new(command_id: str, name: str) -> Command:
    tip = f"新建一份空白的{name}并打开。不改动已打开的工作簿，不需要撤销。"
    function = f"{_ACTIONS}.filling:new_declaration"
    icon = "FileNewDefault"
    return Command(command_id, "filling", name, tip, icon, "nothing", function, arguments=(name,), menu="new")


MENUS = (
    Menu("new", "filling", "新建申报表", "选一张表式，新建空白的申报表并打开。不改动已打开的工作簿。", "FileNew"),
    Menu(
        "ledgers",
        "filling",
        "整理台账…",
        "几份台账合成一份，一份拆给各人，去年的表结转成下一年的申报。不改动打开着的工作簿，不需要撤销。",
        "OutlineSettings",
        size="normal",
    ),
    Menu(
        "export",
        "year",
        "导出…",
        "把一个文件夹里的表各存成 PDF 或合成一本，或把查出的问题存成网页。不改动原来的表，不需要撤销。",
        "FileSendAsAttachment",
        size="normal",
    ),
)
# In the order of the ribbon: the groups, and the year inside one. What is done with ledgers stands behind 打开台账.
COMMANDS = (
    *new_commands(shipped_folder()),
    Command(
        "new_other",
        "filling",
        "其他表式…",
        "从自备的模板文件夹里选一张申报表新建。不改动已打开的工作簿，不需要撤销。",
        "SheetInsert",
        "nothing",
        f"{_ACTIONS}.filling:new_from_own_template",
        menu="new",
    ),
    Command(
        "evaluation",
        "filling",
        "生成自评表",
        "读取当前申报表，另存一份待填的自评表并打开，指标照抄、分值分好。不改动申报表，不需要撤销。",
        "DataFormExcel",
        "book",
        f"{_ACTIONS}.filling:make_evaluation",
        size="large",
    ),
    Command(
        "ledger",
        "filling",
        "打开台账",
        "打开台账工作簿；还没有就新建一份空白的。不改动已打开的工作簿，不需要撤销。",
        "ViewNormalViewExcel",
        "nothing",
        f"{_ACTIONS}.filling:open_ledger",
    ),
    Command(
        "import",
        "filling",
        "导入…",
        "选往年的表（Word、PDF、Excel、网页、文本），收进台账并打开，拿不准的列在“待核”表里。不改动打开着的工作簿，不需要撤销。",
        "GetExternalDataFromText",
        "nothing",
        f"{_ACTIONS}.importing:import_chosen",
    ),
    Command(
        "merge",
        "filling",
        "合并台账",
        "把眼前的台账和选中的几份合成新的一份并打开：相同的行只留一行，空着的互相补，不一样的列出来。不改动原来的台账。",
        "MergeCellsAcross",
        "nothing",
        f"{_ACTIONS}.ledgers:merge_chosen",
        menu="ledgers",
    ),
    Command(
        "split",
        "filling",
        "拆分台账",
        "把当前台账按经办人、实施单位等拆成几份，存到旁边的“分发”文件夹，发给各人填。不改动台账。",
        "WindowSplit",
        "book",
        f"{_ACTIONS}.ledgers:split_this",
        menu="ledgers",
    ),
    Command(
        "next_year",
        "filling",
        "结转下一年",
        "选去年的申报表、自评表，收进台账并结转成下一年的申报，旁边列出上年实际完成值。不改动打开着的工作簿，不需要撤销。",
        "FillRight",
        "nothing",
        f"{_ACTIONS}.importing:carry_over",
        menu="ledgers",
    ),
    Command(
        "template",
        "filling",
        "做成模板",
        "把当前打开的空表（财政部门下发的申报表、自评表）做成模板，试填核对后存进模板文件夹并打开。不改动当前的空表。",
        "FileSaveAs",
        "book",
        f"{_ACTIONS}.templating:make_template",
    ),
    Command(
        "batch",
        "batch",
        "批量生成",
        "读取当前台账，每个项目填成一个工作簿，存到台账旁边的“结果”文件夹。有人填写或改过的文件不动，不改动台账。",
        "MacroPlay",
        "book",
        f"{_ACTIONS}.batch:fill_from_ledger",
        size="large",
    ),
    Command(
        "evaluate_many",
        "batch",
        "批量自评",
        "读取当前台账，或一个文件夹里的申报表，各生成一份待填的自评表，存到旁边的“自评”文件夹。"
        "有人填过的文件不动，不改动台账和申报表。",
        "FillDown",
        "book",
        f"{_ACTIONS}.batch:evaluate_many",
        size="large",
    ),
    Command(
        "resume",
        "batch",
        "继续上次",
        "接着做上次的批量生成：只做新的、改过的和没做成的。有人改过的文件不动，不改动台账。",
        "Refresh",
        "nothing",
        f"{_ACTIONS}.batch:resume",
    ),
    Command(
        "results",
        "batch",
        "结果文件夹",
        "打开批量生成的结果文件夹。不读取也不改动工作簿。",
        "FileOpen",
        "nothing",
        f"{_ACTIONS}.batch:open_results",
    ),
    Command(
        "rescore",
        "scoring",
        "重算得分",
        "读取当前自评表，改写执行率、得分和总分。Ctrl+Z 不能撤销；改前留有备份，可点“打开备份”。",
        "CalculateNow",
        "editable",
        f"{_ACTIONS}.scoring:rescore",
        size="large",
    ),
    Command(
        "reconcile",
        "checking",
        "核对两表",
        "逐项比对申报表和自评表：本工作簿里会加一张“核对结果”，两个工作簿的问题格会涂色、加批注，数字不改。"
        "Ctrl+Z 不能撤销，点“清除标记”还原；改前留有备份。",
        "WindowsArrangeAll",
        "book",
        f"{_ACTIONS}.checking:reconcile",
        size="large",
    ),
    Command(
        "reconcile_many",
        "checking",
        "批量核对",
        "按项目配对，核对两个文件夹里的申报表和自评表，写成一本核对结果和一张网页并打开。"
        "已填的处理结果保留，不改动原来的表，不需要撤销。",
        "ReviewHighlightChanges",
        "book",
        f"{_ACTIONS}.comparing:reconcile_folders",
    ),
    Command(
        "check",
        "checking",
        "检查本表",
        "按规则检查当前的表：本工作簿里会加一张“核对结果”，问题格会涂色、加批注，数字不改。"
        "Ctrl+Z 不能撤销，点“清除标记”还原；改前留有备份。",
        "DataValidation",
        "book",
        f"{_ACTIONS}.checking:check_this",
    ),
    Command(
        "next",
        "checking",
        "下一处",
        "跳到核对结果里下一处问题所在的单元格。不写入任何内容。",
        "ReviewNextComment",
        "book",
        f"{_ACTIONS}.checking:next_finding",
    ),
    Command(
        "clear_marks",
        "checking",
        "清除标记",
        "去掉核对时在打开的工作簿里涂的颜色和加的批注，还原原来的。不改动数字。"
        "Ctrl+Z 不能撤销；改前留有备份，可点“打开备份”。",
        "ClearFormats",
        "book",
        f"{_ACTIONS}.checking:clear_marks",
    ),
    Command(
        "summary",
        "year",
        "汇总",
        "把一个文件夹里的申报表、自评表汇总成一个新工作簿并打开：总表、图表、逐年对比。不改动原来的表，不需要撤销。",
        "Consolidate",
        "book",
        f"{_ACTIONS}.summary:summarise_folder",
        size="large",
    ),
    Command(
        "status",
        "year",
        "收表进度",
        "看谁交了、谁没交、还缺什么：读取两个文件夹和当前台账，写成一个新工作簿和一张网页并打开。"
        "不改动原来的表，不需要撤销。",
        "RefreshStatus",
        "book",
        f"{_ACTIONS}.status:show_status",
    ),
    Command(
        "export_pdf",
        "year",
        "各表存成 PDF",
        "把一个文件夹里的申报表、自评表由 Excel 各存成一份 PDF，放在旁边的新文件夹里。不改动原来的表。",
        "FileSaveAsPdfOrXps",
        "book",
        f"{_ACTIONS}.exporting:export_pdf",
        menu="export",
    ),
    Command(
        "print_all",
        "year",
        "打印成册",
        "把一个文件夹里的申报表、自评表合成一本 PDF，带封面、目录和页码，放在它旁边。不改动原来的表。",
        "FilePrint",
        "book",
        f"{_ACTIONS}.exporting:print_all",
        menu="export",
    ),
    Command(
        "export_page",
        "year",
        "问题存成网页",
        "把当前工作簿（连同一起核对的）再查一遍，问题存成可打印、可转发的网页并打开。不改动工作簿。",
        "HyperlinkOpenExcel",
        "book",
        f"{_ACTIONS}.exporting:export_page",
        menu="export",
    ),
    Command(
        "restore",
        "safety",
        "打开备份",
        "列出当前工作簿改动前的备份，打开选中的那一份。不覆盖当前文件，不需要撤销。",
        "Undo",
        "book",
        f"{_ACTIONS}.safety:restore",
    ),
    Command(
        "help",
        "help",
        "使用说明",
        "打开使用说明。不读取也不改动工作簿。",
        "Help",
        "nothing",
        f"{_ACTIONS}.safety:show_help",
    ),
    Command(
        "doctor",
        "help",
        "体检",
        "检查 Excel、加载项、Python 和安全设置，结果可以复制。不读取也不改动工作簿。",
        "FileDocumentInspect",
        "nothing",
        f"{_ACTIONS}.safety:show_doctor",
    ),
    Command(
        "selftest",
        "help",
        "全面自检",
        "在临时的工作簿里逐项试 Excel 和加载项合不合得来，结果可以发给维护者。不改动打开的工作簿。",
        "TraceError",
        "nothing",
        f"{_ACTIONS}.selftest:try_everything",
    ),
    Command(
        "rules",
        "help",
        "规则…",
        "看现在按哪个地方的规则检查和计分，或换一个；记住您的选择。不读取也不改动工作簿，随时可以再换。",
        "FunctionWizard",
        "nothing",
        f"{_ACTIONS}.rules:choose",
    ),
)

# What the add-in says before Python is reached; the VBA holds them as code points.
TEXTS = {
    "title": "绩效报表",
    "working": "绩效报表：正在处理，请稍候…",
    "busy": "上一个操作还没有做完，请等它结束后再点。",
    "unknown": "这个按钮和加载项的版本不一致，没有做任何事。请关闭 Excel，运行 xladdin addin install 重新安装。",
    "editing": "正在编辑单元格，没有做任何事。请先按 Enter 结束编辑，再点一次。",
    "protected_view": "这个工作簿在受保护的视图里，没有做任何事。请先点上方的“启用编辑”，再点一次。",
    "no_book": "没有打开的工作簿，没有做任何事。请先打开要处理的表，再点一次。",
    "config_sheet": "这个工作簿里有冒充加载项设置的工作表（xladdin.conf 或 xlwings.conf），没有做任何事。"
    "来历不明的请勿使用；确认无误的，请删去这张工作表后再点一次。",
    "read_only": "这个工作簿是只读的，改了存不回去，没有做任何事。请另存一份，在新的一份上再点一次。",
    "sheet_protected": "这张工作表受保护，不能改写，没有做任何事。请先撤销工作表保护，再点一次。",
    "not_installed": "找不到运行用的 Python，没有做任何事。请关闭 Excel，运行 xladdin addin install 重新安装。",
    "not_started": "程序没有正常结束。请运行 xladdin addin doctor 看原因，并把这份日志发给维护者：",
    "not_run": "Python 没有运行起来，没有做任何事。请关闭 Excel，运行 xladdin addin install 重新安装；"
    "还是不行的，运行 xladdin addin doctor 看原因。",
    "failed": "没有做完：Excel 不让加载项启动程序，可能被安全软件拦住。请改用开始菜单里的“绩效报表”，或联系维护者。",
}


_BY_ID = {command.id: command for command in COMMANDS}
_MENUS = {menu.id: menu for menu in MENUS}


def controls(group: str) -> list[Menu | Command]:
    """What stands in a group, in order: its buttons, and a menu where the first of its commands would be."""
    rows = (_MENUS[row.menu] if row.menu else row for row in COMMANDS if row.group == group)
    return list(dict.fromkeys(rows))


def find(command_id: str) -> Command:
    """The command of that id. Raises XladdinError where add-in and package are of different versions."""
    if command_id in _BY_ID:
        return _BY_ID[command_id]
    raise XladdinError(
        f"没有名为“{command_id}”的按钮功能，加载项和程序的版本不一致",
        advice="请关闭 Excel，运行 xladdin addin install 重新安装",
    )
