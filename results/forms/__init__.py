"""Tables and pictures in files, and on a terminal."""
