"""What the buttons do, a module for each group of them; the table of commands names each function."""
