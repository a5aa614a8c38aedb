"""Whatever text a cell can hold goes ledger → form → one book → evaluation → report → summary → page unchanged, harmless."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import xladdin
from xladdin.cli.demo import example
from xladdin.domain.labels import canonical
from xladdin.errors import XladdinError
from xladdin.form.filling import fill_book
from xladdin.ledger import read_records, write_ledger
from xladdin.report import write_report
from xladdin.review.judging import review_files
from xladdin.summary import review_all, summarise, write_summary

RECORD = next(record for record in example() if record.form == "2021申报表")
NASTY = (
    "_x0001_", "_x005F_", "_X0041_", "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "{{ 7*7 }}", "{% x %}", "${x}",
    "<p>甲</p>", "<r>x</r>", "</is></c>", "]]>", "&amp;", "&#10;", "'007", "\x01", "\x1f", "\x7f", "\x85", "\u2028", "\u202e甲",
    "\u200b", "\ufeff", "😀", "e\u0301", "javascript:alert(1)", "http://x.cn/a#b", "mailto:a@b", "C:\\x", "a\nb", "\"'", "[甲]!A1",
    "#REF!", "1E5", "007", "1/2", "TRUE", "　甲　",
)  # fmt: skip
# no lone surrogate can stand in a file; \r is a line end to XML, and blanks at the ends are no part of a name
CHARACTERS = st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r\ufffe\uffff")
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(CHARACTERS, min_size=1, max_size=12),
    st.builds("甲{}乙".format, st.sampled_from(NASTY)),
)


def record_with(project: str, goal: str, name: str, target: str):
    rows = (replace(RECORD.indicators[0], name=name, target=target), *RECORD.indicators[1:])
    return replace(RECORD, project=project, annual_goal=goal, indicators=rows)


def texts_of(record) -> tuple:
    return record.project, record.annual_goal, record.indicators[0].name, record.indicators[0].target


def is_value(text: str) -> bool:
    """Not blank, and no label of a form: 项目资金 as a goal is taken for the label it is."""
    return bool(text.strip()) and canonical(text) is None


class Scripts(HTMLParser):
    """Elements that do something, and addresses that lead out."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "iframe", "object", "img", "r"):
            self.found.append(tag)
        self.found += [f"{name}={value}" for name, value in attrs if name.startswith("on")]
        self.found += [
            value for name, value in attrs if name == "href" and re.match(r"\s*(javascript|data|mailto):", value or "")
        ]


def assert_sound(data: bytes) -> None:
    """Every part is XML; no formula stands in it that holds one of our texts as code."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                expat.ParserCreate().Parse(package.read(name), True)
        sheets = "".join(package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name)
    formulas = [re.sub('"[^"]*"', "", unescape(formula)) for formula in re.findall("<f>([^<]*)</f>", sheets)]
    assert not [formula for formula in formulas if re.search(r"cmd|SUM\(1\)|7\*7", formula)]


@settings(
    max_examples=40, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.lists(TEXTS.filter(is_value), min_size=4, max_size=4))
def test_a_text_survives_the_whole_way(tmp_path_factory, texts):
    folder: Path = tmp_path_factory.mktemp("路")
    record = record_with(*texts)
    try:
        write_ledger(folder / "台账.xlsx", [record])
    except XladdinError:
        return  # told with its cell; nothing was made of it
    (read,) = read_records(folder / "台账.xlsx")
    assert tuple(map(str.strip, texts_of(read))) == tuple(map(str.strip, texts))
    form = xladdin.fill(read)
    assert_sound(form)
    (back,) = xladdin.read(form)
    bare = tuple(map("".join, map(str.split, texts_of(read))))
    assert tuple("".join((text or "").split()) for text in texts_of(back)) == bare
    book = fill_book([read, read])
    assert_sound(book)
    assert [one.project for one in xladdin.read(book)] == [back.project] * 2
    evaluated = xladdin.fill(xladdin.self_evaluation(back))
    assert_sound(evaluated)
    (folder / "申报.xlsx").write_bytes(form)
    (folder / "自评.xlsx").write_bytes(evaluated)
    review = review_files([folder / "申报.xlsx", folder / "自评.xlsx"])
    assert_sound(write_report(review, folder / "核对.xlsx").read_bytes())
    whole = review_all([folder / "申报.xlsx", folder / "自评.xlsx"])
    assert_sound(write_summary(summarise(whole), whole, folder / "汇总.xlsx").path.read_bytes())
    page = write_report(review, folder / "核对.html").read_text("utf-8")
    scripts = Scripts()
    scripts.feed(page)
    assert scripts.found == []
