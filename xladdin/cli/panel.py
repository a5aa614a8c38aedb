"""xladdin panel: the ribbon's commands in a window beside Excel."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import XladdinError
from .console import OK
from .parser import command


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    said = "功能区里的按钮放在单独的窗口里，从外面连接打开着的 Excel；Excel 不许启动程序、宏被禁用时用它。"
    parser = command(commands, "panel", "在 Excel 外面开一个按钮窗口", f"{said}也能连接 WPS 表格（试用）。")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the panel until it is closed. Raises XladdinError where it cannot be shown."""
    try:
        _show()
    except XladdinError as error:
        if not _in_a_box(str(error)):
            raise
    return OK


def _show() -> None:
    try:
        import tkinter as tk
    except ImportError:
        advice = "请换用带 tkinter 的 Python（python.org 的安装包里有），或用命令行 xladdin"
        raise XladdinError("这个 Python 里没有 tkinter，开不了窗口", advice=advice) from None
    from ..excel.panel.hosts import need_engine
    from ..excel.panel.window import show

    need_engine()
    try:
        show()
    except tk.TclError as error:
        raise XladdinError(f"开不了窗口（{error}）", advice="请在有桌面的电脑上运行") from None


def _in_a_box(text: str) -> bool:
    """Whether it could be told in a box: pythonw.exe, which the Start menu starts, has no console."""
    if sys.platform != "win32" or Path(sys.executable).name.lower() != "pythonw.exe":
        return False
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, "绩效报表", 0x40)  # MB_ICONINFORMATION
    return True
