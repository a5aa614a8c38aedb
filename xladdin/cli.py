"""The command line: parsing, exit codes, and never a traceback. The commands are in commands.py."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from . import __version__
from .console import OK, WRONG
from .errors import XladdinError

INTERRUPTED = 130
DESCRIPTION = "填报、读取、核对绩效目标申报表和绩效自评表，并由申报表生成自评表。"
_MESSAGES = (
    (r"the following arguments are required: (.+)", r"缺少必填的参数：\1"),
    (r"one of the arguments (.+) is required", r"下列参数须给一个：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"ambiguous option: (.+) could match (.+)", r"参数 \1 不明确，可能是 \2"),
    (r"argument 命令: invalid choice: '?(.+?)'? \(choose from (.+)\)", r"没有 \1 这个命令，可用：\2"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"参数 \1 没有 \2 这一项，可选：\3"),
    (r"argument (.+?): expected one argument", r"参数 \1 后面要给一个值"),
    (r"argument (.+?): expected at least one argument", r"参数 \1 后面至少要给一个值"),
    (r"argument (.+?): ignored explicit argument (.+)", r"参数 \1 不带值，多了 \2"),
    (r"argument (.+?): not allowed with argument (.+)", r"参数 \1 不能和 \2 一起用"),
    (r"argument (.+?): (.+)", r"参数 \1：\2"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """argparse speaking Chinese."""

    def __init__(self, **options):
        super().__init__(**options, add_help=False, formatter_class=_Formatter, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")

    def error(self, message: str):
        for pattern, chinese in _MESSAGES:
            if re.fullmatch(pattern, message, re.DOTALL):
                message = re.sub(pattern, chinese, message, count=1, flags=re.DOTALL)
                break
        self.exit(WRONG, f"{message}。运行 {self.prog} --help 看用法。\n")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 60:  # Windows waits for 61 at most
        raise argparse.ArgumentTypeError(f"“{text}”应是 1 到 60 的整数")
    return int(text)


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|[2-9]\d)\d\d", text):
        raise argparse.ArgumentTypeError(f"“{text}”应是四位年份，如 2024")
    return int(text)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(prog="xladdin", description=DESCRIPTION, epilog="每个命令都可加 --help 看详细用法。")
    parser.add_argument("--version", action="version", version=f"xladdin {__version__}", help="显示版本")
    _templates(parser, None)
    commands = parser.add_subparsers(title="命令", dest="command", metavar="命令", required=True, parser_class=_Parser)
    for register in (_demo, _forms, _ledger, _fill, _evaluate, _read, _check, _reconcile, _summary, _rules, _addin):
        register(commands)
    return parser


def _templates(parser: argparse.ArgumentParser, default: object) -> None:
    said = "自备模板的文件夹（也可设环境变量 XLADDIN_TEMPLATES），与内置同名的以自备为准"
    parser.add_argument("--templates", metavar="文件夹", type=Path, default=default, help=said)


def _command(commands, name: str, said: str, more: str = "") -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=said, description=f"{said}。{more}")
    _templates(parser, argparse.SUPPRESS)
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def _force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="覆盖已有的文件")


def _workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", metavar="N", type=_count, default=1, help="同时用几个进程（默认 1）")


def _batch(parser: argparse.ArgumentParser) -> None:
    _workers(parser)
    parser.add_argument("--dry-run", action="store_true", help="只列出要做什么，不做")
    said = "连同已有的、有人改过的文件一起覆盖；原文件留在输出文件夹的“被替换的旧表”里"
    parser.add_argument("--force", action="store_true", help=said)
    _json(parser)


def _demo(commands) -> None:
    more = "不用联网，也不用 Excel：写出示例台账，填好各表，由 2021 年申报表生成自评表，全部读回核对，"
    more += "再把 2021 年的申报表和自评表互相核对，写出报告。"
    parser = _command(commands, "demo", "用自带的示例走一遍主要流程", more)
    parser.add_argument(
        "--out", metavar="文件夹", type=Path, default=Path("xladdin-demo"), help="放在哪里（默认 ./xladdin-demo）"
    )


def _forms(commands) -> None:
    _json(_command(commands, "forms", "列出可用的表：名称、种类、年度、金额单位、模板文件"))


def _ledger(commands) -> None:
    parser = _command(commands, "ledger", "生成一份空白台账", "填好后用 xladdin fill 批量填表。")
    parser.add_argument("file", metavar="台账.xlsx", type=Path, help="要生成的文件")
    _force(parser)


def _fill(commands) -> None:
    parser = _command(
        commands,
        "fill",
        "把台账填成申报表和自评表",
        "每个项目一个工作簿；台账有错的项目不填，其余照填。再运行一次，只填新的和改过的；有人改过的文件不覆盖。",
    )
    parser.add_argument("ledger", metavar="台账", type=Path, help="台账（.xlsx），或记录列表（.json）")
    parser.add_argument("--out", metavar="文件夹", type=Path, required=True, help="填好的工作簿放在哪里")
    parser.add_argument("--form", metavar="表式", help="都填进这张表（只填同类的记录，申报或自评）")
    parser.add_argument("--year", metavar="年度", type=_year, help="只填这一年的")
    parser.add_argument("--project", metavar="项目", help="只填这个项目（全名；没有全名相同的，取名称含有它的）")
    parser.add_argument("--one-book", action="store_true", help="全部填进一个工作簿：汇总表加每个项目一张表")
    _batch(parser)


def _evaluate(commands) -> None:
    parser = _command(
        commands,
        "evaluate",
        "由申报表生成待填的自评表",
        "指标和指标值照抄，分值按规则分好，合计 100 分。再运行一次，只生成新的和改过的；有人填过的不覆盖。",
    )
    parser.add_argument("declarations", metavar="申报表", nargs="+", type=Path, help="申报表工作簿，或放着它们的文件夹")
    parser.add_argument("--out", metavar="文件夹", type=Path, required=True, help="自评表放在哪里")
    parser.add_argument("--form", metavar="表式", help="用哪张自评表（默认按申报表的年度选）")
    _batch(parser)


def _read(commands) -> None:
    parser = _command(commands, "read", "读取申报表、自评表，显示读懂了什么", "看不懂的单元格会逐个列出。")
    parser.add_argument("files", metavar="文件", nargs="+", type=Path, help="工作簿（.xlsx、.xlsm）")
    _json(parser)


def _check(commands) -> None:
    more = "每张表按自己的规则查：资金勾稽、必填、指标值、执行率、得分、合计、原因。有错误时退出码是 1。"
    parser = _command(commands, "check", "检查申报表、自评表", more)
    parser.add_argument(
        "files", metavar="文件", nargs="+", type=Path, help="工作簿（.xlsx、.xlsm），或放着它们的文件夹"
    )
    _judging(parser)


def _reconcile(commands) -> None:
    more = "逐项核对两张表，并检查自评表本身；两边都可以是文件夹，按项目名称、年度、实施单位配对。有错误时退出码是 1。"
    parser = _command(commands, "reconcile", "把申报表和自评表互相核对", more)
    parser.add_argument("declaration", metavar="申报表", type=Path, help="申报表工作簿，或放着它们的文件夹")
    parser.add_argument("evaluation", metavar="自评表", type=Path, help="自评表工作簿，或放着它们的文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只列出怎样配对，不核对")
    _judging(parser)


def _summary(commands) -> None:
    more = "申报表、自评表列成总表，带合计、图表和每个项目的问题数；给了几年的，同一个项目逐年对比。"
    parser = _command(commands, "summary", "把一年或几年的表汇总成一个工作簿", more)
    said = "工作簿（.xlsx、.xlsm），或放着它们的文件夹"
    parser.add_argument("files", metavar="文件", nargs="+", type=Path, help=said)
    parser.add_argument("--out", metavar="汇总.xlsx", type=_workbook, required=True, help="汇总存在哪里")
    said = "用哪一套规则核对和评等级（默认按表式）"
    parser.add_argument("--profile", metavar="规则", help=said)
    parser.add_argument("--force", action="store_true", help="覆盖已有的、有人改过的文件；原文件留一份")
    _workers(parser)


def _workbook(text: str) -> Path:
    if not text.lower().endswith(".xlsx"):
        raise argparse.ArgumentTypeError(f"“{text}”应以 .xlsx 结尾")
    return Path(text)


def _judging(parser: argparse.ArgumentParser) -> None:
    said = "用哪一套规则：上海、全国、全国成本、湖北、广西，或自备的 .toml 文件（默认按表式）"
    parser.add_argument("--profile", metavar="规则", help=said)
    said = "另存一份报告（.xlsx 可填处理结果，再核对时保留；.html 可打印）"
    parser.add_argument("--report", metavar="报告", type=_report, help=said)
    said = "报告文件名已被别的文件占用时，覆盖它；原文件留在“被替换的旧表”里"
    parser.add_argument("--force", action="store_true", help=said)
    _workers(parser)
    _json(parser)


def _report(text: str) -> Path:
    if not text.lower().endswith((".xlsx", ".html")):
        raise argparse.ArgumentTypeError(f"“{text}”应以 .xlsx 或 .html 结尾")
    return Path(text)


def _rules(commands) -> None:
    parser = _command(commands, "rules", "列出核对规则，或看一条规则的依据和例子")
    parser.add_argument("code", metavar="编号", nargs="?", help="规则编号，如 X-09")
    _json(parser)


def _addin(commands) -> None:
    parser = _command(commands, "addin", "安装、卸载、检查 Excel 加载项", "在 Windows 的 Excel 里加一栏“绩效报表”。")
    todo = {"title": "做什么", "dest": "action", "metavar": "做什么", "required": True}
    actions = parser.add_subparsers(**todo, parser_class=_Parser)
    said = "生成加载项文件"
    building = actions.add_parser("build", help=said, description=f"{said}，不用 Excel，各系统都行。")
    building.add_argument("file", metavar="xladdin.xlam", type=Path, help="要生成的文件")
    for name, said in (
        ("install", "为当前用户安装，不要管理员权限"),
        ("uninstall", "卸载，不留东西"),
        ("doctor", "体检：看 Excel、Python、加载项和安全设置，结果可以复制"),
    ):
        actions.add_parser(name, help=said, description=f"{said}。")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code of interface §3."""
    _speak_utf8()
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    try:
        return _run(arguments)
    except XladdinError as error:
        print(error, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("已中断；已写好的文件都是完整的，再运行一次会接着做。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception:  # noqa: BLE001
        from .log import write_log

        path = write_log(traceback.format_exc())
        print(f"程序出了意外，没有做完。详情记在 {path}，请把它发给维护者。", file=sys.stderr)
        return WRONG


def _run(arguments: argparse.Namespace) -> int:
    run = _command_of(arguments.command)
    if arguments.templates is None:
        return run(arguments)
    from .form.catalogue import set_folder

    set_folder(arguments.templates)
    try:
        return run(arguments)
    finally:
        set_folder(None)


def _command_of(name: str) -> Callable[[argparse.Namespace], int]:
    """Only the room of the command is loaded."""
    if name == "addin":
        return _run_addin
    for room in ("commands", "batch_commands", "review_commands"):
        if found := import_module(f".{room}", __package__).RUN.get(name):
            return found
    raise AssertionError(name)


def _run_addin(arguments: argparse.Namespace) -> int:
    from .excel import addin_commands

    if arguments.action == "build":
        return addin_commands.build(arguments.file)
    return getattr(addin_commands, arguments.action)()


def _speak_utf8() -> None:
    """UTF-8 even where a Windows console, or a pipe from one, would take GBK."""
    for stream in (sys.stdout, sys.stderr):
        if (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8":
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
