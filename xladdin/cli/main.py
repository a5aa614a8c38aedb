"""The command line: exit codes, and never a traceback. Each command has a file of its own."""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module

from .. import __version__
from ..errors import XladdinError
from ..files import templates_in
from .console import OK, WRONG, Plain, tell
from .parser import Parser, templates

INTERRUPTED = 130
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # what a print meets where stdout is a file
DESCRIPTION = "填报、读取、核对绩效目标申报表和绩效自评表，并由申报表生成自评表。"
COMMANDS = (  # each a module here with register and run
    "demo", "forms", "ledger", "import", "template", "fill", "evaluate", "read", "check", "reconcile", "status",
    "summary", "print", "rules", "addin", "panel",
)  # fmt: skip
_MODULES = {"import": "intake"}  # `import` is a word of Python's


def build_parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of these commands; only their modules are loaded."""
    parser = Parser(prog="xladdin", description=DESCRIPTION, epilog="每个命令都可加 --help 看详细用法。")
    parser.add_argument("--version", action="version", version=f"xladdin {__version__}", help="显示版本")
    templates(parser, None)
    commands = parser.add_subparsers(title="命令", dest="command", metavar="命令", required=True, parser_class=Parser)
    for name in names:
        import_module(f".{_MODULES.get(name, name)}", __package__).register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line. Exit code 0: done; 1: done but for what was reported; 2: nothing could be done."""
    if _speechless():
        return WRONG
    try:
        words = list(sys.argv[1:] if argv is None else argv) or ["--help"]
        if words[0] == "help":
            words = [*words[1:2], "--help"]
        known = words[0] in COMMANDS or words[0].startswith("-")  # else all are needed, to say what may have been meant
        named = [name for name in COMMANDS if name in words and known]
        arguments = build_parser(named or COMMANDS).parse_args(words)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    try:
        plain = contextlib.redirect_stdout(Plain(sys.stdout))
        with plain, templates_in(arguments.templates), _templates_told():
            code = arguments.run(arguments)
            sys.stdout.flush()
            return code
    except XladdinError as error:
        tell(error)
        return WRONG
    except KeyboardInterrupt:
        print("已中断；已写好的文件都是完整的，再运行一次会接着做。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as head, has gone
        _mute()
        return OK
    except OSError as error:
        if error.errno not in _FULL or error.filename:
            return _crashed()
        _mute()
        tell(f"结果没能全部写出来（{error.strerror}）。请腾出空间再运行一次；已写好的文件都是完整的")
        return WRONG
    except Exception:  # noqa: BLE001
        return _crashed()


def _crashed() -> int:
    from ..log import write_log

    path = write_log(traceback.format_exc())
    print(f"程序出了意外，没有做完。详情记在 {path}，请把它发给维护者。", file=sys.stderr)
    return WRONG


def _mute() -> None:
    """What stdout still holds goes nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def _speechless() -> bool:
    """Make stdout and stderr ready; whether this system takes no Chinese file names at all, which is told."""
    for number in range(3):  # a closed one would be given to the next file that is opened, and be written into
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    _speak_utf8()
    if (encoding := sys.getfilesystemencoding()) == "utf-8":
        return False
    tell(f"系统的文件名编码是 {encoding}，读写不了中文名的文件。请在命令前面加上 PYTHONUTF8=1 再运行")
    return True


def _speak_utf8() -> None:
    """UTF-8 even where a Windows console, or a pipe from one, would take GBK."""
    for stream in (sys.stdout, sys.stderr):
        odd = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
        if odd and isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
