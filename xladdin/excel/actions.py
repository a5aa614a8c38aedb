"""What the buttons do, by the names the table of commands knows."""

from .check_actions import check_this, clear_marks, next_finding, reconcile
from .filling_actions import fill_from_ledger, make_evaluation, new_declaration, new_from_own_template, open_ledger
from .safety_actions import restore, show_doctor, show_help
from .scoring_actions import rescore

__all__ = [
    "check_this",
    "clear_marks",
    "fill_from_ledger",
    "make_evaluation",
    "new_declaration",
    "new_from_own_template",
    "next_finding",
    "open_ledger",
    "reconcile",
    "rescore",
    "restore",
    "show_doctor",
    "show_help",
]
