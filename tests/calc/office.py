"""One private soffice process: its own profile, its own pipe, and an end that leaves nothing behind."""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

from .bridge import to_url, uno

_PLACES = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice*/program")
_SETTINGS = (
    ("/org.openoffice.Office.Common/Misc", "UseLocking", "false"),  # a stale lock makes a load return nothing
    ("/org.openoffice.Office.Common/Misc", "UseDocumentOOoLockFile", "false"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", "false"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "0"),
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # recalculate whatever is opened
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
)
_START_LIMIT, _STOP_LIMIT = 60.0, 15.0
_RESTART = 81  # how a fresh profile asks to be started once more
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl


def find_program() -> Path:
    """soffice.bin itself: its process id is then the one to wait for."""
    launcher = shutil.which("soffice") or shutil.which("libreoffice")
    folders = [Path(os.path.realpath(launcher)).parent] if launcher else []
    folders += [Path(folder) for place in _PLACES for folder in sorted(glob.glob(place))]
    for folder in folders:
        if (folder / "soffice.bin").exists():
            return folder / "soffice.bin"
    raise FileNotFoundError("LibreOffice's soffice.bin was not found")


class Office:
    """A running soffice. `desktop` is its UNO desktop; `stop` ends it and removes its profile."""

    def __init__(self, display: str | None = None):
        """Headless, or with windows on the given X display."""
        self.profile = Path(tempfile.mkdtemp(prefix="xladdin-calc-"))
        self._pipe = "xladdin" + uuid.uuid4().hex
        self._display = display
        _write_settings(self.profile)
        self._process = self._launch()
        try:
            self.context = self._connect()
        except BaseException:
            self.kill()
            raise
        self.services = self.context.ServiceManager
        self.desktop = self.create("com.sun.star.frame.Desktop")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def create(self, service: str, *arguments):
        """A UNO service of this office."""
        if arguments:
            return self.services.createInstanceWithArgumentsAndContext(service, arguments, self.context)
        return self.services.createInstanceWithContext(service, self.context)

    def stop(self) -> None:
        """Asks it to end; only if it does not, this one process is killed."""
        with suppress(Exception):  # the bridge is taken down while the call returns
            self.desktop.terminate()
        try:
            self._process.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def kill(self) -> None:
        """Ends this one process at once, and clears up what it could not."""
        self._process.kill()
        self._process.wait()
        Path(tempfile.gettempdir(), f"OSL_PIPE_{os.getuid()}_{self._pipe}").unlink(missing_ok=True)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _launch(self) -> subprocess.Popen:
        command = [
            str(find_program()),
            f"--accept=pipe,name={self._pipe};urp;StarOffice.ComponentContext",
            f"-env:UserInstallation={to_url(self.profile)}",
            *("--norestore", "--nodefault", "--nologo", "--nofirststartwizard"),
        ]
        plugin = "gen" if self._display else "svp"
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": plugin, "TMPDIR": str(self.profile)}
        if self._display:
            environment["DISPLAY"] = self._display
        else:
            command.insert(1, "--headless")
        return start_bound(command, env=environment)

    def _connect(self):
        """The component context, as soon as the office answers on its pipe."""
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        refused = uno.getClass("com.sun.star.connection.NoConnectException")
        limit = time.monotonic() + _START_LIMIT
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext")
            except refused:
                code = self._process.poll()
                if code == _RESTART:
                    self._process = self._launch()
                elif code is not None or time.monotonic() > limit:
                    raise RuntimeError(f"LibreOffice did not start (exit code {code})") from None
                time.sleep(0.05)


def start_bound(command: list[str], **options) -> subprocess.Popen:
    """A quiet process that ends when this one does, however it dies."""
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    before = None
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl

        def before():
            prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)

    return subprocess.Popen(command, start_new_session=True, preexec_fn=before, **(quiet | options))


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir()
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
