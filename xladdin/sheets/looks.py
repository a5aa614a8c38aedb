"""Fonts, colours and looks of every sheet that shows what was found, once: the report's, the summary's, the live one's.

A look is what XlsxWriter calls a format's properties; looks are joined with `|`.
"""

from __future__ import annotations

from typing import Any

from ..rules.finding import ERROR

LookOf = dict[str, Any]

FONT = "微软雅黑"
SIZE, SMALL = 10, 8
INK = {"error": "#9C0006", "warning": "#7A5200", "undecided": "#4B3B82", "info": "#1F4E79"}
PAPER = {"error": "#FADBD8", "warning": "#FFF0C2", "undecided": "#E6E0F3", "info": "#DDEBF7"}
CLEAN_INK, TITLE_INK, GREY, GONE_INK = "#1E6B3A", "#22303F", "#7F7F7F", "#9A9A9A"
BAND_PAPER, BAND_INK, SHADE = "#44546A", "#FFFFFF", "#E7EAEE"
LINES, WRITABLE_PAPER = "#D0D5DB", "#FFFDF2"

TEXT: LookOf = {}
CENTRE: LookOf = {"align": "center"}
RIGHT: LookOf = {"align": "right"}
BODY: LookOf = {"border": 1, "border_color": LINES}
HEAD: LookOf = CENTRE | {
    "bold": True, "font_color": BAND_INK, "bg_color": BAND_PAPER, "border": 1, "border_color": "#BFBFBF",
}  # fmt: skip
TOTAL: LookOf = BODY | {"bold": True, "bg_color": SHADE}
SUBHEAD: LookOf = TOTAL | CENTRE
BAND: LookOf = {"bold": True, "font_size": 12, "bg_color": BAND_PAPER, "font_color": BAND_INK}
TITLE: LookOf = {"font_size": 16, "bold": True, "font_color": TITLE_INK}
VERDICT: LookOf = {"font_size": 12, "bold": True}
NOTE: LookOf = {"font_color": GREY, "font_size": 9}
QUIET: LookOf = {"font_color": GREY, "font_size": SMALL}
LINKED: LookOf = {"font_color": "#0563C1", "underline": 1}
MARK: LookOf = {"font_color": "#C00000", "bold": True}
ODD: LookOf = {"bg_color": "#FDECEA"}
WRITABLE: LookOf = {"bg_color": WRITABLE_PAPER}
MONEY: LookOf = {"num_format": "#,##0.00_ ", "align": "right"}
RATE: LookOf = {"num_format": "0.00%_ ", "align": "right"}
SCORE: LookOf = {"num_format": "0.00_ ", "align": "right"}
COUNT: LookOf = {"num_format": '0;-0;[Black]"–"', "align": "center"}


def of_level(level: str) -> LookOf:
    """A finding's level in its colours."""
    return {"bg_color": PAPER[level], "font_color": INK[level], "bold": True}


def of_verdict(clean: bool) -> LookOf:
    """The sentence that stands first; clean: nothing has to be put right."""
    return VERDICT | {"font_color": CLEAN_INK if clean else INK[ERROR]}
