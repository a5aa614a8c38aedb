"""Workbooks as they come from offices and other programs, each with one trait (the folder may be absent)."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

import xladdin
from tests.seeds import CASES

_OF_A_RECORD = ("count", "fields", "must_doubt", "must_not_doubt", "must_find", "must_not_find", "says")
EXPECTED = json.loads((CASES / "expect.json").read_text(encoding="utf-8")) if CASES.is_dir() else {}


@pytest.mark.skipif(not EXPECTED, reason="the folder of cases is not here")
@pytest.mark.parametrize("name", list(EXPECTED) or ["none"])
def test_case(name, run, tmp_path):
    want = EXPECTED[name]
    path = CASES / name / want["file"]
    read = run("read", path)
    checked = run("check", path, "--json")
    assert read[0] in want.get("exit", {}).get("read", [0, 1, 2])
    assert checked[0] in want.get("exit", {}).get("check", [0, 1, 2])
    _hold(want, path, read, checked)
    blocks = want.get("either", [])
    assert not blocks or any(_holds(block, path, read, checked) for block in blocks), "none of either"
    if "beside" in want:
        other = path.parent / want["beside"]["file"]
        assert want["beside"]["project"] in run("read", path, other)[1]
    if "summary" in want:
        said = run("summary", path, "--out", tmp_path / "汇总.xlsx")[1]
        for words in want["summary"]:
            assert any(word in "".join(said.split()) for word in words), said


def _holds(want, *more) -> bool:
    try:
        _hold(want, *more)
    except AssertionError:
        return False
    return True


def _hold(want: dict, path: Path, read: tuple, checked: tuple) -> None:
    for words in want.get("refused_by", ()):
        assert read[0] == 2 and any(word in read[2] for word in words), words
    for word in want.get("never_says", ()):
        assert word not in "".join((*read[1:], *checked[1:]))
    if "refused_by" in want:
        return
    found = xladdin.reading(path)
    records = [record for record in found.records if record.project]
    if "count" in want:
        assert len(records) in (want["count"] if isinstance(want["count"], list) else [want["count"]])
    if want.get("equals_base"):
        assert records == xladdin.read(path.parent / "base.xlsx")
    if not any(name in want for name in _OF_A_RECORD):
        return  # only `either` says more
    picks = want.get("pick", {}).items()
    (picked, *_) = [one for one in records if all(str(getattr(one, name)) == value for name, value in picks)]
    for field, value in want.get("fields", {}).items():
        assert _same(_at(picked, field), value), (field, _at(picked, field), value)
    findings = json.loads(checked[1])
    doubts = {doubt.where.cell: str(doubt) for record in records for doubt in record.source.doubts}
    doubts |= {w["cell"]: one["message"] for one in findings if one["code"] == "Z-02" for w in one["where"]}
    for item in want.get("must_doubt", ()):
        cells, words = (item["cell"], item["says"]) if isinstance(item, dict) else (item, [""])
        assert any(cell in doubts and any(w in doubts[cell] for w in words) for cell in cells.split("|")), doubts
    assert not set(want.get("must_not_doubt", ())) & set(doubts)
    for wanted in want.get("must_find", ()):
        assert any(_matches(one, wanted) for one in findings), wanted
    for unwanted in want.get("must_not_find", ()):
        assert not [one["message"] for one in findings if _matches(one, unwanted)], unwanted
    for words in want.get("says", ()):
        assert any(word in read[1] + read[2] for word in words), words


def _matches(finding: dict, wanted: dict) -> bool:
    said = " ".join(str(finding[name] or "") for name in ("message", "advice", "expected", "actual"))
    cells = [where["cell"] for where in finding["where"]]
    return (
        finding["code"] == wanted.get("code", finding["code"])
        and finding["code"] != wanted.get("code_not")
        and finding["level"] in wanted.get("level", finding["level"])
        and ("cell" not in wanted or wanted["cell"] in cells)
        and any(word in said for word in wanted.get("says", [""]))
    )


def _at(record, path: str):
    """The value of a path of expect.json."""
    if "|" in path:
        return next(filter(None, (_at(record, one) for one in path.split("|"))), None)
    if match := re.fullmatch(r"(budget|indicators)\.count", path):
        return len(getattr(record, match[1]))
    if match := re.fullmatch(r"(budget|indicators)\[(.+?)\]\.(\w+)", path):
        rows = getattr(record, match[1])
        if match[2].isdigit():
            return getattr(rows[int(match[2])], match[3])
        named = [row for row in rows if getattr(row, "item", None) == match[2] or getattr(row, "name", "") == match[2]]
        return getattr(named[0], match[3])
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else getattr(record, name)
    return record


def _same(value, wanted) -> bool:
    if isinstance(wanted, list):
        return any(_same(value, one) for one in wanted)
    if value is None or wanted is None:
        return value is wanted
    try:
        return Decimal(str(value)) == Decimal(str(wanted))
    except InvalidOperation:
        return _folded(value) == _folded(wanted)


def _folded(value) -> str:
    return "".join(unicodedata.normalize("NFKC", str(value)).split())
