"""argparse speaking Chinese, and the options that several commands take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

from ..profiles import names
from .console import WRONG

_MESSAGES = (
    (r"the following arguments are required: (.+)", r"缺少必填的参数：\1"),
    (r"one of the arguments (.+) is required", r"下列参数须给一个：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"ambiguous option: (.+) could match (.+)", r"参数 \1 不明确，可能是 \2"),
    (r"argument (.+?): expected one argument", r"参数 \1 后面要给一个值"),
    (r"argument (.+?): expected at least one argument", r"参数 \1 后面至少要给一个值"),
    (r"argument (.+?): ignored explicit argument (.+)", r"参数 \1 不带值，多了 \2"),
    (r"argument (.+?): not allowed with argument (.+)", r"参数 \1 不能和 \2 一起用"),
    (r"argument (.+?): (.+)", r"参数 \1：\2"),
)
_CHOICE = re.compile(r"argument (.+?): invalid choice: '?(.+?)'? \(choose from (.+)\)", re.DOTALL)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def _format_action(self, action):
        text = super()._format_action(action)
        return text.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else text


class Parser(argparse.ArgumentParser):
    """argparse speaking Chinese."""

    def __init__(self, **options):
        super().__init__(**options, add_help=False, formatter_class=_Formatter, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self._words: list[str] = []
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")

    def parse_known_args(self, args=None, namespace=None):
        """As argparse does it; what is not known is refused by the parser of the command it was given to."""
        self._words = list(args or ())
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str):
        """Say in Chinese what is wrong with the call, what may have been meant, and whose help to ask for."""
        whose = self.prog
        options = [word.partition("=")[0] for word in self._words if word.startswith("--") and word != "--"]
        strange = next((word for word in options if word not in self._option_string_actions), None)
        if choice := _CHOICE.fullmatch(message):
            what, given, offered = choice.groups()
            names = [name.strip(" '") for name in offered.split(",")]  # some Pythons quote them
            near = _near(given, names)
            is_command = what in ("命令", "做什么")
            message = f"没有“{given}”这个命令" if is_command else f"参数 {what} 不能是“{given}”"
            message += _meant(near) or f"，可用的有：{'、'.join(names)}"
            whose += f" {near}" if near and is_command else ""
        elif strange:  # told before what it left missing
            message = f"不认识的参数：{strange}{_meant(_near(strange, self._option_string_actions))}"
        else:
            message = _in_chinese(message)
        end = "" if message.endswith("？") else "。"
        self.exit(WRONG, f"{message}{end}运行 {whose} --help 看用法。\n")


def _in_chinese(message: str) -> str:
    for pattern, chinese in _MESSAGES:
        if re.fullmatch(pattern, message, re.DOTALL):
            said = re.sub(pattern, chinese, message, count=1, flags=re.DOTALL)
            return said.replace(", ", "、") if pattern is _MESSAGES[0][0] else said
    return message


def _near(given: str, choices: Iterable[str]) -> str:
    """The choice that may have been meant; "" where none is like it."""
    import difflib

    return next(iter(difflib.get_close_matches(given.lower(), list(choices), 1)), "")


def _meant(near: str) -> str:
    return f"，是不是“{near}”？" if near else ""


def worker_count(text: str) -> int:
    """How many processes: 1 to 60."""
    if not text.isdecimal() or not 1 <= int(text) <= 60:  # Windows waits for 61 at most
        raise argparse.ArgumentTypeError(f"“{text}”应是 1 到 60 的整数")
    return int(text)


def year(text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"(19|[2-9]\d)\d\d", text):
        raise argparse.ArgumentTypeError(f"“{text}”应是四位年份，如 2024")
    return int(text)


def templates(parser: argparse.ArgumentParser, default: object) -> None:
    """--templates: a folder of forms and rules of the user's own."""
    said = "自备模板的文件夹，与内置同名的以自备为准"
    parser.add_argument("--templates", metavar="文件夹", type=Path, default=default, help=said)


def command(commands, name: str, said: str, more: str = "") -> argparse.ArgumentParser:
    """The parser of one command."""
    parser = commands.add_parser(name, help=said, description=f"{said}。{more}")
    templates(parser, argparse.SUPPRESS)
    return parser


def json_option(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="以 JSON 输出，给别的程序用")


def force_option(parser: argparse.ArgumentParser) -> None:
    """--force."""
    parser.add_argument("--force", action="store_true", help="覆盖已有的文件")


def workers_option(parser: argparse.ArgumentParser) -> None:
    """--workers."""
    parser.add_argument("--workers", metavar="N", type=worker_count, default=1, help="同时用几个进程（默认 1）")


def batch_options(parser: argparse.ArgumentParser) -> None:
    """What a command that writes a folder of workbooks takes."""
    workers_option(parser)
    said = "没有写明金额单位的记录，金额按这个单位（台账里空着的默认按表上的单位）"
    parser.add_argument("--money-unit", metavar="元|万元", choices=("元", "万元"), help=said)
    parser.add_argument("--dry-run", action="store_true", help="只列出要做什么，不做")
    said = "连同已有的、有人改过的文件一起覆盖；原文件留在输出文件夹的“被替换的旧表”里"
    parser.add_argument("--force", action="store_true", help=said)
    json_option(parser)


def workbook_name(text: str) -> Path:
    """The name of an .xlsx."""
    if not text.lower().endswith(".xlsx"):
        raise argparse.ArgumentTypeError(f"“{text}”应以 .xlsx 结尾")
    return Path(text)


def forms_argument(parser: argparse.ArgumentParser) -> None:
    """The workbooks with forms to look at."""
    said = "申报表、自评表（工作簿、Word、PDF、网页或文本），或放着它们的文件夹"
    parser.add_argument("files", metavar="文件", nargs="+", type=Path, help=said)


def profile_option(parser: argparse.ArgumentParser, default: str) -> None:
    """--profile: which rules; `default` says what is taken without it."""
    said = f"用哪一套规则：{'、'.join(names())}，或自备的 .toml 文件（{default}）"
    parser.add_argument("--profile", metavar="规则", help=said)


def judging_options(parser: argparse.ArgumentParser) -> None:
    """What a command that judges forms takes."""
    profile_option(parser, "默认按表式")
    said = "另存一份报告（.xlsx 可填处理结果，再核对时保留；.html 可打印）"
    parser.add_argument("--report", metavar="报告", type=report_name, help=said)
    said = "报告文件名已被别的文件占用时，覆盖它；原文件留在“被替换的旧表”里"
    parser.add_argument("--force", action="store_true", help=said)
    workers_option(parser)
    json_option(parser)


def report_name(text: str) -> Path:
    """The name of an .xlsx or .html."""
    if not text.lower().endswith((".xlsx", ".html")):
        raise argparse.ArgumentTypeError(f"“{text}”应以 .xlsx 或 .html 结尾")
    return Path(text)
