"""The directory of a package as we list it is what zipfile lists."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from xladdin.workbook.listing import Member, TooMany, Unlisted, members

TEMPLATES = sorted((Path(__file__).parents[1] / "templates").glob("*.xlsx"))
MANY = 100


def ours(data: bytes) -> list[tuple] | None:
    try:
        return [tuple(member) for member in members(data, MANY)]
    except Unlisted:
        return None


def theirs(data: bytes) -> list[tuple] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [tuple(getattr(info, field) for field in Member._fields) for info in package.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return None


@pytest.mark.parametrize("seed", range(8))
def test_lists_what_zipfile_lists(seed: int) -> None:
    chance = random.Random(seed)
    sound = TEMPLATES[seed % len(TEMPLATES)].read_bytes()
    start = sound.index(b"PK\x01\x02")
    for _ in range(200):
        data = bytearray(sound)
        for _ in range(chance.choice((0, 1, 1, 2, 9))):
            at = chance.choice((chance.randrange(start, len(data)), len(data) - chance.randrange(1, 23)))
            data[at] = chance.choice((0, 1, 255, chance.randrange(256)))
        kept = data[: len(data) - chance.choice((0, 0, 0, 1, 22, 40))]
        given = chance.choice((b"", b"", b"PK")) + bytes(kept) + chance.choice((b"", b"", b"\0", b"behind"))
        assert ours(given) == theirs(given), given


def odd(name: str = "a", comment: bytes = b"", extra: bytes = b"", remark: bytes = b"", large: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo(name)
        info.comment, info.extra = comment, extra
        with package.open(info, "w", force_zip64=large) as part:
            part.write(b"text")
        package.comment = remark
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [odd(), odd("表.xml"), odd("a\\b"), odd(comment=b"c"), odd(extra=b"\1\2\0\0"), odd(remark=b"r"), odd(large=True),
     b"before" + odd(), odd() + b"\0" * 22, odd()[:-22], odd(remark=odd()), b"", b"PK\5\6" + bytes(18)],
)  # fmt: skip
def test_lists_odd_packages_as_zipfile_does(data: bytes) -> None:
    assert ours(data) == theirs(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_lists_what_we_write_without_zipfile(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the quick way would be none."""
    monkeypatch.delattr(zipfile, "ZipFile")
    assert "[Content_Types].xml" in [member.filename for member in members(path.read_bytes(), MANY)]


def test_lists_no_more_than_asked_for() -> None:
    with pytest.raises(TooMany):
        members(TEMPLATES[0].read_bytes(), 5)
