"""The ledger (台账): one workbook a year of projects is kept in."""

from .columns import EXECUTION, INDICATORS, PROJECTS
from .reading import Ledger, Mistake, load, read_grids_as_ledger, read_ledger, read_records
from .writing import write_ledger

__all__ = [
    "EXECUTION",
    "INDICATORS",
    "PROJECTS",
    "Ledger",
    "Mistake",
    "load",
    "read_grids_as_ledger",
    "read_ledger",
    "read_records",
    "write_ledger",
]
