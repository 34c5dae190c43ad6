"""Numbers and texts as printed, against the slow way that says what is meant."""

from __future__ import annotations

import io
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

import pytest
from dabiao.results.forms.terminal.layout import cell_width, wrap
from dabiao.results.text.format import clean, number
from hypothesis import example, given
from hypothesis import strategies as st

TIES = st.builds(lambda whole, power: whole / 10**power, st.integers(-(10**9), 10**9), st.integers(0, 9))


@given(st.one_of(TIES, st.floats(-1e14, 1e14), st.integers(-(10**12), 10**12)), st.integers(0, 8))
@example(2.675, 2)
@example(5e-07, 6)
@example(0.5, 0)
@example(100000000000000.02, 3)
def test_a_half_is_rounded_away_from_zero_on_the_shortest_decimal(value: float, digits: int) -> None:
    with localcontext() as context:
        context.prec, context.rounding = 60, ROUND_HALF_UP
        wanted = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits)):f}"
    assert number(value, digits) == (wanted if wanted.strip("-0.") else wanted.lstrip("-"))


@given(st.text(st.characters(codec=None)))
def test_clean_texts_hold_no_character_that_xml_forbids(text: str) -> None:
    assert clean(text) == re.sub(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "", text
    )


@given(st.text("ab 攀枝花，。1.5%\u0301", max_size=60), st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_picture_reads_back_as_it_was_painted() -> None:
    pytest.importorskip("matplotlib")
    from dabiao.results.charts.png import DPI, png
    from dabiao.results.charts.scene import Area, Dot, Label, Line, Rect, Scene
    from PIL import Image

    scene = Scene(200, 100)
    scene.add(
        Rect(10, 10, 40, 20, "#14507d"),
        Area(((100, 10), (140, 10), (140, 50), (100, 50)), "#000000", 0.5),
        Dot(70, 70, 10, "#b8433a"),
        Line(((10, 90), (190, 90)), "#3a8f5c", 3),
        Label(150, 70, "III", 20, "middle"),
    )
    image = Image.open(io.BytesIO(png(scene)))
    image.load()
    assert image.size == (200 * DPI // 72, 100 * DPI // 72) and round(image.info["dpi"][0]) == DPI

    def at(x: float, y: float) -> tuple[int, ...]:
        return image.convert("RGB").getpixel((int(x * DPI / 72), int(y * DPI / 72)))

    assert (
        at(30, 20) == (0x14, 0x50, 0x7D)
        and at(70, 70) == (0xB8, 0x43, 0x3A)
        and at(100, 90) == (0x3A, 0x8F, 0x5C)
    )
    assert at(120, 30) in {(127, 127, 127), (128, 128, 128)} and at(5, 5) == (255, 255, 255)
    across = [
        at(130 + step / 4, 70) for step in range(160)
    ]  # three strokes of the three letters, white between
    dark = [sum(pixel) < 300 for pixel in across]
    assert sum(now and not before for before, now in pairwise(dark)) == 3
