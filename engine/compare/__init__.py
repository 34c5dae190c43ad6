"""Why two runs differ: scenarios between two scenarios."""
