"""The projects of a plan: their rules stated once, by SimPy for one path and by arrays for draws."""
