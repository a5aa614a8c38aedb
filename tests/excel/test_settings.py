"""What is chosen once for all buttons, and a file of it that somebody broke."""

from __future__ import annotations

import pytest

from xladdin.excel.settings import choose_rules, choose_templates, chosen_rules, chosen_templates
from xladdin.files import FOLDER_VARIABLE
from xladdin.log import state_folder


def test_nothing_is_chosen_at_first():
    assert chosen_rules() is None


def test_a_choice_is_remembered_and_taken_back():
    for name in ("湖北", "广西", None):
        choose_rules(name)
        assert chosen_rules() == name


def test_a_folder_of_templates_is_remembered_beside_the_rules(tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    choose_rules("湖北")
    folder = tmp_path / "模板"
    folder.mkdir()
    choose_templates(folder)
    assert (chosen_rules(), chosen_templates()) == ("湖北", folder)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert chosen_templates() is None, "what the machine is told otherwise goes first"
    monkeypatch.delenv(FOLDER_VARIABLE)
    folder.rmdir()
    assert chosen_templates() is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"rules": 3}', '{"rules": ""}', "\x00"])
def test_a_broken_file_means_nothing_chosen_and_can_be_written_over(text):
    choose_rules("湖北")
    (path,) = state_folder().glob("settings.json")
    path.write_text(text, encoding="utf-8")
    assert chosen_rules() is None
    choose_rules("广西")
    assert chosen_rules() == "广西"
