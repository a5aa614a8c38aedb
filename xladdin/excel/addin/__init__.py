"""The add-in: the table of commands, the ribbon and VBA made from it, its package, installing it."""
