"""A province of regions put to the test (全省推演)."""
