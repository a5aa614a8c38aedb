"""Rules for a declaration against its self-evaluation (domain §3.1)."""
