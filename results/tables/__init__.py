"""Tables, each declared once."""
