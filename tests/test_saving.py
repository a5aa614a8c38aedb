"""Saving: all or nothing, never over a file somebody has open, and names Windows takes."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path

import pytest

from xladdin.errors import SaveError
from xladdin.files import REPLACED, digest_of
from xladdin.workbook import saving
from xladdin.workbook.saving import Taken, keep, put, save


def excel_owner(name: str) -> bytes:
    """A ~$ file as Excel writes it: 165 bytes, the name in ANSI and then in UTF-16."""
    ansi = name.encode("gb18030")
    wide = (name + " " * (54 - len(name))).encode("utf-16-le")
    return bytes([len(ansi)]) + ansi.ljust(54) + len(name).to_bytes(2, "little") + wide


def word_owner(name: str) -> bytes:
    wide = (name + "\0" * (53 - len(name))).encode("utf-16-le")
    ansi = name.encode("gb18030")
    return bytes([len(ansi)]) + ansi.ljust(53, b"\0") + len(name).to_bytes(2, "little") + wide


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_file_makes_its_folder(tmp_path):
    path = save(tmp_path / "年" / "a.xlsx", b"new")
    assert path.read_bytes() == b"new"
    assert names_in(path.parent) == ["a.xlsx"]


def test_existing_file_is_kept_unless_told(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(SaveError, match="已经存在.*--force"):
        save(path, b"new")
    assert path.read_bytes() == b"old"
    save(path, b"new", seen=digest_of(path))
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.xlsx"]


@pytest.mark.parametrize(
    ("lock", "content", "who"),
    [
        ("~$a.xlsx", excel_owner("王小明"), "王小明"),
        ("~$a.xlsx", excel_owner("Li Hua"), "Li Hua"),
        ("~$a.xlsx", word_owner("张三"), "张三"),
        ("~$a.xlsx", b"\x02??".ljust(55) + excel_owner("欧阳")[55:], "欧阳"),  # the code page had no such characters
        ("~$a.xlsx", b"\x02??".ljust(54) + word_owner("司马")[54:], "司马"),
        ("~$a.xlsx", b"\x04Zhao".ljust(165, b"\0"), "Zhao"),  # the short name alone
        ("~$a.xlsx", b"", None),
        ("~$a.xlsx", b"\xff\xfe\x00", None),
        (".~a.xlsx", excel_owner("赵六"), "赵六"),
        (".~lock.a.xlsx#", ",李四,PC-1,01.02.2024 10:00,file:///x;".encode(), "李四"),
    ],
)
def test_open_file_is_not_replaced_and_its_holder_named(tmp_path, lock, content, who):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    (tmp_path / lock).write_bytes(content)
    with pytest.raises(SaveError) as caught:
        save(path, b"new", seen=digest_of(path))
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == sorted(["a.xlsx", lock])
    assert ("“" in caught.value.what) == (who is not None)
    assert who is None or f"“{who}”" in caught.value.what


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "denied"), "打开"),
        (OSError(errno.ENOSPC, "full"), "磁盘已满"),
        (OSError(errno.EIO, "io"), "写不进去"),
    ],
)
def test_failing_replace_changes_nothing(tmp_path, monkeypatch, error, said):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def refuse(*_):
        raise error

    monkeypatch.setattr(saving.os, "replace", refuse)
    with pytest.raises(SaveError, match=said):
        save(path, b"new", seen=digest_of(path))
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.xlsx"]


def test_folder_in_the_way(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(SaveError):
        save(tmp_path / "a" / "b.xlsx", b"new")


def test_fsync_only_when_replacing(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(saving.os, "fsync", lambda number: calls.append(number))
    save(tmp_path / "a.xlsx", b"1")
    assert not calls
    save(tmp_path / "a.xlsx", b"2", seen=digest_of(tmp_path / "a.xlsx"))
    assert len(calls) == 1


# ---- nothing of anybody's is written over, whenever it came

LINKS = pytest.mark.skipif(os.name == "nt", reason="on Windows a file gets its name by renaming, which never replaces")


@pytest.mark.parametrize("call", ["rename"] if os.name == "nt" else ["link", "open"])
def test_a_file_that_just_appeared_is_left(tmp_path, monkeypatch, call):
    path = tmp_path / "a.xlsx"
    if call == "open":  # a file system without links: the name is reserved instead
        monkeypatch.setattr(saving.os, "link", no_links)
    genuine = getattr(saving.os, call)

    def late(first, *rest, **options):
        if call != "open" or Path(first) == path:
            path.write_bytes(b"mine")
        return genuine(first, *rest, **options)

    monkeypatch.setattr(saving.os, call, late)
    with pytest.raises(Taken, match="已经存在"):
        save(path, b"new")
    assert path.read_bytes() == b"mine"
    assert names_in(tmp_path) == ["a.xlsx"]


def no_links(*_, **__):
    raise OSError(errno.EPERM, "Operation not permitted")


def test_without_links_a_new_file_appears_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(saving.os, "link", no_links)
    assert save(tmp_path / "a.xlsx", b"new").read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.xlsx"]


@LINKS
def test_without_links_a_failure_leaves_no_placeholder(tmp_path, monkeypatch):
    def fails(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(saving.os, "link", no_links)
    monkeypatch.setattr(saving.os, "replace", fails)
    with pytest.raises(SaveError, match="文件写不进去"):
        save(tmp_path / "a.xlsx", b"new")
    assert names_in(tmp_path) == []


@LINKS
def test_a_placeholder_somebody_wrote_into_is_left(tmp_path, monkeypatch):
    path, genuine = tmp_path / "a.xlsx", os.close
    monkeypatch.setattr(saving.os, "link", no_links)

    def late(number):
        genuine(number)
        path.write_bytes(b"mine")

    monkeypatch.setattr(saving.os, "close", late)
    with pytest.raises(Taken):
        save(path, b"new")
    assert path.read_bytes() == b"mine"


def test_a_file_edited_since_the_look_is_left(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    seen = digest_of(path)
    path.write_bytes(b"mine")
    with pytest.raises(Taken, match="刚刚被改过"):
        save(path, b"new", seen=seen)
    assert path.read_bytes() == b"mine"
    assert names_in(tmp_path) == ["a.xlsx"]


def test_a_file_edited_while_ours_is_written_is_left(tmp_path, monkeypatch):
    path, genuine = tmp_path / "a.xlsx", os.fsync
    path.write_bytes(b"old")

    def late(number):
        path.write_bytes(b"mine")
        genuine(number)

    monkeypatch.setattr(saving.os, "fsync", late)
    with pytest.raises(Taken):
        save(path, b"new", seen=digest_of(path))
    assert path.read_bytes() == b"mine"


def test_a_file_that_went_away_is_not_made_anew(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    seen = digest_of(path)
    path.unlink()
    with pytest.raises(SaveError):
        save(path, b"new", seen=seen)
    assert names_in(tmp_path) == []


# ---- what is replaced is kept


def test_copies_of_one_moment_get_names_of_their_own(tmp_path):
    path, since = tmp_path / "a.xlsx", dt.datetime(2026, 1, 2, 3, 4, 5)
    kept = []
    for content in (b"1", b"2", b"3"):
        path.write_bytes(content)
        kept.append(keep(path, since))
    assert [copy.read_bytes() for copy in kept] == [b"1", b"2", b"3"]
    assert [copy.name for copy in kept] == ["a.xlsx", "a (2).xlsx", "a (3).xlsx"]


def test_put_keeps_what_it_replaces(tmp_path):
    path = tmp_path / "a.xlsx"
    assert put(path, b"1") is None
    kept = put(path, b"2")
    assert (path.read_bytes(), kept.read_bytes()) == (b"2", b"1")
    assert put(path, b"2") is None, "the very same"


def test_a_copy_that_does_not_fit_leaves_no_half(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")

    def full(source, copy):
        copy.write(b"mi")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving.shutil, "copyfileobj", full)
    with pytest.raises(SaveError, match="没有覆盖"):
        put(path, b"new")
    assert path.read_bytes() == b"mine"
    assert [item.name for item in tmp_path.rglob("*") if item.is_file()] == ["a.xlsx"]


# ---- nothing is written through a link, or into a pipe

POSIX = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows, and there are no pipes in folders")


def linked(path: Path) -> None:
    other = path.with_name("别处.xlsx")
    other.write_bytes(b"other")
    path.symlink_to(other)


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("别处.xlsx"))


ODD = {"link": linked, "dangling": dangling, "pipe": os.mkfifo} if os.name != "nt" else {}


@POSIX
@pytest.mark.parametrize("lay", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "write",
    [save, put, lambda path, data: save(path, data, seen="0"), lambda path, _: keep(path)],
    ids="new put seen keep".split(),
)
def test_links_and_pipes_are_refused_by_name(tmp_path, lay, write):
    path = tmp_path / "a.xlsx"
    lay(path)
    before = names_in(tmp_path)
    with pytest.raises(SaveError, match="“a.xlsx”(是一个链接|不是普通文件)"):
        write(path, b"new")
    assert names_in(tmp_path) == before
    other = tmp_path / "别处.xlsx"
    assert not other.exists() or other.read_bytes() == b"other"


@POSIX
def test_copies_do_not_go_through_a_linked_folder(tmp_path):
    (tmp_path / "外面").mkdir()
    folder = tmp_path / "里面"
    folder.mkdir()
    (folder / REPLACED).symlink_to(tmp_path / "外面")
    (folder / "a.xlsx").write_bytes(b"mine")
    with pytest.raises(SaveError, match="是一个链接"):
        put(folder / "a.xlsx", b"new")
    assert list((tmp_path / "外面").iterdir()) == []


@POSIX
def test_a_pipe_has_no_digest(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    assert digest_of(tmp_path / "a.xlsx") == ""


# ---- paths too long for Windows, which has three ways to say so


def refused_by_windows(code: int, number: int) -> OSError:
    error = OSError(number, "says Windows")
    error.winerror = code
    return error


LONG = [  # what Windows said, its errno as Python has it, the path, whether its length is why
    (206, errno.ENOENT, "a", True),
    (3, errno.ENOENT, "folder/" * 40 + "a.xlsx", True),
    (123, errno.EINVAL, "a" * 300, True),
    (2, errno.ENOENT, "a" * 300, True),
    (None, errno.ENOENT, "a" * 300, True),
    (3, errno.ENOENT, "gone/a.xlsx", False),
    (123, errno.EINVAL, "a?.xlsx", False),
    (5, errno.EACCES, "folder/" * 40 + "a.xlsx", False),
    (None, errno.ENAMETOOLONG, "a", True),
]


@pytest.mark.parametrize(("code", "number", "name", "too_long"), LONG)
def test_a_path_too_long_is_told_from_other_refusals(tmp_path, monkeypatch, code, number, name, too_long):
    def refuse(*_):
        raise refused_by_windows(code, number)

    monkeypatch.setattr(saving, "WINDOWS", False)  # what Excel opens is another matter
    monkeypatch.setattr(saving, "_write", refuse)
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(SaveError) as told:
        save(tmp_path / name, b"new")
    assert ("路径太长" in str(told.value)) is too_long


def test_a_lock_that_cannot_be_had_for_the_length_of_its_path_is_nobody_elses(tmp_path, monkeypatch):
    """It was said that somebody else was writing there."""
    from xladdin.batch.lock import FolderLock

    def refuse(*_, **__):
        raise FileNotFoundError(errno.ENOENT, "says Windows") from refused_by_windows(206, errno.ENOENT)

    lock = FolderLock(tmp_path / "a")
    monkeypatch.setattr("xladdin.batch.lock.is_too_long", lambda *_: True)
    monkeypatch.setattr("xladdin.batch.lock.descriptor", refuse)
    lock.take()
    assert isinstance(lock.unlocked, FileNotFoundError)


@pytest.mark.parametrize(("windows", "name", "refused"), [
    (True, "a.xlsx", True), (True, "a.json", False), (False, "a.xlsx", False), (True, None, False),
])  # fmt: skip
def test_on_windows_no_workbook_is_written_that_excel_could_not_open(tmp_path, monkeypatch, windows, name, refused):
    monkeypatch.setattr(saving, "WINDOWS", windows)
    folder = tmp_path / ("长" * 70) / ("长" * 70) / ("b" * 70)
    target = folder / name if name else tmp_path / "b.xlsx"
    if refused:
        with pytest.raises(SaveError, match="路径太长.*218"):
            save(target, b"new")
        assert not target.exists()
    else:
        assert save(target, b"new").read_bytes() == b"new"
