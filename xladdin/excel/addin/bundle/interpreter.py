"""A Windows Python, as a folder or in a package, and what of it goes into the bundle."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ....errors import Place, XladdinError
from . import signed

Files = dict[str, bytes]  # path with / → content
# Nothing of these is needed to run: headers, what develops and tests programs, other people's packages, built files.
_DROPPED = re.compile(
    r"(^|/)__pycache__/|\.pdb$|^(include|libs|Scripts|Doc|Tools)/|^NEWS\.txt$|^tcl/(.*\.lib$|nmake/|t(k|cl)\d\.\d/(demos|tzdata)/)|"
    r"^Lib/(site-packages|ensurepip|idlelib|lib2to3|pydoc_data|test|turtledemo|venv)/|/_test\w*\.pyd$|\._pth$"
)
_PACKED = (".zip", ".whl", ".nupkg", ".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Windows Python. version: as 3.13.2. files: what the bundle takes, below the folder of python.exe."""

    version: str
    files: Files

    @property
    def tag(self) -> str:
        """As in cp313."""
        return "".join(self.version.split(".")[:2])

    @property
    def digest(self) -> str:
        """SHA-256 over the names and digests of its files, whatever they came packed in."""
        rows = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(self.files.items()))
        return hashlib.sha256(rows.encode()).hexdigest()

    def paths(self) -> bytes:
        """The ._pth file: Python looks for modules here and nowhere else, whatever the machine's settings say."""
        there = {name.split("/")[0] for name in self.files}
        lines = [name for name in (f"python{self.tag}.zip", "Lib", "DLLs") if name in there]
        return "\r\n".join([*lines, ".", r"Lib\site-packages", "import site", ""]).encode()


def interpreter(source: Path) -> Interpreter:
    """The Python in a folder or in a package (.zip, .nupkg, .tar.gz; one packed within a package, too).

    Raises XladdinError where there is none, it is not for 64-bit Windows, or a program of it is not as it was signed.
    """
    place = Place(file=str(source))
    try:
        found = _with_python(source)
    except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise XladdinError(f"读不了这个 Python（{error}）", place, "请检查文件夹或软件包") from error
    if found is None:
        advice = "请给出含 python.exe 的文件夹，或官方的嵌入式压缩包（embeddable package）"
        raise XladdinError("里面没有 Windows 的 Python（python.exe）", place, advice)
    files = {name: data for name, data in found.items() if not _DROPPED.search(name)}
    if signed.machine(files["python.exe"]) != signed.AMD64:
        raise XladdinError("不是 64 位（x64）的 Python", place, "请换 64 位的")
    for name, data in files.items():
        if signed.is_program(data) and (why := signed.fault(data)):
            raise XladdinError(f"其中的 {name} {why}，没有生成", place, "请换官方的 Python")
    return Interpreter(signed.version(files["python.exe"]), files)


def _with_python(source: Path) -> Files | None:
    if source.is_dir():
        roots = sorted(source.rglob("python.exe"), key=lambda path: (len(path.parts), path))
        if not roots or "venv" in roots[0].parts[len(source.parts) :]:
            return None
        home = roots[0].parent
        return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return _unpacked(source.name, source.read_bytes())


def _unpacked(name: str, data: bytes, inner: bool = True) -> Files | None:
    """The files beside python.exe in a package, or in a package within it."""
    files = dict(_members(name, data))
    roots = [path.removesuffix("python.exe") for path in files if f"/{path}".endswith("/python.exe")]
    if roots:
        before = min(roots, key=lambda path: path.count("/"))
        return {path.removeprefix(before): data for path, data in files.items() if path.startswith(before)}
    packed = (_unpacked(path, data, False) for path, data in files.items() if inner and path.endswith(_PACKED))
    return next((found for found in packed if found), None)


def _members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                if member.isfile() and (file := packed.extractfile(member)):
                    yield member.name, file.read()
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as unzipped:
            yield from ((info.filename, unzipped.read(info)) for info in unzipped.infolist() if not info.is_dir())
