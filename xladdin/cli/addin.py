"""xladdin addin build|bundle|install|uninstall|doctor: what each prints, and its exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..log import state_folder
from .console import OK, PARTLY
from .parser import Parser, command

OF_BUNDLE = "app-*"  # what the offline installer has beside the backups


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command with its actions."""
    parser = command(commands, "addin", "安装、卸载、检查 Excel 加载项", "在 Windows 的 Excel 里加一栏“绩效报表”。")
    actions = parser.add_subparsers(title="做什么", dest="action", metavar="做什么", required=True, parser_class=Parser)
    said = "生成加载项文件"
    building = actions.add_parser("build", help=said, description=f"{said}，不用 Excel，各系统都行。")
    building.add_argument("file", metavar="xladdin.xlam", type=Path, help="要生成的文件")
    said = "生成离线安装包：Python、所需的库和加载项在一个压缩包里，不能上网的 Windows 解压即可安装"
    bundling = actions.add_parser("bundle", help=said, description=f"{said}。各系统都可以生成。")
    bundling.add_argument("file", metavar="绩效报表.zip", type=Path, help="要生成的文件")
    said = "官方的 Windows 版 Python（64 位）：含 python.exe 的文件夹，或压缩包"
    bundling.add_argument("--python", metavar="文件夹或包", type=Path, required=True, help=said)
    said = "已按锁定文件下载好的库（.whl）所在的文件夹；不给则由 pip 下载"
    bundling.add_argument("--wheels", metavar="文件夹", type=Path, help=said)
    for name, said in (
        ("install", "为当前用户安装，不要管理员权限"),
        ("uninstall", "卸载；改动前的备份和选好的设置留着，会说在哪里"),
        ("doctor", "体检：看 Excel、Python、加载项和安全设置，结果可以复制"),
    ):
        action = actions.add_parser(name, help=said, description=f"{said}。")
    action.add_argument("--clip", action="store_true", help="同时放进剪贴板，可以直接粘贴（仅 Windows）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    if arguments.action == "build":
        return build(arguments.file)
    if arguments.action == "bundle":
        return bundle(arguments.file, arguments.python, arguments.wheels)
    if arguments.action == "doctor":
        return doctor(arguments.clip)
    return {"install": install, "uninstall": uninstall}[arguments.action]()


def build(path: Path) -> int:
    """Write the add-in to `path`. Raises XladdinError."""
    from ..excel.addin.package import build as make

    print(f"已生成加载项 {make(path)}。一般不用自己生成：运行 xladdin addin install 即可安装。")
    return OK


def bundle(path: Path, python: Path, wheels: Path | None) -> int:
    """Write the offline installer to `path`. Raises XladdinError."""
    from ..excel.addin.bundle.build import build as make

    made = make(path, python, wheels)
    sizes = f"{made.size / 1e6:.1f} MB，解压后 {made.unpacked / 1e6:.0f} MB"
    print(f"已生成离线安装包 {made.path}（Python {made.python}，{sizes}）。")
    print("把它拷到要安装的电脑上，全部解压缩，双击“安装.cmd”；里面的“说明.html”写着怎么装、怎么卸、管理员要知道的事。")
    return OK


def install() -> int:
    """Install for this user. Raises XladdinError."""
    from ..excel.addin.install import install as put

    there = put()
    print(f"已安装到 {there.addin}。打开 Excel（已开着的请先关闭），功能区会多出“绩效报表”一栏。")
    if there.entry and there.entry.is_file():
        print("开始菜单里多了“绩效报表”：Excel 不许启动程序时，从那里开按钮窗口（也可运行 xladdin panel）。")
    else:
        print("开始菜单里没有放成入口；Excel 不许启动程序时，请运行 xladdin panel 开按钮窗口。")
    print("没有出现时运行 xladdin addin doctor 看原因；不用了运行 xladdin addin uninstall。")
    return OK


def uninstall() -> int:
    """Remove the add-in. Raises XladdinError."""
    from ..excel.addin.install import uninstall as remove

    removed = remove()
    print("\n".join(f"已删除 {path}" for path in removed) or "没有安装过，不用卸载。")
    folder = state_folder()
    if folder.is_dir() and any(not item.match(OF_BUNDLE) and item.suffix != ".cmd" for item in folder.iterdir()):
        print(f"填好的表都没有动。改动前的备份、选好的设置和出错的记录还在 {folder}，确认不要了请自行删除。")
    return OK


def doctor(clip: bool = False) -> int:
    """Print the examination, and put it on the clipboard too; PARTLY when something is wrong.

    `doctor | clip` would not do: the pipe carries UTF-8, which clip.exe takes for the code page.
    """
    from ..excel.addin.doctor import examine, report
    from ..excel.addin.machine import Machine

    lines = examine()
    print(report(lines))
    if clip:
        copied = Machine().copy(report(lines))
        print("已放进剪贴板，可以直接粘贴。" if copied else "没有放进剪贴板：这里不是 Windows，或别的程序正占着它。")
    return PARTLY if any(line.state == "bad" for line in lines) else OK
