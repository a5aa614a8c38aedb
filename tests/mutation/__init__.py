"""Two sets of generated clean pairs, faults put into them one at a time, and what the rules make of each."""
