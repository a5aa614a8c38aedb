"""What the buttons do, by the names the table of commands knows."""

from .batch_actions import fill_from_ledger, open_results, resume
from .check_actions import check_this, clear_marks, next_finding, reconcile
from .filling_actions import make_evaluation, new_declaration, new_from_own_template, open_ledger
from .safety_actions import restore, show_doctor, show_help
from .scoring_actions import rescore
from .summary_actions import summarise_folder

__all__ = [
    "check_this",
    "clear_marks",
    "fill_from_ledger",
    "make_evaluation",
    "new_declaration",
    "new_from_own_template",
    "next_finding",
    "open_ledger",
    "open_results",
    "reconcile",
    "rescore",
    "resume",
    "restore",
    "show_doctor",
    "show_help",
    "summarise_folder",
]
