"""Ledgers as clerks really type them: no wrong figure in a form, nothing missing in silence, no false alarm.

tests/ledgers/kinds.py and its neighbours hold what clerks do and what must become of it; they import nothing of xladdin.
"""

from __future__ import annotations

import json

import pytest

from xladdin.cli.main import main

from .judging import check
from .kinds import SLOPPY
from .making import ledger

MIXED = range(7000, 7040)


@pytest.fixture
def filled(tmp_path, capsys):
    """Fill a ledger and read the forms back: filled(bytes) -> records, stdout, stderr, exit code."""

    def fill(data: bytes) -> tuple[list[dict], str, str, int]:
        path, out = tmp_path / "台账.xlsx", tmp_path / "out"
        path.write_bytes(data)
        code = main(["fill", str(path), "--out", str(out)])
        said = capsys.readouterr()
        files = sorted(map(str, out.rglob("*.xlsx")))
        records = []
        if files:
            main(["read", *files, "--json"])
            records = json.loads(capsys.readouterr().out, parse_float=str)
        return records, said.out.replace(str(out), "OUT"), said.err, code

    return fill


@pytest.mark.parametrize("kind", sorted(SLOPPY))
def test_one_sloppiness_at_a_time(filled, kind):
    data, truth = ledger(1, [kind])
    assert check(truth, *filled(data)) == []


@pytest.mark.parametrize("seed", MIXED)
def test_several_at_once(filled, seed):
    data, truth = ledger(seed)
    assert check(truth, *filled(data)) == []


def tenfold(records):
    line = records[0]["budget"][0] if records[0].get("budget") else records[0]["funds"]
    name = "executed" if "executed" in line else "annual_total"
    line[name] = str(float(line[name]) * 10)


SPOILT = {
    "a figure": tenfold,
    "a form": lambda records: records.pop(),
    "an indicator": lambda records: records[0]["indicators"].pop(),
    "a target": lambda records: records[0]["indicators"][0].update(target="≥7777个"),
    "a form too many": lambda records: records.append({**records[0], "project": "合计"}),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_judge_notices(filled, spoil):
    data, truth = ledger(1, ["columns_shuffled"])
    records, *said = filled(data)
    assert check(truth, records, *said) == []
    spoil(records)
    assert check(truth, records, *said)
