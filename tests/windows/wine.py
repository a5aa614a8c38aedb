"""A Windows of Wine's for one run of the tests, and what starts programs in it as Windows does."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path, PureWindowsPath

PYTHON = "XLADDIN_WINE_PYTHON"  # names a Windows Python: a folder or a package
BROKEN_OFF = "broken off: it took too long"


class Wine:
    """One prefix. Paths given and taken are of this side unless they are called windows."""

    def __init__(self, prefix: Path):
        self.drive = prefix / "drive_c"
        ours = {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "PYTHONPATH")}
        self.environ = ours | {
            "WINEPREFIX": str(prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # Nothing is to be fetched; and without propsys, of which Wine has half, Python does without its _wmi.
            "WINEDLLOVERRIDES": "mscoree,mshtml,propsys=",
            "LC_ALL": "zh_CN.UTF-8",  # code page 936, where the system has this locale
        }
        quiet = subprocess.DEVNULL
        for command in (["wineboot", "-i"], ["wine", "winecfg", "-v", "win10"]):
            subprocess.run(command, env=self.environ, stdin=quiet, stdout=quiet, stderr=quiet, timeout=180)
        # Wine's services run as long as any program: started beside this one, they hold on to no other's output.
        held = ["wine", "cmd", "/k"]
        self.held = subprocess.Popen(held, env=self.environ, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
        self.user = next(path for path in (self.drive / "users").iterdir() if path.name != "Public")
        self.local = self.user / "AppData" / "Local" / "xladdin"
        self.startup = self.user / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"

    def run(self, *command: str | Path, timeout: int = 300, cwd: Path | None = None) -> tuple[int, str]:
        """A Windows program to its end: its exit code, and what it said (what cmd.exe says apart, UTF-8)."""
        process = self.started(*command, cwd=cwd)
        process.stdin.close()
        said: list[bytes] = []
        # A service of Wine's that the program was the first to need keeps its output open: the end is the program's.
        reader = threading.Thread(target=lambda: said.extend(iter(lambda: process.stdout.read1(), b"")), daemon=True)
        reader.start()
        end = ""
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.close()
            process.wait()
            end = "\n" + BROKEN_OFF
        reader.join(5)
        return process.returncode, b"".join(said).decode("utf-8", "replace").replace("\r\n", "\n") + end

    def started(self, *command: str | Path, cwd: Path | None = None) -> subprocess.Popen:
        """A Windows program. Its streams are pipes: under Wine, Python starts with no others."""
        words = ["wine", *map(str, command)]
        pipe = subprocess.PIPE
        return subprocess.Popen(words, env=self.environ, cwd=cwd, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)

    def ended(self, process: subprocess.Popen) -> None:
        """Wait for a program that was started and stops when its input does, or was killed."""
        process.stdin.close()
        process.wait(60)

    def line(self, python: Path, line: str, folder: str = "C:\\") -> tuple[int, str]:
        """A whole command line, as one program gives it to Windows to start another in a folder."""
        code = "import subprocess as s, sys; sys.exit(s.run(sys.argv[1], cwd=sys.argv[2], stdin=s.DEVNULL).returncode)"
        return self.run(python, "-B", "-X", "utf8", "-c", code, line, folder)

    def double_click(self, python: Path, file: Path) -> tuple[int, str]:
        """What Windows starts for a .cmd file that is double-clicked; `python` is whatever Python starts it."""
        return self.line(python, f'cmd /c ""{self.windows(file)}" "')

    def windows(self, path: Path) -> str:
        """The path as programs there know it."""
        return str(PureWindowsPath("C:\\", *path.relative_to(self.drive).parts))

    def close(self) -> None:
        """End what is left of this prefix."""
        subprocess.run(["wineserver", "-k"], env=self.environ, capture_output=True, timeout=60)


def missing() -> str:
    """Why nothing can be run; "" where it can."""
    if shutil.which("wine") is None or shutil.which("wineserver") is None:
        return "Wine is not installed"
    if not os.environ.get(PYTHON):
        return f"{PYTHON} names no Windows Python (tests/README.md)"
    return ""
