"""Pure rooms: records, notation, numbers, scoring. No Excel, no user files, no floats."""
