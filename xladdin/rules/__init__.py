"""The rules the forms are checked by: small pure functions over records, gathered in handbook.py."""
