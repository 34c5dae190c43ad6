"""Colours: letters can be read, and pairs that mean opposite things part for every eye and in grey print."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
from dabiao.results import colours
from dabiao.results.colours import (
    BEST,
    INK,
    MINIMUM,
    MISSED,
    PLAN,
    RANGES,
    REACHED,
    REFERENCE,
    SHADES,
    SOFT,
    STRETCH,
    VERDICTS,
    WHITE,
)

CHARTS = Path(colours.__file__).parent / "charts"

DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
"""What a reader without green cones sees (Machado, Oliveira, Fernandes 2009), of linear red, green, blue."""


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: str) -> float:
    return sum(part * weight for part, weight in zip(linear(colour), (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, two: str) -> float:
    """By the Web Content Accessibility Guidelines."""
    dark, light = sorted(map(luminance, (one, two)))
    return (light + 0.05) / (dark + 0.05)


def lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """CIE 1976 L*, a*, b* of linear red, green, blue."""

    def bent(part: float) -> float:
        return math.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116

    x = bent((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = bent(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = bent((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lightness(colour: str) -> float:
    """What remains in grey print."""
    return lab(*linear(colour))[0]


def seen(colour: str) -> tuple[float, float, float]:
    """As a reader without green cones sees it."""
    rgb = linear(colour)
    less = (sum(w * part for w, part in zip(row, rgb, strict=True)) for row in DEUTERANOPIA)
    return lab(*(min(max(part, 0.0), 1.0) for part in less))


def test_the_formulas_are_those_of_the_books() -> None:
    """And they tell bad pairs: grey on white, and the red and green that the pictures once had."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab(1.0, 1.0, 1.0) == pytest.approx((100.0, 0.0, 0.0), abs=0.02)
    plain = math.dist(lab(*linear("#3a8f5c")), lab(*linear("#b8433a")))
    assert math.dist(seen("#3a8f5c"), seen("#b8433a")) < 0.5 * plain


@pytest.mark.parametrize("colour", [INK, SOFT, MINIMUM, STRETCH, REACHED, MISSED, PLAN, BEST, REFERENCE])
def test_letters_on_white_can_be_read(colour: str) -> None:
    assert contrast(colour, WHITE) >= 4.5


@pytest.mark.parametrize("ground", [*VERDICTS.values(), RANGES[0], RANGES[1]])
def test_letters_on_a_ground_can_be_read(ground: str) -> None:
    assert contrast(INK, ground) >= 4.5
    assert contrast(MISSED, ground) >= 4.5  # a number on the band of its projection


@pytest.mark.parametrize(
    ("one", "two"), [(MINIMUM, STRETCH), (REACHED, MISSED), (PLAN, BEST), (REFERENCE, SHADES[1])]
)
def test_what_means_opposite_things_parts_for_every_eye(one: str, two: str) -> None:
    """At least 18 of CIE 1976 for a reader without green cones, where 2.3 is just noticed; in grey print the
    lightness differs by 12 of 100."""
    assert math.dist(seen(one), seen(two)) >= 18
    assert abs(lightness(one) - lightness(two)) >= 12


def test_bands_deepen_evenly() -> None:
    """Each is darker than the one around it, in grey print too."""
    assert all(lightness(wide) - lightness(narrow) >= 6 for wide, narrow in pairwise(RANGES))


def test_pictures_take_their_colours_from_one_place() -> None:
    for file in CHARTS.glob("*.py"):
        found = set(re.findall(r"#[0-9a-fA-F]{3,6}\b", file.read_text(encoding="utf-8")))
        assert found <= {"#fff", "#ffffff"}, file.name  # paper
