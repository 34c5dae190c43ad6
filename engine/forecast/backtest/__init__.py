"""How good the probabilities are: regions of a panel simulated from what was known the year before, and
scored."""
