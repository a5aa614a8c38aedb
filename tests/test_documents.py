"""Forms that are no workbooks: every field of the shared documents, and the traps, each in a document made here."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

import xladdin
from xladdin.errors import RefusedFile

from .seeds import SHARED

DOCUMENTS = SHARED / "documents"
LEAST = {
    "docx": 0.998,
    "doc": 0.998,
    "xls": 0.998,
    "ods": 0.998,
    "html": 0.998,
    "pdf": 0.985,
    "md": 0.985,
    "tsv": 0.985,
}
DOUBTED = {"text": 0.08, "md": 0.08, "tsv": 0.08}


def expected(listed: str) -> list[dict]:
    path = DOCUMENTS / listed
    if not path.exists():
        return []
    given = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(given, dict):
        return given["documents"]
    return [{**one, "format": "text", "file": f"../seeds/{one['file']}"} for one in given]


def facts(value, path=""):
    """Every field of a record in JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from facts(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from facts(inner, f"{path}[{number}]")
    else:
        yield path, value


def shown(field: str, value) -> str | None:
    """A value without what does not count: white space, widths, trailing zeros, the points of a level."""
    if value is None:
        return None
    text = re.sub(r"</?p>", "", "".join(unicodedata.normalize("NFKC", str(value)).split()))
    text = re.sub(r"(\.\d*?)0+(?!\d)", r"\1", text)
    text = re.sub(r"(\d)\.(?!\d)", r"\1", text)
    return re.sub(r"\(\d+分\)$", "", text) if "level" in field else text


def compared(path: Path, wanted: list[dict]) -> tuple[int, int, list[str], int]:
    """Fields right, fields there are, those wrong without a doubt, and those right in doubt."""
    read = xladdin.read(path)
    assert len(read) == len(wanted)
    right = there = doubted = 0
    wrong = []
    for record, want in zip(read, wanted, strict=True):
        told = record.to_dict()
        if "budget" in told:  # a line the form prints for every project, and this one left blank
            told["budget"] = [
                line for line in told["budget"] if any(line[name] for name in ("initial", "budget", "executed"))
            ]
        given = dict(facts(told))
        doubts = [doubt.field for doubt in record.source.doubts]
        assert len(record.indicators) == len(want["indicators"]) or "indicators" in doubts
        for field, value in facts(want):
            if field == "form":
                continue
            there += 1
            doubt = any(field == one or field.startswith((one + ".", one + "[")) for one in doubts)
            told = shown(field, given.get(field))
            if told == shown(field, value) or value is None and field.endswith(("rate", "score")):
                right += 1
                doubted += doubt
            elif told is not None and not doubt:
                wrong.append(f"{field}: {told} for {value}")
    return right, there, wrong, doubted


@pytest.mark.parametrize("document", expected("expected.json"), ids=lambda one: one["file"])
def test_every_field_of_a_document(document):
    right, there, wrong, doubted = compared(DOCUMENTS / document["file"], document["records"])
    assert not wrong
    assert right >= LEAST.get(document["format"], 0.9) * there
    assert doubted <= DOUBTED.get(document["format"], 0.02) * there


@pytest.mark.parametrize("document", expected("seeds-expected.json"), ids=lambda one: one["file"][-24:])
def test_every_field_of_a_seed(document):
    right, there, wrong, doubted = compared(DOCUMENTS / document["file"], document["records"])
    assert not wrong
    unsure = document.get("in_doubt", ())  # right, or in doubt: their labels are displaced by a page's end
    assert right >= 0.9 * (there - len(unsure))


def refused() -> list[dict]:
    path = DOCUMENTS / "expected.json"
    return json.loads(path.read_text(encoding="utf-8"))["refused"] if path.exists() else []


@pytest.mark.parametrize("document", refused(), ids=str)
def test_what_cannot_be_read_is_refused(document):
    file = document["file"] if isinstance(document, dict) else document
    with pytest.raises(RefusedFile) as refusal:
        xladdin.read(DOCUMENTS / file)
    assert refusal.value.advice and refusal.value.where.file == file
