"""Saving: all or nothing, never over a file somebody has open, and names Windows takes."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest

from xladdin.errors import SaveError
from xladdin.workbook import saving
from xladdin.workbook.saving import safe_name, save, unique_names


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
    save(path, b"new", replace=True)
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.xlsx"]


@pytest.mark.parametrize(
    ("lock", "content", "who"),
    [
        ("~$a.xlsx", excel_owner("王小明"), "王小明"),
        ("~$a.xlsx", excel_owner("Li Hua"), "Li Hua"),
        ("~$a.xlsx", word_owner("张三"), "张三"),
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
        save(path, b"new", replace=True)
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
        save(path, b"new", replace=True)
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
    save(tmp_path / "a.xlsx", b"2", replace=True)
    assert len(calls) == 1


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "real.xlsx"
    real.write_bytes(b"old")
    link = tmp_path / "link.xlsx"
    link.symlink_to(real)
    save(link, b"new", replace=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ((2021, "帮扶", "2021申报表"), "2021 帮扶 2021申报表"),
        ((2021, None, "", "x"), "2021 x"),
        (('=a<b>c:d"e/f\\g|h?i*j',), "_a_b_c_d_e_f_g_h_i_j"),
        (("a\tb\nc  d\x07",), "a b c d"),
        (("CON",), "_CON"),
        (("nul.2021",), "_nul.2021"),
        (("com1", "x"), "com1 x"),
        (("COM¹",), "_COM¹"),
        (("name. . ",), "name"),
        (("...",), "未命名"),
        ((), "未命名"),
        (("\ud800x",), "_x"),
        (("e\u0301",), "é"),
    ],
)
def test_safe_name(parts, name):
    assert safe_name(*parts) == name


@pytest.mark.parametrize("char", ["长", "x", "😀", "é"])
def test_long_names_are_cut_but_stay_apart(char):
    one, two = (safe_name(2021, char * 200 + end, "2021申报表") for end in "ab")
    assert one != two
    assert one == safe_name(2021, char * 200 + "a", "2021申报表")
    for name in (one, two):
        assert len(name) <= 80
        assert len(name.encode()) <= 240
        assert name.startswith("2021 ")
        assert name.endswith(" 2021申报表")


def test_many_parts_are_cut_too():
    assert len(safe_name(*["项目"] * 60)) <= 80


@pytest.mark.parametrize(
    ("parts", "units", "names"),
    [
        ([("a",), ("b",)], ["x", "y"], ["a", "b"]),
        ([("a",), ("A",)], ["x", "y"], ["a x", "A y"]),
        ([("a",), ("a",)], [None, None], ["a", "a (2)"]),
        ([("a",), ("a",), ("a",)], ["x", "x", "x"], ["a x", "a x (2)", "a x (3)"]),
        ([("a",), ("a",), ("a (2)",)], [], ["a", "a (3)", "a (2)"]),
        ([("a:b",), ("a?b",)], ["x", "y"], ["a_b x", "a_b y"]),
        ([("é",), (unicodedata.normalize("NFD", "É"),)], ["x", "x"], ["é x", "É x (2)"]),
    ],
)
def test_unique_names(parts, units, names):
    assert unique_names(parts, units) == names
