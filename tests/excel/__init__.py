"""The buttons on a live workbook: what the clerk sees, what is on disk, and what stays as it was."""
