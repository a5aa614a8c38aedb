"""The libraries in the bundle: pinned by digest in macros/bundle.lock, taken from a folder or fetched by pip."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

import xladdin

from ....errors import Place, XladdinError
from ..ribbon import macros_folder
from .interpreter import Files

LEFT_OUT = ("pandas", "numpy")  # needed by xladdin.frames alone, and three times as large as all the rest
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})+)$")
_PYTHON = re.compile(r"^# python (\S+) sha256:([0-9a-f]{64})$")
# Programs nobody signed, an editor and help for developers, headers, tests and demonstrations; what only pip reads.
_DROPPED = re.compile(
    r"\.(exe|chm)$|^(pythonwin|isapi|adodbapi)/|(^|/)([Tt]ests?|[Dd]emos?)/|^lxml/includes/|^xlwings/(addin|html)/|"
    r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$|(^|/)__pycache__/"
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A library: its name as in lxml, its version, the SHA-256 of wheels that may be taken."""

    name: str
    version: str
    digests: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lock:
    """pythons: version and digest of each Windows Python that was looked at."""

    path: Path
    pythons: tuple[tuple[str, str], ...]
    pins: tuple[Pin, ...]


def read_lock() -> Lock:
    """The lock file, which pip reads as requirements. Raises XladdinError."""
    path = macros_folder() / "bundle.lock"
    pythons, pins = [], []
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if found := _PYTHON.match(line):
            pythons.append((found[1], found[2]))
        elif found := _PIN.match(line.strip()):
            pins.append(Pin(found[1], found[2], frozenset(re.findall(r"[0-9a-f]{64}", found[3]))))
        elif line.strip() and not line.startswith("#"):
            raise XladdinError(f"锁定文件里这一行没有写明版本和摘要：{line.strip()}", Place(file=str(path)))
    return Lock(path, tuple(pythons), tuple(pins))


def libraries(lock: Lock, folder: Path | None, tag: str) -> Files:
    """What the pinned wheels put into site-packages. folder: where they lie; None: pip fetches them.

    tag: of the Python they are for, as 313. Raises XladdinError.
    """
    if folder is not None:
        return _installed(lock, folder)
    with tempfile.TemporaryDirectory() as made:
        fetched = Path(made)
        _fetch(lock, fetched, tag)
        return _installed(lock, fetched)


def own() -> Files:
    """xladdin itself, as its wheel installed it. Raises XladdinError where it runs from its sources."""
    home = Path(xladdin.__file__).parents[1]
    advice = "请在另一个环境里运行 pip install（不加 -e）装好 xladdin，在源码文件夹以外运行"
    try:
        listed = distribution("xladdin")
    except PackageNotFoundError:
        raise XladdinError("这个 xladdin 没有安装，只是源码，做不成安装包", advice=advice) from None
    files = {PurePosixPath(file): Path(str(file.locate())) for file in listed.files or ()}
    found = {str(name): path for name, path in files.items() if name.parts[0].startswith("xladdin")}
    if home / "xladdin" / "__init__.py" not in found.values():
        raise XladdinError("这个 xladdin 是从源码运行的，做不成安装包", advice=advice)
    return {name: path.read_bytes() for name, path in found.items() if not _DROPPED.search(name)}


def _fetch(lock: Lock, folder: Path, tag: str) -> None:
    how = (
        f"-m pip download --quiet --no-deps --require-hashes --only-binary=:all: --platform win_amd64 "
        f"--implementation cp --python-version {tag} --abi cp{tag} --abi abi3 --abi none"
    )
    command = [sys.executable, *how.split(), "-r", str(lock.path), "-d", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        advice = "请检查网络，或在能上网的机器上下载好，用 --wheels 给出文件夹"
        raise XladdinError(f"pip 下载不了库（{said}）", Place(file=str(lock.path)), advice)


def _installed(lock: Lock, folder: Path) -> Files:
    try:
        there = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.whl"))}
    except OSError as error:
        raise XladdinError(f"读不了库的文件夹（{error.strerror}）", Place(file=str(folder))) from error
    chosen = [next((there[digest] for digest in pin.digests if digest in there), None) for pin in lock.pins]
    if missing := [f"{pin.name} {pin.version}" for pin, path in zip(lock.pins, chosen, strict=True) if path is None]:
        what = f"没有与锁定文件（{lock.path.name}）摘要相符的 {'、'.join(missing)}"
        raise XladdinError(what, Place(file=str(folder)), "请按锁定文件重新下载这些库的 Windows 版（win_amd64）")
    files: Files = {}
    for path in filter(None, chosen):
        files |= _unpacked(path)
    return files


def _unpacked(path: Path) -> Files:
    """A wheel's modules and data; what it would put beside python.exe is left out."""
    files: Files = {}
    with zipfile.ZipFile(path) as wheel:
        for info in wheel.infolist():
            name, data = info.filename, re.match(r"[^/]+\.data/(\w+)/(.+)", info.filename)
            if data:
                name = data[2] if data[1] in ("purelib", "platlib") else ""
            if not name or info.is_dir() or _DROPPED.search(name):
                continue
            if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name:
                raise XladdinError(f"库里有不该有的路径 {name}", Place(file=str(path)))
            files[name] = wheel.read(info)
    return files
