"""Many runs as one: tasks by content, a ledger that outlives a crash, one machine or many (批量)."""
