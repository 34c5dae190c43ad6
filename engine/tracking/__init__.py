"""The year under way: what is known of it, what follows for the year, and what can still be moved (调度)."""
