"""A picture as PNG, painted by matplotlib without its own layout: every shape stands where the scene puts it."""

from __future__ import annotations

import io
from typing import Any

from .scene import Area, Dot, Label, Line, Rect, Scene
from .words import chinese_font, latin_font

DPI = 150
_ANCHOR: dict[str, Any] = {"start": "left", "middle": "center", "end": "right"}
_UPWARDS: dict[str, Any] = {"start": "bottom", "middle": "center", "end": "top"}


def png(scene: Scene) -> bytes:
    """The picture, 150 dots an inch; the same scene gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=(scene.width / 72, scene.height / 72), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    place = Affine2D().scale(1 / scene.width, -1 / scene.height).translate(0.0, 1.0) + figure.transFigure
    fonts = {(bold, plain): _font(bold, plain) for bold in (False, True) for plain in (False, True)}
    for order, shape in enumerate(scene.shapes):
        artist = _artist(shape, fonts)
        artist.set_transform(place)
        artist.set_zorder(order)
        figure.add_artist(artist)
    buffer = io.BytesIO()
    with rc_context({"text.hinting": "none"}):
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 2})
    return buffer.getvalue()


def _font(bold: bool, plain: bool) -> Any:
    """The Latin font, and for what it lacks the Chinese one where there is one; ``plain`` texts need the first alone."""
    from matplotlib.font_manager import FontProperties, fontManager

    names = []
    for path in (latin_font(), None if plain else chinese_font()):
        if path is None:
            continue
        if not any(entry.fname == str(path) for entry in fontManager.ttflist):
            fontManager.addfont(str(path))
        faces = [entry.name for entry in fontManager.ttflist if entry.fname == str(path)]
        names.append(next((name for name in faces if name.endswith("SC")), faces[0]))
    return FontProperties(family=names, weight="bold" if bold else "normal")


def _artist(shape: Any, fonts: dict[tuple[bool, bool], Any]) -> Any:
    """One shape as matplotlib draws it."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Ellipse, Polygon, Rectangle
    from matplotlib.text import Text

    if isinstance(shape, Rect):
        return Rectangle((shape.x, shape.y), shape.width, shape.height, facecolor=shape.fill, edgecolor=shape.stroke or "none", linewidth=0.8)
    if isinstance(shape, Line):
        xs, ys = zip(*shape.points, strict=True)
        return Line2D(xs, ys, color=shape.stroke, linewidth=shape.width, linestyle=(0, (4, 3)) if shape.dash else "-", solid_capstyle="butt")
    if isinstance(shape, Area):
        return Polygon(shape.points, closed=True, facecolor=shape.fill, edgecolor="none", alpha=shape.opacity)
    if isinstance(shape, Dot):
        size = 2 * shape.radius
        return Ellipse((shape.x, shape.y), size, size, facecolor=shape.fill, edgecolor=shape.stroke or "none", linewidth=1.0)
    assert isinstance(shape, Label)
    return Text(
        shape.x, shape.y, shape.text, fontproperties=fonts[shape.bold, shape.text.isascii()], fontsize=shape.size, color=shape.fill,
        horizontalalignment="center" if shape.turned else _ANCHOR[shape.anchor], verticalalignment=_UPWARDS[shape.anchor] if shape.turned else "center",
        rotation=90 if shape.turned else 0, parse_math=False,
    )  # fmt: skip
