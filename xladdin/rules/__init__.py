"""The rules of domain §2 and §3: small pure functions over records, gathered in handbook.py."""
