"""What an answer turns on, and what in a scenario is odd."""
