"""Rules for a declaration against its self-evaluation."""
