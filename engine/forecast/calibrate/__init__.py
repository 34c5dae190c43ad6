"""What a panel says of the numbers that the engine needs, with standard errors."""
