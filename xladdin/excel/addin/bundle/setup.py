"""What 安装.cmd and 卸载.cmd run, with the bundle's own Python: everything for this user, without administrator rights.

Each version has a folder of its own, so that nothing running is ever replaced. Files are read and written, not copied
as Windows does: the mark that they came from the internet stays behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .... import __version__
from ....batch.journal import LAST
from ....errors import Place, SaveError, XladdinError
from ....log import state_folder, write_log
from .launchers import COMMAND, INSTALL, REST, SUMS, UNINSTALL, launcher

Run = Callable[[Sequence[str]], int]
_FLAGS = ("-E", "-P", "-X", "utf8")
_BLOCKED = "请重新解压整个压缩包；又少了的，多半是安全软件隔离的，请在安全软件里恢复并信任它"


def main(arguments: Sequence[str]) -> int:
    """install or uninstall, for the one who double-clicked: never a traceback."""
    bundle, home = Path(sys.executable).parents[1], state_folder()
    action = {"install": install, "uninstall": uninstall}[arguments[0]]
    try:
        return action(bundle, home, lambda command: subprocess.run(command).returncode)
    except XladdinError as error:
        print(error, file=sys.stderr)
    except Exception:  # noqa: BLE001
        path = write_log(traceback.format_exc())
        print(f"程序出了意外，没有做完。详情记在 {path}，请把它发给维护者。", file=sys.stderr)
    return 2


def install(bundle: Path, home: Path, run: Run) -> int:
    """Put the unpacked bundle beside what runs, install the add-in from there, remove older versions.

    home: the folder that holds the versions. run: starts a program; its exit code. Raises XladdinError.
    """
    name = f"app-{__version__}"
    app = home / name
    if bundle != app:
        print(f"正在安装绩效报表 {__version__}，放到 {app}，约一分钟…", flush=True)
        _place(bundle, app)
    with _written(home):
        for file in (COMMAND, UNINSTALL):
            (home / file).write_bytes(launcher(file, name))
    python = str(_python(app))
    run([python, *_FLAGS, "-m", "compileall", "-q", "-j", "0", str(app / "python" / "Lib")])  # buttons start faster
    code = run([python, *_FLAGS, "-m", "xladdin", "addin", "install"])
    if code:
        return code
    kept = [old.name for old in _versions(home) if old != app and not _gone(old)]
    if kept:
        print(f"旧版本还有程序在用，留着不影响：{'、'.join(kept)}。下次安装或卸载时再清。")
    print("下面是体检：", flush=True)
    run([python, *_FLAGS, "-m", "xladdin", "addin", "doctor"])
    print(f"\n装好了。解压出来的文件夹可以删去；要卸载，双击 {home / UNINSTALL}。")
    return 0


def uninstall(bundle: Path, home: Path, run: Run) -> int:
    """Remove the add-in and every version; REST where the one that runs this must be removed by its caller.

    Raises XladdinError.
    """
    versions = list(_versions(home))
    if busy := [app.name for app in versions if _in_use(app, app == bundle)]:
        raise SaveError(f"绩效报表还在用（{'、'.join(busy)}）", advice="请关闭它的窗口和 Excel 后再卸载")
    code = run([sys.executable, *_FLAGS, "-B", "-m", "xladdin", "addin", "uninstall"])
    if code:
        return code
    left = [app for app in versions if app != bundle and not _gone(app)]
    if left:
        raise SaveError("有的文件夹删不掉", Place(file="、".join(map(str, left))), "请重启电脑后再卸载一次")
    (home / LAST).unlink(missing_ok=True)
    if bundle in versions:
        print("按任意键后删去程序文件，卸载就完了。")
        return REST
    for file in (COMMAND, UNINSTALL):
        (home / file).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        home.rmdir()  # only an empty one goes: backups and logs stay
    print("卸载完了。")
    return 0


def _place(bundle: Path, app: Path) -> None:
    """Copy and check; whole under its name, or not at all. Raises XladdinError."""
    listed = _listed(bundle)
    if app.is_dir():
        if all(_digest(app / name) == digest for name, digest in listed.items()):
            return
        if not _gone(app):
            what = "这一版装过，有文件和安装包里的不同，又正在用，换不了"
            raise SaveError(what, Place(file=str(app)), "请关闭 Excel 和绩效报表的窗口后再安装")
    made = app.with_name(f"{app.name}.new")
    with _written(app):
        shutil.rmtree(made, ignore_errors=True)
        for name, digest in listed.items():
            data = _read(bundle / name)
            if hashlib.sha256(data).hexdigest() != digest:
                raise XladdinError("这个文件和安装包里的不一样", Place(file=str(bundle / name)), _BLOCKED)
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        made.rename(app)


def _listed(bundle: Path) -> dict[str, str]:
    """The digest of each file that is installed, and of the list itself."""
    data = _read(bundle / SUMS)
    rows = (line.split("  ", 1) for line in data.decode("utf-8").splitlines())
    files = {name: digest for digest, name in rows if name not in (INSTALL, UNINSTALL)}
    return files | {SUMS: hashlib.sha256(data).hexdigest()}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise XladdinError(
            f"解压出来的文件少了或读不了（{error.strerror}）", Place(file=str(path)), _BLOCKED
        ) from error


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _versions(home: Path) -> Iterator[Path]:
    return (path for path in sorted(home.glob("app-*")) if path.is_dir())


def _python(app: Path) -> Path:
    return app / "python" / "python.exe"


def _in_use(app: Path, own: bool = False) -> bool:
    """Whether a program of it runs: Windows lets nobody write into one that does. own: python.exe runs this."""
    programs = [_python(app).with_name("pythonw.exe"), *(() if own else (_python(app),))]
    for program in programs:
        try:
            os.close(os.open(program, os.O_RDWR))
        except PermissionError:
            return True
        except OSError:
            continue
    return False


def _gone(app: Path) -> bool:
    """Remove a version unless it is in use; whether it is gone."""
    if _in_use(app):
        return False
    away = app.with_name(f"{app.name}.removed")
    try:
        shutil.rmtree(away, ignore_errors=True)
        app.rename(away)
    except OSError:
        return False
    shutil.rmtree(away, ignore_errors=True)
    return True


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = "请检查磁盘空间；被拦截的，请在安全软件里信任它，或找管理员放行"
        raise SaveError(f"写不了这个位置（{error.strerror}）", Place(file=str(path)), advice) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
