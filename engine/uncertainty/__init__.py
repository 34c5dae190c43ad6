"""The economy under doubt: how likely, what the verdict hangs on, and what certainty costs."""
