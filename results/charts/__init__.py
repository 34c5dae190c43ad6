"""Pictures of a run: each is drawn once, as shapes in points, and written as SVG or as PNG."""
