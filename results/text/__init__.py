"""Sentences, numbers and units."""
