"""The ledger (台账): one workbook a year of projects is kept in."""

from .columns import EXECUTION, INDICATORS, PROJECTS
from .finding import is_ledger
from .reading import Ledger, load, read_grids_as_ledger, read_ledger, read_records
from .told import Mistake, told_by_project, told_together
from .writing import write_ledger

__all__ = [
    "EXECUTION",
    "INDICATORS",
    "PROJECTS",
    "Ledger",
    "Mistake",
    "is_ledger",
    "load",
    "read_grids_as_ledger",
    "read_ledger",
    "read_records",
    "told_by_project",
    "told_together",
    "write_ledger",
]
