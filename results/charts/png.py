"""A picture as PNG, painted by matplotlib without its own layout: every shape stands where the scene puts it."""

from __future__ import annotations

import io
from typing import Any

from .scene import Area, Dot, Label, Line, Rect, Scene
from .words import chinese_font, latin_font

DPI = 160
_ANCHOR = {"start": "left", "middle": "center", "end": "right"}


def png(scene: Scene) -> bytes:
    """The picture, 160 dots an inch; the same scene gives the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / 72, scene.height / 72), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.axis("off")
    fonts = {bold: _font(bold) for bold in (False, True)}
    for order, shape in enumerate(scene.shapes):
        _paint(axes, shape, fonts, order)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _font(bold: bool) -> Any:
    """Chinese font first where there is one, the Latin one after it for what it lacks."""
    from matplotlib.font_manager import FontProperties, fontManager

    names = []
    for path in (latin_font(), chinese_font()):
        if path is None:
            continue
        if not any(entry.fname == str(path) for entry in fontManager.ttflist):
            fontManager.addfont(str(path))
        faces = [entry.name for entry in fontManager.ttflist if entry.fname == str(path)]
        names.append(next((name for name in faces if name.endswith("SC")), faces[0]))
    return FontProperties(family=names, weight="bold" if bold else "normal")


def _paint(axes: Any, shape: Any, fonts: dict[bool, Any], order: int) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Ellipse, Polygon, Rectangle

    if isinstance(shape, Rect):
        axes.add_patch(Rectangle((shape.x, shape.y), shape.width, shape.height, facecolor=shape.fill, edgecolor=shape.stroke or "none",
                                 linewidth=0.8, zorder=order))  # fmt: skip
    elif isinstance(shape, Line):
        xs, ys = zip(*shape.points, strict=True)
        axes.add_line(Line2D(xs, ys, color=shape.stroke, linewidth=shape.width, linestyle=(0, (4, 3)) if shape.dash else "-",
                             solid_capstyle="butt", zorder=order))  # fmt: skip
    elif isinstance(shape, Area):
        axes.add_patch(Polygon(shape.points, closed=True, facecolor=shape.fill, edgecolor="none", alpha=shape.opacity, zorder=order))
    elif isinstance(shape, Dot):
        axes.add_patch(Ellipse((shape.x, shape.y), 2 * shape.radius, 2 * shape.radius, facecolor=shape.fill,
                               edgecolor=shape.stroke or "none", linewidth=1.0, zorder=order))  # fmt: skip
    elif isinstance(shape, Label):
        text = shape.text.replace("$", r"\$")  # no formulas
        axes.text(shape.x, shape.y, text, fontproperties=fonts[shape.bold], fontsize=shape.size, color=shape.fill, zorder=order,
                  ha="center" if shape.turned else _ANCHOR[shape.anchor], va="center",
                  rotation=90 if shape.turned else 0, rotation_mode="default")  # fmt: skip

