"""The only rooms that know .xlsx: the gate, reading to Grid, templates, filling, saving."""
