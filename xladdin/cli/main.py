"""The command line: exit codes, and never a traceback. Each command has a file of its own."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from .. import __version__
from ..errors import XladdinError
from ..files import FOLDER_VARIABLE
from .console import OK, WRONG, tell
from .parser import Parser, templates

INTERRUPTED = 130
DESCRIPTION = "填报、读取、核对绩效目标申报表和绩效自评表，并由申报表生成自评表。"
COMMANDS = (  # each a module here with register and run
    "demo", "forms", "ledger", "fill", "evaluate", "read", "check", "reconcile", "summary", "rules", "addin",
)  # fmt: skip


def build_parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of these commands; only their modules are loaded."""
    parser = Parser(prog="xladdin", description=DESCRIPTION, epilog="每个命令都可加 --help 看详细用法。")
    parser.add_argument("--version", action="version", version=f"xladdin {__version__}", help="显示版本")
    templates(parser, None)
    commands = parser.add_subparsers(title="命令", dest="command", metavar="命令", required=True, parser_class=Parser)
    for name in names:
        import_module(f".{name}", __package__).register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Exit code 0: done; 1: done but for what was reported; 2: nothing could be done."""
    _speak_utf8()
    try:
        words = sys.argv[1:] if argv is None else argv
        named = [name for name in COMMANDS if name in words]
        arguments = build_parser(named or COMMANDS).parse_args(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    try:
        with _templates_in(arguments.templates), _templates_told():
            return arguments.run(arguments)
    except XladdinError as error:
        tell(error)
        return WRONG
    except KeyboardInterrupt:
        print("已中断；已写好的文件都是完整的，再运行一次会接着做。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception:  # noqa: BLE001
        from ..log import write_log

        path = write_log(traceback.format_exc())
        print(f"程序出了意外，没有做完。详情记在 {path}，请把它发给维护者。", file=sys.stderr)
        return WRONG


@contextlib.contextmanager
def _templates_in(folder: Path | None) -> Iterator[None]:
    """--templates, for this process and its workers, as the environment variable."""
    before = os.environ.get(FOLDER_VARIABLE)
    if folder is not None:
        os.environ[FOLDER_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if folder is not None:
            os.environ.pop(FOLDER_VARIABLE)
            os.environ.update({} if before is None else {FOLDER_VARIABLE: before})


@contextlib.contextmanager
def _templates_told() -> Iterator[None]:
    """Templates of the user that could not be used are told, whatever came of the rest."""
    try:
        yield
    finally:
        if catalogue := sys.modules.get("xladdin.form.catalogue"):
            with contextlib.suppress(XladdinError):  # no folder of templates: told already
                for error in catalogue.troubles():
                    tell(f"这个模板没有用上。{error}")


def _speak_utf8() -> None:
    """UTF-8 even where a Windows console, or a pipe from one, would take GBK."""
    for stream in (sys.stdout, sys.stderr):
        if (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8":
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
