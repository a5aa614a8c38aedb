"""What is chosen once for all buttons, and a file of it that somebody broke."""

from __future__ import annotations

import pytest

from xladdin.excel.settings import choose_rules, chosen_rules
from xladdin.log import state_folder


def test_nothing_is_chosen_at_first():
    assert chosen_rules() is None


def test_a_choice_is_remembered_and_taken_back():
    for name in ("湖北", "广西", None):
        choose_rules(name)
        assert chosen_rules() == name


@pytest.mark.parametrize("text", ["", "[]", "{", '{"rules": 3}', '{"rules": ""}', "\x00"])
def test_a_broken_file_means_nothing_chosen_and_can_be_written_over(text):
    choose_rules("湖北")
    (path,) = state_folder().glob("settings.json")
    path.write_text(text, encoding="utf-8")
    assert chosen_rules() is None
    choose_rules("广西")
    assert chosen_rules() == "广西"
