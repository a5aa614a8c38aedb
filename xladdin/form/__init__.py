"""Forms: finding them in a Grid, and filling them from a record."""
