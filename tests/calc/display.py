"""A virtual X screen for windows that nobody looks at, and its picture."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from .office import start_bound


class Display:
    """The display there is, or an Xvfb of our own, whose screen lies in a file and can be read."""

    size = 1400, 900

    def __init__(self):
        self.name = os.environ.get("DISPLAY", "")
        self._server: subprocess.Popen | None = None
        self._folder: Path | None = None
        if has_xvfb():
            self._start()
        elif not self.name:
            raise RuntimeError("no display and no Xvfb: a visible app cannot be started here")

    def _start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="xladdin-screen-"))
        answer, told = os.pipe()
        width, height = self.size
        command = f"Xvfb -displayfd {told} -screen 0 {width}x{height}x24 -nolisten tcp -nocursor -fbdir".split()
        command.append(str(self._folder))
        self._server = start_bound(command, pass_fds=(told,))
        os.close(told)
        with os.fdopen(answer) as told_by_server:
            number = told_by_server.readline().strip()
        if not number:
            self.stop()
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"

    def stop(self) -> None:
        if self._server:
            self._server.terminate()
            self._server.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def picture(self):
        """What the virtual screen shows now, as a PIL image (the screen file is an X window dump)."""
        from PIL import Image

        if self._folder is None:
            raise RuntimeError("only a virtual screen can be photographed; install Xvfb")
        dump = (self._folder / "Xvfb_screen0").read_bytes()
        fields = struct.unpack(">25I", dump[:100])
        header, width, height, line, colours = fields[0], fields[4], fields[5], fields[12], fields[19]
        return Image.frombytes("RGB", (width, height), dump[header + 12 * colours :], "raw", "BGRX", line)


def has_xvfb() -> bool:
    return shutil.which("Xvfb") is not None
