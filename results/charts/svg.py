"""A picture as SVG: sharp at any size, its texts can be read, searched and copied; nothing must be
installed."""

from __future__ import annotations

from html import escape

from ..text.format import clean
from .scene import Area, Dot, Label, Line, Rect, Scene, Shape

SMALLEST = 9.0
"""Pixels of the smallest letter of a picture: where a screen is too narrow, the picture scrolls."""
_LARGEST = 1.6
"""How much larger than it was drawn a picture may become."""


def svg(scene: Scene, name: str = "") -> str:
    """The picture for a page: shapes with a tip tell it to a pointer, shapes of a series hide with it."""
    inside = "".join(map(_shape, scene.shapes))
    told = f' aria-label="{_safe(name)}"' if name else ""
    smallest = min((label.size for label in scene.labels()), default=SMALLEST)
    least, most = scene.width * SMALLEST / smallest, _LARGEST * scene.width
    return (
        f'<svg viewBox="0 0 {scene.width:g} {scene.height:g}" role="img"{told} '
        f'style="min-width:{min(least, most):.0f}px;max-width:{most:.0f}px" font-family="inherit">'
        f"{inside}</svg>"
    )


_FONTS = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, Segoe UI, Arial, sans-serif"


def standalone(scene: Scene, name: str = "") -> str:
    """The picture as a file of its own: on white, with fonts named."""
    drawing = svg(scene, name).replace('font-family="inherit"', f'font-family="{_FONTS}"')
    drawing = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return drawing.replace(">", '><rect width="100%" height="100%" fill="#fff"/>', 1) + "\n"


def _safe(text: str) -> str:
    return escape(clean(text), quote=True)


def _said(shape: Rect | Line | Area | Dot | Label) -> tuple[str, str]:
    """Attributes for script, and the title that every browser shows."""
    series = f' data-s="{_safe(shape.series)}"' if shape.series else ""
    tip = "" if isinstance(shape, Label) else shape.tip
    return series, f"<title>{_safe(tip)}</title>" if tip else ""


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _shape(shape: Shape) -> str:
    series, title = _said(shape)
    if isinstance(shape, Rect):
        edge = f' stroke="{shape.stroke}"' if shape.stroke else ""
        return (
            f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{max(shape.width, 0):.1f}"'
            f' height="{max(shape.height, 0):.1f}" fill="{shape.fill}"{edge}{series}>{title}</rect>'
        )
    if isinstance(shape, Line):
        dash = ' stroke-dasharray="4 3"' if shape.dash else ""
        return (
            f'<polyline points="{_points(shape.points)}" fill="none" stroke="{shape.stroke}"'
            f' stroke-width="{shape.width:g}"{dash}{series}>{title}</polyline>'
        )
    if isinstance(shape, Area):
        return (
            f'<polygon points="{_points(shape.points)}" fill="{shape.fill}"'
            f' fill-opacity="{shape.opacity:g}"{series}>{title}</polygon>'
        )
    if isinstance(shape, Dot):
        edge = f' stroke="{shape.stroke}"' if shape.stroke else ""
        return (
            f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:.1f}"'
            f' fill="{shape.fill}"{edge}{series}>{title}</circle>'
        )
    turn = f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"' if shape.turned else ""
    weight = ' font-weight="600"' if shape.bold else ""
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" dy="0.35em" font-size="{shape.size:g}"'
        f' fill="{shape.fill}"{anchor}{weight}{turn}{series}>{_safe(shape.text)}</text>'
    )
