"""xladdin addin build|install|uninstall|doctor: what each prints, and its exit code."""

from __future__ import annotations

from pathlib import Path

from ..console import OK, PARTLY
from ..log import state_folder


def build(path: Path) -> int:
    """Write the add-in to `path`. Raises XladdinError."""
    from .addin import build as make

    print(f"已生成加载项 {make(path)}。一般不用自己生成：运行 xladdin addin install 即可安装。")
    return OK


def install() -> int:
    """Install for this user. Raises XladdinError."""
    from .install import install as put

    there = put()
    print(f"已安装到 {there.addin}。打开 Excel（已开着的请先关闭），功能区会多出“绩效报表”一栏。")
    print("没有出现时运行 xladdin addin doctor 看原因；不用了运行 xladdin addin uninstall。")
    return OK


def uninstall() -> int:
    """Remove the add-in. Raises XladdinError."""
    from .install import uninstall as remove

    removed = remove()
    print("\n".join(f"已删除 {path}" for path in removed) or "没有安装过，不用卸载。")
    folder = state_folder()
    if folder.is_dir():
        print(f"改动前的备份和日志还在 {folder}，确认不要了请自行删除。")
    return OK


def doctor() -> int:
    """Print the examination; PARTLY when something is wrong."""
    from .doctor import examine, report

    lines = examine()
    print(report(lines))
    return PARTLY if any(line.state == "bad" for line in lines) else OK
