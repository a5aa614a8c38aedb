"""Importing: forms of any format and year, and tables from elsewhere, into one ledger; what is not certain is asked."""

from .importing import Imported, import_files, import_into

__all__ = ["Imported", "import_files", "import_into"]
