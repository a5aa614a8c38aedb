"""绩效报表.zip: the bundle, the same bytes every time for the same Python, libraries and xladdin."""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from .... import __version__
from ....errors import Place, SaveError, XladdinError
from ..package import NAME
from .interpreter import Files, Interpreter, interpreter
from .launchers import INSTALL, SUMS, UNINSTALL, launcher
from .wheels import LEFT_OUT, Lock, libraries, own, read_lock

GUIDE = "说明.html"
PYTHON = "python"
PACKAGES = f"{PYTHON}/Lib/site-packages"
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Built:
    """python: its version. size, unpacked: bytes of the zip, and of what is in it."""

    path: Path
    python: str
    size: int
    unpacked: int


def build(path: Path, python: Path, wheels: Path | None = None) -> Built:
    """Write the bundle to `path`. python: a Windows Python, a folder or a package. wheels: a folder of them, else pip.

    Raises XladdinError where something is missing, was changed or is not in the lock; SaveError.
    """
    lock = read_lock()
    given = interpreter(python)
    _known(given, lock, python)
    files = contents(given, libraries(lock, wheels, given.tag), own(), lock)
    data = packed(files)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise SaveError(f"写不了安装包（{error.strerror}）", Place(file=str(path)), "请换一个文件夹") from error
    return Built(path, given.version, len(data), sum(map(len, files.values())))


def contents(given: Interpreter, library: Files, product: Files, lock: Lock) -> Files:
    """Every file of the bundle by its path, the sums with it."""
    files = {f"{PYTHON}/{name}": data for name, data in given.files.items()}
    files[f"{PYTHON}/python{given.tag}._pth"] = given.paths()
    files |= {f"{PACKAGES}/{name}": data for name, data in (library | product).items()}
    files[NAME] = product[f"xladdin/data/{NAME}"]
    files |= {INSTALL: launcher(INSTALL), UNINSTALL: launcher(UNINSTALL)}
    parts = {"Python": given.version, "xladdin": __version__} | {pin.name: pin.version for pin in lock.pins}
    files[GUIDE] = _guide(parts, sum(map(len, files.values()))).encode()
    files[SUMS] = sums(files)
    return files


def sums(files: Mapping[str, bytes]) -> bytes:
    """As sha256sum writes and checks them."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def packed(files: Files) -> bytes:
    """The zip: entries in order, one time for all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system, entry.compress_type = 0, zipfile.ZIP_DEFLATED
            made.writestr(entry, data)
    return buffer.getvalue()


def _known(given: Interpreter, lock: Lock, source: Path) -> None:
    """Raise for a Python that nobody has looked at."""
    if (given.version, given.digest) not in lock.pythons:
        line = f"# python {given.version} sha256:{given.digest}"
        advice = f"核对来源无误后，把这一行加进锁定文件 {lock.path.name}：{line}"
        raise XladdinError("这个 Python 不在锁定文件里", Place(file=str(source)), advice)


def _guide(parts: Mapping[str, str], size: int) -> str:
    page = resources.files("xladdin").joinpath("data", "offline.html").read_text(encoding="utf-8")
    rows = "、".join(f"{name} {version}" for name, version in parts.items())
    values = {"version": __version__, "parts": rows, "size": f"{size / 1e6:.0f}", "left_out": "、".join(LEFT_OUT)}
    for name, value in values.items():
        page = page.replace(f"{{{{{name}}}}}", html.escape(value))
    return page
